"""What the world knows of a program as a person meets it: the right title, or none; never by a common name alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from catalogue_samples import known

from gamedetectd.detection.case import build
from gamedetectd.detection.catalogue import testify as judge_rows
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.detection.known_games import same_game
from gamedetectd.domain import (
    ALL_KINDS,
    FactKind,
    Facts,
    InstalledGame,
    KnownGame,
    Launch,
    Needs,
    ProcessInfo,
    ProcessKey,
    System,
    Window,
)

WIN, LINUX = (System.WINDOWS,), (System.LINUX,)


def facts(exe, *argv, system=System.WINDOWS, cwd=None, env=None, title=None, fullscreen=False, rows=(), **kinds):
    """Facts of one program with what the catalogue says of it."""
    one = ProcessInfo(ProcessKey("b", 2, 2), 0, exe, (exe or "", *argv), cwd, environment=env or {})
    window = Window(pid=2, title=title, fullscreen=fullscreen) if title is not None else None
    return Facts(system=system, processes=(one,), window=window, catalogue=tuple(rows), **kinds)


def signs(*arguments, **more):
    return [
        (sign.signal, sign.game.title if sign.game else None) for sign in judge_rows(build(facts(*arguments, **more)))
    ]


MINECRAFT = known("Minecraft", Launch("javaw.exe", "net.minecraft.client.main.main", WIN, exclusive=True))
HALF_LIFE = known("Half-Life 2", Launch("hl2.exe", "-game hl2", WIN), directories=("half-life 2",), sharing=34)
FORTRESS = known("Team Fortress 2", Launch("hl2.exe", "-game tf", WIN), directories=("team fortress 2",), sharing=34)
GARRY = known("Garry's Mod", Launch("hl2.exe", "-game garrysmod", WIN), directories=("garrysmod",), sharing=34)
SOURCE = (HALF_LIFE, FORTRESS, GARRY)
LAST_MAN = known("Last Man Standing", "lms.exe", directories=("last man standing",))
EVERYTHING = known("Everything", "everything.exe", directories=("everything",))
ONI = known("Oni", "oni.exe", directories=("oni",), sharing=2)
OTHER_ONI = known("ONI : Road to be the Mightiest Oni", "oni.exe", directories=("oni mightiest",), sharing=2)
GOTHIC = known("Gothic II", "system/game.exe", directories=("gothic ii",), sharing=187)
PIRATES = known("Sid Meier's Pirates!", "game.exe", directories=("sid meier's pirates!",), sharing=187)
HUNIE = known("HuniePop 2: Double Date", "huniepop2doubledate.exe", directories=("huniepop 2 - double date",))
WITCHER = known(
    "The Witcher 3: Wild Hunt", Launch("witcher3.exe", "", WIN, exclusive=True), directories=("the witcher 3",)
)
FINALS = known("THE FINALS", "discovery.exe", "discovery-d.exe", directories=("the finals",))
LAST_OF_US = known("The Last of Us Part II Remastered", "tlou-ii.exe", directories=("the last of us part ii",))
CELESTE = known("Celeste", "celeste.exe", directories=("celeste",))
COUNTER = known(
    "Counter-Strike 2",
    Launch("game/bin/linuxsteamrt64/cs2", "", LINUX),
    directories=("counter-strike global offensive",),
)
SHATTERED = known("Shattered Skies", "shatteredskies/lms.exe")
PHASMO = known("Phasmophobia Redux", "phasmoredux.exe", directories=("phasmophobia redux",))

CASES = {
    # what: (executable, arguments, rows, the rest, and the sign with its title)
    "an exclusive name": (
        "D:\\x\\witcher3.exe",
        [],
        [WITCHER],
        {},
        ("catalogue.exclusive", "The Witcher 3: Wild Hunt"),
    ),
    "an exclusive name with its argument": (
        "C:\\jre\\bin\\javaw.exe",
        ["-cp", "x", "net.minecraft.client.main.Main"],
        [MINECRAFT],
        {},
        ("catalogue.exclusive", "Minecraft"),
    ),
    "a name and its directory": (
        "D:\\Stuff\\Gothic II\\System\\game.exe",
        [],
        [PIRATES, GOTHIC],
        {},
        ("catalogue.path", "Gothic II"),
    ),
    "a name, and nothing decides": ("D:\\Stuff\\X\\game.exe", [], [PIRATES, GOTHIC], {}, ("catalogue.shared", None)),
    "a name and the window's title": (
        "D:\\Stuff\\X\\game.exe",
        [],
        [PIRATES, GOTHIC],
        {"title": "Sid Meier's Pirates!"},
        ("catalogue.path", "Sid Meier's Pirates!"),
    ),
    "an argument": (
        "C:\\S\\hl2.exe",
        ["-steam", "-game", "tf"],
        SOURCE,
        {},
        ("catalogue.path", "Team Fortress 2"),
    ),
    "an argument given as a path": (
        "C:\\S\\hl2.exe",
        ["-game", "C:\\mods\\garrysmod"],
        SOURCE,
        {},
        ("catalogue.path", "Garry's Mod"),
    ),
    "a part of the path": (
        "D:\\ShatteredSkies\\lms.exe",
        [],
        [LAST_MAN, SHATTERED],
        {},
        ("catalogue.path", "Shattered Skies"),
    ),
    "a structure is no part of a path": (
        "D:\\Tools\\bin\\game.exe",
        [],
        [known("Fine Game", "bin/game.exe", sharing=187)],
        {},
        ("catalogue.shared", None),
    ),
    "a telling name of one title": (
        "D:\\x\\HuniePop2DoubleDate.exe",
        [],
        [HUNIE],
        {},
        ("catalogue.name", "HuniePop 2: Double Date"),
    ),
    "one word of program and directory": ("D:\\Celeste\\Celeste.exe", [], [CELESTE], {}, ("catalogue.shared", None)),
    "the same in a folder for games": (
        "D:\\Games\\Celeste\\Celeste.exe",
        [],
        [CELESTE],
        {},
        ("catalogue.path", "Celeste"),
    ),
    "the word as its window's title too": (
        "D:\\x\\Celeste.exe",
        [],
        [CELESTE],
        {"title": "Celeste"},
        ("catalogue.shared", None),
    ),
    "a directory in a folder for games": (
        "D:\\Games\\Gothic II\\System\\GothicStarter_mod.exe",
        [],
        [GOTHIC],
        {},
        ("catalogue.directory", "Gothic II"),
    ),
    "what a store starts for Unreal": (
        "D:\\S\\Phasmophobia Redux\\PhasmoRedux\\Binaries\\Win64\\PhasmoRedux-Win64-Shipping.exe",
        [],
        [PHASMO],
        {},
        ("catalogue.path", "Phasmophobia Redux"),
    ),
    "a launcher": (
        "D:\\S\\Fine Online\\FineStart.exe",
        [],
        [known("Fine Online", Launch("finestart.exe", "", WIN, launcher=True), directories=("fine online",))],
        {},
        ("catalogue.launcher", None),
    ),
    "an argument that is only an option": (
        "D:\\x\\left4dead2.exe",
        [],
        [known("Left 4 Dead 2", Launch("left4dead2.exe", "-game left4dead2", WIN))],
        {},
        ("catalogue.name", "Left 4 Dead 2"),
    ),
    "an option, by the directory": (
        "D:\\S\\Fine Bot Game\\bot.exe",
        [],
        [known("Fine Bot Game", Launch("bot.exe", "-console", WIN), directories=("fine bot game",))],
        {},
        ("catalogue.path", "Fine Bot Game"),
    ),
    "demanded arguments that are absent": ("C:\\S\\hl2.exe", [], SOURCE, {}, ("catalogue.contrary", None)),
}


@pytest.mark.parametrize("name", CASES)
def test_how_a_row_fits(name):
    exe, argv, rows, more, expected = CASES[name]
    assert signs(exe, *argv, rows=rows, **more) == [expected]


SILENT = {
    # what: (executable, arguments, rows, the rest)
    "no rows": ("D:\\x\\game.exe", [], [], {}),
    "rows of other programs": ("D:\\x\\fine.exe", [], [PIRATES], {}),
    "a row of another system": ("/g/cs2.sh", [], [COUNTER], {"system": System.LINUX}),
    "a Windows row for a Linux program": (
        "/g/fine/huniepop2doubledate",
        [],
        [known("HuniePop 2", Launch("huniepop2doubledate", "", WIN))],
        {"system": System.LINUX},
    ),
    "a directory without games around": ("D:\\Work\\Gothic II\\notes.exe", [], [GOTHIC], {}),
    "the person's own name": (
        "/home/celestial city/x/y",
        [],
        [known("C", "z.exe", directories=("celestial city",))],
        {"system": System.LINUX},
    ),
    "a directory far above": ("D:\\Gothic II\\1\\2\\3\\4\\5\\6\\x.exe", [], [GOTHIC], {}),
    "a server": ("D:\\x\\fineserver2000.exe", [], [known("Fine Dedicated Server", "fineserver2000.exe")], {}),
    "an editor": ("D:\\x\\finemaker2000.exe", [], [known("Fine Map Editor", "finemaker2000.exe")], {}),
    "an interpreter without what it demands": (
        "C:\\jre\\javaw.exe",
        ["-jar", "C:\\tools\\x.jar"],
        [MINECRAFT],
        {},
    ),
    "an interpreter by its name": (
        "/usr/bin/java",
        ["-jar", "/o/x.jar"],
        [known("Fine", Launch("java", "", LINUX))],
        {"system": System.LINUX},
    ),
    "two games in one directory": (
        "D:\\Games\\Twins\\third.exe",
        [],
        [known("Twin One", "a.exe", directories=("twins",)), known("Twin Two", "b.exe", directories=("twins",))],
        {},
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_says_nothing(name):
    exe, argv, rows, more = SILENT[name]
    assert signs(exe, *argv, rows=rows, **more) == []


def test_a_launcher_that_fills_the_screen_is_no_launcher():
    row = known("Fine Online", Launch("finestart.exe", "", WIN, launcher=True))
    assert signs("D:\\S\\X\\FineStart.exe", rows=[row], title="Fine", fullscreen=True) == []


def test_a_program_that_is_launcher_and_game_is_the_game():
    row = known("Fine Online", Launch("fineonline2.exe", "", WIN, launcher=True), "fineonline2.exe")
    assert signs("D:\\S\\FineOnline2.exe", rows=[row]) == [("catalogue.name", "Fine Online")]


def test_a_short_launchers_name_says_nothing():
    assert signs("D:\\S\\fo.exe", rows=[known("Fine Online", Launch("fo.exe", "", WIN, launcher=True))]) == []


def test_a_tie_of_two_games_names_neither_and_still_says_game():
    demo = known("Gothic II Demo Disc", "game.exe", directories=("gothic ii",), sharing=187)
    (sign,) = judge_rows(
        build(facts("D:\\S\\Gothic II\\game.exe", rows=[replace(GOTHIC, launches=demo.launches), demo]))
    )
    assert (sign.signal, sign.game) == ("catalogue.path", None)
    assert "Gothic II, Gothic II Demo Disc" in sign.reason


def test_the_windows_title_decides_a_tie():
    rows = [replace(HUNIE, title="Hunie One", id="steam:1"), replace(HUNIE, title="Hunie Two", id="steam:2")]
    assert signs("D:\\x\\HuniePop2DoubleDate.exe", rows=rows) == [("catalogue.shared", None)]
    placed = "D:\\Huniepop 2 - Double Date\\HuniePop2DoubleDate.exe"
    assert signs(placed, rows=rows) == [("catalogue.path", None)]
    assert signs(placed, rows=rows, title="Hunie Two") == [("catalogue.path", "Hunie Two")]


def test_many_titles_are_not_all_listed():
    rows = [known(f"Fine {number}", "game.exe", ident=f"steam:{number}", sharing=187) for number in range(9)]
    (sign,) = judge_rows(build(facts("D:\\x\\game.exe", rows=rows)))
    assert "Fine 0, Fine 1, Fine 2 …" in sign.reason


def test_two_catalogues_that_mean_one_game_agree():
    other = replace(GOTHIC, id="gog:7", title="GOTHIC™ II", source="other")
    assert same_game(GOTHIC, other)
    assert same_game(replace(GOTHIC, also=("gog:7",)), replace(other, title="Das zweite Gothic"))
    assert not same_game(replace(GOTHIC, id=""), replace(PIRATES, id=""))
    assert signs("D:\\S\\Gothic II\\System\\game.exe", rows=[GOTHIC, other]) == [("catalogue.path", "Gothic II")]


def test_the_longest_agreement_wins():
    outer = known("Anthology", "game.exe", directories=("anthology of games",), sharing=187)
    inner = known("Anthology Two", "part two/game.exe", directories=("anthology of games",), sharing=187)
    assert signs("D:\\Anthology of Games\\Part Two\\game.exe", rows=[outer, inner]) == [
        ("catalogue.path", "Anthology Two")
    ]


def test_a_stores_number_tells_which_row_it_is():
    rows = [replace(CELESTE, id="steam:1", title="Celestial"), replace(CELESTE, id="gog:5", also=("steam:504230",))]
    told = facts("D:\\x\\Celeste.exe", rows=rows, env={"SteamAppId": "504230"})
    (sign,) = judge_rows(build(told))
    assert (sign.signal, sign.game.title) == ("catalogue.path", "Celeste")
    assert "the number its store gives" in sign.reason
    assert verdict_on(told).game.id == "steam:504230"


def test_a_row_with_another_number_of_that_store_is_not_it():
    path = "D:\\S\\Gothic II\\System\\game.exe"
    assert signs(path, rows=[GOTHIC], env={"SteamAppId": "504230"}) == []
    assert signs(path, rows=[replace(GOTHIC, id="gog:7")], env={"SteamAppId": "504230"}) == [
        ("catalogue.path", "Gothic II")
    ]
    beta = signs("D:\\x\\witcher3.exe", rows=[WITCHER], env={"SteamAppId": "504230"})
    assert beta == [("catalogue.exclusive", "The Witcher 3: Wild Hunt")]


def test_a_year_that_only_lists_need_is_not_said():
    row = replace(PIRATES, title="Sid Meier's Pirates! (2004)")
    assert signs("D:\\x\\game.exe", rows=[row], title="Sid Meier's Pirates!") == [
        ("catalogue.path", "Sid Meier's Pirates!")
    ]
    assert signs("D:\\x\\witcher3.exe", rows=[replace(WITCHER, title="(2015)")]) == [("catalogue.exclusive", "(2015)")]


def test_a_bundle_of_macos_is_known_by_its_own_name():
    row = known("Fine Day Two", Launch("fine day two.app", "", (System.MACOS,)))
    path = "/Applications/Fine Day Two.app/Contents/MacOS/player"
    assert signs(path, system=System.MACOS, rows=[row]) == [("catalogue.name", "Fine Day Two")]


def test_a_row_without_a_number_gets_a_name():
    game = verdict_on(facts("D:\\x\\witcher3.exe", rows=[replace(WITCHER, id="", also=("gog:1",))])).game
    assert (game.id, game.title_source, game.also) == ("gog:1", "the catalogue", ("name:the-witcher-3-wild-hunt",))


def test_a_short_command_of_the_system_is_no_exclusive_name():
    row = known("World of Commands", Launch("woc", "", LINUX, exclusive=True))
    assert signs("/usr/bin/woc", system=System.LINUX, rows=[row]) == [("catalogue.shared", None)]
    assert signs("/opt/woc/woc", system=System.LINUX, rows=[row]) == [("catalogue.exclusive", "World of Commands")]


def test_names_compare_whatever_the_spelling_of_their_accents():
    row = known("Pokémon Élan", "pokémon élan.exe", directories=("pokémon élan",))
    decomposed = "D:\\S\\Poke\u0301mon E\u0301lan\\Poke\u0301mon E\u0301lan.exe"
    assert signs(decomposed, rows=[row]) == [("catalogue.path", "Pokémon Élan")]


def test_a_program_without_a_path_and_facts_without_a_process():
    assert signs(None, rows=[WITCHER]) == []
    assert list(judge_rows(build(Facts(catalogue=(WITCHER,))))) == []


# --- what others get wrong --------------------------------------------------------------------------------------------


def title_of(one):
    game = verdict_on(one).game
    return game.title if game else None


def test_any_javaw_is_not_minecraft():
    assert title_of(facts("C:\\jre\\bin\\javaw.exe", "-jar", "C:\\tools\\ledger.jar", rows=[MINECRAFT])) is None
    assert title_of(facts("C:\\jre\\bin\\javaw.exe", rows=[MINECRAFT], title="Ledger")) is None
    told = facts("C:\\jre\\bin\\javaw.exe", "-cp", "a", "net.minecraft.client.main.Main", rows=[MINECRAFT])
    assert title_of(told) == "Minecraft"


def test_any_hl2_is_not_three_games():
    assert title_of(facts("C:\\S\\hl2.exe", rows=SOURCE)) is None
    assert title_of(facts("C:\\S\\hl2.exe", "-game", "mymod", rows=SOURCE)) is None
    assert title_of(facts("C:\\S\\hl2.exe", "-game", "tf", rows=SOURCE)) == "Team Fortress 2"


def test_a_windows_game_under_proton_is_known_by_its_windows_row():
    env = {"STEAM_COMPAT_INSTALL_PATH": "/g/HuniePop 2 - Double Date", "STEAM_COMPAT_DATA_PATH": "/c"}
    wine = ProcessInfo(
        ProcessKey("b", 2, 2),
        0,
        "/p/wine64-preloader",
        ("S:\\HuniePop 2 - Double Date\\HuniePop2DoubleDate.exe",),
        environment=env,
    )
    told = Facts(system=System.LINUX, processes=(wine,), catalogue=(HUNIE,))
    assert title_of(told) == "HuniePop 2: Double Date"


def test_a_relative_windows_path_is_seen_from_the_working_directory():
    wine = ProcessInfo(
        ProcessKey("b", 2, 2),
        0,
        "/p/wine64-preloader",
        ("./tlou-ii.exe", "-fullscreen"),
        "/mnt/ssd/The Last of Us Part II",
    )
    told = Facts(system=System.LINUX, processes=(wine,), catalogue=(LAST_OF_US,))
    assert title_of(told) == "The Last of Us Part II Remastered"


def test_intels_management_service_is_not_last_man_standing():
    path = "C:\\Program Files (x86)\\Intel\\Intel(R) Management Engine Components\\LMS\\LMS.exe"
    for rows in ([LAST_MAN], [LAST_MAN, SHATTERED], [replace(LAST_MAN, directories=("lms",))]):
        assert title_of(facts(path, rows=rows)) is None
        assert title_of(facts(path, rows=rows, title="LMS", fullscreen=True)) is None


def test_the_search_program_everything_is_not_a_game():
    path = "C:\\Program Files\\Everything\\Everything.exe"
    assert title_of(facts(path, rows=[EVERYTHING], title="Everything", fullscreen=True)) is None
    assert title_of(facts(path, "-startup", rows=[EVERYTHING])) is None


def test_a_native_linux_title_is_known():
    path = "/home/ann/.steam/steamapps/common/Counter-Strike Global Offensive/game/bin/linuxsteamrt64/cs2"
    assert title_of(facts(path, system=System.LINUX, rows=[COUNTER])) == "Counter-Strike 2"


def test_an_executable_renamed_by_anticheat_is_known():
    assert title_of(facts("D:\\SteamLibrary\\THE FINALS\\Discovery-d.exe", rows=[FINALS])) == "THE FINALS"


def test_two_games_with_one_executable_are_not_merged():
    rows = [ONI, OTHER_ONI]
    assert title_of(facts("D:\\GOG Games\\Oni\\Oni.exe", rows=rows)) == "Oni"
    assert title_of(facts("D:\\GOG Games\\Oni Mightiest\\oni.exe", rows=rows)) == "ONI : Road to be the Mightiest Oni"
    assert title_of(facts("D:\\x\\oni.exe", rows=rows)) is None
    assert title_of(facts("D:\\Oni\\oni.exe", rows=rows)) is None


@pytest.mark.parametrize(
    "name", ["game.exe", "nw.exe", "javaw.exe", "dosbox.exe", "client.exe", "fm.exe", "launcher.exe"]
)
def test_a_common_name_alone_is_nobody(name):
    rows = [known("Fine Game", name, sharing=1), known("Other Game", name, sharing=1)]
    for given in (rows[:1], rows):
        assert title_of(facts(f"D:\\x\\{name}", rows=given, title="Accounts 2031", fullscreen=True)) is None


# --- beside other evidence --------------------------------------------------------------------------------------------


def test_a_telling_name_needs_a_second_sign():
    assert title_of(facts("D:\\x\\HuniePop2DoubleDate.exe", rows=[HUNIE])) is None
    seen = facts("D:\\Games\\hp\\HuniePop2DoubleDate.exe", rows=[HUNIE], title="HP2", fullscreen=True)
    assert title_of(seen) == "HuniePop 2: Double Date"


def test_the_librarys_title_wins_over_the_catalogues():
    row = (InstalledGame("gog", "9", "The Witcher 3", "D:\\w3"),)
    game = verdict_on(facts("D:\\w3\\witcher3.exe", rows=[WITCHER], library=row)).game
    assert (game.id, game.title, game.title_source) == ("gog:9", "The Witcher 3", "the library")


def test_a_helper_in_a_known_games_directory_stays_a_helper():
    assert title_of(facts("D:\\Games\\Gothic II\\UnityCrashHandler64.exe", rows=[GOTHIC])) is None


def test_files_of_an_engine_and_a_known_directory_name_it():
    files = {"D:\\S\\Gothic II": ("start_me.exe", "UnityPlayer.dll", "start_me_Data")}
    game = verdict_on(
        facts("D:\\S\\Gothic II\\start_me.exe", rows=[GOTHIC], files=files, title="x", fullscreen=True)
    ).game
    assert (game.title, game.title_source) == ("Gothic II", "the catalogue")


def test_a_likely_title_gives_way_to_what_the_program_says_of_itself():
    row = known("Age of Empires II: HD Edition", "empires2x.exe", directories=("age2hd",))
    path = "C:\\Program Files\\Microsoft Games\\Age of Empires II\\empires2x.exe"
    told = {path: {"ProductName": "Age of Empires II"}}
    game = verdict_on(facts(path, rows=[row], title="Age of Empires II", fullscreen=True, version_info=told)).game
    assert (game.id, game.title) == ("name:age-of-empires-ii", "Age of Empires II")


def test_a_likely_title_gives_its_spelling_and_its_number():
    row = known("Baldur's Gate 3", "bg3x.exe", ident="steam:1086940", directories=("baldurs gate 3",))
    game = verdict_on(facts("D:\\Games\\Baldurs Gate 3\\bin\\start3.exe", rows=[row], title="x", fullscreen=True)).game
    assert (game.id, game.title) == ("steam:1086940", "Baldur's Gate 3")


def test_a_directory_within_another_program_is_no_game_of_that_name():
    row = known("Portal", "hl2.exe", directories=("portal",), sharing=34)
    path = "C:\\Program Files\\Epic Games\\Launcher\\Portal\\Binaries\\Win64\\EpicThing.exe"
    assert signs(path, rows=[row]) == []


def test_the_catalogue_is_asked_for_with_the_cheap_kinds():
    answer = judge(replace(facts("D:\\x\\witcher3.exe"), gathered=frozenset()))
    assert isinstance(answer, Needs)
    assert FactKind.CATALOGUE in answer.kinds
    assert FactKind.VERSION_INFO not in answer.kinds
    known_now = replace(facts("D:\\x\\witcher3.exe", rows=[WITCHER]), gathered=ALL_KINDS)
    assert judge(known_now).game.title == "The Witcher 3: Wild Hunt"


# --- what hides, and what a launcher starts ---

FERN = KnownGame("steam:77", "Fernlanders 2", (Launch("fernlanders2.exe"),), ("fernlanders 2",), source="test")


def seen(path, *ancestors, title="", rows=(FERN,), system=System.WINDOWS, **more):
    chain = [
        ProcessInfo(ProcessKey("b", number, number), number - 1, exe, (exe,) if exe else ())
        for number, exe in enumerate((*ancestors, path), start=2)
    ]
    window = Window(pid=chain[-1].pid, title=title, fullscreen=True) if title else None
    return Facts(system=system, processes=tuple(chain), window=window, catalogue=rows, **more)


STEAM = "C:\\Program Files (x86)\\Steam\\steam.exe"


def test_a_protected_program_is_named_by_the_title_of_its_window():
    verdict = verdict_on(seen(None, STEAM, title="FERNLANDERS™ 2"))
    assert "catalogue.title" in {reason.source for reason in verdict.evidence}
    assert (verdict.game.id, verdict.game.title) == ("steam:77", "Fernlanders 2")


@pytest.mark.parametrize(
    ("path", "title", "rows"),
    [
        ("C:\\Tools\\x.exe", "Fernlanders 2", (FERN,)),
        (None, "Something else", (FERN,)),
        (None, "Fern", (replace(FERN, title="Fern"),)),
        (None, "Launcher", (replace(FERN, title="Launcher"),)),
        (None, "Fernlanders 2 Dedicated Server", (replace(FERN, title="Fernlanders 2 Dedicated Server"),)),
    ],
)
def test_a_title_alone_tells_nothing_of_what_can_be_seen_is_short_or_is_no_game(path, title, rows):
    verdict = verdict_on(seen(path, STEAM, title=title, rows=rows))
    assert "catalogue.title" not in {reason.source for reason in verdict.evidence}


def test_a_bundle_is_found_by_its_name_where_a_launcher_of_games_started_it():
    row = KnownGame("steam:78", "Fernwatch", (Launch("fernwatch.exe"),), ("fernwatch",), source="test")
    galaxy = "/Applications/GOG Galaxy.app/Contents/MacOS/GOG Galaxy"
    path = "/Applications/Fernwatch.app/Contents/MacOS/Fernwatch"
    started = verdict_on(seen(path, galaxy, title="Fernwatch", rows=(row,), system=System.MACOS))
    assert started.game.title == "Fernwatch"
    alone = verdict_on(seen(path, title="Fernwatch", rows=(row,), system=System.MACOS))
    assert alone.game is None


def test_a_package_of_microsofts_store_is_found_by_its_name():
    row = KnownGame("xbox:1", "Fern Crush Saga", (Launch("stritz.exe"),), ("fern crush saga",), source="test")
    path = "C:\\Program Files\\WindowsApps\\king.com.FernCrushSaga_1.2.3.0_x86__kgqvnymyfvs32\\stritz.exe"
    verdict = verdict_on(seen(path, title="Fern Crush Saga", rows=(row,)))
    assert verdict.game.id == "xbox:1"


def test_what_the_catalogue_knows_for_the_game_itself_may_be_called_a_launcher():
    """Starsector's main class is its launcher's, and the game runs in it."""
    launch = Launch("com.fern.fernlauncher", exclusive=True)
    row = KnownGame("name:fern", "Fern Sector", (launch,), source="test")
    argv = ("java", "-cp", "fern.jar", "com.fern.FernLauncher")
    java = ProcessInfo(ProcessKey("b", 9, 9), 1, "/opt/fern/jre/bin/java", argv)
    facts = Facts(processes=(java,), catalogue=(row,))
    assert verdict_on(facts).game.title == "Fern Sector"
    starter = replace(row, launches=(replace(launch, launcher=True),))
    assert verdict_on(replace(facts, catalogue=(starter,))).game is None


def test_one_short_word_in_the_title_of_what_hides_is_a_hint():
    row = replace(FERN, title="Fernish")
    verdict = verdict_on(seen(None, title="Fernish", rows=(row,)))
    assert "catalogue.word" in {reason.source for reason in verdict.evidence}
    assert verdict.game is None
    assert verdict_on(seen(None, STEAM, title="Fernish", rows=(row,))).game.title == "Fernish"


def test_directory_and_window_of_several_words_name_a_known_game():
    row = KnownGame("gog:9", "Age of Fern", (Launch("aof.exe"),), ("age of fern",), source="test")
    path = "C:\\Program Files (x86)\\Age of Fern\\other.exe"
    assert verdict_on(seen(path, title="Age of Fern", rows=(row,))).game.id == "gog:9"
    assert verdict_on(seen(path, title="Something", rows=(row,))).game is None
    word = replace(row, title="Fernfield", directories=("fernfield",))
    path = "C:\\Program Files (x86)\\Fernfield\\other.exe"
    assert verdict_on(seen(path, title="Fernfield", rows=(word,))).game is None


def test_several_words_over_the_whole_screen_name_a_known_game():
    """Whatever its file is called; not in a window of its own size, and no single word, which may be anything's."""
    row = KnownGame("gog:7", "Fern Hospital", (Launch("fh.exe"),), source="test")
    odd = seen("D:\\th\\HOSPITAL.EXE", title="Fern Hospital", rows=(row,))
    assert verdict_on(odd).game.id == "gog:7"
    assert verdict_on(replace(odd, window=replace(odd.window, fullscreen=False))).game is None
    assert verdict_on(seen("D:\\th\\F.EXE", title="Fernward", rows=(replace(row, title="Fernward"),))).game is None
    emulated = verdict_on(seen("C:\\emu\\pcsx2.exe", title="Fern Hospital", rows=(row,)))
    assert emulated.game.id != row.id


