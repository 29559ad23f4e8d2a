"""Games by the system's own lists: the desktop's menu, Flatpaks, macOS' applications, and Minecraft's launchers."""

import json
import os
import plistlib
from pathlib import Path

import pytest

from gamedetectd.domain import System
from gamedetectd.library.desktop_entries import command_of
from gamedetectd.library.desktop_games import DesktopGamesReader
from gamedetectd.library.flatpak_apps import FlatpakReader
from gamedetectd.library.mac_apps import MacAppsReader
from gamedetectd.library.minecraft import MinecraftReader
from gamedetectd.library.not_games import is_no_game, runs_others
from gamedetectd.library.surroundings import Surroundings


class Machine:
    """A Linux machine or a Mac in a directory."""

    def __init__(self, directory):
        self.root = directory / "root"
        self.home = directory / "home"

    def surroundings(self, system=System.LINUX, **environment):
        return Surroundings(system, self.home, environment, None, (self.root,))

    def write(self, path, content="", mode=0o644):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return str(path)

    def program(self, path):
        return self.write(self.root / path, "#!/bin/sh\n", 0o755)

    def entry(self, ident, name, command, categories="Game;", where=None, **more):
        lines = {"Type": "Application", "Name": name, "Exec": command, "Categories": categories} | more
        text = "[Desktop Entry]\n" + "".join(f"{key.replace('_', '-')}={value}\n" for key, value in lines.items())
        text += "\n[Desktop Action other]\nName=Other\nExec=other\n"
        return self.write((where or self.root / "usr/share/applications") / f"{ident}.desktop", text)

    def desktop(self):
        shelf = DesktopGamesReader(self.surroundings()).load()
        assert shelf.problems == ()
        assert bool(shelf.nothing) != bool(shelf.games)
        return {game.id: (game.title, game.executables) for game in shelf.games}


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


# --- the desktop's menu -----------------------------------------------------------------------------------------------


def test_a_game_of_the_menu_stands_for_its_program_alone(machine):
    neverball = machine.program("usr/games/neverball")
    own = machine.program("opt/Some Game/start")
    machine.entry("neverball", "Neverball", "neverball %F", "Game;ActionGame;")
    machine.entry("org.some.Game", "Some\\sGame", f'env A=b nice -n 5 gamemoderun "{own}" %U', "Application;Game")
    reader = DesktopGamesReader(machine.surroundings())
    assert machine.desktop() == {"neverball": ("Neverball", (neverball,)), "org.some.Game": ("Some Game", (own,))}
    assert {game.install_dir for game in reader.load().games} == {""}
    assert list(reader.roots()) == [str(machine.root / "usr/share/applications")]


@pytest.mark.parametrize(
    ("name", "command", "more"),
    [
        ("Steam", "/usr/games/steam %U", {}),
        ("Lutris", "lutris %U", {}),
        ("Heroic Games Launcher", "heroic", {}),
        ("RetroArch", "retroarch", {}),
        ("An Emulator", "emu", {"categories": "Game;Emulator;"}),
        ("Controller Settings", "ctl", {"categories": "Game;Settings;"}),
        ("Wesnoth Map Editor", "editor", {}),
        ("Freeciv server", "civserver", {}),
        ("Something Launcher", "launch", {}),
        ("Portal 2", "steam steam://rungameid/620", {}),
        ("Hades", "xdg-open heroic://launch/legendary/Min", {}),
        ("Celeste", "env LUTRIS_SKIP_INIT=1 lutris lutris:rungameid/3", {}),
        ("Chess", "/usr/bin/flatpak run --command=chess org.gnome.Chess", {}),
        ("Hidden", "game", {"NoDisplay": "true"}),
        ("Text Editor", "edit", {"categories": "Utility;TextEditor;"}),
        ("A Link", "game", {"Type": "Link"}),
        ("No Command", "", {}),
        ("Not Installed", "game", {"TryExec": "missing"}),
    ],
)
def test_what_only_serves_games_is_no_row(name, command, more, machine):
    machine.program(f"usr/games/{(command or 'game').split()[0].rpartition('/')[2]}")
    machine.entry("x", name, command, more.pop("categories", "Game;"), **more)
    assert machine.desktop() == {}


