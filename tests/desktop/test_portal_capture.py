"""The window in front out of the screen cast of GNOME's and KDE's own portals, whose dialog a person answers.

KWin 5.27 begins casts of its virtual screen and sends no picture (its ``virtual_egl_backend.cpp`` tells nobody of what
it draws, and has no texture to copy), so that on KDE all is tried but a monitor's pixels: the dialog, the leave, the
stream, and the pixels of a window, which it does send.

Both are large installations, so that this is for the full run: apt-get install --no-install-recommends gnome-shell
xdg-desktop-portal-gnome pipewire wireplumber gstreamer1.0-tools gstreamer1.0-pipewire gstreamer1.0-plugins-base;
kwin-wayland xdg-desktop-portal-kde plasma-workspace qml-module-org-kde-pipewire qml-module-org-kde-kirigami2 qtwayland5
"""

import json
import os
import stat
import struct
import sys
import threading
import uuid
from contextlib import closing

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_daemon import RealDaemon
from real_desktops import Gnome, Kwin, enter
from real_portal import Person, PersonAtKde, Portal
from real_programs import eventually, find_program
from real_vision import insist_on_vision

from gamedetectd.domain import Bounds
from gamedetectd.paths import Paths
from gamedetectd.platforms.capture import cast, cast_tokens, gstreamer
from gamedetectd.platforms.capture.cast_leave import Leave
from gamedetectd.platforms.capture.monitors import Monitor, monitors
from gamedetectd.platforms.capture.portal import WAY, ask
from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.platforms.dbus.session_bus import SessionBus
from gamedetectd.platforms.windows import gnome, gnome_extension, kwin
from gamedetectd.platforms.windows.listing import foreground
from gamedetectd.platforms.windows.told import read
from gamedetectd.vision.wire import AWindow

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(180)]

SET = "sbsa{sas}v"
RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
COLOURED = """
import sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk
title, colour, width, height, full = sys.argv[1:]
style = Gtk.CssProvider()
style.load_from_data(f"window {{ background: {colour}; }}".encode())

window = Gtk.Window(title=title, decorated=False)
window.set_default_size(int(width), int(height))
window.get_style_context().add_provider(style, 800)
window.show_all()
if full == "full":
    window.fullscreen()
if full == "restless":
    GLib.timeout_add(50, lambda: window.queue_draw() or True)
Gtk.main()
"""


NO_PICTURE = "cannot: The desktop's screen cast shows no picture."
PROGRAMS = {Gnome: "gnome-shell", Kwin: "kwin_wayland"}
BOTH = pytest.mark.parametrize("session", PROGRAMS, indirect=True)
KDE = pytest.mark.parametrize("session", [Kwin], indirect=True)


@pytest.fixture
def session(spawn, monkeypatch, tmp_path, request):
    desktop = getattr(request, "param", Gnome)
    find_program(PROGRAMS[desktop])
    find_program("gst-launch-1.0")
    session = desktop(spawn)
    enter(session, monkeypatch)
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    yield session
    session.stop()


@pytest.fixture
def portal(session, monkeypatch, request):
    monitors = getattr(request, "param", ("1280x720",))
    portal = Portal(session)
    if isinstance(session, Gnome):
        assert gnome_extension.install().switched_on
        portal.pipewire()
        session.start(monitors)
        enter(session, monkeypatch)
        eventually(lambda: gnome.why_not() is None, 30, lambda: session.log.read_text()[-3000:])
        session.leave_overview()
    else:
        PersonAtKde.admit(session)
        session.composes = "O2"
        portal.pipewire()
        session.start("--output-count", str(len(monitors)))
        enter(session, monkeypatch)
        monkeypatch.setattr(gstreamer, "SECONDS", 2.0)
    return portal.portal()


@pytest.fixture
def person(portal, session):
    person = Person(session) if isinstance(session, Gnome) else PersonAtKde(session)
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
    in_front(person.dialog)
    answer()
    thread.join(30)
    return said[0]


def is_of(shot, colour):
    """Every pixel that the eyes get is of that colour (blue, green, red)."""
    return not isinstance(shot, str) and bool((abs(shot.pixels[..., :3].astype(int) - colour) <= 2).all())


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


@BOTH
def test_the_daemon_asks_and_the_child_within_its_limits_looks(portal, person, session, tmp_path):
    insist_on_vision()
    session.client("gnome-mines")
    in_front("Mines")
    with RealDaemon(tmp_path / "home") as daemon:
        before = daemon.run("vision", "test", "--window", "--frames", "1")
        assert "gamedetectd vision allow" in before.stdout + before.stderr
        assert "The screen may be seen" in told_to_the_daemon(daemon, person, person.allows)
        in_front("Mines")
        assert "You did not allow it" in told_to_the_daemon(daemon, person, person.refuses)
        in_front("Mines")
        seen = daemon.run("vision", "test", "--window", "--frames", "1", timeout=90)
        assert (WAY if isinstance(session, Gnome) else "shows no picture") in seen.stdout + seen.stderr, seen
        assert not list(tmp_path.rglob("*.png"))
        assert daemon.run("vision", "allow", "--revoke").returncode == 0
        after = daemon.run("vision", "test", "--window", "--frames", "1")
        assert "gamedetectd vision allow" in after.stdout + after.stderr
        noted = [("screen-allowed", "success"), ("screen-allowed", "failure"), ("screen-revoked", "success")]
        eventually(lambda: of_the_screen() == noted, 30, of_the_screen)


