"""MQTT in a daemon: what brokers are told of it, who this computer is to them, on and off while it runs; commands."""

import json
import socket
import stat
import sys
from types import SimpleNamespace

import pytest
from acting import World
from actions_world import NOW, event
from mqtt_world import broking
from real_programs import eventually
from typer.testing import CliRunner

from gamedetectd.app import mqtt
from gamedetectd.app.checks.actions import ActionsCheck
from gamedetectd.app.mqtt import own_id, state_of, this_computer
from gamedetectd.cli.main import build
from gamedetectd.config.actions import NO_ACTIONS, Actions, Mqtt
from gamedetectd.domain import ActiveCondition, Severity, Snapshot
from gamedetectd.errors import HistoryError
from gamedetectd.paths import Paths


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with broking(tmp_path_factory.mktemp("broker")) as both:
        yield both


class Daemon:
    """As much of a daemon as its state needs."""

    def __init__(self, *sessions, foreground=(), conditions=(), past=()):
        self.now = Snapshot("1.2.3", sessions, foreground, None, conditions)
        self.reader = SimpleNamespace(sessions=self._past)
        self.past = past

    def snapshot(self):
        return self.now

    def _past(self, *_):
        if self.past is None:
            raise HistoryError("The disk is gone.", "Look for it.")
        return self.past


def told(daemon, games=()):
    state, after = state_of(daemon, games)()
    return json.loads(state), after


def test_the_state_tells_what_is_played_and_for_how_long(monkeypatch):
    first, second = event(1, session="a").session, event(1, title="Half-Life", session="b", game_id="steam:70").session
    row, after = told(Daemon(first, second, foreground=("a",)))
    assert (row["playing"], row["game"], row["game_id"]) == (True, "Portal 2", "steam:620")
    assert [one["title"] for one in row["games"]] == ["Portal 2", "Half-Life"]
    assert (row["health"], row["version"], after) == ("healthy", "1.2.3", mqtt.EVERY_MINUTE)
    row, _ = told(Daemon(first, second), ("half*",))
    assert [one["title"] for one in row["games"]] == ["Half-Life"]


def test_without_a_game_it_says_so_until_midnight():
    row, after = told(Daemon())
    assert (row["playing"], row["game"], row["since"], row["games"], row["today_seconds"]) == (False, None, None, [], 0)
    assert 60 <= after <= 86_400


def test_todays_play_time_is_the_trays(monkeypatch):
    import time
    from dataclasses import replace

    now = time.time()
    ended = replace(event(1, session="x").session, started_at=now - 5, ended_at=now)
    going = replace(event(1, session="y").session, started_at=now - 3)
    row, _ = told(Daemon(going, past=(ended, going)))
    assert 3 <= row["today_seconds"] <= 20
    row, _ = told(Daemon(past=None))
    assert row["today_seconds"] == 0


def test_health_is_told_with_what_makes_it_unwell():
    conditions = tuple(
        ActiveCondition(f"c{number}", title, severity, "m", "r", NOW)
        for number, (title, severity) in enumerate([("A note", Severity.INFO), ("Trouble", Severity.WARNING)])
    )
    row, _ = told(Daemon(conditions=conditions))
    assert (row["health"], row["problems"]) == ("degraded", ["Trouble"])


def test_this_computer_keeps_its_id_until_its_name_changes(tmp_path, monkeypatch):
    paths = Paths.below(tmp_path)
    paths.state.mkdir(mode=0o700)
    mine = own_id(paths)
    assert own_id(paths) == mine
    file = paths.state / "mqtt-id"
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    monkeypatch.setattr(socket, "gethostname", lambda: "a-copy-of-the-disk")
    other = own_id(paths)
    assert other != mine
    file.write_text("nonsense")
    assert own_id(paths) not in (mine, other)
    assert own_id(Paths.below(tmp_path / "not" / "there")) != own_id(Paths.below(tmp_path / "not" / "there"))


@pytest.mark.parametrize(
    ("host", "level"),
    [("pc", "pc"), ("pc.example.org", "pc"), ("Büro #1/+", "B-ro-1"), ("", "computer"), ("x" * 99, "x" * 64)],
)
def test_a_host_becomes_a_level_of_a_topic(monkeypatch, host, level):
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert this_computer() == level


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.paths = Paths.below(tmp_path)
    made.paths.state.mkdir(mode=0o700)
    made.now = Snapshot("1")
    made.snapshot = lambda: made.now
    yield made
    made.close()


def broker_of(port, **settings):
    return Mqtt("b", "127.0.0.1", port, tls=False, machine="daemon", **settings)


def test_a_broker_is_switched_on_told_and_forgotten_while_the_daemon_runs(home, world):
    broker, ear = home
    world.happens()
    world.actions.apply(Actions(brokers=(broker_of(broker.port),)))
    eventually(lambda: ear.state("daemon").get("playing") is False, 30)
    world.happens()
    world.settled()
    eventually(lambda: [row["number"] for row in ear.events("daemon")] == [2], 30)
    world.now = Snapshot("1", (event(1).session,))
    world.actions.wake()
    eventually(lambda: ear.state("daemon").get("game") == "Portal 2", 30)
    assert list(world.actions.away()) == []
    world.actions.apply(NO_ACTIONS)
    assert world.history.sinks() == ()
    eventually(lambda: not any(text for topic, text in ear.retained().items() if "daemon" in topic), 30)


def test_a_broker_that_is_away_is_named_in_health_once_though_nothing_waits(home, world):
    _, ear = home
    world.actions.apply(Actions(brokers=(broker_of(1),)))
    [finding] = eventually(lambda: list(ActionsCheck(world).look()), 30)
    assert (finding.code, finding.key) == ("broker-away", "sink-mqtt.b")
    assert "no connection" in finding.message
    assert not ear.events("daemon")[1:]


def test_the_commands_list_and_try(home, tmp_path, monkeypatch):
    broker, ear = home
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)

    def run(port, *arguments):
        text = f'[[mqtt]]\nname = "b"\nhost = "127.0.0.1"\nport = {port}\ntls = false\nmachine = "tried"\n'
        paths.actions_file.write_text(text)
        paths.actions_file.chmod(0o600)
        return CliRunner().invoke(build(), ["mqtt", *arguments])

    assert "127.0.0.1" in run(broker.port, "list").output
    assert json.loads(run(broker.port, "list", "--json").output)[0]["machine"] == "tried"
    tried = run(broker.port, "test", "b", "--title", "A B", "--event", "paused")
    assert "all went well" in tried.output, tried.exception
    [row] = eventually(lambda: ear.events("tried"), 30)
    assert (row["kind"], row["session"]["game"]["title"]) == ("paused", "A B")
    assert "gamedetectd/tried/availability" not in ear.retained()
    assert "no connection" in run(1, "test", "b").exception.cause
