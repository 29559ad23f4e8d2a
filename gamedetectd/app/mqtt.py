"""MQTT in a daemon: who this computer is to a broker, and what is true now as brokers are told it."""

from __future__ import annotations

import logging
import re
import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from gamedetectd.config.actions import Mqtt
from gamedetectd.control.shapes import Overall, Time, rfc3339
from gamedetectd.control.wire import printable
from gamedetectd.domain import Session, SessionEvent, Severity
from gamedetectd.errors import HistoryError, PermissionsError
from gamedetectd.health.conditions import overall
from gamedetectd.observability.redaction import redact
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import write_private_atomic
from gamedetectd.platforms.regular_files import read_regular
from gamedetectd.sinks.mqtt import MqttSink, State
from gamedetectd.sinks.wanted import wanted_game
from gamedetectd.views.tray_state import summary

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

EVERY_MINUTE = 60.0
"""Seconds between two states while a game is played: today's play time grows."""
_DAY = 86_400.0
_MOST_SESSIONS = 2_000
_LONGEST_NAME = 64
_ID = re.compile(r"[0-9a-f]{16}")


class PlayedRow(msgspec.Struct, frozen=True):
    """A game that is played now."""

    id: str
    title: str
    since: Time


class MqttStateRow(msgspec.Struct, frozen=True):
    """What is true now. ``game``, ``game_id`` and ``since`` are of the game in front, or the one started last; null for
    none. ``problems`` are the titles of the conditions that make it unwell.
    """

    playing: bool
    game: str | None
    game_id: str | None
    since: Time | None
    games: list[PlayedRow]
    today_seconds: int
    health: Overall
    problems: list[str]
    version: str


def mqtt_sink(
    broker: Mqtt,
    paths: Paths,
    encode: Callable[[SessionEvent], bytes],
    secret: Callable[[str], str],
    state: State | None,
) -> MqttSink:
    """A broker as a sink. ``secret`` gives the value of a name; without a ``state`` it is nobody's but a command's."""
    named = msgspec.structs.replace(broker, machine=broker.machine or this_computer())
    own = own_id(paths) if state is not None else f"test-{secrets.token_hex(4)}"
    client_id = f"gamedetectd-{named.machine}-{named.name}-{own}"
    return MqttSink(named, client_id, encode, state, lambda: secret(named.password_secret))


def state_of(daemon: Daemon, games: tuple[str, ...]) -> State:
    """What a broker that wants these games is told of a daemon."""

    def state() -> tuple[bytes, float | None]:
        snapshot = daemon.snapshot()
        playing = [one for one in snapshot.sessions if wanted_game(one.game, games)]
        playing.sort(key=lambda one: (one.id in snapshot.foreground, one.started_at), reverse=True)
        rows = [PlayedRow(one.game.id, redact(one.game.title), rfc3339(one.started_at)) for one in playing]
        first = rows[0] if rows else None
        row = MqttStateRow(
            playing=bool(rows),
            game=first.title if first else None,
            game_id=first.id if first else None,
            since=first.since if first else None,
            games=rows,
            today_seconds=_today(daemon, playing, games),
            health=overall(snapshot.conditions),
            problems=[one.title for one in snapshot.conditions if one.severity is not Severity.INFO],
            version=snapshot.version,
        )
        return msgspec.json.encode(printable(msgspec.to_builtins(row))), EVERY_MINUTE if rows else _until_midnight()

    return state


def own_id(paths: Paths) -> str:
    """What tells this computer from all others to a broker: made by chance once, and anew on a computer of another
    name, since whole disks are copied. Where it cannot be kept, another one each time.
    """
    file, host = paths.state / "mqtt-id", socket.gethostname()
    try:
        kept, _, of_host = read_regular(file, 1_000).decode("utf-8", "replace").partition("\n")
        if _ID.fullmatch(kept) and of_host == host:
            return kept
    except OSError:  # there is none yet
        pass
    made = secrets.token_hex(8)
    try:
        write_private_atomic(file, f"{made}\n{host}".encode())
    except (OSError, PermissionsError) as error:
        log.warning("the client id for MQTT cannot be kept: %s", error)
    return made


def this_computer() -> str:
    """The host's name without its domain, as a level of a topic."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", socket.gethostname().partition(".")[0]).strip("-")
    return name[:_LONGEST_NAME] or "computer"


def _today(daemon: Daemon, playing: list[Session], games: tuple[str, ...]) -> int:
    """Seconds played today, as the tray tells them."""
    now = datetime.now().astimezone()
    try:
        lately = daemon.reader.sessions(now.timestamp() - 2 * _DAY, None, _MOST_SESSIONS)
    except HistoryError as error:
        log.warning("today's play time is not known: %s", error)
        lately = ()
    known = {one.id for one in playing}
    ended = [one for one in lately if one.ended_at is not None and one.id not in known and wanted_game(one.game, games)]
    return int(summary([*playing, *ended], now).today)


def _until_midnight() -> float:
    """Seconds until today's play time is none."""
    now = datetime.now().astimezone()
    return max(60.0, _DAY - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds())
