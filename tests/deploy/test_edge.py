"""What infra/edge.yaml promises in its head and cfn-lint does not check."""

import json
import re
import shutil
import subprocess

import pytest
from cfnlint.decode import cfn_yaml

from conftest import PATIENCE_SECONDS, ROOT

# What the function and the policy make of requests. The tests of beacon/core read the same file. To write it again after
# a change of the function, delete it and run this suite.
HINTS = ROOT / "tests" / "fixtures" / "edge_hints.json"

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

# For which CloudFront takes a custom error response, and an origin group a failover. 429 is in neither list.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html
ERROR_CODES = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
FAILOVER_CODES = {400, 403, 404, 416, 500, 502, 503, 504}


@pytest.fixture(scope="module")
def template():
    return cfn_yaml.load(str(ROOT / "infra" / "edge.yaml"))


@pytest.fixture(scope="module")
def resources(template):
    return template["Resources"]


@pytest.fixture(scope="module")
def distribution(resources):
    return resources["Distribution"]["Properties"]["DistributionConfig"]


def behaviors(distribution):
    """By their patterns, with those that a condition brings."""
    each_way = [each["Fn::If"][1] if "Fn::If" in each else each for each in distribution["CacheBehaviors"]]
    return {"default": distribution["DefaultCacheBehavior"]} | {str(each["PathPattern"]): each for each in each_way}


def test_one_status_alone_becomes_the_image(distribution):
    errors = {each["ErrorCode"]: each for each in distribution["CustomErrorResponses"]}
    assert set(errors) <= ERROR_CODES
    assert [code for code, each in errors.items() if "ResponsePagePath" in each] == [403]
    assert errors[403] == {"ErrorCode": 403, "ResponseCode": 200, "ResponsePagePath": "/beacon-error/pixel.gif", "ErrorCachingMinTTL": 0}
    # A remembered error would answer for hits that could have been recorded.
    assert all(each["ErrorCachingMinTTL"] == 0 for each in errors.values())
    assert set(errors) >= {403, 404, 405, 500, 502, 503, 504}


def test_images_fail_over_and_posts_do_not(distribution):
    (group,) = distribution["OriginGroups"]["Items"]
    codes = group["FailoverCriteria"]["StatusCodes"]
    assert set(codes["Items"]) == {500, 502, 503, 504} <= FAILOVER_CODES and codes["Quantity"] == 4
    assert [member["OriginId"] for member in group["Members"]["Items"]] == ["beacon", "error"]
    ways = behaviors(distribution)
    for way in ways.values():
        # CloudFront refuses a distribution with an origin group behind a behaviour that takes POST.
        assert not (way["TargetOriginId"] == group["Id"] and "POST" in way["AllowedMethods"])
    assert ways["default"]["TargetOriginId"] == group["Id"]
    assert ways["{'Ref': 'TrackPath'}"]["TargetOriginId"] == "beacon"
    assert {"POST", "OPTIONS"} <= set(ways["{'Ref': 'TrackPath'}"]["AllowedMethods"])


def test_track_goes_on_beside_an_alias_of_it(template, distribution):
    ways = behaviors(distribution)
    assert ways["*/track"] | {"PathPattern": {"Ref": "TrackPath"}} == ways["{'Ref': 'TrackPath'}"]
    # CloudFront refuses a pattern that is there twice.
    assert template["Parameters"]["TrackPath"]["Default"] == "*/track"
    assert template["Conditions"]["TracksElsewhere"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "TrackPath"}, "*/track"]}]}
    assert ["TracksElsewhere"] == [each["Fn::If"][0] for each in distribution["CacheBehaviors"] if "Fn::If" in each]


