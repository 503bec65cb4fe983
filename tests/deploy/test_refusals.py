"""What CloudFormation or the function would refuse, refused by infra/deploy before anything is built."""

import json
import sys

import pytest

from conftest import ROOT
from calls import SAM, absent_until_deployed, deploy, present

sys.path.insert(0, str(ROOT / "infra"))

import settings  # noqa: E402
from parameters import Template  # noqa: E402

CASES = json.loads((ROOT / "tests/fixtures/settings.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[json.dumps(case["set"])[:80] for case in CASES])
def test_settings_are_refused_as_the_program_refuses_them(case):
    """The program itself has answered these cases, in a test of beacon-core."""
    assert settings.refusal(case["set"]) == case["refused"]


@pytest.mark.parametrize(
    ("parameter", "sentence"),
    [
        ("Sites=https://blog.example", "BEACON_SITES has `https://blog.example`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`"),
        ("Paths=/i.gif=jpg", "BEACON_PATHS has `/i.gif=jpg`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client"),
        ("Columns=page=params.x", "BEACON_COLUMNS names a column `page`, which the table has or reserves: choose another name"),
        ("KeepHeaders=cookie", "BEACON_KEEP_HEADERS has `cookie`, which identifies visitors: leave it out, or set BEACON_PRIVACY=full"),
        ("Columns=a=headers.x-mine", "BEACON_COLUMNS has `a=headers.x-mine`, but BEACON_PRIVACY=anonymous does not keep that header: add `x-mine` to BEACON_KEEP_HEADERS"),
        ("Trust=cloudfront", "BEACON_TRUST is `cloudfront`, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"),
        ("Sites=" + ",".join(f"site-{number}.example" for number in range(245)), "the function's variables have "),
        ("Sites=" + "a" * 4097, "Sites is '" + "a" * 4097 + "': give at most 4096 bytes, which it exceeds by 1"),
    ],
)
def test_a_setting_that_the_function_would_not_start_with_is_not_deployed(cli, parameter, sentence):
    absent_until_deployed(cli)
    done = deploy(cli, "--parameter", parameter)
    assert done.returncode == 1
    assert f"error: {sentence}" in done.stderr
    assert cli.changes == []


def test_a_setting_is_judged_together_with_what_the_stack_remembers(cli):
    present(cli, Privacy="anonymous", KeepHeaders="x-mine")
    assert "BEACON_COLUMNS" not in deploy(cli, "--parameter", "Columns=a=headers.x-mine").stderr.replace("BEACON_COLUMNS=a=headers.x-mine beacon schema", "")
    done = deploy(cli, "--parameter", "Columns=a=headers.x-mine", "--parameter", "KeepHeaders=")
    assert "error: BEACON_COLUMNS has `a=headers.x-mine`, but BEACON_PRIVACY=anonymous does not keep that header" in done.stderr
    assert cli.changes == []


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--alarm-email", "n", "AlarmEmail is 'n': give an address, or empty"),
        ("--monthly-budget", "twenty", "MonthlyBudgetUsd is 'twenty': give a number from 0"),
        ("--monthly-budget", "-1", "MonthlyBudgetUsd is '-1': give a number from 0"),
        ("--endpoint", "alb", "Endpoint is 'alb': give one of url, http-api"),
        ("--parameter", "MemorySize=64", "MemorySize is '64': give a whole number from 128 to 10240"),
        ("--parameter", "MemorySize=128.5", "MemorySize is '128.5': give a whole number from 128 to 10240"),
        ("--parameter", "MemorySize=", "MemorySize is '': give a whole number from 128 to 10240"),
        ("--parameter", "BufferIntervalSeconds=5m", "BufferIntervalSeconds is '5m': give a whole number from 60 to 900"),
        ("--parameter", "LogRetentionDays=31", "LogRetentionDays is '31': give one of 1, 3, 5,"),
        ("--parameter", "Database=My-Beacon", "Database is 'My-Beacon': give lower-case letters, digits and _, a letter first, or empty"),
        ("--parameter", "BasePath=/stats", "BasePath is '/stats': give a path without leading or trailing slash, such as stats, or empty"),
        ("--parameter", "Trust=proxies=17", "Trust is 'proxies=17': give none, cloudfront or proxies=N with N from 1 to 16"),
        ("--parameter", "DashboardKey=short", "DashboardKey does not fit: give 32 to 128 letters and digits, or empty"),
        ("--parameter", "DashboardPasswordHash=geheim", "DashboardPasswordHash does not fit: give what beacon dashboard-password prints, or empty"),
        ("--domain", "B.example", "DomainName is 'B.example': give a host in lower case, such as b.example.com, or empty"),
        ("--hosted-zone", "zone", "HostedZoneId is 'zone': give the id of a hosted zone, such as Z0123456789ABCDEFGHIJ, or empty"),
        ("--certificate", "arn:aws:acm:eu-west-1:123456789012:certificate/1", "give the ARN of a certificate in us-east-1, or empty"),
        ("--edge-parameter", "RateLimit=9", "RateLimit is '9': give a whole number from 10 to 2000000000"),
        ("--edge-parameter", "Firewall=yes", "Firewall is 'yes': give one of on, off"),
        ("--edge-parameter", "TrackPath=t", "TrackPath is 't': give a path, * for any characters"),
    ],
)
def test_a_value_that_does_not_fit_the_template_is_refused_before_anything_is_asked_of_aws(cli, flag, value, message):
    edge = ["--edge"] if flag in ("--domain", "--hosted-zone", "--certificate", "--edge-parameter") else []
    done = deploy(cli, *edge, flag, value)
    assert done.returncode == 1
    assert message in done.stderr
    assert cli.calls == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--monthly-budget", "20"], "MonthlyBudgetUsd is set, but AlarmEmail is empty. Set it to the address to notify."),
        (["--parameter", "CrawlerSchedule=cron(5 * * * ? *)"], "CrawlerSchedule is set, but Partitions is projection. Set Partitions to crawler."),
        (["--parameter", "DomainName=b.example.com"], "DomainName is set, but Endpoint is url. Set Endpoint to http-api, or use infra/edge.yaml."),
        (["--edge", "--hosted-zone", "Z1"], "HostedZoneId is set, but DomainName is empty. Set it to a host of that zone."),
        (["--parameter", f"TablePrefix={'p' * 90}", "--parameter", f"Table={'t' * 90}"], "TablePrefix and Table are 180 characters together, and the dashboard takes 128"),
    ],
)
def test_values_that_do_not_fit_each_other_are_refused(cli, arguments, message):
    absent_until_deployed(cli)
    done = deploy(cli, *arguments)
    assert done.returncode == 1
    assert f"error: {message}" in done.stderr
    assert cli.changes == []


