"""The decision as a person meets it: their own word, reasons that add up, names, and what it never does."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamedetectd.catalogue.builtin import load_builtin
from gamedetectd.detection import fusion, paths
from gamedetectd.detection.case import Sign, words
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.detection.roles import role_of
from gamedetectd.detection.tables.builtin import builtin_game
from gamedetectd.detection.tables.known import COMMON_WORDS, KNOWN
from gamedetectd.detection.weights import PRIOR, SIGNALS, THRESHOLD
from gamedetectd.domain import (
    ALL_KINDS,
    Bounds,
    Bundle,
    DesktopEntry,
    FactKind,
    Facts,
    InstalledGame,
    Instant,
    Needs,
    ProcessInfo,
    ProcessKey,
    Rule,
    RuleKind,
    ScreenLabels,
    StoreSignal,
    System,
    Verdict,
    Window,
)
from gamedetectd.facts.format import parse


def facts(
    exe, *argv, system=System.LINUX, cwd=None, env=None, parent=None, title=None, cls="", fullscreen=False, **kinds
):
    """Facts of one program with at most one parent and one window."""
    above = (ProcessInfo(ProcessKey("b", 1, 1), 0, parent, (parent,)),) if parent else ()
    one = ProcessInfo(ProcessKey("b", 2, 2), 1 if parent else 0, exe, (exe or "", *argv), cwd, environment=env or {})
    window = Window(pid=2, title=title, class_name=cls, fullscreen=fullscreen) if title is not None else None
    return Facts(system=system, processes=(*above, one), window=window, **kinds)


def windows(exe, *argv, **more):
    return facts(exe, *argv, system=System.WINDOWS, **more)


PORTAL = InstalledGame("steam", "620", "Portal 2", "/s/steamapps/common/Portal 2")


def sources(verdict):
    return {reason.source for reason in verdict.evidence}


# --- the person's word ------------------------------------------------------------------------------------------------

RULES = {
    # the rule, the executable and its arguments, and whether it fits
    "full path": (Rule(RuleKind.GAME, "/home/ann/proto/app"), "/home/ann/proto/app", [], True),
    "bare name": (Rule(RuleKind.GAME, "prototype"), "/anywhere/prototype", [], True),
    "bare generic name, as the person wants it": (Rule(RuleKind.GAME, "app"), "/anywhere/app", [], True),
    "moved copy": (Rule(RuleKind.GAME, "/old/place/moonbase"), "/new/place/moonbase", [], True),
    "another program of a generic name": (Rule(RuleKind.GAME, "/old/place/game"), "/new/other/game", [], False),
    "moved copy of a generic name in its directory": (
        Rule(RuleKind.GAME, "/old/Moon Base/bin/game"),
        "/new/disk/Moon Base/bin/game",
        [],
        True,
    ),
    "a generic name in a directory of many programs": (
        Rule(RuleKind.GAME, "/home/ann/Downloads/game"),
        "/home/bob/Downloads/game",
        [],
        False,
    ),
    "moved copy of a generic name with its content": (
        Rule(RuleKind.GAME, "/old/a/game", "moon.rom"),
        "/new/b/game",
        ["/roms/moon.rom"],
        True,
    ),
    "a generic name with an argument that many have": (
        Rule(RuleKind.GAME, "/old/a/game", "-x"),
        "/new/b/game",
        ["-x"],
        False,
    ),
    "a short name that others have too": (Rule(RuleKind.GAME, "/opt/one/moon"), "/opt/two/moon", [], False),
    "a command's name in a directory of its own": (
        Rule(RuleKind.GAME, "/usr/bin/minerals"),
        "/x/minerals/minerals",
        [],
        False,
    ),
    "a command that moved": (Rule(RuleKind.GAME, "/usr/games/minerals"), "/usr/bin/minerals", [], True),
    "a system's program": (Rule(RuleKind.GAME, "/usr/libexec/minerals"), "/usr/bin/minerals", [], False),
    "moved copy of a name in another script": (Rule(RuleKind.GAME, "/a/x/東方"), "/b/y/東方", [], True),
    "argument": (Rule(RuleKind.GAME, "engine", "freedoom2"), "/usr/bin/engine", ["-iwad", "/d/freedoom2.wad"], True),
    "missing argument": (Rule(RuleKind.GAME, "engine", "freedoom2"), "/usr/bin/engine", [], False),
    "another name": (Rule(RuleKind.GAME, "other"), "/usr/bin/engine", [], False),
    "another path": (Rule(RuleKind.GAME, "/x/other"), "/usr/bin/engine", [], False),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_fits_what_the_person_meant(name):
    rule, exe, argv, fits = RULES[name]
    assert verdict_on(facts(exe, *argv, rules=(rule,))).is_game is fits


def test_the_persons_word_names_the_game():
    verdict = verdict_on(facts("/home/ann/proto/app", rules=(Rule(RuleKind.GAME, "app", title="My Game"),)))
    assert (verdict.game.id, verdict.game.title) == ("user:my-game", "My Game")
    assert verdict_on(facts("/p/proto", rules=(Rule(RuleKind.GAME, "proto"),))).game.title == "Proto"


def test_the_most_exact_rule_wins_and_then_the_last():
    ignore, game = Rule(RuleKind.IGNORE, "proto"), Rule(RuleKind.GAME, "/p/proto")
    assert verdict_on(facts("/p/proto", rules=(game, ignore))).is_game
    assert not verdict_on(facts("/p/proto", rules=(Rule(RuleKind.GAME, "proto"), ignore))).is_game


def test_rules_mind_the_systems_ways_with_capitals():
    rule = (Rule(RuleKind.GAME, "C:\\Games\\Proto.EXE"),)
    assert verdict_on(windows("c:\\games\\proto.exe", rules=rule)).is_game
    assert not verdict_on(facts("/p/PROTO", rules=(Rule(RuleKind.GAME, "/p/proto"),))).is_game


def test_a_rule_needs_a_process():
    assert not verdict_on(Facts(rules=(Rule(RuleKind.GAME, "x"),), window=Window(title="x"))).is_game


# --- stores and places ------------------------------------------------------------------------------------------------

IDS = {
    # what is told of it: environment, argv, library; and the id
    "steam": ({"SteamAppId": "620"}, [], (), "steam:620"),
    "steam's other variable": ({"SteamAppId": "0", "SteamGameId": "620"}, [], (), "steam:620"),
    "steam with its row": ({"SteamAppId": "620"}, [], (PORTAL,), "steam:620"),
    "a shortcut": ({"SteamGameId": "13456789012345678901"}, [], (), "steam:13456789012345678901"),
    "heroic": ({"HEROIC_APP_NAME": "Calluna"}, [], (), "heroic:Calluna"),
    "lutris": ({"LUTRIS_GAME_UUID": "5c1d"}, [], (), "name:fine-game"),
    "epic": ({}, ["-epicapp=Fortnite", "-EpicPortal"], (), "epic:Fortnite"),
}


@pytest.mark.parametrize("name", IDS)
def test_store_ids(name):
    env, argv, library, ident = IDS[name]
    verdict = verdict_on(facts("/g/Fine Game/fine", *argv, env=env, library=library, title="Fine Game"))
    assert verdict.game.id == ident
    assert verdict.game.title in ("Fine Game", "Portal 2")


@pytest.mark.parametrize(
    "env", [{"SteamAppId": "0"}, {"SteamAppId": "769"}, {"SteamAppId": "x"}, {"UMU_ID": "umu-default"}]
)
def test_what_stores_set_for_themselves_is_no_game(env):
    assert not verdict_on(facts("/g/fine", env=env)).is_game


@pytest.mark.parametrize("number", ["228980", "1493710", "250820", "431960"])
def test_tools_from_steam_are_no_games(number):
    verdict = verdict_on(facts("/g/fine", env={"SteamAppId": number}, title="Fine", fullscreen=True))
    assert not verdict.is_game
    assert "library.software" in sources(verdict)


def test_steams_reaper_tells_the_number_where_the_environment_is_hidden():
    reaper = ProcessInfo(ProcessKey("b", 1, 1), 0, "/s/reaper", ("reaper", "SteamLaunch", "AppId=620", "--", "x"))
    game = ProcessInfo(ProcessKey("b", 2, 2), 1, "/g/fine", ("fine",))
    verdict = verdict_on(Facts(processes=(reaper, game), library=(PORTAL,)))
    assert (verdict.game.id, verdict.game.title) == ("steam:620", "Portal 2")
    assert verdict.root == reaper.key


def test_an_emulator_within_a_games_row_is_that_game():
    rows = (InstalledGame("gog", "7", "Ultima VII", "/g/u7"), InstalledGame("steam", "8", "DOSBox Tools", "/g/tools"))
    assert verdict_on(facts("/g/u7/DOSBOX/dosbox", library=rows)).game.id == "gog:7"
    assert not verdict_on(facts("/g/tools/dosbox", library=rows)).is_game


def test_an_entry_in_game_that_names_a_tool():
    for name in ("Wesnoth Map Editor", "OpenArena Server", "Prism Launcher"):
        verdict = verdict_on(facts("/usr/games/fine", desktop_entry=DesktopEntry(name, ("Game",), "fine")))
        assert not verdict.is_game
        assert "desktop_entry.tool" in sources(verdict)
    assert not verdict_on(facts("/usr/games/wesnoth", "--editor")).is_game


def test_titles_of_digits_alone():
    row = (InstalledGame("steam", "242820", "140", "/g/140"),)
    assert verdict_on(facts("/g/140/140", library=row)).game.title == "140"
    assert verdict_on(windows("D:\\GOG Games\\140\\140.exe", title="140", fullscreen=True)).game.title == "140"


def test_makers_ship_some_runtimes_under_their_own_name():
    assert verdict_on(windows("D:\\GOG Games\\Montaro\\nw.exe", title="Montaro")).game.title == "Montaro"
    assert verdict_on(windows("D:\\GOG Games\\Superhot\\SH.exe", title="SUPERHOT", fullscreen=True)).is_game
    assert "known.interpreter" in sources(verdict_on(windows("D:\\GOG Games\\X\\javaw.exe")))


def test_itch_tells_that_it_is_a_game_but_not_which():
    verdict = verdict_on(facts("/home/ann/fine/fine", env={"ITCHIO_API_KEY": "secret"}, title="Fine Day"))
    assert verdict.game.id == "name:fine-day"
    assert not any("secret" in reason.reason for reason in verdict.evidence)


def test_a_launchers_own_argument():
    assert "store.argument" in sources(verdict_on(windows("D:\\x\\a.exe", "-EpicPortal")))


def test_who_started_it():
    assert "store.starter" in sources(verdict_on(facts("/g/fine", parent="/opt/Heroic/heroic")))
    own = verdict_on(facts("/opt/Heroic/resources/fine", parent="/opt/Heroic/heroic"))
    assert "store.starter" not in sources(own)
    assert "store.starter" not in sources(verdict_on(facts("/g/fine", parent="/usr/bin/thunar")))


def test_a_directory_of_software_is_no_game():
    verdict = verdict_on(windows("D:\\Steam\\steamapps\\common\\wallpaper_engine\\x.exe", title="x"))
    assert "place.software" in sources(verdict)


def test_the_innermost_row_holds_the_program():
    rows = (InstalledGame("gog", "1", "Outer", "/g"), InstalledGame("gog", "2", "Inner", "/g/inner"))
    assert verdict_on(facts("/g/inner/x", library=rows)).game.title == "Inner"
    assert (
        verdict_on(facts("/usr/games/x", library=(InstalledGame("s", "1", "Here", "/usr/games"),))).game.install_dir
        == "/usr/games"
    )


def test_system_games():
    assert verdict_on(windows("C:\\Windows\\System32\\sol.exe", title="Solitaire")).game.title == "Solitaire"
    assert builtin_game("sol", "/usr/games/sol", System.LINUX) == ""
    assert builtin_game("sol", "/usr/share/windows/sol", System.LINUX) == ""
    assert builtin_game("chess", "/System/Applications/Chess.app/Contents/MacOS/Chess", System.MACOS) == "Chess"


# --- names that are not games -----------------------------------------------------------------------------------------

ROLES = {
    "UnityCrashHandler64": "helper",
    "DayZ_BE": "helper",
    "GameUpdater": "helper",
    "vc_redist.x64": "helper",
    "unins000": "installer",
    "setup": "installer",
    "SkyrimSELauncher": "starter",
    "Launcher64": "starter",
    "launch": "starter",
    "valheim_server": "server",
    "srcds": "server",
    "GameConfig": "tool",
    "WorldEditor": "tool",
    "ArmouryCrate.Service": "helper",
    "RazerGameManager": "tool",
    "KitchenPlanner": "tool",
    "gamesettings": "tool",
    "hollow_knight": None,
    "Observer": None,
    "CrashBandicootNSaneTrilogy": None,
    "RustClient": None,
    "FallGuys_client_game": None,
    "ServiceSim": None,
    "64": None,
}


@pytest.mark.parametrize("name", ROLES)
def test_names_tell_what_a_program_is_for(name):
    assert role_of(name) == ROLES[name]


def test_words_of_a_name():
    assert words("GameCrash-Handler64") == ("game", "crash", "handler", "64")


def test_words_of_a_games_title_are_no_role():
    row = InstalledGame("steam", "1", "Map Editor Tycoon: Editor", "/g/e")
    assert verdict_on(facts("/g/e/TycoonEditor", library=(replace(row, title="Tycoon Editor Story"),))).is_game
    entry = DesktopEntry("Server Wars", ("Game",), "x")
    assert verdict_on(facts("/usr/games/wars-server", desktop_entry=entry)).is_game
    assert not verdict_on(facts("/usr/games/wars-server")).is_game


def test_a_starter_that_fills_the_screen_is_the_game_itself():
    row = (InstalledGame("steam", "1", "Fine", "/g/fine"),)
    assert verdict_on(facts("/g/fine/launcher", library=row, title="Fine", fullscreen=True)).is_game
    assert not verdict_on(facts("/g/fine/launcher", library=row, title="Fine")).is_game
    assert not verdict_on(facts("/g/fine/launcher", library=row)).is_game


def test_tables_hold_no_game_of_our_own():
    """A program whose name is a game's alone must never be known as something else."""
    alone = {
        paths.key(launch.path.rpartition("/")[2])
        for game in load_builtin()
        for launch in game.launches
        if launch.exclusive and not launch.argument
    }
    assert not alone & KNOWN.keys()
    assert KNOWN.keys() >= COMMON_WORDS
    assert all(name == name.casefold() and "_" not in name for name in KNOWN)


