"""Every health check: what a person is told when something is wrong, and that nothing is said while all is well."""

import os
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import msgspec
import pytest
from real_programs import eventually

from gamedetectd.app.checks import BY_CODE, CHECKS, CONDITIONS, probes
from gamedetectd.app.checks import disk as disks
from gamedetectd.app.checks.catalogue import Catalogue
from gamedetectd.app.checks.clock import Clock
from gamedetectd.app.checks.control import Control
from gamedetectd.app.checks.desktop import Desktop
from gamedetectd.app.checks.disk import Disk
from gamedetectd.app.checks.engine import Engine
from gamedetectd.app.checks.facts import Facts
from gamedetectd.app.checks.history import History
from gamedetectd.app.checks.library import Library
from gamedetectd.app.checks.log import Log
from gamedetectd.app.checks.resources import OwnResources
from gamedetectd.app.checks.sensors import Sensors
from gamedetectd.app.checks.settings import Settings as SettingsCheck
from gamedetectd.app.checks.sinks import Sinks
from gamedetectd.app.checks.workers import Workers
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.newest_version import NewestVersion
from gamedetectd.app.vitals import HELD_BACK, Vitals
from gamedetectd.catalogue.updater import STATE, Checked
from gamedetectd.config import load
from gamedetectd.config.problems import Problem
from gamedetectd.control.client import Client
from gamedetectd.domain import Instant, LibraryProblem, Severity
from gamedetectd.errors import HistoryDamagedError, HistoryError
from gamedetectd.facts.room import SourceStatus
from gamedetectd.health import monitor as monitoring
from gamedetectd.health.conditions import Finding, problem_finding
from gamedetectd.health.monitor import HealthMonitor, Probe
from gamedetectd.health.tracker import Tracker
from gamedetectd.observability.histogram import Histogram
from gamedetectd.paths import Paths
from gamedetectd.platforms.desktop_claim import DesktopClaim
from gamedetectd.platforms.resources import Resources
from gamedetectd.sinks.runner import SinkStatus
from gamedetectd.worker import Worker, WorkerState, WorkerStatus

