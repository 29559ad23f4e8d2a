"""Windows: a window's own surface, as the compositor has it (PrintWindow with PW_RENDERFULLCONTENT, Windows 8.1).

https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-printwindow
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from gamedetectd.domain import Bounds
from gamedetectd.platforms.capture.shown import (
    NotShown,
    Outcome,
    Shown,
    Strip,
    area,
    bgrx,
    insist_on_size,
    overlap,
)

WAY = "the window's own surface (PrintWindow)"

if sys.platform == "win32":
    from gamedetectd.platforms.win32 import dwmapi, gdi32, user32

    def show(handle: int) -> Shown:
        """What the program paints of its window. Raises NotShown; the strips raise it too."""
        place = whereabouts(handle)
        return Shown(place.width, place.height, bgrx(4 * place.width), _printed(handle, place), WAY)

    def whereabouts(handle: int) -> Bounds:
        """Where what the program paints is on the desktop. Raises NotShown where nothing of it is to be seen."""
        with user32.real_pixels():
            inner = user32.inner_bounds(handle) if user32.exists(handle) else None
            if inner is None:
                raise NotShown(Outcome.GONE)
            if user32.minimised(handle) or not user32.visible(handle) or dwmapi.cloaked(handle):
                raise NotShown(Outcome.MINIMISED)
            if user32.kept_from_others(handle):
                raise NotShown(Outcome.PROTECTED)
            place = _bounds(inner)
            insist_on_size(place.width, place.height)
            monitor = user32.monitor(handle)
            if monitor is None or 4 * area(overlap(place, _bounds(monitor[1]))) < area(place):
                raise NotShown(Outcome.OFF_SCREEN)
        return place

    def insist_on_top(handle: int) -> None:
        """Raises NotShown where another window lies over it."""
        with user32.real_pixels():
            place = whereabouts(handle)
            for other in user32.top_windows():  # the foremost first
                if other == handle:
                    return
                there = dwmapi.frame(other) or user32.bounds(other)
                shown = user32.visible(other) and not user32.minimised(other) and not dwmapi.cloaked(other)
                if shown and there is not None and area(overlap(place, _bounds(there))):
                    raise NotShown(Outcome.OVERLAPPED)

    def _printed(handle: int, place: Bounds) -> Iterator[Strip]:
        try:
            with user32.real_pixels(), gdi32.canvas(place.width, place.height) as (context, pixels):
                if not user32.print_window(handle, context):
                    raise NotShown(Outcome.CANNOT, "Windows does not draw this window for others.")
                gdi32.flush()
                yield Strip(0, place.height, pixels)
        except OSError as error:
            raise NotShown(Outcome.CANNOT, f"Windows gives no room to draw the window in: {error}.") from error

    def _bounds(rectangle: user32.Rectangle) -> Bounds:
        left, top, right, bottom = rectangle
        return Bounds(left, top, right - left, bottom - top)
