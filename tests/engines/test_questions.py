"""Every question: the same rows from our engine and from Trino, over each kind of table."""

import functools
from concurrent.futures import ThreadPoolExecutor

import pytest

import questions
from questions import QUESTIONS, Scope

SCOPES = {
    "a day": Scope("2026-02-01", "2026-02-01"),
    "a month's end": Scope("2026-01-31", "2026-02-01"),
    "a year's end": Scope("2025-12-31", "2026-01-01"),
    "a quote in the site": Scope("2026-01-31", "2026-02-01", "o'brien.example"),
    "from a millisecond to before another": Scope("2026-02-01 09:30:00.123", "2026-02-01 10:00:00.001"),
    "a day sent late": Scope("2026-02-28", "2026-02-28"),
    "machines": Scope("2026-01-31", "2026-02-01", agents=("bot", "scanner", "mail_proxy")),
    "nothing": Scope("2026-01-10", "2026-01-10"),
}

# Where the hits of a scope have nothing that a question is about: machines make no visits, and nobody opened an email of
# the site with a quote.
EMPTY = {
    "machines": {"entry_pages", "exit_pages", "visits_per_quarter"},
    "a quote in the site": {"messages", "opens_per_quarter", "read_with"},
    "hits of now": {"event_names", "properties", "property_names"},
}


# The scopes of each table. Of a projection each hour of a range is listed, with files or without, so that few ranges must
# do. Of JSON every row is compared in test_rows.py: the questions need not repeat all scopes.
SCOPES_OF = {
    "parquet": ["a quote in the site", "a year's end"],
    "parquet, crawled, prefix": [*SCOPES, "hits of now"],
    "json": ["a year's end"],
    "json, crawled": ["a quote in the site", "a year's end"],
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", SCOPES_OF)
def test_a_question_has_the_same_rows(tables, kind, question):
    table = tables[kind]
    scopes = SCOPES | {"hits of now": table.lake.live}
    for name in SCOPES_OF[kind]:
        # Both engines at the same time: each leaves the other a processor.
        with ThreadPoolExecutor(max_workers=1) as trino:
            asked = trino.submit(table.ask, table.text_of(question), scopes[name].bind(question))
            expected = ours(table.lake.beacon, question, scopes[name])
            answer = asked.result()
        assert answer == expected, name
        assert answer.rows or name == "nothing" or question in EMPTY.get(name, ()), f"{name} compares nothing"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_stack_has_each_question_prepared_and_as_a_named_query(tables, question):
    # The names of database and table are others than the usual ones in this stack.
    table, scope = tables["parquet, crawled, prefix"], SCOPES["a month's end"]
    expected = ours(table.lake.beacon, question, scope)
    assert table.execute(question, scope.bind(question)) == expected
    assert table.ask(table.named_query(question), scope.bind(question)) == expected


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_same_rows_by_its_text(lakes, question):
    scope = SCOPES["a month's end"]
    for form, lake in lakes.items():
        answer = lake.beacon.ask(questions.sql(question), scope.bind(question))
        assert answer == ours(lake.beacon, question, scope), form


@functools.cache
def ours(beacon, question, scope):
    """What our engine answers to a question by its name and options, with the types of its text."""
    rows = beacon.ask_question(question, *scope.options(question))
    return beacon.typed(questions.sql(question), scope.bind(question), rows)
