"""Every question through the function's API over Trino: the rows that DataFusion gives through the local one."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

import questions

DAY_MS = 24 * 60 * 60 * 1000


def ms(text):
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    return round(moment.timestamp() * 1000)


FEBRUARY = {"from_ms": ms("2026-02-01"), "to_ms": ms("2026-03-01")}
SCOPES = {
    "all of it": {"from_ms": ms("2025-12-31"), "to_ms": ms("2026-03-02")},
    "a month": FEBRUARY,
    "from a millisecond to before another": {"from_ms": ms("2026-02-01 09:30:00.123"), "to_ms": ms("2026-02-01 10:00:00.001")},
    "a site": FEBRUARY | {"site": "blog.example"},
    "a quote in the site": FEBRUARY | {"site": "o'brien.example"},
    "a page": FEBRUARY | {"page": "/Ünïcode/ページ"},
    "a custom column of a parameter": FEBRUARY | {"column": {"name": "reader", "value": "reader-1"}},
    "a custom column of a header": FEBRUARY | {"column": {"name": "program", "value": "Mozilla/5.0"}},
    "all filters": FEBRUARY | {"site": "blog.example", "page": "/", "column": {"name": "reader", "value": "reader-0"}},
    "an event": FEBRUARY | {"filters": [{"column": "event", "value": "open"}]},
    "a referrer": FEBRUARY | {"filters": [{"column": "referrer", "value": "Search.example"}]},
    "a campaign": FEBRUARY
    | {"filters": [{"column": f"utm_{tag}", "value": "Newsletter"} for tag in ("source", "medium", "campaign")]},
    "hits without": FEBRUARY | {"filters": [{"column": column, "value": None} for column in ("site", "page")]},
    "hits without any source": FEBRUARY
    | {"filters": [{"column": column, "value": None} for column in ("referrer", "utm_source", "utm_medium", "utm_campaign")]},
    "nothing": {"from_ms": ms("2026-01-10"), "to_ms": ms("2026-01-11")},
}
# Where some question has no rows, as nobody has.
MAYBE_EMPTY = {
    "nothing",
    "from a millisecond to before another",
    "a page",
    "all filters",
    "a referrer",
    "a campaign",
    "hits without",
}


# Filters are put into every question in the same way, so that a third of the questions, each time another one, is asked of
# most scopes.
EVERY_QUESTION = {"all of it", "all filters", "an event", "a campaign"}
ASKED = [(question, scope) for place, scope in enumerate(SCOPES) for number, question in enumerate(questions.QUESTIONS)
         if scope in EVERY_QUESTION or question == "totals" or (place + number) % 3 == 0]


def question_of(name):
    """The fields of a request that name a question, and what it lists the values of where it must be named."""
    return {"question": name} | ({"by": "user.id"} if name == "properties" else {})


def comparable(answer):
    """Without what is each engine's own."""
    assert answer["state"] == "succeeded", answer
    return {name: answer.get(name) for name in ("question", "columns", "rows", "truncated", "parameters", "error")}


@pytest.mark.parametrize("question, scope", ASKED)
def test_both_dashboards_answer_the_same(dashboard, local, question, scope):
    ask = SCOPES[scope] | question_of(question)
    # Both engines at the same time: each leaves the other a processor.
    with ThreadPoolExecutor(max_workers=1) as ours:
        asked = ours.submit(local.ask, **ask)
        answer = comparable(dashboard.ask(**ask))
        assert answer == comparable(asked.result())
    if question == "totals" and scope not in MAYBE_EMPTY:
        assert answer["rows"][0][0] > 0, answer


def test_every_question_has_rows_somewhere(dashboard):
    for question in questions.QUESTIONS:
        assert dashboard.ask(**question_of(question), **SCOPES["all of it"])["rows"], question


def test_about_is_the_same_but_for_the_engine(dashboard, local):
    there, here = dashboard.call("GET", "/api/about"), local.call("GET", "/api/about")
    for name in ("version", "privacy", "questions", "custom_columns"):
        assert there[name] == here[name]
    assert (there["engine"], here["engine"]) == ("athena", "datafusion")
    # A minute in the stream, and an answer that may be a minute old.
    assert there["freshness"] == {"live": False, "delay_s": 120}


