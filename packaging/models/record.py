"""Plays recipes and captures them: frames of real programs, for learning and measuring.

    python packaging/models/record.py --to DIRECTORY [--display 91] [--jobs 4] [NAME…]

Each session of a recipe (``recipes.json``) has an Xvfb and openbox of its own, which end with it, and with them
whatever it left on the screen; it is played with random keys and clicks (the same for the same name and session), and
its largest window captured; frames are 416 px on the long side, JPEG 87. What was recorded before is kept. Needs
Debian's xvfb and openbox and each recipe's packages; Pillow and python-xlib.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from PIL import Image, ImageGrab, ImageStat
from Xlib import XK, X, display, error
from Xlib.ext import xtest
from Xlib.protocol import event

RECIPES = Path(__file__).with_name("recipes.json")
LONG_SIDE = 416
QUALITY = 87
SCREEN = (1280, 720)
KEYS = ["Return", "space", "Up", "Down", "Left", "Right", "Up", "Right", "Left", "x", "z", "Return", "a", "s", "d", "w"]
SMALLEST = (120, 90)
"""A window below this is a hint or a splash, not the program."""
PATHS = ("/usr/games", "/usr/local/games", "/usr/libexec/xscreensaver", "/usr/lib/xscreensaver")

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

BROKEN = (error.XError, error.DisplayError, error.ConnectionClosedError, OSError, subprocess.TimeoutExpired)
"""What comes of a program that takes its display or itself along."""

Recipe = Mapping[str, Any]


def command_of(recipe: Recipe) -> list[str]:
    """What is started; ``$CHECKOUT`` stands for this repository's directory."""
    checkout = str(Path(__file__).resolve().parents[2])
    return [part.replace("$CHECKOUT", checkout) for part in shlex.split(recipe["command"])]


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
            try:
                os.killpg(process.pid, sign)
            except ProcessLookupError:
                break
            time.sleep(0.4)
        process.wait(10)


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


def played(screen: Screen, recipe: Recipe, chance: random.Random, place: tuple[int, int, int, int]) -> None:
    """One or two things that a person might do; the recipe's ``script`` first."""
    for _ in range(chance.randint(1, 2)):
        if chance.random() < recipe.get("mouse", 0.4):
            screen.click(
                *(round(at + long * chance.uniform(0.06, 0.94)) for at, long in zip(place[:2], place[2:], strict=True))
            )
        elif recipe.get("keys", KEYS):
            screen.key(chance.choice(recipe.get("keys", KEYS)), chance.uniform(0.03, 0.4))


def environment(home: str, number: int, recipe: Recipe) -> dict[str, str]:
    """What the program is started with: a home of its own, software OpenGL, no sound."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    search = os.pathsep.join([kept.get("PATH", "/usr/bin:/bin"), *PATHS])
    own = {"PATH": search, "DISPLAY": f":{number}", "HOME": home, "XDG_RUNTIME_DIR": home, "LANG": "C.UTF-8"}
    return {**kept, **own, **AROUND, **recipe.get("environment", {})}


def record(name: str, recipe: Recipe, session: str, to: Path, number: int) -> dict[str, Any]:
    """One session of one recipe, on that display: its row for the manifest, with no frames where it showed nothing."""
    chance = random.Random(session)
    place = to / "frames" / session
    place.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        (to / "log.txt").open("ab") as log,
        displayed(number, log),
        running(command_of(recipe), environment(home, number, recipe), home, log) as program,
        closing(Screen(f":{number}")) as screen,
    ):
        began = time.monotonic()
        while not screen.largest() and program.poll() is None and time.monotonic() - began < recipe.get("wait", 20):
            time.sleep(0.3)
        time.sleep(recipe.get("settle", 2.0))
        if recipe.get("maximised"):
            screen.maximise()
        for key in recipe.get("script", []):
            screen.key(key, 0.1)
            time.sleep(0.8)
        for _ in range(2 * recipe.get("frames", 12)):
            found = screen.largest()
            if len(rows) == recipe.get("frames", 12) or (found is None and program.poll() is not None):
                break
            if found is not None:
                rows += _kept(screen.picture(found[1]), place, len(rows), time.monotonic() - began, found)
                played(screen, recipe, chance, found[1])
            time.sleep(recipe.get("every", 0.8))
    family = recipe.get("family", name)
    return {"session": session, "name": name, "class": recipe["class"], "family": family, "frames": rows}


def _kept(picture: Image.Image, place: Path, number: int, seconds: float, found: Any) -> list[dict[str, Any]]:
    """Writes a frame that is not of one colour; its row."""
    if max(ImageStat.Stat(picture).stddev) < 3:
        return []
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    path = place / f"{number:03d}.jpg"
    picture.save(path, "JPEG", quality=QUALITY)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return [
        {"file": path.name, "t": round(seconds, 1), "window": list(found[1]), "title": found[2][:60], "sha256": digest}
    ]


def main() -> None:
    """Record what is missing."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("names", nargs="*")
    ask.add_argument("--to", type=Path, required=True)
    ask.add_argument("--display", type=int, default=91)
    ask.add_argument("--recipes", type=Path, default=RECIPES)
    ask.add_argument("--jobs", type=int, default=1, help="programs side by side, each on a display of its own")
    ask.add_argument("--minutes", type=float, default=600, help="begin no session after so many")
    chosen = ask.parse_args()
    recipes: dict[str, Recipe] = json.loads(chosen.recipes.read_text())
    if unknown := set(chosen.names) - set(recipes):
        ask.error(f"not in {chosen.recipes}: {', '.join(sorted(unknown))}")
    chosen.to.mkdir(parents=True, exist_ok=True)
    manifest = chosen.to / "manifest.json"
    done = json.loads(manifest.read_text()) if manifest.exists() else []
    had = {row["session"] for row in done}
    search = environment("/", 0, {})["PATH"]
    wanted = [
        (name, session)
        for name in chosen.names or recipes
        for session in (name, f"{name}@2")[: recipes[name].get("sessions", 1)]
        if session not in had and shutil.which(command_of(recipes[name])[0], path=search)
    ]
    end = time.monotonic() + 60 * chosen.minutes
    displays: SimpleQueue[int] = SimpleQueue()
    for number in range(chosen.jobs):
        displays.put(chosen.display + number)

    def one(name: str, session: str) -> dict[str, Any] | None:
        number = displays.get()
        try:
            return record(name, recipes[name], session, chosen.to, number) if time.monotonic() < end else None
        except BROKEN as reason:
            print(f"{session}: {reason}", flush=True)
            return None
        finally:
            displays.put(number)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended, too
    with ThreadPoolExecutor(chosen.jobs) as pool:
        try:
            for future in as_completed([pool.submit(one, *job) for job in wanted]):
                if (row := future.result()) is not None:
                    print(row["session"], len(row["frames"]), flush=True)
                    if len(row["frames"]) >= 5:
                        done.append(row)
                        manifest.write_text(json.dumps(done, indent=1) + "\n")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


if __name__ == "__main__":
    main()
