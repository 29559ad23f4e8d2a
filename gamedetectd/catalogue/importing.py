"""Brings a file into the catalogue: a child process makes an index of it, which then takes the earlier one's place.

Whatever is wrong with the file, the index that was in force stays in force.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from gamedetectd.catalogue import import_child
from gamedetectd.catalogue.import_child import MEMORY, Outcome
from gamedetectd.catalogue.index import About, Index
from gamedetectd.catalogue.progress import Cancelled, Progress, never, untold
from gamedetectd.catalogue.recognise import HEAD, WANTED, recognise
from gamedetectd.catalogue.versions import ROOM, SOURCES, bring_in, make_directory, scratch, versions
from gamedetectd.errors import CatalogueError
from gamedetectd.observability.correlation import child_environment
from gamedetectd.platforms.children import held

CPU_SECONDS = 30
WALL_SECONDS = 120.0
"""How long the child may take where the disk is slow or others use the processor."""

Check = Callable[[About, About | None], None]
"""Raises CatalogueError where a new index must not follow the earlier one."""


def _anything(_new: About, _earlier: About | None) -> None:
    """Accept whatever the person gives."""


def import_file(
    file: Path,
    directory: Path,
    *,
    origin: str = "",
    etag: str = "",
    progress: Progress = untold,
    cancelled: Cancelled = never,
    check: Check = _anything,
) -> About:
    """Import a manifest, a list or an index into the directory of indexes; what is in force then.

    ``origin`` is where it came from, if not from ``file``. Raises CatalogueError, PermissionsError.
    """
    make_directory(directory)
    made = scratch(directory)
    try:
        about = make_index(file, made, origin=origin, etag=etag, progress=progress, cancelled=cancelled)
        check(about, in_force(directory, about.source))
        bring_in(made, directory, about.source)
    except OSError as error:
        raise CatalogueError(f"{directory} cannot be written: {error.strerror or error}.", ROOM) from error
    finally:
        made.unlink(missing_ok=True)
    return about


def make_index(
    file: Path,
    made: Path,
    *,
    origin: str = "",
    etag: str = "",
    progress: Progress = untold,
    cancelled: Cancelled = never,
) -> About:
    """Write the index ``made`` out of a file of any kind. Raises CatalogueError, which names the file."""
    about = About("", origin or str(file.absolute()), time.time(), 0, 0, 0, etag)
    try:
        try:
            with file.open("rb") as stream:
                kind = recognise(stream.read(HEAD))
        except OSError as error:
            raise CatalogueError(
                f"It cannot be read: {error.strerror or error}.", "Give a file you may read."
            ) from error
        if kind == "index":
            return _taken_over(file, made)
        _in_child(file, made, about, progress, cancelled)
        return _examined(made)
    except CatalogueError as error:
        raise CatalogueError(f"{origin or file} was not imported. {error.cause}", error.remedy) from error


def in_force(directory: Path, source: str) -> About | None:
    """What the newest readable index of a source says of itself."""
    for file in versions(directory, source):
        try:
            index = Index(file)
        except CatalogueError:
            continue
        index.close()
        return index.about
    return None


def _taken_over(file: Path, made: Path) -> About:
    """An index that another import made, read in whole before it is trusted."""
    try:
        shutil.copyfile(file, made)
    except OSError as error:
        raise CatalogueError(f"It cannot be copied: {error.strerror or error}.", ROOM) from error
    return _examined(made)


def _examined(made: Path) -> About:
    index = Index(made)
    try:
        index.check()
        if index.about.source not in SOURCES or not index.about.titles:
            raise CatalogueError("It is no index of a catalogue that is known here.", WANTED)
        return index.about
    finally:
        index.close()


def _in_child(file: Path, made: Path, about: About, progress: Progress, cancelled: Cancelled) -> None:
    arguments = (str(file.absolute()), str(made), about.origin, about.etag, repr(about.made_at))
    limits = held.Limits(WALL_SECONDS, MEMORY, cpu=CPU_SECONDS)
    last, end = b"", "gave no answer"
    try:
        with held.Child(import_child.__name__, arguments, limits, child_environment({})) as child:
            last = _followed(child, progress, cancelled)
            child.finish()
    except held.ChildError as error:
        end = str(error)
    if not last:
        remedy = "See that it is whole and unchanged, and that the disk answers; then try again."
        raise CatalogueError(f"Reading it {end}.", remedy)
    outcome = msgspec.json.decode(last, type=Outcome)
    if outcome.about is None:
        raise CatalogueError(outcome.cause, outcome.remedy)


def _followed(child: held.Child, progress: Progress, cancelled: Cancelled) -> bytes:
    """The child's last line; progress is passed on. Raises CatalogueError where it is called off."""
    last = b""
    for line in child.lines():
        if cancelled():
            raise CatalogueError("It was called off.", "Nothing has changed; start it again when it suits you.")
        if line.startswith(b"{"):
            last = line
        else:
            done, _, total = line.partition(b" ")
            progress(int(done), int(total))
    return last
