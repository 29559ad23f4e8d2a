"""Real games and ordinary programs from Debian on a real X server: what starts, what it is called, when it ends."""

import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from real_daemon import RealDaemon
from real_programs import Spawner, XServer, eventually, find_program

pytestmark = pytest.mark.desktop

QUIET = {
    "SDL_AUDIODRIVER": "dummy",
    "ALSOFT_DRIVERS": "null",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "WINEDEBUG": "-all",
    "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=;mshtml=",
    "NO_AT_BRIDGE": "1",
}
PAGE = """%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 200]>>endobj
trailer<</Root 1 0 R>>
"""
START_EXACT = 0.1
END_WITHIN = 2.0


@dataclass(frozen=True)
class RealGame:
    """A game: how it is started, what a person calls it, and what is special about it."""

    title: str
    command: tuple
    kind: str
    env: dict = field(default_factory=dict)
    known_within: float = 15.0
    platform: str | None = None


GAMES = (
    RealGame("SuperTux 2", ("supertux2",), "native binary"),
    RealGame("Neverball", ("neverball",), "native binary, OpenGL"),
    RealGame("Mines", ("gnome-mines",), "GTK game"),
    RealGame("AisleRiot Solitaire", ("sol",), "executable called sol"),
    RealGame("Chromium B.S.U.", ("chromium-bsu",), "called like a browser"),
    RealGame("Extreme Tux Racer", ("etr",), "fullscreen"),
    RealGame("Teeworlds", ("teeworlds",), "fullscreen"),
    RealGame("Armagetron Advanced", ("armagetronad",), "sh wrapper"),
    RealGame("OpenArena", ("openarena",), "sh wrapper around another program's engine"),
    RealGame("Frozen-Bubble", ("frozen-bubble",), "perl"),
    RealGame("PyChess", ("pychess",), "python", known_within=30),
    RealGame("FreeCol", ("freecol", "--no-intro", "--no-sound"), "java", known_within=40),
    RealGame("Beneath a Steel Sky", ("sky",), "ScummVM with a target", platform="MS-DOS"),
    RealGame("Xmoto", ("xmoto",), "window title is a version number"),
    RealGame("Quadrapassel", ("quadrapassel",), "GTK game"),
    RealGame("Reversi", ("iagno",), "GTK game with another name than its executable"),
    RealGame("Sudoku", ("gnome-sudoku",), "window title is a question"),
    RealGame("Five or More", ("five-or-more",), "GTK game"),
    RealGame("Tali", ("tali",), "GTK game"),
    RealGame("Hitori", ("hitori",), "GTK game"),
    RealGame("Mahjongg", ("gnome-mahjongg",), "GTK game"),
    RealGame("LBreakout2", ("lbreakout2",), "SDL"),
    RealGame("LTris", ("ltris",), "SDL"),
    RealGame("Pingus", ("pingus",), "sh wrapper, version in the title"),
    RealGame("Kobo Deluxe", ("kobodl",), "short executable, version in the title"),
    RealGame("Circus Linux!", ("circuslinux",), "SDL"),
    RealGame("Criticalmass", ("critter",), "executable with another name than its menu"),
    RealGame("OpenTTD", ("openttd",), "version in the title"),
    RealGame("GLtron", ("gltron",), "OpenGL"),
    RealGame("SolarWolf", ("solarwolf",), "python and pygame"),
    RealGame("Mr. Rescue", ("mrrescue",), "LÖVE"),
    RealGame("Noiz2sa", ("noiz2sa",), "SDL"),
    RealGame("PARSEC47", ("parsec47",), "OpenGL, written in D"),
    RealGame("Einstein", ("einstein",), "SDL"),
    RealGame("Briquolo", ("briquolo",), "version in the title"),
    RealGame("Powermanga", ("powermanga",), "version, date and maker in the title"),
    RealGame("Flight of the Amazon Queen", ("queen",), "ScummVM with a target", platform="MS-DOS"),
    RealGame("Lure of the Temptress", ("lure",), "ScummVM with a target", platform="MS-DOS"),
    RealGame(
        "The Lantern Quest",
        ("mednafen", "-sound", "0", "-video.driver", "softfb", "{tmp}/Lantern Quest, The (World) (Rev 1).nes"),
        "NES emulator",
        platform="NES",
    ),
    RealGame("Fern Patrol", ("stella", "{tmp}/Fern Patrol (USA).a26"), "Atari emulator", platform="Atari 2600"),
    RealGame(
        "Moss Garden: Second Season",
        ("retroarch", "-L", "gambatte", "{tmp}/Moss Garden - Second Season (Europe) (En,Fr).gb"),
        "RetroArch, whose title names the core alone",
        platform="Game Boy",
    ),
    RealGame("Commander Lantern", ("dosbox", "{tmp}/Commander Lantern/LANTERN.COM"), "DOSBox", platform="MS-DOS"),
)

