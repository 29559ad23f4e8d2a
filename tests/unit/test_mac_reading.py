"""What is made of macOS' answers, wherever they were given: windows, screens, starts, exits, input, leave."""

import ctypes
import errno
import importlib
from types import SimpleNamespace

import pytest
from mac_samples import (
    BESIDE,
    CLOCK,
    DESKTOP,
    DOCK,
    EDITOR,
    FINDER,
    FINDER_WINDOW,
    GAME,
    GAME_WINDOW,
    MAIN,
    MENU_BAR,
    FakeGraphics,
    Function,
    kinfo_proc,
    row,
)

from gamedetectd.domain import Bounds, ProcessKey
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.idle.mac_input import MacInput
from gamedetectd.platforms.mac import core_graphics, kern_proc, screen_recording
from gamedetectd.platforms.mac.core_graphics import ALL_WINDOWS, WITHOUT_DESKTOP, Rectangle
from gamedetectd.platforms.processes import exits_kqueue
from gamedetectd.platforms.processes.darwin import MacProcesses
from gamedetectd.platforms.processes.exits_kqueue import EV_ADD, EV_DELETE, EV_ONESHOT, QueueExits
from gamedetectd.platforms.windows import mac, mac_rows

SCREENS = mac_rows.places([(number, Rectangle(*at)) for number, at in (MAIN, BESIDE)])


@pytest.fixture
def graphics(monkeypatch):
    fake = FakeGraphics([*DESKTOP, GAME_WINDOW, FINDER_WINDOW], (MAIN, BESIDE))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name, **_options: fake)
    yield fake
    for library in (core_graphics._graphics, core_graphics._foundation):
        library.cache_clear()
    assert fake.held == {}, "something was not given back"


@pytest.fixture(autouse=True)
def fresh_libraries():
    core_graphics._graphics.cache_clear()
    core_graphics._foundation.cache_clear()


@pytest.mark.parametrize(
    "name",
    [
        *("mac.core_graphics", "mac.kern_proc", "mac.main_loop", "mac.notices", "mac.screen_recording"),
        *("idle.mac_input", "power.mac", "processes.darwin", "processes.exits_kqueue", "windows.mac"),
    ],
)
def test_every_module_can_be_imported_on_every_system(name):
    assert importlib.import_module(f"gamedetectd.platforms.{name}").__doc__


# --- windows ----------------------------------------------------------------------------------------------------------


def sight(rows, pid):
    sighting = mac_rows.sighting(mac_rows.seen(rows), SCREENS, pid)
    return None if sighting is None else sighting.window


def test_the_window_in_front_is_told_with_all_that_is_known_of_it():
    window = sight([*DESKTOP, GAME_WINDOW, FINDER_WINDOW], GAME)
    assert (window.handle, window.pid, window.title, window.class_name) == (30, GAME, "Celeste", "Celeste")
    assert (window.bounds, window.fullscreen, window.monitor) == (Bounds(200, 120, 1024, 796), False, "1")


@pytest.mark.parametrize(
    ("rows", "pid", "handle"),
    [
        pytest.param([FINDER_WINDOW, GAME_WINDOW], GAME, 30, id="the application in front, not the foremost window"),
        pytest.param([row(1, GAME, (0, 0, 1, 1)), GAME_WINDOW], GAME, 30, id="a window of one point is none"),
        pytest.param([row(1, GAME, (0, 0, 90, 90), alpha=0.0), GAME_WINDOW], GAME, 30, id="a clear one neither"),
        pytest.param([row(1, GAME, (0, 0, 90, 90), on_screen=False), GAME_WINDOW], GAME, 30, id="on another space"),
        pytest.param([row(1, GAME, (0, 0, 400, 300), layer=3), GAME_WINDOW], GAME, 30, id="a panel over its window"),
        pytest.param([FINDER_WINDOW], GAME, 0, id="an application without a window"),
        pytest.param([row(1, GAME, (0, 0, 1512, 982), layer=2147483628)], GAME, 1, id="a captured display"),
        pytest.param([{**GAME_WINDOW, "kCGWindowBounds": None}], GAME, 0, id="a row without a place"),
        pytest.param([{**GAME_WINDOW, "kCGWindowBounds": {"X": 1.0}}], GAME, 0, id="half a place"),
        pytest.param([{**GAME_WINDOW, "kCGWindowOwnerPID": "4711"}], GAME, 0, id="a pid that is no number"),
    ],
)
def test_which_window_is_the_applications(rows, pid, handle):
    window = sight([*DESKTOP, *rows], pid)
    assert (window.pid, window.handle) == (pid, handle)


def test_nobody_is_in_front_where_nobody_says_so():
    assert sight(DESKTOP, 0) is None
    assert mac_rows.owner_in_front(mac_rows.seen(DESKTOP)) == 0, "the Dock and the menu bar are nobody's windows"
    assert mac_rows.owner_in_front(mac_rows.seen([*DESKTOP, FINDER_WINDOW, GAME_WINDOW])) == FINDER


