"""Files in other shapes than our delivery's, and lakes with little in them."""

import subprocess

import pyarrow
import pytest

import hits
import other_writers
from questions import QUESTIONS, VIEWS, Scope, sql
from template import Stack

HOUR = "2026-02-01-09"
IN_HOUR = "year = 2026 AND month = 2 AND day = 1 AND hour = 9"
DAY = Scope("2026-02-01", "2026-02-01")

# The rows of a question about nothing, where it has any.
EMPTY = {"totals": [[0, 0, 0, 0, 0, 0, 0, 0, None, None]], "visit_totals": [[0, 0, None]]}

RECORDS = [hits.record(number, f"2026-02-01 09:0{number}:00.00{number}") for number in range(10)]


@pytest.fixture(scope="module")
def make_crawled(make_lake, make_table):
    """A lake of one's own and its table, whose partitions are registered when it is filled."""
    def make(name, form="parquet", columns="", template=None, fill=lambda lake, schema: None):
        lake = make_lake(f"{name.replace('_', '-')}-files", form, columns)
        more = {} if template is None else {"template": template}
        table = make_table(lake, Format=form, Partitions="crawler", Database=name, **more)
        schema = other_writers.columns(table.storage()["Columns"])
        fill(lake, schema)
        table.crawl()
        return table
    return make


def test_a_file_of_firehoses_own_writer_is_the_same_hits(make_crawled):
    table = make_crawled("firehose", fill=lambda lake, schema: lake.put(
        HOUR, "hits-1-2026-02-01-09-00-00-79c30f51-f87b-472b-80c4-a97ea3015e10.parquet",
        other_writers.firehose_parquet(RECORDS, schema)))
    answer = table.both("SELECT * FROM hits ORDER BY hit_id NULLS LAST")
    assert [present(row) for row in answer.dicts()] == RECORDS
    for question in QUESTIONS:
        assert table.ask(sql(question), DAY.bind(question)) == table.lake.beacon.ask(sql(question), DAY.bind(question))


def test_our_delivery_and_firehose_beside_each_other(make_crawled):
    def fill(lake, schema):
        lake.replay(hits.lines(RECORDS[:5]))
        lake.put(HOUR, "firehose.parquet", other_writers.firehose_parquet(RECORDS[5:], schema))
    answer = make_crawled("beside", fill=fill).both("SELECT * FROM hits ORDER BY received_at NULLS LAST")
    assert [present(row) for row in answer.dicts()] == RECORDS


@pytest.mark.parametrize("unit, zone", [("ms", None), ("us", None), ("us", "UTC"), ("ns", None)])
def test_timestamps_of_other_units_are_the_same_moments(make_crawled, unit, zone):
    def fill(lake, schema):
        index = schema.get_field_index("received_at")
        schema = schema.set(index, pyarrow.field("received_at", pyarrow.timestamp(unit, zone)))
        lake.put(HOUR, "other.parquet", other_writers.parquet(RECORDS, schema, compression="zstd"))
    table = make_crawled(f"unit_{unit}_{zone or 'none'}".lower(), fill=fill)
    answer = table.both("SELECT received_at FROM hits WHERE received_at > CAST('2026-02-01 09:01:00.001' AS timestamp(3)) "
                        "ORDER BY received_at NULLS LAST")
    assert answer.rows == [[record["received_at"]] for record in RECORDS[2:]]


def test_an_old_file_lacks_columns_and_another_has_more(make_crawled):
    def fill(lake, schema):
        old = pyarrow.schema([schema.field(name) for name in ("received_at", "hit_id", "site")])
        lake.put(HOUR, "old.parquet", other_writers.parquet([{name: RECORDS[0][name] for name in old.names}], old))
        more = schema.append(pyarrow.field("gone", pyarrow.string()))
        lake.put(HOUR, "more.parquet", other_writers.parquet([RECORDS[1] | {"gone": "x"}], more))
    # By name: a table of Athena has the columns of its catalog, free SQL on one machine those of the files.
    names = ", ".join(dict.fromkeys(name for record in RECORDS for name in record))
    answer = make_crawled("evolved", fill=fill).both(f"SELECT {names} FROM hits ORDER BY hit_id NULLS LAST")
    assert [present(row) for row in answer.dicts()] == [
        {name: RECORDS[0][name] for name in ("hit_id", "received_at", "site")}, RECORDS[1]]