ORDINARY = {
    "terminal": ("xterm",),
    "editor": ("mousepad",),
    "IDE": ("geany",),
    "browser": (
        "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking",
        "--user-data-dir={tmp}/chromium", "data:text/html,<title>SuperTux 2 - the wiki</title>",
    ),
    "word processor": ("abiword",),
    "spreadsheet": ("gnumeric",),
    "calculator": ("galculator",),
    "video player, fullscreen": ("mpv", "--no-audio", "--vo=x11", "--fs", "av://lavfi:testsrc=size=640x360:rate=15"),
    "picture viewer": ("feh", "{tmp}/picture.png"),
    "document viewer": ("mupdf", "{tmp}/page.pdf"),
    "3D benchmark": ("glxgears",),
    "3D benchmark, fullscreen": ("glxgears", "-fullscreen"),
    "screensaver hack": ("/usr/libexec/xscreensaver/deco",),
    "screensaver hack, OpenGL": ("/usr/libexec/xscreensaver/gears",),
    "CAD": ("openscad",),
    "planetarium": ("stellarium",),
    "a game's set-up program": ("chocolate-setup",),
    "emulator with nothing loaded": ("stella",),
    "Wine's notepad": ("wine", "notepad"),
}  # fmt: skip


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    """A screen with a window manager, and a home for programs to write in: their environment."""
    place = tmp_path_factory.mktemp("desktop")
    server = XServer("-ac").start()
    (place / "rc.xml").write_text(
        '<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard/><mouse/></openbox_config>'
    )
    env = {
        **QUIET,
        "DISPLAY": server.name,
        "HOME": str(place),
        "XDG_RUNTIME_DIR": str(place),
        "WINEPREFIX": str(place / "wine"),
        "JAVA_TOOL_OPTIONS": f"-Duser.home={place}",
        "PATH": os.environ.get("PATH", "") + ":/usr/games",
        "tmp": str(place),
    }
    place.chmod(0o700)
    for directory in (".local/share", ".config", ".cache"):
        (place / directory).mkdir(parents=True)  # FreeCol wants them to be there
    spawner = Spawner()
    spawner("openbox", "--sm-disable", "--config-file", place / "rc.xml", env=env)
    if shutil.which("convert"):
        subprocess.run(["convert", "-size", "320x200", "plasma:", str(place / "picture.png")], check=True)
    (place / "page.pdf").write_text(PAGE)
    write_cartridges(place)
    yield env
    spawner.end_all()
    server.stop()


def write_cartridges(place):
    """Content of our own for emulators: each a program that does nothing, for ever."""
    ines = bytearray(16384)
    ines[0:3], ines[0x3FFA:0x4000] = b"\x4c\x00\xc0", b"\x00\xc0" * 3
    head = b"NES\x1a\x01\x01\x00\x00" + bytes(8)
    (place / "Lantern Quest, The (World) (Rev 1).nes").write_bytes(head + ines + bytes(8192))
    atari = bytearray(4096)
    atari[0:3], atari[0xFFA:0x1000] = b"\x4c\x00\xf0", b"\x00\xf0" * 3
    (place / "Fern Patrol (USA).a26").write_bytes(atari)
    boy = bytearray(32768)
    boy[0x100:0x104], boy[0x150:0x152] = b"\x00\xc3\x50\x01", b"\x18\xfe"
    boy[0x134:0x13E] = b"MOSSGARDEN"
    boy[0x14D] = (-sum(boy[0x134:0x14D]) - 25) & 255
    (place / "Moss Garden - Second Season (Europe) (En,Fr).gb").write_bytes(boy)
    (place / "Commander Lantern").mkdir()
    (place / "Commander Lantern" / "LANTERN.COM").write_bytes(b"\xeb\xfe")


