"""How an X server lays out pixels, which differs by a window's depth and visual and is asked for once.

Source: X11R7.7 protocol, connection setup (FORMAT, DEPTH, VISUALTYPE).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamedetectd.platforms.capture.shown import Form, NotShown, Outcome

if TYPE_CHECKING:
    from Xlib.display import Display


@dataclass(frozen=True, slots=True)
class Layout:
    """The bits of a pixel, to how many bits a row is filled, and the masks of its colours."""

    bits: int
    pad: int
    masks: tuple[int, int, int]
    little: bool

    def form(self, width: int) -> Form:
        """Of rows of that many px."""
        stride = -(-width * self.bits // self.pad) * self.pad // 8
        return Form(self.bits, stride, *self.masks, self.little)


def layout(display: Display, depth: int, visual: int) -> Layout:
    """Of a window's pixels. Raises NotShown for those that are numbers of a colour table."""
    info = display.display.info
    kind = next(one for one in info.pixmap_formats if one.depth == depth)
    visuals = [one for each in display.screen().allowed_depths for one in each.visuals if one.visual_id == visual]
    if kind.bits_per_pixel not in (16, 32) or not visuals or not visuals[0].red_mask:
        raise NotShown(Outcome.CANNOT, f"The window has colours of {depth} bits, which are not read here.")
    masks = visuals[0].red_mask, visuals[0].green_mask, visuals[0].blue_mask
    return Layout(kind.bits_per_pixel, kind.scanline_pad, masks, info.image_byte_order == 0)
