"""A Windows of its own for tests: a Wine prefix in which our installer and what it installs run as for a person.

``WINDOWS_FROZEN`` names the folder that PyInstaller made under Wine; without it ``packaging/windows/build.py`` makes
one, in minutes.
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from real_programs import end, find_program

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "desktop"), str(ROOT / "packaging" / "windows")]
FOLDER = "WINDOWS_FROZEN"
QUIET = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=;mshtml="}


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


def frozen_folder(output):
    """The folder with ``gamedetectd.exe``; built where nobody names one."""
    named = os.environ.get(FOLDER, "")
    if named:
        assert (Path(named) / "gamedetectd.exe").is_file(), f"{FOLDER}={named} holds no gamedetectd.exe"
        return Path(named)
    for needed in ("wine", "makensis"):
        find_program(needed)
    build = [sys.executable, ROOT / "packaging" / "windows" / "build.py", "--vision", "--output", output]
    done = subprocess.run([*build, "--no-installer"], capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stdout + done.stderr
    return output / "gamedetectd"


class WineMachine:
    """One Windows; ``run`` and ``start`` its programs. ``end`` leaves nothing of it running."""

    def __init__(self, place):
        self.wine = find_program("wine")
        self.prefix = place / "prefix"
        place.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GAMEDETECTD_"))},
            **QUIET, "WINEPREFIX": str(self.prefix), "HOME": str(place), "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        self._started = []
        self._unix("wineboot", "--init")
        self._unix(self.wine, "winecfg", "-v", "win10")
        # Wine's services end with the last program, and whatever starts them again would lend them its pipes
        self._keeper = subprocess.Popen(
            [self.wine, "cmd"], env=self.environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        local = self.run("cmd", "/c", "echo %LOCALAPPDATA%").strip().splitlines()[-1]
        self.local = self.unix(local)
        self.menu = self.unix(self.run("cmd", "/c", "echo %APPDATA%").strip().splitlines()[-1]) / (
            "Microsoft/Windows/Start Menu/Programs"
        )
        self.installed = self.local / "Programs" / "gamedetectd"
        self.data = self.local / "gamedetectd"

    def unix(self, path):
        """Where a path of drive C lies here."""
        return self.prefix / "drive_c" / path[3:].replace("\\", "/")

    def named(self, path):
        """What Windows calls a path: below drive C, if it lies there, else below drive Z."""
        drive = self.prefix / "drive_c"
        return (
            "C:\\" + str(path.relative_to(drive)).replace("/", "\\")
            if path.is_relative_to(drive)
            else windows_path(path)
        )

    def start(self, *command, **variables):
        """Start a program of Windows; a Path becomes what Windows calls it."""
        parts = [self.named(part) if isinstance(part, Path) else part for part in command]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(
            [self.wine, *parts], env={**self.environment, **variables}, start_new_session=True, **pipes
        )
        self._started.append(process)
        return process

    def run(self, *command, given="", code=0, seconds=120, **variables):
        """Run a program to its end; what it said. ``code`` is the exit code it must have, None for any."""
        process, said = self.start(*command, **variables), bytearray()
        # not to the end of the pipe, which whatever it started may hold
        listening = threading.Thread(target=self._listen, args=(process.stdout, said), daemon=True)
        listening.start()
        process.stdin.write(given.encode())
        process.stdin.close()
        process.wait(seconds)
        listening.join(1.0)
        said = said.decode(errors="replace")
        assert code is None or process.returncode == code, f"{command} ended with {process.returncode}: {said}"
        return said

    @staticmethod
    def _listen(pipe, said):
        for line in pipe:
            said.extend(line)

    def ours(self, *arguments, **options):
        """Run the installed command line."""
        return self.run(self.installed / "gamedetectd.exe", *arguments, **options)

    def registry(self, key):
        """The values of a key, by name; empty where there is no such key."""
        said = self.run("reg", "query", key, code=None)
        rows = (line.strip().split("    ", 2) for line in said.splitlines() if line.startswith("    "))
        return {row[0]: row[2] if len(row) > 2 else "" for row in rows if len(row) > 1}

    def pids(self, name):
        """The programs of this Windows that run under a name, as Linux numbers them."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0") if folder.name.isdecimal() else []
                mine = words and f"WINEPREFIX={self.prefix}".encode() in (folder / "environ").read_bytes().split(b"\0")
            except (OSError, ValueError):
                continue
            if mine and words[0].decode(errors="replace").lower().replace("\\", "/").endswith("/" + name.lower()):
                found.append(int(folder.name))
        return sorted(found)

    def _unix(self, *command):
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        subprocess.run(command, env=self.environment, timeout=180, check=False, **quiet)

    def log_in(self):
        """What Windows does at a login: the programs of the Run key are started."""
        self._unix("wineboot")

    def end(self):
        for process in (*self._started, self._keeper):
            end(process)
        self._unix("wineserver", "-k")
        self._unix("wineserver", "-w")
        for process in (*self._started, self._keeper):
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


def compiled(source, output):
    """A program of Windows, made of one file of C."""
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if compiler is None:
        pytest.skip("x86_64-w64-mingw32-gcc is not installed: apt-get install gcc-mingw-w64-x86-64")
    subprocess.run([compiler, "-municode", "-mwindows", "-s", "-o", output, source], check=True, timeout=60)
    return output
