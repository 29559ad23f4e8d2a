"""One window's picture by whatever this system has for it; nothing else of the screen is looked at."""

from __future__ import annotations

import itertools
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.capture import grim
from gamedetectd.platforms.capture.shown import NotShown, Outcome, Shown
from gamedetectd.platforms.windows import session
from gamedetectd.vision.child.picture import SAMPLED, Pixels
from gamedetectd.vision.child.pixels import sampled
from gamedetectd.vision.wire import AWindow

if TYPE_CHECKING:
    from gamedetectd.platforms.capture.portal import PortalCapture
    from gamedetectd.platforms.capture.x11 import X11Capture


@dataclass(frozen=True, slots=True)
class Captured:
    """A window as it was: the pixels that are looked at, its size in px, by what, and the seconds it took."""

    pixels: Pixels
    size: tuple[int, int]
    way: str
    seconds: float


class Capture:
    """Captures windows, one after the other; what it needs for that is made once.

    ``least`` is how many px of a window's shorter side are kept at least; of larger windows every n-th is.
    """

    def __init__(self, least: int = SAMPLED) -> None:
        self._least = least
        self._x11: X11Capture | None = None
        self._portal: PortalCapture | None = None

    def close(self) -> None:
        """Let go of the display, and end the screen cast."""
        self._leave_display()
        if self._portal is not None:
            self._portal.close()
            self._portal = None

    def _leave_display(self) -> None:
        if self._x11 is not None:
            self._x11.close()
            self._x11 = None

    def picture(self, window: AWindow) -> Captured:
        """The window now. Raises NotShown, which says why there is no picture."""
        began = time.perf_counter()
        try:
            shown = self._shown(window)
            pixels = sampled(shown, self._least)
        except DisplayGoneError as error:
            self._x11 = None
            raise NotShown(Outcome.CANNOT, error.cause) from error
        return Captured(pixels, (shown.width, shown.height), shown.way, time.perf_counter() - began)

    def _shown(self, window: AWindow) -> Shown:
        if sys.platform == "win32":
            return _on_windows(window.handle)
        if sys.platform == "darwin":
            from gamedetectd.platforms.capture import quartz

            return quartz.show(window.handle)
        if session.on_wayland():
            return self._on_wayland(window)
        return self._display().show(window.handle)

    def _on_wayland(self, window: AWindow) -> Shown:
        """An X11 program's window has a surface of its own there too; it is found by its process."""
        if os.environ.get("DISPLAY") and window.pid:
            try:
                if handle := self._display().window_of(window.pid):
                    return self._display().show(handle)
            except (DisplayGoneError, NotShown):
                self._leave_display()
        if grim.fits():
            return grim.show(window.handle)
        return self._cast().show(window.handle)

    def _cast(self) -> PortalCapture:
        if self._portal is None:
            from gamedetectd.paths import Paths
            from gamedetectd.platforms.capture.cast_leave import Leave
            from gamedetectd.platforms.capture.portal import PortalCapture

            self._portal = PortalCapture(Leave.below(Paths.resolve().data))
        return self._portal

    def _display(self) -> X11Capture:
        if self._x11 is None:
            from gamedetectd.platforms.capture.x11 import X11Capture

            self._x11 = X11Capture()
        return self._x11


if sys.platform == "win32":

    def _on_windows(handle: int) -> Shown:
        """Its own surface; where Windows draws nothing of it, what is on the screen."""
        from gamedetectd.platforms.capture import print_window
        from gamedetectd.vision.child import capture_rectangle

        shown = print_window.show(handle)
        drawn = next(shown.strips)
        if any(drawn.data[:: max(4, len(drawn.data) // 4096)]):
            kept = itertools.chain((drawn,), shown.strips)  # its memory is there until they are read to the end
            return Shown(shown.width, shown.height, shown.form, kept, shown.way)
        return capture_rectangle.show(handle)
