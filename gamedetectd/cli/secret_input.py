"""How a secret comes in: typed without being shown, or from standard input; never as an argument."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from getpass import getpass
from typing import TYPE_CHECKING

import typer

from gamedetectd.errors import SecretError
from gamedetectd.observability.redaction import register_secret

if TYPE_CHECKING:
    from gamedetectd.security.credentials import Person

_MOST_BYTES = 100_000


def at_the_terminal() -> Person:
    """Somebody who can be asked for the passphrase where there is a terminal, and told of a window in any case."""
    from gamedetectd.security.credentials import Person

    def passphrase(new: bool) -> str | None:
        return _typed_passphrase(new) if _has_terminal() else None

    return Person(passphrase, lambda: typer.echo("Your keyring asks for something in a window of its own.", err=True))


def ask_for_value(name: str) -> str:
    """The value of a secret: typed twice, or all of standard input without its last line end. Raises SecretError."""
    if _is_terminal():
        return _twice(f"Value of {name} (it is not shown): ")
    value = _decoded(sys.stdin.buffer.read(_MOST_BYTES)).removesuffix("\n").removesuffix("\r")
    register_secret(value)
    return value


def ask_for_passphrase(*, new: bool) -> str:
    """The passphrase of the secrets file: typed, or the next line of standard input. Raises SecretError."""
    if _is_terminal():
        return _typed_passphrase(new)
    line = _decoded(sys.stdin.buffer.readline(_MOST_BYTES)).removesuffix("\n").removesuffix("\r")
    if not line:
        raise SecretError("Standard input holds no passphrase.", "Give it as a line, or run this in a terminal.")
    register_secret(line)
    return line


def _typed_passphrase(new: bool) -> str:
    if new:
        return _twice("New passphrase for the secrets file (at least 8 characters, not shown): ")
    return _typed("Passphrase of the secrets file (not shown): ")


def _twice(prompt: str) -> str:
    value = _typed(prompt)
    if _typed("Once more: ") != value:
        raise SecretError("You typed two different things.", "Try again.")
    return value


def _typed(prompt: str) -> str:
    try:
        value = getpass(prompt)
    except EOFError:
        raise SecretError("Nothing was typed.", "Try again.") from None
    register_secret(value)
    return value


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SecretError(
            "It is no text: it holds bytes that are not UTF-8.", "Give what is no text as base64."
        ) from None


def _is_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty())


@cache
def _has_terminal() -> bool:
    """Whether getpass finds a terminal, also where standard input is none; without one it would show what is typed."""
    if _is_terminal():
        return True
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
        return True
    return False