def test_one_word_counts_where_it_is_name_and_title_of_what_fills_the_screen():
    row = KnownGame("steam:8", "Ferntown", (Launch("ferntown.exe"),), source="test")
    alone = seen("D:\\x\\ferntown.exe", title="Ferntown", rows=(row,))
    assert verdict_on(alone).game.id == "steam:8"
    assert verdict_on(replace(alone, window=replace(alone.window, fullscreen=False))).game is None
    assert verdict_on(seen("D:\\x\\ferntown.exe", title="Settings", rows=(row,))).game is None
    generic = KnownGame("steam:9", "Launcher", (Launch("launcher.exe"),), source="test")
    assert verdict_on(seen("D:\\x\\launcher.exe", title="Launcher", rows=(generic,))).game is None


@pytest.mark.parametrize(
    ("title", "shown", "named"),
    [
        ("Fern Effect Legendary Edition", "Fern Effect", "Fern Effect Legendary Edition"),
        ("Fern Effect II", "Fern Effect 2", "Fern Effect II"),
        ("The Fern Scrolls IV: Bracken", "Bracken", "The Fern Scrolls IV: Bracken"),
    ],
)
def test_a_window_may_bear_less_than_the_whole_title(title, shown, named):
    """It shows what people say: no edition, other numbers, or the end of it alone."""
    row = KnownGame("steam:5", title, (Launch("bracken.exe"),), source="test")
    assert verdict_on(seen("D:\\x\\bracken.exe", title=shown, rows=(row,))).game.title == named


