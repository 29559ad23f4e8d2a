"""Installed as people with a Python do it: pip from a wheel, uv and pipx from a checkout; each in a home of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, so that nobody's tools are touched; nothing of this environment is inherited."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith(("XDG_", "UV_", "PIPX_", "GAMEDETECTD_", "VIRTUAL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def checkout(tmp_path):
    """A copy of what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode != 0:
        pytest.skip("this is no checkout of git's")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            place = tmp_path / "checkout" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place)
    return tmp_path / "checkout"


def run(*command, **options):
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, **options
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def tool(name):
    """Beside our Python, beside the one it was made of, or on the path."""
    places = [Path(sys.executable).parent, Path(sys.base_prefix) / SCRIPTS, Path(sysconfig.get_path("scripts"))]
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    return found or pytest.skip(f"NOT TESTED: {name} is not installed: pip install {name}")


def it_works(program):
    assert "This installation works" in run(program, "doctor", "--self-test")
    assert run(program, "--version").startswith("gamedetectd ")


def test_a_built_wheel_in_a_new_environment(home, checkout, tmp_path):
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path / "wheel", checkout)
    (wheel,) = (tmp_path / "wheel").glob("gamedetectd-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "new")
    run(tmp_path / "new" / SCRIPTS / "python", "-m", "pip", "install", "--quiet", wheel)
    it_works(tmp_path / "new" / SCRIPTS / "gamedetectd")


def test_uv_tool_install(home, checkout):
    uv = tool("uv")
    run(uv, "tool", "install", "--python", sys.executable, checkout)
    it_works(home / ".local" / "bin" / "gamedetectd")
    run(uv, "tool", "uninstall", "gamedetectd")
    assert not (home / ".local" / "bin" / "gamedetectd").exists()


def test_pipx_install(home, checkout):
    pipx = tool("pipx")
    run(pipx, "install", "--python", sys.executable, checkout)
    it_works(home / ".local" / "bin" / "gamedetectd")
    run(pipx, "uninstall", "gamedetectd")
    assert not (home / ".local" / "bin" / "gamedetectd").exists()
