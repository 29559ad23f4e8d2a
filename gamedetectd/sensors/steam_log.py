"""Hears from Steam's own log which process is which game's: also of protected ones that hide path and environment.

The log outlives restarts of Steam, of this machine and of processes, and pids are used again: a line counts only for a
process that already ran when it was written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gamedetectd.domain import Instant, ProcessInfo, StoreSignal
from gamedetectd.interfaces import Clock, Emit, ProcessReader, Stop
from gamedetectd.platforms.processes.sandboxes import outside
from gamedetectd.sensors.declared import STEAM_LOG
from gamedetectd.sensors.process_watch import Bell
from gamedetectd.sensors.steam_log_file import LogFile
from gamedetectd.sensors.steam_log_lines import LogRecord, Said

log = logging.getLogger(__name__)

FOLDER = "logs"
LOG_NAME = "gameprocess_log.txt"
LOOK_AGAIN = 900.0
"""Seconds after which another Steam is looked for, and the logs are read although nobody said that they changed."""
SLACK = 2.0
"""Seconds that a line may seem older than the process it is about: Steam writes whole seconds."""
MOST_TRACKED = 1_000
_FLATPAK = ("/.var/app/", "com.valvesoftware.Steam")
"""What the path of a Steam has that numbers its processes anew, and what its programs' FLATPAK_ID says."""


class SteamLogSensor:
    """A ``Sensor`` of ``StoreSignal`` (source ``steam_log``). ``roots`` are the directories of every Steam there is."""

    name = "steam_log"

    def __init__(
        self,
        clock: Clock,
        processes: ProcessReader,
        roots: Callable[[], Sequence[Path]],
        outside: Callable[[int, Iterable[int]], list[int]] = lambda inner, pids: outside(inner, tuple(pids)),
    ) -> None:
        self._clock = clock
        self._processes = processes
        self._roots = roots
        self._outside = outside
        self._degraded: str | None = None

    def unsupported_reason(self) -> str | None:
        roots = self._roots()
        if not roots:
            return "Steam is not installed here, so that it cannot tell which games it starts."
        if not self._folders(roots):
            return "Steam has not written a log yet, so that it cannot tell which games it starts."
        return None

    def degraded_reason(self) -> str | None:
        return self._degraded

    def source(self) -> str:
        return STEAM_LOG

    def run(self, emit: Emit, stop: Stop) -> None:
        from gamedetectd.config.notify import Notifier

        followed: dict[Path, _Followed] = {}
        watched: dict[Path, int] = {}
        with Bell() as bell:

            def notice(changed: frozenset[str]) -> None:
                if any(path.endswith((LOG_NAME, FOLDER)) for path in changed):
                    bell.ring()

            notifier = Notifier(notice, "Games that Steam starts")
            try:
                while not stop.is_set():
                    if (folders := self._folders(self._roots())) != watched:
                        notifier.watch(folders)
                        watched = folders
                        followed = {folder: followed.get(folder) or self._follow(folder) for folder in folders}
                    if not folders:
                        return  # Steam has been removed: the worker asks now and then whether it is back
                    for one in followed.values():
                        one.look(emit)
                    troubles = [one.file.problem for one in followed.values() if one.file.problem]
                    self._degraded = next(iter(troubles), notifier.degraded_reason)
                    if bell in stop.select([bell], LOOK_AGAIN):
                        bell.silence()
            finally:
                notifier.close()

    def _folders(self, roots: Iterable[Path]) -> dict[Path, int]:
        """The directories of logs there are, with what tells a new one of the same name apart."""
        return {folder: folder.stat().st_ino for root in roots if (folder := root / FOLDER).is_dir()}

    def _follow(self, folder: Path) -> _Followed:
        sandboxed = _FLATPAK[0] in folder.as_posix()
        return _Followed(LogFile(folder / LOG_NAME), self._clock, self._processes, self._outside if sandboxed else None)

    def listed(self) -> tuple[StoreSignal, ...]:
        """What Steam's logs say at this moment, for who does not watch."""
        said: list[StoreSignal] = []
        for folder in self._folders(self._roots()):
            self._follow(folder).look(said.append)
        return tuple(said)


class _Followed:
    """One Steam's log and the processes it tracks now: their numbers in the log, with the game and the pid here."""

    def __init__(
        self,
        file: LogFile,
        clock: Clock,
        processes: ProcessReader,
        outside: Callable[[int, Iterable[int]], list[int]] | None,
    ) -> None:
        self.file = file
        self._clock = clock
        self._processes = processes
        self._outside = outside
        self._tracked: dict[int, tuple[int, int]] = {}

    def look(self, emit: Callable[[StoreSignal], None]) -> None:
        """Tell what the log says that it did not say before."""
        records = self.file.read()
        if not records:
            return
        news = _outcome(records)
        now = self._clock.now()
        for pid in [pid for pid, (game, _) in self._tracked.items() if pid in news.dropped or game in news.ended]:
            game, here = self._tracked.pop(pid)
            emit(StoreSignal(now, "steam_log", here, f"steam:{game}", running=False))
        for record in news.added.values():
            known = self._tracked.get(record.pid)
            process = self._process(record, now)
            if process is None or known == (record.number, process.pid):
                continue
            self._tracked[record.pid] = (record.number, process.pid)
            emit(StoreSignal(now, "steam_log", process.pid, f"steam:{record.number}", running=True))
        while len(self._tracked) > MOST_TRACKED:  # Steam forgets to tell of the ends of some
            del self._tracked[next(iter(self._tracked))]

    def _process(self, record: LogRecord, now: Instant) -> ProcessInfo | None:
        """The process a line is about; None where it is gone, or another one has its pid now."""
        booted = now.wall - now.elapsed
        moments = [moment for moment in record.moments() if booted - SLACK <= moment <= now.wall + SLACK]
        if not moments:
            return None
        latest = max(moments) - booted + SLACK
        found = [process for process in self._candidates(record.pid) if process.started_elapsed <= latest]
        return found[0] if len(found) == 1 else None

    def _candidates(self, pid: int) -> Iterator[ProcessInfo]:
        if self._outside is None:
            process = self._processes.read(pid)
            if process is not None:
                yield process
            return
        for here in self._outside(pid, self._processes.pids()):
            process = self._processes.read(here)
            if process is not None and process.environment.get("FLATPAK_ID", _FLATPAK[1]) == _FLATPAK[1]:
                yield process


@dataclass(slots=True)
class _Outcome:
    """What is true after some lines: the processes tracked by number, the numbers and the games that no longer are."""

    added: dict[int, LogRecord] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)


def _outcome(records: Iterable[LogRecord]) -> _Outcome:
    outcome = _Outcome()
    for record in records:
        if record.said is Said.ADDED:
            outcome.added[record.pid] = record
        elif record.said is Said.DROPPED:
            outcome.added.pop(record.pid, None)
            outcome.dropped.add(record.pid)
        else:
            outcome.added = {pid: one for pid, one in outcome.added.items() if one.number != record.number}
            outcome.ended.add(record.number)
    return outcome