@pytest.mark.parametrize(
    "command",
    [
        "sh -c game", "python3 /usr/games/game.py", "java -jar /usr/share/game.jar", "wine C:\\\\game.exe", "env game2",
        "scummvm queen", "dosbox -conf x", "snapped", "missing", "/missing/game", "relative/game",
        "love /usr/share/g.love", "'unclosed", "python3.11 -m pychess", "\\0",
    ],
)  # fmt: skip
def test_programs_that_run_anything_are_never_a_games_own(command, machine):
    for name in ("sh", "python3", "python3.11", "java", "wine", "env", "scummvm", "dosbox", "snap", "love"):
        machine.program(f"usr/bin/{name}")
    (machine.root / "snap/bin").mkdir(parents=True)
    (machine.root / "snap/bin/snapped").symlink_to("../../usr/bin/snap")
    machine.entry("game", "A Game", command)
    assert machine.desktop().get("game", ("A Game", ())) == ("A Game", ())


def test_a_program_that_several_entries_start_belongs_to_the_one_that_needs_no_arguments(machine):
    wesnoth, engine, shared = (machine.program(f"usr/games/{name}") for name in ("wesnoth", "engine", "shared"))
    machine.entry("wesnoth", "Battle for Wesnoth", "wesnoth")
    machine.entry("wesnoth_editor", "Wesnoth: the other campaign", "wesnoth --campaign x")
    machine.entry("one", "One", "engine --game one")
    machine.entry("two", "Two", "engine --game two")
    machine.entry("tool", "A Tool", "shared", "Utility;")
    machine.entry("shared", "Shared", "shared")
    assert machine.desktop() == {
        "one": ("One", ()),
        "shared": ("Shared", ()),
        "two": ("Two", ()),
        "wesnoth": ("Battle for Wesnoth", (wesnoth,)),
        "wesnoth_editor": ("Wesnoth: the other campaign", ()),
    }
    assert engine != shared


def test_a_link_to_the_program_and_the_program_are_both_the_games(machine):
    real = machine.program("usr/lib/game/game.bin")
    (machine.root / "usr/games").mkdir()
    (machine.root / "usr/games/game").symlink_to(real)
    machine.entry("game", "The Game", "game")
    assert machine.desktop() == {"game": ("The Game", (str(machine.root / "usr/games/game"), real))}


def test_a_snap_has_a_directory_of_its_own(machine):
    machine.program("usr/bin/snap")
    place = machine.root / "snap" / "tux-racer"
    place.mkdir(parents=True)
    (machine.root / "snap/bin").mkdir()
    (machine.root / "snap/bin/tux-racer").symlink_to("../../usr/bin/snap")
    where = machine.root / "var/lib/snapd/desktop/applications"
    command = "env BAMF_DESKTOP_FILE_HINT=/x.desktop tux-racer %U"
    for ident, snap in (("tux-racer_tux-racer", "tux-racer"), ("odd_odd", "../../usr"), ("gone_gone", "gone")):
        machine.entry(ident, "Tux Racer", command, where=where, X_SnapInstanceName=snap)
    games = DesktopGamesReader(machine.surroundings()).load().games
    assert [(game.id, game.install_dir, game.executables) for game in games] == [
        ("gone_gone", "", ()),
        ("odd_odd", "", ()),
        ("tux-racer_tux-racer", str(place), ()),
    ]


def test_a_persons_entry_counts_before_the_systems_and_may_hide_it(machine):
    machine.program("usr/games/game")
    own = machine.home / ".local/share/applications"
    machine.entry("a", "Theirs", "game")
    machine.entry("a", "Mine", "game", where=own)
    machine.entry("b", "Gone", "game")
    machine.entry("b", "Gone", "game", where=own, Hidden="true")
    machine.entry("c", "From a Flatpak", "game", X_Flatpak="org.x.Y")
    machine.entry("deep", "Deep", "game", where=own / "wine" / "Programs")
    assert {ident: title for ident, (title, _) in machine.desktop().items()} == {
        "a": "Mine",
        "wine-Programs-deep": "Deep",
    }


