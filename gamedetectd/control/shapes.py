"""The JSON that other programs rely on: what ``--json`` prints and what the control channel sends, with its schemas.

Times are RFC 3339 in UTC with milliseconds (``2026-11-23T08:46:00.000Z``), durations seconds, probabilities 0 to 1.
Fields are only ever added. Every converter takes ``hide``, which takes out of a text what the person marked private;
window titles pass through it wherever they can occur.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gamedetectd.control.covers_shapes import CoversRow
from gamedetectd.control.daemon_shapes import DaemonRow
from gamedetectd.control.metrics_shapes import MetricsRow
from gamedetectd.control.secret_shapes import SecretListRow
from gamedetectd.control.vision_shapes import (
    VisionBenchRow,
    VisionPictureRow,
    VisionReadRow,
    VisionReferenceRow,
    VisionStatusRow,
)
from gamedetectd.domain import (
    ActiveCondition,
    Evidence,
    Game,
    ProcessKey,
    Rule,
    Session,
    SessionEvent,
    Snapshot,
    Verdict,
)

Hide = Callable[[str], str]
Time = Annotated[str, Meta(description="RFC 3339, UTC, milliseconds.", extra_json_schema={"format": "date-time"})]
Probability = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0)]
EndedBy = Literal["exit", "lost", "paused", "corrected"]
EventKind = Literal["started", "updated", "paused", "resumed", "ended", "corrected"]
Severity = Literal["info", "warning", "error"]
Overall = Literal["healthy", "degraded", "unhealthy"]
_EPOCH = datetime.fromtimestamp(0, UTC)
_LAST_SECOND = 253_402_300_799.0
"""The end of the year 9999, the last RFC 3339 can write."""


class GameRow(msgspec.Struct, frozen=True):
    """A game: ``id`` is stable, such as ``steam:620`` or ``name:supertux``.

    ``platform`` is the machine it was made for where an emulator runs it, such as ``Nintendo 64``; null otherwise.
    """

    id: str
    title: str
    platform: str | None = None


class EvidenceRow(msgspec.Struct, frozen=True):
    """One reason. ``weight`` is log-odds: positive speaks for a game, negative against."""

    source: str
    weight: float
    reason: str


class ScanRow(msgspec.Struct, frozen=True):
    """A game that is being played now. ``foreground``: its window has the focus. ``processes`` are process ids."""

    game: GameRow
    probability: Probability
    started_at: Time
    foreground: bool
    processes: list[int]
    evidence: list[EvidenceRow]


class SessionRow(msgspec.Struct, frozen=True):
    """One stretch of play. ``ended_at`` and ``ended_by`` are null while it goes on.

    ``active_seconds`` and ``idle_seconds`` add up to ``foreground_seconds``.
    """

    id: str
    game: GameRow
    started_at: Time
    ended_at: Time | None
    foreground_seconds: Seconds
    active_seconds: Seconds
    idle_seconds: Seconds
    ended_by: EndedBy | None
    evidence: list[EvidenceRow]


class PastSessionRow(SessionRow, frozen=True):
    """A session of the history. ``source`` is the program it was imported from; null where it was watched here."""

    source: str | None = None


class JudgeRow(msgspec.Struct, frozen=True):
    """The answer for one program."""

    id: str
    is_game: bool
    game: GameRow | None
    probability: Probability
    evidence: list[EvidenceRow]


class ExplainRow(JudgeRow, frozen=True):
    """The answer for one program and the ``facts`` it rests on, in the facts format: it can be judged again."""

    facts: dict[str, Any]


class ConditionRow(msgspec.Struct, frozen=True):
    """Something that is wrong, and what to do about it."""

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    since: Time


class HealthRow(msgspec.Struct, frozen=True):
    """How the daemon is."""

    overall: Overall
    conditions: list[ConditionRow]


class StatusRow(msgspec.Struct, frozen=True):
    """The daemon as a whole. ``health`` is null when it does not run; ``paused_until`` is null for "until resumed".

    ``daemon`` is its parts: null when it does not run, or is of a version that did not tell.
    """

    version: str
    running: bool
    paused: bool
    paused_until: Time | None
    sessions: list[SessionRow]
    health: HealthRow | None
    counters: dict[str, float]
    daemon: DaemonRow | None = None


class EventRow(msgspec.Struct, frozen=True):
    """One event of a session, with the session right after it. ``number`` only grows; ``id`` repeats on redelivery."""

    number: int
    id: str
    kind: EventKind
    at: Time
    correlation_id: str
    session: SessionRow


class RuleRow(msgspec.Struct, frozen=True):
    """One of the person's own rules, as the rules file has it; ``argument`` and ``title`` are null where not given."""

    kind: Literal["game", "ignore"]
    executable: str
    argument: str | None
    title: str | None


