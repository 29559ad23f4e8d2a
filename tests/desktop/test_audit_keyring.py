"""The audit trail sealed by a real GNOME Keyring, and on a real Windows Python: over lives, kills and rough hands."""

import json
from pathlib import Path

import pytest
from real_bus import Bus
from real_daemon import RealDaemon
from real_keyring import RealKeyring
from real_programs import eventually

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def keyring(tmp_path):
    bus = Bus(tmp_path).start()
    keyring = RealKeyring(bus, tmp_path / "desk").start()
    yield keyring
    keyring.stop()
    bus.stop()


def kept(keyring, name):
    return next((value for attributes, value in keyring.items() if attributes.get("username") == name), None)


def test_from_the_first_start_to_the_one_who_tampers(keyring, tmp_path):
    home = tmp_path / "home"
    trail = home / "log/audit.jsonl"

    def head():
        return json.loads(kept(keyring, "gamedetectd.audit-head") or '{"sequence": 0}')["sequence"]

    def verified(daemon):
        done = daemon.run("doctor", "--verify-audit", "--json")
        return done.returncode, json.loads(done.stdout)

    with RealDaemon(home, keyring.env) as daemon:
        daemon.run("config", "set", "watch.poll_interval", "2")
        eventually(lambda: head() >= 3, 40, "the head in the keyring")
        code, report = verified(daemon)
        assert (code, report["ok"], report["unsealed"]) == (0, True, 0)
        daemon.run("config", "set", "watch.poll_interval", "3")
        eventually(lambda: b"settings-changed" in trail.read_bytes().splitlines()[-1])
        daemon.kill()
    code, report = verified(daemon)
    assert (code, report["ok"]) == (0, True), "a kill is no tampering"
    actions = [json.loads(line)["event"]["action"] for line in trail.read_text().splitlines()]
    assert actions == ["start", "settings-changed", "audit-sealed", "settings-changed"]
    key = kept(keyring, "gamedetectd.audit-key")
    assert len(key) == 64
    assert not [file for file in home.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]

    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join([lines[0], *lines[2:]]))
    code, report = verified(daemon)
    assert (code, report["ok"]) == (7, False)
    assert report["problems"][0]["meaning"] == "Line 2 is missing."
    with RealDaemon(home, keyring.env) as daemon:
        eventually(
            lambda: "audit-damaged" in {one["code"] for one in daemon.json("status")["health"]["conditions"]},
            40,
            "the condition",
        )
        assert daemon.stop() == 0
    code, report = verified(daemon)
    assert code == 7
    assert all(problem["noted"] for problem in report["problems"]), "the daemon wrote down what it found"


def test_on_windows_where_a_reader_holds_the_file(windows):
    tests = Path(__file__).parents[1]
    place = ";".join("Z:" + str(one).replace("/", "\\") for one in (tests.parent, tests))
    done = windows.start(windows.python, tests / "desktop/windows_audit.py", PYTHONPATH=place)
    said = done.communicate(timeout=60)[0].decode(errors="replace")
    outcome = json.loads(said.strip().splitlines()[-1])
    assert (outcome["ok"], outcome["proven"], outcome["two"]) == (True, True, [0, 1]), said
    assert outcome["first"] > 1
    assert outcome["size"] <= 20_000
    assert outcome["held"][0] is False or "End the program that keeps it open" in outcome["held"][1]
    assert (outcome["waiting"], outcome["after"]) == (0, True), "it goes on once nobody holds the file"
