"""A desktop's tray for tests: a real panel on a private bus, and a client that asks the icon as panels do."""

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    Properties,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection
from jeepney.io.common import RouterClosed
from real_programs import eventually, find_program

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
ITEM_PATH = "/StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
MENU_PATH = "/MenuBar"
XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"

PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=10;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="{size}"/>
      <property name="icon-size" type="uint" value="{icon}"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-3" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="{icon}"/>
    </property>
  </property>
</channel>
"""


class XfcePanel:
    """A real xfce4-panel whose only use is its tray; ``start`` after ``kill`` brings it back."""

    def __init__(self, spawn, bus, display, home, *, size=32, icon=22, dark=False):
        self._spawn = spawn
        daemon = shutil.which("xfconfd") or XFCONFD
        if not Path(daemon).exists():
            pytest.skip("xfconfd is not installed: apt-get install -y --no-install-recommends xfconf")
        home.mkdir(parents=True, exist_ok=True)
        starter = home / "xfconfd"  # the bus starts it, and knows nothing of our home
        starter.write_text(f"#!/bin/sh\nXDG_CONFIG_HOME='{home}/config' exec '{daemon}'\n")
        starter.chmod(0o755)
        bus.can_start("org.xfce.Xfconf", starter)
        settings = home / "config/xfce4/xfconf/xfce-perchannel-xml"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "xfce4-panel.xml").write_text(PANEL.format(size=size, icon=icon, dark=str(dark).lower()))
        self.env = {
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "HOME": str(home),
            "GTK_MODULES": "",
            "NO_AT_BRIDGE": "1",
        }
        self.process = None

    def start(self):
        find_program("xfce4-panel")
        self.process = self._spawn("xfce4-panel", "--disable-wm-check", env=self.env)
        return self

    def kill(self):
        os.killpg(self.process.pid, 9)
        self.process.wait(10)


class Caller:
    """A client of a bus that asks what panels ask."""

    def __init__(self, address):
        self._connection = open_dbus_connection(address)
        self._lock = threading.Lock()

    def close(self):
        self._connection.close()

    def call(self, service, path, interface, member, signature=None, *body, timeout=5.0):
        """The answer's body; an error is its name and text, as a ``LookupError``."""
        message = new_method_call(DBusAddress(path, service, interface), member, signature, body)
        with self._lock:
            answer = self._connection.send_and_get_reply(message, timeout=timeout)
        if answer.header.message_type is MessageType.error:
            raise LookupError(*answer.header.fields.values(), *answer.body)
        return answer.body

    def property(self, service, path, interface, name):
        address = DBusAddress(path, service, interface)
        with self._lock:
            answer = self._connection.send_and_get_reply(Properties(address).get(name), timeout=5.0)
        if answer.header.message_type is MessageType.error:
            raise LookupError(answer.body)
        return answer.body[0][1]


class Icon:
    """The icon that is registered on a bus, asked as a panel asks it."""

    def __init__(self, caller):
        self.caller = caller

    def names(self):
        """What the watcher has registered; empty where there is no watcher."""
        try:
            return list(self.caller.property(WATCHER, WATCHER_PATH, WATCHER, "RegisteredStatusNotifierItems"))
        except LookupError:
            return []

    def ours(self):
        return next((name.partition("/")[0] for name in self.names() if ITEM in name), None)

    def wait(self, seconds=15.0):
        eventually(self.ours, seconds, lambda: f"our icon among {self.names()}")
        return self

    def __getitem__(self, name):
        """A property of the icon."""
        return self.caller.property(self.ours(), ITEM_PATH, ITEM, name)

    def tooltip(self):
        return "\n".join(part for part in self["ToolTip"][2:] if part)

    def layout(self):
        return self.caller.call(self.ours(), MENU_PATH, MENU, "GetLayout", "iias", 0, -1, [])[1]

    def rows(self):
        """Every item with its id: labels from the top down, without the marks of the keyboard."""
        self.caller.call(self.ours(), MENU_PATH, MENU, "AboutToShow", "i", 0)
        return list(_rows(self.layout()))

    def labels(self):
        return [label for _, label, _ in self.rows()]

    def row(self, text):
        """Id, label and properties of the item called so, or of the first whose label has ``text`` in it."""
        rows = self.rows()
        found = [row for row in rows if text == row[1]] or [row for row in rows if text in row[1]]
        assert found, f"no {text!r} among {self.labels()}"
        return found[0]

    def click(self, text):
        self.event(self.row(text)[0])

    def event(self, item, kind="clicked"):
        self.caller.call(self.ours(), MENU_PATH, MENU, "Event", "isvu", item, kind, ("s", ""), 0)


