"""A game stays one game while its names and ids change, and two stay two, in sessions and sums."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from session_story import MORNING, Story

from gamedetectd.domain import Game, SessionEventKind, is_store_id, stability
from gamedetectd.sessions.backups import backups
from gamedetectd.sessions.history import History
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.sameness import begins_alike, editions, may_be_one
from gamedetectd.sessions.schema import STEPS
from gamedetectd.sessions.storable import ALSO_KEPT

NAMED = Game("name:portal-2", "Portal2", "the name of its directory", "/games/Portal 2")
STEAM = Game("steam:620", "Portal 2", "the library", "/games/Portal 2")
EPIC = Game("epic:abc", "Portal 2", "the library", "/epic/Portal 2")


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as history:
        history.register("log", from_now=False)
        yield history


PIDS = count(50)


def play(history, *games, day=0.0, minutes=30.0):
    """One game after the other, each in the foreground for so long; what was committed."""
    committed = []
    for place, game in enumerate(games):
        story = Story(grace=0, at=1000.0 + day * 86_400 + place * 4000)
        story.wall += day * 86_400 + place * 4000
        started = story.play(next(PIDS), game)
        story.focus(started)
        story.wait(minutes * 60)
        story.ended(started)
        committed += history.commit(story.events)
    return committed


def games(history):
    """The id and title of every game there is, with how many sessions the sums count."""
    rows = history._connection.execute("SELECT id, title FROM games ORDER BY id").fetchall()
    counted = {total.game.id: total.sessions for total in history.totals()}
    return {game_id: (title, counted.get(game_id, 0)) for game_id, title in rows}


def merged(history):
    return {alias.alias: alias.game_id for alias in history.aliases()}


def sums_are_those_of_the_sessions(history):
    played = {}
    for session in history.sessions():
        total = played.setdefault(session.game.id, [0, 0.0])
        total[0] += 1
        total[1] += session.foreground_seconds
    assert {t.game.id: [t.sessions, pytest.approx(t.foreground_seconds)] for t in history.totals()} == played
    assert history._connection.execute("PRAGMA foreign_key_check").fetchall() == []


class TestOneGame:
    def test_a_name_becomes_the_stores_game_of_the_same_directory(self, history):
        play(history, NAMED, NAMED)
        play(history, STEAM, day=1)
        assert games(history) == {"steam:620": ("Portal 2", 3)}
        assert merged(history) == {"name:portal-2": "steam:620"}
        (alias,) = history.aliases()
        assert alias.reason == "Both lie in /games/Portal 2."
        assert alias.at > MORNING
        assert {session.game.id for session in history.sessions()} == {"steam:620"}
        sums_are_those_of_the_sessions(history)

    def test_the_name_stays_the_stores_game_when_the_store_is_silent_again(self, history):
        play(history, NAMED, STEAM)
        started, ended = play(history, NAMED, day=1)
        assert games(history) == {"steam:620": ("Portal 2", 3)}
        assert started.session.game.id == ended.session.game.id == "steam:620"
        assert [event.session.game.id for event in history.pending("log")][-1] == "steam:620"
        assert history.commit([replace(started, number=0)])[0].number == started.number

    def test_a_name_is_understood_where_the_store_was_first(self, history):
        play(history, STEAM, NAMED)
        assert games(history) == {"steam:620": ("Portal 2", 2)}
        assert history.aliases()[0].reason == "Both lie in /games/Portal 2."

    def test_a_menus_game_becomes_the_stores_that_the_same_program_is(self, history):
        play(history, Game("name:moon-base", "Moon Base", "its desktop entry"))
        play(history, Game("desktop:moonbase", "Moon Base", also=("name:moon-base", "name:never-seen")))
        assert games(history) == {"desktop:moonbase": ("Moon Base", 2)}
        assert merged(history) == {"name:moon-base": "desktop:moonbase"}
        play(history, Game("name:moon-base", "Moon Base", platform="Nintendo 64"), day=1)
        assert games(history)["desktop:moonbase"][1] == 2, "what an emulator runs is another game"

    def test_two_stores_that_say_so_are_one_under_the_id_that_lasts(self, history):
        play(history, EPIC)
        play(history, replace(STEAM, also=("epic:abc",)))
        assert games(history) == {"steam:620": ("Portal 2", 2)}
        play(history, EPIC, day=1)
        assert games(history) == {"steam:620": ("Portal 2", 3)}
        sums_are_those_of_the_sessions(history)

    def test_the_order_in_which_they_come_does_not_matter(self, history):
        play(history, STEAM)
        play(history, replace(EPIC, also=("steam:620",)))
        assert games(history) == {"steam:620": ("Portal 2", 2)}
        assert history.aliases()[0].reason == "What knows it as epic:abc lists steam:620 too."

    def test_what_knows_only_a_name_gets_the_stores_id_at_once(self, history):
        play(history, Game("name:portal-2", "Portal 2", also=("gog:7", "steam:620", "name:portal-2")))
        assert games(history) == {"steam:620": ("Portal 2", 1)}
        assert merged(history) == {"name:portal-2": "steam:620", "gog:7": "steam:620"}

    def test_three_become_one_and_aliases_never_chain(self, history):
        play(history, NAMED, Game("gog:7", "Portal 2", install_dir="/games/Portal 2"))
        assert merged(history) == {"name:portal-2": "gog:7"}
        play(history, replace(STEAM, also=("gog:7",)))
        assert merged(history) == {"name:portal-2": "steam:620", "gog:7": "steam:620"}
        assert games(history) == {"steam:620": ("Portal 2", 3)}

    def test_an_id_is_once_a_row_or_once_an_alias(self, history):
        play(history, replace(EPIC, also=("steam:620",)))
        assert games(history) == {"epic:abc": ("Portal 2", 1)}
        play(history, STEAM, day=1)
        assert games(history) == {"epic:abc": ("Portal 2", 2)}, "an id that was given stays"

    def test_a_new_title_in_the_catalogue_changes_no_id(self, history):
        play(history, STEAM, replace(STEAM, title="Portal 2: Reopened"))
        assert games(history) == {"steam:620": ("Portal 2: Reopened", 2)}

    def test_the_persons_word_names_the_stores_game(self, history):
        mine = replace(STEAM, title="Portal 2 with Ann", title_source="your own rule", also=("user:cake",))
        play(history, STEAM, mine)
        assert games(history) == {"steam:620": ("Portal 2 with Ann", 2)}
        assert history.aliases()[0].reason == "You named it so."
        play(history, Game("user:cake", "Portal 2 with Ann", "your own rule", "/games/Portal 2"), day=1)
        assert games(history) == {"steam:620": ("Portal 2 with Ann", 3)}
        play(history, NAMED, day=2)
        assert games(history) == {"steam:620": ("Portal 2 with Ann", 4)}, "a guess does not replace it"
        play(history, STEAM, day=3)
        assert games(history) == {"steam:620": ("Portal 2", 5)}, "a rule taken back does"

    def test_a_session_is_found_by_any_id_of_its_game(self, history):
        play(history, NAMED, STEAM)
        for key in ("steam:620", "name:portal-2", "portal 2"):
            assert len(history.sessions(game=key)) == 2

    def test_the_platform_is_kept(self, history):
        play(history, Game("name:zelda", "Zelda", platform="Nintendo 64"))
        assert history.sessions()[0].game.platform == "Nintendo 64"
        assert history.totals()[0].game.platform == "Nintendo 64"


class TestTwoGames:
    def test_oni_twice(self, history):
        """Two games of one title, and of one executable's name, are two where their directories are."""
        play(history, Game("name:oni", "Oni", install_dir="/games/Oni (2001)"))
        play(history, Game("steam:1", "Oni", install_dir="/games/ONI"), Game("gog:2", "Oni", install_dir="/gog/Oni"))
        assert games(history) == {"name:oni": ("Oni", 1), "steam:1": ("Oni", 1), "gog:2": ("Oni", 1)}
        assert merged(history) == {}

    @pytest.mark.parametrize(
        ("title", "other"),
        [
            ("The Witcher 3: Wild Hunt", "The Witcher 3: Wild Hunt - Game of the Year Edition"),
            ("BioShock", "BioShock Remastered"),
            ("Skyrim", "Skyrim Special Edition"),
            ("Skyrim", "Skyrim VR"),
            ("Portal 2", "Portal 2 Demo"),
            ("Portal 2", "Portal 2 Playtest"),
            ("Portal 2 Beta", "Portal 2"),
            ("Metro Exodus", "Metro Exodus Enhanced Edition"),
            ("Rome: Total War", "Rome: Total War Remastered"),
            ("Halo", "Halo: Combat Evolved Anniversary"),
        ],
    )
    def test_two_editions_are_two_games_whoever_says_otherwise(self, history, title, other):
        play(history, Game("steam:1", title), Game("gog:2", other, also=("steam:1",)))
        assert games(history) == {"steam:1": (title, 1), "gog:2": (other, 1)}

    def test_two_numbers_of_one_store_are_two_games(self, history):
        play(history, Game("steam:1", "X", install_dir="/x"), Game("steam:2", "X", install_dir="/x", also=("steam:1",)))
        assert set(games(history)) == {"steam:1", "steam:2"}

    def test_equal_titles_alone_mean_nothing(self, history):
        play(history, replace(NAMED, title="Portal 2", install_dir="/elsewhere"), STEAM)
        assert set(games(history)) == {"name:portal-2", "steam:620"}

    def test_a_name_elsewhere_is_not_the_stores_game_although_it_once_was_so_called(self, history):
        play(history, NAMED, STEAM)
        other = replace(NAMED, install_dir="/my own/Portal 2")
        play(history, other, day=1)
        assert {key: sessions for key, (_, sessions) in games(history).items()} == {"steam:620": 2, "name:portal-2": 1}
        play(history, replace(STEAM, also=("name:portal-2",)), replace(NAMED, install_dir=""), day=2)
        assert games(history)["name:portal-2"][1] == 2

    def test_names_that_share_a_directory_with_a_store_are_told_apart_by_their_titles(self, history):
        box = "/games/The Orange Box"
        play(
            history,
            Game("name:portal", "Portal", install_dir=box),
            Game("name:half-life-2", "Half-Life 2", install_dir=box),
        )
        play(history, Game("steam:220", "Half-Life 2", install_dir=box))
        assert merged(history) == {"name:half-life-2": "steam:220"}

    def test_a_code_name_becomes_the_title(self, history):
        play(history, Game("name:bbq", "BBQ", install_dir="/games/deceive"))
        play(history, Game("steam:820520", "Deceive Inc.", install_dir="/games/deceive"))
        assert games(history) == {"steam:820520": ("Deceive Inc.", 2)}

    def test_a_name_between_two_stores_of_one_directory_stays_alone(self, history):
        play(history, Game("steam:1", "X", install_dir="/x"), Game("gog:2", "X", install_dir="/x"))
        play(history, Game("name:x", "X", install_dir="/x"))
        assert set(games(history)) == {"steam:1", "gog:2", "name:x"}

    def test_what_an_emulator_runs_does_not_become_the_emulator(self, history):
        play(history, Game("name:zelda", "Zelda", install_dir="/emu", platform="Nintendo 64"))
        play(history, Game("steam:9", "Emu", install_dir="/emu"))
        assert set(games(history)) == {"name:zelda", "steam:9"}

    def test_no_more_ids_are_looked_at_than_make_sense(self, history):
        play(history, replace(STEAM, also=tuple(f"gog:{number}" for number in range(200))))
        assert len(history.aliases()) <= ALSO_KEPT


