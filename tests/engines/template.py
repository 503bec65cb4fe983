"""Reads a CloudFormation template as CloudFormation does, and makes its Glue and Athena resources in moto.

moto's own CloudFormation knows neither service and passes over what it doesn't know, so a stack that it calls complete
proves nothing. Here an unknown function, parameter, condition or type of resource is an error.
"""

import base64
import re

import yaml

ACCOUNT = "123456789012"
REGION = "us-east-1"
PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "beacon-catalog",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = object()

# Made in this order: a table is in a database, a query in a work group.
ORDER = [
    "AWS::Glue::Database",
    "AWS::Glue::Table",
    "AWS::Glue::Crawler",
    "AWS::Athena::WorkGroup",
    "AWS::Athena::NamedQuery",
    "AWS::Athena::PreparedStatement",
]
# No engine asks for them; only their names and ARNs are needed.
NOT_MADE = {"AWS::IAM::Role"}


class Stack:
    """A template with its parameters filled in."""

    def __init__(self, text, **parameters):
        self.template = yaml.load(text, Loader=Loader)
        known = self.template.get("Parameters", {})
        unknown = sorted(set(parameters) - set(known))
        if unknown:
            raise ValueError(f"the template has no parameter {', '.join(unknown)}; it has {', '.join(known)}")
        self.parameters = {name: self.parameter(name, declared, parameters) for name, declared in known.items()}
        resources = {
            name: resource for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }
        self.resources = {}
        for name, resource in resources.items():
            self.resources[name] = (resource["Type"], self.resolve(resource.get("Properties", {})))
        self.outputs = {
            name: self.resolve(output["Value"]) for name, output in self.template.get("Outputs", {}).items()
            if "Condition" not in output or self.holds(output["Condition"])
        }

    @staticmethod
    def parameter(name, declared, given):
        if name not in given and "Default" not in declared:
            raise ValueError(f"the parameter {name} has no default and is not given")
        value = text(given.get(name, declared.get("Default")))
        allowed = [text(one) for one in declared.get("AllowedValues", [value])]
        if value not in allowed:
            raise ValueError(f"{name} is {value!r}, and may be {allowed}")
        if not re.fullmatch(declared.get("AllowedPattern", "(?s).*"), value):
            raise ValueError(f"{name} is {value!r}, which does not match {declared['AllowedPattern']}")
        if declared["Type"] == "Number" and not (
                declared.get("MinValue", 0) <= int(value) <= declared.get("MaxValue", int(value))):
            raise ValueError(f"{name} is {value}, and may be {declared['MinValue']} to {declared['MaxValue']}")
        return value

    def of_type(self, kind):
        """The properties of the resources of a type."""
        return [properties for found, properties in self.resources.values() if found == kind]

    def create(self, glue, athena):
        """Makes the resources through AWS's own API, which also checks the shape of each."""
        makers = {
            "AWS::Glue::Database": lambda it: glue.create_database(**it),
            "AWS::Glue::Table": lambda it: glue.create_table(**it),
            "AWS::Glue::Crawler": lambda it: glue.create_crawler(**crawler(it)),
            "AWS::Athena::WorkGroup": lambda it: athena.create_work_group(**work_group(it)),
            "AWS::Athena::NamedQuery": lambda it: athena.create_named_query(**it),
            "AWS::Athena::PreparedStatement": lambda it: athena.create_prepared_statement(**it),
        }
        unknown = {kind for kind, _ in self.resources.values()} - set(ORDER) - NOT_MADE
        if unknown:
            raise ValueError(f"this suite can't make {', '.join(sorted(unknown))}")
        for kind in ORDER:
            for properties in self.of_type(kind):
                makers[kind](properties)

    def holds(self, name):
        conditions = self.template.get("Conditions", {})
        if name not in conditions:
            raise ValueError(f"the template has no condition {name}")
        return self.resolve(conditions[name])

    def resolve(self, value):
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key, argument), = value.items()
            if key in ("Ref", "Condition"):
                return self.ref(argument) if key == "Ref" else self.holds(argument)
            if key.startswith("Fn::"):
                function = getattr(self, "fn_" + key.removeprefix("Fn::").lower(), None)
                if function is None:
                    raise ValueError(f"this suite does not know {key}")
                return function(argument)
        resolved = {key: self.resolve(one) for key, one in value.items()}
        return {key: one for key, one in resolved.items() if one is not NO_VALUE}

    def ref(self, name):
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.physical_name(name)

    def physical_name(self, name):
        resource = self.template["Resources"].get(name)
        if resource is None:
            raise ValueError(f"{name} is neither a parameter nor a resource")
        properties = resource.get("Properties", {})
        for path in (["TableInput", "Name"], ["DatabaseInput", "Name"], ["Name"], ["StatementName"], ["RoleName"]):
            found = properties
            for key in path:
                found = found.get(key) if isinstance(found, dict) else None
            if found is not None:
                return self.resolve(found)
        return f"beacon-catalog-{name}"

    def fn_getatt(self, argument):
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        kind = self.template["Resources"][name]["Type"]
        if (kind, attribute) != ("AWS::IAM::Role", "Arn"):
            raise ValueError(f"this suite does not know the attribute {attribute} of {kind}")
        return f"arn:aws:iam::{ACCOUNT}:role/{self.physical_name(name)}"

    def fn_sub(self, argument):
        pattern, own = argument if isinstance(argument, list) else (argument, {})
        own = {key: self.resolve(value) for key, value in own.items()}

        def fill(match):
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return text(own[name])
            return text(self.fn_getatt(name) if "." in name else self.ref(name))

        return re.sub(r"\$\{([^}]*)\}", fill, pattern)

    def fn_if(self, argument):
        condition, then, otherwise = argument
        return self.resolve(then if self.holds(condition) else otherwise)

    def fn_join(self, argument):
        separator, parts = argument
        return separator.join(text(part) for part in self.resolve(parts))

    def fn_select(self, argument):
        index, parts = argument
        return self.resolve(parts)[int(self.resolve(index))]

    def fn_split(self, argument):
        separator, whole = argument
        return self.resolve(whole).split(separator)

    def fn_findinmap(self, argument):
        name, first, second = (self.resolve(one) for one in argument)
        return self.resolve(self.template["Mappings"][name][first][second])

    def fn_base64(self, argument):
        return base64.b64encode(self.resolve(argument).encode()).decode()

    def fn_equals(self, argument):
        one, other = map(self.resolve, argument)
        return text(one) == text(other)

    def fn_not(self, argument):
        return not self.resolve(argument[0])

    def fn_and(self, argument):
        return all(self.resolve(argument))

    def fn_or(self, argument):
        return any(self.resolve(argument))


def crawler(properties):
    """CloudFormation wraps the schedule in an object, the API does not."""
    properties = dict(properties)
    if "Schedule" in properties:
        properties["Schedule"] = properties["Schedule"]["ScheduleExpression"]
    if isinstance(properties.get("Tags"), list):
        properties["Tags"] = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}
    return properties


def work_group(properties):
    """The API has other names for two properties, and takes the third at deletion."""
    properties = dict(properties)
    properties.pop("RecursiveDeleteOption", None)
    properties.pop("State", None)
    properties["Configuration"] = typed(properties.pop("WorkGroupConfiguration"))
    return properties


def typed(value):
    """A parameter is text, and CloudFormation makes of it what the property's type asks for."""
    if isinstance(value, dict):
        return {key: int(one) if key == "BytesScannedCutoffPerQuery" else typed(one) for key, one in value.items()}
    return value


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""

    def short_form(self, tag, node):
        if isinstance(node, yaml.ScalarNode):
            value = self.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self.construct_sequence(node, deep=True)
        else:
            value = self.construct_mapping(node, deep=True)
        return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", Loader.short_form)
