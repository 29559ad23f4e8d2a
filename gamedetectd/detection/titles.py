"""Titles as people write them: cleaned of versions, status and renderers, and compared by a slug."""

from __future__ import annotations

import re
import unicodedata

from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.title_words import (
    CERTAIN_RENDERER,
    GENERIC,
    IN_BRACKETS,
    PACKAGING,
    RENDERER,
    STATUS,
    VERSION,
)

_LONGEST = 300
"""Characters of a title that are looked at; longer ones are no titles."""

_MARKS = re.compile(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)
_DASH = r"(?:\s+-+\s*|\s*[–—|:•·~]+\s*)"
_ANY_TAIL = rf"(?:{VERSION}|{RENDERER}|{STATUS})"
_TECHNICAL_TAIL = rf"(?:{VERSION}|{RENDERER})"
_SEPARATED_TAIL = re.compile(
    rf"{_DASH}{_ANY_TAIL}(?:[\s,/-]+{_TECHNICAL_TAIL})*[.…\s]*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    rf"\s*[(\[<{{]\s*[^()\[\]<>{{}}]*\b(?:{VERSION}|{RENDERER}|{STATUS}|{IN_BRACKETS})[^()\[\]<>{{}}]*[)\]>}}]\s*$",
    re.IGNORECASE,
)
_DASHED_BRACKETS = re.compile(r"\s+[-–—]\s+\([^()]*\)$")
_TRAILING_VERSION = re.compile(
    r"[\s_-]+(?:v(?:er(?:sion)?)?\.? ?\d[\w.+-]*|\d+\.\d+[\w.+~-]*|build ?\d+)[.…\s]*$", re.IGNORECASE
)
_TRAILING_RENDERER = re.compile(rf"\s+(?:{CERTAIN_RENDERER})$", re.IGNORECASE)
_TRAILING_CLIENT = re.compile(r"(?<=\w)\s+(?:game )?client$", re.IGNORECASE)
_TRAILING_PACKAGING = re.compile(rf"[\s_.-]+(?:{PACKAGING})$", re.IGNORECASE)
_ONLY_VERSION = re.compile(rf"(?:{VERSION}|[\d\W]+)$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright)\s*(?:\d{4}|by).*$", re.IGNORECASE)
_GREETING = re.compile(r"^(?:welcome to|now playing:?|playing:)\s+", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+")
_EDGE = " -–—|:*•·\t"
_ENDINGS = re.compile(r"\.(?:app|AppImage|appimage|exe|jar|love|x86_64|x86|x64|sh|py|pl|rb|pck|swf)$")
_SMALL_WORDS = names("a an and as at but by for from in into nor of on or over the to vs with")
_NUMERAL = re.compile(r"i{2,3}|iv|vi{0,3}|ix|xi{0,3}")


def slug(title: str) -> str:
    """The same for every spelling of one title: ``The Witcher® 3: Wild Hunt`` is ``the-witcher-3-wild-hunt``.

    A title without any letter or digit gets the numbers of its characters, so that it still has a name of its own.
    """
    plain = unicodedata.normalize("NFKD", _MARKS.sub("", title[:_LONGEST])).casefold()
    plain = re.sub(r"['’`]", "", plain.replace("&", " and "))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    codes = [f"{ord(letter):x}" for letter in title.strip()[:12]]
    return "-".join(re.findall(r"[^\W_]+", kept) or codes or ["untitled"])


def squeezed(title: str) -> str:
    """The slug without its dashes: equal for ``Hollow Knight``, ``hollow_knight`` and ``HollowKnight``."""
    return slug(title).replace("-", "")


def is_generic_name(name: str) -> bool:
    """True for names that any program could bear: ``game``, ``launcher``, ``Unreal Engine``, ``nw``, a bare version."""
    folded = re.sub(r"[\s_]+", " ", _MARKS.sub("", name)).strip(" .").casefold()
    squashed = folded.replace(" ", "")
    if len(squeezed(folded)) < 2 or _ONLY_VERSION.match(folded):
        return True
    return not GENERIC.isdisjoint((folded, squashed, re.sub(r"[\d._-]+$", "", squashed)))


def clean(text: str) -> str:
    """A title without trademark signs, versions, renderers, frame rates and status text; "" if nothing is left."""
    title = _MARKS.sub("", _COPYRIGHT.sub("", _INVISIBLE.sub(" ", text[:_LONGEST])))
    title = _GREETING.sub("", re.sub(r"\s+", " ", title).strip(_EDGE))
    before = None
    while before != title:
        before = title
        for tail in (
            _BRACKETS,
            _DASHED_BRACKETS,
            _SEPARATED_TAIL,
            _TRAILING_VERSION,
            _TRAILING_CLIENT,
            _TRAILING_RENDERER,
        ):
            title = tail.sub("", title)
        title = re.sub(r"(?:\.{2,}|…)$", "", title).strip(_EDGE)
    return "" if _ONLY_VERSION.match(title) else title


def from_directory(name: str) -> str:
    """A title from a directory's or file's name: ``TheTalosPrinciple`` and ``the_talos_principle`` become words."""
    plain = _ENDINGS.sub("", name[:_LONGEST])
    plain = re.sub(r"(?<=\w)[_+](?=\w)|(?<=[a-z])[.](?=[a-zA-Z])", " ", plain)
    if " " not in plain and "-" in plain and plain == plain.lower():
        plain = plain.replace("-", " ")
    if " " not in plain:
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)", " ", plain)
    plain = _without_packaging(clean(plain))
    return capitalised(plain) if plain == plain.lower() else plain


def _without_packaging(title: str) -> str:
    """Without what packagers add at the end: platform, architecture, ``GOG``, ``Portable``, ``Early Access``."""
    before = None
    while before != title:
        before = title
        title = _TRAILING_PACKAGING.sub("", title).strip()
    return title


def capitalised(title: str) -> str:
    """``the legend of heroes ii`` becomes ``The Legend of Heroes II``."""
    done = []
    for place, word in enumerate(title.split()):
        if place and word in _SMALL_WORDS:
            done.append(word)
        else:
            done.append(word.upper() if _NUMERAL.fullmatch(word) else word[:1].upper() + word[1:])
    return " ".join(done)


_ARTICLE = re.compile(r"^(?P<rest>.+?), (?P<article>The|A|An|Le|La|Les|Der|Die|Das|El|Los|Il)(?P<tail>\b.*)$")


def from_content(name: str) -> str:
    """A title from the name of a ROM or disc image, as collections spell them.

    ``Legend of X, The (USA) (Rev 1) [!].zip`` becomes ``The Legend of X``; disc numbers, regions and dumps are dropped.
    """
    plain = (
        re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
        if re.search(r"\.[A-Za-z][A-Za-z0-9]{0,4}$|\.(?:3ds|7z|32x|2mg)$", name)
        else name
    )
    plain = re.sub(r"\s*[\(\[\{][^\)\]\}]*[\)\]\}]", "", plain)
    plain = re.sub(r"[_]+", " ", plain)
    plain = re.sub(
        r"\s*-?\s*\b(?:disc|disk|cd|dvd|side|tape)\s*(?:\d+|[ab])(?:\s*of\s*\d+)?$", "", plain, flags=re.IGNORECASE
    )
    plain = _MARKS.sub("", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" -.")
    if found := _ARTICLE.match(plain):
        plain = f"{found['article']} {found['rest']}{found['tail']}"
    plain = re.sub(r"(?<=\w) - (?=\w)", ": ", plain, count=1)
    return plain if plain != plain.lower() else capitalised(plain)
