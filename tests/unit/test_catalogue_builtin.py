"""The games that come with the program: each row is well formed and confirmed where it says so; no name has two owners.

``-s`` prints how far Discord's list agrees and where it calls a program by another game's name.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from gamedetectd.catalogue.builtin import load_builtin, read_table
from gamedetectd.catalogue.rows import folded, launch_path
from gamedetectd.detection import paths
from gamedetectd.detection.tables.known import COMMON_WORDS, KNOWN
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import squeezed
from gamedetectd.domain import KnownGame, Launch, System

GAMES = load_builtin()
COLUMNS = [columns for _, columns in read_table()]
SOURCES = [columns[4].split() for columns in COLUMNS]
DETECTABLE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "detectable" / "detectable-2022-11.json"
KINDS = {"discord", "arrpc", "ludusavi", "ananicy", "mesa", "github"}
KINDS_OF = {"debian", "wiki", "publisher", "steam"}
STORES = ["steam", "epic", "gog", "ubisoft", "battlenet", "riot", "xbox", "minecraft", "name"]

GENERIC = names(
    """
    game client launcher engine main start app application player play run setup server editor tool tools config steam
    dosbox scummvm java javaw nw love udk hl hl2 hl2_linux hl2_osx hl_linux rpg_rt unity unityplayer ue4game ue5game
    default program project prog detect custom test demo release shipping bin data system lms everything oni fm at ds
    control chess solitaire runner emulator browser update helper service golf ride victory castle
    """
)
"""Names that any program could bear, so that no game owns them."""

RETITLED: Mapping[str, Mapping[str, str]] = {
    "It was renamed since, or its store tells the edition by the year.": {
        "Age of Conan: Unchained": "Age of Conan",
        "Age of Empires II (2013)": "Age of Empires II: HD Edition",
        "Age of Empires III (2007)": "Age of Empires III: Complete Collection",
        "Aimlabs": "Aim Lab",
        "Aion": "AION Free-to-Play",
        "Black Desert": "Black Desert Online",
        "Call of Duty 4: Modern Warfare (2007)": "Call of Duty 4: Modern Warfare",
        "Call of Duty: Modern Warfare 2 (2009)": "Call of Duty: Modern Warfare 2",
        "Call of Duty: Modern Warfare 3 (2011)": "Call of Duty: Modern Warfare 3",
        "CRSED": "Cuisine Royale",
        "Dead Space (2008)": "Dead Space",
        "Hunt: Showdown 1896": "Hunt: Showdown",
        "Layers of Fear (2016)": "Layers of Fear",
        "LISA: The Painful": "LISA",
        "Lords of the Fallen (2014)": "Lords Of The Fallen",
        "Marvel Heroes Omega": "Marvel Heroes 2016",
        "Mass Effect (2007)": "Mass Effect",
        "Mass Effect 2 (2010)": "Mass Effect 2",
        "Mass Effect 3 (2012)": "Mass Effect 3",
        "MudRunner": "Spintires: MudRunner",
        "New World: Aeternum": "New World",
        "Phantasy Star Online 2: New Genesis": "PHANTASY STAR ONLINE 2",
        "PUBG: BATTLEGROUNDS": "PLAYERUNKNOWN'S BATTLEGROUNDS",
        "Red Orchestra 2: Heroes of Stalingrad with Rising Storm": "Rising Storm/Red Orchestra 2 Multiplayer",
        "Resident Evil 4 (2005)": "resident evil 4 / biohazard 4",
        "Train Simulator Classic": "Train Simulator",
        "Wreckfest": "Next Car Game: Wreckfest",
        "Victoria: An Empire Under the Sun": "Victoria I",
    },
    "People name the game and not the edition.": {
        "Batman: Arkham Asylum": "Batman: Arkham Asylum GOTY Edition",
        "RollerCoaster Tycoon": "RollerCoaster Tycoon: Deluxe",
        "SimCity 4": "SimCity 4 Deluxe",
        "Warhammer 40,000: Dawn of War": "Warhammer 40,000: Dawn of War - Game of the Year Edition",
    },
    "Discord leaves a part of the title out, or adds the one of another country.": {
        "Dragon Quest X Online": "ドラゴンクエストＸ　いにしえの竜の伝承　オンライン",
        "GRIP: Combat Racing": "GRIP",
        "OKAMI HD": "OKAMI HD / 大神 絶景版",
        "Quake III Arena": "Quake III",
        "Resident Evil": "Resident Evil / biohazard HD REMASTER",
        "Resident Evil 7 Biohazard": "RESIDENT EVIL 7 biohazard / BIOHAZARD 7 resident evil",
        "State of Decay: Year One Survival Edition": "State of Decay: Year-One",
        "Tom Clancy's Ghost Recon Breakpoint": "Ghost Recon Breakpoint",
    },
    "Discord writes it otherwise.": {
        "STAR WARS Battlefront II": "Star Wars: Battlefront 2 (Classic, 2005)",
        "The LEGO NINJAGO Movie Video Game": "fin-dev",
        "Total War: ROME II": "Total War: Rome 2",
    },
}
"""Titles that are not Discord's, by the reason."""