def test_an_ordinary_word_with_data_of_its_own_is_a_game():
    name = "D:\\Games\\Reaper\\Reaper.exe"
    files = {"D:\\Games\\Reaper": ("Reaper.exe", "Reaper_Data", "UnityPlayer.dll")}
    assert verdict_on(windows(name, title="Reaper", files=files)).is_game
    assert not verdict_on(windows("D:\\Apps\\Reaper\\Reaper.exe", title="Reaper")).is_game


def test_a_system_name_outside_the_system_says_nothing():
    assert "known.system" in sources(verdict_on(windows("C:\\Windows\\System32\\control.exe")))
    assert "known.system" not in sources(verdict_on(windows("D:\\Control\\control.exe")))
    assert "known.system" in sources(verdict_on(facts("/usr/bin/find")))


def test_an_interpreter_alone():
    assert "known.interpreter" in sources(verdict_on(facts("/usr/bin/python3.11")))
    assert "known.wrapper" in sources(verdict_on(facts("/usr/bin/gamemoderun", "x")))


def test_wines_loader_with_a_window_is_its_program():
    exe = "/home/ann/Games/Fallout 2/fallout2.exe"
    shown = verdict_on(facts("/usr/bin/wine64", exe, title="Fallout 2", fullscreen=True))
    assert shown.game.title == "Fallout 2"
    assert "known.wrapper" in sources(verdict_on(facts("/usr/bin/wine64", exe)))


