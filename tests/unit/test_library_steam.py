"""Steam's library: every root, every spelling of its folders, manifests as they occur, what people added, and speed."""

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steam_files import Steam, app
from steam_files import shortcuts as write_shortcuts
from store_homes import fixture, linux, macos, registry, windows, write

from gamedetectd.domain import InstalledGame
from gamedetectd.library import steam_roots as roots_module
from gamedetectd.library.binary_vdf import parse as parse_binary
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.steam import SteamReader, manifest
from gamedetectd.library.steam_roots import listed_folders, steam_roots
from gamedetectd.library.steam_shortcuts import shortcuts
from gamedetectd.library.vdf import parse


@pytest.fixture
def steam(tmp_path):
    return Steam(tmp_path / ".local/share/Steam")


@pytest.fixture
def reader(tmp_path):
    return SteamReader(linux(tmp_path))


def titles(shelf):
    return [game.title for game in shelf.games]


# --- where it is ------------------------------------------------------------------------------------------------------

PLACES = [
    ".local/share/Steam",
    ".steam/steam",
    ".steam/root",
    ".steam/debian-installation",
    ".var/app/com.valvesoftware.Steam/.local/share/Steam",
    ".var/app/com.valvesoftware.Steam/data/Steam",
    "snap/steam/common/.local/share/Steam",
]


@pytest.mark.parametrize("place", PLACES)
def test_steam_is_found_on_linux(place, tmp_path, reader):
    there = Steam(tmp_path / place).install(400, "Portal")
    assert reader.load().games == (InstalledGame("steam", "400", "Portal", str(there)),)
    assert reader.load().nothing == ""


def test_steam_is_found_where_the_person_keeps_data(tmp_path):
    Steam(tmp_path / "elsewhere/Steam").install(400, "Portal")
    assert titles(SteamReader(linux(tmp_path, XDG_DATA_HOME=str(tmp_path / "elsewhere"))).load()) == ["Portal"]


def test_links_to_the_same_place_are_one_steam(tmp_path, steam, reader):
    steam.install(400, "Portal")
    (tmp_path / ".steam").mkdir()
    for name in ("steam", "root"):
        (tmp_path / ".steam" / name).symlink_to(steam.root)
    (tmp_path / "again").symlink_to(steam.root)
    steam.list_libraries([("0", [("path", str(tmp_path / "again"))]), ("1", str(tmp_path / ".steam/root"))])
    assert steam_roots(linux(tmp_path)) == (steam.root,)
    assert titles(reader.load()) == ["Portal"]


def test_two_steams_are_two(tmp_path, steam, reader):
    steam.install(400, "Portal")
    Steam(tmp_path / ".var/app/com.valvesoftware.Steam/.local/share/Steam").install(620, "Portal 2")
    assert titles(reader.load()) == ["Portal", "Portal 2"]


def test_steam_is_found_on_macos(tmp_path):
    surroundings = macos(tmp_path)
    Steam(surroundings.application_support / "Steam").install(400, "Portal")
    assert titles(SteamReader(surroundings).load()) == ["Portal"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (r"HKCU\Software\Valve\Steam", "SteamPath"),
        (r"HKCU\Software\Valve\Steam", "steampath"),
        (r"HKLM\SOFTWARE\WOW6432Node\Valve\Steam", "InstallPath"),
    ],
)
def test_steam_is_found_on_windows(key, name, tmp_path):
    Steam(tmp_path / "Games/Steam").install(400, "Portal")
    known = registry({key: {name: str(tmp_path / "Games/Steam")}})
    assert titles(SteamReader(windows(tmp_path, known)).load()) == ["Portal"]


def test_an_odd_registry_is_no_steam(tmp_path):
    known = registry({r"HKCU\Software\Valve\Steam": {"SteamPath": 7, "Language": "english"}})
    assert steam_roots(windows(tmp_path, known)) == ()
    assert steam_roots(windows(tmp_path, registry({r"HKCU\Software\Valve\Steam": {"SteamPath": "a\0b"}}))) == ()
    surroundings = windows(tmp_path)
    surroundings = type(surroundings)(
        surroundings.system, surroundings.home, {"PROGRAMFILES(X86)": str(tmp_path / "Program Files")}, None, ()
    )
    Steam(tmp_path / "Program Files/Steam")
    assert steam_roots(surroundings) == (tmp_path / "Program Files/Steam",)


