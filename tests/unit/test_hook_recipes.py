"""The recipe for OBS in the docs, as it stands there, run as a hook against a server that answers as OBS does."""

import base64
import hashlib
import json
import re
import socket
import struct
import sys
import threading
from pathlib import Path

import pytest
from actions_world import Trail, event

from gamedetectd.app.actions import hook_sinks
from gamedetectd.config.actions import Hook

HOOKS = Path(__file__).resolve().parents[2] / "docs" / "hooks.md"
PASSWORD = "open $(sesame)"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the recipe is for Unix: not tried")


class Obs:
    """Takes one client after another; ``scenes`` are those it was switched to."""

    def __init__(self):
        self.scenes = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with client, client.makefile("rb") as stream:
                self._talk(client, stream)

    def _talk(self, client, stream):
        while stream.readline().strip():
            pass
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
        self._say(client, 0, {"rpcVersion": 1, "authentication": {"salt": "s", "challenge": "c"}})
        hashed = [base64.b64encode(hashlib.sha256(f"{PASSWORD}s".encode()).digest()).decode()]
        hashed.append(base64.b64encode(hashlib.sha256(f"{hashed[0]}c".encode()).digest()).decode())
        if self._read(stream)["authentication"] != hashed[1]:
            client.sendall(b"\x88\x02\x0f\xa9")  # closed: 4009, authentication failed
            return
        self._say(client, 2, {"negotiatedRpcVersion": 1})
        asked = self._read(stream)
        known = asked["requestData"]["sceneName"] == "Game"
        if known:
            self.scenes.append(asked["requestData"]["sceneName"])
        self._say(client, 7, {"requestId": asked["requestId"], "requestStatus": {"result": known}})

    def _say(self, client, op, what):
        data = json.dumps({"op": op, "d": what}).encode()
        head = bytes([0x81, len(data)]) if len(data) < 126 else struct.pack(">BBH", 0x81, 126, len(data))
        client.sendall(head + data)

    def _read(self, stream):
        assert stream.read(2) == b"\x81\xfe"
        length, mask = int.from_bytes(stream.read(2), "big"), stream.read(4)
        assert length >= 126, "shorter ones must be written shorter"
        return json.loads(bytes(byte ^ mask[place % 4] for place, byte in enumerate(stream.read(length))))["d"]

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


@pytest.fixture
def obs():
    server = Obs()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("password", "kind", "scenes", "trouble"),
    [
        (PASSWORD, "started", ["Game"], ""),
        (PASSWORD, "ended", [], "exit code 1"),
        ("wrong", "started", [], "exit code"),
    ],
    ids=["switched", "a scene that is not there", "a wrong password"],
)
def test_the_recipe_for_obs_switches_scenes(obs, tmp_path, monkeypatch, password, kind, scenes, trouble):
    [recipe] = re.findall(r"```python\n(#!.*?)```", HOOKS.read_text(encoding="utf-8"), re.DOTALL)
    program = tmp_path / "obs-scene"
    program.write_text(recipe)
    program.chmod(0o700)
    secret = tmp_path / ".config" / "obs-websocket-password"
    secret.parent.mkdir()
    secret.write_text(f"{password}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OBS_WEBSOCKET_PORT", str(obs.port))
    hook = Hook("obs", (sys.executable, str(program)), retries=0)
    assert trouble in next(hook_sinks(hook, Trail(), lambda: None)).run(event(1, kind))
    assert obs.scenes == scenes