def test_hostile_menus_are_survived(machine):
    where = machine.root / "usr/share/applications"
    machine.program("usr/games/game")
    machine.entry("good", "Good", "game")
    machine.write(where / "empty.desktop")
    machine.write(where / "zeros.desktop", b"\0" * 4000)
    machine.write(where / "binary.desktop", bytes(range(256)) * 20)
    machine.write(where / "huge.desktop", b"[Desktop Entry]\nName=" + b"x" * 3_000_000)
    machine.write(where / "long.desktop", b"[Desktop Entry]\nName=L\nCategories=Game;\nExec=" + b"'" * 9_999)
    os.mkfifo(where / "pipe.desktop")
    (where / "directory.desktop").mkdir()
    (where / "nowhere.desktop").symlink_to("/nowhere")
    (where / "round").symlink_to(where)
    assert machine.desktop() == {"good": ("Good", (str(machine.root / "usr/games/game"),))}


def test_the_menus_fingerprint_tells_of_a_new_entry_however_deep(machine):
    machine.program("usr/games/game")
    deep = machine.root / "usr/share/applications/more/still more"
    machine.entry("a", "A", "game", where=deep)
    reader = DesktopGamesReader(machine.surroundings())
    reader.load()
    before = reader.fingerprint()
    assert reader.fingerprint() == before
    machine.entry("b", "B", "game", where=deep)
    assert reader.fingerprint() != before


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("game", ["game"]),
        ("game %U --flag", ["game", "--flag"]),
        ('"/opt/My Game/run" %f', ["/opt/My Game/run"]),
        ("env -u X A=1 B=2 mangohud game -x", ["game", "-x"]),
        ("A=1 game", ["game"]),
        ("nice -n 10 game", ["game"]),
        ("env", []),
        ("", []),
        ("'unclosed", []),
    ],
)
def test_the_command_behind_wrappers(line, command):
    assert list(command_of(line)) == command


# --- Flatpak ----------------------------------------------------------------------------------------------------------

METAINFO = """<?xml version="1.0"?><component type="desktop-application"><id>x</id><name>{name}</name>
<name xml:lang="de">Deutsch</name><categories><category>{category}</category></categories></component>"""


def flatpak(machine, ident, name="", categories="", command="game", where=None):
    """An installed application, as Flatpak lays it out; returns its ``active`` directory."""
    base = (where or machine.root / "var/lib/flatpak") / "app" / ident
    commit = base / "x86_64" / "stable" / ("a" * 64)
    (commit / "files" / "bin").mkdir(parents=True)
    (base / "x86_64" / "stable" / "active").symlink_to("a" * 64)
    (base / "current").symlink_to("x86_64/stable")
    machine.write(commit / "metadata", f"[Application]\nname={ident}\nruntime=org.x/y/1\ncommand={command}\n")
    if categories:
        machine.entry(ident, name, f"flatpak run {ident}", categories, commit / "export/share/applications")
    return base / "current" / "active"


def flatpaks(machine, **environment):
    shelf = FlatpakReader(machine.surroundings(**environment)).load()
    return {game.id: (game.title, game.install_dir, game.executables) for game in shelf.games}


def test_games_among_the_flatpaks_of_the_system_and_of_the_person(machine):
    tux = flatpak(machine, "net.supertux.SuperTux", "SuperTux 2", "Game;ArcadeGame;", "supertux2")
    own = flatpak(machine, "org.own.Game", "Own", "Game;", where=machine.home / ".local/share/flatpak")
    shell = flatpak(machine, "org.shell.Game", "Shell", "Game;", "sh")
    only = flatpak(machine, "org.only.Metainfo")
    machine.write(
        only / "files/share/metainfo/org.only.Metainfo.metainfo.xml", METAINFO.format(name="Only", category="Game")
    )
    flatpak(machine, "org.some.Editor", "Editor", "Utility;")
    flatpak(machine, "org.libretro.RetroArch", "RetroArch", "Game;")
    flatpak(machine, "com.valvesoftware.Steam", "Steam", "Network;FileTransfer;Game;")
    flatpak(machine, "org.an.Emulator", "Thing", "Game;Emulator;")
    flatpak(machine, "org.says.Nothing")
    (machine.root / "var/lib/flatpak/app/org.half.Installed").mkdir()
    assert flatpaks(machine) == {
        "org.own.Game": ("Own", f"{own}/files", (f"{own}/files/bin/game",)),
        "net.supertux.SuperTux": ("SuperTux 2", f"{tux}/files", (f"{tux}/files/bin/supertux2",)),
        "org.shell.Game": ("Shell", f"{shell}/files", ()),
        "org.only.Metainfo": ("Only", f"{only}/files", (f"{only}/files/bin/game",)),
    }


