"""The engine's loop: nothing is told before it is committed, and nothing is lost when committing fails."""

import itertools
import math
import threading
import time
from dataclasses import replace

import pytest

from gamedetectd.config.sections import Sessions
from gamedetectd.domain import (
    DesktopEntry,
    ForegroundChanged,
    Instant,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    SessionEventKind,
    System,
    Window,
)
from gamedetectd.engine.core import Core
from gamedetectd.engine.loop import QUEUE_LIMIT, Engine, Ports
from gamedetectd.errors import ControlError, HistoryError, JournalError
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.sessions.machine import Policy
from gamedetectd.worker import Worker

ENTRY = DesktopEntry("Lantern Drift", ("Game",), "lantern")


class DrivenClock:
    def __init__(self):
        self.seconds = 100.0

    def now(self):
        return Instant(self.seconds, self.seconds, 1_000_000 + self.seconds)


class House:
    """An engine with a real history and journal, a clock that is driven, and facts that come at once."""

    def __init__(self, place):
        self.clock = DrivenClock()
        self.history = History.open(place / "history.db")
        self.journal = Journal(place / "journal.jsonl")
        self.published, self.recorded, self.kept, self.followed = [], [], [], []
        self.resyncs = self.troubled = 0
        self.room_is_full = False
        ports = Ports(
            clock=self.clock,
            boot_id="boot",
            history=self.history,
            journal=self.journal,
            ask=self.ask,
            follow=self.followed.append,
            keep=self.kept.append,
            request_resync=self.resync,
            published=self.published.extend,
            troubled=self.troubles,
            record=self.recorded.append,
        )
        self.ports = ports
        self.engine = Engine(Core(System.LINUX, Policy(8.0)), ports, Sessions())

    def ask(self, ticket, facts, kinds):
        if self.room_is_full:
            return False
        self.engine.deliver(ticket, replace(facts, desktop_entry=ENTRY, gathered=facts.gathered | set(kinds)))
        return True

    def resync(self):
        self.resyncs += 1

    def troubles(self):
        self.troubled += 1

    def game(self, pid=10):
        key = ProcessKey("boot", pid, pid)
        return ProcessInfo(key, 1, "/opt/lantern/lantern", ("lantern",), "/", started_elapsed=self.clock.seconds)

    def start(self, pid=10):
        game = self.game(pid)
        self.engine.emit(ProcessStarted(self.clock.now(), game))
        self.settle()
        return game

    def end(self, game):
        self.engine.emit(ProcessEnded(self.clock.now(), game.key, self.clock.seconds))
        self.settle()

    def settle(self):
        for _ in range(8):
            self.engine.step()

    def pass_time(self, seconds):
        self.clock.seconds += seconds
        self.engine.step()


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.history.close()
    house.journal.close()


def test_what_is_told_is_committed_with_one_correlation_id_from_observation_to_event(house):
    game = house.start()
    (started,) = house.published
    assert (started.kind, started.number) == (SessionEventKind.STARTED, 1)
    assert len(started.correlation_id) == 32
    assert house.history.session(started.session.id).game.title == "Lantern Drift"
    assert house.kept[-1] == {game.key}
    assert len(house.recorded) >= 2
    house.clock.seconds += 5
    house.end(game)
    assert house.published[-1].kind is SessionEventKind.ENDED
    assert house.kept[-1] == frozenset()


def test_the_journal_beats_while_a_game_runs_and_is_cleared_when_all_is_committed(house):
    game = house.start()
    house.pass_time(5.0)
    entry = house.journal.read()
    assert entry.boot_id == "boot"
    assert [session.game.title for session in entry.sessions] == ["Lantern Drift"]
    assert house.engine._timeout(house.clock.now()) <= 5.0
    house.end(game)
    house.pass_time(20.0)
    assert house.journal.read() is None
    house.pass_time(100.0)
    assert house.engine._timeout(house.clock.now()) is None


def test_without_games_nothing_is_due(house):
    assert house.engine._timeout(house.clock.now()) is None


def test_events_outlive_a_history_that_cannot_be_written(house, monkeypatch, caplog):
    commit = house.history.commit

    def full(*_):
        raise HistoryError("The disk is full.", "Free some space.")

    monkeypatch.setattr(house.history, "commit", full)
    game = house.start()
    house.end(game)
    assert house.published == []
    assert house.engine.problem.cause == "The disk is full."
    assert house.engine.counters()["uncommitted_events"] == 2
    house.pass_time(6.0)
    journalled = house.journal.read()
    assert [session.ended_at is not None for session in journalled.sessions] == [True]
    monkeypatch.setattr(house.history, "commit", commit)
    house.pass_time(6.0)
    assert [event.kind for event in house.published] == [SessionEventKind.STARTED, SessionEventKind.ENDED]
    assert house.engine.problem is None
    assert house.troubled == 2, "once for the trouble, once for its end"
    assert caplog.text.count("The disk is full") == 1


