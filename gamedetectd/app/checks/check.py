"""What a health check is: what can be wrong, declared, and one look at whether it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from gamedetectd.health.conditions import Condition, Finding

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon


class Check:
    """Looks at one part of a running daemon: give it ``name``, ``conditions`` and ``look``, and a row in ``CHECKS``.

    ``look`` runs in the monitor's thread every few seconds: it reads what others noted, and is left behind where it
    takes longer than two seconds. Nothing found means that all is well; what it raises is a condition of its own.
    """

    name: ClassVar[str]
    conditions: ClassVar[tuple[Condition, ...]]
    every: ClassVar[float] = 0.0
    """Seconds between two looks at least, for what costs much and changes slowly."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    def look(self) -> Iterable[Finding]:
        """What is wrong now."""
        raise NotImplementedError
