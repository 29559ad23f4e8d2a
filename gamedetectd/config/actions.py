"""What the person wants done when a game starts or ends: hooks run programs of theirs, webhooks tell servers by HTTPS,
and MQTT brokers are told of events and of what is true now.

The file holds tables like these; see ``docs/hooks.md``, ``docs/webhooks.md`` and ``docs/mqtt.md``::

    [[hook]]
    name = "gamemode"
    command = ["/home/me/bin/when-playing", "--quiet"]   # a list: there is no shell
    events = ["started", "ended"]

    [[webhook]]
    name = "living-room"
    url = "https://example.org/games"
    sign_secret = "living-room"                          # the name of a secret, never the secret

    [[mqtt]]
    name = "home"
    host = "homeassistant.local"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from gamedetectd.config.problems import Problem, printable
from gamedetectd.config.table_file import TableFile
from gamedetectd.config.toml_lines import KeyPath

HOOK_VARIABLES = frozenset(
    f"GAMEDETECTD_{name}"
    for name in (
        *("HOOK", "ATTEMPT", "EVENT", "EVENT_ID", "EVENT_NUMBER", "EVENT_AT", "SESSION_ID"),
        *("GAME_ID", "GAME_TITLE", "GAME_PLATFORM", "PIDS", "STARTED_AT", "ENDED_AT", "ENDED_BY"),
        *("FOREGROUND_SECONDS", "ACTIVE_SECONDS", "IDLE_SECONDS"),
    )
)
"""What a hook finds in its environment; a command of ours that a hook runs must not take them for settings."""

EventName = Literal["started", "updated", "paused", "resumed", "ended", "corrected"]
_Text = Annotated[str, Meta(pattern=r"\A[^\x00]*\Z")]
_NotEmpty = Annotated[str, Meta(pattern=r"\A[^\x00]+\Z")]
_Name = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9_-]{0,30}\Z")]
_Secret = Annotated[str, Meta(pattern=r"\A([a-z0-9][a-z0-9._-]{0,63})?\Z")]
_Topic = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\Z", max_length=200)]
_TopicOrNone = Annotated[str, Meta(pattern=r"\A([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?\Z", max_length=200)]
_FULL_PATH = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
_HOLDS_A_SECRET = re.compile(r"https://([^/]*\.)?(discord(app)?\.com/api/webhooks/|hooks\.slack\.com/)", re.IGNORECASE)


class Hook(msgspec.Struct, frozen=True):
    """A program that is run for some events. ``timeout`` and ``retry_pause`` are seconds.

    ``retries``: how often it is run again for one event where it fails. ``parallel``: events of different sessions
    need not wait for one another.
    """

    name: _Name
    command: Annotated[tuple[_Text, ...], Meta(min_length=1)]
    events: Annotated[tuple[EventName, ...], Meta(min_length=1)] = ("started", "ended")
    games: tuple[_NotEmpty, ...] = ()
    timeout: Annotated[float, Meta(ge=1, le=3600)] = 30.0
    retries: Annotated[int, Meta(ge=0, le=100)] = 2
    retry_pause: Annotated[float, Meta(ge=0.1, le=3600)] = 2.0
    parallel: bool = False


class Webhook(msgspec.Struct, frozen=True):
    """A server that is told of some events by HTTPS. Either ``url`` or ``url_secret`` says where it is.

    ``sign_secret``, ``token_secret`` and ``url_secret`` name secrets. ``ca_file`` holds certificates to trust in place
    of the system's. ``timeout`` is seconds for one delivery as a whole.
    """

    name: _Name
    url: _Text = ""
    url_secret: _Secret = ""
    events: Annotated[tuple[EventName, ...], Meta(min_length=1)] = ("started", "ended")
    games: tuple[_NotEmpty, ...] = ()
    template: Literal["json", "discord", "slack", "ntfy"] = "json"
    sign_secret: _Secret = ""
    token_secret: _Secret = ""
    allow_private: bool = False
    ca_file: _Text = ""
    timeout: Annotated[float, Meta(ge=1, le=60)] = 15.0


class Mqtt(msgspec.Struct, frozen=True):
    """An MQTT broker that is told of some events, and of what is true now. See ``sinks/mqtt_topics`` for its topics.

    ``port`` 0 is the usual one, with TLS or without. ``machine`` is this computer's level of the topics; empty for the
    host's name. ``discovery`` is where Home Assistant looks for devices; empty for nowhere.
    """

    name: _Name
    host: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._:-]{1,253}\Z")]
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    tls: bool = True
    ca_file: _Text = ""
    user: _Text = ""
    password_secret: _Secret = ""
    machine: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")] = ""
    prefix: _Topic = "gamedetectd"
    discovery: _TopicOrNone = "homeassistant"
    events: Annotated[tuple[EventName, ...], Meta(min_length=1)] = ("started", "ended")
    games: tuple[_NotEmpty, ...] = ()


Action = Hook | Webhook | Mqtt


@dataclass(frozen=True, slots=True)
class Actions:
    """Everything that is to be done, in the file's order."""

    hooks: tuple[Hook, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    brokers: tuple[Mqtt, ...] = ()

    def every(self) -> tuple[Action, ...]:
        """All of them."""
        return (*self.hooks, *self.webhooks, *self.brokers)

    def secrets(self) -> Mapping[str, str]:
        """The secrets they name, by where they name them: ``webhook living-room: sign_secret``."""
        of_brokers = {f"mqtt {one.name}: password_secret": one.password_secret for one in self.brokers}
        of_webhooks = {
            f"webhook {one.name}: {key}": getattr(one, key)
            for one in self.webhooks
            for key in ("url_secret", "sign_secret", "token_secret")
        }
        return {where: name for where, name in (of_webhooks | of_brokers).items() if name}


NO_ACTIONS = Actions()
KINDS: Mapping[str, type[Action]] = MappingProxyType({"hook": Hook, "webhook": Webhook, "mqtt": Mqtt})
"""By what their tables, and their sinks' names, are called."""
_EVENTS = 'must be a list of "started", "updated", "paused", "resumed", "ended", "corrected"'
_A_SECRET = ("must be the name of a secret", "Write the name only; the value goes into: gamedetectd secret set NAME")
_LEVELS = "must be levels of a topic, of a-z, A-Z, 0-9, _ and -, with / between them"
_EXPECTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "name": ("must be 1 to 31 of a-z, 0-9, _ and -", 'Write for example name = "living-room".'),
        "command": (
            "must be a list of texts: the program and its arguments",
            'Write it as in command = ["/usr/bin/notify-send", "A game"]; there is no shell.',
        ),
        "events": (_EVENTS, 'Write it as in events = ["started", "ended"].'),
        "games": ("must be a list of ids or titles", 'Write it as in games = ["steam:620", "portal*"].'),
        "timeout": ("is out of range", "Write seconds: 1 to 3600 for a hook, 1 to 60 for a webhook."),
        "retries": ("must be a whole number from 0 to 100", "Write for example retries = 2."),
        "retry_pause": ("must be a number from 0.1 to 3600", "Write seconds, as in retry_pause = 2.0."),
        "parallel": ("must be true or false", "Write parallel = true where runs need not wait for one another."),
        "url": ("must be a text", 'Write it in quotes, as in url = "https://example.org/games".'),
        "url_secret": _A_SECRET,
        "sign_secret": _A_SECRET,
        "token_secret": _A_SECRET,
        "template": (
            'must be "json", "discord", "slack" or "ntfy"',
            "Choose the one your server understands; json is all there is to know.",
        ),
        "allow_private": ("must be true or false", "Write allow_private = true for a server in your own network."),
        "ca_file": ("must be a text", "Write the whole path of a PEM file."),
        "host": (
            "must be the name or address of a computer",
            'Write it alone, as in host = "homeassistant.local"; port and tls stand beside it.',
        ),
        "port": ("must be a port from 1 to 65535", "Leave it out for the usual one: 8883, or 1883 without TLS."),
        "tls": ("must be true or false", "Write tls = false only where the way to the broker is yours alone."),
        "user": ("must be a text", 'Write it in quotes, as in user = "pc".'),
        "password_secret": _A_SECRET,
        "machine": ("must be 1 to 64 of a-z, A-Z, 0-9, _ and -", 'Write for example machine = "pc-17".'),
        "prefix": (_LEVELS, 'Write for example prefix = "gamedetectd".'),
        "discovery": (_LEVELS, 'Write discovery = "" where there is no Home Assistant.'),
    }
)