def test_a_servers_main_class():
    verdict = verdict_on(facts("/usr/bin/java", "-cp", "x", "net.minecraft.server.Main"))
    assert "argument.server" in sources(verdict)


# --- version information, windows, libraries, picture -----------------------------------------------------------------

VERSIONS = {
    "system": ({"ProductName": "Microsoft® Windows® Operating System"}, "version.system"),
    "installer": ({"ProductName": "Fine Setup"}, "version.installer"),
    "described": ({"ProductName": "Fine", "FileDescription": "Crash Handler"}, "version.helper"),
    "application": ({"ProductName": "Acme Video Player"}, "version.application"),
    "maker": ({"ProductName": "Fine", "CompanyName": "Acme Games"}, "version.game_maker"),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_version_information(name):
    values, source = VERSIONS[name]
    path = "D:\\x\\fine.exe"
    assert source in sources(verdict_on(windows(path, version_info={path.upper(): values})))


def test_version_information_of_the_same_name_elsewhere():
    told = {"C:\\other\\fine.exe": {"CompanyName": "Acme Games"}, "C:\\x\\y.dll": {"CompanyName": "Acme Games"}}
    assert "version.game_maker" in sources(verdict_on(windows("D:\\x\\fine.exe", version_info=told)))
    assert "version.game_maker" not in sources(verdict_on(windows("D:\\x\\other.exe", version_info=told)))


def test_a_makers_launcher_is_no_game_of_theirs():
    told = {"D:\\x\\fine.exe": {"CompanyName": "Acme Games", "ProductName": "Acme Store"}}
    assert "version.game_maker" not in sources(verdict_on(windows("D:\\x\\fine.exe", version_info=told)))


def test_version_words_of_the_games_own_title():
    row = (InstalledGame("gog", "1", "Crash Handler Simulator", "D:\\x"),)
    told = {"D:\\x\\fine.exe": {"ProductName": "Crash Handler"}}
    assert verdict_on(windows("D:\\x\\fine.exe", library=row, version_info=told)).is_game


SURFACES = {
    "small": ({"window": Window(pid=2, title="a", bounds=Bounds(0, 0, 300, 100))}, {"window.small"}),
    "normal": ({"window": Window(pid=2, title="a", bounds=Bounds(0, 0, 1300, 900))}, set()),
    "no size": ({"window": Window(pid=2, title="a", bounds=Bounds(0, 0, 0, 0))}, set()),
    "class of two names": ({"window": Window(pid=2, class_name='"x", "UnityWndClass"')}, {"window.engine"}),
    "all libraries": ({"mapped": frozenset(["libGL.so.1", "libopenal.so.1", "libSDL2-2.0.so.0"])}, {"mapped.game"}),
    "some": ({"mapped": frozenset(["libGL.so.1", "libpulse.so.0"])}, {"mapped.some"}),
    "graphics alone": ({"mapped": frozenset(["libGL.so.1"])}, set()),
    "engine": ({"mapped": frozenset(["UnityPlayer.so"])}, {"mapped.engine"}),
    "toolkit": ({"mapped": frozenset(["libgtk-3.so.0"])}, {"mapped.toolkit"}),
    "busy": ({"gpu": 0.5}, {"gpu.busy"}),
    "idle": ({"gpu": 0.05}, set()),
    "game's picture": ({"screen": ScreenLabels(0.97)}, {"screen.unsupported"}),
    "document's picture": ({"screen": ScreenLabels(0.03)}, {"screen.other"}),
    "unsure picture": ({"screen": ScreenLabels(0.5)}, set()),
    "game's bundle": ({"bundle": Bundle("Fine", "public.app-category.puzzle-games")}, {"bundle.game"}),
    "other bundle": ({"bundle": Bundle("Fine", "public.app-category.utilities")}, {"bundle.other"}),
    "bundle that does not say": ({"bundle": Bundle("Fine", "")}, set()),
    "entry without categories": ({"desktop_entry": DesktopEntry("Fine")}, set()),
    "other entry": ({"desktop_entry": DesktopEntry("Fine", ("Office",))}, {"desktop_entry.other"}),
    "contrary entry": ({"desktop_entry": DesktopEntry("Fine", ("Game", "Emulator"))}, {"desktop_entry.contrary"}),
}


@pytest.mark.parametrize("name", SURFACES)
def test_what_can_be_seen(name):
    kinds, expected = SURFACES[name]
    assert sources(verdict_on(replace(facts("/opt/fine/x"), **kinds))) - {"prior"} == expected


def test_an_interpreters_own_entry_says_nothing_about_what_runs_in_it():
    python = DesktopEntry("Python", ("Development",), "/usr/bin/python3.11")
    verdict = verdict_on(facts("/usr/bin/python3.11", "/g/fine.py", desktop_entry=python))
    assert not any(source.startswith("desktop_entry") for source in sources(verdict))
    bare = verdict_on(facts("/usr/bin/python3.11", desktop_entry=python))
    assert "desktop_entry.other" in sources(bare)


def test_files_of_shared_directories_say_nothing():
    files = {"/usr/bin": ("love", "x", "game.unx"), "/opt/other": ("data.win",)}
    assert sources(verdict_on(facts("/usr/bin/x", files=files))) == {"prior"}
    unplaced = verdict_on(facts(None, files={"/opt/other": ("data.win",)}))
    assert "engine.gamemaker" in sources(unplaced)


def test_files_told_in_windows_spelling_under_wine():
    files = {"Z:\\g\\Fine": ("fine_Data", "UnityPlayer.dll")}
    verdict = verdict_on(facts("/x/wine64-preloader", env={}, files=files))
    assert not verdict.is_game
    wine = ProcessInfo(ProcessKey("b", 2, 2), 0, "/x/wine64-preloader", ("Z:\\g\\Fine\\fine.exe",))
    assert verdict_on(Facts(processes=(wine,), files=files)).is_game


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_name_of_last_resort():
    verdict = verdict_on(facts("/s/steamapps/common/Game/game", env={"SteamAppId": "5"}))
    assert (verdict.game.id, verdict.game.title) == ("steam:5", "Game")
    loveless = verdict_on(facts("/usr/games/game"))
    assert (loveless.game.id, loveless.game.title) == ("exe:game", "Game")


def test_what_the_picture_says_is_a_name_too():
    steam = {"SteamAppId": "5"}
    seen = ScreenLabels(0.99, "Pitfall!", 0.97)
    assert verdict_on(facts("/g/game", env=steam, screen=seen)).game.title == "Pitfall!"
    assert verdict_on(facts("/g/game", env=steam, screen=replace(seen, title_score=0.2))).game.title != "Pitfall!"


def test_a_title_that_names_its_maker():
    steam = {"SteamAppId": "5"}
    assert verdict_on(facts("/g/Fine Day/game", env=steam, title="Fine Day by Acme Studios")).game.title == "Fine Day"
    assert (
        verdict_on(facts("/g/game", env=steam, title="Terraria: Dig Peon, Dig!")).game.title
        == "Terraria: Dig Peon, Dig!"
    )
    told = facts("/s/steamapps/common/Terraria/game", env=steam, title="Terraria: Dig Peon, Dig!")
    assert verdict_on(told).game.title == "Terraria"


def test_file_names_and_companies_are_no_titles():
    path = "D:\\Games\\Fine Day\\fd.exe"
    told = {path: {"ProductName": "fd.exe", "FileDescription": "Acme Games", "CompanyName": "Acme Games"}}
    verdict = verdict_on(windows(path, title="Fine Day", fullscreen=True, version_info=told))
    assert verdict.game.title == "Fine Day"


CONTAINERS = {
    # name: (exe, argv, window title, title or None)
    "scummvm target unknown to us": ("/usr/bin/scummvm", ["--path=/g", "foo-1"], "Foo and the Bar", "Foo and the Bar"),
    "scummvm target and no title": ("/usr/bin/scummvm", ["-p", "/g", "scumm:loomy"], "ScummVM", "Loomy"),
    "scummvm by its title": ("/usr/bin/scummvm", [], "Beneath a Steel Sky", "Beneath a Steel Sky"),
    "dosbox program in a directory": ("/usr/bin/dosbox", ["/home/ann/dos/Keen 4/KEEN4E.EXE"], "DOSBox", "Keen 4"),
    "dosbox program alone": ("/usr/bin/dosbox", ["-c", "FOO4E.EXE"], "DOSBox", "Foo 4e"),
    "dosbox mounted": (
        "/usr/bin/dosbox",
        ["-c", "mount c /home/ann/Commander Keen", "KEEN.EXE"],
        "DOSBox",
        "Commander Keen",
    ),
    "dosbox by its title": ("/usr/bin/dosbox", [], "DOSBox 0.74-3, Program: DOOM2", "Doom II: Hell on Earth"),
    "dosbox mounted nothing telling": (
        "/usr/bin/dosbox",
        ["-c", "mount c /home/ann/dos"],
        "DOSBox, Program: XCOM",
        "X-COM: UFO Defense",
    ),
    "dosbox settings": ("/usr/bin/dosbox", ["-conf", "dosbox.conf"], "DOSBox, Program: DOSBOX", None),
    "mame machine": ("/usr/bin/mame", ["pacman"], "", "Pac-Man"),
    "mame by its title": ("/usr/bin/mame", ["pacman"], "MAME: Pac-Man (Midway)", "Pac-Man"),
    "mame alone": ("/usr/bin/mame", [], "", None),
    "option with content": ("/usr/bin/mednafen", ["--content=/r/Fine Day (USA).nes"], "", "Fine Day"),
    "a number, and the window knows": (
        "/usr/bin/rpcs3",
        ["/d/BLUS30443/USRDIR/EBOOT.BIN"],
        "FPS: 60 | Vulkan | 1.0 | Demon's Souls [BLUS30443]",
        "Demon's Souls",
    ),
    "a number, and nothing knows": ("/usr/bin/rpcs3", ["/d/BLUS30443/USRDIR/EBOOT.BIN"], "", "BLUS30443"),
    "a shared engine without data": ("/usr/games/gzdoom", [], "", "Gzdoom"),
    "a shared engine by a variable": ("/usr/lib/ioquake3", ["+set", "fs_game", "baseoa"], "", "OpenArena"),
    "an unknown variable": ("/usr/games/ioquake3", ["+set", "vid", "1", "-game", "mymod"], "", "Quake III Arena"),
    "the first Half-Life's engine": ("/g/hl_linux", ["-game", "cstrike"], "", "Counter-Strike"),
    "sold with its dosbox": ("/s/steamapps/common/Dark Forces/dosbox", ["-conf", "dosbox_df.conf"], "", "Dark Forces"),
    "a dosbox of the person": ("/s/steamapps/common/DOSBox/dosbox", [], "", None),
    "a dosbox among games": ("/home/ann/Games/Emulation/dosbox", [], "", None),
    "the file manager": ("/usr/bin/dolphin", ["/home/ann/a.iso"], "Home — Dolphin", None),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_runs_inside(name):
    exe, argv, title, expected = CONTAINERS[name]
    game = verdict_on(facts(exe, *argv, title=title)).game
    assert (game.title if game else None) == expected


# --- reasons ----------------------------------------------------------------------------------------------------------


def test_reasons_add_up_to_the_probability():
    verdict = verdict_on(facts("/s/steamapps/common/Portal 2/portal2", env={"SteamAppId": "620"}, library=(PORTAL,)))
    odds = sum(reason.weight for reason in verdict.evidence)
    assert verdict.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-5)
    assert {reason.source for reason in verdict.evidence} >= {"prior", "library.installed", "store.environment"}
    assert [abs(reason.weight) for reason in verdict.evidence] == sorted(
        (abs(reason.weight) for reason in verdict.evidence), reverse=True
    )
    assert all(reason.reason.endswith(".") for reason in verdict.evidence)


@pytest.mark.parametrize("odds", [-1e9, -5.0, 0.0, 5.0, 1e9])
def test_probabilities_stay_probabilities(odds):
    assert 0.0 <= fusion.probability(odds) <= 1.0


signals = st.lists(st.sampled_from(sorted(SIGNALS)), unique=True, max_size=25)


@given(signals, st.sampled_from(sorted(SIGNALS)))
def test_a_reason_for_a_game_never_makes_it_less_likely(names, more):
    before = fusion.log_odds(fusion.weigh(Sign(name, "") for name in names))
    after = fusion.log_odds(fusion.weigh(Sign(name, "") for name in {*names, more}))
    if SIGNALS[more].weight > 0:
        assert after >= before - 0.02
    else:
        assert after <= before + 0.02


@given(signals)
def test_the_order_of_signs_does_not_matter(names):
    assert fusion.weigh(Sign(name, "") for name in names) == fusion.weigh(Sign(name, "") for name in reversed(names))


@given(signals)
def test_one_certain_reason_outweighs_all_others(names):
    others = [name for name in names if not name.startswith("person.") and SIGNALS[name].weight > 0]
    odds = fusion.log_odds(fusion.weigh(Sign(name, "") for name in [*others, "name.helper"]))
    assert fusion.probability(odds) < THRESHOLD
    assert fusion.log_odds(fusion.weigh([Sign("person.game", ""), Sign("name.helper", "")])) > 0
    assert fusion.log_odds(fusion.weigh([])) == PRIOR


# --- any facts at all -------------------------------------------------------------------------------------------------

names = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "/usr/games/x",
            "C:\\g\\Game.exe",
            "./a.exe",
            "Z:\\g\\a.exe",
            "/usr/bin/java",
            "/usr/bin/python3",
            "/usr/lib/wine/wine64",
            "/usr/bin/dosbox",
            "/bin/sh",
            "retroarch",
            "mame",
            "scummvm",
            "-jar",
            "-m",
            "-c",
            "--path",
            "-game",
            "a.nes",
            "flatpak",
            "run",
            "/opt/x/x.x86_64",
            "SteamLaunch",
            "AppId=7",
            "/usr/bin/godot",
            "+set",
        ]
    ),
)
processes = st.builds(
    ProcessInfo,
    key=st.builds(ProcessKey, st.just("b"), st.integers(0, 5), st.integers(0, 5)),
    parent_pid=st.integers(0, 5),
    exe=st.none() | names,
    argv=st.lists(names, max_size=5).map(tuple),
    cwd=st.none() | names,
    environment=st.dictionaries(
        st.sampled_from(
            ["SteamAppId", "SteamGameId", "WINEPREFIX", "STEAM_COMPAT_DATA_PATH", "STEAM_COMPAT_INSTALL_PATH", "UMU_ID"]
        ),
        names,
        max_size=3,
    ),
    comm=names,
)
anything = st.builds(
    Facts,
    system=st.sampled_from(System),
    processes=st.lists(processes, max_size=4).map(tuple),
    window=st.none()
    | st.builds(
        Window,
        pid=st.integers(0, 5),
        title=st.text(max_size=60),
        class_name=names,
        fullscreen=st.booleans(),
        bounds=st.none() | st.builds(Bounds, *[st.integers(-9, 9000)] * 4),
    ),
    files=st.dictionaries(names, st.lists(names, max_size=4).map(tuple), max_size=3),
    version_info=st.dictionaries(
        names,
        st.dictionaries(st.sampled_from(["ProductName", "FileDescription", "CompanyName"]), st.text(max_size=40)),
        max_size=2,
    ),
    desktop_entry=st.none()
    | st.builds(
        DesktopEntry, names, st.lists(st.sampled_from(["Game", "Emulator", "Office"]), max_size=2).map(tuple), names
    ),
    bundle=st.none()
    | st.builds(Bundle, names, st.sampled_from(["", "public.app-category.games", "public.app-category.video"])),
    library=st.lists(st.builds(InstalledGame, st.sampled_from(["steam", "gog"]), names, names, names), max_size=3).map(
        tuple
    ),
    mapped=st.frozensets(names, max_size=3),
    gpu=st.floats(0, 1),
    screen=st.none() | st.builds(ScreenLabels, st.floats(0, 1), st.none() | names, st.floats(0, 1)),
    rules=st.lists(st.builds(Rule, st.sampled_from(RuleKind), names, st.just(""), names), max_size=2).map(tuple),
    gathered=st.frozensets(st.sampled_from(FactKind)),
)


