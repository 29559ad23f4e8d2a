"""Which frames there are, of which program and family, and which part of the work each family is for.

A directory of frames holds ``manifest.json`` (a row for each session: name, class, family, its frames) and
``frames/SESSION/NNN.jpg``. ``split.json`` beside this file says for each family whether it is learned from (train) or
measured (test), or was before (read).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SPLIT = Path(__file__).with_name("split.json")


@dataclass(frozen=True, slots=True)
class Frame:
    """One captured frame."""

    path: Path
    session: str
    name: str
    family: str
    is_game: bool
    number: int


def read_all(directories: Iterable[Path]) -> list[Frame]:
    """All frames of all directories, in order."""
    found = []
    for directory in directories:
        for row in json.loads((directory / "manifest.json").read_text()):
            place = directory / "frames" / row["session"]
            found += [
                Frame(place / frame["file"], row["session"], row["name"], row["family"], row["class"] == "game", number)
                for number, frame in enumerate(row["frames"])
            ]
    return found


def split() -> dict[str, str]:
    """Family to ``train``, ``read`` or ``test``."""
    parts: dict[str, list[str]] = json.loads(SPLIT.read_text())
    return {family: part for part, families in parts.items() for family in families}


def learned(frames: Iterable[Frame]) -> list[Frame]:
    """Those of the families that anything may be learned from or chosen on."""
    part = split()
    return [frame for frame in frames if part[frame.family] == "train"]
