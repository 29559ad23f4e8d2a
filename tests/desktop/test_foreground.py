"""What a person has in front of them, as the foreground sensor tells it, on real X servers with real programs."""

import os
import signal
import socket
import sys
import time

import pytest
from real_programs import eventually

from gamedetectd.domain import Bounds, ForegroundChanged, StoreSignal
from gamedetectd.errors import SensorError
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.windows.listing import WindowLister, foreground, windows
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.worker import StopSignal

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is watched on Linux only"),
]


@pytest.fixture
def sensor():
    return ForegroundSensor(system_clock())


def shows(**expected):
    """Matches a window in the foreground by what is expected of it."""

    def matches(seen):
        window = seen.window if isinstance(seen, ForegroundChanged) else None
        return window is not None and all(getattr(window, name) == value for name, value in expected.items())

    return matches


def nothing(seen):
    return isinstance(seen, ForegroundChanged) and seen.window is None


def test_it_follows_the_person_from_window_to_window(openbox, spawn, desk, sensor, watch):
    watched = watch(sensor)
    first = spawn("xterm", "-T", "first")
    seen = watched.until(shows(title="first")).window
    assert (seen.pid, seen.class_name, seen.fullscreen) == (first.pid, "XTerm", False)
    second = spawn("xterm", "-T", "second")
    watched.until(shows(title="second", pid=second.pid))
    said = len(watched.said)
    desk.activate(desk.display.create_resource_object("window", seen.handle))
    watched.until(shows(title="first", pid=first.pid), since=said)
    first.terminate()
    watched.until(shows(title="second"), since=said + 1)
    second.terminate()
    watched.until(nothing, since=said + 2)
    assert sensor.degraded_reason() is None


def test_in_a_wayland_session_it_says_that_only_x11_programs_are_seen(openbox, desk, sensor, watch, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desk.window("through Xwayland")
    watch(sensor).until(shows(title="through Xwayland"))
    assert "Xwayland" in sensor.degraded_reason()


def test_it_sees_the_window_that_was_there_before_it(openbox, desk, sensor, watch):
    desk.window("early")
    watch(sensor).until(shows(title="early", class_name="Class", pid=os.getpid()))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Neverball – niveau 3 ✨", "Neverball – niveau 3 ✨"),
        ("two\nlines\tand\x1b[31m red", "two lines and [31m red"),
        (b"half a \xe2\x9c character", "half a � character"),
        (b"only Latin-1: K\xfche", "only Latin-1: Kühe"),
        ("x" * 1_000_000, "x" * 4096),
        ("ü" * 600_000, "ü" * 4096),
        ("abc\u202egnp.exe", "abc gnp.exe"),
        ("", ""),
    ],
)
def test_titles_are_one_line_that_any_terminal_and_any_json_reader_survives(
    openbox, desk, sensor, watch, written, shown
):
    desk.window(written)
    watch(sensor).until(shows(class_name="Class", title=shown))


def test_an_old_program_names_itself_in_wm_name_only(openbox, desk, sensor, watch):
    window = desk.window("modern")
    watched = watch(sensor)
    watched.until(shows(title="modern"))
    desk.title(window, b"Sp\xe4te 80er", name="WM_NAME", kind="STRING")
    window.delete_property(desk.atom("_NET_WM_NAME"))
    desk.display.flush()
    watched.until(shows(title="Späte 80er"))


def test_fullscreen_comes_and_goes(openbox, desk, spawn, sensor, watch):
    desk.window("game")
    watched = watch(sensor)
    watched.until(shows(title="game", fullscreen=False, monitor="screen"))
    assert spawn("wmctrl", "-r", "game", "-b", "add,fullscreen").wait(5) == 0
    watched.until(shows(title="game", fullscreen=True, bounds=Bounds(0, 0, 1280, 800)))
    said = len(watched.said)
    assert spawn("wmctrl", "-r", "game", "-b", "remove,fullscreen").wait(5) == 0
    watched.until(shows(title="game", fullscreen=False), since=said)


@pytest.mark.parametrize(
    ("properties", "fullscreen"),
    [
        pytest.param({"_MOTIF_WM_HINTS": [2, 0, 0, 0, 0]}, True, id="borderless"),
        pytest.param({"_NET_WM_WINDOW_TYPE": ["_NET_WM_WINDOW_TYPE_DESKTOP"]}, False, id="the desktop itself"),
        pytest.param(
            {
                "_MOTIF_WM_HINTS": [2, 0, 0, 0, 0],
                "_NET_WM_STATE": ["_NET_WM_STATE_MAXIMIZED_HORZ", "_NET_WM_STATE_MAXIMIZED_VERT"],
            },
            False,
            id="maximised without a title bar",
        ),
    ],
)
def test_a_window_that_fills_the_monitor(openbox, desk, sensor, watch, properties, fullscreen):
    window = desk.window("filling", place=(0, 0, 1280, 800), **properties)
    desk.activate(window)
    watch(sensor).until(shows(title="filling", fullscreen=fullscreen))


HERE = socket.gethostname().encode()


