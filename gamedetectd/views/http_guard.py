"""Who may ask what over HTTP: looked at before any page is, for every request alike.

Any program on this computer, and any page a browser here shows, can knock at a loopback port. So the address asked for
must be ours (a name that somebody else's DNS points at us is not: DNS rebinding), a page of another site is refused,
and all but the bare sign of life needs the token. Nothing is taken but a GET or HEAD without a body, once a connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from types import MappingProxyType

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gamedetectd.security.tokens import same

METHODS = ("GET", "HEAD")
BARE = "/healthz"
"""The one path that is answered without a token."""
LONGEST_PATH = 200
"""Bytes of path and query that are looked at."""
STRANGERS = (10.0, 20.0)
READERS = (20.0, 40.0)
"""Requests a second in the long run and at once: of those without the token, all together, and of those with it."""
HEADERS: Mapping[bytes, bytes] = MappingProxyType(
    {
        b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        b"x-content-type-options": b"nosniff",
        b"x-frame-options": b"DENY",
        b"referrer-policy": b"no-referrer",
        b"cache-control": b"no-store",
        b"cross-origin-resource-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
        b"connection": b"close",
    }
)
"""On every answer, where the page does not say otherwise; a connection carries one request, whatever the page says."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered: ``reason`` is one of a few words, for counters; ``text`` is what is sent."""

    status: int
    reason: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


BAD_HOST = Refusal(421, "host", "This address is not answered here.")
BAD_ORIGIN = Refusal(403, "origin", "Other sites may not read this.")
BAD_METHOD = Refusal(405, "method", "Only GET and HEAD are answered.", {"allow": ", ".join(METHODS)})
BAD_BODY = Refusal(413, "body", "A request has no body here.")
BAD_PATH = Refusal(400, "path", "That path is not understood.")
NO_TOKEN = Refusal(401, "token", "A bearer token is needed.", {"www-authenticate": 'Bearer realm="gamedetectd"'})
BAD_TOKEN = Refusal(401, "token", "The bearer token is wrong.", {"www-authenticate": 'Bearer error="invalid_token"'})
TOO_MANY = Refusal(429, "rate", "Too many requests.", {"retry-after": "1"})
REASONS = ("host", "origin", "method", "body", "path", "token", "rate", "syntax", "size", "full")
"""Every word a refusal is counted under; the last three are the server's, which never hands such a request on."""


def our_addresses(hosts: Iterable[str], port: int) -> frozenset[bytes]:
    """What the header Host may say: each of ``hosts`` with the port, and without it where that is HTTP's own."""
    names = {f"{host}:{port}" for host in hosts} | ({*hosts} if port == 80 else set())
    return frozenset(name.encode() for name in names)


class Bucket:
    """How many requests may come: ``rate`` a second in the long run, ``burst`` at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._at = burst, clock()

    def take(self) -> bool:
        """True if one more may come now."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Guard:
    """An ASGI application around the pages. ``count(path, status)`` is told of answers, ``refused`` of refusals.

    ``path`` is one of ``paths``, or "other": who asks cannot make up names.
    """

    def __init__(
        self,
        pages: ASGIApp,
        paths: Iterable[str],
        addresses: frozenset[bytes],
        token: bytes,
        count: Callable[[str, int], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        self._pages = pages
        self._paths = frozenset(paths)
        self._addresses = addresses
        self._token = token
        self._count = count
        self._refused = refused
        self._strangers, self._readers = Bucket(*STRANGERS), Bucket(*READERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            return  # nothing else is offered: no WebSocket, no lifespan
        path = scope["path"] if scope["path"] in self._paths else "other"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message["headers"])}
                self._count(path, message["status"])
            await send(message)

        refusal = self.refusal(scope)
        if refusal is None:
            await self._pages(scope, receive, answer)
            return
        self._refused(refusal)
        await PlainTextResponse(refusal.text + "\n", refusal.status, dict(refusal.headers))(scope, receive, answer)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why this request is refused; None if it may be answered."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        wrong = misfit(scope, self._addresses, LONGEST_PATH, _unasked)
        shown = all_of(headers, b"authorization")
        known = wrong is None and len(shown) == 1 and _is_bearer(shown[0], self._token)
        if not (self._readers if known else self._strangers).take():
            return TOO_MANY
        if wrong is not None or known or scope["path"] == BARE:
            return wrong
        return BAD_TOKEN if shown else NO_TOKEN


def misfit(
    scope: Scope,
    addresses: frozenset[bytes],
    longest: int,
    also: Callable[[Scope], Refusal | None] = lambda _scope: None,
) -> Refusal | None:
    """What is wrong with a request whoever sends it: where it was meant for, whose page made it, and its path, of at
    most ``longest`` bytes; what ``also`` says comes before the path.
    """
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if [host.lower() for host in all_of(headers, b"host")] not in [[address] for address in addresses]:
        return BAD_HOST
    origins = {b"http://" + address for address in addresses}
    if not origins.issuperset(all_of(headers, b"origin")):
        return BAD_ORIGIN
    if any(site not in {b"same-origin", b"none"} for site in all_of(headers, b"sec-fetch-site")):
        return BAD_ORIGIN
    if (wrong := also(scope)) is not None:
        return wrong
    raw: bytes = scope["raw_path"]
    if not raw.startswith(b"/") or len(raw) + len(scope["query_string"]) > longest:
        return BAD_PATH
    return None


def _unasked(scope: Scope) -> Refusal | None:
    """Nothing but a question without a body is answered."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if scope["method"] not in METHODS:
        return BAD_METHOD
    if all_of(headers, b"transfer-encoding") or any(length != b"0" for length in all_of(headers, b"content-length")):
        return BAD_BODY
    return None


def with_headers(
    given: Iterable[tuple[bytes, bytes]], ours: Mapping[bytes, bytes] = MappingProxyType({})
) -> list[tuple[bytes, bytes]]:
    """A page's headers and those on every answer, ``ours`` before the common ones: the page's win, but for the
    connection, which ends.
    """
    own = [(name.lower(), value) for name, value in given if name.lower() != b"connection"]
    said = {name for name, _ in own}
    date = (b"date", formatdate(usegmt=True).encode())
    return [*own, date, *((name, value) for name, value in {**HEADERS, **ours}.items() if name not in said)]


def all_of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """Every value of one header."""
    return [value for key, value in headers if key == name]


def _is_bearer(shown: bytes, token: bytes) -> bool:
    scheme, _, value = shown.partition(b" ")
    return scheme.lower() == b"bearer" and same(token, value.strip(b" "))
