"""A day at the computer told step by step: it keeps the clocks and asks the state machine at each step."""

from gamedetectd.domain import Evidence, Game, Instant, PowerState, ProcessInfo, ProcessKey, SessionEventKind, Verdict
from gamedetectd.sessions.machine import Policy, SessionMachine

BOOT = "boot-1"
MORNING = 1_790_000_000.0
PORTAL = Game("steam:620", "Portal 2", "its Steam library entry", "/games/Portal 2")
TETRIS = Game("name:tetris", "Tetris", "its window")


def process(pid, parent=1, started=0.0, ticks=None, boot=BOOT):
    key = ProcessKey(boot, pid, int(started * 100) if ticks is None else ticks)
    return ProcessInfo(key, parent_pid=parent, started_elapsed=started)


def verdict(game, probability=0.95, reason="It is said to be one."):
    evidence = (Evidence("test", 3.0 if game else -3.0, reason, game),)
    return Verdict(game, probability if game else 0.05, evidence)


class Story:
    """``elapsed`` starts at 1,000 s after boot, of which the machine slept 100."""

    def __init__(self, grace=15.0, sessions=(), known=lambda _id: None, at=1000.0):
        self.awake, self.elapsed, self.wall = at - 100.0, at, MORNING
        self.machine = SessionMachine(Policy(grace), sessions, known)
        self.events = []

    @property
    def now(self):
        return Instant(self.awake, self.elapsed, self.wall)

    def _note(self, events):
        self.events += events
        return [event.kind.value for event in events]

    # time

    def wait(self, seconds):
        self.awake += seconds
        self.elapsed += seconds
        self.wall += seconds
        return self

    def heartbeats(self, seconds, every=5.0):
        while seconds > 0:
            self.wait(min(every, seconds))
            self._note(self.machine.advance(self.now))
            seconds -= every

    def asleep(self, seconds):
        self.elapsed += seconds
        self.wall += seconds
        return self._note(self.machine.power(self.now, PowerState.SLEPT, seconds))

    def set_clock(self, seconds):
        self.wall += seconds
        return self._note(self.machine.power(self.now, PowerState.CLOCK_SET, seconds))

    # what happens

    def born(self, pid, parent=1, ago=0.0):
        return process(pid, parent, self.elapsed - ago)

    def judged(self, subject, game=PORTAL, root=None, probability=0.95, ancestors=(), reason="It is said to be one."):
        return self._note(
            self.machine.judged(self.now, verdict(game, probability, reason), root or subject, subject, ancestors)
        )

    def play(self, pid, game=PORTAL, parent=1):
        """A game's process starts and is recognised at once."""
        started = self.born(pid, parent)
        self.judged(started, game)
        return started

    def ended(self, info, ago=0.0):
        return self._note(self.machine.ended(self.now, info.key, self.elapsed - ago))

    def focus(self, info):
        return self._note(self.machine.focused(self.now, info and info.key))

    def idle(self, since=0.0):
        return self._note(self.machine.idle(self.now, True, self.elapsed - since))

    def input(self, since=0.0):
        return self._note(self.machine.idle(self.now, False, self.elapsed - since))

    def lock(self):
        return self._note(self.machine.power(self.now, PowerState.LOCKED))

    def unlock(self):
        return self._note(self.machine.power(self.now, PowerState.UNLOCKED))

    def pause(self):
        return self._note(self.machine.pause(self.now))

    def resume(self):
        return self._note(self.machine.resume(self.now))

    def resync(self, *alive):
        return self._note(self.machine.resynced(self.now, frozenset(info.key for info in alive)))

    # what there is to see

    @property
    def sessions(self):
        return self.machine.sessions

    @property
    def history(self):
        """The last word on every session, in the order they began: what a table of them would show."""
        table = {}
        for event in self.events:
            table[event.session.id] = event.session
        return list(table.values())

    @property
    def kinds(self):
        return [event.kind.value for event in self.events]

    def lasted(self, session=None):
        session = session or self.history[-1]
        return session.ended_at - session.started_at


ENDS = {SessionEventKind.ENDED, SessionEventKind.CORRECTED}
