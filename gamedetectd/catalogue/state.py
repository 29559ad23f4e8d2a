"""What lists are in, told for people and programs: how many titles, how old, from where, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gamedetectd.catalogue.index import About, Index
from gamedetectd.catalogue.memory import BUILTIN, builtin
from gamedetectd.catalogue.updater import Checked, last_checked
from gamedetectd.catalogue.versions import SOURCES, versions
from gamedetectd.errors import CatalogueError


class Version(msgspec.Struct, frozen=True):
    """One imported version: its file and size in bytes, and what it says of itself; ``problem`` where it is damaged."""

    file: str
    bytes: int
    titles: int = 0
    programs: int = 0
    made_at: str = ""
    origin: str = ""
    problem: str = ""


class Standing(msgspec.Struct, frozen=True):
    """One list. ``titles`` and the rest are those in force; ``versions`` begins with the newest; the built-in has none.

    Times are RFC 3339 in UTC, "" for never.
    """

    source: str
    titles: int
    programs: int
    made_at: str
    origin: str
    versions: list[Version]
    checked_at: str = ""
    checked: str = ""
    error: str = ""


def standing(directory: Path) -> Sequence[Standing]:
    """The built-in list and every source that can be imported, in order of trust."""
    rows = builtin().rows
    programs = len({launch.path for row in rows for launch in row.launches})
    checks = last_checked(directory)
    own = Standing(BUILTIN, len(rows), programs, "", "comes with gamedetectd", [])
    return [own, *(_of(directory, source, checks.get(source)) for source in SOURCES)]


def _of(directory: Path, source: str, checked: Checked | None) -> Standing:
    found = [_version(file) for file in versions(directory, source)]
    best = next((version for version in found if not version.problem), None)
    told = ("", "", "") if checked is None else (_time(checked.at), checked.result, checked.error)
    if best is None:
        return Standing(source, 0, 0, "", "", found, *told)
    return Standing(source, best.titles, best.programs, best.made_at, best.origin, found, *told)


def _version(file: Path) -> Version:
    try:
        size = file.stat().st_size
        index = Index(file)
    except OSError as error:  # it went away while we looked
        return Version(str(file), 0, problem=f"{error.strerror or error}.")
    except CatalogueError as error:
        return Version(str(file), size, problem=error.cause)
    try:
        index.check()
    except CatalogueError as error:
        return Version(str(file), size, problem=error.cause)
    finally:
        index.close()
    about: About = index.about
    return Version(str(file), size, about.titles, about.programs, _time(about.made_at), about.origin)


def _time(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
