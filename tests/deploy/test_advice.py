"""infra/deploy: the advice when something is missing or fails."""

from calls import BUILD, EDGE, GIF, ORIGIN, SAM, absent_until_deployed, deploy, present


def test_missing_tools_are_all_named_before_anything_happens(cli):
    for tool in ("sam", "cargo"):
        (cli.tools / tool).unlink()
    done = deploy(cli)
    assert done.returncode == 1
    assert "sam is not on PATH: install the SAM CLI: pip install aws-sam-cli" in done.stderr
    assert "cargo is not on PATH: install Rust" in done.stderr
    assert cli.calls == []


def test_missing_credentials_come_with_advice(cli):
    cli.rules.clear()
    cli.answer("aws sts", error="\nUnable to locate credentials. You can configure credentials by running \"aws configure\".\n")
    done = deploy(cli)
    assert done.returncode == 1
    assert "run `aws configure sso` or set AWS_PROFILE" in done.stderr
    assert cli.changes == []


def test_a_failed_deploy_says_what_failed_first(cli):
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1")
    cli.answer("sam deploy", error="Error: Failed to create/update the stack\n", status=1)
    cli.answer("aws cloudformation describe-stack-events --stack-name beacon", file="failed-events.json")
    done = deploy(cli, "--edge")
    assert done.returncode == 1
    assert "error: the stack was not deployed:\n  Stream: Firehose is unable to assume role\n  Function: Resource creation cancelled\n" in done.stderr
    assert not any("edge.yaml" in call or "s3 cp" in call for call in cli.calls)


def test_a_failed_build_ends_it(cli):
    absent_until_deployed(cli)
    cli.answer("sam build", error="Build Failed\n", status=1)
    done = deploy(cli)
    assert done.returncode == 1
    assert "failed: sam build" in done.stderr
    assert cli.changes == [BUILD]


def test_a_stack_that_cannot_be_updated_is_explained(cli):
    present(cli, "stack-beacon-rolled-back.json")
    done = deploy(cli)
    assert done.returncode == 1
    assert "ROLLBACK_COMPLETE, which cannot be updated: remove it by `aws cloudformation delete-stack --stack-name beacon --region eu-west-1`" in done.stderr
    assert cli.changes == []


def test_a_first_deploy_that_was_interrupted_goes_on(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", after="sam deploy")
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", status="REVIEW_IN_PROGRESS")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", after="aws cloudformation deploy")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", status="REVIEW_IN_PROGRESS")
    done = deploy(cli, "--edge", "--no-example")
    assert done.returncode == 0, done.stderr
    assert cli.changes == [BUILD, SAM + """ --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="SECRET"'""",
                           f"{EDGE} OriginDomain={ORIGIN} OriginSecret=SECRET", GIF]
    assert "New stack beacon in eu-west-1" in done.stdout and "new stack beacon-edge" in done.stdout


def test_the_code_of_an_interrupted_first_deploy_cannot_be_updated(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", status="REVIEW_IN_PROGRESS")
    done = deploy(cli, "--code-only")
    assert done.returncode == 1
    assert "there is no stack beacon in eu-west-1 whose code could be updated" in done.stderr
