"""What the catalogue knows of programs that are told as facts: for ``judge``, replays and whoever fits the weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gamedetectd.catalogue.memory import builtin
from gamedetectd.catalogue.source import CatalogueSource
from gamedetectd.detection.families import family
from gamedetectd.detection.titles import clean, parts_of
from gamedetectd.domain import Facts
from gamedetectd.interfaces import Catalogue


def effective_paths(facts: Facts) -> Sequence[str]:
    """The files a program consists of, most telling first: what really runs, then the executable that runs it.

    Under Wine the Windows spelling is among them, since a drive's letter may hide where the program lies.
    """
    found = family(facts)
    if found is None:
        return ()
    told = (found.program.path, found.program.alias, found.program.twin, found.subject.exe)
    return tuple(dict.fromkeys(path for path in told if path))


def shown_titles(facts: Facts) -> Sequence[str]:
    """What the window's title may mean, without versions and status: the whole of it, and the part that comes first."""
    title = facts.window.title if facts.window is not None else ""
    return tuple(dict.fromkeys((clean(title), *parts_of(title)[:1]))) if title else ()


def with_catalogue(catalogue: Catalogue | None = None) -> Callable[[Facts], Facts]:
    """What adds a catalogue's rows to facts; without one, those of the table that comes with the program."""
    rows = builtin() if catalogue is None else catalogue
    return CatalogueSource(effective_paths, rows, shown_titles).gather
