"""The questions of `athena/queries`, and what binds their parameters."""

import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

import yaml

from template import Loader

REPOSITORY = Path(__file__).resolve().parents[2]
ATHENA = REPOSITORY / "athena"
QUESTIONS = sorted(path.stem for path in (ATHENA / "queries").glob("*.sql"))
VIEWS = sorted(path.stem for path in (ATHENA / "views").glob("*.sql"))

# A file lies in the hour of its oldest hit, and what was sent late in one of the next day.
EARLY = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
LATE = DAY


# The classes of agents that count unless a scope names others, and those whose opens count at most.
AGENTS = ("human", "unknown")
OPEN_AGENTS = ("human", "unknown", "mail_proxy", "prefetch")

# The tag and the property whose values are listed.
SUBJECTS = {"tag": "utm_source", "property": "user.id"}


@dataclass(frozen=True)
class Scope:
    """What a person gives to a question: two days or two moments, a site, a page and a custom column's value, or `*`; and
    the classes of agents that count, if not those that do by default."""

    from_: str
    to: str
    site: str = "*"
    page: str = "*"
    column: str = "*"
    parameter: str = "*"
    header: str = "*"
    value: str = "*"
    agents: tuple = ()

    def options(self, question):
        options = ["--from", self.from_, "--to", self.to, "--site", self.site, "--page", self.page]
        if self.column != "*":
            options += ["--where", f"{self.column}={self.value}"]
        for name, by in SUBJECTS.items():
            if name in parameters(question):
                options += ["--by", by]
        # A question about all classes takes none of them.
        if "agents" in parameters(question):
            options += [part for agent in self.agents for part in ("--agent", agent)]
        return options

    def days(self):
        """The first moment of the UTC days of the range, and the first one after them."""
        start, end = self.range()
        midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
        day_to = end.replace(**midnight)
        return start.replace(**midnight), day_to if day_to == end else day_to + DAY

    def range(self):
        start, end = datetime.datetime.fromisoformat(self.from_), datetime.datetime.fromisoformat(self.to)
        # A last day is in the range, a last moment is its end.
        return start, end + DAY if len(self.to) == 10 else end

    def bind(self, question):
        values = self.values()
        return [values[name] for name in parameters(question)]

    def values(self):
        """The value of each parameter that a question may have, by its name."""
        start, end = self.range()
        day_from, day_to = self.days()
        return {
            "year_from": f"{day_from - EARLY:%Y}",
            "year_to": f"{day_to + LATE:%Y}",
            "hour_from": f"{day_from - EARLY:%Y%m%d%H}",
            "hour_to": f"{day_to + LATE:%Y%m%d%H}",
            "day_from": timestamp(day_from),
            "day_to": timestamp(day_to),
            "received_from": timestamp(start),
            "received_to": timestamp(end),
            "site": self.site,
            "site_also": self.site,
            "page": self.page,
            "page_also": self.page,
            "column_key": self.parameter if self.header == "*" else self.header,
            "column_parameter": self.parameter,
            "column_header": self.header,
            "column_value": self.value,
            "agents": ",".join(self.agents or AGENTS),
            "open_agents": ",".join(self.agents or OPEN_AGENTS),
            "counted_event": "view",
            # The lakes have no custom column that tells readers apart.
            "reader_parameter": "*",
            "reader_header": "*",
            **SUBJECTS,
        }


def timestamp(moment):
    return moment.isoformat(sep=" ", timespec="milliseconds")


@functools.cache
def texts():
    """The whole text of each question: `infra/catalog.yaml` has the block of visits in those that are about visits."""
    resources = yaml.load((REPOSITORY / "infra" / "catalog.yaml").read_text(), Loader=Loader)["Resources"].values()
    queries = [one["Properties"] for one in resources if one["Type"] == "AWS::Athena::NamedQuery"]
    return {one["Name"]: one["QueryString"]["Fn::Sub"].replace('"${TablePrefix}${Table}"', "hits").replace("${!", "${")
            for one in queries}


def sql(question):
    return texts()[question]


@functools.cache
def parameters(question):
    line, = [line for line in sql(question).splitlines() if line.startswith("-- parameters: ")]
    return [name.strip() for name in line.removeprefix("-- parameters: ").split(",")]
