"""Which libraries a program has mapped in: graphics, audio and gamepad libraries speak for a game."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from typing import ClassVar

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts.procfs import PROC, read_up_to, still_runs
from gamedetectd.facts.reading import subject

MAPS_LIMIT = 8_000_000
"""Bytes of ``maps`` read at most; a large game under Wine has about 2 MB."""
NAMES_LIMIT = 2_000

_LIBRARY = re.compile(rb"/([^/\n]+?(?:\.so(?:\.[0-9.]+)?|\.dll|\.drv))(?: \(deleted\))?$", re.MULTILINE | re.IGNORECASE)


_PACKAGE = re.compile(rb"/(pygame|pyglet|panda3d)/")
"""Packages by which games in Python are known; their libraries have names like any other's."""


class MappedSource:
    """Reads ``/proc/PID/maps`` of the program (Linux). Another user's process tells nothing."""

    kind: ClassVar[FactKind] = FactKind.MAPPED
    time_limit: ClassVar[float] = 2.0

    def __init__(self, root: str = PROC) -> None:
        self._root = root

    def gather(self, facts: Facts) -> Facts:
        process = subject(facts)
        if process is None:
            return facts
        try:
            maps = read_up_to(f"{self._root}/{process.pid}/maps", MAPS_LIMIT)
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            return facts
        if not still_runs(self._root, process.key):
            return facts
        return dataclasses.replace(facts, mapped=library_names(maps))


def library_names(maps: bytes) -> frozenset[str]:
    """Base names of the shared libraries in the text of a ``maps`` file."""
    found = list(dict.fromkeys(_LIBRARY.findall(maps)))[:NAMES_LIMIT]
    names = frozenset(name.decode("utf-8", "replace") for name in found)
    return names | {package.decode() for package in _PACKAGE.findall(maps)}


def base_names(places: Iterable[str]) -> frozenset[str]:
    """The same of paths that are known already, as facts from elsewhere have them."""
    spelt = [place.replace("\\", "/") for place in places]
    names = frozenset(place.rpartition("/")[2] for place in spelt)
    return names | {
        package.decode() for place in spelt for package in _PACKAGE.findall(place.encode("utf-8", "replace"))
    }
