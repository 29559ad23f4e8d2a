"""The keyrings of operating systems that are trusted, one row each, and how the library ``keyring`` is held to them.

Which one is used is never left to that library's search: it would take a backend that keeps plain text, one that keeps
nothing or one that asks on the terminal, whichever is installed. Runs in the child: see ``child``.
"""

from __future__ import annotations

import configparser
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gamedetectd.errors import (
    KeyringLockedError,
    KeyringLostError,
    KeyringUnavailableError,
    KeyringUnsafeError,
    SecretError,
)
from gamedetectd.platforms.capability import Capability
from gamedetectd.security.credentials import declared, secret_service
from gamedetectd.security.credentials.names import missing

VARIABLE = "PYTHON_KEYRING_BACKEND"
"""With this the person tells the library which backend to take."""
_FILE_INSTEAD = "keep secrets in an encrypted file: gamedetectd config set secrets.store file"


@dataclass(frozen=True, slots=True)
class Keyring:
    """One row: what it declares of itself, and ``backend``, the library's class.

    ``is_locked`` tells without asking anybody, or is None where the system asks by itself whenever it wants to.
    """

    declared: Capability
    backend: str
    is_locked: Callable[[], bool] | None = None
    unlock: Callable[[], None] | None = None
    keeps_the_last_value: bool = False
    """A changed value leaves the one before it behind, under another name."""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.declared.mechanism

    @property
    def system(self) -> str:
        """The ``sys.platform`` it is for."""
        return self.declared.system


KEYRINGS = (
    Keyring(
        declared.SECRET_SERVICE,
        "keyring.backends.SecretService.Keyring",
        secret_service.is_locked,
        secret_service.unlock,
    ),
    Keyring(
        declared.CREDENTIAL_MANAGER,
        "keyring.backends.Windows.WinVaultKeyring",
        lambda: False,  # it is open as long as the person is logged in
        keeps_the_last_value=True,
    ),
    Keyring(declared.KEYCHAIN, "keyring.backends.macOS.Keyring"),
)


def choose(system: str = sys.platform) -> Keyring:
    """The keyring of this system. Raises KeyringUnsafeError, KeyringUnavailableError."""
    wanted = configured()
    if wanted and wanted not in {row.backend for row in KEYRINGS}:
        raise KeyringUnsafeError(
            f"The library keyring is told to use {wanted}, which may keep secrets in plain text or not at all.",
            f"Take that out of {VARIABLE} or {_settings_file()}, or {_FILE_INSTEAD}",
        )
    for row in KEYRINGS:
        if row.system == system and wanted in ("", row.backend):
            return row
    raise KeyringUnavailableError("None is known for this system.", f"You can {_FILE_INSTEAD}")


def locked(row: Keyring) -> bool:
    """Whether it is locked, as far as that can be told without asking anybody. Raises SecretError."""
    with _plainly():
        return row.is_locked is not None and row.is_locked()


def configured() -> str:
    """The backend the person told the library to use; empty where they told nothing. It is not loaded."""
    if by_variable := os.environ.get(VARIABLE, "").strip():
        return by_variable
    settings = configparser.RawConfigParser()
    try:
        settings.read(_settings_file(), encoding="utf-8")
        return settings.get("backend", "default-keyring", fallback="").strip()
    except (configparser.Error, UnicodeDecodeError, OSError):
        return ""  # the library takes no notice of it either


class OpenKeyring:
    """The keyring of this system, ready to be used under one service name.

    ``ask`` allows it to show the person a window; ``waiting`` is called just before it may. Whatever goes wrong is a
    SecretError.
    """

    def __init__(self, row: Keyring, service: str, *, ask: bool, waiting: Callable[[], None]) -> None:
        self._row = row
        self._service = service
        with _plainly():
            if row.is_locked is None:
                waiting()
            elif row.is_locked():
                if not ask:
                    raise KeyringLockedError(
                        f"It is {row.title}, and nobody has unlocked it since you logged in.",
                        "Unlock it with: gamedetectd secret unlock",
                    )
                waiting()
                if row.unlock is not None:
                    row.unlock()
            self._backend = _load(row.backend)()

    def get(self, name: str) -> str:
        """One secret. Raises SecretMissingError."""
        with _plainly():
            value = self._backend.get_password(self._service, name)
        if value is None:
            raise missing(name)
        return str(value)

    def set(self, name: str, value: str) -> None:
        """Keep one secret, and see that it is kept."""
        with _plainly():
            self._backend.set_password(self._service, name, value)
            if self._row.keeps_the_last_value:
                self._backend.set_password(self._service, name, value)
            kept = self._backend.get_password(self._service, name)
        if kept != value:
            raise KeyringLostError("It did not keep what it was given.", f"Look at your keyring, or {_FILE_INSTEAD}")

    def delete(self, name: str) -> None:
        """Forget one secret. Raises SecretMissingError."""
        self.get(name)
        with _plainly():
            self._backend.delete_password(self._service, name)


def _load(backend: str) -> Any:
    module, _, name = backend.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _settings_file() -> Path:
    from keyring.util import platform_

    return Path(platform_.config_root()) / "keyringrc.cfg"


@contextmanager
def _plainly() -> Iterator[None]:
    """What the libraries raise, as what a person can act upon. None of it has a secret in it."""
    from keyring import errors

    refused: tuple[type[Exception], ...] = (errors.PasswordSetError, *_refusals())
    failed: tuple[type[Exception], ...] = (errors.KeyringError, *secret_service.failures(), OSError, EOFError)
    try:
        yield
    except errors.KeyringLocked as error:
        raise KeyringLockedError(
            "It was not unlocked: the window was closed, or the system refused.",
            "Unlock it with: gamedetectd secret unlock",
        ) from error
    except refused as error:
        raise SecretError(
            f"The keyring refused it ({error}); Windows, for one, keeps no more than 1,280 characters.",
            f"Give a shorter value, or {_FILE_INSTEAD}",
        ) from error
    except failed as error:
        raise KeyringLostError(
            f"It failed or went away meanwhile ({type(error).__name__}: {error}).",
            "Try again; if it stays so, restart the keyring, or log out and in again.",
        ) from error


def _refusals() -> tuple[type[Exception], ...]:
    """What Windows raises."""
    if sys.platform != "win32":
        return ()
    error: type[Exception] = importlib.import_module("keyring.backends.Windows").pywintypes.error
    return (error,)