DAY = 86_400.0
AS_HERE = {
    "sensor-unsupported",
    "sensor-fallback",
    "notifications-unavailable",
    "tray-unavailable",
    "machine-starved",
    "audit-unsealed",
}
"""What may be missing, or going on, where the tests run."""


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_condition_is_declared_once_and_can_be_acted_on():
    assert len(BY_CODE) == len(CONDITIONS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for condition in CONDITIONS:
        assert condition.code == condition.code.lower()
        assert not condition.title.endswith(".")
        assert len(condition.remedy) > 15
        assert set(condition.depends_on) <= set(BY_CODE)
        assert condition.code not in condition.depends_on


def test_no_two_conditions_hide_each_other():
    def causes(code):
        for cause in BY_CODE[code].depends_on:
            yield cause
            yield from causes(cause)

    for code in BY_CODE:
        assert code not in causes(code)


def test_no_error_hides_behind_something_less():
    for condition in CONDITIONS:
        if condition.severity is Severity.ERROR:
            causes = {BY_CODE[code].severity for code in condition.depends_on}
            assert causes <= {Severity.ERROR}, condition.code


@pytest.mark.parametrize(
    ("cause", "hidden"),
    [
        ("disk-nearly-full", "log-unwritable"),
        ("disk-full", "history-unwritable"),
        ("disk-full", "log-unwritable"),
        ("disk-full", "disk-nearly-full"),
        ("disk-nearly-full", "journal-unwritable"),
        ("disk-nearly-full", "backup-missing"),
        ("disk-nearly-full", "sink-failing"),
        ("disk-inodes-nearly-used-up", "log-unwritable"),
        ("disk-inodes-nearly-used-up", "backup-missing"),
        ("machine-starved", "engine-slow"),
        ("machine-starved", "engine-behind"),
        ("machine-starved", "facts-stuck"),
        ("machine-starved", "probe-stuck"),
        ("machine-starved", "sink-behind"),
        ("worker-gave-up", "sensor-fallback"),
        ("worker-gave-up", "sink-failing"),
        ("worker-stuck", "engine-behind"),
        ("history-damaged", "backup-missing"),
    ],
)
def test_a_root_cause_is_told_alone(cause, hidden):
    tracker = Tracker(CONDITIONS)
    now = Instant(0.0, 0.0, 1_700_000_000.0)
    tracker.report(hidden, "somewhere", now, "What follows.")
    tracker.report(cause, "somewhere", now, "The cause.")
    later = Instant(500.0, 500.0, 1_700_000_500.0)
    assert [one.code for one in tracker.visible(later)] == [cause]


# --- each check -------------------------------------------------------------------------------------------------------


def looked(check, **parts):
    """What a check finds in a daemon of which only these parts matter: pairs of code and sentence."""
    return found_by(check(SimpleNamespace(**parts)))


def found_by(check):
    return [(one.code, one.message) for one in check.look()]


def worker(name="engine", state=WorkerState.RUNNING, restarts=0, stuck=0.0, asked=False):
    status = WorkerStatus(name, state, restarts, "ValueError: x", stuck)
    return SimpleNamespace(status=lambda: status, stop_signal=SimpleNamespace(is_set=lambda: asked))


CALM = SimpleNamespace(pace=1.0)
STARVED = SimpleNamespace(pace=HELD_BACK)


@pytest.mark.parametrize(
    ("one", "vitals", "expected"),
    [
        (worker(), CALM, None),
        (worker(state=WorkerState.NEW), CALM, None),
        (worker(stuck=25.0), CALM, ("worker-stuck", "engine has not answered for 25 s.")),
        (worker(stuck=25.0), STARVED, None),
        (worker(stuck=65.0), STARVED, ("worker-stuck", "engine has not answered for 65 s.")),
        (worker(state=WorkerState.RESTING), CALM, ("worker-crashed", "engine failed: ValueError: x.")),
        (
            worker(state=WorkerState.GAVE_UP),
            CALM,
            ("worker-gave-up", "engine failed again and again: ValueError: x."),
        ),
        (worker(state=WorkerState.ENDED), CALM, ("worker-gave-up", "engine ended although nobody asked it to.")),
        (worker(state=WorkerState.ENDED, asked=True), CALM, None),
        (
            worker(restarts=3),
            CALM,
            ("worker-unsteady", "engine failed 3 times within the last hour; the last time: ValueError: x."),
        ),
    ],
)
def test_workers(one, vitals, expected):
    assert looked(Workers, workers=[one], vitals=vitals) == ([expected] if expected else [])


def test_a_worker_that_failed_long_ago_is_steady_again(monkeypatch):
    now = 1_000.0
    monkeypatch.setattr("gamedetectd.app.checks.workers.time.monotonic", lambda: now)
    check = Workers(SimpleNamespace(workers=[worker(restarts=3)], vitals=CALM))
    assert [code for code, _ in found_by(check)] == ["worker-unsteady"]
    now += 3_601.0
    assert found_by(check) == []


@pytest.mark.parametrize(
    ("unsupported", "degraded", "expected"),
    [
        (None, None, []),
        ("No screen.", None, [("sensor-unsupported", "No screen.")]),
        (None, "It polls.", [("sensor-fallback", "It polls.")]),
        ("No screen.", "It polls.", [("sensor-unsupported", "No screen.")]),
    ],
)
def test_sensors(unsupported, degraded, expected):
    sensor = SimpleNamespace(name="foreground", degraded_reason=lambda: degraded)
    machine = SimpleNamespace(library=SimpleNamespace(degraded_reason=None))
    noted = {"foreground": unsupported}
    assert looked(Sensors, sensors=[sensor], unsupported=noted, machine=machine) == expected


def test_the_stores_folders_are_watched_the_slower_way():
    machine = SimpleNamespace(library=SimpleNamespace(degraded_reason="Too many folders."))
    assert looked(Sensors, sensors=[], unsupported={}, machine=machine) == [("sensor-fallback", "Too many folders.")]


class FakeEngine:
    """Stands in for the engine: only its numbers matter here."""

    def __init__(self):
        self.latency, self.commits = Histogram(), Histogram()
        self.length, self.overflows = 0, 0
        self.problem = self.journal_problem = None

    def counters(self):
        return {"queue_length": float(self.length), "queue_overflows": float(self.overflows)}


def test_the_engine_keeps_up_or_does_not():
    engine = FakeEngine()
    check = Engine(SimpleNamespace(engine=engine))
    assert found_by(check) == []
    for _ in range(20):
        engine.latency.observe(0.002)
    assert found_by(check) == []
    engine.overflows = 1
    assert found_by(check) == [("queue-overflow", "Many processes started or ended within a moment.")]
    assert found_by(check) == [], "it is over"
    engine.length = 2_000
    assert found_by(check) == [("engine-behind", "2000 observations wait.")]
    engine.length = 0
    for _ in range(20):
        engine.latency.observe(4.0)
    assert found_by(check) == [
        ("engine-slow", "One in ten of the last 20 observations took more than 2.5 s to deal with.")
    ]
    for _ in range(4):
        engine.latency.observe(100.0)
    assert found_by(check) == [], "too few to tell"
    for _ in range(5):
        engine.latency.observe(100.0)
    assert [code for code, _ in found_by(check)] == ["engine-slow"]
    engine.commits.observe(0.01)
    assert found_by(check) == []
    engine.commits.observe(4.0)
    assert found_by(check) == [("engine-slow", "Writing into the history takes more than 2.5 s.")]


def test_facts():
    def room(**stuck):
        return SimpleNamespace(status=lambda: {kind: SourceStatus(stuck=value) for kind, value in stuck.items()})

    assert looked(Facts, facts=room(files=False, gpu=False)) == []
    assert looked(Facts, facts=room(version_info=True, files=True, gpu=False)) == [
        ("facts-stuck", "Looking for version info, files does not come back.")
    ]


@pytest.mark.parametrize(
    ("backlog", "error", "failing_for", "waiting_for", "expected"),
    [
        (0, "", None, None, []),
        (5, "", None, 10.0, []),
        (5, "Refused.", 10.0, 10.0, ["sink-failing"]),
        (5, "", None, 400.0, ["sink-behind"]),
        (1_000, "", None, 10.0, ["sink-behind"]),
        (1_000, "Refused.", 500.0, 500.0, ["sink-failing", "sink-behind"]),
    ],
)
def test_sinks(backlog, error, failing_for, waiting_for, expected):
    now = time.time()
    failing, waiting = (None if ago is None else now - ago for ago in (failing_for, waiting_for))
    status = SinkStatus("event_log", 7, backlog, error, failing, waiting)
    runner = SimpleNamespace(sink=SimpleNamespace(name="event_log"), status=lambda: status)
    assert [code for code, _ in looked(Sinks, sinks=[runner])] == expected


@pytest.mark.parametrize(
    ("free", "inodes", "expected"),
    [
        (10**12, 10**6, []),
        (10**12, None, []),
        (3_000_000, 10**6, [("disk-nearly-full", "3 MB are left where {} lies.")]),
        (10**12, 12, [("disk-inodes-nearly-used-up", "12 more files are possible where {} lies.")]),
        (
            500_000,
            10**6,
            [("disk-full", "0 MB are left where {} lies."), ("disk-nearly-full", "0 MB are left where {} lies.")],
        ),
        (
            10**12,
            3,
            [
                ("disk-full", "3 more files are possible where {} lies."),
                ("disk-inodes-nearly-used-up", "3 more files are possible where {} lies."),
            ],
        ),
    ],
)
def test_room_on_the_disk(tmp_path, monkeypatch, free, inodes, expected):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: path.stat() and SimpleNamespace(free=free))
    monkeypatch.setattr(disks, "free_inodes", lambda _path: inodes)
    paths = SimpleNamespace(data=tmp_path / "missing", log=tmp_path, state=tmp_path)
    assert looked(Disk, paths=paths) == [(code, message.format(tmp_path)) for code, message in expected]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no inodes")
