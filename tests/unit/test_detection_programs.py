"""What really runs in a process, and which processes are one run, on three systems."""

from __future__ import annotations

import pytest

from gamedetectd.detection.case import build
from gamedetectd.detection.families import family
from gamedetectd.detection.glance import glance
from gamedetectd.detection.programs import is_shell, resolve, runs_script
from gamedetectd.domain import Facts, ProcessInfo, ProcessKey, System, Window


def process(pid=1, exe=None, *argv, parent=0, cwd=None, comm="", **environment):
    key = ProcessKey("boot", pid, pid)
    return ProcessInfo(key, parent, exe, tuple(argv), cwd, environment=environment, comm=comm)


PROGRAMS = {
    # the executable, argv, working directory and environment; then the path and the interpreter that are right
    "a plain program": ("/usr/games/supertux2", ["supertux2"], None, {}, "/usr/games/supertux2", ""),
    "a replaced file": ("/opt/game (deleted)", ["game"], None, {}, "/opt/game", ""),
    "unreadable, by argv": (None, ["./game"], "/home/ann/x", {}, "/home/ann/x/game", ""),
    "unreadable, by bare argv": (None, ["game"], None, {}, "game", ""),
    "perl": (
        "/usr/bin/perl",
        ["/usr/bin/perl", "-w", "/usr/games/frozen-bubble"],
        None,
        {},
        "/usr/games/frozen-bubble",
        "perl",
    ),
    "python with options": (
        "/usr/bin/python3.11",
        ["python3", "-W", "ignore", "-u", "game.py"],
        "/g",
        {},
        "/g/game.py",
        "python3.11",
    ),
    "python module": ("/usr/bin/python3.11", ["python3", "-m", "pupgui2"], "/g", {}, "pupgui2", "python3.11"),
    "python module by path": ("/usr/bin/python3.11", ["python3", "-m", "a/b"], "/g", {}, "/g/a/b", "python3.11"),
    "python code": ("/usr/bin/python3.11", ["python3", "-c", "print()", "x.py"], "/g", {}, "/usr/bin/python3.11", ""),
    "python prompt": ("/usr/bin/python3.11", ["python3"], "/g", {}, "/usr/bin/python3.11", ""),
    "shell script": ("/usr/bin/dash", ["/bin/sh", "-e", "/usr/games/sky"], None, {}, "/usr/games/sky", "dash"),
    "a script without a file": ("/usr/bin/bash", ["bash", "/dev/fd/63"], "/g", {}, "/usr/bin/bash", ""),
    "python from a pipe": ("/usr/bin/python3", ["python3", "/proc/self/fd/0", "x"], "/g", {}, "/usr/bin/python3", ""),
    "dotnet exec": ("/usr/bin/dotnet", ["dotnet", "exec", "Game.dll"], "/g", {}, "/g/Game.dll", "dotnet"),
    "mono": ("/usr/bin/mono", ["mono", "./Terraria.exe"], "/g", {}, "/g/Terraria.exe", "mono"),
    "love": ("/usr/bin/love", ["love", "Balatro.love"], "/g", {}, "/g/Balatro.love", "love"),
    "java jar": ("/usr/bin/java", ["java", "-Xmx1G", "-cp", "x", "-jar", "a.jar"], "/g", {}, "/g/a.jar", "java"),
    "java class": (
        "/usr/bin/java",
        ["java", "-cp", "x", "", "@args", "net/a/Main", "--demo"],
        "/g",
        {},
        "net.a.Main",
        "java",
    ),
    "java module": ("/usr/bin/java", ["java", "-m", "mod/net.a.Main"], "/g", {}, "net.a.Main", "java"),
    "java alone": ("/usr/bin/java", ["java", "-version"], "/g", {}, "/usr/bin/java", ""),
    "windows java": (
        "C:\\jre\\bin\\javaw.exe",
        ["javaw.exe", "-jar", "C:\\g\\a.jar"],
        None,
        {},
        "C:\\g\\a.jar",
        "javaw.exe",
    ),
    "wine": ("/usr/lib/wine/wine64", ["Z:\\home\\ann\\g\\a.exe   ", ""], None, {}, "/home/ann/g/a.exe", "wine64"),
    "wine prefix": (
        "/usr/lib/wine/wine64",
        ["C:\\g\\a.exe"],
        None,
        {"WINEPREFIX": "/p"},
        "/p/drive_c/g/a.exe",
        "wine64",
    ),
    "proton prefix": (
        "/x/wine64-preloader",
        ["C:\\g\\a.exe"],
        None,
        {"STEAM_COMPAT_DATA_PATH": "/c"},
        "/c/pfx/drive_c/g/a.exe",
        "wine64-preloader",
    ),
    "proton library drive": (
        "/x/wine64-preloader",
        ["S:\\common\\Hades\\x64\\Hades.exe"],
        None,
        {"STEAM_COMPAT_INSTALL_PATH": "/l/common/Hades"},
        "/l/common/Hades/x64/Hades.exe",
        "wine64-preloader",
    ),
    "wine, nowhere known": ("/usr/lib/wine/wine64", ["D:\\g\\a.exe"], None, {}, "D:\\g\\a.exe", "wine64"),
    "wine, relative": (
        "/x/wine64-preloader",
        ["./tlou-ii.exe"],
        "/l/TLOU",
        {},
        "/l/TLOU/tlou-ii.exe",
        "wine64-preloader",
    ),
    "wine start": (
        "/usr/lib/wine/wine64",
        ["C:\\windows\\system32\\start.exe", "/exec", "Z:\\g\\a.exe"],
        None,
        {},
        "/g/a.exe",
        "wine64",
    ),
    "wine start alone": (
        "/usr/lib/wine/wine64",
        ["C:\\windows\\system32\\start.exe"],
        None,
        {},
        "C:\\windows\\system32\\start.exe",
        "wine64",
    ),
    "wine under its name": ("/usr/bin/wine", ["wine", "/g/a.exe", "-x"], None, {}, "/g/a.exe", "wine"),
    "wine alone": ("/usr/bin/wine", ["wine", "--version"], None, {}, "/usr/bin/wine", ""),
    "renamed loader": ("/x/loader", ["Z:\\g\\a.exe"], None, {}, "/g/a.exe", "loader"),
    "windows exe told on linux": ("Z:\\g\\a.exe", ["a.exe", " "], None, {}, "/g/a.exe", "wine"),
    "godot pack": ("/usr/bin/godot", ["godot", "--main-pack", "dome.pck"], "/g", {}, "/g/dome.pck", "godot"),
    "godot project": ("/usr/bin/godot4", ["godot4", "--path", "/p"], None, {}, "/p/project.godot", "godot4"),
    "godot editor": ("/usr/bin/godot", ["godot", "-e", "--path", "/p"], None, {}, "/usr/bin/godot", ""),
    "godot alone": ("/usr/bin/godot", ["godot", "--path"], None, {}, "/usr/bin/godot", ""),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_really_runs(name):
    exe, argv, cwd, environment, path, runtime = PROGRAMS[name]
    system = System.WINDOWS if exe and exe.startswith("C:\\jre") else System.LINUX
    program = resolve(process(1, exe, *argv, cwd=cwd, **environment), system)
    assert (program.path, program.runtime) == (path, runtime)


def test_the_beginning_of_a_monstrous_command_line_is_enough():
    program = resolve(process(1, "/g/a", "a", "x" * 1_000_000, *["y"] * 5_000), System.LINUX)
    assert len(program.arguments) < 5_000
    assert max(map(len, program.arguments)) < 10_000


@pytest.mark.parametrize(
    ("argv", "script"), [(["sh", "/usr/games/sky"], True), (["-bash"], False), (["sh", "-c", "exec game"], False)]
)
def test_only_a_shell_with_a_script_is_a_wrapper(argv, script):
    shell = process(1, "/bin/sh", *argv)
    assert is_shell(shell)
    assert runs_script(shell, System.LINUX) is script


STEAM = "/home/ann/.local/share/Steam/ubuntu12_32"


def chain(*processes):
    return tuple(
        ProcessInfo(ProcessKey("b", pid, pid), pid - 1, exe, tuple(argv), environment=environment, cwd="/w")
        for pid, (exe, argv, environment) in enumerate(processes, 1)
    )


ROOTS = {
    # name: (chain, expected root's pid, expected subject's pid)
    "script below a prompt": (
        chain(
            ("/bin/bash", ["bash"], {}),
            ("/bin/sh", ["sh", "/usr/games/sky"], {}),
            ("/usr/games/scummvm", ["scummvm", "sky"], {}),
        ),
        2,
        3,
    ),
    "one-line command is context": (
        chain(("/bin/sh", ["sh", "-c", "x"], {}), ("/usr/games/xmoto", ["xmoto"], {})),
        2,
        2,
    ),
    "proton": (
        chain(
            (f"{STEAM}/steam", ["steam"], {}),
            ("/bin/sh", ["sh", "-c", "reaper"], {}),
            (f"{STEAM}/reaper", ["reaper", "SteamLaunch", "AppId=620", "--", "x"], {}),
            ("/usr/bin/python3", ["python3", "/s/Proton 9.0/proton", "waitforexitandrun", "/g/a.exe"], {}),
            ("/s/files/bin/wine64", ["C:\\windows\\system32\\steam.exe", "/g/a.exe"], {}),
            ("/s/files/bin/wine64-preloader", ["Z:\\g\\a.exe"], {}),
        ),
        3,
        6,
    ),
    "wine not yet the game": (
        chain(("/usr/bin/wine", ["wine", "a.exe"], {}), ("/usr/lib/wine/wine64", ["Z:\\w\\a.exe"], {})),
        1,
        2,
    ),
    "the music program reaper is none": (chain(("/opt/reaper", ["reaper"], {}), ("/g/game", ["game"], {})), 2, 2),
    "flatpak run": (chain(("/usr/bin/flatpak", ["flatpak", "run", "x"], {}), ("/app/bin/x", ["x"], {})), 1, 2),
    "flatpak update": (chain(("/usr/bin/flatpak", ["flatpak", "update"], {}), ("/app/bin/x", ["x"], {})), 2, 2),
    "performance wrappers": (
        chain(
            ("/bin/env", ["env"], {}),
            ("/bin/nice", ["nice"], {}),
            ("/usr/bin/mangohud", ["mangohud", "x"], {}),
            ("/g/x", ["x"], {}),
        ),
        1,
        4,
    ),
    "unreal's small program": (
        chain(
            ("D:\\Games\\Sat\\Factory.exe", [], {}),
            ("D:\\Games\\Sat\\F\\Binaries\\Win64\\F-Win64-Shipping.exe", [], {}),
        ),
        1,
        2,
    ),
}


@pytest.mark.parametrize("name", ROOTS)
def test_where_a_run_begins(name):
    processes, root, subject = ROOTS[name]
    system = System.WINDOWS if name.startswith("unreal") else System.LINUX
    found = family(Facts(processes=processes, system=system))
    assert (found.root.pid, found.subject.pid) == (root, subject)
    assert [one.pid for one in found.parents] == list(range(1, root))


def test_the_window_says_whose_run_it_is():
    game, helper = chain(("/g/game", ["game"], {}), ("/g/crashpad_handler", ["crashpad_handler"], {}))
    assert family(Facts(processes=(game, helper), window=Window(pid=1))).subject is game
    assert family(Facts(processes=(game, helper), window=Window(pid=99))).subject is helper
    assert family(Facts(processes=(game, helper), window=Window())).subject is helper


def test_a_display_within_the_display_shows_its_game():
    scope, game = chain(("/usr/bin/gamescope", ["gamescope", "--", "x"], {}), ("/g/game", ["game"], {}))
    found = family(Facts(processes=(scope, game), window=Window(pid=1)))
    assert found.subject is game
    assert found.root is scope


def test_without_parent_ids_the_order_tells():
    first, last = process(5, "/bin/sh", "sh", "/g/start.sh"), process(6, "/g/game", "game")
    assert family(Facts(processes=(first, last))).root is first


def test_a_parent_that_is_not_listed_ends_the_chain():
    first, last = process(5, "/bin/sh", "sh", "/g/start.sh"), process(6, "/g/game", "game", parent=77)
    found = family(Facts(processes=(first, last)))
    assert found.root is last
    assert found.context == (first,)


def test_no_process_no_family():
    assert family(Facts()) is None
    assert build(Facts(window=Window(title="x"))).called == "x"
    assert build(Facts()).called == "This program"
    assert build(Facts()).variable("SteamAppId") == ""


def test_the_nearest_wrapper_lends_its_environment():
    wrapper, game = chain(("/usr/bin/umu-run", ["umu-run"], {"UMU_ID": "umu-1"}), ("/g/game", ["game"], {}))
    found = family(Facts(processes=(wrapper, game)))
    assert found.variable("UMU_ID") == "umu-1"
    assert found.variable("OTHER") == ""


GLANCES = [
    ("/usr/lib/gcc/x86_64-linux-gnu/12/cc1", System.LINUX, False),
    ("/usr/bin/x86_64-linux-gnu-gcc-12", System.LINUX, False),
    ("/usr/bin/clang-15", System.LINUX, False),
    ("/usr/bin/ls", System.LINUX, False),
    ("/usr/sbin/cron", System.LINUX, False),
    ("/usr/libexec/at-spi2-registryd", System.LINUX, False),
    ("/usr/libexec/aisleriot/sol", System.LINUX, True),
    ("/usr/bin/supertux2", System.LINUX, True),
    ("/usr/games/xmoto", System.LINUX, True),
    ("/usr/bin/dash", System.LINUX, True),
    ("/usr/bin/python3.11", System.LINUX, True),
    ("/usr/bin/env", System.LINUX, True),
    ("/usr/lib/wine/wine64", System.LINUX, True),
    ("/home/ann/game", System.LINUX, True),
    ("", System.LINUX, True),
    ("C:\\Windows\\System32\\svchost.exe", System.WINDOWS, False),
    ("C:\\Games\\a.exe", System.WINDOWS, True),
    ("/System/Library/CoreServices/Dock.app/Contents/MacOS/Dock", System.MACOS, False),
    ("/Applications/Chess.app/Contents/MacOS/Chess", System.MACOS, True),
]


@pytest.mark.parametrize(("exe", "system", "matters"), GLANCES)
def test_a_glance_at_the_path(exe, system, matters):
    assert glance(exe, system) is matters


def test_what_a_menu_calls_a_game_always_matters():
    assert glance("/usr/sbin/oddly-placed", System.LINUX, {"oddly-placed"})
