"""The window in front out of the screen cast of GNOME's own portal, which a person allowed by the keys of its dialog.

GNOME is a large installation, so that this is for the full run: apt-get install --no-install-recommends gnome-shell
xdg-desktop-portal-gnome pipewire wireplumber gstreamer1.0-tools gstreamer1.0-pipewire gstreamer1.0-plugins-base
"""

import os
import stat
import sys
import threading

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_daemon import RealDaemon
from real_desktops import Gnome, enter
from real_portal import Person, Portal
from real_programs import eventually, find_program
from real_vision import insist_on_vision

from gamedetectd.paths import Paths
from gamedetectd.platforms.capture import cast_tokens
from gamedetectd.platforms.capture.cast_leave import Leave
from gamedetectd.platforms.capture.portal import WAY, ask
from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.platforms.dbus.session_bus import SessionBus
from gamedetectd.platforms.windows import gnome, gnome_extension
from gamedetectd.platforms.windows.listing import foreground
from gamedetectd.vision.wire import AWindow

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(180)]

SET = "sbsa{sas}v"
RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
COLOURED = """
import sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
title, colour, width, height, full = sys.argv[1:]
style = Gtk.CssProvider()
style.load_from_data(f"window {{ background: {colour}; }}".encode())

window = Gtk.Window(title=title, decorated=False)
window.set_default_size(int(width), int(height))
window.get_style_context().add_provider(style, 800)
window.show_all()
if full == "full":
    window.fullscreen()
Gtk.main()
"""


@pytest.fixture
def session(spawn, monkeypatch, tmp_path):
    find_program("gnome-shell")
    find_program("gst-launch-1.0")
    session = Gnome(spawn)
    enter(session, monkeypatch)
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    yield session
    session.stop()


@pytest.fixture
def portal(session, monkeypatch, request):
    assert gnome_extension.install().switched_on
    portal = Portal(session).pipewire()
    session.start(getattr(request, "param", ("1280x720",)))
    enter(session, monkeypatch)
    eventually(lambda: gnome.why_not() is None, 30, lambda: session.log.read_text()[-3000:])
    session.leave_overview()
    return portal.portal()


@pytest.fixture
def person(portal, session):
    person = Person(session)
    yield person
    person.leaves()


@pytest.fixture
def leave(session):
    return Leave.below(Paths.resolve().data)


@pytest.fixture
def capture(session):
    with_eyes = new_capture()
    yield with_eyes
    with_eyes.close()


def new_capture():
    insist_on_vision()
    from gamedetectd.vision.child.capture import Capture

    return Capture()


def coloured(session, title, colour, size=(400, 300), full=""):
    session.client("/usr/bin/python3", "-c", COLOURED, title, colour, *map(str, size), full)
    return in_front(title)


def in_front(title):
    def look():
        window = foreground()
        return window if window is not None and window.title == title and window.bounds is not None else None

    return eventually(look, 30, lambda: f"{title} in front instead of {foreground()}")


def looked(capture, window):
    """The picture; where there is none, why in one line."""
    try:
        return capture.picture(AWindow(window.handle, window.pid))
    except NotShown as reason:
        return f"{reason.outcome}: {reason}"


def allowed(person, leave, answer):
    """Have the person asked; what came of it."""
    said = []

    def asking():
        try:
            ask(leave)
            said.append("allowed")
        except NotShown as reason:
            said.append(f"{reason.outcome}: {reason}")

    thread = threading.Thread(target=asking, daemon=True)
    thread.start()
    in_front("Screen Share")
    answer()
    thread.join(30)
    return said[0]


def is_of(shot, colour):
    """Every pixel that the eyes get is of that colour (blue, green, red)."""
    return not isinstance(shot, str) and bool((abs(shot.pixels.astype(int) - colour) <= 2).all())


def processor_of_children(action, rounds):
    """Seconds of the processor that what was started and ended took, for one round."""
    before = os.times()
    for _ in range(rounds):
        action()
    after = os.times()
    return (after.children_user + after.children_system - before.children_user - before.children_system) / rounds


def red_shown(capture, red):
    """A picture in which GNOME's own notifications do not lie over the window any more."""
    seen = [None]

    def shown():
        seen[0] = looked(capture, red)
        return is_of(seen[0], RED)

    eventually(shown, 30, lambda: f"nothing but red: {seen}")
    return seen[0]


def store(method, signature, *body):
    bus = SessionBus.open()
    try:
        return bus.call(cast_tokens.STORE, cast_tokens.PLACE, cast_tokens.STORE, method, signature, *body)
    finally:
        bus.close()


