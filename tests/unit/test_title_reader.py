"""Reading title screens in a daemon and by the commands: what is worth it, what may be found, what is said of it."""

import json
import sys
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw, ImageFont
from real_programs import eventually

from gamedetectd.app.checks.reading import Reading, findings
from gamedetectd.app.checks.sensors import Sensors
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.doctor import vision as doctor
from gamedetectd.app.title_reader import TitleReader, known_titles
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.room import Room
from gamedetectd.config import Settings, load
from gamedetectd.config.sections import Vision as Wishes
from gamedetectd.domain import Facts, InstalledGame, KnownGame, ProcessInfo, ProcessKey, Rule, RuleKind, Verdict, Window
from gamedetectd.engine.core import Program
from gamedetectd.errors import PictureError, ReadingMissingError, VisionChildError
from gamedetectd.paths import Paths
from gamedetectd.platforms.capture.shown import Outcome
from gamedetectd.sensors.screen_child import Report, key_of
from gamedetectd.sensors.screen_limits import Hindrance
from gamedetectd.vision import client, model_files, reading_parts, wire

WINDOW = Window(7, 100, "Emulator", "stella")
PROCESS = ProcessInfo(ProcessKey("b", 100, 5), 1, "/usr/games/stella", ("stella",))
EMULATOR = Program(Facts(processes=(PROCESS,), window=WINDOW), Verdict(None, 0.0, ()))
MINE = Rule(RuleKind.GAME, "stella", title="Mine")
MISSING = reading_parts.missing_reason()
needs_the_reader = pytest.mark.skipif(MISSING is not None, reason=f"the extra [ocr] is not installed: {MISSING}")


def subject(program=EMULATOR, why=None, window=WINDOW):
    return TitleReader(SimpleNamespace(), lambda: (why, window, program))._subject()


def test_an_unnamed_emulator_in_front_is_worth_reading():
    one = subject()
    assert (one.window, one.wish.key, one.wish.wanted, one.wish.hindered) == (WINDOW, key_of(WINDOW), True, False)
    assert not one.stream
    assert one.learn is None


def test_what_must_not_be_looked_at_is_not_read():
    assert subject(window=None) is None


def test_what_is_hindered_undecided_or_known_waits():
    assert subject(why=Hindrance.LOCKED).wish.hindered
    assert subject(Program(Facts())).wish.undecided
    assert subject(None).wish.undecided
    facts = Facts(processes=(PROCESS,), window=WINDOW, rules=(MINE,))
    assert not subject(Program(facts, EMULATOR.verdict)).wish.wanted


def test_what_may_be_found_is_the_librarys_and_the_catalogues_but_no_software():
    games = (
        InstalledGame("steam", "620", "Portal 2", "/g"),
        InstalledGame("steam", "228980", "Steamworks Common Redistributables", "/r"),
    )
    rows = tuple(KnownGame(f"name:{number}", f"Game {number}") for number in range(700))
    machine = SimpleNamespace(
        library=SimpleNamespace(games=lambda: games), catalogue=SimpleNamespace(room=Room(Memory(lambda: rows)))
    )
    handfuls = list(known_titles(machine))
    assert max(map(len, handfuls)) <= 500
    told = [title for some in handfuls for title in some]
    assert told[0] == "Portal 2"
    assert told[-len(rows) :] == [row.title for row in rows]
    assert {"Beneath a Steel Sky", "Pac-Man", "Commander Keen 6: Aliens Ate My Baby Sitter!"} <= set(told)
    assert "Steamworks Common Redistributables" not in told


# --- what is wrong ---

