"""What macOS tells the main thread reaches whoever wants to know, and what it does not tell is looked for."""

import signal
import sys
import threading
from types import SimpleNamespace

import pytest
from mac_samples import (
    DESKTOP,
    EDITOR,
    FINDER,
    FINDER_WINDOW,
    GAME,
    GAME_WINDOW,
    MAIN,
    SPELLED_OTHERWISE,
    FakeMac,
    row,
)
from real_programs import eventually

from gamedetectd.app import main_thread, session_end
from gamedetectd.app.checks.window_titles import NOT_TOLD, WindowTitles
from gamedetectd.app.window_titles import WindowTitles as Leave
from gamedetectd.domain import Evidence, Facts, PowerState, ProcessInfo, ProcessKey, System, Verdict
from gamedetectd.errors import NothingToAllowError, SensorError
from gamedetectd.platforms.mac import main_loop as main_loops
from gamedetectd.platforms.mac import notices, screen_recording
from gamedetectd.platforms.mac.core_graphics import Rectangle
from gamedetectd.platforms.mac.main_loop import MainLoop
from gamedetectd.platforms.mac.notices import Centre, Notice
from gamedetectd.platforms.power.mac import PowerNotices
from gamedetectd.platforms.tray import darwin
from gamedetectd.platforms.windows import event_trust, mac
from gamedetectd.platforms.windows.mac import FIRST, MacForeground, Watch
from gamedetectd.platforms.windows.mac_rows import places, seen
from gamedetectd.worker import Worker

EDITOR_WINDOW = row(60, EDITOR, (0, 40, 900, 700), owner="Editor")
SCREENS = [(number, Rectangle(*at)) for number, at in (MAIN,)]


@pytest.fixture
def macos(monkeypatch):
    """pyobjc, and a run loop that the test turns."""
    fake = FakeMac()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def without_pyobjc(monkeypatch):
    for name in ("AppKit", "CoreFoundation", "Foundation", "PyObjCTools"):
        monkeypatch.setitem(sys.modules, name, None)


# --- the run loop -----------------------------------------------------------------------------------------------------


def test_the_loop_turns_until_it_is_over_and_signals_are_heard_in_it(macos, loop):
    over = threading.Event()
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append((number, frame)))
    try:

        def asked():
            assert loop.turns
            macos.signals[signal.SIGTERM](signal.SIGTERM)
            over.set()
            loop.end()

        loop.soon(asked)
        loop.run(over.wait)
        assert heard == [(signal.SIGTERM, None)]
        assert callable(signal.getsignal(signal.SIGTERM)), "Python hears of signals again"
    finally:
        signal.signal(signal.SIGTERM, before)
    assert macos.stopped
    assert not loop.turns
    assert macos.runs == [("kCFRunLoopDefaultMode", True)]
    assert macos.pools == 1


def test_a_loop_with_nothing_to_wait_for_does_not_spin(macos, loop, monkeypatch):
    monkeypatch.setattr(main_loops, "LOOK_EVERY", 0.01)
    waited = []

    def over(seconds):
        waited.append(seconds)
        return len(waited) > 4

    loop.run(over)
    assert waited == [0.0, 0.01, 0.0, 0.01, 0.0]


class Stopping:
    """A daemon as far as its main thread and its end are concerned."""

    def __init__(self):
        self.over, self.by, self.on_stop = threading.Event(), [], None

    def wait(self, timeout=None):
        return self.over.wait(timeout)

    def ask_to_stop(self, by):
        self.by.append(by)
        self.over.set()

    def stop(self):
        self.by.append("put away")


def test_without_an_icon_the_main_thread_turns_the_loop_until_asked_to_end(macos, loop):
    daemon = Stopping()

    def asked():
        daemon.over.set()
        daemon.on_stop()

    loop.soon(asked)
    main_thread.turn(daemon, loop)
    assert macos.stopped
    daemon.on_stop()
    main_thread.wait(daemon)


def test_without_pyobjc_it_only_waits(without_pyobjc, loop, caplog):
    main_thread.turn(Stopping(), loop)
    assert "without pyobjc" in caplog.text
    loop.end()


