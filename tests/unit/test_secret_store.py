"""Where secrets are kept when the keyring is not there, not safe or not wanted; what is damaged or locked says so."""

import json
import logging
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from real_programs import eventually

from gamedetectd.app import secret_watch as watching
from gamedetectd.app.checks import secrets as checking
from gamedetectd.app.secret_watch import SecretWatch
from gamedetectd.config.actions import NO_ACTIONS
from gamedetectd.errors import (
    KeyringLockedError,
    KeyringUnavailableError,
    KeyringUnsafeError,
    PassphraseNeededError,
    PassphraseWrongError,
    PermissionsError,
    SecretError,
    SecretMissingError,
    SecretsDamagedError,
)
from gamedetectd.paths import Paths
from gamedetectd.security.credentials import Person, SecretStore, keyrings
from gamedetectd.security.credentials import places as places_module
from gamedetectd.security.credentials.names import service_name
from gamedetectd.security.credentials.sealed import LEAST_LOG2_N, Opened, Stretching, seal

PASSPHRASE = "correct horse battery"
HOW = Stretching.fresh(LEAST_LOG2_N)  # cheap: the effort itself is tried elsewhere
KEY = Opened(HOW, HOW.key(PASSPHRASE))


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """A home, on a machine without a keyring."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "CREDENTIALS_DIRECTORY", keyrings.VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    paths = Paths.below(tmp_path / "home")
    paths.data.mkdir(parents=True, mode=0o700)
    return paths


@pytest.fixture
def file(paths):
    """An encrypted file with one secret."""
    file = paths.data / "secrets.enc"
    file.write_bytes(seal({"mqtt": "hunter2-hunter2"}, KEY))
    file.chmod(0o600)
    note(paths, mqtt="file")
    return file


def note(paths, **places):
    (paths.data / "secrets.json").write_text(json.dumps({"places": places}))
    (paths.data / "secrets.json").chmod(0o600)


def at_a_terminal(passphrase=PASSPHRASE):
    asked = []

    def answer(new):
        asked.append(new)
        return passphrase

    return Person(answer, lambda: None), asked


linux = pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS always have a keyring")


# --- where ------------------------------------------------------------------------------------------------------------


@linux
def test_without_a_keyring_a_new_secret_goes_to_a_file_with_a_passphrase(paths):
    with pytest.raises(PassphraseNeededError, match="yet to be made"):
        SecretStore(paths).set("mqtt", "hunter2-hunter2")
    with pytest.raises(SecretError, match="8 characters"):
        SecretStore(paths, "auto", at_a_terminal("short")[0]).set("mqtt", "hunter2-hunter2")
    assert not (paths.data / "secrets.enc").exists()
    person, asked = at_a_terminal()
    store = SecretStore(paths, "auto", person)
    store.set("mqtt", "hunter2-hunter2")
    assert asked == [True]
    assert store.get("mqtt") == "hunter2-hunter2"
    assert asked == [True], "the key is kept, nobody is asked again"
    found = store.describe()
    assert (found.new_ones_go_to, dict(found.places), found.file_exists) == ("file", {"mqtt": "file"}, True)
    assert isinstance(found.keyring_problem, KeyringUnavailableError)


@linux
def test_what_is_in_the_keyring_is_never_put_elsewhere_silently(paths, file, caplog):
    note(paths, mqtt="keyring")
    person, _ = at_a_terminal()
    store = SecretStore(paths, "auto", person)
    for call in (store.get, store.delete, lambda name: store.set(name, "another value")):
        with pytest.raises(KeyringUnavailableError, match="'mqtt' is kept in the keyring") as caught:
            call("mqtt")
        assert "secrets.store file" in caught.value.remedy
    assert store.places() == {"mqtt": "keyring"}
    store.choice = "file"  # as the remedy says
    with caplog.at_level(logging.WARNING):
        store.set("mqtt", "another value")
    assert "still" not in caplog.text or "hunter2" not in caplog.text
    assert "could not be taken out of the keyring" in caplog.text
    assert (store.get("mqtt"), dict(store.places())) == ("another value", {"mqtt": "file"})


def test_a_keyring_that_is_wanted_is_not_replaced_by_a_file(paths, monkeypatch):
    monkeypatch.setenv(keyrings.VARIABLE, "keyring.backends.null.Keyring")
    person, asked = at_a_terminal()
    with pytest.raises(KeyringUnsafeError, match=r"keyring\.backends\.null\.Keyring"):
        SecretStore(paths, "keyring", person).set("mqtt", "hunter2-hunter2")
    assert asked == []
    assert not (paths.data / "secrets.enc").exists()


def test_a_file_that_is_wanted_leaves_the_keyring_alone(paths, file, monkeypatch):
    monkeypatch.setenv(keyrings.VARIABLE, "keyring.backends.null.Keyring")
    found = SecretStore(paths, "file").describe()
    assert (found.keyring, found.keyring_problem, found.new_ones_go_to) == ("", None, "file")


UNSAFE = [
    "keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "keyring.backends.chainer.ChainerBackend",
    "keyrings.alt.file.PlaintextKeyring", "keyrings.alt.file.EncryptedKeyring", "keyrings.cryptfile.cryptfile.Keyring",
    "this.module.would_do_harm.Keyring",
]  # fmt: skip


@pytest.mark.parametrize("backend", UNSAFE)
@pytest.mark.parametrize("told_by", ["environment", "settings"])
def test_keyrings_that_are_not_trusted_are_refused_and_not_even_loaded(paths, monkeypatch, tmp_path, backend, told_by):
    if told_by == "environment":
        monkeypatch.setenv(keyrings.VARIABLE, backend)
    else:
        file = tmp_path / "keyringrc.cfg"
        file.write_text(f"[backend]\ndefault-keyring = {backend}\nkeyring-path = {tmp_path}\n")
        monkeypatch.setattr(keyrings, "_settings_file", lambda: file)
    loaded = set(sys.modules)
    with pytest.raises(KeyringUnsafeError, match="plain text") as caught:
        keyrings.choose()
    assert backend in caught.value.cause
    assert not {name for name in set(sys.modules) - loaded if name.startswith(("keyrings.", "this"))}


@pytest.mark.parametrize("text", ["", "[backend", "[backend]\n", "\udcff", "[other]\na=1\n"])
def test_settings_of_the_library_that_say_nothing(monkeypatch, tmp_path, text):
    monkeypatch.delenv(keyrings.VARIABLE, raising=False)
    file = tmp_path / "keyringrc.cfg"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    monkeypatch.setattr(keyrings, "_settings_file", lambda: file)
    assert keyrings.configured() == ""
    assert keyrings.choose("linux").system == "linux"


def test_a_system_without_a_known_keyring_says_so():
    with pytest.raises(KeyringUnavailableError):
        keyrings.choose("freebsd14")


def test_each_home_has_secrets_of_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv("GAMEDETECTD_HOME", raising=False)
    names = {service_name(Paths.below(tmp_path / name)) for name in ("a", "b")}
    assert len(names) == 2
    assert service_name(Paths.resolve({})) == "gamedetectd"


# --- what is locked, wrong or damaged ---------------------------------------------------------------------------------


def test_a_locked_file_needs_its_passphrase_which_is_checked(paths, file):
    store = SecretStore(paths)
    assert store.file_is_locked
    with pytest.raises(PassphraseNeededError, match="not given") as caught:
        store.get("mqtt")
    assert "secret unlock" in caught.value.remedy
    with pytest.raises(PassphraseWrongError):
        store.unlock("something else")
    assert store.file_is_locked
    assert isinstance(store.troubles()["mqtt"], PassphraseNeededError)
    store.unlock(PASSPHRASE)
    assert store.get("mqtt") == "hunter2-hunter2"
    assert not store.file_is_locked
    assert store.troubles() == {}
    other = SecretStore(paths, "auto", at_a_terminal()[0])
    other.change_passphrase("another passphrase")
    with pytest.raises(PassphraseNeededError):
        store.get("mqtt")
    assert store.file_is_locked, "the key of the earlier passphrase is of no use"


def test_systemd_hands_the_passphrase_over(paths, file, tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    store = SecretStore(paths)
    with pytest.raises(PassphraseNeededError):
        store.get("mqtt")
    (tmp_path / "gamedetectd-passphrase").write_text(PASSPHRASE + "\n")
    assert store.get("mqtt") == "hunter2-hunter2"
    if sys.platform != "win32":
        (tmp_path / "gamedetectd-passphrase").unlink()
        (tmp_path / "gamedetectd-passphrase").mkdir()
        with pytest.raises(SecretError, match="credential"):
            SecretStore(paths).get("mqtt")


def test_a_damaged_file_says_so_and_is_left_as_it_is(paths, file):
    file.write_bytes(file.read_bytes()[:-1])
    before = file.read_bytes()
    store = SecretStore(paths, "file", at_a_terminal()[0])
    for call in (store.get, store.delete, lambda name: store.set(name, "another value")):
        with pytest.raises(SecretsDamagedError, match="damaged"):
            call("mqtt")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"places": 1}', '{"places": {"a": "cloud"}}', '{"places": {"a": {}}}', "\x00"]
)
def test_a_damaged_list_of_places_says_so(paths, text):
    note(paths)
    (paths.data / "secrets.json").write_text(text)
    store = SecretStore(paths)
    for call in (store.names, store.describe, lambda: store.get("a"), lambda: store.set("a", "b")):
        with pytest.raises(SecretsDamagedError, match="where each secret is kept") as caught:
            call()
        assert "Delete that file" in caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes are another matter on Windows")
@pytest.mark.parametrize("name", ["secrets.json", "secrets.lock", "secrets.enc"])
def test_links_in_the_place_of_our_files_are_refused(paths, file, name, tmp_path):
    place, elsewhere = paths.data / name, tmp_path / "elsewhere"
    if place.exists():
        place.rename(elsewhere)
    else:
        elsewhere.write_text("")
    place.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    with pytest.raises(PermissionsError):
        SecretStore(paths, "file", at_a_terminal()[0]).set("mqtt", "another value")
    assert elsewhere.read_bytes() == before


SETTER = """
import sys
from pathlib import Path
from gamedetectd.paths import Paths
from gamedetectd.security.credentials import Person, SecretStore
home, passphrase, *names = sys.argv[1:]
store = SecretStore(Paths.below(Path(home)), "file", Person(lambda new: passphrase, lambda: None))
for name in names:
    store.set(name, "the value of " + name)
