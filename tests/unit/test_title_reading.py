"""What the child that reads does, in this process: real pictures, rapidocr's own models, and every way to fail."""

import socket
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gamedetectd.errors import ModelMissingError, PictureError, VisionError
from gamedetectd.platforms.capture.shown import NotShown, Outcome
from gamedetectd.vision import reading_parts, wire

if reason := reading_parts.missing_reason():
    pytest.skip(f"the extra [ocr] is not installed: {reason}", allow_module_level=True)

from gamedetectd.vision.child import reader, reading
from gamedetectd.vision.child.capture import Captured


def title_screen():
    """As games have them: a large title, a menu, and a sentence that is too long to be a title."""
    picture = Image.new("RGB", (640, 480), "#102040")
    pen = ImageDraw.Draw(picture)
    pen.text((320, 120), "GLTRON", "#f0d060", ImageFont.load_default(80), anchor="mm")
    for row, text in enumerate(("START", "QUIT")):
        pen.text((320, 260 + 60 * row), text, "white", ImageFont.load_default(34), anchor="mm")
    pen.text((320, 440), "This is a sentence which is far too long for any title. " * 2, "white", anchor="mm")
    return picture


def pixels():
    return np.asarray(title_screen())[:, :, ::-1]


@pytest.fixture(scope="module")
def state():
    one = reader.State()
    assert list(reader.add_titles(one, wire.AddTitles(("GLtron", "Endless Sky")))) == []
    return one


@pytest.fixture
def offline(monkeypatch):
    """Nobody may be asked for anything."""

    def refuse(*_):
        raise AssertionError("it went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("offline")
def test_a_picture_is_read_without_the_network(state, tmp_path):
    title_screen().save(tmp_path / "a.png")
    [told] = reader.read_picture(state, wire.ReadPicture(str(tmp_path / "a.png"), lines=True))
    assert (told.title, told.likeness, told.size) == ("GLtron", 1.0, (640, 480))
    assert told.lines[0].text == "GLTRON"
    assert {line.text for line in told.lines[1:]} == {"START", "QUIT"}
    assert set(told.seconds) == {"capture", "read", "match"}


def test_of_a_window_no_more_is_told_than_its_title(state, monkeypatch):
    shot = Captured(pixels(), (1280, 960), "its own surface", 0.01)
    monkeypatch.setattr(state.capture, "picture", lambda _window: shot)
    [told] = reader.read_window(state, wire.ReadWindow(wire.AWindow(7)))
    assert (told.title, told.lines, told.size, told.way) == ("GLtron", (), (1280, 960), "its own surface")


def test_a_window_of_which_there_is_no_picture_is_said(state, monkeypatch):
    def gone(_window):
        raise NotShown(Outcome.GONE, "The window is gone.")

    monkeypatch.setattr(state.capture, "picture", gone)
    [told] = reader.read_window(state, wire.ReadWindow(wire.AWindow(7)))
    assert told == wire.Unseen(Outcome.GONE, "The window is gone.")


def test_what_is_no_picture_is_an_error(state, tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(PictureError):
        list(reader.read_picture(state, wire.ReadPicture(str(tmp_path / "a.png"))))


def failing(error):
    def engine(*_arguments, **_options):
        raise error

    text = reading.Text()
    text._engine = engine
    return text


def test_every_failure_of_the_libraries_is_one_that_is_known():
    import cv2
    from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

    for want in (ONNXRuntimeError("Status Message: std::bad_alloc"), cv2.error("Insufficient memory")):
        with pytest.raises(MemoryError):
            failing(want).lines(pixels())
    for other in (ONNXRuntimeError("no such thing"), cv2.error("an assertion")):
        with pytest.raises(VisionError, match="cannot be read"):
            failing(other).lines(pixels())


def test_lines_of_which_nothing_comes_are_left_out():
    box = np.asarray([[0, 0], [100, 0], [100, 20], [0, 20]], np.float32)
    nothing = SimpleNamespace(boxes=np.stack([box, box * 0]), txts=(" ",), scores=(0.9,))
    text = reading.Text()
    text._engine = lambda *_arguments, **_options: nothing
    assert text.lines(pixels()) == []
    text._engine = lambda *_arguments, **_options: SimpleNamespace(boxes=None)
    assert text.lines(pixels()) == []


def test_a_model_that_is_missing_is_said_and_not_fetched(offline, monkeypatch):
    monkeypatch.setattr(reading, "MODELS", {"Det": "no-such-model.onnx"})
    with pytest.raises(ModelMissingError, match=r"no-such-model\.onnx is not there"):
        reading.Text().lines(pixels())
