"""Signals that end the daemon or have it read its settings again are heard, whatever the main thread is about."""

import signal
import sys
import threading
from types import SimpleNamespace

import pytest
from real_programs import eventually

from gamedetectd.app.run import _obeying

if sys.platform == "win32":
    pytest.skip("no signals are sent to a thread there", allow_module_level=True)


@pytest.fixture
def heard():
    """What was asked for by signals."""
    said = []
    program = SimpleNamespace(noticed=lambda: False)
    daemon = SimpleNamespace(
        ask_to_stop=lambda by="a signal": said.append(by), ask_to_reload=lambda: said.append("reload")
    )
    before = signal.getsignal(signal.SIGTERM)
    with _obeying(daemon, program):
        yield SimpleNamespace(said=said, program=program)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    ("number", "asked"), [(signal.SIGTERM, "a signal"), (signal.SIGINT, "a signal"), (signal.SIGHUP, "reload")]
)
def test_one_that_the_main_thread_does_not_get_to_see_is_heard(heard, number, asked):
    busy, over = threading.Lock(), []

    def send():
        signal.pthread_kill(threading.get_ident(), number)  # so that the main thread's wait is not ended by it
        try:
            eventually(lambda: heard.said, 20)
            over.append("heard while the main thread waited")
        finally:
            busy.release()

    busy.acquire()
    threading.Thread(target=send).start()
    busy.acquire()  # Python runs no handler in here
    assert over
    assert set(heard.said) == {asked}


def test_a_program_that_was_replaced_ends_to_start_again(heard):
    heard.program.noticed = lambda: True
    signal.raise_signal(signal.SIGHUP)
    eventually(lambda: heard.said == ["an upgrade"], 20)


def test_signals_of_others_are_not_ours(heard):
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        signal.raise_signal(signal.SIGUSR1)
        signal.raise_signal(signal.SIGHUP)
        eventually(lambda: heard.said, 20)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard.said == ["reload"]
