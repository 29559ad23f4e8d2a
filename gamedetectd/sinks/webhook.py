"""A webhook: a server that is told of events by HTTPS, each signed, until it has taken them."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from gamedetectd import __version__
from gamedetectd.config.actions import Webhook, wrong_address
from gamedetectd.domain import SessionEvent
from gamedetectd.errors import DeliveryError
from gamedetectd.security.https import Answer, Https
from gamedetectd.sinks.aside import Aside, EventsOnly
from gamedetectd.sinks.wanted import wanted
from gamedetectd.sinks.webhook_bodies import TEMPLATES, Hide, Message

log = logging.getLogger(__name__)

REFUSALS = 5
"""How often an event is offered to a server that takes others but refuses this one."""
HOPELESS_PAUSE = 600.0
"""Seconds between two attempts where the address, the token or the settings seem to be wrong."""
_REFUSED = frozenset({400, 413, 415, 422})
"""Answers that are about what was sent."""
_BUSY = frozenset({408, 425, 429})
"""Answers that are about the moment."""
_MEANINGS: Mapping[int, str] = {
    401: "it does not know us: look at token_secret and sign_secret",
    403: "it does not let us: look at token_secret and sign_secret",
    404: "there is nothing at that address: look whether the webhook was deleted",
    410: "the webhook was deleted there",
}


class WebhookSink(EventsOnly):
    """A sink (see ``interfaces.Sink``). ``encode`` makes the JSON of an event; ``secret`` gives the value of a name.

    ``hide`` takes out of a title what the person marked private.
    """

    def __init__(
        self,
        webhook: Webhook,
        encode: Callable[[SessionEvent], bytes],
        secret: Callable[[str], str],
        hide: Hide,
        changed: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.webhook = webhook
        self.name = f"webhook.{webhook.name}"
        self.trouble = ""
        """Why the latest event was left out; empty once another was taken."""
        self.aside: Aside[Answer] = Aside(self.name)
        self._encode = encode
        self._secret = secret
        self._hide = hide
        self._changed = changed
        self._now = now
        self._secrets: dict[str, str] = {}
        self._took = False
        """Whether the server took an event since these settings are in force."""
        self._refusals = 0
        self._post: Https | None = None

    def accept(self, event: SessionEvent) -> None:
        """Send it. Raises DeliveryError, or a SecretError, where it is to be offered again."""
        if not wanted(event, self.webhook.events, self.webhook.games):
            return
        answer = self.aside.do(lambda: self._send(event), self.webhook.timeout, self._call_off)
        if answer.status // 100 == 2:
            self._took, self._refusals = True, 0
            self._note("")
        elif answer.status in _REFUSED and self._took and self._refusals + 1 >= REFUSALS:
            self._refusals = 0
            log.error("webhook %s refuses event %s (%d); it is left out", self.webhook.name, event.id, answer.status)
            self._note(f"answered {answer.status} to event {event.id}, which was left out")
        else:
            self._refusals += answer.status in _REFUSED
            raise self._told(answer)

    def close(self) -> None:
        """Nothing is held: every event has a connection of its own."""
        self._secrets.clear()

    def _send(self, event: SessionEvent) -> Answer:
        webhook = self.webhook
        message = self._message(event)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"gamedetectd/{__version__}",
            "Idempotency-Key": event.id,
        }
        if webhook.token_secret:
            headers["Authorization"] = f"Bearer {_header(self._value(webhook.token_secret), webhook.token_secret)}"
        if webhook.sign_secret:
            headers |= signature(self._value(webhook.sign_secret), int(self._now()), message.body)
        self._post = Https(message.url, message.body, headers, private=webhook.allow_private, ca_file=webhook.ca_file)
        return self._post.send()

    def _message(self, event: SessionEvent) -> Message:
        url = self.webhook.url or self._value(self.webhook.url_secret).strip()
        if wrong := wrong_address(url):
            raise DeliveryError(
                f"What the secret {self.webhook.url_secret} holds {wrong}.",
                f"Set it anew: gamedetectd secret set {self.webhook.url_secret}",
            )
        make = TEMPLATES.get(self.webhook.template)
        return make(url, event, self._hide) if make is not None else Message(url, self._encode(event))

    def _value(self, name: str) -> str:
        if name not in self._secrets:
            self._secrets[name] = self._secret(name)
        return self._secrets[name]

    def _call_off(self) -> None:
        if self._post is not None:
            self._post.call_off()

    def _told(self, answer: Answer) -> DeliveryError:
        """What an answer that is no success means, and how long to wait."""
        self._secrets.clear()  # one of them may have been set anew
        status = answer.status
        if status in _BUSY or status >= 500:
            return DeliveryError(f"{self._host()} answers {status}.", "It is tried again by itself.", answer.wait)
        meaning = _MEANINGS.get(status, "it leads elsewhere" if status // 100 == 3 else "it does not want this")
        return DeliveryError(
            f"{self._host()} answers {status}: {meaning}.",
            "Mend it in actions.toml; it is tried again every ten minutes, and at once after a change there.",
            0.0 if status in _REFUSED and self._took else max(HOPELESS_PAUSE, answer.wait),
        )

    def _host(self) -> str:
        """The server by its name; where the address is a secret, so is the rest of it."""
        return urlsplit(self.webhook.url).hostname or "The server"

    def _note(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._changed()


def signature(secret: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that prove who sent this body, and when: HMAC-SHA256 over ``<time>.<body>``."""
    digest = hmac.new(secret.encode("utf-8", "surrogateescape"), b"%d." % at + body, hashlib.sha256).hexdigest()
    return {"Gamedetectd-Timestamp": str(at), "Gamedetectd-Signature": f"v1={digest}"}


def _header(value: str, name: str) -> str:
    """A secret as a header can hold it."""
    value = value.strip()
    if not value.isascii() or not value.isprintable():
        raise DeliveryError(
            f"The secret {name} holds what no HTTP header can.", f"Set it anew: gamedetectd secret set {name}"
        )
    return value
