"""What a window's shape says on Windows: does it fill its monitor as a game does, or as any maximised window does?"""

from __future__ import annotations

from dataclasses import dataclass

from gamedetectd.domain import Bounds
from gamedetectd.platforms.windows.geometry import covers

SHELL = frozenset({"Progman", "WorkerW", "#32769", "Shell_TrayWnd", "Shell_SecondaryTrayWnd"})
"""The desktop (Explorer's, and what is under it) and the task bars: no program's, though they fill the screen."""


@dataclass(frozen=True, slots=True)
class Shape:
    """``outer`` is the window with its borders, ``inner`` what the program itself paints. ``caption``: it has a title
    bar.
    """

    outer: Bounds
    inner: Bounds
    monitor: Bounds
    class_name: str = ""
    caption: bool = False
    maximised: bool = False


def fills_screen(shape: Shape) -> bool:
    """True for full screen and for a window without borders over the whole monitor.

    A maximised window overlaps its monitor by its borders where the task bar hides itself, and some programs paint
    their own title bar: neither is full screen.
    """
    if shape.class_name in SHELL or (shape.maximised and shape.caption):
        return False
    return covers(shape.inner, shape.monitor) or (not shape.caption and covers(shape.outer, shape.monitor))


def bounds(rectangle: tuple[int, int, int, int]) -> Bounds:
    """Left, top, right and bottom as place and size."""
    left, top, right, bottom = rectangle
    return Bounds(left, top, max(0, right - left), max(0, bottom - top))
