"""A connection to the D-Bus session bus that can be waited for with ``select`` and never blocks without an end.

It calls others, hears their signals, and answers their calls (``calls``, ``answer``, ``refuse``, ``emit``).
``jeepney`` does the protocol. Facts: https://dbus.freedesktop.org/doc/dbus-specification.html
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from gamedetectd.errors import BusError

CALL_SECONDS = 2.0
"""How long an answer is waited for."""
READ_SIZE = 65_536
MOST_WAITING = 4_096
"""Signals, and calls of others, that are kept until they are taken; older ones are dropped beyond."""
BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"


def bus_address() -> str:
    """Where the session bus is said to be; "" where there is none."""
    told = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if told or not runtime:
        return told
    usual = Path(runtime) / "bus"
    return f"unix:path={usual}" if usual.is_socket() else ""


class SessionBus:
    """One connection. ``fileno`` becomes readable when something came; then ``signals`` returns it."""

    def __init__(self, connection: socket.socket, *, descriptors: bool = False) -> None:
        from jeepney import Parser  # type: ignore[import-untyped]

        self._socket = connection
        self._descriptors = descriptors
        self._parser = Parser()
        self._serial = 0
        self._waiting: deque[Any] = deque(maxlen=MOST_WAITING)
        self._calls: deque[Any] = deque(maxlen=MOST_WAITING)
        self.name = ""
        """Our own unique name on the bus."""

    @classmethod
    def open(cls, address: str = "", *, descriptors: bool = False) -> SessionBus:
        """Connect to the bus at ``address``, by default the person's own. Raises BusError.

        With ``descriptors`` answers may hold open files, as jeepney's ``FileDescriptor``.
        """
        connection = _connect(address or bus_address(), descriptors=descriptors)
        bus = cls(connection, descriptors=descriptors)
        try:
            (bus.name,) = bus.call(BUS, BUS_PATH, BUS, "Hello")
        except BaseException:
            bus.close()
            raise
        return bus

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def call(
        self,
        service: str,
        path: str,
        interface: str,
        method: str,
        signature: str = "",
        *body: Any,
        seconds: float | None = None,
    ) -> Any:
        """Call a method and return the tuple it answers with, in ``CALL_SECONDS`` if not in others. No service is
        started for it.

        Raises BusError where the service refuses or is silent, or the bus is gone.
        """
        from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call

        address = DBusAddress(path, bus_name=service, interface=interface)
        message = new_method_call(address, method, signature or None, body)
        message.header.flags |= MessageFlag.no_auto_start
        self._serial += 1
        seconds = CALL_SECONDS if seconds is None else seconds
        until = time.monotonic() + seconds
        self._send(message.serialise(serial=self._serial), until)
        answer = self._answer(self._serial, until, f"{service}.{method}", seconds)
        if answer.header.message_type is MessageType.error:
            raise _refused(answer, f"{service}.{method}")
        return answer.body

    def tell(self, service: str, path: str, interface: str, method: str, signature: str = "", *body: Any) -> None:
        """Call a method whose answer nobody waits for. Raises BusError where the bus is gone."""
        from jeepney import DBusAddress, MessageFlag, new_method_call

        message = new_method_call(DBusAddress(path, bus_name=service, interface=interface), method, signature, body)
        message.header.flags |= MessageFlag.no_reply_expected
        self._post(message)

    def watch(self, rule: str) -> None:
        """Have the bus send us what matches, such as ``type='signal',sender='…'``. Raises BusError."""
        self.call(BUS, BUS_PATH, BUS, "AddMatch", "s", rule)

    def signals(self) -> list[Any]:
        """Every signal that has come until now, oldest first; does not wait. Raises BusError once the bus is gone."""
        while select.select([self._socket], [], [], 0)[0]:
            self._read()
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    @property
    def waiting(self) -> bool:
        """True if something was read that neither ``signals`` nor ``calls`` has returned yet: do not wait for more."""
        return bool(self._waiting or self._calls)

    def calls(self) -> list[Any]:
        """Every call of a method of ours that has come until now, oldest first; ``signals`` reads what came."""
        taken = list(self._calls)
        self._calls.clear()
        return taken

    def answer(self, call: Any, signature: str = "", *body: Any) -> None:
        """Answer one of ``calls``, if its caller wants an answer. Raises BusError."""
        from jeepney import new_method_return

        self._reply(call, new_method_return(call, signature or None, body))

    def refuse(self, call: Any, error: str, why: str) -> None:
        """Answer one of ``calls`` by an error of this name. Raises BusError."""
        from jeepney import new_error

        self._reply(call, new_error(call, error, "s", (why,)))

    def emit(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> None:
        """Send a signal from an object of ours to whoever listens. Raises BusError."""
        from jeepney import DBusAddress, new_signal

        self._post(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))

    def _reply(self, call: Any, message: Any) -> None:
        from jeepney import MessageFlag

        if not call.header.flags & MessageFlag.no_reply_expected:
            self._post(message)

    def _post(self, message: Any) -> None:
        self._serial += 1
        self._send(message.serialise(serial=self._serial), time.monotonic() + CALL_SECONDS)

    def _answer(self, serial: int, until: float, what: str, seconds: float) -> Any:
        from jeepney import HeaderFields

        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise BusError(f"{what} did not answer within {seconds:g} seconds.", "It is tried again.")
            for message in self._read():
                if message.header.fields.get(HeaderFields.reply_serial) == serial:
                    return message

    def _read(self) -> list[Any]:
        """Take what has come: signals wait for ``signals``, calls for ``calls``, answers are returned."""
        from jeepney import MessageType

        try:
            data, files = self._receive()
        except OSError as error:
            raise _gone(error.strerror or str(error)) from error
        if not data:
            raise _gone("it hung up")
        answers: list[Any] = []
        try:
            self._parser.add_data(data, files)
            while (message := self._parser.get_next_message()) is not None:
                kind = message.header.message_type
                waiting = {MessageType.signal: self._waiting, MessageType.method_call: self._calls}
                waiting.get(kind, answers).append(message)
        except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
            raise _gone(f"it sent nonsense ({error})") from error
        return answers

    def _receive(self) -> tuple[bytes, list[Any]]:
        """What has come, and the open files that came along. Raises OSError."""
        if not self._descriptors or sys.platform == "win32":
            return self._socket.recv(READ_SIZE), []
        from jeepney.fds import FileDescriptor, fds_buf_size  # type: ignore[import-untyped]

        data, beside, _flags, _sender = self._socket.recvmsg(READ_SIZE, fds_buf_size())
        return data, FileDescriptor.from_ancdata(beside)

    def _send(self, data: bytes, until: float) -> None:
        self._socket.settimeout(max(0.01, until - time.monotonic()))
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise _gone(error.strerror or str(error)) from error
        finally:
            with contextlib.suppress(OSError):
                self._socket.settimeout(None)


def _connect(address: str, *, descriptors: bool = False) -> socket.socket:
    """An authenticated socket. Raises BusError."""
    if not address:
        raise BusError("There is no D-Bus session bus.", "Log in to a desktop session.")
    from jeepney.auth import AuthenticationError  # type: ignore[import-untyped]
    from jeepney.bus import get_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import prep_socket  # type: ignore[import-untyped]

    try:
        connected: socket.socket = prep_socket(get_bus(address), descriptors, timeout=CALL_SECONDS)
    except (OSError, RuntimeError, ValueError, AuthenticationError, StopIteration) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise BusError(f"The D-Bus session bus cannot be reached: {reason}.", "It is tried again.") from error
    return connected


def _gone(reason: str) -> BusError:
    return BusError(f"The D-Bus session bus went away: {reason}.", "It is tried again.")


def _refused(answer: Any, what: str) -> BusError:
    from jeepney import HeaderFields

    name = answer.header.fields.get(HeaderFields.error_name, "an error")
    return BusError(f"{what} answered with {name}.", "It is tried again.")