def test_flatpaks_elsewhere_and_an_update(machine, tmp_path):
    active = flatpak(machine, "org.own.Game", "Own", "Game;", where=tmp_path / "elsewhere")
    reader = FlatpakReader(machine.surroundings(FLATPAK_USER_DIR=str(tmp_path / "elsewhere")))
    assert [game.title for game in reader.load().games] == ["Own"]
    assert list(reader.roots()) == [str(tmp_path / "elsewhere/app")]
    (tmp_path / "elsewhere/.changed").touch()
    assert list(reader.roots()) == [str(tmp_path / "elsewhere/app"), str(tmp_path / "elsewhere/.changed")]
    before = reader.fingerprint()
    branch = active.parent.resolve()
    (branch / ("b" * 64)).mkdir()
    (branch / "active").unlink()
    (branch / "active").symlink_to("b" * 64)
    assert reader.fingerprint() != before
    assert reader.load().games == ()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<component>", b"\0" * 9, b"<!DOCTYPE a [<!ENTITY b 'c'>]><component>&b;</component>",
        b"<a>" * 5000, b"<?xml version='1.0' encoding='wat'?><a/>",
    ],
)  # fmt: skip
def test_a_broken_description_is_a_problem_and_the_rest_is_read(content, machine):
    flatpak(machine, "org.good.Game", "Good", "Game;")
    bad = flatpak(machine, "org.bad.Game")
    file = machine.write(bad / "export/share/metainfo/org.bad.Game.metainfo.xml", content)
    shelf = FlatpakReader(machine.surroundings()).load()
    assert [game.title for game in shelf.games] == ["Good"]
    assert [problem.place for problem in shelf.problems] == [file]


# --- macOS ------------------------------------------------------------------------------------------------------------


def application(machine, path, wrapped="", **keys):
    bundle = machine.root / "Applications" / path
    inner = bundle / "Wrapper" / wrapped if wrapped else bundle / "Contents"
    machine.write(inner / "Info.plist", plistlib.dumps(keys))
    return bundle


def mac(machine):
    shelf = MacAppsReader(machine.surroundings(System.MACOS)).load()
    return {game.id: (game.title, game.install_dir, game.executables) for game in shelf.games}, shelf.problems


def test_games_among_the_applications_of_a_mac(machine):
    puzzle = "public.app-category.puzzle-games"
    chess = application(
        machine, "Chess.app", CFBundleIdentifier="com.x.Chess", CFBundleName="Chess", CFBundleExecutable="Chess",
        LSApplicationCategoryType=puzzle,
    )  # fmt: skip
    deep = application(
        machine, "Hearthstone/Hearthstone.app", CFBundleDisplayName=" Hearth\tstone ",
        LSApplicationCategoryType="public.app-category.games",
    )  # fmt: skip
    phone = application(
        machine, "Phone Game.app", "Inner.app", CFBundleIdentifier="com.x.Phone", CFBundleExecutable="inner",
        CFBundleDisplayName="Phone Game", LSApplicationCategoryType="public.app-category.games",
    )  # fmt: skip
    genre = application(machine, "Genre.app", "G.app", CFBundleIdentifier="com.x.Genre", CFBundleName="Genre")
    machine.write(genre / "Wrapper/iTunesMetadata.plist", plistlib.dumps({"genreId": 6014}))
    application(
        machine, "Safari.app", CFBundleName="Safari", LSApplicationCategoryType="public.app-category.productivity"
    )
    application(
        machine, "Steam.app", CFBundleIdentifier="com.valvesoftware.steam", CFBundleName="Steam",
        LSApplicationCategoryType="public.app-category.games",
    )  # fmt: skip
    application(machine, "OpenEmu.app", CFBundleName="OpenEmu", LSApplicationCategoryType="public.app-category.games")
    application(machine, "Odd.app", LSApplicationCategoryType=7, CFBundleName=["x"])
    assert mac(machine) == (
        {
            "com.x.Chess": ("Chess", str(chess), (f"{chess}/Contents/MacOS/Chess",)),
            "com.x.Genre": ("Genre", str(genre), ()),
            "com.x.Phone": ("Phone Game", str(phone), (f"{phone}/Wrapper/Inner.app/inner",)),
            "hearthstone": ("Hearth stone", str(deep), ()),
        },
        (),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"bplist00", b"bplist00" + b"\xff" * 40, b"<plist><dict><key>a</key>", plistlib.dumps([1]),
        b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "b">]><plist><string>&a;</string></plist>',
        b"<plist>" + b"<array>" * 20_000,
    ],
)  # fmt: skip
def test_a_broken_property_list_is_a_problem_and_the_rest_is_read(content, machine):
    application(machine, "Good.app", CFBundleName="Good", LSApplicationCategoryType="public.app-category.games")
    file = machine.write(machine.root / "Applications/Bad.app/Contents/Info.plist", content)
    games, problems = mac(machine)
    assert [title for title, _, _ in games.values()] == ["Good"]
    assert [problem.place for problem in problems] == [file]


