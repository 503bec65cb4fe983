"""The stack that each combination of parameters makes."""

import itertools
import json
import re
from pathlib import Path

import pytest
from rules import findings
from rules_access import REASONED, reasons_used
from stack import PSEUDO_PARAMETERS, TemplateError, load, resolve, translate

ROOT = Path(__file__).resolve().parents[2]

DOMAIN = {
    "DomainName": "b.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "HostedZoneId": "Z0123456789",
}
# Everything that is off by default.
EVERYTHING = {
    "BasePath": "stats",
    "TablePrefix": "tp_",
    "ReservedConcurrency": 10,
    "TransformFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:mine",
    "DataRetentionDays": 400,
    "TieringDays": 30,
    "AlarmEmail": "ops@example.com",
    "MonthlyBudgetUsd": 20,
    "Trust": "cloudfront",
    "OriginSecret": "s" * 32,
    "Columns": "userid=params.userid",
    "Dashboard": "on",
    "DashboardPasswordHash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o",
    "DashboardKey": "k" * 32,
    "DashboardConcurrency": 20,
    "LakeFormation": "on",
}


def combinations():
    """Of all that decides which resources there are, each with everything else off and on."""
    choices = itertools.product(("url", "http-api"), ("parquet", "orc", "json"), ("projection", "crawler"), (False, True))
    for endpoint, format, partitions, everything in choices:
        parameters = {"Endpoint": endpoint, "Format": format, "Partitions": partitions}
        if everything:
            parameters |= EVERYTHING
            parameters |= DOMAIN if endpoint == "http-api" else {}
            parameters |= {"CrawlerSchedule": "cron(15 2 * * ? *)"} if partitions == "crawler" else {}
        name = "-".join([endpoint, format, partitions] + ["everything"] * everything)
        yield pytest.param(parameters, id=name)


each_combination = pytest.mark.parametrize("parameters", list(combinations()))


@each_combination
def test_keeps_every_rule(templates, parameters):
    assert findings(resolve(templates, parameters=parameters)) == []


@each_combination
def test_extremes_of_numbers_keep_every_rule(templates, parameters):
    declared = templates["template.yaml"]["Parameters"]
    for limit in ("MinValue", "MaxValue"):
        extremes = {name: parameter[limit] for name, parameter in declared.items() if limit in parameter}
        # A budget needs somebody to tell.
        extremes["AlarmEmail"] = "ops@example.com"
        assert findings(resolve(templates, parameters=parameters | extremes)) == []


@each_combination
def test_one_endpoint_leads_to_the_function(templates, parameters):
    stack = resolve(templates, parameters=parameters)
    base = "/stats" if "BasePath" in parameters else ""
    if parameters["Endpoint"] == "url":
        assert "HttpApiStack" not in stack.nested
        assert stack.properties("FunctionUrl")["TargetFunctionArn"] == "<Function.Arn>"
        origin = host = "<FunctionUrl>.lambda-url.us-east-1.on.aws"
    else:
        assert "FunctionUrl" not in stack.resources
        assert stack.properties("HttpApiStack/HttpApiRoute")["RouteKey"] == "$default"
        assert stack.properties("HttpApiStack/HttpApiRoute")["Target"] == "integrations/<HttpApiStack/HttpApiIntegration>"
        assert stack.properties("HttpApiStack/HttpApiIntegration")["IntegrationUri"] == "<Function.Arn>"
        assert stack.properties("HttpApiStack/HttpApiStage")["StageName"] == "$default"
        origin = host = "<HttpApiStack/HttpApi>.execute-api.us-east-1.amazonaws.com"
        if "DomainName" in parameters:
            host = "b.example.com"
            assert stack.properties("HttpApiStack/DomainMapping")["ApiMappingKey"] == "stats"
            assert stack.properties("HttpApiStack/DomainRecord")["Name"] == host
    assert stack.outputs["Endpoint"] == f"https://{host}{base}"
    assert stack.outputs["PixelUrl"] == f"https://{host}{base}/pixel.gif"
    assert stack.outputs["OriginDomain"] == origin
    # Where a domain's mapping has it as its key, the API takes it off before the function.
    seen = "" if "DomainName" in parameters else base
    assert stack.properties("Function")["Environment"]["Variables"]["BEACON_BASE_PATH"] == seen


