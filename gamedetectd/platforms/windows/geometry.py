"""Windows and monitors as rectangles, whatever system they are of; and titles as one line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gamedetectd.domain import Bounds

LONGEST_TITLE = 4096
"""Characters of a title that are kept."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """A title as one line of at most ``LONGEST_TITLE`` characters, without anything a terminal would obey."""
    return _CONTROL.sub(" ", text).strip()[:LONGEST_TITLE]


def covers(window: Bounds, monitor: Bounds) -> bool:
    """True where the window leaves nothing of the monitor free."""
    return (
        monitor.width > 0
        and window.x <= monitor.x
        and window.y <= monitor.y
        and window.x + window.width >= monitor.x + monitor.width
        and window.y + window.height >= monitor.y + monitor.height
    )


def nearest_monitor(window: Bounds, monitors: Sequence[tuple[int, Bounds]]) -> tuple[int, Bounds]:
    """The monitor that shows most of the window."""

    def shown(row: tuple[int, Bounds]) -> int:
        monitor = row[1]
        width = min(window.x + window.width, monitor.x + monitor.width) - max(window.x, monitor.x)
        height = min(window.y + window.height, monitor.y + monitor.height) - max(window.y, monitor.y)
        return max(0, width) * max(0, height)

    return max(monitors, key=shown)
