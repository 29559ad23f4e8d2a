"""Titles as people write them: cleaned of versions, status and renderers, and compared by a slug."""

from __future__ import annotations

import re
import unicodedata

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.content_words import REGIONS, SCENE
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.platforms import ALL_ENDINGS, ARCHIVES
from gamedetectd.detection.tables.title_words import GENERIC, VERSION
from gamedetectd.detection.title_tails import EDGE, shorn, unpackaged, unpacked

_LONGEST = 300
"""Characters of a title that are looked at; longer ones are no titles."""

_MARKS = Pattern(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)
_ONLY_VERSION = Pattern(rf"(?:{VERSION}|[\d\W]+)$", re.IGNORECASE)
_COPYRIGHT = Pattern(r"\s*(?:©|\(c\)|copyright)\s*(?:\d{4}|by).*$", re.IGNORECASE)
_GREETING = Pattern(r"^(?:welcome to|now playing:?|playing:)\s+", re.IGNORECASE)
_INVISIBLE = Pattern(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+")
_SMALL_WORDS = names("a an and as at but by for from in into nor of on or over the to vs with")
_WORD = Pattern(r"[^\W_]+")
_QUOTES = Pattern("['’`]")
_BLANKS = Pattern(r"[\s_]+")
_LAST_NUMBER = Pattern(r"[\d._-]+$")
_NUMERAL = Pattern(r"i{2,3}|iv|vi{0,3}|ix|xi{0,3}")


def slug(title: str) -> str:
    """The same for every spelling of one title: ``The Witcher® 3: Wild Hunt`` is ``the-witcher-3-wild-hunt``.

    A title without any letter or digit gets the numbers of its characters, so that it still has a name of its own.
    """
    plain = _MARKS.sub("", title[:_LONGEST]).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", _MARKS.sub("", title[:_LONGEST])).casefold()
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _WORD.findall(_QUOTES.sub("", plain.replace("&", " and ")))
    return "-".join(words or [f"{ord(letter):x}" for letter in title.strip()[:12]] or ["untitled"])


def squeezed(title: str) -> str:
    """The slug without its dashes: equal for ``Hollow Knight``, ``hollow_knight`` and ``HollowKnight``."""
    return slug(title).replace("-", "")


_NUMBERS = dict(
    zip(
        "ii iii iv v vi vii viii ix xi xii xiii xiv xv xvi".split(),
        "2 3 4 5 6 7 8 9 11 12 13 14 15 16".split(),
        strict=True,
    )
)


def counted(title: str) -> str:
    """Squeezed, with Roman numbers behind the first word written as others: equal for ``Gothic II`` and ``Gothic 2``."""
    first, *rest = slug(title).split("-")
    return first + "".join(_NUMBERS.get(word, word) for word in rest)


def initials(title: str) -> str:
    """``gtaiv`` for ``Grand Theft Auto IV``: the first letters, numbers whole."""
    return "".join(word if word.isdigit() or _NUMERAL.fullmatch(word) else word[0] for word in slug(title).split("-"))


_ENGINE_PRODUCT = Pattern(
    r"tvp\(kirikiri|kirikiri|吉里吉里|siglus ?engine|reallive|livemaker|nscripter|onscripter|wolf rpg|tyrano|rgss\d? ?player|"
    r"rpg ?(?:maker|ツクール)|adventure game studio|ags(?: run-time)? engine|nvlmaker|majiro|catsystem|bgi engine|unity ?player|"
    r"godot engine|game ?maker(?: studio)?(?: \d)?$|construct \d"
)
"""What engines write into the version information of every game made with them."""


def is_generic_name(name: str) -> bool:
    """True for names that any program could bear: ``game``, ``launcher``, ``Unreal Engine``, ``nw``, a bare version."""
    folded = _BLANKS.sub(" ", _MARKS.sub("", name)).strip(" .").casefold()
    squashed = folded.replace(" ", "")
    if len(squeezed(folded)) < 2 or _ONLY_VERSION.match(folded) or _ENGINE_PRODUCT.match(folded):
        return True
    return not GENERIC.isdisjoint((folded, squashed, _LAST_NUMBER.sub("", squashed)))


def clean(text: str) -> str:
    """A title without trademark signs, versions, renderers, frame rates and status text; "" if nothing is left."""
    title = _MARKS.sub("", _COPYRIGHT.sub("", _INVISIBLE.sub(" ", text[:_LONGEST])))
    title = shorn(_GREETING.sub("", " ".join(title.split()).strip(EDGE)))
    return "" if _ONLY_VERSION.match(title) else title


def parts_of(title: str) -> list[str]:
    """What a title puts beside one another, cleaned: ``Old School RuneScape - Zezima`` has two parts."""
    return [part for part in map(clean, re.split(r"\s+(?:[-–—|•·]|::)\s+", title[:_LONGEST])) if part]


def from_directory(name: str) -> str:
    """A title from a directory's or file's name: ``TheTalosPrinciple`` and ``the_talos_principle`` become words."""
    plain = unpackaged(clean(unpacked(name[:_LONGEST])))
    return capitalised(plain) if plain == plain.lower() else plain


def capitalised(title: str) -> str:
    """``the legend of heroes ii`` becomes ``The Legend of Heroes II``."""
    done = []
    for place, word in enumerate(title.split()):
        if place and word in _SMALL_WORDS:
            done.append(word)
        else:
            done.append(word.upper() if _NUMERAL.fullmatch(word) else word[:1].upper() + word[1:])
    return " ".join(done)


_ARTICLE = Pattern(
    r"^(?P<rest>.+?), (?P<article>The|A|An|L[ae']|Les|Der|Die|Das|El|Los|Las|Il|Lo|Gli|De|Het|O|Os)(?P<tail>(?:\s+[-–+&:~(].*|:.*)?)$"
)
_DOTTED_ENDING = Pattern(r"\.(?P<ending>[A-Za-z0-9-]{1,11})$")
_PART = Pattern(r"part\d+|0\d\d|[rz]\d\d|nkit|xiso|p8|dump|trimmed|standard|normalized|decrypted|encrypted")
"""What stands before or in place of an ending: a part of a packed file, a kind of image."""
_TAGS = Pattern(r"\s*[(\[{<][^()\[\]{}<>]*[)\]}>]")
_OPEN_TAG = Pattern(rf"\s*[(\[](?:{REGIONS})\b[^()\[\]]*$", re.IGNORECASE)
_RELEASE_NUMBER = Pattern(r"^\d{4}\s+-\s+(?=.*\((?:[UJEFGSIK]|[A-Z]{2})\))")
"""``1986 - Pokemon Emerald (U)(TrashMan)``: the number of a dump; ``1943 - The Battle of Midway (USA)`` is a title."""
_SERIAL = r"(?:[A-Z]{4}[-_ ]?\d{3}\.?\d{2}|[0-9A-F]{16}|[0-9A-F]{8}-[0-9A-F]{8})"
_SERIAL_FIRST = Pattern(rf"^{_SERIAL}(?:[\s.:_-]+(?=\S))")
_SERIAL_LAST = Pattern(rf"[\s._-]+{_SERIAL}$")
_DISC = Pattern(
    r"[\s,]*-?\s*\b(?:disc|disk|diskette|cd|dvd|side|tape|face)\s*(?:\d{1,2}|[a-d])(?:\s*(?:of|/|-)\s*(?:\d{1,2}|[a-d]))?$",
    re.IGNORECASE,
)
_REVISION = Pattern(r"\s+(?:v\d+(?:\.\d+)*[a-z]?|rev(?:ision)? ?[a-z\d]{1,2}|ver\.? ?\d[\d.]*)$", re.IGNORECASE)
_SCENE_TAIL = Pattern(rf"\s+(?:{SCENE})$", re.IGNORECASE)
_GROUP = Pattern(r"-[A-Za-z0-9]{2,16}$")


def from_content(name: str) -> str:
    """A title from the name of a ROM or disc image, as collections spell them.

    ``Legend of X, The (USA) (Rev 1) [!].zip`` becomes ``The Legend of X``; disc numbers, regions, serials, dumps and what
    scenes add are dropped. A name that holds nothing else stays as it is.
    """
    whole = _without_ending(name[:_LONGEST])
    plain = _RELEASE_NUMBER.sub("", _unscened(_SERIAL_FIRST.sub("", whole)))
    plain = _SERIAL_FIRST.sub("", re.sub(r"_+", " ", plain).strip())
    before = None
    while before != plain:
        before = plain
        for tail in (_TAGS, _OPEN_TAG, _SERIAL_LAST, _DISC, _REVISION):
            plain = tail.sub("", plain)
        plain = re.sub(r"\s+", " ", plain).strip(" -,")
    plain = _MARKS.sub("", plain.split(" ~ ")[0]) or re.sub(r"_+", " ", whole).strip(" -.") or name.strip()
    if found := _ARTICLE.match(plain):
        between = "" if found["article"].endswith("'") else " "
        plain = f"{found['article']}{between}{found['rest']}{found['tail']}"
    between = " " if plain.casefold().startswith(("pokemon - ", "pokémon - ")) else ": "
    plain = re.sub(r"(?<=[\w!?.)']) - (?=\w)", between, plain, count=1)
    return plain if plain != plain.lower() else capitalised(plain)


def _without_ending(name: str) -> str:
    """Without the endings of content and of packed files, several of them if need be: ``x.nkit.iso``, ``x.part1.rar``."""
    plain = name.strip()
    for _ in range(3):
        found = _DOTTED_ENDING.search(plain)
        ending = found["ending"].lower() if found else ""
        content = (ending in ALL_ENDINGS or ending in ARCHIVES) and not ending.isdigit()
        if found is None or not (content or _PART.fullmatch(ending)) or not plain[: found.start()].strip():
            return plain
        plain = plain[: found.start()]
    return plain


def _unscened(text: str) -> str:
    """``Super.Mario.Odyssey.NSW-BigBlueBox`` and ``super-mario-world`` in words."""
    plain = text.strip()
    if " " in plain or "(" in plain:
        return plain
    if re.search(r"\w\.\w+[._]\w", plain) and not re.search(r"^(?:\w\.)+\w?$", plain):
        plain = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", _GROUP.sub("", plain)).strip()
        before = None
        while before != plain:
            before = plain
            plain = _REVISION.sub("", _SCENE_TAIL.sub("", plain))
    elif "-" in plain and plain == plain.lower():
        plain = plain.replace("-", " ")
    return plain
