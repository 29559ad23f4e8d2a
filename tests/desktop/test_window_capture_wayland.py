"""Windows on a real sway: the one in front by grim, X11 programs by Xwayland, or a word why not."""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_programs import eventually
from real_sway import Sway
from real_vision import insist_on_vision

from gamedetectd.platforms.windows.listing import foreground
from gamedetectd.vision.wire import AWindow

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(90)]


@pytest.fixture
def capture():
    insist_on_vision()
    from gamedetectd.vision.child.capture import Capture

    capturing = Capture()
    yield capturing
    capturing.close()


def looked(capture, window):
    from gamedetectd.platforms.capture.shown import NotShown

    bounds = window.bounds
    try:
        return capture.picture(AWindow(window.handle, window.pid, (bounds.x, bounds.y, bounds.width, bounds.height)))
    except NotShown as reason:
        return reason.outcome


def in_front(title):
    def look():
        window = foreground()
        return window if window is not None and window.title == title else None

    return eventually(look, 30, f"{title} in front")


def test_the_window_in_front_is_cut_out_and_no_other(sway_session, capture):
    red = ("-o", "colors.background=ff0000", "-o", "colors.alpha=1.0", "-o", "cursor.color=ff0000 ff0000")
    sway_session.client("foot", "-T", "red", *red)
    window = in_front("red")

    def shown():
        shot = looked(capture, window)
        return shot if not isinstance(shot, str) and "grim" in shot.way and shot.pixels[-1, -1, 2] > 200 else None

    shot = eventually(shown, 30, "a red picture")
    assert shot.size == (window.bounds.width, window.bounds.height)
    assert shot.pixels[-1, -1].tolist()[:2] == [0, 0]
    sway_session.client("foot", "-T", "over", "-w", "300x200")
    over = in_front("over")
    assert looked(capture, window) == "cannot", "only what is in front"
    sway_session.command(f"[con_id={over.handle}] floating enable")
    sway_session.command(f"[con_id={window.handle}] focus")
    eventually(lambda: foreground().handle == window.handle, 30, "the focus")
    assert looked(capture, foreground()) == "overlapped"


def test_without_grim_it_says_what_to_install(sway_session, capture, monkeypatch):
    from gamedetectd.platforms.capture import grim
    from gamedetectd.platforms.capture.shown import NotShown

    sway_session.client("foot", "-T", "one")
    window = in_front("one")
    monkeypatch.setattr(grim, "PROGRAM", "no-such-program")
    with pytest.raises(NotShown, match="install grim"):
        grim.show(window.handle)
    monkeypatch.setattr(grim, "PROGRAM", "false")
    with pytest.raises(NotShown, match="does not show the screen"):
        grim.show(window.handle)


def test_an_x11_program_is_captured_by_its_own_surface(spawn, monkeypatch, capture):
    sway = Sway(spawn, xwayland=True).start()
    try:
        for name, value in sway.env.items():
            monkeypatch.setenv(name, value)
        sway.client("gnome-mines", GSETTINGS_BACKEND="memory", x11=True)
        window = in_front("Mines")
        sway.client("foot", "-T", "over")
        in_front("over")

        def shown():
            shot = looked(capture, window)
            return shot if not isinstance(shot, str) and len({*shot.pixels[..., :3].ravel().tolist()}) > 20 else None

        assert "XComposite" in eventually(shown, 30, "a picture of Mines").way
    finally:
        sway.stop()
