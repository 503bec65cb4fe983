"""Views as Glue keeps them: text and columns of the stack, read by Trino."""

import pytest

import hits
from questions import VIEWS


@pytest.fixture(params=["parquet, crawled, prefix", "json, crawled"])
def crawled(request, tables):
    """Views read the whole table, which of a projected one is thousands of folders."""
    return tables[request.param]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_the_same_rows_and_types(crawled, view):
    answer = crawled.both(f"SELECT * FROM {view} ORDER BY hit_id NULLS LAST")
    assert len(answer.rows) > len(hits.fixed())
    # It names its table in full, and so can be read from anywhere.
    full_name = f'"{crawled.database}"."{crawled.prefix}{view}"'
    assert crawled.trino.ask(f"SELECT count(*) FROM {full_name}").rows == [[len(answer.rows)]]


def test_each_hit_is_in_the_view_once(crawled):
    answer = crawled.both("""SELECT count(*) AS hits, count(DISTINCT hit_id) AS ids, max(occurrence) AS occurrence
        FROM unique_hits""")
    (hits_, ids, occurrence), = answer.rows
    assert hits_ == ids and occurrence == 1
    raw = crawled.both("SELECT count(*) AS hits, count(DISTINCT hit_id) AS ids FROM hits").rows[0]
    assert raw[0] > raw[1] == ids


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_readable_and_of_the_same_types_over_every_table(table, view):
    answer = table.both(f"SELECT * FROM {view} LIMIT 0")
    assert answer.rows == [] and answer.names[-1] == "occurrence"
