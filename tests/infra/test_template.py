"""The stack that each combination of parameters makes."""

import json
import re

from combinations import ROOT, combinations, each_combination
from rules import findings
from rules_access import REASONED, reasons_used
from rules_visitors import KEY, TIME_TO_LIVE
from stack import resolve, translate


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


def test_every_reason_for_a_star_is_needed(templates):
    used = set()
    for combination in combinations():
        stack = resolve(templates, parameters=combination.values[0])
        for part in stack.parts():
            used |= reasons_used(part)
    assert used == {reason for *_, reason in REASONED}


def passed(template):
    """Of each nested template, the parameters that are one of the outer template's as it is."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            given = resource["Properties"].get("Parameters", {})
            yield resource["Properties"]["TemplateURL"], [name for name, value in given.items() if value == {"Ref": name} and name in template["Parameters"]]


def test_a_nested_template_takes_every_value_that_the_template_takes(templates):
    outer = templates["template.yaml"]["Parameters"]
    nested = dict(passed(templates["template.yaml"]))
    # One template is always the same.
    assert nested.pop("visitors.yaml") == []
    assert nested.keys() == {"http-api.yaml", "stream.yaml", "catalog.yaml", "dashboard.yaml", "alarms.yaml"}
    for file, names in nested.items():
        inner = templates[file]["Parameters"]
        assert len(names) >= 4
        for name in names:
            for key in ("Type", "NoEcho"):
                assert outer[name].get(key) == inner[name].get(key), f"{file}: {key} of {name}"
            for constraint in ("Default", "AllowedValues", "AllowedPattern", "MinValue", "MaxValue"):
                # The outer template has refused what does not fit already. The catalog is used alone, too.
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


def test_visitors_are_known_by_a_table_of_the_stack_and_left_out_as_a_whole(templates):
    on, off = resolve(templates), resolve(templates, parameters={"Visitors": "off"})
    variables = on.properties("Function")["Environment"]["Variables"]
    assert (variables["BEACON_VISITORS"], variables["BEACON_SALT_TABLE"]) == ("on", "<VisitorStack/SaltTable>")
    assert on.outputs["SaltTableName"] == variables["BEACON_SALT_TABLE"]
    alarm = on.properties("AlarmStack/SaltDeletionAlarm")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "<VisitorStack/SaltDeletionFailures>"}]
    variables = off.properties("Function")["Environment"]["Variables"]
    assert (variables["BEACON_VISITORS"], variables["BEACON_SALT_TABLE"]) == ("off", "")
    assert "SaltDeletionAlarm" not in off.nested["AlarmStack"].resources
    left = {resource["Type"] for part in off.parts() for resource in part.resources.values()}
    assert not {kind for kind in left if kind.startswith(("AWS::DynamoDB", "AWS::Scheduler", "AWS::SQS"))}
    assert "dynamodb" not in str(off.properties("FunctionRole"))
    assert "SaltTableName" not in off.outputs


def test_the_item_is_deleted_by_the_key_that_the_function_writes():
    """Its own tests hold the text of the key to what EventBridge Scheduler writes."""
    source = (ROOT / "beacon/lambda/src/salt_table.rs").read_text()
    assert source.count(f'"Key": {{"{KEY}": {{"S": key(ends_ms)}}}}') == 2
    assert f"{TIME_TO_LIVE['AttributeName']} = if_not_exists({TIME_TO_LIVE['AttributeName']}, :" in source
