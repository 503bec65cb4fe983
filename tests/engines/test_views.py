"""Views as Glue keeps them: text and columns of the stack, read by Trino."""

import pytest

import hits
from questions import VIEWS

# The column by which the rows of a view are told apart.
KEYS = {"unique_hits": "hit_id", "visits": "visit_id"}


@pytest.fixture(params=["parquet, crawled, prefix", "json, crawled"])
def crawled(request, tables):
    """Views read the whole table, which of a projected one is thousands of folders."""
    return tables[request.param]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_the_same_rows_and_types(crawled, view):
    answer = crawled.both(f"SELECT * FROM {view} ORDER BY {KEYS[view]} NULLS LAST")
    assert len(answer.rows) > (len(hits.fixed()) if view == "unique_hits" else len(hits.MOMENTS))
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


def test_the_hits_of_a_visit_have_its_source_and_its_pages(crawled):
    answer = crawled.both("""SELECT count(*) AS visits, sum(views + events) AS hits,
            count(*) FILTER (WHERE views + events > 1) AS longer, count(DISTINCT source) AS sources
        FROM visits""")
    (visits, hits_, longer, sources), = answer.rows
    assert hits_ > visits > longer > 0 and sources > 1
    answer = crawled.both("""SELECT count(*) AS hits, count(DISTINCT hit.visit_id) AS visits
        FROM unique_hits AS hit JOIN visits AS visit ON hit.visit_id = visit.visit_id
        WHERE (hit.source IS DISTINCT FROM visit.source) = false AND hit.channel = visit.channel
            AND (hit.entry_page IS DISTINCT FROM visit.entry_page) = false
            AND (hit.exit_page IS DISTINCT FROM visit.exit_page) = false
            AND hit.received_at BETWEEN visit.started_at AND visit.ended_at""")
    assert answer.rows == [[hits_, visits]]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_readable_and_of_the_same_types_over_every_table(table, view):
    answer = table.both(f"SELECT * FROM {view} LIMIT 0")
    assert answer.rows == [] and answer.names[-1] == {"unique_hits": "exit_page", "visits": "language"}[view]
