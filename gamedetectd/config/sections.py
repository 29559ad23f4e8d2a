"""Every option there is: its type, range, default, example and description, once. A struct is a section of the file.

The checks, the environment variables, ``config show``, the commented template and the JSON Schema all come out of
these structs (see ``schema``); an option is added here, or in ``outward``, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gamedetectd.config.option import option
from gamedetectd.config.outward import Catalogue, Covers, Dashboard, Http, Metrics, Presence, Update


class Watch(msgspec.Struct, frozen=True):
    """What is watched, and how often."""

    process_source: Annotated[
        Literal["auto", "events", "polling"],
        option(
            "How new processes are noticed: 'events' asks the kernel to tell, 'polling' looks again and again, "
            "'auto' takes events where the system allows them.",
            "polling",
            live=False,
        ),
    ] = "auto"
    poll_interval: Annotated[
        float,
        option("Seconds between two looks at the process list when polling.", 2.0, live=True, ge=0.2, le=10),
    ] = 1.0
    idle_after: Annotated[
        float,
        option("Seconds without input after which you count as away from the game.", 300.0, live=False, ge=30, le=3600),
    ] = 180.0
    gamepads: Annotated[bool, option("Whether a gamepad's buttons and sticks count as input.", False, live=False)] = (
        True
    )


class Sessions(msgspec.Struct, frozen=True):
    """What counts as one session, and how much of it a crash may cost."""

    grace_seconds: Annotated[
        float,
        option(
            "Seconds a session waits after its last process ended, for a launcher's game or a restarted game.",
            20.0,
            live=True,
            ge=0,
            le=120,
        ),
    ] = 8.0
    heartbeat_seconds: Annotated[
        float,
        option(
            "Seconds between two notes of a running session: the most play time lost if gamedetectd is killed.",
            2.0,
            live=True,
            ge=1,
            le=5,
        ),
    ] = 4.0
    sync_seconds: Annotated[
        float,
        option(
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
        option("The least serious messages that are kept.", "debug", live=True),
    ] = "info"
    max_file_bytes: Annotated[
        int,
        option("Bytes after which a new log file is begun.", 1_000_000, live=True, ge=10_000, le=1_000_000_000),
    ] = 5_000_000
    max_total_bytes: Annotated[
        int,
        option(
            "Bytes all log files together may take; the oldest go first.",
            20_000_000,
            live=True,
            ge=20_000,
            le=10_000_000_000,
        ),
    ] = 50_000_000
    max_age_days: Annotated[
        int, option("Days after which a finished log file is deleted.", 30, live=True, ge=1, le=3650)
    ] = 90
    terminal: Annotated[
        Literal["human", "json", "none"],
        option("What a gamedetectd started in a terminal writes there.", "json", live=False),
    ] = "human"


class Privacy(msgspec.Struct, frozen=True):
    """What must never be written down."""

    private_titles: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        option(
            "Patterns (* and ? as in file names) of window titles or programs; the window titles of what matches "
            "never reach a log, the history or a recording.",
            ["*bank*", "keepassxc"],
            live=True,
        ),
    ] = ()


class Detection(msgspec.Struct, frozen=True):
    """Which costlier looks at a program are allowed."""

    gpu: Annotated[
        bool, option("Whether to look at how much of the graphics card a program uses.", False, live=False)
    ] = True
    map_libraries: Annotated[
        bool,
        option("Whether to look at which graphics, audio and gamepad libraries a program uses.", False, live=False),
    ] = True


class Vision(msgspec.Struct, frozen=True):
    """Looking at the screen where nothing else tells what is played. Off until you switch it on."""

    enabled: Annotated[
        bool,
        option(
            "Whether the picture of the window in front may be looked at, on this computer and by it alone, where "
            "nothing else says whether it is a game, or which.",
            True,
            live=True,
        ),
    ] = False
    on_battery: Annotated[
        bool, option("Whether that goes on while the computer runs on its battery.", False, live=True)
    ] = True
    never: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        option(
            "Patterns (* and ? as in file names) of programs, window classes or titles that are never looked at, "
            "besides password managers, locked screens and what privacy.private_titles names.",
            ["signal-desktop", "*- Thunderbird"],
            live=True,
        ),
    ] = ()
    learn_silently: Annotated[
        bool,
        option(
            "Whether the looks of games whose titles are known for sure are remembered, as numbers and never as "
            "pictures, so that they are recognised where nothing names them.",
            True,
            live=True,
        ),
    ] = False
    read_titles: Annotated[
        bool,
        option(
            "Whether title screens are read where a container does not say what runs in it: in its first twenty "
            "seconds, and only one title that the catalogue or the library knows is told. Needs the extra [ocr].",
            True,
            live=True,
        ),
    ] = False


class General(msgspec.Struct, frozen=True):
    """What concerns everything you read."""

    language: Annotated[
        str,
        option(
            "The language of the tray and the notifications, as in 'de' or 'pt_BR'; empty for the system's.",
            "de",
            live=True,
            max_length=20,
        ),
    ] = ""


class Tray(msgspec.Struct, frozen=True):
    """The icon in the panel."""

    enabled: Annotated[
        bool, option("Whether there is an icon, where the desktop has a place for it.", False, live=False)
    ] = True


class Notifications(msgspec.Struct, frozen=True):
    """The bubbles on the desktop."""

    mode: Annotated[
        Literal["all", "problems", "none"],
        option(
            "What you are told of: 'all' is games that start and end, and problems; 'problems' is what went wrong and "
            "right again.",
            "all",
            live=True,
        ),
    ] = "problems"


class Health(msgspec.Struct, frozen=True):
    """How it watches itself, and what of that you are told."""

    interval: Annotated[
        float,
        option("Seconds between two looks at itself.", 60.0, live=True, ge=5, le=600),
    ] = 15.0
    ignore: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        option(
            "Codes of conditions (gamedetectd status --json shows them) that you do not want to be told of.",
            ["catalogue-old"],
            live=True,
        ),
    ] = ()


class Secrets(msgspec.Struct, frozen=True):
    """Where passwords and tokens are kept. Settings never hold one, only its name; see ``gamedetectd secret``."""

    store: Annotated[
        Literal["auto", "keyring", "file"],
        option(
            "Where new secrets go: 'keyring' is the system's, 'file' one that a passphrase encrypts, 'auto' the "
            "keyring where there is one. What is kept already stays where it is.",
            "file",
            live=True,
        ),
    ] = "auto"


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
