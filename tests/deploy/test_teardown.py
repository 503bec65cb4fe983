"""infra/teardown: what goes, in which order, and what is said of the rest."""

BUCKET = "beacon-bucket-1a2b3c4d5e6f"
NESTED = "arn:aws:cloudformation:eu-west-1:111122223333:stack/beacon-StreamStack-2DEF/1f2e"
EMPTY_EDGE = "aws s3 rm s3://beacon-edge-errorbucket-9z8y7x --recursive --region us-east-1 --only-show-errors"
EMPTY_EXAMPLE = "aws s3 rm s3://beacon-example-bucket-5v4u3t --recursive --region eu-west-1 --only-show-errors"


def delete(name, region):
    return [f"aws cloudformation {verb} --stack-name {name} --region {region}" for verb in ("delete-stack", "wait stack-delete-complete")]


ALL_STACKS = [EMPTY_EDGE, EMPTY_EXAMPLE, *delete("beacon-edge", "us-east-1"), *delete("beacon-example", "eu-west-1"), *delete("beacon", "eu-west-1")]


def everything(cli):
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json")
    cli.stack("beacon-example", "eu-west-1", "stack-example.json")
    cli.stack("beacon", "eu-west-1", "stack-beacon.json")
    lake(cli)
    cli.answer("aws cloudformation describe-stack-resources --stack-name beacon ", file="stack-resources.json")
    cli.answer(f"aws cloudformation describe-stack-resources --stack-name {NESTED} ", file="nested-stack-resources.json")
    cli.answer("aws logs describe-log-groups", file="no-log-groups.json", after="aws cloudformation wait stack-delete-complete --stack-name beacon ")
    cli.answer("aws logs describe-log-groups --log-group-name-prefix beacon-StreamStack-2DEF-StreamLogGroup-z3 ", file="nested-log-groups.json")
    cli.answer("aws logs describe-log-groups --log-group-name-prefix beacon-FunctionLogGroup-x1 ", file="log-groups.json")


def lake(cli):
    cli.answer(f"aws s3api list-object-versions --bucket {BUCKET} ", file="empty-listing.json", after="aws s3api delete-objects")
    cli.answer(f"aws s3api list-object-versions --bucket {BUCKET} ", file="listing.json")


def nothing(cli):
    cli.stack("beacon-edge", "us-east-1")
    cli.stack("beacon-example", "eu-west-1")
    cli.stack("beacon", "eu-west-1")


def teardown(cli, *arguments, typed=None):
    return cli.run("teardown", "--region", "eu-west-1", *arguments, typed=typed)


def test_the_edge_goes_first_and_the_hits_stay(cli):
    everything(cli)
    done = teardown(cli, typed=["beacon"])
    assert done.returncode == 0, done.stderr
    assert cli.changes == ALL_STACKS
    left = done.stdout.split("\nLeft:\n")[1]
    assert left.startswith(f"  bucket {BUCKET}: 4 objects and older versions, 100.0 GB (athena-results/ 900.0 kB, errors/ 1.5 kB, hits/ 100.0 GB), about 2.30 USD a month\n")
    assert f"remove it: infra/teardown --stack beacon --region eu-west-1 --delete-data --bucket {BUCKET}\n" in left
    assert "log group" not in left
    assert "aws-sam-cli-managed-default" in left


def test_it_says_first_what_is_there(cli):
    everything(cli)
    done = teardown(cli, typed=["no"])
    for line in ("Account 111122223333:", "  stack beacon-edge in us-east-1, CREATE_COMPLETE", "  stack beacon-example in eu-west-1, CREATE_COMPLETE",
                 "  stack beacon in eu-west-1, CREATE_COMPLETE", "  its logs, 2.8 MB: hits that could not be sent are only there; send them first by `beacon replay`"):
        assert f"{line}\n" in done.stdout
    assert "WITH EVERY HIT" not in done.stdout


def test_a_wrong_name_changes_nothing(cli):
    everything(cli)
    for arguments, typed in (((), ["beacon-edge"]), (("--confirm", "Beacon"), None)):
        done = teardown(cli, *arguments, typed=typed)
        assert done.returncode == 1
        assert "is not 'beacon': nothing was changed" in done.stderr
    assert cli.changes == []


def test_the_hits_need_a_second_name(cli):
    everything(cli)
    done = teardown(cli, "--delete-data", typed=["beacon", "yes"])
    assert done.returncode == 1
    assert f"'yes' is not '{BUCKET}': nothing was changed" in done.stderr
    assert f"bucket {BUCKET} WITH EVERY HIT IN IT" in done.stdout
    assert cli.changes == []


