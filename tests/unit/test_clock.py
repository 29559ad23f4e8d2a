"""The machine's clocks: they run, agree with each other, and a jump of the calendar is announced."""

import importlib
import select
import sys
import time
from pathlib import Path

import pytest

from gamedetectd.domain import Instant
from gamedetectd.platforms.clock import boot_id, clock_set, system_clock
from gamedetectd.platforms.clock.clock_set import ClockSetWatch, watch_clock_set
from gamedetectd.platforms.clock.readings import SystemClock

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone announces that its clock was set")


def test_the_clocks_run_together_while_the_machine_is_awake():
    clock = system_clock()
    first = clock.now()
    time.sleep(0.05)
    second = clock.now()
    awake, elapsed, wall = (
        second.awake - first.awake,
        second.elapsed - first.elapsed,
        second.wall - first.wall,
    )
    assert 0.04 < awake < 5
    assert elapsed == pytest.approx(awake, abs=0.02)
    assert wall == pytest.approx(awake, abs=0.1)
    assert second.elapsed >= second.awake - 0.02


def test_an_instant_takes_each_clock_where_it_belongs():
    now = SystemClock(awake=lambda: 1.0, elapsed=lambda: 2.0).now()
    assert now == Instant(1.0, 2.0, now.wall)
    assert now.wall == pytest.approx(time.time(), abs=5)


def test_the_boot_id_stays():
    assert boot_id() == boot_id()
    assert len(boot_id()) >= 16


@linux_only
def test_the_elapsed_clock_is_the_one_processes_are_stamped_with():
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert system_clock().now().elapsed == pytest.approx(uptime, abs=1)


@pytest.mark.parametrize("name", ["linux", "darwin", "clock_set", "readings"])
def test_every_module_can_be_imported_on_every_system(name):
    assert importlib.import_module(f"gamedetectd.platforms.clock.{name}").__doc__


def readable(watch, seconds=0.0):
    return bool(select.select([watch], [], [], seconds)[0])


@pytest.fixture
def clock_watch():
    watch = ClockSetWatch()
    yield watch
    watch.close()


def set_clock():
    """Set the clock to what it says: a jump of some microseconds, which harms nobody and counts as set."""
    try:
        time.clock_settime(time.CLOCK_REALTIME, time.time())
    except PermissionError:
        pytest.skip("only root may set the clock")


@linux_only
def test_a_clock_nobody_sets_is_silent(clock_watch):
    assert not readable(clock_watch, 0.05)


@linux_only
def test_setting_the_clock_is_announced_each_time(clock_watch):
    for _ in range(3):
        set_clock()
        assert readable(clock_watch, 1.0)
        clock_watch.rearm()
        assert not readable(clock_watch)


@linux_only
def test_rearming_without_a_jump_and_closing_twice_do_no_harm(clock_watch):
    clock_watch.rearm()
    clock_watch.close()
    clock_watch.close()
    with pytest.raises(OSError, match=r"."):
        clock_watch.rearm()


@linux_only
def test_where_the_kernel_gives_no_timer_there_is_no_watch(monkeypatch):
    monkeypatch.setattr(clock_set.time, "CLOCK_REALTIME", 9999)
    assert watch_clock_set() is None


@linux_only
def test_a_refused_setting_gives_the_descriptor_back(monkeypatch):
    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(clock_set, "TFD_TIMER_ABSTIME", 1 << 20)
    assert watch_clock_set() is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before
