"""Where the parts of each chart lie: pure sums over numbers; the templates draw them as SVG and tell them as tables.

Lengths are in the chart's own units: all are ``WIDTH`` wide and scale with the page. Colours are the style sheet's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from gamedetectd.i18n import _, duration, pgettext
from gamedetectd.views.dashboard.content import DayTotal, GameTotal, Numbers
from gamedetectd.views.tray_state import weekdays

WIDTH = 420
PLOT_HEIGHT = 160
LEFT, TOP, BOTTOM = 52, 8, 22
ROW = 36
"""Height of one game's row: its name above its bar."""
MOST_GAMES = 8
"""Games that are drawn; the table has more."""
LONGEST_NAME = 40
CELL, CELL_HEIGHT, NAMES = 15.2, 18, 44
"""The heat map's cells, and the room for the days' names."""
SHADES = 5
"""Shades of the heat map besides none."""
DAYS_DRAWN = 62
"""Of more days than these, weeks are drawn."""
MOST_DATES = 6
"""Dates written below the bars."""
_HOUR = 3_600.0
_STEPS = (900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 2_592_000)
"""Seconds between two lines behind the bars, of which there are at most four."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, what it stands for and its seconds."""

    x: float
    y: float
    width: float
    height: float
    name: str
    seconds: float
    mark: str = ""
    """What is written below it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line behind the bars, at a height, with its seconds."""

    y: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of upright bars."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...]
    first: str
    """The head of the table's first column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week: ``shade`` is 0 for none, else up to ``SHADES``."""

    x: float
    y: float
    shade: int
    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The hours of the week, one row a day."""

    width: int
    height: int
    days: tuple[tuple[str, float, tuple[Cell, ...]], ...]
    hours: tuple[tuple[float, int], ...]


def over_time(numbers: Numbers) -> Bars:
    """Play time by hour for one day, else by day, and by week for many days."""
    if numbers.days == 1:
        at = numbers.per_day[-1].day.weekday() if numbers.per_day else 0
        return upright(((f"{hour:02d}:00", sums) for hour, sums in enumerate(numbers.hours[at])), _("Hour"), 4)
    if numbers.days <= DAYS_DRAWN:
        return upright(((_date(one.day), one.seconds) for one in numbers.per_day), _("Day"))
    return upright(_weeks(numbers.per_day), _("Week from"))


def upright(values: Iterable[tuple[str, float]], first: str, every: int = 0) -> Bars:
    """Bars for named seconds, of which each ``every``-th name is written below; 0: as many as there is room for."""
    pairs = list(values)
    every = every or max(1, -(-len(pairs) // MOST_DATES))
    most = max((seconds for _, seconds in pairs), default=0.0)
    step = next((one for one in _STEPS if most / one <= 4), _STEPS[-1])
    top = step * max(1, -(-most // step))
    pitch = (WIDTH - LEFT) / max(1, len(pairs))
    bars = tuple(
        Bar(
            round(LEFT + place * pitch + pitch * 0.1, 2),
            round(TOP + PLOT_HEIGHT * (1 - seconds / top), 2),
            round(pitch * 0.8, 2),
            round(PLOT_HEIGHT * seconds / top, 2),
            name,
            seconds,
            name if place % every == 0 else "",
        )
        for place, (name, seconds) in enumerate(pairs)
    )
    rules = tuple(
        Rule(round(TOP + PLOT_HEIGHT * (1 - seconds / top), 2), seconds)
        for seconds in (step * count for count in range(int(top // step) + 1))
    )
    return Bars(WIDTH, TOP + PLOT_HEIGHT + BOTTOM, bars, rules, first)


def lying(games: Sequence[GameTotal]) -> Bars:
    """A bar for each of the games played most."""
    drawn = games[:MOST_GAMES]
    most = max((one.seconds for one in drawn), default=0.0) or 1.0
    bars = tuple(
        Bar(0, place * ROW + 18, round(max(2.0, WIDTH * one.seconds / most), 2), 12, shortened(one.title), one.seconds)
        for place, one in enumerate(drawn)
    )
    return Bars(WIDTH, max(1, len(drawn)) * ROW, bars, (), _("Game"))


def heat_map(hours: Sequence[Sequence[float]]) -> HeatMap:
    """The hours of the week, Monday first."""
    most = max((seconds for row in hours for seconds in row), default=0.0)
    days = tuple(
        (
            name,
            place * CELL_HEIGHT + CELL_HEIGHT * 0.7,
            tuple(
                Cell(
                    round(NAMES + hour * CELL, 2), place * CELL_HEIGHT, _shade(seconds, most), f"{hour:02d}:00", seconds
                )
                for hour, seconds in enumerate(row)
            ),
        )
        for place, (name, row) in enumerate(zip(weekdays(), hours, strict=True))
    )
    marks = tuple((round(NAMES + hour * CELL, 2), hour) for hour in range(0, 24, 6))
    return HeatMap(WIDTH, 7 * CELL_HEIGHT + BOTTOM, days, marks)


def shortened(name: str) -> str:
    """A name that fits above a bar."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def summary(bars: Bars) -> str:
    """The chart in a sentence, for who does not see it."""
    most = max(bars.bars, key=lambda one: one.seconds, default=None)
    if most is None or most.seconds <= 0:
        return _("No play time")
    return _("Most: {name}, {duration}").format(name=most.name, duration=duration(most.seconds))


def _shade(seconds: float, most: float) -> int:
    return 0 if seconds <= 0 else max(1, min(SHADES, -int(-(seconds * SHADES) // most)))


def _weeks(per_day: Sequence[DayTotal]) -> Iterable[tuple[str, float]]:
    def monday(one: DayTotal) -> date:
        return one.day - timedelta(days=one.day.weekday())

    for first, days in groupby(per_day, monday):
        yield _date(first), sum(one.seconds for one in days)


def _date(day: date) -> str:
    return day.strftime(pgettext("day and month, for strftime", "%d %b"))
