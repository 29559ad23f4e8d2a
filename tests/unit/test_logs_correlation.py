"""The correlation id: on every line of a chain, through threads, crashes, child processes and control requests."""

import asyncio
import io
import logging
import os
import subprocess
import sys
import threading
from collections import Counter

import pytest
from real_logs import events, log, real_log
from real_programs import eventually
from session_story import Story

from gamedetectd.control.client import Client
from gamedetectd.control.server import Server
from gamedetectd.domain import CORRELATION_VARIABLE, FactKind, Facts, SessionEvent, SessionEventKind
from gamedetectd.errors import GamedetectdError, LogError
from gamedetectd.facts.room import FactsRoom
from gamedetectd.health.monitor import HealthMonitor, Probe
from gamedetectd.health.tracker import Tracker
from gamedetectd.observability.correlation import (
    carried,
    child_environment,
    correlation,
    current_id,
    id_of,
    inherited_id,
    is_id,
    new_id,
)
from gamedetectd.observability.faults import catch_loop_faults
from gamedetectd.paths import Paths
from gamedetectd.platforms.children.held import ChildError, Limits, run
from gamedetectd.platforms.children.last_words import LONGEST, MOST_LINES, LastWords
from gamedetectd.platforms.clock import system_clock
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.worker import Worker

LIMITS = Limits(seconds=20, memory=60_000_000)
CANARY = "k4n-4ry-child"


def traces(directory):
    """How many lines have which id."""
    return Counter(event.get("trace", {}).get("id", "") for event in events(directory))


# --- blocks and exceptions --------------------------------------------------------------------------------------------


def test_an_id_holds_in_its_block_alone():
    with correlation("a" * 32) as outer:
        with correlation() as inner:
            assert current_id() == inner != outer
        assert current_id() == outer == "a" * 32
    assert current_id() == ""
    assert is_id(inner)


def test_an_exception_remembers_the_innermost_block_it_left():
    with pytest.raises(ValueError) as raised, correlation(), correlation() as inner:
        raise ValueError
    assert id_of(raised.value) == inner
    assert id_of(None) == ""


def test_an_exception_that_was_dealt_with_inside_marks_no_other():
    def fail():
        try:
            raise KeyError
        finally:
            with correlation():
                pass

    with pytest.raises(KeyError) as outer:
        fail()
    assert id_of(outer.value) == ""


def test_whoever_logs_an_exception_later_logs_it_under_its_id(tmp_path):
    with real_log(tmp_path):
        try:
            with correlation() as id_then:
                raise ValueError
        except ValueError:
            log.exception("later")
    assert traces(tmp_path) == {id_then: 1}


# --- threads ----------------------------------------------------------------------------------------------------------


def test_a_thread_gets_the_id_and_keeps_it_to_its_bitter_end(tmp_path):
    def fail(text):
        log.info(text)
        raise ValueError

    with real_log(tmp_path):
        with correlation() as started_under:
            thread = threading.Thread(target=carried(fail), args=("in the thread",))
        thread.start()
        thread.join(10)
    assert traces(tmp_path) == {started_under: 2}


def test_a_worker_that_crashes_says_so_under_the_id_of_what_it_did(tmp_path):
    ids = []

    def crash(_stop):
        with correlation() as id_then:
            ids.append(id_then)
            raise RuntimeError("oh")

    with real_log(tmp_path):
        worker = Worker("w", crash)
        worker.start()
        eventually(lambda: ids, what="the crash")
        worker.stop()
        assert worker.join(5)
    assert traces(tmp_path)[ids[0]] == 1


class _Source:
    """A source of facts that logs, and ends as it is told."""

    kind, time_limit = FactKind.GPU, 5.0

    def __init__(self, error):
        self.error = error

    def gather(self, facts):
        log.info("looking")
        if self.error is not None:
            raise self.error
        return facts


@pytest.mark.parametrize(
    ("error", "lines"), [(None, 2), (OSError("no"), 3), (RuntimeError("unforeseen"), 4)], ids=["fine", "fails", "dies"]
)
def test_facts_are_gathered_and_delivered_under_the_id_of_the_question(error, lines, tmp_path):
    with real_log(tmp_path):
        room = FactsRoom([_Source(error)], lambda _ticket, _facts: log.info("delivered"))
        worker = Worker("facts", room.run)
        worker.start()
        with correlation() as asked_under:
            room.ask("t", Facts(id="x", processes=()), [FactKind.GPU])
        eventually(lambda: room.waiting() == 0 and traces(tmp_path)[asked_under] == lines, what="the answer")
        worker.stop()
        worker.join(5)
    assert set(traces(tmp_path)) == {asked_under}


class _Refuses:
    name = "sink"

    def accept(self, event):
        log.info("offered")
        raise LogError("Full.", "Make room.")


def test_a_sink_that_fails_is_told_under_the_id_of_the_event(tmp_path):
    story = Story()
    story.play(10)
    event = SessionEvent("e", SessionEventKind.STARTED, 1.0, story.sessions[0], new_id(), 1)

    class Table:
        def cursor(self, _sink):
            return 0

        def last_number(self):
            return 1

        def pending(self, _sink, _limit, after):
            return [event] if after < 1 else []

    with real_log(tmp_path):
        worker = Worker("sink", SinkRunner(_Refuses(), Table(), lambda *_: None).run)
        worker.start()
        eventually(lambda: len(events(tmp_path)) == 2, what="the failure")
        worker.stop()
        worker.join(5)
    assert traces(tmp_path) == {event.correlation_id: 2}


