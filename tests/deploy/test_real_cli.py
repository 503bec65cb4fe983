"""The real AWS command line: every call makes sense to it, and a teardown against moto removes what it says."""

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aws_services import CREDENTIALS, aws_services
from conftest import PATIENCE_SECONDS, ROOT
from test_teardown import BUCKET, everything

AWS = Path(sys.executable).parent / "aws"
ONE_TRY = {"AWS_MAX_ATTEMPTS": "1"}

# A stack with the outputs and the kinds of leftovers of infra/template.yaml.
TEMPLATE = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "lake"}},
        "FunctionLogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "beacon-logs"}},
    },
    "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}}},
}


def test_every_call_is_one_of_the_real_command_line(cli):
    """Against a port where nobody listens, a call that is understood ends in a connection, any other before it."""
    everything(cli)
    archive = cli.folder / "bootstrap.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("bootstrap", "x")
    for program, *arguments in (
        ["deploy", "--yes", "--publish-example", "--domain", "b.blog.example", "--edge", "--rotate-secret"],
        ["deploy", "--yes", "--code-only", "--zip", str(archive)],
        ["teardown", "--delete-data", "--confirm", "beacon", "--confirm-data", BUCKET],
    ):
        done = cli.run(program, "--region", "eu-west-1", *arguments)
        assert done.returncode == 0, done.stderr
    cli.rules.insert(0, {"call": "sam deploy", "status": 1})
    cli.answer("aws cloudformation describe-stack-events", file="failed-events.json")
    assert cli.run("deploy", "--yes", "--region", "eu-west-1").returncode == 1

    calls = {line for line in (cli.folder / "calls").read_text().splitlines() if line.startswith("aws ")}
    calls = {re.sub(r"/tmp/tmp\w+(\.\w+)", rf"{cli.folder}/handed-over\1", call) for call in calls}
    assert len(calls) > 20
    environment = CREDENTIALS | ONE_TRY | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HOME": str(cli.folder), "PATH": os.environ["PATH"]}
    for call in sorted(calls):
        command = shlex.split(call)
        done = subprocess.run([AWS, *command[1:]], env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        assert "Could not connect to the endpoint URL" in done.stdout + done.stderr, f"{call}\n{done.stderr}"


@pytest.fixture
def moto():
    with aws_services() as variables:
        yield variables | ONE_TRY | {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}


def test_a_teardown_removes_what_it_says_and_no_more(moto, tmp_path):
    environment = moto | {"HOME": str(tmp_path), "PATH": f"{AWS.parent}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*command):
        return subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_SECONDS)

    def aws(*arguments):
        done = run(AWS, *arguments, "--output", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    def teardown(*arguments):
        done = run(sys.executable, ROOT / "infra" / "teardown", "--stack", "beacon", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    aws("cloudformation", "create-stack", "--stack-name", "beacon", "--template-body", json.dumps(TEMPLATE))
    # The template's VersioningConfiguration, which moto passes over.
    aws("s3api", "put-bucket-versioning", "--bucket", "lake", "--versioning-configuration", "Status=Enabled")
    hit = tmp_path / "hit.parquet"
    for content in ("first", "second"):
        hit.write_text(content)
        aws("s3api", "put-object", "--bucket", "lake", "--key", "hits/year=2026/a.parquet", "--body", str(hit))
    aws("s3api", "put-object", "--bucket", "lake", "--key", "errors/b", "--body", str(hit))
    aws("s3api", "delete-object", "--bucket", "lake", "--key", "errors/b")

    said = teardown("--confirm", "beacon")
    assert "bucket lake: 3 objects and older versions, 17 bytes (errors/ 6 bytes, hits/ 11 bytes), less than 0.01 USD a month" in said
    assert "does not exist" in run(AWS, "cloudformation", "describe-stacks", "--stack-name", "beacon").stderr
    assert [group["logGroupName"] for group in aws("logs", "describe-log-groups")["logGroups"]] == []
    assert len(aws("s3api", "list-object-versions", "--bucket", "lake")["Versions"]) == 3

    assert "nothing to remove" in teardown("--confirm", "beacon")

    teardown("--delete-data", "--bucket", "lake", "--confirm", "beacon", "--confirm-data", "lake")
    assert aws("s3api", "list-buckets")["Buckets"] == []
    assert "is gone already" in teardown("--delete-data", "--bucket", "lake", "--confirm", "beacon")
