"""The eyes on a real desktop: what nothing else names is named by its looks, and a picture alone opens nothing."""

import base64
import importlib.util
import io
import os
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest
from PIL import Image
from real_daemon import RealDaemon
from real_programs import Spawner, XServer, end, eventually, find_program

pytestmark = pytest.mark.desktop

pytest.importorskip("onnxruntime", reason="the extra [vision] is not installed: pip install 'gamedetectd[vision]'")
if importlib.util.find_spec("numpy") is None:
    pytest.skip("the extra [vision] is not installed: pip install 'gamedetectd[vision]'", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
QUIET = {"SDL_AUDIODRIVER": "dummy", "ALSOFT_DRIVERS": "null", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
SKY = "Beneath a Steel Sky"
CHROMIUM = (
    "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-quic", "--window-size=900,700", "--window-position=10,10",
)  # fmt: skip
PAGE = """<!doctype html><title>GeForce NOW</title>
<style>body{{margin:0;background:#000}}img{{width:100vw;height:100vh;object-fit:contain}}</style><img id=i>
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
        return next((one for one in reversed(found) if _is_large(desktop, one)), None)

    return eventually(look, 60, "a window")


def _is_large(desktop, window):
    sizes = xdotool(desktop, "getwindowgeometry", "--shell", window)
    told = dict(part.split("=") for part in sizes if "=" in part)
    return int(told.get("WIDTH", 0)) >= 300 and int(told.get("HEIGHT", 0)) >= 180


def disguise(desktop, process):
    """Its window in front, and called as any emulator may be called."""
    window = window_of(desktop, process)
    xdotool(desktop, "set_window", "--name", "Emulator", window)
    xdotool(desktop, "windowactivate", "--sync", window)
    return window


def steel_sky(desktop, start):
    """ScummVM on a real game, told only of a directory whose name says nothing."""
    content = Path(desktop["HOME"]) / "data"
    if not content.exists():
        shipped = Path("/usr/share/scummvm/beneath-a-steel-sky")
        if not shipped.is_dir():
            pytest.skip("beneath-a-steel-sky is not installed: apt-get install -y beneath-a-steel-sky")
        shutil.copytree(shipped, content)
    return start("scummvm", f"--config={content}.ini", "--auto-detect", f"--path={content}", "--no-fullscreen")


def as_stream(file):
    """The frame as a stream brings it: small, darker and with what JPEG leaves of it."""
    small = Image.open(file).convert("RGB").resize((640, 360)).point(lambda level: round(255 * (level / 255) ** 1.25))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=30)
    return out.getvalue()


def seen_by_its_picture(daemon):
    """The sessions that go on and that a picture had a say in; our daemon sees the games of other tests too."""
    return [
        row
        for row in daemon.json("sessions")
        if row["ended_at"] is None
        and any("its picture" in one["reason"] or one["source"].startswith("screen.") for one in row["evidence"])
    ]


def sessions_of(daemon, program):
    """The sessions that go on whose evidence speaks of this program."""
    rows = [row for row in daemon.json("sessions") if row["ended_at"] is None]
    return [row["game"]["title"] for row in rows if any(program in one["reason"] for one in row["evidence"])]


def named(daemon, title):
    """The session that its picture names so, once there is one."""

    def look():
        return next((row for row in seen_by_its_picture(daemon) if row["game"]["title"] == title), None)

    return eventually(look, PATIENCE, lambda: f"{title} ({daemon.json('vision', 'status')})")


@pytest.fixture(scope="module")
def learned(desktop, daemon):
    """A session in which the person teaches a title while playing it; the chosen frames, as files."""
    pictures = Path(desktop["HOME"]) / "pictures"
    spawner = Spawner()
    try:
        game = steel_sky(desktop, lambda *command: spawner(*command, env=desktop, cwd=desktop["HOME"]))
        window = disguise(desktop, game)
        done = daemon.run(
            "vision", "learn", SKY, "--window", window, "--seconds", "60", "--pictures", pictures, timeout=120
        )
        assert done.returncode == 0, done.stderr
        xdotool(desktop, "set_window", "--name", "Emulator", window)
    finally:
        spawner.end_all()
    frames = sorted(pictures.glob("*.png"))
    assert frames, done.stdout
    return frames


def test_a_game_that_nobody_names_is_named_by_its_looks_in_another_session(daemon, desktop, start, learned):
    game = steel_sky(desktop, start)
    disguise(desktop, game)
    session = named(daemon, SKY)
    assert (session["game"]["id"], session["game"]["platform"]) == ("name:beneath-a-steel-sky", None)
    told = daemon.json("vision", "status")["daemon"]
    assert told["looks"] >= 1
    assert 0 < told["cpu_seconds"] < 7.2
    end(game)
    eventually(lambda: not seen_by_its_picture(daemon), 30, "the end of the session")


def test_a_stream_in_a_browser_is_named_by_its_looks(daemon, desktop, start, learned):
    home = Path(desktop["HOME"])
    frames = ",".join(f"'{base64.b64encode(as_stream(one)).decode()}'" for one in learned)
    (home / "stream.html").write_text(PAGE.format(frames=frames))
    browser = start(*CHROMIUM, f"--user-data-dir={home}/chromium", f"file://{home}/stream.html")
    xdotool(desktop, "windowactivate", "--sync", window_of(desktop, browser))
    assert named(daemon, SKY)["game"]["title"] == SKY


NO_GAMES = {
    "a video of a game in a player": ("mpv", "--no-audio", "--vo=x11", "--fs", "--loop", "{video}"),
    "a screensaver": ("/usr/libexec/xscreensaver/deco",),
    "one that looks like a game": ("/usr/libexec/xscreensaver/flyingtoasters",),
    "one of OpenGL": ("/usr/libexec/xscreensaver/glmatrix",),
    "a 3D viewer, fullscreen": ("glxgears", "-fullscreen"),
}


@pytest.fixture(scope="module")
def video(desktop, learned):
    """A film of the very frames that were learned."""
    film = Path(desktop["HOME"]) / "film.mp4"
    inputs = Path(desktop["HOME"]) / "film"
    inputs.mkdir()
    for number, frame in enumerate(learned):
        Image.open(frame).convert("RGB").resize((640, 400)).save(inputs / f"{number:03d}.png")
    command = [find_program("ffmpeg"), "-loglevel", "error", "-framerate", "1", "-i", inputs / "%03d.png"]
    subprocess.run([*command, "-r", "10", "-pix_fmt", "yuv420p", film], check=True, timeout=60)
    return film


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
def test_a_video_of_the_game_in_a_browser_opens_no_session(daemon, desktop, start, video):
    home = Path(desktop["HOME"])
    (home / "video.html").write_text(
        f"<title>Let's play {SKY} - YouTube</title><video autoplay loop muted width=860 src='{video}'></video>"
    )
    browser = start(*CHROMIUM, f"--user-data-dir={home}/chromium-video", f"file://{home}/video.html")
    xdotool(desktop, "windowactivate", "--sync", window_of(desktop, browser))
    for _ in range(20):
        assert sessions_of(daemon, "chromium") == []
        psutil.cpu_percent(1.0)
