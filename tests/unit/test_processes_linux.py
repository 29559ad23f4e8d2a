"""Real processes as Linux shows them: odd arguments, other users, removed programs, and entries that vanish."""

import getpass
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_programs import eventually

from gamedetectd.domain import ProcessKey
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.processes.linux import LinuxProcesses
from gamedetectd.platforms.processes.portable import PortableProcesses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

BOOT = "boot"


@pytest.fixture
def table():
    return LinuxProcesses(BOOT)


def test_this_system_gets_the_reader_made_for_it():
    assert isinstance(process_table(boot_id(), system_clock()), LinuxProcesses)


def test_another_system_gets_the_reader_for_all(monkeypatch):
    clock = system_clock()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(process_table("boot", clock), PortableProcesses)


def test_a_process_is_read_as_it_was_started(table, spawn, tmp_path):
    clock = system_clock()
    before = clock.now().elapsed
    process = spawn("sleep", "60", cwd=tmp_path, env={"SteamAppId": "620", "PRIVATE_TOKEN": "hush"})
    after = clock.now().elapsed
    info = eventually(lambda: (seen := table.read(process.pid)) and seen.comm == "sleep" and seen)
    assert info.key == ProcessKey(BOOT, process.pid, info.key.start_ticks)
    assert info.parent_pid == os.getpid()
    assert info.exe == os.path.realpath(shutil.which("sleep"))
    assert info.argv[1:] == ("60",)
    assert info.cwd == str(tmp_path)
    assert info.user == getpass.getuser()
    assert info.environment["SteamAppId"] == "620"
    assert "hush" not in repr(info)
    assert before - 0.011 <= info.started_elapsed <= after
    assert table.exe_path(process.pid) == info.exe
    assert process.pid in table.pids()
    assert table.alive(info.key)


@pytest.mark.parametrize(
    ("argument", "read"),
    [
        (b"two\nlines", "two\nlines"),
        (b"\x1b[31mred", "\x1b[31mred"),
        (b"caf\xe9 \xff", r"caf\xe9 \xff"),
        ("é🎮".encode(), "é🎮"),
        (b"x" * 100_000, "x" * (65536 - len(b"python\0-c\0import time; time.sleep(60)\0"))),
    ],
    ids=["newline", "escape", "not UTF-8", "UTF-8", "huge"],
)
def test_odd_arguments(table, argument, read):
    child = subprocess.Popen([b"python", b"-c", b"import time; time.sleep(60)", argument], executable=sys.executable)
    try:
        info = eventually(lambda: (seen := table.read(child.pid)) and len(seen.argv) == 4 and seen)
        assert info.argv[3] == read
    finally:
        child.kill()
        child.wait()


def test_a_megabyte_of_arguments_and_environment_is_read_quickly(table):
    arguments = [b"x" * 120_000] * 8
    child = subprocess.Popen(
        [sys.executable.encode(), b"-c", b"import time; time.sleep(60)", *arguments],
        env={"BIG": "y" * 120_000, "SteamAppId": "620"},
    )
    try:
        eventually(lambda: (seen := table.read(child.pid)) and seen.environment)
        begun = time.perf_counter()
        info = table.read(child.pid)
        assert time.perf_counter() - begun < 0.1
        assert sum(len(argument) for argument in info.argv) <= 65536
        assert info.environment["SteamAppId"] == "620"
    finally:
        child.kill()
        child.wait()


def test_a_name_with_brackets_and_newlines_does_not_shift_the_other_fields(table, spawn, tmp_path):
    odd = tmp_path / "a) R 1\n("
    shutil.copy(os.path.realpath(shutil.which("sleep")), odd)
    process = spawn(str(odd), "60")
    info = eventually(lambda: (seen := table.read(process.pid)) and seen.exe == str(odd) and seen)
    assert info.comm == odd.name
    assert info.parent_pid == os.getpid()


def test_a_program_that_was_removed_keeps_its_path(table, spawn, tmp_path):
    game = tmp_path / "game"
    shutil.copy(os.path.realpath(shutil.which("sleep")), game)
    process = spawn(str(game), "60")
    eventually(lambda: table.exe_path(process.pid) == str(game))
    game.unlink()
    assert str(Path(f"/proc/{process.pid}/exe").readlink()).endswith(" (deleted)")
    assert table.exe_path(process.pid) == str(game)
    assert table.read(process.pid).exe == str(game)


def test_a_program_whose_name_ends_like_a_removed_one_keeps_its_name(table, spawn, tmp_path):
    game = tmp_path / "game (deleted)"
    shutil.copy(os.path.realpath(shutil.which("sleep")), game)
    process = spawn(str(game), "60")
    assert eventually(lambda: (path := table.exe_path(process.pid)) and path.startswith(str(tmp_path)) and path) == str(
        game
    )


