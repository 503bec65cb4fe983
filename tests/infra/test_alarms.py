"""The alarms: what they watch, and when they fire."""

import re

from combinations import EVERYTHING, ROOT
from stack import resolve


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
    deletion = {"ApproximateNumberOfMessagesVisible"}
    assert watched() == always | deletion | {"FailedConversion.Records"}
    assert watched(Format="json", Visitors="off") == always
    transform = EVERYTHING["TransformFunctionArn"]
    assert watched(Format="json", TransformFunctionArn=transform) == always | deletion | {"ExecuteProcessing.Success"}


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
