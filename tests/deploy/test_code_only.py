"""infra/deploy --code-only: the calls that build, pack and upload the functions."""

import shutil
import zipfile

from calls import absent_until_deployed, deploy, present

UPDATE = ("aws lambda update-function-code --function-name {function} --zip-file fileb://{archive} "
          "--architectures arm64 --region eu-west-1 --query CodeSha256 --output text")
WAIT = "aws lambda wait function-updated --function-name {function} --region eu-west-1"
FUNCTION, DASHBOARD = "beacon-Function-a1B2c3D4e5F6", "beacon-DashboardFunction-g7H8i9J0k1L2"


def test_code_only_builds_packs_and_waits(cli):
    present(cli)
    # The stand-in for make makes nothing, so the zip is given.
    archive = cli.folder / "bootstrap-arm64.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("bootstrap", "x")
    done = deploy(cli, "--code-only", "--zip", str(archive))
    assert done.returncode == 0, done.stderr
    assert cli.changes == [
        f"aws lambda update-function-code --function-name beacon-Function-a1B2c3D4e5F6 --zip-file fileb://{archive} "
        "--architectures arm64 --region eu-west-1 --query CodeSha256 --output text",
        "aws lambda wait function-updated --function-name beacon-Function-a1B2c3D4e5F6 --region eu-west-1",
    ]


def make_that_builds(cli):
    script = 'for each; do case $each in ARTIFACTS_DIR=*) mkdir -p "${each#*=}"; printf "built for $ARCHITECTURE" > "${each#*=}/bootstrap";; esac; done'
    (cli.tools / "make").unlink()
    (cli.tools / "make").write_text(f"#!/bin/sh\n{script}\n")
    (cli.tools / "make").chmod(0o755)
    (cli.tools / "mkdir").symlink_to(shutil.which("mkdir"))


def test_code_only_updates_the_dashboard_from_a_build_of_its_own(cli):
    make_that_builds(cli)
    present(cli, "stack-beacon-with-dashboard.json")
    done = deploy(cli, "--code-only")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if "make" in line and "build-DashboardFunction ARTIFACTS_DIR=" in line]
    assert cli.changes == [
        UPDATE.format(function=FUNCTION, archive="TMP/Function/bootstrap.zip"),
        WAIT.format(function=FUNCTION),
        UPDATE.format(function=DASHBOARD, archive="TMP/DashboardFunction/bootstrap.zip"),
        WAIT.format(function=DASHBOARD),
    ]


def test_code_only_takes_a_zip_for_each_and_says_which_keeps_its_code(cli):
    present(cli, "stack-beacon-with-dashboard.json")
    for name in ("bootstrap-arm64.zip", "dashboard-arm64.zip"):
        (cli.folder / name).write_bytes(b"zip")
    function, dashboard = ["--zip", str(cli.folder / "bootstrap-arm64.zip")], ["--dashboard-zip", str(cli.folder / "dashboard-arm64.zip")]
    done = deploy(cli, "--code-only", *function)
    assert done.returncode == 0, done.stderr
    assert cli.changes == [UPDATE.format(function=FUNCTION, archive=function[1]), WAIT.format(function=FUNCTION)]
    assert f"Dashboard:     {DASHBOARD} keeps its code: --dashboard-zip dashboard-arm64.zip updates it too" in done.stdout

    done = deploy(cli, "--code-only", *function, *dashboard)
    assert done.returncode == 0, done.stderr
    assert cli.changes[4:] == [UPDATE.format(function=DASHBOARD, archive=dashboard[1]), WAIT.format(function=DASHBOARD)]
    assert "keeps its code" not in done.stdout


def test_a_zip_for_no_dashboard_or_that_is_not_there_changes_nothing(cli):
    present(cli)
    archive = cli.folder / "bootstrap-arm64.zip"
    archive.write_bytes(b"zip")
    done = deploy(cli, "--code-only", "--zip", str(archive), "--dashboard-zip", str(archive))
    assert done.returncode == 1
    assert "stack beacon in eu-west-1 has no dashboard; --parameter Dashboard=on makes one" in done.stderr
    done = deploy(cli, "--code-only", "--zip", str(cli.folder / "gone.zip"))
    assert f"{cli.folder}/gone.zip is not there: give the path of a zip with `bootstrap` in it" in done.stderr
    assert cli.changes == []


def test_code_only_packs_what_make_built_so_that_lambda_may_start_it(cli):
    present(cli)
    make_that_builds(cli)
    done = deploy(cli, "--code-only")
    assert done.returncode == 0, done.stderr
    assert "--zip-file fileb://TMP/Function/bootstrap.zip --architectures arm64" in cli.changes[0]
    with zipfile.ZipFile(cli.folder / "handed-over.zip") as file:
        assert file.namelist() == ["bootstrap"]
        assert file.read("bootstrap") == b"built for arm64"
        assert file.infolist()[0].external_attr >> 16 == 0o100755


def test_a_zip_without_a_program_is_not_uploaded(cli):
    present(cli)
    archive = cli.folder / "source.zip"
    for name in ("README.md", "build/bootstrap"):
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(name, "x")
        done = deploy(cli, "--code-only", "--zip", str(archive))
        assert done.returncode == 1
        assert f"{archive} has no `bootstrap` at its root, which Lambda starts: give bootstrap-arm64.zip" in done.stderr
    assert cli.changes == []


def test_code_only_needs_a_stack(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--code-only")
    assert done.returncode == 1
    assert "there is no stack beacon in eu-west-1 whose code could be updated" in done.stderr
    assert cli.changes == []
