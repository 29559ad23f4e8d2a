"""The catalogue as ``app`` wires it: the source of facts, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.catalogue.memory import builtin
from gamedetectd.catalogue.room import Room
from gamedetectd.catalogue.source import CatalogueSource
from gamedetectd.domain import Facts

FOLDER = "catalogue"
"""Where the indexes lie below the data directory."""


@dataclass(frozen=True, slots=True)
class Parts:
    """``source`` goes among the sources of facts; ``room.problem`` is health's; ``directory`` is the updater's."""

    directory: Path
    room: Room
    source: CatalogueSource


def parts(
    data: Path,
    effective_paths: Callable[[Facts], Sequence[str]],
    shown_titles: Callable[[Facts], Sequence[str]] = lambda _: (),
) -> Parts:
    """Built-in and imported catalogues below the data directory; nothing is read before it is asked for."""
    directory = data / FOLDER
    room = Room(builtin(), directory)
    return Parts(directory, room, CatalogueSource(effective_paths, room, shown_titles))
