"""Notifications as real dunst shows them: an hour with a driven clock, real clicks, and the real daemon."""

import sys
import time

import pytest

if sys.platform != "linux":
    pytest.skip("notifications of Linux desktops", allow_module_level=True)

from notification_story import EXPECTED, Hour, scripted_hour
from real_bus import Bus
from real_daemon import RealDaemon
from real_dunst import Dunst
from real_notifications import SERVICE, FakeService
from real_programs import end, eventually, find_program
from toy_games import ToyGames

from gamedetectd.domain import Evidence, Game
from gamedetectd.platforms.notify import Bubble
from gamedetectd.platforms.notify.freedesktop import BusNotifier

pytestmark = pytest.mark.desktop

ALL = '[notifications]\nmode = "all"\n[sessions]\ngrace_seconds = 1.0\n'
LOG = "log-unwritable"
BROKEN, SETTINGS = "[watch]\npoll_interval = 'often'\n", "The settings have an error; the earlier ones stay in force"


@pytest.fixture
def dunst(x_server, bus, spawn, tmp_path):
    return Dunst(spawn, tmp_path).start()


@pytest.fixture
def hour(dunst):
    """A person's hour, told by dunst."""
    notifier = BusNotifier()
    eventually(lambda: notifier.step(wanted=True) or notifier.ready, what="the service")
    yield Hour(notifier)
    notifier.close()


@pytest.fixture
def games(tmp_path):
    return ToyGames(tmp_path)


@pytest.fixture
def daemon(x_server, bus, tmp_path, games):
    daemon = RealDaemon(tmp_path / "home", {**games.env, "LANGUAGE": "en"})
    daemon.settings = tmp_path / "home" / "config" / "settings.toml"
    daemon.settings.parent.mkdir(parents=True)
    daemon.settings.parent.chmod(0o700)
    daemon.write = lambda text: (daemon.settings.write_text(text), daemon.settings.chmod(0o600))
    daemon.write(ALL)
    yield daemon
    daemon.stop()


@pytest.fixture
def play(games):
    started = []

    def start(title=None):
        started.append(games.start(title or games.titles[0], 300))
        return started[-1]

    yield start
    for process in started:
        end(process)


# --- the hour ---------------------------------------------------------------------------------------------------------


def test_the_history_of_a_scripted_hour_holds_exactly_what_matters(hour, dunst):
    """Whatever comes up is looked at and closed, so that nothing replaces what was not seen."""
    show = hour.notifier.show

    def shown_and_closed(bubble):
        done = show(bubble)
        dunst.close_all()
        return done

    hour.notifier.show = shown_and_closed
    scripted_hour(hour)
    assert dunst.titles == EXPECTED
    assert dunst.history()[1][1].startswith("/home/&lt;user&gt;/.local/share/gamedetectd/history.sqlite: no space")
    assert dunst.history()[3][1] == "Played for 18 min."


def test_a_condition_has_one_place_on_the_screen(hour, dunst):
    hour.wrong(LOG)
    hour.wrong("disk-nearly-full")
    assert dunst.displayed() == 2
    hour.right(LOG)
    hour.right("disk-nearly-full")
    hour.after(1800)
    assert dunst.displayed() == 2
    assert [title for title, _ in dunst.seen()] == ["Back to normal", "Back to normal"]


def test_what_is_no_longer_wanted_leaves_the_screen(hour, dunst):
    hour.plays()
    assert dunst.displayed() == 1
    hour.seen["mode"] = "none"
    hour.step()
    eventually(lambda: dunst.displayed() == 0, what="the notification going")


def test_hostile_titles_are_shown_as_they_are(hour, dunst):
    title = "<b>Bold</b> <img src='/etc/passwd'/> & \u202etxet\u202c\nsecond line"
    hour.plays(Game("name:x", title), reasons=(Evidence("t", 1.0, f"It is called “{title}”."),))
    hour.clicks("game:name:x", "why")
    hour.plays(Game("name:y", "y" * 10_000), 2)
    hour.plays(Game("name:z", "שחמט"), 3)
    first, why, long, hebrew = dunst.seen()
    assert first[0] == "<b>Bold</b> <img src='/etc/passwd'/> & txet second line is being played"
    assert why[1] == ("• It is called “&lt;b&gt;Bold&lt;/b&gt; &lt;img src='/etc/passwd'/&gt; &amp; txet second line”.")
    assert long[0] == "y" * 79 + "… is being played"
    assert hebrew[0] == "\u2068שחמט\u2069 is being played"


# --- clicks -----------------------------------------------------------------------------------------------------------


def test_a_real_click_asks_why_and_for_details(hour, dunst):
    hour.plays()
    dunst.click()
    eventually(lambda: hour.step() and dunst.displayed() == 2, what="the reasons")
    assert [title for title, _ in dunst.seen()] == ["Portal 2 is being played", "Why Portal 2?"]
    hour.wrong(LOG, "/var/log is full.")
    dunst.click()
    eventually(lambda: hour.step() and dunst.displayed() == 2, what="the details")
    title, body = dunst.seen()[-1]
    assert title == "The log cannot be written"
    assert body.endswith("gamedetectd logs")


# --- dunst goes -------------------------------------------------------------------------------------------------------