@settings(max_examples=400, deadline=None)
@given(anything)
def test_any_facts_get_an_answer_and_always_the_same(one):
    answer = judge(one)
    assert answer == judge(one)
    verdict = verdict_on(one)
    assert 0.0 <= verdict.probability <= 1.0
    assert verdict.is_game is (verdict.probability >= THRESHOLD)
    if verdict.game is not None:
        assert verdict.game.id
        assert verdict.game.title
    assert isinstance(judge(replace(one, gathered=ALL_KINDS)), Verdict)
    if isinstance(answer, Needs):
        assert not one.gathered & set(answer.kinds)


@settings(max_examples=100, deadline=None)
@given(anything)
def test_the_persons_word_wins_over_anything(one):
    named = [process for process in one.processes if process.exe]
    if not named:
        return
    path = verdict_on(replace(one, processes=named[-1:], window=None))
    for kind, expected in ((RuleKind.GAME, True), (RuleKind.IGNORE, False)):
        rule = Rule(kind, named[-1].exe, title="Mine")
        verdict = verdict_on(replace(one, processes=named[-1:], window=None, rules=(rule,)))
        if any(source.startswith("person.") for source in sources(verdict)):
            assert verdict.is_game is expected
        else:
            assert verdict.is_game is path.is_game  # a path that says nothing of a file, such as a directory


