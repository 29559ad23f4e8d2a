"""The runner of a sink, without threads: order, retries, cursors; and the event log's lines."""

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_logs import events, real_log

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.errors import HistoryError, LogError
from gamedetectd.observability.correlation import correlation, current_id
from gamedetectd.sinks.event_log import EventLog, fields_of, message_of
from gamedetectd.sinks.runner import BATCH, FIRST_PAUSE, LONGEST_PAUSE, SinkRunner

KEY = ProcessKey("boot", 42, 1)
SESSION = Session("s1", Game("steam:620", "Portal 2"), 1_700_000_000.0, 5.0, KEY, (KEY,), ())


def _event(number, kind=SessionEventKind.STARTED, session=SESSION):
    return SessionEvent(f"id-{number}", kind, 1_700_000_100.0, session, f"{number:032x}", number)


class _Table:
    """The durable event table in memory; ``broken`` makes it raise."""

    def __init__(self, last):
        self.events = [_event(number) for number in range(1, last + 1)]
        self.committed = 0
        self.broken = None
        self.reads = 0

    def cursor(self, _sink):
        return self.committed

    def last_number(self):
        return len(self.events)

    def pending(self, _sink, limit=BATCH, after=None):
        self.reads += 1
        if self.broken is not None:
            raise self.broken
        return self.events[after : after + limit]


class _Sink:
    """Takes events; ``refusals`` are raised first, one a call."""

    name = "test"

    def __init__(self, *refusals):
        self.taken = []
        self.refusals = list(refusals)

    def accept(self, event):
        assert current_id() == event.correlation_id
        if self.refusals and (refusal := self.refusals.pop(0)) is not None:
            raise refusal
        self.taken.append(event.number)

    def close(self):
        pass


class _Turns:
    """A ``Stop`` with a clock of its own: a wait is over at once and the clock is as much later.

    It stops when ``turns`` waits are used up. ``between(number)`` runs in each wait, counted from 1.
    """

    def __init__(self, turns, between=lambda _number: None, early=None):
        self.turns = turns
        self.between = between
        self.early = early
        self.now = 0.0
        self.waits = []

    def is_set(self):
        return len(self.waits) > self.turns

    def wait(self, timeout):
        assert len(self.waits) < 1_000, "it goes round and round"
        self.waits.append(timeout)
        self.now += (timeout or 0.0) if self.early is None else self.early
        self.between(len(self.waits))
        return self.is_set()


def _run(runner, stop):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gamedetectd.sinks.runner.time.monotonic", lambda: stop.now)
        runner.run(stop)
    return stop


def test_with_nothing_pending_it_waits_without_a_time_limit():
    table, stop = _Table(0), _Turns(0)
    _run(SinkRunner(_Sink(), table, lambda *_: None), stop)
    assert stop.waits == [None]
    assert table.reads == 1


def test_events_are_delivered_once_each_though_the_cursor_is_committed_later():
    table, sink, delivered = _Table(3 * BATCH + 5), _Sink(), []
    stop = _Turns(3, between=lambda _number: table.events.append(_event(len(table.events) + 1)))
    runner = SinkRunner(sink, table, lambda name, number: delivered.append((name, number)))
    _run(runner, stop)
    assert sink.taken == list(range(1, 3 * BATCH + 5 + 3 + 1))
    assert delivered == [("test", number) for number in sink.taken]
    assert runner.status().delivered == sink.taken[-1]
    assert runner.status().backlog == 0


def test_it_begins_after_the_committed_cursor():
    table, sink = _Table(5), _Sink()
    table.committed = 3
    _run(SinkRunner(sink, table, lambda *_: None), _Turns(0))
    assert sink.taken == [4, 5]


def test_what_was_delivered_before_this_start_counts_as_delivered():
    table = _Table(5)
    table.committed = 5
    runner = SinkRunner(_Sink(), table, lambda *_: None)
    _run(runner, _Turns(0))
    assert runner.status().delivered == 5
    assert runner.status().backlog == 0


