"""X11: a window's own pixels where windows have some of their own (XComposite), else what of it is on the screen.

Where a compositor runs, each window is drawn into a pixmap that the extension names for us: nothing that lies over the
window is in it. Without one a window has no pixels but those of the screen, so that a window over it ends the attempt.
To redirect the window ourselves would make its program draw anew, and for a moment show us what lies over it.
Sources: Composite Extension 0.4 (``compositeproto.txt``), X11R7.7 protocol (GetImage, QueryTree).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gamedetectd.domain import Bounds
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.capture.shown import Form, NotShown, Outcome, Shown, Strip, area, insist_on_size, overlap
from gamedetectd.platforms.capture.xforms import Layout, layout
from gamedetectd.platforms.windows.xanswers import as_bounds, as_family, as_monitors, as_numbers, as_pid
from gamedetectd.platforms.windows.xdisplay import XDisplay, display_name

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import ReplyRequest

    from gamedetectd.platforms.capture.xshm import Segment

VIEWABLE, INPUT_OUTPUT = 2, 1
SEGMENT = 8_294_400
"""Bytes of a strip at most: 1920 x 1080 px of four bytes in one go."""
SENT_ROWS = 64
"""Rows of a strip where pixels must be sent: python-xlib takes ever longer for ever longer answers."""
DEEPEST = 32
"""Levels between a window and the root beyond which something is wrong."""
OWN, SCREEN = "the window's own surface (XComposite)", "what the screen shows of the window (X11)"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a window is: itself on the desktop, and the child of the root that holds it, with that one's outer edge."""

    bounds: Bounds
    top: int
    frame: Bounds
    depth: int
    visual: int


