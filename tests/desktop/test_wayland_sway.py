"""What a person has in front of them on Wayland: sway without a screen, with native programs and X11 ones on it."""

import sys
import time

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_daemon import RealDaemon
from real_programs import eventually
from real_sway import Sway
from test_foreground import nothing, shows

from gamedetectd.domain import Bounds
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.windows.listing import foreground, windows
from gamedetectd.sensors.foreground import ForegroundSensor

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(90)]


@pytest.fixture
def compositor(spawn, monkeypatch):
    """``compositor(xwayland=True)`` starts a sway, and our process takes its session for its own."""
    started = []

    def start(**options):
        sway = Sway(spawn, **options).start()
        started.append(sway)
        for name, value in sway.env.items():
            monkeypatch.setenv(name, value)
        return sway

    yield start
    for sway in started:
        sway.stop()


@pytest.fixture
def sway(sway_session):
    return sway_session


@pytest.fixture
def sensor(sway):
    return ForegroundSensor(system_clock())


def mines(sway):
    return sway.client("gnome-mines", GSETTINGS_BACKEND="memory")


def test_it_follows_the_person_from_window_to_window(sway, sensor, watch):
    watched = watch(sensor)
    assert (sensor.source(), watched.until(nothing).window) == ("sway IPC", None)
    first = sway.client("foot", "-T", "first")
    seen = watched.until(shows(title="first"), 15).window
    assert (seen.pid, seen.class_name, seen.fullscreen, seen.monitor) == (first.pid, "foot", False, "HEADLESS-1")
    second = sway.client("foot", "-T", "second")
    watched.until(shows(title="second", pid=second.pid), 15)
    assert {window.title for window in windows()} == {"first", "second"}
    assert foreground().title == "second"
    said = len(watched.said)
    sway.command("[title=first] focus")
    watched.until(shows(title="first", pid=first.pid), since=said)
    sway.command("workspace 2")
    watched.until(nothing, since=said + 1)
    sway.command("workspace 1")
    watched.until(shows(title="first"), since=said + 2)
    first.terminate()
    watched.until(shows(title="second"), since=said + 3)
    second.terminate()
    watched.until(nothing, since=said + 4)
    assert sensor.degraded_reason() is None
    assert sensor.blind_reason(None) is None


def test_fullscreen_comes_and_goes(sway, sensor, watch):
    watched = watch(sensor)
    sway.client("foot", "-T", "game")
    watched.until(shows(title="game", fullscreen=False), 15)
    sway.command("fullscreen enable")
    watched.until(shows(title="game", fullscreen=True, bounds=Bounds(0, 0, 1280, 720)))
    said = len(watched.said)
    sway.command("fullscreen disable")
    watched.until(shows(title="game", fullscreen=False), since=said)
    sway.command("floating enable, resize set 1280 720, move position 0 0")  # borderless, as many games are
    watched.until(shows(title="game", fullscreen=True), since=said + 1)


def test_titles_are_told_and_one_that_never_rests_is_heard_now_and_then(sway, sensor, watch):
    watched = watch(sensor)
    loop = (
        "i=0; while [ $i -lt 250 ]; do i=$((i+1)); printf '\\033]0;title %s\\007' $i; sleep 0.01; done; exec sleep 60"
    )
    sway.client("foot", "-T", "begin", "sh", "-c", loop)
    watched.until(lambda seen: seen.window is not None and seen.window.title.startswith("title"), 15)
    before, at = watched.cost(), len(watched.said)
    time.sleep(1.5)
    woken = watched.cost()[1] - before[1]
    assert len(watched.said) - at <= 7
    assert woken <= 20, "each title wakes it"
    watched.until(shows(title="title 250"), 15)


def test_nothing_is_done_while_nothing_happens(sway, sensor, watch):
    watched = watch(sensor)
    sway.client("foot", "-T", "quiet", "sleep", "60")
    watched.until(shows(title="quiet"), 15)
    before = watched.settled()
    time.sleep(2.0)
    assert watched.cost()[1] - before[1] == 0


def test_a_killed_sway_is_found_again_under_its_new_address(sway, sensor, watch):
    watched = watch(sensor)
    sway.client("foot", "-T", "before")
    watched.until(shows(title="before"), 15)
    said = len(watched.said)
    sway.kill()
    watched.until(nothing, since=said)
    eventually(lambda: "looked for" in (sensor.degraded_reason() or ""))
    assert windows() == ()
    sway.start()
    sway.client("foot", "-T", "after")
    watched.until(shows(title="after"), 20, since=said)
    assert sensor.degraded_reason() is None


def test_an_x11_program_is_seen_through_xwayland_with_its_process(compositor, watch):
    sway = compositor(xwayland=True)
    watched = watch(ForegroundSensor(system_clock()))
    terminal = sway.client("xterm", "-T", "through Xwayland", x11=True)
    seen = watched.until(shows(title="through Xwayland"), 20).window
    assert (seen.pid, seen.class_name) == (terminal.pid, "XTerm")
    native = sway.client("foot", "-T", "native")
    watched.until(shows(title="native", pid=native.pid), 15)


def test_a_compositor_that_tells_nothing_leaves_x11_programs_and_a_reason(compositor, watch, monkeypatch):
    sway = compositor(xwayland=True)
    for name in ("SWAYSOCK", "I3SOCK"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "labwc")
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    sway.client("foot", "-T", "unseen")
    terminal = sway.client("xterm", "-T", "seen", x11=True)
    watched.until(shows(title="seen", pid=terminal.pid), 20)
    said = sensor.blind_reason(None)
    assert "Xwayland" in said
    assert "not known" in said


def test_the_daemon_names_a_real_game_and_counts_its_time_in_front(sway, tmp_path):
    home = tmp_path / "home"
    with RealDaemon(home) as daemon:
        mines(sway)

        def played():
            return next((one for one in daemon.json("status")["sessions"] if "Mines" in one["game"]["title"]), None)

        eventually(played, 20, "the game being named")
        eventually(lambda: played()["foreground_seconds"] >= 2, 15, "seconds in the foreground")
        sensors = {row["name"]: row for row in daemon.json("status")["daemon"]["sensors"]}
        assert (sensors["foreground"]["source"], sensors["foreground"]["state"]) == ("sway IPC", "watching")
        assert "Mines" in daemon.run("desktop", "status").stdout
