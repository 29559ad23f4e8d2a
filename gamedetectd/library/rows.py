"""Makes a row of the library from what a store says: with a title, tidy paths, and no directory that others share."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from gamedetectd.domain import InstalledGame
from gamedetectd.library import native, places
from gamedetectd.library.surroundings import Surroundings

_TITLE_LIMIT = 300


def installed(
    surroundings: Surroundings,
    store: str,
    ident: str,
    title: str,
    directory: str,
    programs: Iterable[str] = (),
    *,
    also: Iterable[str] = (),
    platform: str = "",
) -> InstalledGame | None:
    """The row; None without an id or any name.

    ``directory`` and ``programs`` are as the store writes them, programs relative to the directory or full. Without a
    title the directory's name is taken, which stores choose by the title.
    """
    place = places.native(surroundings, directory)
    called = " ".join(title.split())[:_TITLE_LIMIT] or native.name(place)
    if not ident or not called:
        return None
    paths = (places.native(surroundings, native.join(place, program)) for program in programs)
    return InstalledGame(
        store,
        ident,
        called,
        places.own_directory(surroundings, place),
        tuple(dict.fromkeys(filter(None, paths))),
        tuple(dict.fromkeys(also)),
        platform,
    )


def nothing(here: bool, games: Sized, store: str) -> str:
    """Why there are no games, as a sentence; "" where there are some."""
    if games:
        return ""
    return f"{store} has installed nothing." if here else f"{store} is not installed here."
