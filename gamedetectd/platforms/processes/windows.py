"""Windows: processes out of snapshots of the system, each read through one handle with the least rights there are.

Protected games (anti-cheat) and programs of administrators give their path and command line to such a handle too. What
is in a process's own memory (environment, working directory) psutil reads, where it may.
"""

from __future__ import annotations

import ntpath
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from gamedetectd.domain import ProcessInfo, ProcessKey
from gamedetectd.interfaces import Clock
from gamedetectd.platforms.processes.environment import LONGEST_VALUE, NAMES
from gamedetectd.platforms.processes.parse import LONGEST_ARGUMENTS

Value = TypeVar("Value")

TICKS_PER_SECOND = 10_000_000
EPOCH_TICKS = 116_444_736_000_000_000
"""1970 in units of 100 ns since 1601."""
NOBODY = (0, 4)
"""Idle and System are no programs."""


def wall_time(ticks: int) -> float:
    """A FILETIME (100 ns units since 1601) as seconds since 1970."""
    return (ticks - EPOCH_TICKS) / TICKS_PER_SECOND


def file_time(wall: float) -> int:
    """The other way round; the same seconds always give the same number."""
    return round(wall * TICKS_PER_SECOND) + EPOCH_TICKS


def dos_path(device_path: str, device_of: Callable[[str], str | None]) -> str | None:
    r"""A path from ``\Device`` on as people know it (``C:\…``); None where it is on no drive that has a letter."""
    for letter in "CDEFGHIJKLMNOPQRSTUVWXYZAB":
        device = device_of(f"{letter}:")
        if device and device_path.casefold().startswith(device.casefold() + "\\"):
            return f"{letter}:{device_path[len(device) :]}"
    return None


def bounded(arguments: Collection[str]) -> tuple[str, ...]:
    r"""Arguments as valid text (half a character shows as ``\uNNNN``), 64 kB of them; none is left at the end empty."""
    kept: list[str] = []
    left = LONGEST_ARGUMENTS
    for argument in arguments:
        if left <= 0:
            break
        kept.append(clean(argument[:left]))
        left -= len(argument) + 1
    while kept and not kept[-1].strip():
        kept.pop()
    return tuple(kept)


def selected(environment: dict[str, str]) -> dict[str, str]:
    """The wanted variables, by the names detection knows; Windows' own are of any case."""
    found = {name.upper(): value for name, value in environment.items()}
    return {name: clean(found[name.upper()][:LONGEST_VALUE]) for name in NAMES if name.upper() in found}


def clean(raw: str) -> str:
    r"""Text that JSON takes: half a character shows as ``\uNNNN``."""
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")


if sys.platform == "win32":
    import psutil

    from gamedetectd.platforms.win32 import kernel32, ntdll, shell32

    class WindowsProcesses:
        """A ``ProcessTable``. Of a process that may not be opened at all (``PermissionError``) only name, path, parent
        and start are told. ``start_ticks`` is the start as a FILETIME.
        """

        def __init__(self, boot_id: str, clock: Clock) -> None:
            self._boot_id = boot_id
            self._clock = clock
            self._listed: dict[int, kernel32.Listed] = {}
            self._fresh = False

        def pids(self) -> Collection[int]:
            if not self._fresh:
                self._list()
            self._fresh = False
            return self._listed.keys()

        def turnover(self) -> object | None:
            self._list()
            self._fresh = True
            return self._listed

        def exe_path(self, pid: int) -> str | None:
            try:
                with _opened(pid) as handle:
                    return clean(kernel32.image_path(handle))
            except PermissionError:
                return _closed_path(pid)
            except OSError:
                return None

        def alive(self, key: ProcessKey) -> bool:
            if key.boot_id != self._boot_id:
                return False
            try:
                with _opened(key.pid) as handle:
                    return kernel32.running(handle) and kernel32.started(handle) == key.start_ticks
            except PermissionError:
                return _closed_start(key.pid) == key.start_ticks
            except OSError:
                return False

        def read(self, pid: int) -> ProcessInfo | None:
            if pid in NOBODY:
                return None
            try:
                with _opened(pid) as handle:
                    return self._read(pid, handle) if kernel32.running(handle) else None
            except PermissionError:
                return self._closed(pid)
            except OSError:
                return None

        def _read(self, pid: int, handle: int) -> ProcessInfo:
            """Everything there is to know, the handle holding the process so that its number is not another's."""
            exe = clean(kernel32.image_path(handle))
            start = kernel32.started(handle)
            memory = _Memory(pid)
            return ProcessInfo(
                key=ProcessKey(self._boot_id, pid, start),
                parent_pid=ntdll.parent(handle),
                exe=exe,
                argv=bounded(_arguments(handle) or memory.arguments()),
                cwd=memory.cwd(),
                user=memory.user(),
                environment=selected(memory.environment()),
                started_elapsed=self._elapsed_at(start),
                comm=ntpath.basename(exe),
            )

        def _closed(self, pid: int) -> ProcessInfo | None:
            """What is known of a process that may not be opened."""
            start = _closed_start(pid)
            if start is None:
                return None
            listed = self._listed.get(pid)
            path = _closed_path(pid)
            return ProcessInfo(
                key=ProcessKey(self._boot_id, pid, start),
                parent_pid=0 if listed is None else listed.parent,
                exe=path,
                started_elapsed=self._elapsed_at(start),
                comm=clean(ntpath.basename(path) if listed is None and path else listed.name if listed else ""),
            )

        def _elapsed_at(self, start: int) -> float:
            now = self._clock.now()
            return now.elapsed - max(0.0, now.wall - wall_time(start))

        def _list(self) -> None:
            self._listed = {one.pid: one for one in kernel32.processes() if one.pid not in NOBODY}

    class _Memory:
        """What a process has in its own memory, empty where it may not be read. Windows' calls for it are psutil's."""

        def __init__(self, pid: int) -> None:
            try:
                self._process: psutil.Process | None = psutil.Process(pid)
            except (psutil.Error, OSError):
                self._process = None

        def arguments(self) -> list[str]:
            """The arguments, for Windows before 8.1."""
            return [] if self._process is None else _told(self._process.cmdline, [])

        def environment(self) -> dict[str, str]:
            """Every variable."""
            return {} if self._process is None else _told(self._process.environ, {})

        def cwd(self) -> str | None:
            """The working directory."""
            found = "" if self._process is None else clean(_told(self._process.cwd, ""))
            return found if len(found) <= len("C:\\") else found.rstrip("\\") or None

        def user(self) -> str | None:
            r"""The account, as ``DOMAIN\name``."""
            return None if self._process is None else clean(_told(self._process.username, "")) or None

    def _told(question: Callable[[], Value], otherwise: Value) -> Value:
        """The answer, or ``otherwise`` where Windows refuses or the process is gone."""
        try:
            return question()
        except (psutil.Error, OSError):
            return otherwise

    @contextmanager
    def _opened(pid: int) -> Iterator[int]:
        handle = kernel32.open_process(pid)
        try:
            yield handle
        finally:
            kernel32.close(handle)

    def _arguments(handle: int) -> list[str]:
        try:
            return shell32.split(ntdll.command_line(handle))
        except OSError:
            return []

    def _closed_start(pid: int) -> int | None:
        """When a process that may not be opened began; psutil finds it in the list of all processes."""
        try:
            return file_time(psutil.Process(pid).create_time())
        except (psutil.Error, OSError):
            return None

    def _closed_path(pid: int) -> str | None:
        try:
            path = dos_path(ntdll.image_device_path(pid), kernel32.device_of)
        except OSError:
            return None
        return None if path is None else clean(path)
