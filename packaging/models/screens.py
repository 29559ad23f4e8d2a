"""A display of a program's own: X server and window manager, its largest window, its picture, hands on its keyboard."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageGrab
from Xlib import XK, X, display, error
from Xlib.ext import xtest
from Xlib.protocol import event

SCREEN = (1280, 720)
SMALLEST = (120, 90)
"""A window below this is a hint or a splash, not the program."""
PATHS = ("/usr/games", "/usr/local/games", "/usr/libexec/xscreensaver", "/usr/lib/xscreensaver")

PATIENCE = 2.0
"""Seconds that a program has to end when it is asked to; an X server then takes its display's name along."""

AROUND = {
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "LP_NUM_THREADS": "1",
    "SDL_AUDIODRIVER": "dummy",
    "SDL_VIDEODRIVER": "x11",
    "ALSOFT_DRIVERS": "null",
    "QT_QPA_PLATFORM": "xcb",
    "GDK_BACKEND": "x11",
    "NO_AT_BRIDGE": "1",
}
"""OpenGL without a graphics card, no sound, X11."""


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], where: str, log: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own, which is gone afterwards."""
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=where,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, sign)
                process.wait(PATIENCE)
        process.wait()


@contextmanager
def displayed(number: int, log: Any) -> Iterator[None]:
    """An X server and a window manager, which are gone afterwards with every window."""
    place = Path(f"/tmp/.X11-unix/X{number}")
    if place.exists():
        raise SystemExit(f"Display :{number} is taken: choose another with --display.")
    server = ["Xvfb", f":{number}", "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24", "-nolisten", "tcp", "-noreset"]
    with running(server, os.environ, "/", log) as program:
        began = time.monotonic()
        while not place.exists():
            if program.poll() is not None or time.monotonic() - began > 20:
                raise SystemExit(f"Xvfb does not start on display :{number}: its messages are in log.txt.")
            time.sleep(0.1)
        with running(["openbox"], environment("/nonexistent", number, {}), "/", log):
            time.sleep(1)
            yield


class Screen:
    """One X display: its largest window, its picture, and hands on its keyboard and mouse."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._x = display.Display(name)

    def close(self) -> None:
        """Let go of the display."""
        self._x.close()

    def largest(self) -> tuple[Any, tuple[int, int, int, int], str] | None:
        """The largest top-level window, its (x, y, width, height) within the screen in px, and its title."""
        root, best, area = self._x.screen().root, None, 0
        for top in root.query_tree().children:
            try:
                if top.get_attributes().map_state != X.IsViewable:
                    continue
                client = self._client(top)
                shape = client.get_geometry()
                at = client.translate_coords(root, 0, 0)
                x, y = -at.x, -at.y
                title = client.get_wm_name() or ""
            except error.XError:
                continue
            left, upper, right, lower = (
                max(0, x),
                max(0, y),
                min(SCREEN[0], x + shape.width),
                min(SCREEN[1], y + shape.height),
            )
            size = (right - left) * (lower - upper)
            if right - left >= SMALLEST[0] and lower - upper >= SMALLEST[1] and size > area:
                area, best = (
                    size,
                    (client, (left, upper, right - left, lower - upper), title if isinstance(title, str) else ""),
                )
        return best

    def _client(self, window: Any) -> Any:
        """The program's own window inside the window manager's frame."""
        state = self._x.intern_atom("WM_STATE")
        for one in (window, *window.query_tree().children):
            if one.get_full_property(state, X.AnyPropertyType):
                return one
            for below in one.query_tree().children:
                if below.get_full_property(state, X.AnyPropertyType):
                    return below
        return window

    def maximise(self) -> None:
        """Its largest window, as most people use most applications."""
        if (found := self.largest()) is not None:
            names = ("_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ")
            numbers = [1, *(self._x.intern_atom(name) for name in names), 1, 0]
            kind = self._x.intern_atom("_NET_WM_STATE")
            message = event.ClientMessage(window=found[0], client_type=kind, data=(32, numbers))
            mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
            self._x.screen().root.send_event(message, event_mask=mask)
            self._x.sync()

    def picture(self, place: tuple[int, int, int, int]) -> Image.Image:
        """What the screen shows there."""
        x, y, width, height = place
        return ImageGrab.grab(bbox=(x, y, x + width, y + height), xdisplay=self.name)

    def key(self, name: str, seconds: float) -> None:
        """Press, hold, release."""
        code = self._x.keysym_to_keycode(XK.string_to_keysym(name))
        if code:
            xtest.fake_input(self._x, X.KeyPress, code)
            self._x.sync()
            time.sleep(seconds)
            xtest.fake_input(self._x, X.KeyRelease, code)
            self._x.sync()

    def click(self, x: int, y: int) -> None:
        """Move there and press the first button."""
        xtest.fake_input(self._x, X.MotionNotify, x=x, y=y)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._x, kind, 1)
            self._x.sync()
            time.sleep(0.03)


def environment(home: str, number: int, more: Mapping[str, str]) -> dict[str, str]:
    """What the program is started with: a home of its own, software OpenGL, no sound."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    search = os.pathsep.join([kept.get("PATH", "/usr/bin:/bin"), *PATHS])
    own = {"PATH": search, "DISPLAY": f":{number}", "HOME": home, "XDG_RUNTIME_DIR": home, "LANG": "C.UTF-8"}
    return {**kept, **own, **AROUND, **more}
