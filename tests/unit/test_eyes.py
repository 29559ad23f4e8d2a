"""Looking at the screen in a daemon: on and off, what may be looked at, what is worth it, and what health hears."""

import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from real_programs import eventually

from gamedetectd.app import looking
from gamedetectd.app.checks.vision import Vision, findings
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.eyes import Eyes, what_was_seen
from gamedetectd.config import Settings, load
from gamedetectd.config.sections import Vision as Wishes
from gamedetectd.domain import (
    Facts,
    ForegroundChanged,
    Game,
    Instant,
    PowerChanged,
    PowerState,
    ProcessInfo,
    ProcessKey,
    Resync,
    ScreenLabels,
    Verdict,
    Window,
)
from gamedetectd.engine.core import Program
from gamedetectd.errors import (
    ControlError,
    ModelDamagedError,
    ModelMissingError,
    ModelShapeError,
    NotRunningError,
    PictureError,
    ReferencesError,
    VisionChildError,
    VisionMissingError,
)
from gamedetectd.observability.redaction import redactor
from gamedetectd.paths import Paths
from gamedetectd.platforms.children.held import ChildError, End
from gamedetectd.sensors.screen_child import Report, key_of
from gamedetectd.vision import client, model_files

AT = Instant(1.0, 1.0, 1.0)
STELLA = Window(7, 100, "Emulator", "stella")
PROCESS = ProcessInfo(ProcessKey("b", 100, 5), 1, "/usr/games/stella", ("stella", "/t/game.bin"))
EMULATOR = Program(Facts(processes=(PROCESS,), window=STELLA), Verdict(None, 0.0, ()))


class Core:
    """As much of the engine's core as looking asks of it."""

    paused = False

    def __init__(self, program=EMULATOR, names=("stella",)):
        self.program_there, self.called = program, names

    def program(self, _pid):
        return self.program_there

    def names(self, _pid):
        return iter(self.called)


def daemon(core=None, **wishes):
    """A daemon of which only what looking needs is there; looking is on, but nobody looks."""
    return SimpleNamespace(
        engine=SimpleNamespace(core=core or Core()),
        settings=Settings(vision=Wishes(enabled=True, **wishes)),
        vitals=SimpleNamespace(yielding=None),
        unsupported={},
    )


def front(eyes, window=STELLA):
    """This window comes to the front."""
    eyes.listening(lambda _value: None)(ForegroundChanged(AT, window))
    return eyes._subject()


# --- what is in front ---


def test_an_unnamed_emulator_in_front_is_worth_a_look():
    subject = front(Eyes(daemon()))
    assert subject.wish.key == key_of(STELLA)
    assert (subject.wish.wanted, subject.wish.hindered, subject.wish.undecided) == (True, False, False)
    assert not subject.stream
    assert subject.learn is None


def test_what_is_known_is_not_worth_it():
    process = ProcessInfo(ProcessKey("b", 100, 5), 1, "/usr/bin/gedit", ("gedit",))
    program = Program(Facts(processes=(process,), window=STELLA), Verdict(None, 0.0, ()))
    assert not front(Eyes(daemon(Core(program)))).wish.wanted


def test_what_was_worked_out_for_the_same_facts_is_not_worked_out_again(monkeypatch):
    from gamedetectd.detection import look

    asked = []
    monkeypatch.setattr(look, "worth_a_look", lambda facts: asked.append(facts) or True)
    eyes = Eyes(daemon())
    front(eyes)
    front(eyes)
    assert len(asked) == 1


@pytest.mark.parametrize("program", [Program(Facts()), None], ids=["not judged", "its window came first"])
def test_what_detection_has_not_judged_yet_is_asked_about_again(program):
    subject = front(Eyes(daemon(Core(program))))
    assert subject.wish.undecided
    assert not subject.wish.wanted


@pytest.mark.parametrize(("core", "window"), [(Core(), None), (Core(names=("keepassxc",)), STELLA)])
def test_what_is_absent_or_secret_is_nothing_to_look_at(core, window):
    assert front(Eyes(daemon(core)), window) is None


def test_private_windows_are_nothing_to_look_at():
    redactor().set_private_titles(["*emul*"])
    try:
        assert front(Eyes(daemon())) is None
        redactor().set_private_titles(["stella"])
        assert front(Eyes(daemon())) is None
    finally:
        redactor().set_private_titles([])


def test_applications_that_the_person_opted_out_are_nothing_to_look_at():
    assert front(Eyes(daemon(never=("stel*",)))) is None


