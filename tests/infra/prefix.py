"""The grammar of Firehose's S3 prefixes, which cfn-lint does not know.

The same rules and words as beacon/lake/src/prefix.rs, where the local delivery reads the same setting; test_prefix.py
holds both to each other.
"""

import re

# Of the evaluated prefix and of the setting itself.
# https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
MAX_EVALUATED_CHARACTERS = 512
MAX_SETTING_CHARACTERS = 1024
RANDOM_CHARACTERS = 11
# The longest of them.
ERROR_OUTPUT_TYPE = "AmazonOpenSearchService-failed"
# What Firehose appends to a prefix without a time.
DEFAULT_TIME = "yyyy/MM/dd/HH/"
UNITS = ("yyyy", "MM", "dd", "HH", "mm", "ss")
HIVE_PARTITIONS = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/"


class PrefixError(Exception):
    """What Firehose would refuse, or what would not mean what it says."""


def check_prefix(text):
    """The prefix of files."""
    parts = _parts(text)
    if ("error", ERROR_OUTPUT_TYPE) in parts:
        raise PrefixError("!{firehose:error-output-type} belongs into the error prefix")
    if not any(kind == "time" for kind, _ in parts):
        parts += _time(DEFAULT_TIME)
    _check_length(parts)


def check_error_prefix(text):
    """The prefix of error objects."""
    parts = _parts(text)
    if any(kind != "text" for kind, _ in parts) and ("error", ERROR_OUTPUT_TYPE) not in parts:
        raise PrefixError("an error prefix with an expression must contain !{firehose:error-output-type}")
    _check_length(parts)


def _check_length(parts):
    characters = sum(len(text) for _, text in parts)
    if characters > MAX_EVALUATED_CHARACTERS:
        raise PrefixError(
            f"it evaluates to {characters} characters, at most {MAX_EVALUATED_CHARACTERS} are allowed"
        )


def _parts(text):
    """Pairs of a kind (text, time, random, error) and what it evaluates to, or something as long."""
    if len(text) > MAX_SETTING_CHARACTERS:
        raise PrefixError(f"it has {len(text)} characters, at most {MAX_SETTING_CHARACTERS} are allowed")
    parts = []
    rest = text
    while "!{" in rest:
        before, after = rest.split("!{", 1)
        parts.append(("text", before))
        if "}" not in after:
            raise PrefixError(f"!{{{after} has no closing brace")
        expression, rest = after.split("}", 1)
        parts += _expression(expression)
    return parts + [("text", rest)]


def _expression(expression):
    if ":" not in expression:
        raise PrefixError(f"!{{{expression}}} is not of the form !{{namespace:value}}")
    namespace, value = expression.split(":", 1)
    match namespace, value:
        case "timestamp", "":
            raise PrefixError("!{timestamp:} names no format; write !{timestamp:yyyy}")
        case "timestamp", _:
            return _time(value)
        case "firehose", "random-string":
            return [("random", "x" * RANDOM_CHARACTERS)]
        case "firehose", "error-output-type":
            return [("error", ERROR_OUTPUT_TYPE)]
        case "firehose", _:
            raise PrefixError(
                f"!{{firehose:{value}}} is unknown; there are random-string and error-output-type"
            )
        case ("partitionKeyFromQuery" | "partitionKeyFromLambda"), _:
            raise PrefixError(
                f"!{{{expression}}} needs dynamic partitioning, which is not used here; partition by time"
            )
    raise PrefixError(f"{namespace} is not a namespace; there are timestamp and firehose")


def _time(pattern):
    """A pattern of Java's `DateTimeFormatter`."""
    parts = []
    rest = pattern
    while rest:
        if rest[0] == "'":
            quoted = re.match(r"'((?:[^']|'')*)'(?!')", rest)
            if quoted is None:
                raise PrefixError(f"a quote in {pattern} is not closed")
            parts.append(("text", quoted.group(1).replace("''", "'") or "'"))
            rest = rest[quoted.end() :]
            continue
        run = re.match(r"(.)\1*", rest, re.DOTALL).group()
        rest = rest[len(run) :]
        if re.match("[A-Za-z]", run):
            parts.append(_unit(run))
        elif run[0] in "#[]{}":
            raise PrefixError(f"{run[0]} is reserved in a time format; put it in single quotes")
        else:
            parts.append(("text", run))
    return parts


def _unit(letters):
    if letters in UNITS:
        return ("time", letters)
    if letters == "YYYY":
        raise PrefixError("YYYY is the year of the week, wrong around New Year; write yyyy")
    if letters in ("DD", "DDD"):
        raise PrefixError(f"{letters} is the day of the year; write dd")
    if letters == "hh":
        raise PrefixError("hh is the hour of half a day; write HH")
    raise PrefixError(f"{letters} is not supported; there are yyyy, MM, dd, HH, mm and ss")