def test_without_leave_there_are_no_titles_and_everything_else():
    untold = {key: value for key, value in GAME_WINDOW.items() if key != "kCGWindowName"}
    assert sight([untold], GAME).title == ""
    assert sight([{**GAME_WINDOW, "kCGWindowName": "a\nb\x1b[31m"}], GAME).title == "a b [31m"


@pytest.mark.parametrize(
    ("bounds", "around", "fills"),
    [
        pytest.param((0, 0, 1512, 982), [], True, id="the whole display"),
        pytest.param((0, 0, 1512, 982), DESKTOP, True, id="without borders over the menu bar"),
        pytest.param((0, 37, 1512, 945), [], True, id="full screen below the notch"),
        pytest.param((0, 37, 1512, 945), DESKTOP, False, id="as large as can be below the menu bar"),
        pytest.param((0, 60, 1512, 922), [], False, id="too low for a notch"),
        pytest.param((0, 37, 1400, 945), [], False, id="not as wide"),
        pytest.param((1512, -98, 1920, 1080), DESKTOP, True, id="the display beside"),
        pytest.param((200, 120, 1024, 796), [], False, id="a window"),
    ],
)
def test_full_screen_is_told_by_the_shape(bounds, around, fills):
    window = sight([*around, row(1, GAME, bounds)], GAME)
    assert window.fullscreen is fills
    assert window.monitor == ("2" if bounds[0] == 1512 else "1")


def test_the_list_holds_what_a_person_would_call_a_window():
    rows = [
        *(MENU_BAR, CLOCK, DOCK, GAME_WINDOW, FINDER_WINDOW),
        row(40, EDITOR, (0, 0, 700, 500), owner="Editor", name="notes", on_screen=False),
        row(41, EDITOR, (0, 0, 700, 500), owner="Editor", on_screen=False),
    ]
    assert [one.handle for one in mac_rows.listed(mac_rows.seen(rows), SCREENS)] == [30, 20, 40]


def test_windows_are_asked_for_as_apple_says(graphics):
    rows = core_graphics.window_rows()
    assert rows == graphics.rows
    graphics.rows.append(row(50, EDITOR, (0, 0, 700, 500), name="hidden", on_screen=False))
    assert len(core_graphics.window_rows(ALL_WINDOWS | WITHOUT_DESKTOP)) == len(core_graphics.window_rows()) + 1
    assert {one.pid for one in mac.listed()} == {GAME, FINDER, EDITOR}
    assert mac.listed_foreground().pid == GAME
    assert [number for number, _ in core_graphics.displays()] == [1, 2]
    assert core_graphics.displays()[1][1].x == 1512


def test_over_ssh_there_are_no_windows_and_what_cannot_be_read_is_an_error(graphics):
    graphics.rows = None
    assert core_graphics.window_rows() == ()
    graphics.rows, graphics.unspeakable = [], True
    with pytest.raises(OSError, match="no property list"):
        core_graphics.window_rows()
    assert mac.listed() == ()
    assert mac.listed_foreground() is None
    graphics.unspeakable, graphics.told_bytes = False, 20
    with pytest.raises(OSError, match="cannot be read"):
        core_graphics.window_rows()
    graphics.list_failure = 1001
    with pytest.raises(OSError, match="CGError 1001"):
        core_graphics.displays()


# --- input and leave --------------------------------------------------------------------------------------------------


def test_input_is_as_old_as_the_hardware_says(graphics):
    source = MacInput()
    assert (source.look().idle, source.look().saver, source.readers(), source.alarms) == (3.5, False, (), False)
    assert source.shortcoming() is None
    source.close()


def test_where_the_library_is_missing_it_is_said(monkeypatch):
    def refuse(_name, **_options):
        raise OSError("image not found")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    with pytest.raises(DisplayGoneError, match="image not found"):
        MacInput().look()
    assert screen_recording.given("darwin") is None
    assert screen_recording.ask("darwin") is None
    assert "image not found" in mac.MacForeground().unsupported_reason()


def test_looking_at_the_leave_asks_nobody(graphics):
    assert screen_recording.given("darwin") is False
    assert graphics.asked == 0
    assert screen_recording.ask("darwin") is False
    assert graphics.asked == 1
    graphics.may = True
    assert screen_recording.given("darwin") is True


def test_before_catalina_and_elsewhere_there_is_nothing_to_allow(graphics):
    del graphics.CGPreflightScreenCaptureAccess, graphics.CGRequestScreenCaptureAccess
    assert screen_recording.given("darwin") is None
    assert screen_recording.ask("darwin") is None
    assert screen_recording.given("linux") is None
    assert screen_recording.ask("win32") is None


