"""Asking the child that looks: whatever becomes of it, who asked gets an answer or a clear error, and in time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from gamedetectd.errors import ModelMissingError, ReferencesError, VisionChildError, VisionError, VisionMissingError
from gamedetectd.platforms.own_program import shell_word
from gamedetectd.vision import client, model_files, wire
from gamedetectd.vision.client import VisionChild

LOOK = wire.LookAtWindow(wire.AWindow(7), frames=1, pause=0.0)
REQUESTS = (
    LOOK,
    wire.LookAtPicture("a\udc80.png", sequence=True),
    wire.Learn("Pitfall!", files=("a", "b"), window=wire.AWindow(1, 2, (3, 4, 5, 6))),
    wire.ListReferences(),
    wire.Forget(None),
    wire.Export("x", ("a",)),
    wire.Import("x", replace=True),
    wire.Bench(3),
)


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture
def sample(monkeypatch, tmp_path):
    """``sample(how)`` is a child that goes wrong in that way."""
    monkeypatch.setattr(client, "CHILD", "vision_samples")
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setenv(model_files.VARIABLE, str(tmp_path))
    return lambda how, **limits: VisionChild(tmp_path / f"{how}.gdr", **{"patience": 20.0, **limits})


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_requests_arrive_as_they_were_sent(request_):
    line = wire.line(request_)
    assert line.count(b"\n") == 1
    assert wire.read_request(line) == request_


def test_it_is_asked_one_thing_after_the_other(sample):
    with sample("well") as eyes:
        for _ in range(3):
            assert [told.outcome for told in eyes.ask(LOOK)] == ["gone"]
    assert not psutil.pid_exists(eyes.pid)


WRONG = {
    "hangs": ({"patience": 3.0}, "took longer than 3 s"),
    "crashes": ({}, "ended with"),
    "raises": ({}, "exit code 1"),
    "leaves": ({}, "ended before it had answered"),
    "grows": ({"memory": 60_000_000}, "needed more than 60 MB of memory"),
    "floods": ({}, "nobody understands"),
    "nonsense": ({}, "nobody understands"),
    "another_form": ({}, "nobody understands"),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_child_that_goes_wrong_is_a_clear_error_and_is_gone(how, sample):
    limits, said = WRONG[how]
    eyes = sample(how, **limits)
    with pytest.raises(VisionChildError, match=said) as caught:
        list(eyes.ask(LOOK))
    assert caught.value.remedy
    assert not psutil.pid_exists(eyes.pid) or psutil.Process(eyes.pid).status() == psutil.STATUS_ZOMBIE


def test_one_that_talks_without_an_end_is_ended(sample, monkeypatch):
    monkeypatch.setattr(client, "MOST_ANSWERS", 50)
    with sample("floods_in_lines") as eyes, pytest.raises(VisionChildError, match="without an end"):
        list(eyes.ask(LOOK))


@posix
def test_a_child_killed_in_the_middle_of_a_frame_is_a_clear_error(sample):
    with sample("hangs") as eyes:
        answers = eyes.ask(LOOK)
        assert next(answers).outcome == "gone"
        os.kill(eyes.pid, signal.SIGKILL)
        with pytest.raises(VisionChildError, match="SIGKILL"):
            next(answers)


def test_an_answer_that_nobody_reads_to_its_end_ends_the_child(sample):
    with sample("hangs") as eyes:
        for _told in eyes.ask(LOOK):
            break
        with pytest.raises(VisionChildError):
            list(eyes.ask(LOOK))


@pytest.mark.parametrize(("how", "kind"), [("fails", ReferencesError), ("fails_unknown", VisionError)])
def test_what_the_child_reports_is_the_same_error_here(how, kind, sample):
    with sample(how) as eyes:
        for _ in range(2):  # and it goes on
            with pytest.raises(kind, match=r"It is broken\.") as caught:
                list(eyes.ask(LOOK))
            assert caught.value.remedy == "Mend it."


def test_every_answer_has_its_own_time(sample):
    with sample("well", patience=2.5) as eyes:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            assert len(list(eyes.ask(LOOK))) == 1
            time.sleep(0.5)


def test_without_the_extra_it_says_what_is_missing_and_what_installs_it(monkeypatch, tmp_path):
    monkeypatch.setattr(model_files, "MODULES", {"no_such_module": "numpy", "nor_this": "onnxruntime"})
    with pytest.raises(VisionMissingError, match="numpy and onnxruntime are missing") as caught:
        VisionChild(tmp_path / "r.gdr")
    assert caught.value.remedy.endswith(f"-m pip install {shell_word('gamedetectd[vision]')}")
    assert "numpy" in (model_files.missing_reason() or "")


def test_a_frozen_program_without_eyes_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gamedetectd"))
    with pytest.raises(VisionMissingError, match="gamedetectd-vision"):
        model_files.insist_on_parts()
    beside = tmp_path / ("gamedetectd-vision.exe" if sys.platform == "win32" else "gamedetectd-vision")
    beside.touch()
    assert model_files.program() == str(beside)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(ModelMissingError):
        model_files.models({})
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "manifest.toml").touch()
    assert model_files.models({}) == tmp_path / "models"


def test_models_are_found_where_a_wheel_puts_them(monkeypatch, tmp_path):
    monkeypatch.setattr(model_files, "__file__", str(tmp_path / "site" / "gamedetectd" / "vision" / "model_files.py"))
    monkeypatch.setattr("sysconfig.get_path", lambda *_more: str(tmp_path))
    with pytest.raises(ModelMissingError):
        model_files.models({})
    place = tmp_path / model_files.SHARE
    place.mkdir(parents=True)
    (place / "manifest.toml").touch()
    assert model_files.models({}) == place
    assert model_files.models({model_files.VARIABLE: "/elsewhere"}) == Path("/elsewhere").absolute()


def test_the_command_line_loads_nothing_heavy():
    """The command's own process, and so the daemon, has no numpy, cv2, onnxruntime or mss."""
    look = (
        "import sys; from gamedetectd.cli.main import build; build();"
        "import gamedetectd.cli.vision_look, gamedetectd.vision.client, gamedetectd.vision.wire;"
        "print(sorted({'numpy','cv2','onnxruntime','mss','PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
