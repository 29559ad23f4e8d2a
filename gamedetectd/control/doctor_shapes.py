"""What ``gamedetectd doctor --json`` prints. Fields are only ever added.

Of files it tells their place, size and protection, never their content; of settings, none that name what is private.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gamedetectd.control.shapes import Overall, Severity, StatusRow, Time

DaemonState = Literal["running", "hung", "died", "not-running"]
CapabilityState = Literal["used", "available", "fallback", "unsupported", "off"]


class FindingRow(msgspec.Struct, frozen=True):
    """Something that is wrong: ``remedy`` says what mends it, with the command where there is one.

    ``where`` is ``daemon`` for what the daemon itself reports, else the check that found it.
    """

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    where: str


class PartRow(msgspec.Struct, frozen=True):
    """A library the program stands on. ``version`` is null where it is not known; ``problem`` where it is missing."""

    name: str
    version: str | None
    problem: str | None


class PlaceRow(msgspec.Struct, frozen=True):
    """A directory or file of ours. What it is not, or what the system does not tell, is null; sizes are bytes.

    ``owner`` is ``you``, ``root`` or ``another account``. ``problem`` says what is wrong with it.
    """

    name: str
    path: str
    exists: bool
    mode: str | None
    owner: str | None
    bytes: int | None
    free_bytes: int | None
    problem: str | None


class CapabilityRow(msgspec.Struct, frozen=True):
    """A way of doing something that systems differ in: whether it is in use here, and why not.

    ``verified`` is how far this project's tests tried it on this kind of system (docs/platforms.md); "" where unknown.
    """

    purpose: str
    mechanism: str
    state: CapabilityState
    detail: str
    verified: str = ""


class SettingRow(msgspec.Struct, frozen=True):
    """One setting in force and where it was set (``default`` where nowhere). ``hidden``: only their number is told."""

    option: str
    value: Any
    origin: str
    hidden: bool


class BackupRow(msgspec.Struct, frozen=True):
    """A copy of the history."""

    file: str
    made_at: Time
    bytes: int


class HistoryRow(msgspec.Struct, frozen=True):
    """The play-time history. ``sound`` is null where there is none yet, or it could not be read."""

    path: str
    exists: bool
    sound: bool | None
    version: int | None
    sessions: int | None
    backups: list[BackupRow]
    set_aside: list[str]


class ListRow(msgspec.Struct, frozen=True):
    """A list of known games, or a store: how many are in, and why none where there are none."""

    name: str
    games: int
    detail: str


class SecretsRow(msgspec.Struct, frozen=True):
    """Where secrets are kept, how many there are, and what stands in the way. Never which."""

    store: str
    kept: int | None
    problem: str | None


class DoctorRow(msgspec.Struct, frozen=True):
    """Everything ``doctor`` looked at. ``status`` is the daemon's own word, null where none answers.

    ``logging_tree`` is of the daemon where ``logging_of`` is ``daemon``, else of logging set up as it would.
    """

    version: str
    at: Time
    seconds: Annotated[float, Meta(ge=0)]
    overall: Overall
    daemon: DaemonState
    findings: list[FindingRow]
    system: Mapping[str, str]
    parts: list[PartRow]
    places: list[PlaceRow]
    capabilities: list[CapabilityRow]
    settings: list[SettingRow]
    rules: int | None
    history: HistoryRow | None
    catalogue: list[ListRow]
    library: list[ListRow]
    secrets: SecretsRow | None
    logging_of: Literal["daemon", "doctor"]
    logging_tree: list[str]
    status: StatusRow | None


class StepRow(msgspec.Struct, frozen=True):
    """One step of the self-test. ``remedy`` is null where it passed."""

    name: str
    passed: bool
    seconds: Annotated[float, Meta(ge=0)]
    detail: str
    remedy: str | None


class SelfTestRow(msgspec.Struct, frozen=True):
    """What ``gamedetectd doctor --self-test --json`` prints."""

    version: str
    passed: bool
    seconds: Annotated[float, Meta(ge=0)]
    steps: list[StepRow]


class AuditProblemRow(msgspec.Struct, frozen=True):
    """One thing that is wrong with the audit trail. ``noted`` is when the trail itself told of it, else null."""

    place: str
    meaning: str
    noted: str | None


class AuditRow(msgspec.Struct, frozen=True):
    """What ``gamedetectd doctor --verify-audit --json`` prints.

    ``sealed`` of the lines are proven by the key, ``unsealed`` are chained only, ``other`` are lines that are none.
    """

    ok: bool
    summary: str
    lines: int
    sealed: int
    unsealed: int
    other: int
    problems: list[AuditProblemRow]


SHAPES: Mapping[str, Any] = {
    "doctor": DoctorRow,
    "doctor-self-test": SelfTestRow,
    "doctor-verify-audit": AuditRow,
}
"""What ``doctor`` prints with ``--json``, by what else it was asked for."""
