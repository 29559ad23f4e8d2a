"""The encrypted file on disk: read and replaced as a whole, private, never through links. Runs in the child."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.errors import (
    PassphraseNeededError,
    PermissionsError,
    SecretError,
    SecretsDamagedError,
)
from gamedetectd.platforms.permissions import open_private, write_private_atomic
from gamedetectd.security.credentials import sealed
from gamedetectd.security.credentials.names import missing
from gamedetectd.security.credentials.sealed import Opened, Stretching


@dataclass(frozen=True, slots=True)
class Unlocking:
    """How the file is to be opened: by a key from earlier, else by a passphrase; ``new`` may make the file."""

    opened: Opened | None = None
    passphrase: str | None = None
    new: bool = False


class Vault:
    """One encrypted file, opened. Whoever changes it holds the store's lock."""

    def __init__(self, path: Path, opened: Opened, entries: dict[str, str]) -> None:
        self.opened = opened
        self._path = path
        self._entries = entries

    @classmethod
    def open(cls, path: Path, unlocking: Unlocking) -> Vault:
        """The file, or a new one not yet on disk.

        Raises PassphraseNeededError, PassphraseWrongError, SecretsDamagedError, PermissionsError or SecretError.
        """
        data = _read(path)
        if data is None:
            if unlocking.passphrase is None or not unlocking.new:
                raise PassphraseNeededError(
                    "There is no secrets file yet.", "Make it with: gamedetectd secret set NAME"
                )
            how = Stretching.fresh()
            return cls(path, Opened(how, how.key(unlocking.passphrase)), {})
        how = sealed.stretching_of(data)
        opened = unlocking.opened
        if opened is None or opened.stretching != how:
            if unlocking.passphrase is None:
                raise PassphraseNeededError(
                    "Its passphrase was changed." if opened else "Its passphrase was not given.",
                    "Unlock it with: gamedetectd secret unlock",
                )
            opened = Opened(how, how.key(unlocking.passphrase))
        return cls(path, opened, sealed.unseal(data, opened))

    def get(self, name: str) -> str:
        """One secret. Raises SecretMissingError."""
        try:
            return self._entries[name]
        except KeyError:
            raise missing(name) from None

    def set(self, name: str, value: str) -> None:
        """Keep one secret. Raises SecretError where the file cannot be written."""
        self._entries[name] = value
        self._write()

    def delete(self, name: str) -> None:
        """Forget one secret. Raises SecretMissingError, SecretError."""
        self.get(name)
        del self._entries[name]
        self._write()

    def lock_with(self, passphrase: str) -> None:
        """Write it anew under another passphrase. Raises SecretError."""
        self.opened = sealed.renewed(self.opened, passphrase)
        self._write()

    def _write(self) -> None:
        data = sealed.seal(self._entries, self.opened)
        try:
            write_private_atomic(self._path, data)
        except OSError as error:
            raise SecretError(
                f"{self._path} cannot be written ({error.strerror}).",
                "Check that its directory is yours and writable and that the disk has room.",
            ) from error


def _read(path: Path) -> bytes | None:
    """The file's bytes, None where there is none."""
    try:
        descriptor = open_private(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError(f"{path} cannot be read ({error.strerror}).", "Make it readable for yourself.") from error
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_nlink > 1:
            raise PermissionsError(
                f"{path} has a second name elsewhere (a hard link), under which it may be read or kept.",
                "Find out who made it. A copy put in the file's place has one name again.",
            )
        data = file.read(sealed.FILE_LIMIT + 1)
    if len(data) > sealed.FILE_LIMIT:
        raise SecretsDamagedError(
            f"{path} is longer than any that gamedetectd writes.",
            "Bring it back from a backup; without one, delete it and set the secrets anew.",
        )
    return data
