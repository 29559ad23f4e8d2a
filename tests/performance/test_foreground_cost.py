"""What watching the foreground costs: nothing while nothing happens, next to nothing while it does."""

import sys
import time

import pytest
from measuring import slowness

from gamedetectd.domain import ForegroundChanged
from gamedetectd.platforms.clock import system_clock
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.idle import IdleSensor

pytestmark = [
    pytest.mark.performance,
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="a thread's cost is read from /proc"),
]

SECONDS = 12.0
CHANGES = 44


@pytest.fixture
def watched(openbox, desk, watch):
    """The sensor at work on two windows."""
    windows = desk.window("one"), desk.window("two")
    watched = watch(ForegroundSensor(system_clock()))
    watched.until(lambda seen: isinstance(seen, ForegroundChanged) and seen.window is not None)
    watched.windows = windows
    return watched


def cost_of(watched, work):
    """Processor seconds and wake-ups of the sensor's thread while ``work`` is done."""
    before = watched.settled()
    work()
    after = watched.cost()
    return after[0] - before[0], after[1] - before[1]


def test_focus_that_moves_44_times_in_12_seconds(watched, desk, measured):
    said = len(watched.said)

    def switch():
        for number in range(CHANGES):
            desk.activate(watched.windows[number % 2])
            time.sleep(SECONDS / CHANGES)

    cpu, wakeups = cost_of(watched, switch)
    seen = [one.window.title for one in watched.said[said:] if one.window is not None]
    measured("foreground, 44 changes of focus in 12 s", "0.1 s of CPU", f"{cpu:.3f} s, {wakeups} wake-ups")
    assert seen == ["one", "two"] * (CHANGES // 2)
    assert cpu < 0.1 * slowness()


def test_a_desktop_where_nothing_happens_wakes_nobody(watched, measured):
    cpu, wakeups = cost_of(watched, lambda: time.sleep(SECONDS))
    measured("foreground, nothing happens for 12 s", "0 wake-ups", f"{wakeups} wake-ups, {cpu * 1000:.1f} ms")
    assert wakeups == 0


def test_a_title_that_changes_200_times_a_second(watched, desk, measured):
    said, window = len(watched.said), watched.windows[1]
    desk.activate(window)

    def restless():
        for number in range(int(SECONDS * 200)):
            desk.title(window, f"{number} frames")
            time.sleep(1 / 200)

    cpu, wakeups = cost_of(watched, restless)
    told = len(watched.said) - said
    measured(
        "foreground, a title that changes 200 times a second",
        "1 % of a core, 4 told a second",
        f"{cpu / SECONDS:.2%}, {told / SECONDS:.1f} told a second, {wakeups / SECONDS:.1f} wake-ups a second",
    )
    assert cpu / SECONDS < 0.01 * slowness()
    assert told <= 4 * SECONDS


def test_a_person_at_the_keyboard_does_not_wake_the_idle_sensor(x_server, spawn, watch, measured):
    watched = watch(IdleSensor(system_clock(), 60.0))

    def move():
        for place in range(100, 140):
            assert spawn("xdotool", "mousemove", place, place).wait(5) == 0
            time.sleep(SECONDS / 40)

    cpu, wakeups = cost_of(watched, move)
    measured("idle, 40 movements of the mouse in 12 s", "4 wake-ups", f"{wakeups} wake-ups, {cpu * 1000:.1f} ms")
    assert wakeups <= 4  # every client is told when another device becomes the keyboard; movements are not told
