"""Answers of macOS as Apple documents them, and a stand-in for pyobjc that gives them. Nobody recorded these on a Mac.

Keys and types: developer.apple.com, Required and Optional Window List Keys, NSWorkspace, NSRunningApplication,
NSNotification; ``struct kinfo_proc`` of sys/sysctl.h.
"""

# ruff: noqa: N802 - Apple's names
import ctypes
import itertools
import plistlib
import struct
import sys
from collections import deque
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

SPELLED_OTHERWISE = "what the constant of a notification's name holds"
GAME, FINDER, EDITOR, OVERLAY = 4711, 300, 512, 99
MAIN = (1, (0.0, 0.0, 1512.0, 982.0))
"""A built-in display with a notch, in points."""
BESIDE = (2, (1512.0, -98.0, 1920.0, 1080.0))


def row(number, pid, bounds, *, layer=0, owner="Game", name=None, on_screen=True, alpha=1.0):
    """One CFDictionary of CGWindowListCopyWindowInfo; ``name`` is absent without the leave to record the screen."""
    x, y, width, height = bounds
    told = {
        "kCGWindowNumber": number,
        "kCGWindowStoreType": 1,
        "kCGWindowLayer": layer,
        "kCGWindowBounds": {"X": float(x), "Y": float(y), "Width": float(width), "Height": float(height)},
        "kCGWindowSharingState": 1,
        "kCGWindowAlpha": alpha,
        "kCGWindowOwnerPID": pid,
        "kCGWindowMemoryUsage": 2288,
        "kCGWindowOwnerName": owner,
    }
    if name is not None:
        told["kCGWindowName"] = name
    if on_screen:
        told["kCGWindowIsOnscreen"] = True
    return told


MENU_BAR = row(10, 150, (0, 0, 1512, 37), layer=24, owner="Window Server", name="Menubar")
DOCK = row(11, 200, (0, 0, 1512, 982), layer=20, owner="Dock", name="Dock")
CLOCK = row(12, 180, (1400, 0, 100, 37), layer=25, owner="Control Center")
FINDER_WINDOW = row(20, FINDER, (100, 100, 800, 500), owner="Finder")
GAME_WINDOW = row(30, GAME, (200, 120, 1024, 796), owner="Celeste", name="Celeste")
DESKTOP = [MENU_BAR, CLOCK, DOCK]


def kinfo_proc(seconds, microseconds):
    """The kernel's record of one process, of which only the beginning is read."""
    return struct.pack("<qi", seconds, microseconds) + bytes(636)


class FakeGraphics:
    """CoreGraphics and CoreFoundation in one: hands out handles, and must get each of them back."""

    def __init__(self, rows, displays=(MAIN,)):
        self.rows, self.displays = rows, displays
        self.idle, self.may, self.asked = 3.5, False, 0
        self.held, self._handles = {}, itertools.count(1)
        self.list_failure, self.unspeakable, self.told_bytes = 0, False, None
        for name in ("CGWindowListCopyWindowInfo", "CGGetActiveDisplayList", "CGDisplayBounds", "CFRelease",
                     "CGEventSourceSecondsSinceLastEventType", "CGPreflightScreenCaptureAccess",
                     "CGRequestScreenCaptureAccess", "CFPropertyListCreateData", "CFDataGetBytePtr",
                     "CFDataGetLength"):  # fmt: skip
            setattr(self, name, Function(getattr(self, f"_{name}")))

    def _hold(self, what):
        handle = next(self._handles)
        self.held[handle] = what
        return handle

    def _CGWindowListCopyWindowInfo(self, options, window):
        assert window == 0
        if self.rows is None:
            return None
        return self._hold([one for one in self.rows if options & 1 == 0 or one.get("kCGWindowIsOnscreen")])

    def _CFPropertyListCreateData(self, _allocator, array, form, _options, _error):
        assert form == 200
        if self.unspeakable:
            return None
        data = plistlib.dumps(self.held[array], fmt=plistlib.FMT_BINARY)
        return self._hold(ctypes.create_string_buffer(data[: self.told_bytes]))

    def _CFDataGetBytePtr(self, data):
        return ctypes.addressof(self.held[data])

    def _CFDataGetLength(self, data):
        return len(self.held[data]) - 1

    def _CFRelease(self, handle):
        del self.held[handle]

    def _CGGetActiveDisplayList(self, most, numbers, count):
        assert most >= len(self.displays)
        for place, (number, _) in enumerate(self.displays):
            numbers[place] = number
        count._obj.value = len(self.displays)
        return self.list_failure

    def _CGDisplayBounds(self, number):
        from gamedetectd.platforms.mac.core_graphics import Rectangle

        return Rectangle(*dict(self.displays)[number])

    def _CGEventSourceSecondsSinceLastEventType(self, state, kind):
        assert (state, kind) == (1, 0xFFFFFFFF)
        return self.idle

    def _CGPreflightScreenCaptureAccess(self):
        return self.may

    def _CGRequestScreenCaptureAccess(self):
        self.asked += 1
        return self.may


