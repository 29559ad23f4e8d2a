"""What is made of what Windows tells, wherever it was told: shapes, messages, counts, paths, gamepads."""

import ctypes
import importlib
import select
from pathlib import Path

import pytest

import gamedetectd
from gamedetectd.domain import Bounds, PowerState
from gamedetectd.platforms.idle.last_input import seconds_between
from gamedetectd.platforms.idle.xinput_pads import SEEK_EVERY, XInputPads, system_pads
from gamedetectd.platforms.mailbox import Mailbox
from gamedetectd.platforms.power import messages
from gamedetectd.platforms.power.messages import Presence, concerns_time, who_ends
from gamedetectd.platforms.processes import windows as windows_processes
from gamedetectd.platforms.win32 import kernel32, ntdll, user32, user32_messages, xinput
from gamedetectd.platforms.windows import win32_events
from gamedetectd.platforms.windows.event_trust import LOOK_EVERY, LOOK_WHERE_TRUSTED, EventTrust
from gamedetectd.platforms.windows.win32_events import Happening, concerns
from gamedetectd.platforms.windows.win32_shape import Shape, bounds, fills_screen

FULL_HD = Bounds(0, 0, 1920, 1080)
BESIDE = Bounds(-2560, 0, 2560, 1440)


@pytest.mark.parametrize(
    "name",
    [
        *("win32.binding", "win32.dwmapi", "win32.kernel32", "win32.message_window", "win32.ntdll", "win32.shell32"),
        *("win32.user32", "win32.ucrtbase", "win32.user32_messages", "win32.wtsapi32", "win32.xinput", "power.windows"),
        *("processes.windows", "processes.exits_windows", "idle.last_input", "idle.xinput_pads"),
        *("windows.win32", "windows.win32_window", "windows.win32_events"),
    ],
)
def test_every_module_can_be_imported_on_every_system(name):
    assert importlib.import_module(f"gamedetectd.platforms.{name}").__doc__


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of 64-bit Windows")
@pytest.mark.parametrize(
    ("structure", "size"),
    [
        pytest.param(ntdll.TimeOfDay, 48, id="SYSTEM_TIMEOFDAY_INFORMATION"),
        pytest.param(ntdll.BasicInformation, 48, id="PROCESS_BASIC_INFORMATION"),
        pytest.param(ntdll.UnicodeString, 16, id="UNICODE_STRING"),
        pytest.param(ntdll.ProcessIdInformation, 24, id="SYSTEM_PROCESS_ID_INFORMATION"),
        pytest.param(user32.LastInput, 8, id="LASTINPUTINFO"),
        pytest.param(user32_messages.WindowClass, 72, id="WNDCLASSW"),
        pytest.param(xinput.State, 16, id="XINPUT_STATE"),
    ],
)
def test_structures_have_the_size_windows_expects(structure, size):
    assert ctypes.sizeof(structure) == size


def test_names_in_structures_lie_where_windows_puts_them():
    assert (kernel32.ProcessEntry.parent.offset, kernel32.ProcessEntry.name.offset) == (32, 44)
    assert (user32.MonitorInfo.area.offset, user32.MonitorInfo.device.offset) == (4, 40)


