"""This project's own rules for workflows, which actionlint does not know."""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
WRONG = Path(__file__).resolve().parent / "wrong"

USES = re.compile(r"^\s*(?:- )?uses:\s*(?P<action>\S+)(?P<comment>.*)$", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
VERSION = re.compile(r" # v\d+(\.\d+\.\d+)?")


def findings(text):
    """What is wrong with one workflow."""
    found = []
    for use in USES.finditer(text):
        if not PINNED.fullmatch(use["action"]):
            found.append(f"{use['action']} is not pinned by a commit's 40 hexadecimal digits")
        elif not VERSION.fullmatch(use["comment"]):
            found.append(f"{use['action']} has no comment with its version, as `# v1.2.3`")
    workflow = yaml.safe_load(text)
    if workflow.get("permissions") != {"contents": "read"}:
        found.append("permissions of the workflow are not `contents: read`: give more to the one job that needs it")
    if "concurrency" not in workflow:
        found.append("no concurrency: two runs would get into each other's way")
    for name, job in workflow["jobs"].items():
        if "timeout-minutes" not in job:
            found.append(f"job {name} has no timeout-minutes: it could run for six hours")
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
                found.append(f"job {name} checks out and leaves its credentials for every later step: persist-credentials: false")
            if "${{ inputs." in step.get("run", "") or "${{ github.event" in step.get("run", ""):
                found.append(f"job {name} puts an input into a script: hand it over by env")
            if "aws-secret-access-key" in step.get("with", {}) or "secrets.AWS" in str(step):
                found.append(f"job {name} has AWS keys: use role-to-assume")
    if not workflow["jobs"]:
        found.append("no jobs")
    return found


def main():
    wrong = 0
    workflows = sorted(WORKFLOWS.glob("*.yml"))
    assert {path.stem for path in workflows} >= {"ci", "release", "deploy"}, workflows
    for path in workflows:
        for finding in findings(path.read_text()):
            print(f"{path.relative_to(ROOT)}: {finding}")
            wrong += 1
    # The rules themselves: each file says in its first line what must be found in it, and nothing else may be.
    cases = sorted(WRONG.glob("rules-*.yml"))
    assert cases
    for path in cases:
        text = path.read_text()
        expected = text.splitlines()[0].removeprefix("# ")
        found = findings(text)
        if len(found) != 1 or expected not in found[0]:
            print(f"{path.relative_to(ROOT)}: expected {expected!r}, found {found}")
            wrong += 1
    print(f"{len(workflows)} workflows, {len(cases)} wrong ones, {wrong} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
