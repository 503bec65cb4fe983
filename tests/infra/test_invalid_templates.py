"""Templates that are invalid in one place, made from the valid ones: each must be found, with a message that helps."""

import json

import pytest
from conftest import lint
from rules import findings
from stack import resolve

JSON = {"Format": "json"}
CRAWLER = {"Partitions": "crawler"}
HTTP_API = {"Endpoint": "http-api"}
LAKE_FORMATION = {"LakeFormation": "on"}
TRANSFORM = {"TransformFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:mine"}
ALIAS = {"TransformFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:mine:live"}
DASHBOARD = {**LAKE_FORMATION, "Dashboard": "on", "DashboardPasswordHash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "DashboardKey": "k" * 32}


def put(key, value):
    """A change that sets every `key` there is."""

    def change(template):
        found = list(_places(template, key))
        assert found, f"there is no {key} to change"
        for place in found:
            place[key] = value

    return change


def drop(key):
    """A change that takes every `key` away."""

    def change(template):
        found = list(_places(template, key))
        assert found, f"there is no {key} to take away"
        for place in found:
            del place[key]

    return change


def replace(old, new):
    """A change of a text wherever it is."""

    def change(template):
        text = json.dumps(template)
        changed = text.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
        assert changed != text, f"there is no {old} to change"
        template.clear()
        template.update(json.loads(changed))

    return change


def of(logical_id, *changes):
    """Changes to the properties and policies of one resource."""

    def change(template):
        for one in changes:
            one(template["Resources"][logical_id])

    return change


def add(key, value):
    """A change that gives a resource one more property."""

    def change(resource):
        assert key not in resource["Properties"]
        resource["Properties"][key] = value

    return change


def put_transform(resource):
    """A change of what the stream's role may call, in its one statement about functions."""

    def change(role):
        found = [place for place in _places(role, "Action") if "lambda:InvokeFunction" in place["Action"]]
        assert len(found) == 1
        found[0]["Resource"] = resource

    return change


def remove(logical_id):
    def change(template):
        del template["Resources"][logical_id]

    return change


def _places(part, key):
    """Every dictionary with that key."""
    if isinstance(part, dict):
        if key in part:
            yield part
        for value in list(part.values()):
            yield from _places(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from _places(value, key)


ERROR_TYPE = "!{firehose:error-output-type}/"
INVALID_TEMPLATES = {
    "every stream": (of("FunctionRole", put("Resource", "*")), {}, "FunctionRole: Resource * is wider than it must be"),
    "function reads its stream": (of("FunctionRole", replace("firehose:PutRecordBatch", "firehose:DescribeDeliveryStream")), {}, "is not the function's business"),
    "function puts no batches": (of("FunctionRole", replace("firehose:PutRecordBatch", "firehose:PutRecord")), {}, "firehose:PutRecordBatch on"),
    "function lists salts": (of("FunctionRole", replace("dynamodb:UpdateItem", "dynamodb:Scan")), {}, "dynamodb:Scan on arn:aws:dynamodb:us-east-1:123456789012:table/<VisitorStack/SaltTable> is not the function's business"),
    "function makes no salt": (of("FunctionRole", put("Action", ["dynamodb:GetItem"])), {}, "dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:123456789012:table/<VisitorStack/SaltTable> is missing"),
    "managed policy": (of("FunctionRole", add("ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonS3FullAccess"])), {}, "ManagedPolicyArns grants more than it names"),
    "one permission for two": (remove("FunctionUrlInvokePermission"), {}, "nobody is granted lambda:InvokeFunction, so it answers 403"),
    "CORS of the URL": (of("FunctionUrl", add("Cors", {"AllowOrigins": ["*"]})), {}, "FunctionUrl: has a Cors configuration, which wins"),
    "log level INFO": (put("SystemLogLevel", "INFO"), {}, "LoggingConfig is not JSON with SystemLogLevel WARN"),
    "logs that never expire": (of("FunctionLogGroup", drop("RetentionInDays")), {}, "FunctionLogGroup: has no RetentionInDays"),
    "log group of Lambda's own": (of("Function", drop("LogGroup")), {}, "Function: logs to a group that is not in the stack"),
    "another runtime": (put("Runtime", "provided.al2"), {}, "is not `bootstrap` on provided.al2023"),
    "function outlasts the API": (of("Function", put("Timeout", 30)), HTTP_API, "Timeout is 30: the HTTP API waits less than 30"),
    "bucket goes with the stack": (of("Bucket", put("DeletionPolicy", "Delete")), {}, "Bucket: DeletionPolicy is Delete; hits can't be asked for again"),
    "bucket of each failed deploy stays": (of("Bucket", put("DeletionPolicy", "Retain")), {}, "Bucket: DeletionPolicy is Retain; hits can't be asked for again, so set RetainExceptOnCreate"),
    "policy of each failed deploy stays": (of("BucketPolicy", put("DeletionPolicy", "Retain")), {}, "BucketPolicy: DeletionPolicy is Retain, so each first deploy that fails leaves one behind"),
    "bucket goes when replaced": (of("Bucket", drop("UpdateReplacePolicy")), {}, "Bucket: UpdateReplacePolicy is None"),
    "public bucket": (put("BlockPublicPolicy", False), {}, "Bucket: PublicAccessBlockConfiguration has no BlockPublicPolicy"),
    "plain bucket": (drop("BucketEncryption"), {}, "Bucket: has no BucketEncryption"),
    "objects of others": (put("ObjectOwnership", "ObjectWriter"), {}, "Bucket: ObjectOwnership is not BucketOwnerEnforced"),
    "plain HTTP": (remove("BucketPolicy"), {}, "Bucket: no policy denies requests without TLS"),
    "plain HTTP to objects": (of("BucketPolicy", put("Resource", {"Fn::GetAtt": ["Bucket", "Arn"]})), {}, "Bucket: no policy denies requests without TLS"),
    "CORS of the bucket": (of("Bucket", add("CorsConfiguration", {"CorsRules": []})), {}, "Bucket: has a CorsConfiguration"),
    "uploads left over": (drop("AbortIncompleteMultipartUpload"), {}, "no lifecycle rule ends abandoned uploads"),
    "results that never expire": (replace("athena-results/", "athena-result/"), {}, "no lifecycle rule ends query results"),
}
INVALID_STREAMS = {
    "week year": (replace("!{timestamp:yyyy}", "!{timestamp:YYYY}"), {}, "YYYY is the year of the week, wrong around New Year; write yyyy"),
    "day of the year": (replace("!{timestamp:dd}", "!{timestamp:DD}"), {}, "DD is the day of the year; write dd"),
    "hour of half a day": (replace("!{timestamp:HH}", "!{timestamp:hh}"), {}, "hh is the hour of half a day; write HH"),
    "unknown namespace": (replace("!{timestamp:MM}", "!{time:MM}"), {}, "time is not a namespace; there are timestamp and firehose"),
    "missing error type": (replace(ERROR_TYPE, ""), {}, "an error prefix with an expression must contain !{firehose:error-output-type}"),
    "error type in the prefix": (replace("hits/year=", f"hits/{ERROR_TYPE}year="), {}, "!{firehose:error-output-type} belongs into the error prefix"),
    "errors among hits": (replace("errors/!{", "hits/errors/!{"), {}, "lies in the table's folder"),
    "prefix without a slash": (replace("hour=!{timestamp:HH}/", "hour=!{timestamp:HH}"), {}, "does not end with /, so the file's name runs into it"),
    "prefix without a time": (put("Prefix", "hits/"), {}, "has no time, so yyyy/MM/dd/HH/ is appended"),
    "GZIP with conversion": (put("CompressionFormat", "GZIP"), {}, "CompressionFormat is GZIP: a converting stream takes only UNCOMPRESSED"),
    "JSON without GZIP": (put("CompressionFormat", "UNCOMPRESSED"), JSON, "CompressionFormat is UNCOMPRESSED: without conversion Athena reads GZIP"),
    "JSON with another extension": (replace(".json.gz", ".json"), JSON, "FileExtension does not end with .gz"),
    "JSON with a capital extension": (replace(".json.gz", ".json.GZ"), JSON, "FileExtension does not end with .gz"),
    "small buffer with conversion": (put("SizeInMBs", 32), {}, "SizeInMBs is 32: 64 to 128 is allowed"),
    "interval too long": (put("IntervalInSeconds", 901), {}, "IntervalInSeconds is 901: 0 to 900 is allowed"),
    "interval without size": (drop("SizeInMBs"), {}, "BufferingHints needs both"),
    "two deserializers": (of("Stream", put("Deserializer", {"OpenXJsonSerDe": {"CaseInsensitive": False}, "HiveJsonSerDe": {}})), {}, "Deserializer has 2 formats: exactly one is allowed"),
    "two serializers": (of("Stream", put("Serializer", {"OrcSerDe": {}, "ParquetSerDe": {}})), {}, "Serializer has 2 formats: exactly one is allowed"),
    "keys lower-cased": (drop("CaseInsensitive"), {}, "OpenXJsonSerDe.CaseInsensitive is not false"),
    "conversion without a table": (of("Stream", drop("TableName")), {}, "SchemaConfiguration has no TableName"),
    "silent stream": (of("Stream", drop("CloudWatchLoggingOptions")), {}, "delivery errors are not logged"),
    "s3:*": (of("StreamRole", put("Action", "s3:*")), {}, "StreamRole: Action s3:* is wider than it must be"),
    "stream without a grant": (of("StreamTableGrant", put("Permissions", ["DESCRIBE"])), LAKE_FORMATION, "StreamRole: Lake Formation grants DESCRIBE on the table, needed is DESCRIBE, SELECT"),
    "stream without its database": (of("StreamDatabaseGrant", put("Name", "other")), LAKE_FORMATION, "StreamRole: Lake Formation grants nothing on the database, needed is DESCRIBE"),
    "grants that nobody asked for": (of("StreamTableGrant", drop("Condition")), {}, "StreamTableGrant: grants in Lake Formation where nobody asked for it"),
    "transform by one ARN alone": (of("StreamRole", put_transform({"Ref": "TransformFunctionArn"})), TRANSFORM, "StreamRole: lambda:InvokeFunction on arn:aws:lambda:us-east-1:123456789012:function:mine:$LATEST is missing"),
    "transform by alias alone": (of("StreamRole", put_transform({"Ref": "TransformFunctionArn"})), ALIAS, "StreamRole: lambda:InvokeFunction on arn:aws:lambda:us-east-1:123456789012:function:mine is missing"),
}
INVALID_APIS = {
    "anybody may invoke": (of("HttpApiPermission", put("Principal", "*")), HTTP_API, "HttpApiPermission: Principal * is wider than it must be"),
    "any API may invoke": (of("HttpApiPermission", drop("SourceArn")), HTTP_API, "NotSourceArn grants more than it names"),
    "CORS of the API": (of("HttpApi", add("CorsConfiguration", {"AllowOrigins": ["*"]})), HTTP_API, "HttpApi: has a CorsConfiguration"),
    "payload 1.0": (put("PayloadFormatVersion", "1.0"), HTTP_API, "PayloadFormatVersion is 1.0: set 2.0"),
    "no throttle": (drop("DefaultRouteSettings"), HTTP_API, "HttpApiStage: is not throttled"),
}
INVALID_VISITORS = {
    "salts in a stream": (of("SaltTable", add("StreamSpecification", {"StreamViewType": "OLD_IMAGE"})), {}, "SaltTable: has a stream, which keeps deleted salts"),
    "salts that can be restored": (put("PointInTimeRecoveryEnabled", True), {}, "SaltTable: point-in-time recovery is not turned off"),
    "recovery by default": (of("SaltTable", drop("PointInTimeRecoverySpecification")), {}, "SaltTable: point-in-time recovery is not turned off"),
    "salts that outlive the stack": (of("SaltTable", put("DeletionPolicy", "Retain")), {}, "SaltTable: DeletionPolicy is Retain, so a salt may outlive the stack"),
    "no second net": (of("SaltTable", drop("TimeToLiveSpecification")), {}, "SaltTable: no time to live removes what the schedule fails to delete"),
    "another key": (put("AttributeName", "day"), {}, "SaltTable: its key is not ends_at"),
    "a table paid by the hour": (put("BillingMode", "PROVISIONED"), {}, "SaltTable: is not billed by request"),
    "a deletion of something else": (of("SaltSchedule", replace("${SaltTable}", "other")), {}, "SaltTable: no schedule deletes the salt"),
    "a deletion with a condition": (of("SaltSchedule", replace('"Key"', '"ConditionExpression": "attribute_exists(salt)", "Key"')), {}, "SaltSchedule: does not delete by the scheduled time alone"),
    "a deletion by the attempt": (of("SaltSchedule", replace("scheduled-time", "execution-id")), {}, "SaltSchedule: does not delete by the scheduled time alone"),
    "a deletion at one o'clock": (put("ScheduleExpression", "cron(0 1 * * ? *)"), {}, "SaltSchedule: is not at midnight UTC"),
    "midnight elsewhere": (put("ScheduleExpressionTimezone", "Europe/Berlin"), {}, "SaltSchedule: is not at midnight UTC"),
    "a deletion within the hour": (put("FlexibleTimeWindow", {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}), {}, "SaltSchedule: is late, or does not run"),
    "a schedule that is off": (of("SaltSchedule", add("State", "DISABLED")), {}, "SaltSchedule: is late, or does not run"),
    "failures that nobody sees": (drop("DeadLetterConfig"), {}, "SaltSchedule: has no dead-letter queue"),
    "a schedule that reads salts": (of("SaltScheduleRole", put("Action", ["dynamodb:DeleteItem", "dynamodb:GetItem"])), {}, "SaltScheduleRole"),
    "a role that deletes anywhere": (of("SaltScheduleRole", put("Resource", "*")), {}, "SaltScheduleRole: Resource * is wider than it must be"),
}
INVALID_ALARMS = {
    "silent alarm": (of("UnsentHitsAlarm", drop("AlarmActions")), {}, "UnsentHitsAlarm: notifies nobody"),
    "alarm without traffic": (of("FunctionErrorsAlarm", put("TreatMissingData", "breaching")), {}, "FunctionErrorsAlarm: TreatMissingData is breaching"),
}

YEAR_PATH = "year=${!year}/"
INVALID_DASHBOARDS = {
    "reads every object": (of("DashboardRole", replace("${Bucket}/hits/*", "${Bucket}/*")), "DashboardRole: Resource arn:aws:s3:::<Bucket>/* is wider"),
    "reads what was no row": (of("DashboardRole", replace("${Bucket}/hits/*", "${Bucket}/errors/*")), "DashboardRole: s3:GetObject on arn:aws:s3:::<Bucket>/errors/* is not the function's business"),
    "writes hits": (of("DashboardRole", replace("${Bucket}/athena-results/*", "${Bucket}/hits/*")), "DashboardRole: s3:PutObject on arn:aws:s3:::<Bucket>/hits/* is not the function's business"),
    "keeps keys among the hits": (of("DashboardRole", replace("${Bucket}/dashboard/document.json", "${Bucket}/hits/document.json")), "DashboardRole: s3:PutObject on arn:aws:s3:::<Bucket>/hits/document.json is not the function's business"),
    "may not replace its keys": (of("DashboardRole", replace("${Bucket}/dashboard/document.json", "${Bucket}/dashboard/")), "DashboardRole: s3:PutObject on arn:aws:s3:::<Bucket>/dashboard/document.json is missing"),
    "runs in every work group": (of("DashboardRole", replace("workgroup/${WorkGroup}", "workgroup/*")), "DashboardRole: Resource arn:aws:athena:us-east-1:123456789012:workgroup/* is wider"),
    "lists everything": (of("DashboardRole", drop("Condition")), "DashboardRole: s3:ListBucket is not kept to the folders that are read"),
    "may not read results": (of("DashboardRole", replace("athena:GetQueryResults", "athena:GetQueryExecution")), "athena:GetQueryResults on arn:aws:athena:us-east-1:123456789012:workgroup/beacon is missing"),
    "has no grant": (remove("DashboardTableGrant"), "DashboardRole: Lake Formation grants nothing on the table, needed is DESCRIBE, SELECT"),
    "answers 403": (of("DashboardFunctionUrlInvokePermission", put("InvokedViaFunctionUrl", False)), "DashboardFunctionUrl: nobody is granted lambda:InvokeFunction"),
}
INVALID_CATALOGS = {
    "digits missing": (drop("projection.month.digits"), {}, "projection.month.digits is None: set 2, because the folders are month=01"),
    "hours of a clock": (put("projection.hour.range", "1,24"), {}, "projection.hour.range is 1,24: set 0,23"),
    "years backwards": (put("projection.year.range", "2035,2026"), {}, "projection.year.range is 2035,2026: write two years"),
    "key not projected": (drop("projection.day.type"), {}, "projection.day.type is None: set integer"),
    "key not in the path": (replace(YEAR_PATH, ""), {}, "storage.location.template has no year=${year}"),
    "template without a slash": (replace("hour=${!hour}/", "hour=${!hour}"), {}, "does not end with /"),
    "template elsewhere": (replace("s3://${Bucket}/${Prefix}year", "s3://${Bucket}/year"), {}, "lies outside the table's Location"),
    "projection and crawler": (put("Projected", {"Fn::Equals": ["", ""]}), CRAWLER, "hits has projection: Athena does not read what a crawler registers"),
    "projection half off": (put("projection.enabled", "false"), {}, "is set without projection.enabled"),
    "another reader": (put("InputFormat", "org.apache.hadoop.mapred.TextInputFormat"), {}, "do not read parquet"),
    "map keys lower-cased": (drop("case.insensitive"), JSON, "case.insensitive is not FALSE"),
    "partition key as a column": (of("HitsTable", replace("version", "year")), {}, "the column year is there twice"),
    "location without a slash": (put("Location", {"Fn::Sub": "s3://${Bucket}/hits"}), {}, "is no folder of a bucket; end it with /"),
    "crawler of a folder": (put("Targets", {"S3Targets": [{"Path": "s3://lake/hits/"}]}), CRAWLER, "Targets are S3Targets: only of CatalogTargets"),
    "crawler that deletes": (put("DeleteBehavior", "DEPRECATE_IN_DATABASE"), CRAWLER, "DeleteBehavior is DEPRECATE_IN_DATABASE: set LOG"),
    "crawler that edits": (put("UpdateBehavior", "UPDATE_IN_DATABASE"), CRAWLER, "UpdateBehavior is UPDATE_IN_DATABASE: set LOG"),
    "configuration cut short": (of("Crawler", put("Configuration", '{"Version":1.0')), CRAWLER, "Configuration is no JSON"),
    "partitions with columns of their day": (of("Crawler", put("Configuration", '{"Version":1.0}')), CRAWLER, "partitions are None: set InheritFromTable"),
    "schedule of five fields": (put("ScheduleExpression", "cron(5 * * * ?)"), {**CRAWLER, "CrawlerSchedule": "cron(5 * * * ? *)"}, "is not cron(…) of six fields"),
    "no limit": (put("EnforceWorkGroupConfiguration", False), {}, "so a client can leave the limit out"),
    "limit too low": (put("BytesScannedCutoffPerQuery", 5_000_000), {}, "BytesScannedCutoffPerQuery is 5000000: at least 10000000"),
    "crawler updates no partitions": (of("CrawlerRole", replace("glue:BatchUpdatePartition", "glue:UpdatePartition")), CRAWLER, "CrawlerRole: glue:BatchUpdatePartition on the table is missing"),
    "crawler lists no tables": (of("CrawlerRole", replace("glue:GetTables", "glue:GetTable")), CRAWLER, "CrawlerRole: glue:GetTables on the table is missing"),
    "crawler makes tables": (of("CrawlerRole", replace("glue:UpdateTable", "glue:CreateTable")), CRAWLER, "CrawlerRole: glue:CreateTable on the table is not the crawler's business"),
    "crawler without a grant": (remove("CrawlerTableGrant"), {**CRAWLER, **LAKE_FORMATION}, "CrawlerRole: Lake Formation grants nothing on the table, needed is ALTER, DESCRIBE, INSERT, SELECT"),
    "crawler reads every bucket": (of("CrawlerRole", replace("arn:${AWS::Partition}:s3:::${Bucket}/${Prefix}*", "*")), CRAWLER, "CrawlerRole: Resource * is wider than it must be"),
}


def cases(name, invalid):
    return [pytest.param(name, *case, id=f"{name}: {title}") for title, case in invalid.items()]


@pytest.mark.parametrize(
    ("name", "change", "parameters", "message"),
    cases("template.yaml", INVALID_TEMPLATES)
    + cases("stream.yaml", INVALID_STREAMS)
    + cases("http-api.yaml", INVALID_APIS)
    + cases("visitors.yaml", INVALID_VISITORS)
    + cases("alarms.yaml", INVALID_ALARMS)
    + cases("dashboard.yaml", {f"a dashboard that {title}": (change, DASHBOARD, message) for title, (change, message) in INVALID_DASHBOARDS.items()})
    + cases("catalog.yaml", INVALID_CATALOGS),
)
def test_is_found(templates, name, change, parameters, message):
    change(templates[name])
    found = findings(resolve(templates, parameters=parameters))
    assert any(message in finding for finding in found), found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("IntervalInSeconds", 901), "E3034 901 is greater than the maximum of 900"),
        (put("FileExtension", ".GZ"), "E3031"),
        (put("CompressionFormat", "Gzip"), "E3030"),
    ],
)
def test_is_found_by_cfn_lint(templates, tmp_path, change, message):
    """What our rules leave to it."""
    change(templates["stream.yaml"])
    (tmp_path / "stream.yaml").write_text(json.dumps(templates["stream.yaml"]))
    found = lint(tmp_path / "stream.yaml")
    assert any(finding.startswith(message) for finding in found), found
