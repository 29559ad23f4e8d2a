"""The screen sensor with a child that is made up: what it asks, what it tells, and what becomes of failures.

A mock because only a real screen with a real game gives what is told here; tests/desktop/test_vision.py has those.
"""

from dataclasses import replace

import pytest
from made_up_child import MadeUpChild

from gamedetectd.domain import Bounds, ScreenClassified, ScreenLabels, Window
from gamedetectd.errors import LearnError, ModelDamagedError, VisionChildError
from gamedetectd.platforms.capture.shown import Outcome
from gamedetectd.sensors import screen, screen_child
from gamedetectd.sensors.screen import ScreenSensor, kept
from gamedetectd.sensors.screen_child import Subject, key_of
from gamedetectd.sensors.screen_schedule import ATTEMPTS, FRAMES, Wish
from gamedetectd.vision import wire

GAME = Window(7, 100, "Emulator - secret title", "x", bounds=Bounds(1, 2, 640, 480))
GONE = wire.Unseen(Outcome.GONE, "The window is gone.")
DENIED = wire.Unseen(Outcome.DENIED, "The desktop does not allow it.")
NOTHING_LEARNED = LearnError("No frame told anything.", "Show more.")


def seen(informative=1, decision="unknown", title=None, probability=0.9):
    return wire.Seen("", probability, 0.0, title, 0.8, decision, title, informative, (640, 480), "", {})


def frames(decision="game", title="Pitfall!", blank=0):
    """What a window tells: ``blank`` frames first, then enough."""
    empty = replace_seen(blank="black", informative=0)
    return [*[empty] * blank, *(seen(number) for number in range(1, FRAMES)), seen(FRAMES, decision, title)]


def replace_seen(**changes):
    return wire.Seen(**{**{name: getattr(seen(), name) for name in wire.Seen.__struct_fields__}, **changes})


