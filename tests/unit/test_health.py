"""Health as a person meets it: told once and in time, the cause and not its consequences, and not again and again."""

import copy
import logging
import sys
import threading
import time

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gamedetectd.domain import ActiveCondition, Instant, Severity
from gamedetectd.health import monitor as monitoring
from gamedetectd.health.conditions import OF_THE_MONITOR, Condition, Finding, overall
from gamedetectd.health.monitor import HealthMonitor, Probe
from gamedetectd.health.tracker import FLAP_WINDOW, LONGEST_HOLD, Tracker
from gamedetectd.worker import Worker

ROOT = Condition("root", "The root", Severity.ERROR, "Mend it.", (), 5.0)
QUICK = Condition("quick", "At once", Severity.WARNING, "Mend it.", ("root",))
SLOW = Condition("slow", "After a while", Severity.INFO, "Mend it.", (), 30.0, 10.0)
THREE = (ROOT, QUICK, SLOW)
UNKEPT = Condition("history-unwritable", "Play time cannot be kept", Severity.ERROR, "Mend it.")
DECLARED = (UNKEPT, *OF_THE_MONITOR)


def at(seconds):
    return Instant(seconds, seconds + 1000.0, seconds + 1_700_000_000.0)


def codes(found):
    return [one.code for one in found]


# --- the whole ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "word"),
    [
        ([], "healthy"),
        ([Severity.INFO], "healthy"),
        ([Severity.INFO, Severity.WARNING], "degraded"),
        ([Severity.WARNING, Severity.ERROR, Severity.INFO], "unhealthy"),
    ],
)
def test_the_whole_in_one_word(severities, word):
    assert overall(ActiveCondition("c", "t", severity, "m", "r", 0.0) for severity in severities) == word


# --- the tracker ------------------------------------------------------------------------------------------------------


def test_a_condition_is_told_once_it_lasted_and_taken_back_once():
    tracker = Tracker(THREE)
    tracker.report("slow", "x", at(0), "It began.")
    assert tracker.visible(at(29.9)) == ()
    assert tracker.deadline() == 30.0
    (shown,) = tracker.visible(at(30))
    assert shown == ActiveCondition("slow", "After a while", Severity.INFO, "It began.", "Mend it.", at(0).wall)
    assert codes(tracker.changes(at(30)).appeared) == ["slow"]
    assert tracker.changes(at(31)).appeared == ()
    tracker.report("slow", "x", at(200), None)
    assert codes(tracker.visible(at(209.9))) == ["slow"]
    assert tracker.visible(at(210)) == ()
    assert codes(tracker.changes(at(210)).recovered) == ["slow"]
    assert tracker.changes(at(211)).recovered == ()
    assert tracker.deadline() == float("inf")


def test_what_does_not_last_is_never_told():
    tracker = Tracker(THREE)
    for second in range(0, 1000, 20):
        tracker.report("slow", "", at(second), "Again.")
        assert tracker.visible(at(second + 19)) == ()
        tracker.report("slow", "", at(second + 19), None)
    assert tracker.changes(at(1000)).appeared == ()


@pytest.mark.parametrize("period", [0.1, 1.0, 7.0, 20.0])
def test_fifty_flaps_change_what_is_told_at_most_twice_in_any_window(period):
    tracker = Tracker(THREE)
    told = []
    for flap in range(50):
        for offset, message in ((0.0, "Broken."), (period / 2, None)):
            now = at(flap * period + offset)
            tracker.report("quick", "", now, message)
            changes = tracker.changes(now)
            told += [now.awake] * (len(changes.appeared) + len(changes.recovered))
    assert 1 <= len(told) <= 2 * (1 + 50 * period / FLAP_WINDOW)
    for start in told:
        assert sum(start <= moment < start + FLAP_WINDOW for moment in told) <= 2
    assert tracker.visible(at(50 * period + LONGEST_HOLD)) == ()


