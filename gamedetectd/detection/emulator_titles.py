"""What emulators write into their windows: which part of the title is the game, and which tells of the emulator."""

from __future__ import annotations

import re

from gamedetectd.detection import paths
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import Program
from gamedetectd.detection.tables.emulators import is_emulator
from gamedetectd.detection.tables.phrases import alternatives, names
from gamedetectd.detection.tables.platforms import named
from gamedetectd.detection.titles import clean, from_content, is_generic_name, squeezed

_EMPTY = Pattern(
    r"\b(no (game|content|rom|disc|image|driver|media|machine|cartridge|file|core|title)s?\b|not (loaded|running)|nothing loaded|"
    r"(game|rom|title) ?list\b|main window|\bbios$|emulator at \d|___empty|visual pinball - \[table ?\d*\*?\])",
    re.IGNORECASE,
)
"""Words that say, wherever they stand, that nothing runs."""
_OWN_WINDOW = Pattern(
    alternatives(
        r"""
        (.* )?(settings|preferences|options|configuration|configure|config|properties|controls|input|hotkeys|mapping|shaders?|plugins?);
        (.* )?(debugger|disassembler|log|logger|console|viewer|editor|manager|selector|browser|wizard|dialog|cheats?( manager| codes)?);
        (.* )?(launcher|updater?|setup|menu|library|achievements|trophies|error|warning|information|question|about.*);
        (.* )?(compatibility|downloader|builder|script window|terminal|patches|scanner|profiler|recorder|importer|converter|statistics|cache);
        (.* )?(status window|browser|packages?|firmware|trophy list|user accounts?|save data|saves|screenshots|notes|palette|history|lobby);
        (select|open|choose|load|save|import|export|add|remove|install|delete|create|edit|rename|change|configure)\b.*\b(file|rom|disc|disk)s?\b.*;
        (select|open|choose|load|save|import|export|add|remove|install|delete|create|edit|rename|change|configure)\b.*\b(games?|image|folder)\b.*;
        (select|open|choose|load|save|import|export|add|remove|install|delete|create|edit)\b.*\b(director(y|ies)|bios|state|memory|card|core|nand)\b.*;
        (select|open|choose|load|save|import|export|add|remove|install|delete)\b.*\b(firmware|profile|package|cartridge|content|tape|snapshot)\b.*;
        (welcome|please|error|warning|failed|do you|are you|confirm|downloading|installing|loading|compiling|building|checking|updating)\b.*;
        controllers?.*; graphics|audio|video|sound|network|general|emulation|interface|system|paths|recent|file|view|tools|help|debug|exit|quit;
        open|load|save|select|choose|browse|new|play|pause|reset|stop|netplay.*|multiplayer.*|master|stable|alpha|beta; .*\bemulator\b.*; \d+ f/s; \(.*\)
        """
    ),
    re.IGNORECASE,
)
"""What an emulator's own windows and dialogs are called."""

_STATUS = Pattern(
    alternatives(
        r"""
        (fps|vps|speed|cpu|gpu|slot|limiter|head-)\W.*; (jit\w*|hle|lle|interpreter|cached|recompiler)( \w{2})?; opengl.*; vulkan.*; metal; direct3d.*; d3d.*;
        dx ?\d+; software( renderer)?; null; nvidia.*; geforce.*; radeon.*; amd( .*)?; intel( .*)?; mesa( .*)?; llvmpipe.*; gsdx.*; v?\d+(\.\d+)+.*;
        \d+(\.\d+)? ?%; \d+(\.\d+)? ?(fps|ms|f/s).*; mainline; normal; turbo; paused; running; \d+x(\d+)?; docked; handheld; [0-9a-f]{16};
        (nightly|canary|master|dev|stable|early access|ea)\b.*; nearest|bilinear|fxaa; \([\d\W]*\)
        """
    ),
    re.IGNORECASE,
)
"""Parts of a title that tell of the emulator's work: its renderer, its speed, its version."""

