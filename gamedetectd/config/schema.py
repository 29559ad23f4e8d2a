"""Every option there is: its type, range, default, example and description, once.

The checks, the environment variables, ``config show``, the commented template and the JSON Schema all come out of
these structs; an option is added here and nowhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

PREFIX = "GAMEDETECTD_"


def _meta(
    description: str, example: object, *, live: bool, expects: str = "", names_secret: bool = False, **limits: Any
) -> Meta:
    """What is said of one option. ``live``: a running daemon takes it over at once; otherwise at its next start.

    ``expects`` says what a value that must match a pattern is. ``names_secret``: the value is the name of a secret,
    never the secret itself; empty for none.
    """
    applies = "at once" if live else "after a restart"
    return Meta(
        description=description,
        examples=[example],
        extra_json_schema={"x-applies": applies},
        extra={"live": live, "expects": expects, "names_secret": names_secret},
        **limits,
    )


class Watch(msgspec.Struct, frozen=True):
    """What is watched, and how often."""

    process_source: Annotated[
        Literal["auto", "events", "polling"],
        _meta(
            "How new processes are noticed: 'events' asks the kernel to tell, 'polling' looks again and again, "
            "'auto' takes events where the system allows them.",
            "polling",
            live=False,
        ),
    ] = "auto"
    poll_interval: Annotated[
        float,
        _meta("Seconds between two looks at the process list when polling.", 2.0, live=True, ge=0.2, le=10),
    ] = 1.0
    idle_after: Annotated[
        float,
        _meta("Seconds without input after which you count as away from the game.", 300.0, live=False, ge=30, le=3600),
    ] = 180.0
    gamepads: Annotated[bool, _meta("Whether a gamepad's buttons and sticks count as input.", False, live=False)] = True


class Sessions(msgspec.Struct, frozen=True):
    """What counts as one session, and how much of it a crash may cost."""

    grace_seconds: Annotated[
        float,
        _meta(
            "Seconds a session waits after its last process ended, for a launcher's game or a restarted game.",
            20.0,
            live=True,
            ge=0,
            le=120,
        ),
    ] = 8.0
    heartbeat_seconds: Annotated[
        float,
        _meta(
            "Seconds between two notes of a running session: the most play time lost if gamedetectd is killed.",
            2.0,
            live=True,
            ge=1,
            le=5,
        ),
    ] = 4.0
    sync_seconds: Annotated[
        float,
        _meta(
            "Seconds between two moments at which the notes are forced onto the disk: the most play time lost in a "
            "power cut.",
            30.0,
            live=True,
            ge=5,
            le=60,
        ),
    ] = 50.0


class Logging(msgspec.Struct, frozen=True):
    """What is logged, and how much disk it may take."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _meta("The least serious messages that are kept.", "debug", live=True),
    ] = "info"
    max_file_bytes: Annotated[
        int,
        _meta("Bytes after which a new log file is begun.", 1_000_000, live=True, ge=10_000, le=1_000_000_000),
    ] = 5_000_000
    max_total_bytes: Annotated[
        int,
        _meta(
            "Bytes all log files together may take; the oldest go first.",
            20_000_000,
            live=True,
            ge=20_000,
            le=10_000_000_000,
        ),
    ] = 50_000_000
    max_age_days: Annotated[
        int, _meta("Days after which a finished log file is deleted.", 30, live=True, ge=1, le=3650)
    ] = 90
    terminal: Annotated[
        Literal["human", "json", "none"],
        _meta("What a gamedetectd started in a terminal writes there.", "json", live=False),
    ] = "human"


class Privacy(msgspec.Struct, frozen=True):
    """What must never be written down."""

    private_titles: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        _meta(
            "Patterns (* and ? as in file names) of window titles or programs; the window titles of what matches "
            "never reach a log, the history or a recording.",
            ["*bank*", "keepassxc"],
            live=True,
        ),
    ] = ()


class Detection(msgspec.Struct, frozen=True):
    """Which costlier looks at a program are allowed."""

    gpu: Annotated[
        bool, _meta("Whether to look at how much of the graphics card a program uses.", False, live=False)
    ] = True
    map_libraries: Annotated[
        bool, _meta("Whether to look at which graphics, audio and gamepad libraries a program uses.", False, live=False)
    ] = True


_ADDRESS = r"^(https://[^\s]+)?$"
_AN_ADDRESS = 'an address that begins with "https://", or ""'


