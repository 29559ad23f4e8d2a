"""Lutris' games: from real databases and files, while Lutris writes them, and where either half is missing."""

import json
import shutil
import sqlite3
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_homes import complaints, database, fixture, lay_out, linux, programs, told, windows, write

from gamedetectd.detection.tables.platforms import ENDINGS
from gamedetectd.library import databases, lutris_config
from gamedetectd.library.files import UnreadableError, parse_yaml
from gamedetectd.library.lutris import LutrisReader
from gamedetectd.library.lutris_config import GameConfig, parse_config

DATA = "heroic-legendary-lutris"
HOME = ".local/share/lutris"


def lutris(tmp_path):
    return LutrisReader(linux(tmp_path)).load()


def game(name, **more):
    row = {
        "name": name, "slug": name.lower().replace(" ", "-"), "runner": "linux", "platform": "Linux", "directory": "",
        "configpath": "", "installed": 1, "service": None, "service_id": None,
    }  # fmt: skip
    return {**row, **more}


def one(tmp_path, yml="", **row):
    """The only game of a Lutris, with its file."""
    database(tmp_path / HOME / "pga.db", {"games": [game("A Game", configpath="a-game-1", **row)]})
    if yml:
        write(tmp_path / HOME / "games/a-game-1.yml", yml)
    shelf = lutris(tmp_path)
    assert len(shelf.games) == 1, shelf
    return shelf.games[0]


# --- real files -------------------------------------------------------------------------------------------------------

TWO = [
    ("lutris", "windows-game-1", "Windows Game 1", "/home/deck/Games/service/windows-game/drive_c/game"),
    ("lutris", "windows-game-2", "Windows Game 2", "/home/deck/Games/service"),
]