@pytest.mark.parametrize(
    ("shape", "full"),
    [
        pytest.param(Shape(FULL_HD, FULL_HD, FULL_HD), True, id="without borders over the monitor"),
        pytest.param(Shape(Bounds(-1, -1, 1922, 1082), FULL_HD, FULL_HD), True, id="a px beyond it on each side"),
        pytest.param(Shape(BESIDE, BESIDE, BESIDE), True, id="on the monitor to the left"),
        pytest.param(Shape(FULL_HD, FULL_HD, BESIDE), False, id="on a larger monitor"),
        pytest.param(
            Shape(Bounds(0, 0, 1920, 1040), Bounds(0, 0, 1920, 1040), FULL_HD), False, id="above the task bar"
        ),
        pytest.param(
            Shape(Bounds(-8, -8, 1936, 1096), Bounds(0, 23, 1920, 1057), FULL_HD, "Notepad", True, True),
            False,
            id="maximised, the task bar hidden",
        ),
        pytest.param(
            Shape(Bounds(-8, -8, 1936, 1096), FULL_HD, FULL_HD, "Chrome_WidgetWin_1", True, True),
            False,
            id="maximised, painting its own title bar",
        ),
        pytest.param(
            Shape(Bounds(-8, -31, 1936, 1119), FULL_HD, FULL_HD, "game", True, False),
            True,
            id="its title bar pushed off the screen",
        ),
        pytest.param(
            Shape(FULL_HD, Bounds(3, 26, 1914, 1051), FULL_HD, "game", True), False, id="as large, with a bar"
        ),
        pytest.param(Shape(FULL_HD, FULL_HD, FULL_HD, "Progman"), False, id="the desktop"),
        pytest.param(Shape(FULL_HD, FULL_HD, FULL_HD, "WorkerW"), False, id="the desktop behind icons"),
        pytest.param(Shape(FULL_HD, FULL_HD, Bounds(0, 0, 0, 0)), False, id="no monitor"),
    ],
)
def test_which_windows_fill_the_screen(shape, full):
    assert fills_screen(shape) is full


def test_edges_become_place_and_size():
    assert bounds((-2560, 0, 0, 1440)) == BESIDE
    assert bounds((5, 5, 3, 3)) == Bounds(5, 5, 0, 0)


# --- whether events come ---


def told(*happened):
    trust = EventTrust()
    for one in happened:
        if one in ("event", "found"):
            trust.announced() if one == "event" else trust.found()
        else:
            trust.looked(changed=one == "changed")
    return trust.looking, trust.pause


@pytest.mark.parametrize(
    ("happened", "looking", "pause"),
    [
        pytest.param((), False, LOOK_EVERY, id="nobody knows yet"),
        pytest.param(("same",) * 9, False, LOOK_EVERY, id="nothing happens"),
        pytest.param(("event",), False, LOOK_WHERE_TRUSTED, id="an event came"),
        pytest.param(("changed",), False, LOOK_EVERY, id="the event may be on its way"),
        pytest.param(("changed", "event"), False, LOOK_WHERE_TRUSTED, id="it was late"),
        pytest.param(("changed", "same"), True, LOOK_EVERY, id="it never came"),
        pytest.param(("changed", "changed", "same", "same"), True, LOOK_EVERY, id="none ever comes"),
        pytest.param(("event", "changed"), False, LOOK_EVERY, id="missing after some came: soon looked again"),
        pytest.param(("event", "changed", "same"), True, LOOK_EVERY, id="they stopped"),
        pytest.param(("found", "event"), False, LOOK_WHERE_TRUSTED, id="seen a moment before it came"),
        pytest.param(("found", "same"), True, LOOK_EVERY, id="seen between looks and never told"),
        pytest.param(("changed", "same", "event"), False, LOOK_WHERE_TRUSTED, id="they came after all"),
    ],
)
def test_when_only_looking_helps(happened, looking, pause):
    assert told(*happened) == (looking, pause)


@pytest.mark.parametrize(
    ("event", "window", "part", "meaning"),
    [
        pytest.param(win32_events.FOREGROUND, 9, 0, Happening.FOREGROUND, id="another in front"),
        pytest.param(win32_events.NAME_CHANGE, 7, 0, Happening.CHANGE, id="its title"),
        pytest.param(win32_events.LOCATION_CHANGE, 7, 0, Happening.CHANGE, id="its place"),
        pytest.param(win32_events.LOCATION_CHANGE, 7, -9, None, id="the mouse pointer over it"),
        pytest.param(win32_events.NAME_CHANGE, 8, 0, None, id="another's title"),
        pytest.param(win32_events.MINIMIZE_START, 7, 0, Happening.CHANGE, id="minimised"),
    ],
)
def test_what_an_event_means_to_who_follows_a_window(event, window, part, meaning):
    assert concerns(event, window, 7, part) is meaning


# --- messages ---


