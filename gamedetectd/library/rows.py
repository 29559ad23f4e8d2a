"""Makes a row of the library from what a store says: with a title, tidy paths, and no directory that others share."""

from __future__ import annotations

from collections.abc import Iterable

from gamedetectd.domain import InstalledGame
from gamedetectd.library import native

_TITLE_LIMIT = 300


def installed(
    store: str,
    ident: str,
    title: str,
    directory: str,
    programs: Iterable[str] = (),
    *,
    home: str = "",
    also: Iterable[str] = (),
    platform: str = "",
) -> InstalledGame | None:
    """The row; None without an id or any name.

    ``directory`` and ``programs`` are as the store writes them, programs relative to the directory or full. Without a
    title the directory's name is taken, which stores choose by the title.
    """
    place = native.normal(directory)
    called = " ".join(title.split())[:_TITLE_LIMIT] or native.name(place)
    if not ident or not called:
        return None
    return InstalledGame(
        store,
        ident,
        called,
        native.own(place, home),
        tuple(dict.fromkeys(path for program in programs if (path := native.join(place, program)))),
        tuple(dict.fromkeys(also)),
        platform,
    )


def nothing(here: bool, games: Iterable[object], store: str) -> str:
    """Why there are no games, as a sentence; "" where there are some."""
    if any(True for _ in games):
        return ""
    return f"{store} has installed nothing." if here else f"{store} is not installed here."
