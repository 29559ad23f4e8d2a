"""What a secret may be called, what can be one, and under which name the keyring knows us."""

from __future__ import annotations

import hashlib
import os
import re

from gamedetectd.errors import SecretError, SecretMissingError
from gamedetectd.paths import Paths

SERVICE = "gamedetectd"
"""What the keyring shows them under."""
OURS = "gamedetectd."
"""What the names of our own secrets begin with."""
LONGEST_VALUE = 16_000
"""Characters."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


def check_name(name: str) -> None:
    """Raises SecretError where that can be no secret's name."""
    if not _NAME.fullmatch(name):
        raise SecretError(
            "That is no name for a secret.",  # perhaps it is the secret itself: not repeated
            "Take up to 64 small letters, digits, dots, - and _, as in: mqtt-password",
        )


def check_value(value: str) -> None:
    """Raises SecretError, without the value in it, where that can be no secret."""
    problem = ""
    if not value:
        problem = "It is empty."
    elif len(value) > LONGEST_VALUE:
        problem = f"It is {len(value)} characters long; {LONGEST_VALUE} are the most."
    elif "\0" in value or (not value.isascii() and _SURROGATE.search(value)):
        problem = "It is no text: it holds a zero, or bytes that are not UTF-8."
    if problem:
        raise SecretError(problem, "Give another value; what is no text can be kept as base64.")


def service_name(paths: Paths) -> str:
    """What the keyring knows us under; each directory that GAMEDETECTD_HOME names has secrets of its own."""
    if paths.home is None:
        return SERVICE
    return f"{SERVICE}-{hashlib.sha256(os.fsencode(paths.home)).hexdigest()[:16]}"


def missing(name: str) -> SecretMissingError:
    """The error for a name that nothing is kept under."""
    return SecretMissingError(
        f"Nothing is kept under the name {name!r}.", f"Set it with: gamedetectd secret set {name}"
    )
