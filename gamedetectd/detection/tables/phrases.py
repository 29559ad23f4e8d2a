"""Readable tables of patterns: alternatives apart by semicolons, over as many lines as they need."""

from __future__ import annotations

import re

from gamedetectd.detection.pattern import Pattern


def alternatives(table: str) -> str:
    """The alternatives of a table as one pattern; runs of blanks and line ends within one count as one blank."""
    return "|".join(part for entry in table.split(";") if (part := " ".join(entry.split())))


def phrases(table: str) -> Pattern:
    """Any of a table's phrases as whole words, wherever they stand, in any case."""
    return Pattern(rf"(?<!\w)(?:{alternatives(table)})(?!\w)", re.IGNORECASE)


def whole(table: str) -> Pattern:
    """Any of a table's alternatives, to be matched from the beginning or in full, in any case."""
    return Pattern(alternatives(table), re.IGNORECASE)


def names(table: str) -> frozenset[str]:
    """The names of a table, apart by blanks or line ends."""
    return frozenset(table.split())


def places(table: str) -> tuple[str, ...]:
    """The directories of a table, apart by semicolons, each with one slash at its end."""
    return tuple(f"{' '.join(entry.split())}/" for entry in table.split(";"))
