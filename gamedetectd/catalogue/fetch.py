"""Fetches one list by HTTPS into a file: the certificate verified, size and time bounded, and only what is new."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from gamedetectd import __version__
from gamedetectd.catalogue.progress import Cancelled, Progress, never, untold
from gamedetectd.errors import CatalogueUpdateError
from gamedetectd.platforms.certificates import trusted_certificates

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

LARGEST = 64_000_000
"""Bytes of a list, unpacked."""
CONNECT_SECONDS = 10.0
QUIET_SECONDS = 20.0
"""How long the other side may say nothing."""
WHOLE_SECONDS = 300.0
_CHUNK = 65_536
_MOST_REDIRECTS = 5
_MOVED = frozenset([301, 302, 303, 307, 308])
_NOT_MODIFIED, _FINE = 304, 200
_LONGEST_ETAG = 200
_LATER = "Look at the connection and try again later; `gamedetectd catalogue import FILE` works without one."
_ADDRESS = "Look at the address in the settings (gamedetectd config show)."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: bytes, and seconds. ``ca_file`` holds certificates trusted in place of the system's."""

    largest: int = LARGEST
    connect: float = CONNECT_SECONDS
    quiet: float = QUIET_SECONDS
    whole: float = WHOLE_SECONDS
    ca_file: str | None = None


DEFAULT_LIMITS = Limits()


def fetch(
    url: str,
    into: Path,
    etag: str = "",
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = untold,
    cancelled: Cancelled = never,
) -> str | None:
    """Write what ``url`` holds into a new file and return its ETag; None where it is still what ``etag`` was.

    Raises CatalogueUpdateError; the file is then not whole and to be thrown away.
    """
    import urllib3

    headers = {"User-Agent": f"gamedetectd/{__version__}", "Accept-Encoding": "gzip"}
    if etag:
        headers["If-None-Match"] = etag
    until = time.monotonic() + limits.whole
    try:
        with _pool(url, limits) as pool:
            response = _answer(pool, url, headers)
            try:
                if response.status == _NOT_MODIFIED:
                    return None
                _refuse(response, url, limits)
                _save(response, into, _Bounds(url, until, limits.largest, cancelled), progress)
                return _etag(response)
            finally:
                response.close()
    except urllib3.exceptions.HTTPError as error:
        raise CatalogueUpdateError(f"{url} could not be fetched: {_words(error)}.", _LATER) from error
    except OSError as error:
        raise CatalogueUpdateError(f"{into} could not be written: {error.strerror or error}.", _LATER) from error


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where one fetch ends if not by itself. ``until`` is monotonic time."""

    url: str
    until: float
    largest: int
    cancelled: Cancelled

    def check(self, done: int) -> None:
        """Raise CatalogueUpdateError once it has taken too much."""
        if self.cancelled():
            raise CatalogueUpdateError("It was called off.", "Nothing has changed; start it again when it suits you.")
        if done > self.largest:
            raise CatalogueUpdateError(f"{self.url} holds more than {self.largest // 1_000_000} MB.", _ADDRESS)
        if time.monotonic() > self.until:
            raise CatalogueUpdateError(f"{self.url} answers too slowly.", _LATER)


def _pool(url: str, limits: Limits) -> PoolManager:
    """Connections, through the proxy the system names for this address."""
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    certificates = limits.ca_file or trusted_certificates()
    timeout = urllib3.Timeout(connect=limits.connect, read=limits.quiet)
    proxy = getproxies().get("https", "")
    host = urlsplit(url).hostname or ""
    if proxy and not proxy_bypass(host):
        return urllib3.ProxyManager(
            proxy, timeout=timeout, retries=False, cert_reqs="CERT_REQUIRED", ca_certs=certificates
        )
    return urllib3.PoolManager(timeout=timeout, retries=False, cert_reqs="CERT_REQUIRED", ca_certs=certificates)


def _answer(pool: PoolManager, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
    """The answer behind at most a few redirects, all of them by HTTPS."""
    for _ in range(_MOST_REDIRECTS + 1):
        if urlsplit(url).scheme != "https":
            raise CatalogueUpdateError(f"{url} is not fetched, since it is not protected (no https).", _ADDRESS)
        response = pool.request("GET", url, headers=dict(headers), redirect=False, preload_content=False)
        if response.status not in _MOVED:
            return response
        target = response.headers.get("Location", "")
        response.close()
        url = urljoin(url, target)
    raise CatalogueUpdateError(f"{url} leads from one address to the next without end.", _ADDRESS)


def _refuse(response: BaseHTTPResponse, url: str, limits: Limits) -> None:
    """Raise CatalogueUpdateError for an answer that is no list, before it is read."""
    if response.status != _FINE:
        raise CatalogueUpdateError(f"{url} answers {response.status} {response.reason or ''}".rstrip() + ".", _ADDRESS)
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() in ("text/html", "application/xhtml"):
        raise CatalogueUpdateError(f"{url} answers with a web page.", _ADDRESS)
    told = response.headers.get("Content-Length", "")
    if told.isdigit() and int(told) > limits.largest:
        raise CatalogueUpdateError(f"{url} holds more than {limits.largest // 1_000_000} MB.", _ADDRESS)


def _save(response: BaseHTTPResponse, into: Path, bounds: _Bounds, progress: Progress) -> None:
    packed = response.headers.get("Content-Encoding", "identity") != "identity"
    told = response.headers.get("Content-Length", "")
    total = 0 if packed or not told.isdigit() else int(told)
    done = 0
    bounds.check(done)
    with into.open("xb") as file:
        while chunk := response.read1(_CHUNK, decode_content=True):  # what has come, so that a trickle has an end
            done += len(chunk)
            bounds.check(done)
            file.write(chunk)
            progress(done, total)


def _etag(response: BaseHTTPResponse) -> str:
    etag = response.headers.get("ETag", "")
    return etag if etag.isascii() and etag.isprintable() and len(etag) <= _LONGEST_ETAG else ""


def _words(error: Exception) -> str:
    """What went wrong, as a part of a sentence; urllib3 tells it with its own objects around it."""
    import ssl

    import urllib3

    cause: BaseException = error
    while (inner := getattr(cause, "reason", None) or cause.__cause__) is not None and isinstance(inner, BaseException):
        cause = inner
    if isinstance(error, urllib3.exceptions.SSLError) or isinstance(cause, ssl.SSLError):
        return f"its certificate is not trusted ({getattr(cause, 'verify_message', '') or cause})"
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "its name leads nowhere"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return f"there is no connection ({getattr(error.__cause__, 'strerror', None) or 'refused'})"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "it does not answer in time"
    if isinstance(error, urllib3.exceptions.IncompleteRead | urllib3.exceptions.ProtocolError):
        return "the connection broke before all of it had come"
    return str(cause).rstrip(".")