class TestAnOlderFile:
    @pytest.fixture
    def old(self, tmp_path):
        """A history of the first version with two sessions of a game."""
        path = tmp_path / "old.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for statement in STEPS[0]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {0x47444831}")
            connection.execute("PRAGMA user_version = 1")
            connection.execute(
                "INSERT INTO games VALUES ('name:portal-2', 'Portal2', 'its directory', '/games/Portal 2')"
            )
            for number in range(2):
                connection.execute(
                    "INSERT INTO sessions"
                    " VALUES (?, 'name:portal-2', ?, ?, 'exit', 60, 50, 10, 0.9, 5, 'b', 1, 1, '[]', '[]')",
                    (f"s{number}", MORNING - 9000 + number, MORNING - 8000),
                )
        return path

    def test_it_is_backed_up_brought_up_to_date_and_goes_on(self, old):
        with History.open(old) as history:
            assert len(backups(old)) == 1
            assert [session.game.platform for session in history.sessions()] == ["", ""]
            play(history, STEAM)
            assert games(history) == {"steam:620": ("Portal 2", 3)}
            sums_are_those_of_the_sessions(history)
        with HistoryReader.open(old) as reader:
            assert [alias.alias for alias in reader.aliases()] == ["name:portal-2"]

    def test_sessions_of_a_damaged_old_file_are_brought_over(self, old):
        with closing(sqlite3.connect(old)) as connection:
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'sessions_by_game'"
            ).fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        with old.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)
        with History.open(old) as history:
            assert history.mended is not None
            assert games(history) == {"name:portal-2": ("Portal2", 2)}


