"""A real sway without a screen, as an ordinary person runs it: it refuses to be root's."""

import json
import os
import shutil
import socket
import struct
import tempfile
from pathlib import Path

from real_programs import end, eventually, find_program

NOBODY = 65534
CONFIG = """output HEADLESS-1 resolution 1280x720
default_border none
xwayland {xwayland}
"""


class Sway:
    """A compositor with a runtime directory of its own; ``start`` after ``stop`` is another one there.

    ``env`` is what its clients are told. Where root runs the tests, it and its X11 clients are nobody's (``account``).
    """

    def __init__(self, spawn, *, xwayland=False):
        self._spawn = spawn
        self.runtime = Path(tempfile.mkdtemp(prefix="gamedetectd-sway-"))
        self.account = {}
        if os.getuid() == 0:
            self.account = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            os.chown(self.runtime, NOBODY, NOBODY)
        self._config = self.runtime / "sway.conf"
        told = self.runtime / "told"
        self._config.write_text(
            CONFIG.format(xwayland="enable" if xwayland else "disable")
            + f'exec sh -c \'env > "{told}.new"; mv "{told}.new" "{told}"\'\n'
        )
        self._told = told
        self._xwayland = xwayland
        self.process = None
        self.env = {}

    def start(self):
        self._told.unlink(missing_ok=True)
        env = {"XDG_RUNTIME_DIR": str(self.runtime), "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman",
               "WLR_LIBINPUT_NO_DEVICES": "1", "DISPLAY": "", "WAYLAND_DISPLAY": "",
               "HOME": str(self.runtime), "XDG_CURRENT_DESKTOP": "sway"}  # fmt: skip
        self.process = self._spawn(
            "env", "-u", "SWAYSOCK", "-u", "I3SOCK", find_program("sway"), "-c", self._config, env=env, **self.account
        )
        eventually(self._told.exists, 15, "sway being ready")
        said = dict(line.split("=", 1) for line in self._told.read_text().splitlines() if "=" in line)
        names = ("XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "SWAYSOCK", "I3SOCK", "DISPLAY", "XDG_CURRENT_DESKTOP")
        self.env = {name: said.get(name, "") for name in names}
        if self._xwayland and self.account:  # Xwayland is nobody's, and lets root in only when told to
            assert self.client("xhost", "+local:", x11=True).wait(15) == 0
        return self

    def client(self, name, *arguments, x11=False, **env):
        """Start a program on it; a native one unless ``x11``."""
        wanted = {"GDK_BACKEND": "x11", "QT_QPA_PLATFORM": "xcb"} if x11 else {"GDK_BACKEND": "wayland"}
        # nobody's own shell only says that it is none
        home = {"HOME": str(self.runtime), "SHELL": "/bin/sh", "NO_AT_BRIDGE": "1", "GTK_A11Y": "none"}
        shown = self.env if x11 else {**self.env, "DISPLAY": ""}
        place = {"cwd": self.runtime}  # nobody may not be where these tests are
        return self._spawn(name, *arguments, env={**shown, **wanted, **home, **env}, **place, **self.account)

    def command(self, text):
        """What ``swaymsg`` does."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(self.env["SWAYSOCK"])
            connection.sendall(struct.pack("=6sII", b"i3-ipc", len(text.encode()), 0) + text.encode())
            answer = connection.recv(65536)
        result = json.loads(answer[14:])
        assert all(one["success"] for one in result), result

    def kill(self):
        self.process.kill()
        self.process.wait(5)

    def stop(self):
        if self.process is not None:
            end(self.process)
        shutil.rmtree(self.runtime, ignore_errors=True)