def test_all_lines_of_one_look_at_health_share_an_id(tmp_path):
    def probe():
        log.info("looking")
        return ()

    with real_log(tmp_path):
        probes = (Probe("one", probe), Probe("two", probe))
        worker = Worker("health", HealthMonitor(system_clock(), Tracker(()), probes, lambda _found: None).run)
        worker.start()
        eventually(lambda: len(events(tmp_path)) == 2, what="the round")
        worker.stop()
        worker.join(5)
    ((id_of_round, lines),) = traces(tmp_path).items()
    assert (is_id(id_of_round), lines) == (True, 2)


# --- control requests -------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path):
    """``asked()``: under which id a daemon serves a request of this process."""
    paths = Paths.below(tmp_path / "home")
    server = Server(paths, {"id": lambda _arguments: {"id": current_id()}})
    worker = Worker("control", server.run)
    worker.start()
    eventually(lambda: answers(paths), what="the control channel")
    yield lambda: Client(paths).request("id")["id"]
    worker.stop()
    assert worker.join(5)


def answers(paths):
    try:
        return Client(paths).request("id")
    except GamedetectdError:
        return None


def test_a_request_is_served_under_the_id_of_whoever_asks(asked, monkeypatch):
    assert is_id(asked())
    assert asked() != asked()
    with correlation() as here:
        assert asked() == here
    monkeypatch.setenv(CORRELATION_VARIABLE, "b" * 32)
    assert asked() == "b" * 32
    monkeypatch.setenv(CORRELATION_VARIABLE, "b\n" * 16)
    assert is_id(asked()), "what is no id is no id"


# --- child processes --------------------------------------------------------------------------------------------------


def test_a_child_is_told_the_id_in_force_and_no_other(monkeypatch):
    monkeypatch.setenv(CORRELATION_VARIABLE, "c" * 32)
    with correlation() as here:
        assert child_environment()[CORRELATION_VARIABLE] == here
        assert child_environment({}) == {CORRELATION_VARIABLE: here}
    assert child_environment()[CORRELATION_VARIABLE] == "c" * 32, "what we were told ourselves"
    monkeypatch.delenv(CORRELATION_VARIABLE)
    assert CORRELATION_VARIABLE not in child_environment()
    assert inherited_id({CORRELATION_VARIABLE: "../../etc"}) == ""


def test_a_child_of_ours_knows_the_id(tmp_path):
    with correlation() as here:
        answer = run("held_samples", ["environment", CORRELATION_VARIABLE], LIMITS, environment=child_environment({}))
    assert here in answer.decode()


def test_the_variable_is_no_wrong_setting(monkeypatch, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gamedetectd", "config", "check"],
        env={**os.environ, "GAMEDETECTD_HOME": str(tmp_path), CORRELATION_VARIABLE: "d" * 32},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_why_a_child_died_is_in_the_log_under_the_id_it_was_started_under(tmp_path):
    with real_log(tmp_path), correlation() as here, pytest.raises(ChildError):
        run("held_samples", ["fail"], LIMITS)
    said = [event["message"] for event in events(tmp_path)]
    assert said[0] == "held_samples: Traceback (most recent call last):"
    assert said[-1] == "held_samples: RuntimeError: for a reason"
    assert set(traces(tmp_path)) == {here}


def test_a_child_that_is_not_heard_says_nothing(tmp_path):
    from gamedetectd.platforms.children.held import Child

    with real_log(tmp_path), Child("held_samples", ["fail"], LIMITS, heard=False) as child, pytest.raises(ChildError):
        child.finish()
    assert events(tmp_path) == []


def test_what_a_child_says_is_bounded_redacted_and_harmless(tmp_path):
    text = f"password={CANARY}\n\x1b[31mred\n".encode() + b"\xff\n\n" + b"x" * 3 * LONGEST + b"\n" + b"more\n" * 10_000
    with real_log(tmp_path):
        LastWords("child", io.BytesIO(text)).wait(10)
    said = [event["message"] for event in events(tmp_path)]
    assert said[0] == "child: password=[hidden]"
    assert said[1] == r"child: \x1b[31mred"
    assert said[2] == r"child: \xff"
    assert len(said) <= MOST_LINES + 2
    assert CANARY not in "".join(said)
    assert any(line.endswith("more lines") for line in said)


def test_in_a_command_which_has_no_log_nothing_is_printed(capfd):
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        LastWords("child", io.BytesIO(b"a line\n")).wait(10)
    finally:
        root.handlers = handlers
    assert capfd.readouterr() == ("", "")


# --- event loops ------------------------------------------------------------------------------------------------------


def test_what_nobody_awaits_in_an_event_loop_ends_in_the_log(tmp_path, capfd):
    async def fail():
        raise ValueError("in a task")

    async def live():
        catch_loop_faults(asyncio.get_running_loop())
        with correlation() as here:
            task = asyncio.create_task(fail(), name="the task")
        while not task.done():
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_exception_handler({"message": "without an exception"})
        asyncio.get_running_loop().call_exception_handler({"exception": OSError("without a message")})
        del task
        return here

    with real_log(tmp_path):
        asyncio.run(live())
    found = {event["message"]: event for event in events(tmp_path)}
    lost = found["Task exception was never retrieved (the task)"]
    assert lost["error"]["message"] == "in a task"
    assert "Traceback" in lost["error"]["stack_trace"]
    assert "error" not in found["without an exception"]
    assert found["an unexpected error in the event loop"]["error"]["message"] == "without a message"
    assert {event["log.level"] for event in found.values()} == {"error"}
    assert capfd.readouterr() == ("", "")