class World(MadeUpChild):
    """It shows a game; the child sees one unless it has other answers."""

    def __init__(self):
        super().__init__()
        self.subject = Subject(GAME, Wish(key_of(GAME), wanted=True))
        self.sensor = ScreenSensor(self, self.start, lambda: self.subject)

    def ask(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else seen()
        if isinstance(answer, Exception):
            raise answer
        yield from answer if isinstance(answer, list) else [answer]


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(screen, "rest", lambda stop, seconds: stop.wait(seconds))
    monkeypatch.setattr(screen_child, "_processor_seconds", lambda _pid: 0.7)
    return World()


def test_five_frames_two_seconds_apart_make_one_observation(world):
    world.answers = frames()
    [told] = world.run()
    assert told == ScreenClassified(told.at, 100, ScreenLabels(0.9, "Pitfall!", 0.8, "game"))
    assert told.at.awake == 2.0 + 4 * 2.0
    assert world.starts == 1
    assert world.sensor.report.sequences == 1
    assert world.sensor.report.seconds == 0.7
    assert world.sensor.report.error is None


def test_the_child_is_told_of_the_window_and_never_of_its_title(world):
    world.answers = frames()
    world.run()
    assert {type(one) for one in world.asked} == {wire.LookAtWindow}
    assert world.asked[0].window == wire.AWindow(7, 100, (1, 2, 640, 480))
    assert b"secret" not in b"".join(map(wire.line, world.asked))


def test_a_window_without_a_known_place(world):
    window = replace(GAME, bounds=None)
    world.subject = Subject(window, Wish(key_of(window), wanted=True), stream=True)
    world.answers = frames()
    world.run()
    assert world.asked[0].window.bounds is None
    assert world.asked[0].stream


def test_frames_that_tell_nothing_are_passed_over(world):
    world.answers = frames(blank=4)
    assert len(world.run()) == 1
    assert len(world.asked) == 4 + FRAMES


def test_too_many_of_them_end_the_sequence_which_is_tried_again(world):
    world.answers = [replace_seen(blank="black", informative=0)] * ATTEMPTS
    world.run(until=60.0)
    assert world.emitted == []
    assert len(world.asked) == ATTEMPTS
    world.answers = frames()
    assert len(world.run(until=150.0)) == 1


@pytest.mark.parametrize("change", ["gone", "another", "hindered", "unwanted"])
def test_a_sequence_ends_when_it_may_not_go_on(world, change):
    other = {
        "gone": None,
        "another": Subject(replace(GAME, handle=8), Wish((8, 100, ""), wanted=True)),
        "hindered": replace(world.subject, wish=replace(world.subject.wish, hindered=True)),
        "unwanted": replace(world.subject, wish=replace(world.subject.wish, wanted=False)),
    }[change]
    asked = world.ask

    def ask(request):
        yield from asked(request)
        if len(world.asked) == 2:
            world.subject = other

    world.ask = ask
    world.answers = frames()
    world.run(until=14.0)
    assert world.emitted == []
    assert len(world.asked) == 2


def test_what_changes_at_the_last_moment_is_not_told(world):
    asked = world.ask

    def ask(request):
        yield from asked(request)
        if len(world.asked) == FRAMES:
            world.subject = None

    world.ask = ask
    world.answers = frames()
    assert world.run() == []


def test_the_end_of_the_daemon_ends_a_sequence(world):
    world.answers = frames()
    assert world.run(until=7.0) == []
    assert world.sensor.report.sequences == 1
    world.sensor.cut_short()  # nothing is at work
    assert world.closed == 0


def test_a_child_that_works_can_be_cut_short(world):
    asked = world.ask

    def ask(request):
        world.sensor.cut_short()
        world.until = 0.0
        yield from asked(request)

    world.ask, world.answers = ask, [VisionChildError("It ended with signal SIGKILL.", "")]
    world.run()
    assert world.closed == 1
    assert world.sensor.report.sequences == 0


def test_failures_are_reported_with_growing_pauses_until_one_succeeds(world):
    world.answers = [VisionChildError("It ended.", "Try again.")] * 3
    world.run(until=130.0)
    assert (world.sensor.report.failures, world.sensor.report.error.cause) == (3, "It ended.")
    assert world.emitted == []
    world.answers = frames()
    assert len(world.run(until=600.0)) == 1
    assert (world.sensor.report.failures, world.sensor.report.error) == (0, None)


def test_a_child_that_does_not_start(world):
    def start():
        raise ModelDamagedError("features.onnx is another.", "Install it again.")

    world.sensor._start = start
    world.run(until=10.0)
    assert world.sensor.report.error.cause == "features.onnx is another."


def test_a_window_that_cannot_be_captured_at_all_is_a_shortcoming(world):
    world.answers = [DENIED]
    world.run(until=20.0)
    assert world.sensor.degraded_reason() == "The desktop does not allow it."
    assert len(world.asked) == 1  # no use trying all frames
    world.answers = frames()
    world.run(until=200.0)
    assert world.sensor.degraded_reason() is None


def test_a_window_that_is_gone_is_no_shortcoming(world):
    world.answers = [GONE] * ATTEMPTS
    world.run(until=50.0)
    assert world.sensor.degraded_reason() is None
    assert world.sensor.report.error is None


def test_a_title_holds_through_frames_that_tell_nothing(world):
    world.answers = frames()
    world.run(until=100.0)
    world.answers = frames("unknown", None)
    world.run(until=800.0)
    assert [one.screen.title for one in world.emitted] == ["Pitfall!", "Pitfall!"]
    assert [one.screen.decision for one in world.emitted] == ["game", "game"]


def test_another_page_of_a_browser_is_another_matter(world):
    def page(title):
        window = replace(GAME, title=title)
        return Subject(window, Wish(key_of(window), wanted=True), stream=True)

    world.subject, world.answers = page("GeForce NOW"), frames()
    world.run(until=100.0)
    world.subject, world.answers = page("Luna"), frames("unknown", None)
    world.run(until=900.0)
    assert [one.screen.title for one in world.emitted] == ["Pitfall!", None]


LABELS = {
    "nothing new": (ScreenLabels(0.6, None, 0.0, "unknown"), ScreenLabels(0.9, "A", 0.8, "game")),
    "another title": (ScreenLabels(0.95, "B", 0.7, "game"), ScreenLabels(0.95, "B", 0.7, "game")),
    "another title, unsure of the rest": (ScreenLabels(0.6, "B", 0.7, "unknown"), ScreenLabels(0.9, "B", 0.7, "game")),
    "a game without a title": (ScreenLabels(0.95, None, 0.0, "game"), ScreenLabels(0.95, "A", 0.8, "game")),
    "no game": (ScreenLabels(0.05, None, 0.0, "not_game"), ScreenLabels(0.05, None, 0.0, "not_game")),
}


@pytest.mark.parametrize("name", LABELS)
def test_what_takes_the_place_of_what_was_known(name):
    now, expected = LABELS[name]
    assert kept(ScreenLabels(0.9, "A", 0.8, "game"), now) == expected


def test_titles_known_for_sure_are_learned_until_there_are_enough(world):
    world.subject = Subject(GAME, Wish(key_of(GAME), wanted=True), learn=("Portal 2", "steam:620"))
    world.answers = [[wire.Kept(1, 1, 1), wire.Learned("Portal 2", 1, number, ())] for number in (1, 3, 5, 6)]
    world.run(until=4000.0)
    assert world.emitted == []
    assert len(world.asked) == 3
    assert {(one.title, one.game, one.origin, one.pictures) for one in world.asked} == {
        ("Portal 2", "steam:620", "silent", "")
    }


def test_nothing_to_learn_is_no_failure(world):
    world.subject = Subject(GAME, Wish(key_of(GAME), wanted=True), learn=("Portal 2", "steam:620"))
    world.answers = [NOTHING_LEARNED]
    world.run(until=50.0)
    assert world.sensor.report.error is None


def test_it_says_what_it_is(world):
    assert world.sensor.unsupported_reason() is None
    assert ScreenSensor(world, world.start, lambda: None, lambda: "not here").unsupported_reason() == "not here"
    assert "picture" in world.sensor.source()


def test_what_a_child_took_is_asked_of_the_system():
    import os

    assert screen_child._processor_seconds(os.getpid()) > 0


def test_of_a_child_that_is_gone_it_is_guessed():
    assert screen_child._processor_seconds(2**22 + 5) == screen_child.EXPECTED
