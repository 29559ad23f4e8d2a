"""No reader of a store stumbles over a directory that the person may not look into: it is told, never raised."""

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from gamedetectd.domain import System
from gamedetectd.library.room import Library
from gamedetectd.library.stores import STORES
from gamedetectd.library.surroundings import Surroundings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="mode bits say nothing on Windows")

NOBODY = 65534
HOME = {
    "steam": (
        ".local/share/Steam/steamapps/libraryfolders.vdf",
        ".local/share/Steam/steamapps/common/Portal/portal.sh",
        ".local/share/Steam/config/libraryfolders.vdf",
        ".local/share/Steam/appcache/appinfo.vdf",
        ".local/share/Steam/userdata/12/config/shortcuts.vdf",
    ),
    "heroic": (".config/heroic/gog_store/installed.json", ".config/heroic/sideload_apps/library.json"),
    "legendary": (".config/legendary/installed.json",),
    "lutris": (".local/share/lutris/pga.db", ".config/lutris/games/a.yml"),
    "bottles": (".var/app/com.usebottles.bottles/data/bottles/bottles/Games/bottle.yml",),
    "itch": (".config/itch/db/butler.db",),
    "minecraft": (".minecraft/versions/1.21/1.21.json", ".local/share/PrismLauncher/instances/a/instance.cfg"),
    "wine": (".wine/system.reg", ".wine/user.reg", ".wine/dosdevices/c:/windows/x"),
    "desktop": (".local/share/applications/a.desktop", "disk/snap/a/b"),
    "flatpak": (".local/share/flatpak/app/org.a.B/current/active/export/share/applications/org.a.B.desktop",),
}
"""Files in which stores on Linux keep what they know; each holds a line that no store understands."""


@contextmanager
def somebody_else():
    """Root may look into everything: be nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def home():
    place = Path(tempfile.mkdtemp())
    yield place
    shutil.rmtree(place)


def directories(home, store):
    for file in HOME[store]:
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text("?\n")
    found = [Path(above) for above, _, _ in os.walk(home)]
    for place in found:
        os.chown(place, NOBODY if os.geteuid() == 0 else -1, -1)
    return found


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100], ids=["closed", "only its names", "only what one knows of"])
@pytest.mark.parametrize("store", sorted(HOME))
def test_a_directory_that_may_not_be_looked_into_stops_nobody(store, mode, home):
    places = directories(home, store)
    STORES[store](Surroundings(System.LINUX, home, {}, None, (home / "disk",))).load()  # imports all that it needs
    for place in places:
        place.chmod(mode)
        reader = STORES[store](Surroundings(System.LINUX, home, {}, None, (home / "disk",)))
        library = Library([reader])
        try:
            with somebody_else():
                reader.fingerprint()
                reader.roots()
                shelf = reader.load()
                library.refresh()
                library._folders()
        finally:
            place.chmod(0o700)
        assert all(problem.cause and problem.remedy for problem in shelf.problems)
