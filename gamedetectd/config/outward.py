"""Options of what listens, tells others or fetches: all of it off until the person asks for it. See ``sections``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gamedetectd.config.option import option

_ADDRESS = r"^(https://[^\s]+)?$"
_AN_ADDRESS = 'an address that begins with "https://", or ""'


class Catalogue(msgspec.Struct, frozen=True):
    """Where lists of games come from, besides the one that is built in. Nothing is fetched unless you ask for it."""

    ludusavi_url: Annotated[
        str,
        option(
            "Where 'catalogue update' fetches Ludusavi's manifest from; empty for nowhere.",
            "https://example.org/manifest.yaml",
            live=False,
            expects=_AN_ADDRESS,
            pattern=_ADDRESS,
        ),
    ] = "https://raw.githubusercontent.com/mtkennerly/ludusavi-manifest/master/data/manifest.yaml"
    discord_url: Annotated[
        str,
        option(
            "Where 'catalogue update' fetches Discord's list of detectable applications from; empty for nowhere, since "
            "its licence is not stated.",
            "https://example.org/detectable.json",
            live=False,
            expects=_AN_ADDRESS,
            pattern=_ADDRESS,
        ),
    ] = ""
    auto_update: Annotated[
        bool, option("Whether the lists are fetched by themselves while gamedetectd runs.", True, live=False)
    ] = False
    update_days: Annotated[
        int,
        option("Days between two times at which the lists are fetched by themselves.", 30, live=False, ge=1, le=365),
    ] = 7


class Http(msgspec.Struct, frozen=True):
    """What monitoring may read from this computer over HTTP, with a token. Nothing listens unless you ask for it."""

    enabled: Annotated[
        bool,
        option("Whether other programs on this computer may ask over HTTP how gamedetectd is.", True, live=True),
    ] = False
    port: Annotated[int, option("The port it listens on.", 9736, live=True, ge=1024, le=65535)] = 8736
    listen: Annotated[
        Literal["ipv4", "ipv6", "both"],
        option("Which address of this computer's own it listens on: 127.0.0.1, ::1 or both.", "both", live=True),
    ] = "ipv4"


class Dashboard(msgspec.Struct, frozen=True):
    """The pages in the browser. Nothing listens before you open them, with the tray or `gamedetectd dashboard`."""

    enabled: Annotated[
        bool,
        option(
            "Whether the dashboard is there all the time; otherwise from when you open it until nobody has looked at "
            "it for a quarter of an hour. Either way a browser needs a link that lets it in once.",
            True,
            live=True,
        ),
    ] = False
    port: Annotated[
        int,
        option("The port it listens on, on 127.0.0.1 alone; 0 for one that is free.", 8737, live=True, ge=0, le=65535),
    ] = 0


_TEXTFILE = r"^(/.*\.prom|[A-Za-z]:[\\/].*\.prom)?$"


class Metrics(msgspec.Struct, frozen=True):
    """The numbers monitoring reads, besides `gamedetectd metrics`."""

    textfile: Annotated[
        str,
        option(
            "The file they are written to for node_exporter's textfile collector; empty for none.",
            "/var/lib/prometheus/node-exporter/gamedetectd.prom",
            live=True,
            expects='the whole path of a file that ends in .prom, or ""',
            pattern=_TEXTFILE,
        ),
    ] = ""
    textfile_interval: Annotated[
        float, option("Seconds between two times at which that file is written.", 60.0, live=True, ge=5, le=3600)
    ] = 30.0
    textfile_public: Annotated[
        bool,
        option("Whether other accounts, such as node_exporter's, may read that file.", True, live=True),
    ] = False
    game_titles: Annotated[
        bool,
        option(
            "Whether the games being played are told with their titles, to all who read the numbers.", True, live=True
        ),
    ] = False


class Update(msgspec.Struct, frozen=True):
    """Where ``gamedetectd self-update --check`` asks whether there is a newer version. Nobody else asks."""

    feed_url: Annotated[
        str,
        option(
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
        bool, option("Whether Discord shows the game you play, where it does not know it by itself.", True, live=True)
    ] = False
    discord_application: Annotated[
        str,
        option(
            "The id of an application of yours at discord.com/developers, whose name stands above the game's.",
            "1234567890123456789",
            live=True,
            expects='a number of 17 to 20 digits, or ""',
            pattern=r"^([0-9]{17,20})?$",
        ),
    ] = ""
    known_too: Annotated[
        bool, option("Whether games are shown that Discord knows by itself, too.", True, live=True)
    ] = False


class Covers(msgspec.Struct, frozen=True):
    """Pictures of games, from SteamGridDB or a server that answers as it does. Nothing is fetched unless you ask."""

    enabled: Annotated[bool, option("Whether covers of the games you play are fetched.", True, live=True)] = False
    key_secret: Annotated[
        str,
        option(
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
        option(
            "Where the server is.",
            "https://example.org/api/v2",
            live=True,
            expects='an address that begins with "https://"',
            pattern=r"^https://[^\s]+$",
        ),
    ] = "https://www.steamgriddb.com/api/v2"
    allow_private: Annotated[
        bool, option("Whether the server and its pictures may be on this computer or in its networks.", True, live=True)
    ] = False
    max_bytes: Annotated[
        int,
        option(
            "Bytes all covers together may take; the oldest go first.",
            20_000_000,
            live=True,
            ge=1_000_000,
            le=10_000_000_000,
        ),
    ] = 50_000_000
    max_age_days: Annotated[
        int, option("Days after which a cover is fetched anew, or looked for again.", 30, live=True, ge=1, le=3650)
    ] = 90
