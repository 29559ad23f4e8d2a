"""What stores say of processes, kept until the process is gone."""

from __future__ import annotations

from collections import OrderedDict

from gamedetectd.domain import Facts, StoreSignal

KEPT = 512
"""Processes of which something is kept: it may be said before their start is seen, or of one that is never seen."""


class Signals:
    """The latest word of each source on each pid."""

    def __init__(self) -> None:
        self._said: OrderedDict[int, dict[str, StoreSignal]] = OrderedDict()

    def take(self, signal: StoreSignal) -> None:
        """Keep what a source says of a running process.

        That it no longer runs changes nothing: what it was stays true until its end, which others tell more exactly.
        """
        if not signal.running:
            return
        self._said.setdefault(signal.pid, {})[signal.source] = signal
        self._said.move_to_end(signal.pid)
        if len(self._said) > KEPT:
            self._said.popitem(last=False)

    def forget(self, pid: int) -> None:
        """The process is gone; the next one with its pid is another."""
        self._said.pop(pid, None)

    def of(self, facts: Facts) -> tuple[StoreSignal, ...]:
        """What is said of a program's processes, of each source its word on the youngest.

        A word that is older than the process is about an earlier one with the same pid.
        """
        found: dict[str, StoreSignal] = {}
        for process in facts.processes:
            said = self._said.get(process.pid, {})
            found |= {source: one for source, one in said.items() if process.started_elapsed <= one.at.elapsed}
        return tuple(found[source] for source in sorted(found))
