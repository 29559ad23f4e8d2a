"""A worker waits without ticking, comes back after a crash, gives up loudly and says when it is stuck."""

import logging
import os
import threading
import time

import pytest

from gamedetectd import worker as worker_module
from gamedetectd.errors import SensorError
from gamedetectd.worker import StopSignal, Worker, WorkerState


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE", 0.004)


def test_it_ends_when_asked():
    worker = Worker("patient", lambda stop: stop.wait(None) and None)
    worker.start()
    wait_for(lambda: worker.stop_signal.busy_since is None)
    worker.stop()
    assert worker.join(2)
    assert worker.status().state is WorkerState.ENDED


def test_a_crash_is_logged_and_outlived(quick, caplog):
    lives = []

    def target(stop):
        lives.append(1)
        if len(lives) < 3:
            raise ValueError("broken on purpose")
        stop.wait(None)

    worker = Worker("phoenix", target)
    with caplog.at_level(logging.ERROR):
        worker.start()
        wait_for(lambda: len(lives) == 3)
    status = worker.status()
    assert (status.restarts, status.last_error) == (2, "ValueError: broken on purpose")
    assert "worker phoenix crashed" in caplog.text
    worker.stop()
    assert worker.join(2)


def test_it_gives_up_after_many_crashes_in_a_row(quick, caplog):
    def target(_stop):
        raise OSError("never works")

    worker = Worker("hopeless", target)
    with caplog.at_level(logging.ERROR):
        worker.start()
        wait_for(lambda: worker.status().state is WorkerState.GAVE_UP)
    assert worker.restarts == worker_module.GIVE_UP_AFTER
    assert "is given up: OSError: never works" in caplog.text
    assert worker.status().stuck_for == 0.0
    worker.stop()
    assert worker.join(5)


def test_one_that_gave_up_is_tried_again_when_asked(quick, caplog):
    healthy = threading.Event()
    told = []

    def target(stop):
        if not healthy.is_set():
            raise OSError("does not work yet")
        stop.wait(None)

    worker = Worker("patient", target, lambda worker: told.append(worker.state))
    assert not worker.try_again(), "one that never began is left alone"
    with caplog.at_level(logging.WARNING):
        worker.start()
        wait_for(lambda: worker.state is WorkerState.GAVE_UP)
        assert told == [WorkerState.RESTING] * (worker_module.GIVE_UP_AFTER - 1) + [WorkerState.GAVE_UP]
        worker.wake()
        time.sleep(0.05)
        assert worker.state is WorkerState.GAVE_UP, "a wake-up is no order to try again"
        assert worker.try_again()
        wait_for(lambda: worker.restarts == 2 * worker_module.GIVE_UP_AFTER)
        wait_for(lambda: worker.state is WorkerState.GAVE_UP)
        healthy.set()
        assert worker.try_again()
        wait_for(lambda: worker.state is WorkerState.RUNNING)
    assert "worker patient is tried again" in caplog.text
    assert not worker.try_again(), "one that works is left alone"
    worker.stop()
    assert worker.join(5)


class NoTextError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (MemoryError(), "MemoryError"),
        (GeneratorExit(), "GeneratorExit"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (SensorError("It went away.", "Wait."), "SensorError: A sensor stopped: It went away. Wait."),
        (NoTextError(), "NoTextError: <exception str() failed>"),
        (None, "it ended although nobody asked it to"),
    ],
    ids=repr,
)
def test_nothing_ends_a_worker_unseen(quick, caplog, error, short):
    lives = []

    def target(stop):
        lives.append(1)
        if len(lives) > 1:
            stop.wait(None)
        elif error is not None:
            raise error

    worker = Worker("seen", target)
    with caplog.at_level(logging.ERROR):
        worker.start()
        wait_for(lambda: len(lives) == 2)
    assert worker.last_error == short
    assert "worker seen" in caplog.text
    worker.stop()
    assert worker.join(5)


def test_one_that_was_stuck_and_gets_on_says_so(monkeypatch, caplog):
    monkeypatch.setattr(worker_module, "STUCK_AFTER", 0.05)
    release = threading.Event()

    def target(stop):
        release.wait(5)
        stop.wait(None)

    worker = Worker("sleepy", target)
    with caplog.at_level(logging.WARNING):
        worker.start()
        wait_for(lambda: worker.status().stuck_for > 0.1)
        release.set()
        wait_for(lambda: "worker sleepy gets on again after 0 s" in caplog.text)
    worker.stop()
    assert worker.join(2)


def test_a_steady_stretch_forgives_earlier_crashes(quick, monkeypatch):
    monkeypatch.setattr(worker_module, "STEADY_AFTER", -1.0)
    lives = []

    def target(stop):
        lives.append(1)
        if len(lives) <= worker_module.GIVE_UP_AFTER + 3:
            raise ValueError
        stop.wait(None)

    worker = Worker("cat", target)
    worker.start()
    wait_for(lambda: len(lives) == worker_module.GIVE_UP_AFTER + 4)
    assert worker.status().state is WorkerState.RUNNING
    worker.stop()
    assert worker.join(2)


def test_stop_ends_the_rest_after_a_crash(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 60.0)

    def target(_stop):
        raise ValueError

    worker = Worker("resting", target)
    worker.start()
    wait_for(lambda: worker.state is WorkerState.RESTING)
    worker.wake()  # a wake-up is not a stop: it goes on resting
    time.sleep(0.05)
    assert worker.state is WorkerState.RESTING
    worker.stop()
    assert worker.join(2)


def test_busy_without_waiting_shows_as_stuck_and_waiting_does_not():
    release = threading.Event()

    def target(stop):
        release.wait(5)
        stop.wait(None)

    worker = Worker("busy", target)
    worker.start()
    wait_for(lambda: worker.status().stuck_for > 0.05)
    release.set()
    wait_for(lambda: worker.status().stuck_for == 0.0)
    worker.stop()
    assert worker.join(2)


def test_joining_one_that_never_started_is_fine_and_one_that_hangs_is_told():
    assert Worker("unborn", lambda stop: None).join(0)
    release = threading.Event()
    worker = Worker("deaf", lambda stop: release.wait(5) and None)
    worker.start()
    worker.stop()
    assert not worker.join(0.05)
    release.set()
    assert worker.join(2)


def test_select_returns_the_ready_reader_and_wakes_for_wake_and_stop():
    signal = StopSignal()
    reader, writer = os.pipe()
    try:
        assert signal.select([reader], 0.01) == []
        os.write(writer, b"x")
        assert signal.select([reader], 5) == [reader]
        os.read(reader, 1)
        signal.wake()
        started = time.monotonic()
        assert signal.select([reader], 5) == []
        signal.set()
        assert signal.select([reader], 5) == []
        assert signal.is_set()
        assert time.monotonic() - started < 1
    finally:
        os.close(reader)
        os.close(writer)
        signal.close()
        signal.close()


def test_ten_thousand_wakes_without_a_reader_neither_block_nor_get_lost():
    signal = StopSignal()
    signal.select([], 0)
    for _ in range(10_000):
        signal.wake()
    assert signal.select([], 5) == []
    signal.close()
