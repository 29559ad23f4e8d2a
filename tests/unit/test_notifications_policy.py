"""What a person is told on their desktop, and what not: an hour with a driven clock, and each rule by itself."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_story import EXPECTED, Hour, scripted_hour

from gamedetectd.domain import ActiveCondition, Evidence, Game, Instant, SessionEventKind, Severity
from gamedetectd.observability.redaction import redactor
from gamedetectd.platforms.notify import Button
from gamedetectd.views.notifications import policy as rules
from gamedetectd.views.notifications.policy import Policy, Show

TETRIS = Game("name:tetris", "Tetris")
WARNING, ERROR, INFO = "log-unwritable", "history-unwritable", "sensor-unsupported"
LOG, HISTORY = "The log cannot be written", "Play time cannot be kept"
SETTINGS = "settings-invalid"


@pytest.fixture
def private():
    """``private("pattern", …)`` marks titles or programs as the settings do."""
    yield lambda *patterns: redactor().set_private_titles(patterns)
    redactor().set_private_titles(())


# --- the hour ---------------------------------------------------------------------------------------------------------


def test_the_scripted_hour_tells_exactly_what_matters():
    hour = Hour()
    scripted_hour(hour)
    assert hour.said == EXPECTED
    assert hour.said.count(LOG) + sum(LOG in bubble.body for bubble in hour.notifier.shown) <= 2


def test_the_same_hour_without_games_and_without_anything():
    hour = Hour(mode="problems")
    scripted_hour(hour)
    assert hour.said == [title for title in EXPECTED if "Portal" not in title]
    hour = Hour(mode="none")
    scripted_hour(hour)
    assert hour.said == []


@pytest.mark.parametrize("each", [1.0, 20.0, 72.0])
@pytest.mark.parametrize("code", [WARNING, ERROR, SETTINGS])
def test_a_condition_that_flaps_is_told_at_most_twice_an_hour_and_the_truth_in_the_end(code, each):
    hour = Hour(mode="problems")
    hour.flaps(code, times=50, each=each)
    assert len(hour.said) <= 2
    hour.after(2 * 3600)
    assert hour.said[-1] == "Back to normal"
    hour.wrong(code)
    hour.after(3600)
    assert hour.said[-1] != "Back to normal"


moments = st.lists(st.tuples(st.booleans(), st.floats(0.1, 900.0)), max_size=30)


@given(moments, st.booleans())
def test_whatever_happens_the_limit_holds_and_what_was_told_last_becomes_true(turns, critical):
    policy, at, told = Policy(), 0.0, []
    there = ()
    for present, seconds in [*turns, (turns[-1][0] if turns else False, 2 * rules.HOUR)]:
        if present != bool(there):
            severity = Severity.ERROR if critical else Severity.WARNING
            there = (ActiveCondition("x", "It is wrong", severity, "m", "r", at),) if present else ()
        until = at + seconds
        while at <= until:
            now = Instant(at, at, at)
            policy.conditions(now, there, there)
            told += [(at, order.notice.title) for order in policy.take(now) if isinstance(order, Show)]
            assert policy.deadline() > at
            at = min(policy.deadline(), at + 7.0) if policy.deadline() < until else until + 0.001
    for start, _ in told:
        assert sum(start <= moment < start + rules.HOUR for moment, _ in told) <= rules.MOST_OF_ONE
    assert all(one != other for (_, one), (_, other) in pairwise(told))
    assert (told[-1][1] == "It is wrong" if told else False) == bool(there)


# --- problems ---------------------------------------------------------------------------------------------------------


def test_a_problem_says_what_where_and_what_to_do_and_is_replaced_by_its_end():
    hour = Hour(mode="problems")
    hour.wrong(ERROR, "/disk is full.")
    (told,) = hour.notifier.shown
    assert told.title == HISTORY
    assert told.body.startswith("/disk is full.\nCheck that the directory")
    assert (told.critical, told.stays) == (True, True)
    assert told.buttons == (Button("details", "Details"),)
    hour.after(3600)
    hour.right(ERROR)
    hour.after(600)
    over = hour.notifier.shown[-1]
    assert (over.key, over.title, over.body) == (told.key, "Back to normal", f"No longer: {HISTORY}.")
    assert (over.critical, over.stays, over.buttons) == (False, False, ())
    assert len(hour.said) == 2


def test_information_and_what_health_does_not_show_yet_is_not_told():
    hour = Hour()
    hour.wrong(INFO)
    hour.wrong("sink-failing")  # shown after 30 s
    hour.after(20)
    hour.right("sink-failing")
    hour.after(3600)
    assert hour.said == []


def test_a_consequence_is_not_told_beside_its_cause_nor_taken_for_mended():
    hour = Hour(mode="problems")
    hour.wrong(WARNING)
    hour.wrong("disk-nearly-full")
    hour.after(1200)
    assert hour.said == [LOG, "The disk is nearly full"]
    hour.right(WARNING)
    hour.right("disk-nearly-full")
    hour.after(1200)
    assert sorted(bubble.body for bubble in hour.notifier.shown[2:]) == [
        "No longer: The disk is nearly full.", f"No longer: {LOG}."
    ]  # fmt: skip


def test_what_the_person_mended_is_told_at_once_and_what_mends_itself_once_it_lasts():
    hour = Hour(mode="problems")
    hour.wrong(SETTINGS)
    hour.after(120)
    hour.right(SETTINGS)
    assert hour.said[-1] == "Back to normal"
    hour.wrong(WARNING)
    hour.after(120)
    hour.right(WARNING)
    hour.after(rules.RECOVERY_SETTLES - 1)
    assert hour.said[-1] == LOG
    hour.after(2)
    assert hour.said[-1] == "Back to normal"


def test_several_places_are_one_notification_and_another_place_renews_it():
    hour = Hour(mode="problems")
    for key in ("a", "b", "c"):
        hour.tracker.report("worker-crashed", key, hour.now(), f"{key} failed.")
    hour.after(1)
    (told,) = hour.notifier.shown
    assert "a failed.\n" in told.body
    hour.after(1)
    hour.wrong("worker-crashed", "d failed.", "d")
    first, renewed = hour.notifier.shown
    assert first.key == renewed.key
    assert renewed.body.startswith("d failed.\nAnd in 3 more places.\n")
    for key in "abc":
        hour.right("worker-crashed", key)
    hour.after(1800)
    assert len(hour.said) == 2  # one is still wrong
    hour.right("worker-crashed", "d")
    hour.after(3600)
    assert hour.said[2:] == ["Back to normal"]


def test_one_more_place_is_said_in_the_singular():
    hour = Hour(mode="problems")
    hour.tracker.report("worker-crashed", "a", hour.now(), "a failed.")
    hour.wrong("worker-crashed", "b failed.", "b")
    assert "And in 1 more place.\n" in hour.notifier.shown[0].body


def test_a_message_that_changes_is_no_news():
    hour = Hour(mode="problems")
    for seconds in range(20, 200, 15):
        hour.wrong("worker-stuck", f"engine has not answered for {seconds} s.", "engine")
        hour.after(15)
    assert hour.said == ["A part of gamedetectd does not get on"]


def test_that_all_is_well_is_taken_back_when_it_is_no_longer_so():
    hour = Hour(mode="problems")
    hour.wrong(WARNING)
    hour.after(60)
    hour.right(WARNING)
    hour.after(300)
    assert [bubble.title for bubble in hour.notifier.open.values()] == ["Back to normal"]
    hour.wrong(WARNING)  # a third one within the hour
    assert hour.notifier.open == {}
    hour.after(3600)
    assert hour.said == [LOG, "Back to normal", LOG]


def test_many_different_problems_are_limited_too_but_not_critical_ones():
    policy, now = Policy(), Instant(0.0, 0.0, 0.0)
    many = [
        ActiveCondition(f"c{number}", f"c{number}", severity, "m", "r", 0.0)
        for severity, numbers in ((Severity.ERROR, range(5)), (Severity.WARNING, range(5, 50)))
        for number in numbers
    ]
    policy.conditions(now, many, many)
    assert len(policy.take(now)) == 5 + rules.MOST_OF_ALL
    assert policy.deadline() == rules.HOUR
    assert len(policy.take(Instant(rules.HOUR, rules.HOUR, 0.0))) == rules.MOST_OF_ALL


def test_what_could_not_be_shown_is_tried_again_less_and_less_often():
    hour = Hour(mode="problems")
    hour.notifier.works = False
    attempts = []
    hour.notifier.show = lambda bubble: attempts.append(hour.elapsed) or False
    hour.wrong(WARNING)
    hour.after(3 * 3600)
    gaps = [later - earlier for earlier, later in pairwise(attempts)]
    assert gaps[:3] == pytest.approx([30, 60, 120], abs=1)
    assert max(gaps) <= 3601
    del hour.notifier.show
    hour.notifier.works = True
    hour.after(3700)
    assert hour.said == [LOG]


def test_after_one_that_failed_the_others_wait_too():
    """A service that does not answer takes seconds to fail: the worker must not spend them on each notification."""
    hour, attempts = Hour(mode="problems"), []
    hour.notifier.show = lambda bubble: attempts.append(bubble.title) or False
    for code in (WARNING, ERROR, "sink-failing", "control-down"):
        hour.tracker.report(code, "", hour.now(), "Something is wrong.")
    hour.after(40)
    assert len(attempts) <= 2 * 2  # at the start, when more are visible, and when it is tried again
    del hour.notifier.show
    hour.after(3600)
    assert len(hour.said) == 4


# --- games ------------------------------------------------------------------------------------------------------------


def test_a_game_that_starts_and_ends_is_one_notification():
    hour = Hour()
    played = hour.plays()
    hour.after(65 * 60)
    hour.ends(played)
    assert hour.said == ["Portal 2 is being played"]  # it may be taken up again
    hour.after(10)
    start, end = hour.notifier.shown
    assert [button.label for button in start.buttons] == ["Why?", "Not a game"]
    assert (end.key, end.title, end.body) == (start.key, "Portal 2 has ended", "Played for 1 h 05 min.")
    assert not start.stays
    assert not end.buttons


def test_a_launcher_that_hands_over_does_not_end_the_game():
    hour = Hour()
    played = hour.plays()
    hour.after(5)
    hour.ends(played)
    hour.after(3)
    hour.happens(SessionEventKind.RESUMED, played)
    hour.after(600)
    hour.happens(SessionEventKind.PAUSED, played)
    hour.happens(SessionEventKind.RESUMED, played)
    hour.happens(SessionEventKind.UPDATED, played)
    hour.after(600)
    assert hour.said == ["Portal 2 is being played"]


def test_a_game_that_crashes_again_and_again_is_not_told_each_time():
    hour = Hour()
    for number in range(50):
        hour.ends(hour.plays(number=number))
        hour.after(20)
    assert len(hour.said) == rules.MOST_OF_A_GAME
    assert hour.notifier.open == {}  # nothing that is no longer so stays
    hour.ends(hour.plays(TETRIS, 99))
    hour.after(60)
    assert hour.said[-1] == "Tetris has ended"


def test_two_games_are_two_notifications():
    hour = Hour()
    hour.plays()
    hour.plays(TETRIS, 2)
    assert {bubble.title for bubble in hour.notifier.open.values()} == {
        "Portal 2 is being played", "Tetris is being played"
    }  # fmt: skip


def test_what_is_no_game_is_taken_back_and_confirmed_to_whoever_said_so():
    hour = Hour()
    played = hour.plays()
    hour.ends(played, SessionEventKind.CORRECTED)
    assert hour.notifier.open == {}
    played = hour.plays(number=2)
    hour.clicks("game:steam:620", "not-a-game")
    assert hour.corrected == [played.id]
    hour.ends(played, SessionEventKind.CORRECTED)
    assert hour.said[-1] == "Portal 2 is no longer taken for a game"
    hour.after(60)
    assert len(hour.said) == 3


@pytest.mark.parametrize("mode", ["problems", "none"])
def test_what_is_no_longer_wanted_is_taken_away_and_told_no_more(mode):
    hour = Hour()
    played = hour.plays()
    hour.wrong(WARNING)
    assert len(hour.notifier.open) == 2
    hour.seen["mode"] = mode
    hour.step()
    assert [bubble.title for bubble in hour.notifier.open.values()] == ([LOG] if mode == "problems" else [])
    hour.ends(played)
    hour.after(120)
    hour.right(WARNING)
    hour.after(1800)
    told = len(hour.said)
    assert told == (3 if mode == "problems" else 2)
    hour.seen["mode"] = "all"
    hour.after(1800)
    assert len(hour.said) == told


def test_a_recovery_outlasts_another_choice_unless_it_is_none():
    for mode, told in (("all", [LOG, "Back to normal"]), ("none", [LOG])):
        hour = Hour(mode="problems")
        hour.wrong(WARNING)
        hour.after(120)
        hour.right(WARNING)
        hour.seen["mode"] = mode
        hour.after(20)
        hour.seen["mode"] = "problems"
        hour.after(600)
        assert hour.said == told


def test_who_asks_for_everything_while_playing_is_told_of_the_end():
    hour = Hour(mode="none")
    played = hour.plays()
    hour.seen["mode"] = "all"
    hour.after(60)
    hour.ends(played)
    hour.after(60)
    assert hour.said == ["Portal 2 has ended"]


# --- a game fills the screen ------------------------------------------------------------------------------------------


def test_nothing_but_what_is_critical_disturbs_a_game_that_fills_the_screen():
    hour = Hour()
    hour.seen["fullscreen"] = True
    played = hour.plays()
    hour.wrong(WARNING)
    hour.after(600)
    assert hour.said == []
    hour.wrong(ERROR)
    assert hour.said == [HISTORY]
    hour.after(120)
    hour.seen["fullscreen"] = False
    hour.step()
    assert hour.said == [HISTORY]
    hour.after(rules.CALM)
    assert hour.said == [HISTORY, LOG, "Portal 2 is being played"]
    hour.seen["fullscreen"] = True
    hour.ends(played)
    hour.right(ERROR)
    hour.after(1200)
    assert len(hour.said) == 3
    hour.seen["fullscreen"] = False
    hour.after(2)
    assert hour.said[3:] == ["Back to normal", "Portal 2 has ended"]


def test_a_problem_that_went_away_meanwhile_is_not_told_at_all():
    hour = Hour(mode="problems")
    hour.seen["fullscreen"] = True
    hour.wrong(WARNING)
    hour.after(300)
    hour.right(WARNING)
    hour.after(300)
    hour.seen["fullscreen"] = False
    hour.after(3600)
    assert hour.said == []


def test_a_window_that_flickers_lets_nothing_through():
    hour = Hour()
    hour.seen["fullscreen"] = True
    hour.wrong(WARNING)
    for fullscreen in (False, True, False, True):
        hour.seen["fullscreen"] = fullscreen
        hour.after(rules.CALM / 2)
    assert hour.said == []


def test_another_focus_is_of_interest_only_while_something_waits():
    hour, woken = Hour(mode="problems"), []
    hour.notifications.attach(lambda: woken.append(1))
    look = hour.notifications._look
    hour.notifications._look = lambda: (hour.notifications.focused(), look())[1]
    hour.step()
    assert woken == [1]  # it may have looked too early
    woken.clear()
    hour.notifications._look = look
    hour.notifications.focused()
    hour.seen["fullscreen"] = True
    hour.step()
    hour.notifications.focused()
    assert woken == []
    hour.wrong(WARNING)
    hour.notifications.focused()
    assert woken == [1]


# --- what is clicked --------------------------------------------------------------------------------------------------


def test_why_gives_the_three_strongest_reasons():
    hour = Hour()
    hour.plays()
    hour.clicks("game:steam:620", "why")
    told = hour.notifier.shown[-1]
    assert told.title == "Why Portal 2?"
    assert told.body.split("\n") == [
        "• Steam says that it started “Portal 2”.",
        "• Files of the Source engine lie beside it.",
        "• It fills the screen.",
    ]
    hour.clicks(told.key, "not-a-game")
    assert hour.corrected == ["session-1"]


def test_a_game_without_reasons_says_so():
    hour = Hour()
    hour.plays(reasons=())
    hour.clicks("game:steam:620", "why")
    assert hour.notifier.shown[-1].body == "Nothing is known of that any more."


def test_details_tell_every_place_and_what_is_over():
    hour = Hour(mode="problems")
    for key in "abcdef":
        hour.tracker.report("worker-crashed", key, hour.now(), f"{key} failed.")
    hour.step()
    hour.clicks("condition:worker-crashed", "details")
    told = hour.notifier.shown[-1]
    assert told.body.split("\n")[:5] == ["a failed.", "b failed.", "c failed.", "d failed.", "And in 2 more places."]
    assert told.body.endswith("gamedetectd logs")
    for key in "abcdef":
        hour.right("worker-crashed", key)
    hour.after(60)
    hour.clicks("condition:worker-crashed", "details")
    assert hour.notifier.shown[-1].body == "This is no longer wrong."


def test_clicks_on_what_nobody_knows_do_nothing():
    hour = Hour()
    hour.plays()
    before = list(hour.said)
    for key, action in [("game:nothing", "why"), ("game:steam:620", "details"), ("game:steam:620", "rm -rf")]:
        hour.clicks(key, action)
    for number in range(2, 90):
        hour.happens(SessionEventKind.UPDATED, hour.plays(TETRIS, number))
    hour.clicks("game:steam:620", "why")  # so long ago that nobody knows it any more
    assert hour.said[: len(before)] == before
    assert "Why Portal 2?" not in hour.said


def test_an_answer_is_shown_whatever_was_chosen_and_logged_where_nothing_can_be_shown(caplog):
    hour = Hour(mode="none")
    hour.notifications.say("Your rules cannot be used", "The file\nis damaged.")
    hour.step()
    assert [(one.title, one.body) for one in hour.notifier.shown] == [
        ("Your rules cannot be used", "The file is damaged.")
    ]
    hour.notifier.ready, hour.notifier.trouble = False, "No service."
    hour.notifications.say("A", "B")
    with caplog.at_level("INFO"):
        hour.step()
    assert "A: B" in caplog.text
    hour.notifier.ready, hour.notifier.trouble = True, ""
    hour.step()
    assert len(hour.said) == 1


# --- a desktop that shows nothing -------------------------------------------------------------------------------------


def test_problems_wait_for_the_desktop_and_games_do_not():
    troubled = []
    hour = Hour(troubled=lambda: troubled.append(1))
    hour.notifier.ready, hour.notifier.trouble = False, "No service."
    hour.plays()
    hour.wrong(WARNING)
    assert hour.notifier.wanted
    hour.after(600)
    assert (hour.notifications.trouble, troubled) == ("No service.", [1])
    hour.notifier.ready, hour.notifier.trouble = True, ""
    hour.after(1)
    assert (hour.notifications.trouble, troubled) == ("", [1, 1])
    assert hour.said == [LOG]


def test_while_a_service_starts_everything_waits():
    hour = Hour()
    hour.notifier.ready = False
    hour.plays()
    hour.after(2)
    hour.notifier.ready = True
    hour.step()
    assert hour.said == ["Portal 2 is being played"]


def test_who_wants_nothing_is_not_troubled_that_nothing_can_be_shown():
    hour = Hour(mode="none")
    hour.notifier.ready, hour.notifier.trouble = False, "No service."
    hour.wrong(ERROR)
    assert hour.notifications.trouble == ""
    assert not hour.notifier.wanted


def test_nothing_is_due_while_nothing_happens():
    hour = Hour()
    assert hour.notifications.step() is None
    hour.wrong(WARNING)
    assert hour.notifications.step() is None
    hour.notifier.ready = False
    hour.wrong(ERROR)
    assert hour.notifications.step() is None


# --- what is private, and what is hostile -----------------------------------------------------------------------------


def everything(hour):
    return "\n".join(f"{one.title}\n{one.body}" for one in hour.notifier.shown)


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(("portal*",), id="title"),
        pytest.param(("*ORTAL 2",), id="end of the title"),
        pytest.param(("hl2_linux",), id="program"),
        pytest.param(("PORTAL2",), id="program on Windows"),
    ],
)
def test_a_private_title_is_in_no_notification(private, marked):
    private(*marked)
    hour = Hour(programs=lambda _key: ("hl2_linux", "portal2.exe"))
    played = hour.plays()
    hour.clicks("game:steam:620", "why")
    hour.after(60)
    hour.ends(played)
    hour.after(60)
    hour.clicks("game:steam:620", "not-a-game")
    assert hour.said == ["A game is being played", "A game has ended"]
    assert "portal" not in everything(hour).lower()
    hour = Hour(programs=lambda _key: ("hl2_linux", "portal2.exe"))
    played = hour.plays(number=2)
    assert [button.action for button in hour.notifier.shown[0].buttons] == ["not-a-game"]
    hour.clicks("game:steam:620", "not-a-game")
    hour.ends(played, SessionEventKind.CORRECTED)
    assert hour.said[-1] == "This is no longer taken for a game"


def test_a_game_of_which_no_program_is_known_may_be_private(private):
    """It went on from before a restart; its process was gone before anybody could look at it."""
    hour = Hour(programs=lambda _key: ())
    hour.seen["marked"] = True
    hour.ends(hour.plays())
    hour.after(60)
    assert hour.said == ["A game is being played", "A game has ended"]


def test_private_titles_in_reasons_and_messages_are_hidden(private):
    private("*my bank*")
    hour = Hour()
    reason = Evidence("window.title", 9.0, "Its window is called “My Bank - Login”.")
    hour.plays(reasons=(reason,))
    hour.clicks("game:steam:620", "why")
    hour.wrong(ERROR, "The window “My Bank - Login” is in the way.")
    hour.clicks(f"condition:{ERROR}", "details")
    assert "bank" not in everything(hour).lower()
    assert "[private title]" in everything(hour)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<b>Bold</b> & 'quoted'", "<b>Bold</b> & 'quoted' is being played"),
        ("One\nTwo\r\nThree\x00\x1b[31m", "One Two Three [31m is being played"),
        ("evil \u202eemag\u2069", "evil emag is being played"),
        ("משחק השחמט", "\u2068משחק השחמט\u2069 is being played"),
        ("می\u200cخواهم", "\u2068می\u200cخواهم\u2069 is being played"),
        ("x" * 10_000, "x" * 79 + "… is being played"),
        ("\ud800\udfff broken", "broken is being played"),
        ("{title} {0} %s %(a)s", "{title} {0} %s %(a)s is being played"),
    ],
)
def test_hostile_titles_are_shown_on_one_line_harmless_and_not_longer_than_it_takes(title, shown):
    hour = Hour()
    hour.plays(Game("name:x", title), reasons=(Evidence("t", 1.0, f"It is called {title}."),))
    assert hour.said == [shown]
    hour.clicks("game:name:x", "why")
    assert len(hour.notifier.shown[-1].body) < 260
    assert "\n" not in hour.notifier.shown[-1].body


def test_a_home_directory_is_in_no_message():
    hour = Hour()
    hour.wrong(ERROR, "/home/anna/.local/share/gamedetectd cannot be written.")
    assert "anna" not in everything(hour)