def test_without_steam_it_says_so(reader):
    shelf = reader.load()
    assert (shelf.games, shelf.problems) == ((), ())
    assert "not installed here" in shelf.nothing
    assert reader.roots() == []


def test_an_empty_steam_says_so(steam, reader):
    assert reader.load().nothing == "Steam has installed no game here."


# --- library folders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["config", "steamapps"])
@pytest.mark.parametrize("style", ["old", "new", "mixed"])
def test_every_library_folder_is_read(where, style, tmp_path, steam, reader):
    one, two = steam.library(tmp_path / "one"), steam.library(tmp_path / "disk two", "SteamApps")
    one.install(400, "Portal")
    two.install(620, "Portal 2")
    old = {"1": str(one.root), "2": str(two.root)}
    new = {key: [("path", path), ("label", ""), ("apps", [("400", "1")])] for key, path in old.items()}
    both = {"1": old["1"], "2": new["2"]}
    listed = {"old": old, "new": new, "mixed": both}[style]
    steam.list_libraries([("contentstatsid", "-7"), ("TimeNextStatsReport", "1"), *listed.items()], where)
    assert titles(reader.load()) == ["Portal", "Portal 2"]
    assert os.path.normcase(two.apps) in map(os.path.normcase, reader.roots())


def test_a_library_that_is_not_there_is_passed_over(tmp_path, steam, reader):
    steam.install(400, "Portal")
    steam.list_libraries(
        [("0", "D:\\Games"), ("1", str(tmp_path / "unplugged")), ("2", [("label", "x")]), ("3", "a\0b")]
    )
    shelf = reader.load()
    assert titles(shelf) == ["Portal"]
    assert shelf.problems == ()


def test_a_library_that_comes_back_is_noticed(tmp_path, steam, reader):
    steam.list_libraries([("1", str(tmp_path / "disk"))])
    before = reader.fingerprint()
    assert titles(reader.load()) == []
    steam.library(tmp_path / "disk").install(400, "Portal")
    assert reader.fingerprint() != before
    assert titles(reader.load()) == ["Portal"]


def test_a_damaged_list_is_a_problem_and_the_rest_is_read(steam, reader):
    steam.install(400, "Portal")
    file = write(steam.root / "config/libraryfolders.vdf", bytes(300))
    shelf = reader.load()
    assert titles(shelf) == ["Portal"]
    (problem,) = shelf.problems
    assert problem.place == str(file)
    assert "zeros" in problem.cause
    assert problem.remedy.endswith(".")


def test_a_flatpaks_library_is_looked_for_where_the_sandbox_keeps_it(tmp_path, reader):
    """Inside it, ``~/Games`` is ``~/.var/app/com.valvesoftware.Steam/Games`` outside, unless it was let out."""
    home = tmp_path / ".var/app/com.valvesoftware.Steam"
    steam = Steam(home / ".local/share/Steam")
    steam.library(home / "Games").install(400, "Portal")
    steam.library(tmp_path / "Let out").install(620, "Portal 2")
    steam.list_libraries([("1", str(tmp_path / "Games")), ("2", str(tmp_path / "Let out")), ("3", "/nowhere/at/all")])
    assert titles(reader.load()) == ["Portal", "Portal 2"]


def test_the_real_list_of_an_old_client_names_no_folder():
    assert list(listed_folders(parse(fixture("steam/libraryfolder.vdf").read_bytes()))) == []


# --- manifests --------------------------------------------------------------------------------------------------------


