"""What was played, as numbers that people look at, and the arithmetic of cutting it into days and hours. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gamedetectd.domain import Game
from gamedetectd.sessions.local_time import Stretch, day_of

Played = tuple[float, float, float]
"""When it began and ended (wall time), and its foreground seconds."""


@dataclass(frozen=True, slots=True)
class GameTime:
    """What one game adds up to in a span. ``sessions`` are those of which a part lies in it."""

    game: Game
    sessions: int
    seconds: float
    foreground_seconds: float


@dataclass(frozen=True, slots=True)
class DayTime:
    """What was played on one day, of all games."""

    day: date
    seconds: float
    foreground_seconds: float


@dataclass(frozen=True, slots=True)
class Span:
    """What was played from ``since`` to ``until``.

    ``games`` begin with the longest played; ``days`` holds every day, oldest first, also those without play; ``week``
    the seconds of each hour of the week: ``week[0][20]`` is Monday, 20:00 to 21:00.
    """

    since: float
    until: float
    games: tuple[GameTime, ...]
    days: tuple[DayTime, ...]
    week: tuple[tuple[float, ...], ...]

    @property
    def sessions(self) -> int:
        """Sessions of all games."""
        return sum(one.sessions for one in self.games)

    @property
    def seconds(self) -> float:
        """Seconds of all games."""
        return sum(one.seconds for one in self.games)

    @property
    def foreground_seconds(self) -> float:
        """Foreground seconds of all games."""
        return sum(one.foreground_seconds for one in self.games)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row on which something was played: ``days`` of them, from ``first`` to ``last``."""

    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Streaks:
    """``current`` is the row that reaches today or yesterday, ``longest`` the longest ever; None where there is none.

    Of equally long ones the longest is the latest.
    """

    current: Streak | None
    longest: Streak | None


@dataclass(frozen=True, slots=True)
class OutsideTime:
    """The ``seconds`` that another program counted for a game, of which ``outside_seconds`` are not in our sessions.

    ``source`` is the program, such as ``steam``; ``last_played_at`` is wall time, or None where it does not tell.
    """

    game: Game
    source: str
    seconds: float
    outside_seconds: float
    last_played_at: float | None


def part(played: Played, since: float, until: float) -> tuple[float, float]:
    """The seconds, and foreground seconds, of what was played that lie from ``since`` to ``until``."""
    started, ended, foreground = played
    seconds = min(ended, until) - max(started, since)
    return (seconds, foreground * seconds / (ended - started)) if seconds > 0.0 else (0.0, 0.0)


def spread(stretch: Stretch, width: int, played: Played) -> Iterator[tuple[int, float, float]]:
    """Seconds and foreground seconds by hour (``width`` 3,600) or day, for what lies in the stretch.

    Hours and days are counted from the first of 1970 in local time.
    """
    begin, end = max(played[0], stretch.begin) + stretch.offset, min(played[1], stretch.end) + stretch.offset
    for number in range(int(begin // width), math.ceil(end / width)):
        shifted = number * width - stretch.offset
        yield number, *part(played, max(shifted, stretch.begin), min(shifted + width, stretch.end))


def rows_of_days(days: Iterable[int]) -> Iterator[Streak]:
    """The rows of days that follow each other, oldest first."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = day
        elif day != last + 1:
            yield Streak(last - first + 1, day_of(first), day_of(last))
            first = day
        last = day
    if first is not None and last is not None:
        yield Streak(last - first + 1, day_of(first), day_of(last))
