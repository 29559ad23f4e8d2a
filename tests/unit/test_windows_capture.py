"""A window's picture on Windows: its own surface, and what the screen shows of it. Of windows of this test's own."""

import ctypes
import sys
import time

import pytest

if sys.platform != "win32":
    pytest.skip("asks Windows for the picture of a window", allow_module_level=True)
pytest.importorskip("mss", reason="mss is not installed: it is a part of the vision extra")

from gamedetectd.platforms.capture import print_window
from gamedetectd.platforms.capture.shown import NotShown, Outcome
from gamedetectd.vision.child import capture_rectangle
from gamedetectd.vision.child.capture import Capture
from gamedetectd.vision.wire import AWindow

VISIBLE, POPUP = 0x1000_0000, 0x8000_0000
BLACK, WHITE = 4, 6
"""What a window of the class STATIC is filled with."""
MINIMISE, TOPMOST = 6, 8
WIDTH, HEIGHT = 400, 300

user32 = ctypes.WinDLL("user32")
user32.CreateWindowExW.restype = ctypes.c_void_p
user32.CreateWindowExW.argtypes = (
    *(ctypes.c_uint, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint),
    *(ctypes.c_int,) * 4,
    *(ctypes.c_void_p,) * 4,
)
for function in (user32.DestroyWindow, user32.UpdateWindow):
    function.argtypes = (ctypes.c_void_p,)
user32.ShowWindow.argtypes = (ctypes.c_void_p, ctypes.c_int)


def window(fill, x, y):
    made = user32.CreateWindowExW(
        TOPMOST, "STATIC", "", fill | POPUP | VISIBLE, x, y, WIDTH, HEIGHT, None, None, None, None
    )
    assert made
    return made


@pytest.fixture
def made():
    """A window that is white."""
    handle = window(WHITE, 100, 80)
    answer_messages()
    yield handle
    user32.DestroyWindow(handle)
    answer_messages()


def answer_messages(seconds=0.3):
    """What a program does to have its windows painted."""
    message = ctypes.create_string_buffer(64)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        while user32.PeekMessageW(message, None, 0, 0, 1):
            user32.DispatchMessageW(message)
        time.sleep(0.01)


def colours(shown):
    """Every colour that is in it, as blue, green, red."""
    assert (shown.width, shown.height, shown.form.bits, shown.form.stride) == (WIDTH, HEIGHT, 32, 4 * WIDTH)
    data = b"".join(bytes(strip.data) for strip in shown.strips)
    assert len(data) == 4 * WIDTH * HEIGHT
    return {data[place : place + 3] for place in range(0, len(data), 4)}


@pytest.mark.parametrize("way", [print_window, capture_rectangle], ids=["its own surface", "what the screen shows"])
def test_a_window(made, way):
    assert colours(way.show(made)) == {b"\xff\xff\xff"}


def test_what_the_eyes_take(made):
    taken = Capture().picture(AWindow(made))
    assert (taken.size, taken.way) == ((WIDTH, HEIGHT), print_window.WAY)


def test_a_surface_with_nothing_on_it_is_looked_for_on_the_screen(made, monkeypatch):
    monkeypatch.setattr(print_window.user32, "print_window", lambda _handle, _context: True)
    taken = Capture().picture(AWindow(made))
    assert (taken.size, taken.way) == ((WIDTH, HEIGHT), capture_rectangle.WAY)


def test_a_window_below_another_has_its_own_surface_alone(made):
    above = window(BLACK, 150, 100)
    answer_messages()
    try:
        assert colours(print_window.show(made)) == {b"\xff\xff\xff"}
        with pytest.raises(NotShown) as told:
            capture_rectangle.show(made)
        assert told.value.outcome is Outcome.OVERLAPPED
    finally:
        user32.DestroyWindow(above)


def test_what_shows_nothing(made):
    user32.ShowWindow(made, MINIMISE)
    answer_messages()
    with pytest.raises(NotShown) as told:
        print_window.show(made)
    assert told.value.outcome is Outcome.MINIMISED
    with pytest.raises(NotShown) as told:
        print_window.show(0x7FFF_0000)
    assert told.value.outcome is Outcome.GONE
