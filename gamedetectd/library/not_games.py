"""Programs that menus and stores file under games although they only start, stream, emulate or mend games.

A row of the library speaks strongly for a game, so those whom system lists call games are compared with this one.
"""

from __future__ import annotations

import re

from gamedetectd.library.places import base_name, squeezed

_STARTERS = """
    amazongames anbox ankamalauncher antimicrox artmoney atlauncher attractmode battlenet battlenetlauncher
    battlestategameslauncher blizzardbattlenet blockbench bluestacks bottles cartridges cheatengine chiaki chiaking
    curseforge dfarc discord doomseeker eaapp eadesktop epicgames epicgameslauncher faugus fauguslauncher fgrun
    ftbapp gaijinnetagent gamecenter gameconqueror gamedatapackager gameglass gamehub gamejolt gamemaker
    gamemode games gamescope garena gdevelop gdlauncher geforcenow gnomegames godot godotengine gogalaxy goggalaxy
    googleplaygames goverlay heroic heroicgameslauncher hoyoplay hyp inputremapper itch itchio jagexlauncher
    kakaogames kdegames ldplayer legendary lgogdownloader love lunarclient lutris luxtorpeda löve mangohud memuplay
    minecraftlauncher minigalaxy modrinth modrinthapp moonlight msiappplayer multimc mygamesgamecenter ncpurple
    neteasegames nexonlauncher nexusmods nexusmodsapp nintendoswitchonline noxplayer obsstudio odalaunch openmwcs
    openmwwizard openrgb origin overwolf parsec pegasus pegasusfrontend piper plarium plariumplay playnite
    playonlinux polychromatic polymc prismlauncher protonplus protonqt protontricks protonup protonupqt r2modman
    r2modmanager rare renpy riotclient riotvanguard robotcache rockstargameslauncher rockstargamessocialclub
    rpgmaker rsilauncher scanmem scopebuddy shadowpc socialclub solarus srm steam steamdeckroms steamlink
    steamosdevkitclient steamrommanager steamtinkerlaunch steamtools steelseriesgg stoveclient technic
    techniclauncher thunderstore thunderstoremodmanager tiled trenchbroom ubisoftconnect unity unityhub uplay
    ut2004launcher vesktop vortex wargaminggamecenter waydroid wemod winetricks winezgui xbox xboxapp
    xboxgamebar xqf
"""
_EMULATORS = """
    4do 86box advancemame advancemenu altirra ares atari800 atari800macx azahar bgb bigpemu bizhawk blastem bluemsx
    boxer boxflat bsnes cemu cen64 citra citron clocksignal cxbx daphne decaf desmume dgen dolphin dolphinemu
    dolphinemulator dosbox dosboxstaging dosboxx dreamm duckstation eden emudeck emulationstation emulatorjs epsxe
    esde fceux finalburnneo flashplayer flycast frotz fsuae fuse fuseemulator gambatte gargoyle gearboy gearsystem
    gens genymotion gnomegames gnomevideoarcade gopher64 hatari higan highscore inform7 jgenesis kegafusion kronos
    lakka lime3ds m64py mame mednafen mednaffe melonds mesen mgba mupen64plus mupen64plusqt nanoboyadvance nestopia
    nestopiaue nulldc openemu openmsx oricutron parallellauncher pcem pcsx2 pcsx2qt pcsxr pcsxredux pcsxreloaded
    ppsspp ppssppqt ppssppsdl primehack project64 punes qmc2 qtads raine redream reicast retroarch retrodeck rmg
    rosaliesmupengui rpcs3 rpcs3ps3emulator ruffle ryubing ryujinx sameboy scummvm shadps4 simple64 simplenes skyemu
    snes9x stella sudachi supermodel suyu swanstation tic80 torzu uae v86 vice virtualjaguar visualboyadvance
    visualboyadvancem vita3k winuae x16emu xemu xenia xqemu xroar yabasanshiro yabause ymir yuzu zsnes
"""
_CLIENTS = {
    "ealauncher",
    "galaxyclient",
    "gogdl",
    "link2ea",
    "link2easervice",
    "riotclientservices",
    "upc",
    "uplaywebcore",
}
"""Programs of stores that are called otherwise than the store."""
_BUNDLED = {"dosbox", "dosboxstaging", "dosboxx", "scummvm", "ruffle", "renpy", "godot"}
"""What games are sold with: a copy of their own may lie in their directory."""
_WORDS = re.compile(
    r"\b(emulator|launcher|installer|uninstall(er)?|updater|mod manager|level editor|map editor|dedicated server"
    r"|benchmark|level designer|save editor|trainer|frontend|front-end|controller (configuration|mapper)|control panel"
    r"|(game|server) browser|settings|set-?up|server|editor|configurat(ion|or))$",
    re.IGNORECASE,
)
_NAMES = frozenset((_STARTERS + _EMULATORS).split())

_INTERPRETERS = re.compile(
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
    name = base_name(path).lower().removesuffix(".exe")
    return _INTERPRETERS.fullmatch(name) is not None


def starts_others(path: str) -> bool:
    """True for a store's client or an emulator, by its path: its directory is that of no game."""
    name = _squeezed(re.sub(r"\.(exe|appimage|sh|bin|x86_64)$", "", base_name(path), flags=re.IGNORECASE))
    return name in _CLIENTS or (name in _NAMES and name not in _BUNDLED)


def _squeezed(title: str) -> str:
    """Without what stands in brackets."""
    return squeezed(re.sub(r"\(.*?\)", "", title))