def test_inodes_where_they_are_counted(tmp_path, monkeypatch):
    real = disks.free_inodes(tmp_path)
    assert real is None or real > 0
    nothing = SimpleNamespace(f_files=0, f_favail=0)
    monkeypatch.setattr(os, "statvfs", lambda _path: nothing)
    assert disks.free_inodes(tmp_path) is None, "btrfs counts none"


@pytest.mark.parametrize("check", [Log, Control])
def test_a_parts_own_word(tmp_path, check):
    def daemon(sentence):
        return {
            "logging": SimpleNamespace(problem=lambda: sentence),
            "server": SimpleNamespace(probe=lambda: sentence),
            "paths": SimpleNamespace(log=tmp_path),
        }

    assert looked(check, **daemon(None)) == []
    assert looked(check, **daemon("It is so.")) == [(check.conditions[0].code, "It is so.")]


def test_a_log_that_could_not_be_begun_anew_is_told_before_it_has_to_be(tmp_path, monkeypatch):
    parts = {"logging": SimpleNamespace(problem=lambda: None), "paths": SimpleNamespace(log=tmp_path)}
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert looked(Log, **parts) == [("log-unwritable", f"No further file can be begun in {tmp_path}.")]
    tmp_path.rmdir()
    assert looked(Log, **parts) == [], "it is made again with the next line"


