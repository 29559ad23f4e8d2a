"""Reads a file of ``[[tables]]``, such as rules and actions: each key is judged on its own, and all that is wrong told.

What the keys may hold is a struct's, and what is told where one is wrong stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from gamedetectd.config.files import parse, read_text
from gamedetectd.config.problems import Problem, printable, shown, suggestion
from gamedetectd.config.toml_lines import KeyPath


class TableFile:
    """An opened file; ``problems`` grows while it is judged."""

    hidden: frozenset[str] = frozenset()
    """Keys whose values are not repeated in messages."""

    def __init__(self, file: str, tables: dict[str, Any], lines: Mapping[KeyPath, int]) -> None:
        self.tables = tables
        self.problems: list[Problem] = []
        self._file = file
        self._lines = lines

    @classmethod
    def open(cls, path: Path) -> Self | Problem:
        """The file, empty where there is none; the problem where it cannot be read as a whole."""
        text = read_text(path)
        if isinstance(text, Problem):
            return text
        file = printable(str(path))
        parsed = parse(file, text)
        return parsed if isinstance(parsed, Problem) else cls(file, *parsed)

    def judge(
        self, where: KeyPath, entry: object, struct: type[msgspec.Struct], expected: Mapping[str, tuple[str, str]]
    ) -> dict[str, Any] | None:
        """The table at ``where`` (its kind and number); None if it is none, or anything in it is wrong.

        ``expected`` has, for each key, what it must be and the remedy.
        """
        kind = where[0]
        if not isinstance(entry, dict):
            self.complain(where, entry, "must be a table", f"Write [[{kind}]] and its keys below it.")
            return None
        before = len(self.problems)
        fields = {field.name: field for field in msgspec.structs.fields(struct)}
        for key, value in entry.items():
            if key not in fields:
                self.complain((*where, key), value, f"is no key of a {kind}", suggestion(key, fields))
            elif not _fits(value, fields[key].type):
                self.complain((*where, key), value, *expected[key])
        for name in (field.name for field in fields.values() if field.required and field.name not in entry):
            self.complain(where, "", f"has no {name}", expected[name][1])
        return entry if len(self.problems) == before else None

    def complain(self, where: KeyPath, value: object, message: str, remedy: str) -> None:
        """Note a problem; ``message`` follows the name of the key, ``value`` is "" where there is none."""
        named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)[1:]
        text = shown(value) if value != "" and where[-1] not in self.hidden else ""
        self.problems.append(Problem(self._file, self._lines[where], printable(named), text, message, remedy))


def _fits(value: object, wanted: Any) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True
