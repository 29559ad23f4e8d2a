"""What a secret looks like in a text: one table of shapes, each with the words that must occur before it is tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

HIDDEN = "[hidden]"
"""Stands where a secret was."""

_NAMES = (
    "password", "passwd", "passphrase", "pwd", "token", "secret", "authorization", "api_key", "api-key", "apikey",
    "access_key", "access-key", "accesskey", "private_key", "private-key", "privatekey", "cookie", "credential",
)  # fmt: skip
"""Parts of a name that make its value a secret, wherever they occur in it and in any case."""
_QUERY_NAMES = (*_NAMES, "key", "auth", "sig", "session", "sid", "code", "ticket", "jwt", "pass")
"""The same within a URL, where short names are usual."""

_NAME = "(?:" + "|".join(_NAMES) + r")[\w.-]{0,64}"
_QUERY_NAME = r"[\w.~-]{0,64}?(?:" + "|".join(_QUERY_NAMES) + r")[\w.~-]{0,16}"
_QUOTED = (
    r'[bru]{0,2}"(?:[^"\\\n]|\\[^\n])*(?:"|\\?$)'
    r"|[bru]{0,2}'(?:[^'\\\n]|\\[^\n])*(?:'|\\?$)"
    r'|\\"[^"\n]*(?:"|$)'
)
"""A value in quotes, on one line; where the closing one is missing, all the rest of the line."""
_TOKEN_IN_PATH = re.compile(r"(?<=/)(?=[\w-]*\d)[\w-]{24,}")


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which secrets stand in texts. ``words``: at least one occurs (in lower case) in every such text."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


def is_secret_name(name: str) -> bool:
    """True if a value of this name (an option, a key, a header, a variable) must be hidden."""
    lower = name.lower()
    return any(part in lower for part in _NAMES)


def hide_shapes(text: str) -> str:
    """The text without what looks like a secret."""
    lower = text.lower()
    there = {word for word in _WORDS if word in lower}
    if there:  # of most texts there is nothing more to ask, and every text of every line comes by here
        for shape in _SHAPES:
            if not there.isdisjoint(shape.words):
                text = shape.pattern.sub(shape.replacement, text)
    return text


def _hide_value(match: re.Match[str]) -> str:
    """Keep the name, and the quotes so that JSON stays JSON."""
    value = match.group("value")
    if value.startswith(HIDDEN):
        return match.group()
    end = re.search(r"""\\?["']\Z""", value)
    quote = end.group() if end is not None else ""
    return f"{match.group('name')}{quote}{HIDDEN}{quote}"


def _hide_path_tokens(match: re.Match[str]) -> str:
    return _TOKEN_IN_PATH.sub(HIDDEN, match.group())


_SHAPES = (
    Shape(("://",), re.compile(r"([a-z][a-z0-9+.-]{1,20}://)[^\s/\"'?#]{1,512}@", re.I), rf"\g<1>{HIDDEN}@"),
    Shape(("://", "?"), re.compile(rf"([?&;#]{_QUERY_NAME}=)[^&#;\s\"'<>]*", re.I), rf"\g<1>{HIDDEN}"),
    Shape(("://",), re.compile(r"(?:https?|wss?)://[^\s\"'<>]+", re.I), _hide_path_tokens),
    Shape(("eyj",), re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"), HIDDEN),
    Shape(
        ("private key",),
        re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)", re.S),
        HIDDEN,
    ),
    Shape(("bearer",), re.compile(r"(bearer\s{1,4})(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}", re.I), rf"\g<1>{HIDDEN}"),
    Shape(  # headers: everything up to the end of the line or the closing quote
        ("authorization", "cookie"),
        re.compile(r"((?:authorization|cookie)[\w-]{0,16}\s{0,4}[:=]\s{0,4})(?![\s\"'])[^\r\n\"']+", re.I),
        rf"\g<1>{HIDDEN}",
    ),
    Shape(  # password=x, "password": "x", \"password\": \"x\"
        _NAMES,
        re.compile(
            rf"(?P<name>{_NAME}\\?[\"']?\s{{0,4}}[:=]\s{{0,4}})(?P<value>{_QUOTED}|[^\s\"']+)",
            re.I | re.M,
        ),
        _hide_value,
    ),
    Shape(  # --password x, '--password', 'x'
        _NAMES,
        re.compile(
            rf"(?P<name>(?<!\w)[-+]{{1,2}}[\w.-]{{0,64}}?{_NAME}(?:[\"'],?\s{{1,4}}|,?\s{{1,4}}))"
            rf"(?!--|[\"']--)(?P<value>{_QUOTED}|[^\s\"',\]]+)",
            re.I | re.M,
        ),
        _hide_value,
    ),
)  # fmt: skip
_WORDS = tuple(dict.fromkeys(word for shape in _SHAPES for word in shape.words))