class TestWhileItRuns:
    def test_a_running_session_stays_one_when_its_game_is_recognised(self, history):
        story = Story(grace=0)
        started = story.play(50, NAMED)
        history.commit(story.events)
        story.wait(60)
        assert story.judged(started, STEAM) == ["updated"]
        story.wait(60)
        story.ended(started)
        history.commit(story.events)
        kinds = [event.kind for event in story.events]
        assert kinds == [SessionEventKind.STARTED, SessionEventKind.UPDATED, SessionEventKind.ENDED]
        (session,) = history.sessions()
        assert (session.game.id, session.game.title) == ("steam:620", "Portal 2")
        assert len({event.session.id for event in story.events}) == 1

    def test_an_id_more_is_no_news(self):
        story = Story(grace=0)
        started = story.play(50, STEAM)
        assert story.judged(started, replace(STEAM, also=("gog:7",))) == []
        assert story.judged(started, replace(STEAM, platform="PC")) == ["updated"]

    def test_a_hand_over_between_two_ids_of_one_game_goes_on(self):
        story = Story()
        first = story.play(50, Game("epic:abc", "Portal Two"))
        story.ended(first)
        story.wait(5)
        again = story.born(60)
        assert story.judged(again, Game("steam:620", "Portal 2", also=("epic:abc",))) == ["resumed"]

    def test_the_persons_name_stands_against_a_store_with_the_same_id(self):
        story = Story(grace=0)
        started, helper = story.play(50, replace(STEAM, title="Cake", also=("user:cake",))), story.born(51, parent=50)
        assert story.judged(helper, STEAM, root=started) == []
        assert story.machine.sessions[0].game.title == "Cake"


