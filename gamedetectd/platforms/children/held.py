"""Starts a module of ours in a process of its own and holds it to its limits, from the parent's side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import IO, Self

from gamedetectd.platforms.children import entry
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.children.last_words import LastWords

if sys.platform == "win32":
    from gamedetectd.platforms.children.job import HeldGroup
else:
    from gamedetectd.platforms.children.process_group import HeldGroup

DYING_SECONDS = 1.0
"""How long a child that was killed is waited for; one that the kernel does not let go of yet is left behind."""
LONGEST_LINE = 1_000_000
NOT_ENOUGH_QUOTA = 1816
"""Windows' exit code of a process that used up its processor time (ERROR_NOT_ENOUGH_QUOTA)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take. On macOS memory is looked at five times a second, elsewhere the system refuses it.

    ``seconds`` is the time by the clock, ``memory`` bytes beyond what an empty Python has, ``output`` bytes that it
    prints in all, ``cpu`` whole seconds of processor time (``seconds`` rounded up where it is not given), and
    ``mapped`` bytes of files that it may map besides, which Linux counts as address space.
    """

    seconds: float
    memory: int
    output: int = 1_000_000
    cpu: int | None = None
    mapped: int = 0


class End(StrEnum):
    """Why a child gave no answer."""

    LATE = "late"
    """It took too long, by the clock or of the processor."""
    MEMORY = "memory"
    """It needed more memory than it may have."""
    OUTPUT = "output"
    """It printed more than it may."""
    CRASHED = "crashed"
    """It ended with another exit code than 0, or by a signal."""


class ChildError(OSError):
    """A child gave no answer; ``end`` says why, the text says it as a clause: "took longer than 4 s"."""

    def __init__(self, end: End, text: str) -> None:
        super().__init__(text)
        self.end = end


class Child:
    """A started child: ``with Child(module, arguments, limits) as child:``, and with the block it is gone.

    Start it from a thread that outlives it: on Linux it is killed when the thread that started it ends. Raises OSError
    where it cannot be started. ``environment`` is added to what every child gets. What it writes to stderr is logged
    if it is ``heard``: not where it holds secrets. ``program`` is what a frozen program starts where that is another
    one than itself.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        limits: Limits,
        environment: Mapping[str, str] | None = None,
        *,
        heard: bool = True,
        program: str = "",
    ) -> None:
        self.limits = limits
        self._late = False
        self._read = 0
        self._process, self._group = HeldGroup.start(
            _command(module, arguments, limits, program), _environment(environment), limits, heard=heard
        )
        self._words = LastWords(module, _pipe(self._process.stderr)) if heard else None
        self._timer = self._timed(limits.seconds)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def write(self, data: bytes, *, last: bool = False) -> None:
        """Give it input; after ``last`` it finds the end. One that does not listen any more is no error here."""
        pipe = _pipe(self._process.stdin)
        try:
            pipe.write(data)
            pipe.flush()
            if last:
                pipe.close()
        except OSError:  # it ended, or was ended: what it printed, or its end, says the rest
            return

    def again(self, seconds: float | None = None) -> None:
        """Begin its time and its output anew: for one that is asked one thing after the other.

        ``seconds`` is the time for what comes, if not that of its limits. Processor time counts on.
        """
        self._timer.cancel()
        self._read = 0
        if not self._late:
            self._timer = self._timed(self.limits.seconds if seconds is None else seconds)

    def read(self) -> bytes:
        """Everything it prints until it closes its output. Raises ChildError where that is too much."""
        data = _pipe(self._process.stdout).read(self._room() + 1)
        return self._counted(data)

    def lines(self) -> Iterator[bytes]:
        """What it prints, line by line. Raises ChildError where that is too much."""
        while line := _pipe(self._process.stdout).readline(min(LONGEST_LINE, self._room() + 1)):
            yield self._counted(line)

    def finish(self) -> None:
        """Wait for its end, which its time limit brings about at the latest. Raises ChildError unless all was well."""
        code = self._process.wait()
        if self._late:
            raise ChildError(End.LATE, f"took longer than {self._timer.interval:g} s")
        if code in (NOT_ENOUGH_QUOTA, -getattr(signal, "SIGXCPU", 0)) and code:
            raise ChildError(End.LATE, "took too much processor time")
        if code == entry.OUT_OF_MEMORY:
            raise ChildError(End.MEMORY, f"needed more than {self.limits.memory / 1e6:.0f} MB of memory")
        if code:
            raise ChildError(End.CRASHED, f"ended with {exit_in_words(code)}")

    def close(self) -> None:
        """End it and whatever it started, if they are still there."""
        self._timer.cancel()
        self._group.kill(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # input that nobody took
                    pass
        try:
            self._process.wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:  # held by the kernel, as by a disk that does not answer; reaped later
            pass
        if self._words is not None:
            self._words.wait(DYING_SECONDS)
        self._group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _room(self) -> int:
        return self.limits.output - self._read

    def _counted(self, data: bytes) -> bytes:
        self._read += len(data)
        if self._room() < 0:
            raise ChildError(End.OUTPUT, f"printed more than {self.limits.output} bytes")
        return data

    def _timed(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        return timer

    def _expire(self) -> None:
        self._late = True
        self._group.kill(self._process)


def run(
    module: str,
    arguments: Sequence[str],
    limits: Limits,
    *,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run ``module.main()`` in a child with ``given`` (some KB at most) as its input; everything that it printed.

    Raises ChildError where it gave no answer, OSError where it cannot be started.
    """
    with Child(module, arguments, limits, environment) as child:
        child.write(given, last=True)
        output = child.read()
        child.finish()
    return output


def exit_in_words(code: int) -> str:
    """``exit code 3`` or ``signal SIGSEGV``, of what ``Popen`` calls the return code."""
    if code >= 0:
        return f"exit code {code if code < 256 else hex(code)}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _command(module: str, arguments: Sequence[str], limits: Limits, program: str = "") -> list[str]:
    """This program again (or ``program`` where we are frozen), or this Python, told to become the child."""
    cpu = limits.cpu if limits.cpu is not None else int(limits.seconds) + 1
    told = [str(number) for number in (os.getpid(), limits.memory, limits.mapped, cpu)]
    if getattr(sys, "frozen", False):
        return [program or sys.executable, entry.OPTION, *told, module, *arguments]
    return [sys.executable, "-P", "-m", entry.__name__, *told, module, *arguments]


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    path = os.pathsep.join(place for place in sys.path if place)
    return {**child_environment(), "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **(more or {})}


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe
