"""What is measured of ourselves and the machine, and what is concluded from it: a leak from more than noise."""

import math
import os
import random
import subprocess
import sys
import threading
import time

import pytest

from gamedetectd.health.growth import SAMPLES, Growth, Limits
from gamedetectd.health.usage import CpuShare
from gamedetectd.observability.histogram import Histogram
from gamedetectd.platforms.clock import zone as zones
from gamedetectd.platforms.resources import Resources, resource_meter
from gamedetectd.platforms.resources.portable import PortableMeter

# --- growth -----------------------------------------------------------------------------------------------------------

HOUR = 3_600.0
MB = 1e6


def noise(spread):
    generator = random.Random(7)
    return lambda _hour: generator.uniform(-spread, spread)


def step(hour):
    return 30 * MB * (hour > 2.0)


WIGGLE, STORM = noise(1 * MB), noise(15 * MB)


@pytest.mark.parametrize(
    ("what", "added", "grows"),
    [
        ("nothing", lambda _hour: 0.0, False),
        ("noise", WIGGLE, False),
        ("much noise", STORM, False),
        ("a step", step, False),
        ("a step and noise", lambda hour: step(hour) + WIGGLE(hour), False),
        ("a saw", lambda hour: 20 * MB * (hour * 3 % 1.0), False),
        ("warming up and levelling off", lambda hour: 20 * MB * (1 - math.exp(-hour * 2)), False),
        ("one outlier", lambda hour: 400 * MB * (3.0 < hour < 3.1), False),
        ("shrinking", lambda hour: -5 * MB * hour, False),
        ("a leak", lambda hour: 3 * MB * hour, True),
        ("a leak in noise", lambda hour: 5 * MB * hour + WIGGLE(hour), True),
        ("a leak in steps", lambda hour: 4 * MB * int(hour * 2), True),
        ("a leak and a level that does not matter", lambda hour: 500 * MB + 5 * MB * hour, True),
    ],
)
def test_a_leak_is_told_from_what_only_looks_like_one(what, added, grows):
    growth = Growth(Limits(4 * HOUR, 2 * MB / HOUR, 6 * MB), warm_up=600.0)
    told = []
    for seconds in range(0, int(8 * HOUR), 60):
        growth.take(seconds, 50 * MB + added(seconds / HOUR))
        told.append(growth.slope is not None)
    assert any(told) == grows, what
    assert told[-1] == grows, what


def test_nothing_is_judged_before_a_window_after_the_start():
    growth = Growth(Limits(1_800.0, 1.0, 100.0), warm_up=600.0)
    for seconds in range(0, 2_400, 15):
        growth.take(seconds, 1_000.0 * seconds)
        assert growth.slope is None
    for seconds in range(2_400, 2_700, 15):
        growth.take(seconds, 1_000.0 * seconds)
    assert growth.slope == pytest.approx(1_000.0)


def test_a_window_keeps_a_few_samples_however_often_it_is_fed():
    growth = Growth(Limits(60.0, 1.0, 1.0))
    for seconds in range(10_000):
        growth.take(float(seconds) / 10, float(seconds))
    assert len(growth._samples) == SAMPLES


def test_the_share_of_the_cpu_is_an_average_over_minutes():
    share = CpuShare()
    looks = [look(at=at, cpu_seconds=15.0 if at >= 615 else 0.0) for at in range(0, 1_200, 15)]
    told = [share.take(one) for one in looks]
    assert told[:20] == [None] * 20
    assert max(one for one in told if one is not None) == pytest.approx(0.05)
    assert told[-1] == 0.0, "it is forgotten after the window"


def look(**values):
    """A reading in which only some numbers matter."""
    return Resources(**{name: values.get(name, 0) for name in Resources.__slots__})


# --- readings ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["own", "portable"])
def meter(request):
    return resource_meter() if request.param == "own" else PortableMeter()


def test_readings_tell_what_this_process_uses(meter, tmp_path):
    before = meter.read()
    kept = bytearray(os.urandom(1 << 20) * 64)
    release = threading.Event()
    threads = [threading.Thread(target=release.wait, args=(20,)) for _ in range(3)]
    files = [(tmp_path / str(number)).open("w") for number in range(5)]
    for thread in threads:
        thread.start()
    spent = time.process_time() + 0.05
    while time.process_time() < spent:
        pass
    after = meter.read()
    release.set()
    for file in files:
        file.close()
    for thread in threads:
        thread.join()
    assert after.rss_bytes - before.rss_bytes > 0.9 * len(kept)
    assert after.threads - before.threads == 3
    assert after.open_files - before.open_files >= 5
    assert 0.05 <= after.cpu_seconds - before.cpu_seconds < 10.0
    assert after.at > before.at
    assert 0 <= after.system_memory_available_bytes <= after.system_memory_bytes
    assert after.system_cpus == os.cpu_count()
    assert 0.0 <= after.system_cpu_busy_seconds <= after.system_cpu_seconds


