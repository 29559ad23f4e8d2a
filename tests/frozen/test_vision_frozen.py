"""The second frozen program, which looks: beside the first, small enough, and taken away without harm."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000
pytestmark = [
    pytest.mark.slow,  # its environment has 200 MB more
    pytest.mark.timeout(1500),
    pytest.mark.skipif(sys.platform != "linux", reason="built on Linux"),
]


@pytest.fixture(scope="module")
def both():
    """The folder with both programs; ``FROZEN_VISION`` names one that is there already."""
    if named := os.environ.get("FROZEN_VISION", ""):
        yield Path(named).resolve()
        return
    place = Path(tempfile.mkdtemp(prefix="gamedetectd-frozen-vision-"))
    build = [sys.executable, ROOT / "packaging" / "build.py", "--vision", "--output", place, "--no-test"]
    done = subprocess.run(build, capture_output=True, text=True, timeout=1400)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    yield place / "gamedetectd"
    shutil.rmtree(place, ignore_errors=True)


def look(program, picture, home):
    return subprocess.run(
        [program, "vision", "test", "--json", picture],
        env={"GAMEDETECTD_HOME": str(home)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_it_looks_and_is_as_small_as_it_says(both, tmp_path):
    size = sum(path.lstat().st_size for path in both.rglob("*") if path.is_file())
    own = (both / "_internal" / "vision-files.txt").read_text().splitlines()
    alone = size - sum((both / name).lstat().st_size for name in own)
    assert size <= 330 * MB
    assert alone <= 80 * MB
    picture = tmp_path / "picture.png"
    Image.effect_noise((640, 400), 90).convert("RGB").save(picture)
    done = look(both / "gamedetectd", picture, tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert 0 < json.loads(done.stdout)["game_probability"] < 1


def test_without_it_everything_else_works(both, tmp_path):
    sys.path.insert(0, str(ROOT / "packaging" / "linux"))
    import make_deb

    root, second = tmp_path / "root", tmp_path / "second"
    make_deb.lay_out(both, root)
    program = root / "usr" / "lib" / "gamedetectd" / "gamedetectd"
    assert not list(root.rglob("*numpy*.so")), "its parts are in the second package"
    picture = tmp_path / "picture.png"
    Image.effect_noise((640, 400), 90).convert("RGB").save(picture)
    done = look(program, picture, tmp_path / "home")
    assert done.returncode == 1
    assert "gamedetectd-vision" in done.stderr
    subprocess.run([program, "--version"], env={}, check=True, timeout=60, stdout=subprocess.DEVNULL)
    make_deb.lay_out_vision(both, second)
    assert "gamedetectd (= " in (second / "DEBIAN" / "control").read_text()
    shutil.copytree(second / "usr", root / "usr", symlinks=True, dirs_exist_ok=True)
    assert look(program, picture, tmp_path / "home").returncode == 0, "with the second package it looks"
