"""macOS: a window's own surface, given by the window server to whoever may record the screen."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.platforms.capture.shown import Form, NotShown, Outcome, Shown, Strip, insist_on_size
from gamedetectd.platforms.mac import core_graphics, window_image

WAY = "the window's own surface (Quartz)"
ON_SCREEN = "kCGWindowIsOnscreen"


def show(handle: int) -> Shown:
    """The window, one px to a point. Raises NotShown; the strips raise nothing."""
    try:
        if core_graphics.may_record_screen() is False:
            raise NotShown(Outcome.DENIED, "macOS has not been allowed to show us other windows: gamedetectd permit.")
        rows = [
            row for row in core_graphics.window_rows(core_graphics.ALL_WINDOWS) if row.get("kCGWindowNumber") == handle
        ]
        if not rows:
            raise NotShown(Outcome.GONE)
        if not rows[0].get(ON_SCREEN):
            raise NotShown(Outcome.MINIMISED)
        strips = _strips(handle)
        first = next(strips)
    except OSError as error:
        raise NotShown(Outcome.CANNOT, f"macOS gives no pictures of windows: {error}.") from error
    width, height, form, strip = first
    return Shown(width, height, form, _kept(strip, strips), WAY)


def _strips(handle: int) -> Iterator[tuple[int, int, Form, Strip]]:
    with window_image.image(handle) as found:
        if found is None:
            raise NotShown(Outcome.GONE)
        width, height, stride, bits, little, data = found
        insist_on_size(width, height)
        if bits != 32:
            raise NotShown(Outcome.CANNOT, f"The window has pixels of {bits} bits, which are not read here.")
        yield width, height, Form(32, stride, 0xFF0000, 0xFF00, 0xFF, little), Strip(0, height, data)


def _kept(strip: Strip, rest: Iterator[object]) -> Iterator[Strip]:
    """The one strip, whose memory is there until ``rest`` is done."""
    yield strip
    for _ in rest:
        pass
