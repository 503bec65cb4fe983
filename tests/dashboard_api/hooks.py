"""What a schema can't say: which of two times is the earlier, that a custom column exists, which questions take "by", how
long all values of filters are together, how far away an end may be, that a goal is about an event.

Requests that are valid but for these are made valid; those that are meant to be refused stay as they are.
"""

import json
import re
import time

import schemathesis

DAY = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])\Z")
DAY_MS = 24 * 60 * 60 * 1000
LATEST_MS = 253402300799999

# The columns that every beacon has, which look like the names of custom ones.
COLUMNS = {
    "site", "page", "entry_page", "exit_page", "event", "channel", "source",
    "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "browser",
    "os", "device", "size", "country", "language",
}
CUSTOM_COLUMN = re.compile("[a-z][a-z0-9_]*")

# What the questions that take "by" can be about.
SUBJECTS = {"campaign_tags": "utm_term", "properties": "plan", "campaigns": "userid", "messages": "userid"}

# The most bytes of all values of filters; what is around them here counts too.
MAX_BYTES = 4096
# The most filters of a goal.
MAX_FILTERS = 32
# The most goals, and the most saved filters.
MAX_ITEMS = 100


def is_time(value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value <= LATEST_MS and value == int(value)


def are_objects(value):
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def make_valid(filters):
    """Names a custom column that there is, and keeps to the length of all values."""
    if not are_objects(filters):
        return
    for each in filters:
        name = each.get("column")
        if isinstance(name, str) and CUSTOM_COLUMN.fullmatch(name) and name not in COLUMNS:
            each["column"] = "userid"
    while filters and len(json.dumps(filters, ensure_ascii=False).encode()) > MAX_BYTES:
        filters.pop()


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    path = context.operation.path
    if path == "/api/queries" and isinstance(body.get("by"), (str, type(None))):
        body.pop("by", None)
        if str(body.get("question")) in SUBJECTS:
            body["by"] = SUBJECTS[body["question"]]
    start, end = body.get("from_ms"), body.get("to_ms")
    if path == "/api/queries" and is_time(start) and is_time(end) and start >= end:
        body["from_ms"], body["to_ms"] = min(start, end), min(start, end) + DAY_MS
        if body["to_ms"] > LATEST_MS:
            body["from_ms"], body["to_ms"] = LATEST_MS - DAY_MS, LATEST_MS
    column = body.get("column")
    if path == "/api/queries" and isinstance(column, dict) and isinstance(column.get("name"), str):
        column["name"] = "userid"
    if path == "/api/queries":
        make_valid(body.get("filters"))
    if path == "/api/goals" and are_objects(body.get("goals")):
        for goal in body["goals"]:
            filters = goal.get("filters")
            if are_objects(filters) and 0 < len(filters) <= MAX_FILTERS:
                filters[0] = {"column": "event", "op": "is", "values": ["signup"]}
                make_valid(filters)
    for items in ("goals", "saved"):
        if path == f"/api/{items}" and are_objects(body.get(items)) and len(body[items]) <= MAX_ITEMS:
            body[items] = list({str(item.get("name")): item for item in body[items]}.values())
    if path == "/api/shares":
        if is_time(body.get("until_ms")):
            body["until_ms"] = int(time.time() * 1000) + DAY_MS + int(body["until_ms"]) % (300 * DAY_MS)
    if path in ("/api/shares", "/api/keys") and body.get("site") == "*":
        body["site"] = "blog.example"
    return body


@schemathesis.hook
def map_query(context, query):
    """A period is a name or two days, the earlier first."""
    if context.operation.path != "/api/data/{question}" or not isinstance(query, dict):
        return query
    days = [query[name] for name in ("from", "to") if isinstance(query.get(name), str) and DAY.match(query[name])]
    if days and len(days) == len({"from", "to"} & query.keys()):
        query.pop("period", None)
        query["from"], query["to"] = min(days), max(days)
    return query


@schemathesis.hook
def map_case(context, case):
    """A question is about what it can be about."""
    if case.operation.path != "/api/data/{question}" or not isinstance(case.query, dict):
        return case
    subject = SUBJECTS.get(str((case.path_parameters or {}).get("question")))
    if subject is None:
        case.query.pop("by", None)
    else:
        case.query["by"] = subject
    return case


@schemathesis.hook
def map_headers(context, headers):
    """A token that nobody signed is refused, as the Rust tests show; here it would keep everything else from an answer."""
    if isinstance(headers, dict):
        headers = {name: value for name, value in headers.items() if name.lower() != "x-beacon-share"}
    return headers
