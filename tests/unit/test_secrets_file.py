"""The encrypted file: what was kept comes back, everything else is a clear error and never another value."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamedetectd.errors import (
    PassphraseNeededError,
    PassphraseWrongError,
    PermissionsError,
    SecretError,
    SecretMissingError,
    SecretsDamagedError,
)
from gamedetectd.security.credentials import sealed
from gamedetectd.security.credentials.sealed import MAGIC, Opened, Stretching, seal, stretching_of, unseal
from gamedetectd.security.credentials.vault import Unlocking, Vault

CHEAP = Stretching.fresh(sealed.LEAST_LOG2_N)
KEY = Opened(CHEAP, CHEAP.key("correct horse"))
ENTRIES = {"mqtt": "hunter2", "webhook": "größe 🎮\nzweite Zeile"}
FILE = seal(ENTRIES, KEY)
N, R, P = (len(MAGIC) + place for place in (1, 2, 3))


def with_checksum(data):
    """As somebody would who changes the file on purpose."""
    return data[:-32] + hashlib.sha256(data[:-32]).digest()


def changed(position, value, data=FILE):
    return with_checksum(data[:position] + bytes([value]) + data[position + 1 :])


@given(st.dictionaries(st.text(max_size=80), st.text(max_size=200), max_size=10))
def test_what_was_sealed_comes_back(entries):
    assert unseal(seal(entries, KEY), KEY) == entries


def test_nothing_of_it_can_be_read_and_no_two_files_are_alike():
    assert all(text.encode() not in FILE for pair in ENTRIES.items() for text in pair)
    again = seal(ENTRIES, KEY)
    header = len(MAGIC) + 4
    assert again[:header] == FILE[:header]
    assert len({seal(ENTRIES, KEY)[header + 16 : header + 28] for _ in range(50)}) == 50, "a fresh nonce each time"


@settings(max_examples=400)
@given(st.integers(0, len(FILE) * 8 - 1), st.booleans())
def test_any_bit_flipped_is_an_error(bit, on_purpose):
    data = bytearray(FILE)
    data[bit // 8] ^= 1 << bit % 8
    data = with_checksum(bytes(data)) if on_purpose else bytes(data)
    if data == FILE:  # the checksum itself was flipped and put right again
        return
    with pytest.raises((SecretsDamagedError, PassphraseWrongError)) as caught:
        unseal(data, KEY)
    assert on_purpose or isinstance(caught.value, SecretsDamagedError)


@given(st.integers(0, len(FILE) - 1), st.binary(max_size=3))
@example(len(FILE) - 32, b"")
def test_any_part_of_it_is_an_error(length, more):
    for data in (FILE[:length] + more, with_checksum(FILE[:length] + more + bytes(32))):
        if data == FILE:  # all but its checksum, and that put back
            continue
        with pytest.raises(SecretError):
            unseal(data, KEY)


@given(st.binary(max_size=300))
def test_any_other_file_is_an_error(data):
    for each in (data, MAGIC + data, with_checksum(MAGIC + b"\1" + data + bytes(32))):
        with pytest.raises(SecretsDamagedError):
            stretching_of(each)


@pytest.mark.parametrize(
    ("position", "value"), [(N, 30), (N, 255), (N, 19), (N, 0), (N, 13), (R, 0), (R, 255), (P, 0), (P, 255)]
)
def test_an_effort_that_is_not_ours_is_refused_before_it_costs_anything(position, value):
    with pytest.raises(SecretsDamagedError, match="effort that is not ours"):
        stretching_of(changed(position, value))


def test_memory_counts_as_a_whole():
    assert stretching_of(changed(N, 17)).bearable
    with pytest.raises(SecretsDamagedError):
        stretching_of(changed(R, 16, changed(N, 18)))


def test_a_later_format_is_told_from_damage():
    with pytest.raises(SecretsDamagedError, match="format 2") as caught:
        stretching_of(changed(len(MAGIC), 2))
    assert "later" in caught.value.remedy


def test_a_wrong_passphrase_is_told_from_damage():
    wrong = Opened(CHEAP, CHEAP.key("correct horsf"))
    with pytest.raises(PassphraseWrongError):
        unseal(FILE, wrong)


def test_content_that_is_no_secrets_is_damage():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = FILE[: len(MAGIC) + 32]
    for content in (b"[]", b"{}", b"\xff", b'{"secrets": 1}'):
        data = with_checksum(header + AESGCM(KEY.key).encrypt(header[-12:], content, header) + bytes(32))
        with pytest.raises(SecretsDamagedError):
            unseal(data, KEY)


def test_too_much_is_refused():
    with pytest.raises(SecretError, match="would be"):
        seal({"a": "x" * sealed.FILE_LIMIT}, KEY)


# --- on disk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "secrets.enc"
    path.write_bytes(FILE)
    path.chmod(0o600)
    return path


def test_secrets_are_kept_changed_and_forgotten(path):
    vault = Vault.open(path, Unlocking(passphrase="correct horse"))
    assert vault.get("mqtt") == "hunter2"
    vault.set("mqtt", "other")
    vault.delete("webhook")
    again = Vault.open(path, Unlocking(opened=vault.opened))
    assert again.get("mqtt") == "other"
    with pytest.raises(SecretMissingError):
        again.get("webhook")
    assert list(path.parent.iterdir()) == [path], "nothing lies beside it"
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_passphrase_locks_out_the_old_one_and_its_key(path):
    vault = Vault.open(path, Unlocking(opened=KEY))
    vault.lock_with("a new passphrase")
    assert Vault.open(path, Unlocking(passphrase="a new passphrase")).get("mqtt") == "hunter2"
    with pytest.raises(PassphraseWrongError):
        Vault.open(path, Unlocking(passphrase="correct horse"))
    with pytest.raises(PassphraseNeededError, match="was changed"):
        Vault.open(path, Unlocking(opened=KEY))
    salts = {stretching_of(data).salt for data in (FILE, path.read_bytes())}
    assert len(salts) == 2


def test_without_a_passphrase_it_stays_locked_and_none_is_made(path):
    with pytest.raises(PassphraseNeededError):
        Vault.open(path, Unlocking())
    for unlocking in (Unlocking(), Unlocking(passphrase="x" * 8), Unlocking(opened=KEY, new=True)):
        with pytest.raises(PassphraseNeededError):
            Vault.open(path.with_name("none"), unlocking)


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes are another matter on Windows")
@pytest.mark.parametrize("trick", ["symbolic", "hard", "writable", "pipe", "directory"])
def test_tricks_with_the_file_are_refused(path, trick):
    if trick == "writable":
        path.chmod(0o666)
    else:
        path.rename(path.with_name("elsewhere"))
        make = {
            "symbolic": lambda: path.symlink_to("elsewhere"),
            "hard": lambda: path.hardlink_to(path.with_name("elsewhere")),
            "pipe": lambda: os.mkfifo(path),
            "directory": path.mkdir,
        }
        make[trick]()
    with pytest.raises(PermissionsError):
        Vault.open(path, Unlocking(opened=KEY))


def test_a_file_that_is_too_long_is_not_read(path):
    path.write_bytes(FILE + bytes(sealed.FILE_LIMIT))
    with pytest.raises(SecretsDamagedError, match="longer"):
        Vault.open(path, Unlocking(opened=KEY))


KILLED = """
import os, pathlib, sys
from gamedetectd.security.credentials.sealed import Opened, Stretching
from gamedetectd.security.credentials.vault import Unlocking, Vault
pathlib.Path.replace = lambda *_: os._exit(9)
how = Stretching({log2_n}, {r}, {p}, bytes.fromhex("{salt}"))
Vault.open(pathlib.Path(sys.argv[1]), Unlocking(Opened(how, bytes.fromhex("{key}")))).set("mqtt", "the new value")
"""


def test_killed_between_writing_and_renaming_the_old_file_is_there(path):
    how = {"log2_n": CHEAP.log2_n, "r": CHEAP.r, "p": CHEAP.p, "salt": CHEAP.salt.hex(), "key": KEY.key.hex()}
    done = subprocess.run([sys.executable, "-c", KILLED.format(**how), str(path)], timeout=30)
    assert done.returncode == 9
    (left,) = (each for each in path.parent.iterdir() if each != path)
    assert b"the new value" not in left.read_bytes(), "what is left behind is sealed as well"
    assert Vault.open(path, Unlocking(opened=KEY)).get("mqtt") == "hunter2"


def test_a_directory_that_cannot_be_written_says_so(path, monkeypatch):
    vault = Vault.open(path, Unlocking(opened=KEY))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gamedetectd.security.credentials.vault.write_private_atomic", full)
    with pytest.raises(SecretError, match="No space left"):
        vault.set("mqtt", "other")
    assert Vault.open(path, Unlocking(opened=KEY)).get("mqtt") == "hunter2"


def test_what_new_files_are_made_with_is_what_is_advised():
    fresh = Stretching.fresh()
    assert 128 * 2**fresh.log2_n * fresh.r >= 128 * 2**20
    assert fresh.bearable
    assert replace(fresh, salt=b"") != fresh
    assert json.loads(json.dumps(ENTRIES)) == ENTRIES
