"""Reads the version resource of one Windows program and prints it as JSON.

Run in a held child with the path as its argument: pefile takes more than 5 MB to import, and a malicious file that
makes it loop or grow harms nobody but this process. Exit code 0 also for a file that is none.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from gamedetectd.facts.reading import printable
from gamedetectd.platforms.regular_files import open_regular

FILE_LIMIT = 1_000_000_000
"""Bytes. The file is mapped, not read: only the pages with headers and resources cost memory."""
KEYS = (
    "ProductName",
    "FileDescription",
    "CompanyName",
    "OriginalFilename",
    "InternalName",
    "ProductVersion",
    "LegalCopyright",
)
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")
_TEXT_LIMIT = 200


def read_version_info(path: str) -> dict[str, str]:
    """The ``KEYS`` in English, else in the first language; empty for anything but a Windows program that tells.

    Raises OSError.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        if file.read(2) != b"MZ" or file.seek(0, 2) > FILE_LIMIT:
            return {}
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _parse(data)


def _parse(data: mmap.mmap) -> dict[str, str]:
    import pefile  # type: ignore[import-untyped]

    try:
        program = pefile.PE(data=data, fast_load=True)
    except pefile.PEFormatError:
        return {}
    try:
        program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        found: dict[str, str] = {}
        for table in sorted(_string_tables(program), key=_is_foreign):
            for key, value in table.entries.items():
                name = key.decode("utf-8", "replace")
                text = printable(_SURROGATES.sub(_character, value.decode("utf-8", "replace")), _TEXT_LIMIT)
                if name in KEYS and text:
                    found.setdefault(name, text)
        return found
    finally:
        program.close()


def _character(pair: re.Match[str]) -> str:
    """The character beyond U+FFFF that pefile spells as two escaped surrogates."""
    return bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")


def _string_tables(program: Any) -> Iterator[Any]:
    for info in getattr(program, "FileInfo", None) or ():
        for block in info:
            yield from getattr(block, "StringTable", None) or ()


def _is_foreign(table: Any) -> bool:
    """False for English (primary language 09 in ``040904B0``), whose names are those the game is known by."""
    return bytes(table.LangID[2:4]) != b"09"


def main() -> None:
    """The child's whole life."""
    print(json.dumps(read_version_info(sys.argv[1])))  # noqa: T201 - the answer to the parent
