"""Rules for the rest of .github: Dependabot updates every lock file, and GitHub accepts the issue forms."""

import fnmatch
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"

# Files that pin versions, and Dependabot's names for their ecosystems.
ECOSYSTEMS = {"Cargo.lock": "cargo", "package-lock.json": "npm", "requirements.txt": "pip"}

FORM_KEYS = {"name", "description", "labels", "body"}
FORM_TYPES = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def without_updates(files, dependabot):
    """Finds files with pinned versions whose directory no entry of dependabot.yml names."""
    found = []
    for file in files:
        path = Path("/") / file
        ecosystem = ECOSYSTEMS.get(path.name)
        if ecosystem is None:
            continue
        folders = [
            folder
            for entry in dependabot["updates"]
            if entry["package-ecosystem"] == ecosystem
            for folder in entry.get("directories", [entry.get("directory")])
        ]
        if not any(fnmatch.fnmatchcase(str(path.parent), folder) for folder in folders):
            found.append(f"{file}: no entry of .github/dependabot.yml updates it")
    return found


def gone(files, dependabot):
    """Finds directories that dependabot.yml names and that have nothing to update."""
    found = []
    for entry in dependabot["updates"]:
        names = [name for name, ecosystem in ECOSYSTEMS.items() if ecosystem == entry["package-ecosystem"]]
        for folder in entry.get("directories", [entry.get("directory")]):
            if names and not any(
                Path(file).name in names and fnmatch.fnmatchcase(str(Path("/", file).parent), folder) for file in files
            ):
                found.append(f".github/dependabot.yml: {folder} has no {names[0]}")
    return found


def form_findings(form):
    """Finds fields that GitHub would refuse in an issue form, or that nobody could fill in."""
    found = []
    if set(form) != FORM_KEYS:
        found.append(f"has {sorted(form)}, not {sorted(FORM_KEYS)}")
    fields = form.get("body", [])
    ids = [field.get("id") for field in fields if field["type"] != "markdown"]
    if None in ids or len(set(ids)) != len(ids):
        found.append(f"fields need ids of their own: {ids}")
    for field in fields:
        if field["type"] not in FORM_TYPES:
            found.append(f"{field['type']} is no type of a field")
        needed = "value" if field["type"] == "markdown" else "label"
        if not field.get("attributes", {}).get(needed):
            found.append(f"field {field.get('id')} has no {needed}")
    return found


def main():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [file for file in listed.stdout.splitlines() if (ROOT / file).exists()]
    dependabot = yaml.safe_load((GITHUB / "dependabot.yml").read_text())
    found = without_updates(files, dependabot) + gone(files, dependabot)
    forms = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
    assert forms
    for path in forms:
        found += [f"{path.relative_to(ROOT)}: {finding}" for finding in form_findings(yaml.safe_load(path.read_text()))]

    # Checks the rules themselves.
    assert without_updates(["new/package-lock.json"], dependabot)
    assert gone([], dependabot)
    assert form_findings({"name": "A form without fields"})
    assert form_findings({key: [{"type": "riddle"}] for key in FORM_KEYS})

    for finding in found:
        print(finding)
    print(f"{len(forms)} forms, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
