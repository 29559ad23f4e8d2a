"""What a program is for, by the words of its name: makers name helpers, servers and tools in much the same way."""

from __future__ import annotations

import re

from gamedetectd.detection.case import words
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.helpers import ENDINGS, PHRASES, SINGLE
from gamedetectd.detection.tables.phrases import names

_PROTECTED = Pattern(r"_(be|eac|eac_eos|eos)$", re.IGNORECASE)
"""Anti-cheat starters beside the game: ``DayZ_BE.exe``, ``FortniteClient-Win64-Shipping_EAC.exe``."""
_PLATFORM_WORDS = names(
    """
    x64 x86 win64 win32 win linux mac shipping x 64 32 86 release final steam gog epic exe bin eos be eac
    """
)


_ANY_ENDING = tuple(ENDINGS)
_LAST_WORDS_OF_TOOLS = names(
    "editor server launcher setup installer uninstaller settings configuration benchmark updater"
)


def named_as_tool(title: str) -> bool:
    """True for a menu's name that ends as tools for games do: ``Wesnoth Map Editor``; not for ``Server Wars``."""
    return not _LAST_WORDS_OF_TOOLS.isdisjoint(words(title)[-1:])


def role_of(stem: str) -> str | None:
    """``helper``, ``starter``, ``server`` or ``tool`` by the words of a file name; None for an ordinary one."""
    if _PROTECTED.search(stem):
        return "helper"
    plain = list(words(stem))
    while len(plain) > 1 and (plain[-1] in _PLATFORM_WORDS or plain[-1].isdigit()):
        plain.pop()
    text = " ".join(plain)
    for role, pattern in PHRASES.items():
        if pattern.search(text):
            return role
    if len(plain) == 1 and plain[0] in SINGLE:
        return SINGLE[plain[0]]
    squashed = "".join(plain)
    if not squashed.endswith(_ANY_ENDING) or squashed.endswith("observer"):
        return None
    return next(role for ending, role in ENDINGS.items() if squashed.endswith(ending))
