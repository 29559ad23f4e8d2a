"""Patterns that are compiled by their first use: each of them is one, and behaves as re's."""

import importlib
import pkgutil
import re

import pytest

import gamedetectd.detection
from gamedetectd.detection.pattern import Pattern


def inside(value):
    """Every pattern in a table, however deep it lies there."""
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from inside(one)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from inside(getattr(value, name))


def test_everything_detection_looks_for_can_be_compiled():
    names = [one.name for one in pkgutil.walk_packages(gamedetectd.detection.__path__, "gamedetectd.detection.")]
    found = {one.pattern: one for name in names for one in inside(vars(importlib.import_module(name)))}
    assert len(found) > 300
    for pattern in found.values():
        pattern.search("")


def test_it_answers_as_a_pattern_of_re_does():
    one, other = Pattern(r"(b+)", re.IGNORECASE), re.compile(r"(b+)", re.IGNORECASE)
    for text in ("abBa", "", "bbb"):
        assert one.sub("x", text) == other.sub("x", text)
        assert one.split(text) == other.split(text)
        assert one.findall(text) == other.findall(text)
        for method in ("search", "match", "fullmatch"):
            assert bool(getattr(one, method)(text)) == bool(getattr(other, method)(text))
        assert [found.span() for found in one.finditer(text)] == [found.span() for found in other.finditer(text)]


def test_what_it_does_not_have_is_missing():
    with pytest.raises(AttributeError, match="scanner"):
        Pattern("a").scanner  # noqa: B018


def test_an_unclosed_bracket_is_an_error_once_it_is_used():
    with pytest.raises(re.error):
        Pattern("(").search("a")