@pytest.mark.parametrize(
    ("changes", "become"),
    [
        pytest.param((7, 8), [PowerState.LOCKED, PowerState.UNLOCKED], id="locked and unlocked"),
        pytest.param((7, 2, 1, 8), [PowerState.LOCKED, PowerState.UNLOCKED], id="another person's turn"),
        pytest.param((2, 1), [PowerState.LOCKED, PowerState.UNLOCKED], id="only switched away and back"),
        pytest.param((4, 3), [PowerState.LOCKED, PowerState.UNLOCKED], id="a remote desktop left and taken up again"),
        pytest.param((7, 7, 8, 8), [PowerState.LOCKED, PowerState.UNLOCKED], id="told twice"),
        pytest.param((5, 9, 8), [], id="nothing of that"),
    ],
)
def test_when_nobody_can_see_the_screen(changes, become):
    presence = Presence()
    assert [state for state in map(presence.hear, changes) if state is not None] == become


@pytest.mark.parametrize(
    ("message", "wparam", "concern"),
    [
        (messages.WM_TIMECHANGE, 0, True),
        (messages.WM_POWERBROADCAST, messages.SUSPEND, True),
        (messages.WM_POWERBROADCAST, messages.RESUME_AUTOMATIC, True),
        (messages.WM_POWERBROADCAST, messages.RESUME_SUSPEND, True),
        (messages.WM_POWERBROADCAST, 0x8013, False),
        (messages.WM_WTSSESSION_CHANGE, messages.SUSPEND, False),
    ],
)
def test_what_may_have_moved_the_clocks(message, wparam, concern):
    assert concerns_time(message, wparam) is concern


@pytest.mark.parametrize(
    ("message", "wparam", "lparam", "by"),
    [
        pytest.param(messages.WM_ENDSESSION, 1, -0x80000000, "the log-off", id="signed as Windows gives it"),
        pytest.param(messages.WM_ENDSESSION, 1, 0, "the shutdown of Windows", id="shutdown"),
        pytest.param(messages.WM_ENDSESSION, 1, 1, "an installer that needs our files", id="restart manager"),
        pytest.param(messages.WM_ENDSESSION, 0, 0, None, id="called off"),
        pytest.param(messages.WM_CLOSE, 0, 0, "a request to close (as taskkill sends)", id="taskkill"),
        pytest.param(messages.WM_TIMECHANGE, 1, 0, None, id="something else"),
    ],
)
def test_who_wants_us_to_end(message, wparam, lparam, by):
    assert who_ends(message, wparam, lparam) == by


def test_letters_are_taken_in_order_and_the_box_is_readable_while_there_are_some():
    with Mailbox() as box:
        assert not select.select([box], [], [], 0)[0]
        for number in range(3):
            box.put(number)
        assert select.select([box], [], [], 1)[0] == [box]
        assert box.take() == [0, 1, 2]
        assert not select.select([box], [], [], 0)[0]
        assert box.take() == []
        for number in range(100_000):
            box.put(number)
        assert box.take()[-1] == 99_999, "a full box drops the oldest"
    box.put(1)


# --- input ---


@pytest.mark.parametrize(
    ("then", "now", "seconds"),
    [
        pytest.param(1000, 3500, 2.5, id="as usual"),
        pytest.param(0xFFFFFF00, 0x00000100, 0.512, id="after 49.7 days the count begins anew"),
        pytest.param(0, 0, 0.0, id="at the very start"),
        pytest.param(1016, 1000, 0.0, id="given while we asked"),
        pytest.param(0x00000010, 0xFFFFFFF0, 0.0, id="given while we asked and the count began anew"),
        pytest.param(0, 0x7FFFFFFF, 2147483.647, id="24 days without anybody"),
    ],
)
def test_how_long_ago_input_was_given(then, now, seconds):
    assert seconds_between(then, now) == pytest.approx(seconds)


class Ports:
    """Gamepads by place; counts the questions, as Windows takes milliseconds over those about nothing."""

    def __init__(self):
        self.pads, self.asked = {}, 0

    def __call__(self, place):
        self.asked += 1
        if place not in self.pads:
            return None
        return xinput.State(**self.pads[place])

    def set(self, place=0, **parts):
        before = self.pads.get(place, {"packet": 0})
        self.pads[place] = {**before, **parts, "packet": before["packet"] + 1}