_EMULATORS = alternatives(
    r"""
    mednafen; stella; mgba; snes9x[\w.+-]*; nestopia( ue)?; fceux; fceu; melonds; desmume; duckstation; pcsx2[\w.+-]*; pcsx-?\w*; ppsspp[\w.+-]*; dolphin[\w.+-]*; primehack;
    citra( nightly| canary)?; azahar( emulator)?; lime3ds; borked3ds; panda3ds; mandarine; yuzu( early access| mainline)?; suyu; sudachi; citron; eden; torzu;
    ryujinx; ryubing; cemu; rpcs3; shadps4; bblauncher; flycast; redream; reicast; nulldc; demul; bsnes[\w.+-]*( \S+)?; higan; ares; vba-?m; visualboyadvance-?m?;
    visual boy advance-?m?; project64( kse)?; 1964; mupen64plus[\w.+-]*; rmg; rosalie'?s mupen gui; simple64; gopher64; m64py; xenia[\w.+-]*; xemu; xqemu; cxbx(-reloaded)?;
    (ume|mess|groovy|arcade|hb)?mame[\w.+-]*; finalburn neo; final burn neo; fbneo; fbalpha; final burn alpha; supermodel; nebula model 2 emulator; teknoparrot;
    retroarch[\w.+-]*; ralibretro; bizhawk; emuhawk; openemu; sameboy; bgb; gambatte[\w.+-]*; gearboy; gearsystem; gearcoleco; mesen(-s)?; blastem; kega fusion; fusion;
    gens[\w.+-]*; exodus; picodrive; jgenesis; emulicious; vice; hatari; steem[\w.+-]*; winuae; fs-uae; amiberry[\w.+-]*; altirra[\w.+-]*; atari800[\w.+-]*; caprice32; winape; fuse; zesarux;
    spectaculator; openmsx; bluemsx; nanoboyadvance; no\$gba; epsxe; xebra; yabause; kronos; yaba sanshiro( 2)?; ymir; ssf; mednaffe; play!; vita3k; skyline;
    virtual jaguar; bigpemu; zsnes[\w.+-]*; superzsnes; super zsnes; punes; nintendulator[\w.+-]*; virtuanes; 4do; phoenix; ruffle; adobe flash player(?: \d+)?;
    flash player(?: \d+)?; easyrpg player; ikemen\s?go; openbor; frotz; gargoyle; lectrote; qtads; visual pinball( player| x)?; decaf(-emu)?; gbe\+?; pcem; 86box;
    tic-80; pico-8; scummvm; residualvm; parallel launcher; mkxp(-z)?; np2\w*; xm6\w*; px68k
    """
)
_BUILD = "x64|x86|win32|sse[\\d.]*|avx2?|qt|sdl|gtk|debug|release|alpha|beta|nightly|canary|early access|mainline"
_VERSION = rf"(?:[-/][\w.+-]*)?(?:\s+[vrgb]?\d[\w.+~/-]*|\s*\([^()]*\)|\s+(?:{_BUILD})(?!\w))*+"
"""What stands behind an emulator's name; each part begins differently, so that there is one way only to read it."""
_NAME_THEN_GAME = Pattern(rf"(?:{_EMULATORS}){_VERSION}(?:\s*[-–—|•·]\s+|:\s+|\s+\[)(?P<title>.+)", re.IGNORECASE)
_GAME_THEN_NAME = Pattern(rf"(?P<title>.+?)\s+[-–—|•·]\s+(?:{_EMULATORS})(?:[\s(]+v?[\d.]+.*)?", re.IGNORECASE)
_XENIA = Pattern(
    r"xenia\S*\s*\([^()]*\)\s*\|?\s*\[?[0-9A-F]{8}\s?v?[\d.]*\]?\s*-?\s*(?P<title>[^<|]+)(?:[<|].*)?", re.IGNORECASE
)
_COUNTERS = Pattern(r"^\s*(?:\[\s*\d+(?:/\d+)?(?:\s*fps)?\s*\]|\(?\d+(?:\.\d+)?\s*fps\)?)\s*[-|]?\s*", re.IGNORECASE)
_FRAMES = Pattern(r"\bfps:?\s*[\d.]+\s*|\s*\([\d.]+ ?fps\)", re.IGNORECASE)

_EMULATOR_FIRST = Pattern(rf"(?:{_EMULATORS})(?:[\s(:/-]*v?[\d.]+.*|\s*\(.*\)|\s+\S*git\S*.*)?", re.IGNORECASE)
"""A part that is the emulator's name, with whatever tells its version."""
_NEVER_SHOWS = Pattern(
    r"openmsx|catapult|hatari|steem.*|x64(sc|dtv)?|x128|xvic|xpet|xplus4|xscpu64|xcbm.*|retroarch.*", re.IGNORECASE
)
"""Emulators whose windows tell of the machine alone."""

_SHOWS_GAME_ALONE = names(
    """
    pcsx2 duckstation mednafen bsnes nestopia ares higan punes blastem openemu sameboy mugen winmugen ikemen ikemengo mkxp mkxp-z openbor
    easyrpg-player easyrpgplayer gopher64 fceux mesen tic-80 pico-8 redream flycast shadps4 gargoyle-free lectrote qtads player.easyrpg ruffle
    """
)
"""Emulators whose windows bear the game's name and nothing else; any other's window that does not name it is a dialog."""


def title_shown(text: str, program: Program) -> str:
    """The game's title in an emulator's window title, or "" where it shows none."""
    plain = _COUNTERS.sub("", text[:300]).strip()
    if not plain or _EMPTY.search(plain):
        return ""
    if found := _XENIA.fullmatch(plain):
        return _usable(found["title"])
    if _NEVER_SHOWS.fullmatch(program.key):
        return ""
    segments = [part.strip() for part in plain.split(" | ") if part.strip()]
    telling = [part for part in segments if not _STATUS.fullmatch(part) and not _EMULATOR_FIRST.match(part)]
    if len(segments) > 2 or (len(segments) == 2 and len(telling) < 2):
        return max((_usable(part) for part in telling), key=len, default="")
    for pattern in (_NAME_THEN_GAME, _GAME_THEN_NAME):
        if found := pattern.fullmatch(plain):
            return _usable(_without_machine(found["title"]))
    own = squeezed(program.stem)[:5]
    if squeezed(plain).startswith(own) or not _shows_game_alone(program.key):
        return ""
    return _usable(plain)


def _shows_game_alone(key: str) -> bool:
    return key.partition("-")[0] in _SHOWS_GAME_ALONE or key in _SHOWS_GAME_ALONE


def _without_machine(text: str) -> str:
    """``Genesis - SONIC THE HEDGEHOG`` without the machine in front, ``Super Metroid [SNES]`` without it behind."""
    head, dash, rest = text.partition(" - ")
    return rest if dash and named(head) else text


def _usable(text: str) -> str:
    """The cleaned title, or "" for an emulator's own name, one of its windows, a version or a word that names no game."""
    title = clean(from_content(_FRAMES.sub("", text).strip(" -|\"'")))
    if is_generic_name(title) or is_emulator(paths.key(title)) or _OWN_WINDOW.fullmatch(title):
        return ""
    return "" if _STATUS.fullmatch(title) else title
