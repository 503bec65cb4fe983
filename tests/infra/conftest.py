"""The templates under test."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from stack import REGION, load_all

INFRA = Path(__file__).resolve().parents[2] / "infra"

# The transform asks boto3 for the region, and nothing else of it.
os.environ["AWS_DEFAULT_REGION"] = REGION


@pytest.fixture(scope="session")
def templates_as_read():
    return load_all(INFRA)


@pytest.fixture
def templates(templates_as_read):
    """Each test's own copy, by file name."""
    return copy.deepcopy(templates_as_read)


def lint(path):
    """cfn-lint's findings, each as its id and message."""
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", "--", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Its status has a bit for each severity found; anything else is a failure of its own.
    assert done.returncode & ~0b1110 == 0 and done.stdout.strip(), done.stderr
    return [f"{finding['Rule']['Id']} {finding['Message']}" for finding in json.loads(done.stdout)]