class AliasRow(msgspec.Struct, frozen=True):
    """Another id that was found to be the same game's, why, and since when that is known."""

    id: str
    reason: str
    at: Time


class OutsideRow(msgspec.Struct, frozen=True):
    """What the program ``source`` counted for a game: ``seconds``, of which ``outside_seconds`` are in no session."""

    source: str
    seconds: Seconds
    outside_seconds: Seconds


class PlayedGameRow(msgspec.Struct, frozen=True):
    """A game of the history: how often and how long it was played, and which ids were merged into its own.

    ``outside`` is what another program counted, null where none did: ``seconds`` and its ``outside_seconds`` together
    are all that is known.
    """

    game: GameRow
    sessions: int
    seconds: Seconds
    also: list[AliasRow]
    outside: OutsideRow | None = None


class GamesRow(msgspec.Struct, frozen=True):
    """The person's rules in the file's order, and the games of the history, the most played first."""

    rules: list[RuleRow]
    games: list[PlayedGameRow]


def rfc3339(wall: float) -> str:
    """A wall time as text; what the calendar cannot hold becomes its nearest end."""
    bounded = min(max(wall, 0.0), _LAST_SECOND) if not math.isnan(wall) else 0.0
    text = (_EPOCH + timedelta(seconds=bounded)).isoformat(
        timespec="milliseconds"
    )  # Windows' own ends in the year 3000
    return text.removesuffix("+00:00") + "Z"


def game_row(game: Game, hide: Hide) -> GameRow:
    """A game as others see it."""
    return GameRow(game.id, hide(game.title), game.platform or None)


def evidence_rows(evidence: Iterable[Evidence], hide: Hide) -> list[EvidenceRow]:
    """Reasons as others see them."""
    return [EvidenceRow(one.source, one.weight, hide(one.reason)) for one in evidence]


def scan_row(session: Session, foreground: bool, hide: Hide) -> ScanRow:
    """A running session as ``scan`` shows it."""
    return ScanRow(
        game=game_row(session.game, hide),
        probability=session.probability,
        started_at=rfc3339(session.started_at),
        foreground=foreground,
        processes=_pids(session.processes),
        evidence=evidence_rows(session.evidence, hide),
    )


def session_row(session: Session, hide: Hide) -> SessionRow:
    """A session, running or ended."""
    return SessionRow(
        id=session.id,
        game=game_row(session.game, hide),
        started_at=rfc3339(session.started_at),
        ended_at=_rfc3339_or_none(session.ended_at),
        foreground_seconds=_seconds(session.foreground_seconds),
        active_seconds=_seconds(session.active_seconds),
        idle_seconds=_seconds(session.idle_seconds),
        ended_by=session.ended_by.value if session.ended_by is not None else None,
        evidence=evidence_rows(session.evidence, hide),
    )


def past_session_row(session: Session, source: str, hide: Hide) -> PastSessionRow:
    """A session of the history, from the program ``source`` or, where that is "", from here."""
    row = session_row(session, hide)
    return PastSessionRow(
        row.id,
        row.game,
        row.started_at,
        row.ended_at,
        row.foreground_seconds,
        row.active_seconds,
        row.idle_seconds,
        row.ended_by,
        row.evidence,
        source or None,
    )


