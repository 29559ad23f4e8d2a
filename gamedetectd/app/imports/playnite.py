"""Playnite's library as its add-ons export it (JSON): how long each game was played in all.

An export is a list of games as Playnite's own model has them, or an object that holds it under ``Games``: ``Name``,
``Playtime`` (seconds), ``LastActivity``, ``GameId`` (the store's) and ``PluginId`` or ``Source`` (which store). Source:
https://api.playnite.link/docs/api/Playnite.SDK.Models.Game.html. Playnite's own database (LiteDB) is no export: it is
written only for itself, and not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gamedetectd.app.imports.found import Found, Progress, entries, seconds_of, wrong
from gamedetectd.detection.titles import slug
from gamedetectd.library.files import UnreadableError, parse_text
from gamedetectd.sessions.importing import CountedTime

SOURCE = "playnite"
LARGEST = 50_000_000
"""Bytes of a file."""
STORES: Mapping[str, str] = {
    "cb91dfc9-b977-43bf-8e70-55f46e410fab": "steam",
    "aebe8b7c-6dc3-4a66-af31-e7375c6b5e9e": "gog",
    "00000002-dbd1-46c6-b5d0-b1ba559d10e4": "epic",
    "steam": "steam",
    "gog": "gog",
    "gog.com": "gog",
    "epic": "epic",
    "epic games": "epic",
    "epic games store": "epic",
}
"""Our name of a store by the id of Playnite's plugin for it, or by what Playnite calls the source."""
_LITE_DB = b"This is a LiteDB file"
_ADD_ON = "In Playnite, export the library as JSON with an add-on such as Library Exporter, and import that file."


def read(path: Path, progress: Progress) -> Found:
    """The play times in an export. Raises ImportFileError with the place of what is wrong."""
    data = entries(path, LARGEST)
    if _LITE_DB in data[:256]:
        raise wrong(path, "It is Playnite's own database, not an export.", _ADD_ON)
    games = _games(path, data)
    times: dict[str, CountedTime] = {}
    until = path.stat().st_mtime
    for number, game in enumerate(games, 1):
        progress(number, len(games))
        for time in _time(path, number, game, until):
            before = times.get(time.game_id)
            times[time.game_id] = time if before is None or before.seconds < time.seconds else before
    idle = len(games) - len(times)
    return Found(
        SOURCE, times=tuple(times.values()), passed_over=(f"{idle:,} games without play time.",) if idle else ()
    )


def _games(path: Path, data: bytes) -> list[msgspec.Raw]:
    """The entries of the list, unread: what is not asked for of them takes no memory."""
    try:
        text = parse_text(data)
        if not text.lstrip().startswith("["):
            inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            games = next((raw for key, raw in inner.items() if key.lower() == "games"), b"null")
            return msgspec.json.decode(games, type=list[msgspec.Raw])
        return msgspec.json.decode(text, type=list[msgspec.Raw])
    except UnreadableError as error:
        raise wrong(path, error.cause) from error
    except RecursionError as error:
        raise wrong(path, "It is nested too deeply.") from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        cause = f"It is no list of games, and holds none under Games ({str(error)[:200]})."
        raise wrong(path, cause, _ADD_ON) from error


def _time(path: Path, number: int, raw: msgspec.Raw, until: float) -> Iterator[CountedTime]:
    """The play time of one game; none where it has none."""
    try:
        fields = {key.lower(): value for key, value in msgspec.json.decode(raw, type=dict[str, object]).items()}
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise wrong(path, f"Game {number} is no object with a Name ({str(error)[:200]}).") from error
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise wrong(path, f"Game {number} has no Name.")
    told = fields.get("playtime")
    seconds = seconds_of(0 if told is None else told)
    if seconds is None:
        raise wrong(path, f"Game {number} ({name[:60]!r}): its Playtime is no number of seconds.")
    if seconds > 0:
        played = _moment(path, f"Game {number} ({name[:60]!r})", fields.get("lastactivity"))
        yield CountedTime(SOURCE, "", _id(fields, name), name.strip(), seconds, until, played)


def _id(fields: Mapping[str, object], name: str) -> str:
    """The store's id where we know the store, else one of the name."""
    source = fields.get("source")
    source = source.get("Name", source.get("name")) if isinstance(source, dict) else source
    told = [str(value).strip().lower() for value in (fields.get("pluginid"), source) if value]
    store = next((STORES[value] for value in told if value in STORES), "")
    game_id = fields.get("gameid")
    if store and isinstance(game_id, str | int) and str(game_id).strip():
        return f"{store}:{str(game_id).strip()[:200]}"
    return f"name:{slug(name)}"


def _moment(path: Path, place: str, value: object) -> float | None:
    """A time as Playnite writes it; one without a zone is UTC."""
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise wrong(path, f"{place}: its LastActivity is no time.")
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(aware.timestamp(), 0.0)
