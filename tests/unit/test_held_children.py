"""Children of ours that do everything wrong: each has its end, in time, and takes nobody with it."""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from real_programs import SLOW, eventually

from gamedetectd.platforms.children import held as held_module
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.children.held import Child, ChildError, End, Limits, run
from gamedetectd.platforms.win32 import kernel32_jobs

MODULE = "held_samples"
LIMITS = Limits(seconds=10, memory=60_000_000, output=100_000)
posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and groups are another matter on Windows")


def child(*arguments, limits=LIMITS, **options):
    return run(MODULE, arguments, limits, **options).decode()


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_child_gets_input_and_arguments_and_gives_an_answer():
    said, pid, *rest = child("answer", "a b", "ü", given="größe".encode()).split()
    assert (said, rest) == ("eßörg", ["a", "b", "ü"])
    assert int(pid) != os.getpid()


WRONG = {
    "2 GB": (["allocate"], LIMITS, End.MEMORY),
    "a little more than it may": (["allocate", "80000000"], LIMITS, End.MEMORY),
    "spins": (["spin"], Limits(1.0, 60_000_000), End.LATE),
    "spins, with more time by the clock": (["spin"], Limits(20, 60_000_000, cpu=1), End.LATE),
    "sleeps": (["sleep"], Limits(0.7, 60_000_000), End.LATE),
    "ignores every polite signal": (["ignore_the_end"], Limits(0.7, 60_000_000), End.LATE),
    "leaves a child that holds its output": (["fork"], Limits(1.0, 60_000_000), End.LATE),
    "writes endlessly": (["write_for_ever"], LIMITS, End.OUTPUT),
    "says no": (["deny"], LIMITS, End.CRASHED),
    "raises": (["fail"], LIMITS, End.CRASHED),
    "dies of a signal": (["die"], LIMITS, End.CRASHED),
    "is not there": (["no_such_thing"], LIMITS, End.CRASHED),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_child_that_does_wrong_is_ended_and_said_why(what):
    arguments, limits, end = WRONG[what]
    began = time.monotonic()
    with pytest.raises(ChildError) as told:
        run(MODULE, arguments, limits)
    assert told.value.end is end, str(told.value)
    assert time.monotonic() - began < 9
    eventually(lambda: not psutil.Process().children(), what="nothing being left")


def test_the_reason_is_a_clause_a_sentence_can_end_with():
    for arguments, limits, text in (
        (["deny"], LIMITS, "ended with exit code 3"),
        (["allocate"], LIMITS, "needed more than 60 MB of memory"),
        (["sleep"], Limits(0.5, 60_000_000), "took longer than 0.5 s"),
    ):
        with pytest.raises(OSError, match=text):
            run(MODULE, arguments, limits)


def test_it_has_as_much_memory_as_it_was_given():
    assert child("allocate", "40000000").strip() == "had it all"


@posix
def test_what_a_child_left_behind_goes_with_it():
    began = time.monotonic()
    pid = int(child("fork_quietly"))
    eventually(lambda: gone(pid), 5, "the grandchild's end")
    assert time.monotonic() - began < 9


@posix
def test_it_inherits_neither_descriptors_nor_our_process_group(tmp_path):
    with (tmp_path / "ours").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        assert len(eval(child("descriptors"))) == 4, "the three and the one that looks"
    assert child("group") == f"True {os.getpid()}\n"


def test_what_a_service_manager_says_to_us_is_not_for_children(monkeypatch):
    for name, value in {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "SHOWN": "1"}.items():
        monkeypatch.setenv(name, value)
    kept = child("environment", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "SHOWN")
    assert kept.strip() == "[None, None, None, '1']"
    assert child("environment", "MORE", environment={"MORE": "x"}).strip() == "['x']"


def test_a_frozen_programs_children_have_the_library_path_from_before():
    ours = {"LD_LIBRARY_PATH": "/opt/gamedetectd", "LD_LIBRARY_PATH_ORIG": "/usr/lib/mine", "HOME": "/h"}
    assert child_environment(ours) == {"LD_LIBRARY_PATH": "/usr/lib/mine", "HOME": "/h"}
    assert child_environment({"LD_LIBRARY_PATH": "/usr/lib/mine"}) == {"LD_LIBRARY_PATH": "/usr/lib/mine"}
    assert child_environment({"LD_LIBRARY_PATH": "/opt/gamedetectd", "_PYI_ARCHIVE_FILE": "/x"}, frozen=True) == {}


def test_a_child_that_talks_while_it_works():
    with Child(MODULE, ["lines", "5"], LIMITS) as talking:
        assert [int(line) for line in talking.lines()] == [0, 1, 2, 3, 4]
        talking.finish()
    with (
        pytest.raises(ChildError, match="printed more than 100000 bytes"),
        Child(MODULE, ["one_endless_line"], LIMITS) as talking,
    ):
        list(talking.lines())
    assert gone(talking.pid)


def test_leaving_the_block_ends_it():
    began = time.monotonic()
    with Child(MODULE, ["ignore_the_end"], LIMITS) as idle:
        assert next(idle.lines()).startswith(b"asleep")
    assert gone(idle.pid)
    assert time.monotonic() - began < 5


def test_a_child_goes_when_its_parent_is_killed():
    command = [sys.executable, "-c", "import sys, held_samples; sys.argv[1:] = ['parent']; held_samples.main()"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    try:
        pid = int(parent.stdout.readline().split()[0])
        assert not gone(pid)
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    eventually(lambda: gone(pid), 5, "the child's end")


def test_one_that_cannot_be_started_is_an_error_of_the_system(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(OSError, match=r"no/such/python|cannot find|not found"):
        child("answer")


def test_a_frozen_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    command = held_module._command(MODULE, ["x"], Limits(1.5, 1000))
    assert command[:2] == [sys.executable, "--held-child"]
    assert command[-2:] == [MODULE, "x"]
    program = [sys.executable, "-m", "gamedetectd", *command[1:-1], "lines", "2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}
    program[program.index("1000")] = "60000000"
    done = subprocess.run(program, capture_output=True, env=environment, timeout=20 * SLOW, check=True)
    assert done.stdout.split() == [b"0", b"1"]


def test_what_windows_is_told_has_the_layout_and_the_limits_it_expects():
    wanted = kernel32_jobs.limits(50_000_000, 3)
    assert ctypes.sizeof(wanted) == (144 if sys.maxsize > 2**32 else 112), "of winnt.h"
    assert wanted.basic.limit_flags == 0x2102
    assert (wanted.process_memory_limit, wanted.basic.per_process_user_time_limit) == (50_000_000, 30_000_000)
    assert kernel32_jobs.limits(None, None).basic.limit_flags == 0x2000


def test_no_child_needs_more_than_this_module_to_begin():
    """What the child imports before its module costs every child: neither the command line nor our domain."""
    code = "import sys, gamedetectd.platforms.children.entry; print([m for m in sys.modules if 'gamedetectd.' in m])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True).stdout
    assert "gamedetectd.cli" not in loaded
    assert Path(held_module.__file__).parent.name == "children"