class X11Capture:
    """One connection; ``show`` as often as wanted. Raises DisplayGoneError where there is no display."""

    def __init__(self) -> None:
        self._display = XDisplay(display_name())
        self._segment: Segment | None = None
        self._shares = self._display.local
        self._versed = False
        self._layouts: dict[tuple[int, int], Layout] = {}

    def close(self) -> None:
        """Hang up."""
        if self._segment is not None:
            self._do(lambda _: self._segment.close() if self._segment else None)
        self._display.close()

    def show(self, handle: int) -> Shown:
        """The window as it is now. Raises NotShown, and DisplayGoneError where the server is lost."""
        place = self._place(handle)
        insist_on_size(place.bounds.width, place.bounds.height)
        self._insist_on_shown(handle)
        seen = self._on_screen(place.bounds)
        if 2 * area(seen) < area(place.bounds):
            raise NotShown(Outcome.OFF_SCREEN)
        pixmap = self._own_pixmap(place.top)
        if pixmap is not None:
            corner = place.bounds.x - place.frame.x, place.bounds.y - place.frame.y
            inside = overlap(
                Bounds(*corner, place.bounds.width, place.bounds.height),
                Bounds(0, 0, place.frame.width, place.frame.height),
            )
            return self._shown(pixmap, inside, place, OWN, free=pixmap)
        self._insist_on_top(place)
        inside = Bounds(seen.x - place.bounds.x, seen.y - place.bounds.y, seen.width, seen.height)
        insist_on_size(inside.width, inside.height)
        return self._shown(handle, inside, place, SCREEN, check=True)

    def window_of(self, pid: int) -> int:
        """The largest window of that process that is shown, 0 for none: there may be small ones that wait for keys."""
        sizes = {0: 0}
        for top in self._display.family(self._display.root)[1]:
            client = self._display.about_client(top)
            if client is None or as_pid(self._display.ask(client)[0]) != pid or not self._display.viewable(top):
                continue
            size = self._display.ask(self._display.about_size(top))[0]
            sizes[top] = size.width * size.height if size is not None else 0
        return max(sizes, key=lambda handle: sizes[handle])

    # --- where it is ---

    def _place(self, handle: int) -> _Place:
        display = self._display
        corner, frame, looks, family = display.ask(display.about_corner(handle), *_about_holder(display, handle))
        size, top = frame, handle
        for _ in range(DEEPEST):
            parent, _ = as_family(family)
            if parent in (0, display.root):
                break
            top = parent
            frame, looks, family = display.ask(*_about_holder(display, top))
        if size is None or corner is None or frame is None or looks is None or not parent:
            raise NotShown(Outcome.GONE)
        thick = 2 * frame.border_width
        outer = Bounds(frame.x, frame.y, frame.width + thick, frame.height + thick)
        place = Bounds(corner.x, corner.y, size.width, size.height)
        return _Place(place, top, outer, int(frame.depth), int(looks.visual))

    def _insist_on_shown(self, handle: int) -> None:
        display = self._display
        looks, states = display.ask(display.about_attributes(handle), display.about_property(handle, "_NET_WM_STATE"))
        hidden = display.atom("_NET_WM_STATE_HIDDEN") in as_numbers(states)
        if looks is None or looks.map_state != VIEWABLE or hidden:
            raise NotShown(Outcome.MINIMISED)

    def _on_screen(self, bounds: Bounds) -> Bounds:
        """The part of it that is on the monitor which shows most of it."""
        asked, display = self._display.about_monitors(), self._display
        size, corner, *answers = display.ask(*display.about_geometry(display.root), *([asked] if asked else []))
        monitors = [place for answer in answers for _, place in as_monitors(answer)]
        screen = as_bounds(size, corner) or Bounds(0, 0, 0, 0)
        parts = [overlap(overlap(bounds, monitor), screen) for monitor in monitors or [screen]]
        whole = overlap(bounds, screen)
        together = sum(map(area, parts))
        return whole if 2 * together >= area(whole) else max(parts, key=area)

    def _insist_on_top(self, place: _Place) -> None:
        """Raises NotShown where a window that is shown lies over it; one that only takes input does not count."""
        display = self._display
        tops = display.family(display.root)[1]
        above = tops[tops.index(place.top) + 1 :] if place.top in tops else ()
        looks = display.ask(*(display.about_attributes(one) for one in above))
        drawn = [
            one
            for one, look in zip(above, looks, strict=True)
            if look is not None and (look.map_state, look.win_class) == (VIEWABLE, INPUT_OUTPUT)
        ]  # window managers keep many that are not: they are not asked where they are
        for size in display.ask(*(display.about_size(one) for one in drawn)):
            if size is None:
                continue
            thick = 2 * size.border_width
            if area(overlap(place.bounds, Bounds(size.x, size.y, size.width + thick, size.height + thick))):
                raise NotShown(Outcome.OVERLAPPED)

    # --- its pixels ---

    def _own_pixmap(self, top: int) -> int | None:
        """The number of the pixmap that a window is drawn into; None where it is drawn on the screen at once."""
        from Xlib import error
        from Xlib.ext import composite

        def name(display: Display) -> int | None:
            if not display.has_extension(composite.extname):
                return None
            if not self._versed:
                display.composite_query_version()  # a server answers no other request of it before
                self._versed = True
            refused = error.CatchError()
            pixmap = _window(display, top).composite_name_window_pixmap(onerror=refused)
            display.sync()
            return int(pixmap.id) if refused.get_error() is None else None

        pixmap: int | None = self._do(name)
        return pixmap

    def _shown(
        self, drawable: int, part: Bounds, place: _Place, way: str, *, free: int = 0, check: bool = False
    ) -> Shown:
        looks = place.depth, place.visual
        if looks not in self._layouts:
            self._layouts[looks] = self._do(lambda display: layout(display, *looks))
        form = self._layouts[looks].form(part.width)
        strips = self._strips(drawable, part, form, free)
        return Shown(part.width, part.height, form, self._checked(strips, place) if check else strips, way)

    def _checked(self, strips: Iterator[Strip], place: _Place) -> Iterator[Strip]:
        """What came in between lay over the window: it must still be on top, and in its place, when all is read."""
        yield from strips
        self._insist_on_top(place)

    def _strips(self, drawable: int, part: Bounds, form: Form, free: int) -> Iterator[Strip]:
        from Xlib import error

        segment = self._shared()
        rows = max(1, segment.size // form.stride) if segment is not None else SENT_ROWS
        try:
            for top in range(0, part.height, rows):
                count = min(rows, part.height - top)
                rectangle = part.x, part.y + top, part.width, count
                try:
                    yield Strip(top, count, self._do_raising(lambda d, r=rectangle: _pixels(d, segment, drawable, r)))
                except (error.BadMatch, error.BadDrawable, error.BadWindow):  # moved, resized or gone in between
                    raise NotShown(Outcome.GONE, "The window changed or closed while it was looked at.") from None
        finally:
            if free:
                self._do(lambda display: display.create_resource_object("pixmap", free).free())

    def _shared(self) -> Segment | None:
        """Memory that the server writes into; None where it cannot, as on another machine."""
        if self._segment is None and self._shares:
            from gamedetectd.platforms.capture.xshm import Segment

            try:
                self._segment = self._do_raising(lambda display: Segment(display, SEGMENT))
            except OSError:
                self._shares = False
        return self._segment

    def _do(self, action: Any) -> Any:
        return self._display.call(action)

    def _do_raising(self, action: Any) -> Any:
        """As ``_do``; a refusal by the server, and an OSError of ours, come out as they are."""
        from Xlib import error

        caught: list[Exception] = []

        def tried(display: Display) -> Any:
            try:
                return action(display)
            except error.ConnectionClosedError:
                raise
            except (error.XError, OSError) as problem:
                caught.append(problem)
                return None

        answer = self._do(tried)
        if caught:
            raise caught[0]
        return answer


def _window(display: Display, handle: int) -> Any:
    return display.create_resource_object("window", handle)


def _about_holder(display: XDisplay, handle: int) -> tuple[ReplyRequest, ReplyRequest, ReplyRequest]:
    """Questions: a window's place in its parent, how it looks, and its family."""
    return display.about_size(handle), display.about_attributes(handle), display.about_family(handle)


def _pixels(
    display: Display, segment: Segment | None, drawable: int, rectangle: tuple[int, int, int, int]
) -> memoryview:
    if segment is not None:
        return segment.picture(drawable, *rectangle)
    from gamedetectd.platforms.capture.xshm import ALL_PLANES, Z_PIXMAP

    answer = display.create_resource_object("pixmap", drawable).get_image(*rectangle, Z_PIXMAP, ALL_PLANES)
    return memoryview(answer.data)


def unusable_reason() -> str | None:
    """Why no window can be captured through X11 here, as a sentence, or None."""
    try:
        XDisplay(display_name()).close()
    except DisplayGoneError as error:
        return error.cause
    return None
