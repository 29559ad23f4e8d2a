"""What ActivityWatch, Playnite and Steam recorded comes into the history: right, once, and shown before."""

import json
import os

import pytest
from imported_files import EVENING, activitywatch, bucket, event, localconfig, playnite
from kept_sessions import HOUR, keep, session
from steam_files import app, appinfo

from gamedetectd.app.imports import activitywatch as reader
from gamedetectd.app.imports import playnite as playnite_reader
from gamedetectd.app.imports import read as reading
from gamedetectd.app.imports import steam as steam_reader
from gamedetectd.app.imports.judging import window_judge
from gamedetectd.app.machine import this_machine
from gamedetectd.config import Settings
from gamedetectd.domain import Game, Rule, RuleKind, Verdict
from gamedetectd.errors import ImportFileError
from gamedetectd.paths import Paths
from gamedetectd.sessions.pages import Pages, Wanted
from gamedetectd.sessions.statistics import Statistics

FACTORIO, TUX = Game("steam:427520", "Factorio"), Game("name:supertux-2", "SuperTux 2")
OF_STEAM = {"PluginId": "cb91dfc9-b977-43bf-8e70-55f46e410fab", "GameId": "1145360"}
QUIET = lambda _done, _whole: None  # noqa: E731


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """A home for commands run in this very process."""
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    return Paths.below(tmp_path / "home")


def judge(app, _title):
    game = {"factorio.exe": FACTORIO, "supertux2": TUX}.get(app)
    return Verdict(game, 0.95 if game else 0.0, ())


def sessions_of(path):
    found = reader.read(path, judge, QUIET)
    return sorted(found.sessions, key=lambda one: one.started_at)


class TestActivityWatch:
    def test_windows_of_a_game_become_sessions(self, tmp_path):
        file = activitywatch(
            tmp_path / "aw.json",
            (EVENING, 1800.0, "factorio.exe", "Factorio"),
            (EVENING + 1800, 300.0, "firefox", "a wiki"),
            (EVENING + 2100, 900.0, "factorio.exe", "Factorio"),
            (EVENING + 3000, 60.0, "supertux2", "SuperTux"),
            (EVENING + 2 * HOUR, 60.0, "factorio.exe", "Factorio"),
            (EVENING + 3 * HOUR, 3.0, "factorio.exe", "Factorio"),
            away=[(EVENING + 1000, 600.0), (EVENING + 1500, 200.0), (EVENING + 2000, 200.0)],
        )
        sessions = sessions_of(file)
        assert [(one.started_at - EVENING, one.ended_at - EVENING) for one in sessions] == [
            (0, 3000),
            (3000, 3060),
            (7200, 7260),
        ]
        assert [(one.game.title, one.foreground_seconds, one.idle_seconds) for one in sessions] == [
            ("Factorio", 2700, 800),
            ("SuperTux 2", 60, 0),
            ("Factorio", 60, 0),
        ], "one look at a wiki is no end, and three seconds are no session"

    def test_the_same_windows_are_the_same_sessions(self, tmp_path):
        windows = [(EVENING, 1800.0, "factorio.exe", "Factorio")]
        first = sessions_of(activitywatch(tmp_path / "1.json", *windows))
        later = sessions_of(activitywatch(tmp_path / "2.json", *windows, (EVENING + 1800, 60.0, "factorio.exe", "F")))
        assert [one.id for one in first] == [one.id for one in later]
        assert later[0].ended_at == EVENING + 1860

    def test_what_overlaps_or_cannot_be_is_not_counted_twice(self, tmp_path):
        file = activitywatch(
            tmp_path / "aw.json",
            (EVENING, 100.0, "factorio.exe", ""),
            (EVENING + 50, 100.0, "factorio.exe", ""),
            (EVENING + 300, 0.0, "factorio.exe", ""),
            (EVENING + 300, -5.0, "factorio.exe", ""),
            (EVENING + 300, 90_000.0, "factorio.exe", ""),
        )
        assert [one.foreground_seconds for one in sessions_of(file)] == [150.0]

    def test_each_computer_has_its_own_absence(self, tmp_path):
        other = bucket("currentwindow", [event(EVENING, 600.0, app="supertux2", title="")], host="laptop")
        file = activitywatch(
            tmp_path / "aw.json", (EVENING, 600.0, "factorio.exe", ""), away=[(EVENING, 600.0)], laptop=other
        )
        data = json.loads(file.read_text())
        data["buckets"]["aw-watcher-afk_pc"]["events"].append(event(EVENING, 600.0, status="not-afk"))
        file.write_text(json.dumps(data))
        assert {(one.game.title, one.idle_seconds) for one in sessions_of(file)} == {
            ("Factorio", 600),
            ("SuperTux 2", 0),
        }

    def test_a_verdict_is_asked_for_once_a_window_and_memory_is_bounded(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reader, "_REMEMBERED", 1)
        asked = []
        windows = [(EVENING + n, 1.0, "factorio.exe", f"{n // 3}") for n in range(6)]
        reader.read(
            activitywatch(tmp_path / "aw.json", *windows), lambda *window: asked.append(window) or judge(*window), QUIET
        )
        assert len(asked) == 2

    def test_a_file_without_windows_says_so(self, tmp_path):
        found = reader.read(activitywatch(tmp_path / "aw.json"), judge, QUIET)
        assert found.sessions == ()
        (tmp_path / "none.json").write_text('{"buckets": {}}')
        assert "no bucket" in reader.read(tmp_path / "none.json", judge, QUIET).passed_over[0]