@pytest.fixture(scope="module")
def daemon(desktop, tmp_path_factory):
    with RealDaemon(tmp_path_factory.mktemp("home"), desktop) as running:
        yield running


@pytest.fixture
def start(desktop):
    """Start a program on the desktop; it ends with the test."""
    spawner = Spawner()

    def begin(*command, env=None):
        filled = [part.format(tmp=desktop["tmp"]) for part in command]
        return spawner(*filled, env={**desktop, **(env or {})}, cwd=desktop["tmp"])

    yield begin
    spawner.end_all()


def wall(text):
    return dt.datetime.fromisoformat(text).timestamp()


def open_sessions(daemon, since=0.0):
    """The sessions that go on and began at ``since`` (wall time) or later, give or take what a start may be off."""
    rows = daemon.json("sessions")
    return [row for row in rows if row["ended_at"] is None and wall(row["started_at"]) >= since - START_EXACT]


def finish(process):
    """End it as a desktop would, and return when the last of its processes was gone."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)
    eventually(lambda: not _group_runs(process.pid), 10, "the end of the game's processes")
    return time.time()


def _group_runs(group):
    """True while a process of the game lives: not one that only waits to be reaped, nor the bus a toolkit started."""
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) != group or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.name() != "dbus-launch":
                return True
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    return False


def core_file(argument):
    """RetroArch's core of that name, wherever Debian keeps it on this machine."""
    found = [str(path) for path in Path("/usr/lib").glob("*/libretro/gambatte_libretro.so")]
    if argument == "gambatte" and not found:
        pytest.skip("the core gambatte is not installed: apt-get install -y --no-install-recommends libretro-gambatte")
    return found[0] if argument == "gambatte" else argument


@pytest.mark.timeout(180)
@pytest.mark.parametrize("game", GAMES, ids=lambda game: f"{game.title} ({game.kind})")
def test_a_real_game_is_seen_named_and_timed(game, daemon, start):
    find_program(game.command[0])
    before = time.time()
    process = start(*map(core_file, game.command), env=game.env)
    spawned = time.time()
    rows = eventually(lambda: open_sessions(daemon, before), game.known_within, f"a session of {game.title}")
    # a title may become better once the window is there, so what counts is what it is called after a while
    eventually(
        lambda: [r["game"]["title"].casefold() for r in open_sessions(daemon, before)] == [game.title.casefold()],
        10,
        f"the title {game.title}",
    )
    assert open_sessions(daemon, before)[0]["game"].get("platform") == game.platform
    assert before - START_EXACT <= wall(rows[0]["started_at"]) <= spawned + START_EXACT
    assert process.poll() is None, "the game ended by itself; the test saw too little of it"
    gone = finish(process)
    ended = eventually(
        lambda: next((r for r in daemon.json("sessions") if r["id"] == rows[0]["id"] and r["ended_at"]), None),
        END_WITHIN + 3,
        "the session's end",
    )
    assert ended["ended_by"] == "exit"
    assert gone - END_WITHIN <= wall(ended["ended_at"]) <= gone + END_WITHIN
    assert ended["evidence"], "every session says why"


