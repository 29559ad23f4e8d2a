"""Bubbles over a real session bus, with a notification service that restarts, refuses, hangs or knows little."""

import sys
import time

import pytest
from notification_story import Hour
from real_bus import Bus
from real_notifications import PATH, SERVICE, FakeService
from real_programs import eventually

from gamedetectd.platforms.dbus import session_bus
from gamedetectd.platforms.notify import Bubble, Button, Clicked, make_notifier
from gamedetectd.platforms.notify import freedesktop as module
from gamedetectd.platforms.notify.freedesktop import BusNotifier
from gamedetectd.worker import Worker

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus notifications are Linux's")

WHY, NOT = Button("why", "Why?"), Button("not-a-game", "Not a game")
BUBBLE = Bubble("game:1", "Portal 2 is being played", "A <b> & c", buttons=(WHY, NOT))


@pytest.fixture
def service(bus):
    """``service(…)`` starts one; all end with the test."""
    started = []

    def start(*arguments, **options):
        started.append(FakeService(bus, *arguments, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def notifier(bus):
    notifier = make_notifier()
    assert isinstance(notifier, BusNotifier)
    yield notifier
    notifier.close()


def until(notifier, look, wanted=False, seconds=5.0):
    """Step until ``look()`` is true; everything clicked meanwhile."""
    clicked = []

    def turn():
        clicked.extend(notifier.step(wanted=wanted))
        return look()

    eventually(turn, seconds, "what the notifier waits for")
    return clicked


def ready(notifier, wanted=False):
    until(notifier, lambda: notifier.ready, wanted)
    return notifier


def test_a_bubble_arrives_with_everything_the_service_understands(service, notifier):
    there = service()
    assert ready(notifier).trouble == ""
    assert notifier.show(BUBBLE)
    assert notifier.show(Bubble("condition:x", "Broken", "Mend it.", critical=True, stays=True))
    first, second = there.shown
    assert first == (
        1, 0, "Portal 2 is being played", "A &lt;b&gt; &amp; c",
        ["why", "Why?", "not-a-game", "Not a game", "default", ""],
        {"urgency": ("y", 1), "desktop-entry": ("s", "gamedetectd"), "transient": ("b", True)},
    )  # fmt: skip
    assert second[5] == {"urgency": ("y", 2), "desktop-entry": ("s", "gamedetectd"), "transient": ("b", False)}
    assert second[4] == []


def test_a_service_without_markup_and_actions_gets_plain_text(service, notifier):
    there = service(capabilities=("body",))
    assert ready(notifier).show(BUBBLE)
    assert there.shown[0][3:5] == ("A <b> & c", [])


def test_the_same_key_replaces_as_long_as_it_is_there(service, notifier):
    there = service()
    ready(notifier)
    notifier.show(BUBBLE)
    notifier.show(Bubble("other", "Other"))
    notifier.show(BUBBLE)
    assert [(number, replaces) for number, replaces, *_ in there.shown] == [(1, 0), (2, 0), (1, 1)]
    there.close_bubble(1)
    until(notifier, lambda: "game:1" not in notifier._shown)
    notifier.show(BUBBLE)
    assert there.shown[-1][1] == 0
    notifier.withdraw("other")
    notifier.withdraw("other")
    notifier.withdraw("never shown")
    notifier.close()
    eventually(lambda: there.closed == [2, 3], what="everything being taken away")
    assert not notifier.ready
    assert not notifier.show(BUBBLE)


def test_clicks_come_back_with_their_key(service, notifier):
    there = service()
    ready(notifier).show(BUBBLE)
    there.click(1, "not-a-game")
    there.click(1, "default")
    there.click(77, "why")
    there.close_bubble(1)
    clicked = until(notifier, lambda: not notifier._shown)
    assert clicked == [Clicked("game:1", "not-a-game"), Clicked("game:1", "why")]


def test_what_came_while_it_waited_for_an_answer_is_not_left_lying(service, notifier):
    there = service()
    ready(notifier).show(BUBBLE)
    assert notifier.due(wanted=False) is None
    there.click(1, "why")
    notifier.show(Bubble("other", "Other"))
    assert notifier.due(wanted=False) is not None
    assert notifier.step(wanted=False) == [Clicked("game:1", "why")]


def test_strangers_on_the_bus_are_not_believed(bus, service, notifier):
    service()
    ready(notifier).show(BUBBLE)
    stranger = session_bus.SessionBus.open(bus.address)
    message = ("ActionInvoked", "us", 1, "not-a-game")
    stranger.emit(PATH, SERVICE, *message)
    from jeepney import DBusAddress, HeaderFields, new_signal

    addressed = new_signal(DBusAddress(PATH, interface=SERVICE), "ActionInvoked", "us", message[2:])
    addressed.header.fields[HeaderFields.destination] = notifier.connection.name
    stranger._post(addressed)
    stranger.tell(notifier.connection.name, PATH, SERVICE, "Notify")
    time.sleep(0.2)
    assert notifier.step(wanted=False) == []
    assert not notifier.connection.waiting
    stranger.close()


def test_a_service_that_comes_later_goes_and_comes_back(service, notifier):
    notifier.step(wanted=True)
    assert not notifier.ready
    assert "no notification service" in notifier.trouble
    assert notifier.due(wanted=True) is None  # it is heard when one comes
    first = service()
    ready(notifier).show(BUBBLE)
    first.stop()
    until(notifier, lambda: not notifier.ready)
    assert "no notification service" in notifier.trouble
    second = service(capabilities=("body",))
    ready(notifier).show(BUBBLE)
    assert second.shown == [(1, 0, BUBBLE.title, BUBBLE.body, [], second.shown[0][5])]


def test_a_service_that_the_bus_can_start_is_started_once_there_is_something_to_tell(tmp_path, monkeypatch):
    bus, started = Bus(tmp_path), tmp_path / "started"
    program = tmp_path / "service.sh"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    bus.can_start(SERVICE, program)
    bus.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    notifier = BusNotifier()
    for _ in range(5):
        notifier.step(wanted=False)
    assert (notifier.trouble, notifier.ready, started.exists()) == ("", False, False)
    until(notifier, started.exists, wanted=True)
    assert notifier.due(wanted=True) > time.monotonic() + module.STARTING - 5
    assert notifier.due(wanted=False) is None
    monkeypatch.setattr(module.time, "monotonic", lambda: 1e9)
    notifier.step(wanted=True)
    assert notifier.trouble == "The notification service does not start."
    monkeypatch.undo()
    there = FakeService(bus)  # as if it had started after all
    assert ready(notifier, wanted=True).trouble == ""
    there.stop()
    notifier.close()
    bus.stop()


@pytest.mark.parametrize("how", ["refuses", "hangs"])
def test_a_service_that_does_not_take_it_is_no_disaster(service, notifier, monkeypatch, how):
    monkeypatch.setattr(session_bus, "CALL_SECONDS", 0.2)
    service(**{how: True})
    assert not ready(notifier).show(BUBBLE)
    notifier.withdraw("game:1")
    notifier.step(wanted=False)


def test_taking_a_bubble_away_waits_for_nobody(bus, service, notifier, monkeypatch):
    there = service()
    ready(notifier).show(BUBBLE)
    monkeypatch.setattr(session_bus, "CALL_SECONDS", 1.5)
    there._hangs = True
    began = time.monotonic()
    notifier.withdraw("game:1")
    assert time.monotonic() - began < 1.0
    notifier.show(BUBBLE)
    bus.stop()
    notifier.withdraw("game:1")
    notifier.close()


def test_only_so_many_bubbles_are_remembered(service, notifier, monkeypatch):
    monkeypatch.setattr(module, "MOST_SHOWN", 3)
    service()
    ready(notifier)
    for number in range(5):
        notifier.show(Bubble(str(number), "x"))
    assert list(notifier._shown) == ["2", "3", "4"]


def test_a_bus_that_ends_is_looked_for_again(bus, service, notifier):
    service()
    ready(notifier).show(BUBBLE)
    bus.stop()
    until(notifier, lambda: not notifier.ready)
    assert "went away" in notifier.trouble
    assert notifier.connection is None
    assert notifier.due(wanted=False) is not None
    bus.start()
    service()
    ready(notifier)


def test_a_bus_that_never_was_is_looked_for_only_when_wanted(monkeypatch):
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    nowhere = BusNotifier()
    nowhere.step(wanted=False)
    assert nowhere.trouble == "There is no D-Bus session bus."
    assert nowhere.due(wanted=False) is None
    assert nowhere.due(wanted=True) is not None
    nowhere.close()


def test_the_worker_sleeps_until_something_comes(service, bus):
    """As in the daemon: clicks arrive without anybody looking for them, and nothing ticks."""
    there, steps = service(), []
    hour = Hour(BusNotifier(), mode="all")
    step = hour.notifications.step
    hour.notifications.step = lambda: (steps.append(1), step())[1]
    worker = Worker("notifications", hour.notifications.run)
    hour.notifications.attach(worker.wake)
    worker.start()
    from notification_story import session

    from gamedetectd.domain import SessionEvent, SessionEventKind

    hour.notifications.happened([SessionEvent("1", SessionEventKind.STARTED, 0.0, session())])
    eventually(lambda: there.shown, what="the bubble")
    there.click(1, "why")
    eventually(lambda: len(there.shown) == 2, what="the reasons")
    assert there.shown[1][2] == "Why Portal 2?"
    time.sleep(0.3)
    before = len(steps)
    time.sleep(1.0)
    assert len(steps) == before
    worker.stop()
    assert worker.join(3.0)
    assert worker.restarts == 0
    eventually(lambda: sorted(there.closed) == [1, 2], what="everything being taken away")
