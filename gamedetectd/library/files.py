"""Reads stores' files without trusting them: bounded, never blocking, and every failure with its cause and its remedy.

``parse_…`` takes bytes, ``read_…`` takes a path; both raise ``UnreadableError`` and nothing else. ``stamp`` and
``stamps`` make fingerprints without reading.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from gamedetectd.domain import LibraryProblem
from gamedetectd.platforms.regular_files import open_regular

FILE_LIMIT = 64_000_000
"""Bytes of the largest file that is read."""
YAML_LIMIT = 4_000_000
"""Bytes of the largest YAML file that is read: parsing it takes about fifty times as long as JSON."""
NAMES_LIMIT = 50_000
"""Names of one directory that are looked at."""

WRITE_ANEW = "Start the store's own program once, which usually writes this file anew."

T = TypeVar("T")


class UnreadableError(Exception):
    """A file that cannot be used. ``cause`` and ``remedy`` are sentences; ``place`` is its path, once known."""

    def __init__(self, cause: str, remedy: str = WRITE_ANEW, place: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy
        self.place = place

    def problem(self) -> LibraryProblem:
        """The same, as the library tells it."""
        return LibraryProblem(self.place, self.cause, self.remedy)


class VanishedError(UnreadableError):
    """A file that was there a moment ago: the store is at work, and that is no problem."""


def attempt(problems: list[LibraryProblem], read: Callable[[Path], T], path: Path) -> T | None:
    """What ``read`` makes of the file; None, and one more of ``problems``, where that fails."""
    try:
        return read(path)
    except VanishedError:
        return None
    except UnreadableError as error:
        error.place = error.place or str(path)
        problems.append(error.problem())
        return None


# --- reading ----------------------------------------------------------------------------------------------------------


def read_bytes(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """All bytes of a regular file; pipes and devices are refused without waiting for them."""
    try:
        descriptor = open_regular(path)
    except (OSError, ValueError) as error:
        raise not_opened(error, path) from None
    try:
        state = os.fstat(descriptor)
        if state.st_size > limit:
            raise _too_large(limit, path)
        pieces, left = [], limit + 1
        while left > 0 and (piece := os.read(descriptor, min(left, max(state.st_size + 1, 4096)))):
            pieces.append(piece)
            left -= len(piece)
    except OSError as error:
        raise not_opened(error, path) from None
    finally:
        os.close(descriptor)
    if left <= 0:
        raise _too_large(limit, path)
    return b"".join(pieces)


def read_text(path: Path, limit: int = FILE_LIMIT) -> str:
    """A text file in UTF-8 or, with its mark, UTF-16."""
    return _at(path, parse_text, read_bytes(path, limit))


def read_json(path: Path, limit: int = FILE_LIMIT) -> object:
    """The value in a JSON file."""
    return _at(path, parse_json, read_bytes(path, limit))


def read_yaml(path: Path, limit: int = YAML_LIMIT) -> object:
    """The document in a YAML file."""
    return _at(path, parse_yaml, read_bytes(path, limit))


def modified(path: Path) -> int:
    """When the file was changed last, in nanoseconds; 0 where nobody may look."""
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


def read_names(directory: Path, *endings: str) -> Sequence[str]:
    """The names in a directory with one of the endings, whatever their case, in order; none where it is missing."""
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry, _ in zip(entries, range(NAMES_LIMIT), strict=False)]
    except FileNotFoundError:
        return ()
    except NotADirectoryError:
        raise UnreadableError("It is not a directory.", "Move it away.", str(directory)) from None
    except (OSError, ValueError) as error:
        raise not_opened(error, directory) from None
    return sorted(name for name in names if not endings or name.lower().endswith(endings))


def _at(path: Path, parse: Callable[[bytes], T], data: bytes) -> T:
    try:
        return parse(data)
    except UnreadableError as error:
        error.place = str(path)
        raise


def _too_large(limit: int, path: Path) -> UnreadableError:
    return UnreadableError(f"It is larger than {limit // 1_000_000} MB.", WRITE_ANEW, str(path))


def not_opened(error: OSError | ValueError, path: Path) -> UnreadableError:
    """What the system's refusal means for a person."""
    if isinstance(error, FileNotFoundError):
        return VanishedError("It is not there any more.", WRITE_ANEW, str(path))
    if isinstance(error, PermissionError):
        return UnreadableError("You may not read it.", "Give your account the right to read it.", str(path))
    if isinstance(error, OSError) and error.errno in (errno.EISDIR, errno.ENXIO):
        return UnreadableError("It is not a file.", "Move it away.", str(path))
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableError(f"It cannot be opened: {reason}.", "Check the disk it lies on.", str(path))


# --- parsing ----------------------------------------------------------------------------------------------------------