@each_combination
def test_a_hit_can_be_followed_from_the_function_to_athena(templates, parameters):
    stack = resolve(templates, parameters=parameters)
    catalog = stack.nested["Catalog"]
    # Function to stream, by name and by right.
    assert stack.properties("Function")["Environment"]["Variables"]["BEACON_STREAM"] == "<StreamStack/Stream>"
    assert stack.outputs["StreamName"] == "<StreamStack/Stream>"
    # Stream to bucket, in the folder that is the table's.
    destination = stack.properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]
    assert destination["BucketARN"] == "arn:aws:s3:::<Bucket>"
    tables = catalog.of_type("AWS::Glue::Table").values()
    (table,) = [
        table["Properties"] for table in tables if table["Properties"]["TableInput"]["TableType"] == "EXTERNAL_TABLE"
    ]
    folder, partitions = re.fullmatch(r"([^!]*/)(year=.*)", destination["Prefix"]).groups()
    location = f"s3://<Bucket>/{folder}"
    assert table["TableInput"]["StorageDescriptor"]["Location"] == location
    keys = [key["Name"] for key in table["TableInput"]["PartitionKeys"]]
    assert re.findall(r"(\w+)=!\{timestamp:\w+\}/", partitions) == keys
    # The stream's format is the table's, and it converts by that table's columns.
    conversion = destination.get("DataFormatConversionConfiguration")
    classification = table["TableInput"]["Parameters"]["classification"]
    assert classification == parameters["Format"]
    if classification == "json":
        assert conversion is None
    else:
        schema = conversion["SchemaConfiguration"]
        assert (schema["DatabaseName"], schema["TableName"]) == (table["DatabaseName"], table["TableInput"]["Name"])
        serializer = {"parquet": "ParquetSerDe", "orc": "OrcSerDe"}[classification]
        assert list(conversion["OutputFormatConfiguration"]["Serializer"]) == [serializer]
    # Athena finds the partitions, by itself or by the crawler of that table.
    name = parameters.get("TablePrefix", "") + "hits"
    assert table["TableInput"]["Name"] == name
    if parameters["Partitions"] == "projection":
        template = table["TableInput"]["Parameters"]["storage.location.template"]
        assert template == location + "".join(f"{key}=${{{key}}}/" for key in keys)
        assert not catalog.of_type("AWS::Glue::Crawler")
    else:
        (crawler,) = catalog.of_type("AWS::Glue::Crawler").values()
        assert crawler["Properties"]["Targets"]["CatalogTargets"] == [{"DatabaseName": "beacon", "Tables": [name]}]
        assert crawler["Properties"].get("Schedule", {}).get("ScheduleExpression") == parameters.get("CrawlerSchedule")
    # Questions run in the workgroup, whose results go beside the table.
    (group,) = catalog.of_type("AWS::Athena::WorkGroup").values()
    results = group["Properties"]["WorkGroupConfiguration"]["ResultConfiguration"]["OutputLocation"]
    assert results == "s3://<Bucket>/athena-results/"
    for query in catalog.of_type("AWS::Athena::NamedQuery").values():
        assert query["Properties"]["WorkGroup"] == group["Properties"]["Name"]
        assert query["Properties"]["Database"] == table["DatabaseName"]
        assert name in query["Properties"]["QueryString"]
    # What the outputs say is what was followed.
    assert stack.outputs["BucketName"] == "<Bucket>"
    assert stack.outputs["DatabaseName"] == table["DatabaseName"]
    assert stack.outputs["TableName"] == name
    assert stack.outputs["WorkGroupName"] == group["Properties"]["Name"]


@each_combination
def test_the_stream_may_read_and_write_what_it_is_told_to(templates, parameters):
    stack = resolve(templates, parameters=parameters)
    (policy,) = stack.properties("StreamStack/StreamRole")["Policies"]
    granted = json.dumps(policy["PolicyDocument"]["Statement"])
    destination = stack.properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]
    for prefix in (destination["Prefix"], destination["ErrorOutputPrefix"]):
        assert f"arn:aws:s3:::<Bucket>/{prefix.split('/')[0]}/*" in granted
    assert ("glue:GetTableVersions" in granted) == ("DataFormatConversionConfiguration" in destination)
    assert f":table/beacon/{stack.outputs['TableName']}" in granted or parameters["Format"] == "json"
    assert ("lambda:InvokeFunction" in granted) == ("ProcessingConfiguration" in destination)


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
        "Privacy": "full", "KeepHeaders": "a", "Sites": "b.example", "Columns": "c=params.c", "Paths": "/d.gif=gif",
        "BasePath": "e", "Trust": "cloudfront", "OriginSecret": "f" * 32,
        "RequireOriginSecret": "on", "Debug": "on",
    }
    variables = resolve(templates, parameters=parameters).properties("Function")["Environment"]["Variables"]
    assert variables.keys() == settings | {"BEACON_STREAM"}
    given = {value if name != "BasePath" else f"/{value}" for name, value in parameters.items()}
    assert {value for name, value in variables.items() if name != "BEACON_STREAM"} == given


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


