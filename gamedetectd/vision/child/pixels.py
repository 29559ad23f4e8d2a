"""Raw pixels of any form become the array that the eyes take; of a large window only those that they look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gamedetectd.platforms.capture.shown import BGRX, Form, Shown, Strip
from gamedetectd.vision.child.picture import SAMPLED, Pixels


def sampled(shown: Shown, least: int = SAMPLED) -> Pixels:
    """Every n-th pixel of every n-th row, so that the shorter side keeps ``least`` or more: (height, width, 3) BGR,
    or (height, width, 4) where it comes as BGRX, which is quicker left as it is.

    The eyes would take the same ones of the whole picture, for which 4K needs 33 MB. Raises NotShown.
    """
    step = max(1, min(shown.width, shown.height) // least)
    channels = 4 if _is_bgrx(shown.form) else 3
    made = np.empty((-(-shown.height // step), -(-shown.width // step), channels), np.uint8)
    for strip in shown.strips:
        first = -strip.top % step
        if first < strip.rows:
            rows = _rows(strip, shown.form, shown.width, slice(first, None, step), step)
            top = (strip.top + first) // step
            made[top : top + len(rows)] = rows
    return made


def _rows(strip: Strip, form: Form, width: int, which: slice, step: int) -> Pixels:
    """(rows, columns, 3 or 4) of a strip, every ``step``-th column of ``which`` rows."""
    rows = np.frombuffer(strip.data, np.uint8, strip.rows * form.stride).reshape(strip.rows, form.stride)
    if form.bits == 24:
        return rows[:, : 3 * width].reshape(strip.rows, width, 3)[which, ::step, ::-1]
    kind = np.dtype(f"{'<' if form.little else '>'}u{form.bits // 8}")
    return _bgr(rows[:, : width * kind.itemsize].view(kind)[which, ::step], form)


def _bgr(numbers: NDArray[np.unsignedinteger], form: Form) -> Pixels:
    """(rows, width) of numbers to (rows, width, 3 or 4); a colour of ten bits loses its two low ones."""
    if _is_bgrx(form):
        return np.ascontiguousarray(numbers).view(np.uint8).reshape(*numbers.shape, 4)
    return np.stack([_colour(numbers, mask) for mask in (form.blue, form.green, form.red)], axis=2)


def _is_bgrx(form: Form) -> bool:
    return form.little and form.bits == 32 and (form.red, form.green, form.blue) == BGRX


def _colour(numbers: NDArray[np.unsignedinteger], mask: int) -> Pixels:
    low = (mask & -mask).bit_length() - 1
    bits = (mask >> low).bit_length()
    value = (numbers.astype(np.uint32) & mask) >> low
    return ((value * 255 + (1 << bits >> 1)) // ((1 << bits) - 1)).astype(np.uint8)
