"""Periods of a zone's days, and the bars that a chart draws of them."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from random_lake import DAY, midnight, quarters

INTERVALS = ("hour", "day", "week", "month")


@dataclass(frozen=True)
class Period:
    """From one instant to another, and the zone whose days it is made of."""

    start: datetime.datetime
    end: datetime.datetime
    zone: ZoneInfo

    @classmethod
    def of_days(cls, first, days, zone):
        return cls(midnight(first, zone), midnight(first + days * DAY, zone), zone)

    def milliseconds(self):
        return {"from_ms": milliseconds(self.start), "to_ms": milliseconds(self.end)}

    def bars(self, interval):
        """The period's parts, in order. The clocks may say an hour twice, which is two bars."""
        starts = {}
        for quarter in quarters(self.start, self.end):
            starts.setdefault(bar_of(quarter, self.zone, interval), quarter)
        ends = [*list(starts.values())[1:], self.end]
        return [Period(start, end, self.zone) for start, end in zip(starts.values(), ends)]

    def holds(self, moment):
        return self.start <= moment < self.end


def bar_of(moment, zone, interval):
    """What the quarters of a bar have in common."""
    local = moment.astimezone(zone)
    if interval == "hour":
        return local.date(), local.hour, local.utcoffset()
    if interval == "day":
        return local.date()
    return local.isocalendar()[:2] if interval == "week" else (local.year, local.month)


def milliseconds(moment):
    return int(moment.timestamp()) * 1000


def moment_of(stamp):
    """The instant of an answer's timestamp."""
    return datetime.datetime.fromisoformat(stamp).replace(tzinfo=datetime.UTC)
