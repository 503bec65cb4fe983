"""The template's parameters: their defaults, and how they reach function, database and bucket."""

import re

import pytest
from combinations import DOMAIN, EVERYTHING, ROOT
from rules import findings
from stack import PSEUDO_PARAMETERS, TemplateError, load, resolve


def test_without_a_domain_the_function_takes_the_base_path_off(templates):
    stack = resolve(templates, parameters={"Endpoint": "http-api", "BasePath": "stats"})
    assert stack.outputs["PixelUrl"] == "https://<HttpApiStack/HttpApi>.execute-api.us-east-1.amazonaws.com/stats/pixel.gif"
    assert stack.properties("Function")["Environment"]["Variables"]["BEACON_BASE_PATH"] == "/stats"


def shared_settings():
    """Returns the table of settings that the server and the function share; the function has a few more."""
    return (ROOT / "docs/settings.md").read_text().partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0]


# Settings whose parameter has another default than the programs: an edge that is there is meant to be used.
OTHER_DEFAULTS = {"RequireOriginSecret": "on"}


def test_the_defaults_are_those_of_the_programs(templates):
    """docs/settings.md is generated from the programs' own list of settings."""
    guide = shared_settings()
    defaults = dict(re.findall(r"^\| `BEACON_(\w+)` \| `?([^`|]*?)`? \|", guide, re.MULTILINE))
    parameters = templates["template.yaml"]["Parameters"]
    settings = {name: parameter["Default"] for name, parameter in parameters.items() if re.sub(r"(?<!^)([A-Z])", r"_\1", name).upper() in defaults}
    assert len(settings) == len(defaults)
    for name, default in settings.items():
        expected = defaults[re.sub(r"(?<!^)([A-Z])", r"_\1", name).upper()]
        assert default == OTHER_DEFAULTS.get(name, expected), name


def test_the_deploy_workflow_offers_what_the_template_takes(templates):
    workflow = load((ROOT / ".github/workflows/deploy.yml").read_text())
    # YAML 1.1 reads the key `on` as a truth value.
    inputs = (workflow.get("on") or workflow[True])["workflow_dispatch"]["inputs"]
    for name in ("Endpoint", "Format", "Sites"):
        declared, offered = templates["template.yaml"]["Parameters"][name], inputs[name.lower()]
        assert (offered["default"], offered.get("options")) == (declared["Default"], declared.get("AllowedValues")), name


def test_every_setting_reaches_the_function(templates):
    guide = shared_settings()
    settings = set(re.findall(r"^\| `(BEACON_\w+)` \|", guide, re.MULTILINE))
    assert len(settings) >= 9
    parameters = {
        "Privacy": "full", "Visitors": "off", "HonourGpc": "on", "KeepHeaders": "a", "Sites": "b.example", "Columns": "c=params.c", "Paths": "/d.gif=gif",
        "BasePath": "e", "Trust": "cloudfront", "OriginSecret": "f" * 32,
        "RequireOriginSecret": "on", "Robots": "allow", "Debug": "on",
    }
    variables = resolve(templates, parameters=parameters).properties("Function")["Environment"]["Variables"]
    own = {"BEACON_STREAM", "BEACON_SALT_TABLE"}
    assert variables.keys() == settings | own
    given = {value if name != "BasePath" else f"/{value}" for name, value in parameters.items()}
    assert {value for name, value in variables.items() if name not in own} == given


@pytest.mark.parametrize(
    ("stack_name", "parameters", "expected"),
    [
        ("beacon", {}, "beacon"),
        ("beacon-of-the-shop-2", {}, "beacon_of_the_shop_2"),
        # A stack of before keeps its value, which is a parameter like any other, and with it its database.
        ("stats", {"Database": "beacon"}, "beacon"),
    ],
)
def test_a_database_is_called_after_its_stack_unless_it_has_a_name(templates, monkeypatch, stack_name, parameters, expected):
    monkeypatch.setitem(PSEUDO_PARAMETERS, "AWS::StackName", stack_name)
    stack = resolve(templates, parameters={**EVERYTHING, **parameters, "Partitions": "crawler"})
    catalog = stack.nested["Catalog"]
    assert catalog.properties("GlueDatabase")["DatabaseInput"]["Name"] == expected
    assert catalog.properties("WorkGroup")["Name"] == expected
    assert catalog.properties("Crawler")["Name"] == f"{expected}-tp_hits"
    assert stack.outputs["DatabaseName"] == stack.outputs["WorkGroupName"] == expected
    assert findings(stack) == []


