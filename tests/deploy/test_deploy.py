"""infra/deploy: each run's calls, whole and in order."""

import re
import shutil
import zipfile

from conftest import ROOT

BUILD = "sam build --template-file infra/template.yaml --build-dir target/sam"
SAM = ("sam deploy --template-file target/sam/template.yaml --stack-name beacon --region eu-west-1 --resolve-s3 "
       "--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-confirm-changeset --no-fail-on-empty-changeset --tags application=beacon")
EDGE = ("aws cloudformation deploy --template-file infra/edge.yaml --stack-name beacon-edge --region us-east-1 "
        "--no-fail-on-empty-changeset --tags application=beacon --parameter-overrides")
EXAMPLE = ("aws cloudformation deploy --template-file infra/example.yaml --stack-name beacon-example --region eu-west-1 "
           "--no-fail-on-empty-changeset --tags application=beacon")
ORIGIN = "abcdefghijklmnop.lambda-url.eu-west-1.on.aws"
PAGE = ("aws s3 cp TMP.html s3://{bucket}/beacon-example/index.html --region {region} "
        "--content-type 'text/html; charset=utf-8' --cache-control no-cache --only-show-errors")
GIF = ("aws s3 cp TMP.gif s3://beacon-edge-errorbucket-9z8y7x/beacon-error/pixel.gif --region us-east-1 "
       "--content-type image/gif --cache-control 'no-cache, no-store, must-revalidate, private, max-age=0' --only-show-errors")


def absent_until_deployed(cli, beacon="stack-beacon.json"):
    cli.stack("beacon", "eu-west-1", beacon, after="sam deploy")
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", after="aws cloudformation deploy --template-file " + str(ROOT / "infra/edge.yaml"))
    cli.stack("beacon-edge", "us-east-1")
    cli.stack("beacon-example", "eu-west-1", "stack-example.json", after="aws cloudformation deploy")


def present(cli, beacon="stack-beacon.json", edge=None, **parameters):
    cli.stack("beacon", "eu-west-1", beacon, parameters)
    cli.stack("beacon-edge", "us-east-1", edge)


def deploy(cli, *arguments, typed=None):
    return cli.run("deploy", *(("--yes",) if typed is None else ()), "--region", "eu-west-1", *arguments, typed=typed)


