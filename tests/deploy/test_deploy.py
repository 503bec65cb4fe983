"""infra/deploy: the calls of each run, whole and in order."""

import re

from calls import BUILD, EXAMPLE, ORIGIN, PAGE, SAM, absent_until_deployed, deploy, present
from conftest import ROOT


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
    assert "this is not a terminal, so nothing can be asked: give --yes" in done.stderr


def test_the_workflow_for_deploys_gives_flags_that_there_are(cli):
    script = (ROOT / ".github/workflows/deploy.yml").read_text().partition("arguments=")[2]
    flags = set(re.findall(r"(?<=[ (])--[a-z-]+", script))
    assert flags >= {"--yes", "--stack", "--region", "--edge", "--code-only", "--dry-run"}
    known = set(re.findall(r"--[a-z-]+", cli.run("deploy", "--help").stdout))
    assert flags <= known