def judge_row(program_id: str, verdict: Verdict, hide: Hide) -> JudgeRow:
    """A verdict about the program called ``program_id``."""
    return JudgeRow(
        id=program_id,
        is_game=verdict.is_game,
        game=game_row(verdict.game, hide) if verdict.game is not None else None,
        probability=verdict.probability,
        evidence=evidence_rows(verdict.evidence, hide),
    )


def explain_row(program_id: str, verdict: Verdict, facts: Mapping[str, object], hide: Hide) -> ExplainRow:
    """A verdict with its ``facts``, given as the facts format writes them."""
    row = judge_row(program_id, verdict, hide)
    shown = dict(facts)
    window, texts = shown.get("window"), shown.get("texts")
    if isinstance(window, Mapping):
        shown["window"] = {**window, "title": hide(str(window.get("title", "")))}
    if isinstance(texts, list | tuple):
        shown["texts"] = [hide(str(text)) for text in texts]
    return ExplainRow(row.id, row.is_game, row.game, row.probability, row.evidence, shown)


def condition_row(condition: ActiveCondition, hide: Hide) -> ConditionRow:
    """A condition of health."""
    return ConditionRow(
        condition.code,
        condition.title,
        condition.severity.value,
        hide(condition.message),
        condition.remedy,
        rfc3339(condition.since),
    )


def status_row(snapshot: Snapshot, overall: Overall, hide: Hide) -> StatusRow:
    """A running daemon; ``overall`` is what health makes of the snapshot's conditions."""
    until = snapshot.paused_until
    return StatusRow(
        version=snapshot.version,
        running=True,
        paused=until is not None,
        paused_until=None if until is None or math.isinf(until) else rfc3339(until),
        sessions=[session_row(session, hide) for session in snapshot.sessions],
        health=HealthRow(overall, [condition_row(condition, hide) for condition in snapshot.conditions]),
        counters=dict(snapshot.counters),
    )


def not_running_row(version: str) -> StatusRow:
    """The status when no daemon runs."""
    return StatusRow(
        version=version, running=False, paused=False, paused_until=None, sessions=[], health=None, counters={}
    )


def event_row(event: SessionEvent, hide: Hide) -> EventRow:
    """An event as ``watch`` prints it."""
    return EventRow(
        event.number,
        event.id,
        event.kind.value,
        rfc3339(event.at),
        event.correlation_id,
        session_row(event.session, hide),
    )


def rule_row(rule: Rule, hide: Hide) -> RuleRow:
    """One of the person's rules."""
    return RuleRow(rule.kind.value, rule.executable, rule.argument or None, hide(rule.title) if rule.title else None)


SHAPES: Mapping[str, Any] = {
    "scan": list[ScanRow],
    "sessions": list[PastSessionRow],
    "explain": ExplainRow,
    "judge": JudgeRow,
    "status": StatusRow,
    "watch": EventRow,
    "game": GamesRow,
    "metrics": MetricsRow,
    "covers": CoversRow,
    "secret": SecretListRow,
    "vision": VisionStatusRow,
    "vision-bench": VisionBenchRow,
    "vision-references": list[VisionReferenceRow],
    "vision-test": VisionPictureRow,
    "vision-test-read": VisionReadRow,
}
"""What each command prints with ``--json``: one value, or one a line for ``judge`` and ``watch``; those of ``game`` and
``secret`` are their lists', those of ``covers`` and ``vision`` their status'."""


def schemas(shapes: Mapping[str, Any] = SHAPES) -> dict[str, dict[str, Any]]:
    """The JSON Schema (draft 2020-12) of each command's output; ``doctor-self-test`` is ``doctor --self-test``'s."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"gamedetectd {name.replace('doctor-', 'doctor --').replace('vision-', 'vision ')} --json",
            **msgspec.json.schema(shape),
        }
        for name, shape in shapes.items()
    }


def _pids(keys: Iterable[ProcessKey]) -> list[int]:
    return sorted({key.pid for key in keys})


def _seconds(value: float) -> float:
    return round(max(value, 0.0), 3)


def _rfc3339_or_none(wall: float | None) -> str | None:
    return rfc3339(wall) if wall is not None else None
