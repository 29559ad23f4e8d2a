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
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gamedetectd.config.problems import Problem, printable
from gamedetectd.config.table_file import TableFile
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
    file = _RulesFile.open(path)
    return (None, (file,)) if isinstance(file, Problem) else file.read()


class _RulesFile(TableFile):
    def read(self) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
        rules: list[Rule] = []
        for key, value in self.tables.items():
            if key == "rule" and isinstance(value, list):
                rules.extend(filter(None, (self._rule(place, entry) for place, entry in enumerate(value))))
            elif key == "rule":
                self.complain((key,), value, "must be a list of tables", "Write [[rule]], with two brackets.")
            else:
                self.complain((key,), value, "stands outside a rule", "Write it below a line [[rule]].")
        return tuple(rules), tuple(self.problems)

    def _rule(self, place: int, entry: object) -> Rule | None:
        """One rule, or None where anything in it is wrong."""
        where: KeyPath = ("rule", place)
        judged = self.judge(where, entry, _Entry, _EXPECTED)
        executable = entry.get("executable") if isinstance(entry, dict) else None
        if isinstance(executable, str) and re.search(r"[\\/]", executable) and not _FULL_PATH.match(executable):
            told = "is neither a full path nor a file name alone"
            self.complain((*where, "executable"), executable, told, _completed(executable))
            return None
        return None if judged is None else Rule(**{**judged, "kind": RuleKind(judged["kind"])})


def _completed(executable: str) -> str:
    """The remedy for half a path; a person's ``~`` is spelled out for them."""
    if executable.startswith("~"):
        return f"Write {printable(str(Path(executable).expanduser()))}."
    return "Write the path from the root on, or the file's name alone."