RESOLVED: Mapping[str, str] = {
    "bioshock.exe": "Remastered runs BioshockHD.exe; the name is the first edition's, and none owns it.",
    "cosmic.exe": "Two games; the directory tells them apart, and CosmicBreak is the one without a store.",
    "crossfire.exe": "Its Brazilian edition is the same game.",
    "daorigins.exe": "Ultimate Edition is the same game with its additions.",
    "dontstarve.exe": "Together lists the single game's program too, but runs dontstarve_steam_x64.exe by now.",
    "enlisted.exe": "CRSED ran under Enlisted's name for a time; the directory tells them apart.",
    "evolve.exe": "Stage 2 replaced Evolve under the same number.",
    "ffxv_s.exe": "The demo is the same game's.",
    "guildii.exe": "Additions that run the same program; only a directory could tell them apart.",
    "kingdom.exe": "New Lands is the later game of the same name; the directory tells them apart.",
    "maniaplanet.exe": "The platform that Stadium and Canyon run on; their directories tell them apart.",
    "marvelheroes2015.exe": "Named anew each year.",
    "marvelheroesomega.exe": "Named anew each year.",
    "memoria.exe": "Two games; the other's own program is HoshiMemo.exe, so none owns the name.",
    "openrct2.exe": "A game of its own that plays RollerCoaster Tycoon 2's data.",
    "secretworldlegends.exe": "The Secret World was replaced by it.",
    "secretworldlegendsdx11.exe": "The Secret World was replaced by it.",
    "shadowrun.exe": "The game of 2007 has the same name; none owns it.",
    "stronghold crusader.exe": "Extreme is installed with it and has the same program in a directory of its own.",
    "t6sp.exe": "Discord's error: T6 is Black Ops II, the first Black Ops is BlackOps.exe.",
    "thedivision.exe": "The trial is the same game.",
    "tmforever.exe": "The free and the paid game on one program; the directory tells them apart.",
}
"""Programs that Discord calls by another title as well, with why ours may stand."""

WORDS_OF_THEIR_OWN: Mapping[str, str] = {
    "terraria.exe": "The plural of a glass box for plants, which no other program is called.",
}
"""Exclusive names that a dictionary has, with why they may be exclusive all the same."""


class App(NamedTuple):
    """An entry of Discord's list: its title, everything it is also called, and its programs' file names."""

    title: str
    titles: frozenset[str]
    names: frozenset[str]


def plain(title: str) -> str:
    return squeezed(re.sub(r"^the ", "", title.strip(), flags=re.IGNORECASE))


def base(launch: Launch) -> str:
    """The file name; of a macOS application the bundle's, as Discord has it."""
    bundle = re.search(r"([^/]+\.app)/contents/macos/", launch.path)
    return bundle[1] if bundle else launch.path.rpartition("/")[2]


@pytest.fixture(scope="module")
def apps() -> list[App]:
    if not DETECTABLE.exists():
        pytest.skip(f"Discord's list is not at {DETECTABLE}, so nothing can be compared with it.")
    entries = json.loads(DETECTABLE.read_text(encoding="utf-8"))
    return [
        App(
            entry["name"],
            frozenset(map(plain, (entry["name"], *(entry.get("aliases") or ())))),
            frozenset(
                program["name"].lower().strip(' "').lstrip(">/").strip().rpartition("/")[2]
                for program in entry.get("executables", ())
            ),
        )
        for entry in entries
    ]


