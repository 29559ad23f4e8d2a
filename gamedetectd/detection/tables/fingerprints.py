"""Files that game engines, stores and game middleware leave beside a program, and those of ordinary applications.

Patterns are shell globs over lower-case file and directory names.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from gamedetectd.detection.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``signal`` is a row in the table of weights; ``at_least`` is how many different names must fit."""

    signal: str
    called: str
    pattern: Pattern
    at_least: int = 1


def _row(signal: str, called: str, globs: str, at_least: int = 1) -> Fingerprint:
    pattern = "|".join(fnmatch.translate(glob) for glob in globs.split())
    return Fingerprint(signal, called, Pattern(pattern), at_least)


_MIDDLEWARE = """
fmod*.dll libfmod* fmodex*.dll bink*.dll libbink* xinput*_*.dll physx*.dll physxcommon*.dll libphysx* nvngx_dlss*.dll
sl.dlss*.dll sl.interposer.dll sl.reflex.dll amd_ags_x64.dll amd_fidelityfx_*.dll ffx_*.dll libxess.dll gfsdk_*.dll
aksoundengine.* libaksoundengine* *.bnk xaudio2_*.dll d3dx9_*.dll d3dx10_*.dll d3dx11_*.dll oo2core_* oodle*
vivoxsdk*.dll openvr_api.dll libopenvr_api.so dinput8.dll apex_*.dll havok* speedtree* xcurl.dll partywin32.dll
libparty* playfab*.dll rewired_*.dll mss32.dll discord_game_sdk.* discord-rpc.dll discord_rpc.dll binkw32.dll wwise*
smackw32.dll
"""

