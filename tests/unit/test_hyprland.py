"""The foreground window as Hyprland tells it, on sockets that speak as its documentation says (``fake_hyprland``)."""

import sys
import time

import pytest

if sys.platform == "win32":
    pytest.skip("compositors are Linux'", allow_module_level=True)

from fake_hyprland import FakeHyprland, client
from real_programs import eventually

from gamedetectd.domain import Bounds, ForegroundChanged
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.windows import hyprland
from gamedetectd.platforms.windows.listing import foreground, windows
from gamedetectd.sensors.foreground import ForegroundSensor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="compositors are Linux'")


def shows(**expected):
    def matches(seen):
        window = seen.window if isinstance(seen, ForegroundChanged) else None
        return window is not None and all(getattr(window, name) == value for name, value in expected.items())

    return matches


def nothing(seen):
    return seen.window is None


@pytest.fixture
def sensor(hyprland_session):
    return ForegroundSensor(system_clock())


def test_it_follows_the_person_from_window_to_window(hyprland_session, sensor, watch):
    portal, shell = client(1, "Portal 2"), client(2, "~", pid=77, name="kitty", monitor=1, at=[2560, 0])
    hyprland_session.active = portal
    watched = watch(sensor)
    seen = watched.until(shows(title="Portal 2")).window
    assert (sensor.source(), seen.pid, seen.class_name) == ("Hyprland IPC", 4242, "steam_app_620")
    assert (seen.monitor, seen.bounds, seen.fullscreen) == ("DP-1", Bounds(0, 40, 1280, 720), False)
    hyprland_session.focus(shell)
    watched.until(shows(title="~", pid=77, monitor="HDMI-A-1", bounds=Bounds(2560, 0, 1280, 720)))
    hyprland_session.focus(None)
    watched.until(nothing)
    hyprland_session.clients = [portal, shell, client(3, "not yet", mapped=False)]
    assert [window.title for window in windows()] == ["Portal 2", "~"]
    assert foreground() is None
    eventually(lambda: hyprland_session.open == 0, what="every question's connection being closed")


@pytest.mark.parametrize(
    ("said", "fullscreen"),
    [
        pytest.param({"fullscreen": 0}, False, id="not"),
        pytest.param({"fullscreen": 1}, False, id="maximised"),
        pytest.param({"fullscreen": 2}, True, id="fullscreen"),
        pytest.param({"fullscreen": 3}, True, id="both"),
        pytest.param({"fullscreen": True, "fullscreenMode": 0}, True, id="before 0.42"),
        pytest.param({"fullscreen": True, "fullscreenMode": 1}, False, id="maximised before 0.42"),
        pytest.param({"fullscreen": False, "fullscreenMode": 0}, False, id="not before 0.42"),
        pytest.param({"fullscreen": None}, False, id="nonsense"),
    ],
)
def test_what_counts_as_fullscreen(said, fullscreen):
    assert hyprland.window_of(client(1, "game", **said), "DP-1").fullscreen is fullscreen


def test_fullscreen_and_titles_are_told(hyprland_session, sensor, watch):
    hyprland_session.active = client(1, "loading")
    watched = watch(sensor)
    watched.until(shows(title="loading"))
    hyprland_session.active = client(1, "loading", fullscreen=2)
    hyprland_session.emit("fullscreen>>1")
    watched.until(shows(fullscreen=True))
    hyprland_session.active = client(1, "level\x1b[31m 1\u202e", fullscreen=2)
    hyprland_session.emit("windowtitle>>55d1c0ffee01", "windowtitlev2>>55d1c0ffee01,level 1")
    watched.until(shows(title="level [31m 1"))
    asked = len(hyprland_session.asked)
    hyprland_session.emit("windowtitle>>55d1c0ffee02", "openlayer>>rofi", "urgent>>55d1c0ffee02", "nonsense", "a>>b>>c")
    time.sleep(0.6)
    assert len(hyprland_session.asked) == asked, "it asked because of another window's title"


@pytest.mark.parametrize(
    "said", [b"", b"Invalid", b"[]", b"null", b"{", b'{"address": 5}', b"\xff\xfe", b"[" * 100_000]
)
def test_nonsense_is_no_window(hyprland_session, sensor, watch, said):
    hyprland_session.active = client(1, "sane")
    watched = watch(sensor)
    watched.until(shows(title="sane"))
    hyprland_session.active = said
    hyprland_session.emit("activewindow>>x,y")
    watched.until(lambda seen: seen.window is None or not seen.window.title)
    hyprland_session.focus(client(2, "sane again"))
    watched.until(shows(title="sane again"))


def test_one_that_was_started_again_is_found_under_its_new_signature(
    hyprland_session, sensor, watch, tmp_path, monkeypatch
):
    hyprland_session.active = client(1, "before")
    watched = watch(sensor)
    watched.until(shows(title="before"))
    hyprland_session.stop()
    watched.until(nothing)
    eventually(lambda: "Hyprland" in (sensor.degraded_reason() or ""), what="saying so")
    again = FakeHyprland(hyprland_session.runtime, "another_signature")
    try:
        again.active = client(1, "after")
        watched.until(shows(title="after"), 8)
        assert sensor.degraded_reason() is None
    finally:
        again.stop()
        watched.end()
