"""Who may talk to the daemon: the same person (or root), who also knows the key in a file only that person can read."""

from __future__ import annotations

import multiprocessing.connection as mpc
import os
import secrets
import socket
import struct
import sys
from contextlib import suppress
from multiprocessing import AuthenticationError
from pathlib import Path
from typing import TYPE_CHECKING

from gamedetectd.control.wire import time_limit
from gamedetectd.errors import ControlError
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import write_private_atomic

if TYPE_CHECKING:
    from gamedetectd.control.wire import Connection

KEY_BYTES = 32
_LOCAL_PEERCRED = 1
_SOL_LOCAL = 0


class RefusedError(Exception):
    """The other side is not who it should be, or does not speak our language."""


def key_file(paths: Paths) -> Path:
    """Where the key of the running daemon lies."""
    return paths.runtime / "control.key"


def make_key(paths: Paths) -> bytes:
    """Write a fresh key for this run of the daemon, readable by its owner alone, and return it.

    Raises:
        OSError: The file cannot be written.
    """
    key = secrets.token_hex(KEY_BYTES).encode()
    write_private_atomic(key_file(paths), key)
    return key


def discard_key(paths: Paths) -> None:
    """Take the key away. While a command reads it Windows keeps it; the next daemon makes another all the same."""
    with suppress(PermissionError):
        key_file(paths).unlink(missing_ok=True)


def read_key(paths: Paths) -> bytes | None:
    """The key of the running daemon, or None if there is none.

    Raises:
        ControlError: The file is there and cannot be read.
    """
    try:
        return key_file(paths).read_bytes()[: 2 * KEY_BYTES]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ControlError(
            f"The daemon's key in {key_file(paths)} cannot be read ({error.strerror}).",
            "Run the command as the user the daemon runs as.",
        ) from error


def peer_user(connection: Connection) -> int | None:
    """The user id at the other end as the kernel knows it, or None where the system does not tell."""
    if sys.platform == "linux":
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            data = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _pid, user, _group = struct.unpack("3i", data)
        return int(user)
    if sys.platform == "darwin":
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            data = line.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76)  # struct xucred: version, uid, groups
        return int(struct.unpack_from("2I", data)[1])
    return None


def permitted(user: int | None) -> bool:
    """True for the user we run as, for root, and where only the key can decide."""
    if sys.platform == "win32" or user is None:
        return True
    return user in (os.geteuid(), 0)


def admit(connection: Connection, key: bytes, seconds: float) -> None:
    """The daemon's half of the introduction: the client proves that it knows the key, then we do.

    Raises:
        RefusedError: It does not, or not within ``seconds``.
    """
    _introduce(connection, key, seconds, client_first=True)


def enter(connection: Connection, key: bytes, seconds: float) -> None:
    """The client's half of the introduction.

    Raises:
        RefusedError: The daemon refused us, does not know the key itself, or belongs to somebody else.
    """
    try:
        user = peer_user(connection)
    except OSError as error:
        raise RefusedError(str(error)) from error
    if not permitted(user):
        raise RefusedError("another user answers there")
    _introduce(connection, key, seconds, client_first=False)


def _introduce(connection: Connection, key: bytes, seconds: float, *, client_first: bool) -> None:
    steps = (mpc.deliver_challenge, mpc.answer_challenge)
    try:
        with time_limit(connection, seconds):
            for step in steps if client_first else reversed(steps):
                step(connection, key)
    # The library answers malformed messages with an assertion or a ValueError, depending on its version.
    except (AuthenticationError, AssertionError, ValueError, EOFError, OSError) as error:
        raise RefusedError(str(error) or type(error).__name__) from error
