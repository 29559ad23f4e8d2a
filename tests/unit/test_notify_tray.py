"""Bubbles of the icon in the tray, as Windows and macOS show them: a title on each, and within Windows' lengths."""

import subprocess

import pytest

from gamedetectd.platforms import notify
from gamedetectd.platforms.notify import Bubble, TrayNotifier, make_notifier


@pytest.fixture
def notifier():
    return TrayNotifier()


def test_it_needs_an_icon(notifier):
    assert notifier.trouble == "Notifications need the icon in the tray here."
    assert not notifier.ready
    assert not notifier.show(Bubble("a", "Title", "Body"))
    notifier.attach(lambda _message, _title: None)
    assert (notifier.ready, notifier.trouble) == (True, "")
    assert notifier.step(wanted=True) == []
    assert (notifier.due(wanted=True), notifier.connection) == (None, None)
    notifier.withdraw("a")
    notifier.close()
    assert not notifier.ready


@pytest.mark.parametrize(
    ("bubble", "shown"),
    [
        (Bubble("a", "Title", "Body"), ("Body", "Title")),
        (Bubble("a", "Portal 2 is being played"), ("Portal 2 is being played", "Portal 2 is being played")),
        (Bubble("a", "t" * 63, "b" * 255), ("b" * 255, "t" * 63)),
        (Bubble("a", "t" * 64, "b" * 256), ("b" * 254 + "…", "t" * 62 + "…")),
        (Bubble("a", "🎮" * 32, "x"), ("x", "🎮" * 30 + "…")),
    ],
)
def test_texts_fit(notifier, bubble, shown):
    told = []
    notifier.attach(lambda message, title: told.append((message, title)))
    assert notifier.show(bubble)
    assert told == [shown]
    assert len(told[0][1].encode("utf-16-le")) <= 2 * 63


@pytest.mark.parametrize("error", [OSError("no tray"), subprocess.CalledProcessError(1, "osascript")])
def test_an_icon_that_cannot_tell_is_no_disaster(notifier, error):
    def fails(_message, _title):
        raise error

    notifier.attach(fails)
    assert not notifier.show(Bubble("a", "Title"))


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_systems_without_a_session_bus_use_the_icon(monkeypatch, system):
    monkeypatch.setattr(notify.sys, "platform", system)
    assert isinstance(make_notifier(), TrayNotifier)