def test_hits_are_never_cached_and_the_script_is(distribution, resources):
    ways = behaviors(distribution)
    for path in ("default", "{'Ref': 'TrackPath'}"):
        assert ways[path]["CachePolicyId"] == CACHING_DISABLED
        assert ways[path]["OriginRequestPolicyId"] == {"Ref": "ForwardPolicy"}
        assert [each["EventType"] for each in ways[path]["FunctionAssociations"]] == ["viewer-request"]
    assert ways["{'Ref': 'ClientPath'}"]["CachePolicyId"] == {"Ref": "ClientCache"}
    assert resources["ClientCache"]["Properties"]["CachePolicyConfig"]["MinTTL"] == 0


def test_the_beacon_gets_what_it_reads(template, resources, distribution):
    policy = resources["ForwardPolicy"]["Properties"]["OriginRequestPolicyConfig"]
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert policy["CookiesConfig"] == {"CookieBehavior": "none"}
    assert policy["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": {"Ref": "ForwardedHeaders"}}
    headers = template["Parameters"]["ForwardedHeaders"]["Default"].lower().split(",")
    # The quota of headers in a policy, before anybody asks for more; and never Host, which a Function URL refuses.
    assert len(headers) <= 10 and "host" not in headers
    source = (ROOT / "beacon/core/src/headers.rs").read_text()
    for header in ("x-beacon-host", "x-beacon-hints", "cloudfront-viewer-address"):
        assert header in headers and f'from_static("{header}")' in source
    beacon = next(origin for origin in distribution["Origins"] if origin["Id"] == "beacon")
    (secret,) = beacon["OriginCustomHeaders"]
    assert f'from_static("{secret["HeaderName"]}")' in source
    assert secret["HeaderValue"] == {"Ref": "OriginSecret"} and template["Parameters"]["OriginSecret"]["NoEcho"] is True


