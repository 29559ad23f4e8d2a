"""The psutil reader tells the same story as the system's own, as far as psutil knows."""

import os
import subprocess
import sys
import time

import psutil
import pytest
from real_programs import eventually

from gamedetectd.domain import ProcessKey
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.processes import portable
from gamedetectd.platforms.processes.portable import PortableProcesses

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a reader of its own")

BOOT = "boot"


@pytest.fixture
def table():
    return PortableProcesses(BOOT, system_clock())


@pytest.fixture
def child():
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", "é"],
        env={**os.environ, "SteamAppId": "620", "KEY": "hush"},
    )
    yield process
    process.kill()
    process.wait()


def test_a_process_is_read_as_it_was_started(table, child):
    before = system_clock().now().elapsed
    info = eventually(lambda: (seen := table.read(child.pid)) and seen.argv[-1:] == ("é",) and seen)
    assert (info.pid, info.key.boot_id, info.parent_pid) == (child.pid, BOOT, os.getpid())
    assert info.exe == os.path.realpath(sys.executable)
    assert info.exe == table.exe_path(child.pid)
    assert info.cwd == os.path.realpath(".")
    assert info.environment["SteamAppId"] == "620"
    assert "hush" not in repr(info)
    assert info.started_elapsed == pytest.approx(before, abs=3)
    assert child.pid in table.pids()
    assert table.turnover() is None


def test_its_key_is_the_same_at_every_look_and_dies_with_it(table, child):
    key = table.read(child.pid).key
    assert table.read(child.pid).key == key
    assert table.alive(key)
    assert not table.alive(ProcessKey("another boot", key.pid, key.start_ticks))
    assert not table.alive(ProcessKey(BOOT, key.pid, key.start_ticks - 10 * portable.TICKS_PER_SECOND))
    child.kill()
    eventually(lambda: not table.alive(key))
    assert table.read(child.pid) is None
    child.wait()
    assert table.read(child.pid) is None
    assert table.exe_path(child.pid) is None
    assert child.pid not in table.pids()


def test_keys_that_waver_by_a_tick_count_as_one_and_a_later_start_as_another(table, child, monkeypatch):
    started = psutil.Process(child.pid).create_time()
    for offset, same in ((0.0, True), (0.01, True), (-0.9, True), (30.0, False)):
        first = table.read(child.pid).key
        monkeypatch.setattr(psutil.Process, "create_time", lambda _self, offset=offset: started + offset)
        assert (table.read(child.pid).key == first) is same


def test_what_the_system_refuses_is_left_out(table, child, monkeypatch):
    def refuse(_self):
        raise psutil.AccessDenied

    for name in ("exe", "cwd", "environ", "username", "cmdline"):
        monkeypatch.setattr(psutil.Process, name, refuse)
    info = table.read(child.pid)
    assert (info.exe, info.cwd, info.user, info.argv, info.environment) == (None, None, None, (), {})
    monkeypatch.setattr(psutil.Process, "status", refuse)
    assert table.alive(info.key)


def test_arguments_are_bounded_and_always_valid_text(table, child, monkeypatch):
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _self: ["a\udcff", "x" * 100_000, "lost"])
    argv = table.read(child.pid).argv
    assert argv[0] == r"a\udcff"
    assert len(argv) == 2
    assert len(argv[1]) < 65536


def test_reading_everything_never_fails(table):
    begun = time.monotonic()
    assert any(table.read(pid) is not None for pid in table.pids())
    assert time.monotonic() - begun < 30