def test_the_stream_waits_for_what_lake_formation_grants_it(templates):
    """It reads the table when it is made. What the resolver makes of the choice shows no order, so the text does."""
    template = templates["stream.yaml"]
    destination = template["Resources"]["Stream"]["Properties"]["ExtendedS3DestinationConfiguration"]
    conversion = destination["DataFormatConversionConfiguration"]["Fn::If"][1]
    condition, granted, plain = conversion["SchemaConfiguration"]["DatabaseName"]["Fn::If"]
    assert condition == "GrantsStream"
    assert granted == {"Fn::Select": [0, [plain, {"Ref": "StreamDatabaseGrant"}, {"Ref": "StreamTableGrant"}]]}
    resolved = resolve(templates, parameters={"LakeFormation": "on"}).properties("StreamStack/Stream")
    schema = resolved["ExtendedS3DestinationConfiguration"]["DataFormatConversionConfiguration"]["SchemaConfiguration"]
    assert schema["DatabaseName"] == "beacon"


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


def test_lost_hits_are_counted_under_the_name_that_the_function_writes(templates):
    source = (ROOT / "beacon/firehose/src/unsent.rs").read_text()
    alarm = resolve(templates).properties("AlarmStack/UnsentHitsAlarm")
    assert alarm["Namespace"] == re.search(r'METRIC_NAMESPACE: &str = "(\w+)"', source).group(1)
    assert alarm["MetricName"] == re.search(r'METRIC_NAME: &str = "(\w+)"', source).group(1)
    (dimension,) = re.findall(r'"Dimensions":\[\["(\w+)"\]\]', source)[:1]
    assert alarm["Dimensions"] == [{"Name": dimension, "Value": "<StreamStack/Stream>"}]


def test_what_can_go_wrong_is_watched(templates):
    def watched(**parameters):
        alarms = resolve(templates, parameters=parameters).nested["AlarmStack"].of_type("AWS::CloudWatch::Alarm").values()
        return {
            stat["Metric"]["MetricName"] if stat else alarm["Properties"]["MetricName"]
            for alarm in alarms
            for stat in [metric.get("MetricStat") for metric in alarm["Properties"].get("Metrics", [{}])]
            if stat or "MetricName" in alarm["Properties"]
        }

    always = {
        "UnsentHits", "DeliveryToS3.DataFreshness", "Errors", "Throttles", "IncomingPutRequests", "IncomingBytes",
        "IncomingRecords", "PutRequestsPerSecondLimit", "BytesPerSecondLimit", "RecordsPerSecondLimit",
    }
    assert watched() == always | {"FailedConversion.Records"}
    assert watched(Format="json") == always
    transform = EVERYTHING["TransformFunctionArn"]
    assert watched(Format="json", TransformFunctionArn=transform) == always | {"ExecuteProcessing.Success"}


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


def test_the_quota_alarms_divide_by_the_period_and_the_limit(templates):
    stack = resolve(templates)
    pairs = {
        "PutRequestsQuotaAlarm": ("IncomingPutRequests", "PutRequestsPerSecondLimit"),
        "BytesQuotaAlarm": ("IncomingBytes", "BytesPerSecondLimit"),
        "RecordsQuotaAlarm": ("IncomingRecords", "RecordsPerSecondLimit"),
    }
    for name, metrics in pairs.items():
        alarm = stack.properties(f"AlarmStack/{name}")
        used, limit, percent = alarm["Metrics"]
        assert (used["MetricStat"]["Metric"]["MetricName"], limit["MetricStat"]["Metric"]["MetricName"]) == metrics
        assert used["MetricStat"]["Stat"] == "Sum"
        assert percent["Expression"] == "100 * used / PERIOD(used) / limit"
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (70, "GreaterThanThreshold")


def test_the_dashboard_is_made_only_when_asked_for(templates):
    stack = resolve(templates)
    assert not [name for name in stack.resources if name.startswith("Dashboard")]
    assert not [name for name in stack.outputs if name.startswith("Dashboard")]


