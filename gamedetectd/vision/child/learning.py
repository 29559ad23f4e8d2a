"""Learning what a title looks like: few frames of it, and as different from each other as a game lets them be."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from gamedetectd.errors import LearnError
from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.vision import wire
from gamedetectd.vision.child import files
from gamedetectd.vision.child.eyes import Look
from gamedetectd.vision.child.picture import Numbers, Pixels
from gamedetectd.vision.child.references import References, Store, Title, checked_title, learned
from gamedetectd.vision.child.state import Answers, State

ALIKE = 0.95
"""Likeness of embeddings from which a frame shows what an earlier one did: consecutive ones of a still screen."""
SAME = 0.999
"""Likeness of what is one picture, saved or looked at twice."""
PATIENT = 20
"""Frames of a window after which the most different ones will do: some games hardly change their looks."""
AS_BEFORE = "as before"


class Collected:
    """Frames that tell something, as they come.

    ``known`` (rows, D) is what was kept already, and ``alike`` the likeness to it from which a frame is nothing new.
    """

    def __init__(self, alike: float = ALIKE, known: Numbers | None = None) -> None:
        self._alike = alike
        self._known = known
        self.looks: list[Look] = []
        self.apart: list[Look] = []
        """Those of them that are not even alike."""
        self.looked = 0

    def add(self, look: Look) -> str:
        """Why this one is not kept, or an empty text."""
        self.looked += 1
        if look.blank is not None:
            return look.blank
        if self._known is not None and float((self._known @ look.embedding).max()) >= self._alike:
            return AS_BEFORE
        if _likest(self.looks, look) >= SAME:
            return AS_BEFORE
        self.looks.append(look)
        if _likest(self.apart, look) >= ALIKE:
            return ""
        self.apart.append(look)
        return ""

    def enough(self, wanted: int) -> bool:
        """True where further frames are hardly worth the wait."""
        return len(self.apart) >= wanted or (self.looked >= PATIENT and len(self.looks) >= wanted)

    def most_different(self, wanted: int) -> list[int]:
        """Places in ``looks`` of at most ``wanted`` that are farthest from each other, in the order they came."""
        if len(self.looks) <= wanted:
            return list(range(len(self.looks)))
        return sorted(farthest(np.stack([look.embedding for look in self.looks]), wanted))


def _likest(looks: Sequence[Look], look: Look) -> float:
    return max((float(one.embedding @ look.embedding) for one in looks), default=-1.0)


def farthest(embeddings: Numbers, wanted: int) -> Sequence[int]:
    """(rows, D) of length one: the row nearest to the middle, then each time the one least like those chosen."""
    chosen = [int(np.argmax(embeddings @ embeddings.mean(0)))]
    nearest = embeddings @ embeddings[chosen[0]]
    while len(chosen) < wanted:
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, embeddings @ embeddings[chosen[-1]])
    return chosen


def learn(state: State, request: wire.Learn) -> Answers:
    """References of a title out of files, or of a window while it is played."""
    title = checked_title(request.title)
    store = state.store()
    pictures: list[Pixels] = []
    earlier = None if request.anew else store.load().named(title)
    known = None if earlier is None else earlier.embeddings
    collected = Collected(SAME if request.files else ALIKE, known)
    informative = 0
    frames = _from_files(state, request) if request.files else _from_window(state, request)
    for look, pixels, problem in frames:
        why_not = collected.add(look) if look is not None else problem
        if not why_not and request.pictures and pixels is not None:
            pictures.append(pixels)
        informative += why_not in ("", AS_BEFORE)
        kept = min(len(collected.looks if request.files else collected.apart), request.frames)
        yield wire.Kept(collected.looked, kept, request.frames, why_not)
        if not request.files and collected.enough(request.frames):
            break
    chosen = collected.most_different(request.frames)
    if not chosen and earlier is not None and informative:
        yield wire.Learned(earlier.title, 0, len(earlier.embeddings))
        return
    if not chosen:
        raise LearnError(
            "No frame told anything that a title could be known by.", "Show more of the game, and see: vision test"
        )
    looks = [collected.looks[place] for place in chosen]
    made = _kept(state, store, title, request, looks)
    written = _write_pictures(request, [pictures[place] for place in chosen] if pictures else [])
    yield wire.Learned(made.title, len(looks), len(made.embeddings), written)


def _kept(state: State, store: Store, title: str, request: wire.Learn, looks: list[Look]) -> Title:
    embeddings, palettes = np.stack([one.embedding for one in looks]), np.stack([one.palette for one in looks])

    def add(known: References) -> References:
        earlier = known.named(title)
        base = None if request.anew else earlier
        name = earlier.title if earlier else title
        return known.having(learned(base, name, request.game, request.origin, embeddings, palettes))

    state.known = store.change(add)
    made = state.known.named(title)
    if made is None:
        raise LearnError("What was learned was not kept.", "Try again.")
    return made


def _from_files(state: State, request: wire.Learn) -> Iterator[tuple[Look | None, Pixels | None, str]]:
    for file in request.files:
        pixels = files.read(Path(file))
        yield state.eyes.look(pixels), pixels, ""


def _from_window(state: State, request: wire.Learn) -> Iterator[tuple[Look | None, Pixels | None, str]]:
    if request.window is None:
        raise LearnError("There is neither a picture nor a window to learn from.", "Name pictures, or a window.")
    eyes = state.eyes  # what is wrong with the models is said before anything is captured
    for attempt in range(request.attempts):
        if attempt:
            time.sleep(request.pause)
        try:
            shot = state.capture.picture(request.window)
        except NotShown as reason:
            yield None, None, str(reason)
            continue
        yield eyes.look(shot.pixels), shot.pixels, ""


def _write_pictures(request: wire.Learn, pictures: list[Pixels]) -> tuple[str, ...]:
    """The one place that writes pictures: those that the person asked for, where they said. Raises LearnError."""
    if not request.pictures:
        return ()
    from PIL import Image

    folder = Path(request.pictures)
    written = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number, pixels in enumerate(pictures, 1):
            file = folder / f"{int(time.time())}-{number:02d}.png"
            Image.fromarray(pixels[:, :, 2::-1]).save(file)
            file.chmod(0o600)
            written.append(str(file))
    except OSError as error:
        raise LearnError(
            f"The title was learned, but pictures cannot be written to {folder}: {error.strerror or error}.",
            "Give a place that you may write to.",
        ) from error
    return tuple(written)
