"""What runs inside emulators, interpreters and shared engines, and on which machine."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gamedetectd.detection.case import build
from gamedetectd.detection.containers import content_title, inside
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.detection.titles import from_content, squeezed
from gamedetectd.domain import (
    Content,
    FactKind,
    Facts,
    InstalledGame,
    Needs,
    ProcessInfo,
    ProcessKey,
    System,
    Verdict,
    Window,
)


def running(exe, *argv, title="", cls="", fullscreen=False, **known):
    system = System.WINDOWS if exe[1:3] == ":\\" else System.LINUX
    environment = known.pop("environment", {})
    process = ProcessInfo(ProcessKey("boot", 50, 50), 1, exe, (exe, *argv), "/home/ann", environment=environment)
    window = Window(1, 50, title, cls, fullscreen)
    return Facts(system=system, processes=(process,), window=window, **known)


def seen(facts):
    """Title and machine of what is played, or None."""
    game = verdict_on(facts).game
    return (game.title, game.platform) if game else None


LOADED = {
    # emulators: (program, arguments, window title) -> title, machine
    "a ROM": (("/usr/bin/snes9x-gtk", ["/r/Chrono Trigger (USA).sfc"], ""), "Chrono Trigger", "SNES"),
    "an ending of one machine": (
        ("/usr/games/mednafen", ["/r/Metroid Fusion (USA).gba"], ""),
        "Metroid Fusion",
        "Game Boy Advance",
    ),
    "a directory that tells the machine": (
        ("/usr/games/mednafen", ["/r/psx/Ape Escape (USA).cue"], ""),
        "Ape Escape",
        "PlayStation",
    ),
    "an ending that only one of its machines reads": (
        ("/usr/bin/dolphin-emu", ["-e", "/r/Wii Sports.wbfs"], ""),
        "Wii Sports",
        "Wii",
    ),
    "a disc's six letters in the window": (
        (
            "/usr/bin/dolphin-emu",
            ["-e", "/r/x/Metroid Prime (USA).rvz"],
            "Dolphin 2407 | JIT64 DC | OpenGL | HLE | Metroid Prime (GM8E01)",
        ),
        "Metroid Prime",
        "GameCube",
    ),
    "the same for the other machine": (
        (
            "/usr/bin/dolphin-emu",
            ["-e", "/r/x/Super Mario Galaxy (USA).rvz"],
            "Dolphin 2407 | JIT64 SC | Vulkan | HLE | Super Mario Galaxy (RMGE01)",
        ),
        "Super Mario Galaxy",
        "Wii",
    ),
    "a disc of one of two machines": (("/usr/bin/dolphin-emu", ["-e", "/r/x/F-Zero GX.iso"], ""), "F-Zero GX", ""),
    "after the options' end": (
        ("D:\\E\\pcsx2-qt.exe", ["-fullscreen", "-slowboot", "--", "D:\\R\\Ico (USA).iso"], ""),
        "Ico",
        "PlayStation 2",
    ),
    "options that hide menus": (
        ("D:\\E\\pcsx2.exe", ["D:\\R\\Okami (USA).iso", "--nogui", "--fullboot"], ""),
        "Okami",
        "PlayStation 2",
    ),
    "an ending that one of many machines reads": (
        ("D:\\E\\EmuHawk.exe", ["D:\\R\\Phoenix.83l", "--fullscreen"], ""),
        "Phoenix",
        "TI-83",
    ),
    "an option's value": (
        ("D:\\E\\Cemu.exe", ["-g", "D:\\R\\Mario Kart 8 (Europe)\\code\\Turbo.rpx"], ""),
        "Mario Kart 8",
        "Wii U",
    ),
    "an option with an equals sign": (
        ("D:\\E\\Dolphin.exe", ["--exec=D:\\R\\Pikmin (USA).gcm", "--batch"], ""),
        "Pikmin",
        "GameCube",
    ),
    "a setting that holds the disc": (
        (
            "D:\\E\\nullDC_104.exe",
            [
                "-config",
                "nullDC:Emulator.Autostart=1",
                "-config",
                "ImageReader:DefaultImage=D:\\R\\Ikaruga (Japan).gdi",
            ],
            "",
        ),
        "Ikaruga",
        "Dreamcast",
    ),
    "Windows' own kind of option": (
        ("D:\\E\\blueMSX.exe", ["/rom1", "D:\\R\\Nemesis.rom", "/machine", "MSX2+"], ""),
        "Nemesis",
        "MSX2",
    ),
    "the machine by an option": (
        ("D:\\E\\ares.exe", ["--system", "Neo Geo Pocket", "D:\\R\\Puzzle Link.zip"], ""),
        "Puzzle Link",
        "Neo Geo Pocket",
    ),
    "a BIOS is not the game": (
        ("/usr/bin/mgba", ["-b", "/b/gba_bios.bin", "/r/Golden Sun (USA).gba"], ""),
        "Golden Sun",
        "Game Boy Advance",
    ),
    "nor is a patch": (
        ("/usr/bin/mgba", ["--patch", "/p/fix.ips", "/r/Mother 3 (Japan).gba"], ""),
        "Mother 3",
        "Game Boy Advance",
    ),
    "nor a saved state": (
        ("/usr/bin/pcsx2-qt", ["-statefile", "/s/a.bin", "/r/Okami.iso"], ""),
        "Okami",
        "PlayStation 2",
    ),
    "a cartridge for PICO-8": (("/opt/pico-8/pico8", ["-run", "/c/celeste.p8.png"], ""), "Celeste", "PICO-8"),
    "a Flash game": (
        ("D:\\F\\flashplayer_32_sa.exe", ["D:\\F\\Fancy Pants Adventure.swf"], "Adobe Flash Player 32"),
        "Fancy Pants Adventure",
        "Flash",
    ),
    "a Flash game in Ruffle": (
        ("/usr/bin/ruffle", ["--width", "800", "/f/bloons.swf"], "Ruffle - bloons.swf"),
        "Bloons",
        "Flash",
    ),
    "a story": (("/usr/games/frotz", ["/i/Anchorhead.z8"], ""), "Anchorhead", ""),
    "Windows' name for a file": (("D:\\E\\snes9x-x64.exe", ["D:\\R\\ActRaiser.smc"], ""), "ActRaiser", "SNES"),
    "several discs": (
        ("/usr/bin/duckstation-qt", ["/r/Final Fantasy VII (USA).m3u"], ""),
        "Final Fantasy VII",
        "PlayStation",
    ),
    "a track named like every track": (
        ("/usr/bin/duckstation-qt", ["/r/Wipeout 3 (Europe)/track01.bin"], ""),
        "Wipeout 3",
        "PlayStation",
    ),
    # codes
    "a code in the file's name": (
        ("/usr/bin/ppsspp", ["/r/psp/ULUS10041.iso"], "PPSSPP v1.17 - ULUS10041 : Lumines"),
        "Lumines",
        "PSP",
    ),
    "a code alone, by the directory": (
        ("/usr/bin/ppsspp", ["/r/Patapon 2 (USA)/ULUS10391.iso"], "PPSSPP"),
        "Patapon 2",
        "PSP",
    ),
    "a title's number": (
        (
            "D:\\E\\Ryujinx.exe",
            ["D:\\R\\Switch\\0100535012974000.nsp"],
            "Ryujinx 1.1.1000 - Hades v1.0.0 (0100535012974000) (64-bit)",
        ),
        "Hades",
        "Nintendo Switch",
    ),
    "a code in front of the name": (
        ("D:\\E\\pcsx2-qt.exe", ["D:\\R\\SLUS_203.12.Final Fantasy X.iso"], ""),
        "Final Fantasy X",
        "PlayStation 2",
    ),
    "an installed game by its code": (
        (
            "/usr/bin/rpcs3",
            ["--no-gui", "%RPCS3_GAMEID%:BLUS30443"],
            "FPS: 60.00 | Vulkan | 0.0.30 | Demon's Souls [BLUS30443]",
        ),
        "Demon's Souls",
        "PlayStation 3",
    ),
    "a game's directory": (("/usr/bin/rpcs3", ["/g/Demon's Souls [BLUS30443]"], ""), "Demon's Souls", "PlayStation 3"),
    "a code for Vita3K": (
        (
            "/opt/Vita3K",
            ["-r", "PCSE00120"],
            "Vita3K v0.2.0 | Persona 4 Golden (PCSE00120) | Vulkan | 60 FPS (17 ms) | 960x544",
        ),
        "Persona 4 Golden",
        "PlayStation Vita",
    ),
    "a file without an ending": (
        (
            "D:\\E\\xenia_canary.exe",
            ["D:\\R\\584109FF"],
            "Xenia-canary (canary_experimental@abc123) [584109FF v1.0] Trials HD <Direct3D 12>",
        ),
        "Trials HD",
        "Xbox 360",
    ),
    "shadPS4": (
        ("/opt/shadps4", ["-g", "/g/CUSA00207/eboot.bin"], "shadPS4 v0.5.0 | Bloodborne"),
        "Bloodborne",
        "PlayStation 4",
    ),
    # abbreviated names
    "an abbreviation, and the window knows": (
        ("D:\\E\\Mesen.exe", ["D:\\R\\smb3.nes"], "Mesen - Super Mario Bros. 3 (USA)"),
        "Super Mario Bros. 3",
        "NES",
    ),
    "an abbreviation alone": (("D:\\E\\Mesen.exe", ["D:\\R\\smb3.nes"], "Mesen"), "Smb3", "NES"),
    # windows alone
    "only the window": (
        ("D:\\E\\pcsx2-qt.exe", [], "Shadow of the Colossus"),
        "Shadow of the Colossus",
        "PlayStation 2",
    ),
    "the emulator's name behind": (
        ("D:\\E\\snes9x-x64.exe", [], "Chrono Trigger (USA) - Snes9x 1.62.3"),
        "Chrono Trigger",
        "SNES",
    ),
    "the emulator's name in front": (
        ("D:\\E\\mGBA.exe", [], "mGBA - Golden Sun (60.1 fps) - 0.10.2"),
        "Golden Sun",
        "",
    ),
    "the machine in front": (
        ("D:\\E\\Fusion.exe", [], "Kega Fusion 3.64 - Genesis - SONIC THE HEDGEHOG"),
        "SONIC THE HEDGEHOG",
        "",
    ),
    "a counter in front": (
        ("/usr/bin/melonDS", ["/r/Okamiden (USA).nds"], "[59/60] melonDS 0.9.5"),
        "Okamiden",
        "Nintendo DS",
    ),
    # arcade
    "a set by its short name": (
        ("/usr/games/mame", ["-rompath", "/r", "sf2ce"], ""),
        "Street Fighter II': Champion Edition",
        "Arcade",
    ),
    "a set as a file": (("D:\\E\\fbneo64.exe", ["D:\\R\\mslug3.zip"], ""), "Metal Slug 3", "Arcade"),
    "a variant of a set": (("/usr/games/mame", ["kof98h"], ""), "The King of Fighters '98", "Arcade"),
    "a set that nobody listed, by the window": (
        ("/usr/games/mame", ["gaxeduel"], "MAME: Golden Axe: The Duel (JUETL 950117 V1.000) [gaxeduel]"),
        "Golden Axe: The Duel",
        "Arcade",
    ),
    "a set that nobody knows": (("/usr/games/mame", ["zzyzzyxx"], ""), "Zzyzzyxx", "Arcade"),
    "a home computer in MAME": (("/usr/games/mame", ["nes", "-cart", "/r/Gradius (USA).nes"], ""), "Gradius", "NES"),
    "a TeknoParrot profile": (
        ("D:\\T\\TeknoParrotUi.exe", ["--profile=ID8.xml", "--startMinimized"], ""),
        "Initial D Arcade Stage 8 Infinity",
        "Arcade",
    ),
    "a pinball table": (
        ("D:\\V\\VPinballX64.exe", ["-Minimized", "-Play", "D:\\V\\Attack from Mars (Bally 1995).vpx"], ""),
        "Attack from Mars",
        "Arcade",
    ),
    # RetroArch
    "a core and a game": (
        (
            "/usr/bin/retroarch",
            ["-f", "-L", "/l/snes9x_libretro.so", "/r/Super Metroid (Japan, USA) (En,Ja).sfc"],
            "RetroArch Snes9x 1.62.3",
        ),
        "Super Metroid",
        "SNES",
    ),
    "a core decides on an archive": (
        ("/usr/bin/retroarch", ["-L", "pcsx_rearmed_libretro.so", "/r/Vib-Ribbon.zip"], ""),
        "Vib-Ribbon",
        "PlayStation",
    ),
    "the long option": (
        ("C:\\RA\\retroarch.exe", ["--libretro=cores\\mgba_libretro.dll", "D:\\R\\Wario Land 4.gba"], ""),
        "Wario Land 4",
        "Game Boy Advance",
    ),
    "a slot is not the game": (
        ("/usr/bin/retroarch", ["-L", "mgba_libretro.so", "--entryslot", "3", "/r/Drill Dozer.gba"], ""),
        "Drill Dozer",
        "Game Boy Advance",
    ),
    "settings are not the game": (
        ("/usr/bin/retroarch", ["--config", "/c/a.cfg", "-L", "opera_libretro.so", "/r/Gex.chd"], ""),
        "Gex",
        "3DO",
    ),
    "a file inside an archive": (
        ("/usr/bin/retroarch", ["-L", "nestopia_libretro.so", "/r/pack.zip#Kirby's Adventure (USA).nes"], ""),
        "Kirby's Adventure",
        "NES",
    ),
    "an arcade core": (
        ("/usr/bin/retroarch", ["-L", "fbneo_libretro.so", "/r/kof97.zip"], "RetroArch FinalBurn Neo"),
        "The King of Fighters '97",
        "Arcade",
    ),
    "a core that is a game": (("/usr/bin/retroarch", ["-L", "/l/2048_libretro.so"], ""), "2048", ""),
    "no core named": (("/usr/bin/retroarch", ["/r/Earthbound (USA).sfc"], ""), "Earthbound", "SNES"),
    "the other libretro program": (
        ("D:\\E\\RALibretro.exe", ["--core", "gambatte_libretro", "--system", "4", "--game", "D:\\R\\Tetris.gb"], ""),
        "Tetris",
        "Game Boy",
    ),
    # ScummVM
    "a target": (
        ("/usr/games/scummvm", ["-p", "/g/sky", "sky"], "Beneath a Steel Sky"),
        "Beneath a Steel Sky",
        "MS-DOS",
    ),
    "a target with its engine": (
        ("/usr/games/scummvm", ["scumm:monkey2"], ""),
        "Monkey Island 2: LeChuck's Revenge",
        "MS-DOS",
    ),
    "a target with its machine": (
        ("/usr/games/scummvm", ["monkey-amiga"], "The Secret of Monkey Island (Amiga/English)"),
        "The Secret of Monkey Island",
        "Amiga",
    ),
    "a game for Windows": (("C:\\S\\scummvm.exe", ["grim"], ""), "Grim Fandango", "Windows"),
    "the window of ScummVM": (
        ("/usr/games/scummvm", [], "Broken Sword: The Shadow of the Templars (CD/Windows/English)"),
        "Broken Sword: The Shadow of the Templars",
        "Windows",
    ),
    "a directory": (
        ("/usr/games/scummvm", ["--auto-detect", "--path=/g/Flight of the Amazon Queen"], ""),
        "Flight of the Amazon Queen",
        "MS-DOS",
    ),
    "a directory apart": (("/usr/games/scummvm", ["-p", "/g/Toonstruck", "--auto-detect"], ""), "Toonstruck", "MS-DOS"),
    # DOSBox
    "a mounted directory": (
        ("/usr/bin/dosbox", ["-c", 'mount c "/d/Commander Keen 4"', "-c", "c:", "-c", "KEEN4E"], ""),
        "Commander Keen 4",
        "MS-DOS",
    ),
    "eight letters of a game we know": (("/usr/bin/dosbox", ["/d/DUKE3D/DUKE3D.EXE"], ""), "Duke Nukem 3D", "MS-DOS"),
    "a directory changed to": (
        ("/usr/bin/dosbox-staging", ["-c", "mount c /d", "-c", "c:", "-c", "cd Prince of Persia", "-c", "prince"], ""),
        "Prince of Persia",
        "MS-DOS",
    ),
    "a call": (
        ("/usr/bin/dosbox", ["-c", "mount c /d", "-c", "call doom2.bat"], ""),
        "Doom II: Hell on Earth",
        "MS-DOS",
    ),
    "a directory on DOSBox's command line": (
        ("/usr/bin/dosbox", ["/d/Jazz Jackrabbit"], ""),
        "Jazz Jackrabbit",
        "MS-DOS",
    ),
    "the window of DOSBox": (
        ("/usr/bin/dosbox", [], "DOSBox 0.74-3, Cpu speed:     3000 cycles, Frameskip  0, Program:   TYRIAN"),
        "Tyrian",
        "MS-DOS",
    ),
    "the window of DOSBox-X": (
        ("/usr/bin/dosbox-x", [], "DOSBox-X 2024.03.01: DUKE3D - 100000 cycles/ms"),
        "Duke Nukem 3D",
        "MS-DOS",
    ),
    "the window of DOSBox Staging": (
        ("/usr/bin/dosbox-staging", [], "DOSBox Staging - PRINCE - 3000 cycles/ms"),
        "Prince of Persia",
        "MS-DOS",
    ),
    "the short window of DOSBox Staging": (
        ("/usr/bin/dosbox", [], "LEMMINGS - 3000 cycles/ms - to capture the mouse press Ctrl+F10"),
        "Lemmings",
        "MS-DOS",
    ),
    "a title that a person set": (("/usr/bin/dosbox", [], "The Lost Vikings - DOSBox"), "The Lost Vikings", "MS-DOS"),
    "settings in a game's directory": (
        ("/usr/bin/dosbox", ["-conf", "/g/Raptor/dosbox.conf"], ""),
        "Raptor: Call of the Shadows",
        "MS-DOS",
    ),
    "settings named after a game": (
        ("/usr/bin/dosbox", ["-conf", "/c/dosbox/dosbox_wolf3d.conf"], ""),
        "Wolfenstein 3D",
        "MS-DOS",
    ),
    "settings, and the window knows better": (
        ("/usr/bin/dosbox", ["-conf", "/c/dosbox/dosbox_wlf.conf"], "DOSBox, Program: WOLF3D"),
        "Wolfenstein 3D",
        "MS-DOS",
    ),
    # engines
    "an IWAD": (("/usr/games/gzdoom", ["-iwad", "/w/HERETIC.WAD"], ""), "Heretic", ""),
    "an IWAD and a mod": (
        ("/usr/games/gzdoom", ["-iwad", "doom2.wad", "-file", "brutal.pk3"], ""),
        "Doom II: Hell on Earth",
        "",
    ),
    "a famous add-on": (("/usr/games/dsda-doom", ["-file", "/w/SIGIL.wad"], ""), "Sigil", ""),
    "a game of its own for an engine": (
        ("/usr/games/gzdoom", ["-iwad", "/w/Hocus-Pocus Doom.ipk3"], ""),
        "Hocus Pocus Doom",
        "",
    ),
    "an engine's window": (
        ("/usr/games/chocolate-doom", [], "DOOM 2: Hell on Earth - Chocolate Doom 3.0.1"),
        "Doom II: Hell on Earth",
        "",
    ),
    "an engine's window for another game": (
        ("/usr/games/chocolate-doom", [], "Freedoom: Phase 1 - Chocolate Doom 3.0.1"),
        "Freedoom: Phase 1",
        "",
    ),
    "a Quake engine": (("/opt/q/quakespasm", ["-basedir", "/q"], ""), "Quake", ""),
    "a mission pack": (("/opt/q/vkquake", ["-game", "hipnotic"], ""), "Quake Mission Pack 1: Scourge of Armagon", ""),
    "another Quake engine": (("/opt/q/yquake2", [], ""), "Quake II", ""),
    "an engine under its only game's name": (("/usr/games/openarena", [], "ioquake3"), "OpenArena", ""),
    "Flash for Linux": (("/usr/bin/flashplayer", ["/f/bloons.swf"], "Adobe Flash Player 32"), "Bloons", "Flash"),
    "a Super Game Boy": (
        ("/usr/bin/retroarch", ["-L", "bsnes_libretro.so", "--subsystem", "sgb", "/r/sgb2.sfc", "/r/Tetris.gb"], ""),
        "Tetris",
        "Game Boy",
    ),
    "Build's engine": (("/usr/games/eduke32", [], ""), "Duke Nukem 3D", ""),
}


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded_and_for_which_machine(name):
    (exe, argv, title), expected, machine = LOADED[name]
    assert seen(running(exe, *argv, title=title)) == (expected, machine)


EMPTY = {
    "PCSX2": ("D:\\E\\pcsx2-qt.exe", [], "PCSX2 v2.0.2"),
    "PCSX2's settings": ("D:\\E\\pcsx2-qt.exe", [], "PCSX2 Settings"),
    "a dialog of PCSX2": ("D:\\E\\pcsx2-qt.exe", [], "Select Disc Image File"),
    "its BIOS alone": ("D:\\E\\pcsx2-qt.exe", ["-bios"], "PCSX2 v2.0.2"),
    "DuckStation's settings": ("/usr/bin/duckstation-qt", [], "Controller Settings"),
    "DuckStation's covers": ("/usr/bin/duckstation-qt", [], "Cover Downloader"),
    "a tool of Mesen's": ("D:\\E\\Mesen.exe", [], "Script Window"),
    "RPCS3's list of what works": ("D:\\E\\rpcs3.exe", [], "Game Compatibility"),
    "a terminal": ("/usr/games/frotz", [], "Terminal"),
    "Dolphin": ("D:\\E\\Dolphin.exe", [], "Dolphin 2407"),
    "Dolphin's controllers": ("D:\\E\\Dolphin.exe", [], "Controller Settings"),
    "Ryujinx": ("D:\\E\\Ryujinx.exe", [], "Ryujinx 1.1.1000"),
    "yuzu": ("D:\\E\\yuzu.exe", [], "yuzu 1734"),
    "yuzu's list": ("D:\\E\\yuzu.exe", [], "yuzu 1734 | Game List"),
    "RPCS3": ("D:\\E\\rpcs3.exe", [], "RPCS3 0.0.30-15900-abc Alpha | master"),
    "RPCS3's log": ("D:\\E\\rpcs3.exe", [], "RPCS3 | Log"),
    "a firmware": ("D:\\E\\rpcs3.exe", ["--installfw", "D:\\x.pup"], "Installing Firmware"),
    "Stella": ("/usr/bin/stella", [], "Stella 6.7"),
    "FCEUX": ("/usr/games/fceux", [], "FCEUX 2.6.5"),
    "melonDS": ("/usr/bin/melonDS", [], "melonDS 0.9.5"),
    "melonDS with a counter": ("/usr/bin/melonDS", [], "[0/60] melonDS 0.9.5"),
    "mGBA": ("/usr/games/mgba-qt", [], "mGBA - 0.10.2"),
    "MAME": ("/usr/games/mame", [], "MAME: No Driver Loaded [___empty]"),
    "a directory of MAME's": ("/usr/games/mame", ["-rompath", "/r/roms"], ""),
    "VICE": ("/usr/bin/x64sc", [], "VICE (C64SC)"),
    "VICE at work": ("/usr/bin/x64sc", [], "VICE: C64 emulator at 100% speed, 50 fps"),
    "Mupen64Plus without a game": ("/usr/games/mupen64plus", [], "Mupen64Plus OpenGL Video Plugin by Rice v2.5.0"),
    "Kega Fusion": ("D:\\E\\KegaFusion.exe", [], "Kega Fusion 3.64"),
    "Project64": ("D:\\E\\Project64.exe", [], "Project64 3.0.1.5664"),
    "Xenia": ("D:\\E\\xenia.exe", [], "Xenia (master@abc123 on Jan 1 2024)"),
    "RetroArch's menu": ("/usr/bin/retroarch", [], "RetroArch"),
    "a core alone": ("/usr/bin/retroarch", ["-L", "/l/nestopia_libretro.so"], "RetroArch Nestopia 1.52.0"),
    "RetroArch's settings": ("/usr/bin/retroarch", ["--config", "/c/retroarch.cfg"], "RetroArch"),
    "ScummVM": ("/usr/games/scummvm", [], "ScummVM 2.7.0"),
    "ScummVM that could not start its target": (
        "/usr/games/scummvm",
        ["-p", "/g", "lure"],
        "ScummVM 2.7.0 (Feb 17 2023 14:38:49)",
    ),
    "ScummVM's directory alone": ("/usr/games/scummvm", ["--path=/g"], "ScummVM"),
    "ScummVM with nothing to call": ("/usr/games/scummvm", ["--auto-detect", "-p", "/g/game"], ""),
    "DOSBox": ("/usr/bin/dosbox", [], "DOSBox 0.74-3, Cpu speed:     3000 cycles, Frameskip  0, Program:   DOSBOX"),
    "DOSBox with a mounted directory": (
        "/usr/bin/dosbox",
        ["-c", "mount c /d/Keen", "-c", "c:"],
        "DOSBox 0.74-3, Program: DOSBOX",
    ),
    "DOSBox that sets a game up": (
        "/usr/bin/dosbox",
        ["-c", "mount c /d", "-c", "setup.exe"],
        "DOSBox, Program: SETUP",
    ),
    "a game's own directory with its own DOSBox": ("/usr/bin/dosbox", ["-conf", "/c/dosbox.conf"], "DOSBox Staging"),
    "DOSBox with a menu": ("/usr/bin/dosbox", ["/d/c/menu.bat"], ""),
    "an installed game whose code is all we know": ("/usr/bin/rpcs3", ["%RPCS3_GAMEID%:BLUS30443"], ""),
    "FS-UAE's launcher": ("/usr/bin/fs-uae-launcher", [], "FS-UAE Launcher"),
    "OpenEmu": ("/Applications/OpenEmu.app/Contents/MacOS/OpenEmu", [], "OpenEmu"),
    "an emulator in a store's folder": ("/s/steamapps/common/RetroArch/retroarch", [], "RetroArch"),
    "Ruffle": ("/usr/bin/ruffle", [], "Ruffle - Open"),
    "a room for netplay": ("D:\\E\\citra-room.exe", ["--room-name", "x"], ""),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_emulator_with_nothing_loaded_is_no_game(name):
    exe, argv, title = EMPTY[name]
    verdict = verdict_on(running(exe, *argv, title=title, fullscreen=True))
    assert verdict.game is None
    assert any(reason.source == "container.empty" for reason in verdict.evidence)


@pytest.mark.parametrize(
    ("exe", "title", "content", "expected"),
    [
        ("D:\\E\\pcsx2.exe", "PCSX2 v2.0.2", "D:\\R\\Okami (USA).iso", ("Okami", "PlayStation 2")),
        ("/usr/bin/desmume", "DeSmuME 0.9.13 x64 SSE2", "/r/Okamiden (USA).nds", ("Okamiden", "Nintendo DS")),
        ("/usr/bin/melonDS", "[60/60] melonDS 0.9.5", "/r/Okamiden (USA).nds", ("Okamiden", "Nintendo DS")),
    ],
)
def test_emulator_titles_without_the_game(exe, title, content, expected):
    """Bheithir#9: windows of PCSX2, DeSmuME and melonDS that do not say what runs; the command line does."""
    assert seen(running(exe, content, title=title)) == expected
    assert seen(running(exe, title=title)) is None


