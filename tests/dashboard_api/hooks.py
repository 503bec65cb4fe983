"""What a schema can't say: which of two times is the earlier, that a custom column exists, that a column is
filtered once, how far away an end may be.

Requests that are valid but for these are made valid; those that are meant to be refused stay as they are.
"""

import time

import schemathesis

DAY_MS = 24 * 60 * 60 * 1000
LATEST_MS = 253402300799999


def is_time(value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value <= LATEST_MS and value == int(value)


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    path = context.operation.path
    start, end = body.get("from_ms"), body.get("to_ms")
    if path == "/api/queries" and is_time(start) and is_time(end) and start >= end:
        body["from_ms"], body["to_ms"] = min(start, end), min(start, end) + DAY_MS
        if body["to_ms"] > LATEST_MS:
            body["from_ms"], body["to_ms"] = LATEST_MS - DAY_MS, LATEST_MS
    column = body.get("column")
    if path == "/api/queries" and isinstance(column, dict) and isinstance(column.get("name"), str):
        column["name"] = "userid"
    filters = body.get("filters")
    if path == "/api/queries" and isinstance(filters, list) and all(isinstance(each, dict) for each in filters):
        named = {str(each.get("column")): each for each in filters}
        body["filters"] = list(named.values())
    if path == "/api/shares":
        if is_time(body.get("until_ms")):
            body["until_ms"] = int(time.time() * 1000) + DAY_MS + int(body["until_ms"]) % (300 * DAY_MS)
        if body.get("site") == "*":
            body["site"] = "blog.example"
    return body


@schemathesis.hook
def map_headers(context, headers):
    """A token that nobody signed is refused, as the Rust tests show; here it would keep everything else from an answer."""
    if isinstance(headers, dict):
        headers = {name: value for name, value in headers.items() if name.lower() != "x-beacon-share"}
    return headers
