"""What a person would find in their history after days of all kinds."""

import pytest
from session_story import BOOT, MORNING, PORTAL, TETRIS, Story, process

from gamedetectd.domain import EndedBy, Evidence, Game, Verdict
from gamedetectd.sessions.identity import session_event, session_id
from gamedetectd.sessions.machine import GONE_KEPT, JUDGING_SECONDS, Policy, SessionMachine


def test_a_session_lasts_from_the_start_of_the_process_to_its_exit():
    story = Story()
    game = story.born(50, ago=3.0)
    assert story.judged(game) == ["started"]
    story.wait(600)
    assert story.ended(game, ago=0.25) == ["ended"]
    (session,) = story.history
    assert session.started_at == MORNING - 3.0
    assert story.lasted() == 602.75
    assert session.ended_by is EndedBy.EXIT
    assert session.processes == ()
    assert (session.game, session.probability, session.evidence[0].reason) == (PORTAL, 0.95, "It is said to be one.")
    assert story.sessions == ()


def test_what_is_no_game_has_no_session():
    story = Story()
    editor = story.born(50)
    assert story.judged(editor, None) == []
    assert story.ended(editor) == []


def test_the_same_run_has_the_same_id_in_every_life_of_the_daemon_and_another_run_another():
    first, again, other = Story(), Story(), Story()
    for story in (first, again):
        story.play(50)
    again.wait(1)
    other.wait(1)
    other.play(50)
    assert first.history[0].id == again.history[0].id != other.history[0].id


def test_the_same_story_twice_makes_the_same_events_with_the_same_ids():
    def told():
        story = Story()
        game = story.play(50)
        story.wait(5)
        story.judged(game, Game("steam:620", "Portal 2 (beta)"))
        story.ended(game)
        return story.events

    assert told() == told()
    assert len({event.id for event in told()}) == 3


def test_an_event_made_later_never_has_the_id_of_an_earlier_one():
    session = Story()
    session.play(50)
    (event,) = session.events
    assert session_event(event.kind, event.at + 1, event.session, 1).id != event.id


