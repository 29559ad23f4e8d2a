"""A long life in minutes: the real daemon, with a clock that is driven and a machine that is made up.

    python tests/performance/long_life.py DIRECTORY SESSIONS [LEAK…]

Made up is what looks at the machine: the clock, the process table, the sensors, one source of facts, the screen.
Everything else is real: engine, facts room, detection, sessions, history, journal, event log, notifications' policy,
health, audit trail, control channel. ``AT_ONCE`` games at a time are started, recognised, looked at, left alone and
ended; an hour later come the next.

Detection is pure and keeps nothing, and half of the time went there: one look in ``JUDGED_ANEW`` goes all the way, with
facts that are asked for; of the others the verdict is the one there was on the same program before.

One JSON line a sample goes to standard output: what this process holds then. Each LEAK is one of ``LEAKS``, put in on
purpose so that a test can see that it is found.
"""

import gc
import json
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gamedetectd.app import daemon as composition
from gamedetectd.app.machine import this_machine
from gamedetectd.config import load
from gamedetectd.control.client import Client
from gamedetectd.detection.judge import judge
from gamedetectd.domain import (
    FactKind,
    ForegroundChanged,
    IdleChanged,
    InstalledGame,
    Instant,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    SessionEventKind,
    Verdict,
    Window,
)
from gamedetectd.engine import core
from gamedetectd.errors import NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.platforms import notify

GAMES = 40
AT_ONCE = 100
SAMPLES = 50
JUDGED_ANEW = 10
BACKUP_EVERY = 1_000
"""Sessions after which the history is backed up and pruned, as it is once a day."""
PATIENCE = 60.0
"""Real seconds for anything to happen."""
LEAKS = ("memory", "descriptors", "threads")
LEAKED_EACH = 50
"""Objects that a leak of memory keeps with each session."""


class DrivenClock:
    """Stands still until it is told that time has passed."""

    def __init__(self):
        self._began, self._passed = time.time(), 0.0

    def now(self):
        return Instant(1000.0 + self._passed, 1000.0 + self._passed, self._began + self._passed)

    def pass_time(self, seconds):
        self._passed += seconds
        return self.now()


class MadeUpProcesses:
    """The process table of a machine on which only our games run."""

    def __init__(self):
        self.running = {}

    def read(self, pid):
        return self.running.get(pid)

    def pids(self):
        return tuple(self.running)

    def alive(self, key):
        return (process := self.running.get(key.pid)) is not None and process.key == key

    def exe_path(self, pid):
        return process.exe if (process := self.running.get(pid)) is not None else None

    def turnover(self):
        return None


class MadeUpLibrary:
    """The source of what stores have installed on that machine."""

    kind, time_limit = FactKind.LIBRARY, 5.0

    def gather(self, facts):
        exe = Path(facts.processes[-1].exe)
        return replace(
            facts, library=(InstalledGame("steam", exe.name, f"The {exe.name}", str(exe.parent), (str(exe),)),)
        )


class Memory:
    """What was decided of each program."""

    def __init__(self):
        self._verdicts, self._looks = {}, 0

    def judge(self, facts):
        process = facts.processes[-1]
        known = self._verdicts.get(process.exe)
        self._looks += 1
        if known is not None and self._looks % JUDGED_ANEW:
            return replace(known, root=process.key, subject=process.key)
        answer = judge(facts)
        if isinstance(answer, Verdict) and answer.is_game:
            self._verdicts[process.exe] = answer
        return answer


class Screen:
    """Shows notifications to nobody, and counts them."""

    trouble, ready, connection = "", True, None

    def __init__(self):
        self.shown = 0

    def due(self, *, wanted):
        return None

    def step(self, *, wanted):
        return []

    def show(self, bubble):
        self.shown += 1
        return True

    def withdraw(self, key):
        pass

    def close(self):
        pass


class LongLife(composition.Daemon):
    """The daemon, which tells us what it has committed."""

    def __init__(self, paths):
        super().__init__(paths, load(paths))
        self._told = threading.Condition()
        self._counts = dict.fromkeys(SessionEventKind, 0)

    def _published(self, events):
        super()._published(events)
        with self._told:
            for event in events:
                self._counts[event.kind] += 1
            self._told.notify_all()

    def until(self, kind, number):
        """Wait until that many events of this kind have been committed."""
        with self._told:
            assert self._told.wait_for(lambda: self._counts[kind] >= number, PATIENCE), (self._counts, kind, number)
            assert self._counts[kind] == number, "no session is doubled"