@pytest.mark.parametrize("refusal", [LogError("Full.", "Make room."), OSError("gone"), ConnectionError("refused")])
def test_a_refused_event_is_offered_again_before_any_later_one(refusal, caplog):
    table, sink = _Table(4), _Sink(None, refusal, refusal, refusal)
    runner = SinkRunner(sink, table, lambda *_: None, now=lambda: 1_000.0)
    seen = []
    with caplog.at_level(logging.INFO, "gamedetectd.sinks"):
        _run(runner, _Turns(3, between=lambda _number: seen.append(runner.status())))
    assert sink.taken == [1, 2, 3, 4]
    assert [status.backlog for status in seen] == [3, 3, 3, 0]
    assert {status.failing_since for status in seen[:3]} == {1_000.0}
    assert seen[0].last_error == str(refusal)
    assert seen[3].failing_since is None
    assert seen[3].last_error == ""
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"], "one line for three refusals"


def test_the_age_and_number_of_what_waits_are_known_while_it_waits():
    table, sink, seen = _Table(3), _Sink(None, OSError("no")), []
    table.events = [replace(event, at=100.0 * event.number) for event in table.events]
    runner = SinkRunner(sink, table, lambda *_: None)

    def look(_number):
        status = runner.status()
        seen.append((status.backlog, status.waiting_since))

    _run(runner, _Turns(1, between=look))
    assert seen == [(2, 200.0), (0, None)]


def test_pauses_grow_up_to_the_longest():
    runner = SinkRunner(_Sink(*[OSError("no")] * 12), _Table(1), lambda *_: None)
    waits = _run(runner, _Turns(9)).waits
    assert waits[:7] == [FIRST_PAUSE * 2**n for n in range(7)]
    assert set(waits[7:]) == {LONGEST_PAUSE}


def test_new_events_do_not_cut_a_pause_short():
    """A wake-up ends a wait early; the rest of the pause is waited for all the same."""
    runner = SinkRunner(_Sink(OSError("no")), _Table(1), lambda *_: None)
    assert _run(runner, _Turns(4, early=0.125)).waits == [0.5, 0.375, 0.25, 0.125, None]


def test_a_history_that_cannot_be_read_is_tried_again():
    table, sink = _Table(2), _Sink()
    table.broken = HistoryError("It is locked.", "Close the other program.")

    def mend(_number):
        table.broken = None

    runner = SinkRunner(sink, table, lambda *_: None)
    _run(runner, _Turns(1, between=mend))
    assert sink.taken == [1, 2]


def test_a_crash_of_the_sink_loses_nothing():
    table, sink = _Table(3), _Sink(None, ValueError("a fault of ours"))
    runner = SinkRunner(sink, table, lambda *_: None)
    with pytest.raises(ValueError, match="fault"):
        _run(runner, _Turns(0))
    _run(runner, _Turns(0))  # the worker starts it again
    assert sink.taken == [1, 2, 3]


def test_stopped_in_the_middle_of_a_batch_it_ends_after_the_event_at_hand():
    class Stop(_Turns):
        def is_set(self):
            return len(sink.taken) >= 2

    sink, delivered = _Sink(), []
    _run(SinkRunner(sink, _Table(50), lambda _name, number: delivered.append(number)), Stop(0))
    assert sink.taken == delivered == [1, 2]


@given(st.lists(st.sampled_from([None, None, OSError("x"), LogError("a", "b")]), max_size=40), st.integers(0, 30))
def test_whatever_is_refused_order_holds_and_nothing_is_left_out(refusals, last):
    sink = _Sink(*refusals)
    table = _Table(last)
    runner = SinkRunner(sink, table, lambda *_: None)
    _run(runner, _Turns(len(refusals)))
    assert sink.taken == list(range(1, last + 1))


# --- the event log ----------------------------------------------------------------------------------------------------

PLAYED = replace(SESSION, foreground_seconds=3_725.4, active_seconds=3_600.0, idle_seconds=125.4)
OVER = replace(PLAYED, ended_at=1_700_004_000.5, ended_by=EndedBy.EXIT)


