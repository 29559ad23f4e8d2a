"""Which secrets there are and where each is kept: a small file of names, so that nothing must be opened to know them.

It never holds a value. Where it is lost, secrets are still found in the place that the settings name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from gamedetectd.errors import SecretError, SecretsDamagedError
from gamedetectd.platforms import file_lock
from gamedetectd.platforms.permissions import ensure_private_dir, open_private, write_private_atomic

Place = Literal["keyring", "file"]
LOCK_SECONDS = 10.0
"""How long somebody else may take to change secrets before we give up."""
_LOOK_SECONDS = 0.05
_LIMIT = 200_000


class _Kept(msgspec.Struct, frozen=True):
    """What the file holds."""

    places: dict[str, Place]


class Places:
    """The file of names in one directory, and the lock under which secrets are changed."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "secrets.json"
        self._lock_file = directory / "secrets.lock"

    def read(self) -> Mapping[str, Place]:
        """Where each secret is kept, by name. Raises SecretsDamagedError, PermissionsError or SecretError."""
        try:
            descriptor = open_private(self.file, os.O_RDONLY)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _unusable(self.file, error) from error
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(_LIMIT)
        try:
            return msgspec.json.decode(data, type=_Kept).places
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise SecretsDamagedError(
                f"{self.file}, which says where each secret is kept, is damaged.",
                "Delete that file; what is in the keyring or the secrets file stays there and is found by its name.",
            ) from None

    def note(self, name: str, place: Place | None) -> None:
        """Remember where a secret is kept now, None for nowhere. Hold the lock. Raises as ``read``."""
        places = dict(self.read())
        if places.get(name) == place:
            return
        places.pop(name, None)
        if place is not None:
            places[name] = place
        try:
            write_private_atomic(self.file, msgspec.json.format(msgspec.json.encode(_Kept(places))))
        except OSError as error:
            raise _unusable(self.file, error) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold others off, also those in other processes. Raises SecretError, PermissionsError."""
        try:
            ensure_private_dir(self._lock_file.parent)
            descriptor = open_private(self._lock_file, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise _unusable(self._lock_file, error) from error
        try:
            self._wait_for(descriptor)
            yield
            file_lock.unlock(descriptor)
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        until = time.monotonic() + LOCK_SECONDS
        while not self._taken(descriptor):
            if time.monotonic() > until:
                raise SecretError(
                    "Another command of gamedetectd is changing secrets, or waits for you to.",
                    "End that one, or try again when it is done.",
                )
            time.sleep(_LOOK_SECONDS)

    def _taken(self, descriptor: int) -> bool:
        try:
            return file_lock.lock(descriptor)
        except OSError as error:
            raise _unusable(self._lock_file, error) from error


def _unusable(path: Path, error: OSError) -> SecretError:
    return SecretError(
        f"{path} cannot be used ({error.strerror}).",
        "Check that its directory is yours and writable and that the disk has room.",
    )
