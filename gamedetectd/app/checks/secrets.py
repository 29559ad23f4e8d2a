"""Secrets that settings name: whether they are there and can be read. Where none is named, nothing is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.errors import (
    GamedetectdError,
    KeyringLockedError,
    KeyringLostError,
    KeyringUnavailableError,
    KeyringUnsafeError,
    KeyringWaitingError,
    PassphraseNeededError,
    PassphraseWrongError,
    SecretMissingError,
)
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

KEYRING_LOCKED = "keyring-locked"
KEYRING_UNUSABLE = "keyring-unusable"
FILE_LOCKED = "secrets-locked"
FILE_DAMAGED = "secrets-damaged"
MISSING = "secret-missing"

_UNLOCK = N_("Unlock it: gamedetectd secret unlock")
_CODES: Mapping[type[GamedetectdError], str] = MappingProxyType(
    {
        KeyringLockedError: KEYRING_LOCKED,
        KeyringWaitingError: KEYRING_LOCKED,
        KeyringUnavailableError: KEYRING_UNUSABLE,
        KeyringUnsafeError: KEYRING_UNUSABLE,
        KeyringLostError: KEYRING_UNUSABLE,
        PassphraseNeededError: FILE_LOCKED,
        PassphraseWrongError: FILE_LOCKED,
        SecretMissingError: MISSING,
    }
)
"""What each error means for health; any other is a file that cannot be used."""


class Secrets(Check):
    """What the store noted when secrets were wanted last. The keyring itself is not asked."""

    name = "secrets"
    conditions = (
        Condition(KEYRING_LOCKED, N_("The keyring is locked"), Severity.WARNING, _UNLOCK, flaps=False),
        Condition(
            KEYRING_UNUSABLE,
            N_("The keyring cannot be used"),
            Severity.WARNING,
            N_("See what is wrong with it: gamedetectd secret list"),
            flaps=False,
        ),
        Condition(FILE_LOCKED, N_("The secrets file is locked"), Severity.WARNING, _UNLOCK, flaps=False),
        Condition(
            FILE_DAMAGED,
            N_("The secrets file cannot be used"),
            Severity.WARNING,
            N_("Bring it back from a backup; without one, delete it and set the secrets anew: gamedetectd secret set"),
            flaps=False,
        ),
        Condition(
            MISSING,
            N_("A secret that the settings name is missing"),
            Severity.WARNING,
            N_("Set it: gamedetectd secret set NAME; see: gamedetectd secret list"),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        named = self.daemon.secret_watch.named()
        if not named:
            return
        self.daemon.secret_watch.look_again()
        troubles = self.daemon.secrets.troubles()
        for option, name in named.items():
            if (error := troubles.get(name)) is not None:
                code = _CODES.get(type(error), FILE_DAMAGED)
                yield Finding(code, f"{option}: {error.cause}", name if code == MISSING else "")
