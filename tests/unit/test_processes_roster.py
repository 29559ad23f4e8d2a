"""What is told of processes: each program once, each end once, nothing of those not worth it, whatever was missed."""

import dataclasses
import tracemalloc

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gamedetectd.domain import Instant, ProcessEnded, ProcessInfo, ProcessKey, ProcessStarted
from gamedetectd.sensors.process_roster import PATHS_REMEMBERED, YOUNG_SECONDS, ProcessRoster

DULL = ("/usr/bin/cc1", "/usr/bin/sh")


class Machine:
    """A process table in memory that can be told what happens. Time goes by ``tick`` seconds with every start."""

    def __init__(self):
        self.processes = {}
        self.seconds = 1000.0
        self.reads = 0

    def at(self):
        return Instant(self.seconds, self.seconds, self.seconds)

    def start(self, pid, exe, parent=1, tick=0.01):
        self.seconds += tick
        key = ProcessKey("boot", pid, int(self.seconds * 100))
        self.processes[pid] = ProcessInfo(
            key, parent, exe, (exe or "hidden",), started_elapsed=self.seconds, comm=(exe or "hidden")[-15:]
        )
        return self.processes[pid]

    def change(self, pid, **what):
        self.processes[pid] = dataclasses.replace(self.processes[pid], **what)

    def read(self, pid):
        self.reads += 1
        return self.processes.get(pid)

    def pids(self):
        return self.processes.keys()

    def alive(self, key):
        return key.pid in self.processes and self.processes[key.pid].key == key

    def exe_path(self, pid):
        return self.processes[pid].exe if pid in self.processes else None

    def turnover(self):
        return None


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def roster(machine):
    return ProcessRoster(machine, lambda path: path not in DULL)


def brief(deltas):
    return [
        (delta.process.pid, delta.process.exe, [a.pid for a in delta.ancestors])
        if isinstance(delta, ProcessStarted)
        else (delta.key.pid, "ended", delta.exit_elapsed)
        for delta in deltas
    ]


def test_a_game_is_told_with_its_ancestors_oldest_first_without_the_first_process(machine, roster):
    machine.start(1, "/sbin/init", 0)
    machine.start(10, "/usr/bin/steam")
    machine.start(20, "/usr/bin/sh", 10)
    machine.start(30, "/games/portal2", 20)
    assert brief(roster.examine(30, machine.at())) == [(30, "/games/portal2", [10, 20])]


def test_the_ends_of_ancestors_are_told_too(machine, roster):
    shell = machine.start(20, "/usr/bin/sh")
    machine.start(30, "/games/portal2", 20)
    roster.examine(30, machine.at())
    del machine.processes[20]
    assert roster.ended(20, machine.at(), 1000.5) == [ProcessEnded(machine.at(), shell.key, 1000.5)]
    assert roster.ended(20, machine.at(), 1000.5) == []


def test_what_is_not_worth_reading_is_neither_read_nor_told(machine, roster):
    machine.start(40, "/usr/bin/cc1")
    assert roster.examine(40, machine.at()) == []
    assert machine.reads == 0
    assert roster.ended(40, machine.at(), 1.0) == []


def test_a_program_that_cannot_be_seen_is_read(machine, roster):
    machine.start(40, None)
    assert brief(roster.examine(40, machine.at())) == [(40, None, [])]


def test_the_same_program_is_told_once_and_another_one_again(machine, roster):
    machine.start(30, "/usr/bin/env")
    assert brief(roster.examine(30, machine.at())) == [(30, "/usr/bin/env", [])]
    assert roster.examine(30, machine.at()) == []
    machine.change(30, exe="/games/portal2")
    assert brief(roster.examine(30, machine.at())) == [(30, "/games/portal2", [])]


def test_a_told_process_that_turns_into_something_dull_is_told_so(machine, roster):
    machine.start(30, "/games/portal2")
    roster.examine(30, machine.at())
    machine.change(30, exe="/usr/bin/sh")
    assert brief(roster.examine(30, machine.at())) == [(30, "/usr/bin/sh", [])]