def test_the_real_manifests_are_read(steam, reader):
    for file in fixture("steam").glob("appmanifest_*.acf"):
        shutil.copy(file, steam.apps)
    for name in ("Warframe", "Resonite", "GarrysMod", "Graveyard Keeper"):
        (steam.apps / "common" / name).mkdir(parents=True)
    found = {game.id: (game.title, Path(game.install_dir).name) for game in reader.load().games}
    assert found == {
        "230410": ("Warframe", "Warframe"),
        "2519830": ("Resonite", "Resonite"),
        "4000": ("Garry's Mod", "GarrysMod"),
        "599140": ("Graveyard Keeper", "Graveyard Keeper"),
    }


@pytest.mark.parametrize(
    ("flags", "installed"),
    [(4, True), (6, True), (1030, True), (4 | 64, True), (2, False), (1026, False), (0, False), ("x", False)],
)
def test_the_flags_are_bits(flags, installed, steam, reader):
    steam.install(400, "Portal", flags=flags)
    assert titles(reader.load()) == (["Portal"] if installed else [])


def test_a_manifest_without_its_directory_is_no_game(steam, reader):
    steam.install(400, "Portal", there=False)
    steam.install(620, "Portal 2", there=False)
    write(steam.apps / "common" / "Portal 2", "a file")
    assert reader.load().games == ()


def test_keys_and_directories_may_be_spelt_in_any_case(steam, reader):
    written = '"appstate" { "APPID" "400" "Name" "Portal" "stateflags" "4" "InstallDir" "PORTAL" }'
    write(steam.apps / "appmanifest_400.acf", written)
    (steam.apps / "common/portal").mkdir(parents=True)
    assert reader.load().games == (InstalledGame("steam", "400", "Portal", str(steam.apps / "common/portal")),)


NAMES = {
    "no number but in the file's name": ('"AppState" { "name" "A" "StateFlags" "4" "installdir" "A" }', "400", "A"),
    "named in its settings": (
        '"AppState" { "appid" "400" "StateFlags" "4" "installdir" "A" "UserConfig" { "name" "Old" } }',
        "400",
        "Old",
    ),
    "not named at all": ('"AppState" { "appid" "400" "StateFlags" "4" "installdir" "A" }', "400", "A"),
    "a full path, as once": (
        '"AppState" { "appid" "400" "name" "T" "StateFlags" "4" "installdir" "C:\\\\Steam\\\\common\\\\A" }',
        "400",
        "T",
    ),
    "lines in its name": ('"AppState" { "appid" "4" "name" "T\\n\\tU" "StateFlags" "4" "installdir" "A" }', "4", "T U"),
}


@pytest.mark.parametrize("name", NAMES)
def test_sparse_manifests_are_made_the_most_of(name, steam, reader):
    written, ident, title = NAMES[name]
    write(steam.apps / "appmanifest_400.acf", written)
    (steam.apps / "common/A").mkdir(parents=True)
    assert [(game.id, game.title) for game in reader.load().games] == [(ident, title)]


def test_a_directory_within_a_directory_is_found(steam, reader):
    there = steam.install(400, "Portal", "Valve\\Portal", there=False)
    assert reader.load().games == ()
    (steam.apps / "common/Valve/Portal").mkdir(parents=True)
    assert [Path(game.install_dir) for game in reader.load().games] == [Path(str(there).replace("\\", "/"))]


@pytest.mark.parametrize("directory", ["..", "../..", "a/../../b", ".", "", "/", "x\0y"])
def test_a_manifest_cannot_lead_out_of_its_library(directory, steam, reader):
    steam.install(400, "Portal", directory, there=False)
    (steam.apps / "common").mkdir()
    assert reader.load().games == ()


BAD_MANIFESTS = {
    "all zeros": (bytes(800), "zeros"),
    "empty": (b"", "AppState"),
    "another file": (b'"Other" { "a" "b" }', "AppState"),
    "cut off": (b'"AppState" { "appid" "4', "never ends"),
    "binary": (b"\0shortcuts\0", "binary"),
}