@pytest.fixture
def ports():
    return Ports()


@pytest.fixture
def pads(ports):
    return XInputPads(ports, lambda: True)


def test_a_pad_counts_when_a_button_or_a_stick_is_moved(ports, pads):
    ports.set(left_x=400)
    assert pads.present()
    assert pads.last_used(10.0) is None, "it is only seen for the first time"
    assert pads.last_used(11.0) is None, "it rests"
    ports.set(left_x=-900, left_y=600)
    assert pads.last_used(12.0) is None, "it trembles"
    for number, moved in enumerate(({"left_x": 20_000}, {"buttons": 0x1000}, {"buttons": 0}, {"right_trigger": 200})):
        ports.set(**moved)
        assert pads.last_used(13.0 + number) == 13.0 + number, moved
    assert pads.last_used(18.0) is None
    assert pads.descriptors() == ()
    assert pads.possible()


def test_empty_places_are_asked_for_now_and_then(ports, pads):
    ports.set(0)
    pads.last_used(100.0)
    assert ports.asked == xinput.PLACES
    for second in range(1, int(SEEK_EVERY)):
        pads.last_used(100.0 + second)
    assert ports.asked == xinput.PLACES + int(SEEK_EVERY) - 1
    ports.set(2)
    assert pads.last_used(100.0 + SEEK_EVERY) is None
    ports.set(2, buttons=1)
    assert pads.last_used(101.0 + SEEK_EVERY) == 101.0 + SEEK_EVERY, "plugged in and used"
    del ports.pads[2]
    assert pads.last_used(102.0 + SEEK_EVERY) is None, "unplugged"
    pads.close()
    assert pads.last_used(103.0 + SEEK_EVERY) is None


def test_without_the_library_there_are_no_pads(ports):
    pads = XInputPads(ports, lambda: False)
    assert not pads.possible()
    assert not pads.present()
    assert pads.last_used(1.0) is None
    assert ports.asked == 0
    if not hasattr(ctypes, "WinDLL"):
        assert not system_pads().possible()


# --- processes ---


def test_times_of_files_are_times_of_the_calendar():
    assert windows_processes.wall_time(116_444_736_000_000_000) == 0
    assert windows_processes.file_time(0.0) == 116_444_736_000_000_000
    wall = 1_795_688_041.519
    assert windows_processes.wall_time(windows_processes.file_time(wall)) == pytest.approx(wall, abs=1e-5)


@pytest.mark.parametrize(
    ("device_path", "path"),
    [
        (r"\Device\HarddiskVolume3\Games\Hades\Hades.exe", r"C:\Games\Hades\Hades.exe"),
        (r"\device\harddiskvolume4\x.exe", r"D:\x.exe"),
        (r"\Device\HarddiskVolume30\x.exe", None),
        (r"\Device\Mup\server\share\x.exe", None),
        ("", None),
    ],
)
def test_a_path_of_the_system_becomes_one_with_a_drive(device_path, path):
    drives = {"C:": r"\Device\HarddiskVolume3", "D:": r"\Device\HarddiskVolume4"}
    assert windows_processes.dos_path(device_path, drives.get) == path


def test_arguments_are_bounded_and_valid_text():
    assert windows_processes.bounded(["game.exe", "", "\ud800x", " "]) == ("game.exe", "", "\\ud800x")
    assert sum(map(len, windows_processes.bounded(["x" * 50_000] * 9))) <= 65_536


def test_variables_have_the_names_detection_knows_whatever_their_case():
    found = windows_processes.selected({"STEAMAPPID": "620", "SECRET": "hush", "HEROIC_APP_NAME": "x" * 9000})
    assert found == {"SteamAppId": "620", "HEROIC_APP_NAME": "x" * 4096}


def test_what_windows_libraries_offer_is_declared_in_one_place():
    package = Path(gamedetectd.__file__).parent
    elsewhere = [
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if "platforms/win32/" not in file.as_posix()
        and any(word in file.read_text(encoding="utf-8") for word in ("WinDLL", "windll", "OleDLL"))
    ]
    assert elsewhere == []
