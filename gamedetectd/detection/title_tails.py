"""What windows show behind a game's title, and packagers behind its directory's name: versions, renderers, progress."""

from __future__ import annotations

import re

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.title_words import (
    CERTAIN_RENDERER,
    COUNTERS,
    IN_BRACKETS,
    PACKAGING,
    PROGRESS,
    RENDERER,
    SCENE,
    STATUS,
    VERSION,
)

EDGE = " -–—|:*•·\t"
_DASH = r"(?:\s+-+\s*|\s*[–—|:•·~]+\s*)"
_BAR = r"(?:\s+[-–—|•·/]+\s*|\s*[–—|•]\s*)"
_ANY_TAIL = rf"(?:{VERSION}|{RENDERER}|{STATUS})"
_TECHNICAL_TAIL = rf"(?:{VERSION}|{RENDERER})"
_TAILS = tuple(
    Pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"\s*[(\[<{{]\s*[^()\[\]<>{{}}]*\b(?:{VERSION}|{RENDERER}|{STATUS}|{IN_BRACKETS})[^()\[\]<>{{}}]*[)\]>}}]\s*$",
        rf"\s*[(\[]\s*(?:{STATUS})\s*[)\]]\s*$",
        r"\s+[-–—]\s+\([^()]*\)$",
        rf"{_DASH}{_ANY_TAIL}(?:[\s,/-]+{_TECHNICAL_TAIL})*[.…\s]*$",
        rf"{_BAR}(?:{PROGRESS})$",
        rf"(?:{_DASH}|\s+)(?:{COUNTERS})\s*[:=]\s*[\d,.]+\b.*$",
        r"\s+(?:alpha|beta|early access|patch|update|build)\s+v?\d[\w.]*$",
        r"[\s_-]+(?:v(?:er(?:sion)?)?\.? ?\d[\w.+-]*|\d+\.\d+[\w.+~-]*|build ?\d+)[.…\s]*$",
        r"(?<=\w)\s+(?:v\d+\.\d+[\w.+-]*|\d+\.\d+\.\d+[\w.+-]*)\s.*$",
        r"(?<=\w)\s+(?:game )?(?:client|executable|application|binary)$",
        rf"{_DASH}build\b.*\d{{4}}.*$",
        rf"\s+(?:{CERTAIN_RENDERER})$",
        r"\s+\d+(?:[.,]\d+)? ?fps$",
    )
)
_ELLIPSIS = Pattern(r"(?:\.{2,}|…)$")
_ENDINGS = Pattern(r"\.(?:app|AppImage|appimage|exe|jar|love|x86_64|x86|x64|sh|py|pl|rb|pck|swf)$")
_PACKAGING = Pattern(rf"[\s_.-]+(?:{PACKAGING})$", re.IGNORECASE)
_SCENE = Pattern(rf"-(?:{SCENE})$")
_BRACKETED = Pattern(r"(?<=\S)\s*(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\})$")
_COPY = Pattern(r"(?:\s+-\s+copy|_copy|-(?:master|main))$", re.IGNORECASE)
_INNER_CAPITALS = Pattern(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)|(?<=\d)(?=[A-Z][a-z])")


def shorn(title: str) -> str:
    """A window's title without what is technical or passing at its end."""
    before = None
    while before != title:
        before = title
        for tail in _TAILS:
            title = tail.sub("", title) or title
        title = _ELLIPSIS.sub("", title).strip(EDGE)
    return title


def unpacked(name: str) -> str:
    """A directory's or file's name without its ending and what packagers add, as words."""
    plain = _ENDINGS.sub("", name).strip()
    before = None
    while before != plain:
        before = plain
        plain = _SCENE.sub("", _COPY.sub("", _BRACKETED.sub("", plain)))
    if " " not in plain and plain.count(".") >= 2:
        plain = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", plain).strip()
    spaced = " " in plain
    plain = re.sub(r"(?<=\w)[_+](?=\w)|(?<=[a-z])[.](?=[a-zA-Z])", " ", plain)
    if not spaced and " " not in plain and "-" in plain and plain == plain.lower():
        plain = plain.replace("-", " ")
    return plain if spaced else _INNER_CAPITALS.sub(" ", plain)


def unpackaged(title: str) -> str:
    """Without what packagers add at the end: platform, architecture, ``GOG``, ``Portable``, ``Early Access``."""
    before = None
    while before != title:
        before = title
        title = (_PACKAGING.sub("", title) or title).strip()
    return title