@pytest.mark.parametrize(
    ("problem", "messages"),
    [(None, []), ("A sentence.", ["A sentence."]), (HistoryError("The cause.", "The remedy."), ["The cause."])],
)
def test_an_error_is_told_by_its_cause(problem, messages):
    assert [one.message for one in problem_finding("any", problem)] == messages


class FakeHistory:
    """Stands in for the history: what its backup does is chosen."""

    def __init__(self, path):
        self.path, self.mended, self.outcome, self.made = path, None, lambda: None, 0

    def backup(self):
        self.made += 1
        return self.outcome()


def settled(check, expected):
    """What is found once the backup's thread has ended."""
    eventually(lambda: [code for code, _ in found_by(check)] == expected, 5, f"{expected} of {found_by(check)}")


def raising(error):
    def raise_it():
        raise error

    return raise_it


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (lambda: None, []),
        (raising(HistoryError("The disk is full.", "Free some.")), ["backup-missing"]),
        (raising(HistoryDamagedError("A copy came out damaged.", "Restart.")), ["history-damaged"]),
    ],
)
def test_the_backup_tells_of_the_history(tmp_path, outcome, expected):
    history = FakeHistory(tmp_path / "history.db")
    history.outcome = outcome
    woken = []
    monitor = SimpleNamespace(wake=lambda: woken.append(1))
    check = History(SimpleNamespace(history=history, engine=FakeEngine(), monitor=monitor))
    found_by(check)
    eventually(lambda: history.made == 1, 5, "the backup")
    settled(check, expected)
    found_by(check)
    assert history.made == 1, "not again before an hour has passed"
    assert len(woken) == len(expected)


def test_a_backup_that_takes_long_holds_nobody_up_and_is_told_in_the_end(tmp_path, monkeypatch):
    release = threading.Event()
    history = FakeHistory(tmp_path / "history.db")
    history.outcome = lambda: release.wait(10)
    check = History(SimpleNamespace(history=history, engine=FakeEngine(), monitor=None))
    began = time.monotonic()
    for _ in range(3):
        assert found_by(check) == []
    assert time.monotonic() - began < 1.0
    now = time.monotonic() + 1_000.0
    monkeypatch.setattr("gamedetectd.app.checks.history.time.monotonic", lambda: now)
    assert found_by(check) == [("backup-missing", "The backup that was begun does not come to an end.")]
    release.set()
    monkeypatch.undo()
    eventually(lambda: history.made == 1 and found_by(check) == [], 5, "the end of the one backup")


def test_an_old_backup_is_told(tmp_path):
    old = tmp_path / "history.backup-20260101-000000.db"
    old.touch()
    os.utime(old, (time.time() - 5 * DAY,) * 2)
    check = History(SimpleNamespace(history=FakeHistory(tmp_path / "history.db"), engine=FakeEngine(), monitor=None))
    settled(check, ["backup-missing"])
    assert found_by(check) == [("backup-missing", "The newest backup is 5 days old.")]