def test_windows_are_judged_as_ours_are(tmp_path):
    machine = this_machine(Paths.below(tmp_path), Settings())
    rules = (Rule(RuleKind.IGNORE, "factorio.exe"),)
    played = [Game("steam:570", "Dota 2"), Game("name:one", "Same"), Game("name:two", "Same")]
    verdict = window_judge(machine, (), played)
    assert verdict("factorio.exe", "Factorio").game.title == "Factorio"
    assert verdict("firefox", "Factorio - Mozilla Firefox").game is None
    assert verdict("Dota 2", "Dota 2").game.id == "steam:570", "it is called like one that was played"
    assert verdict("Same", "").game is None, "two are called so"
    assert verdict("firefox", "Dota 2").game is None
    assert verdict("C:\\games\\factorio.exe", "x").game.title == "Factorio"
    assert window_judge(machine, rules, played)("factorio.exe", "Factorio").game is None, "the person's word wins"


class TestPlaynite:
    def times(self, path):
        return {one.game_id: one for one in playnite_reader.read(path, QUIET).times}

    def test_play_times_come_under_the_ids_that_stores_use(self, tmp_path):
        file = playnite(
            tmp_path / "p.json",
            {"Name": "Hades", "Playtime": 3600, "LastActivity": "2024-05-01T20:00:00.1234567+02:00", **OF_STEAM},
            {
                "name": " Outer Wilds ",
                "playtime": 60,
                "gameid": 7,
                "source": "Epic",
                "lastactivity": "2024-05-01T18:00:00Z",
            },
            {"Name": "Gothic", "Playtime": 30, "Source": {"Name": "GOG"}, "GameId": "140", "LastActivity": None},
            {"Name": "The Game®", "Playtime": 10, "Source": None},
            {"Name": "The Game", "Playtime": 9},
            {"Name": "Never Played", "Playtime": 0},
            {"Name": "Never Played Either"},
        )
        times = self.times(file)
        assert {game_id: one.seconds for game_id, one in times.items()} == {
            "steam:1145360": 3600, "epic:7": 60, "gog:140": 30, "name:the-game": 10,
        }  # fmt: skip
        assert times["epic:7"].title == "Outer Wilds"
        assert times["epic:7"].last_played_at == 1_714_586_400
        assert times["steam:1145360"].last_played_at == pytest.approx(1_714_586_400, abs=1)
        assert "3 games" in playnite_reader.read(file, QUIET).passed_over[0]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_an_object_with_games_and_the_encodings_of_windows(self, tmp_path, encoding):
        file = tmp_path / "p.json"
        file.write_text(
            json.dumps({"Version": 1, "Games": [{"Name": "Hädes", "Playtime": 5}]}, ensure_ascii=False), encoding
        )
        assert [one.title for one in self.times(file).values()] == ["Hädes"]


class TestSteam:
    def test_minutes_of_an_account_with_the_names_of_apps(self, tmp_path):
        file = localconfig(tmp_path, {620: (90, 1_700_000_000), 7: (0, 0), 1145360: (10, 0), 228980: (50, 5)})
        (tmp_path / "appcache").mkdir()
        (tmp_path / "appcache" / "appinfo.vdf").write_bytes(
            appinfo({620: app(620, "Portal 2"), 228980: app(228980, "Redistributables", "Tool")})
        )
        found = steam_reader.read(file, {"steam:1145360": "Hades"}, QUIET)
        told = {one.game_id: (one.title, one.seconds, one.last_played_at, one.account) for one in found.times}
        assert told == {
            "steam:620": ("Portal 2", 5400.0, 1_700_000_000.0, "4711"),
            "steam:1145360": ("Hades", 600.0, None, "4711"),
        }
        assert found.times[0].counted_until == file.stat().st_mtime

    def test_a_copy_elsewhere_and_a_damaged_list_of_names(self, tmp_path):
        file = localconfig(tmp_path, {620: (90, 5)})
        (tmp_path / "appcache").mkdir()
        (tmp_path / "appcache" / "appinfo.vdf").write_bytes(b"nonsense")
        copy = tmp_path / "copy.vdf"
        copy.write_bytes(file.read_bytes())
        for one, account in ((file, "4711"), (copy, "")):
            [time] = steam_reader.read(one, {}, QUIET).times
            assert (time.title, time.account) == ("Steam app 620", account)


