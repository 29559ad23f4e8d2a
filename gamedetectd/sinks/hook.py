"""A hook: a program of the person's that is run for an event. Never a shell; what it does harms neither us nor others.

A hook that fails is run again as its settings say; then the event is given up, health names the hook until it works
again, and the next event has its turn: what is run hours late does more harm than good.
"""

from __future__ import annotations

import logging
import os
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from gamedetectd.config.actions import Hook
from gamedetectd.domain import SessionEvent
from gamedetectd.errors import DeliveryError, PermissionsError
from gamedetectd.interfaces import AuditTrail
from gamedetectd.observability.correlation import child_environment as with_correlation
from gamedetectd.observability.escaping import visible
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.children.held import exit_in_words
from gamedetectd.platforms.children.program import MOST, Program
from gamedetectd.platforms.permissions import refuse_program_of_others
from gamedetectd.sinks.aside import Aside, EventsOnly
from gamedetectd.sinks.wanted import wanted
from gamedetectd.worker import rest

log = logging.getLogger(__name__)

LANES = 4
"""Events of how many sessions a parallel hook takes at a time."""
LONGEST_PAUSE = 60.0
"""Seconds between two attempts at most, however often the pause was doubled; more only where the person wants it."""
LONGEST_VARIABLE = 16_000
"""Characters of a title in the environment; the JSON has all of it. Windows takes 32,767 for all variables together."""

Encode = Callable[[SessionEvent], bytes]
Describe = Callable[[SessionEvent], Mapping[str, str]]


class HookSink(EventsOnly):
    """A sink (see ``interfaces.Sink``). ``encode`` makes the JSON of an event, ``describe`` its variables.

    ``lane`` of ``lanes`` takes the events of the sessions that fall to it, so that those of one stay in order.
    """

    def __init__(
        self,
        hook: Hook,
        encode: Encode,
        describe: Describe,
        audit: AuditTrail,
        changed: Callable[[], None] = lambda: None,
        lane: int | None = None,
    ) -> None:
        self.hook = hook
        self.name = f"hook.{hook.name}" if lane is None else f"hook.{hook.name}.{lane}"
        self.trouble = ""
        """Why it failed for the latest event it was run for; empty where it did not."""
        self.output = ""
        """What it printed last."""
        self.aside: Aside[int] = Aside(self.name)
        self._encode = encode
        self._describe = describe
        self._audit = audit
        self._changed = changed
        self._lane = lane

    def accept(self, event: SessionEvent) -> None:
        """Run the hook, and again where it fails. Raises DeliveryError only when we are to end before it is done."""
        if not self._concerns(event):
            return
        trouble = ""
        for attempt in range(1, self.hook.retries + 2):
            trouble = self.run(event, attempt)
            if not trouble:
                break
            log.warning("hook %s failed (attempt %d): %s", self.hook.name, attempt, trouble)
            if attempt <= self.hook.retries:
                rest(self.aside.signal, max(self.hook.retry_pause, self._pause(attempt)))
        if trouble:
            log.error("hook %s is given up for this event (%s)", self.hook.name, event.kind)
        elif self.trouble:
            log.info("hook %s works again", self.hook.name)
        if trouble != self.trouble:
            self.trouble = trouble
            self._changed()

    def close(self) -> None:
        """Nothing is held: a program that runs ends with its worker."""

    def run(self, event: SessionEvent, attempt: int = 1) -> str:
        """Run it once; why it failed, empty where it did not. Raises DeliveryError when we are to end."""
        if self.aside.signal.is_set():
            raise DeliveryError("gamedetectd ends.", "The hook is run after the next start.")
        try:
            trouble = self._run(event, attempt)
        except PermissionsError as error:
            trouble = f"it is not run: {error.cause} {error.remedy}"
        except (OSError, ValueError) as error:
            trouble = f"it cannot be started ({getattr(error, 'strerror', None) or error})"
        self._audit.record(
            "hook-run",
            f"The hook {self.hook.name} was run." if not trouble else f"The hook {self.hook.name} failed.",
            success=not trouble,
            hook=self.hook.name,
            program=self.hook.command[0],
            event=event.id,
        )
        return trouble

    def _run(self, event: SessionEvent, attempt: int) -> str:
        environment = with_correlation(child_environment())
        environment |= {name: _fit(value) for name, value in self._describe(event).items()}
        environment |= {"GAMEDETECTD_HOOK": self.hook.name, "GAMEDETECTD_ATTEMPT": str(attempt)}
        program = _found(self.hook.command[0], environment)
        refuse_program_of_others(program)
        command = [str(program), *self.hook.command[1:]]
        with Program(command, environment, self._encode(event), str(_home())) as running:
            try:
                code = self.aside.do(running.wait, self.hook.timeout, running.end)
            except DeliveryError as error:
                if self.aside.signal.is_set():
                    raise
                return error.cause
            finally:
                self.output = running.output()
                for line in self.output.splitlines():
                    log.info("hook %s: %s", self.hook.name, visible(line))
        if running.flooded:
            return f"it printed more than {MOST // 1_000_000} MB and was ended"
        return f"it ended with {exit_in_words(code)}" if code else ""

    def _concerns(self, event: SessionEvent) -> bool:
        if self._lane is not None and zlib.crc32(event.session.id.encode("utf-8", "replace")) % LANES != self._lane:
            return False
        return wanted(event, self.hook.events, self.hook.games)

    def _pause(self, attempt: int) -> float:
        """Seconds before the attempt after this one."""
        return min(LONGEST_PAUSE, self.hook.retry_pause * 2.0 ** min(attempt - 1, 20))


def lanes(hook: Hook) -> tuple[int | None, ...]:
    """The lanes of a hook, None for the one of a hook whose runs follow one another."""
    return tuple(range(LANES)) if hook.parallel else (None,)


def _fit(value: str) -> str:
    """A text as a variable can hold it: no zero byte, nothing that cannot be encoded, not endless."""
    return os.fsencode(value[:LONGEST_VARIABLE].replace("\0", "").encode("utf-8", "replace").decode()).decode(
        "utf-8", "surrogateescape"
    )


def _found(program: str, environment: Mapping[str, str]) -> Path:
    """The file of a program that is named by path or to be found on the PATH. Raises OSError."""
    found = shutil.which(program, path=environment.get("PATH"))
    if found is not None:
        return Path(found)
    if Path(program).exists() and os.path.dirname(program):  # noqa: PTH120 - tells a path from a name
        raise PermissionError(13, "it may not be executed: look at its mode (chmod u+x)")
    raise FileNotFoundError(2, f"there is no {program}")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # an account without a home
        return Path(Path.cwd().anchor)
