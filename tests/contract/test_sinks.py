"""What every sink promises, over the table of sinks: a new one is tested by being there."""

import itertools
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import get_args

import pytest
from actions_world import Events, Trail, authority, serving
from mqtt_world import broking, gated

from gamedetectd.app.actions import encode, hook_sinks, webhook_sink
from gamedetectd.config.actions import EventName, Hook, Mqtt, Webhook
from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.errors import GamedetectdError, LogError
from gamedetectd.interfaces import Sink
from gamedetectd.observability.correlation import current_id
from gamedetectd.sinks.hook import HookSink
from gamedetectd.sinks.mqtt import MqttSink
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


class Runs:
    """What a hook notes of each run; it fails while ``broken``."""

    def __init__(self, directory):
        self._file, self._broken = directory / "runs", directory / "broken"
        script = 'test -e "$1" && exit 1; echo "$GAMEDETECTD_EVENT_ID $GAMEDETECTD_CORRELATION_ID" >> "$0"'
        command = ("/bin/sh", "-c", script, str(self._file), str(self._broken))
        self.hook = Hook("it", command, get_args(EventName), retries=0)

    @property
    def taken(self):
        runs = [line.split() for line in self._file.read_text().splitlines()]
        return [(event_id, "", 0.0, "".join(correlation)) for event_id, *correlation in runs]

    @property
    def broken(self):
        return self._broken.exists()

    @broken.setter
    def broken(self, broken):
        self._broken.touch() if broken else self._broken.unlink(missing_ok=True)


class Posts:
    """What a webhook's server takes; it is busy while ``broken``."""

    def __init__(self, server, ca_file):
        self._server = server
        self.webhook = Webhook("it", server.url, events=get_args(EventName), allow_private=True, ca_file=str(ca_file))

    @property
    def taken(self):
        return [(row["id"], "", 0.0, row["correlation_id"]) for row in self._server.rows()]

    @property
    def broken(self):
        return bool(self._server.script)

    @broken.setter
    def broken(self, broken):
        self._server.script = [503] * 100 if broken else []


class Publications:
    """What a broker takes; there is no way to it while ``broken``."""

    def __init__(self, gate, ear, machine):
        self._gate, self._ear = gate, ear
        self.broker = Mqtt("it", "127.0.0.1", gate.port, tls=False, machine=machine, events=get_args(EventName))

    @property
    def taken(self):
        heard = -1
        while heard != (heard := len(self._ear.heard)):  # the ear may be behind who speaks
            time.sleep(0.2)
        return [(row["id"], "", 0.0, row["correlation_id"]) for row in self._ear.events(self.broker.machine)]

    @property
    def broken(self):
        return self._gate.mode != "open"

    @broken.setter
    def broken(self, broken):
        self._gate.cut("shut" if broken else "open")


MACHINES = itertools.count()


@pytest.fixture(scope="module")
def broker_and_ear(tmp_path_factory):
    with broking(tmp_path_factory.mktemp("broker")) as both:
        yield both


@pytest.fixture(params=[*SINKS, "hook.it", "webhook.it", "mqtt.it"])
def sink_and_lines(request, tmp_path):
    """Every sink of the table, a hook, a webhook and a broker, one after the other, and where it writes to."""
    with ExitStack() as keep:
        if request.param == "hook.it":
            if sys.platform == "win32":
                pytest.skip("the hook is a script of a Unix shell: not tried")
            lines = Runs(tmp_path)
            made = next(hook_sinks(lines.hook, Trail(), lambda: None))
        elif request.param == "webhook.it":
            ca_file, certificate = authority(tmp_path)
            lines = Posts(keep.enter_context(serving(certificate)), ca_file)
            made = webhook_sink(lines.webhook, str, lambda: None)
        elif request.param == "mqtt.it":
            broker, ear = request.getfixturevalue("broker_and_ear")
            lines = Publications(keep.enter_context(gated(broker.port)), ear, f"pc-{next(MACHINES)}")
            made = MqttSink(lines.broker, "it", encode, lambda: (b"{}", None), str)
        else:
            lines = Lines()
            made = SINKS[request.param](Parts(write_event=lines))
        assert made.name == request.param, "the table's key is the name of the cursor"
        yield made, lines
        made.close()


@pytest.fixture
def sink(sink_and_lines):
    return sink_and_lines[0]


@pytest.fixture
def lines(sink_and_lines):
    return sink_and_lines[1]


def working(sink, target):
    """A worker for this target, by whose signal the sink waits where it waits."""
    worker = Worker(sink.name, target)
    if (aside := getattr(sink, "aside", None)) is not None:
        aside.attach(worker.stop_signal)
    return worker


def test_it_is_a_sink(sink):
    checked: Sink = sink
    assert checked.name.replace(".", "_").isidentifier()


@pytest.mark.parametrize("one", EVENTS, ids=lambda one: f"{one.kind}-{one.number}")
def test_it_takes_every_kind_of_event(sink, one):
    sink.accept(one)


def test_it_takes_the_same_event_again_under_the_same_id(sink, lines):
    sink.accept(EVENTS[0])
    sink.accept(EVENTS[0])
    assert {taken[0] for taken in lines.taken} <= {"id-1"}


def test_it_raises_what_its_runner_understands_when_it_cannot_deliver(sink, lines):
    lines.broken = True
    if isinstance(sink, HookSink):  # tries again by itself, then goes on and is told of in health
        sink.accept(EVENTS[0])
        assert sink.trouble
    else:
        with pytest.raises((GamedetectdError, OSError)):
            sink.accept(EVENTS[0])
    lines.broken = False
    sink.accept(EVENTS[0])


def test_closing_it_twice_is_fine(sink):
    sink.close()


def test_through_its_runner_every_event_arrives_in_order_and_the_cursor_follows(sink, lines):
    source, delivered, done = Events(), [], threading.Event()

    def note(name, number):
        delivered.append((name, number))
        if number == 250:
            done.set()

    worker = working(sink, SinkRunner(sink, source, note).run)
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


def failing(runner):
    return bool(runner.status().last_error or getattr(runner.sink, "trouble", ""))


def test_stopping_is_quick_while_delivery_fails(sink, lines):
    lines.broken = True
    source = Events()
    source.events.append(event(1))
    runner = SinkRunner(sink, source, lambda _name, _number: None)
    worker = working(sink, runner.run)
    worker.start()
    try:
        deadline = time.monotonic() + 10
        while not failing(runner) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert failing(runner)
    finally:
        began = time.monotonic()
        worker.stop()
        assert worker.join(3)
    assert time.monotonic() - began < 3
