"""What a macOS application says of itself: its display name and its App Store category, from Info.plist."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import ClassVar

from gamedetectd.domain import Bundle, FactKind, Facts
from gamedetectd.facts.reading import printable, subject
from gamedetectd.platforms.regular_files import read_regular

PLIST_LIMIT = 1_000_000
"""Bytes; real ones have a few thousand."""
_TEXT_LIMIT = 200


class BundleSource:
    """Reads ``Contents/Info.plist`` of the application that encloses the program (macOS).

    Helper applications lie inside the application they serve, so the outermost ``.app`` is asked first.
    """

    kind: ClassVar[FactKind] = FactKind.BUNDLE
    time_limit: ClassVar[float] = 2.0

    def gather(self, facts: Facts) -> Facts:
        process = subject(facts)
        if process is None or not process.exe:
            return facts
        for plist in _candidates(process.exe):
            try:
                content = read_regular(plist, PLIST_LIMIT)
            except (FileNotFoundError, NotADirectoryError):
                continue
            bundle = parse_bundle(content)
            if bundle is not None:
                return dataclasses.replace(facts, bundle=bundle)
        return facts


def _candidates(exe: str) -> Iterator[str]:
    path = PurePosixPath(exe)
    for directory in reversed(path.parents):
        if directory.suffix.lower() == ".app":
            yield str(directory / "Contents" / "Info.plist")


def parse_bundle(content: bytes) -> Bundle | None:
    """The keys that detection weighs, or None if this is no property list with one of them."""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        plist = plistlib.loads(content)
    except (ExpatError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError):
        # plistlib promises no particular error for a broken file.
        return None
    if not isinstance(plist, Mapping):
        return None
    bundle = Bundle(
        display_name=_text(plist, "CFBundleDisplayName") or _text(plist, "CFBundleName"),
        category=_text(plist, "LSApplicationCategoryType"),
    )
    return bundle if bundle != Bundle() else None


def _text(plist: Mapping[object, object], key: str) -> str:
    value = plist.get(key)
    return printable(value, _TEXT_LIMIT) if isinstance(value, str) else ""
