"""What every way of capturing a window has in common: raw pixels as the system has them, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gamedetectd.domain import Bounds

SMALLEST = 64
"""Width and height in px below which a window shows nothing that could be told apart."""
LARGEST = 20_000
"""Width and height in px beyond which something is wrong."""


class Outcome(StrEnum):
    """Why there is no picture of a window."""

    GONE = "gone"
    MINIMISED = "minimised"
    """Or on another workspace: nothing of it is shown."""
    OFF_SCREEN = "off_screen"
    TINY = "tiny"
    OVERLAPPED = "overlapped"
    """Another window lies over it, and the system gives only what is on the screen."""
    PROTECTED = "protected"
    """The program has the system keep its picture from others."""
    DENIED = "denied"
    """The person, or the desktop, has not allowed it."""
    CANNOT = "cannot"
    """There is no way to see it here."""


SENTENCES = {
    Outcome.GONE: "The window is not there any more.",
    Outcome.MINIMISED: "The window is minimised, or on another workspace: nothing of it is shown.",
    Outcome.OFF_SCREEN: "The window lies outside the screen, or nearly so.",
    Outcome.TINY: f"The window is smaller than {SMALLEST} px: there is nothing to be told apart.",
    Outcome.OVERLAPPED: "Another window lies over it, and without a compositor only what is on the screen can be seen.",
    Outcome.PROTECTED: "The program keeps its picture from others.",
}
"""For the outcomes that need no more words."""


class NotShown(Exception):  # noqa: N818 - it is an answer rather than an error
    """There is no picture of the window; ``outcome`` says why to programs, the text to people."""

    def __init__(self, outcome: Outcome, sentence: str = "") -> None:
        super().__init__(sentence or SENTENCES[outcome])
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Form:
    """How pixels lie in memory: bits of one, bytes from one row to the next, and where each colour is in its number.

    ``little``: the number's low byte comes first. Of 24 bits it is three bytes, red, green, blue, and no number.
    """

    bits: int
    stride: int
    red: int
    green: int
    blue: int
    little: bool = True


@dataclass(frozen=True, slots=True)
class Strip:
    """Some rows of a picture: the number of the first, how many, and their bytes, which last until the next strip."""

    top: int
    rows: int
    data: memoryview


@dataclass(frozen=True, slots=True)
class Shown:
    """A window's picture, to be read once and at once: size in px, form, the strips from top to bottom, and by what."""

    width: int
    height: int
    form: Form
    strips: Iterator[Strip]
    way: str


BGRX = (0xFF0000, 0xFF00, 0xFF)
"""Red, green and blue as nearly every system has them, in 32 bits of which the low byte comes first."""


def bgrx(stride: int) -> Form:
    """The form of four bytes a pixel: blue, green, red, nothing."""
    return Form(32, stride, *BGRX)


def rgb(stride: int) -> Form:
    """The form of three bytes a pixel: red, green, blue."""
    return Form(24, stride, 0, 0, 0)


def whole(width: int, height: int, form: Form, data: memoryview, way: str) -> Shown:
    """A picture that came in one piece."""
    return Shown(width, height, form, iter((Strip(0, height, data),)), way)


def insist_on_size(width: int, height: int) -> None:
    """Raises NotShown for what is too small to tell anything, and for what no screen can show."""
    if min(width, height) < SMALLEST:
        raise NotShown(Outcome.TINY)
    if max(width, height) > LARGEST:
        raise NotShown(Outcome.CANNOT, f"The window says it is {width} x {height} px, more than any screen shows.")


def overlap(one: Bounds, other: Bounds) -> Bounds:
    """What two rectangles have in common; of no width or no height where that is nothing."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    return Bounds(left, top, max(0, right - left), max(0, bottom - top))


def area(bounds: Bounds) -> int:
    """In px."""
    return bounds.width * bounds.height