def test_one_that_keeps_coming_back_is_told_less_and_less_often():
    tracker = Tracker(THREE)
    recoveries = 0
    for minute in range(240):
        tracker.report("quick", "", at(minute * 60), "Broken.")
        tracker.visible(at(minute * 60))
        tracker.report("quick", "", at(minute * 60 + 1), None)
        tracker.visible(at(minute * 60 + 59.5))
        recoveries += len(tracker.changes(at(minute * 60 + 59.5)).recovered)
    assert recoveries < 30


def test_one_that_was_there_for_hours_is_taken_back_when_it_is_gone():
    tracker = Tracker(THREE)
    tracker.report("quick", "", at(0), "Broken.")
    assert codes(tracker.visible(at(0))) == ["quick"]
    tracker.report("quick", "", at(10_000), None)
    assert tracker.visible(at(10_000)) == ()


def test_the_cause_is_told_and_its_consequences_are_not():
    tracker = Tracker(THREE)
    tracker.report("quick", "worker", at(0), "A consequence.")
    tracker.report("root", "worker", at(0), "The cause.")
    tracker.report("quick", "elsewhere", at(0), "Something else.")
    assert codes(tracker.visible(at(4))) == ["quick"]
    assert codes(tracker.visible(at(6))) == ["root", "quick"]
    assert [one.message for one in tracker.visible(at(6))] == ["The cause.", "Something else."]


def test_a_cause_of_the_whole_daemon_explains_every_key():
    tracker = Tracker(THREE)
    tracker.report("root", "", at(0), "The cause.")
    for key in ("a", "b"):
        tracker.report("quick", key, at(10), "A consequence.")
    assert codes(tracker.visible(at(20))) == ["root"]


def test_a_consequence_that_outlives_its_cause_is_told_then():
    tracker = Tracker(THREE)
    tracker.report("root", "", at(0), "The cause.")
    tracker.report("quick", "", at(0), "A consequence.")
    tracker.visible(at(10))
    tracker.report("root", "", at(100), None)
    assert codes(tracker.visible(at(100))) == ["quick"]
    changes = tracker.changes(at(100))
    assert (codes(changes.appeared), codes(changes.recovered)) == (["root", "quick"], ["root"])


def test_a_told_consequence_hides_behind_a_later_cause_and_is_not_called_recovered():
    tracker = Tracker(THREE)
    tracker.report("quick", "", at(0), "A consequence.")
    assert codes(tracker.visible(at(0))) == ["quick"]
    tracker.report("root", "", at(100), "The cause.")
    assert codes(tracker.visible(at(105))) == ["root"]
    assert tracker.changes(at(105)).recovered == ()


def test_worst_first_then_oldest():
    tracker = Tracker((ROOT, SLOW, Condition("other", "Other", Severity.ERROR, "Mend it.")))
    for second, code in enumerate(("slow", "other", "root")):
        tracker.report(code, "", at(second), "m")
    assert codes(tracker.visible(at(60))) == ["other", "root", "slow"]


def test_the_newest_sentence_is_shown_with_the_first_moment():
    tracker = Tracker(THREE)
    tracker.report("quick", "", at(0), "Ten left.")
    tracker.report("quick", "", at(9), "One left.")
    (shown,) = tracker.visible(at(9))
    assert (shown.message, shown.since) == ("One left.", at(0).wall)


def test_a_code_nobody_declared_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        Tracker(THREE).report("nonsense", "", at(0), "m")


def test_what_the_person_does_not_want_to_hear_is_not_told_and_explains_the_rest():
    tracker = Tracker(THREE)
    tracker.ignored = frozenset({"root"})
    tracker.report("root", "", at(0), "The cause.")
    tracker.report("quick", "", at(0), "A consequence.")
    assert tracker.visible(at(10)) == ()
    assert codes(tracker.standing(at(10))) == ["root"]
    assert tracker.changes(at(10)).appeared == ()
    tracker.ignored = frozenset()
    assert codes(tracker.visible(at(11))) == ["root"]
    tracker.ignored = frozenset({"root"})
    tracker.report("root", "", at(100), None)
    tracker.report("quick", "", at(100), None)
    assert tracker.changes(at(2000)).recovered == ()


