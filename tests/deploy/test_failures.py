"""What infra/deploy says and does when CloudFormation fails."""

import json

from calls import BUILD, SAM, deploy

NESTED = "arn:aws:cloudformation:eu-west-1:111122223333:stack/beacon-Catalog-1ABC/0e1d"
EVENTS = "aws cloudformation describe-stack-events --stack-name {} --region eu-west-1 "
DELETE = [f"aws cloudformation {verb} --stack-name beacon --region eu-west-1" for verb in ("delete-stack", "wait stack-delete-complete")]


def event(logical_id, status, reason="", **more):
    return {"LogicalResourceId": logical_id, "ResourceStatus": status, "ResourceType": "AWS::X::Y", "StackId": "arn:beacon"} | (
        {"ResourceStatusReason": reason} if reason else {}) | more


def stack_event(name, status, reason="", **more):
    return event(name, status, reason, ResourceType="AWS::CloudFormation::Stack", **more)


def events(cli, stack, *newest_first, **when):
    cli.answer(EVENTS.format(stack), text=json.dumps({"StackEvents": list(newest_first)}), **when)


def fails(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", status="ROLLBACK_COMPLETE", after="sam deploy")
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1")
    cli.answer("sam deploy", error="Error: Failed to create/update the stack\n", status=1)


def test_the_reason_of_a_nested_stack_is_found(cli):
    fails(cli)
    events(
        cli, "beacon",
        event("Function", "CREATE_FAILED", "Resource creation cancelled"),
        stack_event("Catalog", "CREATE_FAILED", f"Embedded stack {NESTED} was not successfully created", PhysicalResourceId=NESTED),
        stack_event("beacon", "CREATE_IN_PROGRESS", "User Initiated", PhysicalResourceId="arn:beacon"),
    )
    events(
        cli, NESTED,
        event("HitsTable", "CREATE_FAILED", "Resource creation cancelled"),
        event("GlueDatabase", "CREATE_FAILED", "Database beacon already exists"),
        stack_event("beacon-Catalog-1ABC", "CREATE_IN_PROGRESS", PhysicalResourceId=NESTED, StackId=NESTED),
    )
    done = deploy(cli)
    assert done.returncode == 1
    assert ("error: the stack was not deployed:\n  Catalog/GlueDatabase: Database beacon already exists\n"
            "  Catalog/HitsTable: Resource creation cancelled\n  Function: Resource creation cancelled\n") in done.stderr
    assert "Embedded stack" not in done.stderr
    assert cli.changes == [BUILD, SAM]


def test_a_nested_stack_that_says_nothing_leaves_the_parents_word(cli):
    fails(cli)
    failed = stack_event("Catalog", "CREATE_FAILED", "Embedded stack was not created", PhysicalResourceId=NESTED)
    events(cli, "beacon", failed)
    cli.answer(EVENTS.format(NESTED), error="\nAn error occurred (AccessDenied)\n")
    assert "error: the stack was not deployed:\n  Catalog: Embedded stack was not created\n" in deploy(cli).stderr


def test_what_failed_in_an_earlier_deploy_is_not_told_again(cli):
    fails(cli)
    events(
        cli, "beacon",
        event("Stream", "UPDATE_FAILED", "the reason of today"),
        event("Stream", "UPDATE_FAILED", "the reason of today"),
        stack_event("beacon", "UPDATE_IN_PROGRESS", "User Initiated", PhysicalResourceId="arn:beacon"),
        event("Stream", "UPDATE_FAILED", "the reason of yesterday"),
    )
    stderr = deploy(cli).stderr
    assert stderr.count("the reason of today") == 1
    assert "yesterday" not in stderr


def test_a_catalog_that_lake_formation_governs_comes_with_advice(cli):
    fails(cli)
    events(cli, "beacon", event("Stream", "CREATE_FAILED", "Insufficient Lake Formation permission(s) on hits (Service: Glue, Status Code: 400)"))
    stderr = deploy(cli).stderr
    assert "give --parameter LakeFormation=on, and see \"Lake Formation\" in docs/runbook.md" in stderr


LATE = event("Stream", "CREATE_FAILED", "Firehose is unable to assume role arn:aws:iam::111122223333:role/beacon-StreamRole. Please check the role provided.")


def test_a_first_deploy_is_tried_once_more_while_iam_is_late(cli):
    fails(cli)
    events(cli, "beacon", LATE)
    done = deploy(cli)
    assert done.returncode == 1
    assert cli.changes == [BUILD, SAM, *DELETE, SAM]
    assert "Firehose could not assume its new role yet, which takes IAM some seconds: once more." in done.stdout
    assert "error: the stack was not deployed:\n  Stream: Firehose is unable to assume role" in done.stderr


def test_the_second_try_may_succeed(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", after="aws cloudformation wait stack-delete-complete")
    cli.answer("sam deploy", text="", after="aws cloudformation wait stack-delete-complete")
    fails(cli)
    events(cli, "beacon", LATE)
    done = deploy(cli, "--no-example")
    assert done.returncode == 0, done.stderr
    assert cli.changes == [BUILD, SAM, *DELETE, SAM]
    assert "Pixel:         https://" in done.stdout


def test_nothing_is_removed_for_another_reason_or_from_a_stack_that_was_there(cli):
    fails(cli)
    events(cli, "beacon", event("Stream", "CREATE_FAILED", "Rate exceeded"))
    assert deploy(cli).returncode == 1
    assert cli.changes == [BUILD, SAM]


def test_an_update_is_not_tried_again(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json")
    cli.stack("beacon-edge", "us-east-1")
    cli.answer("sam deploy", error="failed\n", status=1)
    events(cli, "beacon", LATE)
    assert deploy(cli).returncode == 1
    assert cli.changes == [BUILD, SAM]


def test_a_stack_with_capital_letters_gets_a_database_in_small_ones(cli):
    for name in ("Beacon-Of-Shop", "beacon-of-shop"):
        cli.stack(name, "eu-west-1", "stack-beacon.json", after="sam deploy")
        cli.stack(name, "eu-west-1")
        cli.stack(f"{name}-edge", "us-east-1")
    assert deploy(cli, "--no-example", "--stack", "Beacon-Of-Shop").returncode == 0
    assert cli.changes[1].endswith(""" --parameter-overrides 'Database="beacon_of_shop"'""")
    # CloudFormation makes the name of the other by itself.
    assert deploy(cli, "--no-example", "--stack", "beacon-of-shop").returncode == 0
    assert "--parameter-overrides" not in cli.changes[3]


def test_a_stack_that_is_there_keeps_its_database(cli):
    cli.stack("Shop", "eu-west-1", "stack-beacon.json", {"Database": "beacon"})
    cli.stack("Shop-edge", "us-east-1")
    assert deploy(cli, "--stack", "Shop").returncode == 0
    assert "Database" not in cli.changes[1]
