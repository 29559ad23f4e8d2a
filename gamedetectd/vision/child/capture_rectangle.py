"""What the screen shows where a window is, by mss: for Windows' programs whose own surface nobody is given."""

from __future__ import annotations

import sys

from gamedetectd.platforms.capture.shown import Shown, bgrx, whole

WAY = "what the screen shows where the window is (mss)"

if sys.platform == "win32":

    def show(handle: int) -> Shown:
        """The window, while nothing lies over it. Raises NotShown."""
        import mss

        from gamedetectd.platforms.capture import print_window

        print_window.insist_on_top(handle)
        place = print_window.whereabouts(handle)
        with mss.MSS() as screen:
            area = {"left": place.x, "top": place.y, "width": place.width, "height": place.height}
            picture = screen.grab(area)
        print_window.insist_on_top(handle)
        return whole(picture.width, picture.height, bgrx(4 * picture.width), memoryview(picture.raw), WAY)
