"""Wayland, where the compositor lets programs see the screen (wlr-screencopy): grim cuts out where the window is.

It gives what is on the screen, so that only the window in the foreground is looked at, and only while nothing lies over
it. https://gitlab.freedesktop.org/emersion/grim
"""

from __future__ import annotations

import re
import shutil
import subprocess

from gamedetectd.domain import Bounds
from gamedetectd.platforms.capture.front import alone
from gamedetectd.platforms.capture.shown import NotShown, Outcome, Shown, insist_on_size, rgb, whole
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.windows import session

PROGRAM = "grim"
SECONDS = 5.0
WAY = "what the screen shows where the window is (grim)"
_HEAD = re.compile(rb"P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s")


def fits() -> bool:
    """The compositor is one of those that have the protocol."""
    return session.is_sway() or session.is_hyprland()


def show(handle: int) -> Shown:
    """The foreground window, which must be this one. Raises NotShown."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NotShown(Outcome.CANNOT, "On this desktop grim shows windows, which is not installed: install grim.")
    window = alone(handle)
    place = window.bounds or Bounds(0, 0, 0, 0)
    insist_on_size(place.width, place.height)
    picture = _picture(program, place)
    if alone(handle).bounds != window.bounds:
        raise NotShown(Outcome.GONE, "The window moved while it was looked at.")
    return picture


def _picture(program: str, place: Bounds) -> Shown:
    where = f"{place.x},{place.y} {place.width}x{place.height}"
    command = [program, "-t", "ppm", "-g", where, "-"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=child_environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotShown(Outcome.CANNOT, f"grim gave no picture: {error}.") from error
    head = _HEAD.match(done.stdout)
    if done.returncode or head is None:
        said = done.stderr.decode(errors="replace").strip()[:200]
        raise NotShown(Outcome.DENIED, f"The compositor does not show the screen: {said or 'grim gave no picture'}.")
    width, height = int(head[1]), int(head[2])
    data = memoryview(done.stdout)[head.end() :]
    if len(data) < 3 * width * height:
        raise NotShown(Outcome.CANNOT, "grim gave half a picture.")
    return whole(width, height, rgb(3 * width), data, WAY)
