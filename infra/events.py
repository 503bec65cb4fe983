"""Finds the reasons that CloudFormation gives for a failure."""

from aws_cli import Stop

# Maximum number of events to read per stack. Those of the last operation are the newest.
MAX_EVENTS = 500
# Maximum number of reasons to show. The oldest come first, since the others follow from them.
MAX_REASONS = 5

# Part of Firehose's error about a role that IAM has just created.
IAM_IS_LATE = "unable to assume role"
# Part of Glue's error about a missing grant.
LAKE_FORMATION = "Lake Formation permission"


def failures(commands, name, region):
    """Returns what failed in the last operation on a stack and its nested stacks, with known advice."""
    reasons = _reasons(commands, name, name, region, "")
    if not reasons:
        return "; what failed is above"
    text = ":\n" + "\n".join(f"  {reason}" for reason in reasons[:MAX_REASONS])
    if any(LAKE_FORMATION in reason for reason in reasons):
        text += ("\nAWS Lake Formation governs the Glue catalog of this account: give --parameter LakeFormation=on, and see "
                 "\"Lake Formation\" in docs/runbook.md for the rights that you need yourself")
    return text


def _reasons(commands, stack, stack_name, region, path):
    answer = commands.read("aws", "cloudformation", "describe-stack-events", "--stack-name", stack, "--region", region, "--max-items", str(MAX_EVENTS),
                           "--output", "json", absent="does not exist") or {"StackEvents": []}
    reasons = []
    for event in reversed(_of_last_operation(answer["StackEvents"], stack_name)):
        if not event["ResourceStatus"].endswith("_FAILED") or not event.get("ResourceStatusReason"):
            continue
        inner = _nested_reasons(commands, event, region, path)
        reasons += inner or [f"{path}{event['LogicalResourceId']}: {event['ResourceStatusReason']}"]
    # Each status of one failure is an event of its own.
    return list(dict.fromkeys(reasons))


def _nested_reasons(commands, event, region, path):
    """Returns the reasons from the events of a nested stack, whose own event says only that it failed."""
    nested = event.get("PhysicalResourceId", "")
    if event.get("ResourceType") != "AWS::CloudFormation::Stack" or not nested or nested == event.get("StackId"):
        return []
    try:
        # By its id, because a stack that was rolled back is gone under its name. The id is arn:…:stack/NAME/UUID.
        return _reasons(commands, nested, nested.split("/")[1] if "/" in nested else nested, region, f"{path}{event['LogicalResourceId']}/")
    except Stop:
        # The parent's reason is better than none.
        return []


def _of_last_operation(events, stack_name):
    """Returns the events, newest first, down to the start of the last operation."""
    for index, event in enumerate(events):
        begins = event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
        if begins and event["LogicalResourceId"] == stack_name and event.get("ResourceType", "AWS::CloudFormation::Stack") == "AWS::CloudFormation::Stack":
            return events[: index + 1]
    return events
