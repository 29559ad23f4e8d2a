r"""Ubisoft Connect (Uplay): its own registry keys say where games lie, Windows' list of programs how they are called.

``HKLM\SOFTWARE\WOW6432Node\Ubisoft\Launcher\Installs\<number>``: ``InstallDir``; uninstall keys ``Uplay Install
<number>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gamedetectd.domain import InstalledGame
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.places import base_name, own_directory, shown
from gamedetectd.library.registry_reader import RegistryReader

_INSTALLS = keys.software(r"Ubisoft\Launcher\Installs")
_UNINSTALL = "uplay install "


class UbisoftReader(RegistryReader):
    """A game's id is Ubisoft's number."""

    name: ClassVar[str] = "ubisoft"
    watched = (*_INSTALLS, *keys.software(keys.UNINSTALL))
    elsewhere = "Ubisoft Connect keeps its games in the Windows registry, and there is none here."
    empty = "Ubisoft Connect has registered no installed game."

    def games(self) -> Iterator[InstalledGame]:
        registry = self._surroundings.registry
        titles = {
            program.key[len(_UNINSTALL) :].strip(): program
            for program in keys.programs(registry)
            if program.key.lower().startswith(_UNINSTALL)
        }
        places = {number: keys.text(values, "InstallDir") for number, values in keys.below(registry, *_INSTALLS)}
        for number in dict.fromkeys((*places, *titles)):
            known = titles.get(number)
            place = places.get(number) or (known.directory if known else "")
            directory = own_directory(self._surroundings, place)
            if number.isdigit() and directory and not self._presence.is_gone(directory):
                yield InstalledGame(self.name, number, shown(known.name if known else base_name(directory)), directory)
