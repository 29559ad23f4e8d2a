"""Who has the person's attention, and for how long: foreground time, with and without input, on the awake clock.

What was counted is remembered as stretches for a while, because the truth often comes late: that the last input was
five minutes ago, that a process is a game, or that it had ended before we heard of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from gamedetectd.domain import Instant, ProcessKey

STRETCHES = 256
"""How many stretches are remembered; older ones stay as they were counted."""
SAME_SLEEP = 0.5
"""Seconds by which elapsed minus awake may waver (coarse clocks) before it means that the machine slept."""


@dataclass(slots=True)
class Tally:
    """Foreground time of one session in awake seconds: with input (``active``) and without (``idle``)."""

    active: float = 0.0
    idle: float = 0.0

    def add(self, seconds: float, idle: bool) -> None:
        """Count (or, if negative, take back) foreground time."""
        if idle:
            self.idle = max(0.0, self.idle + seconds)
        else:
            self.active = max(0.0, self.active + seconds)


@dataclass(slots=True)
class _Stretch:
    """One process in the foreground from ``begin`` to ``end`` (awake); ``slept`` is elapsed minus awake."""

    key: ProcessKey
    tally: Tally | None
    idle: bool
    slept: float
    begin: float
    end: float

    def awake(self, elapsed: float) -> float:
        """A moment of the elapsed clock on the awake clock, held within this stretch."""
        return min(max(elapsed - self.slept, self.begin), self.end)


class Attention:
    """Counts awake foreground time into tallies. Every call brings the count up to ``at`` first."""

    def __init__(self) -> None:
        self._owners: dict[ProcessKey, Tally] = {}
        self._stretches: deque[_Stretch] = deque(maxlen=STRETCHES)
        self._focus: ProcessKey | None = None
        self._idle = False
        self._locked = False
        self._paused = False
        self._reached: Instant | None = None

    @property
    def focus(self) -> ProcessKey | None:
        """The process whose foreground time is being counted; None while locked or paused."""
        return None if self._locked or self._paused else self._focus

    def reach(self, at: Instant) -> None:
        """Count up to ``at``; a moment before the last one counts nothing."""
        last = self._reached
        if last is not None and at.awake < last.awake:
            return
        self._reached = at
        key = self.focus
        if last is not None and key is not None and at.awake > last.awake:
            slept = last.elapsed - last.awake  # a sleep is heard of on waking, so it came after these seconds
            self._append(_Stretch(key, self._owners.get(key), self._idle, slept, last.awake, at.awake))

    def set_focus(self, at: Instant, key: ProcessKey | None) -> None:
        """From ``at`` on another process (or none) has the focus."""
        self.reach(at)
        self._focus = key

    def set_locked(self, at: Instant, locked: bool) -> None:
        """From ``at`` on the screen is locked, or is not."""
        self.reach(at)
        self._locked = locked

    def set_paused(self, at: Instant, paused: bool) -> None:
        """From ``at`` on nothing is counted, or again."""
        self.reach(at)
        self._paused = paused

    def set_idle(self, at: Instant, idle: bool, since_elapsed: float) -> None:
        """The last input was at ``since_elapsed``: since then it is idle time, or active again."""
        if idle:
            self.reach(at)
            self._idle_since(since_elapsed)
        else:
            ago = max(0.0, at.elapsed - since_elapsed)
            self.reach(Instant(at.awake - ago, at.elapsed - ago, at.wall - ago))
        self._idle = idle
        self.reach(at)

    def claim(self, key: ProcessKey, tally: Tally, since_elapsed: float) -> None:
        """The process's foreground time belongs to ``tally``, also what it had since then before we knew."""
        self._owners[key] = tally
        for stretch in self._stretches:
            if stretch.key == key and stretch.tally is None:
                stretch.begin = stretch.awake(since_elapsed)
                stretch.tally = tally
                tally.add(stretch.end - stretch.begin, stretch.idle)

    def release(self, key: ProcessKey, until_elapsed: float) -> None:
        """The process no longer counts since ``until_elapsed``; what was counted after that is taken back."""
        self._owners.pop(key, None)
        for stretch in self._stretches:
            if stretch.key == key and stretch.tally is not None:
                end = stretch.awake(until_elapsed)
                stretch.tally.add(end - stretch.end, stretch.idle)
                stretch.end = end

    def _append(self, new: _Stretch) -> None:
        if new.tally is not None:
            new.tally.add(new.end - new.begin, new.idle)
        last = self._stretches[-1] if self._stretches else None
        if (
            last is not None
            and (last.key, last.tally is new.tally, last.idle, last.end) == (new.key, True, new.idle, new.begin)
            and abs(last.slept - new.slept) < SAME_SLEEP
        ):
            last.end = new.end
        else:
            self._stretches.append(new)

    def _idle_since(self, elapsed: float) -> None:
        """Move what was counted active after that moment to idle."""
        before, self._stretches = self._stretches, deque(maxlen=STRETCHES)
        for stretch in before:
            cut = stretch.awake(elapsed)
            if stretch.idle or cut == stretch.end:
                self._stretches.append(stretch)
                continue
            if stretch.tally is not None:
                moved = min(stretch.end - cut, stretch.tally.active)
                stretch.tally.add(-moved, idle=False)
                stretch.tally.add(moved, idle=True)
            if cut > stretch.begin:
                self._stretches.append(replace(stretch, end=cut))
            self._stretches.append(replace(stretch, idle=True, begin=cut))
