"""The questions of `athena/queries`, and what binds their parameters."""

import datetime
from dataclasses import dataclass
from pathlib import Path

ATHENA = Path(__file__).resolve().parents[2] / "athena"
QUESTIONS = sorted(path.stem for path in (ATHENA / "queries").glob("*.sql"))
VIEWS = sorted(path.stem for path in (ATHENA / "views").glob("*.sql"))

# A file lies in the hour of its oldest hit, and what was sent late in one of the next day.
EARLY = datetime.timedelta(hours=1)
LATE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """What a person gives to a question: two days or two moments, a site, a page and a custom column's value, or `*`."""

    from_: str
    to: str
    site: str = "*"
    page: str = "*"
    column: str = "*"
    parameter: str = "*"
    header: str = "*"
    value: str = "*"

    def options(self):
        options = ["--from", self.from_, "--to", self.to, "--site", self.site, "--page", self.page]
        return options if self.column == "*" else [*options, "--where", f"{self.column}={self.value}"]

    def range(self):
        start, end = datetime.datetime.fromisoformat(self.from_), datetime.datetime.fromisoformat(self.to)
        # A last day is in the range, a last moment is its end.
        return start, end + datetime.timedelta(days=1) if len(self.to) == 10 else end

    def bind(self, question):
        start, end = self.range()
        values = {
            "year_from": f"{start - EARLY:%Y}",
            "year_to": f"{end + LATE:%Y}",
            "hour_from": f"{start - EARLY:%Y%m%d%H}",
            "hour_to": f"{end + LATE:%Y%m%d%H}",
            "received_from": start.isoformat(sep=" ", timespec="milliseconds"),
            "received_to": end.isoformat(sep=" ", timespec="milliseconds"),
            "site": self.site,
            "site_also": self.site,
            "page": self.page,
            "page_also": self.page,
            "column_key": self.parameter if self.header == "*" else self.header,
            "column_parameter": self.parameter,
            "column_header": self.header,
            "column_value": self.value,
        }
        return [values[name] for name in parameters(question)]


def sql(question):
    return (ATHENA / "queries" / f"{question}.sql").read_text()


def parameters(question):
    line, = [line for line in sql(question).splitlines() if line.startswith("-- parameters: ")]
    return [name.strip() for name in line.removeprefix("-- parameters: ").split(",")]