def theirs() -> Mapping[str, set[str]]:
    """What a title of ours may be called by Discord, besides itself."""
    also: dict[str, set[str]] = defaultdict(set)
    for pairs in RETITLED.values():
        for ours, discords in pairs.items():
            also[ours].add(plain(discords))
    return also


def launches() -> Iterator[tuple[KnownGame, Launch]]:
    for game in GAMES:
        for launch in game.launches:
            yield game, launch


# --- form -------------------------------------------------------------------------------------------------------------


def test_there_are_many_confirmed_rows():
    confirmed = [found for found in SOURCES if found != ["-"]]
    by_kind = Counter(source.partition(":")[0] for found in confirmed for source in found)
    print(f"\n{len(confirmed)} of {len(GAMES)} rows are confirmed: {dict(by_kind)}")
    assert len(confirmed) >= 3_500


def test_every_source_is_of_a_known_kind():
    for columns, found in zip(COLUMNS, SOURCES, strict=True):
        assert found, columns
        for source in found:
            kind, _, of = source.partition(":")
            assert source in KINDS or (kind in KINDS_OF and of) or found == ["-"], columns


@pytest.mark.parametrize("letter", sorted({game.title[0].upper() for game in GAMES}))
def test_every_row_is_well_formed(letter):
    for game in GAMES:
        if game.title[0].upper() != letter:
            continue
        assert not re.search(r"[™®\t]|\s\s|^\s|\s$", game.title), game
        assert game.launches or game.directories, game
        for directory in game.directories:
            assert directory == folded(directory).strip(), game
            assert re.fullmatch(r"[^\\/:]+", directory), game
        for launch in game.launches:
            assert launch.path == launch_path(launch.path), game
            assert launch.argument == launch.argument.strip(), game
            assert not (launch.launcher and launch.exclusive), game
            assert launch.path.endswith(".exe") <= (launch.systems == (System.WINDOWS,)), game
        assert len(set(game.launches)) == len(game.launches), game


def test_ids_are_of_stores_and_belong_to_one_game():
    ids = [ident for game in GAMES for ident in (game.id, *game.also)]
    assert not [ident for ident, number in Counter(ids).items() if number > 1]
    for game in GAMES:
        for ident in (game.id, *game.also):
            store, _, number = ident.partition(":")
            assert store in STORES, game
            assert number, game
            assert store != "steam" or number.isdigit(), game
        assert not game.also or not game.id.startswith("name:"), game


def test_no_game_of_the_table_is_taken_for_software():
    for game in GAMES:
        for ident in (game.id, *game.also):
            store, _, number = ident.partition(":")
            assert not is_software(store, number, game.title), game


def test_the_table_is_in_the_order_of_titles():
    """So that a row is found, and a second one of the same game is seen."""
    order = [squeezed(re.sub(r"^(the|a) ", "", game.title.lower())) for game in GAMES]
    assert order == sorted(order)
    assert max(Counter(order).values()) <= 2


# --- names that are exclusive -----------------------------------------------------------------------------------------


def test_an_exclusive_name_is_claimed_once():
    claimed = defaultdict(set)
    for game, launch in launches():
        claimed[launch.path.rpartition("/")[2], launch.argument].add(game.id)
    for game, launch in launches():
        if launch.exclusive:
            name = launch.path.rpartition("/")[2]
            assert claimed[name, launch.argument] == {game.id}, (game, claimed[name, launch.argument])
            assert launch.argument or not any(key[0] == name and key[1] for key in claimed), game


def test_an_exclusive_name_is_no_other_programs():
    for game, launch in launches():
        if not launch.exclusive or launch.argument:
            continue
        name = launch.path.rpartition("/")[2]
        stem, key = paths.stem(name), paths.key(name)
        assert key not in KNOWN, game
        assert key not in COMMON_WORDS, game
        assert not {stem, key} & GENERIC, game
        assert len(stem) >= 3, game


def test_an_exclusive_name_needs_a_confirmed_row():
    for game, found in zip(GAMES, SOURCES, strict=True):
        assert found != ["-"] or not any(launch.exclusive for launch in game.launches), game


