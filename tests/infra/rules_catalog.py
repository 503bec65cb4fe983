"""Rights that stream, crawler and dashboard need and that are missed only when they are at work: on the table, in Lake
Formation, on the function that transforms records."""

import re

from stack import ACCOUNT, REGION, logical_id

# What a crawler asks of the table that is its target.
# https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html
CRAWLER_ACTIONS = {
    f"glue:{action}"
    for action in (
        "BatchCreatePartition", "BatchGetPartition", "BatchUpdatePartition", "CreatePartition", "GetDatabase", "GetPartition",
        "GetPartitions", "GetTable", "GetTables", "UpdatePartition", "UpdateTable",
    )
}
# What each IAM action on a table is called in Lake Formation, which asks for it beside the policy.
# https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
GRANTS_FOR = {
    "glue:GetTable": {"DESCRIBE", "SELECT"},
    "glue:GetTableVersions": {"DESCRIBE", "SELECT"},
    "glue:BatchCreatePartition": {"INSERT"},
    "glue:UpdateTable": {"ALTER"},
}
TABLE = re.compile(rf"arn:aws:glue:{REGION}:{ACCOUNT}:table/([^/]+)/([^/]+)")


def crawler_roles(stack):
    """Exactly what a crawler of a catalog table does, and on its table alone."""
    for crawler in stack.of_type("AWS::Glue::Crawler").values():
        role = logical_id(crawler["Properties"]["Role"])
        granted = {action for action, resource in _rights(stack, role) if TABLE.fullmatch(resource)}
        for action in sorted(CRAWLER_ACTIONS - granted):
            yield f"{role}: {action} on the table is missing, so the crawler fails when it comes to it"
        for action in sorted(granted - CRAWLER_ACTIONS):
            yield f"{role}: {action} on the table is not the crawler's business"


def lake_formation(stack):
    """With LakeFormation on, each role that reads the table has a grant on database and table; with off, none has."""
    given = stack.of_type("AWS::LakeFormation::PrincipalPermissions")
    if stack.parameters.get("LakeFormation") != "on":
        yield from (f"{name}: grants in Lake Formation where nobody asked for it" for name in given)
        return
    for role in stack.of_type("AWS::IAM::Role"):
        needed, place = set(), None
        for action, resource in _rights(stack, role):
            if (table := TABLE.fullmatch(resource)) and action in GRANTS_FOR:
                needed |= GRANTS_FOR[action]
                place = table.groups()
        if place is None:
            continue
        for kind, resource, permissions in (
            ("database", {"Database": {"CatalogId": ACCOUNT, "Name": place[0]}}, {"DESCRIBE"}),
            ("table", {"Table": {"CatalogId": ACCOUNT, "DatabaseName": place[0], "Name": place[1]}}, needed),
        ):
            granted = {
                permission
                for grant in given.values()
                if _is_for(grant, role) and grant["Properties"]["Resource"] == resource
                for permission in grant["Properties"]["Permissions"]
            }
            if granted != permissions:
                yield (f"{role}: Lake Formation grants {', '.join(sorted(granted)) or 'nothing'} on the {kind}, "
                       f"needed is {', '.join(sorted(permissions))}")


def transforms(stack):
    """Firehose calls the function by the ARN of the setting, and by $LATEST where that names no version."""
    for name, stream in stack.of_type("AWS::KinesisFirehose::DeliveryStream").items():
        destination = stream["Properties"]["ExtendedS3DestinationConfiguration"]
        role = logical_id(destination["RoleARN"])
        for processor in destination.get("ProcessingConfiguration", {}).get("Processors", []):
            given = {each["ParameterName"]: each["ParameterValue"] for each in processor["Parameters"]}["LambdaArn"]
            function = ":".join(given.split(":")[:7])
            wanted = {given, function, f"{function}:$LATEST"}
            for action in ("lambda:InvokeFunction", "lambda:GetFunctionConfiguration"):
                for resource in sorted(wanted - {resource for granted, resource in _rights(stack, role) if granted == action}):
                    yield f"{role}: {action} on {resource} is missing, so {name} can't transform records"


def _is_for(grant, role):
    return logical_id(grant["Properties"]["Principal"]["DataLakePrincipalIdentifier"]) == role


def _rights(stack, role):
    for policy in stack.properties(role).get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in _list(statement["Action"]):
                for resource in _list(statement["Resource"]):
                    yield action, resource


def _list(value):
    return value if isinstance(value, list) else [value]
