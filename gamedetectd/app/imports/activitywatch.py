"""ActivityWatch's export (JSON): which window had the focus when, and which of those were games.

Format: https://docs.activitywatch.net/en/latest/buckets-and-events.html. Buckets of type ``currentwindow`` hold events
of ``app`` (a file name, or a window's class) and ``title``; those of type ``afkstatus`` when nobody gave input. Titles
are judged and forgotten: only the game's name comes into the history.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec

from gamedetectd.app.imports.found import Found, Progress, entries, seconds_of, wrong
from gamedetectd.domain import EndedBy, Evidence, ProcessKey, Session, Verdict

SOURCE = "activitywatch"
LARGEST = 300_000_000
"""Bytes of a file."""
AWAY_SECONDS = 600.0
"""A game that has the focus again within that is played on: the person looked something up."""
SHORTEST = 10.0
"""Seconds in the foreground of a session that is worth keeping."""
LONGEST_EVENT = 86_400.0
"""Seconds of one event; longer ones are a clock's error."""
_REMEMBERED = 50_000
"""Windows of which the verdict is remembered."""
_EVERY = 1_000
"""Events between two words of progress."""
_NAMESPACE = uuid.UUID("0c3e9a52-7a3f-5d0e-8f43-3f5a6d1f2b90")

Judge = Callable[[str, str], Verdict]
"""The verdict on a window by its application and its title."""


class _Window(msgspec.Struct):
    app: str = ""
    title: str = ""


class _Status(msgspec.Struct):
    status: str = ""


class _Event(msgspec.Struct):
    timestamp: datetime
    duration: float
    data: msgspec.Raw


class _Bucket(msgspec.Struct):
    type: str
    events: list[msgspec.Raw]
    hostname: str = ""


