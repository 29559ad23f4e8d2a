"""Windows, user32.dll: what windows there are and what they look like, and when input was last given."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GWL_STYLE, GWL_EXSTYLE = -16, -20
STYLE_CAPTION = 0x00C00000
STYLE_VISIBLE = 0x10000000
EXSTYLE_TOOL_WINDOW = 0x00000080
MONITOR_DEFAULT_TO_NEAREST = 2
PER_MONITOR_AWARE_V2 = -4
PRINT_CLIENT_ONLY, PRINT_FULL_CONTENT = 1, 2
LONGEST_TITLE = 4096
LONGEST_CLASS = 257
Rectangle = tuple[int, int, int, int]
"""Left, top, right and bottom in px."""


class LastInput(ctypes.Structure):
    """LASTINPUTINFO."""

    _fields_ = (("size", ctypes.c_uint32), ("ticks", ctypes.c_uint32))


class MonitorInfo(ctypes.Structure):
    """MONITORINFOEXW."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("area", ctypes.c_int32 * 4),
        ("work_area", ctypes.c_int32 * 4),
        ("flags", ctypes.c_uint32),
        ("device", ctypes.c_wchar * 32),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "user32"
    Seen = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
    """WNDENUMPROC: False ends the listing."""

    def foreground() -> int:
        """The window the person works with; 0 while there is none, and on the desktop that asks for passwords."""
        return int(function(_DLL, "GetForegroundWindow", wintypes.HWND)() or 0)

    def exists(window: int) -> bool:
        """False once a window is gone; its number may then be another's."""
        return bool(function(_DLL, "IsWindow", wintypes.BOOL, wintypes.HWND)(window))

    def visible(window: int) -> bool:
        """True for a window that is shown, if only minimised."""
        return bool(function(_DLL, "IsWindowVisible", wintypes.BOOL, wintypes.HWND)(window))

    def minimised(window: int) -> bool:
        """True for a window that is only in the task bar."""
        return bool(function(_DLL, "IsIconic", wintypes.BOOL, wintypes.HWND)(window))

    def maximised(window: int) -> bool:
        """True for a window that fills its monitor as windows do, with what belongs to one."""
        return bool(function(_DLL, "IsZoomed", wintypes.BOOL, wintypes.HWND)(window))

    def style(window: int, which: int = GWL_STYLE) -> int:
        """The bits of WS_ or of WS_EX_."""
        return int(function(_DLL, "GetWindowLongW", wintypes.LONG, wintypes.HWND, ctypes.c_int)(window, which))

    def title(window: int) -> str:
        """What is in the title bar. Asks Windows and not the program, so that one that hangs does not hold us up."""
        return _text("GetWindowTextW", window, LONGEST_TITLE + 1)

    def class_name(window: int) -> str:
        """The name of the window's class."""
        return _text("GetClassNameW", window, LONGEST_CLASS)

    def owner(window: int) -> int:
        """The pid of the process whose window it is; 0 where it is gone."""
        pid = wintypes.DWORD()
        ask = function(_DLL, "GetWindowThreadProcessId", wintypes.DWORD, wintypes.HWND, ctypes.POINTER(wintypes.DWORD))
        ask(window, ctypes.byref(pid))
        return pid.value

    def bounds(window: int) -> Rectangle | None:
        """The whole window with its borders, the invisible ones too; None where it is gone."""
        found = wintypes.RECT()
        ask = function(_DLL, "GetWindowRect", wintypes.BOOL, wintypes.HWND, ctypes.POINTER(wintypes.RECT))
        return (found.left, found.top, found.right, found.bottom) if ask(window, ctypes.byref(found)) else None

    def inner_bounds(window: int) -> Rectangle | None:
        """What the program itself paints; None where the window is gone."""
        found, corner = wintypes.RECT(), wintypes.POINT()
        ask = function(_DLL, "GetClientRect", wintypes.BOOL, wintypes.HWND, ctypes.POINTER(wintypes.RECT))
        place = function(_DLL, "ClientToScreen", wintypes.BOOL, wintypes.HWND, ctypes.POINTER(wintypes.POINT))
        if not ask(window, ctypes.byref(found)) or not place(window, ctypes.byref(corner)):
            return None
        return corner.x, corner.y, corner.x + found.right, corner.y + found.bottom

    def monitor(window: int) -> tuple[str, Rectangle] | None:
        """The name and the area of the monitor that shows most of a window; None where there is none."""
        nearest = function(_DLL, "MonitorFromWindow", wintypes.HMONITOR, wintypes.HWND, wintypes.DWORD)
        ask = function(_DLL, "GetMonitorInfoW", wintypes.BOOL, wintypes.HMONITOR, ctypes.POINTER(MonitorInfo))
        found = MonitorInfo()
        found.size = ctypes.sizeof(found)
        if not ask(nearest(window, MONITOR_DEFAULT_TO_NEAREST), ctypes.byref(found)):
            return None
        left, top, right, bottom = found.area
        return found.device, (left, top, right, bottom)

    def print_window(window: int, context: int) -> bool:
        """Have what the program itself paints drawn into a device context, also what is not on the screen."""
        draw = function(_DLL, "PrintWindow", wintypes.BOOL, wintypes.HWND, wintypes.HDC, wintypes.UINT)
        return bool(draw(window, context, PRINT_CLIENT_ONLY | PRINT_FULL_CONTENT))

    def kept_from_others(window: int) -> bool:
        """True for a window whose program has Windows leave it out of pictures."""
        affinity = wintypes.DWORD()
        ask = function(_DLL, "GetWindowDisplayAffinity", wintypes.BOOL, wintypes.HWND, ctypes.POINTER(wintypes.DWORD))
        return bool(ask(window, ctypes.byref(affinity)) and affinity.value)

    def top_windows() -> list[int]:
        """Every top-level window, the foremost first."""
        found: list[int] = []
        _each("EnumWindows", (), found.append)
        return found

    def inner_windows(window: int) -> list[int]:
        """Every window inside another one."""
        found: list[int] = []
        _each("EnumChildWindows", (window,), found.append)
        return found

    @contextmanager
    def real_pixels() -> Iterator[None]:
        """Inside, this thread is told places and sizes as every monitor has them, not scaled for old programs.

        Before Windows 10 (1607) nothing changes.
        """
        try:
            switch = function(_DLL, "SetThreadDpiAwarenessContext", ctypes.c_void_p, ctypes.c_void_p)
        except OSError:
            yield
            return
        before = switch(PER_MONITOR_AWARE_V2)
        try:
            yield
        finally:
            if before:
                switch(before)

    def last_input() -> int:
        """When keyboard or mouse were last used in this session, on the clock of ``kernel32.ticks``; raises OSError."""
        found = LastInput(size=ctypes.sizeof(LastInput))
        if not function(_DLL, "GetLastInputInfo", wintypes.BOOL, ctypes.POINTER(LastInput))(ctypes.byref(found)):
            raise failed()
        return int(found.ticks)

    def _text(name: str, window: int, room: int) -> str:
        buffer = ctypes.create_unicode_buffer(room)
        function(_DLL, name, ctypes.c_int, wintypes.HWND, wintypes.LPWSTR, ctypes.c_int)(window, buffer, room)
        return buffer.value

    def _each(name: str, arguments: tuple[int, ...], seen: Callable[[int], None]) -> None:
        def step(window: int | None, _nothing: int) -> bool:
            seen(window or 0)
            return True

        kinds = (wintypes.HWND,) * len(arguments)
        function(_DLL, name, wintypes.BOOL, *kinds, Seen, wintypes.LPARAM)(*arguments, Seen(step), 0)