@pytest.mark.parametrize(
    ("layout", "games"),
    [
        ({"lutris-merged": HOME}, TWO),
        ({"lutris-split/data": HOME, "lutris-split/config": ".config/lutris"}, TWO),
        (
            {
                "lutris-split/data": ".var/app/net.lutris.Lutris/data/lutris",
                "lutris-split/config": ".var/app/net.lutris.Lutris/config/lutris",
            },
            TWO,
        ),
        (
            {"lutris-db": HOME},
            [("lutris", "windows-game", "Windows Game", "/home/deck/Games/service/windows-game")],
        ),
        (
            {"lutris-spec": HOME},
            [("lutris", "windows-game", "Windows Game", "/home/deck/Games/service/windows-game/drive_c/game")],
        ),
        ({"lutris-spec": ".config/lutris", "lutris-merged": HOME}, TWO),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_real_directories_are_read_as_a_person_would(tmp_path, layout, games):
    for source, target in layout.items():
        lay_out(f"{DATA}/{source}", tmp_path / target)
    shelf = lutris(tmp_path)
    assert told(shelf) == games
    assert shelf.problems == ()


def test_the_programs_are_where_the_files_say(tmp_path):
    lay_out(f"{DATA}/lutris-merged", tmp_path / HOME)
    assert programs(lutris(tmp_path)) == {
        "Windows Game 1": ["/home/deck/Games/service/windows-game/drive_c/game/YookaLaylee64.exe"],
        "Windows Game 2": ["/home/deck/Games/service/game.exe"],
    }


# --- what is what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "also"),
    [
        ({"service": "gog", "service_id": "1207658924"}, ("gog:1207658924",)),
        ({"service": "egs", "service_id": "Sugar"}, ("epic:Sugar",)),
        ({"service": "steam", "service_id": 620}, ("steam:620",)),
        ({"service": "humblebundle", "service_id": "thing"}, ("humble:thing",)),
        ({"service": "amazon", "service_id": "amzn1.adg.product.1"}, ("amazon:amzn1.adg.product.1",)),
        ({"service": "itchio", "service_id": "77"}, ("itch:77",)),
        ({"service": "somewhere", "service_id": "1"}, ()),
        ({"service": "gog", "service_id": None}, ()),
    ],
)
def test_the_store_it_came_from_knows_it_too(tmp_path, row, also):
    assert one(tmp_path, **row).also == also


def test_games_of_steam_and_flatpak_bear_their_ids(tmp_path):
    assert one(tmp_path, "game:\n  appid: '620'\n", runner="steam").also == ("steam:620",)
    shutil.rmtree(tmp_path / HOME)
    assert one(tmp_path, "game:\n  appid: org.a.Game\n", runner="flatpak").also == ("flatpak:org.a.Game",)


@pytest.mark.parametrize(
    ("runner", "machine", "platform"),
    [
        ("mupen64plus", "Nintendo 64", "Nintendo 64"),
        ("libretro", "Sony PlayStation", "PlayStation"),
        ("libretro", "Nintendo SNES", "SNES"),
        ("libretro", "Vectrex", "Vectrex"),
        ("dolphin", "Nintendo GameCube", "GameCube"),
        ("snes9x", "", "SNES"),
        ("pcsx2", None, "PlayStation 2"),
        ("wine", "Windows", ""),
        ("linux", "Linux", ""),
        ("scummvm", "Linux", ""),
    ],
)
def test_content_of_emulators_has_a_platform(tmp_path, runner, machine, platform):
    found = one(tmp_path, "game:\n  main_file: /roms/n64/A Game (USA).z64\n", runner=runner, platform=machine)
    assert found.platform == platform
    assert found.executables == ("/roms/n64/A Game (USA).z64",)


def test_machines_are_called_as_the_emulators_of_detection_call_them():
    called = {*lutris_config._RUNNERS.values(), *lutris_config._MACHINES.values()} - {""}
    assert called <= set(ENDINGS)


def test_a_directory_of_roms_is_no_games_own(tmp_path):
    assert (
        one(tmp_path, "game: {main_file: /data/n64/a.z64}", runner="mupen64plus", directory="/data/n64").install_dir
        == ""
    )


@pytest.mark.parametrize(
    ("row", "yml", "directory", "program"),
    [
        # Linux: the directory Lutris made, else where it works, else where the program lies
        ({"directory": "/g/tux"}, "exe: /g/tux/bin/tux", "/g/tux", "/g/tux/bin/tux"),
        ({"directory": "/g/tux"}, "exe: bin/tux", "/g/tux", "/g/tux/bin/tux"),
        ({}, "exe: /g/tux/bin/tux\n  working_dir: /g/tux", "/g/tux", "/g/tux/bin/tux"),
        ({}, "exe: /g/tux/bin/tux\n  working_dir: /elsewhere", "/g/tux", "/g/tux/bin/tux"),
        ({}, "exe: /g/tux/bin64/tux", "/g/tux", "/g/tux/bin64/tux"),
        ({}, "exe: /usr/games/tux", "", "/usr/games/tux"),
        # Wine: Lutris' directory is the prefix, the game lies inside
        (
            {"runner": "wine", "directory": "/g/p"},
            "exe: drive_c/GOG Games/X/x.exe\n  prefix: /g/p",
            "/g/p/drive_c/GOG Games/X",
            "/g/p/drive_c/GOG Games/X/x.exe",
        ),
        (
            {"runner": "wine", "directory": "/g/p"},
            "exe: 'C:\\Games\\X\\Binaries\\Win64\\x.exe'\n  prefix: /g/p",
            "/g/p/drive_c/Games/X",
            "/g/p/drive_c/Games/X/Binaries/Win64/x.exe",
        ),
        (
            {"runner": "wine"},
            "exe: /g/p/drive_c/X/x.exe\n  prefix: /g/p\n  working_dir: /g/p",
            "/g/p/drive_c/X",
            "/g/p/drive_c/X/x.exe",
        ),
        ({"runner": "wine", "directory": "/g/p"}, "exe: /g/p/drive_c/x.exe", "/g/p", "/g/p/drive_c/x.exe"),
        (
            {"runner": "wine"},
            "exe: /g/p/drive_c/GOG Games/Keen/DOSBOX/DOSBox.exe",
            "/g/p/drive_c/GOG Games/Keen",
            "/g/p/drive_c/GOG Games/Keen/DOSBOX/DOSBox.exe",
        ),
        # engines
        ({"runner": "scummvm"}, "game_id: ft\n  path: /g/throttle", "/g/throttle", ""),
        ({"runner": "dosbox"}, "main_file: /g/keen/KEEN.EXE", "/g/keen", "/g/keen/KEEN.EXE"),
        ({"runner": "web"}, "main_file: https://example.com/game", "", ""),
        ({}, "exe: relative/only", "", ""),
        ({}, "", "", ""),
    ],
)
def test_the_directory_is_the_games_own(tmp_path, row, yml, directory, program):
    found = one(tmp_path, f"game:\n  {yml}\n" if yml else "", **row)
    assert (found.install_dir, found.executables) == (directory, (program,) if program else ())


EPIC = "/g/epic/drive_c/Program Files (x86)/Epic Games/Launcher/Portal/Binaries/Win64/EpicGamesLauncher.exe"
UBISOFT = "/g/ubi/drive_c/Program Files (x86)/Ubisoft/Ubisoft Game Launcher/UbisoftConnect.exe"


def test_games_that_a_stores_client_starts_have_no_directory_of_their_own(tmp_path):
    rows = [
        game("Alan Wake", runner="wine", directory="/g/epic", configpath="a", service="egs", service_id="Heron"),
        game("Celeste", runner="wine", directory="/g/epic", configpath="b", service="egs", service_id="Salt"),
        game("Far Cry", runner="wine", directory="/g/ubi", configpath="c", service="ubisoft", service_id="46"),
        game("Rayman", runner="wine", directory="/g/ubi", service="ubisoft", service_id="5e6b-77"),
    ]
    database(tmp_path / HOME / "pga.db", {"games": rows})
    for name, exe in {"a": EPIC, "b": EPIC, "c": UBISOFT}.items():
        write(tmp_path / HOME / f"games/{name}.yml", f"game:\n  args: -com.epicgames.launcher://x\n  exe: {exe}\n")
    shelf = lutris(tmp_path)
    assert [(found.title, found.install_dir, found.executables, found.also) for found in shelf.games] == [
        ("Alan Wake", "", (), ("epic:Heron",)),
        ("Celeste", "", (), ("epic:Salt",)),
        ("Far Cry", "", (), ("ubisoft:46",)),
        ("Rayman", "", (), ()),
    ]


@pytest.mark.parametrize(
    ("exe", "args", "directory", "program"),
    [
        (
            "/usr/bin/retroarch",
            "-L /c/snes9x_libretro.so '/roms/Chrono Trigger (USA).sfc'",
            "",
            "/roms/Chrono Trigger (USA).sfc",
        ),
        ("/home/ann/apps/pcsx2/PCSX2.AppImage", "-fullscreen /roms/ico.iso", "", "/roms/ico.iso"),
        ("/usr/bin/python3", "/opt/tales/tales.py", "", "/opt/tales/tales.py"),
        ("/usr/bin/retroarch", "'unclosed", "", ""),
        ("/usr/bin/flatpak", "run org.a.Game", "", ""),
        ("/g/old/dosbox/dosbox", "-conf /g/old/x.conf", "/g/old/dosbox", "/g/old/dosbox/dosbox"),
        ("/g/crosscode/nw", "", "/g/crosscode", "/g/crosscode/nw"),
    ],
)
def test_what_an_emulator_or_interpreter_is_given_is_the_game(tmp_path, exe, args, directory, program):
    found = one(tmp_path, json.dumps({"game": {"exe": exe, "args": args}}))
    assert (found.install_dir, found.executables) == (directory, (program,) if program else ())


def test_a_path_below_the_home_and_one_on_another_drive_of_wines_are_found(tmp_path):
    assert one(tmp_path, "game:\n  exe: ~/tux/tux\n").install_dir == f"{tmp_path}/tux"
    shutil.rmtree(tmp_path / HOME)
    (tmp_path / "p" / "dosdevices").mkdir(parents=True)
    (tmp_path / "p" / "dosdevices" / "d:").symlink_to(tmp_path / "disk")
    found = one(tmp_path, f"game:\n  exe: 'D:\\X\\x.exe'\n  prefix: {tmp_path}/p\n", runner="wine")
    assert (found.install_dir, found.executables) == (f"{tmp_path}/disk/X", (f"{tmp_path}/disk/X/x.exe",))


def test_what_is_not_installed_or_no_game_is_not_listed(tmp_path):
    rows = [
        game("Installed"),
        game("Not Installed", installed=0),
        game("Battle.net", runner="wine"),
        game("RetroArch"),
        game("Fuse", service="gog", service_id="1"),
        game(""),
        game("Unsaid", installed=None),
        game("Ölziit Über", slug=None),
    ]
    database(tmp_path / HOME / "pga.db", {"games": rows})
    assert [(ident, title) for _, ident, title, _ in told(lutris(tmp_path))] == [
        ("installed", "Installed"),
        ("fuse", "Fuse"),
        ("unsaid", "Unsaid"),
        ("lziit-ber", "Ölziit Über"),
    ]


def test_titles_that_yaml_takes_for_numbers_stay_titles(tmp_path):
    write(tmp_path / HOME / "games/007.yml", "game: {exe: /g/bond/bond}\nname: 007\nslug: 2048\n")
    write(tmp_path / HOME / "games/on-1683516078.yml", "name: On\ngame: {exe: /g/on/on}\n")
    write(tmp_path / HOME / "games/null.yml", "name: ~\ngame: {exe: /g/null/null}\n")
    assert told(lutris(tmp_path)) == [("lutris", "2048", "007", "/g/bond"), ("lutris", "on", "On", "/g/on")]


def test_an_old_database_with_fewer_columns_is_read(tmp_path):
    database(tmp_path / HOME / "pga.db", {"games": [{"name": "Old One", "slug": "old-one", "runner": "linux"}]})
    assert told(lutris(tmp_path)) == [("lutris", "old-one", "Old One", "")]


# --- while Lutris writes ----------------------------------------------------------------------------------------------


def test_reading_leaves_no_trace_beside_the_database(tmp_path):
    path = database(tmp_path / HOME / "pga.db", {"games": [game("A Game")]})
    for mode in ("delete", "wal"):
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA journal_mode={mode}")
        connection.close()
        before = (sorted(entry.name for entry in path.parent.iterdir()), path.stat().st_mtime_ns)
        assert len(lutris(tmp_path).games) == 1
        assert (sorted(entry.name for entry in path.parent.iterdir()), path.stat().st_mtime_ns) == before


def test_what_only_stands_in_the_write_ahead_log_is_seen(tmp_path):
    path = database(tmp_path / HOME / "pga.db", {"games": [game("A Game")]})
    writer = sqlite3.connect(path)
    try:
        writer.execute("PRAGMA journal_mode=wal")
        writer.execute("INSERT INTO games (name, slug, installed) VALUES ('New', 'new', 1)")
        writer.commit()
        reader = LutrisReader(linux(tmp_path))
        before = reader.fingerprint()
        assert [title for _, _, title, _ in told(reader.load())] == ["A Game", "New"]
        writer.execute("INSERT INTO games (name, slug, installed) VALUES ('Newer', 'newer', 1)")
        writer.commit()
        assert reader.fingerprint() != before
    finally:
        writer.close()


def test_a_locked_database_is_told_and_the_files_stand_in(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "LOCK_WAIT", 0.05)
    path = database(tmp_path / HOME / "pga.db", {"games": [game("A Game"), game("Another")]})
    write(tmp_path / HOME / "games/a-game-1683516078.yml", "name: A Game\ngame:\n  exe: /g/a/a\n")
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        shelf = lutris(tmp_path)
    finally:
        writer.close()
    assert complaints(shelf) == [("pga.db", "The store is writing it.")]
    assert told(shelf) == [("lutris", "a-game", "A Game", "/g/a")]
    assert len(lutris(tmp_path).games) == 2


def test_what_was_known_stays_known_while_the_database_is_locked(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "LOCK_WAIT", 0.05)
    path = database(tmp_path / HOME / "pga.db", {"games": [game("A Game"), game("Another")]})
    reader = LutrisReader(linux(tmp_path))
    known = reader.load()
    before = reader.fingerprint()
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        assert reader.load() == known
    finally:
        writer.close()
    assert reader.fingerprint() != before, "it must be asked again although nothing was written in the end"
    before = reader.fingerprint()
    assert reader.load() == known
    assert reader.fingerprint() == before


def test_a_writer_is_never_kept_waiting_long(tmp_path):
    path = database(tmp_path / HOME / "pga.db", {"games": [game(f"Game {number}") for number in range(500)]})
    done = threading.Event()
    failures = []

    def write_on():
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        try:
            for number in range(50):
                connection.execute("UPDATE games SET platform = ?", (str(number),))
        except sqlite3.Error as error:
            failures.append(error)
        finally:
            connection.close()
            done.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    reader, counts = LutrisReader(linux(tmp_path)), set()
    while not done.is_set():
        shelf = reader.load()
        counts.add(len(shelf.games) if not shelf.problems else 500)
    writer.join()
    assert failures == []
    assert counts == {500}


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (lambda _data: b"", "It is empty."),
        (lambda _data: b"not a database at all, whatever its name says" * 40, "The database is damaged"),
        (lambda data: data[:1000], "The database"),
        (lambda data: data[:100] + bytes(len(data) - 100), "The database is damaged"),
        (lambda data: bytes(len(data)), "The database is damaged"),
        (lambda data: data[:4096] + b"\xff" * (len(data) - 4096), "The database"),
    ],
)
def test_a_damaged_database_is_a_problem_with_a_remedy(tmp_path, damage, cause):
    rows = [game(f"Game {number}") for number in range(300)]
    path = database(tmp_path / HOME / "pga.db", {"games": rows})
    path.write_bytes(damage(path.read_bytes()))
    shelf = lutris(tmp_path)
    assert [name for name, _ in complaints(shelf)] == ["pga.db"]
    assert complaints(shelf)[0][1].startswith(cause)
    assert shelf.problems[0].remedy.endswith(".")
    assert shelf.nothing == "What Lutris has installed cannot be read."