# --- notices ----------------------------------------------------------------------------------------------------------


def test_notices_are_heard_from_their_centre_until_nobody_listens(macos, loop):
    heard = []
    wanted = ((Centre.WORKSPACE, notices.ACTIVATED), (Centre.EVERYBODY, notices.LOCKED))
    with notices.listening(loop, wanted, heard.append):
        macos.workspace.post(notices.ACTIVATED, GAME)
        assert heard == [], "the main thread has not come to it"
        macos.turn()
        macos.workspace.post(notices.ACTIVATED, GAME)
        macos.workspace.post(notices.ACTIVATED, -1)
        macos.workspace.post(notices.WOKE_UP)
        macos.everybody.post(notices.LOCKED)
    macos.turn()
    macos.everybody.post(notices.LOCKED)
    assert heard == [Notice(notices.ACTIVATED, GAME), Notice(notices.ACTIVATED), Notice(notices.LOCKED)]
    assert not macos.workspace.observers


def test_a_constant_is_taken_at_its_word(macos, loop):
    heard = []
    with notices.listening(loop, ((Centre.WORKSPACE, notices.WOKE_UP),), heard.append):
        macos.turn()
        macos.workspace.post(notices.WOKE_UP)
        macos.workspace.post(SPELLED_OTHERWISE)
    assert heard == [Notice(notices.WOKE_UP)]


def test_a_request_to_quit_puts_everything_away_before_it_is_answered(macos, loop):
    daemon = Stopping()
    with session_end.quitting(daemon, loop):
        macos.turn()
        macos.ourselves.post(notices.QUITTING)
        assert daemon.by == ["the log-off, or a request to quit", "put away"]


def test_without_pyobjc_a_request_to_quit_is_said_to_go_unheard(without_pyobjc, loop, caplog):
    with session_end.quitting(Stopping(), loop):
        assert "without notice" in caplog.text


# --- sleep and locking ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ([notices.LOCKED, notices.LOCKED, notices.UNLOCKED], [PowerState.LOCKED, PowerState.UNLOCKED]),
        ([notices.SWITCHED_AWAY, notices.SWITCHED_BACK], [PowerState.LOCKED, PowerState.UNLOCKED]),
        ([notices.LOCKED, notices.SWITCHED_AWAY, notices.UNLOCKED], [PowerState.LOCKED]),
        ([notices.WILL_SLEEP, notices.WOKE_UP, notices.CLOCK_SET], []),
    ],
    ids=["locked twice", "another person's turn", "away while locked", "only the clocks"],
)
def test_what_becomes_of_the_screen(macos, loop, told, states):
    watch = PowerNotices(loop)
    macos.turn()
    for name in told:
        for centre in (macos.workspace, macos.everybody, macos.ourselves):
            centre.post(name)
    assert watch.fileno() > 0
    assert list(watch.heard()) == states
    watch.close()
    macos.turn()
    assert not macos.everybody.observers


def test_nobody_tells_where_the_loop_does_not_turn(macos, loop):
    watch = PowerNotices(loop)
    assert "does not run" in watch.trouble()
    with loop.turning():
        assert watch.trouble() is None
    watch.close()


def test_without_pyobjc_sleep_is_looked_for(without_pyobjc, loop):
    watch = PowerNotices(loop)
    assert "up to 30 s late" in watch.trouble()
    assert list(watch.heard()) == []
    watch.close()


# --- the foreground ---------------------------------------------------------------------------------------------------


