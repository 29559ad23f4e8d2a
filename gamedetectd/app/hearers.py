"""Tells everybody who wants to know that something is another now: the tray and the dashboard, if they are there."""

from __future__ import annotations

from collections.abc import Callable

Hearer = Callable[[], None]


class Hearers:
    """Call it, in any thread, when what people are shown may be another now. A hearer must not block or raise."""

    def __init__(self) -> None:
        self._hearers: tuple[Hearer, ...] = ()

    def __call__(self) -> None:
        for hearer in self._hearers:
            hearer()

    def add(self, hearer: Hearer) -> None:
        """Tell this one too from now on."""
        self._hearers = (*self._hearers, hearer)

    def remove(self, hearer: Hearer) -> None:
        """Tell it no more."""
        self._hearers = tuple(one for one in self._hearers if one != hearer)