NO_EMULATORS = {
    "KDE's file manager": ("/usr/bin/dolphin", ["/r/x.iso"], "roms — Dolphin"),
    "FUSE": ("/usr/bin/fuse", ["/dev/x", "/mnt"], ""),
    "a compositing program": ("C:\\Program Files\\Fusion\\Fusion.exe", [], "Fusion - shot.comp"),
    "a wallet": ("/opt/Exodus/Exodus", [], "Exodus 24.1.1"),
    "a renderer": ("/opt/arnold/arnold", ["scene.ass"], ""),
}


@pytest.mark.parametrize("name", NO_EMULATORS)
def test_programs_with_an_emulators_name_are_judged_for_themselves(name):
    exe, argv, title = NO_EMULATORS[name]
    verdict = verdict_on(running(exe, *argv, title=title))
    assert verdict.game is None
    assert not any(reason.source.startswith("container.") for reason in verdict.evidence if "Exodus" not in title)


def test_a_word_that_is_also_an_emulator_is_one_with_content_or_its_own_window():
    assert seen(running("D:\\E\\eden.exe", "-g", "D:\\R\\Hades.nsp")) == ("Hades", "Nintendo Switch")
    assert seen(running("D:\\E\\eden.exe", title="Eden v0.0.3 | Hollow Knight (64-bit) | 1.0 | NVIDIA")) == (
        "Hollow Knight",
        "Nintendo Switch",
    )
    assert verdict_on(running("D:\\E\\eden.exe", title="Eden v0.0.3")).evidence[0].source == "container.empty"
    assert content_title(build(running("D:\\Games\\Eden\\eden.exe", title="Eden"))) is None


