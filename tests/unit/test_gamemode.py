"""GameMode on a real session bus: who is registered, who leaves, and that nobody is started or believed by mistake."""

import socket
import sys
import threading
import time

import pytest
from real_bus import GAMEMODE, Bus, FakeGameMode
from real_programs import eventually

from gamedetectd.errors import BusError
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.dbus import session_bus
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus, bus_address
from gamedetectd.sensors import gamemode
from gamedetectd.sensors.gamemode import GameModeSensor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no session bus but on Linux")


@pytest.fixture
def bus(tmp_path):
    bus = Bus(tmp_path)
    yield bus.start()
    bus.stop()


@pytest.fixture
def game_mode(bus):
    """``game_mode(pids…)`` starts the service on the bus."""
    started = []

    def start(*games, **options):
        started.append(FakeGameMode(bus, games, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def sensor(bus):
    return GameModeSensor(system_clock(), lambda: bus.address)


def said_of(watched):
    return [(signal.pid, signal.running) for signal in watched.said]


def test_who_is_registered_comes_and_goes(game_mode, sensor, watch):
    service = game_mode(4711)
    watched = watch(sensor)
    first = watched.until(lambda _seen: True)
    assert (first.source, first.pid, first.game_id, first.running) == ("gamemode", 4711, "", True)
    service.register(4712)
    watched.until(lambda seen: seen.pid == 4712 and seen.running)
    service.unregister(4711)
    watched.until(lambda seen: seen.pid == 4711 and not seen.running)
    assert said_of(watched) == [(4711, True), (4712, True), (4711, False)]
    assert sensor.degraded_reason() is None


def test_it_is_heard_when_it_starts_later_and_when_it_ends(bus, game_mode, watch):
    bus.can_start(GAMEMODE, "/bin/false")
    bus.stop()
    bus.start()
    sensor = GameModeSensor(system_clock(), lambda: bus.address)
    watched = watch(sensor)
    eventually(lambda: watched.worker.stop_signal.busy_since is None, what="waiting")
    service = game_mode(1)
    watched.until(lambda seen: seen.pid == 1 and seen.running)
    service.stop()
    watched.until(lambda seen: seen.pid == 1 and not seen.running)
    game_mode(2)
    watched.until(lambda seen: seen.pid == 2)


def test_it_is_never_started_by_us(bus, tmp_path, watch):
    started = tmp_path / "started"
    program = tmp_path / "gamemoded"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    bus.can_start(GAMEMODE, program)
    bus.stop()
    bus.start()
    sensor = GameModeSensor(system_clock(), lambda: bus.address)
    assert sensor.unsupported_reason() is None
    watched = watch(sensor)
    eventually(lambda: watched.worker.stop_signal.busy_since is None, what="waiting")
    connection = SessionBus.open(bus.address)
    with pytest.raises(BusError):
        connection.call(GAMEMODE, "/", GAMEMODE, "ListGames")
    connection.close()
    time.sleep(0.3)
    assert not started.exists()


def test_others_are_not_believed(bus, game_mode, sensor, watch):
    game_mode(1)
    impostor = game_mode(name="com.example.Impostor")
    watched = watch(sensor)
    watched.until(lambda seen: seen.pid == 1)
    impostor.register(666)
    time.sleep(0.3)
    assert said_of(watched) == [(1, True)]


def test_strange_signals_do_no_harm(game_mode, sensor, watch):
    service = game_mode(1)
    watched = watch(sensor)
    watched.until(lambda seen: seen.pid == 1)
    service.signal("GameRegistered", None, ())
    service.signal("GameRegistered", "s", ("not a number",))
    service.signal("GameRegistered", "io", (-5, "/a"))
    service.signal("SomethingElse", "i", (9,))
    service.signal("GameRegistered", "io", (1, "/a"))  # it is known already
    service.signal("GameUnregistered", "io", (99, "/a"))  # it was never there
    service.register(2)
    watched.until(lambda seen: seen.pid == 2)
    assert said_of(watched) == [(1, True), (2, True)]


def test_a_service_without_a_list_is_heard_from_now_on(game_mode, sensor, watch):
    service = game_mode(1, has_list=False)
    watched = watch(sensor)
    eventually(lambda: watched.worker.stop_signal.busy_since is None, what="waiting")
    time.sleep(0.1)
    service.register(2)
    watched.until(lambda seen: seen.pid == 2)
    assert said_of(watched) == [(2, True)]


def test_a_bus_that_comes_back_is_found_again(bus, game_mode, sensor, watch, monkeypatch):
    monkeypatch.setattr(gamemode, "FIRST_PAUSE", 0.05)
    game_mode(1).games.clear()
    watched = watch(sensor)
    eventually(lambda: watched.worker.stop_signal.busy_since is None, what="waiting")
    bus.stop()
    eventually(sensor.degraded_reason, what="saying that the bus is gone")
    assert "until it is back" in sensor.degraded_reason()
    assert sensor.unsupported_reason() is None
    bus.start()
    FakeGameMode(bus, [7])
    watched.until(lambda seen: seen.pid == 7, seconds=10.0)
    assert sensor.degraded_reason() is None


def test_it_sleeps_while_nothing_is_said(game_mode, sensor, watch):
    game_mode(1)
    watched = watch(sensor)
    watched.until(lambda _seen: True)
    _, wakeups = watched.settled()
    time.sleep(1.0)
    assert watched.cost()[1] == wakeups


# --- where there is none ----------------------------------------------------------------------------------------------


def test_without_a_bus_it_says_so(tmp_path, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert bus_address() == ""
    assert "no D-Bus session bus" in GameModeSensor(system_clock()).unsupported_reason()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert bus_address() == ""
    with pytest.raises(BusError, match="There is no D-Bus session bus"):
        SessionBus.open()


def test_the_usual_place_is_looked_at_where_nobody_names_one(bus, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(bus.socket.parent))
    assert bus_address() == bus.address
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/elsewhere")
    assert bus_address() == "unix:path=/elsewhere"


def test_without_gamemode_it_says_so_and_does_not_ask_again_at_once(bus, game_mode, sensor):
    assert "not installed" in sensor.unsupported_reason()
    game_mode()
    assert "not installed" in sensor.unsupported_reason()
    assert GameModeSensor(system_clock(), lambda: bus.address).unsupported_reason() is None


@pytest.mark.parametrize(
    "address", ["unix:path=/nowhere/at/all", "tcp:host=localhost,port=1", "nonsense", "unix:path="]
)
def test_a_bus_that_cannot_be_reached_is_a_reason(address):
    reason = GameModeSensor(system_clock(), lambda: address).unsupported_reason()
    assert "cannot be reached" in reason
    assert reason.endswith(".")


def test_on_other_systems_there_is_none(monkeypatch):
    sensor = GameModeSensor(system_clock())
    monkeypatch.setattr(sys, "platform", "win32")
    assert "Linux only" in sensor.unsupported_reason()


# --- the connection ---------------------------------------------------------------------------------------------------


def test_signals_that_come_while_an_answer_is_waited_for_are_kept(bus, game_mode):
    connection = SessionBus.open(bus.address)
    assert connection.name.startswith(":")
    connection.watch(f"type='signal',interface='{GAMEMODE}'")
    service = game_mode()
    service.register(5)
    time.sleep(0.1)
    assert connection.call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", GAMEMODE) == (1,)
    assert [signal.body[0] for signal in connection.signals() if len(signal.body) == 2] == [5]
    assert connection.signals() == []
    connection.close()


class Broken:
    """A bus that lets people in and then does as ``after`` says."""

    def __init__(self, path, after):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._after = after
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        peer, _ = self._socket.accept()
        with peer:
            peer.recv(1)
            while b"AUTH" not in peer.recv(1024):
                pass
            peer.sendall(b"OK 1234deadbeef\r\n")
            peer.recv(1024)
            self._after(peer)

    def close(self):
        self._socket.close()
        self._thread.join(5.0)


HABITS = {
    "hangs up": (lambda _peer: None, "went away"),
    "talks nonsense": (lambda peer: (peer.sendall(b"\xff" * 4096), peer.recv(1024)), "went away"),
    "is silent": (lambda _peer: time.sleep(0.6), "did not answer within"),
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_broken_bus_is_an_error_in_time(habit, tmp_path, monkeypatch):
    monkeypatch.setattr(session_bus, "CALL_SECONDS", 0.3)
    act, reason = HABITS[habit]
    broken = Broken(tmp_path / "bus", act)
    with pytest.raises(BusError, match=reason):
        SessionBus.open(f"unix:path={tmp_path}/bus")
    broken.close()
