"""The hits that the comparisons are about: some of fixed hours, some sent to a running server."""

import json

# Both sides of the boundaries of an hour, a day, a month and a year; the first and the last millisecond of each.
MOMENTS = [
    "2025-12-31 22:59:59.999",
    "2025-12-31 23:00:00.000",
    "2025-12-31 23:59:59.999",
    "2026-01-01 00:00:00.000",
    "2026-01-31 08:15:00.120",
    "2026-01-31 23:59:59.999",
    "2026-02-01 00:00:00.000",
    "2026-02-01 09:30:00.123",
    "2026-02-01 09:59:59.999",
    "2026-02-01 10:00:00.000",
    "2026-02-01 10:30:00.001",
    "2026-02-28 23:30:00.001",
    "2026-03-01 00:30:00.010",
]
SITES = ["blog.example", "shop.example", None, "o'brien.example"]
PAGES = ["/", "/posts/one-pixel", None, "/Ünïcode/ページ", "/bells/brass"]
EVENTS = ["view", "view", "open", "view", "click", "signup"]
SOURCES = [None, "newsletter", "search"]
REFERRER_HOSTS = [None, "www.search.example", "blog.example", "shop.example"]

# None is a record of version 0.1.0, which knew no classes.
AGENTS = ["human", "human", None, "bot", "human", "unknown", "mail_proxy", "human", "prefetch", "scanner", "human"]
RULES = {"human": "browser", "bot": "ai.training.gptbot", "unknown": "app.other", "mail_proxy": "mail.gmail",
         "prefetch": "prefetch.sec-purpose", "scanner": "scanner.zgrab"}
# Browser, system, device, country and language.
READERS = [
    ("Firefox", "Linux", "desktop", "DE", "de-DE"),
    ("Safari", "iOS", "phone", "GB", "en-GB"),
    ("Chrome", "Android", "phone", None, "ja"),
    ("Safari", "iPadOS", "tablet", "US", None),
    (None, None, None, "AT", "de-AT"),
]
# A few people who come often, and those whom nobody tells apart.
VISITORS = ["visitor-a", "visitor-b", None, "visitor-a", "visitor-c", "visitor-d", "visitor-b"]

# Size classes of windows, and what is none.
SIZES = ["s", "m", "l", "xl", "huge"]

HITS_A_MOMENT = 9

# An hour's hits that lie in the folder of another, as a file does whose oldest hit is of an earlier hour, or that was
# sent again after most of a day.
MOVED = {
    "2026-02-01-10": "2026-02-01-09",
    "2026-02-01-00": "2026-01-31-23",
    "2026-01-01-00": "2025-12-31-23",
    "2026-02-28-23": "2026-03-01-19",
}

# Where the hits of the moments lie.
HOURS = sorted({MOVED.get(hour, hour).replace("-", "") for hour in (
    moment[:13].replace(" ", "-") for moment in MOMENTS)})

# Of the fixed ones, what is delivered a second time.
AGAIN = slice(60, 70)

# Number and time of a hit that is replayed with them, and of one that Firehose gets long after it was received.
NEW = (9000, "2026-02-01 09:45:00.000")
LATE = (9001, "2026-02-01 12:00:00.000")


def fixed():
    """Records as the beacon writes them, received at the moments above; the same at every run."""
    return [record(number, moment) for number, moment in enumerate(
        moment for moment in MOMENTS for _ in range(HITS_A_MOMENT))]


def record(number, received_at, **fields):
    """One record. What is None is left out, as the beacon leaves it out."""
    site, source = pick(SITES, number), pick(SOURCES, number // 2)
    referrer_host = pick(REFERRER_HOSTS, number // 3)
    whole = {
        "hit_id": hit_id(number),
        "received_at": received_at,
        "site": site,
        "host": "b.example",
        "path": "/pixel.gif",
        "event": pick(EVENTS, number),
        "url": f"https://{site}/" if site else None,
        "page": pick(PAGES, number // 2),
        "title": "Ein \"Pixel\", a line\nand a \\ more" if number % 7 == 0 else None,
        "referrer": f"https://{referrer_host}/" if referrer_host else None,
        "referrer_host": referrer_host,
        "utm_source": source,
        "utm_medium": "mail" if source == "newsletter" else None,
        "utm_campaign": "bells" if number % 4 == 1 else None,
        "visitor": f"visitor-{number % 4}" if number % 5 else None,
        "format": "gif",
        "truncated": number % 5 == 0,
        "query_string": f"N={number}&n=x",
        # Names that differ in case only, a name that SQL would quote, a value that is empty.
        "params": {"N": str(number), "n": "x", "user.id": f"reader-{number % 3}", "empty": "",
                   "vw": pick(SIZES, number)},
        "headers": {"user-agent": "Mozilla/5.0", "accept": "*/*"} if number % 2 else {},
        "version": "0.1.0",
    } | who(number) | fields
    return {name: value for name, value in whole.items() if value is not None}


def who(number):
    """What a record says about who asked."""
    agent = pick(AGENTS, number)
    if agent is None:
        return {}
    browser, os, device, country, language = pick(READERS, number // 2)
    return {
        "agent": agent,
        "agent_rule": f"2026.11/{RULES[agent]}",
        "browser": browser,
        "os": os,
        "device": device,
        "country": country,
        "language": language,
        "visitor": pick(VISITORS, number) if agent in ("human", "unknown") else None,
    }


def hit_id(number):
    return f"00000000-0000-7000-8000-{number:012}"


def lines(records):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def pick(values, number):
    return values[number % len(values)]
