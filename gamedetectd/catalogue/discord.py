"""Discord's list of applications it detects, as one JSON array: the programs of each by the end of their path.

Format: https://discord.com/api/applications/detectable. Its licence is not stated, so nothing of it comes with us.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from gamedetectd.catalogue.rows import argument_words, launch_path, one_line
from gamedetectd.domain import KnownGame, Launch, System
from gamedetectd.errors import CatalogueError

SOURCE = "discord"
LARGEST = 64_000_000
"""Bytes; the list is read as a whole. That of 2026 has about 5 MB."""
_SYSTEMS = {"win32": System.WINDOWS, "linux": System.LINUX, "darwin": System.MACOS}
_STORES = frozenset(["steam", "gog", "epic"])
_MOST_LAUNCHES, _MOST_IDS = 48, 8
_REMEDY = "Fetch the file again; it should be the list that Discord's detectable applications come as."


class _Executable(msgspec.Struct):
    name: str
    os: str | None = None
    is_launcher: bool | None = None
    arguments: str | None = None


class _Sku(msgspec.Struct):
    distributor: str | None = None
    id: str | int | None = None


class _Application(msgspec.Struct):
    id: str | int
    name: str
    executables: list[_Executable] | None = None
    third_party_skus: list[_Sku] | None = None


def read(stream: BinaryIO) -> Iterator[KnownGame | None]:
    """Each application in the list's order; None for one that is not shaped as they are.

    Raises CatalogueError, which names the place, where the stream is no such list.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise CatalogueError(f"It is larger than {LARGEST // 1_000_000} MB.", _REMEDY)
    try:
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise CatalogueError(f"It is no list in JSON: {error}.", _REMEDY) from error
    decoder = msgspec.json.Decoder(_Application)
    for entry in entries:
        try:
            yield _game(decoder.decode(entry))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            yield None


def _game(raw: _Application) -> KnownGame | None:
    title = one_line(raw.name)
    own = f"discord:{raw.id}"
    skus = (
        f"{sku.distributor}:{sku.id}" for sku in raw.third_party_skus or () if sku.id and sku.distributor in _STORES
    )
    first, *also = dict.fromkeys((*sorted(skus, key=lambda ident: not ident.startswith("steam:")), own))
    launches = dict.fromkeys(launch for one in raw.executables or () if (launch := _launch(one)) is not None)
    return KnownGame(first, title, tuple(launches)[:_MOST_LAUNCHES], (), tuple(also)[:_MOST_IDS]) if title else None


def _launch(raw: _Executable) -> Launch | None:
    """A leading ``>`` means the file name exactly; the end of a path is compared exactly anyway."""
    path = launch_path(raw.name.removeprefix(">"))
    if not path:
        return None
    system = _SYSTEMS.get(raw.os or "")
    argument = argument_words(raw.arguments or "")
    return Launch(path, argument, (system,) if system else (), bool(raw.is_launcher))