@pytest.mark.parametrize("text", ["x" * 1_000_000, "(" * 1_000_000, " - " * 300_000, "1." * 500_000, "\n" * 1_000_000])
def test_monstrous_texts_cost_little(text):
    started = time.perf_counter()
    verdict_on(facts("/usr/bin/dosbox", text, f"mount c {text}", title=text, cls=text[:100_000]))
    verdict_on(windows("D:\\x\\a.exe", version_info={"D:\\x\\a.exe": {"ProductName": text, "CompanyName": text}}))
    assert time.perf_counter() - started < 5.0


@pytest.mark.parametrize(
    ("game_id", "called"),
    [("steam:620", "Portal 2"), ("steam:769", None), ("steam:", None), ("epic:620", None), ("nonsense", None)],
)
def test_a_window_that_carries_steams_number_is_that_game(game_id, called):
    signal = StoreSignal(Instant(1.0, 1.0, 1.0), "steam_window", 2, game_id, running=True)
    answer = verdict_on(facts("/opt/x/run", title="", library=(PORTAL,), signals=(signal,)))
    assert (answer.game.title if answer.game else None) == called


def test_a_wine_program_of_an_unknown_prefix_is_found_in_the_library_by_its_drive():
    """Bottles in a sandbox: the prefix is not to be seen, the library knows where it is."""
    row = InstalledGame("bottles", "Fern", "Fern Cards", "/home/me/bottles/One/drive_c/Program Files/Fern")
    elsewhere = replace(row, id="Moss", title="Moss", install_dir="/opt/moss")
    argv = ("C:\\Program Files\\Fern\\fern.exe",)
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, "/runners/soda/bin/wine64-preloader", argv)
    verdict = verdict_on(Facts(processes=(process,), library=(elsewhere, row)))
    assert verdict.game is not None
    assert verdict.game.title == "Fern Cards"


