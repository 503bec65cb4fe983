"""Checks settings by the rules of infra/settings.json, which are generated from the programs' source."""

import json
import re
from pathlib import Path

RULES = json.loads((Path(__file__).resolve().parent / "settings.json").read_text())


# Lambda's limit for the variables of a function, names and values together.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ENVIRONMENT_BYTES = 4096
# Longest table name that the dashboard's function accepts.
MAX_TABLE_BYTES = 128

# The variable that a parameter of infra/template.yaml becomes.
VARIABLES = {
    "Privacy": "BEACON_PRIVACY",
    "Visitors": "BEACON_VISITORS",
    "HonourGpc": "BEACON_HONOUR_GPC",
    "KeepHeaders": "BEACON_KEEP_HEADERS",
    "Sites": "BEACON_SITES",
    "Columns": "BEACON_COLUMNS",
    "Paths": "BEACON_PATHS",
    "Trust": "BEACON_TRUST",
    "OriginSecret": "BEACON_ORIGIN_SECRET",
    "Robots": "BEACON_ROBOTS",
    "Debug": "BEACON_DEBUG",
}


def variables_of(values):
    """Returns the function's variables for these parameter values."""
    variables = {variable: values.get(parameter, "") for parameter, variable in VARIABLES.items()}
    # The parameter has no leading slash. With a domain the API's mapping strips it from the path.
    variables["BEACON_BASE_PATH"] = f"/{values['BasePath']}" if values.get("BasePath") and not values.get("DomainName") else ""
    variables["BEACON_REQUIRE_ORIGIN_SECRET"] = values.get("RequireOriginSecret", "") if values.get("Trust") == "cloudfront" else "off"
    return variables


def stack_refusal(values):
    """Returns why the functions could not be created or started with these parameter values, or None."""
    variables = variables_of(values)
    refused = refusal(variables)
    if refused:
        return refused
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > MAX_ENVIRONMENT_BYTES:
        longest = max(VARIABLES, key=lambda parameter: len(values.get(parameter, "").encode()))
        return (f"the function's variables have {size} bytes together, and Lambda takes {MAX_ENVIRONMENT_BYTES}: shorten "
                f"{longest}, the longest of them")
    table = values.get("TablePrefix", "") + values.get("Table", "")
    if len(table) > MAX_TABLE_BYTES:
        return f"TablePrefix and Table are {len(table)} characters together, and the dashboard takes {MAX_TABLE_BYTES}: shorten one"
    return None


def answer_refusal(values, parameter):
    """Returns why a program would refuse this parameter, or None; refusals of other parameters don't count."""
    refused = refusal(variables_of(values))
    return refused if refused and parameter in VARIABLES and VARIABLES[parameter] in refused else None


def refusal(variables):
    """Returns the message with which a program would refuse these variables, or None."""
    for check in RULES["checks"]:
        if all(matches(pattern, value_of(variables, name)) for name, pattern in check.get("when", {}).items()):
            refused = _refused(check, variables)
            if refused:
                return refused
    return None


def value_of(variables, name):
    return trimmed(variables.get(name) or "")


def trimmed(text):
    return text.strip(RULES["blank"])


def matches(pattern, text):
    return re.fullmatch(pattern, text) is not None


def entries(text, separator):
    return [entry for entry in map(trimmed, text.split(separator)) if entry]


def _refused(check, variables):
    value = value_of(variables, check["variable"])
    if not value:
        return check.get("required")
    if "separator" not in check:
        return _first_of(check["tests"], {"value": value}, {}, variables)
    seen = {}
    found = entries(value, check["separator"])
    for entry in found:
        parts = {"entry": entry}
        if "shape" in check:
            shape = re.fullmatch(check["shape"], entry)
            if shape is None:
                return _filled(check["shapeless"], parts)
            parts |= dict(zip(check["parts"], map(trimmed, shape.groups()), strict=True))
        refused = _first_of(check["tests"], parts, seen, variables)
        if refused:
            return refused
    if len(found) > check.get("most", len(found)):
        return _filled(check["too_many"], {"count": str(len(found))})
    return None


def _first_of(tests, parts, seen, variables):
    """Returns the message of the first failed test, or None; `seen` remembers values that must be unique."""
    for test in tests:
        if not all(matches(pattern, value_of(variables, name)) for name, pattern in test.get("when", {}).items()):
            continue
        if "unique" in test:
            part = parts[test["unique"]]
            shown = part.removesuffix(test.get("shown_without", ""))
            if part in seen.setdefault(test["unique"], set()):
                return _filled(test["refused"], parts | {test["unique"]: shown})
            seen[test["unique"]].add(part)
        elif "header" in test:
            source, dot, header = parts[test["header"]].partition(".")
            listed = [name.lower() for name in entries(value_of(variables, test["or_in"]), ",")]
            if source == "headers" and dot and not matches(test["kept"], header.lower()) and header.lower() not in listed:
                return _filled(test["refused"], parts | {"header": header})
        else:
            part = parts[test["part"]].lower() if test.get("fold") else parts[test["part"]]
            if ("match" in test and not matches(test["match"], part)) or ("not" in test and matches(test["not"], part)):
                return _filled(test["refused"], parts)
    return None


def _filled(sentence, parts):
    """Fills in placeholders in one pass, because a value may look like one."""
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], found[0]), sentence)