def test_a_first_deploy_prints_both_addresses(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--sites", "blog.example,*.shop.example,example", "--format", "orc")
    assert done.returncode == 0, done.stderr
    assert cli.changes == [
        BUILD,
        SAM + """ --parameter-overrides 'Format="orc"' 'Sites="blog.example,*.shop.example,example"'""",
        EXAMPLE,
        PAGE.format(bucket="beacon-example-bucket-5v4u3t", region="eu-west-1"),
    ]
    assert f"Pixel:         https://{ORIGIN}/stats/pixel.gif\n" in done.stdout
    assert "Example page:  https://d222222abcdef8.cloudfront.net/beacon-example/index.html\n" in done.stdout
    page = (cli.folder / "handed-over.html").read_text()
    assert f'<img src="https://{ORIGIN}/stats/pixel.gif?' in page
    assert "{{" not in page


def test_a_page_whose_hits_would_be_ignored_is_not_published(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--sites", "blog.example,*.shop.example")
    assert done.returncode == 0, done.stderr
    assert cli.changes == [BUILD, SAM + """ --parameter-overrides 'Sites="blog.example,*.shop.example"'"""]
    assert "not published: its hits are of the site `example`, which Sites 'blog.example,*.shop.example' leaves out: add example to it" in done.stdout


def test_nor_is_it_where_the_stack_remembers_its_sites(cli):
    present(cli, Sites="blog.example")
    done = deploy(cli, "--publish-example")
    assert done.returncode == 1
    assert "--publish-example: its hits are of the site `example`, which Sites 'blog.example' leaves out" in done.stderr
    assert cli.changes == []


def test_the_function_is_built_for_its_architecture(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--architecture", "x86_64", "--no-example")
    assert done.returncode == 0, done.stderr
    assert "run: ARCHITECTURE=x86_64 sam build" in done.stdout
    assert cli.changes[1:] == [SAM + """ --parameter-overrides 'Architecture="x86_64"'"""]
    assert "not published" in done.stdout


def test_a_second_deploy_keeps_what_is_not_given(cli):
    present(cli)
    done = deploy(cli)
    assert done.returncode == 0, done.stderr
    assert cli.changes == [BUILD, SAM]
    assert "Update of stack beacon" in done.stdout


def test_a_value_may_have_spaces_and_be_empty(cli):
    present(cli)
    done = deploy(cli, "--parameter", "CrawlerSchedule=cron(15 2 * * ? *)", "--alarm-email", "")
    assert done.returncode == 0, done.stderr
    assert cli.changes[1] == SAM + """ --parameter-overrides 'AlarmEmail=""' 'CrawlerSchedule="cron(15 2 * * ? *)"'"""


HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o"


def test_a_dashboard_gets_a_key_and_neither_it_nor_the_hash_is_shown(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--no-example", "--parameter", "Dashboard=on", "--parameter", f"DashboardPasswordHash={HASH}")
    assert done.returncode == 0, done.stderr
    assert cli.changes[1] == SAM + f""" --parameter-overrides 'Dashboard="on"' 'DashboardPasswordHash="{HASH}"' 'DashboardKey="SECRET"'"""
    (key,) = set(re.findall(r"\b[0-9a-f]{64}\b", (cli.folder / "calls").read_text()))
    assert key not in done.stdout + done.stderr
    assert HASH not in done.stdout + done.stderr


def test_a_dashboard_without_a_password_is_not_deployed(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--parameter", "Dashboard=on")
    assert done.returncode != 0
    assert "run `beacon dashboard-password`" in done.stderr
    assert cli.changes == []


def test_a_new_edge_shares_a_secret_with_the_beacon(cli):
    absent_until_deployed(cli)
    done = deploy(cli, "--edge", "--domain", "b.blog.example", "--hosted-zone", "Z0123456789ABCDEFGHIJ")
    assert done.returncode == 0, done.stderr
    assert cli.changes == [
        BUILD,
        SAM + """ --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="SECRET"'""",
        f"{EDGE} OriginDomain={ORIGIN} DomainName=b.blog.example HostedZoneId=Z0123456789ABCDEFGHIJ OriginSecret=SECRET",
        GIF,
        PAGE.format(bucket="beacon-edge-errorbucket-9z8y7x", region="us-east-1"),
    ]
    secrets = set(re.findall(r"\b[0-9a-f]{64}\b", (cli.folder / "calls").read_text()))
    assert len(secrets) == 1
    assert not any(secret in done.stdout + done.stderr for secret in secrets)
    assert "Pixel:         https://d111111abcdef8.cloudfront.net/stats/pixel.gif\n" in done.stdout
    assert "Example page:  https://d111111abcdef8.cloudfront.net/beacon-example/index.html\n" in done.stdout
    assert 'src="https://d111111abcdef8.cloudfront.net/stats/pixel.gif?' in (cli.folder / "handed-over.html").read_text()


def test_the_image_for_errors_is_the_beacons_own(cli):
    absent_until_deployed(cli)
    deploy(cli, "--edge", "--no-example")
    assert (cli.folder / "handed-over.gif").read_bytes() == (ROOT / "beacon/core/src/pixel.gif").read_bytes()


def test_an_edge_goes_along_and_keeps_its_secret(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json")
    done = deploy(cli)
    assert done.returncode == 0, done.stderr
    assert cli.changes == [BUILD, SAM, f"{EDGE} OriginDomain={ORIGIN}", GIF]


def test_a_rotated_secret_reaches_both(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json")
    deploy(cli, "--edge", "--rotate-secret")
    # While the edge spreads, parts of it send the old secret, and their hits count too.
    assert cli.changes[1:5] == [SAM + """ --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="SECRET"' 'RequireOriginSecret="off"'""",
                                f"{EDGE} OriginDomain={ORIGIN} OriginSecret=SECRET", GIF,
                                SAM + """ --parameter-overrides 'RequireOriginSecret="on"'"""]


def test_a_beacon_that_answers_everybody_goes_on_to_while_its_secret_is_rotated(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json", RequireOriginSecret="off")
    deploy(cli, "--edge", "--rotate-secret")
    assert cli.changes[1:] == [SAM + """ --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="SECRET"'""",
                               f"{EDGE} OriginDomain={ORIGIN} OriginSecret=SECRET", GIF]


def test_an_edge_before_a_beacon_that_pages_name_already_closes_nothing(cli):
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", after="aws cloudformation deploy")
    present(cli)
    done = deploy(cli, "--edge")
    assert done.returncode == 0, done.stderr
    assert cli.changes[1] == SAM + """ --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="SECRET"' 'RequireOriginSecret="off"'"""
    assert "When all of them name the edge: --parameter RequireOriginSecret=on" in done.stdout


def test_who_gives_it_decides_whether_requests_around_the_edge_are_answered(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json")
    deploy(cli, "--parameter", "RequireOriginSecret=off")
    assert cli.changes[1] == SAM + """ --parameter-overrides 'RequireOriginSecret="off"'"""


def test_a_secret_by_hand_is_refused_where_it_would_reach_one_side_only_and_is_not_shown(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json")
    secret = "ByHand" * 8
    for side, arguments in (("edge", ["--edge", "--edge-parameter"]), ("beacon", ["--edge", "--parameter"]), ("beacon", ["--parameter"])):
        done = deploy(cli, *arguments, f"OriginSecret={secret}")
        assert done.returncode == 1
        assert f"OriginSecret=… would reach the {side} alone, and the two would no longer agree: --edge --rotate-secret gives both a new one" in done.stderr
        assert secret not in done.stdout + done.stderr
    assert cli.changes == []


def test_a_secret_by_hand_is_for_an_edge_of_ones_own(cli):
    present(cli)
    done = deploy(cli, "--parameter", "Trust=cloudfront", "--parameter", f"OriginSecret={'ByHand' * 8}")
    assert done.returncode == 0, done.stderr
    assert cli.changes[1] == SAM + f""" --parameter-overrides 'Trust="cloudfront"' 'OriginSecret="{"ByHand" * 8}"'"""
    assert "ByHand" not in done.stdout + done.stderr


def test_an_edge_whose_beacon_is_new_gets_a_new_secret(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon.json", after="sam deploy")
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json")
    deploy(cli, "--no-example")
    assert cli.changes[2] == f"{EDGE} OriginDomain={ORIGIN} OriginSecret=SECRET"


def test_the_edge_passes_posts_to_the_alias_of_track(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json", Paths="/i.gif=gif, /t = track,/a.js=client", BasePath="stats")
    done = deploy(cli)
    assert done.returncode == 0, done.stderr
    assert cli.changes[2] == f"{EDGE} OriginDomain={ORIGIN} 'TrackPath=*/t' 'ClientPath=*/a.js'"


def test_an_edge_whose_patterns_fit_keeps_them(cli):
    cli.stack("beacon", "eu-west-1", "stack-beacon-with-edge.json", {"Paths": "/t1=track,/t2=track,/api/track=track", "BasePath": "stats"})
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", {"TrackPath": "/stats/t*"})
    done = deploy(cli)
    assert done.returncode == 0, done.stderr
    assert cli.changes[2] == f"{EDGE} OriginDomain={ORIGIN}"


def test_paths_that_the_edge_would_lose_are_refused(cli):
    present(cli, "stack-beacon-with-edge.json", "stack-edge.json")
    for paths, more in (("/t=track,/u=track", []), ("/*=track", []), ("/t=track", ["--edge", "--edge-parameter", "TrackPath=*/u"])):
        done = deploy(cli, "--parameter", f"Paths={paths}", *more)
        assert done.returncode == 1
        assert f"Paths has {paths.replace(',', ', ')}, but the edge's TrackPath '*/{'u' if more else 'track'}' does not fit every one" in done.stderr
        assert "--edge-parameter TrackPath=" in done.stderr
    assert cli.changes == []


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


UPDATE = ("aws lambda update-function-code --function-name {function} --zip-file fileb://{archive} "
          "--architectures arm64 --region eu-west-1 --query CodeSha256 --output text")
WAIT = "aws lambda wait function-updated --function-name {function} --region eu-west-1"
FUNCTION, DASHBOARD = "beacon-Function-a1B2c3D4e5F6", "beacon-DashboardFunction-g7H8i9J0k1L2"


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


def test_an_unknown_parameter_is_refused_because_sam_would_drop_it(cli):
    present(cli)
    for flag, file in (("--parameter", "template.yaml"), ("--edge-parameter", "edge.yaml")):
        done = deploy(cli, "--edge", flag, "Bufer=60")
        assert done.returncode == 1
        assert f"infra/{file} has no parameter 'Bufer'; it has " in done.stderr
    assert cli.calls == []


def test_own_columns_need_the_table(cli):
    present(cli)
    done = deploy(cli, "--parameter", "Columns=surely_new=params.userid")
    assert done.returncode == 1
    assert "run `BEACON_COLUMNS=surely_new=params.userid beacon schema catalog > infra/catalog.yaml` first" in done.stderr
    assert cli.changes == []
    assert deploy(cli, "--parameter", "Columns=").returncode == 0


def test_columns_that_the_stack_remembers_need_the_table_too(cli):
    present(cli, Columns="surely_new=params.userid")
    done = deploy(cli)
    assert done.returncode == 1
    assert "run `BEACON_COLUMNS=surely_new=params.userid beacon schema catalog > infra/catalog.yaml` first" in done.stderr
    assert cli.changes == []
    assert deploy(cli, "--parameter", "Columns=").returncode == 0


def test_a_dry_run_changes_nothing_and_shows_no_secret(cli):
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1")
    done = deploy(cli, "--edge", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert cli.changes == []
    shown = [line.removeprefix("would run: ") for line in done.stdout.splitlines() if line.startswith("would run: ")]
    assert [re.split(" --| TMP| /tmp", line)[0] for line in shown] == ["ARCHITECTURE=arm64 sam build", "sam deploy", "aws cloudformation deploy", "aws s3 cp", "aws s3 cp"]
    assert "'OriginDomain=<OriginDomain of beacon>' OriginSecret=***" in shown[2]
    assert "beacon-error/pixel.gif" in shown[3] and "beacon-example/index.html" in shown[4]
    assert re.search(r"\b[0-9a-f]{64}\b", done.stdout) is None


def test_a_dry_run_of_the_code_alone_changes_nothing(cli):
    present(cli)
    done = deploy(cli, "--code-only", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert cli.changes == []
    assert "would run: ARCHITECTURE=arm64 make -C" in done.stdout
    assert "would run: aws lambda update-function-code" in done.stdout


def test_a_guided_deploy_asks_and_offers_what_holds(cli):
    absent_until_deployed(cli)
    # Name, then Endpoint twice because of a typing error, then Enter for all but Format, the edge, the page, and going on.
    done = deploy(cli, typed=["", "htp", "http-api", "json", "", "", "", "", "", "", "", "no", ""])
    assert done.returncode == 0, done.stderr
    assert "'htp' is none of url, http-api" in done.stdout
    assert cli.changes == [BUILD, SAM + """ --parameter-overrides 'Endpoint="http-api"' 'Format="json"'"""]


def test_a_guided_deploy_does_not_offer_a_page_that_sites_leave_out(cli):
    absent_until_deployed(cli)
    # Sites is the sixth question; behind the edge comes going on.
    done = deploy(cli, typed=["", "", "", "", "", "", "blog.example", "", "", "", "no"])
    assert "nothing was changed" in done.stderr
    assert "example page" not in done.stdout


def test_a_guided_deploy_may_be_declined(cli):
    present(cli)
    done = deploy(cli, "--stack", "beacon", typed=[""] * 9 + ["no"])
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert cli.changes == []


def test_without_a_terminal_it_does_not_guess(cli):
    done = cli.run("deploy", "--region", "eu-west-1")
    assert done.returncode == 2
    assert "this is no terminal, so nothing can be asked: give --yes" in done.stderr




def test_the_workflow_for_deploys_gives_flags_that_there_are(cli):
    script = (ROOT / ".github/workflows/deploy.yml").read_text().partition("arguments=")[2]
    flags = set(re.findall(r"(?<=[ (])--[a-z-]+", script))
    assert flags >= {"--yes", "--stack", "--region", "--edge", "--code-only", "--dry-run"}
    known = set(re.findall(r"--[a-z-]+", cli.run("deploy", "--help").stdout))
    assert flags <= known