@pytest.mark.parametrize("name", BAD_MANIFESTS)
def test_a_damaged_manifest_is_a_problem_and_the_others_are_read(name, steam, reader):
    content, reason = BAD_MANIFESTS[name]
    steam.install(620, "Portal 2")
    file = write(steam.apps / "appmanifest_400.acf", content)
    if name in ("empty", "another file"):
        file = file.rename(steam.apps / "appmanifest_0.acf")
    shelf = reader.load()
    assert titles(shelf) == ["Portal 2"]
    assert [(problem.place, reason in problem.cause) for problem in shelf.problems] == [(str(file), True)]


def test_other_files_beside_the_manifests_are_no_games(steam, reader):
    steam.install(400, "Portal")
    shutil.copy(steam.apps / "appmanifest_400.acf", steam.apps / "appmanifest_400.acf.tmp")
    shutil.copy(steam.apps / "appmanifest_400.acf", steam.apps / "appworkshop_400.acf")
    assert titles(reader.load()) == ["Portal"]


def test_tools_are_told_with_their_titles_for_detection_to_judge(steam, reader):
    steam.install(1493710, "Proton Experimental", "Proton - Experimental")
    steam.install(228980, "Steamworks Common Redistributables", "Steamworks Shared")
    assert sorted(titles(reader.load())) == ["Proton Experimental", "Steamworks Common Redistributables"]


# --- how Steam starts them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0x07564427, 0x07564428, 0x07564429])
def test_appinfo_tells_the_programs(version, steam, reader):
    there = steam.install(620, "Portal 2")
    ways = [
        "portal2.exe",
        "bin\\linux64\\portal2",
        "./portal2.sh",
        "portal2.exe",
        [("executable", "srcds.exe"), ("type", "server")],
        "..\\..\\evil.exe",
        "C:\\Windows\\notepad.exe",
        "steam://run/1",
        "",
    ]
    steam.knows({400: app(400, "Portal", launch=["hl2.exe"]), 620: app(620, "Portal 2", launch=ways)}, version)
    (game,) = reader.load().games
    assert game.executables == tuple(str(there / name) for name in ("portal2.exe", "bin/linux64/portal2", "portal2.sh"))


def test_appinfo_names_what_its_manifest_does_not(steam, reader):
    steam.install(620, "", "x")
    steam.knows({620: app(620, "Portal 2")})
    assert titles(reader.load()) == ["Portal 2"]


def test_a_damaged_appinfo_costs_the_programs_only(steam, reader):
    steam.install(620, "Portal 2")
    file = write(steam.root / "appcache/appinfo.vdf", b"\x01\x02\x03\x04")
    for _ in range(2):
        shelf = reader.load()
        assert titles(shelf) == ["Portal 2"]
        assert [problem.place for problem in shelf.problems] == [str(file)]
    file.unlink()
    file.mkdir()
    assert [problem.cause for problem in reader.load().problems] == ["It is not a file."]


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="the superuser may read everything")
def test_an_appinfo_that_may_not_be_read_is_a_problem(steam, reader):
    steam.install(620, "Portal 2")
    steam.knows({}).chmod(0)
    assert "cannot be read" in reader.load().problems[0].cause


# --- what people added ------------------------------------------------------------------------------------------------


def test_the_real_shortcuts_are_read(steam, reader):
    for number, name in enumerate(
        ("shortcuts", "shortcuts_different_key_case", "shortcuts_different_order", "shortcuts_just_gog_moonlighter")
    ):
        write(steam.root / f"userdata/{number + 1}/config/shortcuts.vdf", fixture(f"steam/{name}.vdf").read_bytes())
    found = {game.title: game for game in reader.load().games}
    assert {game.store for game in found.values()} == {"steam-shortcut"}
    assert found["Moonlighter"].id == str(4128385019 << 32 | 0x02000000)
    assert "steam-shortcut:4128385019" in found["Moonlighter"].also
    assert found["Moonlighter"].executables == ("/home/cosmic/GOG Games/Moonlighter/start.sh",)
    assert found["Second Life"].executables == ("/Applications/Second Life Viewer.app",)
    assert found["The Wolf Among Us"].executables == ()  # it is Heroic that is started
    assert "gog:1432213513" in found["The Wolf Among Us"].also
    assert found["Anki"].executables == ()  # looked for in PATH
    assert {game.install_dir for game in found.values()} == {""}


