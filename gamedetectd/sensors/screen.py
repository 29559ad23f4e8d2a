"""Has the vision child look at the window in front, where nothing else tells whether it is a game or which."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from gamedetectd.domain import ScreenClassified, ScreenLabels
from gamedetectd.errors import LearnError
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.sensors.screen_child import Child, ChildSensor, Subject
from gamedetectd.sensors.screen_schedule import ATTEMPTS, FRAME_PAUSE, FRAMES, Key
from gamedetectd.vision import wire
from gamedetectd.worker import rest

ENOUGH_REFERENCES = 5
"""References after which a title is no longer learned silently."""
SILENT_ATTEMPTS = 5


class ScreenSensor(ChildSensor):
    """Emits ``ScreenClassified`` when several frames of the window in front were looked at and told something."""

    name = "screen"

    def __init__(
        self,
        clock: Clock,
        start: Callable[[], AbstractContextManager[Child]],
        subject: Callable[[], Subject | None],
        unsupported: Callable[[], str | None] = lambda: None,
    ) -> None:
        super().__init__(clock, start, subject, unsupported)
        self._labels: dict[tuple[int, int], tuple[Key, ScreenLabels]] = {}
        self._learned: dict[str, int] = {}

    def worth(self, _emit: Emit) -> Subject | None:
        """What is in front, unless its title was learned often enough already."""
        subject = self._subject()
        if subject is not None and subject.learn and self._learned.get(subject.learn[0], 0) >= ENOUGH_REFERENCES:
            return None
        return subject

    def ask(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        return self._learn(child, subject) if subject.learn else self._classify(child, subject, emit, stop)

    def _classify(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        request = wire.LookAtWindow(
            wire.AWindow.of(subject.window), frames=1, pause=0.0, attempts=1, stream=subject.stream
        )
        for attempt in range(ATTEMPTS):
            if attempt:
                rest(stop, FRAME_PAUSE)
                if stop.is_set() or not self.still(subject):
                    return None
            for told in list(child.ask(request)):
                self.note(told)
                if isinstance(told, wire.Seen) and told.informative >= FRAMES:
                    if not self.still(subject):
                        return None
                    emit(ScreenClassified(self._clock.now(), subject.window.pid, self._together(subject, told)))
                    return True
            if self.report.unseen is not None:
                return False
        return False

    def _learn(self, child: Child, subject: Subject) -> bool:
        title, game = subject.learn or ("", "")
        request = wire.Learn(
            title,
            game,
            window=wire.AWindow.of(subject.window),
            frames=1,
            pause=FRAME_PAUSE,
            attempts=SILENT_ATTEMPTS,
            origin="silent",
        )
        try:
            for told in child.ask(request):
                self.note(told)
                if isinstance(told, wire.Learned):
                    self._learned[title] = told.references
        except LearnError:  # nothing of it told anything just now
            return False
        return True

    def _together(self, subject: Subject, seen: wire.Seen) -> ScreenLabels:
        """What is known of the window now: what was decided before holds until another decision takes its place."""
        window = subject.window
        title = seen.decided_title
        labels = ScreenLabels(
            round(seen.game_probability, 4), title, round(seen.title_score, 4) if title else 0.0, seen.decision
        )
        of_window = (window.handle, window.pid)
        key, before = self._labels.get(of_window, (subject.wish.key, None))
        if before is not None and (key == subject.wish.key or not subject.stream):
            labels = kept(before, labels)
        self._labels = {of_window: (subject.wish.key, labels)} | {
            one: known for one, known in list(self._labels.items())[:20] if one != of_window
        }
        return labels


def kept(before: ScreenLabels, now: ScreenLabels) -> ScreenLabels:
    """A picture that tells nothing takes nothing back: a menu, a pause, a fade between two levels."""
    decided = before if now.decision == "unknown" else now
    named = now if now.title is not None or now.decision == "not_game" else before
    return ScreenLabels(decided.game_probability, named.title, named.title_score, decided.decision)
