"""Whether a person is there, as compositors tell it: real keys on sway, the passing of time on KWin and GNOME."""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_desktops import Gnome, Kwin, enter
from real_programs import find_program

from gamedetectd.domain import IdleChanged
from gamedetectd.platforms.clock import system_clock
from gamedetectd.sensors.idle import IdleSensor

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(90)]

AFTER = 1.0


def turned(idle):
    return lambda seen: isinstance(seen, IdleChanged) and seen.idle is idle


@pytest.fixture
def sensor():
    return IdleSensor(system_clock(), AFTER)


def test_sway_tells_of_keys_and_of_their_absence(sway_session, sensor, watch):
    find_program("wtype")
    begun = system_clock().now().elapsed
    watched = watch(sensor)
    idle = watched.until(turned(True))
    assert idle.at.elapsed - begun == pytest.approx(AFTER, abs=0.6)
    before = watched.settled()
    assert watched.settled()[1] == before[1], "it wakes while nothing happens"
    pressed = system_clock().now().elapsed
    assert sway_session.client("wtype", "a").wait(10) == 0
    back = watched.until(turned(False))
    assert back.since_elapsed == pytest.approx(pressed, abs=1.0)
    watched.until(turned(True), since=2)
    assert (sensor.source(), sensor.degraded_reason()) == ("Wayland idle notifications", None)


@pytest.mark.slow
@pytest.mark.parametrize("desktop", [Kwin, Gnome])
def test_kwin_and_gnome_tell_that_input_rests(spawn, monkeypatch, sensor, watch, desktop):
    find_program("kwin_wayland" if desktop is Kwin else "gnome-shell")
    session = desktop(spawn).start()
    enter(session, monkeypatch)
    try:
        watched = watch(sensor)
        watched.until(turned(True), 20)
        assert sensor.degraded_reason() is None
        watched.end()
    finally:
        session.stop()
