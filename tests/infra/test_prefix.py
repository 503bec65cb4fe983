"""The grammar of prefixes, and that the local delivery's is the same."""

import json
import re
from pathlib import Path

import pytest
from prefix import PrefixError, check_error_prefix, check_prefix
from stack import resolve

PREFIX_RS = (Path(__file__).resolve().parents[2] / "beacon/lake/src/prefix.rs").read_text()
CASES = json.loads((Path(__file__).resolve().parents[1] / "fixtures/prefixes.json").read_text())
RUST_STRING = r'"((?:[^"\\]|\\.)*)"'


def constant(name):
    return re.search(rf"{name}: &str =\s*{RUST_STRING};", PREFIX_RS).group(1)


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["prefix"])
def test_what_the_delivery_refuses_is_refused_in_the_same_words(case):
    with pytest.raises(PrefixError) as error:
        check_prefix(case["prefix"])
    assert str(error.value) == case["reason"]


@pytest.mark.parametrize("prefix", CASES["taken"])
def test_what_the_delivery_takes_is_taken(prefix):
    check_prefix(prefix)


def test_an_error_prefix_names_the_error():
    check_error_prefix("errors/")
    check_error_prefix(constant("DEFAULT_ERROR_PREFIX"))
    with pytest.raises(PrefixError, match="must contain !{firehose:error-output-type}"):
        check_error_prefix("errors/!{timestamp:yyyy}/")
    with pytest.raises(PrefixError, match="evaluates to 531 characters"):
        check_error_prefix("!{firehose:error-output-type}" + "e" * 501)


def test_the_stream_and_the_local_lake_have_the_same_folders(templates):
    destination = resolve(templates).properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]
    assert destination["Prefix"] == constant("DEFAULT_PREFIX")
    assert destination["ErrorOutputPrefix"] == constant("DEFAULT_ERROR_PREFIX")
