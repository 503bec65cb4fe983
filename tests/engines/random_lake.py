"""Lakes that a seed makes: people, machines and mails around the moments at which counting is hard."""

import datetime
import random
from zoneinfo import ZoneInfo

import hits

MILLISECOND = datetime.timedelta(milliseconds=1)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

# Whole and half hours, quarters of an hour, a change of half an hour, days that are long before and after UTC's.
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Honolulu"]
# Beside the days on which a zone changes its clocks.
DAYS = [datetime.date(2025, 12, 31), datetime.date(2026, 2, 28), datetime.date(2026, 6, 15)]
YEAR = 2026

SITES = ["blog.example", "blog.example", "www.shop.example", "o'brien.example", None]
PAGES = ["/", "/talks", "/Ünïcode/ページ", "/a b", None]
EVENTS = ["view"] * 5 + ["signup", "download"]

# How people came: tags, referrer, parameters. Spelled in several ways, and one of them is a site of the lake.
ORIGINS = [
    {},
    {"referrer_host": "www.google.co.uk"},
    {"referrer_host": "news.ycombinator.com"},
    {"utm_source": "HN"},
    {"utm_source": "google", "utm_medium": "cpc"},
    {"utm_source": "Letter", "utm_medium": "Email", "utm_campaign": "Spring", "referrer_host": "mail.google.com"},
    {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "bells", "utm_content": "button"},
    {"utm_campaign": "bells"},
    {"referrer_host": "www.other.example"},
    {"referrer_host": "shop.example"},
    {"referrer": "android-app://io.github.hidroh.materialistic/",
     "referrer_host": "android-app://io.github.hidroh.materialistic"},
    {"referrer_host": "chatgpt.com", "click_id": "gclid"},
]
# Of records of version 0.1.0, which knew none, there is no class.
PEOPLE = ["human"] * 5 + ["unknown", None]
MACHINES = {"bot": "search.googlebot", "scanner": "scanner.zgrab", "prefetch": "prefetch.sec-purpose",
            "mail_proxy": "mail.gmail"}
# Within a visit and behind it, and on both sides of the longest gap.
GAPS = [0 * MINUTE, MILLISECOND, MINUTE, 10 * MINUTE, 30 * MINUTE - MILLISECOND, 30 * MINUTE, 30 * MINUTE + MILLISECOND,
        2 * HOUR]
# From a moment at which a day begins or a clock changes.
DISTANCES = [-30 * MINUTE - MILLISECOND, -30 * MINUTE, -MINUTE, -MILLISECOND, 0 * MINUTE, MILLISECOND, 12 * MINUTE]

READINGS = 24
MACHINE_HITS = 20
MAILS = 24
VISITORS = 6


