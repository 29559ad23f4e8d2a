"""What a desktop is asked to show, what it answers, and the Protocol of whoever shows notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gamedetectd.interfaces import Readable


@dataclass(frozen=True, slots=True)
class Button:
    """Something to click. ``action`` is what comes back."""

    action: str
    label: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One notification; one with the same ``key`` takes its place. ``title`` and ``body`` are plain text, never markup.

    The first of ``buttons`` is also what a click on the bubble itself means. What ``stays`` is kept by desktops that
    keep notifications.
    """

    key: str
    title: str
    body: str = ""
    critical: bool = False
    buttons: tuple[Button, ...] = ()
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Clicked:
    """Somebody clicked a button of the bubble with this key, or the bubble itself."""

    key: str
    action: str


class Notifier(Protocol):
    """Shows bubbles. All of it is for one thread, and nothing in it blocks long."""

    @property
    def trouble(self) -> str:
        """Why nothing can be shown, in a sentence; "" where it can."""
        ...

    @property
    def ready(self) -> bool:
        """True if ``show`` may be called now."""
        ...

    @property
    def connection(self) -> Readable | None:
        """What to wait for; None where there is nothing to hear."""
        ...

    def due(self, *, wanted: bool) -> float | None:
        """When (monotonic seconds) ``step`` has something to try again; None for not before something came."""
        ...

    def step(self, *, wanted: bool) -> list[Clicked]:
        """Take what came, and connect where that is due; ``wanted`` says that there is something to show."""
        ...

    def show(self, bubble: Bubble) -> bool:
        """Show a bubble; False where that failed."""
        ...

    def withdraw(self, key: str) -> None:
        """Take a bubble away, if it is still there."""
        ...

    def close(self) -> None:
        """Take everything away that only this program can answer for, and hang up."""
        ...
