"""One home with Steam, Heroic, Legendary and Lutris on it, laid out from real files: exactly their games are listed."""

from store_homes import fixture, lay_out, linux, told, write

from gamedetectd.library.room import Library
from gamedetectd.library.stores import readers

STEAM_GAMES = {
    "230410": ("Warframe", "Warframe"),
    "2519830": ("Resonite", "Resonite"),
    "4000": ("Garry's Mod", "GarrysMod"),
    "599140": ("Graveyard Keeper", "Graveyard Keeper"),
}
DATA = "heroic-legendary-lutris"


def steam(home):
    root = home / ".local/share/Steam"
    for manifest in fixture("steam").glob("*.acf"):
        write(root / "steamapps" / manifest.name, manifest.read_bytes())
    for _, folder in STEAM_GAMES.values():
        (root / "steamapps/common" / folder).mkdir(parents=True)
    return root / "steamapps/common"


def heroic(home):
    for source in ("heroic-gog-with-store-cache", "heroic-nile", "heroic-sideload", "heroic-legendary"):
        lay_out(f"{DATA}/{source}", home / ".config/heroic")
    lay_out(f"{DATA}/legendary", home / ".config/heroic/legendaryConfig/legendary")


def lutris(home):
    lay_out(f"{DATA}/lutris-split/data", home / ".local/share/lutris")
    lay_out(f"{DATA}/lutris-split/config", home / ".config/lutris")


def library(home):
    return Library(readers(linux(home)))


def test_every_game_is_listed_once_with_its_store_title_and_directory(tmp_path):
    common = steam(tmp_path)
    heroic(tmp_path)
    lutris(tmp_path)
    everything = library(tmp_path)
    everything.refresh(everything=True)
    games = {(game.store, game.id, game.title, game.install_dir) for game in everything.games()}
    assert len(games) == len(everything.games())
    assert games == {
        *(("steam", ident, title, str(common / folder)) for ident, (title, folder) in STEAM_GAMES.items()),
        ("epic", "app-1", "game-1", "/games/game-1"),
        ("gog", "app-1", "game-1", "/games/game-1"),
        ("amazon", "app-1", "game-1", "/games/game-1"),
        ("heroic", "app-1", "game-1", "/games/game-1"),
        ("lutris", "windows-game-1", "Windows Game 1", "/home/deck/Games/service/windows-game/drive_c/game"),
        ("lutris", "windows-game-2", "Windows Game 2", "/home/deck/Games/service"),
    }
    assert everything.problems() == ()


def test_a_program_in_a_games_directory_finds_its_row_and_no_other(tmp_path):
    common = steam(tmp_path)
    lutris(tmp_path)
    everything = library(tmp_path)
    for path, title in {
        str(common / "GarrysMod/bin/gmod"): "Garry's Mod",
        "/home/deck/Games/service/windows-game/drive_c/game/YookaLaylee64.exe": "Windows Game 1",
        "/home/deck/Games/service/windows-game-2/x.exe": "Windows Game 2",
        "/home/deck/Games/other/x.exe": None,
        str(common / "GarrysMod2/bin/gmod"): None,
    }.items():
        found = everything.look_up((path,))
        assert (found[0].title if found else None) == title, path


def test_a_game_installed_while_we_run_is_known_and_nothing_else_is_read_again(tmp_path):
    steam(tmp_path)
    heroic(tmp_path)
    lutris(tmp_path)
    everything = library(tmp_path)
    everything.refresh()
    read = []
    everything.refresh(progress=read.append)
    assert read == []
    entry = {"app_name": "new", "title": "Brand New", "install_path": "/games/brand new", "executable": "x.exe"}
    write(tmp_path / ".config/heroic/legendaryConfig/legendary/installed.json", {"new": entry})
    for desk in everything._desks.values():
        desk.rest_until = 0.0  # a store is left alone for a moment after it was read
    assert everything.refresh(progress=read.append)
    assert read == ["heroic"]
    assert ("epic", "new", "Brand New", "/games/brand new") in told(everything.shelves()["heroic"])