class Life:
    """One life: ``live`` it. ``say`` is given each sample."""

    def __init__(self, directory, say):
        self.say = say
        self.clock, self.processes, self.screen = DrivenClock(), MadeUpProcesses(), Screen()
        self.games = [self._install(directory, number) for number in range(GAMES)]
        self.paths = Paths.below(directory / "home")
        self._configure()
        os.environ |= {
            "HOME": str(directory),
            "XDG_DATA_DIRS": str(directory / "share"),
            "XDG_DATA_HOME": str(directory / "none"),
        }
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            os.environ.pop(name, None)
        self._replace_what_looks_outside()
        self.daemon = LongLife(self.paths)
        self.begun = 0
        self.leaked = []

    def _install(self, directory, number):
        program = directory / "games" / f"game-{number}" / f"game-{number}"
        entries = directory / "share" / "applications"
        for folder in (program.parent, entries):
            folder.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        entry = f"[Desktop Entry]\nType=Application\nName=Game Number {number}\nExec={program}\nCategories=Game;\n"
        (entries / f"{program.name}.desktop").write_text(entry)
        return str(program)

    def _configure(self):
        self.paths.config.mkdir(parents=True, mode=0o700)
        self.paths.settings_file.write_text('[notifications]\nmode = "all"\n')
        self.paths.settings_file.chmod(0o600)

    def _replace_what_looks_outside(self):
        made_up = {"clock": self.clock, "boot_id": "boot", "processes": self.processes, "sources": (MadeUpLibrary(),)}
        composition.this_machine = lambda paths, settings: replace(this_machine(paths, settings), **made_up)
        core.judge = Memory().judge
        composition.sensors = lambda *_: ()
        notify.make_notifier = lambda: self.screen

    def live(self, sessions, *leaks):
        assert set(leaks) <= set(LEAKS), LEAKS
        self.daemon.start()
        try:
            self._live(sessions, leaks)
        finally:
            self.daemon.stop()

    def _live(self, sessions, leaks):
        client, began, step = self._client(), time.monotonic(), max(1, sessions // SAMPLES // AT_ONCE) * AT_ONCE
        while self.begun < sessions:
            if self.begun % step == 0:
                client.request("status")
                self.daemon.monitor.wake()
                self._sample(began)
            self._play()
            for leak in leaks:
                self._leak(leak)
            if self.begun % BACKUP_EVERY == 0:
                self.daemon.history.backup(every=0.0)
        self._wait_for_the_sinks()
        self._sample(began)

    def _client(self):
        """Whoever asks how it stands, once the daemon listens."""
        client = Client(self.paths)
        for _ in range(int(PATIENCE * 10)):
            with suppress(NotRunningError):
                client.request("status")
                break
            time.sleep(0.1)
        return client

    def _sample(self, began):
        took = {"seconds": round(time.monotonic() - began, 3), "cpu": round(time.process_time(), 3)}
        self.say({"sessions": self.begun, **took, **held()})

    def _play(self):
        """Everything between the start and the end of some games."""
        daemon, clock, emit = self.daemon, self.clock, self.daemon.engine.emit
        playing = [self._start(clock.pass_time(1.0)) for _ in range(AT_ONCE)]
        for process in playing:
            emit(ProcessStarted(clock.now(), process))
        daemon.until(SessionEventKind.STARTED, self.begun + AT_ONCE)
        for number, process in enumerate(playing[:: AT_ONCE // 4]):
            emit(ForegroundChanged(clock.pass_time(600.0), Window(number, process.pid, f"Level {self.begun}", "game")))
            emit(IdleChanged(clock.now(), bool(number % 2), clock.now().elapsed - 10.0))
            daemon.engine.call(lambda _at: ())
        for process in playing:
            del self.processes.running[process.pid]
            emit(ProcessEnded(clock.pass_time(1.0), process.key, clock.now().elapsed))
        emit(ForegroundChanged(clock.now(), None))
        daemon.engine.call(lambda _at: ())
        clock.pass_time(3_600.0)  # the time in which a game may come back is over
        daemon.engine.call(lambda _at: ())
        self.begun += AT_ONCE
        daemon.until(SessionEventKind.ENDED, self.begun)

    def _start(self, now):
        """One more process; process ids come round again, as they do."""
        number = self.begun + len(self.processes.running)
        pid, exe = 2 + number % 30_000, self.games[number % GAMES]
        process = ProcessInfo(ProcessKey("boot", pid, number), 1, exe, (exe,), "/", started_elapsed=now.elapsed)
        self.processes.running[pid] = process
        return process

    def _wait_for_the_sinks(self):
        until = time.monotonic() + PATIENCE
        while any(runner.status().delivered < self.daemon.history.last_number() for runner in self.daemon.sinks):
            assert time.monotonic() < until, "the event log does not come after"
            time.sleep(0.01)

    def _leak(self, leak):
        if leak == "memory":
            self.leaked += [f"{self.begun} {number}" for number in range(AT_ONCE * LEAKED_EACH)]
        for _ in range(AT_ONCE // 20):
            if leak == "descriptors":
                self.leaked.append(os.open(os.devnull, os.O_RDONLY))
            elif leak == "threads":
                self.leaked.append(threading.Event())
                threading.Thread(target=self.leaked[-1].wait, daemon=True).start()


def held():
    """What this process holds now: bytes, blocks of Python's allocator, descriptors, threads."""
    gc.collect()
    rollup = dict(line.split(":", 1) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    return {
        "pss": int(rollup["Pss"].split()[0]) * 1024,
        "rss": int(rollup["Rss"].split()[0]) * 1024,
        "blocks": sys.getallocatedblocks(),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())) - 1,
        "threads": threading.active_count(),
    }


if __name__ == "__main__":
    life = Life(Path(sys.argv[1]), lambda row: print(json.dumps(row), flush=True))
    life.live(int(sys.argv[2]), *sys.argv[3:])
    print(f"{life.screen.shown} notifications", file=sys.stderr)