# --- what containers say themselves -----------------------------------------------------------------------------------


def told(**content):
    return Content(**{"source": "RetroArch's history", **content})


TOLD = {
    "a label and a playlist": (
        told(
            path="/r/a.zip", title="Legend of Zelda, The (USA)", platform="Nintendo - Nintendo Entertainment System.lpl"
        ),
        ("The Legend of Zelda", "NES"),
    ),
    "a file and a core": (told(path="/r/Wild Guns (USA).zip", platform="/l/snes9x_libretro.so"), ("Wild Guns", "SNES")),
    "an arcade game": (told(path="/r/dkong.zip", platform="mame2003_plus_libretro.so"), ("Donkey Kong", "Arcade")),
    "an answer on the network": (told(path="My Homebrew (World)", platform="nes"), ("My Homebrew", "NES")),
    "a system nobody knows": (told(path="/r/Thing.gb", platform="whatever"), ("Thing", "Game Boy")),
    "commas": (
        told(path="/r/Sonic, the Hedgehog.md", platform="Sega - Mega Drive - Genesis"),
        ("Sonic, the Hedgehog", "Mega Drive"),
    ),
    "a path that tells nothing": (told(path="/"), None),
}


@pytest.mark.parametrize("name", TOLD)
def test_retroarch_says_what_it_runs(name):
    content, expected = TOLD[name]
    facts = running(
        "/usr/bin/retroarch", "-L", "/l/other_libretro.so", "/r/Left.bin", title="RetroArch", content=content
    )
    assert seen(facts) == expected