def test_an_ended_process_is_nobody_from_its_death_on(table):
    child = subprocess.Popen(["sleep", "60"])
    info = eventually(lambda: table.read(child.pid))
    child.kill()
    eventually(lambda: Path(f"/proc/{child.pid}/stat").read_text().split()[2] == "Z", what="becoming a zombie")
    assert not table.alive(info.key)
    assert table.read(child.pid) is None
    child.wait()
    assert not table.alive(info.key)
    assert table.read(child.pid) is None
    assert table.exe_path(child.pid) is None


def test_a_reused_pid_is_another_process(table, spawn):
    process = spawn("sleep", "60")
    key = table.read(process.pid).key
    assert not table.alive(ProcessKey(BOOT, key.pid, key.start_ticks - 1))
    assert not table.alive(ProcessKey("another boot", key.pid, key.start_ticks))


def test_kernel_threads_are_no_programs(table):
    if "kthreadd" not in Path("/proc/2/stat").read_text():
        pytest.skip("a container does not show kernel threads")
    assert table.read(2) is None


def test_the_turnover_changes_with_every_start_and_stays_otherwise(table):
    before = table.turnover()
    subprocess.run(["true"], check=True)
    assert table.turnover() != before


def test_a_process_whose_first_thread_has_ended_still_runs(table):
    code = (
        "import ctypes, os, threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(60), os._exit(0))).start()\n"
        "ctypes.CDLL(None).syscall(60, 0)\n"
    )
    if os.uname().machine != "x86_64":
        pytest.skip("the number of the system call exit is that of x86-64")
    child = subprocess.Popen([sys.executable, "-c", code])
    try:
        key = eventually(lambda: table.read(child.pid)).key
        eventually(lambda: Path(f"/proc/{child.pid}/stat").read_text().split()[2] == "Z")
        assert table.alive(key)
        assert table.read(child.pid) is None, "nothing is left to read, though it lives"
    finally:
        child.kill()
        child.wait()


def fake(root, pid="7", **files):
    folder = root / pid
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return LinuxProcesses(BOOT, root)


STAT = b"7 (game) S 1 1 1 0 -1 4194560 9 0 0 0 5 3 0 0 20 0 1 0 250 0 0"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, False),
        ({"stat": b""}, False),
        ({"stat": b"rubbish"}, False),
        ({"stat": STAT}, False),
        ({"stat": STAT, "cmdline": b"game\0"}, True),
        ({"stat": STAT, "cmdline": b"game\0", "status": b"rubbish", "environ": b"\xff" * 9}, True),
    ],
    ids=["empty", "no stat", "broken stat", "vanishes after stat", "nothing but arguments", "rubbish elsewhere"],
)
def test_entries_that_vanish_or_break_while_they_are_read(tmp_path, files, found):
    info = fake(tmp_path, **files).read(7)
    assert (info is not None) is found
    if info is not None:
        assert (info.argv, info.exe, info.cwd, info.user, info.environment) == (("game",), None, None, None, {})


def test_a_process_that_is_not_there(tmp_path):
    table = fake(tmp_path)
    assert table.read(8) is None
    assert table.exe_path(8) is None
    assert table.turnover() is None
    assert not table.alive(ProcessKey(BOOT, 8, 1))
    assert list(table.pids()) == [7]


def test_an_account_without_a_name_is_its_number(tmp_path):
    status = b"Uid:\t" + b"\t".join([b"4123456789"] * 4) + b"\n"
    table = fake(tmp_path, stat=STAT, cmdline=b"game\0", status=status)
    assert table.read(7).user == "4123456789"


def test_reading_while_processes_come_and_go_never_fails(table):
    children = []
    try:
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            children.append(subprocess.Popen(["true"]))
            table.read(children[-1].pid)
            table.exe_path(children[-1].pid)
            if len(children) % 20 == 0:
                for pid in table.pids():
                    table.read(pid)
    finally:
        for child in children:
            child.wait()
    assert len(children) > 20


AS_NOBODY = """
import os, sys
from gamedetectd.platforms.processes.linux import LinuxProcesses
from gamedetectd.platforms.processes.portable import PortableProcesses
table = LinuxProcesses("boot")
table.read(os.getpid())
os.setgroups([]); os.setgid(65534); os.setuid(65534)
info = table.read(int(sys.argv[1]))
print(info.exe, info.cwd, dict(info.environment), info.user, info.comm, info.argv[-1], table.alive(info.key))
"""


def test_of_another_users_process_what_the_system_tells_is_there(spawn):
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    process = spawn("sleep", "60", env={"SteamAppId": "620"})
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(process.pid)], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.split() == ["None", "None", "{}", "root", "sleep", "60", "True"]
    process.send_signal(signal.SIGTERM)
