"""``vision on``, ``off`` and ``status``: what they change, and what a person reads."""

import jsonschema
import msgspec
import pytest

from gamedetectd.cli import vision_switch
from gamedetectd.config import load
from gamedetectd.control import client
from gamedetectd.control.daemon_shapes import VisionRow
from gamedetectd.control.shapes import schemas
from gamedetectd.control.vision_shapes import VisionStatusRow
from gamedetectd.paths import Paths
from gamedetectd.platforms.own_program import shell_word
from gamedetectd.vision import model_files


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    return Paths.below(tmp_path / "home")


@pytest.fixture
def installed(monkeypatch, tmp_path):
    (tmp_path / model_files.MANIFEST).write_text("")
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setattr(model_files, "_places", lambda: iter([tmp_path]))


@pytest.mark.usefixtures("installed")
def test_it_is_off_until_somebody_switches_it_on(gd, paths):
    assert not load(paths).vision.enabled
    done = gd("vision on")
    assert done.code == 0
    assert "as soon as gamedetectd runs" in done.out
    assert load(paths).vision.enabled
    assert "is off" not in gd("vision status").out
    assert gd("vision off").code == 0
    assert not load(paths).vision.enabled


def test_what_is_not_installed_is_not_switched_on(gd, paths, monkeypatch):
    monkeypatch.setattr(model_files, "MODULES", {"no_such_module": "no-such-part"})
    done = gd("vision on")
    assert done.code == 1
    assert "no-such-part is missing" in done.err
    assert f"pip install {shell_word('gamedetectd[vision]')}" in done.err
    assert not load(paths).vision.enabled
    assert "no-such-part is missing" in gd("vision status").out


@pytest.mark.usefixtures("installed")
def test_a_running_daemon_takes_it_over_at_once(gd, monkeypatch):
    asked = []
    monkeypatch.setattr(client.Client, "request", lambda _self, command, **_more: asked.append(command) or {})
    assert "at once" in gd("vision on").out
    assert asked == ["reload"]


@pytest.mark.usefixtures("installed")
def test_that_the_environment_overrules_it_is_said(gd, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_VISION_ENABLED", "false")
    assert "GAMEDETECTD_VISION_ENABLED is set" in gd("vision on").out


@pytest.mark.usefixtures("installed")
def test_status_as_json_has_the_shape_that_is_told(gd):
    gd("vision on")
    row = gd("vision status --json").json
    jsonschema.validate(row, schemas()["vision"])
    assert (row["enabled"], row["missing"], row["daemon"]) == (True, None, None)


SAID = {
    "off": (VisionRow(False, "off", None, 0, 0.0), "has not taken that over yet"),
    "waiting": (VisionRow(True, "waiting", None, 3, 2.1), "looked 3 times, for 2.1 s"),
    "private": (VisionRow(True, "hindered", "private", 0, 0.0), "marked private"),
    "a word of a later version": (VisionRow(True, "hindered", "eclipse", 1, 0.0), "It waits: eclipse."),
    "failing": (VisionRow(True, "failing", "It ended.", 1, 0.7), "It does not work now: It ended."),
}


@pytest.mark.parametrize("name", SAID)
def test_what_the_daemon_does_is_said_in_a_sentence(gd, monkeypatch, name):
    row, words = SAID[name]
    status = VisionStatusRow(True, False, True, 2, None, row)
    monkeypatch.setattr(vision_switch, "_status", lambda: status)
    done = gd("vision status")
    assert words in done.out
    assert "2 patterns of yours" in done.out
    assert "rests while the computer runs on its battery" in done.out
    assert "remembered, as numbers" in done.out
    assert msgspec.json.encode(status)


def test_every_word_of_what_is_in_the_way_has_its_sentence():
    from gamedetectd.sensors.screen_limits import Hindrance

    assert set(vision_switch._IN_THE_WAY) == set(Hindrance)
