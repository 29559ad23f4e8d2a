"""How control messages look and travel: JSON bytes in bounded frames, each sent or received within a time limit.

The standard library's connections carry the frames. Their pickling half is never used: a stranger's pickle runs code.
"""

from __future__ import annotations

import hashlib
import multiprocessing.connection as mpc
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from gamedetectd.errors import ControlError, GamedetectdError
from gamedetectd.interfaces import Reply
from gamedetectd.paths import Paths

if TYPE_CHECKING:
    Connection = mpc.Connection[Any, Any]

MAX_BYTES = 1_000_000
"""The longest message either side accepts, in bytes."""
SEND_LIMIT = 1.0
"""Seconds one message may take to be sent; whoever reads more slowly is dropped."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a client sends, once per connection. ``correlation_id`` is what it works under itself, if anything."""

    command: str
    arguments: dict[str, Any] = {}
    correlation_id: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{32})?$")] = ""


class Problem(msgspec.Struct, frozen=True):
    """An error that travels: the four things a person is told."""

    code: str
    title: str
    cause: str
    remedy: str


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the daemon sends: one ``reply``, or any number of ``item`` and then ``end``; or an ``error``."""

    reply: dict[str, Any] | None = None
    item: dict[str, Any] | None = None
    end: bool = False
    error: Problem | None = None


def address(paths: Paths) -> str:
    """Where the daemon of these paths listens: a socket file, or the name of a pipe on Windows."""
    if sys.platform == "win32":
        place = hashlib.sha256(str(paths.runtime).lower().encode()).hexdigest()[:32]
        return rf"\\.\pipe\gamedetectd-{place}"
    return str(paths.socket_file)


def problem_of(error: GamedetectdError) -> Problem:
    """The error as it travels."""
    return Problem(error.code, error.title, error.cause, error.remedy)


def error_of(problem: Problem) -> GamedetectdError:
    """The error as it was raised in the daemon, or a ControlError if this version does not know its code."""
    return _classes(GamedetectdError).get(problem.code, ControlError)(problem.cause, problem.remedy)


def _classes(root: type[GamedetectdError]) -> dict[str, type[GamedetectdError]]:
    found = {root.code: root} if root.__init__ is GamedetectdError.__init__ else {}  # others are made of something else
    for child in root.__subclasses__():
        found |= _classes(child)
    return found


def encode(message: Ask | Answer) -> bytes:
    """The message as JSON. Text that is no valid Unicode (from file names or arguments) is written with escapes."""
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        return msgspec.json.encode(printable(msgspec.to_builtins(message)))


def printable(value: object) -> object:
    """The value with every lone surrogate in its texts (undecodable bytes of a file name) written as an escape."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {str(printable(key)): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def decode_ask(data: bytes) -> Ask:
    """The request in these bytes.

    Raises:
        ControlError: They hold anything else.
    """
    try:
        return msgspec.json.decode(data, type=Ask)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ControlError(
            f"The request was not understood ({error}).", "Send {command, arguments} as JSON."
        ) from error


def decode_answer(data: bytes) -> Answer:
    """The answer in these bytes.

    Raises:
        ControlError: They hold anything else.
    """
    try:
        return msgspec.json.decode(data, type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ControlError(
            f"The daemon's answer was not understood ({error}).",
            "Command and daemon may be of different versions: restart the daemon.",
        ) from error


def reply_answer(reply: Reply) -> bytes:
    """A whole answer; one that is too long becomes an error that says so."""
    return _within_limit(encode(Answer(reply=dict(reply))))


def item_answer(reply: Reply) -> bytes:
    """One item of a stream; one that is too long becomes an error that says so."""
    return _within_limit(encode(Answer(item=dict(reply))))


def _within_limit(data: bytes) -> bytes:
    if len(data) <= MAX_BYTES:
        return data
    too_long = ControlError(f"The answer is {len(data)} bytes long; {MAX_BYTES} can be sent.", "Ask for less at once.")
    return encode(Answer(error=problem_of(too_long)))


def send(connection: Connection, data: bytes, seconds: float = SEND_LIMIT) -> None:
    """Send one frame.

    Raises:
        TimeoutError: The other side did not take it in time; the connection is broken off.
        OSError: The other side is gone.
    """
    with time_limit(connection, seconds):
        connection.send_bytes(data)


def receive(connection: Connection, seconds: float) -> bytes:
    """Receive one frame of at most ``MAX_BYTES``.

    Raises:
        TimeoutError: It did not arrive in time; the connection is broken off.
        EOFError, OSError: The other side is gone or sent a frame that is too long.
    """
    with time_limit(connection, seconds):
        return connection.recv_bytes(MAX_BYTES)


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Break the connection off when the block takes longer, however slowly and often single bytes arrive.

    Raises:
        TimeoutError: The block took longer.
    """
    breaker = _Breaker(connection)
    timer = threading.Timer(seconds, breaker.break_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, EOFError) as error:
        if breaker.broken:
            raise TimeoutError("the other side was too slow") from error
        raise
    finally:
        timer.cancel()
        timer.join()
        breaker.close()


if sys.platform == "win32":

    class _Breaker:
        """Ends a connection from another thread: closing it cancels what is waited for."""

        def __init__(self, connection: Connection) -> None:
            self._connection = connection
            self.broken = False

        def break_off(self) -> None:
            """End it."""
            self.broken = True
            self._connection.close()

        def close(self) -> None:
            """Give back what was held: nothing here."""

else:

    class _Breaker:
        """Ends a connection from another thread, over a descriptor of its own that cannot be reused meanwhile."""

        def __init__(self, connection: Connection) -> None:
            self._socket = socket.socket(fileno=os.dup(connection.fileno()))
            self.broken = False

        def break_off(self) -> None:
            """End it."""
            self.broken = True
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster

        def close(self) -> None:
            """Give the descriptor back."""
            self._socket.close()
