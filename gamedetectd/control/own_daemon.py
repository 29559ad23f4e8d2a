"""The daemon that runs in this very process, if one does: who asks here needs no channel to ask it over.

``app`` puts the daemon here when it runs; ``api`` looks here first.
"""

from __future__ import annotations

from collections.abc import Callable

from gamedetectd.control.shapes import StatusRow

_asked: list[Callable[[], StatusRow]] = []
"""The daemons of this process that run, the latest last; more than one only in tests."""


def appear(status: Callable[[], StatusRow]) -> Callable[[], None]:
    """Say that a daemon runs here; call what is returned once it does no longer. ``status`` is for any thread."""
    _asked.append(status)
    return lambda: _asked.remove(status)


def own_status() -> StatusRow | None:
    """The status of the daemon in this process; None where there is none."""
    return _asked[-1]() if _asked else None
