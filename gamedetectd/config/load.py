"""Makes the settings out of the file, the environment and the command line, each later one above the earlier.

Every value is judged on its own, so that one look names everything that is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import msgspec

from gamedetectd.config.actions import HOOK_VARIABLES
from gamedetectd.config.files import parse, read_text
from gamedetectd.config.problems import Problem, nearest, printable, shown, suggestion
from gamedetectd.config.schema import PREFIX, Option, Origin, Settings, options
from gamedetectd.config.sections import SECTIONS
from gamedetectd.config.toml_lines import KeyPath
from gamedetectd.domain import CORRELATION_VARIABLE
from gamedetectd.errors import SettingsError
from gamedetectd.paths import HOME_VARIABLE, MODELS_VARIABLE, Paths

COMMAND_LINE = "the command line"
_NO_SETTINGS = frozenset({HOME_VARIABLE, MODELS_VARIABLE, CORRELATION_VARIABLE, *HOOK_VARIABLES})
NO_FLAGS: Mapping[str, object] = MappingProxyType({})


class InvalidSettingsError(SettingsError):
    """The settings are wrong in at least one place; ``problems`` names all of them."""

    code = "GD105"
    title = "The settings have errors"

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = "One thing is" if len(problems) == 1 else f"{len(problems)} things are"
        super().__init__(
            "\n".join((f"{count} wrong:", *(f"  {problem}" for problem in problems))),
            "`gamedetectd config check` shows this as a table, `gamedetectd config schema` all that is possible.",
        )
        self.problems = tuple(problems)


def load(paths: Paths, environment: Mapping[str, str] = os.environ, flags: Mapping[str, object] = NO_FLAGS) -> Settings:
    """The settings in force. Raises InvalidSettingsError (a SettingsError) with every problem there is.

    ``flags`` maps ``section.key`` to a value, or to None for a flag that was not given; a text is read like a variable
    of the environment.
    """
    settings, problems = _read(paths, environment, flags)
    if problems:
        raise InvalidSettingsError(problems)
    return settings


def check(
    text: str,
    environment: Mapping[str, str] = os.environ,
    flags: Mapping[str, object] = NO_FLAGS,
    file: str = "settings.toml",
) -> list[Problem]:
    """Everything that is wrong with the text of a settings file, the environment and the flags."""
    return _judge(file, text, environment, flags)[1]


def check_file(
    paths: Paths, environment: Mapping[str, str] = os.environ, flags: Mapping[str, object] = NO_FLAGS
) -> list[Problem]:
    """The same for the settings file of this account, with what keeps it from being read."""
    return _read(paths, environment, flags)[1]


@dataclass(frozen=True, slots=True)
class Effective:
    """One option as it is in force, and where its value was set (``default`` where nowhere)."""

    option: Option
    value: object
    origin: str


def show(settings: Settings) -> tuple[Effective, ...]:
    """Every option in force, in the order of the template."""
    return tuple(
        Effective(option, settings.value(name), str(settings.origins.get(name, "default")))
        for name, option in options().items()
    )


def _read(paths: Paths, environment: Mapping[str, str], flags: Mapping[str, object]) -> tuple[Settings, list[Problem]]:
    text = read_text(paths.settings_file)
    unreadable = [text] if isinstance(text, Problem) else []
    settings, problems = _judge(
        printable(str(paths.settings_file)), "" if isinstance(text, Problem) else text, environment, flags
    )
    return settings, [*unreadable, *problems]


def _judge(
    file: str, text: str, environment: Mapping[str, str], flags: Mapping[str, object]
) -> tuple[Settings, list[Problem]]:
    found = _Findings()
    _take_file(found, file, text)
    _take_environment(found, environment)
    _take_flags(found, flags)
    settings = found.settings()
    found.problems.extend(_contradictions(settings))
    return settings, found.problems


@dataclass(slots=True)
class _Findings:
    """What the sources said so far; a later ``take`` of the same option wins."""

    values: dict[str, object] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, option: Option, value: object, origin: Origin, convert: Callable[[Any, Any], object]) -> None:
        try:
            self.values[option.name] = convert(value, option.type)
        except (msgspec.MsgspecError, UnicodeError):
            self.complain(
                origin,
                option.name,
                value,
                f"must be {option.expects}",
                f"Write for example {option.key} = {shown(option.example)}.",
            )
        else:
            self.origins[option.name] = origin

    def complain(self, origin: Origin, key: str, value: object, message: str, remedy: str) -> None:
        self.problems.append(Problem(origin.source, origin.line, printable(key), shown(value), message, remedy))

    def settings(self) -> Settings:
        sections: dict[str, Any] = {
            section: struct(
                **{
                    option.key: self.values[option.name]
                    for option in options().values()
                    if option.section == section and option.name in self.values
                }
            )
            for section, struct in SECTIONS.items()
        }
        return Settings(**sections, origins=MappingProxyType(self.origins))


def _take_file(found: _Findings, file: str, text: str) -> None:
    parsed = parse(file, text)
    if isinstance(parsed, Problem):
        found.problems.append(parsed)
        return
    tables, lines = parsed
    for section, table in tables.items():
        origin = Origin(file, lines[(section,)])
        if section not in SECTIONS:
            found.complain(origin, section, table, *_unknown_section(section, table))
        elif not isinstance(table, dict):
            found.complain(origin, section, table, "must be a section", f"Write [{section}] on a line of its own.")
        else:
            _take_table(found, file, section, table, lines)


def _take_table(
    found: _Findings, file: str, section: str, table: Mapping[str, object], lines: Mapping[KeyPath, int]
) -> None:
    for key, value in table.items():
        name = f"{section}.{key}"
        origin = Origin(file, lines[section, key])
        option = options().get(name)
        if option is None:
            found.complain(origin, name, value, *_unknown_key(section, key))
        else:
            found.take(option, value, origin, msgspec.convert)


def _take_environment(found: _Findings, environment: Mapping[str, str]) -> None:
    known = {option.variable: option for option in options().values()}
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable in _NO_SETTINGS:
            continue
        origin = Origin(f"the environment ({printable(variable)})")
        option = known.get(variable)
        if option is None:
            remedy = suggestion(variable, (*known, HOME_VARIABLE))  # its value could be a secret and is not shown
            found.problems.append(Problem(origin.source, 0, "", "", "is no variable of ours", remedy))
        else:
            found.take(option, environment[variable], origin, convert_text)


def _take_flags(found: _Findings, flags: Mapping[str, object]) -> None:
    for name, value in flags.items():
        option = options().get(name)
        if value is None:
            continue
        if option is None:
            found.complain(Origin(COMMAND_LINE), name, value, "is no option", suggestion(name, options()))
        else:
            convert = convert_text if isinstance(value, str) else msgspec.convert
            found.take(option, value, Origin(COMMAND_LINE), convert)


def convert_text(text: str, wanted: Any) -> object:
    """A text from outside a file as the wanted type; a list is a JSON array, or its texts separated by commas.

    Raises msgspec.MsgspecError or UnicodeError where it cannot be that.
    """
    if msgspec.json.schema(wanted).get("type") != "array":
        return msgspec.convert(text.strip(), wanted, strict=False)
    if text.lstrip().startswith("["):
        return msgspec.json.decode(text, type=wanted)
    return msgspec.convert([part.strip() for part in text.split(",") if part.strip()], wanted)


def _unknown_section(name: str, value: object) -> tuple[str, str]:
    """What is wrong with a name at the top of the file, and the remedy: often a section was forgotten."""
    if isinstance(value, dict):
        return "is no section", suggestion(name, SECTIONS)
    keys = [option.key for option in options().values()]
    meant = nearest(name, keys)
    if meant is None:
        return "stands outside every section", f"There are the sections {', '.join(SECTIONS)}."
    return "stands outside its section", f"Write {meant} below [{_home_of(meant)}]."


def _unknown_key(section: str, key: str) -> tuple[str, str]:
    home = _home_of(key)
    if home:
        return f"is no option of [{section}]", f"It belongs below [{home}]."
    siblings = [option.key for option in options().values() if option.section == section]
    return f"is no option of [{section}]", suggestion(key, siblings)


def _home_of(key: str) -> str | None:
    """The section an option is in, by its key alone."""
    return next((option.section for option in options().values() if option.key == key), None)


def _contradictions(settings: Settings) -> list[Problem]:
    """What is wrong only together."""
    logging = settings.logging
    if logging.max_total_bytes >= logging.max_file_bytes:
        return []
    name = "logging.max_total_bytes"
    origin = settings.origins.get(name) or settings.origins["logging.max_file_bytes"]
    return [
        Problem(
            origin.source,
            origin.line,
            name,
            shown(logging.max_total_bytes),
            f"is less than logging.max_file_bytes = {logging.max_file_bytes}",
            "Let all files together be at least as long as one.",
        )
    ]
