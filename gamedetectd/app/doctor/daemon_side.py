"""The daemon as the doctor finds it: running, not answering, gone without a word, or not there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

import gamedetectd
from gamedetectd.app.doctor.findings import (
    DAEMON_DIED,
    DAEMON_HUNG,
    DAEMON_NOT_RUNNING,
    DAEMON_OTHER_VERSION,
    Trouble,
)
from gamedetectd.control.client import Client
from gamedetectd.control.doctor_shapes import DaemonState
from gamedetectd.control.instance import Holder, holder
from gamedetectd.control.shapes import StatusRow
from gamedetectd.errors import GamedetectdError, NotRunningError, PermissionsError
from gamedetectd.interfaces import ProcessReader
from gamedetectd.paths import Paths
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table

PATIENCE = 2.0
"""Seconds the daemon has for one answer; ours come in milliseconds."""
_LOG = "Look at what it said last: gamedetectd logs"


@dataclass(frozen=True, slots=True)
class Found:
    """The daemon's state, its own words where it has some, and its logging tree; ``refused`` is why it has none."""

    state: DaemonState
    status: StatusRow | None = None
    logging_tree: tuple[str, ...] = ()
    pid: int | None = None
    refused: str = ""


def ask(paths: Paths) -> Found:
    """Ask the daemon, with little patience."""
    client = Client(paths, PATIENCE)
    try:
        status = msgspec.convert(client.request("status"), StatusRow)
    except NotRunningError:
        return _silent(paths, "")
    except GamedetectdError as error:
        return _silent(paths, error.cause)
    except msgspec.ValidationError as error:
        return Found("running", refused=f"Its answer was not understood: {error}.")
    pid = status.daemon.pid if status.daemon is not None else None
    try:
        said = client.request("logging_tree").get("lines")
    except GamedetectdError:
        said = None
    tree = tuple(str(line) for line in said) if isinstance(said, list) else ()
    return Found("running", status, tree, pid)


def _silent(paths: Paths, why: str) -> Found:
    """Nobody answers: the process that holds the lock tells whether anybody should."""
    found = _holder(paths)
    if found is not None and _alive(found, process_table(boot_id(), system_clock())):
        return Found("hung", pid=found.pid, refused=why or "It runs, and its control channel is not there.")
    if why:
        return Found("hung", refused=why)
    return Found("died" if found is not None else "not-running", pid=None if found is None else found.pid)


def _holder(paths: Paths) -> Holder | None:
    try:
        return holder(paths)
    except PermissionsError:
        return None  # told with the places


def _alive(found: Holder, processes: ProcessReader) -> bool:
    process = processes.read(found.pid)
    return process is not None and process.key == found.key


def troubles(found: Found, *, at_login: bool, crash: str = "") -> Iterator[Trouble]:
    """What is wrong with it. ``at_login``: it is to start with every session, so that it should run.

    ``crash`` tells of the latest crash, if there was one lately.
    """
    if found.state == "hung":
        yield Trouble(DAEMON_HUNG, found.refused, _end(found.pid))
    elif found.state == "died":
        said = f"Process {found.pid} held the lock and is gone: it was killed, or crashed. {crash}"
        yield Trouble(DAEMON_DIED, said.strip(), "")
    elif found.state == "not-running":
        said = "It starts at login, and does not run now." if at_login else "Nothing is being watched now."
        yield Trouble(DAEMON_NOT_RUNNING, f"{said} {crash}".strip())
    elif found.status is None or found.status.version != gamedetectd.__version__:
        theirs = "another version" if found.status is None else f"version {found.status.version}"
        said = f"This is {gamedetectd.__version__}, the daemon is {theirs}. {found.refused}".strip()
        yield Trouble(DAEMON_OTHER_VERSION, said)


def _end(pid: int | None) -> str:
    if pid is None:
        return f"{_LOG}; then start it again: gamedetectd run"
    kill = f"taskkill /F /PID {pid}" if sys.platform == "win32" else f"kill -9 {pid}"
    return f"{_LOG}; then end it and start it again: {kill}; gamedetectd run"
