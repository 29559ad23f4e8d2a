"""Linux: processes out of /proc, each read through one open directory so that a reused pid cannot mix two of them."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Collection
from pathlib import Path

from gamedetectd.domain import ProcessInfo, ProcessKey
from gamedetectd.platforms.processes import parse

LONGEST_ENVIRONMENT = 1 << 20
"""Bytes of an environment that are searched."""
CHUNK = 1 << 16


class LinuxProcesses:
    """A ``ProcessTable`` over /proc. Kernel threads and zombies are no processes; nothing can be read either of one
    that is just exiting or whose first thread has ended.

    Another user's process lacks what the system does not tell (``exe``, ``cwd``, ``environment``), the rest is there.
    """

    def __init__(self, boot_id: str, root: Path = Path("/proc")) -> None:
        self._boot_id = boot_id
        self._root = str(root)

    def read(self, pid: int) -> ProcessInfo | None:
        try:
            directory = os.open(f"{self._root}/{pid}", os.O_RDONLY)
        except OSError:
            return None
        try:
            return self._read(pid, directory)
        except (ProcessLookupError, FileNotFoundError):
            return None
        finally:
            os.close(directory)

    def pids(self) -> Collection[int]:
        names = os.listdir(self._root)  # noqa: PTH208 - a Path for each of a thousand names costs ten times as much
        return {int(name) for name in names if name.isdecimal()}

    def alive(self, key: ProcessKey) -> bool:
        if key.boot_id != self._boot_id:
            return False
        stat = parse.parse_stat(_content(f"{self._root}/{key.pid}/stat", CHUNK) or b"")
        return stat is not None and stat.start_ticks == key.start_ticks and not stat.dead

    def exe_path(self, pid: int) -> str | None:
        return _program(f"{self._root}/{pid}/exe")

    def turnover(self) -> object | None:
        """The last pid given out and the number of tasks: while the one stands still, the other can only fall."""
        fields = (_content(f"{self._root}/loadavg", 256) or b"").split()
        return (fields[4], fields[3].partition(b"/")[2]) if len(fields) == 5 else None

    def _read(self, pid: int, directory: int) -> ProcessInfo | None:
        stat = parse.parse_stat(_content("stat", CHUNK, directory) or b"")
        if stat is None or stat.dead or stat.kernel_thread:
            return None
        exe = _program("exe", directory)
        argv = parse.parse_arguments(_content("cmdline", parse.LONGEST_ARGUMENTS, directory) or b"")
        if exe is None and not argv:
            return None  # its memory is gone already: it is about to be a zombie
        return ProcessInfo(
            key=ProcessKey(self._boot_id, pid, stat.start_ticks),
            parent_pid=stat.parent_pid,
            exe=exe,
            argv=argv,
            cwd=_link("cwd", directory),
            user=_user(_content("status", CHUNK, directory) or b""),
            environment=parse.parse_environment(_content("environ", LONGEST_ENVIRONMENT, directory) or b""),
            started_elapsed=stat.start_ticks / _ticks_per_second(),
            comm=stat.comm,
        )


def _content(path: str, limit: int, directory: int | None = None) -> bytes | None:
    """Up to ``limit`` bytes of a file under /proc, or None where it is gone or not ours to read."""
    try:
        fd = os.open(path, os.O_RDONLY, dir_fd=directory)
    except OSError:
        return None
    try:
        chunk = os.read(fd, min(limit, CHUNK))
        chunks = [chunk]
        left = limit - len(chunk)
        while chunk and left > 0:
            chunk = os.read(fd, min(left, CHUNK))
            chunks.append(chunk)
            left -= len(chunk)
        return b"".join(chunks)
    except OSError:
        return None
    finally:
        os.close(fd)


def _link(path: str, directory: int | None = None) -> str | None:
    try:
        return parse.text(os.fsencode(os.readlink(path, dir_fd=directory)))
    except OSError:
        return None


def _program(path: str, directory: int | None = None) -> str | None:
    """Where the ``exe`` link leads. The kernel marks a file that was removed (by an update) behind its name."""
    target = _link(path, directory)
    if target is not None and target.endswith(parse.DELETED) and not os.path.lexists(target):
        return target.removesuffix(parse.DELETED)
    return target


def _user(status: bytes) -> str | None:
    user_id = parse.parse_user_id(status)
    return None if user_id is None else _user_name(user_id)


@functools.lru_cache(maxsize=64)
def _user_name(user_id: int) -> str:
    """The account's name, or its number where the number has no name."""
    if sys.platform != "win32":
        import pwd

        try:
            return pwd.getpwuid(user_id).pw_name
        except KeyError:
            pass
    return str(user_id)


@functools.cache
def _ticks_per_second() -> int:
    if sys.platform == "win32":
        return 100  # never asked there; Windows has no sysconf
    return os.sysconf("SC_CLK_TCK")
