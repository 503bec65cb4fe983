"""Checks parameters as CloudFormation would, by the constraints and rules of a template.

Reads only the parts of YAML that the sections Parameters and Rules of infra/*.yaml use; tests/infra compares it with a
real reader. So infra/deploy needs only Python itself.
"""

import re

# Numbers that may have a fraction; the services accept only whole numbers for the others.
FRACTIONS = {"MonthlyBudgetUsd", "ThrottleRate"}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_VALUE_BYTES = 4096


class Template:
    """The parameters of a template with their constraints, and the rules between them."""

    def __init__(self, path):
        text = path.read_text()
        self.name = path.name
        self.parameters = _mapping(_section(text, "Parameters"), 2)
        self.rules = [_rule(lines) for _, lines in _blocks(_section(text, "Rules"), 2)]

    def refusal(self, name, value):
        """Returns why CloudFormation would refuse a value of this parameter, in the template's words, or None."""
        parameter = self.parameters[name]
        expected = _expected(parameter, name, value)
        if expected is None:
            return None
        given = "does not fit" if parameter.get("NoEcho") == "true" else f"is {value!r}"
        return f"{name} {given}: give {expected}"

    def broken_rule(self, values, about=None, but=frozenset()):
        """Returns the message of the first broken rule, or None. Checks only rules `about` these parameters, and none about `but`."""
        values = {name: parameter.get("Default", "") for name, parameter in self.parameters.items()} | values
        for rule in self.rules:
            if rule["about"] & but or (about is not None and not rule["about"] & about):
                continue
            if rule["condition"] is None or _holds(rule["condition"], values):
                for assertion, sentence in rule["assertions"]:
                    if not _holds(assertion, values):
                        return sentence
        return None


def _expected(parameter, name, value):
    allowed = parameter.get("AllowedValues")
    if allowed is not None:
        return None if value in allowed else f"one of {', '.join(allowed)}"
    if parameter["Type"] == "Number":
        return _expected_number(parameter, name, value)
    pattern = parameter.get("AllowedPattern")
    if pattern is not None and re.fullmatch(f"(?:{pattern})", value, re.ASCII) is None:
        return parameter.get("ConstraintDescription", f"what matches {pattern}")
    if len(value.encode()) > MAX_VALUE_BYTES:
        return f"at most {MAX_VALUE_BYTES} bytes, which it exceeds by {len(value.encode()) - MAX_VALUE_BYTES}"
    return None


def _expected_number(parameter, name, value):
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    form = r"-?\d+(\.\d+)?" if name in FRACTIONS else r"-?\d+"
    is_number = re.fullmatch(form, value, re.ASCII) is not None
    if is_number and (least is None or float(value) >= float(least)) and (most is None or float(value) <= float(most)):
        return None
    limits = (f" from {least}" if least is not None else "") + (f" to {most}" if most is not None else "")
    return f"a {'' if name in FRACTIONS else 'whole '}number{limits}"


def _holds(expression, values):
    function, operands = expression
    match function:
        case "Equals":
            left, right = (_value(operand, values) for operand in operands)
            return left == right
        case "Not":
            return not _holds(operands[0], values)
        case "And":
            return all(_holds(operand, values) for operand in operands)
        case "Or":
            return any(_holds(operand, values) for operand in operands)
    raise ValueError(f"a rule has !{function}, which is not understood here")


def _value(operand, values):
    return values.get(operand[1], "") if isinstance(operand, tuple) else operand


def _names(expression):
    """Returns the parameters that an expression refers to."""
    if isinstance(expression, tuple):
        function, operands = expression
        return {operands} if function == "Ref" else set().union(*map(_names, operands))
    return set()


def _rule(lines):
    condition, assertions, about = None, [], set()
    for line in lines:
        key, _, value = line.strip().removeprefix("- ").partition(": ")
        if key in ("RuleCondition", "Assert"):
            expression = _Flow(value).value()
            about |= _names(expression)
            if key == "RuleCondition":
                condition = expression
            else:
                assertions.append((expression, ""))
        elif key == "AssertDescription":
            assertions[-1] = (assertions[-1][0], _scalar(value))
    return {"condition": condition, "assertions": assertions, "about": about}


def _section(text, name):
    found = re.search(rf"^{name}:\n((?:(?: .*)?\n)*)", text, re.MULTILINE)
    return found[1].splitlines() if found else []


def _blocks(lines, indent):
    """Returns the keys at an indent, each with the first line of its value and the lines below."""
    found = []
    for line in lines:
        key = re.match(rf" {{{indent}}}(\w+):(.*)$", line)
        if key:
            found.append((key[1], [key[2].strip()]))
        elif line.strip() and not line.lstrip().startswith("#"):
            found[-1][1].append(line)
    return found


def _mapping(lines, indent):
    parameters = {}
    for name, block in _blocks(lines, indent):
        parameters[name] = {key: _text(rest) for key, rest in _blocks(block[1:], indent + 2)}
    return parameters


def _text(lines):
    first, *rest = lines
    if first == ">-":
        return " ".join(line.strip() for line in rest)
    return _Flow(first).value() if first.startswith("[") else _scalar(first)


def _scalar(text):
    if text.startswith('"') and text.endswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text[1:-1].replace("''", "'") if text.startswith("'") and text.endswith("'") else text


class _Flow:
    """Parses flow style: `[a, "b"]` is a list, `!Equals [!Ref Name, ""]` a pair of function and operands."""

    TOKEN = re.compile(r'\s*(?:(?P<tag>!\w+)|(?P<mark>[\[\],])|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<plain>[^\[\],"]+))')

    def __init__(self, text):
        self.tokens = [(found.lastgroup, found[found.lastgroup].strip()) for found in self.TOKEN.finditer(text)]

    def value(self):
        kind, text = self.tokens.pop(0)
        if kind == "tag":
            return (text[1:], self.value())
        if text != "[":
            return _scalar(text)
        values = []
        while self.tokens[0][1] != "]":
            values.append(self.value())
            if self.tokens[0][1] == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)
        return values