class Catalogue(msgspec.Struct, frozen=True):
    """Where lists of games come from, besides the one that is built in. Nothing is fetched unless you ask for it."""

    ludusavi_url: Annotated[
        str,
        _meta(
            "Where 'catalogue update' fetches Ludusavi's manifest from; empty for nowhere.",
            "https://example.org/manifest.yaml",
            live=False,
            expects=_AN_ADDRESS,
            pattern=_ADDRESS,
        ),
    ] = "https://raw.githubusercontent.com/mtkennerly/ludusavi-manifest/master/data/manifest.yaml"
    discord_url: Annotated[
        str,
        _meta(
            "Where 'catalogue update' fetches Discord's list of detectable applications from; empty for nowhere, since "
            "its licence is not stated.",
            "https://example.org/detectable.json",
            live=False,
            expects=_AN_ADDRESS,
            pattern=_ADDRESS,
        ),
    ] = ""
    auto_update: Annotated[
        bool, _meta("Whether the lists are fetched by themselves while gamedetectd runs.", True, live=False)
    ] = False
    update_days: Annotated[
        int, _meta("Days between two times at which the lists are fetched by themselves.", 30, live=False, ge=1, le=365)
    ] = 7


class General(msgspec.Struct, frozen=True):
    """What concerns everything you read."""

    language: Annotated[
        str,
        _meta(
            "The language of the tray and the notifications, as in 'de' or 'pt_BR'; empty for the system's.",
            "de",
            live=True,
            max_length=20,
        ),
    ] = ""


class Tray(msgspec.Struct, frozen=True):
    """The icon in the panel."""

    enabled: Annotated[
        bool, _meta("Whether there is an icon, where the desktop has a place for it.", False, live=False)
    ] = True


class Notifications(msgspec.Struct, frozen=True):
    """The bubbles on the desktop."""

    mode: Annotated[
        Literal["all", "problems", "none"],
        _meta(
            "What you are told of: 'all' is games that start and end, and problems; 'problems' is what went wrong and "
            "right again.",
            "all",
            live=True,
        ),
    ] = "problems"


class Http(msgspec.Struct, frozen=True):
    """What monitoring may read from this computer over HTTP, with a token. Nothing listens unless you ask for it."""

    enabled: Annotated[
        bool,
        _meta("Whether other programs on this computer may ask over HTTP how gamedetectd is.", True, live=True),
    ] = False
    port: Annotated[int, _meta("The port it listens on.", 9736, live=True, ge=1024, le=65535)] = 8736
    listen: Annotated[
        Literal["ipv4", "ipv6", "both"],
        _meta("Which address of this computer's own it listens on: 127.0.0.1, ::1 or both.", "both", live=True),
    ] = "ipv4"


_TEXTFILE = r"^(/.*\.prom|[A-Za-z]:[\\/].*\.prom)?$"


class Metrics(msgspec.Struct, frozen=True):
    """The numbers monitoring reads, besides `gamedetectd metrics`."""

    textfile: Annotated[
        str,
        _meta(
            "The file they are written to for node_exporter's textfile collector; empty for none.",
            "/var/lib/prometheus/node-exporter/gamedetectd.prom",
            live=True,
            expects='the whole path of a file that ends in .prom, or ""',
            pattern=_TEXTFILE,
        ),
    ] = ""
    textfile_interval: Annotated[
        float, _meta("Seconds between two times at which that file is written.", 60.0, live=True, ge=5, le=3600)
    ] = 30.0
    textfile_public: Annotated[
        bool,
        _meta("Whether other accounts, such as node_exporter's, may read that file.", True, live=True),
    ] = False
    game_titles: Annotated[
        bool,
        _meta(
            "Whether the games being played are told with their titles, to all who read the numbers.", True, live=True
        ),
    ] = False


class Health(msgspec.Struct, frozen=True):
    """How it watches itself, and what of that you are told."""

    interval: Annotated[
        float,
        _meta("Seconds between two looks at itself.", 60.0, live=True, ge=5, le=600),
    ] = 15.0
    ignore: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        _meta(
            "Codes of conditions (gamedetectd status --json shows them) that you do not want to be told of.",
            ["catalogue-old"],
            live=True,
        ),
    ] = ()


class Secrets(msgspec.Struct, frozen=True):
    """Where passwords and tokens are kept. Settings never hold one, only its name; see ``gamedetectd secret``."""

    store: Annotated[
        Literal["auto", "keyring", "file"],
        _meta(
            "Where new secrets go: 'keyring' is the system's, 'file' one that a passphrase encrypts, 'auto' the "
            "keyring where there is one. What is kept already stays where it is.",
            "file",
            live=True,
        ),
    ] = "auto"