# --- what a name says by itself ---

KITCHEN = "C:\\Program Files\\Nordholz\\Nordholz.exe"
UNITY = {"C:\\Program Files\\Nordholz": ("Nordholz.exe", "Nordholz_Data", "UnityPlayer.dll")}


def on_windows(path, title="", **known):
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, path, (path,))
    return Facts(
        system=System.WINDOWS, processes=(process,), window=Window(pid=9, title=title) if title else None, **known
    )


@pytest.mark.parametrize(
    "title",
    [
        "Küchenplaner 2024",
        "Kitchen Planner",
        "Staplerschulung",
        "Forklift Trainer",
        "Human Anatomy Atlas",
        "Info-Kiosk",
    ],
)
def test_a_program_made_like_a_game_that_says_what_else_it_is_for_is_none(title):
    verdict = verdict_on(on_windows(KITCHEN, title, files=UNITY))
    assert "window.purpose" in sources(verdict)
    assert verdict.game is None


def test_what_a_store_lists_among_its_games_may_be_called_anything():
    row = InstalledGame("steam", "9", "Kitchen Planner", "C:\\Program Files\\Nordholz")
    verdict = verdict_on(on_windows(KITCHEN, "Kitchen Planner", files=UNITY, library=(row,)))
    assert "window.purpose" not in sources(verdict)
    assert verdict.game is not None


def test_a_bundle_is_asked_for_its_purpose_too():
    path = "/Applications/Nord.app/Contents/MacOS/Nord"
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, path, (path,))
    facts = Facts(
        system=System.MACOS, processes=(process,), window=Window(pid=9), bundle=Bundle("Nordholz Room Planner", "")
    )
    assert "window.purpose" in sources(verdict_on(facts))


def test_one_name_for_directory_executable_and_window_counts_among_games_only():
    among = verdict_on(on_windows("D:\\Games\\Moorland\\Moorland.exe", "Moorland"))
    elsewhere = verdict_on(on_windows("C:\\Program Files\\Moorland\\Moorland.exe", "Moorland"))
    assert "window.names_agree" in sources(among)
    assert among.game is not None
    assert "window.names_agree" not in sources(elsewhere)
    assert elsewhere.game is None


def test_a_game_makers_product_in_the_windows_title():
    path = "C:\\Program Files (x86)\\Fern Files - Return\\FernFiles_Return.exe"
    info = {path: {"ProductName": "Fern Files - Return", "CompanyName": "Big Pond Games"}}
    verdict = verdict_on(on_windows(path, "Fern Files - Return", version_info=info))
    assert "version.own_title" in sources(verdict)
    assert verdict.game.title == "Fern Files - Return"
    assert "version.own_title" not in sources(verdict_on(on_windows(path, "Something else", version_info=info)))