def test_history_and_journal_have_their_own_words(tmp_path):
    history, engine = FakeHistory(tmp_path / "history.db"), FakeEngine()
    history.mended = HistoryError("It was mended.", "")
    engine.problem = HistoryError("It is read-only.", "")
    engine.journal_problem = HistoryError("It is full.", "")
    check = History(SimpleNamespace(history=history, engine=engine, monitor=None))
    assert found_by(check) == [
        ("history-unwritable", "It is read-only."),
        ("journal-unwritable", "It is full."),
        ("history-restored", "It was mended."),
    ]


def settings_daemon(tmp_path, **news):
    found = {"problems": (), "needs_restart": ()} | news
    settings = SimpleNamespace(health=SimpleNamespace(ignore=news.get("ignore", ())))
    return {
        "news": SimpleNamespace(**found),
        "paths": SimpleNamespace(rules_file=tmp_path / "rules.toml", actions_file=tmp_path / "actions.toml"),
        "settings": settings,
        "monitor": SimpleNamespace(codes=frozenset(BY_CODE)),
        "newest_version": SimpleNamespace(newer=lambda: news.get("newer")),
    }


def test_settings(tmp_path):
    rules = str(tmp_path / "rules.toml")
    wrong = Problem("settings.toml", 3, "watch.x", "1", "is unknown", "Remove it.")
    wrong_rule = Problem(rules, 1, "", "", "is no rule", "Mend it.")
    assert looked(SettingsCheck, **settings_daemon(tmp_path)) == []
    daemon = settings_daemon(
        tmp_path,
        problems=(wrong, wrong_rule),
        needs_restart=("watch.gamepads",),
        ignore=("tray-unavailable", "tray-unavialable"),
        newer="Version 9 was used here.",
    )
    assert looked(SettingsCheck, **daemon) == [
        ("settings-invalid", str(wrong)),
        ("rules-invalid", str(wrong_rule)),
        ("settings-invalid", 'health.ignore: there is no condition "tray-unavialable".'),
        ("restart-needed", "Changed: watch.gamepads."),
        ("data-newer", "Version 9 was used here."),
    ]


@pytest.mark.parametrize(
    ("earlier", "ours", "newer", "kept"),
    [
        (None, "1.2.0", False, "1.2.0"),
        ("1.1.9", "1.2.0", False, "1.2.0"),
        ("1.2.0", "1.2.0", False, "1.2.0"),
        ("1.10.0", "1.9.0", True, "1.10.0"),
        ("2.0.0.dev1", "1.9.0", True, "2.0.0.dev1"),
        ("nonsense", "1.9.0", False, "1.9.0"),
        ("9\x1b[2J", "1.9.0", False, "1.9.0"),
        ("", "1.9.0", False, "1.9.0"),
        ("9" * 100_000, "1.9.0", None, None),
    ],
)
def test_the_newest_version_that_ran_is_remembered(tmp_path, earlier, ours, newer, kept):
    file = tmp_path / "version"
    if earlier is not None:
        file.write_text(earlier)
    told = NewestVersion(file, ours).newer()
    if newer is not None:
        assert (told is not None) == newer
        assert file.read_text().strip() == kept
    if newer:
        assert told == f"Version {kept} was used here, and this is {ours} ({file})."


def test_who_went_back_on_purpose_can_say_so(tmp_path):
    file = tmp_path / "version"
    file.write_text("3.0")
    version = NewestVersion(file, "2.0")
    assert version.newer() is not None
    file.unlink()
    assert version.newer() is None
    assert file.read_text() == "2.0\n"


def test_a_version_that_cannot_be_noted_costs_nothing(tmp_path, caplog):
    assert NewestVersion(tmp_path / "missing" / "version", "2.0").newer() is None
    assert "cannot be noted" in caplog.text


def test_library():
    problems = tuple(
        (store, LibraryProblem(place, "Damaged.", "Mend it."))
        for store, place in (("steam", "/a"), ("steam", "/b"), ("epic", "/c"))
    )
    machine = SimpleNamespace(library=SimpleNamespace(problems=lambda: problems))
    assert looked(Library, machine=machine) == [
        ("store-unreadable", "steam: 2 (first: /a)"),
        ("store-unreadable", "epic: 1 (first: /c)"),
    ]


