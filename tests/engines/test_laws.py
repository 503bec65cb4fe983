"""The laws of the dashboard's numbers, over random lakes, zones, periods and filters: a tile is the sum of the chart's
bars, a row's number is the tile after filtering by the row, and the views of a panel's rows add up to the tile.

Each answer is compared on both engines, so what holds for one holds for the other. That the numbers are also right is
tested with a model in Rust, beside the engine.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from engines import Answer
from local_dashboard import Local
from periods import INTERVALS, Period, moment_of
from random_lake import DAY, MINUTE, RandomLake

# `run` chooses and prints it.
SEED = int(os.environ["PROPTEST_RNG_SEED"])
LAKES = int(os.environ.get("BEACON_RANDOM_LAKES", "2"))
COLUMNS = "reader=params.user.id"

# The panels of visitors and views: what their rows are about, as columns of the rows and of filters.
PANELS = {
    "sources": {"source": "source"},
    "channels": {"channel": "channel"},
    "referrers": {"referrer_host": "referrer"},
    "campaigns": {"utm_source": "utm_source", "utm_medium": "utm_medium", "utm_campaign": "utm_campaign"},
    "campaign_tags": {"value": "utm_content"},
    "top_pages": {"site": "site", "page": "page"},
    "entry_pages": {"site": "site", "entry_page": "entry_page"},
    "exit_pages": {"site": "site", "exit_page": "exit_page"},
    "countries": {"country": "country"},
    "languages": {"language": "language"},
    "devices": {"device": "device"},
    "browsers": {"browser": "browser"},
    "systems": {"os": "os"},
    "sizes": {"size": "size"},
    "sites": {"site": "site"},
}
# Those whose rows have every view, under "Unknown" if need be.
WHOLE = ["sources", "channels", "top_pages", "entry_pages", "exit_pages", "countries", "languages", "devices", "browsers",
         "systems", "sizes", "sites"]
# What else a panel is asked for.
SUBJECTS = {"campaign_tags": {"by": "utm_content"}}
# The charts, and what each draws: every count is on a tile too.
CHARTS = {
    "views_per_quarter": ["views", "visitors"],
    "visits_per_quarter": ["visits"],
    "opens_per_quarter": ["opens", "opens_at_most"],
}
# Of a scope, how many panels are asked for, and of these, by a row of how many is filtered. Each costs a statement or two of
# both engines, so that every panel has its turn in some lakes.
ASKED_PANELS = 6
FILTERED_PANELS = 3

CLASSES = ["human", "unknown", "bot", "scanner", "prefetch", "mail_proxy"]
AGENTS = [["human"], ["bot", "scanner"], ["mail_proxy", "prefetch", "human", "unknown"], CLASSES]
# Values of columns, some of which only a part of a hit's value is.
VALUES = {
    "source": ["Google", "Hacker News", "letter", "ChatGPT"],
    "channel": ["Direct / unknown", "Search", "Social", "Email", "Paid search"],
    "referrer": ["news.ycombinator.com", "www.google.co.uk", "WWW."],
    "utm_source": ["hn", "LETTER", "news"],
    "utm_campaign": ["bells", "spring"],
    "utm_content": ["button"],
    "entry_page": ["/", "/talks"],
    "exit_page": ["/", "/talks"],
    "page": ["/", "/talks", "/Ünïcode/ページ"],
    "site": ["blog.example", "o'brien.example", "www."],
    "event": ["view", "signup", "download", "open", "sign"],
    "device": ["phone", "desktop", "tablet"],
    "browser": ["Safari", "Firefox"],
    "size": ["s", "xl"],
    "country": ["DE", "GB"],
    "language": ["en-GB", "ja", "DE"],
    "prop.plan": ["free", "team"],
    "reader": ["reader-1", "reader-2"],
}
# Of which most leave something.
OPERATORS = ["is"] * 4 + ["is_not"] * 2 + ["contains", "starts_with", "is_empty", "is_not_empty"]


class Both:
    """Both engines over a random lake, asked as the dashboard asks."""

    def __init__(self, made, table, lake):
        self.made, self.table = made, table
        self.dashboard = Local(lake, COLUMNS)
        self.people = ThreadPoolExecutor(max_workers=2)

    def end(self):
        self.people.shutdown()
        self.dashboard.end()

    def ask(self, asks):
        """The answers to several questions."""
        return list(self.people.map(self.ask_one, asks))

    def ask_one(self, ask):
        query_id = self.dashboard.submit(**ask)
        statement = self.dashboard.call("GET", f"/api/queries/{query_id}")
        theirs = self.table.ask(statement["sql"], statement["parameters"])
        theirs.columns = [(name, kind.split("(")[0]) for name, kind in theirs.columns]
        answer = self.dashboard.wait(query_id)
        assert answer["state"] == "succeeded", (ask, answer)
        ours = Answer([(column["name"], column["type"]) for column in answer["columns"]], answer["rows"])
        assert ours == theirs, ask
        return ours

    def tile(self, scope):
        """What the tiles show of a scope."""
        totals, visits = self.ask([scope | {"question": "totals"}, scope | {"question": "visit_totals"}])
        return totals.dicts()[0] | visits.dicts()[0]


@pytest.fixture(scope="module", params=range(LAKES), ids=lambda number: f"lake-{number}")
def both(request, make_lake, make_table):
    name = f"random-lake-{request.param}"
    made = RandomLake(f"{SEED} {request.param}")
    lake = make_lake(name, made.form, COLUMNS)
    made.put(lake)
    table = make_table(lake, Format=made.form, Partitions="crawler", Database=name.replace("-", "_"),
                       CrawlerSchedule="cron(5 * * * ? *)")
    table.crawl()
    asked = Both(made, table, lake)
    yield asked
    asked.end()


def test_the_laws_hold_for_all_hits_of_some_days(both):
    period = Period.of_days(both.made.day - DAY, 3, both.made.zone)
    tile = check_laws(both, period, {}, both.made.random)
    assert tile["views"] > tile["visits"] > 0 and tile["visitors"] > 0 and tile["opens_at_most"] > tile["opens"], tile


def test_the_laws_hold_for_the_hits_that_filters_leave(both):
    choose = random.Random(f"{SEED} {both.made.day} {both.made.zone}")
    check_laws(both, any_period(both.made, choose), any_filters(choose), choose)


def any_period(made, choose):
    """Days of the lake's zone or of UTC's; the last one may be unfinished, and then ends with a quarter of an hour."""
    first = made.day + choose.choice([-1, 0, 0, 1]) * DAY
    period = Period.of_days(first, choose.choice([1, 1, 2, 7, 31]), made.zone)
    if choose.random() < 0.3:
        return Period(period.start, period.end - choose.randrange(1, 80) * 15 * MINUTE, made.zone)
    return period


def any_filters(choose):
    """Conditions on one column or two, and sometimes on a site, a custom column or the classes of agents."""
    columns = choose.sample(sorted(VALUES), choose.choice([1, 1, 2]))
    scope = {"filters": [any_condition(column, choose) for column in columns for _ in range(choose.choice([1, 1, 1, 2]))]}
    more = [{"site": "blog.example"}, {"column": {"name": "reader", "value": "reader-1"}}, {"agents": choose.choice(AGENTS)}]
    return scope | choose.choice([{}, {}, {}, *more])


def any_condition(column, choose):
    op = choose.choice(OPERATORS)
    if op.endswith("empty"):
        return {"column": column, "op": op}
    return {"column": column, "op": op, "values": choose.sample(VALUES[column], choose.choice([1, 1, len(VALUES[column])]))}


def is_value(column, value):
    """The condition that finds a row."""
    return {"column": column, "op": "is_empty"} if value is None else {"column": column, "op": "is", "values": [value]}


def check_laws(both, period, filters, choose):
    """Checks the three laws, and answers with the tiles."""
    scope = filters | period.milliseconds()
    panels = choose.sample(sorted(PANELS), ASKED_PANELS)
    questions = [*CHARTS, *panels]
    asks = [scope | {"question": question} | SUBJECTS.get(question, {}) for question in questions]
    rows = dict(zip(questions, both.ask(asks)))
    tile = both.tile(scope)
    check_bars(both, period, scope, {chart: rows[chart].dicts() for chart in CHARTS}, tile, choose)
    for panel in panels[:FILTERED_PANELS]:
        if rows[panel].rows:
            check_row(both, scope, panel, choose.choice(rows[panel].dicts()))
    for panel in panels:
        views = sum(row["views"] for row in rows[panel].dicts())
        assert panel not in WHOLE or views == tile["views"], f"3. the views of {panel} add up to the tile's: {scope}"
    return tile


def check_bars(both, period, scope, charts, tile, choose):
    """1. A tile equals the sum of its chart's bars, which are sums of quarters; and each bar is the tile of its period."""
    for interval in choose.sample(INTERVALS, 2):
        bars = period.bars(interval)
        assert bars[0].start == period.start and bars[-1].end == period.end
        drawn = {bar: sums(charts, bar) for bar in bars}
        for count in drawn[bars[0]]:
            assert sum(bar[count] for bar in drawn.values()) == tile[count], f"1. {count} per {interval}: {scope}"
        bar = choose.choice([bar for bar in bars if any(drawn[bar].values())] or bars)
        inside = both.tile(scope | bar.milliseconds())
        assert {count: inside[count] for count in drawn[bar]} == drawn[bar], f"1. {interval} {bar}: {scope}"
    days = period.bars("day")
    if len(days) <= 3:
        answers = both.ask([scope | day.milliseconds() | {"question": "visit_totals"} for day in days])
        assert sum(answer.dicts()[0]["visits"] for answer in answers) == tile["visits"], f"1. visits per day: {scope}"


def check_row(both, scope, panel, row):
    """2. A row's number equals the tile after filtering by that row."""
    columns = PANELS[panel]
    about = [is_value(filter_, row[column]) for column, filter_ in columns.items()]
    # One more value of a column that is filtered takes the place of the others.
    others = [one for one in scope.get("filters", []) if one["column"] not in columns.values()]
    tile = both.tile(scope | {"filters": others + about})
    numbers = {name: value for name, value in row.items() if name in tile and name not in ("pages", "sites")}
    assert {name: tile[name] for name in numbers} == numbers, f"2. {panel} {row}: {scope}"


def sums(charts, bar):
    """What the charts draw in a bar."""
    inside = {chart: [row for row in rows if bar.holds(moment_of(row["quarter"]))] for chart, rows in charts.items()}
    return {count: sum(row[count] for row in inside[chart]) for chart, counts in CHARTS.items() for count in counts}
