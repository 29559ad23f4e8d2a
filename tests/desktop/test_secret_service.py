"""Secrets in a real GNOME Keyring: kept, found again after a restart, locked, unlocked in its window, hanging, gone."""

import signal
import threading

import pytest
from real_bus import Bus
from real_daemon import RealDaemon
from real_keyring import PASSWORD, RealKeyring
from real_programs import eventually, find_program
from real_windows import Desk

from gamedetectd.errors import KeyringLockedError, KeyringLostError, KeyringWaitingError
from gamedetectd.paths import Paths
from gamedetectd.security.credentials import Person, SecretStore, asking

pytestmark = pytest.mark.desktop

VALUE = "canary-in-the-keyring"
PROMPTER = "/usr/libexec/gcr-prompter"


@pytest.fixture
def keyring(tmp_path, monkeypatch):
    """GNOME Keyring, unlocked, on a bus on which nobody shows windows; this process is in its session."""
    bus = Bus(tmp_path).start()
    keyring = RealKeyring(bus, tmp_path / "desk").start()
    for name, value in keyring.env.items():
        monkeypatch.setenv(name, value)
    yield keyring
    keyring.stop()
    bus.stop()


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path / "home")


def patient(waiting=lambda: None):
    return Person(lambda _new: None, waiting)


def test_by_command_and_for_the_daemon_and_after_a_restart_of_the_keyring(keyring, paths):
    with RealDaemon(paths.home, keyring.env) as daemon:
        done = daemon.run("secret", "set", "mqtt", stdin=VALUE + "\n")
        assert "Kept in the keyring" in done.stdout, done.stderr
        found = daemon.json("secret", "list")
        assert found["secrets"] == [{"name": "mqtt", "kept_in": "keyring", "used_by": []}]
        assert (found["new_secrets"], found["keyring"]["locked"]) == ("keyring", False)
        (kept,) = [item for item in keyring.items() if item[0].get("username") == "mqtt"]
        assert kept[0]["service"].startswith("gamedetectd-"), "another home has secrets of its own"
        assert kept[1] == VALUE
        keyring.lock()
        assert "The keyring is locked." in daemon.run("secret", "list").stdout
        refused = daemon.run("secret", "unlock")
        assert refused.returncode == 1
        assert "window of its own" in refused.stderr
        assert "no screen to show it on" in refused.stderr
        assert VALUE not in daemon.output.read_text()
    keyring.stop()
    keyring.start()
    assert SecretStore(paths).get("mqtt") == VALUE
    assert not [file for file in paths.home.rglob("*") if file.is_file() and VALUE.encode() in file.read_bytes()]


def test_a_locked_keyring_stays_locked_and_no_window_is_asked_for(keyring, paths, monkeypatch):
    store = SecretStore(paths)
    store.set("mqtt", VALUE)
    keyring.lock()
    assert store.describe().locked is True
    for call in (store.get, lambda name: store.set(name, "another value"), store.delete):
        with pytest.raises(KeyringLockedError, match="nobody has unlocked it") as caught:
            call("mqtt")
        assert "secret unlock" in caught.value.remedy
    asked = []
    with pytest.raises(KeyringLockedError, match="no screen"):
        SecretStore(paths, "auto", patient(lambda: asked.append(True))).unlock_keyring()
    assert asked == [True]
    assert store.places() == {"mqtt": "keyring"}, "no other place was taken"


def test_one_that_hangs_or_goes_away_is_told_in_time(keyring, paths, monkeypatch):
    store = SecretStore(paths)
    store.set("mqtt", VALUE)
    monkeypatch.setattr(asking, "SECONDS", 4.0)  # enough for a child on a busy machine
    keyring.freeze(signal.SIGSTOP)
    for each in (store, SecretStore(paths, "auto", patient())):
        with pytest.raises(KeyringLostError, match="longer than 4 s"):
            each.get("mqtt")
    monkeypatch.setattr(asking, "SECONDS", 30.0)
    going = threading.Timer(1.0, keyring.stop)
    going.start()
    with pytest.raises(KeyringLostError, match="went away") as caught:
        store.get("mqtt")
    going.join()
    assert VALUE not in str(caught.value)
    keyring.start()
    assert store.get("mqtt") == VALUE


@pytest.fixture
def with_windows(tmp_path, monkeypatch, openbox, x_server):
    """GNOME Keyring, locked, on a bus whose prompter shows its windows on a screen."""
    find_program(PROMPTER)
    bus = Bus(tmp_path)
    bus.can_start("org.gnome.keyring.SystemPrompter", PROMPTER)
    bus.start()
    keyring = RealKeyring(bus, tmp_path / "desk").start()
    for name, value in keyring.env.items():
        monkeypatch.setenv(name, value)
    yield keyring
    keyring.stop()
    bus.stop()


def test_the_person_unlocks_it_in_its_window_closes_it_or_does_not_come(
    with_windows, paths, x_server, monkeypatch, spawn
):
    keyring, desk = with_windows, Desk(x_server.name)
    store = SecretStore(paths)
    store.set("mqtt", VALUE)
    keyring.lock()
    waiting = threading.Event()
    asking_person = SecretStore(paths, "auto", patient(waiting.set))

    def unlock_and(*keys):
        result = []

        def unlock():
            try:
                result.append(asking_person.unlock_keyring())
            except KeyringLockedError as error:
                result.append(error)

        waiting.clear()
        thread = threading.Thread(target=unlock)
        thread.start()
        assert waiting.wait(10)
        press(spawn, x_server, *keys)
        thread.join(20)
        return result

    (refused,) = unlock_and("key", "Escape")
    assert isinstance(refused, KeyringLockedError)
    assert unlock_and("type", PASSWORD) == [None]
    assert store.get("mqtt") == VALUE
    keyring.lock()
    monkeypatch.setattr(asking, "PERSON_SECONDS", 3.0)
    with pytest.raises(KeyringWaitingError, match="window of its own"):
        asking_person.get("mqtt")
    desk.close()


def press(spawn, x_server, kind, what):
    """Type into the prompter's window once it is there."""
    import subprocess

    environment = {"DISPLAY": x_server.name, "PATH": "/usr/bin:/bin"}

    def xdotool(*arguments):
        return subprocess.run(
            [find_program("xdotool"), *arguments], env=environment, capture_output=True, text=True, timeout=10
        )

    window = eventually(lambda: xdotool("search", "--onlyvisible", "--class", "gcr-prompter").stdout.split(), 10, "it")
    xdotool("windowfocus", "--sync", window[-1])
    xdotool(kind, what)
    if kind == "type":
        xdotool("key", "Return")
