"""The daemon: builds every room from the settings, starts them in order and stops them in the opposite order.

This is where the rooms meet. A new sensor is a row in ``app.sensors``; a new sink one in ``sinks.table``; a new check
one in ``app.checks``.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TextIO

import msgspec

import gamedetectd
from gamedetectd import i18n
from gamedetectd.app import audit as auditing
from gamedetectd.app import crashes, session_end
from gamedetectd.app.actions import OURS, RunningActions
from gamedetectd.app.checks import CONDITIONS, probes
from gamedetectd.app.exposure import Exposure
from gamedetectd.app.eyes import Eyes
from gamedetectd.app.handlers import Handlers
from gamedetectd.app.hearers import Hearers
from gamedetectd.app.machine import Machine, make_directories, own_identity, this_machine
from gamedetectd.app.newest_version import NewestVersion
from gamedetectd.app.notifications import notifications_of
from gamedetectd.app.numbers import Numbers
from gamedetectd.app.pause import PauseFile
from gamedetectd.app.resuming import resumed
from gamedetectd.app.secret_watch import SecretWatch
from gamedetectd.app.sensors import process_sensor, sensing, sensors
from gamedetectd.app.standing import Standing
from gamedetectd.app.vitals import Vitals
from gamedetectd.app.watchdog import Watchdog
from gamedetectd.app.window_titles import WindowTitles
from gamedetectd.config import ConfigWatcher, Reload, Settings, load_actions, load_rules
from gamedetectd.control.broadcast import Broadcast
from gamedetectd.control.instance import acquire
from gamedetectd.control.own_daemon import appear
from gamedetectd.control.server import Server
from gamedetectd.control.shapes import event_row
from gamedetectd.domain import ActiveCondition, FactKind, Facts, Rule, Snapshot
from gamedetectd.engine.core import Events
from gamedetectd.engine.loop import Engine, Ports, Record
from gamedetectd.errors import ControlError, HistoryError
from gamedetectd.facts.room import FactsRoom
from gamedetectd.health.conditions import Finding
from gamedetectd.health.monitor import HealthMonitor
from gamedetectd.health.tracker import Tracker
from gamedetectd.interfaces import Stop
from gamedetectd.observability.correlation import correlation, current_id
from gamedetectd.observability.redaction import redact
from gamedetectd.observability.setup import configure
from gamedetectd.paths import Paths
from gamedetectd.platforms.desktop_claim import DesktopClaim
from gamedetectd.platforms.permissions.exposed import exposed
from gamedetectd.platforms.service_manager import ServiceManager
from gamedetectd.security.credentials import SecretStore
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.sessions.machine import Policy
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.sinks.table import SINKS, Parts
from gamedetectd.worker import Worker

log = logging.getLogger(__name__)

STOP_SECONDS = 2.5
"""How long all rooms together have to end."""
DRAIN_SECONDS = 0.5
"""How long the sinks have for the last events; the rest is delivered after the next start."""

Target = Callable[[Stop], None]


class Daemon:
    """One run of the program: ``start``, ``wait``, ``stop``, once each.

    ``flags`` are settings of the command line by ``section.key``; ``terminal`` is where people read along; ``record``
    is given every observation and the facts gathered, in the engine's thread. ``manager`` is who supervises us.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        flags: Mapping[str, object] | None = None,
        terminal: TextIO | None = None,
        record: Record = lambda _value: None,
        manager: ServiceManager | None = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.workers: list[Worker] = []
        self.sinks: tuple[SinkRunner, ...] = ()
        self.broadcast = Broadcast()
        self.news = Reload(settings, None)
        """What the latest look at settings and rules brought."""
        self.conditions: tuple[ActiveCondition, ...] = ()
        self.watcher: ConfigWatcher | None = None
        self.changed = Hearers()
        self.on_stop: Callable[[], None] = lambda: None
        """Called when the end is asked for, also in signal handlers."""
        self.unsupported: dict[str, str | None] = {}
        """Why a sensor cannot work here, by its name, as its worker found; None where it can."""
        self.tray_trouble: Finding | None = None
        """Why there is no icon in the tray; None where there is one, or none is wanted."""
        self.vitals = Vitals(self)
        self.watchdog = Watchdog(self, manager)
        self.stopped_by = ""
        """Who asked for the end first."""
        self.secrets = SecretStore(paths, settings.secrets.store)
        self.secret_watch = SecretWatch(self)
        self.window_titles = WindowTitles(self)
        self.actions = RunningActions(self)
        self.eyes = Eyes(self)
        self._flags = flags or {}
        self._terminal = terminal
        self._record = record
        self._sink_workers: list[Worker] = []
        self._stopping = threading.Event()
        self._closing = ExitStack()
        self._deadline = 0.0

    # --- life ---

    def start(self) -> None:
        """Build and start everything; whatever fails, what was built is taken down again.

        Raises AlreadyRunningError, DirectoryError, PermissionsError, HistoryError, JournalError or ControlError.
        """
        with ExitStack() as failing:
            failing.callback(self.stop)
            self._open()
            self._start_rooms()
            failing.pop_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until somebody asks for the end; True if they did."""
        return self._stopping.wait(timeout)

    def ask_to_stop(self, by: str = "a signal, or the end of the session") -> None:
        """Make ``wait`` return. For any thread, and for signal handlers. ``by`` says who asks, for the audit trail."""
        self.stopped_by = self.stopped_by or by
        self._stopping.set()
        self.on_stop()

    def ask_to_reload(self) -> None:
        """Have settings and rules read again, soon. For any thread, and for signal handlers."""
        if self.watcher is not None:  # before it is there, everything is about to be read anyway
            threading.Thread(target=self.watchdog.reload, args=("a signal",), name="reload", daemon=True).start()

    def time_left(self) -> float:
        """Seconds that what still ends may take."""
        return max(0.1, self._deadline - time.monotonic())

    def stop(self) -> None:
        """End every room within three seconds; sessions stay open in journal and history."""
        self._deadline = time.monotonic() + STOP_SECONDS
        self.watchdog.stopping()
        self._closing.close()

    # --- what everything else stands on ---

    def _open(self) -> None:
        keep = self._closing
        keep.enter_context(session_end.heard(self))
        self.exposed_before = tuple(exposed(self.paths))  # opening our files closes most of it
        make_directories(self.paths)
        self.machine: Machine = this_machine(self.paths, self.settings)
        now = self.machine.clock.now()
        keep.enter_context(acquire(self.paths, *own_identity(self.machine, now)))
        self.logging = configure(
            self.settings.logging, self.settings.privacy, self.paths.event_log_file, self._terminal
        )
        keep.callback(self.logging.close)
        log.info("gamedetectd %s starts", gamedetectd.__version__)
        keep.callback(log.info, "gamedetectd ends")
        crashes.report_unseen(self.paths)
        self.audit = auditing.begin(self, keep.callback)
        self.history = keep.enter_context(History.open(self.paths.history_file))
        self.reader = keep.enter_context(HistoryReader.open(self.paths.history_file))
        self.journal = Journal(self.paths.journal_file)
        keep.callback(self.journal.close)
        self.desktop = DesktopClaim()
        keep.callback(self.desktop.close)
        self.newest_version = NewestVersion(self.paths.state / "version")
        self.pause_file = PauseFile(self.paths.state / "pause.json")

    def _start_rooms(self) -> None:
        """Whoever listens starts before whoever speaks, so that nothing is said to nobody; they end the other way."""
        rules, problems = load_rules(self.paths.rules_file)
        actions, wrong = load_actions(self.paths.actions_file)
        self.news = Reload(self.settings, rules, problems=(*problems, *wrong), actions=actions)
        self.processes = process_sensor(self.machine, self.settings)
        self.sensors = sensors(self.machine, self.settings, self.processes)
        self.monitor = HealthMonitor(self.machine.clock, Tracker(CONDITIONS), probes(self), self._publish_health)
        self._apply_health(self.settings)
        self.engine = self._engine(rules)
        self.notifications = notifications_of(self)
        self.sinks = self._sinks()
        self._sink_workers = self._start({f"sink-{runner.sink.name}": runner.run for runner in self.sinks})
        self._closing.callback(self.actions.stop)
        self.actions.start(actions, whole=not wrong)
        self._closing.callback(self._drain)
        engine = Worker("engine", self.engine.run)
        self.engine.attach(engine.stop_signal)
        self._start_all([engine])
        self._start_notifications()
        self._start({"facts": self.facts.run})
        self._start_library()
        self._start_catalogue()
        self.standing = Standing(self)
        self.numbers, self.exposure = Numbers(self), Exposure(self)
        self._closing.callback(appear(self.standing.status))
        self.server = Server(self.paths, Handlers(self).table(), lambda why: auditing.refused(self.audit, why))
        self._start({"control": self.server.run})
        self._start({sensor.name: sensing(sensor, self.engine.emit, self.unsupported) for sensor in self.sensors})
        self._start_audit()
        self.watchdog.start()
        self._start({"health": self.monitor.run})
        self._closing.callback(self.exposure.stop)
        self.exposure.apply(self.settings)
        self._closing.callback(self.eyes.stop)
        self.eyes.apply(self.settings)
        self.watcher = ConfigWatcher(
            self.paths, self._reloaded, settings=self.settings, rules=rules, actions=actions, flags=self._flags
        )
        self._closing.callback(self.watcher.stop)
        self.watcher.start()
        self.secret_watch.look_soon()

    # --- the rooms ---

    def _start_library(self) -> None:
        """Programs that run are judged again when other games are installed."""
        engine, library = self.engine, self.machine.library
        library.changed = lambda: engine.post(lambda at: engine.core.outdated(at, FactKind.LIBRARY))
        [worker] = self._start({"library": library.run})
        library.attach(worker.wake)

    def _start_notifications(self) -> None:
        [worker] = self._start({"notifications": self.notifications.run})
        self.notifications.attach(worker.wake)

    def _start_audit(self) -> None:
        """The trail is written from the first moment; its worker, who asks the keyring, comes after the sensors."""
        [worker] = self._start({"audit": self.audit.run})
        self.audit.attach(worker.wake)
        self.audit.changed = self.monitor.wake

    def _start_catalogue(self) -> None:
        """Lists of games are fetched only where the person switched that on."""
        self._closing.callback(self.machine.catalogue.room.close)
        if self.settings.catalogue.auto_update:
            from gamedetectd.catalogue.updater import Updater

            self._start({"catalogue": Updater(self.machine.catalogue.directory, self.settings).run})

    def _sinks(self) -> tuple[SinkRunner, ...]:
        parts = Parts(write_event=self.logging.write_event)
        for name in SINKS:
            self.history.register(name, from_now=False)
        self.history.retain([*SINKS, *filter(OURS.fullmatch, self.history.sinks())])
        return tuple(SinkRunner(make(parts), self.reader, self.engine.delivered) for make in SINKS.values())

    def _engine(self, rules: tuple[Rule, ...]) -> Engine:
        """The engine, with the sessions of the last run taken up again, and the facts room it asks."""
        core, going_on = resumed(self.machine, self.settings, self.history, self.journal, rules)
        self.processes.keep(going_on)
        engine = Engine(core, self._ports(), self.settings.sessions)
        self.facts = FactsRoom(self.machine.sources, engine.deliver)
        now = self.machine.clock.now()
        if (until := self.pause_file.read()) is not None and until > now.wall:
            engine.pause(now, None if math.isinf(until) else until)
        return engine

    def _ports(self) -> Ports:
        return Ports(
            clock=self.machine.clock,
            boot_id=self.machine.boot_id,
            history=self.history,
            journal=self.journal,
            ask=self._ask,
            follow=self.processes.follow,
            keep=self.processes.keep,
            request_resync=self.processes.request_resync,
            published=self._published,
            focused=lambda: self.notifications.focused(),  # made after the engine  # noqa: PLW0108
            troubled=self.monitor.wake,
            record=self.eyes.listening(self.watchdog.listening(self._record)),
        )

    def _ask(self, ticket: object, facts: Facts, kinds: Sequence[FactKind]) -> bool:
        return self.facts.ask(ticket, facts, kinds)

    # --- threads ---

    def _start(self, targets: Mapping[str, Target]) -> list[Worker]:
        return self._start_all([Worker(name, target) for name, target in targets.items()])

    def _start_all(self, workers: list[Worker]) -> list[Worker]:
        """Start workers that are later stopped together."""
        self.workers += workers
        self._closing.callback(self._end_all, workers)
        for worker in workers:
            worker.troubled = self.watchdog.troubled
            worker.start()
        return workers

    def _end_all(self, workers: Sequence[Worker]) -> None:
        for worker in workers:
            worker.stop()
        for worker in workers:
            if not worker.join(self.time_left()):
                log.warning("%s did not end in time", worker.name)

    def _drain(self) -> None:
        """Give the sinks a moment for the events that came last."""
        until = min(self._deadline, time.monotonic() + DRAIN_SECONDS)
        try:
            last = self.history.last_number()
        except HistoryError as error:
            log.warning("%s", error)
            return
        while any(runner.status().delivered < last for runner in self.sinks) and time.monotonic() < until:
            time.sleep(0.01)
        self.engine.commit_cursors()

    # --- what the rooms tell each other ---

    def _published(self, events: Events) -> None:
        for worker in self._sink_workers:
            worker.wake()
        self.actions.wake()
        self.notifications.happened(events)
        self.numbers.happened(events)
        self.changed()
        if self.broadcast.watched:
            for event in events:
                self.broadcast.publish(msgspec.to_builtins(event_row(event, redact)))

    def _publish_health(self, conditions: tuple[ActiveCondition, ...]) -> None:
        self.conditions = conditions
        self.actions.wake()
        self.notifications.wake()
        self.changed()

    def _reloaded(self, news: Reload) -> None:
        with correlation(current_id()):
            self._take_over(news)

    def _take_over(self, news: Reload) -> None:
        """Take over what can be taken over while running; health shows what is wrong or waits for a restart."""
        auditing.reloaded(self.audit, self.news, news)
        self.news = news
        if news.settings is not None:
            self._apply(news.settings)
        if news.rules is not None:
            rules = news.rules
            try:
                self.engine.call(lambda at: self.engine.core.set_rules(at, rules))
            except ControlError as error:
                log.error("your rules wait: %s", error)
        if news.actions is not None:
            self.actions.apply(news.actions)
            self.secret_watch.look_soon()
        for line in tell(news):
            log.info("%s", line)
        self.monitor.wake()
        self.notifications.wake()
        self.changed()

    def _apply(self, settings: Settings) -> None:
        self.settings = settings
        self.secrets.choice = settings.secrets.store
        self.secret_watch.look_soon()
        i18n.install(settings.general.language)
        self.logging.reconfigure(settings.logging, settings.privacy)
        self._apply_health(settings)
        self.processes.poll_interval = settings.watch.poll_interval
        self.engine.timing = settings.sessions
        self.exposure.apply(settings)
        self.eyes.apply(settings)
        self.engine.core.machine.policy = Policy(settings.sessions.grace_seconds)

    def _apply_health(self, settings: Settings) -> None:
        self.monitor.interval = settings.health.interval
        self.monitor.ignore(settings.health.ignore)

    def snapshot(self) -> Snapshot:
        """What is true now, every room's part of it."""
        sessions = self.engine.core.machine
        counters = {
            **self.engine.counters(),
            **self.server.counters(),
            **self.vitals.counters(),
            "log_lines_lost": self.logging.lost_lines,
        }
        counters |= {f"backlog_{runner.sink.name}": runner.status().backlog for runner in self.sinks}
        return Snapshot(
            gamedetectd.__version__,
            sessions.sessions,
            sessions.foreground,
            self.engine.paused_until,
            self.conditions,
            counters,
        )


def tell(news: Reload) -> list[str]:
    """What a reload did, in sentences."""
    lines = [str(problem) for problem in news.problems]
    if news.settings is None:
        lines.append("The settings have an error; the earlier ones stay in force.")
    if news.rules is None:
        lines.append("Your rules cannot be read; the earlier ones stay in force.")
    if news.actions is None:
        lines.append("Your hooks, webhooks and brokers have an error; the earlier ones stay in force.")
    if news.applied:
        lines.append(f"Applied: {', '.join(news.applied)}.")
    if news.needs_restart:
        lines.append(f"These wait for a restart: {', '.join(news.needs_restart)}.")
    return lines or ["Settings and rules are in force."]
