"""A deliberate crash, hang and memory leak in each worker of a real daemon: it is told by name, goes again, and costs
neither the others anything nor the session of the game that is played meanwhile.

The fault is put where every worker comes by: its next wait. Nothing in the program knows of it.
"""

import dataclasses
import json
import socket
import sys
import threading
import time

import pytest
from real_programs import end, eventually

from gamedetectd import worker as worker_module
from gamedetectd.app import daemon as daemon_module
from gamedetectd.app import tray as tray_module
from gamedetectd.app.checks import resources, workers
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.tray import Tray
from gamedetectd.app.watchdog import ESSENTIAL
from gamedetectd.cli.edge import EXIT_CODES
from gamedetectd.config import load
from gamedetectd.errors import PartFailedError
from gamedetectd.health import tracker
from gamedetectd.health.growth import Limits
from gamedetectd.paths import Paths
from gamedetectd.platforms.service_manager import ServiceManager
from gamedetectd.worker import WorkerState

if sys.platform != "linux":
    pytest.skip("toy games are shell scripts with desktop entries", allow_module_level=True)

from toy_games import ToyGames

NAMES = (
    "sink-event_log",
    "engine",
    "notifications",
    "facts",
    "library",
    "catalogue",
    "audit",
    "control",
    "processes",
    "foreground",
    "idle",
    "power",
    "steam_log",
    "gamemode",
    "health",
    "http",
    "textfile",
    "tray",
    "tray-minutes",
)


class PlainIcon:
    """An icon that nobody sees."""

    title = ""

    def __init__(self, _name, _face, _menu, *, stop, wake, refresh, clicked):
        self.stop, self.wake, self.refresh = stop, wake, refresh

    def run(self):
        while not self.stop.is_set():
            self.stop.wait(None)
            self.refresh()

    def show(self, _face): ...

    def update_menu(self): ...

    def notify(self, message, title=None): ...

    def hidden(self): ...


def hasten(monkeypatch):
    """What takes minutes takes moments: pauses, patience, and how long a condition is held."""
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.25)
    monkeypatch.setattr(workers, "STUCK_AFTER", 0.3)
    monkeypatch.setattr(workers, "MOST_RESTARTS", 1_000)
    monkeypatch.setattr(tracker, "FLAP_WINDOW", 0.0)
    monkeypatch.setattr(resources, "WARM_UP", 0.0)
    growth = tuple(row._replace(limits=(Limits(1.0, 1.0, 8_000_000.0),)) for row in resources._GROWTH[:1])
    monkeypatch.setattr(resources, "_GROWTH", growth + tuple(r._replace(limits=()) for r in resources._GROWTH[1:]))
    quick = [dataclasses.replace(row, time_to_visible=0.0, time_to_clear=0.0) for row in daemon_module.CONDITIONS]
    monkeypatch.setattr(daemon_module, "CONDITIONS", tuple(quick))


class Running:
    """A daemon with every worker there can be, and a game that is played."""

    def __init__(self, place, monkeypatch):
        self.games = ToyGames(place)
        monkeypatch.setenv("XDG_DATA_DIRS", self.games.env["XDG_DATA_DIRS"])
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(tray_module, "make_icon", PlainIcon)
        hasten(monkeypatch)
        self.paths = Paths.below(place / "home")
        self.paths.config.mkdir(parents=True, mode=0o700)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.paths.settings_file.write_text(
            f'[catalogue]\nauto_update = true\nludusavi_url = "https://127.0.0.1:9/nothing"\n[http]\nenabled = true\n'
            f'port = {port}\n[metrics]\ntextfile = "{place}/x.prom"\n'
        )
        self.paths.settings_file.chmod(0o600)
        self.daemon = Daemon(self.paths, load(self.paths))
        self.daemon.start()
        self.tray = threading.Thread(target=Tray(self.daemon).run)
        self.tray.start()
        self.game = self.games.start(self.games.titles[0], 300)
        self.session = eventually(lambda: self.played(), 20, "the session")
        self.daemon.monitor.interval = 0.1
        self.daemon.monitor.wake()

    def played(self):
        """The id of the toy game's session, or None."""
        sessions = self.daemon.engine.core.machine.sessions
        return next((s.id for s in sessions if s.game.title == self.games.titles[0]), None)

    def worker(self, name):
        return next(worker for worker in self.daemon.workers if worker.name == name)

    def others_go_on(self, name):
        """Names of those, but ``name``, that neither run nor wait."""
        states = [worker.status() for worker in self.daemon.workers if worker.name != name]
        return [one for one in states if one.state is not WorkerState.RUNNING or one.stuck_for > 5]

    def told(self, code, word):
        return [one for one in self.daemon.conditions if one.code == code and word in one.message]

    def logged(self, message):
        """The lines of the log with this message."""
        rows = map(json.loads, self.paths.event_log_file.read_text().splitlines())
        return [row for row in rows if row["message"] == message]

    def close(self):
        end(self.game)
        self.daemon.ask_to_stop()
        self.tray.join(5)
        self.daemon.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        running = Running(tmp_path_factory.mktemp("faults"), monkeypatch)
        yield running
        running.close()


class Fault:
    """In place of a worker's next wait ``happens()`` does; with the block all is as before."""

    def __init__(self, worker, happens):
        self.signal = worker.stop_signal
        self.happens = happens

    def __enter__(self):
        signal, waits = self.signal, {"wait": self.signal.wait, "select": self.signal.select}
        for name, real in waits.items():

            def wait(*arguments, real=real):
                self.happens()
                return real(*arguments)

            setattr(signal, name, wait)
        signal.wake()
        return self

    def __exit__(self, *_):
        for name in ("wait", "select"):
            vars(self.signal).pop(name, None)


