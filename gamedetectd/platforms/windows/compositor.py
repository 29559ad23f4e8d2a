"""The foreground window as a Wayland compositor tells it, whatever its language: waiting, losing it, finding it again.

A compositor speaks when something happened, and nothing ticks between. A window that keeps changing its title is
listened to at most four times a second, and once a second if it does not stop: what the compositor says meanwhile waits
in the connection, a change of focus among it, which is so told up to a second late while such a window is in front.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from enum import IntEnum
from typing import Protocol

from gamedetectd.domain import Window
from gamedetectd.errors import BusError, CompositorGoneError, SensorError
from gamedetectd.interfaces import Readable, Stop
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus
from gamedetectd.platforms.windows.backend import Report, Sighting
from gamedetectd.platforms.windows.stream import gone
from gamedetectd.platforms.windows.xdisplay import RETRY_PAUSES

log = logging.getLogger(__name__)

SHORTEST_HUSH = 0.25
LONGEST_HUSH = 1.0
LOST = (CompositorGoneError, BusError)


class News(IntEnum):
    """What a compositor said, the weightiest last."""

    NOTHING = 0
    DETAIL = 1
    """Something about the window in front changed, such as its title."""
    FOCUS = 2
    """Another window may be in front."""


class Link(Readable, Protocol):
    """One connection to a compositor. Every call raises ``CompositorGoneError`` or ``BusError`` once it is lost."""

    def pending(self) -> bool:
        """True if something was taken in along with an answer: ``news`` tells it, so do not wait for more."""
        ...

    def news(self) -> News:
        """Take in everything that has come; does not wait."""
        ...

    def look(self) -> Sighting | None:
        """The window in front, None where none is."""
        ...

    def listed(self) -> Iterable[Window]:
        """Every program's window."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


def weight(before: Sighting | None, now: Sighting | None) -> News:
    """What it means that this was told after that."""
    same = before is not None and now is not None and before.window.handle == now.window.handle
    return News.DETAIL if same else News.FOCUS


def owner(bus: SessionBus, service: str, who: str) -> str:
    """The connection that is ``service`` on the bus now, the only one to be believed; what becomes of it is heard from
    here on, too (``NameOwnerChanged``). Raises CompositorGoneError where ``who`` is not there.
    """
    bus.watch(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{service}'")
    try:
        (name,) = bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", service)
    except BusError as error:
        raise gone(who, "it is not on the session bus") from error
    return str(name)


class CompositorForeground:
    """A backend (see ``backend.ForegroundBackend``) made of links: ``connect`` makes one, ``why_not`` says why none
    can be made here, ``glance`` makes one for a single look where that is done in another way. ``stacked``: windows are
    listed as they lie, the uppermost last.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], Link],
        why_not: Callable[[], str | None],
        glance: Callable[[], Link] | None = None,
        *,
        stacked: bool = False,
    ) -> None:
        self.stacked = stacked
        self._name = name
        self._connect = connect
        self._glance = glance or connect
        self._why_not = why_not
        self._degraded: str | None = None

    @property
    def name(self) -> str:
        return self._name

    def unsupported_reason(self) -> str | None:
        return self._why_not()

    def degraded_reason(self) -> str | None:
        return self._degraded

    def run(self, report: Report, stop: Stop) -> None:
        attempt = 0
        while not stop.is_set():
            began = time.monotonic()
            try:
                with closing(self._connect()) as link:
                    self._degraded = None
                    _follow(link, report, stop)
            except LOST as error:
                log.debug("%s is lost: %s", self._name, error.cause)
                self._degraded = f"{error.cause} It is looked for until it is back."
                report(None)
                attempt = 0 if time.monotonic() - began > RETRY_PAUSES[-1] else min(attempt + 1, len(RETRY_PAUSES) - 1)
                stop.wait(RETRY_PAUSES[attempt])

    def windows(self) -> tuple[Window, ...]:
        """Every program's window at this moment, over a connection of its own; empty without an answer."""
        return self._once(lambda link: tuple(link.listed()))

    def foreground(self) -> tuple[Window, ...]:
        """The window in front at this moment, alone; empty where none is, or without an answer."""

        def seen(link: Link) -> tuple[Window, ...]:
            sighting = link.look()
            return () if sighting is None or sighting.hidden else (sighting.window,)

        return self._once(seen)

    def _once(self, ask: Callable[[Link], tuple[Window, ...]]) -> tuple[Window, ...]:
        try:
            with closing(self._glance()) as link:
                return ask(link)
        except SensorError as error:
            log.debug("windows could not be listed: %s", error.cause)
            return ()


def _follow(link: Link, report: Report, stop: Stop) -> None:
    """Report what is in front until ``stop`` is set; raises what the link raises."""
    seen = _visible(link)
    report(seen)
    hush = 0.0
    while not stop.is_set():
        if not link.pending() and not stop.select([link], None):
            continue
        news = link.news()
        if news is News.NOTHING:
            continue
        before, seen = seen, _visible(link)
        if seen != before:
            report(seen)
        detail = news is News.DETAIL and weight(before, seen) is News.DETAIL
        hush = min(max(SHORTEST_HUSH, hush * 2), LONGEST_HUSH) if detail else 0.0
        if hush and not _rest(stop, hush) and not link.pending() and not stop.select([link], 0):
            hush = 0.0


def _visible(link: Link) -> Sighting | None:
    sighting = link.look()
    return None if sighting is not None and sighting.hidden else sighting


def _rest(stop: Stop, seconds: float) -> bool:
    """Hear nothing for a while; True once it is time to end."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if stop.wait(left):
            return True
    return False
