"""Titles as people write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.detection import paths
from gamedetectd.detection.emulator_titles import title_shown
from gamedetectd.detection.places import games_folder, own_directory
from gamedetectd.detection.programs import Program
from gamedetectd.detection.titles import clean, from_content, from_directory, is_generic_name, parts_of, slug, squeezed

CLEAN = {
    "Factorio 1.1.107": "Factorio",
    "SuperTux v0.6.3": "SuperTux",
    "Rocket League (64-bit, DX11, Cooked)": "Rocket League",
    "BioShock Infinite (32-bit, PCD3D_SM5)": "BioShock Infinite",
    "Half-Life 2 - Direct3D 9": "Half-Life 2",
    "Team Fortress 2 - Vulkan - 64 Bit": "Team Fortress 2",
    "Baldur's Gate 3 (1280x800) - (Vulkan) - (8 + 8 WT)": "Baldur's Gate 3",
    "Cyberpunk 2077 (C) 2020 by CD Projekt RED": "Cyberpunk 2077",
    "ELDEN RING™": "ELDEN RING",
    "League of Legends (TM) Client": "League of Legends",
    "Minecraft* 1.20.1 - Singleplayer": "Minecraft",
    "Satisfactory  ": "Satisfactory",
    "Loading...": "Loading",
    "0.6.1": "",
    "1234": "",
    "": "",
    "Portal 2": "Portal 2",
    "DOOM II": "DOOM II",
    "Wolfenstein 3D": "Wolfenstein 3D",
    "Metal": "Metal",
    "Warhammer 40,000: Darktide": "Warhammer 40,000: Darktide",
    "Civilization V (DX11)": "Civilization V",
    "Barony v4.1": "Barony",
    "My\x1b[31mGame\n": "My [31mGame",
    "Game — 60 FPS": "Game",
    "Dark Souls DX12": "Dark Souls",
    "Loading Screen Simulator": "Loading Screen Simulator",
    "sZone-Online": "sZone-Online",
    "Just Cause 3: Multiplayer Mod": "Just Cause 3: Multiplayer Mod",
    "Kenshi 1.0.64 - x64 (Newland)": "Kenshi",
    "Mount and Blade II Bannerlord - Singleplayer  v1.2.9": "Mount and Blade II Bannerlord",
    "Divinity: Original Sin 2 v3.6.117.3735 (DX11)": "Divinity: Original Sin 2",
    "Grim Dawn v1.1.9.8 (x64)": "Grim Dawn",
    "Unturned 3.23.5.0": "Unturned",
    "Noita - Build Apr 23 2021 18:36:10": "Noita",
    "Star Citizen Alpha 3.22": "Star Citizen",
    "Stoneshard [0.8.2.10]": "Stoneshard",
    "Halls of Torment (DEBUG)": "Halls of Torment",
    "Outpost Nine (Development Build)": "Outpost Nine",
    "Gravity Garden - Level 3": "Gravity Garden",
    "Kettle Knights - Stage 2-4": "Kettle Knights",
    "Snake | Score: 120": "Snake",
    "Brickfall Score: 1,200 Lives: 3": "Brickfall",
    "Neon Ferret | FPS: 144 | DX12": "Neon Ferret",
    "Neon Ferret 144 fps": "Neon Ferret",
    "Ember Road - Loading... 45%": "Ember Road",
    "Ember Road (Keine Rückmeldung)": "Ember Road",
    "Ember Road (応答なし)": "Ember Road",
    "Ember Road (Не отвечает)": "Ember Road",
    "Ember Road (Demo)": "Ember Road",
    "Ember Road (Early Access)": "Ember Road",
    "Portal 2 Demo": "Portal 2 Demo",
    "Guild Wars 2 Game Client": "Guild Wars 2",
    "Kerbal Space Program": "Kerbal Space Program",
    "東方妖々夢　～ Perfect Cherry Blossom. ver 1.00b": "東方妖々夢 ～ Perfect Cherry Blossom.",
    "Melvor Idle :: v1.3": "Melvor Idle",
    "Chapter One: The Beginning": "Chapter One: The Beginning",
    "Anno 1800": "Anno 1800",
    "F1 23": "F1 23",
    "Half-Life 2: Episode Two - Direct3D 9 - 64 bit": "Half-Life 2: Episode Two",
    "Bastion - 1920x1080": "Bastion",
}


@pytest.mark.parametrize("text", CLEAN)
def test_window_titles_are_cleaned(text):
    assert clean(text) == CLEAN[text]


DIRECTORIES = {
    "TheTalosPrinciple": "The Talos Principle",
    "the_talos_principle": "The Talos Principle",
    "Hollow Knight.app": "Hollow Knight",
    "SatisfactoryEarlyAccess": "Satisfactory",
    "DDLC-1.1.1-pc": "DDLC",
    "the-legend-of-heroes": "The Legend of Heroes",
    "final-fantasy-vii": "Final Fantasy VII",
    "portal.2": "Portal.2",
    "half-life": "Half Life",
    "7DaysToDie": "7 Days To Die",
    "DarkSoulsIII": "Dark Souls III",
    "frog-detective-agency-win64": "Frog Detective Agency",
    "TinyReactor_PC_v1.2": "Tiny Reactor",
    "snowbound-post-windows (1)": "Snowbound Post",
    "Lantern Run (v1.04)": "Lantern Run",
    "Oni (2001) [GOG]": "Oni",
    "Hollow.Knight.v1.4.3.2-GOG": "Hollow Knight",
    "Stray.Cats.of.Rome-TENOKE": "Stray Cats of Rome",
    "my-game-jam-main": "My Game Jam",
    "Ember Road - Copy": "Ember Road",
    "KettleKnights_0.9.1_win": "Kettle Knights",
    "三國志14": "三國志14",
    "Windows": "Windows",
    "(2)": "",
}


@pytest.mark.parametrize("name", DIRECTORIES)
def test_directory_names_become_titles(name):
    assert from_directory(name) == DIRECTORIES[name]


CONTENTS = {
    "Legend of X, The (USA) (Rev 1) [!].zip": "The Legend of X",
    "Legend of Zelda, The - A Link to the Past (USA).sfc": "The Legend of Zelda: A Link to the Past",
    "Super Metroid (Japan, USA) (En,Ja).sfc": "Super Metroid",
    "Final Fantasy VII (USA) (Disc 1).cue": "Final Fantasy VII",
    "Chrono_Cross - Disc 2 of 2.bin": "Chrono Cross",
    "pacman.zip": "Pacman",
    "Mario Kart DS (Europe) (En,Fr,De,Es,It).nds": "Mario Kart DS",
    "Dr. Mario (World).nes": "Dr. Mario",
    "Game without ending": "Game without ending",
    "Zelda.3ds": "Zelda",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_names_become_titles(name):
    assert from_content(name) == CONTENTS[name]


@pytest.mark.parametrize(
    "name",
    [
        "My project",
        "New Unity Project",
        "Project1",
        "Created with GameMaker Studio 2",
        "rmmz-game",
        "WindowsNoEditor",
        "game",
        "Game64",
        "nw",
        "Unreal Engine",
        "Unity",
        "launcher",
        "hl2",
        "1.2",
        "x",
        "Java(TM) Platform SE binary",
    ],
)
def test_generic_names_are_no_titles(name):
    assert is_generic_name(name)


@pytest.mark.parametrize("name", ["Portal", "0 A.D.", "Journey", "hollow_knight", "Game of Thrones", "東方紅魔郷"])
def test_real_names_are(name):
    assert not is_generic_name(name)


def test_one_slug_for_every_spelling():
    assert {
        slug(text) for text in ("The Witcher® 3: Wild Hunt", "the witcher 3 wild hunt", "The Witcher 3 — Wild Hunt")
    } == {"the-witcher-3-wild-hunt"}
    assert slug("Pokémon") == "pokemon"
    assert slug("") == "untitled"
    assert slug("!?") != slug("?!")
    assert squeezed("Hollow Knight") == squeezed("hollow_knight") == "hollowknight"


@given(st.text(max_size=400))
def test_cleaning_never_fails_and_is_done_at_once(text):
    once = clean(text)
    assert clean(once) == once or len(once) > 250
    assert slug(text)
    from_directory(text)
    from_content(text)
    is_generic_name(text)


@given(
    st.sampled_from(["Factorio", "Barony", "Hollow Knight"]),
    st.from_regex(r"[0-9]{1,2}\.[0-9]{1,3}(\.[0-9]{1,4})?", fullmatch=True),
)
def test_a_version_never_changes_the_id(title, version):
    for text in (f"{title} {version}", f"{title} v{version}", f"{title} - {version}", f"{title} ({version} build)"):
        assert slug(clean(text)) == slug(title)


EMULATOR_WINDOWS = {
    "Dolphin 2407 | JIT64 DC | OpenGL | HLE | Metroid Prime: Hunters (GM8E01)": "Metroid Prime: Hunters",
    "yuzu 1734 | Super Mario Odyssey (64-bit) | 1.3.0 | NVIDIA": "Super Mario Odyssey",
    "FPS: 59.94 | Vulkan | 0.0.30-15900 | Demon's Souls [BLUS30443]": "Demon's Souls",
    'Stella 6.7: "Pitfall!"': '"Pitfall!"',
    "Chrono Trigger (USA) - Snes9x 1.62.3": "Chrono Trigger",
    "mGBA - Pokemon Emerald": "Pokemon Emerald",
    "Shadow of the Colossus": "Shadow of the Colossus",
    "PCSX2 v1.7.5": "",
    "MAME: No Driver Loaded": "",
    "Xenia-canary (canary_experimental@abc)": "",
    "Dolphin 5.0-20347": "",
    "": "",
    "a | 60 FPS | 1.0": "",
    "Dolphin 2407 | JIT64 DC | Vulkan | LLE | FPS: 60 - VPS: 60 - 100%": "",
    "Dolphin 2407 | JIT64 DC | Metal | HLE | Metal Gear Solid (GGSEA4)": "Metal Gear Solid",
    "shadPS4 v0.7.1 WIP main abc123 | Bloodborne <1.09>": "Bloodborne",
    "Azahar 2120.1 | The Legend of Zelda: Ocarina of Time 3D": "The Legend of Zelda: Ocarina of Time 3D",
    "Super Mario 64 | Rosalie's Mupen GUI": "Super Mario 64",
    "Stella 7.0: No ROM loaded": "",
    "ePSXe - Enhanced PSX emulator": "",
    "xenia (master@abc) | [4D5307E6 v1.0] Halo 3 <Direct3D 12 - ROV>": "Halo 3",
    "Cemu 2.0-81 - FPS: 30.00 [Vulkan] [TitleId: 00050000-101c9500] Breath of the Wild [EU v208]": "Breath of the Wild",
    "RetroArch": "",
}


@pytest.mark.parametrize("text", EMULATOR_WINDOWS)
def test_what_an_emulator_shows(text):
    key = "retroarch" if text == "RetroArch" else "pcsx2"
    assert title_shown(text, Program(f"/usr/bin/{key}")).strip('"') == EMULATOR_WINDOWS[text].strip('"')


OWN_DIRECTORIES = {
    "D:\\Games\\Hollow Knight\\hollow_knight.exe": "D:\\Games\\Hollow Knight",
    "C:\\Program Files\\Factorio\\bin\\x64\\factorio.exe": "C:\\Program Files\\Factorio",
    "/Applications/Hades.app/Contents/MacOS/Hades": "/Applications/Hades.app",
    "/opt/quake/quake": "/opt/quake",
    "/usr/games/xmoto": "",
    "/usr/bin/foo": "",
    "/home/ann/foo": "",
    "/home/ann/Downloads/foo/foo": "/home/ann/Downloads/foo",
    "D:\\X\\Sat\\Factory\\Binaries\\Win64\\F-Win64-Shipping.exe": "D:\\X\\Sat",
    "D:\\Sat\\Binaries\\Win64\\F.exe": "D:\\Sat",
    "/bin/game": "",
    "foo": "",
    "": "",
    "/x/bin/bin/game": "/x",
}


@pytest.mark.parametrize("path", OWN_DIRECTORIES)
def test_the_directory_that_holds_the_whole_program(path):
    assert own_directory(path) == OWN_DIRECTORIES[path]


def test_games_folders():
    assert games_folder("D:\\SteamLibrary\\steamapps\\common\\Portal 2\\portal2.exe").title == "Portal 2"
    assert games_folder("/home/ann/Games/bin/x").title == ""
    assert games_folder("/usr/games/xmoto").signal == "place.system_games"
    assert games_folder("/home/ann/x") is None


WITHIN = [
    ("/games/doom/doom", "/games/doom", False, True),
    ("/games/doom2/doom", "/games/doom", False, False),
    ("/games/doom", "/games/doom/", False, True),
    ("/Games/Doom/x", "/games/doom", False, False),
    ("/Games/Doom/x", "/games/doom", True, True),
    ("C:\\Games\\Doom\\x.exe", "c:/games/doom", True, True),
    ("C:\\x.exe", "C:\\", True, False),
    ("/x", "/", False, False),
    ("C:\\PROGRA~1\\FERNQU~1\\FERN.EXE", "C:\\Program Files\\Fern Quest", True, True),
    ("C:\\PROGRA~1\\FERNQU~1\\FERN.EXE", "C:\\Program Files\\Fern Empire", True, False),
    ("C:\\PROGRA~1", "C:\\Program Files\\Fern Quest", True, False),
    ("C:\\Games\\Doom~\\x.exe", "C:\\Games\\Doom~", True, True),
    ("", "/x", False, False),
]


@pytest.mark.parametrize(("path", "place", "ignore_case", "inside"), WITHIN)
def test_lying_within(path, place, ignore_case, inside):
    assert paths.within(path, place, ignore_case=ignore_case) is inside


def test_paths_of_any_system():
    assert paths.join("C:\\g", "a.exe") == "C:\\g\\a.exe"
    assert paths.join("", "a") == "a"
    assert paths.join("/g", "b\\a.exe") == "/g/b/a.exe"
    assert paths.normal("") == ""
    assert paths.base_name("/") == ""
    assert paths.base_name(r"\\server\games\doom.exe") == "doom.exe"
    assert paths.base_name(r"\\server\games") == ""
    assert paths.stem("game.x86_64") == "game"
    assert paths.stem(".exe") == ".exe"
    assert paths.directory("\\\\server\\share\\a.exe").startswith("\\\\server")
    assert paths.unix_path_in_wine("/already/unix", {}) == "/already/unix"
    assert paths.unix_path_in_wine("Z:", {}) == "/"


def test_a_title_of_nothing_but_blanks_costs_no_time():
    begun = time.process_time()
    assert parts_of(" " * 100_000) == []
    assert time.process_time() - begun < 5
