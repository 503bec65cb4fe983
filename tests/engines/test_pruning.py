"""A predicate on the partitions keeps both engines away from the folders of all other hours."""

import json
import re

import pytest

from questions import QUESTIONS, Scope

# Its partitions are those of its whole UTC day, from an hour before it to a day after.
SCOPE = Scope("2026-02-01 09:30", "2026-02-01 10:30")
FOLDERS = ["hits/year=2026/month=01/day=31/hour=23/",
           *(f"hits/year=2026/month=02/day={day:02}/hour={hour:02}/" for day in (1, 2) for hour in range(24)),
           "hits/year=2026/month=02/day=03/hour=00/"]


def test_a_question_reads_only_the_files_of_its_hours(table, traffic):
    lake, bucket = table.lake, table.lake.name
    files = [key for key in lake.keys() if key.rsplit("/", 1)[0] + "/" in FOLDERS]
    assert 0 < len(files) < len(lake.keys())
    engines = {
        "Trino": lambda: table.ask(table.text_of("totals"), SCOPE.bind("totals")),
        "ours": lambda: lake.beacon.ask_question("totals", *SCOPE.options("totals")),
    }
    for engine, ask in engines.items():
        traffic.start()
        ask()
        assert traffic.read(bucket) == files, engine
        # A folder of one of its hours, or one above: a listing with fewer requests may begin there.
        listed = traffic.listed(bucket)
        assert listed, engine
        assert [one for one in listed if not any(folder.startswith(one.rstrip("/")) for folder in FOLDERS)] == [], engine
        if table.is_projected and engine == "Trino":
            assert listed == FOLDERS


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_plan_of_a_question_holds_only_the_partitions_of_its_hours(tables, question):
    # What a file is made of doesn't matter before one is read.
    for name in ("parquet", "json, crawled"):
        table = tables[name]
        plan = table.execute(question, SCOPE.bind(question), before="EXPLAIN (TYPE IO, FORMAT JSON) ")
        inputs = json.loads(plan.rows[0][0])["inputTableColumnInfos"]
        assert inputs, name
        for one in inputs:
            values = {column["columnName"]: bounds(column) for column in one["constraint"]["columnConstraints"]
                      if column["columnName"] in ("year", "month", "day", "hour")}
            # Of the registered ones those with files, of the projected ones all.
            folders = FOLDERS if table.is_projected else [folder for folder in table.lake.folders() if folder in FOLDERS]
            assert values == partitions(folders), name


def partitions(folders):
    """The values that each column of the partitions has in these folders."""
    found = {}
    for folder in folders:
        for column, value in re.findall(r"(\w+)=(\d+)", folder):
            found.setdefault(column, set()).add(int(value))
    return found


def bounds(column):
    return {int(bound["value"]) for one in column["domain"]["ranges"] for bound in (one["low"], one["high"])}