@pytest.mark.parametrize(
    ("auto_update", "days", "expected"),
    [(False, 100, []), (False, 200, ["catalogue-old"]), (True, 20, []), (True, 22, ["catalogue-old"])],
)
def test_catalogue(tmp_path, auto_update, days, expected):
    about = SimpleNamespace(source="ludusavi", made_at=time.time() - days * DAY)
    room = SimpleNamespace(problem=lambda: None, indexes=lambda: [("file", about)])
    settings = SimpleNamespace(catalogue=SimpleNamespace(auto_update=auto_update, update_days=7))
    machine = SimpleNamespace(catalogue=SimpleNamespace(room=room, directory=tmp_path))
    assert [code for code, _ in looked(Catalogue, machine=machine, settings=settings)] == expected
    (tmp_path / STATE).write_bytes(msgspec.json.encode({"ludusavi": Checked(time.time() - DAY, "unchanged")}))
    assert looked(Catalogue, machine=machine, settings=settings) == [], "it was found unchanged yesterday"
    room.indexes = list
    assert looked(Catalogue, machine=machine, settings=settings) == [], "what was never imported is not old"
    failed = {"ludusavi": Checked(time.time(), "failed", "The server does not answer.")}
    (tmp_path / STATE).write_bytes(msgspec.json.encode(failed))
    told = [("catalogue-not-fetched", "ludusavi: The server does not answer.")]
    assert looked(Catalogue, machine=machine, settings=settings) == (told if auto_update else [])


class Hands:
    """A clock to be turned by hand."""

    def __init__(self):
        self.awake, self.elapsed, self.wall = 100.0, 100.0, 1_700_000_000.0

    def now(self):
        return Instant(self.awake, self.elapsed, self.wall)

    def turn(self, awake=0.0, asleep=0.0, moved=0.0):
        self.awake += awake
        self.elapsed += awake + asleep
        self.wall += awake + asleep + moved


def test_the_clock_is_set_and_the_machine_sleeps(monkeypatch):
    hands, zones = Hands(), ["Europe/Berlin"]
    monkeypatch.setattr("gamedetectd.app.checks.clock.zone", lambda: zones[-1])
    reread = []
    monkeypatch.setattr("gamedetectd.app.checks.clock.reread_zone", lambda: reread.append(1))
    daemon = SimpleNamespace(machine=SimpleNamespace(clock=hands))
    daemon.vitals = Vitals(daemon)
    check = Clock(daemon)
    hands.turn(awake=15)
    assert found_by(check) == []
    hands.turn(awake=1, asleep=8 * 3_600)
    assert found_by(check) == [], "sleep is no trouble"
    assert (daemon.vitals.sleeps, daemon.vitals.slept_seconds) == (1, 8 * 3_600)
    hands.turn(awake=15, moved=-7_200)
    assert found_by(check) == [("clock-set", "It was set back by 2 hours.")]
    hands.turn(awake=15, moved=2)
    assert found_by(check) == [("clock-set", "It was set back by 2 hours.")], "told long enough to be seen"
    zones.append("Asia/Tokyo")
    hands.turn(awake=120)
    assert found_by(check) == [("time-zone-changed", "It was Europe/Berlin and is Asia/Tokyo.")]
    assert reread == [1]
    hands.turn(awake=121, moved=90)
    assert found_by(check) == [("clock-set", "It was set forward by 90 seconds.")]
    assert daemon.vitals.clock_jumps == 2


def test_the_desktop():
    tray = Finding("tray-unavailable", "There is no tray.")
    desktop = SimpleNamespace(take=lambda: True)
    daemon = SimpleNamespace(notifications=SimpleNamespace(trouble=""), tray_trouble=None, desktop=desktop)
    assert found_by(Desktop(daemon)) == []
    daemon.notifications.trouble, daemon.tray_trouble = "Nobody shows them.", tray
    desktop.take = lambda: False
    assert found_by(Desktop(daemon)) == [
        ("notifications-unavailable", "Nobody shows them."),
        ("tray-unavailable", "There is no tray."),
        ("another-instance", "It was started before this one, and with another home."),
    ]


