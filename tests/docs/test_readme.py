"""Runs each command of README.md unchanged, and compares its output with README.md."""

import re
import subprocess

import pytest

from conftest import ROOT
from serving import Serving, clean_environment

README = (ROOT / "README.md").read_text()
MOST_WORDS = 900

# Commands that need an installation, an account or a whole suite, and the file that runs them instead.
ELSEWHERE = {
    "cargo run -- demo": ("tests/demo.sh", "cargo run --locked -- demo"),
    "cargo test --workspace": (".ci/run", "cargo test --workspace --locked"),
    "sudo apt install ./beacon_amd64.deb": ("tests/package/installation.py", '"dpkg", "--install"'),
    "sudo -u beacon beacon query --lake /var/lib/beacon/lake top_pages":
        ("tests/package/test_lifecycle.py", '"beacon", "query", "--lake", "/var/lib/beacon/lake"'),
    "sudo tar -xzf beacon-x86_64-unknown-linux-gnu.tar.gz -C /usr/local/bin beacon": ("tests/package/test_release.py", "README.md's command"),
    "cargo binstall --manifest-path beacon/cli/Cargo.toml beacon-cli": ("tests/package/test_release.py", "def test_binstall_"),
    "cargo install --path beacon/cli --locked": (".github/workflows/release.yml", "cargo install --path beacon/cli --locked\n          beacon --version"),
    "infra/deploy": ("tests/deploy/test_deploy.py", '"deploy"'),
    "infra/teardown": ("tests/deploy/test_teardown.py", '"teardown"'),
}

# Parts of the output that differ between runs.
VARYING = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d\.\d{3})?", "TIME"),
]


def commands():
    """Returns the commands of the console blocks in order, each with its output."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip("\n")))
    return found


def test_it_is_short():
    words = len(README.split())
    assert words <= MOST_WORDS, f"README.md has {words} words"


def test_its_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        # GitHub shows README.md two levels below the repository's own address.
        assert target == "../../releases/latest" or (ROOT / target).exists(), target


@pytest.mark.parametrize("command", ELSEWHERE)
def test_a_command_that_is_run_elsewhere_is_run_there(command):
    path, text = ELSEWHERE[command]
    assert command in [found for found, _ in commands()]
    assert text in (ROOT / path).read_text(), path


def test_every_other_command_prints_what_it_shows(program, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/beacon").symlink_to(program)
    environment = clean_environment(BEACON_DASHBOARD_LISTEN="off")
    environment["PATH"] = f"{tmp_path / 'bin'}:{environment['PATH']}"
    tried, server = 0, None
    try:
        for command, expected in commands():
            if command in ELSEWHERE:
                continue
            tried += 1
            if command == "beacon serve &":
                server = Serving(program, ["--lake", tmp_path / "lake"], tmp_path / "serve.log", environment)
                continue
            here = command.replace("localhost:8080", f"localhost:{server.port('pixel')}") if server else command
            done = subprocess.run(["bash", "-c", here], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            if expected:
                assert plain(done.stdout) == plain(expected), command
    finally:
        if server:
            server.end()
    assert tried >= 8


def plain(text):
    text = "\n".join(line.rstrip() for line in text.replace("\r", "").strip().splitlines())
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    return text
