"""Hooks as real programs: what they are told, and that nothing they do harms anybody but themselves."""

import json
import logging
import os
import sys
import time
from pathlib import Path

import psutil
import pytest
from actions_world import HOSTILE_TITLES, Events, Trail, event
from real_programs import eventually

from gamedetectd.app.actions import describe, encode, hook_sinks
from gamedetectd.config import load
from gamedetectd.config.actions import HOOK_VARIABLES, Hook
from gamedetectd.errors import DeliveryError
from gamedetectd.paths import Paths
from gamedetectd.platforms.children import program
from gamedetectd.sinks import hook as hooks
from gamedetectd.sinks.hook import LANES, HookSink
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs here are scripts of a Unix shell")


@pytest.fixture
def made(tmp_path):
    """``made(script, **settings)``: a shell script as a hook; ``$HERE`` is the directory of the test."""

    def make(script, **settings):
        file = tmp_path / "hook.sh"
        file.write_text(f"#!/bin/sh\nHERE='{tmp_path}'\n{script}\n")
        file.chmod(0o700)
        whole = {"command": (str(file),), "retries": 0, "retry_pause": 0.1, "timeout": 20.0, **settings}
        return HookSink(Hook("it", **whole), encode, describe, Trail())

    return make


def gone(pid):
    """No such process, or one that only waits for its parent to look."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_it_is_given_the_event_as_json_and_as_variables(made, tmp_path):
    sink = made("cat > $HERE/json; env > $HERE/variables; pwd > $HERE/where")
    sink.accept(event(7, "ended"))
    row = json.loads((tmp_path / "json").read_bytes())
    assert (row["number"], row["kind"], row["session"]["game"]["id"]) == (7, "ended", "steam:620")
    variables = dict(line.partition("=")[::2] for line in (tmp_path / "variables").read_text().splitlines())
    told = {name: variables[name] for name in HOOK_VARIABLES}
    assert told["GAMEDETECTD_EVENT"] == "ended"
    assert told["GAMEDETECTD_GAME_TITLE"] == "Portal 2"
    assert told["GAMEDETECTD_PIDS"] == "42"
    assert told["GAMEDETECTD_ENDED_BY"] == "exit"
    assert (told["GAMEDETECTD_HOOK"], told["GAMEDETECTD_ATTEMPT"]) == ("it", "1")
    assert (tmp_path / "where").read_text().strip() == str(Path.home())
    assert sink.trouble == ""
    assert sink._audit.records == [("hook-run", True, {"hook": "it", "program": sink.hook.command[0], "event": "id-7"})]


def test_what_we_tell_a_hook_is_no_setting_to_a_command_it_runs(tmp_path):
    variables = {**describe(event(1)), "GAMEDETECTD_HOOK": "it", "GAMEDETECTD_ATTEMPT": "1"}
    assert set(variables) == HOOK_VARIABLES
    load(Paths.below(tmp_path), variables)


def test_its_environment_is_the_systems_not_ours_alone(made, tmp_path, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundled")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/before")
    monkeypatch.setenv("NOTIFY_SOCKET", "@systemd")
    made("env > $HERE/variables").accept(event(1))
    told = (tmp_path / "variables").read_text()
    assert "LD_LIBRARY_PATH=/before\n" in told
    assert "NOTIFY_SOCKET" not in told


@pytest.mark.parametrize("title", HOSTILE_TITLES.values(), ids=HOSTILE_TITLES)
def test_a_title_arrives_as_it_is_and_harms_nothing(made, tmp_path, title):
    sink = made('cd "$HERE"; cat > json; printf %s "$GAMEDETECTD_GAME_TITLE" > title')
    sink.accept(event(1, title=title))
    assert sink.trouble == ""
    whole = json.loads((tmp_path / "json").read_bytes())["session"]["game"]["title"]
    assert whole == title.encode("utf-8", "backslashreplace").decode()
    assert (tmp_path / "title").read_bytes().decode() == title.replace("\0", "").encode("utf-8", "replace").decode()
    assert not (tmp_path / "pwned").exists()


def test_only_what_is_wanted_runs_it(made, tmp_path):
    sink = made("echo $GAMEDETECTD_EVENT_NUMBER >> $HERE/ran", events=("ended",), games=("Half*", "steam:620"))
    for one in (
        event(1),
        event(2, "ended"),
        event(3, "ended", "Half-Life", game_id="x"),
        event(4, "ended", "X", "s", "y"),
    ):
        sink.accept(one)
    assert (tmp_path / "ran").read_text().split() == ["2", "3"]


def test_one_that_fails_is_run_again_and_then_given_up_until_it_works(made, tmp_path, caplog):
    sink = made("echo $GAMEDETECTD_ATTEMPT >> $HERE/ran; exit $(cat $HERE/code)", retries=2)
    (tmp_path / "code").write_text("3")
    sink.accept(event(1))
    assert (tmp_path / "ran").read_text().split() == ["1", "2", "3"]
    assert sink.trouble == "it ended with exit code 3"
    assert [success for _, success, _ in sink._audit.records] == [False] * 3
    (tmp_path / "code").write_text("0")
    with caplog.at_level(logging.INFO):
        sink.accept(event(2))
    assert sink.trouble == ""
    assert "hook it works again" in caplog.text


def test_one_that_hangs_is_ended_with_all_it_started(made, tmp_path):
    sink = made("sleep 1000 & echo $! > $HERE/pid; wait", timeout=1.0)
    began = time.monotonic()
    sink.accept(event(1))
    assert time.monotonic() - began < 10
    assert "longer than 1 s" in sink.trouble
    pid = int((tmp_path / "pid").read_text())
    eventually(lambda: gone(pid), 5, "the end of what it started")


def test_one_that_forks_leaves_nothing_behind_and_holds_nobody_up(made, tmp_path):
    sink = made("for i in 1 2 3 4 5; do sleep 1000 & echo $! >> $HERE/pids; done")
    began = time.monotonic()
    sink.accept(event(1))
    assert time.monotonic() - began < 1
    assert sink.trouble == ""
    for pid in (tmp_path / "pids").read_text().split():
        eventually(lambda pid=pid: gone(int(pid)), 5, "its end")


def test_what_it_lets_go_of_on_purpose_stays_and_holds_nobody_up(made, tmp_path):
    sink = made(
        "setsid sh -c 'echo $$ > $0/pid; exec sleep 1000' $HERE & while [ ! -s $HERE/pid ]; do sleep 0.01; done"
    )
    threads = len(psutil.Process().threads())
    sink.accept(event(1))
    pid = int((tmp_path / "pid").read_text())
    try:
        assert psutil.pid_exists(pid)
        eventually(lambda: len(psutil.Process().threads()) <= threads, 5, "the end of our threads")
    finally:
        os.kill(pid, 9)


def test_a_flood_is_ended_and_only_its_beginning_kept(made, caplog):
    sink = made("echo the beginning; exec yes")
    with caplog.at_level(logging.INFO):
        sink.accept(event(1))
    assert "more than 1 MB" in sink.trouble
    assert "hook it: the beginning" in caplog.text
    assert len(sink.output) <= program.KEPT
    assert len(caplog.text) < 200_000


def test_what_it_prints_is_logged_without_anything_a_terminal_obeys(made, caplog):
    sink = made(r"printf '\033[2Jone\n'; echo two >&2")
    with caplog.at_level(logging.INFO):
        sink.accept(event(1))
    printed = [record.message for record in caplog.records if record.message.startswith("hook it: ")]
    assert printed == ["hook it: \\x1b[2Jone", "hook it: two"]


def test_one_that_reads_none_of_a_long_event_is_fine(made):
    sink = made("exit 0")
    sink.accept(event(1, title="x" * 1_000_000))
    assert sink.trouble == ""


def test_one_that_deletes_itself_is_missed_the_next_time(made):
    sink = made('rm "$0"')
    sink.accept(event(1))
    assert sink.trouble == ""
    sink.accept(event(2))
    assert "there is no" in sink.trouble


def test_why_one_is_not_run_at_all_is_told(made, tmp_path):
    sink = made("exit 0")
    file = Path(sink.hook.command[0])
    file.chmod(0o600)
    assert "may not be executed" in sink.run(event(1))
    file.chmod(0o702)
    assert "it is not run" in sink.run(event(1))
    assert "can be changed by other accounts" in sink.run(event(1))
    file.chmod(0o700)
    file.parent.chmod(0o777)
    assert "can be changed by other accounts" in sink.run(event(1))
    file.parent.chmod(0o775)
    assert sink.run(event(1)) == "", "as Debian's /usr/local/bin is"
    file.write_bytes(b"\x7fELF nonsense")
    assert "cannot be started" in sink.run(event(1))
    missing = replace_command(sink, "no-such-program-anywhere")
    assert "there is no no-such-program-anywhere" in missing.run(event(1))
    assert replace_command(sink, "true").run(event(1)) == "", "a name is looked for on the PATH"


def replace_command(sink, *command):
    return HookSink(Hook("it", command), encode, describe, Trail())


def through_worker(sinks, events):
    """Deliver these events to sinks, each in a worker of its own; how to end that."""
    workers = []
    for sink in sinks:
        worker = Worker(sink.name, SinkRunner(sink, events, lambda _name, _number: None).run)
        sink.aside.attach(worker.stop_signal)
        workers.append(worker)
        worker.start()

    def end():
        for worker in workers:
            worker.stop()
        assert all(worker.join(4) for worker in workers)

    return workers, end


def test_a_long_run_is_no_stuck_worker_and_ends_with_the_daemon(made, tmp_path):
    sink = made("echo $$ > $HERE/pid; exec sleep 1000", timeout=1000.0)
    [worker], end = through_worker([sink], Events([event(1)]))
    eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), 5, "the run")
    pid = int((tmp_path / "pid").read_text())
    time.sleep(0.1)
    assert worker.status().stuck_for == 0.0
    began = time.monotonic()
    end()
    assert time.monotonic() - began < 3
    eventually(lambda: gone(pid), 5, "its end")
    assert sink.trouble == "", "that we end is not its fault"
    with pytest.raises(DeliveryError):
        sink.accept(event(2))


def test_runs_of_different_sessions_need_not_wait_and_those_of_one_stay_in_order(made, tmp_path):
    slow = 'echo "$GAMEDETECTD_SESSION_ID $GAMEDETECTD_EVENT_NUMBER" >> $HERE/ran; sleep 0.2'
    hook = made(slow, parallel=True).hook
    sinks = list(hook_sinks(hook, Trail(), lambda: None))
    assert [sink.name for sink in sinks] == [f"hook.it.{lane}" for lane in range(LANES)]
    events = Events(
        event(number, "ended" if number > 8 else "started", session=f"session-{number % 8}") for number in range(1, 17)
    )
    _, end = through_worker(sinks, events)
    try:
        eventually(lambda: (tmp_path / "ran").exists() and len((tmp_path / "ran").read_text().splitlines()) == 16, 15)
    finally:
        end()
    ran = [line.split() for line in (tmp_path / "ran").read_text().splitlines()]
    for session in {session for session, _ in ran}:
        numbers = [int(number) for one, number in ran if one == session]
        assert numbers == sorted(numbers)
        assert len(numbers) == 2


def test_pauses_grow_and_never_fall_below_what_is_wished():
    sink = HookSink(Hook("it", ("true",), retry_pause=2.0), encode, describe, Trail())
    assert [sink._pause(attempt) for attempt in (1, 2, 3, 10, 99)] == [2.0, 4.0, 8.0, 60.0, 60.0]


def test_an_account_without_a_home_runs_hooks_at_the_root(monkeypatch):
    def none():
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", none)
    assert hooks._home() == Path("/")
