"""The queue between sensors and engine: bounded, honest about what it dropped, and never out of order."""

from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import (
    ForegroundChanged,
    IdleChanged,
    Instant,
    PowerChanged,
    PowerState,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
)
from gamedetectd.engine.queue import ObservationQueue

AT = Instant(1.0, 1.0, 1.0)


def started(pid):
    return ProcessStarted(AT, ProcessInfo(ProcessKey("boot", pid, pid)))


def ended(pid):
    return ProcessEnded(AT, ProcessKey("boot", pid, pid), 1.0)


def new_queue(limit=3):
    calls = {"put": 0, "overflow": 0}

    def count(what):
        calls[what] += 1

    return ObservationQueue(limit, lambda: count("put"), lambda: count("overflow")), calls


def test_observations_come_out_in_order_and_once():
    queue, calls = new_queue()
    first, second = started(1), ended(1)
    queue.put(first)
    queue.put(second)
    assert len(queue) == 2
    assert queue.take() == [first, second]
    assert queue.take() == []
    assert calls == {"put": 2, "overflow": 0}


def test_focus_and_idle_keep_only_the_latest():
    queue, _ = new_queue()
    for n in range(5):
        queue.put(ForegroundChanged(AT, None))
        queue.put(IdleChanged(AT, bool(n % 2), 0.0))
    assert queue.take() == [ForegroundChanged(AT, None), IdleChanged(AT, False, 0.0)]


def test_too_many_processes_are_dropped_and_a_resync_asked_for_but_nothing_else_is_lost():
    queue, calls = new_queue(limit=3)
    power = PowerChanged(AT, PowerState.SLEPT, 5.0)
    for pid in range(3):
        queue.put(started(pid))
    queue.put(power)
    queue.put(started(99))
    assert calls["overflow"] == queue.overflows == 1
    assert queue.take() == [power]
    queue.put(started(100))
    assert queue.take() == [started(100)]


def test_a_resync_replaces_what_it_already_contains():
    queue, _ = new_queue()
    queue.put(started(1))
    queue.put(Resync(AT, ()))
    queue.put(ended(2))
    newest = Resync(AT, (ProcessInfo(ProcessKey("boot", 7, 7)),))
    queue.put(newest)
    assert queue.take() == [newest]


@given(st.lists(st.sampled_from(["start", "end", "resync", "focus", "idle", "power", "take"]), max_size=60))
def test_it_never_holds_more_than_its_limit_of_deltas(steps):
    queue, calls = new_queue(limit=5)
    powers = taken_powers = 0
    for step in steps:
        match step:
            case "start":
                queue.put(started(1))
            case "end":
                queue.put(ended(1))
            case "resync":
                queue.put(Resync(AT, ()))
            case "focus":
                queue.put(ForegroundChanged(AT, None))
            case "idle":
                queue.put(IdleChanged(AT, True, 0.0))
            case "power":
                powers += 1
                queue.put(PowerChanged(AT, PowerState.SLEPT))
            case _:
                taken_powers += sum(isinstance(o, PowerChanged) for o in queue.take())
        assert len(queue) <= 5 + 3 + powers
    taken_powers += sum(isinstance(o, PowerChanged) for o in queue.take())
    assert taken_powers == powers
    assert calls["overflow"] == queue.overflows
