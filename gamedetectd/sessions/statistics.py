"""Numbers about what was played: per game, per day, per hour of the week, and streaks; for pages that people look at.

Every method is one look at the history over a read-only connection of the caller's own::

    with Statistics.open(paths.history_file) as numbers:
        week = numbers.span(days=7, now=time.time(), running=daemon.snapshot().sessions)

Times are wall time in seconds. Days and hours are those of ``zone``, by default the system's; a session that spans
midnight, an hour or the beginning of what is asked for is cut there. ``seconds`` run from begin to end,
``foreground_seconds`` are those in which its window had the focus (spread evenly over a session that is cut). Two
games at once count twice. What was called no game, or deleted, counts nowhere.

Sums that triggers keep (``schema``) make each answer cost milliseconds over a million sessions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from gamedetectd.domain import Game, Session
from gamedetectd.sessions.local_time import DAY, Stretch, day_of, local_day, midnight, number_of, stretches
from gamedetectd.sessions.playtime import (
    DayTime,
    GameTime,
    OutsideTime,
    Played,
    Span,
    Streaks,
    part,
    rows_of_days,
    spread,
)
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.schema import LONGEST_SUMMED, PERIOD_SECONDS, QUARTER_SECONDS

HOUR = 3_600
HOURS_OF_WEEK = 168
_NOISE = 0.001
"""Seconds: sums that were added to and taken from are zero only nearly."""
_MONDAY = 3
"""The first of 1970 was a Thursday."""

_STARTED = """
    SELECT game_id, sum(n), sum(seconds), sum(foreground) FROM (
        SELECT game_id, sessions AS n, seconds, foreground_seconds AS foreground
        FROM periods WHERE period >= :first AND period <= :last
        UNION ALL
        SELECT game_id, :sign, :sign * coalesce(ended_at - started_at, 0), :sign * foreground_seconds
        FROM sessions WHERE started_at >= :edge_from AND started_at < :edge_until AND ended_by IS NOT 'corrected'
        UNION ALL
        SELECT game_id, -1, -coalesce(ended_at - started_at, 0), -foreground_seconds
        FROM sessions WHERE started_at >= :until AND started_at < :last_until AND ended_by IS NOT 'corrected'
    ) GROUP BY game_id
"""
_ACROSS = f"""
    SELECT game_id, started_at, ended_at, foreground_seconds FROM sessions
    WHERE started_at >= :moment - {LONGEST_SUMMED} AND started_at < :moment AND ended_at > :moment
        AND ended_at - started_at <= {LONGEST_SUMMED} AND ended_by IS NOT 'corrected'
    UNION ALL
    SELECT game_id, started_at, ended_at, foreground_seconds FROM sessions
    WHERE started_at < :moment AND ended_at > :moment AND ended_at - started_at > {LONGEST_SUMMED}
        AND ended_by IS NOT 'corrected'
"""  # noqa: S608 (constants)
_LONG = f"""
    SELECT started_at, ended_at, foreground_seconds FROM sessions
    WHERE started_at < :until AND ended_at > :since AND ended_at - started_at > {LONGEST_SUMMED}
        AND ended_by IS NOT 'corrected'
"""  # noqa: S608 (constants)
_QUARTERS = f"""
    SELECT (quarter * {QUARTER_SECONDS} + :offset) / {HOUR}, sum(seconds), sum(foreground_seconds)
    FROM quarters WHERE quarter >= :first AND quarter < :end GROUP BY 1
"""  # noqa: S608 (constants)
_PLAYED_DAYS = f"""
    WITH RECURSIVE played (day) AS (
        SELECT (:first * {QUARTER_SECONDS} + :offset) / {DAY} - 1
        UNION ALL
        SELECT ((
            SELECT quarter FROM quarters WHERE seconds > {_NOISE} AND quarter < :end
                AND quarter >= max(:first, ((day + 1) * {DAY} - :offset + {QUARTER_SECONDS - 1}) / {QUARTER_SECONDS})
            ORDER BY quarter LIMIT 1
        ) * {QUARTER_SECONDS} + :offset) / {DAY} FROM played WHERE day IS NOT NULL
    )
    SELECT day FROM played WHERE day IS NOT NULL LIMIT -1 OFFSET 1
"""  # noqa: S608 (constants)
_LONG_ONES = f"""
    SELECT started_at, min(ended_at, :now) FROM sessions
    WHERE ended_at - started_at > {LONGEST_SUMMED} AND started_at < :now AND ended_by IS NOT 'corrected'
