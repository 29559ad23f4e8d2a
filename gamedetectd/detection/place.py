"""Where the program lies: a folder that holds games, or one that belongs to the system."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.places import games_folder, is_system_place
from gamedetectd.detection.tables.builtin import builtin_game


def testify(case: Case) -> Iterator[Sign]:
    """A sign for a games folder; one against for a system directory, games that systems ship excepted."""
    path, family = case.program.path, case.family
    if family is None or not path:
        return
    spellings = [spelt for spelt in (path, case.program.alias) if spelt]
    if title := builtin_game(case.program.key, path, family.system):
        yield Sign("place.builtin", f"{case.program.base} is {title}, a game that comes with the system.")
        return
    if any(is_system_place(spelt, family.system) for spelt in spellings):
        yield Sign("place.system", f"{path} lies in a directory of the operating system or of a driver.")
        return
    if found := games_folder(path):
        yield Sign(found.signal, f"{path} lies in {found.called}.")