@pytest.mark.parametrize(
    ("kind", "session", "message"),
    [
        (SessionEventKind.STARTED, SESSION, "Portal 2 started"),
        (SessionEventKind.UPDATED, PLAYED, "Portal 2 is being played, 1 h 2 min in the foreground so far"),
        (SessionEventKind.PAUSED, PLAYED, "Portal 2 goes on unwatched: watching is paused"),
        (SessionEventKind.RESUMED, PLAYED, "Portal 2 is watched again"),
        (SessionEventKind.ENDED, OVER, "Portal 2 ended after 1 h 6 min, 1 h 2 min of it in the foreground"),
        (SessionEventKind.ENDED, SESSION, "Portal 2 ended after 1 min, 0 s of it in the foreground"),
        (SessionEventKind.CORRECTED, OVER, "Portal 2 was corrected by the person"),
    ],
)
def test_every_event_says_what_happened(kind, session, message):
    assert message_of(_event(1, kind, session)) == message


def test_an_ended_session_is_a_line_a_shipper_understands(tmp_path):
    session = replace(
        OVER,
        probability=1,
        evidence=(
            Evidence("window", 1.25, 'The window "Portal 2" fills the screen'),
            Evidence("store", 6.0, "Steam started it as app 620"),
            Evidence("against", -2.0, "It is small"),
        ),
    )
    ended = _event(7, SessionEventKind.ENDED, session)
    with real_log(tmp_path) as handle, correlation(ended.correlation_id):
        EventLog(handle.write_event).accept(ended)
    (line,) = events(tmp_path)
    assert line["@timestamp"] == "2023-11-14T22:15:00.000Z"
    created = line["event"].pop("created")
    assert created > "2026"
    assert line["event"] == {
        "dataset": "gamedetectd.session",
        "kind": "event",
        "category": ["process"],
        "type": ["end"],
        "action": "session-ended",
        "id": "id-7",
        "sequence": 7,
        "start": "2023-11-14T22:13:20.000Z",
        "end": "2023-11-14T23:20:00.500Z",
        "duration": 4_000_500_000_000,
    }
    assert line["trace"] == {"id": f"{7:032x}"}
    assert line["gamedetectd"] == {
        "game": {"id": "steam:620", "title": "Portal 2"},
        "evidence": [
            "Steam started it as app 620 (store, +6.0)",
            "It is small (against, -2.0)",
            'The window "Portal 2" fills the screen (window, +1.2)',
        ],
        "session": {
            "id": "s1",
            "probability": 1.0,
            "foreground_seconds": 3725.4,
            "active_seconds": 3600.0,
            "idle_seconds": 125.4,
            "ended_by": "exit",
            "processes": [42],
        },
    }


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (SessionEventKind.STARTED, "start"),
        (SessionEventKind.UPDATED, "change"),
        (SessionEventKind.PAUSED, "change"),
        (SessionEventKind.RESUMED, "change"),
        (SessionEventKind.ENDED, "end"),
        (SessionEventKind.CORRECTED, "change"),
    ],
)
def test_every_kind_has_its_type_and_action(kind, type_):
    fields = fields_of(_event(1, kind))
    assert fields["event.type"] == [type_]
    assert fields["event.action"] == f"session-{kind}"
    assert "event.end" not in fields
    assert "event.duration" not in fields
    assert "gamedetectd.session.ended_by" not in fields


def test_the_cursor_stays_where_the_line_could_not_be_written(tmp_path):
    """End to end with a real log: what is in its way for a while costs no event and doubles none."""
    (tmp_path / "log").write_text("in the way")
    table, delivered = _Table(5), []

    def mend(number):
        if number == 1:
            assert delivered == []
            (tmp_path / "log").unlink()

    with real_log(tmp_path / "log") as handle:
        runner = SinkRunner(EventLog(handle.write_event), table, lambda _name, number: delivered.append(number))
        _run(runner, _Turns(1, between=mend))
    lines = [event for event in events(tmp_path / "log") if event["event"]["dataset"] == "gamedetectd.session"]
    assert [event["event"]["sequence"] for event in lines] == delivered == [1, 2, 3, 4, 5]
