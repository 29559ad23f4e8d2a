"""Makes a row of the library from what a store says: with a title, tidy paths, and no directory that others share."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf
from gamedetectd.library import native, places
from gamedetectd.library.surroundings import Surroundings

ID_LIMIT = 300
PROBLEMS_LIMIT = 50
"""Problems of one store that are told one by one."""


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
    """The row; None without any name, or without an id of one line.

    ``directory`` and ``programs`` are as the store writes them, programs full or relative to the directory, which they
    must not leave. Without a title the directory's name is taken, which stores choose by the title.
    """
    place = places.native(surroundings, directory)
    called = places.shown(title) or places.shown(places.title_of(place))
    if not _is_id(ident) or not called:
        return None
    paths = (_program(surroundings, place, program) for program in programs)
    return InstalledGame(
        store,
        ident,
        called,
        places.own_directory(surroundings, place),
        tuple(dict.fromkeys(filter(None, paths))),
        tuple(dict.fromkeys(filter(_is_id, also))),
        places.shown(platform),
    )


def _program(surroundings: Surroundings, directory: str, program: str) -> str:
    if native.is_absolute(program):
        return places.native(surroundings, program)
    path, inside = native.join(directory, program), directory.rstrip("\\/")
    stays = path.startswith(inside) and path[len(inside) : len(inside) + 1] in ("/", "\\")
    return path if stays and len(path) <= places.PATH_LIMIT else ""


def _is_id(ident: str) -> bool:
    return 0 < len(ident) <= ID_LIMIT and ident.isprintable()


def shelf(store: str, here: bool, games: Iterable[InstalledGame], problems: Iterable[LibraryProblem]) -> Shelf:
    """Everything a store's reader found, each game and problem once, with the reason where there are no games."""
    rows, trouble = tuple(dict.fromkeys(games)), tuple(dict.fromkeys(problems))
    if (left := trouble[PROBLEMS_LIMIT:]) and len(left) > 1:
        cause = f"It and {len(left) - 1} more files of {store} cannot be read either."
        trouble = (*trouble[:PROBLEMS_LIMIT], dataclasses.replace(left[0], cause=cause))
    nothing = ""
    if not rows and trouble:
        nothing = f"What {store} has installed cannot be read."
    elif not rows:
        nothing = f"{store} has installed nothing." if here else f"{store} is not installed here."
    return Shelf(rows, trouble, nothing)
