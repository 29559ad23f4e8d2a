"""Whether a person is there, as the idle sensor tells it: a real X server with real keys, and gamepads as pipes."""

import os
import signal
import struct
import sys
import time

import pytest
from real_programs import eventually

from gamedetectd.domain import IdleChanged, PowerChanged, PowerState
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.idle import xsync
from gamedetectd.platforms.idle.gamepads import EVENT, Axis, EventDecoder, Gamepads
from gamedetectd.sensors.idle import IdleSensor

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and /dev/input are watched on Linux only"),
]

AFTER = 1.0
BUTTON, STICK = (0x01, 0x130), (0x03, 0x00)


@pytest.fixture
def touch(spawn):
    """``touch()`` moves the mouse, and returns when that was."""
    places = iter(range(10, 1000))

    def move():
        place = next(places)
        began = system_clock().now().elapsed
        assert spawn("xdotool", "mousemove", place, place).wait(5) == 0
        return began

    return move


@pytest.fixture
def pads(tmp_path):
    """A pad in a folder like /dev/input, as a pipe: ``pads.send((kind, code), value)``; every pipe counts as a pad
    with one stick from 0 to 255 that rests in the middle, for pipes answer no questions about keys and axes.
    """
    os.mkfifo(tmp_path / "event7")
    (tmp_path / "mouse0").touch()
    pads = Gamepads(tmp_path, lambda _descriptor, _path: EventDecoder({0: Axis(0, 255, 128)}))
    keep = os.open(tmp_path / "event7", os.O_RDWR)

    def send(what, value):
        now = system_clock().now().elapsed
        os.write(keep, EVENT.pack(int(now), int(now % 1 * 1e6), *what, value) + EVENT.pack(0, 0, 0, 0, 0))

    pads.send = send
    yield pads
    os.close(keep)


def turned(idle):
    return lambda seen: isinstance(seen, IdleChanged) and seen.idle is idle


def test_it_notices_when_the_person_stops_and_goes_on(x_server, touch, watch):
    last = touch()
    watched = watch(IdleSensor(system_clock(), AFTER))
    stopped = watched.until(turned(idle=True))
    assert last <= stopped.since_elapsed <= last + 0.5
    assert stopped.at.elapsed == pytest.approx(stopped.since_elapsed + AFTER, abs=0.1)
    again = touch()
    resumed = watched.until(turned(idle=False))
    assert again <= resumed.since_elapsed <= resumed.at.elapsed <= again + 0.5
    watched.until(turned(idle=True), since=2)


def test_a_person_who_keeps_moving_is_never_idle_and_never_wakes_it(x_server, touch, watch):
    touch()
    watched = watch(IdleSensor(system_clock(), 4.0))
    _, before = watched.settled()
    for _ in range(100):
        touch()
    _, after = watched.cost()
    assert watched.said == []
    assert after - before <= 4  # should this machine stall, the half-time alarm is heard


def test_a_pause_shorter_than_the_limit_is_no_idleness(x_server, touch, watch):
    touch()
    watched = watch(IdleSensor(system_clock(), AFTER))
    for _ in range(3):
        time.sleep(0.75 * AFTER)
        touch()
    assert watched.said == []
    watched.until(turned(idle=True))


def test_a_person_who_left_before_it_started_gets_the_whole_time_again(x_server, touch, watch):
    touch()
    time.sleep(1.5 * AFTER)
    began = system_clock().now().elapsed
    stopped = watch(IdleSensor(system_clock(), AFTER)).until(turned(idle=True))
    assert began <= stopped.since_elapsed <= began + 0.5


def test_a_server_without_the_idle_counter_is_asked_now_and_then(x_server, touch, watch, monkeypatch):
    monkeypatch.setattr(xsync, "EXTENSION", "NO-SUCH-EXTENSION")
    touch()
    sensor = IdleSensor(system_clock(), AFTER)
    watched = watch(sensor)
    watched.until(turned(idle=True))
    assert "asked now and then" in sensor.degraded_reason()
    touch()
    watched.until(turned(idle=False))
    assert watched.cost()[1] < 60