def test_a_bundle_whose_maker_calls_it_a_game_may_run_a_file_called_launcher():
    path = "/Applications/Redfern.app/Contents/MacOS/Launcher"
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, path, (path,))
    game = Bundle("Redfern", "public.app-category.strategy-games")
    facts = Facts(system=System.MACOS, processes=(process,), bundle=game)
    assert verdict_on(facts).game.title == "Redfern"
    tool = replace(facts, bundle=Bundle("Redfern", "public.app-category.utilities"))
    assert "name.starter" in sources(verdict_on(tool))
    outside = replace(process, exe="/Users/me/Redfern/Launcher", argv=("/Users/me/Redfern/Launcher",))
    assert "name.starter" in sources(verdict_on(replace(facts, processes=(outside,))))


def test_a_game_that_comes_with_windows_is_one_although_its_product_is_windows():
    path = "C:\\Program Files\\Windows NT\\Pinball\\PINBALL.EXE"
    info = {path: {"ProductName": "Microsoft® Windows® Operating System", "FileDescription": "Pinball"}}
    verdict = verdict_on(on_windows(path, "3D Pinball for Windows - Space Cadet", version_info=info))
    assert verdict.game.title == "3D Pinball for Windows - Space Cadet"


def test_a_python_game_is_known_by_the_package_that_games_load():
    line = {
        "processes": [{"pid": 4, "exe": "/usr/bin/python3.11", "argv": ["python3", "main.py"], "cwd": "/home/me/moss"}],
        "window": {"pid": 4, "title": "Moss"},
        "mapped": ["/usr/lib/python3/dist-packages/pygame/base.cpython-311-x86_64-linux-gnu.so", "/x/libSDL2-2.0.so.0"],
    }
    assert "mapped.package" in sources(verdict_on(parse(line)))


# --- which of several rows of the library ---

PUZZLE = "C:\\Games\\Puzzle\\puzzle.exe"
LISTED = InstalledGame("windows", "abc", "Puzzle", "", (PUZZLE,))
SOLD = InstalledGame("steam", "620", "Puzzle 2", "C:\\Games\\Puzzle")


@pytest.mark.parametrize("rows", [(LISTED, SOLD), (SOLD, LISTED)])
def test_who_sold_a_game_knows_it_better_than_a_list_of_the_system(rows):
    assert verdict_on(on_windows(PUZZLE, library=rows)).game.id == "steam:620"


def test_the_innermost_directory_counts_before_a_row_that_names_the_executable_alone():
    shortcut = InstalledGame("steam-shortcut", "1", "My Puzzle", "", (PUZZLE,))
    assert verdict_on(on_windows(PUZZLE, library=(shortcut, SOLD))).game.id == "steam:620"
    assert verdict_on(on_windows(PUZZLE, library=(shortcut,))).game.id == "steam-shortcut:1"


def test_windows_own_list_is_a_hint_and_names_nothing():
    path = "C:\\Tools\\Puzzle\\puzzle.exe"
    listed = replace(LISTED, executables=(path,))
    alone = verdict_on(on_windows(path, library=(listed,)))
    assert alone.game is None
    assert "store.windows_list" in sources(alone)
    fullscreen = Window(pid=9, title="Puzzle Garden", fullscreen=True)
    seen = verdict_on(replace(on_windows(path, library=(listed,)), window=fullscreen))
    assert (seen.game.id, seen.game.title) == ("windows:abc", "Puzzle Garden")


def test_a_flatpak_is_found_by_what_its_environment_says():
    row = InstalledGame("flatpak", "org.moss.Moss", "Moss", "/var/lib/flatpak/app/org.moss.Moss")
    environment = {"FLATPAK_ID": "org.moss.Moss"}
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, "/app/bin/moss", ("moss",), environment=environment)
    assert verdict_on(Facts(processes=(process,), library=(row,))).game.title == "Moss"
    other = replace(process, environment={"FLATPAK_ID": "org.fern.Fern"})
    assert verdict_on(Facts(processes=(other,), library=(row,))).game is None
    outside = replace(process, exe="/usr/bin/moss")
    assert verdict_on(Facts(processes=(outside,), library=(row,))).game is None


# --- what is brought along, and what is started by whom ---


def test_what_proton_runs_beside_the_game_is_not_the_game():
    argv = ("Z:\\home\\me\\.local\\share\\Steam\\legacycompat\\iscriptevaluator.exe", "--get-current-step", "620")
    helper = ProcessInfo(ProcessKey("b", 9, 9), 1, "/x/wine64-preloader", argv, environment={"SteamAppId": "620"})
    verdict = verdict_on(Facts(processes=(helper,)))
    assert verdict.game is None
    assert "place.system" in sources(verdict)


def test_a_window_tells_a_game_from_what_a_store_installs_beside_it():
    path = "D:\\GOG Games\\Moor III\\moorhd.exe"
    assert verdict_on(on_windows(path, "Moor III: HD+")).game is not None
    assert verdict_on(on_windows(path)).game is None


def test_a_number_that_lutris_makes_up_at_each_start_is_no_games_id():
    environment = {"LUTRIS_GAME_UUID": "6e1f5b7c-0000-4000-8000-000000000001"}
    process = ProcessInfo(ProcessKey("b", 9, 9), 1, "/home/me/Games/moss/moss", ("moss",), environment=environment)
    game = verdict_on(Facts(processes=(process,))).game
    assert game.id == "name:moss"


NAMELESS = {
    "an executable that cannot be read": '{"processes": [{"pid": 1, "exe": null}], "window": {"pid": 1, "title": ""}}',
    "a company without a product": """{"processes": [{"pid": 1, "exe": "C:\\\\x\\\\moss.exe"}],
        "window": {"pid": 1, "title": " "}, "version_info": {"C:\\\\x\\\\moss.exe": {"CompanyName": "Ubisoft"}}}""",
}


@pytest.mark.parametrize("name", NAMELESS)
def test_two_names_that_are_missing_are_not_the_same_name(name):
    verdict = verdict_on(parse(NAMELESS[name]))
    assert sources(verdict) & {"window.own_name", "version.own_title"} == set()


