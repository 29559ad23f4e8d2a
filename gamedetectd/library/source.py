"""The library as a source of facts: the rows that may be one program's, and never the whole of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from gamedetectd.domain import FactKind, Facts
from gamedetectd.library.room import Library

_NAMED = re.compile(r"(?:AppId=|-epicapp=)(\S+)", re.IGNORECASE)
"""Arguments by which Steam's reaper and Epic's launcher say which game they start."""


class LibrarySource:
    """Asks the library by place, store id and window title. ``effective_paths`` as in ``facts.files.FilesSource``."""

    kind: ClassVar[FactKind] = FactKind.LIBRARY
    time_limit: ClassVar[float] = 5.0

    def __init__(self, library: Library, effective_paths: Callable[[Facts], Sequence[str]]) -> None:
        self._library = library
        self._effective_paths = effective_paths

    def gather(self, facts: Facts) -> Facts:
        paths = tuple(dict.fromkeys((*self._effective_paths(facts), *_content_paths(facts))))
        title = facts.window.title if facts.window is not None else ""
        rows = self._library.look_up(paths, dict.fromkeys(_ids(facts)), title)
        return dataclasses.replace(facts, library=rows)


def _content_paths(facts: Facts) -> Iterator[str]:
    """Files on the command line: what an emulator or an interpreter runs."""
    for process in facts.processes[-1:]:
        for argument in process.argv[1:64]:
            if argument.startswith("/") or re.match(r"[A-Za-z]:[\\/]", argument):
                yield argument


def _ids(facts: Facts) -> Iterator[str]:
    """What stores call the game they started: in the environment, on command lines, and by their own word."""
    for process in facts.processes:
        yield from (value for value in process.environment.values() if value)
        yield from (found[1] for argument in process.argv if (found := _NAMED.fullmatch(argument)))
    yield from (signal.game_id.partition(":")[2] for signal in facts.signals)
