"""The icon's four looks: there in every size, different by shape alone, and to be seen on light and dark panels."""

from itertools import combinations

import pytest
from PIL import Image, ImageChops

from gamedetectd.views.icons import SIZES, draw, face
from gamedetectd.views.tray_state import IconState

PANELS = {"light": (246, 245, 244), "dark": (36, 31, 49), "black": (0, 0, 0), "white": (255, 255, 255)}
LOOKS = [(state, size) for state in IconState for size in SIZES]


def on(panel, image):
    ground = Image.new("RGB", image.size, panel)
    ground.paste(image, mask=image)
    return ground


def share(picture):
    """Which part of a picture is clearly not black."""
    return sum(count for count, value in picture.convert("L").getcolors() if value > 40) / (picture.width**2)


@pytest.mark.parametrize(("state", "size"), LOOKS)
def test_each_look_fills_its_square_and_leaves_the_corners_to_the_panel(state, size):
    image = draw(state, size)
    assert (image.mode, image.size) == ("RGBA", (size, size))
    left, top, right, bottom = image.getchannel("A").point(lambda alpha: 255 * (alpha > 60)).getbbox()
    assert left <= size * 0.12
    assert right >= size * 0.88
    assert top <= size * 0.16
    assert bottom >= size * 0.88
    assert image.getpixel((0, 0))[3] < 128


@pytest.mark.parametrize(("state", "size"), LOOKS)
@pytest.mark.parametrize("panel", PANELS)
def test_each_look_stands_out_from_every_panel(panel, state, size):
    ground = PANELS[panel]
    difference = ImageChops.difference(on(ground, draw(state, size)), Image.new("RGB", (size, size), ground))
    assert share(difference) > 0.2


@pytest.mark.parametrize("size", SIZES)
def test_the_looks_differ_without_any_colour(size):
    grey = {state: on((128, 128, 128), draw(state, size)).convert("L") for state in IconState}
    outline = {state: draw(state, size).getchannel("A") for state in IconState}
    for one, other in combinations(IconState, 2):
        inside = share(ImageChops.difference(grey[one], grey[other]))
        around = share(ImageChops.difference(outline[one], outline[other]))
        assert inside > 0.1 or around > 0.1, (one, other)


def test_a_face_has_every_size_words_and_the_nearest_image():
    one = face(IconState.ATTENTION)
    assert [image.width for image in one.images] == list(SIZES)
    assert one.urgent
    assert one.description == "Needs your attention"
    assert not face(IconState.PLAYING).urgent
    assert [one.nearest(size).width for size in (1, 16, 17, 24, 40, 64, 200)] == [16, 16, 22, 24, 48, 64, 64]