def test_a_dull_ancestor_that_turns_into_another_dull_program_is_only_kept_up_to_date(machine, roster):
    machine.start(20, "/usr/bin/sh")
    machine.start(30, "/games/portal2", 20)
    roster.examine(30, machine.at())
    machine.change(20, exe="/usr/bin/cc1")
    assert roster.examine(20, machine.at()) == []
    machine.start(31, "/games/other", 20)
    assert roster.examine(31, machine.at())[0].ancestors[0].exe == "/usr/bin/cc1"


def test_a_dull_ancestor_that_turns_into_a_game_is_told(machine, roster):
    machine.start(20, "/usr/bin/sh")
    machine.start(30, "/games/helper", 20)
    roster.examine(30, machine.at())
    machine.change(20, exe="/games/portal2")
    assert brief(roster.examine(20, machine.at())) == [(20, "/games/portal2", [])]


def test_a_reused_pid_ends_the_old_process_before_the_new_one_begins(machine, roster):
    old = machine.start(30, "/games/old")
    roster.examine(30, machine.at())
    new = machine.start(30, "/games/new", tick=5)
    machine.seconds += 1
    told = roster.examine(30, machine.at())
    assert [delta.key if isinstance(delta, ProcessEnded) else delta.process.key for delta in told] == [old.key, new.key]
    assert told[0].exit_elapsed == new.started_elapsed


def test_a_reused_pid_is_no_ancestor(machine, roster):
    machine.start(30, "/games/portal2", 20)
    machine.start(20, "/usr/bin/later")
    assert brief(roster.examine(30, machine.at())) == [(30, "/games/portal2", [])]


def test_a_circle_of_parents_ends(machine, roster):
    machine.start(20, "/a", 30, tick=0)
    machine.start(30, "/b", 20, tick=0)
    assert len(roster.examine(30, machine.at())[0].ancestors) == 32


def test_a_renamed_process_is_news_while_it_is_young(machine, roster):
    machine.start(30, "/usr/lib/wine/wine64")
    roster.examine(30, machine.at())
    machine.change(30, comm="winemine.exe")
    assert roster.recheck(30, machine.at())[0].process.comm == "winemine.exe"
    assert roster.young(machine.at()) == [30]
    machine.seconds += YOUNG_SECONDS
    assert roster.young(machine.at()) == []
    machine.change(30, comm="frame 1")
    assert roster.recheck(30, machine.at()) == []


def test_an_old_process_that_execs_unnoticed_is_found(machine, roster):
    machine.start(30, "/usr/bin/launcher")
    roster.examine(30, machine.at())
    machine.seconds += 100
    machine.change(30, exe="/games/portal2")
    assert brief(roster.check(machine.at(), frozenset({30}))) == [(30, "/games/portal2", [])]


def test_a_process_of_which_nothing_can_be_read_any_more_lives_until_it_ends(machine, roster):
    info = machine.start(30, "/games/portal2")
    roster.examine(30, machine.at())
    machine.read = lambda _pid: None
    assert roster.examine(30, machine.at()) == []
    assert roster.key(30) == info.key
    del machine.processes[30]
    assert brief(roster.recheck(30, machine.at())) == [(30, "ended", machine.seconds)]


def test_what_is_worth_reading_is_asked_once_for_a_path_and_anew_with_a_resync(machine):
    asked = []
    roster = ProcessRoster(machine, lambda path: asked.append(path) or len(asked) > 1)
    for pid in (30, 31, 32):
        machine.start(pid, "/games/mod")
        assert roster.examine(pid, machine.at()) == []
    assert asked == ["/games/mod"]
    resync = roster.resync(machine.at(), frozenset(machine.processes))
    assert [info.pid for info in resync.processes] == [30, 31, 32]
    assert asked == ["/games/mod"] * 2


