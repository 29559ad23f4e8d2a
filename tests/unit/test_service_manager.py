"""What systemd hears of the daemon: a datagram socket plays systemd."""

import contextlib
import itertools
import math
import os
import signal
import socket
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from real_daemon import RealDaemon
from real_programs import end, eventually

from gamedetectd.app.daemon import Daemon
from gamedetectd.app.watchdog import STATUS_LONGEST
from gamedetectd.config import load
from gamedetectd.paths import Paths
from gamedetectd.platforms.service_manager import service_manager

if sys.platform != "linux":
    pytest.skip("systemd is on Linux", allow_module_level=True)

from toy_games import ToyGames


class Systemd:
    """Hears what is said to ``address``, a path or ``@`` and a name."""

    def __init__(self, address):
        self.address = str(address)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address.replace("@", "\0", 1))
        self._socket.settimeout(0.1)
        self._over = threading.Event()
        self.heard = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self):
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                self.heard.append((time.monotonic(), self._socket.recv(4096).decode().splitlines()))

    def said(self, name):
        """Every value that was assigned to ``name``, in order."""
        lines = [line for _, datagram in list(self.heard) for line in datagram]
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]

    def environment(self, usec=None):
        asked = {} if usec is None else {"WATCHDOG_USEC": str(usec)}
        return {"NOTIFY_SOCKET": self.address, **asked}

    def close(self):
        self._over.set()
        self._listener.join(5)
        self._socket.close()


@pytest.fixture
def systemd(tmp_path):
    one = Systemd(tmp_path / "notify")
    yield one
    one.close()


@pytest.fixture
def daemon(tmp_path, systemd, monkeypatch):
    """``daemon()`` is one in this process that ``systemd`` supervises, with a second to say that it is alive."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    paths = Paths.below(tmp_path / "home")
    daemon = Daemon(paths, load(paths), manager=service_manager(systemd.environment(1_200_000)))
    daemon.start()
    yield daemon
    daemon.stop()


def test_an_abstract_socket_is_one_too():
    systemd = Systemd(f"@gamedetectd-test-{os.getpid()}")
    try:
        service_manager(systemd.environment()).tell("READY=1", "STATUS=größe\ud800")
        eventually(lambda: systemd.said("STATUS") == ["größe?"], what="the words")
    finally:
        systemd.close()


def test_systemd_hears_of_a_whole_life(tmp_path, systemd):
    games = ToyGames(tmp_path)
    watched = RealDaemon(tmp_path / "h", {**games.env, **systemd.environment(1_500_000)}).start()
    game = games.start(games.titles[0], 60)
    try:
        eventually(lambda: systemd.said("READY") == ["1"], what="READY")
        eventually(lambda: any(games.titles[0] in status for status in systemd.said("STATUS")), 20, "the game")
        eventually(lambda: len(systemd.said("WATCHDOG")) >= 3, what="signs of life")
        watched.process.send_signal(signal.SIGHUP)
        eventually(lambda: systemd.said("READY") == ["1", "1"], what="the end of the reload")
        assert systemd.said("RELOADING") == ["1"]
        (usec,) = systemd.said("MONOTONIC_USEC")
        assert abs(int(usec) / 1e6 - time.clock_gettime(time.CLOCK_MONOTONIC)) < 30
        assert watched.stop() == 0
        eventually(lambda: systemd.said("STOPPING") == ["1"], what="STOPPING")
        assert systemd.said("X_MEMORY"), "what it takes is said as well"
    finally:
        end(game)
        watched.stop()


def test_ready_is_said_first_and_life_often_enough(daemon, systemd):
    eventually(lambda: len(systemd.said("WATCHDOG")) >= 4, what="signs of life")
    assert "READY=1" in systemd.heard[0][1]
    times = [at for at, lines in systemd.heard if "WATCHDOG=1" in lines]
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert sorted(pauses)[len(pauses) // 2] < 0.9, "in half of the time there is"


def test_a_hung_engine_is_not_said_to_be_alive(daemon, systemd, monkeypatch):
    eventually(lambda: systemd.said("WATCHDOG"), what="a sign of life")
    release, step = threading.Event(), daemon.engine.step

    def hang():
        release.wait(20)
        step()

    monkeypatch.setattr(daemon.engine, "step", hang)
    try:
        daemon.engine.post(lambda at: ())
        time.sleep(0.8)
        count = len(systemd.said("WATCHDOG"))
        time.sleep(1.5)
        assert len(systemd.said("WATCHDOG")) <= count + 1
    finally:
        release.set()
    eventually(lambda: len(systemd.said("WATCHDOG")) > count + 2, what="life once it gets on")


def test_a_hung_monitor_says_nothing(daemon, systemd, monkeypatch):
    eventually(lambda: systemd.said("WATCHDOG"), what="a sign of life")
    release = threading.Event()
    monkeypatch.setattr(daemon.monitor, "_tell", lambda: release.wait(20))
    try:
        time.sleep(0.8)
        count = len(systemd.said("WATCHDOG"))
        time.sleep(1.5)
        assert len(systemd.said("WATCHDOG")) == count
    finally:
        release.set()


def test_private_titles_and_long_lists_stay_out_of_the_status_line(daemon, monkeypatch):
    played = SimpleNamespace(game=SimpleNamespace(title="A very long title, and nothing secret " * 10))
    monkeypatch.setattr(type(daemon.engine.core.machine), "sessions", (played,))
    monkeypatch.setattr("gamedetectd.app.watchdog.redact", lambda title: "[private title] " + title)
    line = daemon.watchdog._in_one_line()
    assert line.startswith("Playing [private title] A very long")
    assert len(line) == STATUS_LONGEST


ENVIRONMENTS = {
    "nobody": ({}, None),
    "an empty address": ({"NOTIFY_SOCKET": ""}, None),
    "another kind of socket": ({"NOTIFY_SOCKET": "vsock:2:1234"}, None),
    "no watchdog": ({"NOTIFY_SOCKET": "/x"}, math.inf),
    "a watchdog": ({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "3000000"}, 3.0),
    "for us": ({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 3.0),
    "for another": ({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, math.inf),
    "nonsense": ({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "soon"}, math.inf),
    "zero": ({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "0"}, math.inf),
}


@pytest.mark.parametrize("what", ENVIRONMENTS)
def test_what_systemd_says_of_itself(what):
    told, watchdog = ENVIRONMENTS[what]
    environment = {**told, "HOME": "/h"}
    manager = service_manager(environment)
    assert (manager and manager.watchdog) == watchdog
    assert environment == {"HOME": "/h"}, "nothing we start can speak in our name"


def test_a_systemd_that_went_away_or_does_not_listen_is_said_once_and_waited_for_shortly(tmp_path, caplog):
    manager = service_manager({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    for _ in range(3):
        manager.tell("READY=1")
    assert caplog.text.count("cannot be told how we are") == 1
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with deaf:
        deaf.bind(str(tmp_path / "gone"))
        began = time.monotonic()
        for _ in range(3):
            manager.tell("STATUS=" + "x" * 60_000, *["A=1"] * 10_000)
        assert time.monotonic() - began < 10


def test_without_anybody_nothing_wakes_up_for_it(tmp_path):
    paths = Paths.below(tmp_path / "home")
    daemon = Daemon(paths, load(paths))
    daemon.start()
    try:
        assert daemon.monitor.longest_rest == math.inf
        before = daemon.monitor.looked
        daemon.watchdog.beat()
        daemon.watchdog.reload("a test")
        assert before is daemon.monitor.looked
    finally:
        daemon.stop()