@each_combination
def test_the_dashboard_asks_about_the_stacks_own_hits(templates, parameters):
    stack = resolve(templates, parameters={**EVERYTHING, **parameters})
    catalog = stack.nested["Catalog"]
    variables = stack.properties("DashboardStack/DashboardFunction")["Environment"]["Variables"]
    assert variables["BEACON_WORKGROUP"] == catalog.outputs["WorkGroupName"] == "beacon"
    assert variables["BEACON_DATABASE"] == catalog.outputs["DatabaseName"] == "beacon"
    assert variables["BEACON_TABLE"] == catalog.outputs["TableName"] == "tp_hits"
    assert variables["BEACON_BUFFER_INTERVAL_SECONDS"] == "300"
    # What the pixel records is what the dashboard knows of.
    pixel = stack.properties("Function")["Environment"]["Variables"]
    for name in ("BEACON_PRIVACY", "BEACON_KEEP_HEADERS", "BEACON_COLUMNS"):
        assert variables[name] == pixel[name]
    # The hits that it may read are those that the stream writes, the results those that the work group does.
    destination = stack.properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]
    (group,) = catalog.of_type("AWS::Athena::WorkGroup").values()
    results = group["Properties"]["WorkGroupConfiguration"]["ResultConfiguration"]["OutputLocation"]
    assert results == "s3://<Bucket>/athena-results/"
    assert destination["Prefix"].startswith("hits/year=")
    assert stack.outputs["DashboardUrl"] == "https://<DashboardStack/DashboardFunctionUrl>.lambda-url.us-east-1.on.aws/"


def test_the_dashboard_gives_the_pixels_address_to_paste(templates):
    on = {name: value for name, value in EVERYTHING.items() if name.startswith("Dashboard")}

    def pasted(**parameters):
        stack = resolve(templates, parameters=on | parameters)
        return stack.properties("DashboardStack/DashboardFunction")["Environment"]["Variables"]["BEACON_ENDPOINT"], stack.outputs["Endpoint"]

    for parameters in ({}, {"BasePath": "stats"}, {"Endpoint": "http-api"}, {"Endpoint": "http-api", **DOMAIN}):
        address, endpoint = pasted(**parameters)
        assert address == endpoint
    assert pasted(Trust="cloudfront", OriginSecret="s" * 32)[0] == ""


def test_every_reason_for_a_star_is_needed(templates):
    used = set()
    for combination in combinations():
        stack = resolve(templates, parameters=combination.values[0])
        for part in stack.parts():
            used |= reasons_used(part)
    assert used == {reason for *_, reason in REASONED}


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


def passed(template):
    """Of each nested template, the parameters that are one of the outer template's as it is."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            given = resource["Properties"]["Parameters"]
            yield resource["Properties"]["TemplateURL"], [name for name, value in given.items() if value == {"Ref": name} and name in template["Parameters"]]


def test_a_nested_template_takes_every_value_that_the_template_takes(templates):
    outer = templates["template.yaml"]["Parameters"]
    nested = dict(passed(templates["template.yaml"]))
    assert nested.keys() == {"http-api.yaml", "stream.yaml", "catalog.yaml", "dashboard.yaml", "alarms.yaml"}
    for file, names in nested.items():
        inner = templates[file]["Parameters"]
        assert len(names) >= 4
        for name in names:
            for key in ("Type", "NoEcho"):
                assert outer[name].get(key) == inner[name].get(key), f"{file}: {key} of {name}"
            for constraint in ("Default", "AllowedValues", "AllowedPattern", "MinValue", "MaxValue"):
                # The outer template has refused what does not fit already. The catalogue is used alone, too.
                if file == "catalog.yaml" or constraint in inner[name]:
                    assert outer[name].get(constraint) == inner[name].get(constraint), f"{file}: {constraint} of {name}"


def test_an_id_is_in_one_template_alone(templates):
    """So that it says which resource is meant, as the CDK construct takes it."""
    files = ["template.yaml", *dict(passed(templates["template.yaml"]))]
    ids = [logical_id for file in files for logical_id in templates[file]["Resources"]]
    assert sorted(set(ids)) == sorted(ids)


def test_only_the_functions_need_the_transform(templates):
    """What other tools read without the transform (CDK's CfnInclude) refers to nothing that it would make."""
    for file, function in (("template.yaml", "Function"), ("dashboard.yaml", "DashboardFunction")):
        template = templates[file]
        serverless = [name for name, resource in template["Resources"].items() if resource["Type"].startswith("AWS::Serverless")]
        assert serverless == [function]
        assert translate(template)["Resources"].keys() == template["Resources"].keys()
