"""The settings in force, and what is told of each option: made of the structs in ``sections``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, get_args

import msgspec
from msgspec import Meta

from gamedetectd.config.outward import Catalogue, Covers, Dashboard, Http, Metrics, Presence, Update
from gamedetectd.config.sections import (
    SECTIONS,
    Detection,
    General,
    Health,
    Logging,
    Notifications,
    Privacy,
    Secrets,
    Sessions,
    Tray,
    Vision,
    Watch,
)

PREFIX = "GAMEDETECTD_"


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
    vision: Vision = field(default_factory=Vision)
    catalogue: Catalogue = field(default_factory=Catalogue)
    general: General = field(default_factory=General)
    tray: Tray = field(default_factory=Tray)
    notifications: Notifications = field(default_factory=Notifications)
    secrets: Secrets = field(default_factory=Secrets)
    health: Health = field(default_factory=Health)
    http: Http = field(default_factory=Http)
    dashboard: Dashboard = field(default_factory=Dashboard)
    metrics: Metrics = field(default_factory=Metrics)
    update: Update = field(default_factory=Update)
    presence: Presence = field(default_factory=Presence)
    covers: Covers = field(default_factory=Covers)
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
