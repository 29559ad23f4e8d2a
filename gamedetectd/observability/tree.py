"""Logging as it is set up in this process, as lines for people: loggers, levels, handlers and filters."""

from __future__ import annotations

import logging
import re
from typing import Any

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def logging_tree() -> list[str]:
    """The tree as the library logging-tree draws it, without addresses of objects.

    Loggers that only inherit, and have nothing below them that does not, are counted in the last line instead.
    """
    import logging_tree as drawing  # type: ignore[import-untyped]

    whole = drawing.tree()
    text: str = drawing.format.build_description(_pruned(whole))
    lines = [_ADDRESS.sub("", line).rstrip() for line in text.rstrip().splitlines()]
    left_out = _count(whole) - _count(_pruned(whole))
    return [*lines, f"({left_out} more loggers that inherit everything)"] if left_out else lines


def _pruned(node: tuple[str, Any, list[Any]]) -> tuple[str, Any, list[Any]]:
    name, logger, children = node
    return name, logger, [kept for child in children if _says(kept := _pruned(child))]


def _says(node: tuple[str, Any, list[Any]]) -> bool:
    """True for a logger with a level, handlers or filters of its own, one that is cut off, and one above such."""
    _, logger, children = node
    if children:
        return True
    if not isinstance(logger, logging.Logger):
        return False
    own = logger.level != logging.NOTSET or logger.handlers or logger.filters
    return bool(own) or not logger.propagate or logger.disabled


def _count(node: tuple[str, Any, list[Any]]) -> int:
    return 1 + sum(map(_count, node[2]))
