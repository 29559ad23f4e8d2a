"""Finds the one title that a title screen reads, among all titles that are known; a wrong one is worse than none.

The numbers below were chosen on half of the programs that ``packaging/models/title_screens.py`` measures, and frozen
before the other half was looked at: ``docs/measurements.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from gamedetectd.vision.child.title_words import COMMON, EDITIONS, GREETINGS, TAIL

READABLE = 0.85
"""Confidence from which on a line is believed."""
SHORTEST = 5
"""Letters and digits of a title at least."""
TOLERANT_FROM = 12
"""Letters and digits from which on one may be misread; shorter titles must be read as they are."""
LIKENESS = 0.92
"""Share of a long title's letters that must be read at least (Indel similarity, as rapidfuzz has it)."""
MARGIN = 0.06
"""How much less like any other title it must be."""
PROMINENT = 1.3
"""How many times as tall as the others' median the line of a title of one word is: a word may stand in any menu."""
FEW = 3
"""Lines beside it up to which a word stands out anyway."""
MOST_STACKED = 3
"""Lines that make up one title at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as it was read: how sure that is, 0 to 1, and its box in px."""

    text: str
    confidence: float
    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge in px."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """Its right edge in px."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Match:
    """A title, the text that reads it, and how alike both are: 0 to 1."""

    title: str
    text: str
    likeness: float


class Titles:
    """Every title that is known, in the spelling that is compared. ``add`` all of them, then ``find``."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        """What a title is called, by its words."""
        self._by_key: dict[str, str] = {}
        """Its words, by its letters."""
        self._words = ""
        """All of them in one text, for what is a part of several."""

    def add(self, titles: Iterable[str]) -> None:
        """Editions of one game are one title, called by the shortest of their names, the first of equal ones."""
        for title in titles:
            words = plain(_without_edition(_words(title)))
            if words and (words not in self._shown or len(title) < len(self._shown[words])):
                self._shown[words] = title
        self._by_key = {}

    def __len__(self) -> int:
        return len(self._shown)

    def find(self, lines: Sequence[Line]) -> Match | None:
        """The one title that the lines read beyond doubt; None where there is none, or more than one."""
        self._arrange()
        readable = [line for line in lines if line.confidence >= READABLE]
        found: dict[str, Match] = {}
        for stack in _stacks(readable):
            match = self._match(stack, readable)
            if match is not None:
                found.setdefault(match.title, match)
        longest = max(found.values(), key=lambda one: len(squeezed(one.title)), default=None)
        if longest is None or any(squeezed(one.title) not in squeezed(longest.title) for one in found.values()):
            return None
        return longest

    def _arrange(self) -> None:
        if not self._by_key:
            self._by_key = {words.replace(" ", ""): words for words in self._shown}
            self._words = "|".join(f" {words} " for words in self._shown)

    def _match(self, stack: Sequence[Line], lines: Sequence[Line]) -> Match | None:
        """The title that this stack of lines reads, if it is one that may be believed."""
        text = " ".join(line.text for line in stack)
        greeted, words = _said(text)
        key = words.replace(" ", "")
        if len(key) < SHORTEST - 1 or key in COMMON:
            return None
        likely = self._likely(key)
        if not likely:
            return None
        (best, likeness), *others = likely
        if others and likeness - others[0][1] < MARGIN:
            return None
        known = self._by_key[best]
        if self._doubtful(known) or not (greeted or _tells(known) or _stands_out(stack, lines)):
            return None
        return Match(self._shown[known], text, round(likeness, 4))

    def _likely(self, key: str) -> list[tuple[str, float]]:
        """The keys most like this one with their likeness, the best first; none where not even that is near enough."""
        from rapidfuzz import fuzz, process

        cutoff = 100 * (LIKENESS - MARGIN)
        near = process.extract(key, list(self._by_key), scorer=fuzz.ratio, score_cutoff=cutoff, limit=2)
        found = [(one, likeness / 100) for one, likeness, _ in near]
        if not found:
            return []
        best, likeness = found[0]
        enough = LIKENESS if len(best) >= TOLERANT_FROM else 1.0
        return found if likeness >= enough else []

    def _doubtful(self, words: str) -> bool:
        """True for titles too short or too common to tell a game, and for those that are a part of others."""
        letters = sum(one.isalpha() for one in words)
        key = words.replace(" ", "")
        if len(key) < SHORTEST or letters < SHORTEST - 1 or key in COMMON:
            return True
        return self._words.count(f" {words} ") > 1


def plain(words: Sequence[str]) -> str:
    """Words with what is misread most (0 and o; 1, i and l) made one letter."""
    return " ".join(words).translate(_MISREAD)


def squeezed(text: str) -> str:
    """The letters and digits of a title in the spelling that is compared."""
    return plain(_words(text)).replace(" ", "")


_MISREAD = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l"})
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’`]")
_MARKS = re.compile(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", _MARKS.sub(" ", text)).casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _WORD.findall(letters.replace("&", " and "))


def _without_edition(words: list[str]) -> list[str]:
    """Without what only tells which edition of a game it is; what is nothing else stays."""
    for count in (5, 4, 3, 2, 1):
        if len(words) > count and " ".join(words[-count:]) in EDITIONS:
            return _without_edition(words[:-count])
    return words


def _said(text: str) -> tuple[bool, str]:
    """Whether a text greets, and what it says besides, without a version or a copyright at its end."""
    shorn = TAIL.sub("", text)
    told = GREETINGS.sub("", shorn)
    return told != shorn, plain(_without_edition(_words(told)))


def _stacks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Each line, and up to ``MOST_STACKED`` that stand side by side or one below the other as parts of one title do."""
    ordered = sorted(lines, key=lambda line: (line.top, line.left))
    pending: list[tuple[Line, ...]] = [(line,) for line in ordered]
    while pending:
        stack = pending.pop()
        yield stack
        if len(stack) < MOST_STACKED:
            pending += [(*stack, line) for line in ordered if _follows(stack[-1], line)]


def _follows(line: Line, next_one: Line) -> bool:
    """True where the next one goes on with the line: beside it, or below it and in line with it."""
    tallest, smallest = max(line.height, next_one.height), min(line.height, next_one.height)
    if next_one is line or tallest > 2 * smallest:
        return False
    if abs(line.top + line.height / 2 - next_one.top - next_one.height / 2) < smallest / 2:
        return 0 <= next_one.left - line.right < 1.5 * tallest
    below = -0.3 * tallest <= next_one.top - line.bottom < tallest
    shared = min(line.right, next_one.right) - max(line.left, next_one.left)
    return below and shared > 0.5 * min(line.width, next_one.width)


def _tells(words: str) -> bool:
    """True for a title of several words, or of letters and digits: no menu has it by chance."""
    return " " in words or any(one.isdigit() for one in words)


def _stands_out(stack: Sequence[Line], lines: Sequence[Line]) -> bool:
    others = [line.height for line in lines if line not in stack]
    return len(others) <= FEW or min(line.height for line in stack) >= PROMINENT * median(others)
