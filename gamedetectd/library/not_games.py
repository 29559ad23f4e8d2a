"""Programs that menus and stores file under games although they only start, stream, emulate or mend games.

A row of the library speaks strongly for a game, so those whom system lists call games are compared with this one.
"""

from __future__ import annotations

import re

_STARTERS = """
    amazongames atlauncher battlenet battlenetlauncher blizzardbattlenet bottles cartridges chiaki chiaking curseforge
    eaapp eadesktop epicgames epicgameslauncher faugus fauguslauncher ftbapp gamehub gamejolt gamemode gamescope
    gdlauncher geforcenow gogalaxy goggalaxy goverlay heroic heroicgameslauncher itch itchio kdegames legendary
    lunarclient lutris luxtorpeda mangohud minecraftlauncher minigalaxy modrinth modrinthapp moonlight multimc nexusmods
    nexusmodsapp nintendoswitchonline origin overwolf parsec pegasus pegasusfrontend playnite playonlinux polymc
    prismlauncher protonplus protonqt protontricks protonupqt protonup rare riotclient riotvanguard
    rockstargameslauncher rockstargamessocialclub socialclub r2modman shadowpc steam steamlink
    steamosdevkitclient steamtinkerlaunch
    technic techniclauncher thunderstore thunderstoremodmanager ubisoftconnect uplay vortex
    wargaminggamecenter winetricks winezgui xboxapp xbox xboxgamebar antimicrox inputremapper
    scopebuddy steelseriesgg piper polychromatic openrgb discord vesktop obsstudio
    gamemaker unityhub unity godot godotengine rpgmaker tiled blockbench trenchbroom gdevelop renpy twine
"""
_EMULATORS = """
    4do altirra ares atari800 atari800macx azahar bgb bigpemu bizhawk blastem bluemsx boxflat boxer bsnes cemu cen64
    citra citron clocksignal cxbx daphne decaf desmume dgen dolphin dolphinemulator dosbox dosboxstaging dosboxx
    duckstation dreamm eden emulationstation emudeck emulatorjs epsxe esde fceux finalburnneo flycast fsuae fuse
    gambatte gearboy gearsystem gens genymotion gopher64 gnomegames highscore higan hatari inform7 jgenesis kegafusion
    kronos    lakka lime3ds m64py mame mednaffe mednafen melonds mesen mgba mupen64plus nanoboyadvance nestopia nulldc
    openemu openmsx oricutron parallellauncher pcsx2 pcsxr pcsxredux pcsxreloaded pcem ppsspp primehack project64
    punes qmc2 raine redream reicast retroarch retrodeck rmg rosaliesmupengui rpcs3 ruffle ryubing ryujinx sameboy
    scummvm shadps4 simple64 skyemu snes9x stella sudachi supermodel suyu swanstation tic80 torzu uae v86 vice
    vita3k virtualjaguar visualboyadvance visualboyadvancem winuae x16emu xemu xenia xqemu xroar yabause yabasanshiro
    ymir yuzu zsnes 86box
"""
_WORDS = re.compile(
    r"\b(emulator|launcher|installer|uninstall(er)?|updater|mod manager|level editor|map editor|dedicated server"
    r"|benchmark|level designer|save editor|trainer|frontend|front-end|controller (configuration|mapper)|control panel"
    r"|settings|set-?up|server|editor|configurat(ion|or))$",
    re.IGNORECASE,
)
_NAMES = frozenset((_STARTERS + _EMULATORS).split())

INTERPRETERS = re.compile(
    r"(a|ba|da|z|k|fi|c)?sh|busybox|env|flatpak|bwrap|snap|steam|steam-runtime|xdg-open|gio|gtk-launch|kioclient\w*"
    r"|(python|pypy|perl|ruby|lua|luajit|node|mono|java|javaw|php|tclsh|wish|guile|love|wine|wine64|godot|nw|electron"
    r"|renpy|scummvm|dosbox|retroarch|mame|proton|umu-run|x-terminal-emulator|xterm|gnome-terminal|konsole"
    r"|chromium|chrome|google-chrome|firefox|brave|msedge|rundll32|cmd|powershell|explorer)"
    r"[\d.]*(-stable|-preloader|-bin)?",
    re.IGNORECASE,
)
"""Programs that run something else: that one of them runs says nothing."""


def is_no_game(title: str) -> bool:
    """True for a launcher, an emulator or a tool by its name."""
    return _squeezed(title) in _NAMES or _WORDS.search(title.strip()) is not None


def runs_others(path: str) -> bool:
    """True for a program, by path or name, that runs whatever it is given."""
    name = re.split(r"[\\/]", path)[-1].lower().removesuffix(".exe")
    return INTERPRETERS.fullmatch(name) is not None


def _squeezed(title: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)", "", title).casefold())
