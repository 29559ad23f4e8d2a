"""The JSON of ``gamedetectd secret list``: where secrets are kept and by what names, never a value."""

from __future__ import annotations

from typing import Literal

import msgspec

Place = Literal["keyring", "file"]


class KeyringRow(msgspec.Struct, frozen=True):
    """The system's keyring. ``locked`` is null where that cannot be told without asking you.

    ``problem`` says why it is not used; null where it can be.
    """

    name: str
    locked: bool | None
    problem: str | None


class SecretFileRow(msgspec.Struct, frozen=True):
    """The encrypted file."""

    path: str
    exists: bool


class SecretRow(msgspec.Struct, frozen=True):
    """One secret: ``kept_in`` is null where a setting names one that is not there. ``used_by`` are settings."""

    name: str
    kept_in: Place | None
    used_by: list[str]


class SecretListRow(msgspec.Struct, frozen=True):
    """Where secrets are kept. ``new_secrets`` is where one of a new name goes.

    ``keyring`` is null where the settings do not want it and nothing is in it.
    """

    new_secrets: Place
    keyring: KeyringRow | None
    file: SecretFileRow
    secrets: list[SecretRow]