def told_to_the_daemon(daemon, person, answer):
    """What ``vision allow`` says, when the person answered the dialog."""
    done = in_background(lambda: daemon.run("vision", "allow", timeout=90))
    in_front(person.dialog)
    answer()
    return eventually(lambda: done and done[0], 60, "the answer").stdout


def of_the_screen():
    """What the audit trail tells of the leave."""
    lines = [json.loads(line)["event"] for line in Paths.resolve().audit_log_file.read_text().splitlines()]
    return [(one["action"], one["outcome"]) for one in lines if one["action"].startswith("screen-")]


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


@BOTH
def test_a_leave_that_does_not_do_any_more_brings_up_no_dialog_twice(portal, person, session, capture, leave):
    red = coloured(session, "red", "#ff0000")
    assert allowed(person, leave, person.allows) == "allowed"
    insist_on_a_cast(session, capture, in_front("red"))
    capture.close()
    insist_on_a_cast(session, capture, in_front("red"))
    capture.close()
    token = leave.read()
    _, kept = store("Lookup", "ss", cast_tokens.TABLE, token)
    store("Set", SET, cast_tokens.TABLE, True, token, {"org.gnome.Terminal": ["yes"]}, kept)
    assert looked(capture, red).startswith("denied: You allowed it to gamedetectd as it was started then")
    store("Delete", "ss", cast_tokens.TABLE, token)
    assert looked(capture, red).startswith("denied: The desktop does not know the leave")
    kept = ("(suv)", ("another desktop", 1, ("s", "")))
    store("Set", SET, cast_tokens.TABLE, True, token, {"": ["yes"]}, kept)
    assert looked(capture, in_front("red")).startswith("denied: Nobody answered"), "the desktop asked for all that"
    in_front("red")
    assert leave.read() == ""
    assert looked(capture, red).startswith("denied: This desktop shows the screen only to whom you allow it")
    assert foreground().handle == red.handle


def insist_on_a_cast(session, capture, red):
    """A picture, or what comes instead of it where everything goes well but that none is sent."""
    if isinstance(session, Gnome):
        red_shown(capture, red)
    else:
        assert looked(capture, red) == NO_PICTURE


@KDE
def test_who_refuses_kdes_dialog_or_chooses_what_cannot_be_is_told_so(portal, person, session, capture, leave):
    """KWin makes no new output beside its virtual screen; where it can, ours refuses it."""
    red = coloured(session, "red", "#ff0000")
    assert "The desktop does not allow it" in allowed(person, leave, person.allows_what_comes_first)
    in_front("red")
    assert "You did not allow it" in allowed(person, leave, person.refuses)
    assert leave.read() == ""
    assert looked(capture, in_front("red")).startswith("denied: This desktop shows the screen only to whom you allow")
    assert foreground().handle == red.handle, "no dialog came up"


@KDE
@pytest.mark.parametrize("portal", [("1280x720", "1280x720")], indirect=True, ids=["two monitors"])
def test_of_kdes_monitors_without_a_place_the_whole_workspace_is_known(portal, person, session, capture, leave):
    red = coloured(session, "red", "#ff0000")
    assert allowed(person, leave, person.allows_what_comes_first) == "allowed"
    assert looked(capture, in_front("red")) == NO_PICTURE
    capture.close()
    assert allowed(person, leave, person.allows_a_monitor_below) == "allowed"
    assert "several are of one size" in looked(capture, in_front("red"))
    assert foreground().handle == red.handle


@KDE
def test_a_picture_of_kwins_comes_through_pipewire(portal, session, monkeypatch):
    """A window's instead of a monitor's, for which we never ask. KDE's portal is given a leave for it without its
    dialog, which shows live pictures of windows and at times crashes over them.
    """
    told = []
    monkeypatch.setattr(kwin, "read", lambda text: told.append(read(text)) or told[-1])
    coloured(session, "red", "#ff0000", full="restless")
    window = next(one["id"] for one in reversed(told) if isinstance(one, dict))
    token = str(uuid.uuid4())
    store("Set", SET, cast_tokens.TABLE, True, token, {"": ["yes"]}, kdes_leave_for(window))
    with closing(cast.Cast.begun(token, 30.0)) as begun:

        def is_red():
            with begun.remote() as remote:
                seen = gstreamer.frame(remote.fileno(), begun.streams[0].node)
            assert (seen.width, seen.height) == (400, 300)
            assert seen.data == bytearray((*RED, 255)) * (400 * 300)

        monkeypatch.setattr(gstreamer, "SECONDS", 30.0)
        is_red()
        print(f"one more frame: {1000 * processor_of_children(is_red, rounds=5):.0f} ms of the processor")


def kdes_leave_for(window):
    """What KDE's portal has kept for it: a map of lists as Qt writes them."""

    def text(said):
        return struct.pack(">I", 2 * len(said)) + said.encode("utf-16-be")

    texts = struct.pack(">IBI", 11, 0, 1) + text(window)
    return ("(suv)", ("KDE", 1, ("ay", struct.pack(">I", 1) + text("windows") + texts)))


SCREENS = {
    "one": ((), [Monitor(Bounds(0, 0, 1280, 720), (1280, 720))]),
    "with two px to one of the desktop's": (("--scale", "2"), [Monitor(Bounds(0, 0, 1280, 720), (2560, 1440))]),
    "two": (("--output-count", "2"), [Monitor(Bounds(x, 0, 1280, 720), (1280, 720)) for x in (0, 1280)]),
}


@KDE
@pytest.mark.parametrize("case", SCREENS)
def test_kwin_tells_where_its_monitors_are(session, monkeypatch, case):
    options, there = SCREENS[case]
    session.start(*options)
    enter(session, monkeypatch)
    assert list(monitors()) == there
