"""Small files beside a program: what stores and engines wrote there is read, whatever else lies there harms nobody."""

from __future__ import annotations

import gzip
import json

import pytest
from facts_samples import chain, make_pipe
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.facts.metadata import _BESIDE, FILES_LIMIT, MetadataSource, levels_of

GOG = {"gameId": "1207658924", "rootGameId": "1207658924", "name": "Unreal Tournament 2004"}
FILES = {
    # the file below the game's directory, its content, what it tells
    "goggame-1207658924.info": (json.dumps(GOG), {"gog": "Unreal Tournament 2004", "gog_id": "1207658924"}),
    "goggame-2.info": (json.dumps(GOG | {"gameId": "2", "name": "Soundtrack"}), {}),
    "gameinfo": ("Stardew Valley\n1.5.6\nen-US\n1453375253\n", {"gog": "Stardew Valley", "gog_id": "1453375253"}),
    "Gameinfo": ("one line", {}),
    "steam_appid.txt": ("620\n", {"steam_id": "620"}),
    "Steam_AppId.txt": ("480", {}),
    "MicrosoftGame.config": ('<ShellVisuals DefaultDisplayName="Ori &amp; Co" /></Game>', {"microsoft": "Ori & Co"}),
    "MicrosoftGame.Config": ('<ShellVisuals DefaultDisplayName="ms-resource:x"/>', {}),
    "AppxManifest.xml": ("<Properties><DisplayName>Forza</DisplayName></Properties>", {"microsoft": "Forza"}),
    "appxmanifest.xml": ("<DisplayName>ms-resource:AppName</DisplayName>", {}),
    "Hollow_Data/app.info": ("Team Cherry\nHollow Knight\n", {"unity": "Hollow Knight", "company": "Team Cherry"}),
    "Other_Data/app.info": ("", {}),
    ".egstore/ABC.mancpn": ('{"AppName": "Fortnite"}', {"epic_id": "Fortnite"}),
    "__Installer/installerdata.xml": (
        '<gameTitles><gameTitle locale="de_DE">Die Sims</gameTitle><gameTitle locale="en_US">The Sims</gameTitle>',
        {"ea": "The Sims"},
    ),
    "override.cfg": ('[application]\nconfig/name="Dome Keeper"', {"godot": "Dome Keeper"}),
    "project.godot": ('[a]\nx=1\n;c\n[application]\n\nconfig/name="Brotato"\nconfig/name=no', {"godot": "Brotato"}),
    "www/data/System.json": ('{"gameTitle": "To the Moon"}', {"rpg_maker": "To the Moon"}),
    "Game.ini": ("[Game]\nRTP=\nTitle=魔女の家\n".encode("cp932"), {"rpg_maker": "魔女の家"}),
    "RPG_RT.ini": ("[RPG_RT]\nGameTitle=Yume Nikki\nFullPackageFlag=1", {"rpg_maker": "Yume Nikki"}),
    "game/options.rpy": ('define config.name = _("Doki \\"Doki\\"")\n', {"renpy": 'Doki "Doki"'}),
    "options.rpy": ("    config.window_title = u'Katawa Shoujo'\n", {"renpy": "Katawa Shoujo"}),
    "Options.rpy": ("nothing", {}),
    "assets/options.ini": ('[Linux]\nDisplayName="Undertale"\n', {"gamemaker": "Undertale"}),
    "options.ini": ("[Windows]\nSleep=1", {}),
    "conf.lua": ('function love.conf(t)\n  t.window.title = "Mari0"\nend', {"love": "Mari0"}),
    "Conf.lua": ("return", {}),
    "package.json": ('{"name": "rmmz", "window": {"title": "Omori"}}', {"package_json": "Omori"}),
    "resources/app/package.json": ('{"name":"x","build":{"productName":"CrossCode"}}', {"package_json": "CrossCode"}),
    "Package.json": ("[" * 5000, {}),
    "PACKAGE.json": ('{"name": true, "build": 1}', {}),
    "Project.godot": ("[application]\nconfig/name=\"ÅÄÖ\"".encode("utf-16"), {"godot": "ÅÄÖ"}),
    "PROJECT.godot": (b'[application]\nconfig/name="caf\xe9"', {"godot": "café"}),
}  # fmt: skip


def source(home="/home/me"):
    return MetadataSource(lambda facts: [process.exe for process in facts.processes], home)


def told(exe, **options):
    return source(**options).gather(chain((str(exe),))).metadata


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_is_read(tmp_path, name):
    content, expected = FILES[name]
    path = tmp_path / "My Game" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert told(tmp_path / "My Game" / "game.exe") == expected


def test_itchs_receipt_is_unpacked_within_limits(tmp_path):
    game = tmp_path / "game"
    (game / ".itch").mkdir(parents=True)
    receipt = game / ".itch" / "receipt.json.gz"
    receipt.write_bytes(gzip.compress(b'{"game": {"id": 7, "title": "Celeste Classic"}}'))
    assert told(game / "x") == {"itch": "Celeste Classic", "itch_id": "7"}
    for content in (gzip.compress(b" " * 50_000_000), b"\x1f\x8bbroken", b"", gzip.compress(b'{"game": 1}')):
        receipt.write_bytes(content)
        assert told(game / "x") == {}


def test_the_innermost_directory_has_the_first_word(tmp_path):
    root = tmp_path / "Big Game"
    deep = root / "Project" / "Binaries" / "Win64"
    deep.mkdir(parents=True)
    (root / "steam_appid.txt").write_text("70")
    (deep / "steam_appid.txt").write_text("620")
    (root / "MicrosoftGame.config").write_text('DefaultDisplayName="Big Game"')
    assert told(deep / "Project-Win64-Shipping.exe") == {"steam_id": "620", "microsoft": "Big Game"}


def test_of_several_of_epics_files_none_is_believed(tmp_path):
    store = tmp_path / "game" / ".egstore"
    store.mkdir(parents=True)
    for name in "ab":
        (store / f"{name}.mancpn").write_text(f'{{"AppName": "{name}"}}')
    assert told(tmp_path / "game" / "x.exe") == {}


def test_shared_directories_are_left_alone(tmp_path):
    (tmp_path / "package.json").write_text('{"name": "mine"}')
    assert told(tmp_path / "x", home=str(tmp_path)) == {}
    assert told("game.exe") == {}
    assert list(levels_of("game.exe")) == []


def test_what_cannot_be_read_leaves_the_rest(tmp_path):
    game = tmp_path / "game"
    (game / "conf.lua").mkdir(parents=True)
    (game / "steam_appid.txt").symlink_to(game / "nowhere")
    make_pipe(game / "project.godot")
    (game / "package.json").write_text('{"name": "Fine"}')
    assert told(game / "x") == {"package_json": "Fine"}


def test_no_more_files_are_read_than_the_limit(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("gamedetectd.facts.metadata.read_regular", lambda path, _limit: opened.append(path) or b"")
    for level in ("game", "game/bin", "game/bin/x64"):
        (tmp_path / level).mkdir()
        for name in ("gameinfo", "steam_appid.txt", "conf.lua", "package.json", "game.ini", "options.ini"):
            (tmp_path / level / name).write_text("x")
        for number in range(8):
            (tmp_path / level / f"goggame-{number}.info").write_text("{}")
    assert told(tmp_path / "game" / "bin" / "x64" / "x") == {}
    assert len(opened) == FILES_LIMIT


READERS = [reader for _, reader in _BESIDE]


@given(st.sampled_from(READERS), st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode()))
def test_nothing_makes_a_reader_fail(reader, content):
    assert all(isinstance(text, str) and text for text in reader(content).values())
