"""KWin and GNOME Shell without a screen, each in a session of its own (buses, runtime directory, home)."""

import shutil
import tempfile
from pathlib import Path

from real_bus import Bus
from real_programs import end, eventually, find_program


class Session:
    """What both have in common. ``env`` is for their clients and for whoever watches them."""

    desktop = ""

    def __init__(self, spawn):
        self._spawn = spawn
        self.home = Path(tempfile.mkdtemp(prefix="gamedetectd-desktop-"))
        self.runtime = self.home / "runtime"
        self.runtime.mkdir(mode=0o700)
        self.buses = [self._bus("session"), self._bus("system")]
        self.env = {
            "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime), "XDG_CURRENT_DESKTOP": self.desktop,
            "XDG_DATA_HOME": str(self.home / "data"), "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_SESSION_TYPE": "wayland", "GSETTINGS_BACKEND": "keyfile", "LIBGL_ALWAYS_SOFTWARE": "1", "DISPLAY": "",
            "DBUS_SESSION_BUS_ADDRESS": self.buses[0].address, "DBUS_SYSTEM_BUS_ADDRESS": self.buses[1].address,
            "GDK_BACKEND": "wayland", "GTK_A11Y": "none", "NO_AT_BRIDGE": "1", "SWAYSOCK": "", "I3SOCK": "",
            "HYPRLAND_INSTANCE_SIGNATURE": "",
        }  # fmt: skip
        self.log = self.home / "compositor.log"
        self.process = None

    def _bus(self, name):
        folder = self.home / name
        folder.mkdir()
        return Bus(folder).start()

    def _start(self, *command, **env):
        for old in self.runtime.glob("wayland-*"):
            old.unlink()
        with self.log.open("ab") as log:
            self.process = self._spawn(*command, env={**self.env, **env}, stdout=log, stderr=log)
        socket = eventually(self._socket, 30, lambda: f"the compositor's socket: {self.log.read_text()[-2000:]}")
        self.env["WAYLAND_DISPLAY"] = socket.name
        return self

    def _socket(self):
        return next((one for one in self.runtime.glob("wayland-*") if one.is_socket()), None)

    def client(self, name, *arguments, **env):
        return self._spawn(name, *arguments, env={**self.env, **env})

    def start_beside(self, name, *arguments, **popen):
        """A part of the session itself, such as a portal."""
        return self._spawn(name, *arguments, env=self.env, **popen)

    def kill(self):
        self.process.kill()
        self.process.wait(5)

    def stop(self):
        if self.process is not None:
            end(self.process)
        for bus in self.buses:
            bus.stop()
        shutil.rmtree(self.home, ignore_errors=True)


class Kwin(Session):
    """A copy of its program runs: the packaged one has a capability, for which root in a container lacks the right."""

    desktop = "KDE"
    composes = "Q"
    """By the processor alone; "O2" is OpenGL, without which nothing is cast."""

    def start_with_xwayland(self):
        """Also X11 programs; ``env`` names the display."""

        def sockets():  # one that was left behind is made anew under the same name
            return {(place, place.stat().st_ino) for place in Path("/tmp/.X11-unix").glob("X*")}

        before = sockets()
        self.start("--xwayland")
        place, _ = min(eventually(lambda: sockets() - before, 10, "Xwayland"))
        self.env["DISPLAY"] = ":" + place.name[1:]
        return self

    def start(self, *more):
        program = self.home / "kwin_wayland"
        if not program.exists():
            shutil.copy(find_program("kwin_wayland"), program)
        screen = ("--virtual", "--width", "1280", "--height", "720", "--no-lockscreen")
        return self._start(
            str(program), *screen, "--socket", "wayland-kwin", *more, KWIN_COMPOSE=self.composes, QT_QPA_PLATFORM=""
        )


class Gnome(Session):
    """It begins in the overview, where no window has the focus; ``leave_overview`` ends that."""

    desktop = "GNOME"

    def start(self, monitors=("1280x720",)):
        each = (part for size in monitors for part in ("--virtual-monitor", size))
        self._start("gnome-shell", "--headless", "--wayland", "--no-x11", *each)
        eventually(lambda: "GNOME Shell started" in self.log.read_text(), 30, "the end of GNOME's start")
        return self

    def leave_overview(self):
        from gamedetectd.platforms.dbus.session_bus import SessionBus

        bus = SessionBus.open(self.env["DBUS_SESSION_BUS_ADDRESS"])
        try:
            properties = "org.freedesktop.DBus.Properties"
            asked = ("org.gnome.Shell", "OverviewActive", ("b", False))
            bus.call("org.gnome.Shell", "/org/gnome/Shell", properties, "Set", "ssv", *asked)
        finally:
            bus.close()


def enter(session, monkeypatch):
    """Have this very process take the session for its own, but for its home."""
    for name, value in session.env.items():
        if name != "HOME":
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
