"""Asks SteamGridDB, or a server that answers as it does, for a game's cover.

API: https://www.steamgriddb.com/api/v2 (``/grids/steam/ID``, ``/search/autocomplete/TITLE``, ``/grids/game/ID``). The
key goes to the API alone, never to where pictures lie; every address, also behind a redirect, is judged before it is
used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from gamedetectd import __version__
from gamedetectd.catalogue.covers import LARGEST, Note
from gamedetectd.domain import Game
from gamedetectd.errors import CoverBusyError, CoverError, CoverKeyError, DeliveryError
from gamedetectd.security.https import Answer, Https

_LARGEST_ANSWER = 2_000_000
_MOST_REDIRECTS = 3
_LONGEST_TITLE = 200
BUSY_SECONDS = 60.0
"""Seconds to wait where the server says that we ask too often and not for how long."""
REFUSED_SECONDS = 3600.0
_KEY = "Get one at steamgriddb.com (preferences, API), keep it as a secret and name that in covers.key_secret."
_LATER = "Nothing needs to be done: it is tried again later."

T = TypeVar("T")


class _Grid(msgspec.Struct):
    url: str
    width: int = 0
    height: int = 0


class _Found(msgspec.Struct):
    id: int
    name: str = ""
    release_date: int | None = None


class _Reply(msgspec.Struct):
    success: bool = False
    data: msgspec.Raw = msgspec.Raw(b"null")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is and how it is spoken to. ``ca_file`` holds certificates trusted in place of the system's."""

    url: str
    key: str
    allow_private: bool = False
    ca_file: str = ""


class Asking:
    """One game's questions; ``call_off`` from any thread ends them soon."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._request: Https | None = None
        self._off = False

    def call_off(self) -> None:
        """Have ``cover`` end soon, with an error."""
        self._off = True
        if self._request is not None:
            self._request.call_off()

    def cover(self, game: Game, now: Callable[[], float] = time.time) -> tuple[Note, bytes]:
        """What the server knows of a game, and the picture if it has one.

        Raises CoverKeyError, CoverBusyError, or CoverError for all else that went wrong.
        """
        found = _Found(0)
        grids = self._by_steam(game)
        if not grids:
            found = self._search(game.title) or found
            grids = self._grids(f"grids/game/{found.id}") if found.id else []
        year = time.gmtime(found.release_date).tm_year if 0 < (found.release_date or 0) < 32_503_680_000 else 0
        note = Note(game.id, game.title, now(), "", found.name[:_LONGEST_TITLE], year)
        if not grids:
            return note, b""
        upright = [grid for grid in grids if grid.height > grid.width]
        try:
            answer = self._picture((upright or grids)[0].url)
        except ValueError as error:  # urllib's, for what is no address
            raise CoverError("A cover's address is none.", _LATER) from error
        return msgspec.structs.replace(note, kind=answer.kind), answer.body

    def _by_steam(self, game: Game) -> list[_Grid]:
        steam = next((one for one in (game.id, *game.also) if one.startswith("steam:") and one[6:].isdecimal()), "")
        return self._grids(f"grids/steam/{steam[6:]}") if steam else []

    def _search(self, title: str) -> _Found | None:
        """The game of this title; never one that is only called alike."""
        plain = title.encode("utf-8", "replace").decode()[:_LONGEST_TITLE].strip()
        if not plain:
            return None
        found = self._ask(f"search/autocomplete/{quote(plain, safe='')}", list[_Found]) or []
        return next((one for one in found if _alike(one.name) == _alike(plain)), None)

    def _grids(self, path: str) -> list[_Grid]:
        return self._ask(f"{path}?dimensions=600x900&types=static&nsfw=false", list[_Grid]) or []

    def _ask(self, path: str, kind: type[T]) -> T | None:
        """What the server says at a path of its API; None where it knows nothing."""
        headers = {"Authorization": f"Bearer {_header(self._server.key)}", "Accept": "application/json"}
        answer = self._get(f"{self._server.url.rstrip('/')}/{path}", headers, _LARGEST_ANSWER)
        if answer.status == 404:
            return None
        self._refuse(answer)
        try:
            reply = msgspec.json.decode(answer.body, type=_Reply)
            return msgspec.json.decode(reply.data, type=kind) if reply.success else None
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise self._error("does not answer as SteamGridDB does") from error

    def _picture(self, url: str) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            if urlsplit(url).scheme != "https":
                raise CoverError("A cover lies at an address that is not protected (no https).", _LATER)
            answer = self._get(url, {}, LARGEST)
            if answer.status not in (301, 302, 303, 307, 308):
                self._refuse(answer)
                return answer
            url = urljoin(url, answer.location)
        raise CoverError("A cover's address leads from one to the next without end.", _LATER)

    def _get(self, url: str, headers: dict[str, str], largest: int) -> Answer:
        if self._off:
            raise CoverError("It was called off.", _LATER)
        server = self._server
        whole = {"User-Agent": f"gamedetectd/{__version__}", **headers}
        self._request = Https(url, None, whole, private=server.allow_private, ca_file=server.ca_file, largest=largest)
        try:
            return self._request.send()
        except DeliveryError as error:
            raise CoverError(error.cause, error.remedy, error.after) from error
        except ValueError as error:  # urllib3's, for what is no address
            raise CoverError("A cover's address is none.", _LATER) from error

    def _refuse(self, answer: Answer) -> None:
        """Raise what an answer without success means."""
        if answer.status == 200:
            return
        if answer.status in (401, 403):
            raise CoverKeyError(f"{self._host()} does not take the key ({answer.status}).", _KEY, REFUSED_SECONDS)
        if answer.status == 429:
            wait = answer.wait or BUSY_SECONDS
            raise CoverBusyError(f"{self._host()} wants to be asked again in {wait:.0f} s.", _LATER, wait)
        raise self._error(f"answers {answer.status}", answer.wait)

    def _error(self, what: str, after: float = 0.0) -> CoverError:
        return CoverError(f"{self._host()} {what}.", _LATER, after)

    def _host(self) -> str:
        return urlsplit(self._server.url).hostname or "The server"


def _alike(title: str) -> str:
    """A title without what stores write differently."""
    return "".join(sign for sign in title.casefold() if sign.isalnum())


def _header(key: str) -> str:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable():
        raise CoverKeyError("The key for covers holds what no HTTP header can.", _KEY, REFUSED_SECONDS)
    return key