def test_what_passes_only_hinders():
    one = daemon()
    eyes = Eyes(one)
    heard = []
    tell = eyes.listening(heard.append)
    tell(ForegroundChanged(AT, STELLA))
    tell(PowerChanged(AT, PowerState.LOCKED))
    assert eyes._subject().wish.hindered
    assert eyes.row().state == "off"  # nobody looks yet
    tell(PowerChanged(AT, PowerState.SLEPT, 5.0))
    assert eyes._subject().wish.hindered
    tell(PowerChanged(AT, PowerState.UNLOCKED))
    assert not eyes._subject().wish.hindered
    one.vitals.yielding = "It holds back."
    assert eyes._subject().wish.hindered
    one.vitals.yielding, one.engine.core.paused = None, True
    assert eyes._subject().wish.hindered
    tell(Resync(AT, ()))
    assert len(heard) == 5


@pytest.mark.parametrize(
    ("battery", "expected"),
    [(None, False), (SimpleNamespace(power_plugged=True), False), (SimpleNamespace(power_plugged=False), True)],
)
def test_it_rests_on_battery_where_the_person_wants_that(monkeypatch, battery, expected):
    import psutil

    asked = []
    monkeypatch.setattr(psutil, "sensors_battery", lambda: asked.append(1) or battery, raising=False)
    eyes = Eyes(daemon(on_battery=False))
    assert front(eyes).wish.hindered is expected
    assert front(eyes).wish.hindered is expected
    assert len(asked) == 1
    assert not front(Eyes(daemon())).wish.hindered
    assert len(asked) == 1


def test_sure_titles_are_learned_only_where_the_person_wants_that():
    process = ProcessInfo(ProcessKey("b", 100, 5), 1, "/g/portal2", ("portal2",))
    known = Verdict(Game("steam:620", "Portal 2"), 0.999, ())
    program = Program(Facts(processes=(process,), window=STELLA), known)
    assert front(Eyes(daemon(Core(program), learn_silently=True))).learn == ("Portal 2", "steam:620")
    assert front(Eyes(daemon(Core(program)))).learn is None
    unsure = Program(program.facts, Verdict(Game("exe:portal2", "Portal2"), 0.95, ()))
    assert front(Eyes(daemon(Core(unsure), learn_silently=True))).learn is None


# --- what health hears ---


def because(end):
    error = VisionChildError("It took longer than 20 s.", "Try again.")
    error.__cause__ = ChildError(end, "")
    return error