def test_a_table_that_is_none_cannot_hold_us_up(tmp_path, monkeypatch):
    path = database(tmp_path / HOME / "pga.db", {"other": [{"a": 1}]})
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE VIEW games AS WITH RECURSIVE n(name) AS (SELECT 1 UNION ALL SELECT name + 1 FROM n) SELECT * FROM n"
        )
    connection.close()
    assert complaints(lutris(tmp_path)) == [("pga.db", "It has no table of games.")]
    monkeypatch.setattr(databases, "TIME_LIMIT", 0.0)
    monkeypatch.setattr(databases, "_STEPS", 1)
    with pytest.raises(UnreadableError, match="took more than"):
        databases.read_tables(path, {"other": ("a",)})


# --- files ------------------------------------------------------------------------------------------------------------


def test_one_broken_file_spoils_nothing_but_its_own_paths(tmp_path):
    rows = [game("A Game", configpath="a"), game("Another", configpath="b")]
    database(tmp_path / HOME / "pga.db", {"games": rows})
    write(tmp_path / HOME / "games/a.yml", "game: [unclosed\n")
    write(tmp_path / HOME / "games/b.yml", "game:\n  exe: /g/b/b\n")
    shelf = lutris(tmp_path)
    assert told(shelf) == [("lutris", "a-game", "A Game", ""), ("lutris", "another", "Another", "/g/b")]
    assert [name for name, _ in complaints(shelf)] == ["a.yml"]


