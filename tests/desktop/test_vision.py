"""The eyes on a real desktop: what nothing else names is named by its looks, and a picture alone opens nothing."""

import base64
import importlib.util
import io
import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image
from real_daemon import RealDaemon
from real_programs import Spawner, XServer, end, eventually, find_program

from gamedetectd.control.client import Client
from gamedetectd.paths import MODELS_VARIABLE, Paths
from gamedetectd.vision import model_files

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(400)]

pytest.importorskip("onnxruntime", reason="the extra [vision] is not installed: pip install 'gamedetectd[vision]'")
if importlib.util.find_spec("numpy") is None:
    pytest.skip("the extra [vision] is not installed: pip install 'gamedetectd[vision]'", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
QUIET = {"SDL_AUDIODRIVER": "dummy", "ALSOFT_DRIVERS": "null", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
SKY = "Beneath a Steel Sky"
CHROMIUM = (
    "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--test-type", "--disable-quic", "--window-size=1280,800", "--window-position=0,0",
)  # fmt: skip
PAGE = """<!doctype html><title>GeForce NOW</title>
<style>body{{margin:0;background:#000;overflow:hidden}}img{{width:100vw;height:100vh;object-fit:fill}}</style><img id=i>
<script>const frames=[{frames}];let at=0;
setInterval(()=>{{document.getElementById('i').src='data:image/jpeg;base64,'+frames[at++%frames.length]}},1000)</script>
"""


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    """A screen with a window manager that draws no borders into what is looked at: the environment of its programs."""
    place = tmp_path_factory.mktemp("desktop")
    server = XServer("-ac").start()
    (place / "rc.xml").write_text(
        '<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard/><mouse/></openbox_config>'
    )
    place.chmod(0o700)
    env = {
        **QUIET, "DISPLAY": server.name, "HOME": str(place), "XDG_RUNTIME_DIR": str(place), "WAYLAND_DISPLAY": "",
        "PATH": os.environ.get("PATH", "") + ":/usr/games",
    }  # fmt: skip
    spawner = Spawner()
    spawner("openbox", "--sm-disable", "--config-file", place / "rc.xml", env=env)
    yield env
    spawner.end_all()
    server.stop()


@pytest.fixture(scope="module")
def daemon(desktop, tmp_path_factory):
    """A daemon that may look at the screen, which the person switched on."""
    one = RealDaemon(tmp_path_factory.mktemp("home"), desktop)
    one.command = [one.command[0], str(ROOT / "tests" / "calm_daemon.py")]
    with one as running:
        assert running.run("vision", "on").returncode == 0
        yield running


@pytest.fixture
def start(desktop):
    """Start a program on the desktop; it ends with the test."""
    spawner = Spawner()
    yield lambda *command, **more: spawner(*command, env={**desktop, **more}, cwd=desktop["HOME"])
    spawner.end_all()


def xdotool(desktop, *arguments):
    told = subprocess.run(
        [find_program("xdotool"), *arguments], env={**os.environ, **desktop}, capture_output=True, text=True, timeout=20
    )
    return told.stdout.split()


def window_of(desktop, process):
    """The number of its window, once it shows one that is no dialog."""

    def look():
        pids = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        found = [one for pid in pids for one in xdotool(desktop, "search", "--onlyvisible", "--pid", str(pid))]
        found = found or xdotool(desktop, "search", "--onlyvisible", "--name", f"^{Path(process.args[0]).name}$")
        return next((one for one in reversed(found) if _is_large(desktop, one)), None)

    return eventually(look, 60, "a window")


def _is_large(desktop, window):
    sizes = xdotool(desktop, "getwindowgeometry", "--shell", window)
    told = dict(part.split("=") for part in sizes if "=" in part)
    return int(told.get("WIDTH", 0)) >= 300 and int(told.get("HEIGHT", 0)) >= 180


def disguise(desktop, window):
    """In front, and called as any emulator may be called."""
    xdotool(desktop, "set_window", "--name", "Emulator", window)
    xdotool(desktop, "windowactivate", "--sync", window)


def steel_sky(desktop, start):
    """ScummVM on a real game's first room, told only of a directory whose name says nothing; process and window."""
    content = Path(desktop["HOME"]) / "data"
    if not content.exists():
        shipped = Path("/usr/share/scummvm/beneath-a-steel-sky")
        if not shipped.is_dir():
            pytest.skip("beneath-a-steel-sky is not installed: apt-get install -y beneath-a-steel-sky")
        shutil.copytree(shipped, content)
    game = start("scummvm", f"--config={content}.ini", "--auto-detect", f"--path={content}", "--no-fullscreen")
    for _ in range(4):  # past its films; more than once, for a machine that is slow to listen
        xdotool(desktop, "windowactivate", "--sync", window_of(desktop, game), "key", "Escape")
        time.sleep(1)
    window = window_of(desktop, game)  # it may have made another
    disguise(desktop, window)
    return game, window


def as_stream(file):
    """The frame as a stream brings it: small, darker and with what JPEG leaves of it."""
    small = Image.open(file).convert("RGB").resize((640, 360)).point(lambda level: round(255 * (level / 255) ** 1.25))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=30)
    return out.getvalue()


def shown(frames):
    """The frames as a page's script has them."""
    return ",".join(f"'{base64.b64encode(as_stream(one)).decode()}'" for one in frames)


def status(daemon):
    """What the daemon says of itself, asked from here: commands would keep the machine busy."""
    return Client(Paths.below(daemon.home)).request("status")


def seen_by_its_picture(daemon):
    """The sessions that go on and that a picture had a say in; our daemon sees the games of other tests too."""
    return [
        row
        for row in status(daemon)["sessions"]
        if any("its picture" in one["reason"] or one["source"].startswith("screen.") for one in row["evidence"])
    ]


def sessions_of(daemon, program):
    """The titles of the sessions that go on whose evidence speaks of this program."""
    rows = status(daemon)["sessions"]
    return [row["game"]["title"] for row in rows if any(program in one["reason"] for one in row["evidence"])]


def named(daemon, title):
    """The session that its picture names so, once there is one."""

    def look():
        time.sleep(0.2)
        return next((row for row in seen_by_its_picture(daemon) if row["game"]["title"] == title), None)

    return eventually(look, PATIENCE, lambda: f"{title} ({status(daemon)['daemon']['vision']})")


@pytest.fixture(scope="module")
def learned(desktop, daemon):
    """A session in which the person teaches a title while playing it; the chosen frames, as files."""
    pictures = Path(desktop["HOME"]) / "pictures"
    spawner = Spawner()
    try:
        _, window = steel_sky(desktop, lambda *command: spawner(*command, env=desktop, cwd=desktop["HOME"]))
        done = daemon.run("vision", "learn", SKY, "--window", window, "--seconds", "6", "--pictures", pictures)
        assert done.returncode == 0, done.stderr
    finally:
        spawner.end_all()
    frames = sorted(pictures.glob("*.png"))
    assert frames, done.stdout
    return frames


def test_a_game_that_nobody_names_is_named_by_its_looks_in_another_session(daemon, desktop, start, learned):
    game, _ = steel_sky(desktop, start)
    session = named(daemon, SKY)
    assert (session["game"]["id"], session["game"]["platform"]) == ("name:beneath-a-steel-sky", None)
    told = daemon.json("vision", "status")["daemon"]
    assert told["looks"] >= 1
    assert 0 < told["cpu_seconds"] < 7.2
    assert "screen.title" in {one["source"] for one in daemon.json("explain", game.pid)["evidence"]}
    assert "gamedetectd_screen_looks_total" in daemon.run("metrics").stdout
    end(game)
    eventually(lambda: not seen_by_its_picture(daemon), 30, "the end of the session")


def test_a_stream_in_a_browser_is_named_by_its_looks(daemon, desktop, start, learned):
    home = Path(desktop["HOME"])
    (home / "stream.html").write_text(PAGE.format(frames=shown(learned)))
    browser = start(*CHROMIUM, f"--user-data-dir={home}/chromium", f"file://{home}/stream.html")
    xdotool(desktop, "windowactivate", "--sync", window_of(desktop, browser))
    assert named(daemon, SKY)["game"]["title"] == SKY


NO_GAMES = {
    "a video of a game in a player": ("mpv", "--no-audio", "--vo=x11", "--fs", "--loop", "--mf-fps=1", "{video}"),
    "a screensaver": ("/usr/libexec/xscreensaver/deco",),
    "one that looks like a game": ("/usr/libexec/xscreensaver/flyingtoasters",),
    "one of OpenGL": ("/usr/libexec/xscreensaver/glmatrix",),
    "a 3D viewer, fullscreen": ("glxgears", "-fullscreen"),
}


@pytest.fixture(scope="module")
def video(desktop, learned):
    """A film of the very frames that were learned, as a player takes it."""
    film = Path(desktop["HOME"]) / "film"
    film.mkdir()
    for number, frame in enumerate(learned * 3):
        Image.open(frame).convert("RGB").resize((640, 400)).save(film / f"{number:03d}.png")
    return f"mf://{film}/*.png"


@pytest.mark.slow
@pytest.mark.parametrize("name", NO_GAMES)
def test_what_is_no_game_opens_no_session(daemon, desktop, start, video, name):
    program = start(*(part.format(video=video) for part in NO_GAMES[name]))
    window = window_of(desktop, program)
    if "fullscreen" not in name and "player" not in name:
        xdotool(desktop, "windowsize", window, "1280", "800")
    xdotool(desktop, "windowactivate", "--sync", window)
    for _ in range(20):  # time for a sequence of frames, and more
        assert sessions_of(daemon, Path(NO_GAMES[name][0]).name) == []
        assert seen_by_its_picture(daemon) == []
        psutil.cpu_percent(1.0)


@pytest.mark.slow
def test_a_video_of_the_game_in_a_browser_opens_no_session(daemon, desktop, start, learned):
    home = Path(desktop["HOME"])
    page = PAGE.format(frames=shown(learned)).replace("GeForce NOW", f"Let's play {SKY} - YouTube")
    (home / "video.html").write_text(page)
    browser = start(*CHROMIUM, f"--user-data-dir={home}/chromium-video", f"file://{home}/video.html")
    xdotool(desktop, "windowactivate", "--sync", window_of(desktop, browser))
    for _ in range(20):
        assert sessions_of(daemon, "chromium") == []
        psutil.cpu_percent(1.0)


@pytest.fixture
def rom(desktop):
    """A real game's cartridge under a name that says nothing; the wheel of ale-py brings some."""
    found = importlib.util.find_spec("ale_py")
    place = Path(os.environ.get("ATARI_ROMS", "")) if found is None else Path(found.origin).parent / "roms"
    source = place / "pitfall.bin"
    if not source.is_file():
        pytest.skip("no cartridges: pip install ale-py, or name a directory with pitfall.bin by ATARI_ROMS")
    neutral = Path(desktop["HOME"]) / "neutral.a26"
    shutil.copy(source, neutral)
    return neutral


def pitfall(desktop, start, rom):
    game = start("stella", "-fullscreen", "0", "-windowedpos", "100x50", rom)
    window = window_of(desktop, game)
    time.sleep(2)
    xdotool(desktop, "windowactivate", "--sync", window, "key", "F2")  # the console's reset: it begins
    time.sleep(1)
    disguise(desktop, window)
    return game, window


@pytest.mark.slow
def test_the_same_in_an_emulator_of_a_console(daemon, desktop, start, rom):
    game, window = pitfall(desktop, start, rom)
    done = daemon.run("vision", "learn", "Pitfall!", "--window", window, "--seconds", "6")
    assert done.returncode == 0, done.stderr
    end(game)
    pitfall(desktop, start, rom)
    assert named(daemon, "Pitfall!")["game"]["platform"] == "Atari 2600"


def cartridge(desktop):
    """One of our own whose name says what it is: a program that does nothing, for ever."""
    content = bytearray(4096)
    content[0:3], content[0xFFA:0x1000] = b"\x4c\x00\xf0", b"\x00\xf0" * 3
    file = Path(desktop["HOME"]) / "Fern Patrol (USA).a26"
    file.write_bytes(content)
    return file


def played(daemon, title):
    return next((row for row in status(daemon)["sessions"] if row["game"]["title"] == title), None)


def child_of(daemon):
    """The process that looks, once there is one."""

    def look():
        children = psutil.Process(daemon.process.pid).children()
        return next((one for one in children if "gamedetectd.vision.child.main" in " ".join(one.cmdline())), None)

    return eventually(look, 60, "a child that looks")


@pytest.mark.slow
def test_a_killed_child_and_damaged_models_are_conditions_and_cost_no_session(desktop, start, tmp_path):
    models = tmp_path / "models"
    shutil.copytree(model_files.models(), models)
    one = RealDaemon(tmp_path / "home", {**desktop, MODELS_VARIABLE: str(models)})
    one.command = [one.command[0], str(ROOT / "tests" / "calm_daemon.py")]
    with one as daemon:
        assert daemon.run("vision", "on").returncode == 0
        start("stella", "-fullscreen", "0", cartridge(desktop))
        session = eventually(lambda: played(daemon, "Fern Patrol"), 60, "a session")
        game, _ = steel_sky(desktop, start)
        for _ in range(2):  # the second is tried after half a minute
            child_of(daemon).kill()
            time.sleep(1)
        codes = lambda: {row["code"] for row in status(daemon)["health"]["conditions"]}  # noqa: E731
        eventually(lambda: "vision-crashes" in codes(), 60, codes)
        network = models / "features.onnx"
        network.write_bytes(network.read_bytes()[:-1] + b"x")
        assert daemon.run("check").returncode == 0
        eventually(lambda: "vision-model-damaged" in codes(), 60, codes)
        assert "vision-model-damaged" in daemon.run("doctor", "--json").stdout
        assert game.poll() is None
        shutil.copy(model_files.models() / "features.onnx", network)
        assert daemon.run("check").returncode == 0
        eventually(lambda: not codes() & {"vision-model-damaged", "vision-crashes"}, 90, codes)
        assert played(daemon, "Fern Patrol")["id"] == session["id"]