def test_retroarch_says_that_nothing_runs_any_more():
    facts = running("/usr/bin/retroarch", "/r/Left.nes", content=Content(source="RetroArch's answer on the network"))
    assert seen(facts) is None


def test_scummvm_says_what_its_target_is_called():
    content = Content("/g", "Flashback (Amiga/English)", "", "ScummVM's own list of games")
    assert seen(running("/usr/bin/scummvm", "mine", content=content)) == ("Flashback", "Amiga")
    content = Content("/g", "Simon the Sorcerer", "windows", "ScummVM's own list of games")
    assert seen(running("/usr/bin/scummvm", "mine", content=content)) == ("Simon the Sorcerer", "Windows")


def test_dosbox_says_what_its_settings_start():
    content = Content("/d/Master of Orion/ORION.EXE", "", "MS-DOS", "the commands in its settings a.conf")
    assert seen(running("/usr/bin/dosbox", "-conf", "/c/a.conf", content=content)) == ("Master of Orion", "MS-DOS")
    content = Content("", "Lost Vikings, The", "MS-DOS", "a list")
    assert seen(running("/usr/bin/dosbox", content=content)) == ("The Lost Vikings", "MS-DOS")
    content = Content("/d/c/menu.bat", "", "MS-DOS", "the commands")
    assert seen(running("/usr/bin/dosbox", content=content)) is None


