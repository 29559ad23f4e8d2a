"""The window in front out of the portal's screen cast: asked once by the person's wish, and never by itself.

A fake portal on a real bus; GNOME's own is in ``tests/desktop/test_portal_capture.py``.
"""

import stat
import sys
import threading
from contextlib import suppress

import pytest

if sys.platform != "linux":
    pytest.skip("the portal is Linux'", allow_module_level=True)

from fake_portal import FakePortal, entry, fake_gst
from real_programs import eventually

from gamedetectd.domain import Bounds, Window
from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.capture import cast, cast_tokens, front, gstreamer, portal
from gamedetectd.platforms.capture.cast import Stream
from gamedetectd.platforms.capture.cast_leave import Leave
from gamedetectd.platforms.capture.gstreamer import Frame
from gamedetectd.platforms.capture.monitors import Monitor
from gamedetectd.platforms.capture.portal import PortalCapture, ask, cut_out, give_back, showing
from gamedetectd.platforms.capture.shown import NotShown, Outcome
from gamedetectd.platforms.dbus.session_bus import SessionBus

GAME = Window(
    handle=7, pid=1, title="a game", class_name="game", fullscreen=False, bounds=Bounds(100, 50, 200, 150), monitor=""
)
MONITOR = Bounds(0, 0, 640, 480)


class Teller:
    """A compositor's backend."""

    stacked = False

    def __init__(self):
        self.front = [GAME]
        self.listed = (GAME,)

    def foreground(self):
        return (self.front.pop(0),) if len(self.front) > 1 else tuple(self.front)

    def windows(self):
        return self.listed


@pytest.fixture
def teller(monkeypatch):
    teller = Teller()
    monkeypatch.setattr(front, "compositor", lambda: teller)
    return teller


@pytest.fixture
def service(bus, tmp_path, monkeypatch, teller):
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", entry(programs))
    fake_gst(programs)
    monkeypatch.setattr(cast_tokens, "own_name", lambda: "")
    service = FakePortal(bus)
    yield service
    service.stop()


@pytest.fixture
def programs(tmp_path):
    return tmp_path / "bin"


@pytest.fixture
def leave(tmp_path):
    leave = Leave.below(tmp_path / "data")
    leave.write("old")
    return leave


@pytest.fixture
def capture(leave):
    capture = PortalCapture(leave)
    yield capture
    capture.close()


def why_not(capture, handle=GAME.handle):
    with pytest.raises(NotShown) as caught:
        capture.show(handle)
    return f"{caught.value.outcome}: {caught.value}"


def pixels(shown):
    [strip] = shown.strips
    rows = [bytes(strip.data[row * shown.form.stride :][: 4 * shown.width]) for row in range(shown.height)]
    assert len(strip.data) >= shown.height * shown.form.stride
    return rows


def test_the_window_is_cut_out_and_the_token_replaced_by_the_next(service, capture, leave, tmp_path):
    shown = capture.show(GAME.handle)
    assert (shown.width, shown.height, shown.way) == (200, 150, portal.WAY)
    assert set(pixels(shown)) == {bytes.fromhex("00ff0000") * 200}
    assert leave.read() == "new"
    assert stat.S_IMODE((tmp_path / "data/vision/screen-leave").stat().st_mode) == 0o600
    capture.show(GAME.handle)
    assert service.asked.count("Start") == 1, "one screen cast for all"
    assert service.asked.count("OpenPipeWireRemote") == 2
    capture.close()
    eventually(lambda: "Close" in service.asked, 30, "the end of the session")


def test_only_monitors_are_asked_for_to_be_remembered_until_revoked(service, leave):
    seen = []
    service.SelectSources = lambda call: seen.append(call.body[1]) or service._answered(call, 0, {})
    ask(leave)
    assert leave.read() == "new"
    [options] = seen
    assert {name: options[name][1] for name in ("types", "persist_mode")} == {"types": 1, "persist_mode": 2}
    assert "restore_token" not in options, "the person is asked"