@pytest.mark.parametrize(
    ("claim", "machine", "believed"),
    [
        pytest.param("parent", HERE, "parent", id="its word"),
        pytest.param("parent", None, "parent", id="its word, no machine named"),
        pytest.param(None, None, "own", id="no word: the server's"),
        pytest.param("parent", b"elsewhere.example", "own", id="the pid of another machine"),
        pytest.param("gone", HERE, "own", id="a pid that is not there"),
    ],
)
def test_whose_window_it_is(openbox, desk, sensor, watch, claim, machine, believed):
    pids = {"parent": os.getppid(), "own": os.getpid(), "gone": 2**22 - 3}
    properties = {} if claim is None else {"_NET_WM_PID": [pids[claim]]}
    if machine is not None:
        properties["WM_CLIENT_MACHINE"] = machine
    desk.window("mine", **properties)
    watch(sensor).until(shows(title="mine", pid=pids[believed]))


@pytest.mark.parametrize(("number", "signals"), [(620, ["steam:620"]), (769, []), (2_900_000_000, []), (0, [])])
def test_a_window_names_its_steam_game(openbox, desk, sensor, watch, number, signals):
    desk.window("Portal 2", STEAM_GAME=[number])
    watched = watch(sensor)
    watched.until(shows(title="Portal 2"))
    desk.window("something else")
    watched.until(shows(title="something else"))
    told = [seen for seen in watched.said if isinstance(seen, StoreSignal)]
    assert [seen.game_id for seen in told] == signals
    assert all(seen.pid == os.getpid() and seen.running for seen in told)


def test_a_minimised_window_is_not_in_the_foreground(x_server, desk, sensor, watch):
    window = desk.window("game")
    desk.pretend_to_manage(window.id)
    watched = watch(sensor)
    watched.until(shows(title="game"))
    desk.set(window, "_NET_WM_STATE", ["_NET_WM_STATE_HIDDEN"])
    watched.until(nothing)


def test_xfwm4_writes_two_values_and_the_first_one_counts(x_server, desk, sensor, watch):
    first, second = desk.window("first"), desk.window("second")
    desk.pretend_to_manage(first.id, 0)
    watched = watch(sensor)
    watched.until(shows(title="first"))
    desk.say_active(second.id, first.id)
    watched.until(shows(title="second"))


@pytest.mark.parametrize("values", [(), (0,), (0x00DEAD00,), (2**32 - 1,)], ids=repr)
def test_a_manager_that_says_nonsense_has_no_window_in_front(x_server, desk, sensor, watch, values):
    window = desk.window("real")
    desk.pretend_to_manage(window.id)
    watched = watch(sensor)
    watched.until(shows(title="real"))
    desk.say_active(*values)
    watched.until(nothing)
    desk.say_active(window.id)
    watched.until(shows(title="real"), since=len(watched.said) - 1)


def test_the_window_manager_is_killed_and_another_takes_over(openbox, desk, sensor, watch):
    game, other = desk.window("game"), desk.window("other")
    watched = watch(sensor)
    watched.until(shows(title="other"))
    openbox.process.kill()
    openbox.process.wait(5)
    assert "keyboard's focus" in eventually(sensor.degraded_reason)
    desk.focus(game)
    watched.until(shows(title="game"))
    said = len(watched.said)
    desk.focus(other)
    watched.until(shows(title="other"), since=said)
    openbox()
    said = len(watched.said)
    desk.activate(game)
    watched.until(shows(title="game"), since=said)
    assert sensor.degraded_reason() is None


def test_without_any_window_manager_the_input_focus_counts(x_server, desk, spawn, sensor, watch):
    watched = watch(sensor)
    left = desk.window("left", place=(0, 0, 300, 300))
    right = desk.window("right", place=(400, 0, 300, 300))
    inner = right.create_window(5, 5, 50, 50, 0, 0)
    inner.map()
    desk.focus(inner)
    watched.until(shows(title="right"))
    desk.focus(left)
    watched.until(shows(title="left"))
    left.destroy()
    desk.display.sync()
    # the focus reverts to whatever the pointer is over
    said = len(watched.said)
    assert spawn("xdotool", "mousemove", "450", "50").wait(5) == 0
    watched.until(shows(title="right"), since=said)
    assert spawn("xdotool", "mousemove", "1000", "700").wait(5) == 0
    watched.until(nothing, since=said)
    assert "No window manager" in sensor.degraded_reason()


def test_a_game_alone_on_a_bare_server_is_fullscreen(x_server, desk, spawn, sensor, watch):
    desk.window("kiosk", place=(0, 0, 1280, 800))
    watched = watch(sensor)
    watched.until(shows(title="kiosk", fullscreen=True))


def test_the_x_server_dies_and_comes_back(x_server, openbox, desk, spawn, sensor, watch):
    desk.window("before")
    watched = watch(sensor)
    watched.until(shows(title="before"))
    said = len(watched.said)
    os.kill(x_server.pid, signal.SIGKILL)
    watched.until(nothing, since=said)
    x_server.stop()
    time.sleep(1.0)
    assert "looked for until it is back" in sensor.degraded_reason()
    x_server.start()
    openbox()
    spawn("xterm", "-T", "after")
    watched.until(shows(title="after"), seconds=8.0)
    assert sensor.degraded_reason() is None


