"""A notification service for tests that speaks the protocol on a real bus and remembers what it was asked to show.

Real dunst is asked in tests/desktop; here are services that restart, refuse, hang and know less.
"""

import contextlib
import threading

import pytest

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
ALL = ("actions", "body", "body-markup", "persistence")


class FakeService:
    """``shown`` is every bubble as ``(number, replaces, title, body, actions, hints)``; ``closed`` the numbers."""

    def __init__(self, bus, capabilities=ALL, *, refuses=False, hangs=False):
        self._jeepney = pytest.importorskip("jeepney", reason="jeepney is for Linux only")
        from jeepney.io.blocking import open_dbus_connection

        self._connection = open_dbus_connection(bus.address)
        self._capabilities, self._refuses, self._hangs = list(capabilities), refuses, hangs
        self.shown, self.closed = [], []
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._connection.send_and_get_reply(self._jeepney.message_bus.RequestName(SERVICE), timeout=5.0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                call = self._connection.receive(timeout=0.02)
                if call.header.message_type is self._jeepney.MessageType.method_call and not self._hangs:
                    self._send(self._answer(call))

    def _answer(self, call):
        member = call.header.fields[self._jeepney.HeaderFields.member]
        if self._refuses and member == "Notify":
            return self._jeepney.new_error(call, f"{SERVICE}.Error.ExcessNotificationGeneration")
        if member == "GetCapabilities":
            return self._jeepney.new_method_return(call, "as", (self._capabilities,))
        if member == "CloseNotification":
            self.closed.append(call.body[0])
            return self._jeepney.new_method_return(call)
        _app, replaces, _icon, title, body, actions, hints, _timeout = call.body
        number = replaces or 1 + max((number for number, *_ in self.shown), default=0)
        self.shown.append((number, replaces, title, body, actions, hints))
        return self._jeepney.new_method_return(call, "u", (number,))

    def _send(self, message):
        with self._lock:
            self._connection.send(message)

    def signal(self, member, signature, *body):
        address = self._jeepney.DBusAddress(PATH, interface=SERVICE)
        self._send(self._jeepney.new_signal(address, member, signature, body))

    def click(self, number, action):
        self.signal("ActionInvoked", "us", number, action)

    def close_bubble(self, number, reason=2):
        self.signal("NotificationClosed", "uu", number, reason)

    def stop(self):
        self._stopped.set()
        self._thread.join(5.0)
        self._connection.close()
