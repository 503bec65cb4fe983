"""The day's salt: it is deleted at the moment that its key says, and nothing keeps a copy."""

import json

from stack import ACCOUNT, REGION, logical_id

# The key of the item. The function writes it (beacon/lambda/src/salt_table.rs), and the schedule deletes by it.
KEY = "ends_at"
TIME_TO_LIVE = {"AttributeName": "expires_at", "Enabled": True}
# As EventBridge Scheduler writes it: 2026-11-27T00:00:00Z.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
# A universal target: the scheduler makes the call by itself.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
DELETION = "arn:aws:scheduler:::aws-sdk:dynamodb:deleteItem"


def salts(stack):
    for name, table in stack.of_type("AWS::DynamoDB::Table").items():
        yield from _copies(name, table)
        deletions = {
            schedule: declared["Properties"]
            for schedule, declared in stack.of_type("AWS::Scheduler::Schedule").items()
            if _deletes_from(declared["Properties"]["Target"], name)
        }
        if not deletions:
            yield f"{name}: no schedule deletes the salt whose day ends"
        for schedule, properties in deletions.items():
            yield from _deletion(stack, schedule, properties)


def _copies(name, table):
    properties = table["Properties"]
    if "StreamSpecification" in properties or "KinesisStreamSpecification" in properties:
        yield f"{name}: has a stream, which keeps deleted salts"
    if properties.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": False}:
        yield f"{name}: point-in-time recovery is not turned off, and it restores deleted salts"
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if table.get(policy) != "Delete":
            yield f"{name}: {policy} is {table.get(policy)}, so a salt may outlive the stack: set Delete"
    if properties.get("TimeToLiveSpecification") != TIME_TO_LIVE:
        yield f"{name}: no time to live removes what the schedule fails to delete"
    if properties.get("KeySchema") != [{"AttributeName": KEY, "KeyType": "HASH"}]:
        yield f"{name}: its key is not {KEY}, which the function writes"
    if properties.get("BillingMode") != "PAY_PER_REQUEST":
        yield f"{name}: is not billed by request, so it costs money without hits"


def _deletes_from(target, table):
    return target["Arn"] == DELETION and logical_id(json.loads(target["Input"])["TableName"]) == table


def _deletion(stack, name, schedule):
    target = schedule["Target"]
    call = json.loads(target["Input"])
    if call != {"TableName": call["TableName"], "Key": {KEY: {"S": SCHEDULED_TIME}}}:
        yield f"{name}: does not delete by the scheduled time alone: {target['Input']}"
    if (schedule["ScheduleExpression"], schedule.get("ScheduleExpressionTimezone")) != ("cron(0 0 * * ? *)", "UTC"):
        yield f"{name}: is not at midnight UTC, when the salts end"
    if schedule["FlexibleTimeWindow"] != {"Mode": "OFF"} or schedule.get("State", "ENABLED") != "ENABLED":
        yield f"{name}: is late, or does not run"
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None:
        yield f"{name}: has no dead-letter queue, so nobody learns that a salt lives on"
        return
    allowed = {
        ("dynamodb:DeleteItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{call['TableName']}"),
        ("sqs:SendMessage", queue),
    }
    role = logical_id(target["RoleArn"])
    granted = {
        (action, statement["Resource"])
        for policy in stack.properties(role)["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
    }
    if granted != allowed:
        yield f"{role}: may do {sorted(granted)}, and needs {sorted(allowed)}"
