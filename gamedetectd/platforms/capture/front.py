"""The window in front as its compositor tells it, for the ways that see the screen and not the window."""

from __future__ import annotations

from gamedetectd.domain import Bounds, Window
from gamedetectd.platforms.capture.shown import NotShown, Outcome, area, overlap
from gamedetectd.platforms.windows.compositor import CompositorForeground
from gamedetectd.platforms.windows.mechanisms import compositor


def who_tells() -> CompositorForeground:
    """What tells of windows here. Raises NotShown."""
    if (teller := compositor()) is None:
        raise NotShown(Outcome.CANNOT, "The desktop does not tell which window is in front: gamedetectd desktop status")
    return teller


def alone(handle: int) -> Window:
    """The foreground window, with its bounds, where it is this one and nothing lies over it. Raises NotShown."""
    teller = who_tells()
    front = next(iter(teller.foreground()), None)
    if front is None or front.handle != handle:
        raise NotShown(Outcome.CANNOT, "On this desktop only the window in the foreground can be seen.")
    if front.bounds is None:
        raise NotShown(Outcome.CANNOT, "The desktop does not tell where the window is.")
    if not front.fullscreen and not _nothing_over(front, teller.windows(), stacked=teller.stacked):
        raise NotShown(
            Outcome.OVERLAPPED, "Another window may lie over it, and only what is on the screen can be seen."
        )
    return front


def _nothing_over(front: Window, windows: tuple[Window, ...], *, stacked: bool) -> bool:
    """True where no window above it, on whatever workspace, has a place in common with it.

    Where it is not told how they lie (or not which of them it is), every other one may be above.
    """
    place = front.bounds or Bounds(0, 0, 0, 0)
    handles = [one.handle for one in windows]
    lowest = handles.index(front.handle) + 1 if stacked and front.handle in handles else 0
    others = (one for one in windows[lowest:] if one.handle != front.handle)
    return not any(area(overlap(place, one.bounds)) for one in others if one.bounds is not None)
