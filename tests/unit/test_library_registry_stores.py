"""Stores that go by the registry: what a person who looks at their library would see."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry_samples import UNINSTALL, UNINSTALL_32, exported, field, number, product

from gamedetectd.domain import InstalledGame, System
from gamedetectd.library.battlenet import BattleNetReader, parse_products
from gamedetectd.library.ea import EaReader, parse_manifest
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.gameconfigstore import GameConfigStoreReader
from gamedetectd.library.riot import RiotReader
from gamedetectd.library.rockstar import RockstarReader
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.ubisoft import UbisoftReader
from gamedetectd.library.xbox import XboxReader, parse_gaming_root

READERS = {
    "ea": EaReader,
    "ubisoft": UbisoftReader,
    "battlenet": BattleNetReader,
    "riot": RiotReader,
    "rockstar": RockstarReader,
    "xbox": XboxReader,
    "windows": GameConfigStoreReader,
}


class Machine:
    """A Windows machine in a directory: its drive, its data, its registry."""

    def __init__(self, directory):
        self.directory = directory
        self.drive = directory / "C"
        self.data = directory / "ProgramData"
        self.keys = {}

    def folder(self, path):
        """An existing directory on the drive, as the stores write it down."""
        (self.drive / path).mkdir(parents=True, exist_ok=True)
        return str(self.drive / path)

    def file(self, path, content=b""):
        path = path if isinstance(path, Path) else self.drive / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def reader(self, name, system=System.WINDOWS):
        registry = exported(self.directory, self.keys)
        environment = {"PROGRAMDATA": str(self.data)}
        return READERS[name](Surroundings(system, self.directory / "home", environment, registry, (self.drive,)))

    def games(self, name):
        shelf = self.reader(name).load()
        assert shelf.problems == ()
        assert bool(shelf.games) != bool(shelf.nothing)
        return [(game.id, game.title, game.install_dir) for game in shelf.games]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


# --- Ubisoft ----------------------------------------------------------------------------------------------------------

INSTALLS = r"HKLM\SOFTWARE\WOW6432Node\Ubisoft\Launcher\Installs"


def test_ubisoft_names_games_by_windows_list_of_programs(machine):
    siege = machine.folder("Ubisoft/Ubisoft Game Launcher/games/Tom Clancy's Rainbow Six Siege")
    anno = machine.folder("Games/Anno 1800")
    machine.keys = {
        rf"{INSTALLS}\635": {"InstallDir": siege + "/", "Language": "en-US"},
        rf"{INSTALLS}\4553": {"InstallDir": anno},
        rf"{INSTALLS}\1": {"InstallDir": str(machine.drive / "gone")},
        rf"{INSTALLS}\2": {"Language": "en-US"},
        rf"{INSTALLS}\odd": {"InstallDir": anno},
        rf"{UNINSTALL_32}\Uplay Install 635": {
            "DisplayName": "Tom Clancy's Rainbow Six® Siege",
            "InstallLocation": siege,
        },
        rf"{UNINSTALL_32}\Uplay": {"DisplayName": "Ubisoft Connect", "InstallLocation": str(machine.drive)},
    }
    assert machine.games("ubisoft") == [
        ("635", "Tom Clancy's Rainbow Six Siege", siege),
        ("4553", "Anno 1800", anno),
    ]


# --- Rockstar ---------------------------------------------------------------------------------------------------------


def test_rockstars_games_and_none_of_steams_or_its_own_programs(machine):
    five = machine.folder("Program Files/Rockstar Games/Grand Theft Auto V")
    noire = machine.folder("Program Files/Rockstar Games/L.A. Noire")
    launcher = machine.folder("Program Files/Rockstar Games/Launcher")
    steam = machine.folder("Steam/steamapps/common/Red Dead Redemption 2")
    machine.keys = {
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\Grand Theft Auto V": {"InstallFolder": five},
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\L.A. Noire": {"InstallFolder": noire},
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\Launcher": {"InstallFolder": launcher},
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\Red Dead Redemption 2": {"InstallFolderSteam": steam},
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\Steamy": {"InstallFolder": steam},
        rf"{UNINSTALL}\Steam App 1174180": {
            "DisplayName": "RDR2",
            "Publisher": "Rockstar Games",
            "InstallLocation": steam,
        },
        rf"{UNINSTALL}\{{5EFC6C07}}": {
            "DisplayName": "Grand Theft Auto V",
            "Publisher": "Rockstar Games",
            "InstallLocation": five,
            "UninstallString": '"C:\\Program Files\\Rockstar Games\\Launcher\\Launcher.exe" -uninstall=gta5',
        },
        rf"{UNINSTALL}\Rockstar Games Launcher": {
            "DisplayName": "Rockstar Games Launcher",
            "Publisher": "Rockstar Games",
            "InstallLocation": launcher,
            "UninstallString": "uninstall.exe",
        },
    }
    assert machine.games("rockstar") == [("gta5", "Grand Theft Auto V", five), ("l-a-noire", "L.A. Noire", noire)]


# --- EA ---------------------------------------------------------------------------------------------------------------

INSTALLER = """<?xml version="1.0" encoding="utf-8"?>
<DiPManifest version="4.0">
  <contentIDs><contentID>194908</contentID><contentID>194909</contentID></contentIDs>
  <gameTitles>
    <gameTitle locale="de_DE">Apex-Legenden</gameTitle>
    <gameTitle locale="en_US">Apex Legends™</gameTitle>
  </gameTitles>
  <runtime>
    <launcher uid="1"><name locale="en_US">Apex</name>
      <filePath>[HKEY_LOCAL_MACHINE\\SOFTWARE\\Respawn\\Apex\\Install Dir]bin\\r5apex.exe</filePath></launcher>
    <launcher uid="2"><filePath>[HKEY_LOCAL_MACHINE\\SOFTWARE\\Apex\\Install Dir]Setup.exe</filePath></launcher>
    <launcher uid="3"><filePath>..\\..\\Windows\\notepad.exe</filePath></launcher>
  </runtime>