@pytest.mark.timeout(240)
def test_winemine_started_as_proton_starts_games(daemon, start, desktop):
    """reaper → sh → proton (python) → wine → winemine.exe, with Steam's environment."""
    find_program("wine")
    steam = Path(desktop["tmp"]) / "Steam"
    game_dir = steam / "steamapps/common/WineMine"
    proton = steam / "steamapps/common/Proton 8.0/proton"
    reaper = steam / "ubuntu12_32/reaper"
    for directory in (game_dir, proton.parent, reaper.parent):
        directory.mkdir(parents=True)
    found = list(Path("/usr/lib").glob("*/wine/x86_64-windows/winemine.exe"))
    if not found:
        pytest.skip("wine64 is not installed: apt-get install -y --no-install-recommends wine wine64")
    shutil.copy(found[0], game_dir / "winemine.exe")
    reaper.write_text('#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done; shift\n"$@"\n')
    proton.write_text("#!/usr/bin/python3\nimport subprocess, sys\nsys.exit(subprocess.call(['wine', sys.argv[2]]))\n")
    for script in (reaper, proton):
        script.chmod(0o755)
    env = {
        "SteamAppId": "424242",
        "SteamGameId": "424242",
        "STEAM_COMPAT_DATA_PATH": str(steam / "steamapps/compatdata/424242"),
        "STEAM_COMPAT_CLIENT_INSTALL_PATH": str(steam),
        "WINEPREFIX": str(steam / "steamapps/compatdata/424242/pfx"),
    }
    (steam / "steamapps/compatdata/424242").mkdir(parents=True)
    before = time.time()
    process = start(
        str(reaper), "SteamLaunch", "AppId=424242", "--", str(proton), "waitforexitandrun",
        str(game_dir / "winemine.exe"), env=env,
    )  # fmt: skip
    rows = eventually(
        lambda: [r for r in open_sessions(daemon, before) if r["game"]["title"] == "WineMine"],
        90,
        "a session of WineMine",
    )
    assert rows[0]["game"]["id"] == "steam:424242"
    assert abs(wall(rows[0]["started_at"]) - before) <= START_EXACT
    assert len(open_sessions(daemon, before)) == 1, "one game, one session, however many processes"
    players = subprocess.run(["pgrep", "-f", re.escape("winemine.exe")], capture_output=True, text=True).stdout.split()
    for pid in map(int, players):
        if Path(f"/proc/{pid}/environ").read_bytes().find(str(steam).encode()) >= 0:
            os.kill(pid, signal.SIGKILL)
    process.wait(30)
    gone = time.time()
    ended = eventually(
        lambda: next((r for r in daemon.json("sessions") if r["id"] == rows[0]["id"] and r["ended_at"]), None), 6
    )
    assert gone - END_WITHIN <= wall(ended["ended_at"]) <= gone + END_WITHIN


@pytest.mark.timeout(120)
@pytest.mark.parametrize("what", ORDINARY, ids=str)
def test_an_ordinary_program_is_never_called_a_game(what, daemon, start, desktop):
    command = ORDINARY[what]
    if os.sep not in command[0]:
        find_program(command[0])
    elif not Path(command[0]).exists():
        pytest.skip(f"{command[0]} is not installed: apt-get install -y --no-install-recommends xscreensaver-gl")
    known = {row["id"] for row in daemon.json("sessions")}
    process = start(*command)
    title = subprocess.run(["wmctrl", "-l"], env={**os.environ, **desktop}, capture_output=True, text=True)
    eventually(
        lambda: subprocess.run(["wmctrl", "-l"], env={**os.environ, **desktop}, capture_output=True).stdout,
        40,
        f"a window of {command[0]} ({title.stderr})",
    )
    time.sleep(4)
    assert process.poll() is None or command[0] == "wine", "it ended by itself; the test saw too little of it"
    new = [row for row in daemon.json("sessions") if row["id"] not in known]
    assert new == [], f"{command[0]} was called a game: {new}"


@pytest.mark.timeout(120)
def test_foreground_seconds_follow_the_focus(daemon, start, desktop):
    find_program("neverball")
    find_program("wmctrl")
    env = {**os.environ, **desktop}

    def focus(title):
        def done():
            subprocess.run(["wmctrl", "-a", title], env=env, check=False)
            active = subprocess.run(["xdotool", "getactivewindow", "getwindowname"], env=env, capture_output=True)
            return title.lower() in active.stdout.decode().lower()

        eventually(done, 20, f"the focus on {title}")

    before = time.time()
    start("neverball")
    (row,) = eventually(
        lambda: [r for r in open_sessions(daemon, before) if r["game"]["title"] == "Neverball"],
        15,
        "a session of Neverball",
    )
    start("xterm", "-T", "xterm")
    focus("xterm")
    time.sleep(1)
    first = next(r for r in daemon.json("sessions") if r["id"] == row["id"])["foreground_seconds"]
    expected = 0.0
    for _ in range(3):
        focus("neverball")
        began = time.monotonic()
        time.sleep(2.5)
        focus("xterm")
        expected += time.monotonic() - began
        time.sleep(1.5)
    time.sleep(5.5)  # the counters shown are as old as one heartbeat at most
    now = next(r for r in daemon.json("sessions") if r["id"] == row["id"])
    assert abs(now["foreground_seconds"] - first - expected) <= 1.0, (now, daemon.json("status"))
    assert now["active_seconds"] + now["idle_seconds"] == pytest.approx(now["foreground_seconds"], abs=0.01)
