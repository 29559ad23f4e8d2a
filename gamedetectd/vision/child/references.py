"""What titles look like, on disk: numbers that pictures cannot be made of again, a few for each title.

One form for our own file and for packs that people give each other: a line that names the form, a line of JSON that
tells what is in it, and then one row of half-precision numbers (little-endian) for each reference: the embedding and
the palette. Nothing is compressed, so that a file holds what its size says, and nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from gamedetectd.errors import PermissionsError, ReferencesError
from gamedetectd.platforms.file_lock import lock
from gamedetectd.platforms.permissions.private import ensure_private_dir, open_private, write_private_atomic
from gamedetectd.platforms.regular_files import open_regular
from gamedetectd.platforms.windows.geometry import one_line
from gamedetectd.vision.child.heads import Heads
from gamedetectd.vision.child.models import verified
from gamedetectd.vision.child.picture import BINS, Numbers

MAGIC = b"gamedetectd references 1\n"
COLOURS = BINS**3
LARGEST = 64_000_000
"""Bytes of a file at most."""
LONGEST_HEAD = 4_000_000
MOST_ROWS = 20_000
MOST_OF_ONE = 40
"""References that one title may have; the latest are kept."""
LONGEST_TITLE = 200
LOCK_SECONDS = 5.0
_ON_DISK = np.dtype("<f2")
_OTHER_PACK = "Ask whoever made it for a pack made with this version, or learn the title yourself."


class _Row(msgspec.Struct, frozen=True):
    title: str
    rows: int
    game: str = ""
    learned_at: str = ""
    origin: str = ""


class _Head(msgspec.Struct, frozen=True):
    model: str
    dimensions: int
    colours: int
    titles: tuple[_Row, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Title:
    """One title: what it is known by, a row each; (rows, D) and (rows, 216), all of length one."""

    title: str
    game: str
    learned_at: str
    origin: str
    embeddings: Numbers
    palettes: Numbers


class References:
    """Every title that is known, as ``decision`` compares them."""

    def __init__(self, known: Iterable[Title] = ()) -> None:
        self.known: tuple[Title, ...] = tuple(known)
        self.titles: Sequence[str] = [one.title for one in self.known for _ in one.embeddings]
        self.embeddings = _together([one.embeddings for one in self.known])
        self.palettes = _together([one.palettes for one in self.known])

    def named(self, title: str) -> Title | None:
        """The title of that name, however it is capitalised."""
        return next((one for one in self.known if one.title.casefold() == title.casefold()), None)

    def having(self, title: Title) -> References:
        """The same with this one in the place of its name, or at the end."""
        others = [one for one in self.known if one.title.casefold() != title.title.casefold()]
        return References([*others, title])


def fingerprint(models: Path) -> tuple[str, int]:
    """What makes embeddings comparable, the network and how its numbers are whitened, and how many numbers one has.

    Raises as ``Eyes.load`` does.
    """
    files = verified(models)
    heads = Heads.load(files["heads.npz"])
    parts = (files["features.onnx"], heads.numbers["title_mean"].tobytes(), heads.numbers["title_whitening"].tobytes())
    digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:32]
    return digest, heads.dimensions


def checked_title(title: str) -> str:
    """A title as it is kept: one line. Raises ReferencesError for none and for one that is too long."""
    plain = one_line(title)
    if not plain or len(plain) > LONGEST_TITLE:
        raise ReferencesError(f"A title has 1 to {LONGEST_TITLE} characters.", "Give it another one.")
    return plain


class Store:
    """The person's own file of references; ``model`` is the fingerprint of the models in use, ``dimensions`` theirs."""

    def __init__(self, file: Path, model: str, dimensions: int) -> None:
        self._file = file
        self._model = model
        self._dimensions = dimensions

    def load(self) -> References:
        """What is known; nothing where there is no file yet. Raises ReferencesError, PermissionsError."""
        try:
            with os.fdopen(open_private(self._file, os.O_RDONLY), "rb") as file:
                data = _read_all(file)
        except FileNotFoundError:
            return References()
        except OSError as error:
            raise _unreadable(self._file, error) from error
        return self._read(data, str(self._file), "Forget all of them, and learn anew: vision references forget --all")

    def pack(self, file: Path) -> References:
        """What is in somebody's pack. Raises ReferencesError."""
        try:
            with os.fdopen(open_regular(file), "rb") as stream:
                data = _read_all(stream)
        except (OSError, ValueError) as error:
            raise _unreadable(file, error) from error
        return self._read(data, str(file), _OTHER_PACK)

    def write_pack(self, file: Path, references: References) -> None:
        """Write a pack for others. Raises ReferencesError."""
        try:
            write_private_atomic(file, self._written(references))
        except OSError as error:
            raise ReferencesError(
                f"{file} cannot be written: {error.strerror or error}.", "Give another place."
            ) from error

    def change(self, how: Callable[[References], References]) -> References:
        """Put into force what ``how`` makes of what is known; nobody else changes it meanwhile. Raises as ``load``."""
        try:
            ensure_private_dir(self._file.parent)
            with self._alone():
                changed = how(self.load())
                write_private_atomic(self._file, self._written(changed))
        except OSError as error:
            raise ReferencesError(
                f"{self._file} cannot be written: {error.strerror or error}.",
                "Free some space, and see who may write there.",
            ) from error
        return changed

    def clear(self) -> None:
        """Forget all, whatever is in the file. Raises ReferencesError."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise ReferencesError(
                f"{self._file} cannot be removed: {error.strerror or error}.", "Remove it."
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = open_private(self._file.with_name(f"{self._file.name}.lock"), os.O_RDWR | os.O_CREAT)
        try:
            until = time.monotonic() + LOCK_SECONDS
            while not lock(descriptor):
                if time.monotonic() > until:
                    raise ReferencesError("Another command is changing them.", "Try again when it has ended.")
                time.sleep(0.05)
            yield
        finally:
            os.close(descriptor)

    # --- the form ---

    def _written(self, references: References) -> bytes:
        body = (
            np.hstack([references.embeddings, references.palettes]).astype(_ON_DISK).tobytes()
            if references.titles
            else b""
        )
        rows = tuple(
            _Row(one.title, len(one.embeddings), one.game, one.learned_at, one.origin) for one in references.known
        )
        head = _Head(self._model, self._dimensions, COLOURS, rows, hashlib.sha256(body).hexdigest())
        if len(references.titles) > MOST_ROWS:
            raise ReferencesError(
                f"More than {MOST_ROWS} references are not kept.", "Forget titles you do not play any more."
            )
        return MAGIC + msgspec.json.encode(head) + b"\n" + body

    def _read(self, data: bytes, name: str, remedy: str) -> References:
        """The references in the form above. Raises ReferencesError, which names the file."""

        def refuse(why: str) -> ReferencesError:
            return ReferencesError(f"{name} {why}.", remedy)

        head, body = _parted(data, refuse)
        if head.model != self._model:
            raise refuse("was made with other models than these, whose numbers cannot be compared")
        count = sum(row.rows for row in head.titles)
        width = self._dimensions + COLOURS
        if (head.dimensions, head.colours) != (self._dimensions, COLOURS) or not 0 <= count <= MOST_ROWS:
            raise refuse("has numbers of another shape")
        if any(row.rows < 1 for row in head.titles) or len(body) != count * width * _ON_DISK.itemsize:
            raise refuse("does not hold what it says")
        if hashlib.sha256(body).hexdigest() != head.sha256:
            raise refuse("is damaged (its sha256 is another)")
        numbers = np.frombuffer(body, _ON_DISK).astype(np.float32).reshape(count, width)
        if not np.isfinite(numbers).all():
            raise refuse("holds numbers that are none")
        return References(self._titles(head.titles, numbers, refuse))

    def _titles(
        self, rows: Sequence[_Row], numbers: Numbers, refuse: Callable[[str], ReferencesError]
    ) -> Iterator[Title]:
        embeddings, palettes = numbers[:, : self._dimensions], numbers[:, self._dimensions :]
        at = 0
        seen: set[str] = set()
        for row in rows:
            part = slice(at, at := at + row.rows)
            try:
                title = checked_title(row.title)
            except ReferencesError as error:
                raise refuse("names a title that is none") from error
            if title.casefold() in seen or row.rows > MOST_OF_ONE:
                raise refuse(f"has a title twice, or with more than {MOST_OF_ONE} references")
            seen.add(title.casefold())
            made = _unit(embeddings[part]), _unit(palettes[part])
            if made[0] is None or made[1] is None:
                raise refuse("holds a reference of no length")
            when, origin = one_line(row.learned_at)[:40], one_line(row.origin)[:40]
            yield Title(title, one_line(row.game)[:LONGEST_TITLE], when, origin, made[0], made[1])


def learned(earlier: Title | None, title: str, game: str, origin: str, embeddings: Numbers, palettes: Numbers) -> Title:
    """A title with these references added to what it is known by; the oldest go where they are too many."""
    if earlier is None:
        made = Title(title, game, "", origin, embeddings, palettes)
    else:
        made = replace(
            earlier,
            game=game or earlier.game,
            origin=origin,
            embeddings=np.vstack([earlier.embeddings, embeddings])[-MOST_OF_ONE:],
            palettes=np.vstack([earlier.palettes, palettes])[-MOST_OF_ONE:],
        )
    return replace(made, learned_at=datetime.now(UTC).isoformat(timespec="seconds"))


def _parted(data: bytes, refuse: Callable[[str], ReferencesError]) -> tuple[_Head, memoryview]:
    """What a file says of itself, and its numbers."""
    if len(data) > LARGEST:
        raise refuse(f"is larger than {LARGEST // 1_000_000} MB")
    if not data.startswith(MAGIC):
        raise refuse("is no file of references of this version")
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + LONGEST_HEAD)
    if end < 0:
        raise refuse("is cut off, or damaged")
    try:
        head = msgspec.json.decode(data[len(MAGIC) : end], type=_Head)
    except (msgspec.DecodeError, RecursionError) as error:
        raise refuse(f"is damaged ({error})") from error
    return head, memoryview(data)[end + 1 :]


def _read_all(file: BinaryIO) -> bytes:
    """All of it, and one byte more than may be of one that is too large."""
    return file.read(min(os.fstat(file.fileno()).st_size, LARGEST) + 1)


def _unit(rows: Numbers) -> Numbers | None:
    """Each row of length one, as they were before they were rounded; None where one has no length."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return None if (lengths < 1e-3).any() else (rows / lengths).astype(np.float32)


def _together(parts: list[Numbers]) -> Numbers:
    return np.vstack(parts) if parts else np.zeros((0, 0), np.float32)


def _unreadable(file: Path, error: Exception) -> ReferencesError:
    if isinstance(error, PermissionsError):
        raise error
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ReferencesError(f"{file} cannot be read: {why}.", "Give the name of a file that you may read.")