def through_function(resources, folder, requests):
    """What the function makes of the headers of viewers' requests, each of which has a host."""
    node = shutil.which("node")
    assert node, "install nodejs: the function of the edge is JavaScript"
    script = folder / "function.js"
    events = [{"request": {"method": "GET", "uri": "/hit", "headers": headers}} for headers in requests]
    script.write_text(f"{resources['HostFunction']['Properties']['FunctionCode']}\n"
                      f"console.log(JSON.stringify({json.dumps(events)}.map((event) => handler(event).headers)));\n")
    done = subprocess.run([node, script], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    return json.loads(done.stdout)


def viewer_headers(sent):
    """As CloudFront gives them to a function: names in lower case, lines of a repeated header also one by one."""
    return {name: {"value": value} if isinstance(value, str) else {"value": value[0], "multiValue": [{"value": each} for each in value]}
            for name, value in sent.items()}


def test_the_function_copies_the_host(resources, tmp_path):
    (headers,) = through_function(resources, tmp_path, [viewer_headers({
        "host": "b.blog.example", "x-beacon-host": "false.example", "x-beacon-hints": ["v=1&sec-gpc=1", "v=1&dnt=1"]})])
    assert headers == {"host": {"value": "b.blog.example"}, "x-beacon-host": {"value": "b.blog.example"}, "x-beacon-hints": {"value": "v=1"}}


CHROME = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    "accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "accept-language": "de-CH,de;q=0.9",
    "referer": "https://blog.example/",
    "sec-ch-ua": '"Chromium";v="156", "Not&A=Brand";v="8", "Google Chrome";v="156"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "sec-fetch-dest": "image",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-site": "cross-site",
}
SENT = {
    "an image of a page that is shown": CHROME | {"sec-gpc": "1", "dnt": "1"},
    "an image of a prerendered page": CHROME | {"sec-purpose": "prefetch;prerender", "cookie": "a=secret"},
    "a prefetched link in an old Firefox": {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0", "x-moz": "prefetch"},
    "a preview in an old Safari": {"user-agent": "Mozilla/5.0 (Macintosh)", "x-purpose": "preview", "purpose": "prefetch"},
    "a program that sends nothing but its host": {},
    "a client that joins headers itself": {"user-agent": "curl/8", "x-beacon-hints": "v=1&sec-purpose=prefetch", "sec-fetch-site": "none&sec-gpc=1%26dnt=1"},
    "a repeated header": {"user-agent": "curl/8", "purpose": ["a", "b=c"]},
    "values that no browser sends": {"user-agent": "curl/8", "sec-purpose": "pr\u00e9\u007ffetch", "dnt": "", "sec-ch-ua": '"' * 300},
    "more than there is room for": {"user-agent": "curl/8", "sec-purpose": "prefetch"} | {
        name: "%" * 300 for name in ("purpose", "x-moz", "x-purpose", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "accept")},
}


def test_the_policy_forwards_what_the_function_joins(template, resources, tmp_path):
    allowed = template["Parameters"]["ForwardedHeaders"]["Default"].lower().split(",")
    joined = through_function(resources, tmp_path, [viewer_headers(sent | {"host": "b.blog.example"}) for sent in SENT.values()])
    made = [{"request": name, "sent": sent, "forwarded": {name: header["value"] for name, header in sorted(headers.items()) if name in allowed}}
            for (name, sent), headers in zip(SENT.items(), joined, strict=True)]
    if not HINTS.exists():
        HINTS.write_text(json.dumps(made, indent=2) + "\n")
        pytest.fail(f"{HINTS} was missing and is written: commit it")
    assert made == json.loads(HINTS.read_text()), f"{HINTS} is stale: delete it and run this test again"
    for each in made:
        hints = each["forwarded"]["x-beacon-hints"]
        assert re.fullmatch(r"v=1(&[a-z-]+=[A-Za-z0-9%._~!*'()-]*)*", hints) and len(hints) <= 2048
        assert "secret" not in json.dumps(each["forwarded"])
    names = {name for each in made for name in re.findall(r"&([a-z-]+)=", each["forwarded"]["x-beacon-hints"])}
    assert names == set(re.findall(r"'([a-z-]+)',", resources["HostFunction"]["Properties"]["FunctionCode"])), "a joined header has no case"


def test_the_function_is_one_that_cloudfront_takes(resources):
    function = resources["HostFunction"]["Properties"]
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    assert len(function["FunctionCode"].encode()) <= 10_240 and len(function["FunctionConfig"]["Comment"]) <= 128


def test_who_posts_learns_why_the_firewall_refused(resources):
    rules = {rule["Name"]: rule for rule in resources["WebAcl"]["Properties"]["Rules"]}
    # What is no POST gets WAF's own 403, the status that becomes the image.
    assert {name: rule["Action"]["Block"].get("CustomResponse", {}).get("ResponseCode", 403) for name, rule in rules.items()} == {
        "rate-of-posts": 429, "rate": 403, "size-of-posts": 413, "size": 403}
    priorities = [rule["Priority"] for rule in rules.values()]
    assert priorities == sorted(set(priorities)), "a rule for POST has to come before the one for all"
    assert all(rule["VisibilityConfig"]["SampledRequestsEnabled"] for rule in rules.values())
    for name in ("size-of-posts", "size"):
        text = json.dumps(rules[name])
        assert all(f'"Ref": "{limit}"' in text for limit in ("MaxBodyBytes", "MaxPathBytes", "MaxQueryBytes", "MaxHeaderBytes"))
        # Beyond what WAF reads there is no size to compare.
        assert '"Body": {"OversizeHandling": "MATCH"}' in text


def test_the_bucket_of_the_image_is_for_this_distribution_alone(resources):
    assert all(resources["ErrorBucket"]["Properties"]["PublicAccessBlockConfiguration"].values())
    allowed = [each for each in resources["ErrorBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    (statement,) = allowed
    assert statement["Action"] == "s3:GetObject"
    assert "${Distribution}" in json.dumps(statement["Condition"]["StringEquals"]["aws:SourceArn"])
    # Not s3:ListBucket: with it an object that is not there is 404 instead of the 403 that becomes the image.
    assert "ListBucket" not in json.dumps(statement)