def test_a_macs_fingerprint_tells_of_an_update(machine):
    bundle = application(machine, "Good.app", CFBundleName="Good")
    reader = MacAppsReader(machine.surroundings(System.MACOS))
    before = reader.fingerprint()
    assert before == reader.fingerprint()
    machine.write(bundle / "Contents/Info.plist", plistlib.dumps({"CFBundleName": "Better and longer"}))
    assert before != reader.fingerprint()


# --- Minecraft --------------------------------------------------------------------------------------------------------


def minecraft(machine, system=System.LINUX, **environment):
    shelf = MinecraftReader(machine.surroundings(system, **environment)).load()
    assert {game.title for game in shelf.games} <= {"Minecraft"}
    assert {game.executables for game in shelf.games} <= {()}
    return {game.id: game.install_dir for game in shelf.games}, shelf.problems


INI, CURSE, ATL = "instance.cfg", "minecraftinstance.json", "instance.json"


def test_instances_of_every_launcher_are_minecraft_and_keep_their_names(machine):
    share = machine.home / ".local/share"
    prism = share / "PrismLauncher/instances/atm9"
    machine.write(prism / INI, "[General]\nConfigVersion=1.2\nname=All the Mods 9\niconKey=x\n")
    flat = machine.home / ".var/app/org.prismlauncher.PrismLauncher/data/PrismLauncher/instances/1.20"
    machine.write(flat / INI, 'name="Caf\\xe9"\n')
    machine.write(share / "PrismLauncher/instances/_LAUNCHER_TEMP/instance.cfg", "name=x\n")
    machine.write(share / "PrismLauncher/instances/instgroups.json", "{}")
    machine.write(share / "multimc/multimc.cfg", "InstanceDir=/nowhere\n")
    moved = machine.home / "more/Vanilla"
    machine.write(share / "PolyMC/polymc.cfg", f"InstanceDir={moved.parent}\n")
    machine.write(moved / INI, "InstanceType=OneSix\n")
    curse = machine.home / "curseforge/minecraft/Instances/RLCraft"
    machine.write(curse / CURSE, json.dumps({"name": "RLCraft", "gameVersion": "1.12.2"}))
    atl = share / "ATLauncher/instances/SkyFactory4"
    machine.write(atl / ATL, json.dumps({"id": "1.12", "launcher": {"name": "SkyFactory 4"}}))
    gd = share / "gdlauncher_carbon/data/instances/one"
    machine.write(gd / ATL, json.dumps({"name": "Better MC"}))
    modrinth = share / "ModrinthApp/profiles/Fabulously Optimized"
    modrinth.mkdir(parents=True)
    same = share / "PrismLauncher/instances/copy"
    machine.write(same / INI, "name=All the Mods 9\n")
    assert minecraft(machine) == (
        {
            "prism/All the Mods 9": str(prism),
            "prism/All the Mods 9 (copy)": str(same),
            "prism/Café": str(flat),
            "polymc/Vanilla": str(moved),
            "curseforge/RLCraft": str(curse),
            "atlauncher/SkyFactory 4": str(atl),
            "gdlauncher/Better MC": str(gd),
            "modrinth/Fabulously Optimized": str(modrinth),
        },
        (),
    )


