"""What every sink promises, over the table of sinks: a new one is tested by being there."""

import threading
import time
from dataclasses import replace

import pytest

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.errors import GamedetectdError, LogError
from gamedetectd.interfaces import Sink
from gamedetectd.observability.correlation import current_id
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.sinks.table import SINKS, Parts
from gamedetectd.worker import Worker

KEY = ProcessKey("boot", 42, 1)
SESSION = Session(
    "s1",
    Game("steam:620", "Portal 2"),
    started_at=1_700_000_000.0,
    started_elapsed=5.0,
    root=KEY,
    processes=(KEY,),
    evidence=(Evidence("store", 6.0, "Steam started it"),),
)


def event(number, kind=SessionEventKind.STARTED, session=SESSION):
    """The event of that number, as the history gives it."""
    return SessionEvent(f"id-{number}", kind, 1_700_000_000.0 + number, session, f"{number:032x}", number)


EVENTS = (
    *(event(number, kind) for number, kind in enumerate(SessionEventKind, 1)),
    event(9, SessionEventKind.ENDED, replace(SESSION, ended_at=1_700_000_060.0, ended_by=EndedBy.EXIT)),
    event(
        10, SessionEventKind.STARTED, replace(SESSION, game=Game("name:x", "A\x1b[2J\nB"), evidence=(), processes=())
    ),
)


class Lines:
    """Takes what sinks write; refuses while ``broken``."""

    def __init__(self):
        self.taken = []
        self.broken = False

    def __call__(self, message, at, fields):
        if self.broken:
            raise LogError("The disk is full.", "Free some space.")
        self.taken.append((fields["event.id"], message, at, current_id()))


@pytest.fixture
def lines():
    """Where the sinks under test write to."""
    return Lines()


@pytest.fixture(params=SINKS)
def sink(request, lines):
    """Every sink of the table, one after the other."""
    made = SINKS[request.param](Parts(write_event=lines))
    assert made.name == request.param, "the table's key is the name of the cursor"
    yield made
    made.close()


def test_it_is_a_sink(sink):
    checked: Sink = sink
    assert checked.name.isidentifier()


@pytest.mark.parametrize("one", EVENTS, ids=lambda one: f"{one.kind}-{one.number}")
def test_it_takes_every_kind_of_event(sink, one):
    sink.accept(one)


def test_it_takes_the_same_event_again_under_the_same_id(sink, lines):
    sink.accept(EVENTS[0])
    sink.accept(EVENTS[0])
    assert {taken[0] for taken in lines.taken} <= {"id-1"}


def test_it_raises_what_its_runner_understands_when_it_cannot_deliver(sink, lines):
    lines.broken = True
    with pytest.raises((GamedetectdError, OSError)):
        sink.accept(EVENTS[0])
    lines.broken = False
    sink.accept(EVENTS[0])


def test_closing_it_twice_is_fine(sink):
    sink.close()


class Events:
    """The durable event table, in memory: events are committed and cursors move when the test says."""

    def __init__(self):
        self.events = []
        self.cursors = {}

    def cursor(self, sink):
        return self.cursors.get(sink, 0)

    def last_number(self):
        return self.events[-1].number if self.events else 0

    def pending(self, sink, limit=100, after=None):
        start = self.cursor(sink) if after is None else after
        return tuple(one for one in self.events if one.number > start)[:limit]


def test_through_its_runner_every_event_arrives_in_order_and_the_cursor_follows(sink, lines):
    source, delivered, done = Events(), [], threading.Event()

    def note(name, number):
        delivered.append((name, number))
        if number == 250:
            done.set()

    worker = Worker(sink.name, SinkRunner(sink, source, note).run)
    worker.start()
    try:
        for first in (1, 101, 201):
            source.events += [event(number) for number in range(first, min(first + 100, 251))]
            worker.wake()
        assert done.wait(30)
    finally:
        worker.stop()
        assert worker.join(10)
    assert delivered == [(sink.name, number) for number in range(1, 251)]
    assert [taken[0] for taken in lines.taken] == [f"id-{number}" for number in range(1, 251)]
    assert [taken[3] for taken in lines.taken] == [f"{number:032x}" for number in range(1, 251)]


def test_stopping_is_quick_while_delivery_fails(sink, lines):
    lines.broken = True
    source = Events()
    source.events.append(event(1))
    runner = SinkRunner(sink, source, lambda _name, _number: None)
    worker = Worker(sink.name, runner.run)
    worker.start()
    try:
        deadline = time.monotonic() + 10
        while runner.status().failing_since is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert "disk is full" in runner.status().last_error
    finally:
        began = time.monotonic()
        worker.stop()
        assert worker.join(3)
    assert time.monotonic() - began < 3
