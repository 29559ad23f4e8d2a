"""CoreGraphics of macOS by ctypes: the picture of one window, whatever lies over it.

``CGWindowListCreateImage`` (Quartz Window Services): https://developer.apple.com/documentation/coregraphics.
Apple calls it deprecated since macOS 14; where a macOS has it no longer, there is no picture.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gamedetectd.platforms.mac import core_graphics
from gamedetectd.platforms.mac.core_graphics import Rectangle

ONLY_THIS_WINDOW = 1 << 3
"""kCGWindowListOptionIncludingWindow"""
WITHOUT_SHADOW, ONE_TO_A_POINT = 1 << 0, 1 << 4
"""kCGWindowImageBoundsIgnoreFraming, kCGWindowImageNominalResolution"""
LITTLE, ORDER = 2 << 12, 7 << 12
"""kCGBitmapByteOrder32Little, kCGBitmapByteOrderMask"""
WHATEVER_IT_TAKES = Rectangle(float("inf"), float("inf"), 0.0, 0.0)
"""CGRectNull: as large as the window."""


@contextmanager
def image(window: int) -> Iterator[tuple[int, int, int, int, bool, memoryview] | None]:
    """Width, height and bytes from row to row in px, bits a pixel, whether the low byte is first, and the bytes.

    None where the window is gone or may not be seen. Raises OSError where this macOS has no such function.
    """
    graphics, foundation = _graphics(), _foundation()
    picture = graphics.CGWindowListCreateImage(
        WHATEVER_IT_TAKES, ONLY_THIS_WINDOW, window, WITHOUT_SHADOW | ONE_TO_A_POINT
    )
    data = graphics.CGDataProviderCopyData(graphics.CGImageGetDataProvider(picture)) if picture else None
    try:
        if not data:
            yield None
            return
        length = foundation.CFDataGetLength(data)
        content = (ctypes.c_char * length).from_address(foundation.CFDataGetBytePtr(data))
        little = graphics.CGImageGetBitmapInfo(picture) & ORDER == LITTLE
        sizes = (graphics.CGImageGetWidth(picture), graphics.CGImageGetHeight(picture))
        rows = (graphics.CGImageGetBytesPerRow(picture), graphics.CGImageGetBitsPerPixel(picture))
        yield (*sizes, *rows, little, memoryview(content).cast("B"))
    finally:
        for one in (data, picture):
            if one:
                foundation.CFRelease(one)


@functools.cache
def _graphics() -> Any:
    library: Any = ctypes.CDLL(core_graphics.GRAPHICS)
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    signatures: tuple[tuple[str, list[Any], Any], ...] = (
        ("CGWindowListCreateImage", [Rectangle, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32], pointer),
        ("CGImageGetDataProvider", [pointer], pointer),
        ("CGDataProviderCopyData", [pointer], pointer),
        ("CGImageGetWidth", [pointer], size),
        ("CGImageGetHeight", [pointer], size),
        ("CGImageGetBytesPerRow", [pointer], size),
        ("CGImageGetBitsPerPixel", [pointer], size),
        ("CGImageGetBitmapInfo", [pointer], ctypes.c_uint32),
    )
    return _signed(library, signatures)


@functools.cache
def _foundation() -> Any:
    pointer = ctypes.c_void_p
    signatures: tuple[tuple[str, list[Any], Any], ...] = (
        ("CFDataGetBytePtr", [pointer], pointer),
        ("CFDataGetLength", [pointer], ctypes.c_long),
        ("CFRelease", [pointer], None),
    )
    return _signed(ctypes.CDLL(core_graphics.FOUNDATION), signatures)


def _signed(library: Any, signatures: tuple[tuple[str, list[Any], Any], ...]) -> Any:
    for name, arguments, result in signatures:
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise OSError(f"this macOS has no {name}") from error
        function.argtypes, function.restype = arguments, result
    return library