def test_a_window_that_changes_its_title_all_the_time_is_heard_now_and_then(openbox, desk, sensor, watch):
    window = desk.window("frame 0")
    watched = watch(sensor)
    watched.until(shows(title="frame 0"))
    said, began = len(watched.said), time.monotonic()
    for frame in range(1, 401):
        desk.title(window, f"frame {frame}")
        time.sleep(0.005)
    took = time.monotonic() - began
    assert 1 <= len(watched.said) - said <= 4 * took + 1
    watched.until(shows(title="frame 400"), seconds=1.5)


def test_a_change_of_focus_is_not_delayed_by_a_restless_title(openbox, desk, sensor, watch):
    calm, restless = desk.window("calm"), desk.window("frame 0")
    watched = watch(sensor)
    for frame in range(60):
        desk.title(restless, f"frame {frame}")
        time.sleep(0.01)
    said, began = len(watched.said), time.monotonic()
    desk.activate(calm)
    watched.until(shows(title="calm"), since=said)
    assert time.monotonic() - began < 0.15


def test_windows_that_vanish_while_they_are_read_do_no_harm(openbox, desk, sensor, watch, capfd):
    lasting = desk.window("lasting")
    watched = watch(sensor)
    for number in range(150):
        desk.window(f"brief {number}").destroy()
    desk.activate(lasting)
    desk.title(lasting, "still here")
    watched.until(shows(title="still here", handle=lasting.id))
    assert watched.worker.restarts == 0
    assert capfd.readouterr() == ("", "")


def test_windows_without_the_focus_are_listed_too(openbox, desk, spawn):
    terminal = spawn("xterm", "-T", "behind", "-iconic")
    desk.window("in front")
    eventually(lambda: len(windows()) == 2)
    assert {(window.title, window.pid) for window in windows()} == {("behind", terminal.pid), ("in front", os.getpid())}


def test_one_look_at_the_foreground_says_what_the_sensor_says(x_server, desk):
    window = desk.window("game")
    desk.pretend_to_manage(window.id)
    assert foreground().title == "game"
    desk.set(window, "_NET_WM_STATE", ["_NET_WM_STATE_HIDDEN"])
    assert foreground() is None
    desk.say_active(0)
    assert foreground() is None


def test_without_a_manager_the_mapped_windows_are_listed(x_server, desk):
    desk.window("seen")
    desk.window("unmapped").unmap()
    desk.display.sync()
    assert [window.title for window in windows()] == ["seen"]


def test_a_frozen_x_server_delays_a_list_once_and_briefly(x_server, desk):
    desk.window("frozen")
    lister = WindowLister(timeout=0.5)
    assert len(lister.windows()) == 1
    os.kill(x_server.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert lister.windows() == ()
        assert lister.windows() == ()
        assert 0.4 < time.monotonic() - began < 0.9
    finally:
        os.kill(x_server.pid, signal.SIGCONT)
    assert [window.title for window in eventually(lister.windows)] == ["frozen"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "DISPLAY is not set"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
        ({"DISPLAY": ":60999"}, "nobody answers on display :60999"),
        ({"DISPLAY": "nonsense"}, "nonsense"),
        ({"DISPLAY": ":0x"}, ":0x"),
    ],
    ids=str,
)
def test_without_a_usable_display_it_says_why_and_what_is_lost(monkeypatch, sensor, environment, words):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    reason = sensor.unsupported_reason()
    assert words in reason
    assert "not counted" in reason
    assert windows() == ()
    assert foreground() is None
    with pytest.raises(SensorError, match="not counted"):
        sensor.run(lambda _said: None, StopSignal())


def test_on_a_system_without_a_mechanism_it_says_so(monkeypatch):
    clock = system_clock()
    monkeypatch.setattr(sys, "platform", "plan9")
    assert "cannot see windows on this system yet" in ForegroundSensor(clock).unsupported_reason()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # python-xlib drops the socket that was refused
@pytest.mark.parametrize("authority", [b"", b"\x01\x00broken"], ids=["empty", "broken"])
def test_a_server_that_wants_authority_is_refused_in_a_sentence(
    x_servers, monkeypatch, tmp_path, capfd, sensor, authority
):
    secret, ours = tmp_path / "server", tmp_path / "ours"
    cookie = os.urandom(16)
    fields = [socket.gethostname().encode(), b"", b"MIT-MAGIC-COOKIE-1", cookie]
    secret.write_bytes(b"\x01\x00" + b"".join(len(field).to_bytes(2, "big") + field for field in fields))
    ours.write_bytes(authority)
    server = x_servers("-auth", str(secret))
    monkeypatch.setenv("DISPLAY", server.name)
    monkeypatch.setenv("XAUTHORITY", str(ours))
    assert "XAUTHORITY" in sensor.unsupported_reason()
    monkeypatch.setenv("XAUTHORITY", str(secret))
    assert sensor.unsupported_reason() is None
    server.stop()
    assert capfd.readouterr() == ("", "")