def test_an_exclusive_name_is_no_word():
    words = Path("/usr/share/dict/words")
    if not words.exists():
        pytest.skip("No list of words is installed here (Debian: wamerican).")
    known = {word.strip().lower() for word in words.read_text(encoding="utf-8").splitlines()}
    for game, launch in launches():
        name = launch.path.rpartition("/")[2]
        if launch.exclusive and not launch.argument and paths.stem(name) in known:
            assert name in WORDS_OF_THEIR_OWN, game


def test_an_exclusive_name_is_no_command_of_this_machine():
    commands = Path("/usr/bin")
    if not commands.is_dir():
        pytest.skip("There is no /usr/bin here.")
    installed = {command.name.lower() for command in commands.iterdir()}
    for game, found in zip(GAMES, SOURCES, strict=True):
        if any(source.startswith("debian:") for source in found):
            continue
        for launch in game.launches:
            if launch.exclusive and not launch.argument:
                assert paths.stem(launch.path.rpartition("/")[2]) not in installed, game


# --- Discord ----------------------------------------------------------------------------------------------------------


def test_rows_that_discord_confirms_agree_with_it(apps):
    also = theirs()
    agreeing = 0
    for game, found in zip(GAMES, SOURCES, strict=True):
        if "discord" not in found:
            continue
        names = {base(launch) for launch in game.launches} | {
            launch.path.rpartition("/")[2] for launch in game.launches
        }
        called = {plain(game.title), *also.get(game.title, ())}
        assert any(app.names & names and app.titles & called for app in apps), game
        agreeing += 1
    print(f"\n{agreeing} rows agree with Discord's list in title and program")
    assert agreeing >= 1_200


def test_every_conflict_with_discord_is_resolved(apps):
    also = theirs()
    ours: dict[str, set[str]] = defaultdict(set)
    for game, launch in launches():
        ours[launch.path].update((plain(game.title), *also.get(game.title, ())))
    conflicts: dict[str, set[str]] = defaultdict(set)
    for game, launch in launches():
        if "/" in launch.path or launch.argument or launch.launcher:
            continue
        for app in apps:
            if launch.path in app.names and not app.titles & ours[launch.path]:
                conflicts[launch.path].add(f"{game.title} is {app.title} to Discord")
    for name, said in sorted(conflicts.items()):
        print(f"\n{name}: {'; '.join(sorted(said))}. {RESOLVED.get(name, 'UNRESOLVED')}")
    assert conflicts.keys() == RESOLVED.keys()


def test_retitled_rows_are_still_there():
    titles = {game.title for game in GAMES}
    assert not [ours for pairs in RETITLED.values() for ours in pairs if ours not in titles]


# --- what others get wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["lms.exe", "everything.exe", "game.exe", "client.exe", "launcher.exe", "oni.exe", "hl2.exe"]
)
def test_names_that_many_programs_bear_are_nobodys(name):
    for game, launch in launches():
        if launch.path.rpartition("/")[2] == name:
            assert not launch.exclusive, game
            assert "/" in launch.path or launch.argument or launch.launcher, game


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("discovery-d.exe", "THE FINALS"),
        ("minecraft.windows.exe", "Minecraft"),
        ("robloxplayerbeta.exe", "Roblox"),
        ("valorant-win64-shipping.exe", "VALORANT"),
        ("yuanshen.exe", "Genshin Impact"),
        ("pyrogenesis", "0 A.D."),
        ("cs2", "Counter-Strike 2"),
    ],
)
def test_giants_are_known_by_their_program(name, title):
    assert {game.title for game, launch in launches() if launch.path == name and launch.exclusive} == {title}


def test_a_table_that_is_not_as_its_head_says_is_refused(monkeypatch, tmp_path):
    table = tmp_path / "games.tsv"
    monkeypatch.setattr("gamedetectd.catalogue.builtin.TABLE", table)
    table.write_text("# head\nTitle\tname:title\twin>title.exe\t\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 2 of games\.tsv has 4 columns"):
        load_builtin()
    table.write_text("Title\tname:title\tamiga>title\t\t-\n", encoding="utf-8")
    with pytest.raises(ValueError, match="names no system of ours: 'amiga'"):
        load_builtin()
