"""What the tray shows, as one frozen value made of the snapshot: pure, so that every text can be tested with a table.

Times are wall time; the calendar is the person's own (``datetime.astimezone``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gamedetectd.domain import ActiveCondition, Session, Severity, Snapshot
from gamedetectd.i18n import _, duration, pgettext

REASONS = 5
"""Reasons shown for a game, the weightiest first."""
RECENT = 3
"""Sessions shown of the past."""
LONGEST_TITLE = 60
"""Characters of a title that are shown."""
_RANK = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}

Hide = Callable[[str], str]


class IconState(StrEnum):
    """What the icon says at a glance."""

    WATCHING = "watching"
    PLAYING = "playing"
    PAUSED = "paused"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Played:
    """A game that is being played. ``folder`` is "" where it has none of its own."""

    session: str
    title: str
    since: float
    reasons: tuple[str, ...] = ()
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A session that has ended."""

    title: str
    started: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """The most serious thing that is wrong; ``others`` more are."""

    title: str
    message: str
    remedy: str
    severity: Severity
    others: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What the history adds: seconds played today, and the sessions that ended last, newest first."""

    today: float = 0.0
    recent: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lists of games: how many titles, and the age in days of the newest imported one (None: only the built-in)."""

    titles: int = 0
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person can choose in the menu. ``autostart`` is None where it cannot be told or set."""

    notifications: str = "problems"
    autostart: bool | None = None
    titles: bool | None = None
    """Whether the titles of windows may be read; None where nobody has to allow it."""
    vision: bool | None = None
    """Whether the screen is looked at where nothing else tells; None where that is not installed."""


@dataclass(frozen=True, slots=True)
class TrayState:
    """Everything the icon shows. ``paused_until`` is as in ``Snapshot``."""

    icon: IconState
    version: str = ""
    playing: tuple[Played, ...] = ()
    paused_until: float | None = None
    trouble: Trouble | None = None

    def tooltip(self, now: float) -> str:
        """``Title, 1 h 05 min``, or what else there is to say; what is wrong stands on lines of its own."""
        lines = [f"{one.title}, {duration(max(0.0, now - one.since))}" for one in self.playing]
        if self.paused_until is not None:
            lines = [paused(self.paused_until, now)]
        if not lines:
            lines = [_("No game is being played")]
        if self.trouble is not None and self.trouble.severity is not Severity.INFO:
            lines += [self.trouble.title, self.trouble.remedy]
        return "\n".join(lines)

    def next_change(self, now: float) -> float | None:
        """Seconds until the tooltip's time is another one, or a pause is over; None where nothing changes by itself."""
        if self.paused_until is not None:
            return None if math.isinf(self.paused_until) else max(1.0, self.paused_until - now + 0.5)
        if not self.playing:
            return None
        return min(60.0 - (now - one.since + 0.5) % 60.0 for one in self.playing) + 0.01


def tray_state(snapshot: Snapshot, hide: Hide = str) -> TrayState:
    """What is true now as the tray shows it. ``hide`` takes out of a text what the person marked private."""
    playing = tuple(_played(session, hide) for session in _by_focus(snapshot))
    trouble = most_serious(snapshot.conditions, hide)
    return TrayState(_icon(snapshot, trouble), snapshot.version, playing, snapshot.paused_until, trouble)


def most_serious(conditions: Iterable[ActiveCondition], hide: Hide = str) -> Trouble | None:
    """The condition to tell of: the most serious one, of those the oldest. None where there is none."""
    ranked = sorted(conditions, key=lambda one: (-_RANK[one.severity], one.since))
    if not ranked:
        return None
    first = ranked[0]
    return Trouble(_(first.title), line(hide(first.message)), _(first.remedy), first.severity, len(ranked) - 1)


def summary(sessions: Sequence[Session], now: datetime, hide: Hide = str) -> Summary:
    """What the history says, of sessions that are newest first and reach back to yesterday at least.

    ``now`` has the person's time zone. A session over midnight counts with the part after it.
    """
    at = now.timestamp()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    today = sum(
        max(0.0, (at if one.ended_at is None else one.ended_at) - max(midnight, one.started_at)) for one in sessions
    )
    recent = tuple(
        Past(shown(hide(one.game.title)), one.started_at, max(0.0, one.ended_at - one.started_at))
        for one in sessions
        if one.ended_at is not None
    )
    return Summary(today, recent[:RECENT])


def paused(until: float, now: float) -> str:
    """Until when watching is paused, in words."""
    if math.isinf(until):
        return _("Paused until you resume it")
    return _("Paused until {when}").format(when=moment(until, now))


def moment(at: float, now: float) -> str:
    """A moment as people say it: ``20:15``, ``yesterday 20:15``, ``tomorrow 00:00``, ``Mon 20:15``, ``2026-11-23``."""
    then, today = datetime.fromtimestamp(at).astimezone(), datetime.fromtimestamp(now).astimezone()
    clock = then.strftime(pgettext("time of day, for strftime", "%H:%M"))
    days = (then.date() - today.date()) // timedelta(days=1)
    if days == 0:
        return clock
    if days == -1:
        return _("yesterday {time}").format(time=clock)
    if days == 1:
        return _("tomorrow {time}").format(time=clock)
    if abs(days) < 7:
        return f"{weekdays()[then.weekday()]} {clock}"
    return then.strftime(pgettext("date, for strftime", "%Y-%m-%d"))


def shown(title: str) -> str:
    """A title on one line, and not longer than a menu can take."""
    text = line(title)
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def line(text: str) -> str:
    """The text on one line, without anything that changes the direction or the shape of what stands around it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def weekdays() -> tuple[str, ...]:
    """The days' short names, Monday first."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _by_focus(snapshot: Snapshot) -> list[Session]:
    """The one with the focus first, then the newest."""
    return sorted(snapshot.sessions, key=lambda one: (one.id not in snapshot.foreground, -one.started_at))


def _played(session: Session, hide: Hide) -> Played:
    weightiest = sorted(session.evidence, key=lambda one: -abs(one.weight))
    reasons = tuple(line(hide(one.reason)) for one in weightiest[:REASONS])
    return Played(session.id, shown(hide(session.game.title)), session.started_at, reasons, session.game.install_dir)


def _icon(snapshot: Snapshot, trouble: Trouble | None) -> IconState:
    """An error is seen always, a warning while there is nothing better to say."""
    severity = trouble.severity if trouble is not None else Severity.INFO
    if severity is Severity.ERROR:
        return IconState.ATTENTION
    if snapshot.paused_until is not None:
        return IconState.PAUSED
    if snapshot.sessions:
        return IconState.PLAYING
    return IconState.ATTENTION if severity is Severity.WARNING else IconState.WATCHING
