"""``vision test``, ``learn``, ``references`` and ``bench`` as a person and a script meet them, with the real eyes."""

import json
import re
import subprocess
import sys

import pytest
from PIL import Image, ImageDraw
from real_vision import insist_on_vision
from typer.testing import CliRunner

from gamedetectd.cli.main import build

pytestmark = pytest.mark.timeout(300)  # each command starts a process that loads its models

ROW = {"file", "blank", "game_probability", "title", "title_score"}


@pytest.fixture(autouse=True)
def _the_eyes_are_there(monkeypatch, tmp_path):
    insist_on_vision()
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))


def vision(*arguments):
    command = [sys.executable, "-m", "gamedetectd", "vision", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def scene(path, seed, size=(640, 400)):
    """A picture with something in it, each seed another."""
    picture = Image.new("RGB", size, (seed * 37 % 256, seed * 91 % 256, 120))
    pen = ImageDraw.Draw(picture)
    for number in range(40):
        x, y = number * 97 * (seed + 1) % size[0], number * 61 * (seed + 3) % size[1]
        colour = (number * 53 % 256, number * 17 * seed % 256, seed * 29 % 256)
        pen.rectangle((x, y, x + 20 + number, y + 50 - number), fill=colour)
    picture.save(path)
    return path


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("size", "said"), [((640, 480), "sides are as 4:3"), ((960, 500), "speaks against a game"), ((960, 540), "")]
)
def test_a_person_is_told_what_its_shape_says(tmp_path, size, said):
    told = " ".join(vision("test", scene(tmp_path / "shot.png", 2, size)).stdout.split())
    assert said in told
    assert ("sides" in told, "speaks against" in told) == ("4:3" in said, "against" in said)


def test_a_person_is_told_what_its_drawing_says(tmp_path):
    page = Image.new("RGB", (1280, 720), "white")
    pen = ImageDraw.Draw(page)
    for line in range(40):
        pen.text((90, 30 + 16 * line), "The quick brown fox jumps over the lazy dog. " * 4, fill="black")
    page.save(tmp_path / "page.png")
    told = " ".join(vision("test", tmp_path / "page.png").stdout.split())
    assert re.search(r"drawn as other programs are, .*\(-\d\.\d of log-odds\)", told)


def test_one_line_a_picture_and_the_bad_ones_are_named(tmp_path):
    good, black = scene(tmp_path / "good.png", 1), tmp_path / "black.png"
    Image.new("RGB", (640, 400)).save(black)
    (tmp_path / "bad.png").write_text("no picture")
    done = vision("test", "--json", good, black, tmp_path / "bad.png", tmp_path / "nothing.png")
    assert done.returncode == 3
    seen, dark, bad, nothing = rows(done)
    assert set(seen) == set(dark) == ROW
    assert (seen["file"], seen["blank"], seen["title"]) == (str(good), False, None)
    assert 0 < seen["game_probability"] < 1
    assert (dark["blank"], dark["game_probability"], dark["title_score"]) == (True, 0.0, 0.0)
    assert "bad.png" in bad["error"]
    assert "nothing.png" in nothing["error"]
    assert "bad.png" in done.stderr
    assert "nothing.png" in done.stderr


def test_learned_from_pictures_a_title_is_told_and_can_be_given_away(tmp_path, monkeypatch):
    shots = [scene(tmp_path / f"{number}.png", number) for number in range(6)]
    done = vision("learn", "Toy Quest", "--from", *shots)
    assert done.returncode == 0, done.stderr
    assert "Toy Quest" in done.stdout
    seen = rows(vision("test", "--json", "--sequence", *shots))
    assert {"decision", "decided_title", *ROW} == set(seen[0])
    assert [one["title"] for one in seen] == ["Toy Quest"] * 6
    assert seen[0]["title_score"] > 0.9
    assert seen[0]["decision"] == "unknown", "one frame decides nothing"
    assert seen[-1]["decided_title"] == "Toy Quest"
    assert vision("references", "export", tmp_path / "toys.gdr").returncode == 0
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "other"))
    assert "No title" in vision("references", "list").stdout
    assert "1 title" in vision("references", "import", tmp_path / "toys.gdr").stdout
    (known,) = json.loads(vision("references", "list", "--json").stdout)
    assert (known["title"], known["origin"]) == ("Toy Quest", "person")
    assert vision("references", "forget", "toy quest").returncode == 0
    assert json.loads(vision("references", "list", "--json").stdout) == []


USAGE = {
    "nothing to look at": (("test",), "--window"),
    "two windows": (("test", "--window", "1", "2"), "One window"),
    "no number": (("test", "--window", "abc"), "abc"),
    "pictures without --from": (("learn", "A", "b.png"), "--from"),
    "forget nothing": (("references", "forget"), "--all"),
}


@pytest.mark.parametrize("what", USAGE)
def test_wrong_usage_is_said(what):
    arguments, said = USAGE[what]
    done = CliRunner().invoke(build(), ["vision", *arguments])
    assert done.exit_code == 2
    assert said in re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)


FAILURES = {
    "a picture that is none": (("learn", "A", "--from", "/dev/null"), "/dev/null"),
    "forget what nobody knows": (("references", "forget", "Nobody"), "Nobody"),
    "export nothing": (("references", "export", "/dev/null/x.gdr"), "nothing to export"),
}


@pytest.mark.parametrize("what", FAILURES)
def test_what_cannot_be_done_is_said(what):
    arguments, said = FAILURES[what]
    done = vision(*arguments)
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_models_that_are_damaged_are_said_so(tmp_path, monkeypatch):
    from gamedetectd.vision.model_files import models

    place = tmp_path / "models"
    place.mkdir()
    for file in models().iterdir():
        if file.is_file():
            (place / file.name).write_bytes(file.read_bytes())
    with (place / "features.onnx").open("r+b") as file:
        file.write(b"\0\0\0\0")
    monkeypatch.setenv("GAMEDETECTD_MODELS", str(place))
    done = vision("test", scene(tmp_path / "a.png", 1))
    assert done.returncode == 1
    assert "features.onnx" in done.stderr
    (place / "features.onnx").unlink()
    assert "features.onnx" in vision("test", tmp_path / "a.png").stderr
