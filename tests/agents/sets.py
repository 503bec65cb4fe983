"""The labelled user agents: where each set comes from, and what counts as right.

A case is a user agent, the expected answer and a weight. `is_right` compares the expected answer with a line of
`beacon classify`.
"""

import csv
import json
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
NODE_MODULES = HERE.parent.parent / "node_modules"
PEOPLE = ("human", "unknown")

# Browser families that the rules must know are the most common ones of uap-core that have a name of ours.
FAMILIES = 25


@dataclass
class Set:
    name: str
    origin: str
    measures: str
    # The least share of right answers, by weight.
    least: float
    is_right: object
    cases: list = field(default_factory=list)


def bots_found(expected, answer):
    return answer["agent"] not in PEOPLE


def no_false_alarm(expected, answer):
    return answer["agent"] in PEOPLE


def human(expected, answer):
    return answer["agent"] == "human"


def phone(expected, answer):
    return answer["device"] == "phone"


def browser(expected, answer):
    return answer["browser"] == expected


def sets():
    """Returns all sets, with their cases."""
    bots = matomo("bots.yml")
    phones = matomo("smartphone*.yml")
    browsers = user_agents()
    once = [(user_agent, None, 1) for user_agent, _, _ in browsers]
    top = json.loads((NODE_MODULES / "top-user-agents/src/index.json").read_text())
    isbot = crate("isbot") / "fixtures"
    return [
        Set("matomo-bots", "pip device-detector", "bots found", 0.97, bots_found, bots),
        Set("isbot-bots", "crate isbot", "bots found", 0.99, bots_found, lines(isbot / "bots.txt")),
        Set("isbot-browsers", "crate isbot", "no false alarm", 0.993, no_false_alarm, lines(isbot / "browsers.txt")),
        Set("user-agents", "npm user-agents", "no false alarm", 1, no_false_alarm, once),
        Set("user-agents-human", "npm user-agents", "human, by weight", 0.98, human, browsers),
        Set("top-user-agents", "npm top-user-agents", "no false alarm", 1, no_false_alarm, [(one, None, 1) for one in top]),
        Set("matomo-phones", "pip device-detector", "device is phone", 0.97, phone, phones),
        Set("uap-browsers", "crate ua-parser", f"browser, {FAMILIES} families", 0.95, browser, families()),
    ]


def matomo(pattern):
    # Found without an import, which would read all of Matomo's rules.
    package = Path(find_spec("device_detector").submodule_search_locations[0])
    found = sorted((package / "tests/fixtures/upstream").glob(pattern))
    return [(case["user_agent"], None, 1) for file in found for case in load(file)]


def user_agents():
    """Returns each user agent of npm's package user-agents once, with the sum of its weights."""
    weights = Counter()
    for entry in json.loads((NODE_MODULES / "user-agents/dist/user-agents.json").read_text()):
        weights[entry["userAgent"]] += entry["weight"]
    return [(user_agent, None, weight) for user_agent, weight in weights.items()]


def families():
    """Returns uap-core's cases of the most common families that have a name of ours."""
    with open(HERE / "families.tsv", newline="") as table:
        rows = csv.reader((line for line in table if not line.startswith("#")), delimiter="\t")
        names = {family: name for family, name in rows}
    cases = load(crate("ua-parser") / "uap-core/tests/test_ua.yaml")["test_cases"]
    cases = [(case["user_agent_string"], case["family"]) for case in cases if case["family"] in names]
    common = {family for family, _ in Counter(family for _, family in cases).most_common(FAMILIES)}
    return [(user_agent, names[family], 1) for user_agent, family in cases if family in common]


def lines(file):
    text = file.read_text(encoding="utf-8", errors="replace")
    return [(line, None, 1) for line in text.split("\n") if line.strip() and not line.startswith("#")]


def load(file):
    with open(file, encoding="utf-8") as text:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def crate(name):
    """Returns the directory of a crate that `cargo fetch` has brought."""
    manifest = HERE / "data/Cargo.toml"
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline", "--manifest-path", manifest]
    packages = json.loads(subprocess.check_output(command))["packages"]
    return next(Path(package["manifest_path"]).parent for package in packages if package["name"] == name)