"""


def test_two_processes_at_once_lose_nothing(paths, file):
    wanted = [[f"{letter}{number}" for number in range(2)] for letter in "ab"]
    started = [
        subprocess.Popen([sys.executable, "-c", SETTER, str(paths.home), PASSPHRASE, *names]) for names in wanted
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    store = SecretStore(paths)
    store.unlock(PASSPHRASE)
    assert store.names() == ["a0", "a1", "b0", "b1", "mqtt"]
    assert all(store.get(name) == f"the value of {name}" for name in ("a0", "b1"))


def test_who_holds_the_lock_too_long_is_told_of(paths, file, monkeypatch):
    monkeypatch.setattr(places_module, "LOCK_SECONDS", 0.1)
    store = SecretStore(paths, "file", at_a_terminal()[0])
    with store._places.lock(), pytest.raises(SecretError, match="Another command"):
        store.set("mqtt", "another value")
    store.set("mqtt", "another value")


def test_a_child_that_fails_says_nothing_of_what_it_was_given(paths, file, monkeypatch):
    monkeypatch.setattr("gamedetectd.security.credentials.asking.CHILD", "gamedetectd.no_such_module")
    with pytest.raises(SecretError, match="exit code 1") as caught:
        SecretStore(paths, "file", at_a_terminal()[0]).get("mqtt")
    assert PASSPHRASE not in str(caught.value)
    with pytest.raises(SecretError, match="does not answer"):
        SecretStore(paths, "keyring").get("another")


def test_no_core_file_is_made_of_whoever_handles_secrets(paths, file):
    if sys.platform == "win32":
        pytest.skip("there are no core files on Windows")
    code = "import resource; store.get('mqtt'); print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    program = SETTER.replace('for name in names:\n    store.set(name, "the value of " + name)\n', code)
    done = subprocess.run([sys.executable, "-c", program, str(paths.home), PASSPHRASE], capture_output=True, text=True)
    assert done.stdout.strip() == "0", done.stderr


# --- in a running daemon ----------------------------------------------------------------------------------------------


@pytest.fixture
def daemon(paths, monkeypatch):
    """What the watch and the check need of one; no setting names a secret yet, so the table says that one does."""
    named = {"webhook.token": "mqtt"}
    monkeypatch.setattr(watching, "secrets_named", lambda _settings: named)
    heard, looks = [], []
    daemon = SimpleNamespace(
        secrets=SecretStore(paths),
        settings=None,
        named=named,
        heard=heard,
        audit=SimpleNamespace(
            record=lambda action, message, success=True, **details: heard.append((action, success)),
            ask_again=lambda: None,
        ),
        monitor=SimpleNamespace(wake=lambda: looks.append(True)),
        actions=SimpleNamespace(wanted=NO_ACTIONS),
    )
    daemon.secret_watch = SecretWatch(daemon)
    daemon.look = lambda: [(found.code, found.message, found.key) for found in checking.Secrets(daemon).look()]
    return daemon


def test_a_locked_file_is_a_condition_until_it_is_unlocked(daemon, file):
    assert daemon.look() == []
    daemon.secret_watch._look()
    assert daemon.look() == [("secrets-locked", "webhook.token: Its passphrase was not given.", "")]
    with pytest.raises(PassphraseWrongError):
        daemon.secret_watch.handlers()["unlock"]({"passphrase": "something else"})
    daemon.secret_watch.handlers()["unlock"]({"passphrase": PASSPHRASE})
    eventually(lambda: daemon.look() == [], 20, "the look after it was unlocked")
    assert daemon.heard == [("secret-used", False), ("unlock", False), ("unlock", True), ("secret-used", True)]


def test_a_missing_secret_is_a_condition_with_its_name(daemon, paths):
    note(paths)
    daemon.secrets.choice = "file"
    daemon.secret_watch._look()
    assert [(code, key) for code, _, key in daemon.look()] == [("secret-missing", "mqtt")]
    daemon.named.clear()
    assert daemon.look() == [], "a setting that names it no more wants it no more"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLockedError, "keyring-locked"),
        (KeyringUnavailableError, "keyring-unusable"),
        (KeyringUnsafeError, "keyring-unusable"),
        (PassphraseWrongError, "secrets-locked"),
        (SecretsDamagedError, "secrets-damaged"),
        (PermissionsError, "secrets-damaged"),
        (SecretMissingError, "secret-missing"),
    ],
)
def test_every_trouble_has_its_condition(daemon, error, code, monkeypatch):
    monkeypatch.setattr(daemon.secrets, "troubles", lambda: {"mqtt": error("Why.", "What to do.")})
    assert [found for found, _, _ in daemon.look()] == [code]
    assert code in {condition.code for condition in checking.Secrets.conditions}


def test_nothing_is_looked_at_where_no_setting_names_a_secret(daemon, monkeypatch):
    daemon.named.clear()
    for name in ("get", "places", "troubles"):
        monkeypatch.delattr(SecretStore, name)
    daemon.secret_watch.look_soon()
    assert daemon.look() == []


def test_what_is_no_passphrase_is_refused_without_repeating_it(daemon):
    for given in ({}, {"passphrase": ""}, {"passphrase": ["hunter2"]}):
        with pytest.raises(Exception, match="text") as caught:
            daemon.secret_watch.unlock(given)
        assert "hunter2" not in str(caught.value)


def test_the_daemon_loads_neither_keyring_nor_cryptography(tmp_path):
    code = "import sys, gamedetectd.app.daemon; print({'keyring', 'cryptography', 'secretstorage'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ)
    assert done.stdout.strip() == "set()", done.stderr
