"""A Unix socket on which a compositor listens: waited for with an end, and gone in one well-named way."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from gamedetectd.errors import CompositorGoneError

ANSWER_SECONDS = 2.0
"""How long an answer is waited for."""
READ_SIZE = 65_536
MOST_BYTES = 64 * 2**20
"""Bytes of one message beyond which something is wrong."""


def gone(who: str, why: str) -> CompositorGoneError:
    """What is raised where ``who``, a compositor, cannot be spoken to."""
    return CompositorGoneError(f"{who} cannot be asked for windows: {why}.", "It is tried again.")


class Stream:
    """One connection to ``who``. Every call raises CompositorGoneError where it fails."""

    def __init__(self, who: str, path: str | Path) -> None:
        self._who = who
        self._socket: socket.socket
        if sys.platform == "win32":
            raise gone(who, "Windows has no compositors' sockets")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(ANSWER_SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self.close()
            raise self.gone(error.strerror or str(error)) from error

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send everything, or fail within ``ANSWER_SECONDS``."""
        try:
            self._socket.settimeout(ANSWER_SECONDS)
            self._socket.sendall(data)
        except OSError as error:
            raise self.gone(error.strerror or "it takes nothing") from error

    def read(self, seconds: float = ANSWER_SECONDS) -> bytes:
        """What has come, at least a byte; b"" once the other side hung up."""
        try:
            self._socket.settimeout(max(0.001, seconds))
            return self._socket.recv(READ_SIZE)
        except TimeoutError as error:
            raise self.gone("it does not answer") from error
        except OSError as error:
            raise self.gone(error.strerror or str(error)) from error

    def waiting(self) -> bytes:
        """What has come until now; b"" for nothing. Fails where the other side hung up."""
        taken = bytearray()
        self._socket.setblocking(False)
        while len(taken) < MOST_BYTES:
            try:
                data = self._socket.recv(READ_SIZE)
            except BlockingIOError:
                break
            except OSError as error:
                raise self.gone(error.strerror or str(error)) from error
            if not data:
                raise self.gone("it hung up")
            taken += data
        return bytes(taken)

    def rest(self) -> bytes:
        """Everything until the other side hangs up."""
        taken, until = bytearray(), time.monotonic() + ANSWER_SECONDS
        while data := self.read(until - time.monotonic()):
            taken += data
            if len(taken) > MOST_BYTES:
                raise self.gone("it does not stop talking")
        return bytes(taken)

    def gone(self, why: str) -> CompositorGoneError:
        """The error to raise."""
        return gone(self._who, why)
