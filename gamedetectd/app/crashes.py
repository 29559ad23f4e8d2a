"""Crash reports: what is kept of a daemon that ended as it should not, for the person and for whoever mends it.

Each is a file of JSON in the state directory, for this account alone: how it ended, after how long, Python's own
traceback where it had time for one, and the last lines of the log, which are redacted as they always are.
"""

from __future__ import annotations

import faulthandler
import os
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import msgspec

import gamedetectd
from gamedetectd.errors import GamedetectdError
from gamedetectd.observability.redaction import redact
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import ensure_private_dir, open_private, write_private_atomic

MOST = 5
"""Reports that are kept."""
LOG_LINES = 50
DAY = 86_400.0
"""Seconds after a crash for which people are told of it."""
LONGEST_TAIL = 200_000
"""Bytes at the end of the log among which its last lines are looked for."""
LONGEST_REPORT = 1_000_000


class Crash(msgspec.Struct, frozen=True):
    """One report. ``at`` is RFC 3339 in UTC; ``end`` a clause such as "ended with signal SIGSEGV"."""

    at: str
    version: str
    pid: int
    uptime_seconds: float | None
    end: str
    traceback: list[str]
    log: list[str]

    @property
    def wall(self) -> float:
        """When it was, as wall time; zero where the file does not say so in earnest."""
        try:
            return datetime.fromisoformat(self.at).timestamp()
        except (ValueError, OverflowError):
            return 0.0


def folder(paths: Paths) -> Path:
    """Where reports lie."""
    return paths.state / "crashes"


def fault_file(paths: Paths) -> Path:
    """Where a dying Python writes the tracebacks of its threads; empty while all is well."""
    return paths.state / "faults.txt"


def watch_for_faults(paths: Paths) -> None:
    """Have Python write down where it was when a signal of the system kills it. Only whoever holds the lock may."""
    try:
        descriptor = open_private(fault_file(paths), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    except (OSError, GamedetectdError):
        return  # a full disk, or a file in the way that health tells of: only the report of a crash will be shorter
    faulthandler.enable(descriptor)


def report(paths: Paths, end: str, pid: int = 0, uptime: float | None = None) -> Path:
    """Write a report of what ended just now, with all that it left behind. Raises OSError, PermissionsError."""
    now = datetime.now(UTC)
    crash = Crash(
        at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        version=gamedetectd.__version__,
        pid=pid,
        uptime_seconds=None if uptime is None else round(uptime, 1),
        end=end,
        traceback=[redact(line) for line in _take_faults(paths)],
        log=last_lines(paths.event_log_file, LOG_LINES),
    )
    ensure_private_dir(folder(paths))
    file = folder(paths) / f"crash-{now:%Y%m%dT%H%M%S.%f}Z.json"
    write_private_atomic(file, msgspec.json.format(msgspec.json.encode(crash)) + b"\n")
    for old in _files(paths)[MOST:]:
        old.unlink(missing_ok=True)
    return file


def report_unseen(paths: Paths) -> None:
    """Report what the last run left behind, where nobody supervised it. Only whoever holds the lock may."""
    try:
        if fault_file(paths).stat().st_size:
            report(paths, "was ended by the system", uptime=None)
    except (OSError, GamedetectdError):
        return


def newest(paths: Paths) -> tuple[Path, Crash] | None:
    """The latest report that can be read, and where it lies."""
    for file in _files(paths):
        try:
            with file.open("rb") as stream:
                return file, msgspec.json.decode(stream.read(LONGEST_REPORT), type=Crash)
        except (OSError, msgspec.MsgspecError, UnicodeError):
            continue
    return None


def last_lines(file: Path, count: int) -> list[str]:
    """The last lines of a file, without one that is cut off; none where it cannot be read."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - LONGEST_TAIL))
            lines = stream.read().split(b"\n")
    except OSError:
        return []
    whole = lines[:-1] if size <= LONGEST_TAIL else lines[1:-1]
    return [line.decode("utf-8", "replace") for line in deque(whole, count)]


def _files(paths: Paths) -> list[Path]:
    """The newest first: names sort by time."""
    try:
        return sorted(folder(paths).glob("crash-*.json"), reverse=True)
    except OSError:
        return []


def _take_faults(paths: Paths) -> list[str]:
    """What a dying Python wrote; the file is emptied."""
    try:
        descriptor = open_private(fault_file(paths), os.O_RDWR)
    except (OSError, GamedetectdError):
        return []
    try:
        text = os.read(descriptor, LONGEST_TAIL).decode("utf-8", "replace")
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
    return text.splitlines()


def in_words(file: Path, crash: Crash) -> str:
    """One sentence for people, in local time."""
    at = datetime.fromtimestamp(crash.wall).astimezone()
    lasted = "" if crash.uptime_seconds is None else f" after {_span(crash.uptime_seconds)}"
    return f"It {crash.end} at {at:%Y-%m-%d %H:%M:%S}{lasted}. What is known of it: {file}"


def lately(paths: Paths) -> str:
    """``in_words`` of a crash within the last day; "" where there was none."""
    found = newest(paths)
    return in_words(*found) if found is not None and is_recent(found[1], DAY) else ""


def is_recent(crash: Crash, seconds: float) -> bool:
    """True if it was within the last ``seconds``."""
    return 0 <= time.time() - crash.wall < seconds


def _span(seconds: float) -> str:
    for unit, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} seconds"
