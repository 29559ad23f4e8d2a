"""The person's own rules: which programs are games, which are not, and what they are called.

The file holds tables like this one::

    [[rule]]
    kind = "game"                      # or "ignore"
    executable = "/opt/abc/abc.bin"    # a full path, or the file's name alone
    argument = "--play"                # if given, it must be among the program's arguments
    title = "A Big Cave"               # if missing, the name is found as usual
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gamedetectd.config.files import parse, read_text
from gamedetectd.config.problems import Problem, printable, shown, suggestion
from gamedetectd.config.toml_lines import KeyPath
from gamedetectd.domain import Rule, RuleKind

_FULL_PATH = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
"""How a full path begins on any system: rules may name programs of another one, for ``judge``."""


class _Entry(msgspec.Struct, frozen=True):
    """The keys of one rule; each is judged on its own."""

    kind: Literal["game", "ignore"]
    executable: Annotated[str, Meta(min_length=1)]
    argument: str = ""
    title: str = ""


_EXPECTED: Mapping[str, tuple[str, str]] = {
    "kind": ('must be "game" or "ignore"', 'Write kind = "game" or kind = "ignore".'),
    "executable": (
        "must be a text that is not empty",
        'Write the program\'s full path or its file name, as in executable = "supertux2".',
    ),
    "argument": ("must be a text", 'Write it in quotes, as in argument = "--play".'),
    "title": ("must be a text", 'Write it in quotes, as in title = "A Big Cave".'),
}


def load_rules(path: Path) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The rules that can be used, in the file's order, and everything that is wrong with the others.

    A missing file means no rules.
    """
    rules, problems = read_rules(path)
    return rules or (), problems


def read_rules(path: Path) -> tuple[tuple[Rule, ...] | None, tuple[Problem, ...]]:
    """The same, but None in place of the rules where the file as a whole cannot be read."""
    text = read_text(path)
    if isinstance(text, Problem):
        return None, (text,)
    file = printable(str(path))
    parsed = parse(file, text)
    if isinstance(parsed, Problem):
        return None, (parsed,)
    return _Reader(file, *parsed).read()


class _Reader:
    def __init__(self, file: str, tables: dict[str, Any], lines: Mapping[KeyPath, int]) -> None:
        self._file = file
        self._tables = tables
        self._lines = lines
        self._problems: list[Problem] = []

    def read(self) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
        rules: list[Rule] = []
        for key, value in self._tables.items():
            if key == "rule" and isinstance(value, list):
                rules.extend(filter(None, (self._rule(place, entry) for place, entry in enumerate(value))))
            elif key == "rule":
                self._complain((key,), value, "must be a list of tables", "Write [[rule]], with two brackets.")
            else:
                self._complain((key,), value, "stands outside a rule", "Write it below a line [[rule]].")
        return tuple(rules), tuple(self._problems)

    def _rule(self, place: int, entry: object) -> Rule | None:
        """One rule, or None where anything in it is wrong."""
        where: KeyPath = ("rule", place)
        if not isinstance(entry, dict):
            self._complain(where, entry, "must be a table", "Write [[rule]] and its keys below it.")
            return None
        before = len(self._problems)
        for key, value in entry.items():
            self._judge((*where, key), key, value)
        for field in msgspec.structs.fields(_Entry):
            if field.required and field.name not in entry:
                self._complain(where, "", f"has no {field.name}", _EXPECTED[field.name][1])
        if len(self._problems) > before:
            return None
        return Rule(**{**entry, "kind": RuleKind(entry["kind"])})

    def _judge(self, where: KeyPath, key: str, value: object) -> None:
        types = {field.name: field.type for field in msgspec.structs.fields(_Entry)}
        if key not in types:
            self._complain(where, value, "is no key of a rule", suggestion(key, types))
            return
        try:
            converted = msgspec.convert(value, types[key])
        except msgspec.ValidationError:
            self._complain(where, value, *_EXPECTED[key])
            return
        if key == "executable" and re.search(r"[\\/]", converted) and not _FULL_PATH.match(converted):
            self._complain(where, value, "is neither a full path nor a file name alone", _completed(converted))

    def _complain(self, where: KeyPath, value: object, message: str, remedy: str) -> None:
        named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)[1:]
        text = shown(value) if value != "" else ""
        self._problems.append(Problem(self._file, self._lines[where], printable(named), text, message, remedy))


def _completed(executable: str) -> str:
    """The remedy for half a path; a person's ``~`` is spelled out for them."""
    if executable.startswith("~"):
        return f"Write {printable(str(Path(executable).expanduser()))}."
    return "Write the path from the root on, or the file's name alone."