def test_the_second_to_watch_a_desktop_knows_until_the_first_has_ended(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "")
    monkeypatch.setenv("DISPLAY", f":test-{os.getpid()}.0")
    first, second = DesktopClaim(), DesktopClaim()
    try:
        assert first.take()
        assert first.take()
        assert not second.take()
        first.close()
        assert second.take()
        monkeypatch.setenv("DISPLAY", f":other-{os.getpid()}")
        assert first.take() or sys.platform != "linux", "another desktop"
    finally:
        first.close()
        second.close()


def test_without_a_desktop_nobody_disputes_it(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    first, second = DesktopClaim(), DesktopClaim()
    assert first.take()
    assert second.take() or sys.platform != "linux"
    first.close()
    second.close()


# --- resources --------------------------------------------------------------------------------------------------------

NORMAL = Resources(
    at=0.0,
    cpu_seconds=1.0,
    rss_bytes=50_000_000,
    open_files=40,
    open_files_limit=1_024,
    threads=20,
    system_cpus=4,
    system_cpu_busy_seconds=100.0,
    system_cpu_seconds=1_000.0,
    system_load=(0.1, 0.1, 0.1),
    system_memory_bytes=16_000_000_000,
    system_memory_available_bytes=8_000_000_000,
    cpu_pressure=0.01,
    memory_pressure=0.0,
    memory_stall=0.0,
    io_pressure=0.0,
)


class FakeMeter:
    """Stands in for the system: ``at`` goes on by 15 seconds with each look, the rest is chosen."""

    def __init__(self, **values):
        self.values, self.at, self.by = values, 0.0, 15.0

    def read(self):
        self.at += self.by
        chosen = {name: value(self.at) if callable(value) else value for name, value in self.values.items()}
        return Resources(**({name: getattr(NORMAL, name) for name in NORMAL.__slots__} | chosen | {"at": self.at}))


def resources_of(**values):
    """A check with its fake meter, and the parts that hold back."""
    daemon = SimpleNamespace(
        monitor=SimpleNamespace(pace=1.0),
        processes=SimpleNamespace(pace=1.0),
        facts=SimpleNamespace(pace=1.0),
        machine=SimpleNamespace(library=SimpleNamespace(pace=1.0)),
    )
    meter = FakeMeter(**values)
    daemon.vitals = Vitals(daemon, meter)
    return OwnResources(daemon), meter, daemon


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"cpu_seconds": lambda at: 0.02 * at}, None),
        (
            {"cpu_seconds": lambda at: 0.1 * at},
            ("own-cpu-high", "10.0% of one core on average over the last five minutes."),
        ),
        ({"open_files": 900}, ("own-files-scarce", "900 of 1024 are open.")),
        ({"open_files": 900, "open_files_limit": None}, None),
        (
            {"rss_bytes": lambda at: 50e6 + at * 100e6 / 3_600},
            ("own-memory-growing", "{} MB of memory, 100.0 more every hour."),
        ),
        (
            {"rss_bytes": lambda at: 50e6 + at * 3e6 / 3_600},
            ("own-memory-growing", "{} MB of memory, 3.0 more every hour."),
        ),
        ({"rss_bytes": lambda at: 50e6 + at * 0.5e6 / 3_600}, None),
        ({"open_files": lambda at: 40 + int(at / 60)}, ("own-files-growing", "{} open files, 60.0 more every hour.")),
        ({"threads": lambda at: 20 + int(at / 240)}, ("own-threads-growing", "{} threads, 15.0 more every hour.")),
    ],
)
def test_own_resources_over_six_hours(values, expected):
    check, meter, _ = resources_of(**values)
    told = []
    while meter.at < 6 * 3_600:
        told = found_by(check)
        if told:
            break
    codes = [code for code, _ in told]
    assert codes == ([expected[0]] if expected else [])
    if expected and "{}" not in expected[1]:
        assert told[0][1] == expected[1]


