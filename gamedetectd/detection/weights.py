"""The one table of weights: how much each sign says, in log-odds, between which bounds it may be fitted.

``packaging/weights/fit.py`` writes the column ``weight`` from recorded cases, held near ``expected``; what decides by
itself (the person's word, a helper's name) is fixed by equal bounds. A sign's ``group`` is capped, since its members
speak of the same thing; ``kind`` is the fact that must have been gathered for the sign to appear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gamedetectd.domain import FactKind

PRIOR = -3.5
"""Log-odds that a program is a game before anything is known of it: most are not."""
THRESHOLD = 0.9
"""Probability from which on a program is called a game."""
GROUP_CAPS: Mapping[str, float] = {
    "person": 200.0,
    "store": 8.0,
    "library": 10.0,
    "engine": 8.0,
    "files": 6.0,
    "place": 6.0,
    "window": 6.5,
    "surface": 6.0,
    "entry": 9.0,
    "container": 12.0,
    "catalogue": 9.0,
    "maker": 5.0,
}
"""The most that the signs of one group say for a game together."""
TOTAL_CAP = 22.0
"""The most that all signs for a game say together, the person's word excepted: less than one certain sign against."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One row. Positive bounds mean that it can only speak for a game, negative ones only against."""

    weight: float
    expected: float
    low: float
    high: float
    group: str
    kind: FactKind | None = None


_FILES, _LIBRARY, _ENTRY = FactKind.FILES, FactKind.LIBRARY, FactKind.DESKTOP_ENTRY
_CATALOGUE = FactKind.CATALOGUE
_VERSION, _BUNDLE, _MAPPED, _GPU, _SCREEN = (
    FactKind.VERSION_INFO,
    FactKind.BUNDLE,
    FactKind.MAPPED,
    FactKind.GPU,
    FactKind.SCREEN,
)