def test_the_screen_saver_stops_the_clock(x_server, spawn, watch):
    watched = watch(IdleSensor(system_clock(), 60))
    assert spawn("xset", "s", "activate").wait(5) == 0
    watched.until(lambda seen: isinstance(seen, PowerChanged) and seen.state is PowerState.LOCKED)
    assert spawn("xset", "s", "reset").wait(5) == 0
    watched.until(lambda seen: isinstance(seen, PowerChanged) and seen.state is PowerState.UNLOCKED)
    assert len(watched.said) == 2


def test_it_outlives_the_x_server(x_server, touch, watch):
    sensor = IdleSensor(system_clock(), AFTER)
    watched = watch(sensor)
    touch()
    watched.until(turned(idle=True))
    os.kill(x_server.pid, signal.SIGKILL)
    assert "looked for until it is back" in eventually(sensor.degraded_reason)
    x_server.stop()
    x_server.start()
    eventually(lambda: sensor.degraded_reason() is None, seconds=8)
    touch()
    watched.until(turned(idle=False))


def test_playing_with_a_pad_is_presence(x_server, touch, pads, watch):
    touch()
    watched = watch(IdleSensor(system_clock(), AFTER, pads))
    until = time.monotonic() + 2.5 * AFTER
    value = 0
    while time.monotonic() < until:
        value ^= 1
        pads.send(BUTTON, value)
        time.sleep(0.05)
    assert watched.said == []
    stopped = watched.until(turned(idle=True))
    assert stopped.at.elapsed == pytest.approx(stopped.since_elapsed + AFTER, abs=0.3)
    pads.send(STICK, 255)
    resumed = watched.until(turned(idle=False), seconds=0.5)
    assert resumed.at.elapsed - resumed.since_elapsed < 0.2


def test_a_trembling_stick_is_nobody_and_costs_little(x_server, touch, pads, watch):
    touch()
    watched = watch(IdleSensor(system_clock(), AFTER, pads))
    until = time.monotonic() + 3.0
    while time.monotonic() < until:
        pads.send(STICK, 126 + time.monotonic_ns() % 5)
        time.sleep(0.004)
    assert [seen.idle for seen in watched.said] == [True]
    assert watched.cost()[1] < 150  # of 750 movements


def test_pads_alone_are_enough(monkeypatch, pads, watch):
    monkeypatch.delenv("DISPLAY", raising=False)
    sensor = IdleSensor(system_clock(), AFTER, pads)
    watched = watch(sensor)
    watched.until(turned(idle=True))
    assert "only gamepads" in sensor.degraded_reason()
    pads.send(BUTTON, 1)
    watched.until(turned(idle=False))


def test_with_neither_display_nor_pads_it_says_so(monkeypatch, tmp_path):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for pads in (None, Gamepads(tmp_path), Gamepads(tmp_path / "missing")):
        reason = IdleSensor(system_clock(), AFTER, pads).unsupported_reason()
        assert "DISPLAY is not set" in reason
        assert "counts as active" in reason


def test_on_a_system_without_a_mechanism_it_says_so(monkeypatch):
    clock = system_clock()
    monkeypatch.setattr(sys, "platform", "plan9")
    assert "cannot tell on this system yet" in IdleSensor(clock, AFTER).unsupported_reason()


def test_counters_are_found_in_any_list():
    def row(number, name):
        raw = struct.pack("=IiIH", number, 0, 4, len(name)) + name
        return raw + b"\0" * (-len(raw) % 4)

    rows = row(7, b"SERVERTIME") + row(9, b"IDLETIME") + row(11, b"DEVICEIDLETIME 2")
    assert xsync.parse_counters(3, rows) == {"SERVERTIME": 7, "IDLETIME": 9, "DEVICEIDLETIME 2": 11}
    assert xsync.parse_counters(3, rows[:30]) == {"SERVERTIME": 7}
    assert xsync.parse_counters(0, b"") == {}
