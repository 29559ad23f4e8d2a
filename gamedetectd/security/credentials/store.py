"""The secrets of one account: where each is kept, and how it is got from there. The one ``Secrets`` of the program."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from gamedetectd.errors import (
    KeyringUnavailableError,
    KeyringUnsafeError,
    PassphraseNeededError,
    PermissionsError,
    SecretError,
    SecretMissingError,
)
from gamedetectd.paths import Paths
from gamedetectd.security.credentials.asking import ask
from gamedetectd.security.credentials.core_dumps import leave_no_core
from gamedetectd.security.credentials.names import OURS, check_name, check_value, missing, service_name
from gamedetectd.security.credentials.passphrase import check_new, passphrase_of_the_system
from gamedetectd.security.credentials.places import Place, Places

log = logging.getLogger(__name__)

Choice = Literal["auto", "keyring", "file"]
_NO_KEYRING = (KeyringUnavailableError, KeyringUnsafeError)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a terminal. ``passphrase`` asks for one, a new one if given True; ``waiting`` tells of a window."""

    passphrase: Callable[[bool], str | None]
    waiting: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Description:
    """How secrets are kept here. ``keyring`` is what the system's is called, ``keyring_problem`` why it is not used.

    ``locked`` is None where only the system knows. ``places`` says where each is kept, our own among them.
    """

    choice: Choice
    keyring: str
    keyring_problem: SecretError | None
    locked: bool | None
    file: Path
    file_exists: bool
    places: Mapping[str, Place]

    @property
    def new_ones_go_to(self) -> Place:
        """Where a secret of a new name is kept."""
        if self.choice != "auto":
            return self.choice
        return "file" if isinstance(self.keyring_problem, _NO_KEYRING) else "keyring"