@pytest.mark.parametrize(
    ("system", "main"),
    [
        (System.LINUX, ".minecraft"),
        (System.LINUX, ".var/app/com.mojang.Minecraft/.minecraft"),
        (System.WINDOWS, "AppData/Roaming/.minecraft"),
        (System.MACOS, "Library/Application Support/minecraft"),
    ],
)
def test_mojangs_launcher_and_the_directories_of_its_profiles(system, main, machine):
    directory = machine.home / main
    (directory / "versions" / "1.20.1").mkdir(parents=True)
    own = machine.home / "Games" / "skyblock"
    own.mkdir(parents=True)
    profiles = {
        "a": {"name": "", "type": "latest-release"},
        "b": {"name": "Sky\nBlock", "gameDir": str(own)},
        "c": {"name": "Gone", "gameDir": str(machine.home / "gone")},
        "d": {"name": "Main", "gameDir": str(directory)},
        "e": {"name": "Home", "gameDir": str(machine.home)},
        "f": 7,
    }
    machine.write(directory / "launcher_profiles.json", json.dumps({"profiles": profiles}))
    games, problems = minecraft(machine, system)
    assert games == {"java": str(directory), "official/Sky Block": str(own)}
    assert problems == ()
    reader = MinecraftReader(machine.surroundings(system))
    assert [game.also for game in reader.load().games] == [(), ("minecraft:java",)]
    assert list(reader.roots()) == [str(directory / "versions")]


def test_instances_on_windows(machine):
    prism = machine.home / "AppData/Roaming/PrismLauncher/instances/a"
    machine.write(prism / INI, "name=A\r\n")
    curse = machine.home / "curseforge/minecraft/Instances/B"
    machine.write(curse / CURSE, "{}")
    assert minecraft(machine, System.WINDOWS)[0] == {"prism/A": str(prism), "curseforge/B": str(curse)}


@pytest.mark.parametrize("content", ["", "{", "\0\0", "[" * 100_000, '"text"', '{"name": 7}', '{"name": {"a": 1}}'])
def test_a_broken_instance_is_still_one_by_its_directory(content, machine):
    place = machine.home / "curseforge/minecraft/Instances/B"
    machine.write(place / CURSE, content)
    games, _ = minecraft(machine)
    assert list(games.values()) == [str(place)]


def test_minecrafts_fingerprint_tells_of_a_new_instance(machine):
    instances = machine.home / ".local/share/PrismLauncher/instances"
    machine.write(instances / "a" / INI, "name=A\n")
    reader = MinecraftReader(machine.surroundings())
    before = reader.fingerprint()
    assert before == reader.fingerprint()
    machine.write(instances / "b" / INI, "name=B\n")
    assert before != reader.fingerprint()
    assert reader.roots() == (str(instances),)


# --- what all of them share -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [DesktopGamesReader, FlatpakReader, MacAppsReader, MinecraftReader])
@pytest.mark.parametrize("system", list(System))
def test_a_bare_machine_is_said_in_a_sentence(reader, system, machine):
    made = reader(machine.surroundings(system))
    shelf = made.load()
    assert (shelf.games, shelf.problems, list(made.roots())) == ((), (), [])
    assert shelf.nothing.endswith(".")


@pytest.mark.parametrize(
    ("title", "no_game"),
    [
        ("Steam", True), ("Heroic Games Launcher", True), ("RetroArch", True), ("PCSX2 (Qt)", True), ("mGBA", True),
        ("Wesnoth Map Editor", True), ("Freeciv server", True), ("Rockstar Games Launcher", True), ("Uplay", True),
        ("Portal 2", False), ("Steamworld Dig", False), ("Server Wars", False), ("Launchers of War", False),
        ("The Editor's Tale", False), ("Unity of Command", False), ("Origin Story", False), ("", False),
    ],
)  # fmt: skip
def test_launchers_emulators_and_tools_by_name(title, no_game):
    assert is_no_game(title) is no_game


@pytest.mark.parametrize(
    ("path", "does"),
    [
        ("/usr/bin/python3.11", True), ("/bin/sh", True), ("C:\\Java\\bin\\javaw.exe", True),
        ("wine64-preloader", True),
        ("/usr/games/sh2", False), ("/usr/games/neverball", False), ("Game.exe", False), ("/usr/bin/flatpak", True),
        ("xdg-open", True), ("/opt/google/chrome", True), ("/usr/games/lovers", False),
    ],
)  # fmt: skip
def test_programs_that_run_others(path, does):
    assert runs_others(path) is does


def test_paths_are_no_problem_on_a_machine_without_a_home(tmp_path):
    for reader in (DesktopGamesReader, FlatpakReader, MacAppsReader, MinecraftReader):
        for system in System:
            assert reader(Surroundings(system, Path("/nonexistent"), drives=(tmp_path,))).load().games == ()
