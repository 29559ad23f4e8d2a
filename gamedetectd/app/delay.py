"""Waits before anything starts, so that a login is not slowed down. A signal that ends the daemon ends the wait."""

from __future__ import annotations

import threading

from gamedetectd.platforms.signals import obeyed

LONGEST = 3_600.0
"""Seconds one may ask for."""


def told_to_stop_within(seconds: float) -> bool:
    """Wait; True, and at once, where the wait was ended by Ctrl-C, a stop from the session or the system."""
    told = threading.Event()
    ends = dict.fromkeys(("SIGINT", "SIGTERM", "SIGBREAK"), told.set)
    with obeyed({**ends, "SIGHUP": _nothing_to_read_again}):
        return told.wait(seconds)


def _nothing_to_read_again() -> None: ...
