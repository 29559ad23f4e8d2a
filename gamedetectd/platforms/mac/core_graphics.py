"""CoreGraphics of macOS by ctypes: the list of windows, the displays, the last input, the leave to see the screen.

Without pyobjc, whose objects need the pool of a run loop's thread: these calls are made in threads that have none. The
list of windows comes as a property list, which both sides can read. Signatures and keys:
https://developer.apple.com/documentation/coregraphics (Quartz Window Services, Quartz Display Services)
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Mapping, Sequence
from typing import Any

GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
"""Since macOS 11 no files, but names that the dynamic loader knows."""

ALL_WINDOWS, ON_SCREEN_ONLY, WITHOUT_DESKTOP = 0, 1, 1 << 4
"""kCGWindowListOption…; on the screen, the list runs from front to back."""
NO_WINDOW = 0
BINARY_FORMAT = 200
"""kCFPropertyListBinaryFormat_v1_0"""
HARDWARE = 1
"""kCGEventSourceStateHIDSystemState: what people do, not what programs make up."""
ANY_INPUT = 0xFFFFFFFF
"""kCGAnyInputEventType"""
MOST_DISPLAYS = 32

Row = Mapping[str, object]
"""What the system says of one window, by Apple's keys."""


class Rectangle(ctypes.Structure):
    """CGRect, in points; the origin of all displays is the upper left corner of the main one."""

    _fields_ = (
        ("x", ctypes.c_double),
        ("y", ctypes.c_double),
        ("width", ctypes.c_double),
        ("height", ctypes.c_double),
    )


def window_rows(options: int = ON_SCREEN_ONLY | WITHOUT_DESKTOP) -> Sequence[Row]:
    """The windows of this login; empty where there is none, as over ssh. Raises OSError where it cannot be asked.

    ``kCGWindowName`` is there for our own windows only, unless we may record the screen.
    """
    import plistlib

    graphics, foundation = _graphics(), _foundation()
    array = graphics.CGWindowListCopyWindowInfo(options, NO_WINDOW)
    if not array:
        return ()
    try:
        data = foundation.CFPropertyListCreateData(None, array, BINARY_FORMAT, 0, None)
    finally:
        foundation.CFRelease(array)
    if not data:
        raise OSError("the list of windows is no property list")
    try:
        content = ctypes.string_at(foundation.CFDataGetBytePtr(data), foundation.CFDataGetLength(data))
    finally:
        foundation.CFRelease(data)
    try:
        rows = plistlib.loads(content)
    except (ValueError, LookupError, TypeError, OverflowError) as error:  # plistlib has no error of its own
        raise OSError(f"the list of windows cannot be read ({error})") from error
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else ()


def displays() -> list[tuple[int, Rectangle]]:
    """The displays in use with their places, the main one first. Raises OSError where they cannot be asked for."""
    graphics = _graphics()
    numbers, count = (ctypes.c_uint32 * MOST_DISPLAYS)(), ctypes.c_uint32()
    failure = graphics.CGGetActiveDisplayList(MOST_DISPLAYS, numbers, ctypes.byref(count))
    if failure:
        raise OSError(f"the displays are not told (CGError {failure})")
    return [(number, graphics.CGDisplayBounds(number)) for number in numbers[: count.value]]


def seconds_since_input() -> float:
    """How long ago keyboard, mouse or trackpad were last used in this login. Raises OSError."""
    return float(_graphics().CGEventSourceSecondsSinceLastEventType(HARDWARE, ANY_INPUT))


def may_record_screen() -> bool | None:
    """Whether this process may see the screen and other programs' window titles; nobody is asked for it.

    None before macOS 10.15, where everybody may. Raises OSError.
    """
    preflight = getattr(_graphics(), "CGPreflightScreenCaptureAccess", None)
    return None if preflight is None else bool(preflight())


def ask_to_record_screen() -> bool | None:
    """Have macOS ask the person, which it does once for each program; whether we may now, None as above.

    It does not wait for the answer, of which a process may learn only when it is started again. Raises OSError.
    """
    request = getattr(_graphics(), "CGRequestScreenCaptureAccess", None)
    return None if request is None else bool(request())


@functools.cache
def _graphics() -> Any:
    library: Any = ctypes.CDLL(GRAPHICS)
    signatures: tuple[tuple[str, list[Any], Any], ...] = (
        ("CGWindowListCopyWindowInfo", [ctypes.c_uint32, ctypes.c_uint32], ctypes.c_void_p),
        (
            "CGGetActiveDisplayList",
            [ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32), ctypes.POINTER(ctypes.c_uint32)],
            ctypes.c_int32,
        ),
        ("CGDisplayBounds", [ctypes.c_uint32], Rectangle),
        ("CGEventSourceSecondsSinceLastEventType", [ctypes.c_int32, ctypes.c_uint32], ctypes.c_double),
        ("CGPreflightScreenCaptureAccess", [], ctypes.c_bool),
        ("CGRequestScreenCaptureAccess", [], ctypes.c_bool),
    )
    return _signed(library, signatures)


@functools.cache
def _foundation() -> Any:
    library: Any = ctypes.CDLL(FOUNDATION)
    signatures: tuple[tuple[str, list[Any], Any], ...] = (
        (
            "CFPropertyListCreateData",
            [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long, ctypes.c_ulong, ctypes.c_void_p],
            ctypes.c_void_p,
        ),
        ("CFDataGetBytePtr", [ctypes.c_void_p], ctypes.c_void_p),
        ("CFDataGetLength", [ctypes.c_void_p], ctypes.c_long),
        ("CFRelease", [ctypes.c_void_p], None),
    )
    return _signed(library, signatures)


def _signed(library: Any, signatures: Sequence[tuple[str, list[Any], Any]]) -> Any:
    """The library with its functions' types told; what an older system lacks stays away."""
    for name, arguments, result in signatures:
        function = getattr(library, name, None)
        if function is not None:
            function.argtypes, function.restype = arguments, result
    return library
