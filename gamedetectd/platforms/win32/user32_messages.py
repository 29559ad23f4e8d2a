"""Windows, user32.dll again: a window of our own, its messages, and what happens to the windows of others."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

WM_DESTROY = 0x0002
WM_CLOSE = 0x0010
WM_QUERYENDSESSION = 0x0011
WM_ENDSESSION = 0x0016
WM_TIMECHANGE = 0x001E
WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
WM_WORK = 0x8000
"""WM_APP: something is to be done in the window's thread."""
OVERLAPPED = 0
"""A top-level window, as only those are told of the end of the session; WS_VISIBLE is left out."""
DEVICE_NOTIFY_WINDOW = 0
OUT_OF_CONTEXT_NOT_OURS = 0x2
"""WINEVENT_OUTOFCONTEXT and WINEVENT_SKIPOWNPROCESS."""


class WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = (
        ("style", ctypes.c_uint32),
        ("procedure", ctypes.c_void_p),
        ("class_extra", ctypes.c_int32),
        ("window_extra", ctypes.c_int32),
        ("module", ctypes.c_void_p),
        ("icon", ctypes.c_void_p),
        ("cursor", ctypes.c_void_p),
        ("background", ctypes.c_void_p),
        ("menu", ctypes.c_wchar_p),
        ("name", ctypes.c_wchar_p),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "user32"
    Procedure = ctypes.WINFUNCTYPE(ctypes.c_ssize_t, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    """WNDPROC."""
    Happened = ctypes.WINFUNCTYPE(
        None,
        ctypes.c_void_p,
        wintypes.DWORD,
        wintypes.HWND,
        wintypes.LONG,
        wintypes.LONG,
        wintypes.DWORD,
        wintypes.DWORD,
    )
    """WINEVENTPROC: hook, event, window, object, child, thread, milliseconds."""

    def register_class(name: str, procedure: Callable[..., int], module: int) -> None:
        """Make a class of windows whose messages go to ``procedure`` (a ``Procedure``); raises OSError."""
        made = WindowClass(
            procedure=ctypes.cast(procedure, ctypes.c_void_p).value,  # type: ignore[arg-type]
            module=module,
            name=name,
        )
        register = function(_DLL, "RegisterClassW", wintypes.ATOM, ctypes.POINTER(WindowClass))
        if not register(ctypes.byref(made)):
            raise failed()

    def unregister_class(name: str, module: int) -> None:
        """Forget a class that has no window any more."""
        function(_DLL, "UnregisterClassW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.HINSTANCE)(name, module)

    def make_window(class_name: str, title: str, module: int) -> int:
        """A top-level window that is not shown; raises OSError."""
        create = function(
            _DLL,
            "CreateWindowExW",
            wintypes.HWND,
            wintypes.DWORD,
            wintypes.LPCWSTR,
            wintypes.LPCWSTR,
            wintypes.DWORD,
            *(ctypes.c_int,) * 4,
            wintypes.HWND,
            wintypes.HMENU,
            wintypes.HINSTANCE,
            wintypes.LPVOID,
        )
        made = create(0, class_name, title, OVERLAPPED, 0, 0, 0, 0, None, None, module, None)
        if not made:
            raise failed()
        return int(made)

    def destroy_window(window: int) -> None:
        """End a window of this thread."""
        function(_DLL, "DestroyWindow", wintypes.BOOL, wintypes.HWND)(window)

    def answer_as_usual(window: int, message: int, wparam: int, lparam: int) -> int:
        """What Windows itself answers to a message."""
        usual = function(
            _DLL,
            "DefWindowProcW",
            ctypes.c_ssize_t,
            wintypes.HWND,
            wintypes.UINT,
            wintypes.WPARAM,
            wintypes.LPARAM,
        )
        return int(usual(window, message, wparam, lparam))

    def post(window: int, message: int) -> None:
        """Put a message behind those that wait; for any thread. Raises OSError."""
        put = function(
            _DLL, "PostMessageW", wintypes.BOOL, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM
        )
        if not put(window, message, 0, 0):
            raise failed()

    def end_menu() -> None:
        """Close the menu that the calling thread shows, if any."""
        function(_DLL, "EndMenu", wintypes.BOOL)()

    def end_pump() -> None:
        """Have ``pump`` return, from inside it."""
        function(_DLL, "PostQuitMessage", None, ctypes.c_int)(0)

    def pump() -> None:
        """Deliver this thread's messages until ``end_pump``; raises OSError."""
        pointer = ctypes.POINTER(wintypes.MSG)
        take = function(_DLL, "GetMessageW", ctypes.c_int, pointer, wintypes.HWND, wintypes.UINT, wintypes.UINT)
        deliver = function(_DLL, "DispatchMessageW", ctypes.c_ssize_t, pointer)
        message = wintypes.MSG()
        while (took := take(ctypes.byref(message), None, 0, 0)) > 0:
            deliver(ctypes.byref(message))
        if took < 0:
            raise failed()

    def tell_of_sleep(window: int) -> int:
        """Have a window told of sleep on machines that never quite sleep too; returns a handle. Raises OSError."""
        register = function(_DLL, "RegisterSuspendResumeNotification", wintypes.HANDLE, wintypes.HANDLE, wintypes.DWORD)
        handle = register(window, DEVICE_NOTIFY_WINDOW)
        if not handle:
            raise failed()
        return int(handle)

    def tell_no_more_of_sleep(handle: int) -> None:
        """End that."""
        function(_DLL, "UnregisterSuspendResumeNotification", wintypes.BOOL, wintypes.HANDLE)(handle)

    def hook(first: int, last: int, happened: Callable[..., None], pid: int = 0) -> int:
        """Have ``happened`` (a ``Happened``) called in this thread, which must ``pump``, for events from ``first`` to
        ``last`` of a process, or of all. Raises OSError.
        """
        put = function(
            _DLL,
            "SetWinEventHook",
            wintypes.HANDLE,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.HMODULE,
            Happened,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.DWORD,
        )
        handle = put(first, last, None, happened, pid, 0, OUT_OF_CONTEXT_NOT_OURS)
        if not handle:
            raise failed()
        return int(handle)

    def unhook(handle: int) -> None:
        """End that; in the same thread."""
        function(_DLL, "UnhookWinEvent", wintypes.BOOL, wintypes.HANDLE)(handle)
