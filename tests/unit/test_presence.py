"""Discord's local channel, against a socket that answers as Discord's does, and one that does not."""

import json
import os
import socket
import struct
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from actions_world import HOSTILE_TITLES, event
from real_programs import eventually

from gamedetectd.app import presence as app
from gamedetectd.app.presence import PresenceService
from gamedetectd.config.sections import Presence
from gamedetectd.domain import Game, KnownGame
from gamedetectd.errors import PresenceError, PresenceRefusedError
from gamedetectd.platforms import discord_ipc
from gamedetectd.platforms.discord_ipc import Discord, places
from gamedetectd.views import presence
from gamedetectd.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Discord's socket there is a pipe: not tried")
APPLICATION = "12345678901234567"


class FakeDiscord:
    """A program that listens as Discord does; ``mode`` says how it misbehaves."""

    def __init__(self, place, mode="fine"):
        self.mode, self.shown, self.clients = mode, [], []
        self.hello = None
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(place))
        self._listening.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.clients.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        try:
            self._handshake(client)
            while True:
                _, asked = self._read(client)
                self.shown.append(asked["args"].get("activity"))
                self._say(client, 3, {"are": "you there"})
                assert self._read(client) == (4, {"are": "you there"})
                self._say(client, 1, {"cmd": "DISPATCH", "evt": "SOMETHING", "nonce": None})
                if self.mode == "error":
                    self._say(client, 1, {"evt": "ERROR", "data": {"code": 4000, "message": "no"}, "nonce": "?"})
                self._say(client, 1, {"cmd": "SET_ACTIVITY", "evt": None, "nonce": asked["nonce"]})
        except (OSError, struct.error):
            pass

    def _handshake(self, client):
        opcode, self.hello = self._read(client)
        assert opcode == 0
        if self.mode == "refuse":
            self._say(client, 2, {"code": 4000, "message": "Invalid Client ID"})
        elif self.mode == "garbage":
            client.sendall(os.urandom(300))
        elif self.mode == "no json":
            client.sendall(struct.pack("<II", 1, 4) + b"what")
        elif self.mode == "a list":
            client.sendall(struct.pack("<II", 1, 2) + b"[]")
        elif self.mode == "huge":
            client.sendall(struct.pack("<II", 1, 0xFFFFFFFF))
        elif self.mode == "slow":
            for byte in struct.pack("<II", 1, 60):
                client.sendall(bytes([byte]))
                time.sleep(0.2)
        elif self.mode == "hangs up":
            client.close()
        else:
            self._say(client, 1, {"cmd": "DISPATCH", "evt": "READY", "data": {"v": 1}})

    def _read(self, client):
        opcode, length = struct.unpack("<II", client.recv(8, socket.MSG_WAITALL))
        return opcode, json.loads(client.recv(length, socket.MSG_WAITALL))

    def _say(self, client, opcode, what):
        data = json.dumps(what).encode()
        client.sendall(struct.pack("<II", opcode, len(data)) + data)

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for client in self.clients:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            client.close()
        self._thread.join(5)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "discord-ipc-0"


@pytest.fixture
def discord(place):
    started = []

    def start(mode="fine"):
        started.append(FakeDiscord(place, mode))
        return started[-1]

    yield start
    for one in started:
        one.close() if one._thread.is_alive() else None


# --- the channel ---


def test_it_is_told_what_to_show_and_when_to_stop(discord, place):
    there = discord()
    line = Discord(APPLICATION, iter([str(place)]))
    line.show({"details": "Portal 2"}, 42)
    line.show(None, 42)
    line.close()
    assert there.hello == {"v": 1, "client_id": APPLICATION}
    assert there.shown == [{"details": "Portal 2"}, None]


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        ("refuse", PresenceRefusedError, "Invalid Client ID"),
        ("garbage", PresenceError, "as it used to"),
        ("no json", PresenceError, "as it used to"),
        ("a list", PresenceError, "as it used to"),
        ("huge", PresenceError, "as it used to"),
        ("slow", PresenceError, "does not answer"),
        ("hangs up", PresenceError, "gone"),
    ],
)
def test_one_that_misbehaves_is_told(discord, place, monkeypatch, mode, kind, words):
    monkeypatch.setattr(discord_ipc, "SECONDS", 0.5)
    discord(mode)
    with pytest.raises(kind, match=words):
        Discord(APPLICATION, iter([str(place)]))


def test_an_error_about_what_is_shown_is_told(discord, place):
    discord("error")
    line = Discord(APPLICATION, iter([str(place)]))
    with pytest.raises(PresenceRefusedError, match="no"):
        line.show({"details": "x"}, 1)
    line.close()


def test_nobody_there_is_told(tmp_path):
    (tmp_path / "discord-ipc-0").touch()
    with pytest.raises(PresenceError, match="does not run"):
        Discord(APPLICATION, iter([str(tmp_path / "discord-ipc-0"), str(tmp_path / "none")]))


def test_another_accounts_socket_is_left_alone(discord, place, monkeypatch):
    discord()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(PresenceError, match="does not run"):
        Discord(APPLICATION, iter([str(place)]))