def test_initials_name_a_game_that_is_known_to_be_one():
    row = KnownGame("steam:6", "Grand Fern Auto IV", (Launch("gfaiv.exe"),), source="test")
    path = "D:\\x\\gfaiv.exe"
    engine = seen(path, title="GFAIV", rows=(row,))
    assert verdict_on(replace(engine, window=replace(engine.window, class_name="grcWindow"))).game.id == "steam:6"
    assert signs(path, rows=[row]) == [("catalogue.shared", "Grand Fern Auto IV")]


def test_a_java_archive_is_known_by_the_name_of_its_windows_program():
    row = KnownGame("steam:4", "Fernopoly", (Launch("fernopoly.exe"),), source="test")

    def run(*argv):
        java = ProcessInfo(ProcessKey("b", 9, 9), 1, "/usr/bin/java", ("java", *argv))
        window = Window(pid=9, title="Fernopoly")
        return verdict_on(Facts(processes=(java,), window=window, catalogue=(row,))).game

    assert run("-jar", "/home/ann/Fernopoly.jar").id == "steam:4"
    assert run("-jar", "/home/ann/Fernopoly-v2.5.4-Java.jar").id == "steam:4"
    assert run("-jar", "/home/ann/tool.jar") is None


def test_the_package_of_microsofts_store_is_an_id():
    row = KnownGame("xbox:FERNCORPORATION.FERNBLOX", "Fernblox", (), source="test")
    path = "C:\\Program Files\\WindowsApps\\FERNCORPORATION.FERNBLOX_2.6.1.0_x64__55nm5eh3cm0pr\\Windows10Universal.exe"
    assert verdict_on(seen(path, title="Fernblox", rows=(row,))).game.id == row.id
    assert verdict_on(seen(path, title="Fernblox", rows=(replace(row, id="xbox:OTHER"),))).game is None


def test_a_name_that_is_a_games_alone_may_have_an_applications_window():
    row = KnownGame("name:fern", "Old School Fern", (Launch("fernlite.exe", exclusive=True),), source="test")
    facts = seen("C:\\Users\\ann\\FernLite.exe", title="FernLite", rows=(row,))
    facts = replace(facts, window=replace(facts.window, class_name="SunAwtFrame", fullscreen=False))
    assert verdict_on(facts).game.id == "name:fern"
