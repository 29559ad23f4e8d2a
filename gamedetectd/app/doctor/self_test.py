"""``doctor --self-test``: does this installation work, from end to end, on this machine?

What a packager runs on the installed program: everything it needs is there, and a real daemon in a scratch home sees a
harmless process for which there is a rule, opens a session, logs it, keeps it in the history and closes it. Nothing of
the person's is changed, no window is opened, no display, bus or keyring is needed.
"""

from __future__ import annotations

import importlib
import json
import os
import site
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import gamedetectd
from gamedetectd import i18n
from gamedetectd.app import demo_game, rehearsal
from gamedetectd.app.doctor.installation import LANGUAGES, PARTS, reinstall
from gamedetectd.config import options
from gamedetectd.control.doctor_shapes import SelfTestRow, StepRow
from gamedetectd.errors import GamedetectdError, SelfTestError
from gamedetectd.paths import Paths

Told = Callable[[StepRow], None]
TITLE = "gamedetectd self-test"
"""What the rule calls the harmless process."""
_SESSION = ("session-started", "session-ended")
_LEFT_OUT = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET", "LISTEN_FDS")
"""What would lead the daemon of the test to the person's desktop or service manager."""
_CHOICES = {
    "sessions.grace_seconds": "0",
    "notifications.mode": "none",
    "secrets.store": "file",
    "logging.terminal": "none",
    "watch.gamepads": "false",
}
"""Settings of the test's daemon: no waiting, nobody is told or asked."""


class _Failed(Exception):  # noqa: N818 - it ends the test early, and is no error of the program
    """A step failed, and what follows from it is not tried."""


class _Steps:
    """The steps so far."""

    def __init__(self, tell: Told) -> None:
        self.rows: list[StepRow] = []
        self._tell = tell

    @contextmanager
    def step(self, name: str, remedy: str = "") -> Iterator[list[str]]:
        """One step: the block puts what it found into the list. What it raises is told, and ends the test."""
        begun = time.monotonic()
        detail: list[str] = []
        try:
            yield detail
        except (GamedetectdError, ImportError, OSError, ValueError) as error:
            cause, what_to_do = _explained(error)
            self._note(StepRow(name, False, _since(begun), cause, remedy or what_to_do))
            raise _Failed from error
        self._note(StepRow(name, True, _since(begun), "; ".join(detail), None))

    def _note(self, row: StepRow) -> None:
        self.rows.append(row)
        self._tell(row)


def self_test(tell: Told = lambda _step: None) -> SelfTestRow:
    """Run it; ``tell`` hears of each step as it is done. Leaves nothing behind. Takes seconds, and never raises."""
    begun = time.monotonic()
    steps = _Steps(tell)
    try:
        with ExitStack() as stack:
            _installation(steps)
            _rehearse(steps, stack)
    except _Failed:
        pass
    passed = all(row.passed for row in steps.rows)
    return SelfTestRow(gamedetectd.__version__, passed, _since(begun), steps.rows)


# --- what is installed ---


def _installation(steps: _Steps) -> None:
    with steps.step("Every part can be loaded", reinstall()) as detail:
        wanted = [part for part in PARTS if part.system in ("", sys.platform)]
        for part in wanted:
            _load(part.module)
        detail.append(f"{len(wanted)} parts")
    with steps.step("The list of games is there", reinstall()) as detail:
        from gamedetectd.catalogue.builtin import each_builtin

        detail.append(f"{sum(1 for _ in each_builtin())} titles")
    with steps.step("The translations are there", reinstall()) as detail:
        _speak()
        detail.append(", ".join(LANGUAGES))
    with steps.step("The icons can be drawn", reinstall()) as detail:
        from gamedetectd.views.icons import SIZES, draw
        from gamedetectd.views.tray_state import IconState

        for state in IconState:
            draw(state, SIZES[0])
        detail.append(f"{len(IconState)} looks")


def _load(module: str) -> None:
    """Import it for real: a library of the system's that is missing shows only then. Raises ImportError."""
    if module == "pystray":  # picks a backend when it is imported, and there may be no display
        from gamedetectd.platforms.tray import backend

        importlib.import_module(backend.__name__)
    else:
        importlib.import_module(module)


def _speak() -> None:
    """Raises SelfTestError where a language that comes with the program says nothing."""
    import gettext

    for language in LANGUAGES:
        found = gettext.find(i18n.DOMAIN, i18n.FOLDER, [language])
        if found is None:
            raise SelfTestError(f"There are no texts in the language {language!r} at {i18n.FOLDER}.", reinstall())
        gettext.translation(i18n.DOMAIN, i18n.FOLDER, [language])