# fmt: off
SIGNALS: Mapping[str, Signal] = {
    "person.game": Signal(200.0, 200.0, 200.0, 200.0, "person"),
    "person.ignore": Signal(-200.0, -200.0, -200.0, -200.0, "person"),
    "store.environment": Signal(6.51, 6.5, 4.0, 7.5, "store"),
    "store.argument": Signal(5.0, 5.0, 2.0, 7.0, "store"),
    "store.gamemode": Signal(4.0, 4.0, 2.0, 5.0, "store"),
    "store.windows_list": Signal(4.5, 4.5, 2.5, 5.0, "store", _LIBRARY),
    "store.starter": Signal(2.54, 2.5, 0.5, 4.0, "store"),
    "library.installed": Signal(9.08, 9.0, 7.0, 10.0, "library", _LIBRARY),
    "library.stranger": Signal(-20.0, -20.0, -20.0, -20.0, "library", _CATALOGUE),
    "library.window_title": Signal(7.0, 7.0, 5.0, 8.0, "library", _LIBRARY),
    "library.software": Signal(-26.0, -26.0, -26.0, -26.0, "library", _LIBRARY),
    "catalogue.exclusive": Signal(8.02, 8.0, 6.0, 9.0, "catalogue", _CATALOGUE),
    "catalogue.path": Signal(6.0, 6.0, 4.0, 7.0, "catalogue", _CATALOGUE),
    "catalogue.edition": Signal(5.5, 5.5, 4.0, 6.0, "catalogue", _CATALOGUE),
    "catalogue.name": Signal(3.01, 3.0, 1.5, 3.5, "catalogue", _CATALOGUE),
    "catalogue.shared": Signal(0.44, 0.3, 0.0, 0.5, "catalogue", _CATALOGUE),
    "catalogue.directory": Signal(2.0, 2.0, 1.0, 3.0, "catalogue", _CATALOGUE),
    "catalogue.title": Signal(5.8, 5.8, 4.0, 6.0, "catalogue", _CATALOGUE),
    "catalogue.shown": Signal(4.2, 4.2, 3.0, 4.5, "catalogue", _CATALOGUE),
    "catalogue.word": Signal(3.0, 3.0, 1.5, 3.5, "catalogue", _CATALOGUE),
    "catalogue.launcher": Signal(-14.0, -14.0, -14.0, -14.0, "catalogue", _CATALOGUE),
    "catalogue.contrary": Signal(-2.0, -2.0, -4.0, -0.5, "catalogue", _CATALOGUE),
    "desktop_entry.game": Signal(9.0, 8.5, 7.0, 9.0, "entry", _ENTRY),
    "desktop_entry.contrary": Signal(-5.0, -5.0, -8.0, -3.0, "entry", _ENTRY),
    "desktop_entry.tool": Signal(-12.0, -12.0, -12.0, -12.0, "entry", _ENTRY),
    "desktop_entry.other": Signal(-7.0, -7.0, -9.0, -4.0, "entry", _ENTRY),
    "bundle.game": Signal(8.01, 8.0, 6.0, 9.0, "entry", _BUNDLE),
    "bundle.other": Signal(-7.0, -7.0, -9.0, -4.0, "entry", _BUNDLE),
    "container.content": Signal(10.17, 10.0, 8.0, 12.0, "container"),
    "container.stream": Signal(8.22, 8.0, 6.0, 9.0, "container"),
    "container.empty": Signal(-24.0, -24.0, -24.0, -24.0, "container"),
    "engine.unity_data": Signal(6.5, 6.5, 4.0, 8.0, "engine", _FILES),
    "engine.unity": Signal(4.5, 4.5, 2.5, 6.0, "engine", _FILES),
    "engine.unreal_program": Signal(6.5, 6.5, 4.0, 8.0, "engine"),
    "engine.unreal": Signal(4.5, 4.5, 2.5, 6.5, "engine", _FILES),
    "engine.godot": Signal(6.53, 6.5, 4.0, 8.0, "engine", _FILES),
    "engine.godot_pack": Signal(2.5, 2.5, 1.0, 4.5, "engine", _FILES),
    "engine.gamemaker": Signal(6.5, 6.5, 4.0, 8.0, "engine", _FILES),
    "engine.source": Signal(5.5, 5.5, 3.5, 7.0, "engine", _FILES),
    "engine.rpg_maker": Signal(6.5, 6.5, 4.0, 8.0, "engine", _FILES),
    "engine.renpy": Signal(6.62, 6.5, 4.0, 8.0, "engine", _FILES),
    "engine.love": Signal(5.0, 5.0, 3.0, 7.0, "engine", _FILES),
    "engine.love_game": Signal(6.5, 6.5, 5.0, 8.0, "engine"),
    "engine.xna": Signal(5.0, 5.0, 3.0, 7.0, "engine", _FILES),
    "engine.lwjgl": Signal(5.0, 5.0, 3.0, 7.0, "engine", _FILES),
    "engine.adventure": Signal(6.0, 6.0, 4.0, 8.0, "engine", _FILES),
    "engine.data": Signal(5.01, 5.0, 2.5, 7.0, "engine", _FILES),
    "engine.construct": Signal(4.5, 4.5, 2.0, 6.0, "engine", _FILES),
    "engine.cocos": Signal(4.5, 4.5, 2.5, 6.0, "engine", _FILES),
    "files.steam_api": Signal(4.74, 4.5, 2.5, 5.5, "files", _FILES),
    "files.store": Signal(4.5, 4.5, 2.5, 5.5, "files", _FILES),
    "files.anticheat": Signal(4.5, 4.5, 2.5, 6.0, "files", _FILES),
    "files.middleware": Signal(2.77, 2.5, 1.0, 4.0, "files", _FILES),
    "files.more_middleware": Signal(2.0, 2.0, 0.5, 3.0, "files", _FILES),
    "files.sound_or_input": Signal(1.11, 1.3, 0.3, 2.5, "files", _FILES),
    "files.assets": Signal(2.5, 2.0, 0.5, 2.5, "files", _FILES),
    "toolkit.application": Signal(-1.5, -1.5, -3.5, -0.3, "files", _FILES),
    "toolkit.browser": Signal(-1.93, -2.0, -4.0, -0.5, "files", _FILES),
    "place.store": Signal(5.6, 5.5, 3.0, 5.6, "place"),
    "place.itch": Signal(3.5, 3.5, 1.5, 5.0, "place"),
    "place.system_games": Signal(6.0, 6.0, 4.5, 6.0, "place"),
    "place.folder": Signal(3.0, 2.5, 1.0, 3.0, "place"),
    "place.software": Signal(-26.0, -26.0, -26.0, -26.0, "library"),
    "place.export": Signal(2.0, 2.0, 0.5, 3.5, "place"),
    "place.builtin": Signal(12.0, 12.0, 12.0, 12.0, "container"),
    "place.maker": Signal(2.03, 2.0, 0.5, 3.0, "place"),
    "place.development": Signal(-2.52, -2.5, -4.0, -1.0, "place"),
    "place.system": Signal(-9.0, -9.0, -12.0, -6.0, "place"),
    "window.engine": Signal(5.02, 5.0, 3.0, 6.0, "window"),
    "window.game_library": Signal(1.67, 1.8, 0.5, 3.0, "window"),
    "window.wine": Signal(0.56, 0.5, 0.0, 1.0, "window"),
    "window.application": Signal(-3.43, -3.5, -6.0, -1.5, "window"),
    "window.fullscreen": Signal(1.56, 1.6, 0.5, 2.5, "window"),
    "window.in_store": Signal(0.74, 0.6, 0.2, 1.0, "window"),
    "window.names_agree": Signal(1.61, 1.6, 0.5, 2.5, "window"),
    "window.purpose": Signal(-12.0, -12.0, -14.0, -9.0, "window"),
    "window.own_name": Signal(1.13, 0.8, 0.0, 1.5, "window"),
    "window.small": Signal(-1.0, -1.0, -3.0, 0.0, "window"),
    "title.browser": Signal(-9.0, -9.0, -12.0, -6.0, "window"),
    "title.application": Signal(-4.94, -5.0, -8.0, -3.0, "window"),
    "title.document": Signal(-14.0, -14.0, -14.0, -14.0, "window"),
    "title.benchmark": Signal(-14.0, -14.0, -14.0, -14.0, "window"),
    "title.tool": Signal(-18.0, -18.0, -18.0, -18.0, "window"),
    "title.installer": Signal(-5.0, -5.0, -8.0, -3.0, "window"),
    "mapped.game": Signal(2.28, 2.5, 1.0, 3.0, "surface", _MAPPED),
    "mapped.some": Signal(1.06, 1.0, 0.0, 2.0, "surface", _MAPPED),
    "mapped.package": Signal(5.8, 5.8, 4.0, 6.0, "surface", _MAPPED),
    "mapped.engine": Signal(3.0, 3.0, 1.0, 3.0, "surface", _MAPPED),
    "mapped.toolkit": Signal(-1.9, -2.5, -5.0, -1.0, "surface", _MAPPED),
    "gpu.busy": Signal(0.58, 1.0, 0.2, 2.0, "surface", _GPU),
    "screen.game": Signal(2.8, 2.8, 1.0, 3.0, "surface", _SCREEN),
    "screen.title": Signal(2.0, 2.0, 1.0, 3.0, "surface", _SCREEN),
    "screen.read": Signal(2.0, 2.0, 1.0, 3.0, "surface", _SCREEN),
    "screen.unsupported": Signal(0.0, 0.0, 0.0, 0.0, "surface", _SCREEN),
    "screen.other": Signal(-2.6, -2.6, -4.0, -1.0, "surface", _SCREEN),
    "version.game_maker": Signal(3.0, 3.0, 1.5, 3.0, "maker", _VERSION),
    "version.own_title": Signal(1.63, 1.6, 0.5, 2.5, "maker", _VERSION),
    "version.system": Signal(-12.0, -12.0, -14.0, -9.0, "maker", _VERSION),
    "version.application": Signal(-14.0, -14.0, -14.0, -14.0, "maker", _VERSION),
    "version.other_maker": Signal(-14.0, -14.0, -14.0, -14.0, "maker", _VERSION),
    "version.helper": Signal(-26.0, -26.0, -26.0, -26.0, "maker", _VERSION),
    "version.installer": Signal(-26.0, -26.0, -26.0, -26.0, "maker", _VERSION),
    "version.starter": Signal(-14.0, -14.0, -18.0, -12.0, "maker", _VERSION),
    "version.server": Signal(-18.0, -18.0, -22.0, -14.0, "maker", _VERSION),
    "version.tool": Signal(-14.0, -14.0, -18.0, -12.0, "maker", _VERSION),
    "known.application": Signal(-22.0, -22.0, -22.0, -22.0, "known"),
    "known.benchmark": Signal(-24.0, -24.0, -24.0, -24.0, "known"),
    "known.common_word": Signal(-6.0, -6.0, -8.0, -4.0, "known"),
    "known.helper": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "known.interpreter": Signal(-9.0, -9.0, -12.0, -6.0, "known"),
    "known.launcher": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "known.screensaver": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "known.server": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "known.system": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "known.wrapper": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "name.helper": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "name.installer": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "name.starter": Signal(-24.0, -24.0, -24.0, -24.0, "known"),
    "name.server": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "name.tool": Signal(-24.0, -24.0, -24.0, -24.0, "known"),
    "argument.subprocess": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
    "argument.tool": Signal(-24.0, -24.0, -24.0, -24.0, "known"),
    "argument.server": Signal(-26.0, -26.0, -26.0, -26.0, "known"),
}
# fmt: on
