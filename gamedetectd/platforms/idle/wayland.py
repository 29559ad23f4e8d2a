"""How long ago input was last given on Wayland: the compositor says when it has rested and when it goes on.

Two extensions tell, ``ext_idle_notifier_v1`` and KDE's older ``org_kde_kwin_idle``.
Source: https://wayland.app/protocols/ext-idle-notify-v1 and https://wayland.app/protocols/kde-idle
"""

from __future__ import annotations

import time

from gamedetectd.errors import CompositorGoneError, DisplayGoneError
from gamedetectd.platforms.idle.source import Input
from gamedetectd.platforms.wayland_wire import Message, Wire, word

NAME = "Wayland idle notifications"
_NEWER, _OLDER = "ext_idle_notifier_v1", "org_kde_kwin_idle"
_IDLED, _RESUMED = 0, 1
_IGNORES_INHIBITORS = 2
"""The version of the newer extension that can leave aside programs which keep the screen on: games do."""


class WaylandInput:
    """A connection to the compositor; see ``source.InputSource``. Its alarms come once the input has rested for
    ``rest`` seconds. Raises DisplayGoneError, also where the compositor has neither extension.
    """

    alarms = True

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._watch = 0
        self._idle_since: float | None = None
        self._resumed_at = time.monotonic()
        try:
            self._wire = Wire()
        except CompositorGoneError as error:
            raise _lost(error) from error
        try:
            self._order()
        except CompositorGoneError as error:
            self.close()
            raise _lost(error) from error
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._wire.fileno()

    def readers(self) -> tuple[WaylandInput]:
        return (self,)

    def shortcoming(self) -> str | None:
        return None

    def close(self) -> None:
        self._wire.close()

    def look(self) -> Input:
        """The state now. While nothing has rested, the last input is only known not to lie further back than this."""
        try:
            for said in self._wire.heard():
                self._hear(said)
        except CompositorGoneError as error:
            raise _lost(error) from error
        now = time.monotonic()
        if self._idle_since is not None:
            return Input(self._rest + now - self._idle_since, saver=False)
        return Input(min(now - self._resumed_at, self._rest / 2), saver=False)

    def _order(self) -> None:
        """Find the extension and have it tell us."""
        found = {offer.name: offer for offer in self._wire.offered()}
        seat, newer, older = (found.get(name) for name in ("wl_seat", _NEWER, _OLDER))
        if seat is None or (newer is None and older is None):
            raise DisplayGoneError(
                "This compositor does not tell when input was last given.", "Nothing needs to be done."
            )
        theirs = word(self._wire.bind(seat, 1))
        rest = word(max(1, round(self._rest * 1000)))
        if newer is not None:
            version = min(newer.version, _IGNORES_INHIBITORS)
            notifier, self._watch = self._wire.bind(newer, version), self._wire.new()
            self._wire.ask(notifier, version, word(self._watch) + rest + theirs)  # opcode 1, or 2 since version 2
        elif older is not None:
            notifier, self._watch = self._wire.bind(older, 1), self._wire.new()
            self._wire.ask(notifier, 0, word(self._watch) + theirs + rest)
        self._wire.flush()

    def _hear(self, said: Message) -> None:
        if said.thing == self._watch and said.opcode == _IDLED:
            self._idle_since = time.monotonic()
        elif said.thing == self._watch and said.opcode == _RESUMED:
            self._idle_since, self._resumed_at = None, time.monotonic()


def _lost(error: CompositorGoneError) -> DisplayGoneError:
    return DisplayGoneError(error.cause.replace("asked for windows", "asked for input"), error.remedy)
