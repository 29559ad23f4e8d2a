"""Registry keys and values in memory, as read from an exported file. Names keep their case; looking up ignores it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Value = str | int | bytes

PATH_LIMIT = 2_048
"""Characters of a key's whole path; longer ones are left out."""
DEPTH_LIMIT = 64
"""Keys inside each other; Windows allows 512, real ones stay below 30."""

_HIVES = {
    "hkey_local_machine": "hklm",
    "hkey_current_user": "hkcu",
    "hkey_classes_root": "hkcr",
    "hkey_users": "hku",
}
_PERSON = re.compile(r"hku\\s-1-5-21-[\d-]+(_classes)?(?=\\|$)")
"""The keys of the person whose registry it is, as seen among those of all users."""


class Tree:
    """A registry that is filled once and then only read."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Value]] = {}
        self._below: dict[str, dict[str, str]] = {}

    def add(self, path: str) -> dict[str, Value] | None:
        """Make a key and all above it; its values, to be filled in, or None where the path is beyond the limits."""
        known = folded(path)
        lowered = known.split("\\")
        if len(path) > PATH_LIMIT or len(lowered) > DEPTH_LIMIT or not all(lowered):
            return None
        if known not in self._values:
            parts = path.strip("\\").split("\\")[-len(lowered) :]
            spelt = [""] * (len(lowered) - len(parts)) + parts
            for depth in range(len(lowered) - 1, 0, -1):
                names = self._below.setdefault("\\".join(lowered[:depth]), {})
                if lowered[depth] in names:
                    break
                same = spelt[depth].lower() == lowered[depth]
                names[lowered[depth]] = spelt[depth] if same else lowered[depth]
        return self._values.setdefault(known, {})

    def delete(self, path: str) -> None:
        """Forget a key and everything below it."""
        waiting = [folded(path)]
        above, _, name = waiting[0].rpartition("\\")
        self._below.get(above, {}).pop(name, None)
        while waiting:
            known = waiting.pop()
            self._values.pop(known, None)
            waiting += [f"{known}\\{inner}" for inner in self._below.pop(known, {})]

    def keys(self, path: str) -> Sequence[str]:
        """The names of the keys below."""
        return tuple(self._below.get(folded(path), {}).values())

    def values(self, path: str) -> Mapping[str, Value]:
        """The values of a key."""
        return self._values.get(folded(path), {})


def folded(path: str) -> str:
    """One spelling of a key's path: lower case, with the short name of its hive."""
    hive, separator, rest = path.strip("\\").lower().partition("\\")
    spelt = _HIVES.get(hive, hive) + separator + rest
    if spelt.startswith("hku\\") and (person := _PERSON.match(spelt)):
        own = "hkcu\\software\\classes" if person[1] else "hkcu"
        spelt = own + spelt[person.end() :]
    return spelt
