"""Calls to the AWS CLI and other programs for infra/deploy and infra/teardown: shown commands, prompts, stacks."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

# CloudFront's certificates and firewalls exist only there.
EDGE_REGION = "us-east-1"

TOOLS = {
    "aws": "install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "sam": "install the SAM CLI: pip install aws-sam-cli",
    "cargo": "install Rust: https://rustup.rs, or give a built function by --code-only --zip bootstrap-arm64.zip",
    "make": "install make: apt-get install make, or xcode-select --install",
}


class Stop(Exception):
    """Ends the program with a message for its user."""


class Commands:
    """Runs other programs. Prints commands that change something before running them; in a dry run, instead."""

    def __init__(self, dry_run, hidden=()):
        self.dry_run = dry_run
        self.hidden = list(hidden)

    def read(self, *command, absent=None):
        """Returns the JSON that a command prints; None if its error matches `absent`."""
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            return json.loads(done.stdout) if done.stdout.strip() else None
        if absent and re.search(absent, done.stderr):
            return None
        raise Stop(f"{self.shown(command)}\n{done.stderr.strip()}\n{hint(done.stderr)}".rstrip())

    def change(self, *command, environment=None):
        """Runs a command that changes something, with its output on the terminal. Returns whether it succeeded."""
        settings = "".join(f"{name}={shlex.quote(value)} " for name, value in (environment or {}).items())
        print(f"{'would run' if self.dry_run else 'run'}: {settings}{self.shown(command)}", flush=True)
        if self.dry_run:
            return True
        return subprocess.run(command, env=os.environ | (environment or {})).returncode == 0

    def must_change(self, *command, environment=None):
        if not self.change(*command, environment=environment):
            raise Stop(f"failed: {self.shown(command)}")

    def shown(self, command):
        text = shlex.join(command)
        for secret in self.hidden:
            text = text.replace(secret, "***")
        return text


def hint(error):
    """Returns advice on the errors that beginners meet."""
    if "Unable to locate credentials" in error or "NoCredentials" in error:
        return "no AWS credentials: run `aws configure sso` or set AWS_PROFILE"
    if "ExpiredToken" in error or "Token has expired" in error:
        return "the AWS credentials have expired: run `aws sso login`"
    if "AccessDenied" in error or "is not authorized to perform" in error:
        return "this AWS identity may not do that: use another profile (AWS_PROFILE) or ask for the right"
    return ""


def require(*tools):
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        raise Stop("\n".join(f"{tool} is not on PATH: {TOOLS[tool]}" for tool in missing))


def account(commands, region):
    # Without a region the AWS CLI refuses even this where none is configured.
    return commands.read("aws", "sts", "get-caller-identity", "--region", region, "--output", "json")["Account"]


def read_stack(commands, name, region):
    """Returns a stack with its status, parameters and outputs by name; None if it does not exist."""
    answer = commands.read("aws", "cloudformation", "describe-stacks", "--stack-name", name, "--region", region,
                           "--output", "json", absent="does not exist")
    if answer is None:
        return None
    stack = answer["Stacks"][0]
    return {
        "name": name,
        "region": region,
        "status": stack["StackStatus"],
        "parameters": {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])},
        "outputs": {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
    }


def is_interactive():
    return sys.stdin.isatty()


def ask(question, default="", allowed=(), refusal=None):
    """Reads a line from the terminal; Enter takes the default. `refusal` returns why an answer is invalid, or None."""
    shown = f" [{default}]" if default else ""
    while True:
        try:
            answer = input(f"{question}{shown}: ").strip() or default
        except EOFError:
            raise Stop("no answer: run in a terminal, or give flags and --yes") from None
        if allowed and answer not in allowed:
            print(f"{answer!r} is none of {', '.join(allowed)}")
            continue
        refused = refusal(answer) if refusal else None
        if refused is None:
            return answer
        print(refused)


def main(work):
    """Runs `work`; turns `Stop` and Ctrl-C into a message and an exit status."""
    try:
        work()
    except Stop as stop:
        print(f"\nerror: {stop}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nerror: interrupted; run the same command again, it goes on where this one ended", file=sys.stderr)
        sys.exit(130)
