"""What counts as using a gamepad, on bytes as the Linux kernel writes them."""

import contextlib
import os
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.platforms.idle import gamepads
from gamedetectd.platforms.idle.gamepads import EVENT, JS_EVENT, Axis, EventDecoder, Gamepads, JoystickDecoder

KEY, ABS, SYN, MSC = 1, 3, 0, 4
X, TRIGGER, HAT, PRESSURE = 0x00, 0x02, 0x10, 0x18


def events(*rows, at=100.5):
    return b"".join(EVENT.pack(int(at), round(at % 1 * 1e6), *row) for row in rows)


@pytest.fixture
def decoder():
    return EventDecoder({X: Axis(-32768, 32767, 900), TRIGGER: Axis(0, 255, 0), HAT: Axis(-1, 1, 0)})


@pytest.mark.parametrize(
    ("rows", "used"),
    [
        pytest.param([(KEY, 0x130, 1)], True, id="a button"),
        pytest.param([(KEY, 0x130, 0)], True, id="a button let go"),
        pytest.param([(ABS, X, 20000)], True, id="the stick pushed"),
        pytest.param([(ABS, X, 2500), (ABS, X, -1200), (ABS, X, 900)], False, id="the stick trembles"),
        pytest.param([(ABS, TRIGGER, 200)], True, id="the trigger pulled"),
        pytest.param([(ABS, TRIGGER, 3), (ABS, TRIGGER, 0)], False, id="the trigger trembles"),
        pytest.param([(ABS, HAT, -1)], True, id="the cross"),
        pytest.param([(ABS, PRESSURE, 4000)], False, id="an axis that is none of a pad"),
        pytest.param([(SYN, 3, 0)], False, id="the kernel dropped some"),
        pytest.param([(SYN, 0, 0), (MSC, 4, 9)], False, id="only bookkeeping"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_what_counts_as_use(decoder, rows, used):
    assert decoder.feed(events(*rows), now=7.0) == (100.5 if used else None)


def test_a_stick_counts_again_from_where_it_was(decoder):
    assert decoder.feed(events((ABS, X, 20000)), 0.0) is not None
    assert decoder.feed(events((ABS, X, 21000)), 0.0) is None
    assert decoder.feed(events((ABS, X, 900)), 0.0) is not None


def test_events_without_the_right_clock_count_as_now(decoder):
    decoder.stamped = False
    assert decoder.feed(events((KEY, 0x130, 1)), now=7.0) == 7.0


def test_the_last_use_counts(decoder):
    data = events((KEY, 0x130, 1), at=100.25) + events((KEY, 0x130, 0), at=101.75) + events((SYN, 0, 0), at=103.0)
    assert decoder.feed(data, 0.0) == 101.75


def joystick(*rows):
    return b"".join(JS_EVENT.pack(5, value, kind, number) for kind, number, value in rows)


@pytest.mark.parametrize(
    ("rows", "used"),
    [
        pytest.param([(0x81, 0, 0), (0x82, 0, 12000)], False, id="the state at opening"),
        pytest.param([(0x82, 0, 12000), (2, 0, 12500)], False, id="trembles where it rested"),
        pytest.param([(0x82, 0, 12000), (2, 0, 30000)], True, id="the stick"),
        pytest.param([(2, 5, 20000)], True, id="a stick that never said where it rested"),
        pytest.param([(1, 0, 1)], True, id="a button"),
    ],
)
def test_what_counts_as_use_of_an_old_joystick_device(rows, used):
    assert JoystickDecoder().feed(joystick(*rows), now=7.0) == (7.0 if used else None)


@given(st.binary(max_size=300))
def test_any_bytes_are_understood_or_ignored(data):
    for decoder in (EventDecoder({X: Axis(0, 0, 0)}), JoystickDecoder()):
        assert decoder.feed(data, 7.0) in (None, 7.0)


class Kernel:
    """Answers the input subsystem's ioctls for one device, as EVIOCGBIT, EVIOCGABS and EVIOCSCLOCKID do."""

    def __init__(self, keys=(), axes=(), clock=True):
        self.keys, self.axes, self.clock = keys, axes, clock

    def ioctl(self, _descriptor, request, argument):
        number, size = request & 0xFF, request >> 16 & 0x3FFF
        assert request >> 8 & 0xFF == ord("E")
        assert size == len(argument) * getattr(argument, "itemsize", 1)
        if number == 0xA0:
            if not self.clock:
                raise OSError("too old")
            assert list(argument) == [7]
        elif number < 0x40:
            for bit in {0x21: self.keys, 0x23: self.axes}[number]:
                argument[bit // 8] |= 1 << bit % 8
        else:
            argument[:] = struct.pack("=6i", 127, 0, 255, 0, 15, 0)


PAD_KEYS = (0x130, 0x131, 0x13A)


@pytest.mark.skipif(sys.platform == "win32", reason="no ioctl on Windows")
@pytest.mark.parametrize(
    ("kernel", "axes"),
    [
        pytest.param(Kernel(PAD_KEYS, (0, 1, 0x10, 0x18)), {0, 1, 0x10}, id="a pad"),
        pytest.param(Kernel((0x120,)), set(), id="a joystick without axes"),
        pytest.param(Kernel((*range(1, 0x60),)), None, id="a keyboard"),
        pytest.param(Kernel((*range(1, 0x60), 0x130)), None, id="a keyboard that claims a pad's button"),
        pytest.param(Kernel((0x110, 0x111)), None, id="a mouse"),
        pytest.param(Kernel(()), None, id="a lid switch"),
    ],
)
def test_which_devices_are_gamepads(monkeypatch, tmp_path, kernel, axes):
    import fcntl

    monkeypatch.setattr(fcntl, "ioctl", kernel.ioctl)
    decoder = gamepads.identify(0, tmp_path / "event3")
    assert (None if decoder is None else set(decoder.axes)) == axes
    if decoder is not None:
        assert decoder.stamped
        assert all(axis == Axis(0, 255, 127) for axis in decoder.axes.values())


@pytest.mark.skipif(sys.platform == "win32", reason="no ioctl on Windows")
def test_an_old_kernel_keeps_its_own_clock(monkeypatch, tmp_path):
    import fcntl

    monkeypatch.setattr(fcntl, "ioctl", Kernel(PAD_KEYS, clock=False).ioctl)
    assert gamepads.identify(0, tmp_path / "event3").stamped is False


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
class TestFolder:
    """Pipes in a folder stand for /dev/input, where no test can plug a pad in."""

    @pytest.fixture
    def plug(self, tmp_path):
        held = {}

        def plug(name):
            os.mkfifo(tmp_path / name)
            held[name] = os.open(tmp_path / name, os.O_RDWR)
            return held[name]

        yield plug
        for descriptor in held.values():
            os.close(descriptor)

    @pytest.fixture
    def pads(self, tmp_path):
        def recognise(_descriptor, path):
            return JoystickDecoder() if path.name in ("event5", "event6", "js0") else None

        pads = Gamepads(tmp_path, recognise)
        yield pads
        pads.close()

    def test_a_pad_plugged_in_later_is_heard(self, pads, plug):
        assert not pads.present()
        assert pads.last_used(1.0) is None
        end = plug("event5")
        assert pads.present()
        assert pads.last_used(2.0) is None
        os.write(end, joystick((1, 0, 1)))
        assert pads.last_used(3.0) == 3.0
        assert pads.last_used(4.0) is None

    def test_asking_whether_one_is_there_leaves_nothing_open(self, pads, plug):
        plug("event5")
        assert pads.present()
        assert pads.descriptors() == ()

    def test_only_pads_stay_open_and_the_old_device_only_without_the_new_one(self, pads, plug):
        plug("event1")
        plug("js0")
        pads.last_used(1.0)
        assert len(pads.descriptors()) == 1
        plug("event5")
        plug("event6")
        pads.last_used(2.0)
        assert len(pads.descriptors()) == 2
        assert pads.present()
        assert len(pads.descriptors()) == 2

    def test_a_pad_that_is_unplugged_is_let_go(self, pads, plug):
        plug("event5")
        pads.last_used(1.0)
        (descriptor,) = pads.descriptors()
        gone = os.open(os.devnull, os.O_RDONLY)  # reads as ended, like a device that is gone
        os.dup2(gone, descriptor)
        os.close(gone)
        assert pads.last_used(2.0) is None
        assert pads.descriptors() == ()

    def test_a_flood_is_read_in_bounded_pieces(self, pads, plug):
        end = plug("event5")
        pads.last_used(1.0)
        os.set_blocking(end, False)
        presses = joystick((1, 0, 1)) * 500
        with contextlib.suppress(BlockingIOError):
            while os.write(end, presses):
                pass
        assert pads.last_used(2.0) == 2.0

    def test_devices_that_may_not_be_read_or_are_none_are_left_alone(self, tmp_path):
        (tmp_path / "event0").write_bytes(b"")
        (tmp_path / "event1").mkdir()
        (tmp_path / "event2").symlink_to(tmp_path / "nowhere")
        pads = Gamepads(tmp_path)
        assert pads.possible()
        assert not pads.present()
        assert pads.last_used(1.0) is None

    def test_no_folder_means_no_pads(self, tmp_path):
        pads = Gamepads(tmp_path / "missing")
        assert not pads.possible()
        assert not pads.present()
