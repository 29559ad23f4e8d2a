"""The token that whoever reads us over HTTP must show: made on first use, kept in a file for this account alone."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path

from gamedetectd.errors import TokenError
from gamedetectd.observability.redaction import register_secret
from gamedetectd.platforms.permissions import open_private, write_private_atomic

TOKEN_BYTES = 32
"""Of chance in a token."""
LONGEST = 512
"""Bytes read of the file; ours are a tenth of that."""
_TOKEN = re.compile(rb"[A-Za-z0-9._~+/=-]{32,256}")
"""What RFC 6750 lets a bearer token be, long enough not to be guessed."""


def load_token(path: Path) -> bytes:
    """The token in ``path``, made now where there is none. It never reaches a log: the redactor is told of it.

    Raises TokenError where the file holds no token or cannot be read or made, PermissionsError where it is not ours
    alone.
    """
    try:
        token = _read(path)
        if token is None:
            write_private_atomic(path, secrets.token_urlsafe(TOKEN_BYTES).encode() + b"\n")
            token = _read(path)
    except OSError as error:
        raise TokenError(
            f"{path} cannot be used ({error.strerror}).",
            "Check that its directory is yours and that the disk has room.",
        ) from error
    if token is None or not _TOKEN.fullmatch(token):
        raise TokenError(
            f"{path} holds no token: 32 to 256 letters, digits or -._~+/= are one.",
            "Delete the file; gamedetectd makes a new one.",
        )
    register_secret(token.decode())
    return token


def same(token: bytes, shown: bytes) -> bool:
    """Whether what was shown is the token, in a time that does not tell how much of it was right."""
    return hmac.compare_digest(token, shown)


def _read(path: Path) -> bytes | None:
    """What the file holds, without the white space around it; None where there is no file."""
    try:
        descriptor = open_private(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        return file.read(LONGEST).strip()
