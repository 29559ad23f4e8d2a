"""Services on a private session bus that speak as KWin and GNOME Shell do; the real ones are in ``real_desktops``."""

import json
import re
import threading
from pathlib import Path

from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus


class Service:
    """Owns ``names``; its methods are those of the service, and return signature and values of the answer."""

    names = ()
    descriptors = False

    def __init__(self, bus):
        self.bus = SessionBus.open(bus.address, descriptors=self.descriptors)
        for name in self.names:
            self.bus.call(BUS, BUS_PATH, BUS, "RequestName", "su", name, 0)
        self.asked = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        import select

        while not self._stopped.is_set():
            try:
                if select.select([self.bus], [], [], 0.02)[0]:
                    self.bus.signals()
                for call in self.bus.calls():
                    self._answer(call)
            except (BusError, OSError):
                return

    def _answer(self, call):
        from jeepney import HeaderFields

        method = call.header.fields[HeaderFields.member]
        self.asked.append(method)
        answer = getattr(self, method, None)
        if answer is None:
            self.bus.refuse(call, "org.freedesktop.DBus.Error.UnknownMethod", "No such method.")
        else:
            self.bus.answer(call, *answer(call))

    def stop(self):
        self._stopped.set()
        self._thread.join(5)
        self.bus.close()


class FakeKwin(Service):
    """``version`` 5 has its scripts at /1, 6 at /Scripting/Script1."""

    names = ("org.kde.KWin",)

    def __init__(self, bus, version=6):
        self.version = version
        self.target = ""
        self.window = None
        self.scripts = []
        super().__init__(bus)

    def loadScript(self, call):  # noqa: N802 - KWin's word
        place, name = call.body
        text = Path(place).read_text()
        self.target = re.search(r'callDBus\("([^"]+)"', text)[1]
        self.lists = "if (true)" in text
        self.scripts.append(name)
        return "i", 1

    def unloadScript(self, call):  # noqa: N802
        there = call.body[0] in self.scripts
        if there:
            self.scripts.remove(call.body[0])
        return "b", there

    def _answer(self, call):
        from jeepney import HeaderFields

        fields = call.header.fields
        if fields[HeaderFields.member] == "run":
            expected = "/1" if self.version == 5 else "/Scripting/Script1"
            if fields[HeaderFields.path] != expected:
                self.bus.refuse(call, "org.freedesktop.DBus.Error.UnknownObject", "No such object.")
                return
            self.bus.answer(call)
            if self.lists:
                self.say("Listed", [self.window] if self.window else [])
            self.focus(self.window)
        else:
            super()._answer(call)

    def focus(self, window):
        self.window = window
        self.say("Foreground", window)

    def say(self, member, what):
        text = what if isinstance(what, str) else json.dumps(what)
        self.bus.tell(self.target, "/gamedetectd", "org.gamedetectd.Windows", member, "s", text)


class FakeShell(Service):
    """GNOME Shell with our extension and with Mutter's idle monitor."""

    names = ("org.gnome.Shell", "org.gnome.Mutter.IdleMonitor")

    def __init__(self, bus):
        self.window = None
        self.idle = 0
        self.watchers = []
        super().__init__(bus)

    def Watch(self, call):  # noqa: N802
        from jeepney import HeaderFields

        self.watchers.append(call.header.fields[HeaderFields.sender])
        return "s", json.dumps(self.window)

    def List(self, _call):  # noqa: N802
        return "s", json.dumps([self.window, None, 5] if self.window else [])

    def GetIdletime(self, _call):  # noqa: N802
        return "t", self.idle

    def AddIdleWatch(self, _call):  # noqa: N802
        return "u", 1

    def AddUserActiveWatch(self, _call):  # noqa: N802
        return "u", 2

    def focus(self, window):
        from jeepney import DBusAddress, HeaderFields, new_signal

        self.window = window
        place = DBusAddress("/org/gamedetectd/Windows", interface="org.gamedetectd.Windows")
        for name in self.watchers:
            message = new_signal(place, "Changed", "s", (json.dumps(window),))
            message.header.fields[HeaderFields.destination] = name
            self.bus._post(message)

    def unlock(self):
        """The extension comes back and has forgotten who listened."""
        self.watchers = []
        self.bus.emit("/org/gamedetectd/Windows", "org.gamedetectd.Windows", "Ready")

    def input(self, idle):
        """Input has rested for ``idle`` ms, or goes on (0)."""
        self.idle = idle
        self.bus.emit("/org/gnome/Mutter/IdleMonitor/Core", self.names[1], "WatchFired", "u", 1)
