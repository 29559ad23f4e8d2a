"""What the dashboard shows and does, of one daemon: where its pages meet the rooms.

Everything is taken through redaction here, so that no page has to think of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gamedetectd.app import corrections
from gamedetectd.app.covers import cover_file
from gamedetectd.app.dashboard_import import bring_in, steam_files
from gamedetectd.app.handlers import Handlers
from gamedetectd.app.history_changes import HistoryChanges
from gamedetectd.app.history_export import export
from gamedetectd.app.pause import until_tomorrow
from gamedetectd.config.edit import set_option
from gamedetectd.config.load import Effective, show
from gamedetectd.domain import ActiveCondition, EndedBy, Session
from gamedetectd.errors import ControlError, NotFoundError
from gamedetectd.i18n import N_, _
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.lines import Line, LogReader, Wanted
from gamedetectd.observability.redaction import redact
from gamedetectd.sessions.local_time import midnight
from gamedetectd.sessions.pages import Pages, PastSession
from gamedetectd.sessions.pages import Wanted as Past
from gamedetectd.sessions.statistics import Statistics
from gamedetectd.views.dashboard.content import (
    DayTotal,
    GameTotal,
    Now,
    Numbers,
    OutsideTotal,
    Part,
    Played,
    Reason,
    Search,
)

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

ENGINE_LIMIT = 1.0
"""Seconds the engine has for bringing its counters up to date."""
BY = "the dashboard"


class DashboardContent:
    """Fulfils ``views.dashboard.content.Content`` for one daemon."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._handlers = Handlers(daemon)

    def now(self) -> Now:
        engine = self._daemon.engine
        with correlation(), suppress(ControlError):  # too busy: what it knew a moment ago is shown, health tells why
            engine.call(engine.core.advance, ENGINE_LIMIT)
        snapshot = self._daemon.snapshot()
        order = sorted(snapshot.sessions, key=lambda one: (one.id not in snapshot.foreground, -one.started_at))
        return Now(
            self._wall(),
            snapshot.version,
            tuple(self._covered(_played(one, one.id in snapshot.foreground)) for one in order),
            snapshot.paused_until,
            tuple(map(_redacted, snapshot.conditions)),
        )

    def numbers(self, days: int) -> Numbers:
        running, now = self._daemon.snapshot().sessions, self._wall()
        with Statistics.open(self._daemon.paths.history_file) as statistics:
            span = statistics.span(days=days, now=now, running=running)
            streaks = statistics.streaks(now=now, running=running)
            outside = statistics.outside()
        return Numbers(
            days,
            span.seconds,
            span.sessions,
            tuple(GameTotal(one.game.id, redact(one.game.title), one.sessions, one.seconds) for one in span.games),
            tuple(DayTotal(one.day, one.seconds) for one in span.days),
            span.week,
            streaks.current.days if streaks.current is not None else 0,
            streaks.longest.days if streaks.longest is not None else 0,
            tuple(
                OutsideTotal(one.game.id, redact(one.game.title), one.source, one.seconds, one.outside_seconds)
                for one in outside
            ),
        )

    def sessions(self, search: Search, most: int, after: str) -> tuple[Sequence[Played], str]:
        with Pages.open(self._daemon.paths.history_file) as pages:
            page = pages.page(_wanted(search), most, after)
        running = {one.id: one for one in self._daemon.snapshot().sessions}
        return tuple(_past(one, running) for one in page.sessions), page.older

    def session(self, session_id: str) -> Played:
        with Pages.open(self._daemon.paths.history_file) as pages:
            found = pages.past(session_id)
        if found is None:
            raise NotFoundError(_("There is no such session."), _("It may have been on another computer."))
        return self._covered(_past(found, {one.id: one for one in self._daemon.snapshot().sessions}))

    def cover(self, game_id: str) -> Path:
        if (file := cover_file(self._daemon.paths, game_id)) is None:
            raise NotFoundError(_("There is no picture of it."), _("See: gamedetectd covers --help"))
        return file

    def export(self, form: str, search: Search) -> Iterator[bytes]:
        return export(self._daemon.paths.history_file, form, _wanted(search))

    def parts(self) -> Sequence[Part]:
        row = self._daemon.standing.status().daemon
        if row is None:
            return ()
        found = [Part(N_("Sensor"), one.name, one.state, one.source, one.reason or "") for one in row.sensors]
        found += [
            Part(N_("Sink"), one.name, "failing" if one.error else "delivering", str(one.delivered), one.error or "")
            for one in row.sinks
        ]
        found += [Part(N_("Thread"), one.name, one.state, "", one.error or "") for one in row.workers]
        return found

    def log(self, correlation: str, level: str, most: int) -> Sequence[Line]:
        reader = LogReader(self._daemon.paths.event_log_file)
        return reader.tail(Wanted(level=level, correlation=correlation), most)

    def settings(self) -> Sequence[Effective]:
        return show(self._daemon.settings)

    def waiting(self) -> frozenset[str]:
        return frozenset(self._daemon.news.needs_restart)

    # --- what changes something ---

    def pause(self, seconds: float | None) -> None:
        self._handlers.pause({"seconds": seconds})

    def pause_until_tomorrow(self) -> None:
        self.pause(until_tomorrow(datetime.now().astimezone()))

    def resume(self) -> None:
        self._handlers.resume({})

    def check(self) -> None:
        self._handlers.check({})

    def not_a_game(self, session_id: str) -> None:
        corrections.not_a_game(self._daemon, session_id)

    def rename(self, session_id: str, title: str) -> None:
        if any(session.id == session_id for session in self._daemon.snapshot().sessions):
            corrections.rename(self._daemon, session_id, title)
        else:
            HistoryChanges(self._daemon).rename(session_id, title)

    def delete(self, session_ids: Sequence[str]) -> None:
        changes = HistoryChanges(self._daemon)
        for one in session_ids:
            changes.delete(one)

    def undo(self, session_ids: Sequence[str]) -> None:
        changes = HistoryChanges(self._daemon)
        for one in session_ids:
            changes.restore(one)

    def bring_in(self, source: str, file: Path) -> str:
        return redact(bring_in(source, file))

    def steam_files(self) -> Sequence[Path]:
        return steam_files()

    def set(self, name: str, value: str) -> None:
        set_option(self._daemon.paths, name, value)
        if self._daemon.watcher is not None:
            self._daemon.watcher.reload_now(BY)

    def _covered(self, one: Played) -> Played:
        return replace(one, covered=cover_file(self._daemon.paths, one.game_id) is not None)

    def _wall(self) -> float:
        return self._daemon.machine.clock.now().wall


