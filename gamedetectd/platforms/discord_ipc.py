"""Discord's local channel: a socket of its program, or a named pipe on Windows, that speaks frames of JSON.

A frame is an opcode and a length, both four bytes little-endian, and that many bytes of JSON. First comes a handshake
with the application's id, which is answered by READY or closed with a reason; then SET_ACTIVITY, each answered under
its nonce. As in https://github.com/discord/discord-rpc/blob/master/documentation/hard-mode.md. Calls may take as long
as their deadlines: never on the engine's thread.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from gamedetectd.errors import PresenceError, PresenceRefusedError

HANDSHAKE, FRAME, CLOSE, PING, PONG = range(5)
LARGEST = 65_536
"""Bytes of a frame: Discord's own limit."""
SECONDS = 5.0
"""For one answer."""
NUMBERS = range(10)
BELOW = (
    "",
    "app/com.discordapp.Discord",
    "app/com.discordapp.DiscordCanary",
    "app/dev.vencord.Vesktop",
    ".flatpak/com.discordapp.Discord/xdg-run",
    ".flatpak/dev.vencord.Vesktop/xdg-run",
    "snap.discord",
    "snap.discord-canary",
)
"""Where in the runtime directory the program's socket is: its own, a Flatpak's, a snap's."""
_VARIABLES = ("XDG_RUNTIME_DIR", "TMPDIR", "TMP", "TEMP")
_LATER = "Nothing needs to be done: it is tried again while a game is played."
_APPLICATION = "Look at presence.discord_application; the id stands at discord.com/developers."


class _Line(Protocol):
    """A connection; both raise OSError."""

    def send(self, data: bytes) -> None: ...

    def receive(self, size: int, until: float) -> bytes: ...

    def close(self) -> None: ...


class Discord:
    """One connection that has been welcomed; ``places`` are tried in turn. Every method raises PresenceError."""

    def __init__(self, application: str, places: Iterator[str]) -> None:
        self._line = _first(places)
        self._nonce = 0
        try:
            self._send(HANDSHAKE, {"v": 1, "client_id": application})
            if self._answer().get("evt") != "READY":
                raise _nonsense()
        except PresenceError:
            self.close()
            raise

    def show(self, activity: Mapping[str, Any] | None, pid: int) -> None:
        """Have it show this activity of a process, or none."""
        self._nonce += 1
        nonce = str(self._nonce)
        arguments = {"pid": pid} if activity is None else {"pid": pid, "activity": activity}
        self._send(FRAME, {"cmd": "SET_ACTIVITY", "args": arguments, "nonce": nonce})
        until = time.monotonic() + SECONDS
        while True:
            answer = self._answer(until)
            if answer.get("evt") == "ERROR":
                raise _refused(answer.get("data"))
            if answer.get("nonce") == nonce:
                return

    def close(self) -> None:
        """Hang up; Discord then shows nothing of us. For any thread."""
        with suppress(OSError):
            self._line.close()

    def _send(self, opcode: int, what: Mapping[str, Any]) -> None:
        data = json.dumps(what).encode()
        try:
            self._line.send(struct.pack("<II", opcode, len(data)) + data)
        except OSError as error:
            raise _gone(error) from error

    def _answer(self, until: float | None = None) -> Mapping[str, Any]:
        """The next frame that holds an answer; pings are answered meanwhile."""
        until = time.monotonic() + SECONDS if until is None else until
        while True:
            try:
                opcode, length = struct.unpack("<II", self._line.receive(8, until))
                if length > LARGEST or opcode > PONG:
                    raise _nonsense()
                said = json.loads(self._line.receive(length, until) or b"{}")
            except OSError as error:
                raise _gone(error) from error
            except (ValueError, RecursionError) as error:
                raise _nonsense() from error
            if not isinstance(said, dict):
                raise _nonsense()
            if opcode == CLOSE:
                raise _refused(said)
            if opcode == PING:
                self._send(PONG, said)
            elif opcode == FRAME:
                return said


def places(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Iterator[str]:
    """Where the program's channel may be, the likeliest first."""
    if system == "win32":
        yield from (rf"\\.\pipe\discord-ipc-{number}" for number in NUMBERS)
        return
    bases = dict.fromkeys([*(environment[name] for name in _VARIABLES if environment.get(name)), "/tmp"])  # noqa: S108
    for base in bases:
        for number in NUMBERS:
            yield from (str(Path(base, below, f"discord-ipc-{number}")) for below in BELOW)


def _first(candidates: Iterator[str]) -> _Line:
    """The first that takes us. Somebody else's socket in a directory that all may write to is none."""
    for place in candidates:
        with suppress(OSError):
            return _Pipe(place) if place.startswith("\\\\") else _Socket(place)
    raise PresenceError("Discord does not run, or it is one without a local channel (as in a browser).", _LATER)


class _Socket:
    def __init__(self, place: str) -> None:
        if sys.platform != "win32" and os.lstat(place).st_uid != os.getuid():
            raise PermissionError(13, "it is another account's")
        self._socket = socket.socket(socket.AF_UNIX)  # type: ignore[attr-defined,unused-ignore]
        try:
            self._socket.settimeout(SECONDS)
            self._socket.connect(place)
        except OSError:
            self._socket.close()
            raise

    def send(self, data: bytes) -> None:
        self._socket.settimeout(SECONDS)
        self._socket.sendall(data)

    def receive(self, size: int, until: float) -> bytes:
        data = b""
        while len(data) < size:
            self._socket.settimeout(max(0.01, until - time.monotonic()))
            got = self._socket.recv(size - len(data))
            if not got:
                raise ConnectionResetError("it hung up")
            if time.monotonic() > until:
                raise TimeoutError("it is too slow")
            data += got
        return data

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class _Pipe:
    """A named pipe of Windows. A read has no deadline of its own there: whoever asks waits beside and calls it off."""

    def __init__(self, place: str) -> None:
        self._file = open(place, "r+b", buffering=0)  # noqa: SIM115, PTH123 - open as long as the connection; not a path

    def send(self, data: bytes) -> None:
        self._file.write(data)

    def receive(self, size: int, until: float) -> bytes:
        data = b""
        while len(data) < size:
            got = self._file.read(size - len(data))
            if not got or time.monotonic() > until:
                raise ConnectionResetError("it hung up")
            data += got
        return data

    def close(self) -> None:
        self._file.close()


def _gone(error: OSError) -> PresenceError:
    return PresenceError(f"Discord is gone or does not answer ({error.strerror or error}).", _LATER)


def _nonsense() -> PresenceError:
    return PresenceError("Discord does not answer as it used to.", _LATER)


def _refused(said: object) -> PresenceError:
    message = said.get("message") if isinstance(said, dict) else None
    return PresenceRefusedError(f"Discord refuses: {str(message or 'it does not say why')[:200]}.", _APPLICATION)
