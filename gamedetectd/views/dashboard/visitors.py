"""Who may look at the dashboard: whoever came with a link of ours, each of which lets one browser in, once, and soon.

A link's code is exchanged for a cookie that scripts cannot read and other sites cannot send; each visitor has a word
besides that every form of ours repeats, so that no other page can make a browser send one.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LINK_SECONDS = 120.0
"""For which a link lets somebody in."""
MOST_LINKS = 8
MOST_VISITORS = 16
"""Of more than so many, the oldest is forgotten."""
_BYTES = 32
"""Of chance in each word."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that was let in. ``cookie`` is what it shows, ``word`` what its forms repeat."""

    cookie: str
    word: str


class Visitors:
    """The links that were given out and the browsers that came by them. For any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._links: dict[str, float] = {}
        self._visitors: list[Visitor] = []

    def invite(self) -> str:
        """A new code, good for one visitor within ``LINK_SECONDS``."""
        code = secrets.token_urlsafe(_BYTES)
        with self._lock:
            while len(self._links) >= MOST_LINKS:
                del self._links[next(iter(self._links))]
            self._links[code] = self._clock() + LINK_SECONDS
        return code

    def admit(self, code: str) -> Visitor | None:
        """The visitor who came by this code; None where it is not ours, was used, or is too old."""
        with self._lock:
            found = next((one for one in self._links if _same(one, code)), None)
            if found is None or self._links.pop(found) < self._clock():
                return None
            visitor = Visitor(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES))
            self._visitors = [*self._visitors[1 - MOST_VISITORS :], visitor]
            return visitor

    def known(self, cookie: str) -> Visitor | None:
        """Whose cookie this is; None for nobody's."""
        return next((one for one in tuple(self._visitors) if _same(one.cookie, cookie)), None)

    def forget(self) -> None:
        """Nobody is known any more, and no link works."""
        with self._lock:
            self._links.clear()
            self._visitors = []


def _same(ours: str, shown: str) -> bool:
    """In a time that does not tell how much of it was right."""
    return hmac.compare_digest(ours.encode(), shown.encode("utf-8", "replace"))
