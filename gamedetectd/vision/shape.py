"""What a window's proportions tell: many games keep those of a video mode or a console; other programs take any.

A screen's own proportions tell nothing: games fill it, and so do films, slides and browsers.
"""

from __future__ import annotations

from typing import Literal

Shape = Literal["mode", "wide", ""]
"""``mode``: as old video modes and consoles; ``wide``: as what bars leave of a screen; empty: neither."""
SHAPES: tuple[Shape, ...] = ("mode", "wide")
"""Those that speak for or against a game: ``heads.npz`` has a weight for each, in this order."""
MODES = {"4:3": 4 / 3, "5:4": 5 / 4, "8:7": 8 / 7, "10:9": 10 / 9, "1:1": 1.0}
_SCREENS = (16 / 10, 16 / 9, 2.38, 32 / 9)
_WIDE = 1.55
_NEAR = 0.012
"""Share by which a side may be longer or shorter: pictures are made smaller, and sides rounded."""


def shape_of(width: int, height: int) -> Shape:
    """Of a picture of that many px, at least one each way."""
    if mode_of(width, height):
        return "mode"
    wide = width > _WIDE * height and not any(_near(width, height, screen) for screen in _SCREENS)
    return "wide" if wide else ""


def mode_of(width: int, height: int) -> str:
    """The key of ``MODES`` that a picture of that many px has, or ""."""
    return next((name for name, ratio in MODES.items() if _near(width, height, ratio)), "")


def _near(width: int, height: int, ratio: float) -> bool:
    return abs(width / (height * ratio) - 1) < _NEAR