@pytest.mark.parametrize("exe", ["/usr/bin/retroarch", "/usr/games/scummvm", "/usr/bin/dosbox-x"])
def test_containers_that_can_tell_are_asked_first(exe):
    facts = running(exe, gathered=frozenset())
    assert judge(facts) == Needs((FactKind.CONTENT,))
    assert FactKind.CONTENT not in getattr(judge(running("/usr/bin/vlc", gathered=frozenset())), "kinds", ())


def test_others_are_not_asked():
    answer = judge(running("D:\\E\\pcsx2-qt.exe", "D:\\R\\Ico.iso", gathered=frozenset()))
    assert isinstance(answer, Verdict) or FactKind.CONTENT not in answer.kinds


# --- beside the stores ------------------------------------------------------------------------------------------------


def test_a_stores_row_of_the_emulator_is_not_the_game():
    row = InstalledGame("steam", "1118310", "RetroArch", "/s/steamapps/common/RetroArch")
    exe = "/s/steamapps/common/RetroArch/retroarch"
    facts = running(
        exe, "-L", "snes9x_libretro.so", "/r/Wild Guns (USA).sfc", library=(row,), environment={"SteamAppId": "1118310"}
    )
    game = verdict_on(facts).game
    assert (game.id, game.title, game.platform) == ("name:wild-guns", "Wild Guns", "SNES")
    assert seen(running(exe, title="RetroArch", library=(row,), environment={"SteamAppId": "1118310"})) is None


