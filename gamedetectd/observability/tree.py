"""Logging as it is set up in this process, as lines for people: loggers, levels, handlers and filters."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def logging_tree() -> list[str]:
    """The tree as the library logging-tree draws it, without addresses of objects."""
    import logging_tree as drawing  # type: ignore[import-untyped]

    text: str = drawing.format.build_description()
    return [_ADDRESS.sub("", line) for line in text.rstrip().splitlines()]
