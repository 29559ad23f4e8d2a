"""Windows, gdi32.dll: a picture in memory that a window can be drawn into."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class BitmapInfo(ctypes.Structure):
    """BITMAPINFOHEADER, and no colour table. A negative height has the upper row first."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("planes", ctypes.c_uint16),
        ("bits", ctypes.c_uint16),
        ("compression", ctypes.c_uint32),
        ("image_size", ctypes.c_uint32),
        ("x_pixels", ctypes.c_int32),
        ("y_pixels", ctypes.c_int32),
        ("used", ctypes.c_uint32),
        ("important", ctypes.c_uint32),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "gdi32"

    @contextmanager
    def canvas(width: int, height: int) -> Iterator[tuple[int, memoryview]]:
        """A device context that draws into memory, and that memory: blue, green, red, nothing. Raises OSError."""
        make = function(_DLL, "CreateCompatibleDC", wintypes.HDC, wintypes.HDC)
        context = make(None)
        if not context:
            raise failed()
        info = BitmapInfo(size=ctypes.sizeof(BitmapInfo), width=width, height=-height, planes=1, bits=32)
        bits = ctypes.c_void_p()
        section = function(
            _DLL,
            "CreateDIBSection",
            wintypes.HBITMAP,
            wintypes.HDC,
            ctypes.POINTER(BitmapInfo),
            wintypes.UINT,
            ctypes.POINTER(ctypes.c_void_p),
            wintypes.HANDLE,
            wintypes.DWORD,
        )
        bitmap = section(context, ctypes.byref(info), 0, ctypes.byref(bits), None, 0)
        select = function(_DLL, "SelectObject", wintypes.HGDIOBJ, wintypes.HDC, wintypes.HGDIOBJ)
        try:
            if not bitmap or not bits.value:
                raise failed()
            before = select(context, bitmap)
            pixels = memoryview((ctypes.c_char * (4 * width * height)).from_address(bits.value)).cast("B")
            try:
                yield context, pixels
            finally:
                pixels.release()
                select(context, before)
        finally:
            if bitmap:
                function(_DLL, "DeleteObject", wintypes.BOOL, wintypes.HGDIOBJ)(bitmap)
            function(_DLL, "DeleteDC", wintypes.BOOL, wintypes.HDC)(context)

    def flush() -> None:
        """Have everything drawn that was asked for."""
        function(_DLL, "GdiFlush", wintypes.BOOL)()