# --- the whole at work ---


def _rehearse(steps: _Steps, stack: ExitStack) -> None:
    with steps.step("A scratch home is made", "Set TMPDIR to a directory of your own with room in it.") as detail:
        home = stack.enter_context(rehearsal.scratch())
        stage = _stage(home / "home")
        detail.append(str(home))
    with steps.step("A daemon starts and answers") as detail:
        client = stack.enter_context(rehearsal.daemon(stage))
        version = client.request("status")["version"]
        if version != gamedetectd.__version__:
            raise SelfTestError(
                f"This is version {gamedetectd.__version__}, and starting it starts version {version}.",
                "Remove the other installation, or run its own self-test.",
            )
        detail.append(f"version {version}")
    with ExitStack() as playing:
        with steps.step("A harmless process is started") as detail:
            process = playing.enter_context(rehearsal.game(stage))
            detail.append(f"process {process.pid}")
        with steps.step("Its session opens") as detail:
            seen = rehearsal.wait_for("see the process", lambda: rehearsal.open_sessions(client, TITLE), 0.05)
            detail.append(f"{seen[0].game.id}")
    with steps.step("The session is closed and in the history") as detail:
        ended = rehearsal.wait_for("close the session", lambda: rehearsal.ended_sessions(stage.paths, TITLE), 0.05)
        detail.append(f"ended by {ended[0].ended_by}")
    with steps.step("Both are in the event log") as detail:
        detail.append(_logged(rehearsal.wait_for("log it", lambda: rehearsal.log_lines(stage.paths, TITLE), 0.05)))
    with steps.step("The daemon ends when told") as detail:
        client.request("stop")
        rehearsal.wait_for("end", lambda: _ended(stage.paths), 0.05)
        detail.append("it gave the lock back")


def _stage(home: Path) -> rehearsal.Stage:
    """A home that is empty but for the rule, and an environment that leads nowhere else. Raises OSError."""
    home.mkdir(mode=0o700)
    paths = Paths.below(home)
    if getattr(sys, "frozen", False):
        rehearsal.write_rule(paths, Path(sys.executable), TITLE, demo_game.COMMAND)
        command = rehearsal.game_command(None, TITLE)
    else:
        program = rehearsal.install_game(home, "self-test-game")
        rehearsal.write_rule(paths, program, TITLE)
        command = rehearsal.game_command(program, TITLE)
    return rehearsal.Stage(paths, TITLE, command, _environment(home))


def _environment(home: Path) -> dict[str, str]:
    known = options()
    chosen = {known[name].variable: value for name, value in _CHOICES.items() if name in known}
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)} if sys.platform != "win32" else {}
    frozen = getattr(sys, "frozen", False)
    packages = {} if frozen else {"PYTHONUSERBASE": site.getuserbase()}  # HOME would name another
    found = rehearsal.environment(home, **places, **packages)
    inherited = {
        name: value
        for name, value in found.items()
        if name not in _LEFT_OUT and (not name.startswith("GAMEDETECTD_") or name == "GAMEDETECTD_HOME")
    }
    return {**inherited, **chosen}


def _logged(lines: list[str]) -> str:
    """What the log says of the session. Raises SelfTestError where that is not what a log shipper expects."""
    events = [json.loads(line) for line in lines]
    actions = tuple(event.get("event", {}).get("action") for event in events)
    if actions != _SESSION or not all(event.get("@timestamp") and event.get("ecs.version") for event in events):
        raise SelfTestError(
            f"The log's lines are not those of a session: {', '.join(map(str, actions))}.", "Please report it."
        )
    return " and ".join(_SESSION)


def _ended(paths: Paths) -> bool:
    from gamedetectd.control.client import Client
    from gamedetectd.errors import ControlError, NotRunningError

    try:
        Client(paths).request("status")
    except (NotRunningError, ControlError):
        return True
    return False


def _explained(error: Exception) -> tuple[str, str]:
    if isinstance(error, GamedetectdError):
        return error.cause, error.remedy
    if isinstance(error, OSError) and error.filename is not None:
        return (
            f"{os.fspath(error.filename)}: {error.strerror}.",
            "Look at its owner, its mode and the room on its disk.",
        )
    return f"{type(error).__name__}: {error}.", "Please report it."


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)
