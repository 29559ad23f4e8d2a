"""Secrets in Windows' own vault: a Windows Python under Wine.

Wine's vault takes values of any length; that Windows' refuses long ones is not tried. Nor is the encrypted file:
cryptography does not load there, since Wine 8 has no bcryptprimitives.dll.
"""

import json
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(180)]

VALUE, ROTATED = "canary-in-the-vault größe", "canary-rotated"
PASSPHRASE = "canary correct horse battery"


def in_clear(folder):
    """Our files in which something is that belongs into none of them."""
    return [file for file in folder.rglob("*") if file.is_file() and b"canary" in file.read_bytes()]


def test_in_the_vault(windows, tmp_path):
    assert "Kept in the keyring" in windows("secret", "set", "mqtt", given=VALUE + "\r\n")
    assert "Kept in the keyring" in windows("secret", "rotate", "mqtt", given=ROTATED)
    found = json.loads(windows("secret", "list", "--json"))
    assert found["keyring"] == {"name": "Windows' Credential Manager", "locked": False, "problem": None}
    assert found["secrets"] == [{"name": "mqtt", "kept_in": "keyring", "used_by": []}]
    assert "Forgotten: mqtt" in windows("secret", "delete", "mqtt")
    assert in_clear(tmp_path / "home") == []


@pytest.mark.slow
def test_a_library_that_does_not_load_is_named(windows, tmp_path):
    (tmp_path / "gamedetectd-passphrase").write_text(PASSPHRASE)
    place = "Z:" + str(tmp_path).replace("/", "\\")
    said = windows("secret", "set", "mqtt", given=VALUE, GAMEDETECTD_SECRETS_STORE="file", CREDENTIALS_DIRECTORY=place)
    assert "A library for it cannot be loaded" in said or "encrypted: mqtt" in said
    assert in_clear(tmp_path / "home") == []