TROUBLES = {
    "all is well": (Report(), None),
    "one crash": (Report(error=because(End.CRASHED), failures=1), None),
    "crashes": (Report(error=because(End.CRASHED), failures=2), "vision-crashes"),
    "said nothing that is understood": (Report(error=VisionChildError("What?", ""), failures=3), "vision-crashes"),
    "memory": (Report(error=because(End.MEMORY), failures=1), "vision-memory"),
    "late": (Report(error=because(End.LATE), failures=1), "vision-slow"),
    "costly": (Report(latest=9.5), "vision-slow"),
    "not allowed": (Report(unseen="The desktop does not allow it."), "capture-denied"),
    "damaged": (Report(error=ModelDamagedError("features.onnx is another.", ""), failures=1), "vision-model-damaged"),
    "of another shape": (Report(error=ModelShapeError("It is another.", ""), failures=1), "vision-model-damaged"),
    "missing": (Report(error=ModelMissingError("It is not there.", ""), failures=1), "vision-model-missing"),
    "not installed": (Report(error=VisionMissingError("numpy is missing.", ""), failures=1), "vision-missing"),
    "references": (Report(error=ReferencesError("It is cut.", ""), failures=1), "vision-references-unusable"),
    "something else, once": (Report(error=PictureError("No picture.", ""), failures=1), None),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_is_a_condition_of_its_own(name):
    report, code = TROUBLES[name]
    found = list(findings(report, unsupported=False))
    assert [one.code for one in found] == ([code] if code else [])
    assert {one.code for one in found} <= {condition.code for condition in Vision.conditions}


def test_what_is_not_installed_is_told_by_its_name(monkeypatch):
    monkeypatch.setitem(model_files.MODULES, "no_such_module", "no-such-part")
    [finding] = findings(Report(), unsupported=True)
    assert finding.code == "vision-missing"
    assert "no-such-part" in finding.message
    monkeypatch.delitem(model_files.MODULES, "no_such_module")
    monkeypatch.setattr(model_files, "_places", lambda: iter(()))
    monkeypatch.setattr(model_files, "MODULES", {})
    [finding] = findings(Report(), unsupported=True)
    assert finding.code == "vision-model-missing"


def test_what_is_there_again_is_no_trouble(monkeypatch, tmp_path):
    (tmp_path / model_files.MANIFEST).write_text("")
    monkeypatch.setattr(model_files, "_places", lambda: iter([tmp_path]))
    monkeypatch.setattr(model_files, "MODULES", {})
    assert list(findings(Report(), unsupported=True)) == []


# --- in a daemon ---


class NoChild:
    """Fails like a child that is killed."""

    pid = 0

    def __init__(self, _references):
        raise because(End.CRASHED)


@pytest.fixture
def running(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(client, "VisionChild", NoChild)
    monkeypatch.setattr(model_files, "missing_reason", lambda: None)
    paths = Paths.below(tmp_path / "home")
    one = Daemon(paths, load(paths))
    one.start()
    yield one
    one.stop()


@contextmanager
def switched(running, on):
    running.paths.settings_file.write_text(f"[vision]\nenabled = {str(on).lower()}\n")
    running.paths.settings_file.chmod(0o600)
    running.watcher.reload_now()
    yield running.eyes


def test_it_is_switched_on_and_off_while_the_daemon_runs(running, monkeypatch):
    eyes = running.eyes
    assert eyes.row().state == "off"
    assert list(eyes.findings()) == []
    eyes.try_again()
    with switched(running, on=True):
        assert eyes.choice() is True
        eventually(lambda: eyes.row().state != "off", 10)
        assert [one.name for one in running.sensors][-1] == "screen"
        rows = running.standing.status().daemon
        assert rows.vision.enabled
        assert rows.sensors[-1].name == "screen"
        eyes._looking.sensor.report = Report(error=because(End.CRASHED), failures=3)
        assert eyes.row().state == "failing"
        assert [one.code for one in eyes.findings()] == ["vision-crashes"]
        running.unsupported["screen"] = "numpy is missing."
        assert eyes.row().state == "unsupported"
        eyes._looking.sensor.schedule.failures = 3
        eyes.try_again()
        assert eyes._looking.sensor.schedule.failures == 0
    with switched(running, on=False):
        assert eyes.row().state == "off"
        assert "screen" not in [one.name for one in running.sensors]
        assert "screen" not in [one.name for one in running.workers]
        assert eyes.choice() is False
        monkeypatch.setattr(model_files, "missing_reason", lambda: "numpy is missing.")
        assert eyes.choice() is None


def test_a_worker_that_does_not_end_is_left_behind(running, monkeypatch, caplog):
    monkeypatch.setattr(looking, "END_LIMIT", 0.0)
    with switched(running, on=True) as eyes:
        monkeypatch.setattr(eyes._looking.worker, "join", lambda _limit: False)
        running.eyes.stop()
        running.eyes.stop()
    assert "did not end in time" in caplog.text


def test_what_was_seen_of_each_process_is_told():
    labels = ScreenLabels(0.93, "Pitfall!", 0.8, "game")
    core = Core()
    other = replace(PROCESS, key=ProcessKey("b", 101, 6))
    core.programs = {PROCESS.key: Program(replace(EMULATOR.facts, screen=labels)), other.key: EMULATOR}
    ((command, answer),) = Eyes(daemon(core)).handlers().items()
    client = SimpleNamespace(request=lambda asked: json.loads(json.dumps(answer({}))) if asked == command else {})
    assert what_was_seen(client) == {100: labels}


@pytest.mark.parametrize("error", [NotRunningError("none", "start it"), ControlError("what?", "restart it")])
def test_without_a_daemon_that_tells_nothing_was_seen(error):
    def refuse(*_):
        raise error

    assert what_was_seen(SimpleNamespace(request=refuse)) == {}


def test_off_costs_no_import(tmp_path):
    """What is off is not even imported, in a daemon that runs."""
    import subprocess

    script = (
        "import sys, pathlib; from gamedetectd.app.daemon import Daemon; from gamedetectd.config import load;"
        "from gamedetectd.paths import Paths; p = Paths.below(pathlib.Path(sys.argv[1])); d = Daemon(p, load(p));"
        "d.start(); d.stop(); print([n for n in sys.modules if n.startswith(('gamedetectd.vision', 'numpy', 'cv2',"
        " 'onnxruntime', 'mss', 'gamedetectd.sensors.screen', 'gamedetectd.detection.look'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "home")], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