def test_a_service_that_is_killed_and_comes_back(hour, dunst):
    hour.wrong(LOG)
    assert dunst.displayed() == 1
    dunst.stop()
    eventually(lambda: hour.step() and not hour.notifier.ready, what="its end being noticed")
    hour.wrong("disk-nearly-full")
    hour.step()
    assert hour.notifications.trouble
    dunst.start()
    eventually(lambda: hour.step() and hour.notifier.ready, what="its return being noticed")
    hour.right("disk-nearly-full")
    hour.right(LOG)
    hour.after(1800)
    assert hour.notifications.trouble == ""
    assert [title for title, _ in dunst.seen()] == ["The disk is nearly full", "Back to normal", "Back to normal"][
        -len(dunst.history()) :
    ]
    assert hour.notifier.show(Bubble("new", "New"))


def test_the_bus_starts_the_service_once_there_is_something_to_tell(x_server, spawn, tmp_path, monkeypatch):
    bus, dunst = Bus(tmp_path), Dunst(spawn, tmp_path)
    bus.can_start(SERVICE, f"{find_program('dunst')} -conf {dunst.config}")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    bus.start()
    try:
        hour = Hour(BusNotifier())
        for _ in range(10):
            hour.after(1)
        assert not hour.notifier.ready
        hour.plays()
        eventually(lambda: hour.step() and hour.notifier.ready, what="the service starting")
        assert [title for title, _ in dunst.seen()] == ["Portal 2 is being played"]
        hour.notifier.close()
    finally:
        bus.stop()


# --- the daemon -------------------------------------------------------------------------------------------------------


def test_the_daemon_tells_of_a_game_a_problem_and_its_end(daemon, dunst, games, play):
    daemon.start()
    process = play()
    title = games.titles[0]
    eventually(lambda: f"{title} is being played" in dict(dunst.seen()), 15, "the game being told")
    end(process)
    daemon.write(BROKEN)
    eventually(lambda: SETTINGS in dict(dunst.seen()), 20, "the problem being told")
    daemon.write(ALL)
    eventually(lambda: "Back to normal" in dict(dunst.seen()), 20, "the recovery being told")
    eventually(lambda: f"{title} has ended" in dict(dunst.seen()), 20, "the end being told")
    others = (" is being played", " has ended")  # games that other tests play at the same time
    mine = [one for one in dunst.titles if title in one or not one.endswith(others)]
    assert sorted(mine) == sorted([f"{title} is being played", SETTINGS, "Back to normal", f"{title} has ended"])


def test_not_a_game_is_obeyed(bus, daemon, games, play):
    service = FakeService(bus)
    daemon.start()
    play()
    title = f"{games.titles[0]} is being played"
    told = eventually(lambda: next((one for one in service.shown if one[2] == title), None), 15, "the game being told")
    assert told[4] == ["why", "Why?", "not-a-game", "Not a game", "default", ""]
    service.click(told[0], "not-a-game")
    confirmed = f"{games.titles[0]} is no longer taken for a game"
    eventually(lambda: any(one[2] == confirmed for one in service.shown), 20, "the answer")
    assert 'kind = "ignore"' in (daemon.settings.parent / "rules.toml").read_text()
    assert all(one["game"]["title"] != games.titles[0] for one in daemon.json("status")["sessions"])
    assert told[0] in service.closed
    service.stop()


def test_a_service_that_hangs_keeps_the_daemon_from_nothing(bus, daemon):
    service = FakeService(bus, hangs=True)
    daemon.start()
    for text in (BROKEN, "nonsense", ALL):
        daemon.write(text)
        time.sleep(0.7)
        assert daemon.answers()
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 3.0
    assert "crashed" not in daemon.output.read_text()
    service.stop()


def test_nothing_disturbs_a_real_game_that_fills_the_screen(daemon, dunst, openbox, spawn):
    daemon.write('[general]\nlanguage = "de"\n')
    daemon.start()
    games = []

    def fills_the_screen():
        if not games or games[-1].poll() is not None:  # at its start it crashes at times, where it is slow
            games.append(spawn("etr", env={"SDL_AUDIODRIVER": "dummy", "LIBGL_ALWAYS_SOFTWARE": "1"}))
        return any(one["game"]["title"] == "Extreme Tux Racer" and one["foreground_seconds"] > 0
                   for one in daemon.json("status")["sessions"])  # fmt: skip

    eventually(fills_the_screen, 60, lambda: f"one of {games} filling the screen")
    daemon.write(BROKEN)
    eventually(lambda: daemon.json("status")["health"]["overall"] == "degraded", 20, "the problem being noticed")
    assert dunst.displayed() == 0
    end(games[-1])
    german = "In den Einstellungen ist ein Fehler; es gelten die bisherigen"
    eventually(lambda: german in dict(dunst.seen()), 10, "the problem being told")


def test_a_desktop_without_notifications_is_said_and_costs_nothing(daemon):
    daemon.start()

    def codes():
        return [one["code"] for one in daemon.json("status")["health"]["conditions"]]

    daemon.write(BROKEN)
    eventually(lambda: "settings-invalid" in codes(), 20, "the problem being noticed")
    assert daemon.json("status")["health"]["overall"] == "degraded"
    assert daemon.process.poll() is None
