"""The facts room: questions are answered whatever its sources do, and an idle room sleeps."""

import logging
import threading
import time

import pytest
from real_programs import eventually

from gamedetectd.domain import DesktopEntry, FactKind, Facts
from gamedetectd.facts.later import Later
from gamedetectd.facts.room import FactsRoom
from gamedetectd.observability.correlation import correlation, current_id
from gamedetectd.worker import Worker

ENTRY, FILES, GPU, BUNDLE = FactKind.DESKTOP_ENTRY, FactKind.FILES, FactKind.GPU, FactKind.BUNDLE
NOTHING = Facts(gathered=frozenset())


class Scripted:
    """A source that does what the test says: return facts, raise, or wait."""

    def __init__(self, kind, act, time_limit=5.0):
        self.kind, self.act, self.time_limit = kind, act, time_limit
        self.calls = 0

    def gather(self, facts):
        self.calls += 1
        return self.act(facts)


def finds(facts):
    return Facts(desktop_entry=DesktopEntry("Doom"), gathered=facts.gathered)


def breaks(_facts):
    raise PermissionError("locked")


class Desk:
    """A running room and what it has delivered."""

    def __init__(self, *sources, **options):
        self.delivered = []
        self.correlations = []
        self.room = FactsRoom(sources, self._deliver, **options)
        self.worker = Worker("facts", self.room.run)

    def _deliver(self, ticket, facts):
        self.correlations.append(current_id())
        self.delivered.append((ticket, facts))

    def ask(self, *kinds, ticket="t", facts=NOTHING):
        assert self.room.ask(ticket, facts, kinds)

    def answer(self, place=0):
        eventually(lambda: len(self.delivered) > place, what="an answer")
        return self.delivered[place][1]


@pytest.fixture
def desk():
    """``desk(*sources)`` runs a room until the test ends."""
    desks = []

    def start(*sources, **options):
        desks.append(Desk(*sources, **options))
        desks[-1].worker.start()
        return desks[-1]

    yield start
    for one in desks:
        one.worker.stop()
    for one in desks:
        assert one.worker.join(5)
        assert one.worker.restarts == 0, one.worker.last_error


def test_what_was_asked_for_is_gathered(desk):
    one = desk(Scripted(ENTRY, finds))
    one.ask(ENTRY)
    assert one.answer().desktop_entry == DesktopEntry("Doom")
    assert one.answer().gathered == {ENTRY}
    books = one.room.status()[ENTRY]
    assert (books.asked, books.failed, books.stuck, books.last_error) == (1, 0, False, "")
    assert 0 < books.seconds < 5


def test_kinds_nobody_gathers_are_answered_with_nothing(desk):
    one = desk()
    one.ask(ENTRY, GPU)
    assert one.answer() == Facts(gathered=frozenset({ENTRY, GPU}))


def test_a_question_for_no_kind_is_answered_too(desk):
    one = desk()
    one.ask()
    assert one.answer() == NOTHING


def test_a_failing_source_costs_its_kind_and_is_told_once(desk, caplog):
    one = desk(Scripted(FILES, breaks), Scripted(ENTRY, finds))
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            one.ask(FILES, ENTRY, ticket=number)
            answer = one.answer(number)
            assert answer.gathered == {FILES, ENTRY}
            assert answer.desktop_entry is not None
    books = one.room.status()[FILES]
    assert (books.asked, books.failed, books.last_error) == (3, 3, "PermissionError: locked")
    assert [record.getMessage() for record in caplog.records] == [
        "files could not be gathered: PermissionError: locked"
    ]


@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError(), KeyError("x"), UnicodeDecodeError("u", b"", 0, 1, "")]
)
def test_other_failures_are_survived(desk, error):
    def fail(_facts):
        raise error

    one = desk(Scripted(FILES, fail))
    one.ask(FILES)
    assert one.answer().gathered == {FILES}
    assert one.room.status()[FILES].failed == 1


def test_a_bug_in_a_source_is_reported_and_survived(desk, monkeypatch):
    reported = []
    monkeypatch.setattr(threading, "excepthook", reported.append)

    def fail(_facts):
        raise AttributeError("a bug")

    one = desk(Scripted(FILES, fail))
    one.ask(FILES)
    assert one.answer().gathered == {FILES}
    assert one.room.status()[FILES].failed == 1
    eventually(lambda: [type(args.exc_value) for args in reported] == [AttributeError], what="the report")


