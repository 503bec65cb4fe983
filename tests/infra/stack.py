"""What CloudFormation makes of a template and parameters: conditions decided, functions evaluated, nested stacks
filled in.

A reference to a resource becomes `<LogicalId>` or `<LogicalId.Attribute>`, in a nested stack `<Catalog/LogicalId>`,
except where the template itself says the name or the form is known.
"""

import base64
import copy
import re
from dataclasses import dataclass, field
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The edge can only be there.
REGION = "us-east-1"
ACCOUNT = "123456789012"
PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "beacon",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/beacon/1",
    "AWS::URLSuffix": "amazonaws.com",
}
# Where the resource's name stands that `Ref` gives.
NAMED_BY = {
    "AWS::Athena::WorkGroup": ("Name",),
    "AWS::Glue::Crawler": ("Name",),
    "AWS::Glue::Database": ("DatabaseInput", "Name"),
    "AWS::Glue::Table": ("TableInput", "Name"),
}
# Attributes whose form others rely on; the rest are only compared.
ATTRIBUTES = {
    ("AWS::DynamoDB::Table", "Arn"): f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/<{{}}>",
    ("AWS::KinesisFirehose::DeliveryStream", "Arn"): f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/<{{}}>",
    ("AWS::Lambda::Url", "FunctionUrl"): f"https://<{{}}>.lambda-url.{REGION}.on.aws/",
    ("AWS::Logs::LogGroup", "Arn"): f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:<{{}}>:*",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::<{}>",
    ("AWS::SQS::Queue", "Arn"): f"arn:aws:sqs:{REGION}:{ACCOUNT}:<{{}}>",
    ("AWS::SQS::Queue", "QueueName"): "<{}>",
}
NO_VALUE = object()


class TemplateError(Exception):
    """What CloudFormation would refuse."""


@dataclass
class Stack:
    """A template with everything decided."""

    resources: dict
    outputs: dict
    parameters: dict
    nested: dict = field(default_factory=dict)

    def of_type(self, kind):
        """The resources of a type, by logical id."""
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, path):
        """The properties of a resource, such as `Bucket`, or `StreamStack/Stream` in a nested stack."""
        nested, slash, rest = path.partition("/")
        return self.nested[nested].properties(rest) if slash else self.resources[path]["Properties"]

    def parts(self):
        """This stack and those nested in it."""
        yield self
        for nested in self.nested.values():
            yield from nested.parts()


def logical_id(reference):
    """`StreamRole` of `<StreamRole.Arn>`, in a nested stack of `<StreamStack/StreamRole.Arn>`; None for anything else."""
    found = re.fullmatch(r"<(?:\w+/)*(\w+)(?:\.\w+)?>", reference)
    return found and found[1]


def load(text):
    """A template as a dictionary, short forms such as `!Ref` written out."""
    return yaml_parse(text)


def load_all(folder):
    """Every template of a folder, by file name."""
    return {path.name: load(path.read_text()) for path in sorted(Path(folder).glob("*.yaml"))}


def translate(template):
    """After the SAM transform, which wants the code to be uploaded already."""
    if "Transform" not in template:
        return template
    template = copy.deepcopy(template)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/bootstrap.zip"
    return transform(template, {}, _NoManagedPolicies())


def resolve(templates, name="template.yaml", parameters=None, path=""):
    """The effective stack of `templates[name]`. `templates` holds the nested ones too, by their file name."""
    return _Resolver(templates, translate(templates[name]), parameters or {}, path).stack()


class _NoManagedPolicies:
    """The templates name none, and the real list would need an account."""

    @staticmethod
    def load():
        return {}