def entry(name, exe, options="", start="", **more):
    return [("AppName", name), ("Exe", exe), ("StartDir", start), ("LaunchOptions", options), *more.items()]


SHORTCUTS = {
    "its own program": (entry("A", '"/opt/a/a"'), ("/opt/a/a",), ()),
    "switches do no harm": (entry("A", '"/opt/a/a"', "--fullscreen -w"), ("/opt/a/a",), ()),
    "relative to where it starts": (entry("A", '"./bin/a"', start='"/opt/a/"'), ("/opt/a/bin/a",), ()),
    "on Windows": (entry("A", '"C:\\Games\\A\\a.exe"', start="C:\\Games\\A"), ("C:\\Games\\A\\a.exe",), ()),
    "with arguments beside it": (entry("A", '"/opt/a/a" -windowed'), ("/opt/a/a",), ()),
    "an emulator with a core and a game": (
        entry("Chrono", '"/usr/bin/retroarch"', '-L /cores/snes9x_libretro.so "/roms/Chrono (USA).sfc"'),
        ("/roms/Chrono (USA).sfc",),
        (),
    ),
    "a wrapper around the command": (
        entry("Chrono", '"/usr/bin/mgba"', "mangohud %command% '/roms/a b.gba'"),
        ("/roms/a b.gba",),
        (),
    ),
    "arguments beside the program": (entry("A", '"/opt/emu.sh" -f "/roms/a.sfc"', start="."), ("/roms/a.sfc",), ()),
    "in a sandbox": (
        entry("A", '"/usr/bin/flatpak"', 'run org.DolphinEmu.dolphin-emu -b -e "/roms/Kart (Europe).rvz"'),
        ("/roms/Kart (Europe).rvz",),
        (),
    ),
    "told by a word": (entry("A", '"/usr/bin/flatpak"', "run org.a.A"), (), ()),
    "Heroic's older links": (
        entry("W", '"/opt/Heroic/heroic"', '"heroic://launch/legendary/Quail"'),
        (),
        ("epic:Quail",),
    ),
    "Heroic's links the other way round": (
        entry("W", "heroic", '"heroic://launch?runner=nile&appName=amzn1.x"'),
        (),
        ("amazon:amzn1.x",),
    ),
    "a runner nobody knows": (entry("W", "heroic", "heroic://launch/zoom/1"), (), ()),
    "Epic's launcher": (
        entry("F", '"C:\\Epic\\Launcher.exe"', "com.epicgames.launcher://apps/fn%3A4fe%3AFortnite?action=launch"),
        (),
        ("epic:Fortnite",),
    ),
}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_what_is_a_shortcuts_own(name, steam, reader):
    pairs, executables, also = SHORTCUTS[name]
    steam.added([*pairs, ("appid", 3000000000)])
    (game,) = reader.load().games
    assert game.executables == executables
    assert game.also == ("steam-shortcut:3000000000", *also)
    assert game.id == str(3000000000 << 32 | 0x02000000)


def test_a_program_of_two_shortcuts_tells_neither(steam, reader):
    steam.added(entry("One", '"/opt/emu"', "-a"), entry("Two", '"/opt/emu"', "-b"), entry("Three", "/opt/other"))
    assert {game.title: game.executables for game in reader.load().games} == {
        "One": (),
        "Two": (),
        "Three": ("/opt/other",),
    }


def test_old_shortcuts_get_the_number_that_steam_makes_of_them():
    document = parse_binary(b'\0shortcuts\0\x000\0\x01appname\0Celeste\0\x01exe\0"/opt/celeste/Celeste"\0\x08\x08\x08')
    (one,) = shortcuts(document)
    assert one.appid >= 1 << 31
    assert one.game_id >> 32 == one.appid
    assert one.game_id & 0xFFFFFFFF == 0x02000000


