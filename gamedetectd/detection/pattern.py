"""Regular expressions that cost nothing until they are used: on one machine most of the tables' never are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


class _Sub(Protocol):
    def __call__(self, repl: str | Callable[[re.Match[str]], str], string: str, count: int = 0) -> str: ...


class Pattern:
    """As much of ``re.Pattern`` as is used here, compiled by its first use. Raises re.error then, if it is none."""

    __slots__ = ("flags", "pattern", *_METHODS)

    findall: Callable[[str], list[Any]]
    finditer: Callable[[str], Iterator[re.Match[str]]]
    fullmatch: Callable[[str], re.Match[str] | None]
    match: Callable[[str], re.Match[str] | None]
    search: Callable[[str], re.Match[str] | None]
    split: Callable[[str], list[str | Any]]
    sub: _Sub

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = pattern
        self.flags = flags

    if not TYPE_CHECKING:  # which else would believe that everything is there

        def __getattr__(self, name):  # only for a method that is not there yet
            if name not in _METHODS:
                raise AttributeError(name)
            compiled = re.compile(self.pattern, self.flags)
            for method in _METHODS:
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)
