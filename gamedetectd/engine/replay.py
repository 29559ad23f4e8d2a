"""Plays a recording through the same core that runs live: what it decided then, or decides now, without the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gamedetectd.domain import ALL_KINDS, Facts, Instant, Observation, SessionEvent, System
from gamedetectd.engine.core import Ask, Core, Events
from gamedetectd.sessions.machine import Policy

BEGINNING = Instant(0.0, 0.0, 0.0)


class Replay:
    """Feed it a recording's values in order; each call returns the session events they caused."""

    def __init__(self, policy: Policy) -> None:
        self.core = Core(System.LINUX, policy)
        self._at = BEGINNING
        self._open: dict[str, Ask] = {}

    def feed(self, value: Observation | Facts) -> Events:
        """One line of the recording: an observation, or the facts that answered a question."""
        if isinstance(value, Facts):
            self.core.system = value.system
            return self._answer(value)
        self._at = value.at
        events = self.core.observe(value)
        self._note_questions()
        return events

    def finish(self) -> Events:
        """The end: questions that the recording never answered are answered with nothing found."""
        events: list[SessionEvent] = []
        while self._open:
            waiting, self._open = self._open, {}
            for ask in waiting.values():
                events += self.core.answer(self._at, ask.key, replace(ask.facts, gathered=ALL_KINDS))
            self._note_questions()
        return tuple(events)

    def _answer(self, recorded: Facts) -> Events:
        ask = self._open.pop(recorded.id, None)
        if ask is None:
            return ()
        gathered = ask.facts.gathered | frozenset(ask.kinds)
        now = ask.facts
        facts = replace(recorded, processes=now.processes, signals=now.signals, gathered=gathered)
        events = self.core.answer(self._at, ask.key, facts)
        self._note_questions()
        return events

    def _note_questions(self) -> None:
        for ask in self.core.take_asks():
            self._open[ask.facts.id] = ask


def replay(values: Iterable[Observation | Facts], policy: Policy) -> Iterator[Events]:
    """The events of each value in turn, and at last those of ``finish``."""
    player = Replay(policy)
    for value in values:
        yield player.feed(value)
    yield player.finish()