def test_a_game_sold_with_its_emulator_is_the_stores_game_on_its_machine():
    row = InstalledGame("gog", "1207658", "Tyrian 2000", "C:\\GOG Games\\Tyrian 2000")
    exe = "C:\\GOG Games\\Tyrian 2000\\DOSBOX\\DOSBox.exe"
    game = verdict_on(running(exe, "-conf", "..\\dosboxTyrian.conf", library=(row,))).game
    assert (game.id, game.title, game.platform) == ("gog:1207658", "Tyrian 2000", "MS-DOS")
    assert seen(running("C:\\GOG Games\\Worms United\\DOSBOX\\DOSBox.exe", "-conf", "..\\dosbox.conf")) == (
        "Worms United",
        "MS-DOS",
    )
    assert seen(running("/s/steamapps/common/Sega Classics/scummvm")) == ("Sega Classics", "")
    tool = InstalledGame("steam", "1070560", "Steam Linux Runtime", "/s/steamapps/common/SLR")
    assert seen(running("/s/steamapps/common/SLR/dosbox", library=(tool,))) is None


def test_a_store_that_starts_just_this_content_knows_its_title():
    row = InstalledGame("lutris", "zelda-3", "A Link to the Past", "", ("/R/zelda3.sfc",), (), "Super Nintendo")
    tool = InstalledGame("lutris", "x", "Map Editor", "", ("/R/zelda3.sfc",))
    game = verdict_on(running("/usr/bin/snes9x-gtk", "/r/zelda3.sfc", library=(tool, row))).game
    assert (game.id, game.title, game.platform) == ("lutris:zelda-3", "A Link to the Past", "Super Nintendo")
    content = Content("/r/zelda3.sfc", "", "snes9x_libretro.so", "RetroArch's history")
    assert verdict_on(running("/usr/bin/retroarch", library=(row,), content=content)).game.id == "lutris:zelda-3"


ALWAYS_LOADED = {
    "by the window": ("D:\\Games\\MvDC\\mugen.exe", "Marvel vs DC", "Marvel vs DC"),
    "by the directory": ("D:\\Games\\Touhou Battle\\mugen.exe", "M.U.G.E.N", "Touhou Battle"),
    "by its own name": ("D:\\Games\\MUGEN\\mugen.exe", "M.U.G.E.N", "M.U.G.E.N"),
    "no directory": ("D:\\mugen.exe", "M.U.G.E.N", "M.U.G.E.N"),
    "its heir": ("D:\\Games\\Ikemen\\Ikemen_GO.exe", "Ikemen GO", "Ikemen GO"),
    "OpenBOR": ("/home/ann/games/He-Man/OpenBOR", "OpenBOR v3.0", "He-Man"),
}


@pytest.mark.parametrize("name", ALWAYS_LOADED)
def test_engines_without_a_menu_always_run_something(name):
    exe, title, expected = ALWAYS_LOADED[name]
    assert seen(running(exe, title=title)) == (expected, "")


@pytest.mark.parametrize(
    "program",
    [
        "/a/DuckStation-x64.AppImage",
        "/a/pcsx2-v2.0.2-linux-appimage-x64-Qt.AppImage",
        "/a/PPSSPP-v1.17.1-anylinux-x86_64.AppImage",
        "/a/mGBA-0.10.3-appimage-x64.appimage",
        "/a/melonDS-x86_64.AppImage",
        "/a/ares.bin",
    ],
)
def test_emulators_packed_into_one_file_are_known(program):
    assert verdict_on(running(program, title="x")).evidence[0].source == "container.empty"
    assert content_title(build(running("/a/eden-linux-v0.0.3.AppImage", title="Eden"))) is None


# --- Java -------------------------------------------------------------------------------------------------------------

MINECRAFT = [
    ["-cp", "a.jar", "net.minecraft.client.main.Main", "--username", "ann"],
    ["-cp", "a.jar", "net.fabricmc.loader.impl.launch.knot.KnotClient"],
    ["-cp", "a.jar", "org.quiltmc.loader.impl.launch.knot.KnotClient"],
    ["-p", "a.jar", "cpw.mods.bootstraplauncher.BootstrapLauncher", "--launchTarget", "forgeclient"],
    [
        "-cp",
        "a.jar",
        "net.minecraft.launchwrapper.Launch",
        "--tweakClass",
        "net.minecraftforge.fml.common.launcher.FMLTweaker",
    ],
    ["-cp", "NewLaunch.jar", "org.prismlauncher.EntryPoint"],
    ["-cp", "a.jar", "com.moonsworth.lunar.genesis.Genesis"],
    ["-cp", "a.jar", "net.labymod.core.main.LabyMod"],
    ["-cp", "a.jar", "net.minecraftforge.bootstrap.ForgeBootstrap"],
]


