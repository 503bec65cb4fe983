"""What a schema can't say: which of two times is the earlier, that a custom column exists, how long all values of
filters are together, how far away an end may be.

Requests that are valid but for these are made valid; those that are meant to be refused stay as they are.
"""

import json
import re
import time

import schemathesis

DAY_MS = 24 * 60 * 60 * 1000
LATEST_MS = 253402300799999

# The columns that every beacon has, which look like the names of custom ones.
COLUMNS = {
    "site", "page", "entry_page", "exit_page", "event", "channel", "source",
    "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "browser",
    "os", "device", "size", "country", "language",
}
CUSTOM_COLUMN = re.compile("[a-z][a-z0-9_]*")

# The most bytes of all values of filters; what is around them here counts too.
MAX_BYTES = 4096


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
        for each in filters:
            name = each.get("column")
            if isinstance(name, str) and CUSTOM_COLUMN.fullmatch(name) and name not in COLUMNS:
                each["column"] = "userid"
        while filters and len(json.dumps(filters, ensure_ascii=False).encode()) > MAX_BYTES:
            filters.pop()
    if path == "/api/shares":
        if is_time(body.get("until_ms")):
            body["until_ms"] = int(time.time() * 1000) + DAY_MS + int(body["until_ms"]) % (300 * DAY_MS)
    if path in ("/api/shares", "/api/keys") and body.get("site") == "*":
        body["site"] = "blog.example"
    return body


@schemathesis.hook
def map_headers(context, headers):
    """A token that nobody signed is refused, as the Rust tests show; here it would keep everything else from an answer."""
    if isinstance(headers, dict):
        headers = {name: value for name, value in headers.items() if name.lower() != "x-beacon-share"}
    return headers
