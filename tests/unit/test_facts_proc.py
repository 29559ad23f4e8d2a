"""Mapped libraries and GPU use, read from a /proc that the tests write."""

import os
import re
from pathlib import Path

import pytest
from facts_samples import chain, drm_client, proc_directory
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import Facts
from gamedetectd.facts.gpu import INTERVAL, STALE, Counter, GpuSource, busy_share, parse_fdinfo
from gamedetectd.facts.later import Later
from gamedetectd.facts.mapped import MappedSource, library_names
from gamedetectd.facts.procfs import start_ticks

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no /proc to imitate")

MAPS = """\
55d000-55e000 r--p 00000000 08:01 123 /opt/game/game
7f0000-7f1000 r-xp 00000000 08:01 124 /usr/lib/x86_64-linux-gnu/libSDL2-2.0.so.0.2600.5
7f1000-7f2000 r--p 00000000 08:01 124 /usr/lib/x86_64-linux-gnu/libSDL2-2.0.so.0.2600.5
7f2000-7f3000 r--p 00000000 08:01 125 /opt/my game/lib/libsteam_api.so (deleted)
7f3000-7f4000 r--p 00000000 08:01 126 /home/me/.wine/drive_c/windows/system32/d3d11.DLL
7f4000-7f5000 rw-p 00000000 00:00 0 [heap]
7f5000-7f6000 rw-s 00000000 00:05 99 /memfd:pulseaudio (deleted)
7f6000-7f7000 r--p 00000000 08:01 127 /usr/share/fonts/x.solid
"""
LIBRARIES = {"libSDL2-2.0.so.0.2600.5", "libsteam_api.so", "d3d11.DLL"}


def test_libraries_are_named(tmp_path):
    proc_directory(tmp_path, 100, maps=MAPS)
    assert MappedSource(str(tmp_path)).gather(chain(("/opt/game/game",))).mapped == LIBRARIES


def test_a_pid_used_again_tells_nothing(tmp_path):
    proc_directory(tmp_path, 100, ticks=2, maps=MAPS)
    facts = chain(("/opt/game/game",))
    assert MappedSource(str(tmp_path)).gather(facts) is facts


def test_a_vanished_process_and_no_process_tell_nothing(tmp_path):
    for facts in (chain(("/opt/game/game",)), Facts()):
        assert MappedSource(str(tmp_path)).gather(facts) is facts
        assert GpuSource(str(tmp_path)).gather(facts) is facts


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="this system has no /proc")
def test_our_own_libraries_are_there():
    pid = os.getpid()
    names = library_names(Path("/proc/self/maps").read_bytes())
    assert any(re.match(r"libc[.-]", name) for name in names)
    assert start_ticks("/proc", pid)


def test_a_million_mappings_stay_bounded():
    maps = b"".join(b"7f-80 r--p 0 0 1 /x/lib%d.so\n" % number for number in range(100_000))
    assert len(library_names(maps)) == 2_000


@pytest.mark.parametrize(
    ("stat", "ticks"),
    [
        (b"5 (a) S 1 " + b"0 " * 17 + b"77 0\n", 77),
        (b"5 (a) b (c) S) S 1 " + b"0 " * 17 + b"77 0\n", 77),
        (b"5 (a) S 1", None),
        (b"", None),
        (b"garbage", None),
    ],
)
def test_the_start_of_a_process(tmp_path, stat, ticks):
    proc_directory(tmp_path, 5)
    (tmp_path / "5" / "stat").write_bytes(stat)
    assert start_ticks(str(tmp_path), 5) == ticks


def test_a_process_that_is_gone_has_no_start(tmp_path):
    assert start_ticks(str(tmp_path), 5) is None


# --- graphics ---------------------------------------------------------------------------------------------------------


def amdgpu(gfx, client=7):
    return (
        f"pos:\t0\nflags:\t02100002\ndrm-driver:\tamdgpu\ndrm-client-id:\t{client}\ndrm-pdev:\t0000:0b:00.0\n"
        f"drm-memory-vram:\t100 KiB\ndrm-engine-gfx:\t{gfx} ns\ndrm-engine-dec:\t{gfx * 9} ns\n"
        "drm-engine-compute:\t0 ns\n"
    )


def i915(render, capacity=1):
    return (
        f"drm-driver: i915\ndrm-client-id: 3\ndrm-pdev: 0000:00:02.0\ndrm-engine-render: {render} ns\n"
        f"drm-engine-capacity-render: {capacity}\ndrm-engine-video: 999999999999 ns\ndrm-engine-capacity-video: 2\n"
    )


def xe(used, total):
    return (
        f"drm-driver:\txe\ndrm-client-id:\t4\ndrm-pdev:\t0000:03:00.0\ndrm-cycles-rcs:\t{used}\ndrm-total-cycles-rcs:\t{total}\n"
        f"drm-cycles-vcs:\t{total}\ndrm-total-cycles-vcs:\t{total}\n"
    )


SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        (amdgpu(0), amdgpu(SECOND // 2), 0.5),
        (amdgpu(5 * SECOND), amdgpu(5 * SECOND), 0.0),
        (i915(SECOND), i915(SECOND + SECOND // 4), 0.25),
        (i915(0, capacity=2), i915(SECOND, capacity=2), 0.5),
        (xe(1_000, 10_000), xe(1_300, 11_000), 0.3),
        (amdgpu(0), amdgpu(99 * SECOND), 1.0),
        (amdgpu(SECOND), amdgpu(0), 0.0),
        (xe(5, 10), xe(6, 10), 0.0),
        ("drm-client-id: 1\ndrm-engine-gpu: 0 ns\ndrm-cycles-gpu: 0\ndrm-maxfreq-gpu: 800 MHz\n",
         "drm-client-id: 1\ndrm-engine-gpu: 800000000 ns\ndrm-cycles-gpu: 9\ndrm-maxfreq-gpu: 800 MHz\n", 0.8),
        ("drm-driver: nouveau\ndrm-client-id: 1\n", "drm-driver: nouveau\ndrm-client-id: 1\n", 0.0),
    ],
)  # fmt: skip
def test_a_second_of_work_as_the_drivers_tell_it(before, after, share):
    assert busy_share(parse_fdinfo(before), parse_fdinfo(after), 1.0) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "pos: 0\nflags: 02\n", "drm-engine-gfx: 5 ns\n", "drm-client-id:\n", ":::\n\0\n"])
def test_other_descriptors_are_no_graphics(text):
    assert parse_fdinfo(text) == {}


@given(st.text(max_size=300))
def test_no_fdinfo_is_too_strange(text):
    counters = parse_fdinfo("drm-client-id: 1\ndrm-driver: x\n" + text)
    assert 0.0 <= busy_share(counters, counters, 1.0) <= 1.0


def test_clients_of_one_engine_add_up():
    first = {("d", str(client), "gfx"): Counter(0) for client in range(3)}
    second = {("d", str(client), "gfx"): Counter(SECOND // 5) for client in range(3)}
    assert busy_share(first, second, 1.0) == pytest.approx(0.6)


@pytest.fixture
def playing(tmp_path):
    """A process with two descriptors of one graphics client, a clock, and the source that reads it."""
    directory = proc_directory(tmp_path, 100)
    for descriptor in ("5", "6"):
        drm_client(directory, descriptor, amdgpu(0))
    drm_client(directory, "7", amdgpu(10**15, client=9), device="/dev/null")
    now = [50.0]

    class Playing:
        source = GpuSource(str(tmp_path), monotonic=lambda: now[0])
        facts = chain(("/opt/game/game",))

        def work(self, seconds, nanoseconds):
            now[0] += seconds
            for descriptor in ("5", "6"):
                drm_client(directory, descriptor, amdgpu(nanoseconds))

        def ask(self):
            return self.source.gather(self.facts)

    return Playing()


def test_two_looks_a_second_apart_tell_how_busy_it_is(playing):
    with pytest.raises(Later) as first:
        playing.ask()
    assert first.value.seconds == INTERVAL
    playing.work(0.4, SECOND // 10)
    with pytest.raises(Later) as early:
        playing.ask()
    assert early.value.seconds == pytest.approx(0.6)
    playing.work(0.8, 6 * SECOND // 10)
    assert playing.ask().gpu == pytest.approx(0.5), "the same client behind two descriptors counts once"


def test_an_old_look_does_not_count(playing):
    with pytest.raises(Later):
        playing.ask()
    playing.work(STALE + 1, SECOND)
    with pytest.raises(Later):
        playing.ask()


def test_a_process_that_ends_between_the_looks_tells_nothing(playing, tmp_path):
    with pytest.raises(Later):
        playing.ask()
    playing.work(INTERVAL, SECOND)
    (tmp_path / "100" / "stat").write_bytes(b"100 (other) S 1 " + b"0 " * 17 + b"9 0\n")
    assert playing.ask() is playing.facts
    assert not playing.source._readings


def test_first_looks_are_not_kept_for_ever(tmp_path):
    drm_client(proc_directory(tmp_path, 100), "5", amdgpu(0))
    source = GpuSource(str(tmp_path), monotonic=lambda: 0.0)
    for number in range(300):
        (tmp_path / "100" / "stat").write_bytes(b"100 (x) S 1 " + b"0 " * 17 + b"%d 0\n" % number)
        with pytest.raises(Later):
            source.gather(chain(("/opt/game/game",), ticks=number))
    assert len(source._readings) == 256
