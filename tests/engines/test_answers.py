"""The answers by which the crate beacon-trino is judged are Trino's own."""

import datetime
import decimal
import json
import math
import uuid
from pathlib import Path

import pytest
from trino.exceptions import TrinoQueryError

ANSWERS = Path(__file__).resolve().parents[2] / "beacon/trino/trino_answers.jsonl"
# Answers hold separators of lines in other languages, which `splitlines` would split at.
CASES = [json.loads(line) for line in ANSWERS.read_text().rstrip("\n").split("\n")]

# Doubles agree to 12 digits.
TOLERANCE = 1e-12


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_trino_answers_as_is_written(trino, case):
    check(case, lambda sql: rows(trino, sql))


def check(case, ask):
    if isinstance(case["trino"], dict):
        with pytest.raises(TrinoQueryError) as refused:
            ask(case["sql"])
        assert refused.value.error_name == case["trino"]["error"]
        return
    ours, expected = ask(case["sql"]), case["trino"]
    if "ORDER BY" not in case["sql"]:
        ours, expected = sorted(ours, key=repr), sorted(expected, key=repr)
    assert agrees(ours, expected), ours


def rows(trino, sql):
    cursor = trino.connect().cursor()
    cursor.execute(sql)
    return [[plain(value) for value in row] for row in cursor.fetchall()]


def plain(value):
    """A value of Trino's client as the answers have it."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        text = value.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
        return text if value.tzinfo is None else f"{text} {value.tzinfo}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, datetime.timedelta):
        seconds = value.seconds
        return (f"{value.days} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
                f".{value.microseconds // 1000:03}")
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def agrees(ours, expected):
    if isinstance(ours, list) and isinstance(expected, list):
        return len(ours) == len(expected) and all(map(agrees, ours, expected))
    if isinstance(ours, dict) and isinstance(expected, dict):
        return ours.keys() == expected.keys() and all(agrees(ours[key], expected[key]) for key in ours)
    numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in (ours, expected)]
    if all(numbers):
        return abs(ours - expected) <= TOLERANCE * abs(expected)
    return ours == expected
