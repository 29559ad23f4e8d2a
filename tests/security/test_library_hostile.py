"""Whatever lies where a store's file should be, its reader says what is wrong and goes on with the rest."""

import json
import os
import plistlib
import shutil

import pytest
from registry_samples import exported, field, product

from gamedetectd.domain import System
from gamedetectd.library.stores import STORES
from gamedetectd.library.surroundings import Surroundings

DESKTOP = "[Desktop Entry]\nType=Application\nName=Game\nExec=game\nCategories=Game;\n"
WINE = "WINE REGISTRY Version 2\n;; All keys relative to REGISTRY\\\\Machine\n\n[Software\\\\EA Games\\\\A] 1\n"
FILES = {
    "ea": (
        System.WINDOWS,
        {
            "data/Origin/LocalContent/Sims/a.mfst": "?id=OFB-EAST:1&dipinstallpath={root}/disk/Origin Games/Sims",
            "disk/EA Games/Apex/__Installer/installerdata.xml": "<DiPManifest><contentID>1</contentID></DiPManifest>",
            "disk/Origin Games/Sims/game.exe": "",
        },
    ),
    "battlenet": (System.WINDOWS, {"data/Battle.net/Agent/product.db": product("s2", "s2", "C:\\S2") + field(5, b"")}),
    "riot": (
        System.WINDOWS,
        {
            "data/Riot Games/Metadata/valorant.live/valorant.live.product_settings.yaml": "product_install_full_path: "
            "{root}/disk/V",
            "disk/V/VALORANT.exe": "",
        },
    ),
    "xbox": (
        System.WINDOWS,
        {
            "disk/.GamingRoot": b"RGBX\1\0\0\0" + "XboxGames\0".encode("utf-16-le"),
            "disk/XboxGames/Halo/Content/MicrosoftGame.config": '<Game><Identity Name="M.H"/><ShellVisuals '
            'DefaultDisplayName="Halo"/><ExecutableList><Executable Name="h.exe"/></ExecutableList></Game>',
            "disk/XboxGames/Halo/Content/appxmanifest.xml": '<Package><Identity Name="M.H"/></Package>',
        },
    ),
    "minecraft": (
        System.LINUX,
        {
            "home/.minecraft/versions/1.20/1.20.jar": "",
            "home/.minecraft/launcher_profiles.json": json.dumps({"profiles": {"a": {"gameDir": "{root}/disk"}}}),
            "home/.local/share/PrismLauncher/prismlauncher.cfg": "InstanceDir=instances\n",
            "home/.local/share/PrismLauncher/instances/a/instance.cfg": "name=A\n",
            "home/curseforge/minecraft/Instances/B/minecraftinstance.json": '{"name": "B"}',
        },
    ),
    "flatpak": (
        System.LINUX,
        {
            "disk/var/lib/flatpak/app/org.a.Game/current/active/export/share/applications/org.a.Game.desktop": DESKTOP,
            "disk/var/lib/flatpak/app/org.a.Game/current/active/metadata": "[Application]\ncommand=game\n",
            "disk/var/lib/flatpak/app/org.b.Game/current/active/files/share/metainfo/org.b.Game.metainfo.xml": ""
            "<component><name>B</name><categories><category>Game</category></categories></component>",
        },
    ),
    "desktop": (
        System.LINUX,
        {"disk/usr/share/applications/game.desktop": DESKTOP, "disk/usr/games/game": "#!/bin/sh\n"},
    ),
    "mac": (
        System.MACOS,
        {
            "disk/Applications/A.app/Contents/Info.plist": plistlib.dumps(
                {"CFBundleName": "A", "LSApplicationCategoryType": "public.app-category.games"}
            ),
            "disk/Applications/B.app/Wrapper/C.app/Info.plist": plistlib.dumps({"CFBundleName": "B"}),
            "disk/Applications/B.app/Wrapper/iTunesMetadata.plist": plistlib.dumps({"genreId": 6014}),
        },
    ),
    "wine": (
        System.LINUX,
        {
            "home/.wine/system.reg": WINE + '"Install Dir"="C:\\\\EA Games\\\\A"\n',
            "home/.wine/dosdevices/c:/EA Games/A/a.exe": "",
            "home/.wine/drive_c/ProgramData/Battle.net/Agent/product.db": product("s2", "s2", "C:\\S2"),
        },
    ),
}
CASES = [(store, file) for store, (_, files) in FILES.items() for file in files]


def plant(root, store):
    system, files = FILES[store]
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.replace("{root}", root.as_posix()).encode()
        path.write_bytes(data)
    registry = exported(root / "registry", {}) if system is System.WINDOWS else None
    return STORES[store](
        Surroundings(system, root / "home", {"PROGRAMDATA": str(root / "data")}, registry, (root / "disk",))
    )


def nothing(path):
    path.write_bytes(b"")


def zeros(path):
    path.write_bytes(b"\0" * 4096)


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def noise(path):
    path.write_bytes(bytes(range(256)) * 64)


def brackets(path):
    path.write_bytes(b"<a>[{(" * 50_000)


def huge(path):
    with path.open("r+b") as file:
        file.truncate(3_000_000_000)


def directory(path):
    path.unlink()
    path.mkdir()


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def circle(path):
    path.unlink()
    path.symlink_to(path.name)


def device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


def file_for_directory(path):
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"x")


def odd_names(path):
    for name in (b"\xff\xfe\n", b"a" * 250, b"-rf", b" ", b"\x1b[2J", b"..x"):
        beside = path.parent / os.fsdecode(name)
        beside.mkdir()
        shutil.copy(path, beside)
        beside.with_name(beside.name + ".app").touch()


HARM = [nothing, zeros, half, noise, brackets, huge, directory, pipe, circle, device, file_for_directory, odd_names]


@pytest.mark.parametrize("store", FILES)
def test_the_sound_tree_is_read(store, tmp_path):
    shelf = plant(tmp_path, store).load()
    assert shelf.problems == ()
    assert bool(shelf.games) or store == "battlenet"


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize(("store", "file"), CASES, ids=[f"{store}-{file.rpartition('/')[2]}" for store, file in CASES])
def test_no_file_breaks_its_reader(store, file, harm, tmp_path):
    reader = plant(tmp_path, store)
    harm(tmp_path / file)
    shelf = reader.load()
    hash(reader.fingerprint())
    reader.roots()
    assert bool(shelf.games) or shelf.nothing.endswith(".")
    for game in shelf.games:
        assert f"{game.id}{game.title}".isprintable()
    for problem in shelf.problems:
        assert problem.place
        assert problem.cause.endswith((".", "\u2026")), problem
        assert problem.remedy.endswith("."), problem