def test_a_journal_that_cannot_be_written_is_told_and_tried_again(house, monkeypatch):
    write, clear = house.journal.write, house.journal.clear

    def broken(*_, **__):
        raise JournalError("The disk is full.", "Free some space.")

    monkeypatch.setattr(house.journal, "write", broken)
    game = house.start()
    assert house.engine.journal_problem is not None
    monkeypatch.setattr(house.journal, "write", write)
    house.pass_time(6.0)
    assert house.engine.journal_problem is None
    monkeypatch.setattr(house.journal, "clear", broken)
    house.end(game)
    house.pass_time(20.0)
    monkeypatch.setattr(house.journal, "clear", clear)


def test_a_power_cut_costs_no_more_than_the_sync_time_whatever_the_heartbeat(house, monkeypatch):
    house.engine.timing = Sessions(heartbeat_seconds=5.0, sync_seconds=12.0)
    synced = []
    write = house.journal.write
    monkeypatch.setattr(
        house.journal,
        "write",
        lambda at, boot, sessions, *, sync: (
            synced.append(at.awake) if sync else None,
            write(at, boot, sessions, sync=sync),
        ),
    )
    house.start()
    for _ in range(40):
        house.pass_time(house.engine._timeout(house.clock.now()))
    assert len(synced) > 5
    assert max(later - earlier for earlier, later in itertools.pairwise(synced)) <= 12.0


def test_a_sinks_progress_is_committed_a_little_later(house):
    house.history.register("log", from_now=False)
    house.start()
    house.engine.delivered("log", 1)
    house.engine._timeout(house.clock.now())
    house.pass_time(6.0)
    assert house.history.cursor("log") == 1


def test_a_window_of_a_process_nobody_told_of_is_followed(house):
    window = Window(1, 4711, "What is this", "This")
    house.engine.emit(ForegroundChanged(house.clock.now(), window))
    house.settle()
    assert house.followed == [4711]
    game = house.start(4711)
    assert house.published[0].session.processes == (game.key,)
    house.pass_time(3.0)
    assert house.engine.core.machine.sessions[0].foreground_seconds == pytest.approx(3.0)


def test_a_full_facts_room_is_made_up_for_by_a_resync(house):
    house.room_is_full = True
    house.start()
    assert house.resyncs >= 1


def test_a_flood_of_processes_asks_for_one_resync(house):
    for pid in range(10, QUEUE_LIMIT + 20):
        house.engine.emit(ProcessStarted(house.clock.now(), house.game(pid)))
    assert house.resyncs == 1
    assert house.engine.counters()["queue_overflows"] == 1


def test_a_pause_ends_by_itself(house):
    game = house.start()
    until = house.clock.now().wall + 60
    house.engine.post(lambda at: house.engine.pause(at, until))
    house.settle()
    assert house.published[-1].kind is SessionEventKind.PAUSED
    assert house.engine._timeout(house.clock.now()) <= 60
    house.pass_time(61)
    assert house.published[-1].kind is SessionEventKind.RESUMED
    assert house.engine.paused_until is None
    house.engine.pause(house.clock.now(), None)
    assert math.isinf(house.engine.paused_until)
    house.end(game)


def test_other_threads_have_things_done_in_the_engines_and_a_busy_engine_says_so(house):
    with pytest.raises(ControlError, match="busy"):
        house.engine.call(house.engine.core.advance, timeout=0.01)
    worker = Worker("engine", house.engine.run)
    house.engine.attach(worker.stop_signal)
    worker.start()
    seen = []

    def function(_at):
        seen.append(threading.current_thread().name)
        return ()

    assert house.engine.call(function) == ()
    assert seen == ["engine"]
    house.engine.emit(ProcessStarted(house.clock.now(), house.game()))
    until = time.monotonic() + 5
    while not house.published and time.monotonic() < until:
        time.sleep(0.01)
    worker.stop()
    assert worker.join(3)
    assert worker.restarts == 0
    assert [session.game.title for session in house.journal.read().sessions] == ["Lantern Drift"]
    house.engine.commit_cursors()


def test_it_knows_how_long_dealing_with_things_takes(house):
    seen = house.clock.now()
    house.clock.seconds += 3.0
    house.engine.emit(ProcessStarted(seen, house.game()))
    house.settle()
    told = house.engine.latency.look()
    assert told.count == 1
    assert told.sum == pytest.approx(3.0)
    assert house.engine.commits.look().count >= 1
    house.engine.step()
    assert house.engine.latency.look().count == 1, "nothing waited"