TROUBLES = {
    "nothing": (Report(), None, None),
    "not installed": (Report(), "rapidocr is missing.", "title-screens-missing"),
    "failed once": (Report(error=VisionChildError("It crashed.", ""), failures=1), None, None),
    "fails": (Report(error=VisionChildError("It crashed.", ""), failures=2), None, "title-screens-fail"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_is_a_condition(name):
    report, unsupported, code = TROUBLES[name]
    found = [one.code for one in findings(report, unsupported)]
    assert found == ([code] if code else [])
    assert set(found) <= {condition.code for condition in Reading.conditions}


def test_what_is_missing_is_said_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setattr(reading_parts, "MODULES", {"no_such_module": "no-such-part"})
    assert "no-such-part is missing" in reading_parts.missing_reason()
    assert "gamedetectd[ocr]" in reading_parts.missing_reason()
    monkeypatch.setattr(reading_parts, "MODULES", {"no_such_module": "a", "neither_this": "b"})
    assert "a and b are missing" in reading_parts.missing_reason()
    with pytest.raises(ReadingMissingError):
        client.ReadingChild()
    monkeypatch.setattr(reading_parts, "MODULES", {})
    assert reading_parts.missing_reason() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "comes without" in reading_parts.missing_reason()


@pytest.mark.parametrize(("wanted", "state"), [(True, "available"), (False, "off")])
def test_the_doctor_says_whether_it_is_there(monkeypatch, wanted, state):
    settings = Settings(vision=Wishes(enabled=True, read_titles=wanted))
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setattr(reading_parts, "MODULES", {})
    rows, _ = doctor.vision(settings)
    assert [row.state for row in rows if row.purpose == doctor.READING] == [state]
    monkeypatch.setattr(reading_parts, "MODULES", {"no_such_module": "no-such-part"})
    rows, troubles = doctor.vision(settings)
    assert [row.state for row in rows if row.purpose == doctor.READING] == ["unsupported"]
    assert ("title-screens-missing" in {trouble.code for trouble in troubles}) is wanted


# --- in a daemon ---


class NoChild:
    """Fails like a child that is killed."""

    pid = 0

    def __init__(self, *_arguments):
        raise VisionChildError("It crashed.", "Try again.")


@pytest.fixture
def running(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for one in ("VisionChild", "ReadingChild"):
        monkeypatch.setattr(client, one, NoChild)
    for one in (model_files, reading_parts):
        monkeypatch.setattr(one, "missing_reason", lambda: None)
    paths = Paths.below(tmp_path / "home")
    one = Daemon(paths, load(paths))
    one.start()
    yield one
    one.stop()


def switch(running, **wishes):
    lines = "\n".join(f"{key} = {str(value).lower()}" for key, value in wishes.items())
    running.paths.settings_file.write_text(f"[vision]\n{lines}\n")
    running.paths.settings_file.chmod(0o600)
    running.watcher.reload_now()


def test_it_is_a_part_of_looking_and_off_until_it_is_switched_on(running):
    names = lambda: [one.name for one in running.sensors]  # noqa: E731
    switch(running, enabled=True)
    assert "title_screen" not in names()
    switch(running, enabled=True, read_titles=True)
    assert names()[-2:] == ["screen", "title_screen"]
    assert list(running.eyes.reading()) == []
    sensor = running.sensors[-1]
    sensor.report = Report(3, 2.5, 2, VisionChildError("It crashed.", ""), total=4.0)
    assert running.eyes.counters()["screen_cpu_seconds"] >= 4.0
    assert [one.code for one in running.eyes.reading()] == ["title-screens-fail"]
    row = running.standing.status().daemon.vision
    assert (row.title_reads, row.title_cpu_seconds) == (3, 2.5)
    sensor.schedule.failures = 2
    running.eyes.try_again()
    assert sensor.schedule.failures == 0
    running.unsupported["title_screen"] = "rapidocr is missing."
    assert [one.code for one in running.eyes.reading()] == ["title-screens-missing"]
    assert "title_screen" not in {one.key for one in Sensors(running).look()}
    switch(running, enabled=False, read_titles=True)
    eventually(lambda: "title_screen" not in [one.name for one in running.workers], 10)
    assert "title_screen" not in names()
    assert list(running.eyes.reading()) == []


# --- by the commands ---


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("NO_COLOR", "1")
    for one in (model_files, reading_parts):
        monkeypatch.setattr(one, "insist_on_parts", lambda: None)
        monkeypatch.setattr(one, "missing_reason", lambda: None)
    return Paths.below(tmp_path / "home")


def test_it_is_switched_on_with_looking_and_said_in_the_status(gd, paths, monkeypatch):
    assert gd("vision on").code == 0
    assert "not read; for that" in gd("vision status").out
    assert "Title screens are read" in gd("vision on --read-titles").out
    assert load(paths).vision.read_titles
    assert "Title screens are read, where" in gd("vision status").out
    assert json.loads(gd("vision status --json").out)["read_titles"]
    monkeypatch.setattr(reading_parts, "missing_reason", lambda: "rapidocr is missing.")
    assert "rapidocr is missing." in gd("vision status").out
    assert gd("vision on --no-read-titles").code == 0
    assert not load(paths).vision.read_titles


class Child:
    """Answers what it is told to; a mock, for what cannot be had of a real window without a screen."""

    answers: tuple[object, ...] = ()

    def __init__(self, **_limits):
        self.titles = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        assert self.titles > 4000

    def ask(self, request):
        if isinstance(request, wire.AddTitles):
            self.titles += len(request.titles)
        else:
            yield from self.answers


READ = wire.Read("GLtron", 1.0, (800, 600), "its own surface", {"read": 0.5}, (wire.ReadLine("GLTRON", 0.99, 76.0),))
SAID = {
    "a title": (READ, "Reads GLtron (likeness 1.000)."),
    "none": (wire.Read(None, 0.0, (8, 6), "", {}, READ.lines), "no title beyond doubt"),
    "nothing": (wire.Read(None, 0.0, (8, 6), "", {}), "nothing to read"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_a_window_reads_is_said(gd, paths, monkeypatch, name):
    answer, said = SAID[name]
    monkeypatch.setattr(Child, "answers", (answer,))
    monkeypatch.setattr(client, "ReadingChild", Child)
    monkeypatch.setattr("gamedetectd.cli.vision_look.window_named", lambda _number: wire.AWindow(7))
    done = gd("vision test --read --window 7")
    assert done.code == 0
    assert said in done.out
    row = json.loads(gd("vision test --read --window 7 --json").out)
    assert (row["file"], row["title"]) == ("0x7", answer.title)


def test_a_window_that_cannot_be_seen_is_an_error(gd, paths, monkeypatch):
    monkeypatch.setattr(Child, "answers", (wire.Unseen(Outcome.GONE, "The window is gone."),))
    monkeypatch.setattr(client, "ReadingChild", Child)
    monkeypatch.setattr("gamedetectd.cli.vision_look.window_named", lambda _number: wire.AWindow(7))
    done = gd("vision test --read --window 7")
    assert done.code == 1
    assert "The window is gone." in done.err


def test_what_makes_no_sense_with_reading_is_refused(gd, paths):
    assert gd("vision test --read --sequence a.png").code == 2


# --- the real child ---


def title_screen(file, title="GLTRON"):
    """As games have them: a large title, a menu below."""
    picture = Image.new("RGB", (640, 480), "#102040")
    pen = ImageDraw.Draw(picture)
    pen.text((320, 120), title, "#f0d060", ImageFont.load_default(80), anchor="mm")
    for row, text in enumerate(("START", "OPTIONS", "QUIT")):
        pen.text((320, 260 + 60 * row), text, "white", ImageFont.load_default(34), anchor="mm")
    picture.save(file)
    return file


@pytest.fixture(scope="module")
def reader():
    with client.ReadingChild(patience=60.0) as child:
        assert list(child.ask(wire.AddTitles(("GLtron", "Endless Sky")))) == []
        yield child


@needs_the_reader
def test_the_real_child_reads_a_title_screen_and_tells_no_more_than_its_title(reader, tmp_path):
    [told] = reader.ask(wire.ReadPicture(str(title_screen(tmp_path / "a.png"))))
    assert (told.title, told.likeness, told.lines, told.size) == ("GLtron", 1.0, (), (640, 480))
    [told] = reader.ask(wire.ReadPicture(str(title_screen(tmp_path / "b.png", "PITFALL")), lines=True))
    assert told.title is None
    assert {"PITFALL", "OPTIONS"} <= {line.text for line in told.lines}


@needs_the_reader
def test_it_answers_what_is_no_picture_and_no_window(reader, tmp_path):
    (tmp_path / "c.png").write_text("no picture")
    with pytest.raises(PictureError, match="no picture"):
        list(reader.ask(wire.ReadPicture(str(tmp_path / "c.png"))))
    Image.new("RGB", (8, 8)).save(tmp_path / "d.png")
    [told] = reader.ask(wire.ReadPicture(str(tmp_path / "d.png"), lines=True))
    assert (told.title, told.lines) == (None, ())


@needs_the_reader
def test_pictures_that_cannot_be_read_are_named(gd, paths, tmp_path):
    (tmp_path / "c.png").write_text("no picture")
    done = gd(f"vision test --read --json {title_screen(tmp_path / 'a.png')} {tmp_path / 'c.png'}")
    good, bad = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 3
    assert good["title"] == "GLtron"
    assert "c.png" in bad["error"]
    assert "c.png" in done.err
