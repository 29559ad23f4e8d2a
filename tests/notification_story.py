"""An hour at the computer told step by step, and what the person is told of it: only the clock is driven."""

from gamedetectd.app.checks import CONDITIONS
from gamedetectd.app.notifications import Notifications, Seen
from gamedetectd.domain import EndedBy, Evidence, Game, Instant, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.health.tracker import Tracker
from gamedetectd.platforms.notify import Clicked

MORNING = 1_790_000_000.0
PORTAL = Game("steam:620", "Portal 2", "its Steam library entry", "/games/Portal 2")
REASONS = (
    Evidence("store.steam", 4.5, "Steam says that it started “Portal 2”."),
    Evidence("prior", -3.0, "Most programs are not games."),
    Evidence("files.engine", 2.0, "Files of the Source engine lie beside it."),
    Evidence("window.fullscreen", 0.5, "It fills the screen."),
    Evidence("gpu", 0.2, "It uses the graphics card."),
)
TICK = 5.0
"""Seconds between two looks, as far as nothing is due earlier."""


class Recorder:
    """A ``Notifier`` that remembers: ``said`` is every title that was shown, ``open`` what is on the screen."""

    def __init__(self):
        self.shown, self.open = [], {}
        self.trouble, self.ready, self.works, self.wanted = "", True, True, False
        self.connection = None

    def due(self, *, wanted):
        return None

    def step(self, *, wanted):
        self.wanted = wanted
        return []

    def show(self, bubble):
        if self.works:
            self.shown.append(bubble)
            self.open[bubble.key] = bubble
        return self.works

    def withdraw(self, key):
        self.open.pop(key, None)

    def close(self):
        self.open.clear()

    @property
    def said(self):
        return [bubble.title for bubble in self.shown]


def session(game=PORTAL, number=1, started=MORNING, reasons=REASONS):
    key = ProcessKey("boot", 1000 + number, number)
    return Session(f"session-{number}", game, started, 0.0, key, (key,), reasons)


class Hour:
    """``after(seconds)`` lets time pass; the conditions go through health's tracker as in the daemon."""

    def __init__(self, notifier=None, mode="all", grace=8.0, programs=lambda _key: ("portal2",), **also):
        self.notifier = Recorder() if notifier is None else notifier
        self.elapsed = 0.0
        self.seen = {"mode": mode, "grace": grace}
        self.corrected = []
        self.each_step = lambda: None
        self.tracker = Tracker(CONDITIONS)
        self._numbers = 0
        self.notifications = Notifications(
            self, self.notifier, self.look, self.corrected.append, programs=programs, **also
        )
        self.step()

    def now(self):
        return Instant(self.elapsed, self.elapsed, MORNING + self.elapsed)

    def look(self):
        told = {"visible": self.tracker.visible(self.now()), "standing": self.tracker.standing(self.now())}
        return Seen(**(told | self.seen))

    @property
    def said(self):
        return self.notifier.said

    def step(self):
        timeout = self.notifications.step()
        self.each_step()
        return TICK if timeout is None else timeout

    def after(self, seconds):
        until = self.elapsed + seconds
        while (left := until - self.elapsed) > 0:
            self.elapsed += min(left, TICK, max(0.01, self.step()))
        self.step()
        return self

    # what happens

    def wrong(self, code, message="Something is wrong.", key=""):
        self.tracker.report(code, key, self.now(), message)
        self.step()

    def right(self, code, key=""):
        self.tracker.report(code, key, self.now(), None)
        self.step()

    def flaps(self, code, times, each):
        for _ in range(times):
            self.wrong(code)
            self.after(each / 2)
            self.right(code)
            self.after(each / 2)

    def happens(self, kind, about):
        self._numbers += 1
        event = SessionEvent(f"event-{self._numbers}", kind, self.now().wall, about)
        self.notifications.happened([event])
        self.step()
        return about

    def plays(self, game=PORTAL, number=1, reasons=REASONS):
        return self.happens(SessionEventKind.STARTED, session(game, number, self.now().wall, reasons))

    def ends(self, about, kind=SessionEventKind.ENDED):
        ended = Session(
            about.id, about.game, about.started_at, 0.0, about.root, about.processes, about.evidence,
            ended_at=self.now().wall, ended_by=EndedBy.EXIT,
        )  # fmt: skip
        return self.happens(kind, ended)

    def clicks(self, key, action):
        self.notifications.clicked(Clicked(key, action))
        self.step()


def scripted_hour(hour):
    """A game, a problem, its end, the game's end, and a condition that comes and goes fifty times."""
    hour.after(60)
    played = hour.plays()
    hour.after(9 * 60)
    hour.wrong("history-unwritable", "/home/anna/.local/share/gamedetectd/history.sqlite: no space left.")
    hour.after(4 * 60)
    hour.right("history-unwritable")
    hour.after(5 * 60)
    hour.ends(played)
    hour.after(60)
    hour.flaps("log-unwritable", times=50, each=46.0)
    hour.after(3600 - hour.elapsed)


EXPECTED = [
    "Portal 2 is being played",
    "Play time cannot be kept",
    "Back to normal",
    "Portal 2 has ended",
    "The log cannot be written",
]
"""What the hour tells, in this order."""
