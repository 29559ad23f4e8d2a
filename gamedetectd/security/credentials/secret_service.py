"""Linux: whether the Secret Service is there and locked, told without a window, and unlocking it with one.

The library ``keyring`` opens the window by itself as soon as it finds the keyring locked, and makes a keyring where
there is none. https://specifications.freedesktop.org/secret-service-spec/latest/
"""

from __future__ import annotations

import sys

from gamedetectd.errors import KeyringLockedError, KeyringUnavailableError

if sys.platform == "linux":
    from collections.abc import Iterator
    from contextlib import closing, contextmanager
    from typing import Any

    @contextmanager
    def _connection() -> Iterator[Any]:
        """A connection to the bus on which a Secret Service is. Raises KeyringUnavailableError."""
        import secretstorage

        try:
            connection = secretstorage.dbus_init()
        except secretstorage.SecretServiceNotAvailableException as error:
            raise KeyringUnavailableError(
                f"The session bus, over which it is asked, cannot be reached ({error}).",
                "Run this in your desktop session, or keep secrets in an encrypted file: "
                "gamedetectd config set secrets.store file",
            ) from error
        with closing(connection):
            if not secretstorage.check_service_availability(connection):
                raise KeyringUnavailableError(
                    "No Secret Service runs or can be started in this session.",
                    "Install one (gnome-keyring, kwalletmanager or KeePassXC), or keep secrets in an encrypted file: "
                    "gamedetectd config set secrets.store file",
                )
            yield connection

    def is_locked() -> bool:
        """True where the default keyring is locked, or has yet to be made; either way a window is due."""
        import secretstorage

        with _connection() as connection:
            try:
                return secretstorage.Collection(connection).is_locked()
            except secretstorage.ItemNotFoundException:
                return True

    def unlock() -> None:
        """Have the person unlock the default keyring, or make it. Raises KeyringLockedError where they do not."""
        import secretstorage

        with _connection() as connection:
            try:
                collection = secretstorage.get_default_collection(connection)
                collection.unlock()
                still_locked = collection.is_locked()
            except secretstorage.ItemNotFoundException:  # the window was closed, or there is no screen for it
                still_locked = True
        if still_locked:
            raise KeyringLockedError(
                "Nobody unlocked it: its window was closed, or there is no screen to show it on.",
                "Unlock it where you see your desktop: gamedetectd secret unlock; without a desktop keep secrets in an "
                "encrypted file: gamedetectd config set secrets.store file",
            )

    def failures() -> tuple[type[Exception], ...]:
        """What the libraries raise where the service refuses or goes away."""
        from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
        from secretstorage import SecretStorageException

        return (SecretStorageException, DBusErrorResponse)

else:

    def is_locked() -> bool:
        """There is none on this system."""
        raise _not_here()

    def unlock() -> None:
        """There is none on this system."""
        raise _not_here()

    def failures() -> tuple[type[Exception], ...]:
        """No libraries, no failures."""
        return ()

    def _not_here() -> KeyringUnavailableError:
        return KeyringUnavailableError("The Secret Service is for Linux.", "Nothing needs to be done.")
