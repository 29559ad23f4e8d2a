"""How far each place for secrets was tried; see ``platforms/capability.py``. ``keyrings.py`` chooses among them."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

SECRET_SERVICE = Capability(
    Purpose.SECRETS,
    LINUX,
    "the Secret Service (GNOME Keyring, KWallet, KeePassXC …)",
    Verified.REAL,
    "the Secret Service",
    "GNOME Keyring",
)
CREDENTIAL_MANAGER = Capability(
    Purpose.SECRETS, WINDOWS, "Windows' Credential Manager", Verified.WINE, "Windows' Credential Manager"
)
KEYCHAIN = Capability(Purpose.SECRETS, MACOS, "the macOS Keychain", Verified.UNVERIFIED, "the macOS Keychain")
_FILE = "an encrypted file, where there is no keyring"

DECLARED = (
    SECRET_SERVICE,
    Capability(Purpose.SECRETS, LINUX, _FILE, Verified.REAL),
    CREDENTIAL_MANAGER,
    Capability(Purpose.SECRETS, WINDOWS, _FILE, Verified.WINE),
    KEYCHAIN,
    Capability(Purpose.SECRETS, MACOS, _FILE, Verified.UNVERIFIED),
)