def parse_text(data: bytes) -> str:
    """The text without its byte order mark. Raises UnreadableError for what is empty, binary or in another encoding."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("It is empty." if not data.strip() else "It holds nothing but zeros.")
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("It is not text in UTF-8.") from None
    if "\0" in text:
        raise UnreadableError("It holds binary data.")
    return text


def parse_json(data: bytes) -> object:
    """The value of a JSON document. Raises UnreadableError for anything else."""
    import msgspec

    text = parse_text(data)
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise UnreadableError("It is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeError):
        return _lenient_json(text)


def _lenient_json(text: str) -> object:
    """As Python's own writer makes it: with NaN, and with halves of surrogate pairs for undecodable file names."""
    import json

    try:
        value: object = json.loads(text)
    except RecursionError:
        raise UnreadableError("It is nested too deeply.") from None
    except ValueError as error:
        raise UnreadableError(f"It is not JSON: {str(error)[:200]}.") from None
    return value


def parse_yaml(data: bytes) -> object:
    """The one document of a YAML file; raises UnreadableError for anything else.

    Scalars stay the text they are written as, so that the titles ``1942``, ``007`` and ``On`` survive; only nulls are
    told apart. Merge keys are not followed: stores write none, and a few of them multiply a small file beyond memory.
    """
    import yaml

    text = parse_text(data)
    if len(text) > YAML_LIMIT:
        raise UnreadableError(f"It is larger than {YAML_LIMIT // 1_000_000} MB.")
    try:
        value: object = yaml.load(text, _yaml_loader())  # noqa: S506 - it makes nothing but text, lists and mappings
    except RecursionError:
        raise UnreadableError("It is nested too deeply.") from None
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UnreadableError(f"It is not YAML{line}: {error.problem or 'it cannot be parsed'}.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(f"It is not YAML: {str(error)[:200]}.") from None
    return value


@cache
def _yaml_loader() -> Any:
    import yaml

    class Loader(yaml.CBaseLoader):
        """Text, lists, mappings and None."""

    null = "tag:yaml.org,2002:null"
    Loader.add_implicit_resolver(null, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
    Loader.add_constructor(null, lambda _loader, _node: None)
    return Loader


# --- what a value holds -----------------------------------------------------------------------------------------------


def text_of(fields: Mapping[str, object], *names: str) -> str:
    """The first of these fields that holds text (or a whole number), stripped; "" where none does."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str):
            if clean := value.strip("\0 \t\r\n"):
                return clean if clean.isascii() else clean.encode("utf-8", "replace").decode()
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
            return str(value)
    return ""


def mapping(value: object) -> Mapping[str, object]:
    """The value where it is a mapping, else an empty one; keys that are no text are left out."""
    if not isinstance(value, dict):
        return {}
    if all(isinstance(key, str) for key in value):
        return value
    return {key: inner for key, inner in value.items() if isinstance(key, str)}


def mappings(value: object) -> Iterator[Mapping[str, object]]:
    """The mappings in a list, or among the values of a mapping."""
    values: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (mapping(inner) for inner in values if isinstance(inner, dict))


def is_true(value: object) -> bool:
    """True for ``true``, as JSON, YAML, SQLite or a careless writer spell it."""
    return value in (True, 1) or (isinstance(value, str) and value.lower() in ("true", "yes", "on", "1"))


# --- fingerprints -----------------------------------------------------------------------------------------------------


def is_directory(place: Path | os.DirEntry[str]) -> bool:
    """True for a directory that may be looked at; never raises."""
    try:
        return place.is_dir()
    except (OSError, ValueError):
        return False


def there(path: Path | str) -> bool:
    """True where something is at the path or may be: reading what nobody may look at says so."""
    try:
        os.stat(path)  # noqa: PTH116 - ten thousand of them are looked at
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def stamp(path: Path | str) -> Hashable:
    """Changes when the file or directory does; None while there is none."""
    try:
        state = os.stat(path)  # noqa: PTH116 - ten thousand of them are looked at
    except (OSError, ValueError):
        return None
    return (str(path), state.st_mtime_ns, state.st_size, state.st_ino)


def stamps(*paths: Path) -> Hashable:
    """The stamps of several places at once."""
    return tuple(stamp(path) for path in paths)


def directory_stamps(directory: Path, *endings: str) -> Hashable:
    """The stamps of the files with one of the endings in a directory: some stores rewrite them in place."""
    try:
        with os.scandir(directory) as entries:
            looked_at = [entry for entry, _ in zip(entries, range(NAMES_LIMIT), strict=False)]
            found = [_entry_stamp(entry) for entry in looked_at if not endings or entry.name.lower().endswith(endings)]
    except (OSError, ValueError):
        return None
    return tuple(sorted(found))


def _entry_stamp(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    try:
        state = entry.stat()
    except OSError:
        return (entry.name, 0, 0)
    return (entry.name, state.st_mtime_ns, state.st_size)
