"""infra/deploy reads parameters and rules from the templates' text, without a library: held here to the real reader."""

import sys

import pytest
from conftest import INFRA

sys.path.insert(0, str(INFRA))

from parameters import Template  # noqa: E402


@pytest.mark.parametrize("name", ["template.yaml", "edge.yaml", "catalog.yaml"])
def test_the_parameters_are_those_of_the_template(templates, name):
    read = Template(INFRA / name).parameters
    declared = templates[name]["Parameters"]
    assert list(read) == list(declared)
    for parameter, constraints in declared.items():
        expected = {key: [str(each) for each in value] if isinstance(value, list) else _text(value) for key, value in constraints.items()}
        assert read[parameter] == expected, parameter


@pytest.mark.parametrize("name", ["template.yaml", "edge.yaml"])
def test_the_rules_are_those_of_the_template(templates, name):
    read = Template(INFRA / name).rules
    declared = list(templates[name]["Rules"].values())
    assert len(read) == len(declared) > 2
    for rule, expected in zip(read, declared, strict=True):
        condition = expected.get("RuleCondition")
        assert rule["condition"] == (_short(condition) if condition else None)
        assert rule["assertions"] == [(_short(each["Assert"]), each["AssertDescription"]) for each in expected["Assertions"]]


def _text(value):
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _short(expression):
    if not isinstance(expression, dict):
        return str(expression)
    ((function, operands),) = expression.items()
    operands = [_short(each) for each in operands] if isinstance(operands, list) else operands
    return (function.removeprefix("Fn::"), operands)