def test_a_resync_holds_ancestors_too_oldest_first(machine, roster):
    machine.start(90, "/usr/bin/sh")
    machine.start(30, "/games/portal2", 90)
    machine.start(50, "/usr/bin/cc1", 90)
    resync = roster.resync(machine.at(), frozenset(machine.processes))
    assert [info.pid for info in resync.processes] == [90, 30]


def test_memory_stays_flat_over_a_hundred_thousand_processes(machine, roster):
    def live(number):
        pid = 100 + number % 30_000
        machine.start(pid, f"/games/{number}/game" if number % 2 else "/usr/bin/cc1", 1)
        told = roster.examine(pid, machine.at())
        del machine.processes[pid]
        return [*told, *roster.ended(pid, machine.at(), machine.seconds)]

    for number in range(2 * PATHS_REMEMBERED + 2):
        live(number)
    tracemalloc.start()
    told = sum(len(live(number)) for number in range(5_000))
    before, _ = tracemalloc.get_traced_memory()
    told += sum(len(live(number)) for number in range(5_000, 100_000))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told == 100_000
    assert after - before < 1_000_000


PIDS = st.integers(10, 16)
PATHS = st.sampled_from(["/games/a", "/games/b", None, *DULL])


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens and however much of it is missed, a listener is never told nonsense, and a check mends all."""

    @initialize()
    def begin(self):
        self.machine = Machine()
        self.roster = ProcessRoster(self.machine, lambda path: path not in DULL)
        self.known = {}
        self.ended = set()

    def hear(self, deltas):
        for delta in deltas:
            if isinstance(delta, ProcessEnded):
                assert self.known.pop(delta.key, None) is not None, "an end nobody had a beginning of"
                assert delta.exit_elapsed <= self.machine.seconds
                self.ended.add(delta.key)
                continue
            for ancestor in delta.ancestors:
                self.known.setdefault(ancestor.key, "ancestor")
            image = (delta.process.exe, delta.process.argv, delta.process.comm)
            assert delta.process.key not in self.ended, "it came back to life"
            assert self.known.get(delta.process.key) != image, "told twice"
            self.known[delta.process.key] = image

    @rule(pid=PIDS, parent=st.integers(1, 16), path=PATHS, noticed=st.booleans())
    def a_process_starts(self, pid, parent, path, noticed):
        if pid not in self.machine.processes:
            self.machine.start(pid, path, parent)
            if noticed:
                self.hear(self.roster.examine(pid, self.machine.at()))

    @rule(pid=PIDS, path=PATHS, noticed=st.booleans())
    def a_process_execs(self, pid, path, noticed):
        if pid in self.machine.processes:
            self.machine.change(pid, exe=path)
            if noticed:
                self.hear(self.roster.examine(pid, self.machine.at()))

    @rule(pid=PIDS, noticed=st.booleans())
    def a_process_ends(self, pid, noticed):
        if self.machine.processes.pop(pid, None) and noticed:
            self.hear(self.roster.ended(pid, self.machine.at(), self.machine.seconds))

    @rule(seconds=st.floats(0.01, 60))
    def time_passes(self, seconds):
        self.machine.seconds += seconds

    @rule()
    def everything_is_checked(self):
        self.hear(self.roster.check(self.machine.at(), frozenset(self.machine.processes)))
        alive = {info.key: info for info in self.machine.processes.values()}
        assert self.known.keys() <= alive.keys()
        for key, info in alive.items():
            if info.exe not in DULL:
                assert self.known.get(key, ("nothing",))[0] == info.exe

    @rule()
    def everything_is_told_anew(self):
        resync = self.roster.resync(self.machine.at(), frozenset(self.machine.processes))
        told = {info.key: info for info in resync.processes}
        assert len(told) == len(resync.processes)
        self.ended |= self.known.keys() - told.keys()
        self.known = {key: (info.exe, info.argv, info.comm) for key, info in told.items()}

    @invariant()
    def every_known_process_has_one_key(self):
        for key in self.known:
            held = self.roster.key(key.pid)
            assert held is not None


AnyHistory.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestAnyHistory = AnyHistory.TestCase