def test_no_worker_is_left_out(running):
    assert {worker.name for worker in running.daemon.workers} == set(NAMES)
    assert set(NAMES) >= ESSENTIAL


@pytest.mark.parametrize("name", NAMES)
def test_a_crash(running, name):
    worker = running.worker(name)
    before, lines = worker.restarts, len(running.logged(f"worker {name} crashed"))
    crashed = threading.Event()

    def crash():
        if not crashed.is_set():
            crashed.set()
            raise RuntimeError("deliberate")

    with Fault(worker, crash):
        eventually(crashed.is_set, 10, "the crash")
        if name != "health":  # while the monitor itself rests nobody looks; the log tells, and status
            eventually(lambda: running.told("worker-crashed", f"{name} failed: RuntimeError"), 5, "the condition")
        eventually(lambda: worker.restarts == before + 1 and worker.state is WorkerState.RUNNING, 5, "the restart")
        eventually(lambda: not running.told("worker-crashed", name), 5, "the end of the condition")
    (line,) = running.logged(f"worker {name} crashed")[lines:]
    assert "RuntimeError: deliberate" in line["error"]["stack_trace"]
    assert running.others_go_on(name) == []
    assert running.played() == running.session


@pytest.mark.parametrize("name", NAMES)
def test_a_hang(running, name):
    worker = running.worker(name)
    release = threading.Event()
    with Fault(worker, lambda: release.wait(30)):
        eventually(lambda: worker.status().stuck_for > 0.6, 10, "the hang")
        if name != "health":  # who looks after the monitor is the service manager, and status
            eventually(lambda: running.told("worker-stuck", f"{name} has not answered"), 5, "the condition")
        assert running.others_go_on(name) == []
        threads = [thread for thread in threading.enumerate() if thread.name == name]
        assert len(threads) <= 1, "no twin was started"
        release.set()
        eventually(lambda: not running.told("worker-stuck", name), 5, "the end of the condition")
    assert worker.state is WorkerState.RUNNING
    assert running.played() == running.session


@pytest.mark.parametrize("name", ["engine", *(pytest.param(n, marks=pytest.mark.slow) for n in NAMES if n != "engine")])
def test_a_leak(running, name):
    worker = running.worker(name)
    leaked = []
    until = time.monotonic() + 20

    def leak():
        if time.monotonic() < until:
            leaked.append(b"x" * 1_000_000)

    interval = running.daemon.monitor.interval
    running.daemon.monitor.interval = 0.02
    running.daemon.monitor.wake()
    time.sleep(1.2)  # a whole window
    assert not running.told("own-memory-growing", ""), "nothing leaks yet"
    over = threading.Event()
    waking = threading.Thread(target=lambda: [worker.wake() for _ in iter(lambda: over.wait(0.03), True)])
    try:
        with Fault(worker, leak):
            waking.start()
            eventually(lambda: running.told("own-memory-growing", "MB of memory"), 20, "the condition")
        leaked.clear()
        eventually(lambda: not running.told("own-memory-growing", ""), 20, "the end of the condition")
    finally:
        over.set()
        waking.join(5)
        running.daemon.monitor.interval = interval
    assert worker.state is WorkerState.RUNNING
    assert running.others_go_on(name) == []
    assert running.played() == running.session


@pytest.mark.parametrize("name", ["engine", "library"])
def test_one_that_is_given_up_is_told_and_tried_again_by_check(running, monkeypatch, name):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE", 0.002)
    worker = running.worker(name)
    target = worker._target

    def broken(_stop):
        raise SystemExit("deliberate")

    monkeypatch.setattr(worker, "_target", broken)
    with Fault(worker, lambda: broken(None) if worker.state is WorkerState.RUNNING else None):
        eventually(lambda: worker.state is WorkerState.GAVE_UP, 10, "giving up")
        eventually(lambda: running.told("worker-gave-up", f"{name} failed again and again: SystemExit"), 5, "a word")
    assert not running.daemon.wait(0), "nobody supervises: the rest goes on"
    assert running.others_go_on(name) == []
    worker._target = target
    assert running.daemon.watchdog.try_again() == 1
    eventually(lambda: worker.state is WorkerState.RUNNING, 5, "another try")
    eventually(lambda: not running.told("worker-gave-up", ""), 5, "the end of the condition")
    eventually(lambda: running.played() == running.session, 5, "the session")


def test_supervised_the_daemon_ends_with_a_code_of_its_own_where_an_essential_part_is_given_up(running, monkeypatch):
    watchdog, said = running.daemon.watchdog, []
    monkeypatch.setattr(watchdog, "_manager", ServiceManager(said.append))
    asked = []
    monkeypatch.setattr(running.daemon, "ask_to_stop", asked.append)
    for name in NAMES:
        worker = running.worker(name)
        before = worker.state
        try:
            worker.state = WorkerState.RESTING
            watchdog.troubled(worker)
            assert not asked, "one that rests comes back"
            worker.state, worker.last_error = WorkerState.GAVE_UP, "RuntimeError: deliberate"
            watchdog.troubled(worker)
        finally:
            worker.state = before
        assert bool(asked) is (name in ESSENTIAL)
        if asked:
            assert isinstance(watchdog.failed, PartFailedError)
            assert f"{name} failed again and again" in watchdog.failed.cause
            assert EXIT_CODES[PartFailedError] == 9
        watchdog.failed = None
        asked.clear()


def test_the_game_that_was_played_through_all_of_it_ends_as_one_session(running):
    end(running.game)
    eventually(lambda: running.played() is None, 20, "the end")
    (session,) = running.daemon.reader.sessions(game=running.games.titles[0])
    assert session.id == running.session
