"""What emulators write into their windows: which part of the title is the game, and which tells of the emulator."""

from __future__ import annotations

import re

from gamedetectd.detection import paths
from gamedetectd.detection.programs import Program
from gamedetectd.detection.tables.emulators import EMULATOR
from gamedetectd.detection.tables.phrases import alternatives
from gamedetectd.detection.titles import clean, from_content, is_generic_name, squeezed

_UNLOADED = re.compile(
    r"\b(no (game|content|rom|disc|image|driver|media|machine|cartridge|file)|not (loaded|running)|game ?list|main window|menu|library|"
    r"launcher|settings|preferences|debugger|log|console|about|options|welcome|setup|update)\b",
    re.IGNORECASE,
)
"""Words of a title that belong to an emulator's own windows."""

_STATUS = re.compile(
    alternatives(
        r"""
        fps; jit; hle; lle; interpreter; cached; opengl; vulkan; metal; direct3d; d3d; dx\d; software; null; nvidia;
        amd; intel; mesa; speed; vps; cpu; gpu; v?\d+(\.\d+)+; \d+ ?%; \d+(\.\d+)? ?fps; head-; mainline; dolphin; yuzu; suyu; sudachi;
        citron; eden; torzu; rpcs3; citra; azahar; lime3ds; ryujinx
        """
    ),
    re.IGNORECASE,
)
"""Parts of a title that tell of the emulator: its name, its renderer, its speed."""

_EMULATORS = alternatives(
    r"""
    mednafen; stella; mgba; snes9x; nestopia; fceux; melonds; desmume; duckstation; pcsx2; ppsspp\S*; dolphin\S*;
    citra; azahar; lime3ds; yuzu; suyu; citron; eden; ryujinx; cemu; rpcs3; flycast; bsnes; ares; vba-m;
    visualboyadvance-m; project64; mupen64plus; xenia\S*; xemu; mame; dosbox(?:-x| staging)?; retroarch; sameboy;
    mesen; blastem; vice; hatari
    """
)
_NAME_THEN_GAME = re.compile(rf"(?:{_EMULATORS})(?:[\s(]+v?[\d.]+\S*)?(?:\s+[-–|]\s+|:\s+)(?P<title>.+)", re.IGNORECASE)
_GAME_THEN_NAME = re.compile(rf"(?P<title>.+?)\s+[-–|]\s+(?:{_EMULATORS})(?:[\s(]+v?[\d.]+.*)?", re.IGNORECASE)


def title_shown(text: str, program: Program) -> str:
    """The game's title in an emulator's window title, or "" where it shows none."""
    if not text or _UNLOADED.search(text):
        return ""
    segments = [part.strip() for part in text.split(" | ") if part.strip()]
    if len(segments) > 2:
        return max((_usable(part) for part in segments if not _STATUS.match(part)), key=len, default="")
    for pattern in (_NAME_THEN_GAME, _GAME_THEN_NAME):
        if found := pattern.fullmatch(text.strip()):
            return _usable(found["title"])
    own = squeezed(program.stem)[:5]
    return "" if squeezed(text).startswith(own) else _usable(text)


def _usable(text: str) -> str:
    """The cleaned title, or "" for an emulator's own name, a version or a word that names no game."""
    title = clean(from_content(text))
    return "" if is_generic_name(title) or EMULATOR.fullmatch(paths.key(title)) else title
