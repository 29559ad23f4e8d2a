"""Secrets in a running daemon: those that settings name are tried early, and the control channel opens what is locked.

Nobody is ever asked here, and without a setting that names a secret nothing is done: no keyring is looked at.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gamedetectd.config import Actions, Settings, secrets_named
from gamedetectd.config.actions import NO_ACTIONS
from gamedetectd.control.server import Handler
from gamedetectd.errors import ControlError, PassphraseWrongError, PermissionsError, SecretError
from gamedetectd.interfaces import Reply, Request
from gamedetectd.observability.correlation import carried
from gamedetectd.security.credentials import OURS, SecretStore
from gamedetectd.security.credentials.passphrase import passphrase_of_the_system

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

TRY_AGAIN_AFTER = 300.0
"""Seconds after which a secret that could not be read is tried again; who opens the keyring need not tell us."""
ATTEMPTS = 3
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class SecretWatch:
    """Tries the secrets of one daemon, each time in a thread of its own that ends."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._lock = threading.Lock()
        self._tried = time.monotonic()
        daemon.secrets.note = self._note

    def handlers(self) -> Mapping[str, Handler]:
        """What can be asked for over the control channel."""
        return {"unlock": self.unlock, "change_secret": self.change_secret, "secrets_changed": self.secrets_changed}

    def unlock(self, request: Request) -> Reply:
        """Keep the key of the secrets file, made from ``passphrase``."""
        passphrase = request.get("passphrase")
        if not isinstance(passphrase, str) or not passphrase:
            raise ControlError("A passphrase is a text.", "See: gamedetectd secret unlock --help")
        try:
            self._daemon.secrets.unlock(passphrase)
        except SecretError:
            self._daemon.audit.record("unlock", "The secrets file was not opened.", success=False)
            raise
        self._daemon.audit.record("unlock", "The secrets file was opened.")
        self._daemon.audit.ask_again()
        self.look_soon()
        return {}

    def change_secret(self, request: Request) -> Reply:
        """Keep ``value`` under ``name``, or forget it where ``value`` is null; for commands that have no passphrase."""
        name, value = request.get("name"), request.get("value")
        if not isinstance(name, str) or not isinstance(value, str | None):
            raise ControlError("A secret has a name and a value, both texts.", "See: gamedetectd secret set --help")
        if value is None:
            self._daemon.secrets.delete(name)
        else:
            self._daemon.secrets.set(name, value)
        return {}

    def secrets_changed(self, _request: Request) -> Reply:
        """Try again what could not be read."""
        self._daemon.audit.ask_again()
        self.look_soon()
        return {"file_is_locked": self._daemon.secrets.file_is_locked}

    def named(self) -> Mapping[str, str]:
        """The secrets that settings and webhooks name, by where they name them."""
        return {**secrets_named(self._daemon.settings), **self._daemon.actions.wanted.secrets()}

    def look_soon(self) -> None:
        """Read what is named, so that trouble is known before it hurts."""
        if self.named():
            threading.Thread(target=carried(self._look), name="secrets", daemon=True).start()

    def look_again(self) -> None:
        """The same, if something could not be read and that was a while ago."""
        if self._daemon.secrets.troubles() and time.monotonic() - self._tried > TRY_AGAIN_AFTER:
            self.look_soon()

    def _note(self, action: str, name: str, success: bool) -> None:
        """What is changed here is changed for a command, which has it noted itself."""
        if action != "read":
            return
        message = f"The secret {name} was {'read' if success else 'to be read and could not be'}."
        self._daemon.audit.record("secret-used", message, success=success, name=name)

    def _look(self) -> None:
        with self._lock:
            self._tried = time.monotonic()
            for name in sorted(set(self.named().values())):
                try:
                    self._daemon.secrets.get(name)
                except (SecretError, PermissionsError):
                    continue  # the store remembers it, for health
        self._daemon.monitor.wake()


def unlock_at_the_terminal(store: SecretStore, settings: Settings, actions: Actions = NO_ACTIONS) -> None:
    """Ask for the passphrase of the secrets file, where somebody sits at a terminal and something in it is needed.

    An empty answer leaves it locked. Writes to standard error what goes wrong, and lets the daemon start.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        return
    from getpass import getpass

    try:
        if not _needed(store, settings, actions) or passphrase_of_the_system() is not None:
            return
        for _ in range(ATTEMPTS):
            passphrase = getpass("Passphrase of the secrets file (nothing: later, with gamedetectd secret unlock): ")
            if not passphrase:
                return
            try:
                store.unlock(passphrase)
                return
            except PassphraseWrongError as error:
                sys.stderr.write(f"{error}\n")
    except (SecretError, PermissionsError) as error:
        sys.stderr.write(f"{error}\n")
    except EOFError:
        return
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        sys.exit(INTERRUPTED)


def _needed(store: SecretStore, settings: Settings, actions: Actions) -> bool:
    """Whether something that is kept in the file is ours, or named by a setting or webhook."""
    named = {*secrets_named(settings).values(), *actions.secrets().values()}
    return any(place == "file" and (name in named or name.startswith(OURS)) for name, place in store.places().items())