class RandomLake:
    """Records and where they lie, around some midnights of a zone."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.form = self.random.choice(["parquet", "json"])
        self.zone = ZoneInfo(self.random.choice(ZONES))
        self.day = self.random.choice(DAYS + 2 * days_of_changes(self.zone))
        self.moments = self.hard_moments()
        self.records = []
        for _ in range(READINGS):
            self.reading()
        for _ in range(MACHINE_HITS):
            self.machine()
        for _ in range(MAILS):
            self.mail()
        self.random.shuffle(self.records)
        # Delivered twice, with hits that are new.
        self.again = self.random.sample(self.records, 10)
        self.moved = self.moves()

    def put(self, lake):
        """Delivers the records."""
        new = self.records[:5]
        lake.replay(hits.lines(self.records[5:]))
        again = [record for record in self.again if record not in new]
        lake.replay(hits.lines(new + again))
        for from_, to in self.moved.items():
            lake.move_hour(f"{from_:%Y-%m-%d-%H}", f"{to:%Y-%m-%d-%H}")

    def hard_moments(self):
        """Midnights of the zone and of UTC, and the change of the clocks if there is one."""
        days = [self.day, self.day + DAY]
        moments = [midnight(day, zone) for day in days for zone in (self.zone, datetime.UTC)]
        start = midnight(self.day, self.zone)
        return moments + [moment for moment in quarters(start, start + DAY) if is_change(moment, self.zone)]

    def moves(self):
        """Hours whose files lie in the folder of another: the one before, where the oldest hit of a file was received, or up
        to a day behind, where a file lies that was sent again. The last hour is first, so that none is moved twice."""
        hours = sorted({record["received_at"][:13] for record in self.records})
        chosen = sorted(map(datetime.datetime.fromisoformat, self.random.sample(hours, 4)), reverse=True)
        return {hour: hour + self.random.choice([1, 7, 24] if hour - HOUR in chosen else [-1, 1, 7, 24]) * HOUR
                for hour in chosen}

    def reading(self):
        """Views and custom events of one person, or of somebody whom nobody tells apart."""
        choose = self.random.choice
        site, visitor = choose(SITES), choose([f"visitor-{number}" for number in range(VISITORS)] + [None])
        reader = self.reader()
        at = self.moment()
        for number in range(choose([1, 1, 2, 3, 5])):
            # Only its first view has what a visit gets its source from. Later ones come from the site, or from elsewhere.
            origin = choose(ORIGINS) if number == 0 else choose([{"referrer_host": site}] * 3 + ORIGINS)
            self.add(at, site=site, visitor=visitor, event=choose(EVENTS), page=choose(PAGES), **reader, **origin)
            at += choose(GAPS)

    def machine(self):
        agent = self.random.choice(["bot", "bot", "bot", "scanner", "prefetch"])
        event = self.random.choice(["view", "view", "signup"])
        self.add(self.moment(), site=self.random.choice(SITES), visitor=None, event=event, page=self.random.choice(PAGES),
                 agent=agent, agent_rule=f"2026.11/{MACHINES[agent]}", **self.random.choice(ORIGINS))

    def mail(self):
        """Opens and clicks, behind some of which a person may be."""
        event = self.random.choice(["open", "open", "click"])
        agent = self.random.choice([*PEOPLE, "mail_proxy", "mail_proxy", "prefetch", "bot"])
        tags = self.random.choice([one for one in ORIGINS if "utm_campaign" in one])
        visitor = self.random.choice(["visitor-0", None]) if agent in PEOPLE else None
        self.add(self.moment(), site=self.random.choice(SITES), visitor=visitor, event=event,
                 page=None, **{**self.reader(), "agent": agent, **tags})

    def reader(self):
        browser, os, device, country, language = self.random.choice(hits.READERS)
        agent = self.random.choice(PEOPLE)
        return {"agent": agent, "agent_rule": agent and "2026.11/browser", "browser": browser, "os": os, "device": device,
                "country": country, "language": self.random.choice([language, language and language.lower()]),
                "size": self.random.choice(["s", "m", "xl", None])}

    def moment(self):
        at = self.random.choice(self.moments)
        if self.random.random() < 0.5:
            return at + self.random.choice(DISTANCES)
        return at + self.random.randrange(-2 * 3600 * 1000, 2 * 3600 * 1000) * MILLISECOND

    def add(self, at, site, event, referrer_host=None, referrer=None, click_id=None, size=None, **fields):
        """A record. Of what none is given here, it has none."""
        number = len(self.records)
        params = {"user.id": f"reader-{number % 3}"} | ({"plan": self.random.choice(["free", "team"])}
                                                       if event == "signup" and self.random.random() < 0.7 else {})
        params |= {name: value for name, value in {"vw": size, "click_id": click_id}.items() if value}
        blank = dict.fromkeys(("browser", "os", "device", "country", "language", "agent", "agent_rule", "visitor",
                               "utm_source", "utm_medium", "utm_campaign", "title"))
        referrer = referrer or (f"https://{referrer_host}/" if referrer_host else None)
        self.records.append(hits.record(number, stamp(at), **blank | fields | {
            "site": site, "event": event, "url": f"https://{site}/" if site else None, "referrer": referrer,
            "referrer_host": referrer_host, "params": params}))


def stamp(at):
    return at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def midnight(day, zone):
    """The first instant of a day. Where the clocks skip midnight, that is when they do."""
    return datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC)


def quarters(start, end):
    """The quarters of an hour between two instants."""
    while start < end:
        yield start
        start += 15 * MINUTE


def is_change(moment, zone):
    return moment.astimezone(zone).utcoffset() != (moment - MILLISECOND).astimezone(zone).utcoffset()


def days_of_changes(zone):
    """The days of the year on which the zone changes its clocks."""
    days = [datetime.date(YEAR, 1, 1) + number * DAY for number in range(365)]
    return [day for day in days
            if midnight(day, zone).astimezone(zone).utcoffset() != midnight(day + DAY, zone).astimezone(zone).utcoffset()]
