"""What ``gamedetectd vision …`` prints with ``--json``. Fields are only ever added."""

from __future__ import annotations

from typing import Literal

import msgspec

from gamedetectd.control.daemon_shapes import VisionRow


class VisionStatusRow(msgspec.Struct, frozen=True):
    """Looking at the screen: as the settings want it, whether it could work, and what the daemon says of it.

    ``missing`` is a sentence where parts or models are not installed, else null; ``daemon`` is null where none runs.
    """

    enabled: bool
    on_battery: bool
    learn_silently: bool
    never: int
    """How many patterns name what is never looked at; which, the settings tell."""
    missing: str | None
    daemon: VisionRow | None
    read_titles: bool = False
    reading_missing: str | None = None
    """A sentence where what reads title screens is not installed."""


class VisionPictureRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of ``vision test --json``: a picture, or a frame of the window whose number ``file`` is.

    ``game_probability`` is 0 where nothing told anything yet, ``title_score`` the likeness to the nearest reference, -1
    to 1, 0 where there is none. The last two are there with ``--sequence`` and for windows.
    """

    file: str
    blank: bool
    game_probability: float
    title: str | None
    title_score: float
    decision: Literal["game", "not_game", "unknown"] | msgspec.UnsetType = msgspec.UNSET
    """After this frame and those before it."""
    decided_title: str | msgspec.UnsetType | None = msgspec.UNSET


class VisionReadLine(msgspec.Struct, frozen=True):
    """One line of text: how sure it is, 0 to 1, and how tall in px."""

    text: str
    confidence: float
    height: float


class VisionReadRow(msgspec.Struct, frozen=True):
    """One line of ``vision test --read --json``: a picture, or the window whose number ``file`` is.

    ``title`` is the one that it reads beyond doubt, ``likeness`` how alike both are, 0 to 1; the tallest lines first.
    """

    file: str
    title: str | None
    likeness: float
    lines: list[VisionReadLine]


class VisionReferenceRow(msgspec.Struct, frozen=True):
    """One title that is known by its looks. ``learned_at`` is what a pack says where it came from one."""

    title: str
    references: int
    learned_at: str
    origin: str
    """``person``, ``silent``, or what a pack says."""


class VisionStageRow(msgspec.Struct, frozen=True):
    """One stage of looking at a frame of 1920 x 1080 px, in seconds by the clock."""

    stage: str
    median_seconds: float
    p95_seconds: float


class VisionBenchRow(msgspec.Struct, frozen=True):
    """What looking costs: ``ratio`` is the whole beside a plain resize (``beside`` says by what) and the network."""

    stages: list[VisionStageRow]
    ratio: float
    beside: str
    frame_cpu_seconds: float
    memory_bytes: int
    start_cpu_seconds: float
