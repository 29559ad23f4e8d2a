"""The kernel's process events: only exec, exit and renaming of whole processes, and only where they can be trusted."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from real_programs import eventually, find_program

from gamedetectd.platforms.processes import events as module
from gamedetectd.platforms.processes.events import (
    COMM,
    EXEC,
    EXIT,
    Batch,
    EventsUnavailableError,
    open_process_events,
)

PROBE = """
from gamedetectd.platforms.processes.events import EventsUnavailableError, open_process_events
try:
    open_process_events().close()
    print("events")
except EventsUnavailableError as error:
    print(error)
"""


@pytest.fixture
def events():
    try:
        opened = open_process_events()
    except EventsUnavailableError as error:
        pytest.skip(str(error))
    yield opened
    opened.close()


def gather(events, seconds):
    time.sleep(seconds)
    return events.drain()


@pytest.mark.parametrize(
    ("messages", "begun", "renamed", "exits"),
    [
        ([(EXEC, 5, 10)], [5], [], {}),
        ([(EXEC, 5, 10), (EXIT, 5, 2_000_000_000)], [], [], {5: 2.0}),
        ([(EXIT, 5, 1_000_000_000), (EXEC, 5, 10)], [5], [], {5: 1.0}),
        ([(EXIT, 5, 1_000_000_000), (EXEC, 5, 10), (EXIT, 5, 3_000_000_000)], [], [], {5: 1.0}),
        ([(EXEC, 7, 1), (EXEC, 5, 2), (EXEC, 7, 3)], [7, 5], [], {}),
        ([(COMM, 5, 1), (COMM, 6, 1), (EXIT, 6, 0)], [], [5], {6: 0.0}),
        ([(0, 5, 1), (0x40, 5, 1)], [], [], {}),
    ],
    ids=["exec", "short life", "exit then reuse", "reuse and exit", "order", "renamed", "others"],
)
def test_only_the_outcome_counts(messages, begun, renamed, exits):
    batch = Batch()
    for message in messages:
        batch.add(*message)
    assert (list(batch.begun), list(batch.renamed), batch.exits) == (begun, renamed, exits)


def test_a_program_is_announced_and_its_exit_is_stamped_by_the_kernel(events):
    child = subprocess.Popen(["sleep", "60"])
    assert child.pid in gather(events, 0.05).begun
    before = time.monotonic()
    child.kill()
    child.wait()
    after = time.monotonic()
    assert before <= gather(events, 0.05).exits[child.pid] <= after


def test_threads_and_bare_forks_wake_nobody(events):
    code = (
        "import os, threading, time\n"
        "ids = []\n"
        "input()\n"
        "for _ in range(200):\n"
        "    thread = threading.Thread(target=time.sleep, args=(0.001,)); thread.start()\n"
        "    ids.append(thread.native_id); thread.join()\n"
        "child = os.fork()\n"
        "if not child: time.sleep(60)\n"
        "print(child, *ids, flush=True)\n"
        "input()\n"
        "os.kill(child, 9); os.waitpid(child, 0)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as busy:
        eventually(lambda: busy.pid in events.drain().begun)
        busy.stdin.write("\n")
        busy.stdin.flush()
        forked, *threads = map(int, busy.stdout.readline().split())
        batch = gather(events, 0.05)
        assert forked not in batch.begun
        assert busy.pid not in {*batch.begun, *batch.exits}
        assert len(threads) == 200
        assert not batch.exits.keys() & set(threads)
        busy.stdin.write("\n")
        busy.stdin.flush()
        assert busy.wait(10) == 0
    batch = gather(events, 0.05)
    assert {forked, busy.pid} <= batch.exits.keys()


def test_a_process_that_renames_itself_is_announced_and_its_threads_are_not(events):
    threading.Thread(target=lambda: Path("/proc/thread-self/comm").write_text("worker")).start()
    assert os.getpid() not in gather(events, 0.05).renamed
    comm = Path("/proc/self/comm")
    comm.write_text(comm.read_text().strip())
    assert os.getpid() in gather(events, 0.05).renamed


def test_lost_messages_are_admitted(monkeypatch):
    monkeypatch.setattr(module, "BUFFER_BYTES", 1)
    try:
        events = open_process_events()
    except EventsUnavailableError as error:
        pytest.skip(str(error))
    for _ in range(30):
        subprocess.run(["true"], check=True)
    assert events.drain().lost
    assert not events.drain().lost
    events.close()


def test_a_storm_cannot_hold_the_reader_for_ever(events, monkeypatch):
    monkeypatch.setattr(module, "MOST_PER_LOOK", 1)
    subprocess.run(["true"], check=True)
    seen = 0
    until = time.monotonic() + 2
    while select.select([events], [], [], 0)[0] and time.monotonic() < until:
        batch = events.drain()
        seen += 1
        assert len({*batch.begun, *batch.exits, *batch.renamed}) <= 1
    assert seen >= 2


@pytest.mark.parametrize(
    "confine",
    [["unshare", "--pid", "--fork", "--mount-proc"], ["unshare", "--net"]],
    ids=["process ids of its own", "a network of its own"],
)
def test_a_container_is_recognised(confine):
    if os.getuid() != 0:
        pytest.skip("only root can make namespaces here")
    find_program("unshare")
    done = subprocess.run([*confine, sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=30)
    if done.returncode != 0 and "unshare" in done.stderr:
        pytest.skip(f"no namespaces here: {done.stderr.strip()}")
    assert done.stdout != "events\n"
    assert done.stdout.endswith(".\n")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(1, "Operation not permitted"), "(Operation not permitted)"),
        (OSError(93, "Protocol not supported"), "(Protocol not supported)"),
    ],
)
def test_a_kernel_that_refuses_is_quoted(monkeypatch, error, sentence):
    def refuse(*_arguments):
        raise error

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(EventsUnavailableError, match="refuses process events") as caught:
        open_process_events()
    assert sentence in str(caught.value)


def test_a_read_only_proc_is_named(monkeypatch):
    def refuse(*_arguments):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(EventsUnavailableError, match=r"read-only|refuses"):
        open_process_events()


def test_a_smaller_buffer_will_do_where_the_large_one_is_refused(monkeypatch):
    real = socket.socket.setsockopt

    def refuse_force(self, level, option, value):
        if option == module.SO_RCVBUFFORCE:
            raise PermissionError
        real(self, level, option, value)

    monkeypatch.setattr(socket.socket, "setsockopt", refuse_force)
    try:
        open_process_events().close()
    except EventsUnavailableError as error:
        pytest.skip(str(error))
