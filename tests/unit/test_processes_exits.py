"""Single exits are seen at once, with a bounded number of descriptors."""

import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gamedetectd.domain import ProcessKey
from gamedetectd.platforms.processes import exits as module
from gamedetectd.platforms.processes.exits import ExitWatch
from gamedetectd.platforms.processes.linux import LinuxProcesses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pidfds are Linux's")


@pytest.fixture
def table():
    return LinuxProcesses("boot")


@pytest.fixture
def watch(table):
    watch = ExitWatch(table.alive)
    yield watch
    watch.close()


@pytest.fixture
def sleepers(spawn, table):
    """``sleepers(3)`` gives that many sleeping processes with their keys."""

    def start(number):
        started = [spawn("sleep", "60") for _ in range(number)]
        return [(process, table.read(process.pid).key) for process in started]

    return start


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_exit_is_seen_at_once(watch, sleepers):
    (process, key), (_, other) = sleepers(2)
    assert watch.add(key)
    assert watch.add(other)
    assert select.select(watch.readers(), [], [], 0)[0] == []
    process.kill()
    killed = time.monotonic()
    ready = select.select(watch.readers(), [], [], 2)[0]
    assert time.monotonic() - killed < 0.5
    assert watch.take(ready) == [key]
    assert len(watch.readers()) == 1


def test_a_process_is_watched_once(watch, sleepers):
    ((_, key),) = sleepers(1)
    assert watch.add(key)
    assert watch.add(key)
    assert len(watch.readers()) == 1


def test_who_has_ended_or_lost_its_pid_is_not_watched(watch, sleepers):
    before = descriptors()
    ((process, key),) = sleepers(1)
    assert not watch.add(ProcessKey(key.boot_id, key.pid, key.start_ticks - 1))
    process.kill()
    process.wait()
    assert not watch.add(key)
    assert descriptors() == before


def test_a_pid_that_changed_hands_is_watched_for_its_new_owner(watch, sleepers):
    ((_, key),) = sleepers(1)
    old = ProcessKey(key.boot_id, key.pid, key.start_ticks - 1)
    watch._alive = lambda _key: True
    assert watch.add(old)
    assert watch.add(key)
    assert [held for held, _ in watch._held.values()] == [key]


def test_the_number_of_descriptors_is_bounded_and_the_kept_ones_stay(watch, sleepers, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    before = descriptors()
    keys = [key for _, key in sleepers(5)]
    kept = frozenset(keys[:2])
    assert all(watch.add(key, kept) for key in keys)
    assert {key for key, _ in watch._held.values()} == {keys[0], keys[1], keys[4]}
    assert descriptors() == before + 3
    assert not watch.add(keys[2], frozenset(keys))
    watch.close()
    assert descriptors() == before


def test_a_descriptor_select_cannot_take_is_not_used(watch, sleepers, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_DESCRIPTOR", 2)
    before = descriptors()
    ((_, key),) = sleepers(1)
    assert not watch.add(key)
    assert descriptors() == before


def test_forgetting_an_unknown_process_does_no_harm(watch):
    watch.discard(1)
    assert watch.take([3, 4]) == []
    subprocess.run(["true"], check=True)
