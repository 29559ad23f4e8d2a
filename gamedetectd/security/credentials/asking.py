"""The parent's side of the child: a request goes in, an answer comes back within its time, or an error says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gamedetectd.errors import (
    GamedetectdError,
    KeyringLostError,
    KeyringWaitingError,
    PermissionsError,
    SecretError,
)
from gamedetectd.observability.redaction import register_secret
from gamedetectd.platforms.children.held import Child, ChildError, End, Limits

CHILD = "gamedetectd.security.credentials.child"
"""Named, not imported: what it needs is its own affair."""
NOT_SECRET = frozenset({"gamedetectd.audit-head"})
"""Kept here for its safety alone: the newest link of the audit trail stands in the trail, and always changes."""
SECONDS = 15.0
"""What a keyring or the encrypted file may take."""
PERSON_SECONDS = 120.0
"""What it may take where the person is asked."""
_MEMORY = 768_000_000
"""Bytes: scrypt may need 256 MiB, the libraries 30 MB; the rest is address space."""


def ask(request: dict[str, Any], *, patient: bool, waiting: Callable[[], None]) -> dict[str, Any]:
    """The child's answer. ``patient`` waits for the person; ``waiting`` is called when that begins.

    Every value that comes or goes is registered with the redactor. Raises SecretError or PermissionsError.
    """
    name = str(request.get("name", ""))
    _register(request, name)
    answer = _in_child(request, patient, waiting)
    _register(answer, name)
    if (error := error_of(answer)) is not None:
        raise error
    return answer


def _in_child(request: dict[str, Any], patient: bool, waiting: Callable[[], None]) -> dict[str, Any]:
    seconds = PERSON_SECONDS if patient else SECONDS
    answer: dict[str, Any] | None = None
    asked = False
    try:
        with Child(CHILD, (), Limits(seconds, _MEMORY, cpu=int(SECONDS)), heard=False) as process:
            process.write(json.dumps(request).encode(), last=True)
            for line in process.lines():
                answer = json.loads(line)
                if "waiting" in answer:
                    asked = True
                    waiting()
            process.finish()
    except ChildError as error:
        if asked and error.end is End.LATE:
            raise KeyringWaitingError(
                f"It asked for something in a window of its own and got no answer within {seconds:g} s.",
                "Look for that window, and try again: gamedetectd secret unlock",
            ) from error
        if request["place"] == "keyring":
            raise KeyringLostError(
                f"Asking it {error}.", "Try again; if it stays so, restart the keyring, or log out and in again."
            ) from error
        raise SecretError(f"Opening the secrets file {error}.", "Try again; see: gamedetectd logs") from error
    except (OSError, ValueError) as error:
        raise _unusable(f"could not be used ({type(error).__name__})") from error
    if answer is None or "waiting" in answer:
        raise _unusable("gave no answer")
    return answer


def _unusable(why: str) -> SecretError:
    return SecretError(f"The process that handles secrets {why}.", "Try again; see: gamedetectd logs")


def error_of(answer: dict[str, Any]) -> GamedetectdError | None:
    """The error in an answer, as it was raised; None where all went well."""
    if (found := answer.get("error")) is None:
        return None
    every: tuple[type[GamedetectdError], ...] = (SecretError, PermissionsError, *SecretError.__subclasses__())
    kinds = {kind.code: kind for kind in every}
    return kinds[found["code"]](found["cause"], found["remedy"])


def _register(message: dict[str, Any], name: str) -> None:
    for key in ("value", "passphrase"):
        if message.get(key) and not (key == "value" and name in NOT_SECRET):
            register_secret(message[key])
    if message.get("opened"):
        register_secret(message["opened"]["key"])
