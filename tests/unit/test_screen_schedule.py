"""When the screen is looked at: seldom, in front only, and never beyond its share of the processor; time is driven."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamedetectd.sensors.screen_schedule import (
    AGAIN,
    ASK_AGAIN,
    ASK_LIMIT,
    BETWEEN,
    FIRST_RETRY,
    HINDERED,
    KEPT,
    LONGEST_RETRY,
    SETTLE,
    SHARE,
    SPAN,
    UNFINISHED,
    Schedule,
    Wish,
    steady,
)

A, B = (1, 10, "a"), (2, 20, "b")
WANTED = Wish(A, wanted=True)


def looked(schedule, at, key=A, cost=1.0, **how):
    """A sequence that began and ended at ``at``."""
    assert schedule.rest(at, Wish(key, wanted=True)) == 0
    schedule.ended(at, key, cost, **how)


@pytest.fixture
def schedule():
    """Something is in front and was for long enough."""
    one = Schedule()
    assert one.rest(0.0, WANTED) >= SETTLE
    return one


def test_nothing_is_due_without_a_window_or_a_wish():
    schedule = Schedule()
    assert schedule.rest(0.0, None) is None
    assert schedule.rest(0.0, Wish(A, wanted=False)) is None


def test_a_window_is_looked_at_a_moment_after_it_came_to_the_front():
    schedule = Schedule()
    assert schedule.rest(100.0, WANTED) == SETTLE
    assert schedule.rest(101.0, WANTED) == SETTLE - 1
    assert schedule.rest(101.0, Wish(B, wanted=True)) == SETTLE
    assert schedule.rest(103.0, Wish(B, wanted=True)) == 0


def test_the_same_is_looked_at_again_after_ten_minutes(schedule):
    looked(schedule, 10.0)
    assert schedule.rest(10.0, WANTED) == AGAIN == 600
    assert schedule.rest(10.0 + AGAIN, WANTED) == 0


def test_another_title_or_window_is_looked_at_soon(schedule):
    looked(schedule, 10.0)
    assert schedule.rest(11.0, Wish((1, 10, "other"), wanted=True)) == BETWEEN - 1
    assert schedule.rest(10.0 + BETWEEN, Wish((1, 10, "other"), wanted=True)) == 0
    assert schedule.rest(60.0, WANTED) == AGAIN - 50  # and back to what was looked at


def test_what_told_too_little_is_looked_at_again_in_a_minute(schedule):
    looked(schedule, 10.0, enough=False)
    assert schedule.rest(10.0, WANTED) == UNFINISHED


def test_a_sequence_that_broke_off_is_begun_again(schedule):
    assert schedule.rest(10.0, WANTED) == 0
    schedule.broke_off(10.0, 0.5)
    assert schedule.rest(10.0, WANTED) == BETWEEN


@pytest.mark.parametrize(("title", "other"), [("Game - 60 fps", "Game - 59.5 fps"), ("12:01", "12:02")])
def test_numbers_in_a_title_are_no_change(title, other):
    assert steady(title) == steady(other)
    assert steady("Level one") != steady("Level two")


def test_something_that_passes_is_looked_at_again_later():
    schedule = Schedule()
    assert schedule.rest(0.0, Wish(A, wanted=True, hindered=True)) == HINDERED
    assert schedule.rest(0.0, Wish(A, wanted=False, hindered=True)) is None


def test_detection_is_asked_again_for_a_minute_and_no_longer():
    schedule, wish = Schedule(), Wish(A, wanted=False, undecided=True)
    assert schedule.rest(0.0, wish) == SETTLE
    asked = [schedule.rest(SETTLE + ASK_AGAIN * turn, wish) for turn in range(ASK_LIMIT + 1)]
    assert asked == [*[ASK_AGAIN] * ASK_LIMIT, None]
    assert schedule.rest(500.0, Wish(B, wanted=False, undecided=True)) == SETTLE


def test_pauses_grow_while_the_child_fails(schedule):
    now, pauses = 10.0, []
    for _ in range(12):
        assert schedule.rest(now, WANTED) == 0
        schedule.failed(now, 0.0)
        pauses.append(schedule.rest(now, WANTED))
        now += pauses[-1]
    assert pauses[0] == FIRST_RETRY == BETWEEN
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_RETRY
    looked(schedule, now)
    assert schedule.failures == 0


def test_somebody_may_say_that_the_reason_is_gone(schedule):
    for _ in range(5):
        schedule.failed(10.0, 0.0)
    schedule.try_again()
    assert schedule.rest(10.0, WANTED) == BETWEEN


def test_only_so_many_windows_are_remembered(schedule):
    for number in range(KEPT + 5):
        schedule.ended(10.0 + number, (number, 1, ""), 0.0)
    now = 10.0 + KEPT + 100
    assert schedule.rest(now, Wish((0, 1, ""), wanted=True)) == SETTLE  # forgotten: looked at again
    assert schedule.rest(now, Wish((KEPT, 1, ""), wanted=True)) > BETWEEN


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.floats(0.0, 60.0)), min_size=20, max_size=120),
    st.lists(st.floats(0.3, 3.0), min_size=1, max_size=10),
    st.sampled_from(["ended", "broke_off", "failed"]),
)
def test_no_hour_costs_more_than_its_share(changes, costs, what):
    """Whatever comes to the front and however long looking takes, as long as a sequence costs what others did."""
    schedule, now, spent = Schedule(), 0.0, []
    for number, (window, later) in enumerate(changes):
        now += later
        key = (window, 1, str(number % 7))
        if schedule.rest(now, Wish(key, wanted=True)) == 0 or schedule.rest(now + SETTLE, Wish(key, wanted=True)) == 0:
            now += SETTLE
            cost = max(costs) if number % 2 else costs[number % len(costs)]
            spent.append((now, cost))
            schedule.ended(now, key, cost) if what == "ended" else getattr(schedule, what)(now, cost)
    for begun, _ in spent:
        hour = sum(cost for at, cost in spent if begun <= at < begun + SPAN)
        assert hour <= SHARE * SPAN + max(costs)
    assert schedule.spent(now + SPAN + 1) == 0
