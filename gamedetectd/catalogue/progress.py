"""How long work tells how far it is, and hears that nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told what is done and the whole, both in bytes; the whole is 0 where nobody knows it."""
Cancelled = Callable[[], bool]
"""True once the work is to end."""


def untold(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def never() -> bool:
    """Of work that nobody can call off."""
    return False
