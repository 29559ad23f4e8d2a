"""Every place a secret may be kept in does the same: keeps it, gives it back, replaces and forgets it."""

import sys

import pytest
from real_bus import Bus
from real_keyring import RealKeyring

from gamedetectd.errors import SecretError, SecretMissingError
from gamedetectd.observability.redaction import HIDDEN, redact
from gamedetectd.paths import Paths
from gamedetectd.security.credentials import Person, SecretStore
from gamedetectd.security.credentials.keyrings import KEYRINGS
from gamedetectd.security.credentials.sealed import LEAST_LOG2_N, Opened, Stretching, seal

PASSPHRASE = "correct horse battery"
VALUES = [" größe 🎮 \\ \"quoted\" 'x'\nsecond line\n", "z" * 1000]


@pytest.fixture
def in_keyring(tmp_path, monkeypatch):
    if sys.platform != "linux":
        pytest.skip("the Secret Service is for Linux")
    bus = Bus(tmp_path).start()
    keyring = RealKeyring(bus, tmp_path / "desk").start()
    for name, value in keyring.env.items():
        monkeypatch.setenv(name, value)
    yield SecretStore(Paths.below(tmp_path / "home"), "keyring")
    keyring.stop()
    bus.stop()


@pytest.fixture
def in_file(tmp_path):
    paths = Paths.below(tmp_path / "home")
    paths.data.mkdir(parents=True, mode=0o700)
    how = Stretching.fresh(LEAST_LOG2_N)  # cheap: the effort itself is tried elsewhere
    (paths.data / "secrets.enc").write_bytes(seal({}, Opened(how, how.key(PASSPHRASE))))
    return SecretStore(paths, "file", Person(lambda _new: PASSPHRASE, lambda: None))


@pytest.fixture(params=["keyring", "file"])
def store(request):
    store = request.getfixturevalue(f"in_{request.param}")
    heard = store.heard = []
    store.note = lambda *what: heard.append(what)
    return store


def test_a_secret_from_beginning_to_end(store):
    with pytest.raises(SecretMissingError):
        store.get("mqtt")
    for value in VALUES:
        store.set("mqtt", value)
        assert store.get("mqtt") == value
        assert HIDDEN in redact(f"password is {value}"), "known to the redactor from the first moment"
    store.set("gamedetectd.own", "ours")
    assert store.names() == ["mqtt"], "our own are not shown"
    assert set(store.places().values()) == {store.choice}
    store.delete("mqtt")
    assert store.names() == []
    for gone in (store.get, store.delete):
        with pytest.raises(SecretMissingError) as caught:
            gone("mqtt")
        assert "secret set mqtt" in caught.value.remedy
    assert store.heard[0] == ("read", "mqtt", False)
    assert store.heard[-2:] == [("read", "mqtt", False), ("deleted", "mqtt", False)]
    assert not any(name.startswith("gamedetectd.") for _, name, _ in store.heard)


def test_secrets_are_found_when_the_list_of_places_is_lost(store):
    store.set("mqtt", "hunter2-hunter2")
    (store.file.parent / "secrets.json").unlink()
    assert store.names() == []
    assert store.get("mqtt") == "hunter2-hunter2"
    assert store.names() == ["mqtt"]
    (store.file.parent / "secrets.json").unlink()
    store.delete("mqtt")
    with pytest.raises(SecretMissingError):
        store.get("mqtt")


@pytest.mark.parametrize("name", ["", "Mqtt", "-a", ".a", "a b", "a/b", "ü", "a" * 65, "a\n"])
def test_names_that_are_none(tmp_path, name):
    store = SecretStore(Paths.below(tmp_path))
    for call in (store.get, store.delete, lambda name: store.set(name, "x")):
        with pytest.raises(SecretError, match="no name"):
            call(name)
    assert list(tmp_path.iterdir()) == [], "nothing was done"


@pytest.mark.parametrize("value", ["", "a\0b", "a\ud800b", "x" * 16_001])
def test_values_that_are_none(tmp_path, value):
    with pytest.raises(SecretError) as caught:
        SecretStore(Paths.below(tmp_path)).set("a", value)
    assert value not in str(caught.value) or not value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("row", KEYRINGS, ids=lambda row: row.system)
def test_each_trusted_keyring_is_there_in_the_library(row):
    import importlib

    from keyring.backend import KeyringBackend

    module, _, name = row.backend.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), name), KeyringBackend)
    assert row.title


def test_there_is_one_keyring_for_each_system():
    assert sorted(row.system for row in KEYRINGS) == ["darwin", "linux", "win32"]
