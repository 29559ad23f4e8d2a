"""What KWin's script and GNOME's extension tell us, from services that speak as they do (``fake_compositors``)."""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("compositors are Linux'", allow_module_level=True)

from fake_compositors import FakeKwin, FakeShell
from real_programs import eventually

from gamedetectd.domain import ForegroundChanged, IdleChanged
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.windows.listing import foreground, windows
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.idle import IdleSensor

GAME = {"id": "{0-a}", "pid": 42, "class": "game", "title": "Portal 2", "fullscreen": True, "minimized": False,
        "x": 0, "y": 0, "width": 1280, "height": 720, "monitor": "DP-1", "xid": 0}  # fmt: skip


def titled(title):
    return lambda seen: isinstance(seen, ForegroundChanged) and (seen.window and seen.window.title) == title


@pytest.fixture
def desktop(bus, monkeypatch, tmp_path):
    """``desktop("KDE", FakeKwin, …)`` is the session this process is in."""
    started = []

    def enter(name, service, *arguments):
        for variable in ("SWAYSOCK", "I3SOCK", "HYPRLAND_INSTANCE_SIGNATURE", "DISPLAY"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", name)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        started.append(service(bus, *arguments))
        return started[-1]

    yield enter
    for one in started:
        one.stop()


@pytest.mark.parametrize("version", [5, 6])
def test_kwin_of_either_version(desktop, watch, version, tmp_path):
    kwin = desktop("KDE", FakeKwin, version)
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    watched.until(titled(None))
    kwin.focus(GAME)
    seen = watched.until(titled("Portal 2")).window
    assert (seen.pid, seen.fullscreen, seen.monitor) == (42, True, "DP-1")
    kwin.say("Foreground", "nonsense")
    watched.until(titled(None), since=2)
    kwin.focus({**GAME, "minimized": True})
    kwin.focus(GAME)
    watched.until(titled("Portal 2"), since=3)
    target = kwin.target
    assert [window.title for window in windows()] == ["Portal 2"]
    assert foreground().pid == 42
    kwin.target = target
    eventually(lambda: kwin.scripts == ["gamedetectd"], what="a single look leaving the daemon's script alone")
    watched.end()
    eventually(lambda: kwin.scripts == [], what="the script being taken out")
    assert list(tmp_path.glob("*.js")) == []


def test_kwin_that_goes_is_looked_for_until_it_is_back(desktop, watch):
    kwin = desktop("KDE", FakeKwin)
    kwin.window = GAME
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    watched.until(titled("Portal 2"))
    kwin.stop()
    watched.until(titled(None))
    again = desktop("KDE", FakeKwin)
    eventually(lambda: again.scripts, 8, "the script being loaded anew")
    again.focus({**GAME, "title": "again"})
    watched.until(titled("again"))
    eventually(lambda: sensor.degraded_reason() is None, 8)


def test_gnome_with_our_extension(desktop, watch):
    shell = desktop("GNOME", FakeShell)
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    watched.until(titled(None))
    shell.focus(GAME)
    watched.until(titled("Portal 2"))
    assert ([window.pid for window in windows()], foreground().title) == ([42], "Portal 2")
    shell.focus(None)  # the screen is locked
    watched.until(titled(None), since=2)
    shell.window = GAME
    shell.unlock()
    watched.until(titled("Portal 2"), since=3)
    shell.focus({**GAME, "title": "another level"})
    watched.until(titled("another level"))
    shell.stop()
    watched.until(titled(None), since=5)
    eventually(lambda: "looked for" in (sensor.degraded_reason() or ""))


def test_gnome_tells_of_input(desktop, watch):
    shell = desktop("GNOME", FakeShell)
    sensor = IdleSensor(system_clock(), 1.0)
    watched = watch(sensor)
    shell.input(5000)
    watched.until(lambda seen: isinstance(seen, IdleChanged) and seen.idle)
    eventually(lambda: "AddUserActiveWatch" in shell.asked)
    shell.input(0)
    watched.until(lambda seen: isinstance(seen, IdleChanged) and not seen.idle)
    shell.stop()
    eventually(lambda: "looked for" in (sensor.degraded_reason() or ""))