class SecretStore:
    """Fulfils ``interfaces.Secrets``. Usable from every thread, and from several processes at once.

    ``choice`` is the setting ``secrets.store``. Without a ``person`` nobody is ever asked for anything: what is locked
    stays so. ``note`` hears what was done to which secret ("read", "set", "deleted"), and whether that went well.
    """

    def __init__(self, paths: Paths, choice: Choice = "auto", person: Person | None = None) -> None:
        self.choice: Choice = choice
        self.note: Callable[[str, str, bool], None] = lambda _action, _name, _success: None
        self._paths = paths
        self.file = paths.data / "secrets.enc"
        self._places = Places(paths.data)
        self._person = person
        self._service = service_name(paths)
        self._opened: dict[str, Any] | None = None
        """The key of the file, as the child gave it; never the passphrase."""
        self._troubles: dict[str, SecretError | PermissionsError] = {}

    # --- interfaces.Secrets ---

    def get(self, name: str) -> str:
        with self._noted("read", name):
            place = self.places().get(name)
            value, found = self._first(name, place, "get")
            if place is None:  # the list of places was lost
                self._keep(name, found)
            return str(value["value"])

    def set(self, name: str, value: str) -> None:
        check_value(value)
        with self._noted("set", name):
            before = self.places().get(name)
            now = self._set(name, value, before)
            self._keep(name, now)
            if before not in (None, now):
                self._forget_the_old(name, before)

    def delete(self, name: str) -> None:
        with self._noted("deleted", name):
            place = self.places().get(name)
            try:
                self._first(name, place, "delete")
            except SecretMissingError:
                if place is None:
                    raise
                # It was taken out by other means. What is wanted is so.
            self._keep(name, None)

    def names(self) -> Sequence[str]:
        return sorted(name for name in self.places() if not name.startswith(OURS))

    # --- what else people and health want to know and do ---

    def places(self) -> Mapping[str, Place]:
        """Where each is kept, by name, our own among them; opens nothing. Raises SecretError, PermissionsError."""
        return self._places.read()

    @property
    def file_is_locked(self) -> bool:
        """True while no key of the encrypted file is at hand."""
        return self._opened is None

    def troubles(self) -> Mapping[str, SecretError | PermissionsError]:
        """Why a secret could not be read when it was wanted last, by its name; not of our own."""
        return dict(self._troubles)

    def describe(self) -> Description:
        """How secrets are kept. Opens nothing; only the keyring, where it is used, is asked whether it is there."""
        places = self.places()
        title, problem, locked = "", None, None
        if self.choice != "file" or "keyring" in places.values():
            try:
                found = self._in_keyring("look")
                title, locked = found["title"], found["locked"]
            except SecretError as error:
                problem = error
        return Description(self.choice, title, problem, locked, self.file, os.path.lexists(self.file), places)

    def unlock(self, passphrase: str) -> None:
        """Keep the key of the encrypted file from now on. Raises PassphraseWrongError or another SecretError."""
        self._opened = self._ask({**self._of_file("look"), "passphrase": passphrase})["opened"]

    def unlock_keyring(self) -> None:
        """Have the person unlock the keyring, in a window that the system shows. Raises SecretError."""
        self._in_keyring("open")

    def change_passphrase(self, new: str) -> None:
        """Write the encrypted file anew under another passphrase. Raises SecretError."""
        check_new(new)
        self._in_file("lock_with", value=new)

    def without_asking(self) -> SecretStore:
        """The same store, which asks nobody for a passphrase; a window of the keyring may still be shown."""
        person = self._person and replace(self._person, passphrase=lambda _new: None)
        return SecretStore(self._paths, self.choice, person)

    # --- where ---

    def _first(self, name: str, place: Place | None, do: str) -> tuple[dict[str, Any], Place]:
        """The answer of the place where it is kept, or of the first that has it where that is not known."""
        if place is not None:
            try:
                return self._in(place, do, name=name), place
            except _NO_KEYRING as error:
                raise _kept_there(name, error) from error
        for each in _PLACES[self.choice]:
            try:
                return self._in(each, do, name=name), each
            except (SecretMissingError, *_NO_KEYRING):
                continue
        raise missing(name)

    def _set(self, name: str, value: str, before: Place | None) -> Place:
        place: Place = (before or "keyring") if self.choice == "auto" else self.choice
        try:
            self._in(place, "set", name=name, value=value)
        except _NO_KEYRING as error:
            if before == "keyring":  # never silently elsewhere
                raise _kept_there(name, error) from error
            if self.choice == "keyring":
                raise
            self._in("file", "set", name=name, value=value)
            return "file"
        return place

    def _keep(self, name: str, place: Place | None) -> None:
        with self._places.lock():
            self._places.note(name, place)

    def _forget_the_old(self, name: str, place: Place | None) -> None:
        """What was kept before in another place; the new value is in force, whatever comes of this."""
        try:
            self._first(name, place, "delete")
        except SecretMissingError:
            pass
        except SecretError as error:
            log.warning("the value that %s had before could not be taken out of the %s: %s", name, place, error)

    # --- asking the child ---

    def _in(self, place: Place, do: str, **more: str) -> dict[str, Any]:
        return self._in_keyring(do, **more) if place == "keyring" else self._in_file(do, **more)

    def _in_keyring(self, do: str, **more: str) -> dict[str, Any]:
        request = {"place": "keyring", "do": do, "service": self._service, "ask": self._person is not None, **more}
        patient = self._person is not None and do != "look" and self._may_ask()
        # Windows' vault is changed in several steps; the others do one thing at a time, and may wait for the person.
        with self._places.lock() if do in _CHANGES and sys.platform == "win32" else nullcontext():
            return self._ask(request, patient=patient)

    def _may_ask(self) -> bool:
        """Whether it may show a window, for which a person needs time; one that merely hangs gets less."""
        return sys.platform != "win32" and self._in_keyring("look")["locked"] is not False

    def _in_file(self, do: str, **more: str) -> dict[str, Any]:
        """The key at hand is tried first, then whoever has the passphrase; what opens the file is kept as its key."""
        there = os.path.lexists(self.file)
        if not there and do != "set":
            raise missing(more["name"]) if "name" in more else _no_file()
        request = {**self._of_file(do), **more}
        if self._opened is not None:
            try:
                return self._open_file({**request, "opened": self._opened})
            except PassphraseNeededError:
                self._opened = None  # the passphrase was changed, or the file is gone
        passphrase = passphrase_of_the_system()
        if passphrase is None and self._person is not None:
            passphrase = self._person.passphrase(not there)
        if passphrase is None:
            raise PassphraseNeededError(
                "Its passphrase was not given." if there else "It is yet to be made, and needs a passphrase.",
                "Unlock it with: gamedetectd secret unlock" if there else _WITHOUT_A_TERMINAL,
            )
        if not there:
            check_new(passphrase)
        return self._open_file({**request, "passphrase": passphrase})

    def _open_file(self, request: dict[str, Any]) -> dict[str, Any]:
        # Windows replaces no file that somebody reads.
        with self._places.lock() if request["do"] in _CHANGES or sys.platform == "win32" else nullcontext():
            answer = self._ask(request)
        self._opened = answer["opened"]
        return answer

    def _of_file(self, do: str) -> dict[str, Any]:
        return {"place": "file", "do": do, "file": str(self.file), "new": do == "set"}

    def _ask(self, request: dict[str, Any], *, patient: bool = False) -> dict[str, Any]:
        leave_no_core()
        waiting = self._person.waiting if self._person is not None else lambda: None
        return ask(request, patient=patient, waiting=waiting)

    @contextmanager
    def _noted(self, action: str, name: str) -> Iterator[None]:
        """Somebody hears of it, and how it went; not of our own secrets."""
        check_name(name)
        heard = not name.startswith(OURS)
        try:
            yield
        except (SecretError, PermissionsError) as error:
            if heard and action == "read":
                self._troubles[name] = error
            if heard:
                self.note(action, name, False)
            raise
        self._troubles.pop(name, None)
        if heard:
            self.note(action, name, True)


_PLACES: Mapping[Choice, tuple[Place, ...]] = MappingProxyType(
    {"auto": ("keyring", "file"), "keyring": ("keyring",), "file": ("file",)}
)
_WITHOUT_A_TERMINAL = (
    "Run this in a terminal, or hand the passphrase over as systemd does: in a file gamedetectd-passphrase in the "
    "directory that CREDENTIALS_DIRECTORY names."
)
_CHANGES = ("set", "delete", "lock_with")


def _kept_there(name: str, error: SecretError) -> SecretError:
    return type(error)(f"{name!r} is kept in the keyring. {error.cause}", error.remedy)


def _no_file() -> SecretError:
    return SecretError("There is no secrets file, so there is no passphrase.", "Nothing needs to be done.")