def test_a_hanging_source_is_left_behind_until_it_returns(desk):
    returned = threading.Event()

    def hang(facts):
        returned.wait(30)
        return facts

    hanging = Scripted(FILES, hang, time_limit=0.1)
    one = desk(hanging, Scripted(ENTRY, finds))
    for number in range(3):
        one.ask(FILES, ENTRY, ticket=number)
        answer = one.answer(number)
        assert answer.gathered == {FILES, ENTRY}
        assert answer.desktop_entry is not None
    books = one.room.status()[FILES]
    assert (books.asked, books.failed, books.stuck) == (1, 1, True)
    assert books.last_error == "TimeoutError: no answer within 0.1 s"
    assert one.worker.status().stuck_for < 1
    returned.set()
    eventually(lambda: not one.room.status()[FILES].stuck, what="the return")
    one.ask(FILES, ticket="again")
    one.answer(3)
    assert hanging.calls == 2


def test_stopping_does_not_wait_for_a_hanging_source(desk):
    returned = threading.Event()

    def hang(facts):
        returned.wait(30)
        return facts

    hanging = Scripted(FILES, hang, time_limit=30.0)
    one = desk(hanging)
    one.ask(FILES)
    eventually(lambda: hanging.calls, what="the call")
    started = time.monotonic()
    one.worker.stop()
    assert one.worker.join(5)
    assert time.monotonic() - started < 1
    assert one.room.status()[FILES].failed == 0
    returned.set()


def test_the_newest_question_of_a_ticket_wins():
    one = Desk(Scripted(ENTRY, finds))
    for title in ("old", "new"):
        one.ask(ENTRY, facts=Facts(id=title, gathered=frozenset()), ticket="t")
    one.ask(ticket="u")
    assert one.room.waiting() == 2
    one.worker.start()
    eventually(lambda: len(one.delivered) == 2, what="two answers")
    assert [ticket for ticket, _facts in one.delivered] == ["t", "u"]
    one.worker.stop()
    assert one.worker.join(5)


def test_a_full_room_says_so_at_once():
    room = FactsRoom([], lambda _ticket, _facts: None, capacity=2)
    assert [room.ask(number, NOTHING, []) for number in (1, 2, 3, 2)] == [True, True, False, True]
    assert room.refused == 1


def test_a_source_may_ask_for_a_moment_while_the_rest_is_answered(desk):
    moments = [0.15]

    def later(facts):
        if moments:
            raise Later(moments.pop())
        return Facts(gpu=0.5, gathered=facts.gathered)

    one = desk(Scripted(GPU, later), Scripted(ENTRY, lambda facts: facts))
    started = time.monotonic()
    one.ask(GPU, ENTRY)
    assert one.answer(0).gathered == {ENTRY}
    one.ask(ENTRY, ticket="other")
    assert one.answer(1).gathered == {ENTRY}, "the room is not held up"
    assert one.answer(2).gathered == {GPU, ENTRY}
    assert one.answer(2).gpu == 0.5
    assert time.monotonic() - started >= 0.15
    assert one.room.status()[GPU].failed == 0


def test_on_a_starved_machine_a_source_is_left_alone_for_longer(desk):
    moments = [0.2]

    def later(facts):
        if moments:
            raise Later(moments.pop())
        return facts

    one = desk(Scripted(GPU, later))
    one.room.pace = 2.0
    started = time.monotonic()
    one.ask(GPU)
    one.answer()
    assert time.monotonic() - started >= 0.4
    eventually(lambda: one.room.latency.look().count == 1, what="its time")
    assert one.room.latency.look().sum >= 0.4


def test_asking_again_meanwhile_neither_doubles_nor_delays_the_answer(desk):
    ready = time.monotonic() + 0.2

    def later(facts):
        if (left := ready - time.monotonic()) > 0:
            raise Later(left)
        return facts

    one = desk(Scripted(GPU, later))
    for _ in range(5):
        one.ask(GPU)
        time.sleep(0.02)
    one.answer()
    time.sleep(0.1)
    assert len(one.delivered) == 1
    assert time.monotonic() < ready + 2


def test_the_answer_carries_the_questions_correlation(desk):
    one = desk(Scripted(ENTRY, finds))
    with correlation("abc"):
        one.ask(ENTRY)
    one.answer()
    assert one.correlations == ["abc"]


def test_an_idle_room_does_not_wake_up():
    waits = []

    class Stop:
        def is_set(self):
            return len(waits) == 2

        def select(self, _readers, timeout):
            waits.append(timeout)
            return []

    FactsRoom([Scripted(ENTRY, finds)], lambda _ticket, _facts: None).run(Stop())
    assert waits == [None, None]


def test_a_thousand_questions_from_many_threads(desk):
    one = desk(Scripted(ENTRY, lambda facts: facts))
    threads = [
        threading.Thread(target=lambda first=first: [one.ask(ENTRY, ticket=(first, n)) for n in range(100)])
        for first in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    eventually(lambda: len(one.delivered) == 1_000, seconds=20, what="a thousand answers")
    assert len({ticket for ticket, _facts in one.delivered}) == 1_000
    assert one.room.waiting() == 0