</DiPManifest>"""
OLD_INSTALLER = """<game manifestVersion="1.1"><contentIDs><contentID>70619</contentID></contentIDs>
<metadata><localeInfo locale="fr_FR"><title>L'Espace Mort</title></localeInfo>
<localeInfo locale="en_US"><title>Dead Space</title></localeInfo></metadata></game>"""


def test_ea_knows_a_game_best_by_the_file_beside_it(machine):
    apex = machine.folder("Program Files/EA Games/Apex")
    machine.file("Program Files/EA Games/Apex/__Installer/installerdata.xml", INSTALLER)
    dead = machine.folder("Games/Dead Space")
    machine.file("Games/Dead Space/__Installer/installerdata.xml", OLD_INSTALLER)
    machine.keys = {
        r"HKLM\SOFTWARE\WOW6432Node\EA Games\Dead Space": {"Install Dir": dead + "/", "Locale": "en_US"},
        r"HKLM\SOFTWARE\Electronic Arts\EA Desktop": {
            "InstallLocation": "C:\\Program Files\\Electronic Arts\\EA Desktop"
        },
    }
    shelf = machine.reader("ea").load()
    assert shelf.games == (
        InstalledGame("ea", "70619", "Dead Space", dead),
        InstalledGame("ea", "194908", "Apex Legends", apex, (str(Path(apex, "bin/r5apex.exe")),)),
    )
    assert shelf.problems == ()


def test_origins_manifests_and_the_registry_where_there_is_no_such_file(machine):
    sims, fifa, mass = (machine.folder(f"Origin Games/{name}") for name in ("The Sims 4", "FIFA 21", "Mass Effect"))
    content = machine.data / "Origin" / "LocalContent"
    query = "?currentstate=kReadyToStart&id=&id=OFB-EAST%3a109552299&dipinstallpath={}%2f&dipinstallpath=x&id=Other"
    machine.file(content / "The Sims 4" / "OFB-EAST109552299.mfst", query.format(sims.replace("/", "%2F")))
    machine.file(content / "Steamy" / "Origin.OFR@steam.mfst", query.format(mass))
    machine.file(content / "Steamy" / "Other.mfst", f"?id=Origin.OFR.50.1@steam&dipinstallpath={mass}")
    machine.keys = {
        rf"{UNINSTALL}\{{1}}": {"DisplayName": "FIFA 21", "Publisher": "Electronic Arts", "InstallLocation": fifa},
        rf"{UNINSTALL}\{{2}}": {"DisplayName": "EA app", "Publisher": "Electronic Arts", "InstallLocation": mass},
        rf"{UNINSTALL}\{{3}}": {"DisplayName": "Other", "Publisher": "Electronic Artists", "InstallLocation": ""},
        rf"{UNINSTALL}\Steam App 1": {"DisplayName": "M", "Publisher": "Electronic Arts", "InstallLocation": mass},
    }
    assert machine.games("ea") == [("OFB-EAST:109552299", "The Sims 4", sims), ("fifa 21", "FIFA 21", fifa)]


def test_a_broken_file_beside_a_game_of_eas_is_a_problem_but_the_game_is_known(machine):
    place = machine.folder("EA Games/Titanfall 2")
    file = machine.file("EA Games/Titanfall 2/__Installer/installerdata.xml", "<DiPManifest>")
    shelf = machine.reader("ea").load()
    assert [(game.title, game.install_dir) for game in shelf.games] == [("Titanfall 2", place)]
    assert [problem.place for problem in shelf.problems] == [file]


@pytest.mark.parametrize("data", [b"", b"\0" * 50, b"?", b"&&&", b"?=&=", b"\xff\xfe\0", b"?a&" * 5000])
def test_what_is_no_manifest_of_origins_is_refused(data):
    with pytest.raises(UnreadableError):
        parse_manifest(data)


@given(
    st.dictionaries(
        st.from_regex("[a-z]{1,8}", fullmatch=True), st.from_regex(r"\w[\w:/. -]*\w", fullmatch=True), min_size=1
    )
)
def test_origins_fields_are_read_back(fields):
    from urllib.parse import urlencode

    assert parse_manifest(f"?{urlencode(fields)}".encode()) == fields


@given(st.binary(max_size=300) | st.text(alphabet="?&=%;+a0\n", max_size=200).map(str.encode))
def test_any_bytes_are_a_manifest_or_refused(data):
    with suppress(UnreadableError):
        assert all(parse_manifest(data).values())


# --- Battle.net -------------------------------------------------------------------------------------------------------


def agent_database(machine, *products):
    return machine.file(machine.data / "Battle.net" / "Agent" / "product.db", b"".join(products) + field(5, b""))


def test_battle_nets_products_by_the_names_people_use(machine):
    names = ("Hearthstone", "StarCraft II", "Overwatch", "Some New Game", "World of Warcraft/_retail_")
    hearth, star, over, new, retail = (machine.folder(f"Games/{name}") for name in names)
    classic = machine.folder("Games/World of Warcraft/_classic_")
    wow = str(Path(retail).parent)
    agent_database(
        machine,
        product("hs_beta", "hsb", hearth),
        product("s2", "s2", star),
        product("prometheus_test", "prot", over),
        product("newgame", "nw", new),
        product("wow", "wow", wow),
        product("wow_classic", "wow_classic", wow),
        product("agent", "agent", machine.folder("ProgramData/Battle.net/Agent")),
        product("battle.net", "bna", machine.folder("Program Files (x86)/Battle.net")),
        product("diablo3", "d3", machine.folder("Games/Diablo III"), installed=0),
        product("fenris", "fenris", ""),
        product("osi", "osi", str(machine.drive / "gone")),
        product("w3", "w3", "C:\\"),
    )
    machine.keys = {
        rf"{UNINSTALL_32}\New": {
            "DisplayName": "Some New Game: The Title",
            "Publisher": "Blizzard Entertainment",
            "InstallLocation": new,
            "UninstallString": r'"C:\ProgramData\Battle.net\Agent\Blizzard Uninstaller.exe" --lang=enUS --uid=newgame',
        },
        rf"{UNINSTALL_32}\Battle.net": {
            "DisplayName": "Battle.net",
            "Publisher": "Blizzard Entertainment",
            "InstallLocation": str(machine.drive / "Program Files (x86)/Battle.net"),
            "UninstallString": r"Blizzard Uninstaller.exe --uid=battle.net",
        },
    }
    assert machine.games("battlenet") == [
        ("hs_beta", "Hearthstone", hearth),
        ("s2", "StarCraft II", star),
        ("prometheus_test", "Overwatch 2", over),
        ("newgame", "Some New Game: The Title", new),
        ("wow", "World of Warcraft", retail),
        ("wow_classic", "World of Warcraft Classic", classic),
    ]


def test_battle_net_by_windows_list_alone(machine):
    place = machine.folder("Program Files (x86)/Diablo IV")
    machine.keys = {
        rf"{UNINSTALL_32}\Diablo IV": {
            "DisplayName": "Diablo IV",
            "Publisher": "Blizzard Entertainment",
            "InstallLocation": place,
            "UninstallString": r"Blizzard Uninstaller.exe --lang=enUS --uid=fenris --displayname=Diablo",
        }
    }
    assert machine.games("battlenet") == [("fenris", "Diablo IV", place)]


def test_battle_net_on_a_mac(tmp_path):
    place = tmp_path / "Applications" / "Hearthstone"
    place.mkdir(parents=True)
    file = tmp_path / "Users" / "Shared" / "Battle.net" / "Agent" / "product.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(product("hs_beta", "hsb", str(place)))
    shelf = BattleNetReader(Surroundings(System.MACOS, tmp_path / "me", drives=(tmp_path,))).load()
    assert [(game.title, game.install_dir) for game in shelf.games] == [("Hearthstone", str(place))]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 40,
        field(1, b"\x0a\x7fshort"),
        b"\x0a" + number(1 << 62) + b"x",
        b"\x0a" + number(1 << 40),
        b"\x0b",
        b"\x0f\0",
        b"\x08",
        b"\x08" * 300_001,
        b"SQLite format 3\0",
        b"not a database",
        field(3, b""),
    ],
)
def test_what_is_no_database_of_the_agent_is_refused(data, machine):
    with pytest.raises(UnreadableError):
        parse_products(data)
    machine.file(machine.data / "Battle.net" / "Agent" / "product.db", data)
    shelf = machine.reader("battlenet").load()
    assert shelf.games == ()
    assert [Path(problem.place).name for problem in shelf.problems] == ["product.db"]


@given(
    st.lists(
        st.tuples(
            st.from_regex("[a-z0-9_]{1,9}", fullmatch=True), st.text(max_size=20).filter(lambda t: "\0" not in t)
        ),
        max_size=5,
    )
)
def test_products_are_read_back(listed):
    found = parse_products(b"".join(product(name, "x", where) for name, where in listed) + field(5, b""))
    assert [(one.unique_name, one.directory) for one in found] == [(name, where.strip()) for name, where in listed]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_database_or_refused(data):
    with suppress(UnreadableError):
        parse_products(data)


# --- Riot -------------------------------------------------------------------------------------------------------------


def settings(machine, name, text):
    return machine.file(machine.data / "Riot Games" / "Metadata" / name / f"{name}.product_settings.yaml", text)


def test_riots_products(machine):
    league, pbe, valorant, new = (
        machine.folder(f"Riot Games/{name}")
        for name in ("League of Legends", "League of Legends (PBE)", "VALORANT/live", "Newer")
    )
    settings(
        machine,
        "league_of_legends.live",
        f'product_install_full_path: "{Path(league).as_posix()}"\nproduct_install_root: "x"\n',
    )
    settings(
        machine,
        "league_of_legends.pbe",
        f'product_install_full_path: "{Path(pbe).as_posix()}"\nlocale_data: {{a: b}}\n',
    )
    settings(machine, "valorant.live", f"product_install_full_path: {valorant}/\n")
    settings(machine, "newer.live", f"product_install_full_path: {new}\nshortcut_name: Newer Game.lnk\n")
    settings(machine, "gone.live", f"product_install_full_path: {machine.drive}/gone\n")
    settings(machine, "riot_client.", f"product_install_full_path: {machine.drive}/Riot Games/Riot Client\n")
    settings(machine, "odd.live", "product_install_full_path: [1, 2]\n")
    assert sorted(machine.games("riot")) == [
        ("league_of_legends.live", "League of Legends", league),
        ("league_of_legends.pbe", "League of Legends", pbe),
        ("newer.live", "Newer Game", new),
        ("valorant.live", "VALORANT", valorant),
    ]
    also = {game.id: game.also for game in machine.reader("riot").load().games}
    assert also["league_of_legends.pbe"] == ("riot:league_of_legends.live",)
    assert also["valorant.live"] == ()


@pytest.mark.parametrize("text", ["", "\0\0", "{", "a: &a [*a]", "- " * 3000, "&a [" + "*a," * 9, "\xff\xfe"])
def test_a_broken_settings_file_of_riots_is_a_problem_and_the_rest_is_read(text, machine):
    place = machine.folder("Riot Games/VALORANT")
    settings(machine, "valorant.live", f"product_install_full_path: {place}\n")
    broken = settings(machine, "league_of_legends.live", text.encode("latin-1"))
    shelf = machine.reader("riot").load()
    assert [game.title for game in shelf.games] == ["VALORANT"]
    assert [problem.place for problem in shelf.problems] in ([broken], [])


def test_riot_on_a_mac(tmp_path):
    place = tmp_path / "Applications" / "League of Legends.app"
    place.mkdir(parents=True)
    file = tmp_path / "Users/Shared/Riot Games/Metadata/league_of_legends.live"
    file.mkdir(parents=True)
    (file / "league_of_legends.live.product_settings.yaml").write_text(f"product_install_full_path: {place}\n")
    reader = RiotReader(Surroundings(System.MACOS, tmp_path / "me", drives=(tmp_path,)))
    assert [game.install_dir for game in reader.load().games] == [str(place)]
    assert reader.roots() == (str(file.parent),)


# --- Xbox -------------------------------------------------------------------------------------------------------------

CONFIG = """<?xml version="1.0" encoding="utf-8"?><Game configVersion="1">
<Identity Name="{name}" Publisher="CN=X" Version="1.0.0.0"/>
<ExecutableList>{programs}</ExecutableList><StoreId>9P</StoreId>
<ShellVisuals DefaultDisplayName="{title}" StoreLogo="a.png"/></Game>"""
MANIFEST = """<?xml version="1.0"?><Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10"
 xmlns:uap="http://schemas.microsoft.com/appx/manifest/uap/windows10"><Identity Name="{name}" Version="1.0.0.0"/>
