"""A registry kept in files, such as that of a Wine prefix: read when first asked for, and again when a file changed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from gamedetectd.platforms.registry.exported import FILE_LIMIT, RegistryFileError, fill
from gamedetectd.platforms.registry.tree import Tree
from gamedetectd.platforms.regular_files import read_regular

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
                    fill(tree, read_regular(file, FILE_LIMIT), self._wanted)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                except (OSError, RegistryFileError) as error:
                    problems.append((file, getattr(error, "strerror", None) or str(error)))
            self._stamps, self._read, self.problems = stamps, tree, tuple(problems)
        return self._read


def _stamp(file: Path) -> Stamp:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