@pytest.mark.parametrize("argv", MINECRAFT, ids=lambda argv: argv[2])
def test_minecraft_by_its_main_class(argv):
    assert seen(running("/usr/bin/java", *argv)) == ("Minecraft", "")
    assert seen(running("C:\\jre\\bin\\javaw.exe", *argv)) == ("Minecraft", "")


NOT_MINECRAFT = [
    ["-Xmx8G", "-jar", "server.jar", "nogui"],
    ["-jar", "paper-1.21.4-100.jar"],
    ["-jar", "minecraft_server.1.12.2.jar"],
    ["-jar", "fabric-server-launch.jar"],
    ["-jar", "forge-1.12.2-14.23.5.2860.jar"],
    ["-cp", "a.jar", "net.minecraft.server.Main"],
    ["-cp", "a.jar", "net.minecraft.bundler.Main"],
    ["-p", "a.jar", "cpw.mods.bootstraplauncher.BootstrapLauncher", "--launchTarget", "forgeserver"],
    [
        "-cp",
        "a.jar",
        "net.minecraft.launchwrapper.Launch",
        "--tweakClass",
        "net.minecraftforge.fml.common.launcher.FMLServerTweaker",
    ],
    ["-cp", "a.jar", "net.fabricmc.loader.impl.launch.knot.KnotServer"],
    ["-jar", "HMCL-3.5.9.jar"],
    ["-jar", "TLauncher.jar"],
    ["-jar", "SKlauncher-3.2.12.jar"],
    ["-jar", "fabric-installer-1.0.1.jar"],
    ["-cp", "a.jar", "net.minecraft.bootstrap.Bootstrap"],
    ["-jar", "JDownloader.jar"],
    [],
]


@pytest.mark.parametrize("argv", NOT_MINECRAFT, ids=lambda argv: " ".join(argv[-3:]) or "java alone")
def test_servers_launchers_and_java_itself_are_not_minecraft(argv):
    """Any ``javaw.exe`` is Minecraft for arRPC: arguments are not checked on Windows."""
    assert seen(running("C:\\jre\\bin\\javaw.exe", *argv, title="Minecraft")) is None


# --- names of content -------------------------------------------------------------------------------------------------

CONTENT_NAMES = {
    "Legend of X, The (USA) (Rev 1) [!].zip": "The Legend of X",
    "Legend of Zelda, The - A Link to the Past (USA).sfc": "The Legend of Zelda: A Link to the Past",
    "Final Fantasy VII (USA) (Disc 2 of 3).cue": "Final Fantasy VII",
    "Metal Gear Solid - Disc 1.bin": "Metal Gear Solid",
    "Riven CD3.iso": "Riven",
    "Lemmings (1991)(Psygnosis)(Disk 1 of 2)[cr].adf": "Lemmings",
    "SLUS_203.12.Final Fantasy X.iso": "Final Fantasy X",
    "Ape Escape - SCUS-94423.bin": "Ape Escape",
    "Super.Mario.Odyssey.NSW-BigBlueBox.nsp": "Super Mario Odyssey",
    "Hollow.Knight.v1.5.78.XCI": "Hollow Knight",
    "Hades_v1.0.rar": "Hades",
    "Chrono Cross.part1.rar": "Chrono Cross",
    "Grandia.7z.001": "Grandia",
    "Metroid Prime (USA).nkit.iso": "Metroid Prime",
    "1986 - Pokemon Emerald (U)(TrashMan).gba": "Pokemon Emerald",
    "1943 - The Battle of Midway (USA).nes": "1943: The Battle of Midway",
    "Pokemon - Emerald Version (USA, Europe).gba": "Pokemon Emerald Version",
    "Dr. Mario (World).nes": "Dr. Mario",
    "Super Smash Bros. (USA).z64": "Super Smash Bros.",
    "Streets of Rage 3 ~ Bare Knuckle III (World).md": "Streets of Rage 3",
    "ドラゴンクエストIII そして伝説へ… (Japan).sfc": "ドラゴンクエストIII そして伝説へ…",
    "Ōkami (Europe).iso": "Ōkami",
    "super-mario-world.sfc": "Super Mario World",
    "the_great_giana_sisters.d64": "The Great Giana Sisters",
    "Aigle, L' (France).adf": "L'Aigle",
    "Zelda II - The Adventure of Link (USA": "Zelda II: The Adventure of Link",
    "NBA Jam T.E. v1.1 (USA).sfc": "NBA Jam T.E.",
    "celeste.p8.png": "Celeste",
    "[REC].bin": "[REC]",
    "Ico.zip.zip.zip.zip": "Ico.zip",
    "SLUS-20312": "SLUS-20312",
    "Final Fantasy VII.m3u": "Final Fantasy VII",
    "Sonic & Knuckles + Sonic The Hedgehog 3 (World).md": "Sonic & Knuckles + Sonic The Hedgehog 3",
    "": "",
}


@pytest.mark.parametrize("name", CONTENT_NAMES)
def test_content_is_called_as_people_call_it(name):
    assert from_content(name) == CONTENT_NAMES[name]


@given(st.text(max_size=400))
def test_content_names_never_fail_and_stay_what_they_are(name):
    title = from_content(name)
    assert len(title) <= 310
    assert "\0" in name or not title or title == title.strip() or not title.isprintable()
    assert title or not re.search(r"[^\W_]", name)


@given(
    st.sampled_from(["Chrono Trigger", "Super Metroid", "Dr. Mario", "Ico"]),
    st.sampled_from(["", " (USA)", " (Europe) (Rev 2)", " [!]", " (Disc 1)", " (En,Fr)"]),
    st.sampled_from(["sfc", "zip", "iso", "chd", "m3u", "part1.rar"]),
)
def test_what_collections_add_never_changes_the_title(title, tags, ending):
    assert from_content(f"{title}{tags}.{ending}") == title


