"""Is there a newer version? Asked only when the person asks, of the address in the settings; nothing is installed.

The feed is a small JSON document, see ``Feed`` and docs/packaging.md. It is fetched as lists of games are: by HTTPS to
the end of all redirects, the certificate verified, its size and time bounded.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import msgspec

import gamedetectd
from gamedetectd.app.newest_version import numbers
from gamedetectd.catalogue.fetch import Limits, fetch
from gamedetectd.config.schema import Settings
from gamedetectd.control.update_shapes import State, UpdateRow
from gamedetectd.control.wire import printable
from gamedetectd.errors import CatalogueUpdateError, UpdateCheckError

LARGEST = 64_000
"""Bytes of a feed."""
LIMITS = Limits(largest=LARGEST, connect=5.0, quiet=5.0, whole=15.0)


class Feed(msgspec.Struct, frozen=True):
    """What the feed says. ``version`` is the newest one, ``url`` where people read of it, ``date`` like 2026-11-26."""

    version: Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,9}){0,5}([-+.a-z0-9]{0,40})$")]
    url: Annotated[str, msgspec.Meta(pattern=r"^(https://[!-~]{1,500})?$")] = ""
    notes: Annotated[str, msgspec.Meta(max_length=500)] = ""
    date: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


def check(settings: Settings, ours: str = gamedetectd.__version__, limits: Limits = LIMITS) -> UpdateRow:
    """What the feed says of this version. Raises UpdateCheckError where no answer is to be had."""
    address = settings.update.feed_url
    if not address:
        raise UpdateCheckError(
            "No address is set, so nobody is asked.",
            "Set the one that your package names: gamedetectd config set update.feed_url https://…",
        )
    feed = _read(address, limits)
    newest, own = _release(feed.version), _release(ours)
    state: State = "newer" if newest > own else "ahead" if newest < own else "current"
    return UpdateRow(ours, feed.version, state, feed.url, str(printable(feed.notes)), feed.date)


def _read(address: str, limits: Limits) -> Feed:
    with tempfile.TemporaryDirectory(prefix="gamedetectd-", ignore_cleanup_errors=True) as scratch:
        file = Path(scratch) / "feed.json"
        try:
            fetch(address, file, limits=limits)
            return msgspec.json.decode(file.read_bytes(), type=Feed)
        except CatalogueUpdateError as error:
            raise UpdateCheckError(error.cause, "Look at the connection and at update.feed_url.") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UpdateCheckError(
                f"{address} answers with something else than a feed: {error}.", "Look at update.feed_url."
            ) from error


def _release(version: str) -> tuple[int, ...]:
    """For comparing: 1.2 and 1.2.0 are the same."""
    found = numbers(version)
    while found and found[-1] == 0:
        found = found[:-1]
    return found
