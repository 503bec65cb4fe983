"""This project's own rules for workflows, which neither actionlint nor zizmor knows."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
INVALID = Path(__file__).resolve().parent / "invalid"

USES = re.compile(r"^\s*(?:- )?uses:\s*(?P<action>\S+)(?P<comment>.*)$", re.MULTILINE)
VERSION = re.compile(r" # v\d+(\.\d+\.\d+)?")


def findings(text):
    """Returns the findings of one workflow."""
    found = []
    for use in USES.finditer(text):
        if not VERSION.fullmatch(use["comment"]):
            found.append(f"{use['action']} has no comment with its version, as `# v1.2.3`")
    workflow = yaml.safe_load(text)
    for name, job in workflow["jobs"].items():
        if "timeout-minutes" not in job:
            found.append(f"job {name} has no timeout-minutes: it could run for six hours")
        for step in job["steps"]:
            if "aws-secret-access-key" in step.get("with", {}) or "secrets.AWS" in str(step):
                found.append(f"job {name} has AWS keys: use role-to-assume")
    if not workflow["jobs"]:
        found.append("no jobs")
    return found


def group_findings(text, groups):
    """Compares the matrix of the checks with the groups of `.ci/run`: a group without a job would not run."""
    listed = yaml.safe_load(text)["jobs"]["check"]["strategy"]["matrix"]["group"]
    missing = [f"no job runs the group {group} of .ci/run" for group in groups if group not in listed]
    unknown = [f"the group {group} is not in .ci/run" for group in listed if group not in groups]
    return missing + unknown


def groups_of_ci():
    printed = subprocess.run(["bash", ROOT / ".ci" / "run", "--groups"], check=True, capture_output=True, text=True)
    return printed.stdout.split()


def main():
    failures = 0
    groups = groups_of_ci()
    ci = (WORKFLOWS / "ci.yml").read_text()
    for finding in group_findings(ci, groups):
        print(f".github/workflows/ci.yml: {finding}")
        failures += 1
    # Checks the comparison itself.
    assert groups and len(groups) == len(set(groups)), groups
    assert group_findings(ci, [*groups, "new"]) == ["no job runs the group new of .ci/run"]
    assert group_findings(ci, groups[1:]) == [f"the group {groups[0]} is not in .ci/run"]
    workflows = sorted(WORKFLOWS.glob("*.yml"))
    assert {path.stem for path in workflows} >= {"ci", "release", "deploy"}, workflows
    for path in workflows:
        for finding in findings(path.read_text()):
            print(f"{path.relative_to(ROOT)}: {finding}")
            failures += 1
    # Checks the rules themselves: the first line of each file names its only finding.
    cases = sorted(INVALID.glob("rules-*.yml"))
    assert cases
    for path in cases:
        text = path.read_text()
        expected = text.splitlines()[0].removeprefix("# ")
        found = findings(text)
        if len(found) != 1 or expected not in found[0]:
            print(f"{path.relative_to(ROOT)}: expected {expected!r}, found {found}")
            failures += 1
    print(f"{len(workflows)} workflows, {len(cases)} invalid ones, {failures} findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
