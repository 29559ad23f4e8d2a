"""What macOS tells all programs, heard in the main thread's run loop: the names and who is meant by them.

Names: https://developer.apple.com/documentation/appkit/nsworkspace (its notifications). That the screen was locked is
told under names that Apple does not document, which many programs rely on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, NamedTuple

from gamedetectd.platforms.mac.main_loop import MainLoop

log = logging.getLogger(__name__)

ACTIVATED = "NSWorkspaceDidActivateApplicationNotification"
OTHER_SPACE = "NSWorkspaceActiveSpaceDidChangeNotification"
WILL_SLEEP = "NSWorkspaceWillSleepNotification"
WOKE_UP = "NSWorkspaceDidWakeNotification"
SWITCHED_AWAY = "NSWorkspaceSessionDidResignActiveNotification"
SWITCHED_BACK = "NSWorkspaceSessionDidBecomeActiveNotification"
LOCKED = "com.apple.screenIsLocked"
UNLOCKED = "com.apple.screenIsUnlocked"
CLOCK_SET = "NSSystemClockDidChangeNotification"
QUITTING = "NSApplicationWillTerminateNotification"
APPLICATION = "NSWorkspaceApplicationKey"
"""Under this an NSRunningApplication is in what is told of applications."""


class Centre(Enum):
    """Who tells."""

    WORKSPACE = "NSWorkspace"
    EVERYBODY = "NSDistributedNotificationCenter"
    OURSELVES = "NSNotificationCenter"


class Notice(NamedTuple):
    """What was told, and the process that is meant, 0 for none."""

    name: str
    pid: int = 0


Hear = Callable[[Notice], None]
Wanted = Sequence[tuple[Centre, str]]


@contextmanager
def listening(loop: MainLoop, wanted: Wanted, hear: Hear) -> Iterator[None]:
    """Inside, ``hear`` is called in the main thread for everything wanted, as far as the loop turns.

    It must be short and raise nothing. Raises ImportError where pyobjc is missing.
    """
    observers: list[tuple[Any, Any]] = []

    def begin() -> None:
        for centre, name in wanted:
            place = _centre(centre)
            observer = place.addObserverForName_object_queue_usingBlock_(
                _spelled(name), None, None, lambda told, name=name: hear(Notice(name, _whom(told)))
            )
            observers.append((place, observer))

    def end() -> None:
        while observers:
            place, observer = observers.pop()
            place.removeObserver_(observer)

    loop.soon(begin)
    try:
        yield
    finally:
        loop.soon(end)


def in_front() -> int:
    """The process of the application in front, 0 for none; it is up to date in the main thread only."""
    import AppKit

    return _pid(AppKit.NSWorkspace.sharedWorkspace().frontmostApplication())


def _centre(centre: Centre) -> Any:
    import AppKit
    import Foundation

    if centre is Centre.WORKSPACE:
        return AppKit.NSWorkspace.sharedWorkspace().notificationCenter()
    if centre is Centre.EVERYBODY:
        return Foundation.NSDistributedNotificationCenter.defaultCenter()
    return Foundation.NSNotificationCenter.defaultCenter()


def _spelled(name: str) -> str:
    """What the constant of that name holds; a name without one is meant as it is."""
    import AppKit
    import Foundation

    return str(getattr(AppKit, name, None) or getattr(Foundation, name, None) or name)


def _whom(told: Any) -> int:
    """The process that an NSNotification is about, 0 for none."""
    more = told.userInfo()
    return 0 if more is None else _pid(more.get(_spelled(APPLICATION)))


def _pid(application: Any) -> int:
    """The process of an NSRunningApplication; it has -1 for one that is gone."""
    return 0 if application is None else max(0, int(application.processIdentifier()))