class Update(msgspec.Struct, frozen=True):
    """Where ``gamedetectd self-update --check`` asks whether there is a newer version. Nobody else asks."""

    feed_url: Annotated[
        str,
        _meta(
            "The address of the feed that tells of new versions; empty for none.",
            "https://example.org/gamedetectd.json",
            live=True,
            expects=_AN_ADDRESS,
            pattern=_ADDRESS,
        ),
    ] = ""


SECTIONS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "watch": Watch,
        "sessions": Sessions,
        "logging": Logging,
        "privacy": Privacy,
        "detection": Detection,
        "catalogue": Catalogue,
        "general": General,
        "tray": Tray,
        "notifications": Notifications,
        "secrets": Secrets,
        "health": Health,
        "http": Http,
        "metrics": Metrics,
        "update": Update,
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set: ``source`` is a file, a variable of the environment or the command line.

    ``line`` is counted from 1; 0 where there are no lines.
    """

    source: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. ``origins`` says, by ``section.key``, where a value that is no default comes from."""

    watch: Watch = field(default_factory=Watch)
    sessions: Sessions = field(default_factory=Sessions)
    logging: Logging = field(default_factory=Logging)
    privacy: Privacy = field(default_factory=Privacy)
    detection: Detection = field(default_factory=Detection)
    catalogue: Catalogue = field(default_factory=Catalogue)
    general: General = field(default_factory=General)
    tray: Tray = field(default_factory=Tray)
    notifications: Notifications = field(default_factory=Notifications)
    secrets: Secrets = field(default_factory=Secrets)
    health: Health = field(default_factory=Health)
    http: Http = field(default_factory=Http)
    metrics: Metrics = field(default_factory=Metrics)
    update: Update = field(default_factory=Update)
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)

    def value(self, name: str) -> object:
        """The value of one option by its ``section.key``."""
        section, _, key = name.partition(".")
        return getattr(getattr(self, section), key)


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the structs above declare it. ``limits`` is its part of the JSON Schema.

    ``form`` says what a value that must match a pattern is; empty where there is none.
    """

    section: str
    key: str
    type: Any
    default: object
    description: str
    example: object
    live: bool
    limits: Mapping[str, Any]
    form: str = ""
    names_secret: bool = False

    @property
    def name(self) -> str:
        """``section.key``."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{PREFIX}{self.section}_{self.key}".upper()

    @property
    def expects(self) -> str:
        """What a value must be, to follow "must be"."""
        if "enum" in self.limits:
            return "one of " + ", ".join(f'"{choice}"' for choice in get_args(get_args(self.type)[0]))
        if self.form:
            return self.form
        kind = _KINDS[self.limits["type"]]
        if "minimum" not in self.limits:
            return kind
        return f"{kind} from {self.limits['minimum']} to {self.limits['maximum']}"


_KINDS = MappingProxyType(
    {
        "boolean": "true or false",
        "number": "a number",
        "integer": "a whole number",
        "array": "a list of texts, none of them empty",
        "string": "a text",
    }
)


@functools.cache
def options() -> Mapping[str, Option]:
    """Every option by its ``section.key``, in the order of the template."""
    found = (_option(section, info) for section, struct in SECTIONS.items() for info in msgspec.structs.fields(struct))
    return MappingProxyType({option.name: option for option in found})


def _option(section: str, info: msgspec.structs.FieldInfo) -> Option:
    meta = next(part for part in get_args(info.type)[1:] if isinstance(part, Meta))
    extra = meta.extra or {}
    return Option(
        section=section,
        key=info.name,
        type=info.type,
        default=info.default,
        description=meta.description or "",
        example=(meta.examples or [None])[0],
        live=bool(extra["live"]),
        limits=msgspec.json.schema(info.type),
        form=str(extra["expects"]),
        names_secret=bool(extra["names_secret"]),
    )


def secrets_named(settings: Settings) -> Mapping[str, str]:
    """The options that name a secret, by ``section.key``, and the names they hold."""
    named = {option.name: str(settings.value(option.name)) for option in options().values() if option.names_secret}
    return {option: name for option, name in named.items() if name}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the settings file, for editors and other programs."""
    _, definitions = msgspec.json.schema_components(SECTIONS.values())
    sections = {name: definitions[struct.__name__] for name, struct in SECTIONS.items()}
    for section in sections.values():
        section["additionalProperties"] = False
        del section["required"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gamedetectd settings",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
    }