def test_a_guided_deploy_asks_again_and_says_why(cli):
    absent_until_deployed(cli)
    # Name, then five times Enter, then Sites, AlarmEmail and budget, each at first wrong; the edge, the page, going on.
    done = deploy(cli, typed=["", "", "", "", "", "", "a/b", "blog.example", "n", "ops@blog.example", "much", "20", "", ""])
    assert done.returncode == 0, done.stderr
    for line in ("BEACON_SITES has `a/b`: write hosts without scheme", "AlarmEmail is 'n': give an address, or empty", "MonthlyBudgetUsd is 'much': give a number from 0"):
        assert line in done.stdout
    assert cli.changes[1] == SAM + """ --parameter-overrides 'Sites="blog.example"' 'AlarmEmail="ops@blog.example"' 'MonthlyBudgetUsd="20"'"""


def test_a_guided_deploy_asks_again_where_answers_do_not_fit_each_other(cli):
    absent_until_deployed(cli)
    done = deploy(cli, typed=["", "", "", "", "", "", "blog.example", "", "20", "0", "", ""])
    assert done.returncode == 0, done.stderr
    assert "MonthlyBudgetUsd is set, but AlarmEmail is empty. Set it to the address to notify." in done.stdout
    assert cli.changes[1] == SAM + """ --parameter-overrides 'Sites="blog.example"'"""


def test_every_default_fits_and_every_variable_of_the_function_is_judged():
    template = Template(ROOT / "infra/template.yaml")
    for name, parameter in template.parameters.items():
        assert template.refusal(name, parameter["Default"]) is None, name
    defaults = {name: parameter["Default"] for name, parameter in template.parameters.items()}
    assert template.broken_rule(defaults) is None
    assert settings.stack_refusal(defaults) is None
    # The function's environment in the template is the one that is judged here.
    text = (ROOT / "infra/template.yaml").read_text()
    environment = text.partition("          BEACON_STREAM: !GetAtt StreamStack.Outputs.StreamName\n")[2].partition("\n\n")[0]
    passed = dict(line.strip().split(": ", 1) for line in environment.splitlines())
    base_path = passed.pop("BEACON_BASE_PATH")
    assert base_path == '!If [SeesBasePath, !Sub "/${BasePath}", ""]'
    assert passed.pop("BEACON_REQUIRE_ORIGIN_SECRET") == '!If [HasEdge, !Ref RequireOriginSecret, "off"]'
    assert passed.pop("BEACON_SALT_TABLE") == '!If [KnowsVisitors, !GetAtt VisitorStack.Outputs.TableName, ""]'
    assert passed == {variable: f"!Ref {parameter}" for parameter, variable in settings.VARIABLES.items()}
    ruled = {check["variable"] for check in settings.RULES["checks"]}
    assert ruled == set(settings.VARIABLES.values()) | {"BEACON_BASE_PATH", "BEACON_REQUIRE_ORIGIN_SECRET"}
