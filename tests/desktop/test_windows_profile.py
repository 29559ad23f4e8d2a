"""A person's places on Windows: names in any script, paths of more than 260 characters, an AppData that was moved."""

import json
import shutil
import subprocess

import pytest
from real_programs import end, eventually

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(300)]

COMPILER = "x86_64-w64-mingw32-gcc"
SLEEPS = "#include <windows.h>\nint main(void) { Sleep(60000); return 0; }\n"
FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
ASK = """
import json, pathlib, sys
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
table = process_table(boot_id(), system_clock())
read = [table.read(pid) for pid in table.pids()]
found = [(one.exe, list(one.argv)) for one in read if one and one.exe and "Spiel" in one.exe]
pathlib.Path(sys.argv[1]).write_text(json.dumps(found))
"""
"""Told by a file: what this starts of Wine's services may hold its output open."""


def on_windows(path):
    return "Z:" + str(path).replace("/", "\\")


def test_a_game_of_a_person_whose_name_no_code_page_has(windows, tmp_path):
    if shutil.which(COMPILER) is None:
        pytest.skip(f"NOT TESTED: {COMPILER} is not installed: apt-get install gcc-mingw-w64-x86-64")
    folder = tmp_path / "Jörg Ünal 遊戲"
    folder.mkdir()
    (tmp_path / "sleeps.c").write_text(SLEEPS)
    game = folder / "Größtes Spiel.exe"
    subprocess.run([COMPILER, "-o", game, tmp_path / "sleeps.c"], check=True)
    windows.start(game, "Müller łódź")

    def found():
        said = tmp_path / "said.json"
        assert windows.start(windows.python, "-c", ASK, on_windows(said)).wait(60) == 0
        return json.loads(said.read_text())

    ((exe, arguments),) = eventually(found, 40, "the game")
    assert exe == on_windows(game)
    assert arguments[1] == "Müller łódź"


@pytest.mark.parametrize("deep", [1, 6])
def test_a_home_with_any_name_and_length_keeps_everything(windows, tmp_path, deep):
    home = tmp_path.joinpath(*[f"Zuhause von Jörg 遊戲 das lang ist wie manche {number}" for number in range(deep)])
    assert (len(str(home)) > 260) == (deep > 1)
    ours = {"GAMEDETECTD_HOME": on_windows(home)}
    daemon = windows("run", "--headless", wait=False, **ours)
    try:
        eventually((home / "data" / "history.db").is_file, 60, "the history")  # Wine's services are up by then
        eventually(lambda: '"running":true' in windows("status", "--json", **ours).replace(" ", ""), 60, "the daemon")
        windows("stop", **ours)
        daemon.wait(30)
        assert (home / "log" / "gamedetectd.jsonl").is_file()
    finally:
        end(daemon)


def test_where_appdata_was_moved_everything_goes(windows, tmp_path):
    moved = tmp_path / "Umgezogen ä"
    moved.mkdir()
    add = ("reg", "add", FOLDERS, "/f", "/v", "Local AppData", "/d")
    before = windows.start(windows.python, "-c", "import os; print(os.environ['LOCALAPPDATA'])")
    usual = before.communicate(timeout=60)[0].decode().split()[-1]
    try:
        windows.start(*add, on_windows(moved)).wait(60)
        assert on_windows(moved)[:-1] in windows("config", "path", GAMEDETECTD_HOME="")
    finally:
        windows.start(*add, usual).wait(60)
