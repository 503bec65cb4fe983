"""infra/deploy with an edge: its secret, its paths, and the calls for both stacks."""

import re

import pytest
from calls import BUILD, EDGE, GIF, ORIGIN, PAGE, SAM, absent_until_deployed, deploy, present
from conftest import ROOT


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


BEFORE_HINTS = ("x-beacon-host,CloudFront-Viewer-Address,CloudFront-Viewer-Country,User-Agent,Referer,Origin,Accept-Language,"
                "DNT,Sec-GPC,Content-Type")
NOW = re.search(r"^    Default: (x-beacon-host,.*)$", (ROOT / "infra/edge.yaml").read_text(), re.MULTILINE)[1]


@pytest.mark.parametrize(("has", "given", "passed"), [
    (BEFORE_HINTS, None, NOW), ("x-beacon-host,X-Own", None, None), (BEFORE_HINTS, "x-beacon-host,X-Own", "x-beacon-host,X-Own")])
def test_an_edge_with_the_old_headers_gets_the_new_ones(cli, has, given, passed):
    cli.stack("beacon", "eu-west-1", "stack-beacon-with-edge.json")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", parameters={"ForwardedHeaders": has})
    done = deploy(cli, *(["--edge", "--edge-parameter", f"ForwardedHeaders={given}"] if given else []))
    assert done.returncode == 0, done.stderr
    override = f" ForwardedHeaders={passed}" if passed else ""
    assert cli.changes == [BUILD, SAM, f"{EDGE} OriginDomain={ORIGIN}{override}", GIF]


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
