"""Gathers facts here and now, for commands that look once and may wait; the daemon uses ``facts.room``."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Collection, Iterable

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts.later import EXPECTED, Later
from gamedetectd.interfaces import FactSource

log = logging.getLogger(__name__)

MOMENTS = 4
"""How often a source may ask for another moment."""


def gather_now(
    sources: Iterable[FactSource],
    facts: Facts,
    kinds: Collection[FactKind],
    sleep: Callable[[float], None] = time.sleep,
) -> Facts:
    """The facts with these kinds filled in and marked as gathered; a source that fails costs its kind.

    A source that needs a moment is asked again when the others have answered. Time limits are not kept.
    """
    waiting = [source for source in sources if source.kind in kinds]
    pause = 0.0
    for _ in range(1 + MOMENTS):
        if pause:
            sleep(pause)
        postponed: list[FactSource] = []
        pause = 0.0
        for source in waiting:
            try:
                facts = source.gather(facts)
            except Later as later:
                postponed.append(source)
                pause = max(pause, later.seconds)
            except EXPECTED as error:
                log.info("%s could not be gathered: %s: %s", source.kind, type(error).__name__, error)
        waiting = postponed
    return dataclasses.replace(facts, gathered=facts.gathered | frozenset(kinds))
