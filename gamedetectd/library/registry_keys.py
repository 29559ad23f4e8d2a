r"""What registry stores have in common: 32- and 64-bit keys, names in any case, Windows' list of installed programs.

The list: https://learn.microsoft.com/windows/win32/msi/uninstall-registry-key
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from gamedetectd.interfaces import Registry

KEYS_LIMIT = 5_000
"""Keys below one that are looked at."""
TEXT_LIMIT = 2_048

UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"

Values = Mapping[str, str | int | bytes]


@dataclass(frozen=True, slots=True)
class Program:
    """An entry of Windows' list of installed programs. ``key`` is its key's name, ``directory`` as it was written."""

    key: str
    name: str
    directory: str
    publisher: str
    command: str
    """What uninstalls it."""


def software(path: str) -> tuple[str, ...]:
    r"""Where a program's keys may be: those of 64-bit and of 32-bit programs, and the person's own."""
    return rf"HKLM\SOFTWARE\{path}", rf"HKLM\SOFTWARE\WOW6432Node\{path}", rf"HKCU\Software\{path}"


def below(registry: Registry | None, *paths: str) -> Iterator[tuple[str, Values]]:
    """The keys directly below these, by name, with their values."""
    if registry is None:
        return
    for path in paths:
        for name in registry.keys(path)[:KEYS_LIMIT]:
            yield name, registry.values(rf"{path}\{name}")


def text(values: Values, *names: str) -> str:
    """The first of these values that is text, whatever the case of its name; "" where there is none."""
    lowered = {name.lower(): value for name, value in values.items()}
    for name in names:
        value = lowered.get(name.lower())
        if isinstance(value, str) and (clean := value.partition("\0")[0].strip()):
            return clean[:TEXT_LIMIT]
    return ""


def programs(registry: Registry | None) -> Iterator[Program]:
    """What Windows lists as installed, without what Steam put there."""
    for key, values in below(registry, *software(UNINSTALL)):
        name = text(values, "DisplayName")
        if not name or key.lower().startswith("steam app ") or values.get("SystemComponent") == 1:
            continue
        yield Program(
            key, name, text(values, "InstallLocation"), text(values, "Publisher"), text(values, "UninstallString")
        )


def programs_of(registry: Registry | None, publisher: str) -> Iterator[Program]:
    """Those whose publisher matches the regular expression, whatever its case."""
    wanted = re.compile(publisher, re.IGNORECASE)
    return (program for program in programs(registry) if wanted.match(program.publisher))


def stamps(registry: Registry | None, *paths: str) -> Hashable:
    """Changes when one of these keys does, or one directly below."""
    if registry is None:
        return None
    return tuple(
        (registry.stamp(path), tuple(registry.stamp(rf"{path}\{name}") for name in registry.keys(path)[:KEYS_LIMIT]))
        for path in paths
    )
