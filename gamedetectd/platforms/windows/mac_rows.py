"""What the list of windows of macOS comes to: which one is in front, whose it is, whether it fills its display.

Rows run from front to back. The keys: https://developer.apple.com/documentation/coregraphics (Required and Optional
Window List Keys). A place is in points, not px.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gamedetectd.domain import Bounds, Window
from gamedetectd.platforms.mac.core_graphics import Rectangle, Row
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.geometry import covers, nearest_monitor, one_line

ORDINARY = 0
"""kCGNormalWindowLevel: programs' own windows; panels, menus and the Dock lie on higher layers."""
MENU_BAR = 24
"""kCGMainMenuWindowLevel"""
DEEPEST_NOTCH = 48
"""Points that the camera's notch and the menu bar beside it may take from the top of a built-in display."""
LEAST_SIDE = 2
"""Points; some programs keep windows of one point that nobody sees."""

Display = tuple[int, Bounds]


@dataclass(frozen=True, slots=True)
class Seen:
    """One row in our words. ``title`` is None where macOS does not tell it to us."""

    number: int
    pid: int
    owner: str
    title: str | None
    layer: int
    bounds: Bounds
    visible: bool
    on_screen: bool


def seen(rows: Iterable[Row]) -> list[Seen]:
    """The rows that say what every row must say."""
    return [one for one in map(_seen, rows) if one is not None]


def places(told: Iterable[tuple[int, Rectangle]]) -> list[Display]:
    """The displays with their places as whole points."""
    return [(number, _rounded(at.x, at.y, at.width, at.height)) for number, at in told]


def owner_in_front(windows: Iterable[Seen]) -> int:
    """The process whose ordinary window is the foremost; 0 where there is none."""
    return next((one.pid for one in windows if _is_ordinary(one)), 0)


def has_ordinary(windows: Iterable[Seen], pid: int) -> bool:
    """True where a process has a window that a person sees."""
    return any(one.pid == pid and _is_ordinary(one) for one in windows)


def has_display(windows: Iterable[Seen], displays: Sequence[Display], pid: int) -> bool:
    """True where a process has a display for itself, above all ordinary windows."""
    return any(one.pid == pid and _is_above_all(one, displays) for one in windows)


def sighting(windows: Sequence[Seen], displays: Sequence[Display], pid: int) -> Sighting | None:
    """What is in front while the application ``pid`` is; None where that is 0.

    An application without a window has one without a place. A game that takes a display for itself lies on a layer
    above everything else.
    """
    if pid == 0:
        return None
    own = [one for one in windows if one.pid == pid]
    above = (one for one in own if _is_above_all(one, displays))
    front = next(above, None) or next(filter(_is_ordinary, own), None)
    return Sighting(Window(pid=pid) if front is None else _window(front, windows, displays))


def listed(windows: Sequence[Seen], displays: Sequence[Display]) -> Iterator[Window]:
    """Every window a person would call one; of those not on the screen the ones that have a title."""
    for one in windows:
        if one.layer == ORDINARY and one.visible and (one.on_screen or one.title):
            yield _window(one, windows, displays)


def fills_screen(place: Bounds, display: Bounds, menu_bar: bool) -> bool:
    """True where a window leaves nothing of a display free, but for the strip beside the camera.

    In full screen there is no ``menu_bar``; with it, a window below it is only as large as it can be.
    """
    if covers(place, display):
        return True
    strip = place.y - display.y
    rest = Bounds(display.x, place.y, display.width, display.height - strip)
    return not menu_bar and 0 < strip <= DEEPEST_NOTCH and covers(place, rest)


def _seen(row: Row) -> Seen | None:
    number, pid, layer = (row.get(f"kCGWindow{key}") for key in ("Number", "OwnerPID", "Layer"))
    bounds = _bounds(row.get("kCGWindowBounds"))
    if not (isinstance(number, int) and isinstance(pid, int) and isinstance(layer, int)) or bounds is None:
        return None
    owner, title, alpha = (row.get(f"kCGWindow{key}") for key in ("OwnerName", "Name", "Alpha"))
    clear = isinstance(alpha, int | float) and alpha <= 0
    return Seen(
        number=number,
        pid=pid,
        owner=one_line(owner) if isinstance(owner, str) else "",
        title=one_line(title) if isinstance(title, str) else None,
        layer=layer,
        bounds=bounds,
        visible=not clear and min(bounds.width, bounds.height) >= LEAST_SIDE,
        on_screen=bool(row.get("kCGWindowIsOnscreen")),
    )


def _bounds(told: object) -> Bounds | None:
    """A dictionary as CGRectCreateDictionaryRepresentation makes it."""
    if not isinstance(told, dict):
        return None
    numbers = [one for one in map(told.get, ("X", "Y", "Width", "Height")) if isinstance(one, int | float)]
    return _rounded(*numbers) if len(numbers) == 4 and all(map(math.isfinite, numbers)) else None


def _rounded(x: float, y: float, width: float, height: float) -> Bounds:
    return Bounds(round(x), round(y), max(0, round(width)), max(0, round(height)))


def _is_ordinary(one: Seen) -> bool:
    return one.layer == ORDINARY and one.visible and one.on_screen


def _is_above_all(one: Seen, displays: Sequence[Display]) -> bool:
    return one.layer > ORDINARY and one.visible and one.on_screen and any(covers(one.bounds, at) for _, at in displays)


def _window(one: Seen, windows: Iterable[Seen], displays: Sequence[Display]) -> Window:
    number, at = nearest_monitor(one.bounds, displays) if displays else (0, None)
    bar = at is not None and any(
        other.layer == MENU_BAR and other.on_screen and other.visible and other.bounds.width >= at.width
        and (other.bounds.x, other.bounds.y) == (at.x, at.y)
        for other in windows
    )  # fmt: skip
    return Window(
        handle=one.number,
        pid=one.pid,
        title=one.title or "",
        class_name=one.owner,
        fullscreen=at is not None and fills_screen(one.bounds, at, bar),
        bounds=one.bounds,
        monitor=str(number) if number else "",
    )
