"""A real Wine prefix: its registry read from the files Wine keeps, and the stores' games in it."""

import os
import subprocess

import pytest
from real_programs import find_program
from registry_samples import as_reg, product

from gamedetectd.domain import System
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.wine_prefixes import WineReader
from gamedetectd.platforms.registry.exported import parse
from gamedetectd.platforms.registry.files import ExportedRegistry

pytestmark = pytest.mark.desktop

ODD = {
    "": "the default",
    "Quoted": 'a "b" \\c\\',
    "Far": "König ゼルダ 😂 \u2605f",
    "Lines": "one\ttab",
    "Number": 0xFFFFFFFF,
    "Bytes": bytes(range(256)),
    "[odd]=name": "x",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home directory with a prefix in it, into which regedit has brought some keys."""
    find_program("wine")
    find_program("wineserver")
    home = tmp_path_factory.mktemp("home")
    imported = home / "import.reg"
    keys = {
        "HKLM\\Software\\Odd[1]\\K\u00f6nig": ODD,
        "HKCU\\Software\\Mine": {"a": "b"},
        "HKLM\\Software\\Wow6432Node\\Ubisoft\\Launcher\\Installs\\4553": {"InstallDir": "C:/Games/Anno 1800/"},
    }
    imported.write_bytes(b"\xff\xfe" + as_reg(keys).encode("utf-16-le"))
    environment = os.environ | {
        "HOME": str(home),
        "WINEPREFIX": str(home / ".wine"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=d",
        "DISPLAY": "",
    }

    def run(*command, check=True):
        subprocess.run(command, env=environment, check=check, timeout=100, capture_output=True)

    def seen(path):
        return "Z:" + str(path).replace("/", "\\")

    bring = f"regedit /S {seen(imported)}"
    export = f"regedit /E {seen(home / 'export.reg')} HKEY_LOCAL_MACHINE\\Software\\Odd[1]"
    try:
        run("wine", "cmd", "/c", f"{bring} & {export}")
        run("wineserver", "-w")  # it writes the registry when the last program is gone
        yield home
    finally:
        run("wineserver", "-k", check=False)


def test_wines_own_files_say_what_regedit_brought_in(home):
    registry = ExportedRegistry([home / ".wine" / "system.reg", home / ".wine" / "user.reg"])
    assert dict(registry.values("HKLM\\Software\\Odd[1]\\K\u00f6nig")) == ODD
    assert dict(registry.values("HKCU\\Software\\Mine")) == {"a": "b"}
    assert "Microsoft" in registry.keys("HKLM\\Software")
    assert registry.problems == ()


def test_what_wines_regedit_exports_says_the_same(home):
    exported = parse((home / "export.reg").read_bytes())
    assert dict(exported.values("HKLM\\Software\\Odd[1]\\K\u00f6nig")) == ODD


def test_stores_in_it_are_found(home):
    place = home / ".wine/drive_c/Games/Anno 1800"
    place.mkdir(parents=True)
    (home / ".wine/drive_c/Program Files (x86)/Hearthstone").mkdir()
    database = home / ".wine/drive_c/ProgramData/Battle.net/Agent/product.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(product("hs_beta", "hsb", "C:\\Program Files (x86)\\Hearthstone"))
    shelf = WineReader(Surroundings(System.LINUX, home)).load()
    assert shelf.problems == ()
    assert [(game.store, game.title, game.install_dir) for game in shelf.games] == [
        ("battlenet", "Hearthstone", str(home / ".wine/drive_c/Program Files (x86)/Hearthstone")),
        ("ubisoft", "Anno 1800", str(place)),
    ]