@pytest.mark.skipif(sys.platform != "linux", reason="psutil is what other systems have")
def test_both_readings_agree():
    own, portable = resource_meter().read(), PortableMeter().read()
    assert own.rss_bytes == pytest.approx(portable.rss_bytes, rel=0.05)
    assert abs(own.open_files - portable.open_files) <= 1
    assert own.threads == portable.threads
    assert own.open_files_limit == portable.open_files_limit
    assert own.system_memory_bytes == portable.system_memory_bytes
    assert own.system_cpu_seconds == pytest.approx(portable.system_cpu_seconds, rel=0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these files")
def test_a_kernel_without_pressure_and_a_machine_under_it(tmp_path):
    from gamedetectd.platforms.resources.linux import LinuxMeter

    files = {
        "self/stat": f"1 (a) b) {' '.join(['0'] * 17)} 12 0 0 0 2500 {' '.join(['0'] * 28)}\n",
        "meminfo": "MemTotal:       1000 kB\nMemFree:         10 kB\nBuffers: 1 kB\n",
        "stat": "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1\n",
        "self/fd/0": "", "self/fd/1": "",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    plain = LinuxMeter(str(tmp_path)).read()
    assert (plain.threads, plain.rss_bytes) == (12, 2500 * os.sysconf("SC_PAGE_SIZE"))
    assert plain.open_files == 1, "the listing's own is left out"
    assert plain.system_memory_available_bytes == 10 * 1024
    ticks = os.sysconf("SC_CLK_TCK")
    assert (plain.system_cpu_busy_seconds, plain.system_cpu_seconds) == (200 / ticks, 1000 / ticks)
    assert (plain.cpu_pressure, plain.memory_pressure, plain.memory_stall, plain.io_pressure) == (None,) * 4
    (tmp_path / "pressure").mkdir()
    for name in ("cpu", "memory", "io"):
        text = "some avg10=1.00 avg60=62.50 avg300=1.00 total=5\nfull avg10=0.00 avg60=12.00 avg300=0.00 total=5\n"
        (tmp_path / "pressure" / name).write_text(text)
    strained = LinuxMeter(str(tmp_path)).read()
    assert (strained.cpu_pressure, strained.memory_pressure, strained.memory_stall) == (0.625, 0.625, 0.12)
    with pytest.raises(OSError, match="self/stat"):
        LinuxMeter(str(tmp_path / "nowhere")).read()


# --- histogram --------------------------------------------------------------------------------------------------------


def test_a_histogram_counts_up_to_each_bound():
    histogram = Histogram((1.0, 2.0, 4.0))
    assert histogram.look().count == 0
    assert histogram.look().quantile(0.5) == 0.0
    for value in (0.5, 1.0, 1.5, 3.0, 100.0):
        histogram.observe(value)
    told = histogram.look()
    assert told.counts == (2, 3, 4, 5)
    assert (told.count, told.sum) == (5, 106.0)
    assert [told.quantile(share) for share in (0.0, 0.4, 0.5, 0.8, 1.0)] == [1.0, 1.0, 2.0, 4.0, math.inf]
    histogram.observe(1.5)
    lately = histogram.look().since(told)
    assert (lately.counts, lately.sum) == ((0, 1, 1, 1), 1.5)


def test_a_histogram_loses_nothing_to_many_threads():
    histogram = Histogram()
    threads = [threading.Thread(target=lambda: [histogram.observe(0.01) for _ in range(5_000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert histogram.look().count == 20_000
    assert histogram.look().sum == pytest.approx(200.0)


# --- the time zone ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its zone elsewhere")
def test_the_zone_is_the_same_in_summer_and_winter_and_another_after_a_journey(tmp_path, monkeypatch):
    local = tmp_path / "localtime"
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(zones, "LOCALTIME", local)
    assert zones.zone() == "UTC", "without one it is UTC"
    local.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert zones.zone() == "Europe/Berlin"
    local.unlink()
    local.write_bytes(b"TZif2\0\xff\nCET-1CEST,M3.5.0,M10.5.0/3\n")
    assert zones.zone() == "CET-1CEST,M3.5.0,M10.5.0/3"
    local.write_bytes(b"")
    assert zones.zone() == "UTC"
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert zones.zone() == "Asia/Tokyo"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no TZ files to change")
def test_times_are_shown_in_the_new_zone():
    script = (
        "import os, time; from gamedetectd.platforms.clock.zone import reread_zone; os.environ['TZ'] = 'UTC'; "
        "reread_zone(); before = time.localtime(0).tm_hour; os.environ['TZ'] = 'JST-9'; reread_zone(); "
        "print(before, time.localtime(0).tm_hour)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.split() == ["0", "9"]


def test_this_machine_has_a_zone():
    assert zones.zone()
    zones.reread_zone()
