"""What reading a title screen of 1920 x 1080 px costs, with all the lines that are ever read and 60,000 titles."""

import sys

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from gamedetectd.vision import reading_parts, wire
from gamedetectd.vision.client import ReadingChild

pytestmark = [
    pytest.mark.performance,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the proportional set size is Linux's"),
]


def busy_title_screen(file):
    """A title above two columns of text, as wide as a line may be."""
    picture = Image.new("RGB", (1920, 1080), "#102040")
    pen = ImageDraw.Draw(picture)
    pen.text((960, 120), "FERN PATROL", "#f0d060", ImageFont.load_default(120), anchor="mm")
    for row in range(10):
        for column in (500, 1420):
            text = f"Option number {row} of many of them"
            pen.text((column, 280 + 76 * row), text, "white", ImageFont.load_default(44), anchor="mm")
    picture.save(file)
    return str(file)


def test_a_look_costs_a_second_and_little_memory(measured, tmp_path):
    if reason := reading_parts.missing_reason():
        pytest.skip(f"the extra [ocr] is not installed: {reason}")
    file = busy_title_screen(tmp_path / "title.png")
    with ReadingChild(patience=100.0) as child:
        process = psutil.Process(child.pid)
        spent = [0.0]

        def cost():
            times = process.cpu_times()
            spent.append(times.user + times.system)
            return spent[-1] - spent[-2]

        for first in range(0, 60_000, 500):
            list(
                child.ask(wire.AddTitles(tuple(f"Known Game {number} of All" for number in range(first, first + 500))))
            )
        list(child.ask(wire.AddTitles(("Fern Patrol",))))
        telling = cost()
        [told] = child.ask(wire.ReadPicture(file))
        first_look = cost()
        [again] = child.ask(wire.ReadPicture(file))
        look = cost()
        memory = process.memory_full_info().pss
    assert told.title == again.title == "Fern Patrol"
    measured("telling 60,000 titles to what reads: processor time, its start included", "3 s", f"{telling:.2f} s")
    measured("the first look at a title screen: processor time, models included", "4 s", f"{first_look:.2f} s")
    measured("one more look: processor time", "2 s", f"{look:.2f} s")
    measured("the child that reads: PSS", "220 MB", f"{memory / 1e6:.0f} MB")
    assert memory <= 220_000_000
    assert telling + first_look + 2 * look <= 10.0, "more than its share of an hour"