class Function:
    """What ctypes gives for a function of a library: its types can be set, and it can be called."""

    def __init__(self, does):
        self._does = does
        self.argtypes = self.restype = None

    def __call__(self, *arguments):
        assert len(arguments) == len(self.argtypes), "called otherwise than declared"
        return self._does(*arguments)


class FakeCentre:
    """An NSNotificationCenter."""

    def __init__(self):
        self.observers = {}

    def addObserverForName_object_queue_usingBlock_(self, name, sender, queue, block):
        assert (sender, queue) == (None, None)
        observer = object()
        self.observers[observer] = (name, block)
        return observer

    def removeObserver_(self, observer):
        del self.observers[observer]

    def post(self, name, pid=None):
        told = None if pid is None else {"NSWorkspaceApplicationKey": application(pid)}
        notification = SimpleNamespace(name=lambda: name, userInfo=lambda: told)
        for wanted, block in list(self.observers.values()):
            if wanted == name:
                block(notification)


def application(pid):
    """An NSRunningApplication."""
    return SimpleNamespace(processIdentifier=lambda: pid, bundleIdentifier=lambda: "com.example.game")


class FakeMac:
    """pyobjc's modules, with a run loop that turns when ``turn`` is called."""

    def __init__(self, in_front=GAME):
        self.in_front = in_front
        self.workspace, self.everybody, self.ourselves = FakeCentre(), FakeCentre(), FakeCentre()
        self.queue = deque()
        self.signals = {}
        self.stopped = False
        self.runs, self.pools = [], 0

    def install(self, monkeypatch):
        """Put them in the place of the real ones."""
        shared = SimpleNamespace(
            notificationCenter=lambda: self.workspace,
            frontmostApplication=lambda: None if self.in_front is None else application(self.in_front),
        )
        modules = {
            "AppKit": {
                "NSWorkspace": SimpleNamespace(sharedWorkspace=lambda: shared),
                "NSWorkspaceApplicationKey": "NSWorkspaceApplicationKey",
                "NSWorkspaceDidWakeNotification": SPELLED_OTHERWISE,
            },
            "objc": {"autorelease_pool": self._pool},
            "Foundation": {
                "NSDistributedNotificationCenter": SimpleNamespace(defaultCenter=lambda: self.everybody),
                "NSNotificationCenter": SimpleNamespace(defaultCenter=lambda: self.ourselves),
            },
            "CoreFoundation": {
                "CFRunLoopRunInMode": self._run_in_mode,
                "kCFRunLoopDefaultMode": "kCFRunLoopDefaultMode",
                "CFRunLoopGetCurrent": lambda: self,
                "CFRunLoopStop": lambda loop: setattr(loop, "stopped", True),
            },
            "PyObjCTools": {
                "AppHelper": SimpleNamespace(callAfter=lambda action: self.queue.append(action)),
                "MachSignals": SimpleNamespace(signal=self.signals.__setitem__),
            },
        }
        for name, content in modules.items():
            module = ModuleType(name)
            vars(module).update(content)
            monkeypatch.setitem(sys.modules, name, module)

    @contextmanager
    def _pool(self):
        self.pools += 1
        yield

    def turn(self):
        """Do what waits in the main thread."""
        while self.queue:
            self.queue.popleft()()

    def _run_in_mode(self, mode, seconds, returns):
        self.runs.append((mode, returns))
        assert seconds > 1e8, "nothing ticks"
        had = bool(self.queue)
        self.turn()
        return 2 if had else 1