"""  # noqa: S608 (constants)
_COUNTED = """
    SELECT coalesce(a.game_id, i.game_id) AS game, max(i.title), i.source,
        max(sum(CASE i.account WHEN '' THEN 0 ELSE i.seconds END),
            max(CASE i.account WHEN '' THEN i.seconds ELSE 0 END)),
        max(i.last_played_at), max(i.counted_until)
    FROM imported i LEFT JOIN aliases a ON a.alias = i.game_id GROUP BY game, i.source
"""
_FIRST_AND_LAST = "SELECT (SELECT min(quarter) FROM quarters), (SELECT max(quarter) FROM quarters)"
_GAMES = "SELECT id, title, title_source, install_dir, platform FROM games"


@dataclass(slots=True)
class _Sum:
    sessions: int = 0
    seconds: float = 0.0
    foreground_seconds: float = 0.0

    def add(self, sessions: int, seconds: float, foreground_seconds: float) -> None:
        self.sessions += sessions
        self.seconds += seconds
        self.foreground_seconds += foreground_seconds


class Statistics(HistoryReader):
    """Reads a history for its numbers. Every method raises HistoryError where the file cannot be read.

    ``running`` are the sessions that are open now as the daemon knows them (its snapshot's): they count up to ``now``.
    What only the history still holds as open counts nothing, since nobody knows whether it goes on.
    """

    def span(
        self,
        *,
        days: int,
        now: float,
        running: Sequence[Session] = (),
        zone: tzinfo | None = None,
        last: date | None = None,
    ) -> Span:
        """What was played in ``days`` whole days up to ``last``, by default today (1 is today alone).

        Raises HistoryError.
        """
        today = local_day(now, zone)
        final = today if last is None else min(last, today)
        first = day_of(max(number_of(final) - max(days, 1) + 1, 0))
        since = midnight(first, zone)
        until = now if final >= today else midnight(final + timedelta(days=1), zone)
        reach = math.ceil(max(until, since) / QUARTER_SECONDS) * float(QUARTER_SECONDS)  # as far as the sums do
        parts = list(stretches(since, reach, zone))
        open_now = [(one.started_at, max(now, one.started_at), one.foreground_seconds) for one in running]
        begins, count = number_of(first), (final - first).days + 1
        week, seconds, foreground = [0.0] * HOURS_OF_WEEK, [0.0] * count, [0.0] * count
        for hour, more, of_it_in_front in self._by_hour(parts, open_now):
            day = min(max(hour // 24 - begins, 0), count - 1)
            week[(hour + _MONDAY * 24) % HOURS_OF_WEEK] += more
            seconds[day] += more
            foreground[day] += of_it_in_front
        return Span(
            since,
            until,
            self._games(since, reach, zip(running, open_now, strict=True)),
            tuple(DayTime(day_of(begins + day), seconds[day], foreground[day]) for day in range(count)),
            tuple(tuple(week[day * 24 : day * 24 + 24]) for day in range(7)),
        )

    def streaks(self, *, now: float, running: Sequence[Session] = (), zone: tzinfo | None = None) -> Streaks:
        """The days in a row on which something was played, of the whole history. Raises HistoryError."""
        rows = list(rows_of_days(self._played_days(now, running, zone)))
        if not rows:
            return Streaks(None, None)
        latest, yesterday = rows[-1], local_day(now, zone) - timedelta(days=1)
        longest = max(rows, key=lambda row: (row.days, row.last))
        return Streaks(latest if latest.last >= yesterday else None, longest)

    def outside(self) -> tuple[OutsideTime, ...]:
        """What other programs counted, with what of it the history does not hold; the longest first.

        Of several programs the one that counted most is believed, since they count the same play: adding up
        ``outside_seconds`` and our own seconds counts everything once. Accounts of one program add up. Raises
        HistoryError.
        """
        games = {row[0]: Game(*row) for row in self._rows(_GAMES)}
        told: dict[str, OutsideTime] = {}
        held: dict[float, dict[str, float]] = {}
        for game_id, title, source, seconds, last_played_at, until in self._rows(_COUNTED):
            if until not in held:
                held[until] = {row[0]: row[2] for row in self._started(0.0, until)}
            beyond = max(0.0, seconds - held[until].get(game_id, 0.0))
            game = games.get(game_id) or Game(game_id, title)
            one = OutsideTime(game, source, seconds, beyond, last_played_at)
            if game_id not in told or told[game_id].outside_seconds < beyond:
                told[game_id] = one
        return tuple(sorted(told.values(), key=lambda one: (-one.seconds, one.game.title)))

    # --- games ---

    def _games(self, since: float, until: float, running: Iterable[tuple[Session, Played]]) -> tuple[GameTime, ...]:
        """Per game: what started in the span, with what began before it, and without what came after it."""
        sums: dict[str, _Sum] = {}
        for game_id, sessions, seconds, foreground in self._started(since, until):
            sums.setdefault(game_id, _Sum()).add(sessions, seconds, foreground)
        for moment, sign in ((since, 1), (until, -1)):
            for game_id, started, ended, foreground in self._rows(_ACROSS, {"moment": moment}):
                if sign < 0 and started < since:
                    continue  # cut at both ends, when it was taken in
                begin, end = (since, until) if sign > 0 else (until, ended)
                seconds, share = part((started, ended, foreground), begin, end)
                sums.setdefault(game_id, _Sum()).add(max(sign, 0), sign * seconds, sign * share)
        games = self._count_running(sums, since, until, running)
        found = [
            GameTime(games[game_id], total.sessions, max(total.seconds, 0.0), max(total.foreground_seconds, 0.0))
            for game_id, total in sums.items()
            if total.sessions > 0 and game_id in games
        ]
        return tuple(sorted(found, key=lambda one: (-one.seconds, one.game.title)))

    def _started(self, since: float, until: float) -> list[tuple[str, int, float, float]]:
        """Per game, what started in the span: whole periods, with or without the part of the first one that is shorter
        to look through, and without what came after.
        """
        first, last = int(since // PERIOD_SECONDS), int(until // PERIOD_SECONDS)
        begin, end = float(first * PERIOD_SECONDS), float((first + 1) * PERIOD_SECONDS)
        without = since - begin < min(end, until) - since
        values = {
            "first": first if without else first + 1,
            "last": last,
            "sign": -1 if without else 1,
            "edge_from": begin if without else since,
            "edge_until": since if without else end,
            "until": until,
            "last_until": float((last + 1) * PERIOD_SECONDS),
        }
        return self._rows(_STARTED, values)

    def _count_running(
        self, sums: dict[str, _Sum], since: float, until: float, running: Iterable[tuple[Session, Played]]
    ) -> dict[str, Game]:
        """Count the open sessions as the daemon knows them, in place of what the history holds; all games by id."""
        held = self.open_sessions()
        for session in held:
            if since <= session.started_at < until and session.game.id in sums:
                sums[session.game.id].add(-1, 0.0, -session.foreground_seconds)
        here = {session.id: session.game for session in held}
        games = {row[0]: Game(*row) for row in self._rows(_GAMES)}
        for session, played in running:
            seconds, foreground = part(played, since, until)
            if seconds > 0.0:
                game = here.get(session.id, session.game)
                games.setdefault(game.id, game)
                sums.setdefault(game.id, _Sum()).add(1, seconds, foreground)
        return games

    # --- days and hours ---

    def _by_hour(self, parts: Iterable[Stretch], running: Sequence[Played]) -> Iterator[tuple[int, float, float]]:
        """Seconds and foreground seconds of hours, counted from the first of 1970 in local time; one may come twice."""
        for stretch in parts:
            for hour in self._rows(_QUARTERS, {**_quarters(stretch), "offset": stretch.offset}):
                if hour[1] > _NOISE:
                    yield hour
            for played in (*self._rows(_LONG, {"since": stretch.begin, "until": stretch.end}), *running):
                yield from spread(stretch, HOUR, played)

    def _played_days(self, now: float, running: Iterable[Session], zone: tzinfo | None) -> set[int]:
        """The days of the whole history on which something was played, counted from the first of 1970."""
        whole = [(session.started_at, max(now, session.started_at)) for session in running]
        whole += self._rows(_LONG_ONES, {"now": now})
        played: set[int] = set()
        for begin, end in whole:
            played.update(range(number_of(local_day(begin, zone)), number_of(local_day(end, zone)) + 1))
        [(first, last)] = self._rows(_FIRST_AND_LAST)
        if first is not None:
            until = min((last + 1) * QUARTER_SECONDS, now + DAY)
            for stretch in stretches(first * QUARTER_SECONDS, until, zone):
                played.update(
                    row[0] for row in self._rows(_PLAYED_DAYS, {**_quarters(stretch), "offset": stretch.offset})
                )
        return played


def _quarters(stretch: Stretch) -> dict[str, int]:
    return {"first": math.ceil(stretch.begin / QUARTER_SECONDS), "end": math.ceil(stretch.end / QUARTER_SECONDS)}
