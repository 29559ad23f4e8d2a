"""Secrets: in the keyring of the system, where there is none in an encrypted file, never anywhere else.

``SecretStore`` is what others use. It holds names and, once unlocked, the key of the encrypted file; everything else
happens in short-lived child processes (``child``), which alone load keyring and cryptography.
"""

from __future__ import annotations

from gamedetectd.security.credentials.names import OURS, SERVICE, check_name, check_value, missing
from gamedetectd.security.credentials.places import Place
from gamedetectd.security.credentials.store import Choice, Description, Person, SecretStore

__all__ = [
    "OURS", "SERVICE", "Choice", "Description", "Person", "Place", "SecretStore", "check_name", "check_value",
    "missing",
]  # fmt: skip
