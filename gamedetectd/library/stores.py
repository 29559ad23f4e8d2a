"""The one table of stores: each row makes a reader of what one store has installed on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gamedetectd.interfaces import StoreReader
from gamedetectd.library.steam import SteamReader
from gamedetectd.library.surroundings import Surroundings

STORES: Mapping[str, Callable[[Surroundings], StoreReader]] = {
    "steam": SteamReader,
}
"""By the store's short name, which is also its reader's."""


def readers(surroundings: Surroundings) -> tuple[StoreReader, ...]:
    """A reader for every store, whether it is here or not."""
    return tuple(make(surroundings) for make in STORES.values())
