"""Directories with a small file for each game: only the files that changed are read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from gamedetectd.domain import LibraryProblem
from gamedetectd.library.files import UnreadableError, VanishedError, attempt, read_names, stamp, there

T = TypeVar("T")


class Remembered(Generic[T]):
    """What ``read`` made of each file, as long as the file stays the same; failures are remembered too."""

    def __init__(self, read: Callable[[Path], T]) -> None:
        self._read = read
        self._known: dict[str, tuple[Hashable, T | LibraryProblem | None]] = {}

    def in_directory(
        self, directory: Path, endings: tuple[str, ...], problems: list[LibraryProblem]
    ) -> Iterator[tuple[str, T]]:
        """Each readable file's name and what it says, in order; adds to ``problems`` for the others."""
        names = attempt(problems, lambda path: read_names(path, *endings), directory) or ()
        for name in names:
            value = self._value(os.path.join(directory, name))  # noqa: PTH118 - ten thousand times
            if isinstance(value, LibraryProblem):
                problems.append(value)
            elif value is not None:
                yield name, value
        beginning = os.path.join(directory, "")  # noqa: PTH118
        here = {beginning + name for name in names}
        for place in [place for place in self._known if place not in here and place.startswith(beginning)]:
            if os.sep not in place[len(beginning) :]:
                del self._known[place]

    def _value(self, place: str) -> T | LibraryProblem | None:
        now = stamp(place)
        if now is None and not there(place):
            return None
        known = self._known.get(place)
        if known is None or known[0] != now:
            known = (now, self._fresh(Path(place)))
            if known[1] is not None:
                self._known[place] = known
        return known[1]

    def _fresh(self, path: Path) -> T | LibraryProblem | None:
        try:
            return self._read(path)
        except VanishedError:
            return None
        except UnreadableError as error:
            error.place = error.place or str(path)
            return error.problem()
