"""This project's own rules for workflows, which neither actionlint nor zizmor knows."""

import re
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


def main():
    failures = 0
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
