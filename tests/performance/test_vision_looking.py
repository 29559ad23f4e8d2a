"""What looking at the screen costs over an hour of play: measured for one sequence, added up with driven time."""

import importlib.util

import psutil
import pytest
from PIL import Image, ImageDraw

from gamedetectd.errors import ModelMissingError
from gamedetectd.sensors.screen_schedule import FRAMES, SHARE, SPAN, Schedule, Wish
from gamedetectd.vision import model_files, wire
from gamedetectd.vision.client import VisionChild

if importlib.util.find_spec("onnxruntime") is None:
    pytest.skip("the extra [vision] is not installed: pip install 'gamedetectd[vision]'", allow_module_level=True)


@pytest.fixture(scope="module")
def sequence(tmp_path_factory):
    """Seconds of the processor that one sequence takes, with the start of its child; of pictures, so without capture.

    Capture is some milliseconds a frame (``vision bench``); a tenth on top is more than that.
    """
    place = tmp_path_factory.mktemp("frames")
    try:
        model_files.models()
    except ModelMissingError as error:
        pytest.skip(str(error))
    with VisionChild(place / "references.gdr") as child:
        for number in range(FRAMES):
            frame = Image.new("RGB", (1920, 1080), (20 * number, 80, 120))
            draw = ImageDraw.Draw(frame)
            for row in range(0, 1080, 45):
                draw.rectangle((row, row // 2, row + 60 * (number + 1), row), (row % 255, 200 - row % 200, 40))
            frame.save(place / f"{number}.png", compress_level=1)
            [seen] = child.ask(wire.LookAtPicture(str(place / f"{number}.png"), sequence=True))
        assert seen.informative == FRAMES
        times = psutil.Process(child.pid).cpu_times()
    return 1.1 * (times.user + times.system)


def hour_of_play(cost, key_at):
    """Seconds of the processor in one hour with something in front that nothing names, asked every second."""
    schedule, spent, looks = Schedule(), 0.0, 0
    for second in range(int(SPAN)):
        key = key_at(second)
        if schedule.rest(float(second), Wish(key, wanted=True)) == 0:
            schedule.ended(float(second), key, cost)
            spent, looks = spent + cost, looks + 1
    return spent, looks


def test_an_hour_with_one_unnamed_game_stays_within_its_share(sequence, measured):
    spent, looks = hour_of_play(sequence, lambda _second: (1, 1, "Emulator"))
    figure = f"{spent:.2f} s of the processor = {spent / SPAN:.3%} of a core; {looks} looks of {sequence:.2f} s"
    measured("looking at one unnamed game, an hour, child's starts included", "0.2 % of a core", figure)
    assert looks == 6
    assert spent <= max(SHARE * SPAN, 6 * sequence)
    assert sequence < 1.2, "a sequence costs more than six of them an hour may"


def test_an_hour_of_ever_changing_titles_does_too(sequence, measured):
    spent, looks = hour_of_play(sequence, lambda second: (1, 1, f"page {chr(97 + second // 40 % 26)}{second // 1040}"))
    figure = f"{spent:.2f} s of the processor = {spent / SPAN:.3%} of a core; {looks} looks"
    measured("looking at ever changing titles, an hour, child's starts included", "0.2 % of a core", figure)
    assert spent <= SHARE * SPAN
    assert looks >= 1


@pytest.mark.parametrize("cost", [0.3, 1.0, 2.4, 7.0])
def test_whatever_a_sequence_costs_no_hour_costs_more_than_its_share(cost):
    spent, looks = hour_of_play(cost, lambda second: (1, 1, chr(97 + second // 30 % 26)))
    assert spent <= SHARE * SPAN
    assert looks >= 1
