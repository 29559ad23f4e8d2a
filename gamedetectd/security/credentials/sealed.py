"""The format of the encrypted file: scrypt makes a key of the passphrase, AES-256-GCM seals the secrets with it.

    magic, version (1 byte), log2 n, r, p (1 byte each), salt (16 bytes), nonce (12 bytes)      the header
    JSON of all secrets by name, sealed, with the header as associated data
    SHA-256 of everything before

The checksum tells damage from a wrong passphrase before anything costs time; it protects against nothing else. What
somebody changed on purpose does not open: the seal covers header and content. Runs in the child: see ``child``.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import msgspec

from gamedetectd.errors import PassphraseWrongError, SecretError, SecretsDamagedError

MAGIC = b"gamedetectd secrets\n"
VERSION = 1
FILE_LIMIT = 1_000_000
"""Bytes of the longest file that is read or written."""
MEMORY_LIMIT = 256 * 2**20
"""Bytes that scrypt may take."""
LEAST_LOG2_N, MOST_LOG2_N = 14, 18
LOG2_N, R, P = 17, 8, 1
"""What new files are made with: 128 MB and 0.4 s of one core, as OWASP's cheat sheet on password storage advises."""
_HEADER = struct.Struct(f">{len(MAGIC)}sBBBB16s12s")
_CHECKSUM_BYTES = 32
_KEY_BYTES = 32
_SALT_BYTES = 16
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Stretching:
    """How the key is made of the passphrase. A key fits every file with an equal one."""

    log2_n: int
    r: int
    p: int
    salt: bytes

    @classmethod
    def fresh(cls, log2_n: int = LOG2_N) -> Self:
        """With a new salt."""
        return cls(log2_n, R, P, os.urandom(_SALT_BYTES))

    @property
    def bearable(self) -> bool:
        """Whether it costs neither too much memory or time, nor so little that guessing is cheap."""
        return (
            LEAST_LOG2_N <= self.log2_n <= MOST_LOG2_N
            and 1 <= self.r <= 16
            and 1 <= self.p <= 4
            and 128 * 2**self.log2_n * self.r <= MEMORY_LIMIT
        )

    def key(self, passphrase: str) -> bytes:
        """The key of that passphrase; takes its time and memory."""
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        scrypt = Scrypt(salt=self.salt, length=_KEY_BYTES, n=2**self.log2_n, r=self.r, p=self.p)
        return scrypt.derive(passphrase.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A key and the stretching that it came from: opens the file until its passphrase changes."""

    stretching: Stretching
    key: bytes


class _Content(msgspec.Struct, frozen=True):
    """What is sealed."""

    secrets: dict[str, str]


def stretching_of(data: bytes) -> Stretching:
    """How the key of this file is made. Raises SecretsDamagedError before anything costs time or memory."""
    return _header(data)[0]


def unseal(data: bytes, opened: Opened) -> dict[str, str]:
    """The secrets by name. Raises PassphraseWrongError where the key is another's, SecretsDamagedError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _, nonce, header, sealed = _header(data)
    try:
        content = AESGCM(opened.key).decrypt(nonce, sealed, header)
    except InvalidTag:
        raise PassphraseWrongError(
            "It does not open the secrets file (or somebody changed the file on purpose).",
            "Try again; a forgotten passphrase cannot be recovered: delete the file then, and set the secrets anew.",
        ) from None
    try:
        return msgspec.json.decode(content, type=_Content).secrets
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _damaged("it holds something else than secrets") from None


def seal(entries: Mapping[str, str], opened: Opened) -> bytes:
    """A file with these secrets, under a nonce of its own. Raises SecretError where that is too much."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, how = os.urandom(_NONCE_BYTES), opened.stretching
    header = _HEADER.pack(MAGIC, VERSION, how.log2_n, how.r, how.p, how.salt, nonce)
    content = msgspec.json.encode(_Content(dict(entries)))
    data = header + AESGCM(opened.key).encrypt(nonce, content, header)
    data += hashlib.sha256(data).digest()
    if len(data) > FILE_LIMIT:
        raise SecretError(
            f"The secrets file would be {len(data)} bytes long; {FILE_LIMIT} are the most.", "Delete some secrets."
        )
    return data


def renewed(opened: Opened, passphrase: str) -> Opened:
    """The same effort with another passphrase and a new salt."""
    how = replace(opened.stretching, salt=os.urandom(_SALT_BYTES))
    return Opened(how, how.key(passphrase))


def _header(data: bytes) -> tuple[Stretching, bytes, bytes, bytes]:
    """Stretching, nonce, the header's bytes and what is sealed."""
    if not data.startswith(MAGIC):
        raise _damaged("it does not begin as one")
    if len(data) > len(MAGIC) and data[len(MAGIC)] != VERSION and _sound(data):
        raise SecretsDamagedError(
            f"It has format {data[len(MAGIC)]}; this version of gamedetectd knows format {VERSION}.",
            "Use the version of gamedetectd that wrote it, or a later one.",
        )
    if len(data) < _HEADER.size + _CHECKSUM_BYTES or not _sound(data):
        raise _damaged("its checksum is wrong")
    _, _, log2_n, r, p, salt, nonce = _HEADER.unpack_from(data)
    how = Stretching(log2_n, r, p, salt)
    if not how.bearable:
        raise _damaged(f"it asks for an effort that is not ours (scrypt with n=2^{log2_n}, r={r}, p={p})")
    return how, nonce, data[: _HEADER.size], data[_HEADER.size : -_CHECKSUM_BYTES]


def _sound(data: bytes) -> bool:
    return hashlib.sha256(data[:-_CHECKSUM_BYTES]).digest() == data[-_CHECKSUM_BYTES:]


def _damaged(how: str) -> SecretsDamagedError:
    return SecretsDamagedError(
        f"The secrets file is damaged: {how}.",
        "Bring it back from a backup; without one, delete it and set the secrets anew.",
    )