def test_long_over_is_forgotten():
    tracker = Tracker(THREE)
    for n in range(1000):
        tracker.report("quick", str(n), at(0), "m")
        tracker.report("quick", str(n), at(1), None)
    tracker.visible(at(10_000))
    assert not tracker._cases


class TrackerMachine(RuleBasedStateMachine):
    """Whatever is reported in whatever order: appearances and recoveries alternate, and nothing true stays hidden."""

    def __init__(self):
        super().__init__()
        self.tracker = Tracker(THREE)
        self.now = 0.0
        self.present = {}
        self.left_at = {}
        self.times = {}

    @rule(code=st.sampled_from(["root", "quick", "slow"]), key=st.sampled_from(["", "a", "b"]), bad=st.booleans())
    def report(self, code, key, bad):
        message = f"{code} {key}" if bad else None
        self.tracker.report(code, key, at(self.now), message)
        if self.present.get((code, key)) and not bad:
            self.left_at[code, key] = self.now
        self.present[code, key] = bad

    @rule(seconds=st.sampled_from([0.0, 0.5, 5.0, 10.0, 31.0, 61.0, 1000.0]))
    def wait(self, seconds):
        self.now += seconds

    @invariant()
    def appearances_and_recoveries_alternate(self):
        changes = self.tracker.changes(at(self.now))
        for told, conditions in ((True, changes.appeared), (False, changes.recovered)):
            for one in conditions:
                place = tuple(one.message.split(" "))
                self.times.setdefault(place, []).append((self.now, told))
        for rows in self.times.values():
            assert [told for _, told in rows] == [n % 2 == 0 for n in range(len(rows))]

    @precondition(lambda self: self.tracker.deadline() < float("inf"))
    @rule()
    def wait_for_the_deadline(self):
        self.now = max(self.now, self.tracker.deadline())

    @invariant()
    def shown_is_what_is_there_or_left_a_short_while_ago(self):
        shown = {tuple(one.message.split(" ")) for one in self.tracker.visible(at(self.now))}
        assert self.tracker.deadline() > self.now
        present = {place for place, bad in self.present.items() if bad}
        for place in shown - present:
            assert self.now < self.left_at[place] + LONGEST_HOLD

    @invariant()
    def nothing_stays_hidden_without_its_cause(self):
        later = self.now + 100_000.0
        shown = {tuple(one.message.split(" ")) for one in copy.deepcopy(self.tracker).visible(at(later))}
        present = {place for place, bad in self.present.items() if bad}
        roots = {key for code, key in present if code == "root"}
        explained = {("quick", key) for key in ("", "a", "b") if roots & {key, ""}}
        assert shown == present - explained


TestTracker = TrackerMachine.TestCase
TestTracker.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


# --- the monitor ------------------------------------------------------------------------------------------------------


class RealClock:
    def now(self):
        return at(time.monotonic())


class Daemon:
    """A monitor in its worker."""

    def __init__(self, *probes):
        self.published = []
        self.monitor = HealthMonitor(RealClock(), Tracker(DECLARED), probes, self.published.append)
        self.worker = Worker("health", self.monitor.run)
        self.worker.start()

    def shows(self, *expected):
        end = time.monotonic() + 3.0
        while not (self.published and codes(self.published[-1]) == list(expected)):
            assert time.monotonic() < end, self.published
            time.sleep(0.005)

    def stop(self):
        self.worker.stop()
        assert self.worker.join(2.0)
        assert self.worker.status().restarts == 0


@pytest.fixture
def daemon():
    started = []

    def start(*probes):
        started.append(Daemon(*probes))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def bad(code="history-unwritable", key=""):
    return [Finding(code, "It is broken.", key)]


def test_what_a_probe_finds_is_published_and_logged_once(daemon, caplog):
    caplog.set_level(logging.INFO)
    running = daemon(Probe("history", bad))
    running.shows("history-unwritable")
    for _ in range(5):
        running.monitor.wake()
        time.sleep(0.02)
    assert len(running.published) == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "Play time cannot be kept: It is broken." in caplog.text


