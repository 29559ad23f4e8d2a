"""Sleep and clock changes, as the clocks show them."""

import itertools
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import Instant, PowerState
from gamedetectd.platforms.mailbox import Mailbox
from gamedetectd.sensors import power
from gamedetectd.sensors.power import PowerSensor, changes
from gamedetectd.worker import StopSignal

BEFORE = Instant(awake=100.0, elapsed=500.0, wall=1_800_000_000.0)


def after(awake, slept=0.0, moved=0.0):
    return Instant(BEFORE.awake + awake, BEFORE.elapsed + awake + slept, BEFORE.wall + awake + slept + moved)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (after(30), []),
        (after(30, slept=0.9), []),
        (after(30, slept=1.1), [(PowerState.SLEPT, 1.1)]),
        (after(0.2, slept=28_800), [(PowerState.SLEPT, 28_800)]),
        (after(30, moved=0.4), []),
        (after(30, moved=3600), [(PowerState.CLOCK_SET, 3600)]),
        (after(30, moved=-3600), [(PowerState.CLOCK_SET, -3600)]),
        (after(1, slept=600, moved=-7), [(PowerState.SLEPT, 600), (PowerState.CLOCK_SET, -7)]),
    ],
    ids=str,
)
def test_what_happened_between_two_readings(now, expected):
    found = changes(BEFORE, now)
    assert [(change.state, pytest.approx(change.seconds, abs=1e-3)) for change in found] == expected
    assert all(change.at == now for change in found)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6))
def test_sleep_is_never_taken_for_a_clock_change_nor_the_other_way_round(awake, slept, moved):
    states = {change.state: change.seconds for change in changes(BEFORE, after(awake, slept, moved))}
    assert (PowerState.SLEPT in states) == (slept > 1) or abs(slept - 1) < 1e-3
    assert (PowerState.CLOCK_SET in states) == (abs(moved) > 0.5) or abs(abs(moved) - 0.5) < 1e-3
    assert states.get(PowerState.SLEPT, slept) == pytest.approx(slept, abs=1e-3)
    assert states.get(PowerState.CLOCK_SET, moved) == pytest.approx(moved, abs=1e-3)


class Readings:
    """A clock that gives one reading after the other, the last one for ever."""

    def __init__(self, *readings):
        self._readings = itertools.chain(readings, itertools.repeat(readings[-1]))

    def now(self):
        return next(self._readings)


def run_for(sensor, seconds, meanwhile=lambda: None):
    said, stop = [], StopSignal()
    thread = threading.Thread(target=sensor.run, args=(said.append, stop))
    thread.start()
    try:
        time.sleep(0.1)
        meanwhile()
        time.sleep(seconds)
    finally:
        stop.set()
        thread.join(2)
        stop.close()
    assert not thread.is_alive()
    return [(change.state, change.seconds) for change in said]


def test_a_clock_that_was_set_is_told_at_once_without_looking_again_and_again():
    def set_clock():
        try:
            time.clock_settime(time.CLOCK_REALTIME, time.time())
        except PermissionError:
            pytest.skip("only root may set the clock")

    sensor = PowerSensor(Readings(BEFORE, after(1, moved=-3600)))
    try:
        said = run_for(sensor, 0.3, meanwhile=set_clock)
    except AttributeError:
        pytest.skip("this system has no way to set the clock from Python")
    assert said == [(PowerState.CLOCK_SET, -3600)]


@pytest.mark.parametrize("watch", [power.power_watch, lambda: None], ids=["announced", "looking"])
def test_what_nobody_announced_is_found_by_a_slow_look(monkeypatch, watch):
    monkeypatch.setattr(power, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(power, "power_watch", watch)
    assert run_for(PowerSensor(Readings(BEFORE, after(1, slept=60))), 0.3) == [(PowerState.SLEPT, 60)]


def test_nothing_is_said_when_nothing_happened(monkeypatch):
    monkeypatch.setattr(power, "LOOK_EVERY", 0.02)
    assert run_for(PowerSensor(Readings(BEFORE)), 0.2) == []


class Screen:
    """A system that tells of locking, by a Mailbox as Windows' messages come."""

    def __init__(self, *states):
        self._box = Mailbox()
        for state in states:
            self._box.put(state)

    def fileno(self):
        return self._box.fileno()

    def heard(self):
        return self._box.take()

    def trouble(self):
        return "Nothing is told of sleep."

    def close(self):
        self._box.close()


def test_a_screen_is_told_locked_once_and_open_at_the_latest_when_watching_begins_anew(monkeypatch):
    lock, unlock = PowerState.LOCKED, PowerState.UNLOCKED
    screens = [Screen(lock, lock, unlock, lock), Screen()]
    monkeypatch.setattr(power, "power_watch", lambda: screens.pop(0))
    sensor = PowerSensor(Readings(BEFORE))
    assert [state for state, _ in run_for(sensor, 0.1)] == [lock, unlock, lock]
    assert sensor.degraded_reason() == "Nothing is told of sleep."
    assert [state for state, _ in run_for(sensor, 0.1)] == [unlock]


def test_where_the_system_refuses_to_tell_the_clocks_are_looked_at(monkeypatch):
    def refuse():
        raise OSError("no window can be made")

    monkeypatch.setattr(power, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(power, "power_watch", refuse)
    sensor = PowerSensor(Readings(BEFORE, after(1, slept=60)))
    assert run_for(sensor, 0.3) == [(PowerState.SLEPT, 60)]
    assert "no window can be made" in sensor.degraded_reason()
