"""Who may ask the dashboard what: looked at before any page is, for every request alike.

What holds for all our HTTP (see ``http_guard``) holds here too: the address must be ours, and a page of another site is
refused. Beyond that whoever asks must be a visitor, and what changes something must come from a page of ours, by the
browser's word (Origin) and by a word that only our pages know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gamedetectd.views.dashboard.visitors import Visitor, Visitors
from gamedetectd.views.http_guard import (
    BAD_BODY,
    BAD_ORIGIN,
    TOO_MANY,
    Bucket,
    Refusal,
    all_of,
    misfit,
    with_headers,
)

ENTRANCE = "/enter"
"""Where a link leads: the one path that is answered to those who are no visitors yet."""
LARGEST_FORM = 65_536
LARGEST_FILE = 64_000_000
"""Bytes of a form, and of a file to import."""
FILES = "/import/"
"""Where files are sent to."""
LONGEST_PATH = 2_000
STRANGERS = (10.0, 20.0)
KNOWN = (50.0, 200.0)
"""Requests a second in the long run and at once: of strangers, all together, and of visitors."""
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    b" base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[bytes, bytes] = MappingProxyType(
    {
        b"content-security-policy": POLICY,
        b"referrer-policy": b"same-origin",  # without one at all a browser calls our own forms' origin null
        b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
)
BAD_METHOD = Refusal(405, "method", "That is not answered here.", {"allow": "GET, HEAD, POST"})
NO_VISITOR = Refusal(
    401,
    "token",
    "Open the dashboard from the tray or with `gamedetectd dashboard`: each of its links lets one browser in, once.",
)


def cookie_name(port: int) -> str:
    """Browsers keep cookies by host and not by port: two accounts' dashboards must not overwrite each other's."""
    return f"gamedetectd-{port}"


class DashboardGuard:
    """An ASGI application around the pages, which find their ``Visitor`` in ``scope["state"]["visitor"]``.

    ``addresses`` are what the header Host may say; ``refused`` is told of every refusal, ``answered`` of all else.
    """

    def __init__(
        self,
        pages: ASGIApp,
        addresses: frozenset[bytes],
        cookie: str,
        visitors: Visitors,
        answered: Callable[[], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        self._pages = pages
        self._addresses = addresses
        self._cookie = cookie
        self._visitors = visitors
        self._answered = answered
        self._refused = refused
        self._strangers, self._known = Bucket(*STRANGERS), Bucket(*KNOWN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message["headers"], HEADERS)}
            await send(message)

        visitor = self._visitor(scope["headers"])
        refusal = self.refusal(scope, visitor)
        if refusal is None:
            scope.setdefault("state", {})["visitor"] = visitor
            self._answered()
            await self._pages(scope, receive, answer)
            return
        self._refused(refusal)
        await PlainTextResponse(refusal.text + "\n", refusal.status, dict(refusal.headers))(scope, receive, answer)

    def refusal(self, scope: Scope, visitor: Visitor | None) -> Refusal | None:
        """Why this request is refused; None if it may be answered."""
        wrong = misfit(scope, self._addresses, LONGEST_PATH, _unasked)
        if not (self._known if wrong is None and visitor is not None else self._strangers).take():
            return TOO_MANY
        if wrong is not None or visitor is not None or scope["path"] == ENTRANCE:
            return wrong
        return NO_VISITOR

    def _visitor(self, headers: list[tuple[bytes, bytes]]) -> Visitor | None:
        shown = all_of(headers, b"cookie")
        if len(shown) != 1:
            return None
        try:
            morsel = SimpleCookie(shown[0].decode("latin-1")).get(self._cookie)
        except CookieError:
            return None
        return None if morsel is None else self._visitors.known(morsel.value)


def _unasked(scope: Scope) -> Refusal | None:
    """What is wrong with the method or the body, whoever sends it."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    lengths = all_of(headers, b"content-length")
    if all_of(headers, b"transfer-encoding"):
        return BAD_BODY
    if scope["method"] in ("GET", "HEAD"):
        return BAD_BODY if any(length != b"0" for length in lengths) else None
    if scope["method"] != "POST" or scope["path"] == ENTRANCE:
        return BAD_METHOD
    if not all_of(headers, b"origin"):  # which every browser sends, and ``misfit`` has seen to be ours
        return BAD_ORIGIN
    largest = LARGEST_FILE if scope["path"].startswith(FILES) else LARGEST_FORM
    if len(lengths) != 1 or not lengths[0].isdigit() or len(lengths[0]) > 12 or int(lengths[0]) > largest:
        return BAD_BODY
    return None
