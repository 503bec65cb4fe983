"""Programs under test and the S3 that they talk to; all on loopback."""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from aws_services import aws_services, resource  # noqa: E402
from serving import Serving, clean_environment  # noqa: E402

PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def beacon_program():
    """The `beacon` command that `run` has built or was given."""
    return Path(os.environ["BEACON"])


@pytest.fixture(scope="session")
def aws():
    """An S3 endpoint, and the environment that points every AWS client at it."""
    with aws_services() as variables:
        yield variables


@pytest.fixture
def bucket(aws):
    """A fresh bucket, by its boto3 resource."""
    return resource("s3", aws["AWS_ENDPOINT_URL"]).create_bucket(Bucket=f"lake-{uuid.uuid4()}")


@pytest.fixture
def serve(beacon_program, aws, tmp_path):
    """Starts `beacon serve` with more arguments; every one still running is ended after the test."""
    running = []

    def start(*arguments):
        server = Serve(beacon_program, aws, tmp_path, arguments)
        running.append(server)
        return server

    yield start
    for server in running:
        server.end()


class Serve(Serving):
    def __init__(self, program, environment, folder, arguments):
        self.program, self.spool = program, folder / "spool"
        listeners = ["--dashboard-listen", "off", "--firehose-listen", "127.0.0.1:0", "--spool", self.spool]
        super().__init__(program, [*listeners, *arguments], folder / "serve.log", clean_environment(**environment))
        self.firehose_port = self.port("firehose")

    def run(self, *arguments):
        command = [str(part) for part in [self.program, *arguments]]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)

    def query(self, lake, sql):
        done = self.run("query", "--lake", lake, "--spool", self.spool, "--output", "json", sql)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def wait_until(holds, why):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, why()
        time.sleep(0.02)