def test_ids_by_how_long_they_last():
    order = ["steam:1", "gog:1", "epic:1", "itch:1", "user:x", "name:x", "exe:x"]
    assert [stability(one) for one in order] == sorted(stability(one) for one in order)
    assert [is_store_id(one) for one in order] == [True] * 4 + [False] * 3
    assert stability("no prefix") == stability("name:x")


def test_what_tells_editions_apart():
    assert editions("Director’s Cut: Remastered, GOTY") == {"directors cut", "remastered", "goty"}
    assert editions("Betamax Golden Demon") == frozenset()
    assert begins_alike("Hollow Knight", "hollow_knight: Silksong")
    assert not begins_alike("!", "Portal")
    assert may_be_one(STEAM, STEAM)
    assert may_be_one(Game("steam:1", "X", install_dir="/x"), Game("gog:1", "X Remastered", install_dir="/x/"))


IDS = st.sampled_from(["steam:1", "steam:2", "gog:1", "epic:1", "user:a", "name:a", "name:b", "exe:a"])
GAMES = st.builds(
    Game,
    IDS,
    st.sampled_from(["A", "A Remastered", "B"]),
    st.just(""),
    st.sampled_from(["", "/a", "/b"]),
    st.just(""),
    st.lists(IDS, max_size=3).map(tuple),
)


@settings(max_examples=60)
@given(st.lists(GAMES, min_size=1, max_size=8))
def test_whatever_comes_every_session_has_its_game_and_the_sums_are_right(tmp_path_factory, told):
    with History.open(tmp_path_factory.mktemp("any") / "history.db") as history:
        for day, game in enumerate(told):
            play(history, game, day=float(day))
        assert len(history.sessions()) == len(told)
        sums_are_those_of_the_sessions(history)
        aliases = merged(history)
        assert not {alias for alias in aliases if is_store_id(alias)} & set(games(history))
        assert set(aliases.values()) <= set(games(history)), "an alias leads to a game at once"
        assert history._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
