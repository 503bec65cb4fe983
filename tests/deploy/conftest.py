"""infra/deploy and infra/teardown with stand-ins for the programs that they call."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
PATIENCE_SECONDS = 120

# Calls that change nothing, anywhere.
READING = re.compile(r"aws (sts get-caller-identity|cloudformation (describe|get|list)-|logs describe-|s3api (list|head|get)-)")

# What CloudFormation says of a stack that is not there.
ABSENT = "\nAn error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id x does not exist\n"


class Cli:
    """One folder of stand-ins; `rules` say what they answer, `calls` what they were asked."""

    def __init__(self, folder):
        self.folder = folder
        self.tools = folder / "bin"
        self.tools.mkdir()
        for tool in ("aws", "sam", "cargo", "make"):
            (self.tools / tool).symlink_to(HERE / "fake")
        (self.tools / "python3").symlink_to(sys.executable)
        self.rules = []

    def answer(self, call, **answer):
        self.rules.append({"call": call} | answer)

    def stack(self, name, region, file=None, parameters=None, status=None, **when):
        """What describe-stacks answers: the recorded `file`, with other `parameters` and `status` where they are given."""
        call = f"aws cloudformation describe-stacks --stack-name {name} --region {region} "
        if parameters or status:
            self.answer(call, text=changed(file, parameters or {}, status), **when)
        else:
            self.answer(call, **({"file": file} if file else {"error": ABSENT}), **when)

    def run(self, program, *arguments, typed=None):
        """Runs it; where `typed` is given, at a terminal at which somebody types these lines."""
        (self.folder / "scenario.json").write_text(json.dumps(self.rules))
        environment = {"PATH": str(self.tools), "FAKE_FOLDER": str(self.folder), "HOME": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        terminal, end = pty.openpty() if typed is not None else (None, subprocess.DEVNULL)
        try:
            if typed is not None:
                os.write(terminal, "".join(f"{line}\n" for line in typed).encode())
            done = subprocess.run([sys.executable, str(ROOT / "infra" / program), *arguments], stdin=end, env=environment,
                                  capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        finally:
            if typed is not None:
                os.close(terminal)
                os.close(end)
        return done

    @property
    def calls(self):
        """As made, but for what differs from run to run: folders and secrets."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [plain(line) for line in lines]

    @property
    def changes(self):
        return [line for line in self.calls if not READING.match(line)]


def changed(file, parameters, status):
    answer = json.loads((HERE / "answers" / file).read_text())
    (stack,) = answer["Stacks"]
    stack["Parameters"] = [each for each in stack["Parameters"] if each["ParameterKey"] not in parameters]
    stack["Parameters"] += [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    stack["StackStatus"] = status or stack["StackStatus"]
    return json.dumps(answer)


def plain(text):
    text = text.replace(f"{ROOT}/", "").replace(str(ROOT), ".")
    text = re.sub(r"/tmp/tmp\w+", "TMP", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "SECRET", text)


@pytest.fixture
def cli(tmp_path):
    cli = Cli(tmp_path)
    cli.answer("aws sts get-caller-identity", file="caller.json")
    return cli


