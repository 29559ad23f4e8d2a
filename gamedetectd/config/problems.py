"""What is wrong with a setting or a rule, told so that a person can mend it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gamedetectd.config.schema import Origin

LONGEST_VALUE = 60
"""Characters of a wrong value that are shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``line`` is 0 where there is none; ``key`` and ``value`` are empty where none is meant.

    ``message`` follows "key = value"; ``remedy`` is a sentence. All of it can be printed on a terminal as it is.
    """

    file: str
    line: int
    key: str
    value: str
    message: str
    remedy: str

    @property
    def where(self) -> str:
        """``file:line``, or the file alone."""
        return str(Origin(self.file, self.line))

    def __str__(self) -> str:
        subject = " = ".join(filter(None, (self.key, self.value)))
        return " ".join(filter(None, (f"{self.where}:", subject, f"{self.message}.", self.remedy)))


def shown(value: object) -> str:
    """A value as it would stand in a TOML file, short, and without anything a terminal would obey."""
    return short(_written(value))


def whole(value: object) -> str:
    """The same, however long it is."""
    return printable(_written(value))


def _written(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # a whole number of more digits than Python is willing to write out
        return "a very long number"


def short(text: str) -> str:
    """The beginning of a text, if it is long, fit for a terminal."""
    return printable(text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…")


def printable(text: str) -> str:
    """The text with control, direction and undecodable characters spelled out."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, whatever its case, or None."""
    by_lower_case = {name.lower(): name for name in known}
    import difflib  # for a mistake alone

    matches = difflib.get_close_matches(word.lower(), by_lower_case, n=1, cutoff=0.6)
    return by_lower_case[matches[0]] if matches else None


def suggestion(word: str, known: Collection[str]) -> str:
    """A remedy that names what was probably meant, or all there is."""
    meant = nearest(word, known)
    return f"Did you mean {meant}?" if meant else f"There are: {', '.join(known)}."