def load_actions(path: Path) -> tuple[Actions, tuple[Problem, ...]]:
    """What of the file can be used, and everything that is wrong with the rest. A missing file asks for nothing."""
    actions, problems = read_actions(path)
    return actions or NO_ACTIONS, problems


def read_actions(path: Path) -> tuple[Actions | None, tuple[Problem, ...]]:
    """The same, but None where the file as a whole cannot be read."""
    file = _ActionsFile.open(path)
    return (None, (file,)) if isinstance(file, Problem) else file.read()


class _ActionsFile(TableFile):
    hidden = frozenset(
        {"url", "url_secret", "sign_secret", "token_secret", "password_secret"}
    )  # it may hold, or be, the secret

    def __init__(self, file: str, tables: dict[str, Any], lines: Mapping[KeyPath, int]) -> None:
        super().__init__(file, tables, lines)
        self._names: set[tuple[str, object]] = set()

    def read(self) -> tuple[Actions, tuple[Problem, ...]]:
        found: list[Action] = []
        for kind, value in self.tables.items():
            if kind not in KINDS:
                wrong = "is neither a hook nor a webhook nor an MQTT broker"
                self.complain((kind,), value, wrong, "Write [[hook]] or [[webhook]] or [[mqtt]].")
            elif not isinstance(value, list):
                self.complain((kind,), value, "must be a list of tables", f"Write [[{kind}]], with two brackets.")
            else:
                found.extend(filter(None, (self._one(kind, place, entry) for place, entry in enumerate(value))))
        hooks = tuple(one for one in found if isinstance(one, Hook))
        webhooks = tuple(one for one in found if isinstance(one, Webhook))
        brokers = tuple(one for one in found if isinstance(one, Mqtt))
        return Actions(hooks, webhooks, brokers), tuple(self.problems)

    def _one(self, kind: str, place: int, entry: object) -> Action | None:
        """One table, or None where anything in it is wrong."""
        where: KeyPath = (kind, place)
        judged = self.judge(where, entry, KINDS[kind], _EXPECTED)
        if judged is None:
            return None
        made: Action = msgspec.convert(judged, KINDS[kind])
        before = len(self.problems)
        for key, message, remedy in self._together(kind, made):
            self.complain((*where, key) if key in judged else where, judged.get(key, ""), message, remedy)
        self._names.add((kind, made.name))
        return made if len(self.problems) == before else None

    def _together(self, kind: str, made: Action) -> Iterator[tuple[str, str, str]]:
        """What is wrong with values that are right each for itself: key, message, remedy."""
        if (kind, made.name) in self._names:
            yield "name", f"is the name of another {kind}", "Give each its own: health and logs call it by that."
        if isinstance(made, Hook):
            yield from _program(made.command[0])
        elif isinstance(made, Webhook):
            yield from _address(made)
        else:
            yield from _broker(made)