class _Resolver:
    def __init__(self, templates, template, given, path):
        self.templates = templates
        self.template = template
        self.path = path
        self.parameters = self._parameters(given)
        self.conditions = {}
        self.nested = {}
        self.refuse_broken_rules()

    def stack(self):
        resources = {}
        for name, resource in self.template["Resources"].items():
            if not self.is_there(resource):
                continue
            resources[name] = {
                key: value if key in ("Type", "Condition") else self.value(value) for key, value in resource.items()
            }
            resources[name].setdefault("Properties", {})
            for other in _as_list(resource.get("DependsOn", [])):
                self.existing(other)
        outputs = {
            name: self.value(output["Value"])
            for name, output in self.template.get("Outputs", {}).items()
            if self.is_there(output)
        }
        for name in resources:
            if resources[name]["Type"] == "AWS::CloudFormation::Stack":
                self.nested_stack(name)
        return Stack(resources, outputs, self.parameters, self.nested)

    def _parameters(self, given):
        declared = self.template.get("Parameters", {})
        unknown = sorted(given.keys() - declared.keys())
        if unknown:
            raise TemplateError(f"{self.path}there is no parameter {', '.join(unknown)}")
        values = {}
        for name, parameter in declared.items():
            if name not in given and "Default" not in parameter:
                raise TemplateError(f"{self.path}{name} has no value")
            value = str(given.get(name, parameter.get("Default")))
            # What is only known when the stack is made can't be checked.
            if "<" not in value:
                _check_parameter(self.path + name, parameter, value)
            values[name] = value
        return values

    def refuse_broken_rules(self):
        for name, rule in self.template.get("Rules", {}).items():
            if not self.truth(rule.get("RuleCondition", {"Fn::Equals": ["", ""]})):
                continue
            for assertion in rule["Assertions"]:
                if not self.truth(assertion["Assert"]):
                    raise TemplateError(f"{self.path}{name}: {assertion['AssertDescription']}")

    def is_there(self, part):
        return "Condition" not in part or self.condition(part["Condition"])

    def condition(self, name):
        if name not in self.conditions:
            if name not in self.template.get("Conditions", {}):
                raise TemplateError(f"{self.path}there is no condition {name}")
            self.conditions[name] = self.truth(self.template["Conditions"][name])
        return self.conditions[name]

    def truth(self, expression):
        ((function, argument),) = expression.items()
        match function:
            case "Condition":
                return self.condition(argument)
            case "Fn::Equals":
                first, second = (self.value(side) for side in argument)
                return str(first) == str(second)
            case "Fn::Not":
                return not self.truth(argument[0])
            case "Fn::And":
                return all(self.truth(part) for part in argument)
            case "Fn::Or":
                return any(self.truth(part) for part in argument)
        raise TemplateError(f"{self.path}{function} is no condition that is known here")

    def existing(self, name):
        resource = self.template["Resources"].get(name)
        if resource is None:
            raise TemplateError(f"{self.path}{name} is referred to, and neither parameter nor resource")
        if not self.is_there(resource):
            raise TemplateError(f"{self.path}{name} is referred to, and not there with these parameters")
        return resource

    def nested_stack(self, name):
        if name not in self.nested:
            properties = self.value(self.existing(name)["Properties"])
            self.nested[name] = resolve(
                self.templates, properties["TemplateURL"], properties.get("Parameters", {}), f"{self.path}{name}/"
            )
        return self.nested[name]

    def value(self, value):
        if isinstance(value, list):
            values = [self.value(item) for item in value]
            return [item for item in values if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self.call(function, argument)
        values = {key: self.value(item) for key, item in value.items()}
        return {key: item for key, item in values.items() if item is not NO_VALUE}

    def call(self, function, argument):
        match function:
            case "Ref":
                return self.reference(argument)
            case "Fn::GetAtt":
                return self.attribute(argument)
            case "Fn::If":
                name, yes, no = argument
                return self.value(yes if self.condition(name) else no)
            case "Fn::Sub":
                return self.substitute(argument)
            case "Fn::Join":
                return argument[0].join(str(part) for part in self.value(argument[1]))
            case "Fn::Split":
                return str(self.value(argument[1])).split(argument[0])
            case "Fn::Select":
                return self.value(argument[1])[int(argument[0])]
            case "Fn::FindInMap":
                table, first, second = (self.value(part) for part in argument)
                return self.value(self.template["Mappings"][table][first][second])
            case "Fn::Base64":
                return base64.b64encode(str(self.value(argument)).encode()).decode()
        raise TemplateError(f"{self.path}{function} is not known here")

    def reference(self, name):
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        if name in self.parameters:
            is_list = "List" in self.template["Parameters"][name]["Type"]
            return self.parameters[name].split(",") if is_list else self.parameters[name]
        resource = self.existing(name)
        named = resource.get("Properties", {})
        for key in NAMED_BY.get(resource["Type"], ("",)):
            named = named.get(key, {})
        return self.value(named) or f"<{self.path}{name}>"

    def attribute(self, argument):
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        resource = self.existing(name)
        if resource["Type"] == "AWS::CloudFormation::Stack":
            output = attribute.removeprefix("Outputs.")
            outputs = self.nested_stack(name).outputs
            if output not in outputs:
                raise TemplateError(f"{self.path}{name} has no output {output} with these parameters")
            return outputs[output]
        if (resource["Type"], attribute) in ATTRIBUTES:
            return ATTRIBUTES[resource["Type"], attribute].format(self.path + name)
        return f"<{self.path}{name}.{attribute}>"

    def substitute(self, argument):
        text, variables = argument if isinstance(argument, list) else (argument, {})

        def replaced(match):
            name = match.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in variables:
                return str(self.value(variables[name]))
            if "." in name:
                return str(self.attribute(name))
            return str(self.reference(name))

        return re.sub(r"\$\{([^}]+)\}", replaced, text)


def _check_parameter(name, parameter, value):
    allowed = parameter.get("AllowedValues")
    if allowed is not None and value not in [str(choice) for choice in allowed]:
        raise TemplateError(f"{name} is {value!r}: allowed are {', '.join(str(choice) for choice in allowed)}")
    pattern = parameter.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        raise TemplateError(f"{name} is {value!r}: write {parameter.get('ConstraintDescription', pattern)}")
    if parameter["Type"] != "Number":
        return
    low, high = parameter.get("MinValue", float("-inf")), parameter.get("MaxValue", float("inf"))
    if not low <= float(value) <= high:
        raise TemplateError(f"{name} is {value}: from {low} to {high} is allowed")


def _as_list(value):
    return value if isinstance(value, list) else [value]
