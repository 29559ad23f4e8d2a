"""What every way of showing notifications must hold to, whatever the system offers."""

import sys
from contextlib import ExitStack

import pytest
from real_bus import Bus
from real_notifications import FakeService
from real_programs import eventually

from gamedetectd.platforms.notify import Bubble, Button, TrayNotifier


class OnTheBus:
    """Linux: a service on a session bus of the test's own."""

    def __init__(self, folder, keep):
        from gamedetectd.platforms.notify.freedesktop import BusNotifier

        self._bus = Bus(folder).start()
        keep.callback(self._bus.stop)
        self.notifier = BusNotifier(lambda: self._bus.address)
        self._service, self._keep = None, keep

    def appear(self):
        self._service = FakeService(self._bus)
        self._keep.callback(self._service.stop)

    def shown(self):
        return [title for _, _, title, *_ in self._service.shown]


class InTheTray:
    """Windows and macOS: an icon that shows bubbles."""

    def __init__(self, _folder, _keep):
        self.notifier, self._shown = TrayNotifier(), []

    def appear(self):
        self.notifier.attach(lambda _message, title: self._shown.append(title))

    def shown(self):
        return self._shown


NOTIFIERS = [
    pytest.param(OnTheBus, marks=pytest.mark.skipif(sys.platform != "linux", reason="D-Bus notifications are Linux's")),
    InTheTray,
]


@pytest.fixture(params=NOTIFIERS)
def place(request, tmp_path):
    with ExitStack() as keep:
        made = request.param(tmp_path, keep)
        keep.callback(made.notifier.close)
        yield made


def ready(place):
    place.appear()
    eventually(lambda: place.notifier.step(wanted=True) or place.notifier.ready, what="it being ready")
    return place.notifier


def test_where_nothing_can_be_shown_it_says_why_and_nothing_fails(place):
    notifier = place.notifier
    notifier.step(wanted=True)
    assert not notifier.ready
    assert notifier.trouble.endswith(".")
    assert not notifier.show(Bubble("a", "Title"))
    notifier.withdraw("a")
    assert notifier.step(wanted=False) == []


def test_it_shows_what_it_is_given_once_there_is_somebody_to_show_it(place):
    notifier = ready(place)
    assert notifier.trouble == ""
    assert notifier.show(Bubble("a", "One", "Body <b>", critical=True, buttons=(Button("x", "X"),), stays=True))
    assert notifier.show(Bubble("a", "Two"))
    notifier.withdraw("a")
    notifier.withdraw("a")
    assert place.shown() == ["One", "Two"]
    assert notifier.step(wanted=False) == []
    assert notifier.due(wanted=False) is None


def test_it_can_be_closed_twice_and_shows_nothing_then(place):
    notifier = ready(place)
    assert notifier.show(Bubble("a", "One"))
    notifier.close()
    notifier.close()
    assert not notifier.ready
    assert not notifier.show(Bubble("a", "Two"))
    assert notifier.connection is None
    assert place.shown() == ["One"]