def test_what_a_probe_no_longer_finds_recovers(daemon, monkeypatch, caplog):
    monkeypatch.setattr("gamedetectd.health.tracker.FLAP_WINDOW", 0.05)
    caplog.set_level(logging.INFO)
    findings = bad()
    running = daemon(Probe("history", lambda: findings))
    running.shows("history-unwritable")
    findings = []
    running.monitor.wake()
    running.shows()
    assert caplog.messages[-1] == "No longer: Play time cannot be kept"


def test_a_probe_that_raises_is_a_condition_and_harms_no_other(daemon, monkeypatch):
    calls = []
    monkeypatch.setattr(threading, "excepthook", lambda args: calls.append(args.exc_type))

    def broken():
        raise ZeroDivisionError

    running = daemon(Probe("first", list), Probe("broken", broken), Probe("history", bad))
    running.shows("history-unwritable", "probe-failed")
    for _ in range(3):
        running.monitor.wake()
        time.sleep(0.02)
    assert calls == [ZeroDivisionError]


def test_a_probe_that_hangs_is_a_condition_and_harms_no_other(daemon, monkeypatch):
    monkeypatch.setattr(monitoring, "PROBE_LIMIT", 0.1)
    monkeypatch.setattr("gamedetectd.health.tracker.FLAP_WINDOW", 0.05)
    release, calls = threading.Event(), []

    def hang():
        calls.append(1)
        release.wait(10.0)
        return []

    running = daemon(Probe("hanging", hang), Probe("history", bad))
    running.shows("history-unwritable", "probe-stuck")
    for _ in range(3):
        running.monitor.wake()
        time.sleep(0.02)
    assert len(calls) == 1
    release.set()
    time.sleep(0.02)
    running.monitor.wake()
    running.shows("history-unwritable")
    assert len(calls) == 2


def test_without_news_nothing_is_asked_before_its_time(daemon):
    calls = []
    running = daemon(Probe("count", lambda: calls.append(1) or []))
    time.sleep(0.5)
    assert len(calls) == 1
    running.monitor.wake()
    time.sleep(0.2)
    assert len(calls) == 2


def test_the_monitor_stops_at_once_even_while_a_probe_hangs(daemon):
    release = threading.Event()
    running = daemon(Probe("hanging", lambda: release.wait(10.0) and []))
    time.sleep(0.05)
    started = time.monotonic()
    running.stop()
    release.set()
    assert time.monotonic() - started < 0.5


def test_what_becomes_visible_later_is_told_without_being_woken(daemon, monkeypatch):
    quick = Condition("fast", "Soon", Severity.WARNING, "Mend it.", (), 0.2)
    published = []
    monitor = HealthMonitor(RealClock(), Tracker([quick]), [Probe("x", lambda: bad("fast"))], published.append)
    worker = Worker("health", monitor.run)
    worker.start()
    time.sleep(0.1)
    assert published == []
    time.sleep(0.3)
    assert [codes(one) for one in published] == [["fast"]]
    worker.stop()
    assert worker.join(2.0)


def test_it_looks_as_often_as_it_is_told_to_and_less_often_on_a_starved_machine(daemon):
    calls = []
    running = daemon(Probe("count", lambda: calls.append(1) or []))
    running.monitor.interval = 0.05
    running.monitor.wake()
    time.sleep(0.5)
    often = len(calls)
    running.monitor.pace = 100.0
    running.monitor.wake()
    time.sleep(0.5)
    assert often >= 5
    assert len(calls) - often <= 3
    assert running.monitor.looks >= often - 1
    assert running.monitor.cpu_seconds < 1.0
    assert running.monitor.cpu_seconds > 0.0 or sys.platform == "win32", "Windows counts in steps of 1/64 s"


def test_what_changes_slowly_is_looked_at_less_often_unless_somebody_asks(daemon):
    slow, quick = [], []
    finding = bad()
    running = daemon(
        Probe("slow", lambda: slow.append(1) or finding, every=60.0), Probe("quick", lambda: quick.append(1) or [])
    )
    running.shows("history-unwritable")
    running.monitor.interval = 0.05
    running.monitor.wake()
    time.sleep(0.5)
    assert len(slow) == 2
    assert len(quick) > 4
    running.shows("history-unwritable")
