"""The end of the Windows session is the daemon's end, and is answered when everything is put away."""

import threading
import time

import pytest

from gamedetectd.app import session_end
from gamedetectd.app.session_end import Farewell
from gamedetectd.platforms.power import messages


class Ending:
    """A daemon that is asked to stop, and by whom."""

    def __init__(self):
        self.by = []

    def ask_to_stop(self, by):
        self.by.append(by)


@pytest.fixture
def daemon():
    return Ending()


def test_the_answer_comes_when_everything_is_put_away(daemon):
    farewell = Farewell(daemon)
    threading.Timer(0.2, farewell.over).start()
    begun = time.monotonic()
    assert farewell.hear(messages.WM_ENDSESSION, 1, messages.ENDSESSION_LOGOFF) == 0
    assert daemon.by == ["the log-off"]
    assert 0.1 < time.monotonic() - begun < session_end.LONGEST_ANSWER


def test_it_comes_in_time_even_if_something_hangs(daemon, monkeypatch):
    monkeypatch.setattr(session_end, "LONGEST_ANSWER", 0.05)
    assert Farewell(daemon).hear(messages.WM_ENDSESSION, 1, 0) == 0


def test_other_messages_are_left_to_windows(daemon):
    farewell = Farewell(daemon)
    assert farewell.hear(messages.WM_ENDSESSION, 0, 0) is None
    assert farewell.hear(messages.WM_TIMECHANGE, 0, 0) is None
    assert daemon.by == []


def test_a_request_to_close_is_one_to_end_and_not_waited_for(daemon):
    begun = time.monotonic()
    assert Farewell(daemon).hear(messages.WM_CLOSE, 0, 0) == 0
    assert time.monotonic() - begun < 1
    assert len(daemon.by) == 1
