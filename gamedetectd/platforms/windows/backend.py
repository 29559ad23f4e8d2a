"""What every way of learning the foreground window has in common, so that the sensor needs to know none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gamedetectd.domain import Window
from gamedetectd.interfaces import Stop


@dataclass(frozen=True, slots=True)
class Sighting:
    """A window as seen at one moment. ``hidden``: minimised. ``steam_app`` is the store's number of the game the
    window says it belongs to, or 0.
    """

    window: Window
    hidden: bool = False
    steam_app: int = 0


Report = Callable[[Sighting | None], None]


class ForegroundBackend(Protocol):
    """One way to learn which window has the foreground."""

    @property
    def name(self) -> str:
        """The mechanism, as a person knows it."""
        ...

    def unsupported_reason(self) -> str | None:
        """A sentence saying why it cannot work here and what to do, or None."""
        ...

    def degraded_reason(self) -> str | None:
        """A sentence saying what is missing just now, or None."""
        ...

    def run(self, report: Report, stop: Stop) -> None:
        """Report the foreground window now and at every change (None: no window has it) until ``stop`` is set.

        Outlives the loss of what it watches: it reports None and waits for it to come back.
        """
        ...
