"""Reading title screens in a running daemon: on and off as the settings say, with the titles that may be found.

What is off is not even imported. ``Eyes`` says what is in front and what is in the way.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from gamedetectd.app.looking import Looking
from gamedetectd.config.schema import Settings
from gamedetectd.domain import Facts, Window
from gamedetectd.health.conditions import Finding

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.machine import Machine
    from gamedetectd.engine.core import Program
    from gamedetectd.sensors.screen_child import Subject
    from gamedetectd.sensors.screen_limits import Hindrance

log = logging.getLogger(__name__)

HANDFUL = 500
"""Titles that the child is told at once."""
MOST_TITLES = 200_000
"""Titles that it is told in all, the library's and the built-in tables' first: more need more memory than it has."""

Front = Callable[[], "tuple[Hindrance | None, Window | None, Program | None]"]


class TitleReader:
    """The sensor that has title screens read. ``apply`` and ``stop`` are called by one thread at a time."""

    def __init__(self, daemon: Daemon, front: Front) -> None:
        self._daemon = daemon
        self._front = front
        self._looking = Looking(daemon)
        self._judged: tuple[Facts | None, bool, bool] = (None, False, False)

    def apply(self, settings: Settings) -> None:
        """Start or end reading: it is a part of looking at the screen, and off where that is off."""
        wanted = settings.vision.enabled and settings.vision.read_titles
        if wanted and self._looking.sensor is None:
            self._begin()
        elif not wanted:
            self.stop()

    def stop(self) -> None:
        """End reading."""
        if self._looking.end():
            log.info("title screens are not read")

    def wake(self) -> None:
        """Something has changed that reading depends on. For any thread."""
        self._looking.wake()

    def try_again(self) -> None:
        """Forget earlier failures."""
        self._looking.try_again()

    def cost(self) -> tuple[int, float]:
        """How many title screens were looked at, and the seconds of the processor that took in the last hour."""
        sensor = self._looking.sensor
        return (sensor.report.sequences, sensor.report.seconds) if sensor is not None else (0, 0.0)

    @property
    def total(self) -> float:
        """Seconds of the processor that reading took since it was switched on."""
        return self._looking.sensor.report.total if self._looking.sensor is not None else 0.0

    def findings(self) -> Iterator[Finding]:
        """What is wrong with it, for health; nothing while it is off."""
        if (sensor := self._looking.sensor) is not None:
            from gamedetectd.app.checks.reading import findings

            yield from findings(sensor.report, self._looking.unsupported)

    def _begin(self) -> None:
        from gamedetectd.sensors.screen_titles import TitleSensor
        from gamedetectd.vision.client import ReadingChild
        from gamedetectd.vision.reading_parts import missing_reason

        clock = self._daemon.machine.clock
        self._looking.begin(
            TitleSensor(clock, ReadingChild, self._subject, lambda: known_titles(self._daemon.machine), missing_reason)
        )
        log.info("title screens are read where nothing else names what runs in a container")

    # --- in the sensor's thread ---

    def _subject(self) -> Subject | None:
        """What is in front, as far as it may be read."""
        from gamedetectd.sensors.screen_child import Subject, key_of
        from gamedetectd.sensors.screen_schedule import Wish

        why, window, program = self._front()
        if window is None:
            return None
        key = key_of(window)
        if program is None or program.verdict is None:
            return Subject(window, Wish(key, wanted=False, undecided=True))
        wanted, stream = self._worth(program.facts)
        return Subject(window, Wish(key, wanted=wanted, hindered=why is not None), stream)

    def _worth(self, facts: Facts) -> tuple[bool, bool]:
        """Whether reading could tell more, and whether it is a stream; worked out once for the same facts."""
        from gamedetectd.detection.look import is_stream, worth_reading

        if self._judged[0] is not facts:
            self._judged = (facts, worth_reading(facts), is_stream(facts))
        return self._judged[1:]


def known_titles(machine: Machine) -> Iterator[Sequence[str]]:
    """Every title that may be found, by the handful."""
    from gamedetectd.detection.content_titles import content_titles
    from gamedetectd.detection.tables.software import is_software

    games = (game for game in machine.library.games() if not is_software(game.store, game.id, game.title))
    installed = (game.title for game in games)
    titles = itertools.chain(installed, content_titles(), machine.catalogue.room.titles())
    known = itertools.islice(titles, MOST_TITLES)
    while some := tuple(itertools.islice(known, HANDFUL)):
        yield some
