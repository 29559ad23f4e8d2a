"""Runs one check apart from the others: one that hangs is left behind, one that fails is named; neither ends us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
LONGEST = 5.0
"""Seconds a check may take."""


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Value]):
    """What came of it: one answer, or none. ``slow``: no answer in time. Neither: it failed."""

    answers: tuple[Value, ...]
    slow: bool
    seconds: float


def attempt(name: str, look: Callable[[], Value], limit: float = LONGEST) -> Attempt[Value]:
    """Run ``look`` in a thread of its own for ``limit`` seconds at most.

    What it raises ends that thread, and is reported by ``threading.excepthook``.
    """
    answers: list[Value] = []
    begun = time.monotonic()
    thread = threading.Thread(target=lambda: answers.append(look()), name=f"doctor-{name}", daemon=True)
    thread.start()
    thread.join(limit)
    return Attempt(tuple(answers), thread.is_alive(), time.monotonic() - begun)
