"""Every option there is: its type, range, default, example and description, once. A struct is a section of the file.

The checks, the environment variables, ``config show``, the commented template and the JSON Schema all come out of
these structs (see ``schema``); an option is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


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


class Vision(msgspec.Struct, frozen=True):
    """Looking at the screen where nothing else tells what is played. Off until you switch it on."""

    enabled: Annotated[
        bool,
        _meta(
            "Whether the picture of the window in front may be looked at, on this computer and by it alone, where "
            "nothing else says whether it is a game, or which.",
            True,
            live=True,
        ),
    ] = False
    on_battery: Annotated[
        bool, _meta("Whether that goes on while the computer runs on its battery.", False, live=True)
    ] = True
    never: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        _meta(
            "Patterns (* and ? as in file names) of programs, window classes or titles that are never looked at, "
            "besides password managers, locked screens and what privacy.private_titles names.",
            ["signal-desktop", "*- Thunderbird"],
            live=True,
        ),
    ] = ()
    learn_silently: Annotated[
        bool,
        _meta(
            "Whether the looks of games whose titles are known for sure are remembered, as numbers and never as "
            "pictures, so that they are recognised where nothing names them.",
            True,
            live=True,
        ),
    ] = False


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


class Dashboard(msgspec.Struct, frozen=True):
    """The pages in the browser. Nothing listens before you open them, with the tray or `gamedetectd dashboard`."""

    enabled: Annotated[
        bool,
        _meta(
            "Whether the dashboard is there all the time; otherwise from when you open it until nobody has looked at "
            "it for a quarter of an hour. Either way a browser needs a link that lets it in once.",
            True,
            live=True,
        ),
    ] = False
    port: Annotated[
        int,
        _meta("The port it listens on, on 127.0.0.1 alone; 0 for one that is free.", 8737, live=True, ge=0, le=65535),
    ] = 0


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


class Presence(msgspec.Struct, frozen=True):
    """What Discord's program on this computer shows of your games. It is told nothing unless you ask for it."""

    discord: Annotated[
        bool, _meta("Whether Discord shows the game you play, where it does not know it by itself.", True, live=True)
    ] = False
    discord_application: Annotated[
        str,
        _meta(
            "The id of an application of yours at discord.com/developers, whose name stands above the game's.",
            "1234567890123456789",
            live=True,
            expects='a number of 17 to 20 digits, or ""',
            pattern=r"^([0-9]{17,20})?$",
        ),
    ] = ""
    known_too: Annotated[bool, _meta("Whether games are shown that Discord knows by itself, too.", True, live=True)] = (
        False
    )


class Covers(msgspec.Struct, frozen=True):
    """Pictures of games, from SteamGridDB or a server that answers as it does. Nothing is fetched unless you ask."""

    enabled: Annotated[bool, _meta("Whether covers of the games you play are fetched.", True, live=True)] = False
    key_secret: Annotated[
        str,
        _meta(
            "The name of the secret that holds your API key of steamgriddb.com.",
            "steamgriddb",
            live=True,
            expects='the name of a secret, or ""',
            names_secret=True,
            pattern=r"^([a-z0-9][a-z0-9._-]{0,63})?$",
        ),
    ] = ""
    url: Annotated[
        str,
        _meta(
            "Where the server is.",
            "https://example.org/api/v2",
            live=True,
            expects='an address that begins with "https://"',
            pattern=r"^https://[^\s]+$",
        ),
    ] = "https://www.steamgriddb.com/api/v2"
    allow_private: Annotated[
        bool, _meta("Whether the server and its pictures may be on this computer or in its networks.", True, live=True)
    ] = False
    max_bytes: Annotated[
        int,
        _meta(
            "Bytes all covers together may take; the oldest go first.",
            20_000_000,
            live=True,
            ge=1_000_000,
            le=10_000_000_000,
        ),
    ] = 50_000_000
    max_age_days: Annotated[
        int, _meta("Days after which a cover is fetched anew, or looked for again.", 30, live=True, ge=1, le=3650)
    ] = 90


SECTIONS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "watch": Watch,
        "sessions": Sessions,
        "logging": Logging,
        "privacy": Privacy,
        "detection": Detection,
        "vision": Vision,
        "catalogue": Catalogue,
        "general": General,
        "tray": Tray,
        "notifications": Notifications,
        "secrets": Secrets,
        "health": Health,
        "http": Http,
        "dashboard": Dashboard,
        "metrics": Metrics,
        "update": Update,
        "presence": Presence,
        "covers": Covers,
    }
)