class TestFamilies:
    def test_a_wrapper_and_its_game_are_one_session_that_lasts_as_long_as_either(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        assert {key.pid for key in story.sessions[0].processes} == {50, 51}
        story.wait(10)
        assert story.ended(game) == []
        story.wait(5)
        assert story.ended(wrapper) == ["ended"]
        assert story.lasted() == 15

    def test_another_process_of_the_family_joins(self):
        story = Story()
        root = story.born(50)
        story.judged(story.born(51, parent=50), root=root)
        assert story.judged(story.born(52, parent=51), root=root) == []
        assert len(story.sessions) == 1
        assert len(story.sessions[0].processes) == 3

    def test_a_child_of_its_process_with_the_same_game_joins(self):
        story = Story()
        launcher = story.play(50)
        child = story.born(51, parent=50)
        assert story.judged(child) == []
        story.wait(10)
        story.ended(launcher)
        story.wait(10)
        assert story.ended(child) == ["ended"]
        assert len(story.history) == 1
        assert story.lasted() == 20

    def test_a_grandchild_is_known_by_its_ancestors(self):
        story = Story()
        launcher = story.play(50)
        assert story.judged(story.born(53, parent=52), ancestors=(launcher.key, process(52).key)) == []
        assert len(story.sessions) == 1

    def test_a_child_that_is_known_better_gives_the_launcher_its_name(self):
        story = Story()
        story.play(50, Game("name:launcher", "Launcher"))
        assert story.judged(story.born(51, parent=50), PORTAL) == ["updated"]
        assert [session.game for session in story.sessions] == [PORTAL]

    def test_another_store_game_below_is_another_session(self):
        story = Story()
        story.play(50, PORTAL)
        assert story.judged(story.born(51, parent=50), Game("steam:400", "Portal")) == ["started"]
        assert len(story.sessions) == 2

    def test_two_copies_are_two_sessions(self):
        story = Story()
        one, two = story.play(50), story.play(60)
        assert len(story.sessions) == 2
        story.wait(10)
        story.ended(one)
        story.wait(10)
        story.ended(two)
        assert [story.lasted(session) for session in story.history] == [10, 20]

    def test_a_wrapper_found_later_does_not_make_another_session_of_its_game(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game)
        assert story.judged(game, root=wrapper) == []
        assert {key.pid for key in story.sessions[0].processes} == {50, 51}

    def test_the_latest_exit_is_the_end_in_whatever_order_they_are_heard_of(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        story.wait(60)
        story.ended(game, ago=1)
        story.ended(wrapper, ago=3)
        assert story.lasted() == 59

    def test_a_process_belongs_to_one_session_only(self):
        story = Story()
        wrapper = story.play(50, PORTAL)
        game = story.play(60, TETRIS)
        story.judged(game, TETRIS, root=wrapper)
        assert [[key.pid for key in session.processes] for session in story.sessions] == [[50], [60]]


class TestHandOver:
    @pytest.mark.parametrize(
        ("successor", "seconds", "same"),
        [
            (PORTAL, 14.9, True),
            (PORTAL, 15.0, False),
            (Game("name:portal 2", "PORTAL 2"), 5, True),
            (Game("epic:xyz", "Portal Two", install_dir="/games/Portal 2/"), 5, True),
            (Game("epic:xyz", "Portal Two", install_dir="/games/Portal 2 Beta"), 5, False),
            (Game("steam:400", "Portal"), 5, False),
        ],
    )
    def test_the_same_game_soon_after_goes_on_in_the_same_session(self, successor, seconds, same):
        story = Story(grace=15)
        launcher = story.play(50)
        story.wait(10)
        assert story.ended(launcher) == ["ended"]
        story.wait(seconds)
        game = story.play(60, successor)
        assert story.kinds == ["started", "ended", "resumed" if same else "started"]
        story.wait(100)
        assert story.ended(game) == ["ended"]
        assert len(story.history) == (1 if same else 2)
        assert story.lasted() == pytest.approx(110 + seconds if same else 100)
        assert story.history[-1].game.id == (PORTAL.id if same else successor.id)

    def test_a_session_taken_up_again_has_no_end_until_it_ends_again(self):
        story = Story()
        story.ended(story.play(50))
        story.wait(1)
        story.play(60)
        resumed = story.events[-1].session
        assert (resumed.ended_at, resumed.ended_by) == (None, None)
        assert [key.pid for key in resumed.processes] == [60]

    def test_a_verdict_may_take_longer_than_the_grace(self):
        story = Story(grace=15)
        story.ended(story.play(50))
        game = story.wait(5).born(60)
        story.wait(40)
        assert story.judged(game) == ["resumed"]

    def test_nobody_waits_for_a_verdict_forever(self):
        story = Story(grace=15)
        assert story.machine.deadline() is None
        story.ended(story.play(50))
        game = story.wait(5).born(60)
        assert story.machine.deadline() == story.elapsed - 5 + 15 + JUDGING_SECONDS
        story.wait(90)
        assert story.judged(game) == ["started"]
        assert story.machine.deadline() is None

    def test_a_child_that_outlived_its_launcher_goes_on_however_late_it_started(self):
        story = Story(grace=0)
        launcher = story.play(50)
        story.ended(launcher)
        late = story.wait(30).born(60)
        assert story.judged(late, ancestors=(launcher.key,)) == ["resumed"]

    def test_of_two_ended_sessions_the_latest_goes_on(self):
        story = Story()
        one, two = story.play(50), story.play(60)
        story.ended(two)
        story.wait(2)
        story.ended(one)
        story.wait(2)
        story.play(70)
        assert story.sessions[0].root == one.key

    def test_a_launcher_seen_only_after_a_restart_of_the_daemon_still_hands_over(self):
        before = Story()
        before.ended(before.play(50))
        after = Story(sessions=before.history, at=before.elapsed)
        after.wait(5)
        after.play(60)
        assert after.kinds == ["resumed"]


class TestPids:
    def test_a_new_process_with_the_pid_of_a_dead_one_is_another_session(self):
        story = Story(grace=0)
        story.ended(story.play(50))
        story.wait(1)
        story.play(50)
        assert story.kinds == ["started", "ended", "started"]
        assert len(story.history) == 2

    def test_a_reused_pid_proves_that_the_earlier_process_is_gone(self):
        story = Story(grace=0)
        story.play(50, PORTAL)
        story.wait(30)
        newcomer = story.born(50, ago=10)
        assert story.judged(newcomer, TETRIS) == ["ended", "started"]
        assert story.lasted(story.history[0]) == 20

    def test_a_verdict_on_a_process_that_is_already_over_makes_a_whole_session(self):
        story = Story()
        quick = story.born(50)
        story.wait(2)
        assert story.ended(quick) == []
        story.wait(1)
        assert story.judged(quick) == ["started", "ended"]
        assert story.lasted() == 2
        assert story.judged(quick) == [], "the second word on it changes nothing"

    def test_a_wrapper_that_is_gone_before_the_verdict_does_not_keep_the_session_open(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.ended(wrapper)
        story.wait(1)
        assert story.judged(game, root=wrapper) == ["started"]
        assert [key.pid for key in story.sessions[0].processes] == [51]
        story.wait(5)
        assert story.ended(game) == ["ended"]

    def test_a_child_judged_after_all_ended_ends_the_session_it_joined(self):
        story = Story()
        game = story.play(50)
        story.wait(5)
        late = story.born(51, parent=50)
        story.ended(late)
        assert story.judged(late) == []
        assert story.ended(game) == ["ended"]

    def test_memory_of_ended_processes_is_bounded(self):
        story = Story()
        for pid in range(GONE_KEPT + 10):
            story.ended(process(pid))
        assert len(story.machine._gone) == GONE_KEPT

    def test_an_end_in_the_future_is_now(self):
        story = Story()
        game = story.play(50)
        story.wait(5)
        story.ended(game, ago=-60)
        assert story.lasted() == 5

    def test_a_start_in_the_future_is_now(self):
        story = Story()
        story.judged(process(50, started=story.elapsed + 60))
        assert story.history[0].started_at == story.wall


class TestResync:
    def test_what_is_missing_after_a_gap_has_ended(self):
        story = Story()
        gone, stays = story.play(50), story.play(60, TETRIS)
        story.wait(10)
        assert story.resync(stays) == ["ended"]
        assert [session.root for session in story.sessions] == [stays.key]
        assert gone.key not in {key for session in story.sessions for key in session.processes}

    def test_a_process_that_was_only_overlooked_goes_on_in_its_session(self):
        story = Story()
        game = story.play(50)
        story.resync()
        story.wait(1)
        story.resync(game)
        assert story.judged(game) == ["resumed"]
        assert len(story.history) == 1

    def test_even_long_after_and_in_another_life_of_the_daemon(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(100)
        story.resync()
        known = {session.id: session for session in story.history}
        later = Story(known=known.get, at=story.elapsed + 5000)
        assert later.judged(game) == ["resumed"]
        assert later.sessions[0].foreground_seconds == 100
        assert later.sessions[0].started_at == story.history[0].started_at


class TestNames:
    STORE = Game("steam:620", "Portal 2")
    NAME = Game("name:portal2_linux", "portal2_linux")
    OWN = Game("user:portal", "Portal with friends")

    def test_a_better_name_from_the_same_process_relabels_the_session(self):
        story = Story()
        game = story.play(50, self.NAME)
        assert story.judged(game, self.STORE, reason="Steam says so.") == ["updated"]
        before, after = (event.session for event in story.events)
        assert before.id == after.id
        assert after.game == self.STORE
        assert after.evidence[0].reason == "Steam says so."

    def test_so_does_a_title_once_the_window_has_come(self):
        story = Story()
        game = story.play(50, Game("name:sol", "sol"))
        assert story.judged(game, Game("name:sol", "Klondike")) == ["updated"]
        assert story.sessions[0].game.title == "Klondike"

    def test_more_reasons_for_the_same_name_are_kept_without_a_word(self):
        story = Story()
        game = story.play(50)
        assert story.judged(game, PORTAL, probability=0.99, reason="Its files say so.") == []
        assert story.sessions[0].probability == 0.99
        assert story.sessions[0].evidence[0].reason == "Its files say so."

    @pytest.mark.parametrize(
        ("first", "second", "probability", "name"),
        [
            (STORE, NAME, 0.99, STORE),
            (NAME, STORE, 0.5, STORE),
            (STORE, OWN, 0.5, OWN),
            (OWN, STORE, 0.99, OWN),
            (NAME, Game("name:other", "Other"), 0.99, Game("name:other", "Other")),
            (NAME, Game("name:other", "Other"), 0.95, NAME),
        ],
    )
    def test_another_process_of_the_family_names_it_only_if_it_knows_more(self, first, second, probability, name):
        story = Story()
        root = story.born(50)
        story.judged(root, first)
        story.judged(story.born(51, parent=50), second, root=root, probability=probability)
        assert story.sessions[0].game == name

    @pytest.mark.parametrize(
        ("title", "platform", "events"),
        [("Lantern Quest", "NES", ["updated"]), ("Another Game", "NES", []), ("Lantern Quest", "", [])],
    )
    def test_who_knows_less_of_the_same_game_may_still_tell_its_machine(self, title, platform, events):
        """A script with the game's name starts an emulator: the script names it, the emulator knows what it is for."""
        story = Story()
        script = story.play(10, Game("desktop:quest", "Lantern Quest"))
        emulator = story.born(11, parent=10)
        inside = Game(f"name:{title.lower()}", title, platform=platform)
        assert story.judged(emulator, inside, root=script, ancestors=(script.key,)) == events
        game = story.sessions[0].game
        assert (game.id, game.title) == ("desktop:quest", "Lantern Quest")
        assert game.platform == (platform if events else "")

    def test_after_a_restart_the_first_provisional_word_does_not_undo_the_name(self):
        before = Story()
        game = before.play(50, self.STORE)
        after = Story(sessions=before.sessions)
        assert after.judged(game, self.NAME) == []
        assert after.judged(game, self.STORE) == []
        assert after.judged(game, self.OWN) == ["updated"]


class TestCorrections:
    def test_no_game_after_all_closes_the_session_as_corrected(self):
        story = Story()
        game = story.play(50)
        story.wait(10)
        assert story.judged(game, None) == ["corrected"]
        assert story.history[0].ended_by is EndedBy.CORRECTED
        assert story.lasted() == 10
        assert story.ended(game) == []

    def test_taken_back_it_goes_on_in_the_same_session(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        story.judged(game, None)
        story.wait(30)
        assert story.judged(game) == ["resumed"], "even if the family is measured by another root now"
        assert len(story.history) == 1

    def test_a_corrected_session_is_not_handed_over(self):
        story = Story()
        story.judged(story.play(50), None)
        story.play(60)
        assert story.kinds == ["started", "corrected", "started"]

    def test_a_wrapper_that_is_no_game_by_itself_stays(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        assert story.judged(wrapper, None) == []
        assert len(story.sessions[0].processes) == 2

    def test_one_of_two_processes_leaves_without_ending_the_session(self):
        story = Story()
        game = story.play(50)
        helper = story.born(51, parent=50)
        story.judged(helper)
        assert story.judged(helper, None) == []
        assert [key.pid for key in story.sessions[0].processes] == [50]
        assert story.judged(game, None) == ["corrected"]

    def test_the_last_process_leaves_after_another_one_ended_by_itself(self):
        story = Story()
        game = story.play(50)
        helper = story.born(51, parent=50)
        story.judged(helper)
        story.wait(5)
        story.ended(game)
        story.wait(5)
        assert story.judged(helper, None) == ["ended"]
        assert story.history[0].ended_by is EndedBy.EXIT

    def test_after_a_restart_the_wrapper_does_not_end_the_session_of_its_game(self):
        before = Story()
        wrapper, game = before.born(50), before.born(51, parent=50)
        before.judged(game, root=wrapper)
        after = Story(sessions=before.sessions)
        assert after.judged(wrapper, None) == []
        assert after.judged(game, None) == ["corrected"]


class TestForeground:
    def test_only_the_time_in_front_counts(self):
        story = Story()
        game = story.play(50)
        story.wait(5)
        story.focus(game)
        assert story.machine.foreground == (story.sessions[0].id,)
        story.heartbeats(20)
        story.focus(process(99))
        assert story.machine.foreground == ()
        story.heartbeats(30)
        story.focus(game)
        story.wait(2.5)
        story.focus(None)
        story.wait(100)
        story.ended(game)
        session = story.history[0]
        assert (session.foreground_seconds, session.active_seconds, session.idle_seconds) == (22.5, 22.5, 0)

    def test_the_time_before_the_verdict_counts_too(self):
        story = Story()
        story.focus(None)
        game = story.wait(1).born(50)
        story.wait(1)
        story.focus(game)
        story.wait(6)
        story.judged(game)
        assert story.sessions[0].foreground_seconds == 6

    def test_but_not_from_before_the_session_began(self):
        story = Story()
        story.focus(process(50, started=story.elapsed))
        story.wait(10)
        launched = process(50, ticks=int(1000.0 * 100), started=story.elapsed - 4)
        story.judged(launched)
        assert story.sessions[0].foreground_seconds == 4

    def test_any_process_of_the_session_counts(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        story.focus(wrapper)
        story.wait(3)
        story.focus(game)
        story.wait(4)
        story.machine.advance(story.now)
        assert story.sessions[0].foreground_seconds == 7

    def test_an_exit_heard_of_late_takes_back_what_was_counted_after_it(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.heartbeats(30)
        story.ended(game, ago=4)
        assert story.lasted() == 26
        assert story.history[0].foreground_seconds == 26

    def test_a_window_that_outlives_its_process_counts_for_nobody(self):
        story = Story()
        wrapper, game = story.born(50), story.born(51, parent=50)
        story.judged(game, root=wrapper)
        story.focus(game)
        story.wait(10)
        story.ended(game)
        story.wait(10)
        story.ended(wrapper)
        assert story.history[0].foreground_seconds == 10

    def test_a_session_taken_up_again_keeps_what_it_had(self):
        story = Story()
        first = story.play(50)
        story.focus(first)
        story.wait(10)
        story.ended(first)
        story.wait(5)
        second = story.play(60)
        story.focus(second)
        story.wait(7)
        story.ended(second)
        assert story.history[0].foreground_seconds == 17

    def test_a_session_from_before_a_restart_goes_on_counting(self):
        before = Story()
        game = before.play(50)
        before.focus(game)
        before.wait(10)
        before.machine.advance(before.now)
        after = Story(sessions=before.sessions)
        after.focus(game)
        after.wait(5)
        after.ended(game)
        assert after.history[0].foreground_seconds == 15

    def test_a_late_observation_moves_no_counter_back(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(10)
        story.machine.advance(story.now)
        story.awake -= 3
        story.elapsed -= 3
        story.focus(None)
        assert story.sessions[0].foreground_seconds == 10


class TestIdle:
    def test_seconds_since_the_last_input_move_from_active_to_idle(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.heartbeats(400)
        story.idle(since=300)
        session = story.sessions[0]
        assert (session.active_seconds, session.idle_seconds, session.foreground_seconds) == (100, 300, 400)
        story.wait(60)
        story.input(since=20)
        story.wait(10)
        story.ended(game)
        session = story.history[0]
        assert (session.active_seconds, session.idle_seconds, session.foreground_seconds) == (130, 340, 470)

    def test_each_session_gives_up_its_own_part(self):
        story = Story()
        portal, tetris = story.play(50), story.play(60, TETRIS)
        story.focus(portal)
        story.wait(100)
        story.focus(tetris)
        story.wait(100)
        story.idle(since=150)
        story.idle(since=150)
        assert [(s.active_seconds, s.idle_seconds) for s in story.sessions] == [(50, 50), (0, 100)]

    def test_being_idle_before_the_verdict_is_known_afterwards(self):
        story = Story()
        game = story.born(50)
        story.focus(game)
        story.wait(100)
        story.idle(since=60)
        story.wait(10)
        story.judged(game)
        session = story.sessions[0]
        assert (session.active_seconds, session.idle_seconds) == (40, 70)

    def test_sleep_is_neither(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(100)
        story.asleep(3600)
        story.wait(200)
        story.idle(since=200 + 3600 + 50)
        session = story.sessions[0]
        assert (session.active_seconds, session.idle_seconds) == (50, 250)

    def test_idle_since_after_a_sleep_takes_only_what_came_after_it(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(100)
        story.asleep(3600)
        story.wait(200)
        story.idle(since=50)
        session = story.sessions[0]
        assert (session.active_seconds, session.idle_seconds) == (250, 50)

    def test_an_exit_heard_of_late_while_idle_takes_back_idle_time(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(100)
        story.idle(since=50)
        story.wait(50)
        story.ended(game, ago=20)
        session = story.history[0]
        assert (session.active_seconds, session.idle_seconds) == (50, 80)


class TestSleepLockAndClock:
    def test_sleep_counts_as_no_foreground(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(60)
        assert story.asleep(8 * 3600) == []
        story.wait(60)
        story.ended(game)
        assert story.history[0].foreground_seconds == 120
        assert story.lasted() == 120 + 8 * 3600

    def test_a_locked_screen_is_no_foreground(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(60)
        story.lock()
        assert story.machine.foreground == ()
        story.heartbeats(600)
        story.unlock()
        assert story.machine.foreground != ()
        story.wait(60)
        story.ended(game)
        assert story.history[0].foreground_seconds == 120

    @pytest.mark.parametrize("jump", [-86_400, -30, 3600, 10 * 365 * 86_400])
    def test_setting_the_clock_changes_no_length(self, jump):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(60)
        assert story.set_clock(jump) == []
        story.wait(60)
        story.ended(game)
        assert story.lasted() == 120
        assert story.history[0].started_at == MORNING
        assert story.history[0].foreground_seconds == 120


class TestPause:
    def test_nothing_counts_while_paused(self):
        story = Story()
        game = story.play(50)
        story.focus(game)
        story.wait(10)
        assert story.pause() == ["paused"]
        assert story.pause() == []
        assert story.machine.foreground == ()
        story.heartbeats(100)
        assert story.resume() == ["resumed"]
        assert story.resume() == []
        story.wait(5)
        story.ended(game)
        assert story.history[0].foreground_seconds == 15
        assert story.history[0].ended_by is EndedBy.EXIT

    def test_a_game_that_ends_during_the_pause_ended_at_its_beginning(self):
        story = Story()
        game = story.play(50)
        story.wait(10)
        story.pause()
        story.wait(100)
        assert story.ended(game) == ["ended"]
        assert story.lasted() == 10
        assert story.history[0].ended_by is EndedBy.PAUSED

    def test_an_exit_from_before_the_pause_heard_of_later_is_an_exit(self):
        story = Story()
        game = story.play(50)
        story.wait(10)
        story.pause()
        story.wait(1)
        story.ended(game, ago=3)
        assert story.lasted() == 8
        assert story.history[0].ended_by is EndedBy.EXIT

    def test_a_game_started_during_the_pause_begins_with_its_end(self):
        story = Story()
        story.pause()
        story.wait(10)
        game = story.born(50)
        story.focus(game)
        story.wait(10)
        assert story.judged(game) == []
        story.wait(10)
        story.resume()
        story.wait(1)
        assert story.judged(game) == ["started"]
        story.wait(9)
        story.ended(game)
        assert story.lasted() == 10
        assert story.history[0].foreground_seconds == 10

    def test_one_that_came_and_went_during_the_pause_was_never_there(self):
        story = Story()
        story.pause()
        game = story.wait(1).born(50)
        story.judged(game)
        story.wait(5)
        story.ended(game)
        story.resume()
        assert story.events == []

    def test_a_game_from_before_the_pause_that_is_judged_after_it_keeps_its_start(self):
        story = Story()
        game = story.born(50)
        story.wait(5)
        story.pause()
        story.wait(10)
        story.resume()
        story.judged(game)
        assert story.history[0].started_at == MORNING

    def test_a_pause_is_no_hand_over(self):
        story = Story()
        game = story.play(50)
        story.pause()
        story.wait(2)
        story.ended(game)
        later = story.born(60)
        story.judged(later)
        story.wait(2)
        story.resume()
        assert story.judged(later) == ["started"]

    def test_a_correction_during_the_pause_ends_at_its_beginning_too(self):
        story = Story()
        game = story.play(50)
        story.wait(10)
        story.pause()
        story.wait(10)
        assert story.judged(game, None) == ["corrected"]
        assert story.lasted() == 10
        assert story.history[0].ended_by is EndedBy.CORRECTED

    def test_a_launcher_may_hand_over_during_the_pause(self):
        story = Story()
        launcher = story.play(50)
        story.wait(10)
        story.pause()
        game = story.born(51, parent=50)
        assert story.judged(game) == []
        story.ended(launcher)
        story.wait(5)
        assert story.resume() == ["resumed"]
        story.wait(5)
        story.ended(game)
        assert story.lasted() == 20


def test_the_machine_needs_nothing_but_a_policy():
    machine = SessionMachine(Policy())
    assert (machine.sessions, machine.foreground, machine.deadline()) == ((), (), None)


def test_an_id_is_made_of_boot_pid_and_start():
    keys = [
        process(1, ticks=2).key,
        process(2, ticks=2).key,
        process(1, ticks=3).key,
        process(1, ticks=2, boot="b").key,
    ]
    assert len({session_id(key) for key in keys}) == 4
    assert session_id(keys[0]) == session_id(process(1, ticks=2, boot=BOOT).key)


def test_a_session_known_to_history_that_is_over_is_not_told_again():
    story = Story()
    game = story.play(50)
    story.wait(3)
    story.ended(game)
    known = {session.id: session for session in story.history}
    later = Story(known=known.get)
    later.ended(game)
    assert later.judged(game) == []


class TestGamesThatComeIntoAProcess:
    """A tab of a browser that shows a stream, an emulator in whose menu one game after the other is chosen."""

    FERN = Game("name:fern-quest", "Fern Quest", platform="NES")
    MOSS = Game("name:moss-garden", "Moss Garden", platform="NES")

    def shown(self, story, process, game, person=False):
        evidence = (Evidence("person.ignore" if person else "test", 1.0, "So it is.", game),)
        word = Verdict(game, 0.95 if game else 0.05, evidence, later=game is not None)
        return story._note(story.machine.judged(story.now, word, process, process))

    def emulator(self, story):
        process = story.born(10, ago=600)
        assert self.shown(story, process, None) == []
        return process

    def test_play_begins_when_the_game_is_shown_and_ends_when_it_is_shown_no_more(self):
        story = Story()
        process = self.emulator(story)
        assert self.shown(story, process, self.FERN) == ["started"]
        began = story.wall
        assert story.sessions[0].started_at == began
        story.wait(60)
        assert self.shown(story, process, None) == ["ended"]
        ended = story.events[-1].session
        assert (ended.ended_by, ended.ended_at) == (EndedBy.EXIT, began + 60)

    def test_another_game_in_the_same_process_is_another_session(self):
        story = Story()
        process = self.emulator(story)
        self.shown(story, process, self.FERN)
        story.wait(60)
        assert self.shown(story, process, self.MOSS) == ["ended", "started"]
        first, second = (event.session for event in story.events[-2:])
        assert (first.game.title, second.game.title) == ("Fern Quest", "Moss Garden")
        assert first.id != second.id
        assert second.started_at == first.ended_at
        story.wait(5)
        assert story.ended(process) == ["ended"]

    def test_a_glance_at_another_tab_ends_nothing(self):
        story = Story(grace=15.0)
        process = self.emulator(story)
        self.shown(story, process, self.FERN)
        story.wait(60)
        self.shown(story, process, None)
        story.wait(5)
        assert self.shown(story, process, self.FERN) == ["resumed"]
        story.wait(60)
        self.shown(story, process, None)
        story.wait(60)
        assert self.shown(story, process, self.FERN) == ["started"]
        assert len({event.session.id for event in story.events}) == 2

    def test_what_the_person_says_is_no_game_never_was_one(self):
        story = Story()
        process = self.emulator(story)
        self.shown(story, process, self.FERN)
        assert self.shown(story, process, None, person=True) == ["corrected"]

    def test_a_word_that_comes_when_the_process_is_gone_opens_nothing(self):
        story = Story()
        process = self.emulator(story)
        story.ended(process)
        assert self.shown(story, process, self.FERN) == []

    def test_a_game_named_at_the_start_lasts_as_long_as_its_process(self):
        story = Story()
        process = story.play(11, self.FERN)
        story.wait(60)
        assert story.judged(process, self.MOSS) == ["updated"]
        assert len(story.sessions) == 1


class TestThePersonRefusesAGameThatAScriptStarted:
    """``/usr/games/sky`` starts ScummVM: the script bears the game's name, the rule is about ScummVM."""

    QUEST = Game("desktop:quest", "Fern Quest")

    def refuse(self, story, process, root):
        word = Verdict(None, 0.0, (Evidence("person.ignore", -200.0, "You said so."),))
        return story._note(story.machine.judged(story.now, word, root, process, (root.key,)))

    def started(self, story):
        script = story.play(10, self.QUEST)
        engine = story.born(11, parent=10)
        story.judged(engine, Game("name:fern-quest", "Fern Quest"), root=script, ancestors=(script.key,))
        return script, engine

    def test_its_session_never_was_one_and_the_script_opens_no_other(self):
        story = Story()
        script, engine = self.started(story)
        assert self.refuse(story, engine, script) == ["corrected"]
        assert story.judged(script, self.QUEST, reason="Its window came.") == []
        assert story.sessions == ()
        assert self.refuse(story, engine, script) == []

    def test_once_the_person_takes_it_back_it_is_played(self):
        story = Story()
        script, engine = self.started(story)
        self.refuse(story, engine, script)
        assert story.judged(engine, Game("name:fern-quest", "Fern Quest"), root=script) == ["resumed"]
        assert story.judged(script, self.QUEST) in ([], ["updated"])

    def test_the_persons_other_word_on_the_script_itself_counts(self):
        story = Story()
        script, engine = self.started(story)
        self.refuse(story, engine, script)
        word = Verdict(self.QUEST, 1.0, (Evidence("person.game", 200.0, "You said so.", self.QUEST),))
        assert story._note(story.machine.judged(story.now, word, script, script)) == ["resumed"]

    def test_a_launcher_that_is_refused_takes_no_game_with_it(self):
        story = Story()
        launcher, game = self.started(story)
        assert self.refuse(story, launcher, launcher) == []
        assert len(story.sessions) == 1
        assert story.sessions[0].processes == (game.key,)

    def test_the_next_start_is_judged_anew(self):
        story = Story()
        script, engine = self.started(story)
        self.refuse(story, engine, script)
        story.ended(engine)
        story.ended(script)
        story.wait(60)
        assert story._note(
            story.machine.judged(
                story.now, Verdict(self.QUEST, 0.95, (Evidence("t", 3.0, "r", self.QUEST),)), *[story.born(20)] * 2
            )
        ) == ["started"]