def test_a_stack_in_capital_letters_needs_a_database(templates, monkeypatch):
    """Glue would fold the name, and nothing that names the database would be right; the nested stack refuses it."""
    monkeypatch.setitem(PSEUDO_PARAMETERS, "AWS::StackName", "Beacon")
    with pytest.raises(TemplateError, match="Catalog/Database is 'Beacon': write lower-case letters, digits and _"):
        resolve(templates)
    assert resolve(templates, parameters={"Database": "beacon"}).outputs["DatabaseName"] == "beacon"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "off"),
        ({"RequireOriginSecret": "on"}, "off"),
        ({"Trust": "cloudfront", "OriginSecret": "s" * 32}, "on"),
        ({"Trust": "cloudfront", "OriginSecret": "s" * 32, "RequireOriginSecret": "off"}, "off"),
    ],
)
def test_behind_an_edge_nobody_gets_around_it(templates, parameters, expected):
    """Without one there is nothing that could send the secret, and all would be refused."""
    variables = resolve(templates, parameters=parameters).properties("Function")["Environment"]["Variables"]
    assert variables["BEACON_REQUIRE_ORIGIN_SECRET"] == expected


def test_what_is_off_by_default_is_there_when_asked_for(templates):
    off, on = resolve(templates), resolve(templates, parameters=EVERYTHING)
    for name in ("AlarmSubscription", "Budget"):
        assert name not in off.nested["AlarmStack"].resources
    assert on.properties("AlarmStack/AlarmSubscription")["Endpoint"] == "ops@example.com"
    assert on.properties("AlarmStack/Budget")["Budget"]["BudgetLimit"] == {"Amount": "20", "Unit": "USD"}
    assert "ReservedConcurrentExecutions" not in off.properties("Function")
    assert on.properties("Function")["ReservedConcurrentExecutions"] == "10"
    (processor,) = on.properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]["ProcessingConfiguration"]["Processors"]
    assert processor["Parameters"][0]["ParameterValue"] == EVERYTHING["TransformFunctionArn"]

    def kept(stack):
        return {rule["Id"]: rule for rule in stack.properties("Bucket")["LifecycleConfiguration"]["Rules"]}

    assert sorted(kept(off)) == ["abandoned-uploads", "older-versions", "query-results"]
    for name, folder in (("old-hits", "hits/"), ("old-errors", "errors/")):
        assert (kept(on)[name]["Prefix"], kept(on)[name]["ExpirationInDays"]) == (folder, "400")
    (transition,) = kept(on)["seldom-read-hits"]["Transitions"]
    assert transition == {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": "30"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Trust": "cloudfront"}, "Trust is cloudfront, but OriginSecret is empty"),
        ({"Trust": "proxies=0"}, "none, cloudfront or proxies=N"),
        ({**DOMAIN}, "DomainName is set, but Endpoint is url"),
        ({"Endpoint": "http-api", "DomainName": "b.example.com"}, "CertificateArn is empty"),
        ({"MonthlyBudgetUsd": 5}, "MonthlyBudgetUsd is set, but AlarmEmail is empty"),
        ({"CrawlerSchedule": "cron(5 * * * ? *)"}, "CrawlerSchedule is set, but Partitions is projection"),
        ({"BufferIntervalSeconds": 901}, "from 60 to 900"),
        ({"BufferSizeMiB": 63}, "from 64 to 128"),
        ({"ScanCutoffBytes": 9999999}, "from 10000000"),
        ({"BasePath": "/stats"}, "a path without leading or trailing slash"),
        ({"OriginSecret": "short"}, "32 to 128 letters and digits"),
        ({"TablePrefix": "TP_"}, "lower-case letters"),
        ({"Dashboard": "on"}, "Dashboard is on, but DashboardPasswordHash is empty"),
        ({"Dashboard": "on", "DashboardPasswordHash": "geheim"}, "what beacon dashboard-password prints"),
        ({"Dashboard": "on", "DashboardPasswordHash": EVERYTHING["DashboardPasswordHash"]}, "DashboardKey is empty"),
        ({"DashboardKey": "short"}, "32 to 128 letters and digits"),
    ],
)
def test_a_wrong_parameter_is_named(templates, parameters, message):
    with pytest.raises(TemplateError) as error:
        resolve(templates, parameters=parameters)
    assert message in str(error.value)
