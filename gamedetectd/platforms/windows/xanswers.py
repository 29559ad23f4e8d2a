"""What the X server's answers say, as plain values; None, the answer of a window that is gone, says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gamedetectd.domain import Bounds

if TYPE_CHECKING:
    from Xlib.protocol.rq import ReplyRequest


def as_numbers(answer: ReplyRequest | None) -> tuple[int, ...]:
    """The 32-bit values of a property's answer."""
    if answer is None or not answer.property_type or answer.value is None:
        return ()
    size, value = answer.value
    return tuple(value) if size == 32 else ()


def as_family(answer: ReplyRequest | None) -> tuple[int, tuple[int, ...]]:
    """A window's parent (0: none, or the window is gone) and its children, the lowest first."""
    if answer is None:
        return 0, ()
    return int(getattr(answer.parent, "id", 0)), tuple(child.id for child in answer.children)


def as_bytes(answer: ReplyRequest | None) -> bytes | None:
    """The bytes of a property's answer; None where there is no such property."""
    if answer is None or not answer.property_type or answer.value is None:
        return None
    size, value = answer.value
    return bytes(value) if size == 8 else None


def as_bounds(size: ReplyRequest | None, place: ReplyRequest | None) -> Bounds | None:
    """The rectangle of a window on the desktop; None where the window is gone."""
    if size is None or place is None:
        return None
    return Bounds(place.x, place.y, size.width, size.height)


def as_pid(answer: ReplyRequest | None) -> int:
    """The process id in an answer of the X-Resource extension, or 0."""
    for identity in answer.ids if answer is not None else ():
        if identity.value:
            return int(identity.value[0])
    return 0


def as_monitors(answer: ReplyRequest | None) -> list[tuple[int, Bounds]]:
    """Each monitor's name as an atom, and its rectangle."""
    rows = answer.monitors if answer is not None else ()
    return [(row.name, Bounds(row.x, row.y, row.width_in_pixels, row.height_in_pixels)) for row in rows]