def test_the_text_that_is_shown_is_the_text_that_ran_and_the_stacks_own(dashboard, athena_on_trino, table):
    for question in questions.QUESTIONS:
        athena_on_trino.calls.clear()
        answer = dashboard.ask(**question_of(question), **FEBRUARY)
        started, = [call for operation, call in athena_on_trino.calls if operation == "StartQueryExecution"]
        assert answer["sql"] == started["QueryString"]
        # Behind it is a hash of the parameters, so that no result is given again for others.
        text, hash_ = started["QueryString"].rsplit("\n-- parameters: ", 1)
        assert text == table.named_query(question) and len(hash_) == 64
        # As they were bound, without the quotes of SQL's literals.
        assert [f"'{value}'" for value in answer["parameters"]] == started["ExecutionParameters"]


def test_a_value_is_never_sql(dashboard, athena_on_trino):
    evil = "x' OR '1'='1"
    athena_on_trino.calls.clear()
    answer = dashboard.ask(question="top_pages", page=evil, **FEBRUARY)
    assert (answer["state"], answer["rows"]) == ("succeeded", [])
    started, = [call for operation, call in athena_on_trino.calls if operation == "StartQueryExecution"]
    assert evil not in started["QueryString"]
    assert "'x'' OR ''1''=''1'" in started["ExecutionParameters"]


def test_the_csv_is_the_same(dashboard, local):
    ask = {"question": "top_pages_by_source"} | SCOPES["all of it"]
    there_id, here_id = dashboard.submit(**ask), local.submit(**ask)
    dashboard.wait(there_id), local.wait(here_id)
    status, headers, content = dashboard.send("GET", f"/api/queries/{there_id}/csv")
    assert status == 200
    _, here_headers, here_content = local.send("GET", f"/api/queries/{here_id}/csv")
    assert content == here_content and content.count(b"\r\n") > 3
    assert headers["content-disposition"] == here_headers["Content-Disposition"]
    assert re.search(r'filename="top_pages_by_source-2025-12-31-2026-03-01\.csv"', headers["content-disposition"])


def test_a_share_link_shows_its_site_alone(dashboard):
    until_ms = round(datetime.datetime.now(datetime.UTC).timestamp() * 1000) + DAY_MS
    made = dashboard.call("POST", "/api/shares", {"site": "blog.example", "until_ms": until_ms}, 201)
    guest = dashboard.shared(made["token"])
    assert guest.call("GET", "/api/about")["access"] == {"kind": "share", "site": "blog.example", "until_ms": until_ms}
    everything = SCOPES["all of it"]
    answer = guest.ask(question="totals", **everything)
    assert answer["rows"] == dashboard.ask(question="totals", site="blog.example", **everything)["rows"]
    assert answer["rows"] != dashboard.ask(question="totals", **everything)["rows"]
    guest.call("POST", "/api/queries", {"question": "totals", "site": "shop.example"} | everything, 403)
    # An answer about all sites is not theirs either, whoever gave them its id.
    guest.call("GET", f"/api/queries/{dashboard.submit(question='totals', **everything)}", status=403)


def test_a_query_can_be_stopped(dashboard, athena_on_trino):
    athena_on_trino.calls.clear()
    query_id = dashboard.submit(question="totals", **FEBRUARY)
    assert dashboard.call("DELETE", f"/api/queries/{query_id}", status=204) is None
    assert "StopQueryExecution" in [operation for operation, _ in athena_on_trino.calls]
    assert dashboard.wait(query_id)["state"] in ("cancelled", "succeeded")


def test_a_table_that_is_not_there_is_a_failed_query(start_function, athena_on_trino, table):
    broken = start_function(athena_on_trino.url, table.database, "no_hits")
    answer = broken.ask(question="totals", **FEBRUARY)
    assert answer["state"] == "failed" and "rows" not in answer
    assert re.fullmatch(r"Athena failed with TABLE_NOT_FOUND: its reason is in the function's log \(query [0-9a-f-]{36}\)",
                        answer["error"])


def test_a_work_group_that_is_not_there_is_an_error_without_details(start_function, athena_on_trino, table):
    lost = start_function(athena_on_trino.url, "elsewhere", table.name)
    problem = lost.call("POST", "/api/queries", {"question": "totals"} | FEBRUARY, 502)
    assert "elsewhere" not in problem["detail"]
