"""What a source of facts may raise: the errors that are expected of it, and ``Later``, with which nothing waits."""

from __future__ import annotations

EXPECTED = (OSError, ValueError, LookupError, EOFError, ArithmeticError, MemoryError, RecursionError)
"""Errors that cost a kind of fact and nothing else; anything further is a bug in the source."""


class Later(Exception):  # noqa: N818 - a request, not an error
    """Ask again for the same facts after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ask again in {seconds:g} s")
        self.seconds = seconds