FINGERPRINTS: tuple[Fingerprint, ...] = (
    _row(
        "engine.unity",
        "Unity",
        """
        unityplayer.dll unityplayer.so unityplayer.dylib unitycrashhandler*.exe globalgamemanagers
        gameassembly.dll gameassembly.so gameassembly.dylib baselib.dll
        """,
    ),
    _row(
        "engine.unreal",
        "Unreal Engine",
        "pakchunk* *-windows.pak *-windows.ucas *-windows.utoc *-windowsnoeditor.pak *-linuxnoeditor.pak global.ucas",
    ),
    _row("engine.godot_pack", "a Godot pack", "*.pck libgodot*"),
    _row("engine.gamemaker", "GameMaker", "data.win game.unx game.ios game.droid audiogroup[0-9]*.dat"),
    _row(
        "engine.source",
        "Valve's engine",
        """
        gameinfo.txt gameinfo.gi hl2.exe hl.exe hl2_linux hl_linux tier0.dll tier0_s.dll libtier0.so libtier0_client.so
        pak01_dir.vpk valve.rc engine2.dll libengine2.so
        """,
    ),
    _row(
        "engine.rpg_maker",
        "RPG Maker or its relatives",
        """
        rgss*.dll game.rgss* rpg_core.js rpg_managers.js rpg_objects.js rmmz_*.js rpg_rt.ldb rpg_rt.lmt rpg_rt.exe
        rpg_rt.ini harmony.dll data.wolf gurugurusmf*.dll game.rxproj game.rvproj game.rvproj2
        """,
    ),
    _row("engine.renpy", "Ren'Py", "renpy *.rpa *.rpyc"),
    _row("engine.love", "LÖVE", "*.love love.dll liblove*"),
    _row(
        "engine.xna",
        "XNA, FNA or MonoGame",
        "monogame.framework*.dll fna.dll fna3d.dll libfna3d* microsoft.xna.framework*.dll *.xnb",
    ),
    _row(
        "engine.lwjgl",
        "LWJGL or libGDX",
        """
        lwjgl*.dll liblwjgl*.so lwjgl*.jar liblwjgl*.dylib gdx*.dll libgdx*.so gdx*.jar jinput*.jar jinput*.dll
        libjinput*
        """,
    ),
    _row(
        "engine.adventure",
        "an engine for adventures or visual novels",
        """
        acsetup.cfg ac2game.dat *.ags *.xp3 arc.nsa arc.sar nscript.dat *.vis siglusengine.exe *.ttarch *.ttarch2
        tyrano tyrano_*.js scene.pck gameexe.dat seen.txt *.pfs livemaker* nvlmaker* bgi.exe sysgraph.arc monkey.000 monkey.001 monkey1.pak monkey2.pak *.ypf *.npa *.hcb
        """,
    ),
    _row(
        "engine.data",
        "a game engine's data",
        """
        game.dmanifest game.arcd game.projectc crysystem.dll crygame*.dll cryrendersystem*.dll initfs_* *.bsa *.ba2
        *.esm re_chunk_* clausewitz_branch.txt launcher-settings.json *.rpf *.forge *.pk3 *.pk4 *.wad *.iwd *.ff *.big
        *.mpq .build.info *.bdt *.bhd *.grp *.hpi *.ufo *.gob *.texdb *.gcf *.w3x *.rfa *.streamdb *.gro *.vpp_pc
        *.fpk *.cpk *.n2pk *.psarc *.dcx *.uax *.umx *.unr *.ukx *.utx *.upk *.u3d baseq2 baseq3 baseoa *.arc00
        *.tiger *.assets *.casc *.mpk *.sga *.dat_s *.bnt *.xxl *.gpk *.hog *.pig *.trm *.tr2 *.lotpack bin_cr
        *.coalesced coalesced*.bin *.sf3 *.pssg
        """,
    ),
    _row(
        "engine.construct",
        "NW.js with a game's files",
        "package.nw app.nw c2runtime.js c3runtime.js c3main.js phaser*.js greenworks* pixi*.js",
    ),
    _row("engine.cocos", "Cocos2d", "libcocos2d* cocos2d*.dll"),
    _row(
        "files.steam_api",
        "Steam's interface",
        """
        steam_api.dll steam_api64.dll libsteam_api.so libsteam_api.dylib libsteam_api64.so steamworks.net.*
        csteamworks.* steam_appid.txt facepunch.steamworks*.dll libcsteamworks.so
        """,
    ),
    _row(
        "files.store",
        "a store's file for a game",
        """
        goggame-* galaxy.dll galaxy64.dll libgalaxy*.so libgalaxy*.dylib galaxycsharp.dll .egstore eossdk-* libeossdk-*
        uplay_r*.dll upc_r*.dll microsoftgame.config xgameruntime*.dll gamelaunchhelper.exe .itch .itch.toml fuel.json
        __installer gog.ico sdkencryptedappticket*.dll
        """,
    ),
    _row(
        "files.anticheat",
        "an anti-cheat system",
        """
        easyanticheat easyanticheat*.dll easyanticheat*.exe eac_launcher.exe start_protected_game.exe battleye
        beclient*.dll xigncode gameguard anticheatexpert equ8* punkbuster *_be.exe
        """,
    ),
    _row("files.middleware", "game middleware", _MIDDLEWARE),
    _row("files.more_middleware", "several pieces of game middleware", _MIDDLEWARE, at_least=2),
    _row(
        "files.sound_or_input",
        "libraries for sound, pictures or gamepads",
        """
        sdl.dll sdl2.dll sdl2_*.dll sdl3.dll sdl_mixer.dll sdl_image.dll libsdl* openal32.dll soft_oal.dll libopenal*
        glfw*.dll libglfw* allegro*.dll sfml-*.dll libsfml* csfml-*.dll irrklang.dll bass.dll libbass.so irrlicht.dll
        ogremain* libogremain* angelscript* libvorbisfile* vorbisfile.dll ogg.dll raylib.dll d3dcompiler_4?.dll
        """,
    ),
    _row(
        "files.assets",
        "a game's assets",
        """
        map maps level levels scenario scenarios campaign campaigns mission missions music sfx bgm sprite sprites save
        saves savegames savedgames savedata replay replays mods movies cutscenes characters tilesets units weapons
        world worlds tracks cars vehicles terrain quests gamedata paks *.pak *.sav music.pak sounds.pak sound.dat
        sounds.dat textures.dat data.dat levels.dat achievements* highscore* soundtrack
        """,
        at_least=2,
    ),
    _row(
        "toolkit.application",
        "a toolkit for applications",
        """
        qt5widgets.dll qt6widgets.dll qtgui4.dll libqt?widgets* qt5quick.dll qt6quick.dll qt5printsupport.dll
        qt5svg.dll qt6svg.dll wxbase*.dll wxmsw*.dll libwx_* libgtk-*.dll mfc*u.dll telerik* devexpress* syncfusion*
        mahapps.metro.dll presentationframework*.dll presentationcore.dll microsoft.ui.xaml.dll windowsbase.dll
        avalonia.*.dll python3?.dll python3??.dll
        """,
    ),
    _row(
        "toolkit.browser",
        "a browser engine",
        """
        chrome_100_percent.pak chrome_200_percent.pak icudtl.dat app.asar libcef.dll libcef.so v8_context_snapshot.bin
        snapshot_blob.bin chrome-sandbox
        """,
        at_least=2,
    ),
)
