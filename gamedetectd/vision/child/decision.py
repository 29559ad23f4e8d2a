"""From frames to a decision: five that tell something, taken together, or "unknown"."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence as Rows
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from gamedetectd.vision.child.eyes import Look
from gamedetectd.vision.child.heads import Heads
from gamedetectd.vision.child.picture import Numbers

FRAMES = 5
"""Informative frames that a decision is made of."""
Answer = Literal["game", "not_game", "unknown"]


class References(Protocol):
    """What titles are known by: one row for each reference."""

    @property
    def titles(self) -> Rows[str]: ...
    @property
    def embeddings(self) -> Numbers: ...  # (rows, D), each of length one
    @property
    def palettes(self) -> Numbers: ...  # (rows, 216), each of length one


@dataclass(frozen=True, slots=True)
class Decision:
    """What the frames so far tell together."""

    decision: Answer
    probability: float
    """That it is a game: calibrated, of the informative frames so far; 0.5 without any."""
    decided_title: str | None
    title: str | None
    """What this frame alone is most like, where it is near enough."""
    title_score: float
    """Of this frame: likeness to the nearest reference, -1 to 1; 0 where there are none."""
    frames: int
    """Informative ones that went into it, at most five."""


class Sequence:
    """Consecutive frames of one window."""

    def __init__(self, heads: Heads, *, stream: bool = False) -> None:
        """``stream``: colours are not compared, because a stream changes them."""
        self._heads = heads
        self._stream = stream
        self._looks: list[Look] = []
        self._votes: list[tuple[str | None, float]] = []
        self._usual: tuple[References, Numbers] | None = None

    def add(self, look: Look, references: References | None = None) -> Decision:
        """One more frame; a blank one changes nothing."""
        title, score = None, 0.0
        if look.blank is None:
            title, score = self.nearest(look, references)
            self._looks = [*self._looks, look][-FRAMES:]
            self._votes = [*self._votes, (title, score)][-FRAMES:]
        return self._decision(title, score)

    def nearest(self, look: Look, references: References | None) -> tuple[str | None, float]:
        """The title of the nearest reference where it is near enough, else None, and how near it is.

        Near enough is what goes beyond the likeness that the picture and the reference have to others anyhow.
        """
        if references is None or not len(references.titles):
            return None, 0.0
        near = references.embeddings @ look.embedding
        by_colour, threshold, share, threshold_stream, _ = self._heads.numbers["titles"]
        if not self._stream:
            near = (1 - by_colour) * near + by_colour * (references.palettes @ look.palette)
        beyond = near
        if share:
            beyond = near - share * (self._heads.usual(look.embedding[None]) + self._usual_of(references))
        best = int(np.argmax(beyond))
        accepted = beyond[best] >= (threshold_stream if self._stream else threshold)
        return (references.titles[best] if accepted else None), float(near[best])

    def _usual_of(self, references: References) -> Numbers:
        """How near each reference is to pictures of other programs anyhow; reckoned once for the same references."""
        if self._usual is None or self._usual[0] is not references:
            self._usual = (references, self._heads.usual(references.embeddings))
        return self._usual[1]

    def _decision(self, title: str | None, score: float) -> Decision:
        slope, bias, yes, no = (float(n) for n in self._heads.numbers["sequence"])
        if not self._looks:
            return Decision("unknown", 0.5, None, title, score, 0)
        logit = slope * float(np.mean([look.game_logit for look in self._looks])) + bias
        logit += float(np.mean([self._heads.of_shape(look.shape) for look in self._looks]))
        answer: Answer = "unknown"
        if len(self._looks) == FRAMES:
            answer = "game" if logit >= yes else "not_game" if logit <= no else "unknown"
        return Decision(answer, 1 / (1 + math.exp(-logit)), self._decided(), title, score, len(self._looks))

    def _decided(self) -> str | None:
        votes = Counter(title for title, _ in self._votes if title is not None)
        if len(self._votes) < FRAMES or not votes:
            return None
        title, count = votes.most_common(1)[0]
        return title if count > FRAMES // 2 else None