class _Export(msgspec.Struct):
    buckets: dict[str, _Bucket]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One game in the foreground, from ``begin`` to ``end`` (wall time)."""

    begin: float
    end: float
    verdict: Verdict


def read(path: Path, judge: Judge, progress: Progress) -> Found:
    """The sessions of games in an export. Raises ImportFileError with the place of what is wrong."""
    reader = _Reader(path, judge, progress)
    return reader.read(entries(path, LARGEST))


class _Reader:
    """Reads one file. Everything in it may be wrong."""

    def __init__(self, path: Path, judge: Judge, progress: Progress) -> None:
        self._path = path
        self._judge = judge
        self._progress = progress
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._events = msgspec.json.Decoder(_Event)
        self._windows = msgspec.json.Decoder(_Window)
        self._statuses = msgspec.json.Decoder(_Status)
        self._done = 0
        self._whole = 0
        self._others = 0
        """Events of what is no game."""

    def read(self, data: bytes) -> Found:
        try:
            buckets = msgspec.json.decode(data, type=_Export).buckets
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise wrong(self._path, f"It is no export of ActivityWatch ({_place(error)}).") from error
        except RecursionError as error:
            raise wrong(self._path, "It is nested too deeply.") from error
        self._whole = sum(len(bucket.events) for bucket in buckets.values())
        away = {bucket.hostname: self._away(name, bucket) for name, bucket in buckets.items() if _is(bucket, "afk")}
        sessions: list[Session] = []
        windows = {name: bucket for name, bucket in buckets.items() if _is(bucket, "currentwindow")}
        for name, bucket in windows.items():
            played = sorted(self._played(name, bucket), key=lambda one: one.begin)
            sessions += _sessions(name, played, away.get(bucket.hostname, []))
        others = [f"{self._others:,} events are about programs that are no games."] if self._others else []
        if not windows:
            others.append("It has no bucket of the window watcher (type currentwindow).")
        return Found(SOURCE, tuple(sessions), passed_over=tuple(others))

    def _each(self, name: str, bucket: _Bucket) -> Iterator[tuple[str, float, float, msgspec.Raw]]:
        """Place, begin, end and data of every event that lasted."""
        for number, raw in enumerate(bucket.events):
            if self._done % _EVERY == 0:
                self._progress(self._done, self._whole)
            self._done += 1
            place = f"Bucket {name[:60]!r}, event {number + 1}"
            try:
                event = self._events.decode(raw)
                begin = event.timestamp.timestamp()
            except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, ValueError) as error:
                raise wrong(self._path, f"{place} is none ({_place(error)}).") from error
            if event.timestamp.tzinfo is None:
                raise wrong(self._path, f"{place} has a time without a time zone.")
            if (seconds := seconds_of(event.duration)) is not None and 0 < seconds <= LONGEST_EVENT and begin > 0:
                yield place, begin, begin + seconds, event.data

    def _played(self, name: str, bucket: _Bucket) -> Iterator[_Stretch]:
        for place, begin, end, data in self._each(name, bucket):
            try:
                window = self._windows.decode(data)
            except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
                raise wrong(self._path, f"{place} is none of a window ({_place(error)}).") from error
            verdict = self._verdict(window)
            if verdict.game is None:
                self._others += 1
            else:
                yield _Stretch(begin, end, verdict)

    def _away(self, name: str, bucket: _Bucket) -> list[tuple[float, float]]:
        """When nobody gave input, in order and apart."""
        found: list[tuple[float, float]] = []
        for place, begin, end, data in self._each(name, bucket):
            try:
                status = self._statuses.decode(data).status
            except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
                raise wrong(self._path, f"{place} is none of the watcher of absence ({_place(error)}).") from error
            if status == "afk":
                found.append((begin, end))
        return _apart(sorted(found))

    def _verdict(self, window: _Window) -> Verdict:
        key = (window.app, window.title)
        known = self._verdicts.get(key)
        if known is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            known = self._verdicts[key] = self._judge(window.app, window.title)
        return known


def _is(bucket: _Bucket, kind: str) -> bool:
    return bucket.type.startswith(kind)


def _place(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _apart(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sorted spans, those that touch made one."""
    joined: list[tuple[float, float]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _sessions(bucket: str, played: Sequence[_Stretch], away: list[tuple[float, float]]) -> Iterator[Session]:
    """The sessions of each game: stretches of play with less than ``AWAY_SECONDS`` between them."""
    by_game: dict[str, list[_Stretch]] = {}
    for one in played:
        assert one.verdict.game is not None  # noqa: S101 - only those of games are taken
        by_game.setdefault(one.verdict.game.id, []).append(one)
    for stretches in by_game.values():
        breaks = [n + 1 for n, (a, b) in enumerate(pairwise(_until(stretches))) if b[0] - a[1] > AWAY_SECONDS]
        for first, last in pairwise([0, *breaks, len(stretches)]):
            session = _session(bucket, stretches[first:last], away)
            if session.foreground_seconds >= SHORTEST:
                yield session


def _until(stretches: Sequence[_Stretch]) -> Iterator[tuple[float, float]]:
    """Begin of each stretch, and the latest end until there."""
    latest = 0.0
    for one in stretches:
        latest = max(latest, one.end)
        yield one.begin, latest


def _session(bucket: str, stretches: Sequence[_Stretch], away: list[tuple[float, float]]) -> Session:
    best = max((one.verdict for one in stretches), key=lambda verdict: verdict.probability)
    assert best.game is not None  # noqa: S101 - as above
    spans = _apart([(one.begin, one.end) for one in stretches])
    idle = sum(_common(span, away) for span in spans)
    foreground = sum(end - begin for begin, end in spans)
    begin = spans[0][0]
    seen = Evidence("import.activitywatch", 0.0, "ActivityWatch saw its window.")
    return Session(
        id=str(uuid.uuid5(_NAMESPACE, f"{bucket}/{begin:.3f}")),
        game=best.game,
        started_at=begin,
        started_elapsed=0.0,
        root=ProcessKey("", 0, 0),
        processes=(),
        evidence=(seen, *best.evidence),
        probability=best.probability,
        ended_at=spans[-1][1],
        ended_by=EndedBy.EXIT,
        foreground_seconds=foreground,
        active_seconds=foreground - idle,
        idle_seconds=idle,
    )


def _common(span: tuple[float, float], others: list[tuple[float, float]]) -> float:
    """Seconds of a span that lie in one of the others, which are in order and apart."""
    begin, end = span
    common = 0.0
    for other in others[max(bisect_right(others, (begin,)) - 1, 0) :]:
        if other[0] >= end:
            break
        common += max(0.0, min(end, other[1]) - max(begin, other[0]))
    return common
