"""Reads and writes the small files that start programs at login: never through a link, never half of one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gamedetectd.errors import AutostartError
from gamedetectd.platforms.permissions import refuse_if_writable_by_others, write_private_atomic
from gamedetectd.platforms.regular_files import read_regular

SIZE_LIMIT = 256_000
"""Bytes read of one file."""


def read(file: Path) -> bytes | None:
    """The content; None where there is no regular file that can be read."""
    try:
        return read_regular(file, SIZE_LIMIT)
    except (OSError, ValueError):
        return None


def read_text(file: Path) -> str | None:
    """The content as UTF-8, what is none of it replaced."""
    content = read(file)
    return None if content is None else content.decode("utf-8-sig", "replace")


def listed(folder: Path, suffix: str) -> list[Path]:
    """The files in a folder with this ending, by name; empty where it cannot be read."""
    try:
        return sorted(file for file in folder.iterdir() if file.name.endswith(suffix))
    except OSError:
        return []


def write(file: Path, content: bytes) -> None:
    """Replace ``file``, and a link in its place rather than what that leads to.

    Raises PermissionsError where another account could change what is in the directory, OSError where it fails.
    """
    make_folder(file.parent)
    write_private_atomic(file, content)


def of_the_person(folder: Path | None) -> Path:
    """A folder in the person's home directory. Raises AutostartError where that is not known."""
    if folder is None:
        raise AutostartError("The home directory of this account is not known.", "Set HOME.")
    return folder


def make_folder(folder: Path) -> None:
    """Make a directory and what is missing above it, private, as desktops do. Raises as ``write`` does."""
    for missing in reversed([above for above in (folder, *folder.parents) if not above.is_dir()]):
        with suppress(FileExistsError):
            missing.mkdir(0o700)
    refuse_if_writable_by_others(folder)


def remove(file: Path) -> None:
    """Remove a file or link that may be gone already. Raises PermissionsError and OSError as ``write`` does."""
    if os.path.lexists(file):
        refuse_if_writable_by_others(file.parent)
        file.unlink(missing_ok=True)


def remove_empty(folder: Path) -> None:
    """Remove a directory that holds nothing any more; any other stays."""
    with suppress(OSError):
        folder.rmdir()


def refuse_unspeakable(command: Sequence[str]) -> None:
    """Raise AutostartError where a path holds what no file of this kind can express."""
    for word in command:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            what = "is not UTF-8"
        else:
            if not any(ord(character) < 32 or ord(character) == 127 for character in word):
                continue
            what = "holds a control character"
        raise AutostartError(
            f"The path {word!r} {what}, and files that start programs at login cannot say that.",
            "Install gamedetectd in a directory with a plainer name.",
        )
