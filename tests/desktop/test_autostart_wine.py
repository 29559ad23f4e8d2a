"""What we write into Windows' list of start-up programs, started from there by Wine as at a login.

Wine takes no notice of ``StartupApproved`` and of group policies: what those switch off is tested without it.
"""

import os
import subprocess

import pytest
from autostart_samples import RUN, WindowsHome
from real_programs import eventually, find_program
from registry_samples import as_reg

from gamedetectd.platforms.autostart.program import Program
from gamedetectd.platforms.autostart.run_key import RunKey
from gamedetectd.platforms.registry.files import ExportedRegistry

pytestmark = pytest.mark.desktop

PLACE = "C:\\a b & %PATH% \u00f6"


def test_wine_starts_at_login_exactly_what_was_switched_on(tmp_path):
    find_program("wine")
    prefix, out = tmp_path / "prefix", tmp_path / "out.txt"
    environment = os.environ | {
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=d",
        "DISPLAY": "",
    }

    def run(*command, check=True):
        subprocess.run(command, env=environment, check=check, timeout=60, capture_output=True)

    windows = WindowsHome(tmp_path / "windows")
    windows.program = Program((PLACE + "\\gamedetectdw.exe",), (), "win32")
    said = f"echo it ran> Z:{str(out).replace('/', chr(92))}"
    windows.run_key.turn_on((*windows.program.argv, "/c", said))
    imported = tmp_path / "import.reg"
    imported.write_bytes(b"\xff\xfe" + as_reg({RUN: windows.registry.values(RUN)}).encode("utf-16-le"))
    try:
        run("wine", "regedit", "/S", f"Z:{str(imported).replace('/', chr(92))}")
        # the shell of Windows plays our program: it takes orders and needs no window
        shell = prefix / "drive_c" / "windows" / "system32" / "cmd.exe"
        program = prefix / "drive_c" / PLACE.removeprefix("C:\\") / "gamedetectdw.exe"
        program.parent.mkdir()
        program.write_bytes(shell.read_bytes())
        run("wine", "wineboot")
        eventually(out.exists, 20, "the start of what is in the list")
        assert out.read_text().strip() == "it ran"
        run("wineserver", "-w")  # it writes the registry when the last program is gone
    finally:
        run("wineserver", "-k", check=False)
    registry = ExportedRegistry([prefix / "system.reg", prefix / "user.reg"])
    (entry,) = RunKey(windows.program, registry, is_file=lambda _path: True).status().entries
    assert entry.works
    assert entry.command.startswith(f'"{windows.program.argv[0]}"')