def test_a_package_of_microsofts_store_is_known_by_its_maker_and_its_name():
    place = "C:\\Program Files\\WindowsApps\\king.com.CandyMossSaga_1.287.1.0_x86__kgqvnymyfvs32"
    verdict = verdict_on(on_windows(f"{place}\\stritz.exe", "Candy Moss Saga"))
    assert {"place.maker", "window.own_name"} <= sources(verdict)
    nobody = "C:\\Program Files\\WindowsApps\\MossNotes_1.0.0.0_x64__kgqvnymyfvs32\\notes.exe"
    assert "place.maker" not in sources(verdict_on(on_windows(nobody, "Moss Notes")))


# --- engines' marks that are no file of their own name ---


@pytest.mark.parametrize(
    ("files", "signal"),
    [
        (("Game.exe", "nw.dll", "www", "package.json"), "engine.rpg_maker"),
        (("Game.exe", "nw.dll", "data", "img", "js", "package.json"), "engine.rpg_maker"),
        (("Game.exe", "nw.dll", "js", "package.json"), None),
        (("Game.exe", "www", "img", "js", "data"), None),
        (("Game.exe", "GuruGuruSMF4.dll"), "engine.rpg_maker"),
        (("game.exe", "tyrano", "data"), "engine.adventure"),
    ],
)
def test_engines_that_browsers_run(files, signal):
    verdict = verdict_on(on_windows("D:\\X\\Moss\\Game.exe", files={"D:\\X\\Moss": files}))
    assert {one for one in sources(verdict) if one.startswith("engine.")} == ({signal} if signal else set())


def test_what_an_engine_wrote_beside_a_program_marks_it_as_its_own():
    facts = on_windows("D:\\X\\Moss\\Game.exe", "Moss Garden", metadata={"rpg_maker": "Moss Garden"})
    verdict = verdict_on(facts)
    assert verdict.game.title == "Moss Garden"
    assert "engine.rpg_maker" in sources(verdict)
    assert verdict_on(replace(facts, metadata={"package_json": "Moss Garden"})).game is None


@pytest.mark.parametrize(
    "product", ["TVP(KIRIKIRI) Z core / Scripting Platform for Win32", "RGSS3 Player", "SiglusEngine"]
)
def test_an_engines_product_is_nobodys_title(product):
    path = "D:\\X\\Moss\\moss.exe"
    info = {path: {"ProductName": product}}
    files = {"D:\\X\\Moss": ("moss.exe", "data.xp3")}
    assert verdict_on(on_windows(path, "Moss no Niwa", version_info=info, files=files)).game.title == "Moss no Niwa"


# --- applications with a document ---


@pytest.mark.parametrize(
    ("title", "document"),
    [
        ("PixelFern - skeleton.pxo", True),
        ("Fern Maker v1.3 - bricks.ptex", True),
        ("model_2.blend* - Fern", True),
        ("Fern Maker - notes (2).fern *", True),
        ("Fern Quest - v1.3", False),
        ("Fern Quest - Chapter 2", False),
        ("agar.io - Fern", False),
        ("Fern Quest - fern.gg", False),
        ("S.T.A.L.K.E.R. - Fern", False),
        ("Fern.exe - Fern", False),
    ],
)
def test_a_document_in_the_title_is_an_applications(title, document):
    verdict = verdict_on(on_windows(KITCHEN, title, files=UNITY))
    assert ("title.document" in sources(verdict)) is document
    assert verdict.is_game is not document


def test_what_version_information_says_a_program_is_for():
    info = {KITCHEN: {"ProductName": "LapFern", "FileDescription": "LapFern laparoscopic training"}}
    assert verdict_on(on_windows(KITCHEN, "LapFern", files=UNITY, version_info=info)).game is None
    player = {KITCHEN: {"ProductName": "Album Player", "FileDescription": "Soundtrack player"}}
    assert verdict_on(on_windows(KITCHEN, "Fern: OST", files=UNITY, version_info=player)).game is None


@pytest.mark.parametrize(
    ("title", "tool"),
    [
        ("Valley Mod Manager 2.1", True),
        ("Stardrop - Fern mods", True),
        ("Fern Save Editor", True),
        ("Fern v1.7 Plus 24 Trainer", True),
        ("Fern Trainer (+12)", True),
        ("Fern Quest Electronic Registration", True),
        ("SMAPI running Fern with 12 mods", False),
        ("Pocket Trainer", False),
        ("Fern Quest", False),
    ],
)
def test_a_tool_for_a_game_says_so_in_its_title(title, tool):
    """Though it lies in the game's own directory."""
    place = "C:\\Steam\\steamapps\\common\\Fern Quest"
    row = InstalledGame("steam", "9", "Fern Quest", place)
    verdict = verdict_on(on_windows(f"{place}\\extra\\vmm.exe", title, library=(row,)))
    assert ("title.tool" in sources(verdict)) is tool
    assert verdict.is_game is not tool


def test_a_store_may_sell_a_game_under_a_tools_title():
    place = "C:\\Steam\\steamapps\\common\\Fern Trainer"
    row = InstalledGame("steam", "9", "Fern Trainer v2", place)
    assert verdict_on(on_windows(f"{place}\\fern.exe", "Fern Trainer v2", library=(row,))).is_game


def test_a_program_may_be_named_like_a_document():
    path = "D:\\x\\Fern.drive.x64.exe"
    verdict = verdict_on(
        on_windows(path, "Fern.drive - 0.33.3 - RELEASE", files={"D:\\x": UNITY[paths.directory(KITCHEN)]})
    )
    assert "title.document" not in sources(verdict)


def test_a_name_that_no_file_can_have_costs_no_time():
    """Names are looked at as far as file systems allow them: versions at their end were sought in quadratic time."""
    begun = time.process_time()
    verdict_on(on_windows("C:\\" + "1." * 100_000 + ".exe", "x"))
    assert time.process_time() - begun < 5


def test_who_makes_machines_makes_other_things_with_games_engines():
    info = {KITCHEN: {"ProductName": "Nordholz Twin", "CompanyName": "Siemens AG"}}
    assert verdict_on(on_windows(KITCHEN, "Nordholz", files=UNITY, version_info=info)).game is None
    studio = {KITCHEN: {"ProductName": "Nordholz", "CompanyName": "Robotics Games Ltd"}}
    assert verdict_on(on_windows(KITCHEN, "Nordholz", files=UNITY, version_info=studio)).game is not None