class Desk:
    """The windows of a desktop, front to back, and a watch over it whose time the test makes."""

    def __init__(self, monkeypatch, *windows):
        self.now, self.windows, self.told = 1000.0, list(windows), []
        monkeypatch.setattr(mac, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.watch = Watch(lambda sighting: self.told.append(sighting), lambda: (seen(self.windows), places(SCREENS)))

    def later(self, seconds=None, *letters):
        self.now += self.watch.pause() if seconds is None else seconds
        self.watch.step(letters)

    def front(self):
        return None if self.told[-1] is None else (self.told[-1].window.pid, self.told[-1].window.handle)


def test_who_comes_to_the_front_is_told_at_once_and_looked_at_again_as_windows_take_their_time(monkeypatch):
    desk = Desk(monkeypatch, *DESKTOP, FINDER_WINDOW)
    assert desk.front() == (FINDER, 20)
    desk.later(0.2, Notice(notices.ACTIVATED, GAME))
    assert desk.front() == (GAME, 0), "its window is not there yet"
    desk.windows = [*DESKTOP, GAME_WINDOW, FINDER_WINDOW]
    desk.later()
    assert desk.front() == (GAME, 30)
    assert len(desk.told) == 3
    desk.later()
    desk.later()
    assert len(desk.told) == 3, "what is known is not told again"


def test_once_it_is_known_to_tell_looks_are_rare(monkeypatch):
    desk = Desk(monkeypatch, *DESKTOP, GAME_WINDOW)
    assert desk.watch.pause() == event_trust.LOOK_EVERY
    desk.later(0.1, Notice(FIRST, GAME))
    for _ in mac.WINDOW_APPEARS:
        desk.later()
    assert desk.watch.pause() == mac.DETAILS_EVERY
    desk.windows[-1] = row(30, GAME, (0, 0, 1512, 982), owner="Celeste", name="Celeste")
    desk.later()
    assert desk.told[-1].window.fullscreen, "seen without being told"


def test_where_nothing_is_told_the_foremost_window_is_found_and_it_is_said(monkeypatch):
    desk = Desk(monkeypatch, *DESKTOP, FINDER_WINDOW)
    desk.windows = [*DESKTOP, GAME_WINDOW, FINDER_WINDOW]
    desk.later()
    assert desk.front() == (GAME, 30)
    desk.later()
    assert desk.watch.trust.looking
    desk.windows = [*DESKTOP, EDITOR_WINDOW]
    desk.later()
    assert desk.front() == (EDITOR, 60)
    desk.later(0.0, Notice(notices.ACTIVATED, GAME))
    assert not desk.watch.trust.looking


def test_an_application_without_windows_is_in_front_although_others_are_seen(monkeypatch):
    desk = Desk(monkeypatch, *DESKTOP, EDITOR_WINDOW)
    desk.later(0.1, Notice(notices.ACTIVATED, FINDER))
    for _ in range(6):
        desk.later()
    assert desk.front() == (FINDER, 0)
    assert not desk.watch.trust.looking


def test_a_game_with_a_display_for_itself_is_in_front_of_what_lies_below(monkeypatch):
    desk = Desk(monkeypatch, row(70, GAME, (0, 0, 1512, 982), layer=2147483628), *DESKTOP, EDITOR_WINDOW)
    desk.later(0.1, Notice(FIRST, GAME))
    for _ in range(6):
        desk.later()
    assert desk.front() == (GAME, 70)


@pytest.fixture
def running():
    workers = []

    def start(backend):
        told = []
        worker = Worker("foreground", lambda stop: backend.run(told.append, stop))
        workers.append(worker)
        worker.start()
        return told

    yield start
    for worker in workers:
        worker.stop()
        assert worker.join(2.0)
        assert worker.restarts == 0, worker.last_error


def test_the_sensor_hears_of_the_front_through_the_main_thread(macos, loop, running):
    windows = [*DESKTOP, GAME_WINDOW, EDITOR_WINDOW]
    backend = MacForeground(loop, lambda: windows, lambda: SCREENS)
    assert backend.unsupported_reason() is None
    told = running(backend)
    eventually(lambda: len(macos.queue) == 2, what="subscribing")
    macos.turn()
    assert eventually(lambda: told and told[-1].window.pid == GAME)
    windows[:] = [*DESKTOP, EDITOR_WINDOW, GAME_WINDOW]
    macos.workspace.post(notices.ACTIVATED, EDITOR)
    assert eventually(lambda: told[-1].window.handle == 60)
    assert backend.degraded_reason() is None
    assert backend.name == "NSWorkspace"


def test_without_pyobjc_it_looks_and_says_so(without_pyobjc, loop, running):
    backend = MacForeground(loop, lambda: [*DESKTOP, GAME_WINDOW], lambda: SCREENS)
    told = running(backend)
    assert eventually(lambda: told)[0].window.handle == 30
    assert "every 1 s instead" in eventually(backend.degraded_reason)
    assert "again and again" in backend.name


def test_without_a_screen_there_are_no_windows_to_see(macos, loop):
    assert "no screen" in MacForeground(loop, list, list).unsupported_reason()


def test_a_list_that_is_refused_ends_the_run(macos, loop):
    def refuse():
        raise OSError("no")

    with pytest.raises(SensorError, match="does not list"):
        MacForeground(loop, refuse, lambda: SCREENS).run(lambda _seen: None, SimpleNamespace())


# --- titles -----------------------------------------------------------------------------------------------------------


def daemon_with(*programs):
    return SimpleNamespace(
        engine=SimpleNamespace(core=SimpleNamespace(programs=dict(enumerate(programs)))), window_titles=None
    )


def program(exe, source):
    process = ProcessInfo(key=ProcessKey("boot", 7, 7), parent_pid=1, exe=exe)
    verdict = Verdict(None, 0.1, (Evidence(source, -24.0, "It runs games but has none loaded."),))
    return SimpleNamespace(facts=Facts(system=System.MACOS, processes=(process,)), verdict=verdict)


def found(daemon):
    daemon.window_titles = Leave(daemon)
    return [(one.code, one.message) for one in WindowTitles(daemon).look()]


def test_the_missing_leave_is_told_only_where_something_needs_it(monkeypatch):
    emulator = program("/Applications/mGBA.app/Contents/MacOS/mGBA", "container.empty")
    other = program("/Applications/Notes.app/Contents/MacOS/Notes", "known.software")
    assert found(daemon_with(emulator)) == [], "not on this system"
    monkeypatch.setattr(screen_recording, "given", lambda: False)
    assert found(daemon_with(other, emulator)) == [
        (NOT_TOLD, "Which game runs in mGBA only the window's title would say.")
    ]
    assert found(daemon_with(other)) == []
    monkeypatch.setattr(screen_recording, "given", lambda: True)
    assert found(daemon_with(emulator)) == []


def test_the_person_is_asked_by_a_click_alone(monkeypatch):
    leave = Leave(daemon_with())
    with pytest.raises(NothingToAllowError, match="Only macOS"):
        leave.ask({})
    monkeypatch.setattr(screen_recording, "ask", lambda: False)
    assert leave.ask({}) == {"given": False}


# --- the icon ---------------------------------------------------------------------------------------------------------


def test_while_there_is_an_icon_its_loop_is_the_one_that_turns(macos, loop, monkeypatch):
    monkeypatch.setattr(darwin, "main_loop", lambda: loop)
    done = []

    class Picture:
        def nearest(self, size):
            return size

    class Shown(darwin.MacIcon):
        _update_icon = _update_title = _update_menu = _show = _hide = lambda self: None

        def _stop(self):
            done.append("stopped")

        def _notify(self, message, title):
            done.append((title, message))

    until = threading.Event()
    icon = Shown("gamedetectd", Picture(), None, stop=until, wake=lambda: done.append("woken"),
                 refresh=lambda: done.append("refreshed"), clicked=print)  # fmt: skip
    icon._status_item, icon._status_bar = "item", SimpleNamespace(removeStatusItem_=done.append)

    def turn():
        assert loop.turns
        assert signal.SIGINT in macos.signals
        icon.wake()
        icon.notify("Celeste is played")
        macos.turn()
        until.set()
        icon.wake()
        macos.turn()

    icon._app = SimpleNamespace(run=turn)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell started us aside
    try:
        icon._start_setup(None)
        icon._run()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not loop.turns
    assert done == ["refreshed", "woken", "refreshed", ("gamedetectd", "Celeste is played"), "woken", "stopped", "item"]