class TestTheCommand:
    def files(self, tmp_path):
        game = {"Name": "Factorio", "Playtime": 7200, "Source": "Steam", "GameId": "427520"}
        return {
            "activitywatch": activitywatch(tmp_path / "aw.json", (EVENING, 1800.0, "factorio.exe", "Factorio")),
            "playnite": playnite(tmp_path / "p.json", game),
            "steam": localconfig(tmp_path, {427520: (600, 5)}),
        }

    def test_every_source_is_found_out_shown_and_taken_in_once(self, gd, paths, tmp_path):
        for source, file in self.files(tmp_path).items():
            assert reading.guess(file) == source
            dry = gd("sessions", "import", str(file), "--dry-run")
            assert (dry.code, "Factorio" in dry.out, "1 new" in dry.out) == (0, True, True), dry.err
            assert "Nothing was written" in dry.out
        assert not paths.history_file.exists()
        for source, file in self.files(tmp_path).items():
            assert "1 new" in gd("sessions", "import", str(file), "--from", source).out
            os.utime(file)
            assert "1 there already" in gd("sessions", "import", str(file)).out
        with Pages.open(paths.history_file) as pages:
            [one] = pages.page(Wanted(source="activitywatch")).sessions
        assert (one.session.game.id, one.session.foreground_seconds) == ("steam:427520", 1800.0)
        with Statistics.open(paths.history_file) as numbers:
            [outside] = numbers.outside()
        assert (outside.source, outside.seconds, outside.outside_seconds) == ("steam", 36_000.0, 36_000.0 - 1800.0)
        [row] = gd("game list --json").json["games"]
        assert row["outside"] == {"source": "steam", "seconds": 36_000.0, "outside_seconds": 34_200.0}
        assert "9 h 30 min more that Steam counted" in gd("game list").out
        assert "activitywatch" in gd("sessions").out

    def test_games_that_only_others_counted_are_listed_too(self, gd, paths, tmp_path):
        gd("sessions", "import", str(playnite(tmp_path / "p.json", {"Name": "Old", "Playtime": 60})))
        assert [(row["game"]["title"], row["seconds"]) for row in gd("game list --json").json["games"]] == [("Old", 0)]

    def test_what_was_played_here_at_that_time_is_not_doubled(self, gd, paths, tmp_path):
        paths.data.mkdir(parents=True, mode=0o700)
        keep(paths.history_file, session(EVENING + 600, HOUR, FACTORIO))
        assert "at times that are taken" in gd("sessions", "import", str(self.files(tmp_path)["activitywatch"])).out

    def test_sessions_are_deleted_and_restored_by_the_beginning_of_their_ids(self, gd, paths):
        paths.data.mkdir(parents=True, mode=0o700)
        keep(paths.history_file, session(EVENING, HOUR, session_id="abc1"), session(EVENING, 60, session_id="abd2"))
        assert gd("sessions delete ab").code == 1, "which one?"
        assert "Renamed: Celeste, 1 h 00 min" in gd("sessions rename abc Celeste").out
        assert gd("sessions", "rename", "abc", "  ").code == 2
        assert "Renamed: SuperTux 2" in gd("sessions", "rename", "abc1", "SuperTux 2").out
        assert "Deleted: SuperTux 2, 1 h 00 min" in gd("sessions delete abc abc1").out
        assert "abc1" not in gd("sessions").out
        assert "counts nowhere" in gd("sessions --deleted").out
        assert "Counts again" in gd("sessions restore abc1").out
        assert "abc1" in gd("sessions").out

    def test_wrong_words_are_told(self, gd, paths, tmp_path):
        file = tmp_path / "x.json"
        file.write_text("{}")
        assert gd("sessions", "import", str(file), "--from", "excel").code == 2
        done = gd("sessions", "import", str(file))
        assert (done.code, "--from" in done.err) == (1, True)
        assert gd("sessions", "import", str(tmp_path / "none")).code == 1
        with pytest.raises(ImportFileError):
            reading.guess(tmp_path)
