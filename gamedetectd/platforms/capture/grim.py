"""Wayland, where the compositor lets programs see the screen (wlr-screencopy): grim cuts out where the window is.

It gives what is on the screen, so that only the window in the foreground is looked at, and only while nothing lies over
it. https://gitlab.freedesktop.org/emersion/grim
"""

from __future__ import annotations

import re
import shutil
import subprocess

from gamedetectd.domain import Bounds, Window
from gamedetectd.platforms.capture.shown import NotShown, Outcome, Shown, area, insist_on_size, overlap, rgb, whole
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.windows import session
from gamedetectd.platforms.windows.mechanisms import compositor

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
    window = _alone(handle)
    place = window.bounds or Bounds(0, 0, 0, 0)
    insist_on_size(place.width, place.height)
    picture = _picture(program, place)
    if _alone(handle).bounds != window.bounds:
        raise NotShown(Outcome.GONE, "The window moved while it was looked at.")
    return picture


def _alone(handle: int) -> Window:
    """The foreground window where it is this one and nothing lies over it. Raises NotShown."""
    teller = compositor()
    front = next(iter(teller.foreground()), None) if teller is not None else None
    if teller is None or front is None or front.handle != handle:
        raise NotShown(Outcome.CANNOT, "On this desktop only the window in the foreground can be seen.")
    if front.bounds is None:
        raise NotShown(Outcome.CANNOT, "The desktop does not tell where the window is.")
    if not front.fullscreen and not _nothing_over(front, teller.windows()):
        raise NotShown(
            Outcome.OVERLAPPED, "Another window may lie over it, and only what is on the screen can be seen."
        )
    return front


def _nothing_over(front: Window, windows: tuple[Window, ...]) -> bool:
    """True where no other window, on whatever workspace, has a place in common with it: which are seen is not told."""
    place = front.bounds or Bounds(0, 0, 0, 0)
    others = (one for one in windows if one.handle != front.handle and one.bounds is not None)
    return not any(area(overlap(place, one.bounds)) for one in others if one.bounds is not None)


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
