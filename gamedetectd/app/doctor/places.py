"""Our directories and files: are they there, ours, private, writable, and is there room."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from gamedetectd.app.checks.disk import ROOM_NEEDED
from gamedetectd.app.doctor.findings import DISK_NEARLY_FULL, PLACE_OPEN, PLACE_UNUSABLE, Trouble
from gamedetectd.control.doctor_shapes import PlaceRow
from gamedetectd.errors import PermissionsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.own_program import shell_word
from gamedetectd.platforms.permissions import refuse_if_writable_by_others


def places(paths: Paths) -> tuple[tuple[PlaceRow, ...], tuple[Trouble, ...]]:
    """Every place of ours, and what is wrong with each. Nothing is made or changed."""
    rows, troubles = [], []
    for name, path, directory in _named(paths):
        trouble = next(_troubles(path, directory=directory), None)
        rows.append(_row(name, path, trouble))
        if trouble is not None and trouble not in troubles:
            troubles.append(trouble)
    crowded = next(_crowded(paths), None)
    return tuple(rows), (*troubles, *([] if crowded is None else [crowded]))


def _named(paths: Paths) -> Iterator[tuple[str, Path, bool]]:
    """Name, path, and whether it is a directory."""
    yield "settings", paths.config, True
    yield "data", paths.data, True
    yield "state", paths.state, True
    yield "log", paths.log, True
    yield "cache", paths.cache, True
    yield "runtime", paths.runtime, True
    yield "settings file", paths.settings_file, False
    yield "rules file", paths.rules_file, False
    yield "history file", paths.history_file, False
    yield "journal", paths.journal_file, False
    yield "log file", paths.event_log_file, False
    yield "control channel", paths.socket_file, False


def _row(name: str, path: Path, trouble: Trouble | None) -> PlaceRow:
    problem = None if trouble is None else trouble.message
    try:
        status = path.stat()
    except OSError:
        return PlaceRow(name, str(path), False, None, None, None, _free(path), problem)
    mode = None if sys.platform == "win32" else f"{stat.S_IMODE(status.st_mode):04o}"
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    return PlaceRow(name, str(path), True, mode, _owner(status), size, _free(path), problem)


def _owner(status: os.stat_result) -> str | None:
    if sys.platform == "win32":
        return None
    if status.st_uid == os.geteuid():
        return "you"
    return "root" if status.st_uid == 0 else "another account"


def _free(path: Path) -> int | None:
    """Bytes that are free where it lies, or would."""
    for place in (path, *path.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None


def _troubles(path: Path, *, directory: bool) -> Iterator[Trouble]:
    """What keeps us from using it as the daemon would, or others from keeping out."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if directory:
            yield from _cannot_be_made(path)
        return
    except OSError as error:
        yield Trouble(PLACE_UNUSABLE, f"{path}: {error.strerror}.", _own(path.parent))
        return
    if directory and not stat.S_ISDIR(status.st_mode):
        yield Trouble(PLACE_UNUSABLE, f"{path} is in the way: it is no directory.", _move(path))
        return
    try:
        refuse_if_writable_by_others(path, status)
    except PermissionsError as error:
        yield Trouble(PLACE_OPEN, error.cause, error.remedy)
    except OSError as error:
        yield Trouble(PLACE_UNUSABLE, f"{path}: {error.strerror}.", _own(path))
    needed = os.R_OK | os.W_OK | (os.X_OK if directory else 0)
    if not _may(path, needed):
        yield Trouble(PLACE_UNUSABLE, f"{path} may not be read and written by this account.", _own(path))
    elif _read_only(path):
        yield Trouble(PLACE_UNUSABLE, f"{path} lies on a disk that is read-only.")


def _cannot_be_made(path: Path) -> Iterator[Trouble]:
    """The nearest directory above that is there must let us make it."""
    above = next((place for place in path.parents if os.path.lexists(place)), Path(path.anchor))
    if not above.is_dir():
        yield Trouble(PLACE_UNUSABLE, f"{above} is in the way: it is no directory.", _move(above))
    elif not _may(above, os.W_OK | os.X_OK) or _read_only(above):
        yield Trouble(PLACE_UNUSABLE, f"{path} cannot be made: {above} may not be written to.", _own(above))


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _read_only(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError as error:
        return error.errno == errno.EROFS


def _own(path: Path) -> str:
    """The command that makes it this account's, and writable."""
    if sys.platform == "win32":
        return "Give this account full access to it, or set GAMEDETECTD_HOME to another directory."
    try:
        ours = path.stat().st_uid == os.geteuid()
    except OSError:
        ours = False
    if ours:
        return f"Make it writable: chmod u+rwX {_q(path)}"
    return f"Make it yours: sudo chown $(id -u) {_q(path)}; or set GAMEDETECTD_HOME to another directory."


def _move(path: Path) -> str:
    move = "move" if sys.platform == "win32" else "mv"
    return f"Move it away: {move} {_q(path)} {_q(path.with_name(path.name + '.aside'))}"


def _crowded(paths: Paths) -> Iterator[Trouble]:
    for place in (paths.data, paths.log, paths.state):
        free = _free(place)
        if free is not None and free < ROOM_NEEDED:
            yield Trouble(DISK_NEARLY_FULL, f"{free // 1_000_000} MB are left where {place} lies.")


def _q(path: Path) -> str:
    return shell_word(str(path))
