"""A title screen read on a real desktop: what an emulator runs that nothing names, by rapidocr in its own child."""

import shutil
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont
from real_daemon import RealDaemon
from real_programs import Spawner, XServer, end, eventually, find_program

from gamedetectd.control.client import Client
from gamedetectd.paths import Paths
from gamedetectd.vision import reading_parts

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(300)]

if reason := reading_parts.missing_reason():
    pytest.skip(f"the extra [ocr] is not installed: {reason}", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Endless Sky"
MENU = ("NEW PILOT", "OPTIONS", "QUIT")


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    """A screen with a window manager: the environment of its programs."""
    place = tmp_path_factory.mktemp("desktop")
    place.chmod(0o700)
    server = XServer("-ac").start()
    env = {"DISPLAY": server.name, "HOME": str(place), "XDG_RUNTIME_DIR": str(place), "WAYLAND_DISPLAY": ""}
    spawner = Spawner()
    spawner("openbox", "--sm-disable", env=env)
    yield env
    spawner.end_all()
    server.stop()


@pytest.fixture(params=["auto", "polling"])
def daemon(desktop, tmp_path, request):
    """A daemon that may look at the screen and read title screens, which the person switched on.

    One that polls hears of a window before it knows of its process.
    """
    one = RealDaemon(tmp_path / "home", desktop, ("--headless", "--process-source", request.param))
    one.command = [one.command[0], str(ROOT / "tests" / "calm_daemon.py")]
    with one as running:
        assert running.run("vision", "on", "--read-titles").returncode == 0
        yield running


@pytest.fixture
def emulator(desktop, tmp_path):
    """A program that bears an emulator's name, with nothing on its command line, and shows a title screen."""
    shutil.copy(find_program("feh"), tmp_path / "snes9x")  # it shows the pictures where it is started
    shows = tmp_path / "shows"
    shows.mkdir()
    title_screen().save(shows / "0.png")
    spawner = Spawner()

    def start():
        return spawner(str(tmp_path / "snes9x"), "--geometry=800x600", "--title=Emulator", env=desktop, cwd=shows)

    yield start
    spawner.end_all()


def title_screen():
    """As games have them: a large title, a menu below."""
    picture = Image.new("RGB", (800, 600), "#102040")
    pen = ImageDraw.Draw(picture)
    pen.text((400, 160), TITLE.upper(), "#f0d060", ImageFont.load_default(90), anchor="mm")
    for row, text in enumerate(MENU):
        pen.text((400, 340 + 60 * row), text, "white", ImageFont.load_default(34), anchor="mm")
    return picture


def status(daemon):
    return Client(Paths.below(daemon.home)).request("status")


def played(daemon):
    """The session of what the emulator runs, once there is one."""
    rows = status(daemon)["sessions"]
    return next((row for row in rows if any("title screen" in one["reason"] for one in row["evidence"])), None)


def test_what_an_emulator_runs_is_named_by_its_title_screen(daemon, emulator):
    game = emulator()
    session = eventually(lambda: played(daemon), 90, lambda: f"a session ({status(daemon)['daemon']['vision']})")
    assert session["game"]["title"] == TITLE
    reasons = {one["source"]: one["reason"] for one in session["evidence"]}
    assert reasons["screen.read"] == f"Its title screen reads {TITLE}."
    assert "by its title screen" in reasons["container.content"]
    told = daemon.json("vision", "status")
    assert told["read_titles"]
    assert told["daemon"]["title_reads"] == 1
    assert 0 < told["daemon"]["title_cpu_seconds"] < 7.2
    assert [one for one in psutil.Process(daemon.process.pid).children() if "reader" in " ".join(one.cmdline())] == []
    end(game)
    eventually(lambda: played(daemon) is None, 30, "the end of the session")