@example(["00"], "", "/usr/games/mame")
@given(
    st.lists(st.text(max_size=30), max_size=6),
    st.text(max_size=60),
    st.sampled_from(
        [
            "/usr/bin/retroarch",
            "/usr/games/mame",
            "/usr/bin/dosbox",
            "/usr/games/scummvm",
            "D:\\E\\rpcs3.exe",
            "/usr/bin/gzdoom",
            "/x/fusion",
        ]
    ),
)
def test_any_command_line_and_window_have_an_answer(argv, title, exe):
    found = inside(build(running(exe, *argv, title=title)))
    assert found is None or (found.title and squeezed(found.title))


HOSTILE = [
    "mame " + "1-" * 150,
    "mame " + "1 " * 150 + "!",
    "mame " + "(a) " * 70 + "x",
    "pcsx2 (1.2) " * 25,
    "xenia (" * 40,
    " | " * 100,
    "a - " * 75,
    "geforce now " * 25,
    "a on " * 60,
    "DOSBox-X 1: " * 25,
    "a, The " * 40,
    "(USA) [!] " * 30,
    "1.1." * 75,
]
"""Titles that make careless patterns try every way of reading them: with one such pattern this test takes minutes."""


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_title_takes_long(text):
    for exe in (
        "/usr/games/mame",
        "/usr/bin/pcsx2-qt",
        "/usr/bin/dosbox",
        "/usr/bin/chromium",
        "C:\\N\\GeForceNOW.exe",
    ):
        assert verdict_on(running(exe, text, title=text, fullscreen=True)).probability >= 0
    assert isinstance(from_content(text), str)


# --- what came in later -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "title", "later"),
    [
        (("stella",), 'Stella 6.7: "Fern Patrol (USA)"', True),
        (("stella", "/roms/Fern Patrol (USA).a26"), 'Stella 6.7: "Fern Patrol (USA)"', False),
        (("stella", "-fullscreen"), 'Stella 6.7: "Fern Patrol (USA)"', True),
        (("stella",), "Stella 6.7", False),
        (("firefox",), "Fern Quest | Xbox Cloud Gaming (Beta) on Xbox.com — Mozilla Firefox", True),
        (("moonlight", "stream", "den", "Fern Quest"), "den - Moonlight", False),
    ],
)
def test_whether_the_game_came_into_the_process_later(argv, title, later):
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, f"/usr/bin/{argv[0]}", argv)
    verdict = verdict_on(Facts(processes=(process,), window=Window(pid=9, title=title)))
    assert verdict.later is later


def test_two_contents_of_one_emulator_have_no_directory_in_common():
    """A game's directory is its own; the emulator's would make all that it runs one game."""
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, "/opt/stella/stella", ("stella", "/roms/Fern Patrol (USA).a26"))
    assert verdict_on(Facts(processes=(process,))).game.install_dir == ""


# --- what speaks of the emulator and not of what it runs ---


def test_an_emulators_own_description_does_not_speak_against_its_content():
    exe = "C:\\Emulation\\dolphin-x64\\Dolphin.exe"
    game = "D:\\ROMs\\Fern Legend, The (USA).rvz"
    info = {exe: {"ProductName": "Dolphin", "FileDescription": "Dolphin Emulator"}}
    facts = running(exe, "-b", "-e", game, title="Dolphin 5.0-21264 | JIT64 | Vulkan | The Fern Legend (GFRN01)")
    assert verdict_on(replace(facts, version_info=info)).game.title == "The Fern Legend"


def test_a_mod_of_valves_engine_is_a_game_although_the_engine_alone_is_none():
    place = "D:\\SteamLibrary\\steamapps\\common\\Source SDK Base 2013 Singleplayer"
    row = InstalledGame("steam", "243730", "Source SDK Base 2013 Singleplayer", place)
    mod = "D:\\SteamLibrary\\steamapps\\sourcemods\\FernHour"
    shown = replace(running(f"{place}\\hl2.exe", "-game", mod, title="Fern : Hour"), library=(row,))
    assert verdict_on(shown).game.title == "Fern : Hour"
    untold = replace(running(f"{place}\\hl2.exe", "-game", mod), library=(row,))
    assert verdict_on(untold).game.title == "Fern Hour"
    generic = replace(running(f"{place}\\hl2.exe", "-game", "D:\\x\\game"), library=(row,))
    assert verdict_on(generic).game is None
    alone = replace(running(f"{place}\\hl2.exe", "-steam"), library=(row,))
    assert verdict_on(alone).game is None


@pytest.mark.parametrize(
    ("file", "title"),
    [("FernMonkey-11.z8", "Fern Monkey"), ("FernMonkey.z8", "FernMonkey"), ("Fern-2.z8", "Fern-2")],
)
def test_a_release_number_tells_a_files_name_from_a_title(file, title):
    assert verdict_on(running("/usr/games/frotz", f"/if/{file}")).game.title == title


@pytest.mark.parametrize(
    ("argv", "title", "what"),
    [
        (("C:\\ALT\\WORDSTAR\\WS.EXE",), "DOSBox 0.74-3, Program: WS", None),
        (("-c", "mount c /dos", "-c", "c:", "-c", "wp"), "", None),
        (("/dos/TURBO/TURBO.EXE",), "", None),
        ((), "DOSBox 0.74-3, Cpu speed: 3000 cycles, Frameskip 0, Program: LOTUS", None),
        (("C:\\ALT\\KEEN4\\KEEN4E.EXE",), "DOSBox 0.74-3, Program: KEEN4E", "game"),
    ],
)
def test_what_people_work_with_in_dosbox_is_no_game(argv, title, what):
    verdict = verdict_on(running("/usr/bin/dosbox", *argv, title=title))
    assert verdict.is_game is (what == "game")


def test_what_the_settings_start_may_be_work_too():
    facts = replace(
        running("/usr/bin/dosbox", "-conf", "/d/dosbox.conf"), content=Content("C:\\WP51\\WP.EXE", source="x")
    )
    assert verdict_on(facts).game is None


def test_the_editor_of_tables_is_no_table():
    exe = "C:\\vPinball\\VisualPinball\\VPinballX64.exe"
    assert verdict_on(running(exe, title="Visual Pinball - [Table1]")).game is None
    assert verdict_on(running(exe, "-play", "C:\\vPinball\\Tables\\Fern Fire (1979).vpx")).game.title == "Fern Fire"


def test_an_emulator_at_its_machines_own_menu_runs_no_game():
    exe = "D:\\Games\\DuckStation\\duckstation-qt-x64-ReleaseLTCG.exe"
    assert verdict_on(running(exe, "-bios", title="DuckStation - PS1 BIOS")).game is None