def test_the_window_in_front_is_cut_out_once_the_person_allowed_it(portal, person, session, capture, leave):
    red = coloured(session, "red", "#ff0000")
    assert looked(capture, red).startswith("denied: This desktop shows the screen only to whom you allow it")
    assert foreground().handle == red.handle, "no dialog came up"
    assert allowed(person, leave, person.allows) == "allowed"
    assert stat.S_IMODE((Paths.resolve().data / "vision" / "screen-leave").stat().st_mode) == 0o600
    assert "You did not allow it" in allowed(person, leave, person.refuses)
    red = in_front("red")
    shot = red_shown(capture, red)
    assert (shot.size, shot.way) == ((red.bounds.width, red.bounds.height), WAY)
    took = processor_of_children(lambda: looked(capture, red), rounds=5)
    print(f"one more frame: {1000 * took:.0f} ms of the processor for gst-launch")
    capture.close()
    assert is_of(looked(capture, red), RED), "the leave lasts, and no dialog is in the way"
    assert foreground().handle == red.handle
    coloured(session, "large", "#00ff00", (1200, 640))
    assert "only the window in the foreground" in looked(capture, red)
    eventually(lambda: is_of(looked(capture, in_front("large")), GREEN), 30, "green over all that lies below it")
    coloured(session, "full", "#0000ff", full="full")
    full = eventually(lambda: (seen := in_front("full")).fullscreen and seen, 30, "full screen")
    eventually(lambda: is_of(looked(capture, full), BLUE), 30, "nothing but blue")


def test_the_daemon_asks_and_the_child_within_its_limits_looks(portal, person, session, tmp_path):
    insist_on_vision()
    session.client("gnome-mines")
    in_front("Mines")
    with RealDaemon(tmp_path / "home") as daemon:
        before = daemon.run("vision", "test", "--window", "--frames", "1")
        assert "gamedetectd vision allow" in before.stdout + before.stderr
        done = in_background(lambda: daemon.run("vision", "allow", timeout=90))
        in_front("Screen Share")
        person.allows()
        assert "The screen may be seen" in eventually(lambda: done and done[0], 60, "the answer").stdout
        in_front("Mines")
        seen = daemon.run("vision", "test", "--window", "--frames", "2", timeout=90)
        assert WAY in seen.stdout, seen
        assert not list(tmp_path.rglob("*.png"))
        assert daemon.run("vision", "allow", "--revoke").returncode == 0
        after = daemon.run("vision", "test", "--window", "--frames", "1")
        assert "gamedetectd vision allow" in after.stdout + after.stderr


@pytest.mark.parametrize("portal", [("1280x720", "800x600")], indirect=True, ids=["two monitors"])
def test_of_two_monitors_only_the_one_that_was_allowed_is_seen(portal, person, session, capture, leave):
    assert allowed(person, leave, person.allows_the_second) == "allowed"
    red = coloured(session, "red", "#ff0000")
    assert "on a monitor that you did not allow" in looked(capture, red)
    person.moves_the_window_right()
    moved = eventually(lambda: (seen := in_front("red")).bounds.x >= 1280 and seen, 30, "the window on the second")
    assert red_shown(capture, moved).size == (400, 300)


def in_background(action):
    """What it returned, in a list that is empty until then."""
    done = []
    threading.Thread(target=lambda: done.append(action()), daemon=True).start()
    return done


def test_a_leave_that_does_not_do_any_more_brings_up_no_dialog_twice(portal, person, session, capture, leave):
    red = coloured(session, "red", "#ff0000")
    assert allowed(person, leave, person.allows) == "allowed"
    red_shown(capture, in_front("red"))
    capture.close()
    token = leave.read()
    _, kept = store("Lookup", "ss", cast_tokens.TABLE, token)
    store("Set", SET, cast_tokens.TABLE, True, token, {"org.gnome.Terminal": ["yes"]}, kept)
    assert looked(capture, red).startswith("denied: You allowed it to gamedetectd as it was started then")
    store("Delete", "ss", cast_tokens.TABLE, token)
    assert looked(capture, red).startswith("denied: The desktop does not know the leave")
    kept = ("(suv)", ("another desktop", 1, ("s", "")))
    store("Set", SET, cast_tokens.TABLE, True, token, {"": ["yes"]}, kept)
    assert looked(capture, in_front("red")).startswith("denied: Nobody answered"), "GNOME asked for all that"
    in_front("red")
    assert leave.read() == ""
    assert looked(capture, red).startswith("denied: This desktop shows the screen only to whom you allow it")
    assert foreground().handle == red.handle