def test_only_files_that_changed_are_read_again(tmp_path, monkeypatch):
    for name in ("a", "b"):
        write(tmp_path / HOME / f"games/{name}.yml", f"name: {name}\ngame:\n  exe: /g/{name}/x\n")
    reader = LutrisReader(linux(tmp_path))
    before = reader.fingerprint()
    reader.load()
    write(tmp_path / HOME / "games/b.yml", "name: bee\ngame:\n  exe: /g/b/x\n")
    assert reader.fingerprint() != before
    read, real = [], lutris_config.read_bytes
    monkeypatch.setattr(lutris_config, "read_bytes", lambda path, limit: read.append(path.name) or real(path, limit))
    assert [title for _, _, title, _ in told(reader.load())] == ["a", "bee"]
    assert read == ["b.yml"]


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("game:\n  exe: /g/a b/x-1.sh\n  prefix: ''\nname: A, B & C\n", GameConfig("A, B & C", exe="/g/a b/x-1.sh")),
        ("game:\n  exe: '/g/it''s'\nname: 'Q: the Game'\n", GameConfig("Q: the Game", exe="/g/it's")),
        ("game:\n  exe: /a\n   /b\n", GameConfig(exe="/a /b")),
        ("script:\n  game:\n    exe: /no\ngame:\n  exe: /yes\n", GameConfig(exe="/yes")),
        ("x: &a {exe: /a}\ngame: *a\n", GameConfig(exe="/a")),
        ("{game: {exe: /a}, name: N}", GameConfig("N", exe="/a")),
        ("name: N\ngame: {}\n", GameConfig("N")),
        ("game:\n  appid: 620\n", GameConfig(app="620")),
        ("game:\n  main_file: null\n  rom: /r\nslug: s\n", GameConfig(slug="s", main_file="/r")),
        ("game:\n  files:\n  - /a\n  exe: /b\n", GameConfig(exe="/b")),
        ("game:\n  exe: a # b\n", GameConfig(exe="a")),
    ],
)
def test_a_file_is_read_as_yaml_means_it(text, config):
    assert parse_config(text.encode()) == config


