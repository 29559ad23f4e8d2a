"""Where the passphrase of the encrypted file may come from without a person: a credential that systemd hands over.

In the unit: ``LoadCredentialEncrypted=gamedetectd-passphrase``. https://systemd.io/CREDENTIALS/
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gamedetectd.errors import SecretError
from gamedetectd.platforms.regular_files import read_regular

CREDENTIAL = "gamedetectd-passphrase"
SHORTEST = 8
"""Characters of a new passphrase."""
LONGEST = 1024
"""Bytes of any."""


def passphrase_of_the_system(environment: Mapping[str, str] = os.environ) -> str | None:
    """What systemd hands over, without a line end; None where that is nothing. Raises SecretError."""
    directory = environment.get("CREDENTIALS_DIRECTORY", "")
    if not directory:
        return None
    file = Path(directory) / CREDENTIAL
    try:
        data = read_regular(file, LONGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError(
            f"The credential {file} cannot be read ({error.strerror}).", "Look at the unit that starts gamedetectd."
        ) from error
    return data.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r") or None


def check_new(passphrase: str) -> None:
    """Raises SecretError where a new passphrase is too short or too long."""
    if len(passphrase) < SHORTEST or len(passphrase.encode("utf-8", "surrogateescape")) > LONGEST:
        raise SecretError(
            f"A passphrase has {SHORTEST} characters at least, and {LONGEST} bytes at most.",
            "Several words in a row are strong and easily kept in mind.",
        )