def test_it_is_looked_for_where_it_may_be():
    unix = list(places({"XDG_RUNTIME_DIR": "/run/user/1000"}, "linux"))
    assert unix[0] == "/run/user/1000/discord-ipc-0"
    for one in ("app/com.discordapp.Discord/discord-ipc-0", "snap.discord/discord-ipc-9"):
        assert f"/run/user/1000/{one}" in unix
    assert "/tmp/discord-ipc-0" in unix
    assert list(places({}, "win32"))[9] == r"\\.\pipe\discord-ipc-9"


# --- what is shown ---


def test_what_discord_knows_is_known_by_id_or_by_its_programs():
    game = Game("steam:620", "Portal 2")
    assert not presence.knows(game, ())
    assert presence.knows(Game("name:x", "X", also=("discord:1",)), ())
    row = KnownGame("discord:7", "PORTAL-2", source="discord")
    assert presence.knows(game, [row])
    assert not presence.knows(game, [KnownGame("discord:7", "Portal", source="discord")])
    assert not presence.knows(game, [KnownGame("steam:620", "Portal 2", source="ludusavi")])
    assert presence.knows(game, [KnownGame("steam:620", "Other", also=("discord:7",), source="discord")])


@pytest.mark.parametrize("title", [*HOSTILE_TITLES.values(), "", "x"], ids=[*HOSTILE_TITLES, "nothing", "short"])
def test_a_title_becomes_one_line_that_discord_takes(title):
    shown = presence.activity(event(1, title=title).session)
    assert 2 <= len(shown["details"]) <= 128
    assert shown["details"].strip().isprintable()
    json.dumps(shown).encode()


# --- in a daemon ---


class World:
    """As much of a daemon as its presence needs."""

    def __init__(self, *places, **settings):
        self.sessions, self.changes, self.rows = [], [], ()
        room = SimpleNamespace(look_up=lambda _names, _directories: self.rows)
        process = SimpleNamespace(key=event(1).session.processes[0], exe="C:\\Games\\Portal2.exe")
        machine = SimpleNamespace(
            catalogue=SimpleNamespace(room=room), processes=SimpleNamespace(read=lambda _pid: process)
        )
        daemon = SimpleNamespace(
            machine=machine, snapshot=lambda: SimpleNamespace(sessions=tuple(self.sessions), foreground=())
        )
        whole = Presence(**{"discord": True, "discord_application": APPLICATION, **settings})
        self.service = PresenceService(daemon, whole, lambda: self.changes.append(1))
        self.service.places = lambda: iter(map(str, places))
        self.worker = Worker("presence", self.service.run)

    def __enter__(self):
        self.worker.start()
        return self

    def __exit__(self, *_):
        self.worker.stop()
        assert self.worker.join(10)
        assert self.worker.restarts == 0

    def plays(self, *sessions):
        self.sessions = list(sessions)
        self.worker.wake()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(app, "PAUSE", 0.02)
    monkeypatch.setattr(app, "TRY_AGAIN", 0.1)


def test_a_game_is_shown_while_it_runs_over_restarts_of_discord(discord, place):
    portal = event(1).session
    with World(place) as world:
        world.plays(portal)
        time.sleep(0.1)
        there = discord()
        eventually(lambda: there.shown, 30)
        assert there.shown[0] == {
            "details": "Portal 2",
            "timestamps": {"start": int(portal.started_at)},
            "instance": False,
        }
        there.close()
        place.unlink()
        again = discord()
        eventually(lambda: again.shown, 30)
        world.plays()
        eventually(lambda: again.shown[-1] is None, 30)
        eventually(lambda: world.service._discord is None, 30)
        assert world.service.look() is None


def test_what_discord_knows_or_is_private_is_not_shown(discord, place, monkeypatch):
    there = discord()
    with World(place) as world:
        world.rows = (KnownGame("discord:7", "Portal 2", source="discord"),)
        world.plays(event(1).session)
        time.sleep(0.2)
        assert there.clients == []
        world.rows = ()
        monkeypatch.setattr(app, "is_private_title", lambda title: "Bank" in title)
        world.plays(event(1, title="Bank of Games").session)
        time.sleep(0.2)
        assert there.clients == []
        world.plays(event(1, title="Another").session)
        eventually(lambda: there.shown, 30)
    with World(place, known_too=True) as world:
        world.rows = (KnownGame("discord:7", "Portal 2", source="discord"),)
        world.plays(event(1).session)
        eventually(lambda: there.shown[-1]["details"] == "Portal 2", 30)


def test_a_refusal_is_named_in_health_until_it_is_mended(discord, place):
    there = discord("refuse")
    with World(place) as world:
        world.plays(event(1).session)
        finding = eventually(world.service.look, 30)
        assert "Invalid Client ID" in finding.message
        there.mode = "fine"
        eventually(lambda: world.service.look() is None, 30)
        assert len(world.changes) == 2


def test_without_an_application_it_says_so_and_waits():
    with World(discord_application="") as world:
        assert "discord_application" in eventually(world.service.look, 30).message