def test_with_the_data_nothing_is_left(cli):
    everything(cli)
    done = teardown(cli, "--delete-data", "--confirm", "beacon", "--confirm-data", BUCKET)
    assert done.returncode == 0, done.stderr
    assert cli.changes[: len(ALL_STACKS)] == ALL_STACKS
    assert cli.changes[len(ALL_STACKS):] == [
        f"aws s3api delete-objects --bucket {BUCKET} --region eu-west-1 --delete file://TMP.json",
        f"aws s3api delete-bucket --bucket {BUCKET} --region eu-west-1",
    ]
    handed_over = (cli.folder / "handed-over.json").read_text()
    assert all(f'"VersionId": "v{number}"' in handed_over for number in range(1, 6))
    assert BUCKET not in done.stdout.split("\nLeft:\n")[1]


def test_a_bucket_that_lets_nothing_go_ends_it(cli):
    nothing(cli)
    cli.answer(f"aws s3api list-object-versions --bucket {BUCKET} ", file="listing.json")
    cli.answer("aws s3api delete-objects", text='{"Errors": [{"Key": "errors/a", "VersionId": "v1", "Code": "AccessDenied", "Message": "Access Denied"}]}\n')
    done = teardown(cli, "--delete-data", "--bucket", BUCKET, "--confirm", "beacon", "--confirm-data", BUCKET)
    assert done.returncode == 1
    assert [change.split(" --")[0] for change in cli.changes] == ["aws s3api delete-objects"]
    assert '"Code": "AccessDenied"' in done.stdout
    assert f"error: bucket {BUCKET} keeps 5 objects and older versions: a pass over it removed none, and S3 says above why not" in done.stderr


def test_the_hits_of_a_stack_that_is_gone_can_go_too(cli):
    nothing(cli)
    lake(cli)
    done = teardown(cli, "--delete-data", "--bucket", BUCKET, "--confirm", "beacon", "--confirm-data", BUCKET)
    assert done.returncode == 0, done.stderr
    assert [change.split(" --")[0] for change in cli.changes] == ["aws s3api delete-objects", "aws s3api delete-bucket"]


def test_a_second_teardown_finds_nothing(cli):
    nothing(cli)
    done = teardown(cli, "--confirm", "beacon")
    assert done.returncode == 0, done.stderr
    assert "There is no stack beacon in eu-west-1, account 111122223333: nothing to remove." in done.stdout
    assert cli.changes == []


def test_a_bucket_that_is_gone_is_no_error(cli):
    nothing(cli)
    cli.answer("aws s3api list-object-versions", error="\nAn error occurred (NoSuchBucket) when calling the ListObjectVersions operation: The specified bucket does not exist\n")
    done = teardown(cli, "--delete-data", "--bucket", BUCKET, "--confirm", "beacon")
    assert done.returncode == 0, done.stderr
    assert f"bucket {BUCKET} is gone already" in done.stdout
    assert cli.changes == []


def test_logs_that_stay_are_listed_with_their_cost(cli):
    everything(cli)
    cli.rules = [rule for rule in cli.rules if rule.get("file") != "no-log-groups.json"]
    done = teardown(cli, "--confirm", "beacon")
    assert "  log group beacon-FunctionLogGroup-x1: 2.5 MB, less than 0.01 USD a month\n" in done.stdout
    assert "remove it: aws logs delete-log-group --log-group-name beacon-FunctionLogGroup-x1 --region eu-west-1\n" in done.stdout
    assert "  log group beacon-StreamStack-2DEF-StreamLogGroup-z3: 300.0 kB, less than 0.01 USD a month\n" in done.stdout


def test_a_stack_that_resists_ends_it(cli):
    everything(cli)
    cli.answer("aws cloudformation wait stack-delete-complete --stack-name beacon-edge", error="Waiter StackDeleteComplete failed\n", status=255)
    done = teardown(cli, "--confirm", "beacon")
    assert done.returncode == 1
    assert "stack beacon-edge was not deleted: `aws cloudformation describe-stack-events --stack-name beacon-edge --region us-east-1` says why" in done.stderr
    assert not any("--stack-name beacon " in change for change in cli.changes)


def test_a_dry_run_changes_nothing(cli):
    everything(cli)
    done = teardown(cli, "--delete-data", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert cli.changes == []
    shown = [line.removeprefix("would run: ") for line in done.stdout.splitlines() if line.startswith("would run: ")]
    assert shown[: len(ALL_STACKS)] == ALL_STACKS
    assert [line.split(" --")[0] for line in shown[len(ALL_STACKS):]] == ["aws s3api delete-objects", "aws s3api delete-bucket"]


def test_without_a_terminal_the_names_are_needed(cli):
    everything(cli)
    done = teardown(cli)
    assert done.returncode == 1
    assert "nothing can be asked: give --confirm beacon" in done.stderr
    assert cli.changes == []


def test_a_missing_tool_is_named(cli):
    (cli.tools / "aws").unlink()
    done = teardown(cli)
    assert done.returncode == 1
    assert "aws is not on PATH: install the AWS CLI" in done.stderr
