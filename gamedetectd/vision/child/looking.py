"""Looking at pictures and windows, and telling what was seen."""

from __future__ import annotations

import time
from pathlib import Path

from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.vision import wire
from gamedetectd.vision.child import files
from gamedetectd.vision.child.decision import Sequence
from gamedetectd.vision.child.eyes import Look
from gamedetectd.vision.child.state import Answers, State


def look_at_picture(state: State, request: wire.LookAtPicture) -> Answers:
    """One image file."""
    yield from state.load_references()
    began = time.perf_counter()
    pixels = files.read(Path(request.file))
    read = time.perf_counter() - began
    sequence = state.frames_of("pictures" if request.sequence else None, stream=request.stream)
    size = int(pixels.shape[1]), int(pixels.shape[0])
    yield _seen(state, state.eyes.look(pixels), sequence, size, "", read)


def look_at_window(state: State, request: wire.LookAtWindow) -> Answers:
    """A window, until enough of its frames told something."""
    eyes = state.eyes  # what is wrong with the models is said before anything is captured
    yield from state.load_references()
    sequence = state.frames_of(request.window.handle, stream=request.stream)
    told = 0
    for attempt in range(request.attempts):
        if attempt:
            time.sleep(request.pause)
        try:
            shot = state.capture.picture(request.window)
        except NotShown as reason:
            yield wire.Unseen(reason.outcome, str(reason))
            continue
        seen = _seen(state, eyes.look(shot.pixels, shot.size), sequence, shot.size, shot.way, shot.seconds)
        yield seen
        told += not seen.blank
        if told >= request.frames:
            return


def _seen(state: State, look: Look, sequence: Sequence, size: tuple[int, int], way: str, seconds: float) -> wire.Seen:
    told = sequence.add(look, state.known)
    return wire.Seen(
        blank=look.blank or "",
        game_probability=told.probability if told.frames else 0.0,
        drawn=look.drawn,
        title=told.title,
        title_score=told.title_score,
        decision=told.decision,
        decided_title=told.decided_title,
        informative=told.frames,
        size=size,
        way=way,
        seconds={"capture": seconds, **look.seconds},
    )
