"""How `sam build` makes the functions: its own builder runs the Makefile, between a compiler that only notes how it
was called.

That the real compiler's program starts on Amazon Linux 2023 is what tests/glibc.sh shows.
"""

import subprocess

import pytest
from aws_lambda_builders.builder import LambdaBuilder
from aws_lambda_builders.exceptions import WorkflowFailedError
from conftest import INFRA

TRIPLES = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
OTHER = {"arm64": "x86_64", "x86_64": "arm64"}

# Notes its arguments and leaves a program where cargo would: $FAKE_PROGRAM, by default one without a C library.
FAKE_CARGO = """#!/bin/sh
set -eu
echo "$PWD: cargo $*" >> "$CALLS"
for argument; do
    case $argument in *-linux-gnu.*) folder=${argument%.2.34}/ ;; esac
done
mkdir -p "$CARGO_TARGET_DIR/${folder:-}lambda"
case $* in *"--bin dashboard-bootstrap "*) program=dashboard-bootstrap ;; *) program=bootstrap ;; esac
printf '%s\\n' "$*" > "$CARGO_TARGET_DIR/${folder:-}lambda/$program"
"""
FAKE_RUSTC = """#!/bin/sh
printf 'rustc 1.95.0\\nhost: %s\\nrelease: 1.95.0\\n' "$HOST"
"""
# What objdump says of a program: which C library's symbols it asks for.
FAKE_OBJDUMP = """#!/bin/sh
echo "0000000000000000      DF *UND*  0000000000000000 (GLIBC_$GLIBC_OF_HOST) memcpy"
"""


@pytest.fixture
def build(tmp_path, monkeypatch, templates):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in (("cargo", FAKE_CARGO), ("rustc", FAKE_RUSTC), ("objdump", FAKE_OBJDUMP)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    monkeypatch.setenv("GLIBC_OF_HOST", "2.34")
    artifacts = tmp_path / "artifacts"

    def run(host, function_id="Function", **environment):
        (function,) = (template["Resources"][function_id] for template in templates.values() if function_id in template["Resources"])
        monkeypatch.setenv("HOST", TRIPLES[host])
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        LambdaBuilder("provided", None, None).build(
            source_dir=str((INFRA / function["Properties"]["CodeUri"]).resolve()),
            artifacts_dir=str(artifacts),
            scratch_dir=str(tmp_path / "scratch"),
            manifest_path=str((INFRA / function["Metadata"]["ContextPath"] / "Makefile").resolve()),
            runtime=function["Properties"]["Runtime"],
            options={"build_logical_id": function_id},
            architecture=environment.get("ARCHITECTURE", "arm64"),
        )
        assert [path.name for path in artifacts.iterdir()] == ["bootstrap"]
        return (tmp_path / "calls").read_text().strip()

    return run


PACKAGE = "--locked --package beacon-lambda --bin bootstrap --profile lambda"


@pytest.mark.parametrize("architecture", TRIPLES)
def test_plain_cargo_builds_for_its_own_architecture(build, architecture):
    assert build(architecture, ARCHITECTURE=architecture) == f"{INFRA.parent}: cargo build {PACKAGE}"


@pytest.mark.parametrize("architecture", TRIPLES)
def test_zigbuild_builds_for_the_other_against_the_right_glibc(build, architecture):
    called = build(OTHER[architecture], ARCHITECTURE=architecture)
    assert called == f"{INFRA.parent}: cargo zigbuild {PACKAGE} --target {TRIPLES[architecture]}.2.34"


@pytest.mark.parametrize("host", TRIPLES)
def test_the_dashboard_is_another_program_under_the_same_name(build, host, tmp_path):
    called = build(host, "DashboardFunction", ARCHITECTURE="arm64")
    assert "--locked --package beacon-dashboard-lambda --bin dashboard-bootstrap --profile lambda" in called
    assert "dashboard-bootstrap" in (tmp_path / "artifacts" / "bootstrap").read_text()


def test_the_default_is_the_template_s(build, templates):
    assert templates["template.yaml"]["Parameters"]["Architecture"]["Default"] == "arm64"
    assert build("arm64").endswith(f"cargo build {PACKAGE}")


def test_zigbuild_can_be_asked_for(build):
    called = build("x86_64", ARCHITECTURE="x86_64", COMPILER="cargo-zigbuild")
    assert called.endswith("--target x86_64-unknown-linux-gnu.2.34")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"GLIBC_OF_HOST": "2.38"}, "asks for glibc 2.38, newer than 2.34"),
        ({"GLIBC_OF_HOST": "2.38"}, "set COMPILER=cargo-zigbuild to build for glibc 2.34"),
        ({"ARCHITECTURE": "riscv64"}, 'ARCHITECTURE is "riscv64": set arm64 or x86_64'),
        ({"ARCHITECTURE": "x86_64", "COMPILER": "cargo"}, "set cargo-zigbuild for x86_64"),
        ({"COMPILER": "gcc"}, 'COMPILER is "gcc": set cargo or cargo-zigbuild'),
    ],
)
def test_what_would_not_start_is_not_built(build, environment, message, capfd):
    with pytest.raises(WorkflowFailedError) as error:
        build("arm64", **environment)
    assert message in str(error.value) + capfd.readouterr().err


def test_make_is_there():
    """Which the others need, and the builder would only say that the workflow failed."""
    assert subprocess.run(["make", "--version"], check=True, capture_output=True).stdout
