"""Changes the person's rules file for them: a rule added, altered or taken out, all else left as they wrote it.

A change is made in the text, line by line, so that comments, order and spelling stay. The result is read again before
it is written: what would not come out as meant is not written at all.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.config.files import read_text
from gamedetectd.config.problems import Problem
from gamedetectd.config.rules import read_rules
from gamedetectd.config.toml_lines import key_lines, line_end
from gamedetectd.domain import Rule
from gamedetectd.errors import RulesError
from gamedetectd.platforms.permissions import ensure_private_dir, write_private_atomic

_ONE_LINE = re.compile(r"""(?P<key>\s*[^=]+?\s*=\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*')(?P<rest>\s*(?:\#.*)?)$""")
_LINES = re.compile(r"[^\n]*\n|[^\n]+$")
"""As TOML counts them: other characters that end a line elsewhere may stand in its texts."""
_HEADER = re.compile(r"\s*\[\[")
_BY_HAND = "Change the file by hand."


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one rule, from 0: ``start`` is its header's, ``keys`` where each key begins and has ended."""

    start: int
    keys: dict[str, tuple[int, int]]

    @property
    def end(self) -> int:
        """The line after its last key."""
        return max((end for _, end in self.keys.values()), default=self.start + 1)


def put_rule(path: Path, rule: Rule) -> Rule | None:
    """Write a rule into the file: over the last one for the same executable and argument, else at the end.

    Returns the rule that was there before, or None. Raises RulesError where the file has errors or cannot be written.
    """
    if not "".join(_values(rule).values()).isprintable():
        _refuse_unwritable(rule)
    text, rules = _read(path)
    place = next((at for at in reversed(range(len(rules))) if _same_program(rules[at], rule)), None)
    if place is None:
        _write(path, _appended(text, rule), (*rules, rule))
        return None
    _write(path, _altered(text, place, rule), (*rules[:place], rule, *rules[place + 1 :]))
    return rules[place]


def drop_rules(path: Path, unwanted: Callable[[Rule], bool]) -> tuple[Rule, ...]:
    """Take out every rule that is ``unwanted``, and return those. Raises as ``put_rule`` does."""
    text, rules = _read(path)
    places = [place for place, rule in enumerate(rules) if unwanted(rule)]
    if places:
        kept = tuple(rule for rule in rules if not unwanted(rule))
        _write(path, _without(text, places), kept)
    return tuple(rules[place] for place in places)


def _refuse_unwritable(rule: Rule) -> None:
    """Names of files may hold bytes that are no text. Raises RulesError for those."""
    try:
        "".join(_values(rule).values()).encode()
    except UnicodeEncodeError:
        raise RulesError(
            "The program's path or argument holds characters that no text can hold.",
            "Rename the file or its directory.",
        ) from None


def _same_program(one: Rule, other: Rule) -> bool:
    return (one.executable, one.argument) == (other.executable, other.argument)


# --- the file ---------------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[str, tuple[Rule, ...]]:
    rules, problems = read_rules(path)
    if rules is None or problems:
        raise RulesError(f"{problems[0]}", "Mend that first (`gamedetectd config check`); the file was left as it is.")
    text = read_text(path)
    if isinstance(text, Problem):
        raise RulesError(str(text), "Try again; the file was left as it is.")
    return text, rules


def _write(path: Path, text: str, wanted: tuple[Rule, ...]) -> None:
    """Put the text in the file's place, if it means exactly what is wanted; a link's file is written, not the link."""
    if _meaning(text) != wanted:
        raise RulesError(f"{path} is written in a way that no rule can be put into; it was left as it is.", _BY_HAND)
    place = Path(os.path.realpath(path))
    try:
        ensure_private_dir(place.parent)
        write_private_atomic(place, text.encode())
    except OSError as error:
        raise RulesError(
            f"{path} cannot be written: {error.strerror}.", "Look at that file and its directory."
        ) from error


def _meaning(text: str) -> tuple[Rule, ...] | None:
    """The rules that a text holds; None where it is no TOML any more."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    entries = tables.get("rule", [])
    return tuple(Rule(**entry) for entry in entries) if isinstance(entries, list) else None


# --- its text ---------------------------------------------------------------------------------------------------------


def _appended(text: str, rule: Rule) -> str:
    end = line_end(text)
    before = text if not text or text.endswith("\n") else text + end
    lines = ["[[rule]]", *(f"{key} = {_quoted(value)}" for key, value in _values(rule).items() if value)]
    return before + (end if before.strip() else "") + end.join(lines) + end


def _altered(text: str, place: int, rule: Rule) -> str:
    """The rule's own lines changed: a value is replaced in its line, a new key comes below the executable's."""
    lines, block = _LINES.findall(text), _blocks(text)[place]
    changes: list[tuple[int, int, list[str]]] = []
    for key, value in _values(rule).items():
        if key in block.keys:
            start, end = block.keys[key]
            changes.append((start, end, [_replaced(lines[start:end], key, value, line_end(text))] if value else []))
        elif value:
            after = block.keys["executable"][1]
            indent = re.match(r"\s*", lines[block.keys["executable"][0]])
            changes.append((after, after, [f"{indent[0] if indent else ''}{key} = {_quoted(value)}{line_end(text)}"]))
    if not lines[block.end - 1].endswith("\n"):
        lines[block.end - 1] += line_end(text)
    for start, end, new in sorted(changes, key=lambda change: change[:2], reverse=True):
        lines[start:end] = new
    return "".join(lines)


def _replaced(lines: list[str], key: str, value: str, end: str) -> str:
    found = _ONE_LINE.match(lines[0].rstrip("\r\n")) if len(lines) == 1 else None
    if found is None:
        return f"{key} = {_quoted(value)}{end}"
    return f"{found['key']}{_quoted(value)}{found['rest']}{end}"


def _without(text: str, places: list[int]) -> str:
    """The text without some rules; what stands before a header and after the last key stays."""
    lines, blocks = _LINES.findall(text), _blocks(text)
    for place in reversed(places):
        start, end = blocks[place].start, blocks[place].end
        if start and end < len(lines) and not lines[start - 1].strip() and not lines[end].strip():
            end += 1
        del lines[start:end]
    return "".join(lines)


def _blocks(text: str) -> list[_Block]:
    """The rules' lines, in order. Raises RulesError where the rules are not tables of their own."""
    lines = _LINES.findall(text)
    named = key_lines(text)
    starts = sorted(
        (where[1], line - 1) for where, line in named.items() if len(where) == 2 and isinstance(where[1], int)
    )
    if any(_HEADER.match(lines[line]) is None for _, line in starts):
        raise RulesError(
            "The rules stand in a list in one place and not in tables of their own.", "Write each below [[rule]]."
        )
    blocks = []
    for place, start in starts:
        keys = {
            str(where[2]): line - 1 for where, line in named.items() if where[:2] == ("rule", place) and len(where) == 3
        }
        blocks.append(_Block(start, {key: (line, _value_end(lines, line)) for key, line in keys.items()}))
    return blocks


def _value_end(lines: list[str], start: int) -> int:
    """The line after the one on which a value ends: the fewest lines that are TOML by themselves."""
    for end in range(start + 1, len(lines)):
        try:
            tomllib.loads("".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return len(lines)


def _values(rule: Rule) -> dict[str, str]:
    return {"kind": str(rule.kind), "executable": rule.executable, "argument": rule.argument, "title": rule.title}


def _quoted(value: str) -> str:
    """A TOML string; Windows' paths stand in single quotes, in which a backslash is one."""
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    shown = "".join(letter if letter.isprintable() else f"\\U{ord(letter):08X}" for letter in escaped)
    return f'"{shown}"'