def test_json_of_another_producer(make_crawled):
    """Keys that are unknown or missing, nested values as text, and names of parameters that differ in case only."""
    lines = [
        {"hit_id": "a", "received_at": "2026-02-01 09:00:00.5", "unknown": {"a": 1}, "params": {"K": "1", "k": "2"}},
        {"hit_id": "b", "received_at": "2026-02-01 09:00:01.000", "truncated": None, "params": None, "headers": {}},
        {"hit_id": "c", "received_at": "2026-02-01 09:00:02.000", "params": {"n": 7, "yes": True, "none": None}},
    ]
    table = make_crawled("other_json", "json", fill=lambda lake, schema: lake.put(
        HOUR, "other.json.gz", other_writers.json_lines(lines)))
    answer = table.both("SELECT hit_id, received_at, truncated, params, headers FROM hits ORDER BY hit_id NULLS LAST")
    assert answer.rows == [
        ["a", "2026-02-01 09:00:00.500", None, {"K": "1", "k": "2"}, None],
        ["b", "2026-02-01 09:00:01.000", None, None, {}],
        ["c", "2026-02-01 09:00:02.000", None, {"n": "7", "yes": "true", "none": None}, None],
    ]


def test_orc_in_the_table_that_the_stack_makes_for_it(make_lake, make_table):
    """Our engine reads no ORC: its answer is to the same records in Parquet."""
    lake = make_lake("orc-files")
    lake.replay(hits.lines(RECORDS))
    expected = lake.beacon.ask("SELECT * FROM hits ORDER BY hit_id NULLS LAST")
    orc_lake = make_lake("orc-lake")
    table = make_table(orc_lake, Format="orc", Partitions="crawler", Database="orc_lake")
    schema = other_writers.columns(table.storage()["Columns"])
    reordered = pyarrow.schema(reversed(list(schema)))
    orc_lake.put(HOUR, "hits-1.orc", other_writers.orc(RECORDS, reordered))
    table.crawl()
    assert table.ask("SELECT * FROM hits ORDER BY hit_id NULLS LAST") == expected


def test_an_empty_lake_answers_every_question(make_crawled):
    table = make_crawled("empty")
    for question in QUESTIONS:
        answer = table.ask(sql(question), DAY.bind(question))
        assert answer == table.lake.beacon.ask(sql(question), DAY.bind(question))
        assert answer.rows == EMPTY.get(question, [])
    for view in VIEWS:
        assert table.both(f"SELECT * FROM {view}").rows == []


def test_a_column_of_ones_own_is_in_the_lake_and_in_the_stack(program, make_crawled):
    columns = "userid=params.userid,partner=params.thirdpartyname"
    template = subprocess.run([program, "schema", "catalog"], env={"BEACON_COLUMNS": columns}, check=True,
                              capture_output=True, text=True).stdout

    def fill(lake, _):
        # Before the column was there, and since.
        lake.replay(hits.lines(RECORDS[:2]))
        lake.replay(hits.lines([RECORDS[2] | {"userid": "7", "partner": "O'Hara & \"Co\""}]))
    table = make_crawled("own", columns=columns, template=template, fill=fill)
    own = "SELECT hit_id, userid, partner FROM {} ORDER BY hit_id NULLS LAST"
    rows = [[hits.hit_id(0), None, None], [hits.hit_id(1), None, None], [hits.hit_id(2), "7", "O'Hara & \"Co\""]]
    assert table.both(own.format("hits")).rows == rows
    assert table.both(own.format("unique_hits")).rows == rows
    assert table.both("SELECT * FROM unique_hits WHERE userid = ?", ["7"]).rows
    assert table.both("SELECT visit_id FROM visits ORDER BY visit_id").rows == [[hits.hit_id(0)], [hits.hit_id(1)]]


def present(row):
    """What a record says: neither NULLs nor where it lies."""
    return {name: value for name, value in row.items()
            if value is not None and name not in ("year", "month", "day", "hour")}
