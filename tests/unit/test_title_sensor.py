"""When a title screen is read, what its child is told, and what becomes of its answer; the child is made up.

A mock because only a real screen with a real game gives what is told here; tests/desktop/test_title_screens.py has one.
"""

from dataclasses import replace

import pytest
from made_up_child import MadeUpChild

from gamedetectd.domain import Instant, TitleRead, Window
from gamedetectd.errors import VisionChildError
from gamedetectd.platforms.capture.shown import Outcome
from gamedetectd.sensors import screen_child, screen_titles
from gamedetectd.sensors.screen_child import Subject, key_of
from gamedetectd.sensors.screen_schedule import KEPT, SETTLE, SHARE, SPAN, Wish
from gamedetectd.sensors.screen_titles import FIRST_SECONDS, LOOKS, PAUSE, TitleSchedule, TitleSensor
from gamedetectd.vision import wire

EMULATOR = Window(7, 100, "Emulator", "stella")
A, B = (1, 10, "a"), (2, 20, "b")


def read(title):
    return wire.Read(title, 1.0 if title else 0.0, (640, 480), "", {})


class World(MadeUpChild):
    """An emulator is in front; the child reads nothing unless it has other answers."""

    def __init__(self):
        super().__init__()
        self.subject = Subject(EMULATOR, Wish(key_of(EMULATOR), wanted=True))
        self.sensor = TitleSensor(self, self.start, lambda: self.subject, lambda: iter([("A", "B"), ("C",)]))

    def ask(self, request):
        self.asked.append(request)
        if isinstance(request, wire.ReadWindow):
            answer = self.answers.pop(0) if self.answers else read(None)
            if isinstance(answer, Exception):
                raise answer
            if callable(answer):
                answer = answer()
            yield answer

    def looks(self):
        return [one for one in self.asked if isinstance(one, wire.ReadWindow)]


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(screen_titles, "rest", lambda stop, seconds: stop.wait(seconds))
    monkeypatch.setattr(screen_child, "_processor_seconds", lambda _pid: 1.7)
    return World()


def test_a_title_is_told_once_and_the_title_screen_is_not_read_again(world):
    world.answers = [read(None), read("B")]
    assert world.run() == [TitleRead(Instant(7.0, 7.0, 7.0), 100, "B")]
    assert len(world.looks()) == 2
    assert [one.titles for one in world.asked[:2]] == [("A", "B"), ("C",)]
    assert world.sensor.report.sequences == 1
    assert world.sensor.report.seconds == 1.7


def test_the_child_is_never_told_of_the_windows_title_nor_asked_for_what_it_read(world):
    world.run()
    assert b"Emulator" not in b"".join(map(wire.line, world.asked))
    assert {one.lines for one in world.looks()} == {False}


def test_a_few_looks_in_the_first_seconds_and_no_more(world):
    assert world.run(until=1000.0) == []
    assert len(world.looks()) == LOOKS
    assert world.starts == 1


def test_what_comes_late_in_its_first_seconds_is_looked_at_as_often_as_there_is_time(world):
    subject, world.subject = world.subject, replace(world.subject, wish=Wish(key_of(EMULATOR), False, undecided=True))

    def wait(timeout, wait=world.wait):
        if world.time >= 10:
            world.subject = subject
        return wait(timeout)

    world.wait = wait
    world.run()
    assert 1 <= len(world.looks()) < LOOKS


def another():
    window = replace(EMULATOR, title="Other")
    return Subject(window, Wish(key_of(window), wanted=False))


@pytest.mark.parametrize("when", ["between", "while it is read"])
def test_what_is_no_longer_in_front_is_told_nothing_of(world, when):
    def leave(title):
        world.subject = another()
        return read(title)

    world.answers = [lambda: leave(None if when == "between" else "A")]
    assert world.run() == []
    assert len(world.looks()) == 1


def test_an_end_between_two_looks_ends_it(world):
    assert world.run(until=SETTLE + PAUSE / 2) == []
    assert len(world.looks()) == 1


def test_what_cannot_be_captured_is_not_tried_again(world):
    world.answers = [wire.Unseen(Outcome.CANNOT, "This desktop shows no window.")]
    world.run()
    assert len(world.looks()) == 1
    assert world.sensor.degraded_reason() == "This desktop shows no window."


def test_a_child_that_fails_is_reported_and_costs_the_looks_at_this_title_screen(world):
    world.answers = [VisionChildError("It crashed.", "Try again.")]
    assert world.run(until=300.0) == []
    assert world.starts == 1
    assert world.sensor.report.error.cause == "It crashed."
    assert world.sensor.schedule.failures == 1


def test_a_page_that_shows_something_else_loses_the_title_that_was_read(world):
    world.subject = replace(world.subject, stream=True)
    world.answers = [read("A")]
    world.run(until=30.0)
    other = another()
    world.subject = replace(other, wish=replace(other.wish, wanted=True), stream=True)
    world.run(until=90.0)
    assert [one.title for one in world.emitted] == ["A", ""]


def test_an_emulator_keeps_it_when_it_only_says_that_it_is_paused(world):
    world.answers = [read("A")]
    world.run(until=30.0)
    other = another()
    world.subject = replace(other, wish=replace(other.wish, wanted=True))
    world.run(until=90.0)
    assert [one.title for one in world.emitted] == ["A"]


# --- when ---


def test_it_waits_a_moment_and_gives_up_after_the_first_seconds():
    schedule = TitleSchedule()
    assert schedule.rest(0.0, Wish(A, wanted=True)) == SETTLE
    assert schedule.rest(SETTLE, Wish(A, wanted=True)) == 0
    assert schedule.left(5.0, A) == FIRST_SECONDS - 5.0
    assert schedule.rest(FIRST_SECONDS + 1, Wish(A, wanted=True)) is None
    assert schedule.left(3.0, B) == FIRST_SECONDS


@pytest.mark.parametrize("wish", [None, Wish(A, wanted=False), Wish(A, wanted=True, hindered=True)])
def test_nothing_is_read_of_what_is_absent_known_or_hindered(wish):
    schedule = TitleSchedule()
    schedule.rest(0.0, wish)
    assert schedule.rest(SETTLE, wish) is None


def test_the_next_thing_is_read_at_once_and_within_the_share_of_the_processor():
    schedule = TitleSchedule()
    cost, at, looked = 2.0, 0.0, 0
    for number in range(200):
        wish = Wish((number, 1, "x"), wanted=True)
        schedule.rest(at, wish)
        at += SETTLE
        if schedule.rest(at, wish) == 0:
            looked += 1
            schedule.ended(at, wish.key, cost)
        assert schedule.spent(at) <= SHARE * SPAN
    assert looked == int(SHARE * SPAN / cost)


def test_only_so_many_are_remembered():
    schedule = TitleSchedule()
    for number in range(2 * KEPT):
        schedule.rest(0.0, Wish((number, 1, "x"), wanted=True))
    assert len(schedule._first) == KEPT
