"""What runs inside a container: its title, where that was read, and the machine it was made for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inside:
    """``where`` is a sentence part; ``platform`` is "" where it is this machine, or not known."""

    title: str
    where: str
    platform: str = ""
