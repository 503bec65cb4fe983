"""Every template in infra/, by cfn-lint and by our own rules."""

import itertools

import pytest
from conftest import INFRA, lint
from rules import findings
from stack import resolve, translate

NAMES = [path.name for path in sorted(INFRA.glob("*.yaml"))]

# What has no default.
REQUIRED = {
    "AlarmEmail": "",
    "Architecture": "arm64",
    "BasePath": "",
    "Bucket": "lake-of-hits",
    "BufferIntervalSeconds": 300,
    "BufferSizeMiB": 128,
    "CertificateArn": "",
    "Columns": "",
    "DashboardConcurrency": 0,
    "Database": "beacon",
    "DomainName": "",
    "Endpoint": "https://b.example",
    "Format": "parquet",
    "Function": "beacon-Function-1",
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:beacon-Function-1",
    "HostedZoneId": "",
    "KeepHeaders": "",
    "LakeFormation": "off",
    "LogRetentionDays": 30,
    "MonthlyBudgetUsd": 0,
    "Name": "beacon",
    "Privacy": "anonymous",
    "SaltQueue": "beacon-VisitorStack-1-SaltDeletionFailures-1",
    "Sites": "blog.example",
    "Stream": "beacon-Stream-1",
    "Table": "hits",
    "ThrottleBurst": 2000,
    "ThrottleRate": 1000,
    "TransformFunctionArn": "",
    "WorkGroup": "beacon",
    "OriginDomain": "abc.lambda-url.eu-west-1.on.aws",
    "OriginSecret": "s" * 32,
}
# What has one, and is needed beside some choices.
BESIDE = {
    "DashboardPasswordHash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o",
    "DashboardKey": "k" * 32,
}


def test_the_templates_are_there():
    assert {"template.yaml", "catalog.yaml"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_cfn_lint_finds_nothing(name):
    assert lint(INFRA / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_keeps_every_rule(templates, name):
    """Each value of each parameter that has a short list of them, together with each of the others."""
    declared = templates[name].get("Parameters", {})
    given = {parameter: REQUIRED[parameter] for parameter in declared if "Default" not in declared[parameter] and parameter not in BESIDE}
    given |= {parameter: value for parameter, value in BESIDE.items() if parameter in declared}
    choices = {
        parameter: declared[parameter]["AllowedValues"]
        for parameter in declared
        if 1 < len(declared[parameter].get("AllowedValues", [])) <= 3
    }
    # Once for all choices, of which the transform knows nothing.
    templates = {file: translate(template) for file, template in templates.items()}
    for chosen in itertools.product(*choices.values()):
        parameters = given | dict(zip(choices, chosen))
        assert findings(resolve(templates, name, parameters)) == [], parameters


@pytest.mark.parametrize("name", NAMES)
def test_everything_a_user_meets_is_described(templates, name):
    template = templates[name]
    for section in ("Parameters", "Outputs"):
        for part, declared in template.get(section, {}).items():
            assert declared.get("Description"), f"{section} {part}"
    interface = template.get("Metadata", {}).get("AWS::CloudFormation::Interface")
    if interface is not None:
        grouped = [parameter for group in interface["ParameterGroups"] for parameter in group["Parameters"]]
        assert sorted(grouped) == sorted(template["Parameters"])