def _played(session: Session, in_front: bool) -> Played:
    weightiest = sorted(session.evidence, key=lambda one: -abs(one.weight))
    return Played(
        session.id,
        session.game.id,
        redact(session.game.title),
        session.game.platform,
        session.started_at,
        session.ended_at,
        session.ended_by,
        session.foreground_seconds,
        session.active_seconds,
        session.probability,
        tuple(Reason(redact(one.reason), one.weight) for one in weightiest),
        in_front,
    )


def _past(one: PastSession, running: Mapping[str, Session]) -> Played:
    """A session of the history; one that goes on has the daemon's counters, which are newer, and the history's id."""
    live = running.get(one.session.id)
    session = one.session if live is None else replace(live, game=one.session.game)
    return replace(_played(session, False), source=one.source, restorable=one.ended_before is not None)


def _wanted(search: Search) -> Past:
    """The days of the search are the person's calendar's, both included."""
    return Past(
        title=search.text,
        game=search.game,
        since=None if search.since is None else midnight(search.since, None),
        until=None if search.until is None else midnight(search.until + timedelta(days=1), None),
        ended_by=EndedBy.CORRECTED.value if search.deleted else "",
    )


def _redacted(one: ActiveCondition) -> ActiveCondition:
    return ActiveCondition(one.code, _(one.title), one.severity, redact(one.message), _(one.remedy), one.since)
