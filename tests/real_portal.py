"""The portal of a real GNOME: PipeWire, its session manager, the permission store, and both halves of the portal."""

import shutil
import time

from real_programs import eventually, find_program

from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus

PLACES = "/usr/libexec"
FRONT, GNOME = "org.freedesktop.portal.Desktop", "org.freedesktop.impl.portal.desktop.gnome"
STORE = "org.freedesktop.impl.portal.PermissionStore"


TAB, ESCAPE, SPACE, RIGHT, DOWN, SHIFT, SUPER = 0xFF09, 0xFF1B, 0x20, 0xFF53, 0xFF54, 0xFFE1, 0xFFEB
REMOTE = "org.gnome.Mutter.RemoteDesktop"


class Person:
    """Presses keys on a GNOME without a screen."""

    def __init__(self, session):
        self._bus = SessionBus.open(session.env["DBUS_SESSION_BUS_ADDRESS"])
        (self._path,) = self._bus.call(REMOTE, "/org/gnome/Mutter/RemoteDesktop", REMOTE, "CreateSession")
        self._bus.call(REMOTE, self._path, f"{REMOTE}.Session", "Start")

    def presses(self, *keys):
        time.sleep(1)  # until the window has its focus inside, which nothing tells
        for key in keys:
            time.sleep(0.2)
            for down in (True, False):
                self._bus.call(REMOTE, self._path, f"{REMOTE}.Session", "NotifyKeyboardKeysym", "ub", key, down)
                time.sleep(0.05)

    def allows(self):
        """In the first of the portal's dialogs: to "Remember this selection", the monitor, Cancel, Share."""
        self.presses(TAB, TAB, TAB, TAB, SPACE)

    def allows_the_second(self):
        """The second of two monitors."""
        self.presses(TAB, TAB, DOWN, TAB, TAB, SPACE)

    def moves_the_window_right(self):
        """To the next monitor: Super, Shift and the arrow at once."""
        for down in (True, False):
            for key in (SUPER, SHIFT, RIGHT):
                self._bus.call(REMOTE, self._path, f"{REMOTE}.Session", "NotifyKeyboardKeysym", "ub", key, down)
                time.sleep(0.1)

    def refuses(self):
        self.presses(ESCAPE)

    def leaves(self):
        self._bus.close()


class Portal:
    """``session`` is one of ``real_desktops``; ``pipewire`` comes before its start, ``portal`` after it."""

    def __init__(self, session):
        self._session = session
        self._log = session.home / "portal.log"

    def pipewire(self):
        self._run("pipewire")
        eventually((self._session.runtime / "pipewire-0").exists, 30, self.told)
        self._run("wireplumber")
        return self

    def portal(self):
        self._run("xdg-permission-store", STORE)
        self._run("xdg-desktop-portal-gnome", GNOME, "-v")
        self._run("xdg-desktop-portal", FRONT, "-v")
        return self

    def told(self):
        """The end of what they logged."""
        return self._log.read_text()[-6000:]

    def _run(self, name, owns="", *more):
        program = shutil.which(name, path=PLACES) or find_program(name)
        with self._log.open("ab") as log:
            process = self._session.start_beside(program, *more, stdout=log, stderr=log)
        if owns:
            eventually(lambda: self._owned(owns), 30, self.told)
        return process

    def _owned(self, name):
        bus = SessionBus.open(self._session.env["DBUS_SESSION_BUS_ADDRESS"])
        try:
            return bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", name)
        except BusError:
            return None
        finally:
            bus.close()