def _program(program: str) -> Iterator[tuple[str, str, str]]:
    if not program:
        yield "command", "names no program", _EXPECTED["command"][1]
    elif program.startswith("~"):
        whole = printable(str(Path(program).expanduser()))
        yield "command", "begins with ~, which only a shell understands", f"Write {whole}."
    elif re.search(r"[\\/]", program) and not _FULL_PATH.match(program):
        yield (
            "command",
            "names a program that is neither a full path nor a file name alone",
            "Write the path from the root on.",
        )


def _address(one: Webhook) -> Iterator[tuple[str, str, str]]:
    if bool(one.url) == bool(one.url_secret):
        yield "url", "and url_secret: exactly one of them is needed", "Write where the server is, once."
    elif one.url and (wrong := wrong_address(one.url)):
        yield "url", wrong, 'Write it as in url = "https://example.org/games".'
    elif _HOLDS_A_SECRET.match(one.url):
        yield (
            "url",
            "lets everybody who reads it post there: it is a secret",
            f'Keep it with `gamedetectd secret set {one.name}-url` and write url_secret = "{one.name}-url".',
        )
    yield from _certificates(one.ca_file)


def _broker(one: Mqtt) -> Iterator[tuple[str, str, str]]:
    if one.password_secret and not one.user:
        yield "password_secret", "is of no use without a user", 'Write whose it is, as in user = "pc".'
    if one.ca_file and not one.tls:
        yield "ca_file", "is of no use without TLS", "Leave it out, or write tls = true."
    yield from _certificates(one.ca_file)


def _certificates(ca_file: str) -> Iterator[tuple[str, str, str]]:
    if ca_file and not _FULL_PATH.match(ca_file):
        yield "ca_file", "is no whole path", "Write the path from the root on."


def wrong_address(url: str) -> str:
    """Why a webhook cannot be at this address, to follow its name; empty where it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme.lower() != "https" or not parts.hostname or port == 0:
        return "must be an address that begins with https://"
    if "@" in parts.netloc:
        return "must not hold a name or password; token_secret names a token"
    if not url.isascii() or not url.isprintable() or " " in url or parts.fragment:
        return "must not hold spaces, control characters or a #, nor letters beyond ASCII unless they are encoded"
    return ""
