"""The portal of a real GNOME or KDE: PipeWire, its session manager, the permission store, both halves of the portal,
and a person who answers its dialog.
"""

import os
import shutil
import struct
import sys
import sysconfig
import time

from real_programs import eventually, find_program

from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus
from gamedetectd.platforms.wayland_wire import Wire, word
from gamedetectd.platforms.windows.listing import foreground

PLACES = f"/usr/libexec:/usr/lib/{sysconfig.get_config_var('MULTIARCH')}/libexec"
FRONT, BACK = "org.freedesktop.portal.Desktop", "org.freedesktop.impl.portal.desktop"
STORE = "org.freedesktop.impl.portal.PermissionStore"


TAB, ESCAPE, SPACE, RIGHT, DOWN, SHIFT, SUPER = 0xFF09, 0xFF1B, 0x20, 0xFF53, 0xFF54, 0xFFE1, 0xFFEB
REMOTE = "org.gnome.Mutter.RemoteDesktop"


class Person:
    """Presses keys on a GNOME without a screen."""

    dialog = "Screen Share"

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


class PersonAtKde:
    """Clicks on a KWin without a screen. It lets programs do so whose desktop entry asks for it: ``admit`` comes before
    its start.
    """

    dialog = "Screen Sharing — Portal"
    INPUT = "org_kde_kwin_fake_input"
    AUTHENTICATE, BUTTON, MOVE = 0, 2, 9
    LEFT = 0x110

    @classmethod
    def admit(cls, session):
        entries = session.home / "data" / "applications"
        entries.mkdir(parents=True)
        lines = ("[Desktop Entry]", "Type=Application", "Name=A person", f"Exec={os.path.realpath(sys.executable)}")
        (entries / "person.desktop").write_text("\n".join((*lines, f"X-KDE-Wayland-Interfaces={cls.INPUT}", "")))

    def __init__(self, session):
        find_program("plasmashell")
        self._wire = Wire()
        offered = {offer.name: offer for offer in self._wire.offered()}
        self._hand = self._wire.bind(offered[self.INPUT], 3)
        self._asks(self.AUTHENTICATE, b"".join(word(7) + b"person\0\0" for _ in range(2)))

    def _asks(self, what, body):
        self._wire.ask(self._hand, what, body)
        self._wire.flush()
        time.sleep(0.1)

    def clicks(self, right=0, down=0, *, from_right=0, from_bottom=0):
        """In the dialog: so many px from its left and upper edge, or from the others."""
        place = foreground().bounds
        x, y = place.x + (right or place.width - from_right), place.y + (down or place.height - from_bottom)
        self._asks(self.MOVE, struct.pack("=ii", x * 256, y * 256))
        for state in (1, 0):
            self._asks(self.BUTTON, word(self.LEFT) + word(state))

    def shares(self, right, down=254):
        """A tile; "Allow restoring on future sessions" is ticked already."""
        time.sleep(1)  # until it is drawn
        self.clicks(right, down)
        self.clicks(from_right=138, from_bottom=25)

    def allows(self):
        self.shares(394)

    def allows_what_comes_first(self):
        """A new virtual output; with several monitors the whole workspace."""
        self.shares(146)

    def allows_a_monitor_below(self):
        """With several monitors the first of them, which is in the second row."""
        self.shares(146, 420)

    def refuses(self):
        time.sleep(1)
        self.clicks(from_right=50, from_bottom=25)

    def leaves(self):
        self._wire.close()


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
        desktop = self._session.desktop.lower()
        more = {"gnome": ("-v",), "kde": ()}[desktop]
        self._run(f"xdg-desktop-portal-{desktop}", f"{BACK}.{desktop}", *more)
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