# --- processes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "began"),
    [
        pytest.param(kinfo_proc(1_700_000_000, 123_456), 1_700_000_000_123_456, id="a process"),
        pytest.param(b"", None, id="none of that number"),
        pytest.param(bytes(648), None, id="one that is just being made"),
        pytest.param(b"\1" * 5, None, id="half a record"),
    ],
)
def test_a_start_is_read_from_the_kernels_record(record, began):
    assert kern_proc.began(record) == began


def test_the_kernel_is_asked_by_number(monkeypatch):
    def sysctl(name, length, content, size, new, new_length):
        assert (length, new, new_length) == (4, None, 0)
        if list(name) != [1, 14, 1, 77]:
            return -1
        told = kinfo_proc(5, 6)
        ctypes.memmove(content, told, len(told))
        size._obj.value = len(told)
        return 0

    libc = SimpleNamespace(sysctl=Function(sysctl))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name, **_options: libc)
    kern_proc._sysctl.cache_clear()
    try:
        assert kern_proc.began(kern_proc.record(77)) == 5_000_006
        assert kern_proc.record(78) == b""
    finally:
        kern_proc._sysctl.cache_clear()


def test_identity_is_the_kernels_word_and_stays_when_the_clock_is_set(spawn):
    child = spawn("sleep", "60")
    told = {child.pid: kinfo_proc(1_700_000_000, 5)}
    table = MacProcesses("boot", system_clock(), lambda pid: told.get(pid, b""))
    key = table.read(child.pid).key
    assert key == ProcessKey("boot", child.pid, 1_700_000_000_000_005)
    assert table.alive(key)
    told[child.pid] = kinfo_proc(1_700_000_000, 6)
    assert not table.alive(key), "a microsecond later it is another process"
    told.clear()
    psutils = table.read(child.pid).key
    assert psutils == table.read(child.pid).key
    assert table.alive(psutils)


# --- exits ------------------------------------------------------------------------------------------------------------


class FakeQueue:
    """A kqueue with EVFILT_PROC over the pids in ``running``."""

    def __init__(self, running):
        self.running, self.watched, self.ended, self.closed = running, set(), [], False

    def fileno(self):
        return 0

    def control(self, changes, most, timeout):
        assert timeout == 0, "never waits"
        for pid, flags in changes or ():
            if flags == EV_DELETE and pid not in self.watched:
                raise OSError(errno.ENOENT, "no such event")
            if flags != EV_DELETE and pid not in self.running:
                raise ProcessLookupError(errno.ESRCH, "no such process")
            (self.watched.discard if flags == EV_DELETE else self.watched.add)(pid)
            assert flags in (EV_DELETE, EV_ADD | EV_ONESHOT)
        told, self.ended = self.ended[:most], self.ended[most:]
        return [type("Event", (), {"ident": pid}) for pid in told]

    def end(self, pid):
        self.running.discard(pid)
        self.watched.discard(pid)
        self.ended.append(pid)

    def close(self):
        self.closed = True


@pytest.fixture
def queue():
    return FakeQueue({7, 8, 9})


@pytest.fixture
def exits(queue):
    return QueueExits(lambda key: key.start_ticks != 0, lambda: queue, lambda pid, flags: (pid, flags))


def key(pid, start=1):
    return ProcessKey("boot", pid, start)


def test_an_exit_is_told_once(exits, queue):
    assert exits.readers() == []
    assert exits.add(key(7))
    assert exits.add(key(7))
    assert exits.add(key(8))
    assert exits.readers() == [queue]
    assert exits.take([]) == []
    queue.end(7)
    assert exits.take([queue]) == [key(7)]
    assert exits.take([queue]) == []
    exits.close()
    assert queue.closed
    assert exits.readers() == []
    assert exits.take([queue]) == []


def test_what_is_gone_or_another_by_now_is_not_watched(exits, queue):
    assert not exits.add(key(6))
    assert not exits.add(key(7, start=0))
    assert queue.watched == set()
    assert exits.add(key(7))
    assert exits.add(key(7, start=2)), "the number was given out again"
    queue.end(7)
    assert exits.take([queue]) == [key(7, start=2)]
    exits.discard(7)


def test_one_that_ended_unheard_is_let_go_all_the_same(exits, queue):
    exits.add(key(7))
    queue.end(7)
    exits.discard(7)
    assert exits.take([queue]) == []


def test_the_oldest_that_nobody_keeps_makes_room(exits, queue, monkeypatch):
    monkeypatch.setattr(exits_kqueue, "MOST", 2)
    for pid in (7, 8):
        exits.add(key(pid), {key(7)})
    assert exits.add(key(9), {key(7)})
    assert queue.watched == {7, 9}
    assert not exits.add(key(8), {key(7), key(9)})


def test_elsewhere_there_is_no_such_queue(monkeypatch):
    if hasattr(__import__("select"), "kqueue"):
        pytest.skip("this system has kernel queues")
    assert not QueueExits(lambda _key: True).add(key(7))
    with pytest.raises(OSError, match="no kernel queues"):
        exits_kqueue._event(7, 1)
