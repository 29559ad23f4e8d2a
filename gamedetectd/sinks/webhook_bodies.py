"""What a webhook sends: one small function per kind of receiver, and a table of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from gamedetectd.domain import SessionEvent
from gamedetectd.sinks.event_log import message_of

LONGEST = 1_500
"""Characters of a message: Discord takes 2,000, Slack more, ntfy 4,096 bytes."""
LONGEST_TITLE = 300
"""Characters of a game's title in a message."""
_MARKUP = re.compile(r"([\\`*_~|>\[\]()#@:<-])")

Hide = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Message:
    """Where to, and what."""

    url: str
    body: bytes


def sentence(event: SessionEvent, hide: Hide, escape: Callable[[str], str] = str) -> str:
    """What happened, with the title bounded, on one line, and as the receiver's markup wants it."""
    game = event.session.game
    title = " ".join(hide(game.title).split())
    title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    told = replace(event, session=replace(event.session, game=replace(game, title=escape(title))))
    return message_of(told)[:LONGEST]


def _discord(url: str, event: SessionEvent, hide: Hide) -> Message:
    """Nobody is mentioned and nothing is marked up: https://discord.com/developers/docs/resources/webhook."""
    text = sentence(event, hide, lambda title: _MARKUP.sub(r"\\\1", title))
    return Message(url, _json({"content": text, "allowed_mentions": {"parse": []}}))


def _slack(url: str, event: SessionEvent, hide: Hide) -> Message:
    """See https://docs.slack.dev/messaging/formatting-message-text/#escaping."""
    text = sentence(event, hide, lambda title: title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return Message(url, _json({"text": text, "mrkdwn": False}))


def _ntfy(url: str, event: SessionEvent, hide: Hide) -> Message:
    """https://docs.ntfy.sh/publish/#publish-as-json: to the root, since a header cannot hold every title."""
    parts = urlsplit(url)
    above, _, topic = parts.path.rstrip("/").rpartition("/")
    root = urlunsplit(parts._replace(path=f"{above}/"))
    message = {"topic": unquote(topic), "message": sentence(event, hide), "tags": ["video_game"]}
    return Message(root, _json(message))


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a lone surrogate out of a file name
        import json

        return json.dumps(value).encode("ascii")


TEMPLATES: Mapping[str, Callable[[str, SessionEvent, Hide], Message]] = MappingProxyType(
    {"discord": _discord, "slack": _slack, "ntfy": _ntfy}
)
"""By the name of the template; the plain JSON is what ``watch`` prints and needs none."""
