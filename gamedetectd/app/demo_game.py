"""The little game that demo and self-test play by themselves: a lantern drifts across a window, or time just passes.

It runs in a process of its own, so that what the demo shows is a real process and, with an X display, a real window.
"""

from __future__ import annotations

import math
import os
import select
import sys
import time

COMMAND = "demo-game"
"""The command of ours that plays it where there is no Python to play it with; not in the help."""
SIZE = (480, 270)
FRAMES_A_SECOND = 20


def play(title: str, seconds: float) -> None:
    """Drift for that many seconds, in a window where there is an X display."""
    until = time.monotonic() + seconds
    if sys.platform == "linux" and os.environ.get("DISPLAY"):
        from Xlib.error import DisplayError

        try:
            _drift(title, until)
        except (DisplayError, OSError):
            pass  # a display that does not answer is no display; the process alone is enough to be seen
    time.sleep(max(0.0, until - time.monotonic()))


def _drift(title: str, until: float) -> None:
    from Xlib import X
    from Xlib.display import Display

    display = Display()
    screen = display.screen()
    window = screen.root.create_window(
        0, 0, *SIZE, 0, screen.root_depth, X.InputOutput, X.CopyFromParent, background_pixel=0x101830
    )
    window.set_wm_name(title)
    window.set_wm_class("lantern-drift", "LanternDrift")
    window.change_property(display.intern_atom("_NET_WM_PID"), display.intern_atom("CARDINAL"), 32, [os.getpid()])
    window.map()
    lantern = window.create_gc(foreground=0xFFB347)
    while (now := time.monotonic()) < until:
        window.clear_area()
        x = int((now * 60) % SIZE[0])
        y = int(SIZE[1] / 2 + 60 * math.sin(now * 2))
        window.fill_arc(lantern, x, y, 28, 28, 0, 360 * 64)
        display.flush()
        select.select([display], [], [], 1 / FRAMES_A_SECOND)
        while display.pending_events():
            display.next_event()
    display.close()


if __name__ == "__main__":
    play(sys.argv[1], float(sys.argv[2]))
