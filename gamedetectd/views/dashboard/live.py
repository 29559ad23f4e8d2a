"""Tells open pages that something is another now, by server-sent events: nothing ticks while nothing happens.

A page is told only that there is news, and asks for itself again: what it shows is made in one place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

MOST = 16
"""Pages that are told at a time; one more is turned away and asks again later."""
AT_MOST_EVERY = 0.5
"""Seconds between two pieces of news."""
HELLO = b"retry: 3000\n\nevent: hello\ndata:\n\n"
NEWS = b"event: news\ndata:\n\n"


class Live:
    """The open pages. Made before the server's loop runs; ``tell`` and ``end`` are for any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bells: set[asyncio.Event] = set()
        self._ended = False

    @property
    def listeners(self) -> int:
        """How many pages are open."""
        return len(self._bells)

    def tell(self) -> None:
        """There is news."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with suppress(RuntimeError):  # closed a moment ago
                loop.call_soon_threadsafe(self._ring)

    def end(self) -> None:
        """Nothing more will be told: let every page go."""
        self._ended = True
        self.tell()

    def full(self) -> bool:
        """True where no more pages can be told."""
        return len(self._bells) >= MOST

    async def stream(self) -> AsyncIterator[bytes]:
        """What one page gets, until it closes or we end."""
        self._loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield HELLO
            while True:
                await bell.wait()
                if self._ended:
                    return
                bell.clear()
                yield NEWS
                await asyncio.sleep(AT_MOST_EVERY)
        finally:
            self._bells.discard(bell)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()