def _rows(node):
    for _, (item, properties, children) in node[2]:
        label = properties.get("label", ("s", ""))[1].replace("__", "\0").replace("_", "").replace("\0", "_")
        yield item, label, {name: value for name, (_, value) in properties.items()}
        yield from _rows((item, properties, children))


class FakeWatcher:
    """A panel of the test's own: takes icons and writes down what they say. ``refuse`` so many registrations first."""

    def __init__(self, address, *, host=True, refuse=0):
        self.items = []
        self.host = host
        self._refuse = refuse
        self._signals = []
        self._connection = open_dbus_connection(address)
        self._lock = threading.Lock()
        for interface in (ITEM, MENU):
            rule = message_bus.AddMatch(f"type='signal',interface='{interface}'")
            self._connection.send_and_get_reply(rule, timeout=5.0)
        self._connection.send_and_get_reply(message_bus.RequestName(WATCHER), timeout=5.0)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._stopped.is_set():
            with suppress(TimeoutError, OSError, RouterClosed):
                message = self._connection.receive(timeout=0.05)
                if message.header.message_type is MessageType.method_call:
                    self._send(self._answer(message))
                elif message.header.message_type is MessageType.signal:
                    fields = message.header.fields
                    name = (fields[HeaderFields.interface], fields[HeaderFields.member])
                    self._signals.append((*name, message.body))

    def _answer(self, call):
        member = call.header.fields[HeaderFields.member]
        if member == "RegisterStatusNotifierItem":
            if self._refuse:
                self._refuse -= 1
                return new_error(call, "org.example.Refused")
            self.items.append(f"{call.body[0]}{ITEM_PATH}")
            return new_method_return(call)
        if member == "Get" and call.body[1] == "IsStatusNotifierHostRegistered":
            return new_method_return(call, "v", (("b", self.host),))
        if member == "Get" and call.body[1] == "RegisteredStatusNotifierItems":
            return new_method_return(call, "v", (("as", self.items),))
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")

    def _send(self, message):
        with self._lock:
            self._connection.send(message)

    def signal(self, member):
        self._send(new_signal(DBusAddress(WATCHER_PATH, interface=WATCHER), member))

    def heard(self, interface):
        """The names of the signals of an interface, in order."""
        return [member for name, member, _ in self._signals if name == interface]

    def last(self, interface, member):
        return [body for name, one, body in self._signals if (name, one) == (interface, member)][-1]

    def stop(self):
        self._stopped.set()
        self._thread.join(5.0)
        self._connection.close()


class FakeBubbles:
    """A notification service that writes down title and text of what it is asked to show."""

    def __init__(self, address):
        self.seen = []
        self._connection = open_dbus_connection(address)
        request = message_bus.RequestName("org.freedesktop.Notifications")
        self._connection.send_and_get_reply(request, timeout=5.0)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._stopped.is_set():
            with suppress(TimeoutError, OSError, RouterClosed):
                message = self._connection.receive(timeout=0.05)
                if message.header.message_type is MessageType.method_call:
                    self._connection.send(self._answer(message))

    def _answer(self, call):
        member = call.header.fields[HeaderFields.member]
        if member == "Notify":
            self.seen.append(call.body[3:5])
            return new_method_return(call, "u", (len(self.seen),))
        if member == "GetCapabilities":
            return new_method_return(call, "as", (["body"],))
        if member == "GetServerInformation":
            return new_method_return(call, "ssss", ("fake", "tests", "1", "1.2"))
        return new_method_return(call)

    def stop(self):
        self._stopped.set()
        self._thread.join(5.0)
        self._connection.close()
