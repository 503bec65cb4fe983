"""Checks rules of an effective stack that cfn-lint doesn't have. Each finding begins with the resource.

cfn-lint checks what AWS refuses; these rules check what the beacon needs. checkov has rules for the generic part: a `*`
in a policy, an open bucket, logs without retention. It isn't used, because it takes minutes to install, reports what
the beacon does on purpose (a public function URL, no VPC, no KMS key), and reads a template as written. These rules read
the stack of each combination of parameters, after the SAM transform, with the stacks nested in it, and they know which
`*` has a reason. cfn-guard reads a template as written too, and its rules would be a second language here.
"""

from stack import logical_id

from rules_access import access, buckets, orphans
from rules_catalog import crawler_roles, lake_formation, transforms
from rules_lake import crawlers, streams, tables, work_groups
from rules_visitors import salts

# Longest that an HTTP API waits, in seconds.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MAX_HTTP_API_SECONDS = 30


def findings(stack):
    """Returns the findings of a stack and of those nested in it."""
    rules = (
        streams, tables, crawlers, work_groups, access, buckets, orphans, endpoints, functions, logs, alarms,
        crawler_roles, lake_formation, transforms, salts,
    )
    found = [finding for rule in rules for finding in rule(stack)]
    for name, nested in stack.nested.items():
        found += [f"{name}/{finding}" for finding in findings(nested)]
    return found


def endpoints(stack):
    """No CORS configuration, because the function answers for itself."""
    for name, api in stack.of_type("AWS::ApiGatewayV2::Api").items():
        if "CorsConfiguration" in api["Properties"]:
            yield f"{name}: has a CorsConfiguration, with which the function's own CORS headers are dropped"
    for name, url in stack.of_type("AWS::Lambda::Url").items():
        if "Cors" in url["Properties"]:
            yield f"{name}: has a Cors configuration, which wins over the function's own CORS headers"
    for name, integration in stack.of_type("AWS::ApiGatewayV2::Integration").items():
        version = integration["Properties"].get("PayloadFormatVersion")
        if version != "2.0":
            yield f"{name}: PayloadFormatVersion is {version}: set 2.0, which has the raw query"
    for name, stage in stack.of_type("AWS::ApiGatewayV2::Stage").items():
        settings = stage["Properties"].get("DefaultRouteSettings", {})
        if not {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= settings.keys():
            yield f"{name}: is not throttled, so anybody can run up a bill"


def functions(stack):
    has_api = any(part.of_type("AWS::ApiGatewayV2::Api") for part in stack.parts())
    for name, function in stack.of_type("AWS::Lambda::Function").items():
        properties = function["Properties"]
        logging = properties.get("LoggingConfig", {})
        if logging.get("LogFormat") != "JSON" or logging.get("SystemLogLevel") != "WARN":
            yield f"{name}: LoggingConfig is not JSON with SystemLogLevel WARN, so every request logs three lines"
        if logical_id(logging.get("LogGroup", "")) not in stack.of_type("AWS::Logs::LogGroup"):
            yield f"{name}: logs to a group that is not in the stack, whose lines never expire"
        if properties.get("Runtime") != "provided.al2023" or properties.get("Handler") != "bootstrap":
            yield f"{name}: is not `bootstrap` on provided.al2023, for which the program is built"
        if has_api and int(properties["Timeout"]) >= MAX_HTTP_API_SECONDS:
            yield f"{name}: Timeout is {properties['Timeout']}: the HTTP API waits less than {MAX_HTTP_API_SECONDS}"


def logs(stack):
    for name, group in stack.of_type("AWS::Logs::LogGroup").items():
        if "RetentionInDays" not in group["Properties"]:
            yield f"{name}: has no RetentionInDays, so its lines never expire"


def alarms(stack):
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        if not properties.get("AlarmActions"):
            yield f"{name}: notifies nobody"
        if properties.get("TreatMissingData") != "notBreaching":
            yield f"{name}: TreatMissingData is {properties.get('TreatMissingData')}: without traffic there is no data"
