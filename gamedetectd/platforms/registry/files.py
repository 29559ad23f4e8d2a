"""A registry kept in files, such as that of a Wine prefix: read when first asked for, and again when a file changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from gamedetectd.platforms.registry.exported import FILE_LIMIT, RegistryFileError, fill
from gamedetectd.platforms.registry.tree import Tree

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

Stamp = tuple[int, int, int] | None


class ExportedRegistry:
    r"""The registry in one or more exported files, later ones adding to earlier ones.

    ``wanted`` are the keys to keep, as in ``exported.parse``. A missing file is an empty one; ``problems`` says which
    could not be read and why, as of the last look.
    """

    def __init__(self, files: Sequence[Path], wanted: Sequence[str] = ()) -> None:
        self._files = tuple(files)
        self._wanted = tuple(wanted)
        self._stamps: tuple[Stamp, ...] | None = None
        self._read = Tree()
        self.problems: tuple[tuple[Path, str], ...] = ()

    def keys(self, path: str) -> Sequence[str]:
        return self._tree().keys(path)

    def values(self, path: str) -> Mapping[str, str | int | bytes]:
        return self._tree().values(path)

    def stamp(self, path: str) -> Hashable:
        tree = self._tree()
        return tuple(tree.keys(path)), tuple(tree.values(path).items())

    def _tree(self) -> Tree:
        stamps = tuple(map(_stamp, self._files))
        if stamps != self._stamps:
            tree = Tree()
            problems: list[tuple[Path, str]] = []
            for file in self._files:
                try:
                    fill(tree, _content(file), self._wanted)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                except (OSError, RegistryFileError) as error:
                    problems.append((file, getattr(error, "strerror", None) or str(error)))
            self._stamps, self._read, self.problems = stamps, tree, tuple(problems)
        return self._read


def wine_registry(prefix: Path, wanted: Sequence[str] = ()) -> ExportedRegistry:
    """The registry of a Wine prefix, without starting Wine."""
    return ExportedRegistry((prefix / "system.reg", prefix / "user.reg"), wanted)


def _content(file: Path) -> bytes:
    """The content of a regular file up to the limit. Raises OSError, also for a pipe, which would make us wait."""
    descriptor = os.open(file, _OPEN_FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{str(file)!r} is not a regular file")
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read(FILE_LIMIT)


def _stamp(file: Path) -> Stamp:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
