"""The rows that come with the program: ``games.tsv``, the most-played games of all systems, written by us.

The table's own first lines say what its columns hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gamedetectd.domain import KnownGame, Launch, System

TABLE = Path(__file__).parent / "games.tsv"
SOURCE = "built-in"
_COLUMNS = 5
_SYSTEMS: Mapping[str, tuple[System, ...]] = {
    "win": (System.WINDOWS,),
    "linux": (System.LINUX,),
    "mac": (System.MACOS,),
}


def load_builtin() -> tuple[KnownGame, ...]:
    """All of ``each_builtin``."""
    return tuple(each_builtin())


def each_builtin() -> Iterator[KnownGame]:
    """Every row, in the table's order, one at a time.

    Raises OSError where the table is not beside this file, and ValueError, which names the line, where one is not as
    the table's head says.
    """
    return (_game(columns, number) for number, columns in read_table())


def read_table() -> Iterator[tuple[int, list[str]]]:
    """The number and the five columns (title, ids, launches, directories, sources) of each row. Raises as above."""
    with TABLE.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            columns = line.rstrip("\n").split("\t")
            if len(columns) != _COLUMNS:
                raise ValueError(f"line {number} of {TABLE.name} has {len(columns)} columns and not {_COLUMNS}")
            yield number, columns


def _game(columns: list[str], number: int) -> KnownGame:
    title, ids, launches, directories, _ = columns
    first, *also = ids.split()
    try:
        programs = tuple([_launch(launch) for launch in launches.split("; ")]) if launches else ()
    except KeyError as error:
        raise ValueError(f"line {number} of {TABLE.name} names no system of ours: {error.args[0]!r}") from error
    return KnownGame(first, title, programs, tuple(directories.split("; ") if directories else ()), tuple(also), SOURCE)


def _launch(text: str) -> Launch:
    mark = text[-1]
    if mark in "!~":
        text = text[:-1]
    system, separator, path = text.partition(">")
    if not separator:
        return Launch(text, "", (), mark == "~", mark == "!")
    argument = ""
    if " ? " in path:
        path, _, argument = path.partition(" ? ")
    return Launch(path, argument, _SYSTEMS[system], mark == "~", mark == "!")