REFUSED = {
    "never allowed": (lambda _portal, leave: leave.forget(), "denied: This desktop shows the screen only to whom", ()),
    "forgotten by the desktop": (lambda fake, _leave: fake.tokens.clear(), "denied: The desktop does not know", ()),
    "another program's": (
        lambda fake, _leave: fake.tokens.update(old={"org.gnome.Terminal": ["allow"]}),
        "denied: You allowed it to gamedetectd as it was started then",
        (),
    ),
    "an old portal": (lambda fake, _leave: setattr(fake, "version", 3), "cannot: The desktop's portal is too old", ()),
    "no monitors": (lambda fake, _leave: setattr(fake, "sources", 2), "cannot: The desktop's portal shows nobody", ()),
    "no casts": (lambda fake, _leave: setattr(fake, "Get", None), "cannot: The desktop's portal shows nobody", ()),
    "no monitor in it": (lambda fake, _leave: fake.streams.clear(), "cannot: .*without a monitor", ("Start",)),
    "no place told": (lambda fake, _leave: fake.streams[0][1].clear(), "cannot: .*does not tell which", ("Start",)),
    "refused": (lambda fake, _leave: setattr(fake, "answer", 2), "denied: The desktop does not allow it", ("Start",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_way_to_be_refused_says_so_and_asks_nobody(service, capture, leave, monkeypatch, case):
    import re

    monkeypatch.setattr(portal, "monitors", tuple)
    monkeypatch.setattr(portal, "PAUSE", 0.01)
    change, sentence, started = REFUSED[case]
    change(service, leave)
    assert re.match(sentence, why_not(capture))
    assert tuple(one for one in service.asked if one == "Start") == started, "no dialog"


def test_a_token_that_another_child_exchanges_is_waited_for(service, capture, leave, monkeypatch):
    monkeypatch.setattr(portal, "PAUSE", 0.01)
    seen = ["old", "used up", "used up"]
    monkeypatch.setattr(leave, "read", lambda: seen.pop() if seen else "old")
    assert capture.show(GAME.handle).width == 200
    assert (service.asked.count("Lookup"), service.asked.count("Start")) == (2, 1)


def test_a_dialog_that_comes_up_is_taken_away_and_never_comes_again(service, capture, leave, monkeypatch):
    monkeypatch.setattr(cast, "RESTORED_SECONDS", 0.2)
    service.answer = None
    assert why_not(capture).startswith("denied: Nobody answered")
    eventually(lambda: service.asked.count("Close") == 2, 30, "request and session being closed")
    assert leave.read() == ""
    before = list(service.asked)
    assert why_not(capture).startswith("denied: This desktop shows the screen only to whom")
    assert service.asked == before


def test_who_says_no_is_not_asked_again(service, capture, leave):
    service.answer = 1
    assert "You did not allow it" in why_not(capture)
    assert leave.read() == ""


def test_asking_says_what_came_of_it(service, leave, tmp_path):
    fresh = Leave.below(tmp_path / "fresh")
    service.given = ""
    with pytest.raises(NotShown, match="have it remembered"):
        ask(fresh)
    service.answer = 1
    with pytest.raises(NotShown, match="You did not allow it"):
        ask(fresh)
    assert fresh.read() == ""
    assert give_back(leave)
    assert (leave.read(), service.tokens) == ("", {})
    assert not give_back(leave)


def test_an_ended_cast_is_told_and_not_begun_anew(service, capture):
    capture.show(GAME.handle)
    service.close_session()

    def ended():
        with suppress(NotShown):  # the signal is on its way
            capture.show(GAME.handle)
            return False
        return True

    eventually(ended, 30, "the end being heard")
    assert why_not(capture).startswith("denied: The desktop ended the screen cast")
    assert service.asked.count("Start") == 1


def test_nobody_but_the_portal_is_believed(service, leave, bus, monkeypatch):
    monkeypatch.setattr(portal, "ASK_SECONDS", 0.5)
    service.answer = None
    liar = SessionBus.open(bus.address)

    def asking():
        with suppress(NotShown):
            ask(leave)

    thread = threading.Thread(target=asking, daemon=True)
    thread.start()
    eventually(lambda: "Start" in service.asked, 30)
    request = service.options["handle_token"][1]
    client = service.session.split("/")[-2]
    place = f"{cast.PLACE}/request/{client}/{request}"
    lie = {"streams": ("a(ua{sv})", []), "restore_token": ("s", "a lie")}
    liar.emit(place, cast.REQUEST, "Response", "ua{sv}", 0, lie)
    thread.join(30)
    liar.close()
    assert leave.read() == "old"


def test_without_a_portal_it_says_what_to_install(bus, capture, teller, programs, monkeypatch):
    programs.mkdir()
    monkeypatch.setenv("PATH", entry(programs))
    fake_gst(programs)
    assert "install xdg-desktop-portal" in why_not(capture)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert "cannot: The desktop's portal cannot be used: The D-Bus session bus cannot be reached" in why_not(capture)


def test_a_leave_that_others_could_change_is_not_used(service, capture, tmp_path):
    (tmp_path / "data/vision/screen-leave").chmod(0o666)
    assert "cannot: The leave to see the screen cannot be kept" in why_not(capture)
    assert service.asked == []


def replaced(**fields):
    from dataclasses import replace

    return replace(GAME, **fields)


WINDOWS = {
    "another in front": ([replaced(handle=8)], (), "cannot: On this desktop only the window in the foreground"),
    "nothing in front": ([], (), "cannot: On this desktop only the window in the foreground"),
    "no bounds": ([replaced(bounds=None)], (), "cannot: The desktop does not tell where"),
    "something over it": ([GAME], (replaced(handle=8, bounds=Bounds(0, 0, 120, 60)),), "overlapped: "),
    "tiny": ([replaced(bounds=Bounds(0, 0, 20, 20))], (), "tiny: "),
    "elsewhere": ([replaced(bounds=Bounds(700, 0, 200, 200))], (), "off_screen: .*monitor that you did not allow"),
    "nearly outside": ([replaced(bounds=Bounds(600, 0, 200, 200))], (), "off_screen: The window lies outside"),
    "moved": ([GAME, replaced(bounds=Bounds(101, 50, 200, 150))], (), "gone: The window moved"),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_what_cannot_be_cut_out_is_told(service, capture, teller, case):
    import re

    ahead, others, sentence = WINDOWS[case]
    teller.front, teller.listed = list(ahead), (GAME, *others)
    assert re.match(sentence, why_not(capture))


def test_what_lies_below_is_not_in_the_way_where_the_desktop_tells_so(service, capture, teller):
    other = replaced(handle=8, bounds=MONITOR)
    teller.stacked = True
    teller.listed = (other, GAME)
    assert capture.show(GAME.handle).width == 200
    for listed in ((GAME, other), (other,)):
        teller.listed = listed
        assert why_not(capture).startswith("overlapped: ")


def test_a_desktop_that_tells_no_windows_is_told(service, capture, leave, monkeypatch):
    monkeypatch.setattr(front, "compositor", lambda: None)
    assert "does not tell which window is in front" in why_not(capture)
    with pytest.raises(NotShown, match="does not tell which window is in front"):
        ask(leave)
    assert service.asked == []


GSTREAMER = {
    "no plug-in": (
        {"said": 'WARNING: erroneous pipeline: no element "pipewiresrc"\n', "count": 0},
        "gstreamer1.0-pipew",
    ),
    "no converter": ({"said": 'erroneous pipeline: no element "videoconvert"\n', "count": 0}, "plugins-base"),
    "other trouble": ({"said": "ERROR: from element x: target not found\n", "count": 0}, "target not found"),
    "nothing": ({"said": "", "count": 0}, "it said nothing"),
    "half": ({"count": 100_000}, "half a picture"),
    "late": ({"count": 100, "seconds": 60}, "shows no picture"),
    "no end": ({"count": 4_000_000}, "more than a picture has"),
}


@pytest.mark.parametrize("case", GSTREAMER)
def test_what_gstreamer_lacks_is_told(service, capture, programs, monkeypatch, case):
    monkeypatch.setattr(gstreamer, "SECONDS", 0.3 if case == "late" else 30.0)
    monkeypatch.setattr(gstreamer, "MOST", 8_000_000)
    how, sentence = GSTREAMER[case]
    fake_gst(programs, **how)
    assert sentence in why_not(capture)


def test_without_gst_launch_it_says_what_to_install(service, capture, leave, monkeypatch):
    monkeypatch.setattr(gstreamer, "PROGRAM", "no-such-program")
    assert "install gstreamer1.0-tools" in why_not(capture)
    with pytest.raises(NotShown, match=r"install gstreamer1\.0-tools"):
        ask(leave)
    assert service.asked == [], "nobody is asked for what would not work"


def test_rows_may_be_longer_than_the_picture_is_wide(service, capture, programs):
    fake_gst(programs, (640, 480), count=640 * 480, more=64 * 480)  # 64 more bytes a row
    shown = capture.show(GAME.handle)
    assert (shown.form.stride, shown.width) == (4 * 640 + 64, 200)


def picture(width, height):
    """Each pixel is its own place: two bytes across, two down."""
    rows = (x.to_bytes(2, "big") + y.to_bytes(2, "big") for y in range(height) for x in range(width))
    return Frame(width, height, 4 * width, bytearray(b"".join(rows)))


SMALL = Bounds(0, 0, 320, 240)
SCALED = {
    "one to one": ((320, 240), Bounds(50, 20, 160, 150), (50, 20), (160, 150)),
    "twice": ((640, 480), Bounds(50, 20, 160, 150), (100, 40), (320, 300)),
    "one and a half": ((480, 360), Bounds(50, 20, 160, 150), (75, 30), (240, 225)),
    "smaller": ((160, 120), Bounds(50, 20, 160, 150), (25, 10), (80, 75)),
    "the whole": ((320, 240), SMALL, (0, 0), (320, 240)),
    "at the edge": ((480, 360), Bounds(220, 140, 100, 100), (330, 210), (150, 150)),
}


@pytest.mark.parametrize("case", SCALED)
def test_a_part_of_a_scaled_monitor(case):
    size, part, corner, cut = SCALED[case]
    shown = cut_out(picture(*size), part, SMALL)
    assert (shown.width, shown.height) == cut
    rows = pixels(shown)
    first, last = rows[0][:4], rows[-1][-4:]
    assert [int.from_bytes(first[at : at + 2], "big") for at in (0, 2)] == list(corner)
    ends = [corner[0] + cut[0] - 1, corner[1] + cut[1] - 1]
    assert [int.from_bytes(last[at : at + 2], "big") for at in (0, 2)] == ends


def test_a_turned_cast_is_not_cut():
    with pytest.raises(NotShown, match="turned"):
        cut_out(picture(240, 320), Bounds(0, 0, 200, 200), SMALL)


LEFT, RIGHT = Stream(1, (-800, 0), (800, 600)), Stream(2, (0, 0), (640, 480))


def test_of_several_monitors_it_is_the_one_that_shows_most():
    assert showing(Bounds(-100, 0, 150, 150), (LEFT, RIGHT)) == (LEFT, Bounds(-800, 0, 800, 600))
    assert showing(Bounds(-40, 0, 150, 150), (LEFT, RIGHT)) == (RIGHT, MONITOR)


def monitor(x, width=640, height=480, scale=1):
    """A monitor of so many of the desktop's px, which begins there and is as high as the desktop."""
    return Monitor(Bounds(x, 0, width, height), (scale * width, scale * height))


BOTH = (monitor(0), monitor(640, 800, 600))
TWINS = (monitor(0), monitor(640))
WITHOUT_A_PLACE = {
    "the only one": ([(640, 480)], (monitor(0),), 0),
    "the only one, whose portal calls it as large as its own px": ([(1280, 960)], (monitor(0, scale=2),), 0),
    "the only one, of whatever size": ([None], (monitor(-640),), -640),
    "one of its size": ([(800, 600)], BOTH, 640),
    "one of its size in its own px": ([(1600, 1200)], (monitor(0), monitor(640, 800, 600, scale=2)), 640),
    "one that is turned": ([(800, 600)], (monitor(0), Monitor(Bounds(640, 0, 600, 800), (800, 600))), 640),
    "several": ([(640, 480), (800, 600)], BOTH, 640),
    "the whole workspace": ([(1280, 480)], TWINS, 0),
    "one of two twins": ([(640, 480)], TWINS, None),
    "no size told": ([None], BOTH, None),
    "no such size": ([(1024, 768)], BOTH, None),
    "the compositor does not tell": ([(640, 480)], (), None),
}


@pytest.mark.parametrize("case", WITHOUT_A_PLACE)
def test_a_monitor_without_a_place_is_told_by_its_size(monkeypatch, case):
    sizes, there, begins = WITHOUT_A_PLACE[case]
    monkeypatch.setattr(portal, "monitors", lambda: there)
    streams = tuple(Stream(node, None, size) for node, size in enumerate(sizes))
    window = Bounds((begins or 0) + 10, 0, 100, 100)
    if begins is None:
        with pytest.raises(NotShown, match="does not tell which monitor") as caught:
            showing(window, streams)
        assert caught.value.outcome is Outcome.CANNOT
        return
    stream, place = showing(window, streams)
    assert (stream, place.x) == (streams[-1], begins)


def test_of_a_monitor_with_more_px_than_the_desktop_the_right_part_is_cut_out(service, capture, monkeypatch):
    service.streams[0] = (42, {"size": ("(ii)", (640, 480)), "source_type": ("u", 1)})
    monkeypatch.setattr(portal, "monitors", lambda: (Monitor(Bounds(0, 0, 320, 240), (640, 480)),))
    shown = capture.show(GAME.handle)
    assert (shown.width, shown.height) == (400, 300), "two px to one of the desktop's"


def test_a_new_virtual_output_is_no_monitor_to_look_at(service, tmp_path):
    fresh = Leave.below(tmp_path / "fresh")
    service.tokens["new"] = {"": ["yes"]}
    service.streams[0][1]["source_type"] = ("u", cast.VIRTUAL)
    with pytest.raises(NotShown, match="choose a monitor that is there: gamedetectd vision allow"):
        ask(fresh)
    assert (fresh.read(), "new" in service.tokens) == ("", False)


UNITS = {
    "0::/user.slice/user@1000.service/app.slice/app-org.kde.konsole-1234.scope\n": "org.kde.konsole",
    "0::/user.slice/app.slice/app-gnome-org.gnome.Terminal-77.scope\n": "org.gnome.Terminal",
    "0::/user.slice/app.slice/app-org.gamedetectd.Tray@autostart.service\n": "org.gamedetectd.Tray",
    "0::/user.slice/app.slice/gamedetectd.service\n": "",
    "0::/user.slice/app.slice/app-gamedetectd@autostart.service\n": "",
    "0::/\n": "",
}


@pytest.mark.parametrize("unit", UNITS)
def test_applications_are_told_apart_as_the_portal_does(tmp_path, monkeypatch, unit):
    (tmp_path / "cgroup").write_text(unit)
    monkeypatch.setattr(cast_tokens, "_GROUP", tmp_path / "cgroup")
    assert cast_tokens.own_name() == UNITS[unit]
    monkeypatch.setattr(cast_tokens, "_GROUP", tmp_path / "none")
    assert cast_tokens.own_name() == ""


def test_the_leave_is_a_file_of_ours_alone(tmp_path):
    leave = Leave.below(tmp_path / "data")
    assert (leave.read(), leave.forget()) == ("", False)
    leave.write("one")
    assert not leave.forget("another"), "a newer one stays"
    assert leave.read() == "one"
    file = tmp_path / "data/vision/screen-leave"
    for nonsense in (b"x" * 5000, b"\x1b[31m"):
        file.write_bytes(nonsense)
        assert leave.read() == ""
    assert leave.forget()
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionsError):
        leave.read()