<Properties><DisplayName>{title}</DisplayName></Properties>
<Applications><Application Id="Game" Executable="{program}"><uap:VisualElements DisplayName="ms-resource:a"/>
</Application></Applications></Package>"""


def config(name, title, *programs):
    listed = "".join(f'<Executable Name="{program}" TargetDeviceFamily="PC" Id="Game"/>' for program in programs)
    return CONFIG.format(name=name, title=title, programs=listed)


def gaming_root(*names):
    return b"RGBX" + len(names).to_bytes(4, "little") + b"".join(f"{name}\0".encode("utf-16-le") for name in names)


def test_xbox_games_of_a_drive(machine):
    machine.file(".GamingRoot", gaming_root("My Xbox", "..\\Windows", "C:\\Absolute", "XboxGames"))
    base = machine.drive / "My Xbox"
    machine.file(
        base / "Halo Infinite/Content/MicrosoftGame.config",
        config("Microsoft.254428597CFE2", "Halo Infinite", "HaloInfinite.exe"),
    )
    machine.file(
        base / "Halo Infinite/Content/appxmanifest.xml",
        MANIFEST.format(name="Microsoft.254428597CFE2", title="ms-resource:x", program="GameLaunchHelper.exe"),
    )
    machine.file(
        base / "Forza/Content/MicrosoftGame.config", config("Microsoft.Forza", "ms-resource:Name", "bin\\forza.exe")
    )
    machine.file(
        base / "Forza/Content/appxmanifest.xml",
        MANIFEST.format(name="Microsoft.Forza", title="Forza Motorsport", program="GameLaunchHelper.exe"),
    )
    machine.file(
        base / "Sea of Stars/Content/appxmanifest.xml",
        MANIFEST.format(name="Sabotage.Sea", title="ms-resource:x", program="sea.exe"),
    )
    machine.file(base / "An Addition/Content/MicrosoftGame.config", config("Microsoft.Dlc", "An Addition"))
    (base / "Empty").mkdir()
    usual = machine.drive / "XboxGames"
    machine.file(usual / "Grounded/Content/MicrosoftGame.config", config("Microsoft.Maine", "Grounded", "Maine.exe"))
    shelf = machine.reader("xbox").load()
    assert [(game.id, game.title, game.install_dir, game.executables) for game in shelf.games] == [
        ("Microsoft.Forza", "Forza Motorsport", str(base / "Forza"), (str(base / "Forza/Content/bin/forza.exe"),)),
        (
            "Microsoft.254428597CFE2",
            "Halo Infinite",
            str(base / "Halo Infinite"),
            (str(base / "Halo Infinite/Content/HaloInfinite.exe"),),
        ),
        ("Sabotage.Sea", "Sea of Stars", str(base / "Sea of Stars"), (str(base / "Sea of Stars/Content/sea.exe"),)),
        ("Microsoft.Maine", "Grounded", str(usual / "Grounded"), (str(usual / "Grounded/Content/Maine.exe"),)),
    ]
    assert shelf.problems == ()
    assert set(machine.reader("xbox").roots()) == {str(base), str(usual)}


def test_xbox_packages_in_the_registry_share_the_title_of_the_games_folder(machine):
    folder = machine.folder("XboxGames/Grounded")
    machine.file(Path(folder) / "Content/MicrosoftGame.config", config("Microsoft.Maine", "Grounded", "Maine.exe"))
    apps = machine.drive / "Program Files" / "WindowsApps"
    package = str(apps / "Microsoft.Maine_1.0_x64__8wekyb3d8bbwe")
    machine.file(Path(package) / "MicrosoftGame.config", config("Microsoft.Maine", "ms-resource:t", "Maine.exe"))
    nameless = str(apps / "Microsoft.Nameless_1.0_x64__8wekyb3d8bbwe")
    machine.file(Path(nameless) / "MicrosoftGame.config", config("Microsoft.Nameless", "ms-resource:t", "n.exe"))
    uwp = str(apps / "Someone.Uwp_1.0_x64__abc")
    machine.file(Path(uwp) / "MicrosoftGame.config", config("Someone.Uwp", "", "u.exe"))
    calculator = str(apps / "Microsoft.WindowsCalculator_1.0_x64__8wekyb3d8bbwe")
    machine.file(
        Path(calculator) / "appxmanifest.xml", MANIFEST.format(name="Calc", title="Calculator", program="c.exe")
    )
    services = r"HKLM\SOFTWARE\Microsoft\GamingServices\PackageRepository\Root"
    packages = (
        r"HKCU\Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages"
    )
    machine.keys = {
        rf"{services}\{{a}}\{{b}}": {"Package": "Microsoft.Maine_1.0_x64__8wekyb3d8bbwe", "Root": package + "/"},
        rf"{services}\{{c}}\{{d}}": {"Package": "Microsoft.Nameless", "Root": nameless},
        rf"{packages}\Someone.Uwp_1.0_x64__abc": {"PackageRootFolder": uwp, "DisplayName": "An Old Name"},
        rf"{packages}\Microsoft.WindowsCalculator": {"PackageRootFolder": calculator, "DisplayName": "Calculator"},
    }
    assert machine.games("xbox") == [
        ("Microsoft.Maine", "Grounded", folder),
        ("Microsoft.Maine", "Grounded", package),
        ("Someone.Uwp", "An Old Name", uwp),
    ]


def test_a_bad_marker_of_xbox_games_is_a_problem_and_the_usual_folder_is_read(machine):
    marker = machine.file(".GamingRoot", b"XXXX\1\0\0\0")
    machine.file("XboxGames/Grounded/Content/MicrosoftGame.config", config("Microsoft.Maine", "Grounded", "Maine.exe"))
    shelf = machine.reader("xbox").load()
    assert [game.title for game in shelf.games] == ["Grounded"]
    assert [problem.place for problem in shelf.problems] == [marker]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (gaming_root("XboxGames"), ("XboxGames",)),
        (gaming_root("a\\b", "c"), ("a/b", "c")),
        (gaming_root("a", "a"), ("a",)),
        (gaming_root("a")[:-2], ("a",)),
        (gaming_root("a")[:-3], ("\N{REPLACEMENT CHARACTER}",)),
        (b"RGBX\xff\xff\xff\xffa\0\0\0b\0", ("a", "b")),
        (gaming_root("..", "\\", "C:\\x", "ok"), ("ok",)),
        (gaming_root(), ()),
    ],
)
def test_the_marker_of_xbox_games(data, names):
    assert parse_gaming_root(data) == names


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_marker_or_refused(data, marked):
    try:
        names = parse_gaming_root((b"RGBX" if marked else b"") + data)
    except UnreadableError:
        return
    assert all(name and ".." not in name.split("/") and not name.startswith("/") for name in names)


# --- Windows' own list ------------------------------------------------------------------------------------------------


def test_windows_list_stands_for_programs_and_never_for_directories(machine):
    wanted = {
        "a": "Games/Genshin Impact Game/GenshinImpact.exe",
        "b": "Games/Discovery/Discovery/Binaries/Win64/Discovery-d.exe",
        "c": "Games/Some Game/bin/x64/some.exe",
    }
    others = [
        "Java/bin/javaw.exe",
        "Steam/steamapps/common/Portal 2/portal2.exe",
        "Windows/System32/dwm.exe",
        "Discord/app-1.0.9/Discord.exe",
        "Games/game.exe",
        "Epic Games/Launcher/Portal/Binaries/Win64/EpicGamesLauncher.exe",
        "Chrome/chrome.exe",
        "RetroArch/retroarch.exe",
    ]
    children = r"HKCU\System\GameConfigStore\Children"
    machine.keys = {
        rf"{children}\{name}": {"MatchedExeFullPath": machine.file(path), "ExeParentDirectory": "x", "Type": 1}
        for name, path in wanted.items()
    }
    machine.keys |= {rf"{children}\z{at}": {"MatchedExeFullPath": machine.file(path)} for at, path in enumerate(others)}
    machine.keys[rf"{children}\gone"] = {"MatchedExeFullPath": str(machine.drive / "Games/Gone/gone.exe")}
    machine.keys[rf"{children}\known"] = {"ExeParentDirectory": "Doom", "TitleId": "123"}
    machine.keys[rf"{children}\odd"] = {"MatchedExeFullPath": 7}
    shelf = machine.reader("windows").load()
    assert [(game.id, game.title, game.install_dir, game.executables) for game in shelf.games] == [
        ("a", "Genshin Impact Game", "", (str(machine.drive / wanted["a"]),)),
        ("b", "Discovery", "", (str(machine.drive / wanted["b"]),)),
        ("c", "Some Game", "", (str(machine.drive / wanted["c"]),)),
    ]


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_no_registry_and_an_empty_one_are_said_in_a_sentence(name, tmp_path):
    machine = Machine(tmp_path)
    without = READERS[name](Surroundings(System.WINDOWS, tmp_path, {"PROGRAMDATA": str(tmp_path)}, None, ()))
    for reader in (machine.reader(name), without):
        shelf = reader.load()
        assert shelf.games == shelf.problems == ()
        assert shelf.nothing.endswith(".")
        assert reader.fingerprint() == reader.fingerprint()


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("ubisoft", rf"{INSTALLS}\1", "InstallDir"),
        ("rockstar", r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\X", "InstallFolder"),
        ("ea", r"HKLM\SOFTWARE\EA Games\X", "Install Dir"),
    ],
)
@pytest.mark.parametrize(
    "path", ["C:\\", "C:\\Program Files (x86)", "\\", "..", "relative\\dir", "C:\\a\\..", "", 7, "x" * 5000]
)
def test_a_directory_that_many_programs_share_is_never_a_games(name, key, value, path, machine):
    machine.keys = {key: {value: path}}
    assert machine.games(name) == []


def test_fingerprints_tell_of_changes(machine):
    place = machine.folder("Games/Anno 1800")
    before = {name: machine.reader(name).fingerprint() for name in READERS}
    machine.keys = {
        rf"{INSTALLS}\4553": {"InstallDir": place},
        r"HKLM\SOFTWARE\WOW6432Node\Rockstar Games\X": {"InstallFolder": place},
        r"HKLM\SOFTWARE\EA Games\X": {"Install Dir": place},
        rf"{UNINSTALL}\X": {"DisplayName": "X"},
        r"HKCU\System\GameConfigStore\Children\a": {"MatchedExeFullPath": place},
    }
    settings(machine, "valorant.live", f"product_install_full_path: {place}\n")
    machine.file(".GamingRoot", gaming_root("XboxGames"))
    after = {name: machine.reader(name).fingerprint() for name in READERS}
    assert [name for name in READERS if before[name] == after[name]] == []
    assert [name for name in READERS if machine.reader(name).fingerprint() != after[name]] == []


def test_a_drive_that_comes_back_brings_its_games(machine):
    place = machine.folder("Games/Anno 1800")
    machine.keys = {rf"{INSTALLS}\4553": {"InstallDir": place}}
    reader = machine.reader("ubisoft")
    before = reader.fingerprint()
    assert len(reader.load().games) == 1
    assert reader.fingerprint() == before
    Path(place).rename(f"{place} elsewhere")
    assert reader.fingerprint() != before
    assert reader.load().games == ()
    Path(f"{place} elsewhere").rename(place)
    assert reader.fingerprint() != before
    assert len(reader.load().games) == 1


def test_a_registry_that_was_exported_elsewhere_is_taken_as_it_is(machine):
    fields = {"Publisher": "Electronic Arts", "DisplayName": "FIFA 21", "InstallLocation": "D:\\Games\\FIFA 21\\"}
    uid = {"UninstallString": "x --uid=hs_beta", "InstallLocation": "C:/Hearthstone", "DisplayName": "Hearthstone"}
    gta = {"UninstallString": "x -uninstall=gta5", "InstallLocation": "C:\\GTA V", "DisplayName": "Grand Theft Auto V"}
    machine.keys = {
        rf"{INSTALLS}\635": {"InstallDir": "C:/Program Files (x86)/Ubisoft/Ubisoft Game Launcher/games/Siege/"},
        rf"{UNINSTALL}\fifa": fields,
        rf"{UNINSTALL}\hs": uid | {"Publisher": "Blizzard Entertainment"},
        rf"{UNINSTALL}\gta": gta | {"Publisher": "Rockstar Games"},
        r"HKCU\System\GameConfigStore\Children\a": {"MatchedExeFullPath": "D:\\Games\\Doom\\bin\\doom.exe"},
    }
    siege = "C:\\Program Files (x86)\\Ubisoft\\Ubisoft Game Launcher\\games\\Siege"
    assert machine.games("ubisoft") == [("635", "Siege", siege)]
    assert machine.games("ea") == [("fifa 21", "FIFA 21", "D:\\Games\\FIFA 21")]
    assert machine.games("battlenet") == [("hs_beta", "Hearthstone", "C:\\Hearthstone")]
    assert machine.games("rockstar") == [("gta5", "Grand Theft Auto V", "C:\\GTA V")]
    assert [game.executables for game in machine.reader("windows").load().games] == [
        ("D:\\Games\\Doom\\bin\\doom.exe",)
    ]