WORDS = st.text(st.sampled_from("aZ0/.$,()+@!-_ :#'\"\\n~&*[]{}é"), max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["exe", "prefix", "appid", "args"]), WORDS), min_size=1), WORDS, WORDS)
def test_the_short_way_never_says_anything_but_what_yaml_says(pairs, name, slug):
    lines = "".join(f"  {key}: {value}\n" for key, value in pairs)
    text = f"game:\n{lines}name: {name}\nslug: {slug}\n".encode()
    try:
        whole = parse_yaml(text)
    except UnreadableError:
        return  # the short way may read what YAML refuses
    if not isinstance(whole, dict) or not isinstance(whole.get("game"), dict):
        return

    def said(value):
        return value.strip("\0 \t\r\n") if isinstance(value, str) else ""

    config = parse_config(text)
    assert config.name == said(whole.get("name"))
    assert config.exe == said(whole["game"].get("exe"))
    assert config.prefix == said(whole["game"].get("prefix"))
    assert config.app == said(whole["game"].get("appid"))


def test_real_files_read_the_same_both_ways():
    for path in fixture(f"{DATA}/lutris-merged/games").iterdir():
        whole = parse_yaml(path.read_bytes())
        config = parse_config(path.read_bytes())
        assert (config.exe, config.prefix) == (whole["game"]["exe"], whole["game"]["prefix"])
        assert (config.name, config.slug) == (whole.get("name", ""), whole.get("game_slug", ""))


def test_nothing_is_said_in_a_sentence(tmp_path):
    assert lutris(tmp_path).nothing == "Lutris is not installed here."
    assert LutrisReader(windows(tmp_path)).load().nothing == "Lutris is not installed here."
    database(tmp_path / HOME / "pga.db", {"games": [game("A Game", installed=0)]})
    reader = LutrisReader(linux(tmp_path))
    assert reader.load().nothing == "Lutris has installed nothing."
    assert reader.roots() == [str(tmp_path / HOME / "pga.db")]
