"""What every sensor promises: it says why it cannot, waits instead of spinning, ends when told and can start again."""

import threading
import time
from pathlib import Path
from typing import get_args

import pytest
from real_programs import eventually
from sensors_table import SENSORS

from gamedetectd.domain import Instant, Observation
from gamedetectd.platforms.clock import system_clock
from gamedetectd.worker import StopSignal, Worker


def members(cases):
    return [pytest.param(case, id=case.id, marks=[pytest.mark.desktop] if case.needs_screen else []) for case in cases]


@pytest.fixture(params=members(SENSORS))
def case(request):
    for fixture in request.param.fixtures:
        request.getfixturevalue(fixture)
    return request.param


@pytest.fixture
def sensor(case):
    sensor = case.build(system_clock())
    reason = sensor.unsupported_reason()
    if reason is not None:
        pytest.skip(f"the sensor {case.id} cannot work here: {reason}")
    return sensor


def descriptors():
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_building_it_touches_nothing(case):
    before = descriptors(), threading.active_count()
    case.build(system_clock())
    assert (descriptors(), threading.active_count()) == before


def test_its_name_fits_a_thread_and_a_metric(sensor):
    assert sensor.name.isidentifier()
    assert sensor.name == sensor.name.lower()


def test_its_reasons_are_sentences(sensor, watch):
    watched = watch(sensor)
    eventually(lambda: watched.worker.stop_signal.busy_since is None)
    assert 0 < len(sensor.source()) < 60
    for reason in (sensor.unsupported_reason(), sensor.degraded_reason()):
        assert reason is None or (reason[0].isupper() and reason.endswith(".") and "\n" not in reason)


def test_it_says_what_is_true_in_order_and_in_time(sensor, case, watch):
    clock = system_clock()
    begun = clock.now()
    watched = watch(sensor)
    if case.speaks_at_start:
        watched.until(lambda _seen: True)
    watched.end()
    assert all(isinstance(said, get_args(Observation)) for said in watched.said)
    moments = [said.at for said in watched.said]
    assert all(isinstance(moment, Instant) for moment in moments)
    elapsed = [begun.elapsed, *(moment.elapsed for moment in moments), clock.now().elapsed]
    assert elapsed == sorted(elapsed)


def test_it_ends_promptly_leaves_nothing_behind_and_can_start_again(sensor, case):
    before = descriptors()
    for _ in range(2):
        said = []
        worker = Worker(sensor.name, lambda stop, said=said: sensor.run(said.append, stop))
        worker.start()
        eventually(lambda worker=worker: worker.stop_signal.busy_since is None, what="waiting")
        if case.speaks_at_start:
            eventually(lambda said=said: said, what="speaking")
        asked = time.monotonic()
        worker.stop()
        assert worker.join(2.0)
        assert time.monotonic() - asked < 1.0
        assert worker.restarts == 0, worker.last_error
    eventually(lambda: descriptors() == before, what="every descriptor being given back")


def test_it_waits_instead_of_spinning(sensor):
    stop = StopSignal()
    spent = []

    def run():
        sensor.run(lambda _said: None, stop)
        spent.append(time.thread_time())

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(2.0)
    stop.set()
    thread.join(2.0)
    stop.close()
    assert spent, "it did not end"
    assert spent[0] < 0.2


@pytest.mark.parametrize("case", members(case for case in SENSORS if case.speaks_at_start), indirect=True)
def test_a_listener_that_fails_ends_the_run(sensor, case):
    before = descriptors()
    stop = StopSignal()

    def refuse(_said):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sensor.run(refuse, stop)
    stop.close()
    eventually(lambda: descriptors() == before, what="every descriptor being given back")