def test_every_user_and_nobody_else_is_looked_at(steam, reader):
    steam.added(entry("One", "/opt/one"), user="1")
    steam.added(entry("Two", "/opt/two"), entry("  ", "/opt/three"), user="22")
    steam.added(entry("No", "/opt/no"), user="anonymous")
    bad = write(steam.root / "userdata/333/config/shortcuts.vdf", b"\0shortcuts\0\x000")
    shelf = reader.load()
    assert titles(shelf) == ["One", "Two"]
    assert [problem.place for problem in shelf.problems] == [str(bad)]


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["Exe", "appname", "APPID", "LaunchOptions", "StartDir"]),
                st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
            ),
            max_size=6,
        ),
        max_size=3,
    )
)
def test_any_shortcuts_make_rows(entries):
    for one in shortcuts(parse_binary(write_shortcuts(*entries))):
        assert one.name
        assert 0 < one.appid < 1 << 32


@given(
    st.dictionaries(
        st.sampled_from(["appid", "installdir", "StateFlags", "name"]),
        st.text(st.characters(codec="utf-8", exclude_characters='"\\\0'), max_size=30),
    )
)
def test_any_manifest_is_a_game_or_refused(fields):
    inner = " ".join(f'"{key}" "{value}"' for key, value in fields.items())
    try:
        found = manifest(parse(f'"AppState" {{ {inner} }}'.encode()))
    except UnreadableError:
        return
    assert found.id > 0
    assert ".." not in found.directory.split("/")


# --- reading little ---------------------------------------------------------------------------------------------------


def test_the_fingerprint_changes_with_what_it_would_say(tmp_path, steam, reader):
    portal = steam.install(400, "Portal")
    seen = [reader.fingerprint()]

    def changed():
        time.sleep(0.01)
        seen.append(reader.fingerprint())
        assert seen[-1] != seen[-2]
        assert reader.fingerprint() == seen[-1]

    steam.install(620, "Portal 2")
    changed()
    (steam.apps / "appmanifest_620.acf").unlink()
    changed()
    portal.rmdir()
    changed()
    steam.added(entry("One", "/opt/one"))
    changed()
    steam.knows({400: app(400, "Portal")})
    changed()
    steam.library(tmp_path / "two")
    steam.list_libraries([("1", str(tmp_path / "two"))])
    changed()
    Steam(tmp_path / "snap/steam/common/.local/share/Steam")
    changed()


def test_only_what_changed_is_read_again(steam, reader, monkeypatch):
    steam.install(400, "Portal")
    steam.knows({400: app(400, "Portal", launch=["hl2.exe"])})
    first = reader.load()
    read = []
    real = os.open

    def noting(path, *more, **options):
        read.append(str(path))
        return real(path, *more, **options)

    monkeypatch.setattr(os, "open", noting)
    assert reader.load() == first
    assert read == []
    steam.install(620, "Portal 2")
    read.clear()
    assert titles(reader.load()) == ["Portal", "Portal 2"]
    assert [name for name in read if name.endswith(".acf")] == [str(steam.apps / "appmanifest_620.acf")]


def test_a_large_collection_is_read_once(steam, reader):
    """How long ten thousand take is measured in ``performance``."""
    many = 1_500
    for number in range(1, many + 1):
        steam.install(number, f"Game {number}")
    spent = time.thread_time()
    assert len(reader.load().games) == many
    first = time.thread_time() - spent
    later = []
    for _ in range(3):  # whatever the collector of garbage or another thread takes in one of them
        spent = time.thread_time()
        reader.load()
        later.append(time.thread_time() - spent)
    assert min(later) < first
    spent = time.process_time()
    reader.fingerprint()
    assert time.process_time() - spent < first / 2


def test_a_root_that_cannot_be_looked_at_is_none(monkeypatch, tmp_path):
    def refuse(_self):
        raise PermissionError

    monkeypatch.setattr(roots_module.Path, "is_dir", refuse)
    assert steam_roots(linux(tmp_path)) == ()