@pytest.mark.parametrize(
    ("signs", "relief"),
    [
        ({"cpu_pressure": 0.9}, {"cpu_pressure": 0.1}),
        ({"memory_stall": 0.2}, {"memory_stall": 0.0}),
        ({"system_memory_available_bytes": 100_000_000}, {"system_memory_available_bytes": 4_000_000_000}),
        (
            {
                "cpu_pressure": None,
                "system_cpu_seconds": lambda at: 4 * at,
                "system_cpu_busy_seconds": lambda at: 4 * at,
            },
            {"system_cpu_busy_seconds": lambda at: 2 * at},
        ),
    ],
)
def test_a_starved_machine_is_left_alone_and_taken_up_again(signs, relief):
    check, meter, daemon = resources_of(**signs)
    paces = (daemon.monitor, daemon.processes, daemon.facts, daemon.machine.library)
    for _ in range(4):
        found = found_by(check)
    assert [code for code, _ in found] == ["machine-starved"]
    assert {part.pace for part in paces} == {HELD_BACK}
    assert daemon.vitals.yielding == f"It holds back, because the machine is very busy. {found[0][1]}"
    meter.values |= relief
    for _ in range(4):
        found = found_by(check)
    assert found == []
    assert {part.pace for part in paces} == {1.0}
    assert daemon.vitals.yielding is None


def test_one_busy_moment_and_going_to_and_fro_starve_nobody():
    load = {"now": 0.0}
    check, _, daemon = resources_of(cpu_pressure=lambda _at: load["now"])
    changes, before = 0, 1.0
    for turn in range(200):
        load["now"] = (0.85, 0.6)[turn % 2]
        found_by(check)
        changes, before = changes + (daemon.vitals.pace != before), daemon.vitals.pace
    assert changes <= 1


# --- in a running daemon ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A daemon that was just started, in a home of its own, on a machine without a screen."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            patch.delenv(name, raising=False)
        paths = Paths.below(tmp_path_factory.mktemp("checks") / "home")
        daemon = Daemon(paths, load(paths))
        daemon.start()
        try:
            yield daemon
        finally:
            daemon.stop()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_fresh_daemon_is_well(running, check):
    one = check(running)
    for _ in range(2):
        found = list(one.look())
    declared = {condition.code for condition in check.conditions}
    assert {finding.code for finding in found} <= declared & AS_HERE


@contextmanager
def monitored(daemon, probes):
    """A monitor over these probes: the codes it published last, by key."""
    published = []
    monitor = HealthMonitor(daemon.machine.clock, Tracker(CONDITIONS), probes, published.append)
    one = Worker("second-health", monitor.run)
    one.start()
    try:
        yield published
    finally:
        one.stop()
        assert one.join(3.0)


@pytest.mark.parametrize("trouble", ["hangs", "crashes"])
@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_a_check_that_hangs_or_crashes_harms_no_other(running, monkeypatch, name, trouble):
    monkeypatch.setattr(monitoring, "PROBE_LIMIT", 0.3)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    release, asked = threading.Event(), []

    def looking(probe):
        def look():
            asked.append(probe.name)
            if probe.name != name:
                return probe.look()
            if trouble == "hangs":
                release.wait(20)
                return []
            raise RuntimeError(name)

        return Probe(probe.name, look)

    table = [looking(probe) for probe in probes(running)]
    code = "probe-stuck" if trouble == "hangs" else "probe-failed"
    with monitored(running, table) as published:
        eventually(lambda: any(code in [one.code for one in told] for told in published), 5, f"{code}: {published}")
        release.set()
    assert sorted(asked) == sorted(check.name for check in CHECKS)
    told = [one for one in published[-1] if one.severity is not Severity.INFO]
    assert [(one.code, name in one.message) for one in told] == [(code, True)]


def test_what_the_person_chose_of_health_holds_at_once(running):
    client = Client(running.paths)

    def told():
        return {one["code"] for one in client.request("status")["health"]["conditions"]}

    eventually(lambda: "sensor-unsupported" in told(), 5, "what cannot be watched here")
    file = running.paths.settings_file
    file.write_text('[health]\ninterval = 60\nignore = ["sensor-unsupported", "tray-unavialable"]\n')
    file.chmod(0o600)
    client.request("reload")
    eventually(lambda: "sensor-unsupported" not in told(), 5, "silence")
    eventually(lambda: "settings-invalid" in told(), 5, "the misspelt code")
    assert running.monitor.interval == 60.0
    file.unlink()
    client.request("reload")
    eventually(lambda: "sensor-unsupported" in told() and "settings-invalid" not in told(), 5, "all as before")
    assert running.monitor.interval == 15.0
