"""One request by HTTPS to a server we do not trust: its name is looked up once and judged, its certificate is verified,
no redirect is followed, and time and size are bounded whatever it does.

It goes straight to the server, past any proxy: what a proxy connects to, nobody here could judge.
"""

from __future__ import annotations

import email.utils
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPSConnection

from gamedetectd.errors import DeliveryError

CONNECT_SECONDS = 5.0
"""For the connection, and again for the handshake."""
QUIET_SECONDS = 10.0
"""How long the server may say nothing; whoever sends says how long all of it may take."""
LONGEST_WAIT = 3600.0
"""Seconds for which a server may ask us to wait."""
_LATER = "Nothing is lost: it is tried again by itself. Look at the server and the connection if it lasts."
_ADDRESS = "Look at the address, and whether the server is yours or the service's."
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said. ``wait`` is the seconds it wants us to wait, 0 where it did not say.

    ``body`` is there only as far as it was asked for; ``location`` is where it wants us to go instead.
    """

    status: int
    wait: float = 0.0
    body: bytes = b""
    kind: str = ""
    """The media type of the body, in lower case."""
    location: str = ""


class Https:
    """One request; ``send`` once, ``call_off`` from any thread.

    Without a ``body`` it is a GET, else a POST. Of the answer's body ``largest`` bytes are read; more is an error. 0:
    only the head is looked at.
    """

    def __init__(
        self,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        private: bool = False,
        ca_file: str = "",
        largest: int = 0,
    ) -> None:
        self._url = url
        self._body = body
        self._headers = dict(headers)
        self._private = private
        self._ca_file = ca_file or None
        self._largest = largest
        self._socket: socket.socket | None = None
        self._off = False

    def send(self) -> Answer:
        """Send it and say what was answered. Raises DeliveryError where nothing was."""
        parts = urlsplit(self._url)
        host, port = parts.hostname or "", parts.port or 443
        last: DeliveryError | None = None
        try:
            trusted = ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            raise DeliveryError(
                f"The certificates in {self._ca_file} cannot be used ({error.strerror or 'not PEM'}).",
                "Look at ca_file in actions.toml.",
            ) from error
        for address in self._allowed(host, port):
            try:
                return self._send_to(trusted, address, host, port, urllib3.util.parse_url(self._url).request_uri)
            except urllib3.exceptions.HTTPError as error:
                last = DeliveryError(f"{host}: {_words(error)}.", _LATER)
            except OSError as error:
                last = DeliveryError(f"{host}: {error.strerror or error}.", _LATER)
            if self._off:
                break
        assert last is not None  # noqa: S101 - at least one address is allowed
        raise last

    def call_off(self) -> None:
        """Have ``send`` end soon, with an error."""
        self._off = True
        connected = self._socket
        if connected is not None:
            try:
                socket.socket.shutdown(connected, socket.SHUT_RDWR)  # an SSL socket's own would pull its rug away
            except OSError:  # closed already
                return

    def _allowed(self, host: str, port: int) -> Sequence[str]:
        """The addresses of this name that may be connected to."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise DeliveryError(f"{host}: its name leads nowhere.", _LATER) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        allowed = [address for address in addresses if self._private or is_public(address)]
        if not allowed:
            raise DeliveryError(
                f"{host} leads to {addresses[0] if addresses else 'nowhere'}, which is not on the internet.",
                "If that is a server of yours, allow it with allow_private = true.",
                LONGEST_WAIT / 6,
            )
        return allowed

    def _send_to(self, trusted: ssl.SSLContext, address: str, host: str, port: int, target: str) -> Answer:
        post = self

        class Connection(HTTPSConnection):
            """Tells which socket is at work, so that another thread can cut it off."""

            def connect(self) -> None:
                super().connect()
                post._socket = self.sock
                if post._off:
                    post.call_off()

        class Pool(urllib3.HTTPSConnectionPool):
            ConnectionCls = Connection

        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=QUIET_SECONDS)
        options: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED", "ssl_context": trusted, "assert_hostname": host}
        named = f"[{host}]" if ":" in host else host
        headers = {**self._headers, "Host": named if port == 443 else f"{named}:{port}"}
        with Pool(address, port, timeout=timeout, retries=False, server_hostname=host, **options) as pool:
            method = "GET" if self._body is None else "POST"
            response = pool.urlopen(
                method, target, body=self._body, headers=headers, redirect=False, preload_content=False
            )
            try:
                return self._answer(host, response)
            finally:
                response.close()

    def _answer(self, host: str, response: urllib3.BaseHTTPResponse) -> Answer:
        body = b""
        while self._largest and (chunk := response.read1(65_536, decode_content=True)):
            body += chunk
            if len(body) > self._largest:
                raise DeliveryError(f"{host} answers with more than {self._largest} bytes.", _ADDRESS)
            if self._off:
                raise DeliveryError(f"{host} took too long.", _LATER)
        head = response.headers
        kind = head.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(response.status, _wait(head.get("Retry-After", "")), body, kind, head.get("Location", ""))


def is_public(address: str) -> bool:
    """Whether it is an address on the internet: not this computer, the local network or what leads into them."""
    ip: _Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside: list[_Address | None] = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inside.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(one is not None and not is_public(str(one)) for one in inside):
            return False
    return ip.is_global and not ip.is_multicast


def _wait(told: str) -> float:
    """``Retry-After``: seconds, or a date."""
    if told.isascii() and told.isdigit():
        return float(min(int(told[:9]), int(LONGEST_WAIT)))
    try:
        until = email.utils.parsedate_to_datetime(told).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(0.0, until - time.time()), LONGEST_WAIT)


def _words(error: Exception) -> str:
    """What went wrong, as a part of a sentence; urllib3 tells it with its own objects around it."""
    cause: BaseException = error
    while (inner := getattr(cause, "reason", None) or cause.__cause__) is not None and isinstance(inner, BaseException):
        cause = inner
    if isinstance(error, urllib3.exceptions.SSLError) or isinstance(cause, ssl.SSLError):
        return f"its certificate is not trusted ({getattr(cause, 'verify_message', '') or 'TLS failed'})"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return f"there is no connection ({getattr(error.__cause__, 'strerror', None) or 'refused'})"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "it does not answer in time"
    return "it does not answer as a web server does, or hung up"
