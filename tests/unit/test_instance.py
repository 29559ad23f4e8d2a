"""Only one daemon at a time: the second says who runs, and whatever a dead one left behind is no obstacle."""

import contextlib
import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from gamedetectd.control import instance
from gamedetectd.control.instance import Holder, acquire, holder
from gamedetectd.domain import ProcessKey
from gamedetectd.errors import AlreadyRunningError, ControlError, PermissionsError
from gamedetectd.paths import Paths
from gamedetectd.platforms import file_lock

KEY = ProcessKey("boot", os.getpid(), 4711)
SINCE = 1_700_000_000.0

HOLD = """
import sys, time
from pathlib import Path
from gamedetectd.control import instance
from gamedetectd.control.instance import acquire
from gamedetectd.domain import ProcessKey
from gamedetectd.paths import Paths
lock = acquire(Paths.below(Path(sys.argv[1])), ProcessKey("boot", 99, 1), 1_700_000_000.0)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path)


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate(timeout=5)


def test_the_lock_says_who_holds_it(paths):
    with acquire(paths, KEY, SINCE):
        found = holder(paths)
        assert (found.key, found.started_at) == (KEY, SINCE)
    assert holder(paths) is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_the_lock_is_for_our_eyes_only(paths):
    with acquire(paths, KEY, SINCE):
        assert stat.S_IMODE(paths.lock_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(paths.runtime.stat().st_mode) == 0o700


def test_the_second_is_told_who_runs_since_when_and_what_to_do(paths, other):
    with pytest.raises(AlreadyRunningError) as caught:
        acquire(paths, KEY, SINCE)
    assert "process 99 since 2023-11-1" in caught.value.cause
    assert "gamedetectd stop" in caught.value.remedy


def test_a_second_within_one_process_is_refused_too(paths):
    with acquire(paths, KEY, SINCE), pytest.raises(AlreadyRunningError):
        acquire(paths, KEY, SINCE)


def test_kill_9_frees_the_lock(paths, other):
    other.kill()
    other.wait(5)
    with acquire(paths, KEY, SINCE):
        assert holder(paths).pid == os.getpid()


def test_released_is_free(paths):
    for _ in range(3):
        lock = acquire(paths, KEY, SINCE)
        lock.release()
        lock.release()


@pytest.mark.parametrize(
    "left_behind",
    [
        b"",
        b"\0" * 5000,
        b"{",
        b"[" * 4000,
        b'{"pid": "x"}',
        b'{"pid": 1, "started_at": 1e300, "version": "1"}',
        b"\xff",
    ],
)
def test_garbage_left_in_the_file_changes_nothing(paths, left_behind):
    paths.runtime.mkdir(mode=0o700)
    paths.lock_file.write_bytes(left_behind)
    paths.lock_file.chmod(0o600)
    assert holder(paths) is None
    with acquire(paths, KEY, SINCE):
        assert holder(paths).pid == os.getpid()
        paths.lock_file.write_bytes(left_behind)
        with pytest.raises(AlreadyRunningError, match="gamedetectd stop"):
            acquire(paths, KEY, SINCE)


def test_a_killed_daemons_entry_is_no_daemon_even_if_its_pid_lives_again(paths):
    paths.runtime.mkdir(mode=0o700)
    paths.lock_file.write_text(f'{{"pid": {os.getpid()}, "started_at": 1.0, "version": "0"}}')
    with acquire(paths, KEY, SINCE):
        assert holder(paths) == Holder(KEY.pid, SINCE, holder(paths).version, "boot", 4711)


@pytest.mark.skipif(sys.platform == "win32", reason="fork is a POSIX call")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_does_not_keep_the_lock(paths):
    lock = acquire(paths, KEY, SINCE)
    ready, say_ready = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(say_ready, b"!")
        time.sleep(30)
        os._exit(0)
    try:
        os.read(ready, 1)
        lock.close()  # what the kernel does when we are killed: the lock stays with whoever else holds the file open
        acquire(paths, KEY, SINCE).release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(say_ready)


def test_a_child_program_does_not_keep_the_lock(paths):
    lock = acquire(paths, KEY, SINCE)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    try:
        lock.release()
        acquire(paths, KEY, SINCE).release()
    finally:
        child.communicate(timeout=5)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed on Windows")
def test_a_removed_lock_file_does_not_make_two_daemons_hold_the_same_name(paths, other):
    paths.lock_file.unlink()
    with acquire(paths, KEY, SINCE):
        assert holder(paths).pid == os.getpid()
        with pytest.raises(AlreadyRunningError):
            acquire(paths, KEY, SINCE)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed on Windows")
@pytest.mark.parametrize(("removals", "outcome"), [(3, contextlib.nullcontext()), (99, pytest.raises(ControlError))])
def test_a_lock_file_removed_while_it_is_being_locked(paths, monkeypatch, removals, outcome):
    lock, left = instance.lock, iter(range(removals))

    def remove_first(descriptor):
        if next(left, None) is not None:
            paths.lock_file.unlink()
        return lock(descriptor)

    monkeypatch.setattr(instance, "lock", remove_first)
    with outcome, acquire(paths, KEY, SINCE):
        assert holder(paths).pid == os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_a_disk_without_locks_is_explained(paths, monkeypatch):
    def no_locks(_descriptor, _operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(file_lock.fcntl, "flock", no_locks)
    with pytest.raises(ControlError, match="No locks available"):
        acquire(paths, KEY, SINCE)


@pytest.mark.skipif(sys.platform == "win32", reason="/dev/full")
def test_a_full_disk_is_explained(paths, monkeypatch):
    def full(_descriptor, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(instance.os, "write", full)
    with pytest.raises(ControlError, match="No space left"):
        acquire(paths, KEY, SINCE)
    monkeypatch.undo()
    acquire(paths, KEY, SINCE).release()


def _link(paths, victim):
    paths.lock_file.symlink_to(victim)


def _pipe(paths, _victim):
    os.mkfifo(paths.lock_file)


def _writable(paths, _victim):
    paths.lock_file.touch()
    paths.lock_file.chmod(0o666)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
@pytest.mark.parametrize("trap", [_link, _pipe, _writable])
def test_a_trap_in_place_of_the_lock_file_is_refused_and_its_victim_untouched(paths, tmp_path, trap):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    paths.runtime.mkdir(mode=0o700)
    trap(paths, victim)
    with pytest.raises(PermissionsError):
        acquire(paths, KEY, SINCE)
    assert victim.read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX owners")
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root can make files of others")
def test_a_lock_file_of_somebody_else_is_refused(paths):
    paths.runtime.mkdir(mode=0o700)
    paths.lock_file.touch()
    os.chown(paths.lock_file, 12345, 12345)
    with pytest.raises(PermissionsError, match="12345"):
        acquire(paths, KEY, SINCE)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
def test_a_lock_file_that_cannot_be_opened_is_explained(paths):
    paths.runtime.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as odd:
        odd.bind(str(paths.lock_file))
        with pytest.raises(ControlError, match=r"gamedetectd\.lock"):
            acquire(paths, KEY, SINCE)


def test_ten_at_once_leave_exactly_one(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(10)
    ]
    first_lines = []
    try:
        first_lines = [process.stdout.readline() for process in processes]
    finally:
        results = [process.communicate(timeout=10) for process in processes]
    assert first_lines.count("held\n") == 1
    assert sum("AlreadyRunningError" in stderr for _, stderr in results) == 9
