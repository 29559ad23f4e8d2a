"""What the dashboard needs of the rest: one Protocol that ``app`` fulfils, and the shapes that go through it.

Times are wall time, seconds since the Unix epoch; durations are seconds. Everything here was taken through redaction
already. Every method is called in a page's thread, may take a second or so, and raises a GamedetectdError that the
page shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from gamedetectd.config.load import Effective
from gamedetectd.domain import ActiveCondition, EndedBy
from gamedetectd.observability.lines import Line


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against: a sentence and its weight as log-odds."""

    sentence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Played:
    """A session as a page shows it. ``ended_at`` and ``ended_by`` are None while it goes on."""

    id: str
    game_id: str
    title: str
    platform: str
    started_at: float
    ended_at: float | None
    ended_by: EndedBy | None
    foreground_seconds: float
    active_seconds: float
    probability: float
    reasons: tuple[Reason, ...] = ()
    in_front: bool = False
    """Its window has the focus now."""
    source: str = ""
    """The program it was imported from; empty where it was watched here."""
    restorable: bool = False
    """It was deleted, or called no game, and can be brought back."""
    covered: bool = False
    """There is a picture of the game; see ``cover``."""

    def seconds(self, now: float) -> float:
        """How long it lasted, or lasts until now."""
        return max(0.0, (now if self.ended_at is None else self.ended_at) - self.started_at)


@dataclass(frozen=True, slots=True)
class Now:
    """What is true at this moment. ``paused_until`` is infinite where the person resumes it themselves."""

    at: float
    version: str
    playing: tuple[Played, ...]
    paused_until: float | None
    conditions: tuple[ActiveCondition, ...]


@dataclass(frozen=True, slots=True)
class GameTotal:
    """What one game adds up to in a span of days."""

    game_id: str
    title: str
    sessions: int
    seconds: float


@dataclass(frozen=True, slots=True)
class OutsideTotal:
    """What another program (``source``) counted for a game; ``beyond`` of that is not in our sessions."""

    game_id: str
    title: str
    source: str
    seconds: float
    beyond: float


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one day of the person's calendar adds up to."""

    day: date
    seconds: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """Play time of the last ``days`` days, today included. ``hours`` has 7 rows of 24 sums of seconds, Monday first.

    ``streak`` is days in a row with play time up to now, ``longest_streak`` the most there ever were.
    """

    days: int
    seconds: float
    sessions: int
    games: tuple[GameTotal, ...]
    per_day: tuple[DayTotal, ...]
    hours: tuple[tuple[float, ...], ...]
    streak: int
    longest_streak: int
    outside: tuple[OutsideTotal, ...] = ()
    """What other programs counted in all, whatever the days; see ``bring_in``."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which sessions are asked for: a part of a title, a game's id, days of the calendar, both included."""

    text: str = ""
    game: str = ""
    since: date | None = None
    until: date | None = None
    deleted: bool = False
    """Those that were deleted or called no game, in place of the others."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the daemon. ``trouble`` is a sentence where it works the slower way, or not."""

    kind: str
    name: str
    state: str
    detail: str
    trouble: str


class Content(Protocol):
    """What the pages show and do."""

    def now(self) -> Now:
        """What is true now."""
        ...

    def numbers(self, days: int) -> Numbers:
        """Play time of the last days."""
        ...

    def sessions(self, search: Search, most: int, after: str) -> tuple[Sequence[Played], str]:
        """At most ``most`` sessions, newest first, and the key with which older ones are asked for; "" for none.

        ``after`` is such a key, or "" for the newest.
        """
        ...

    def session(self, session_id: str) -> Played:
        """One session. Raises NotFoundError."""
        ...

    def cover(self, game_id: str) -> Path:
        """The picture of a game: a JPEG, PNG or WebP file by its ending. Raises NotFoundError where there is none."""
        ...

    def export(self, form: str, search: Search) -> Iterator[bytes]:
        """Sessions as ``csv``, ``json`` or ``ics``, piece by piece."""
        ...

    def parts(self) -> Sequence[Part]:
        """Sensors, sinks and threads."""
        ...

    def log(self, correlation: str, level: str, most: int) -> Sequence[Line]:
        """The last lines of the log, oldest first: those whose trace begins so, and that are at least so serious."""
        ...

    def settings(self) -> Sequence[Effective]:
        """Every option in force."""
        ...

    def waiting(self) -> frozenset[str]:
        """The options that wait for a restart."""
        ...

    # --- what changes something ---

    def pause(self, seconds: float | None) -> None:
        """Stop watching so long, or until resumed."""
        ...

    def pause_until_tomorrow(self) -> None:
        """Stop watching until the day is over."""
        ...

    def resume(self) -> None:
        """Watch again."""
        ...

    def check(self) -> None:
        """Look at everything again."""
        ...

    def not_a_game(self, session_id: str) -> None:
        """What is being played in this session is no game. Raises NotFoundError once it has ended."""
        ...

    def rename(self, session_id: str, title: str) -> None:
        """The game that is being played in this session is called so; of one that has ended, the session was of it."""
        ...

    def delete(self, session_ids: Sequence[str]) -> None:
        """Have ended sessions count nowhere. They can be brought back."""
        ...

    def undo(self, session_ids: Sequence[str]) -> None:
        """Bring deleted sessions back."""
        ...

    def set(self, name: str, value: str) -> None:
        """Give an option a value, written as for a variable of the environment. Raises SettingsError."""
        ...

    def bring_in(self, source: str, file: Path) -> str:
        """Take play times out of a file of ``activitywatch``, ``playnite`` or ``steam``; what came of it, in lines.

        Takes as long as it takes. Raises ImportFileError.
        """
        ...

    def steam_files(self) -> Sequence[Path]:
        """Files of that kind that lie on this computer."""
        ...
