"""Windows on a real X server, captured by the real code: each alone, whatever lies over it, or a word why not."""

import subprocess
import sys

import pytest
from real_programs import eventually
from real_vision import eyes_for, insist_on_vision

pytestmark = [
    pytest.mark.timeout(300),  # some start a process that loads its models
    pytest.mark.skipif(sys.platform != "linux", reason="X11 is Linux's"),
]

insist_on_vision_once = pytest.fixture(autouse=True)(lambda: insist_on_vision())

RED, GREEN, BLUE = 0xFF0000, 0x00FF00, 0x0000FF


class Painter:
    """Paints what a window shows: colours as the screen has them, by rectangles."""

    def __init__(self, desk):
        self.desk = desk

    def fill(self, window, colour, place=None):
        geometry = window.get_geometry()
        x, y, width, height = place or (0, 0, geometry.width, geometry.height)
        context = window.create_gc(foreground=self.pixel(colour))
        window.fill_rectangle(context, x, y, width, height)
        self.desk.display.sync()

    def pixel(self, colour):
        """A colour of eight bits a part as a number of this screen's visual."""
        screen = self.desk.display.screen()
        visual = next(
            one for depth in screen.allowed_depths for one in depth.visuals if one.visual_id == screen.root_visual
        )
        parts = zip((16, 8, 0), (visual.red_mask, visual.green_mask, visual.blue_mask), strict=True)
        return sum(
            ((colour >> shift & 0xFF) * (mask // (mask & -mask)) // 255) * (mask & -mask) for shift, mask in parts
        )


@pytest.fixture
def painter(desk):
    return Painter(desk)


@pytest.fixture
def capture(x_server):
    from gamedetectd.vision.child.capture import Capture

    capturing = Capture()
    yield capturing
    capturing.close()


def looked(capture, window):
    """The picture, or the outcome that says why there is none."""
    from gamedetectd.platforms.capture.shown import NotShown
    from gamedetectd.vision.wire import AWindow

    try:
        return capture.picture(AWindow(window.id))
    except NotShown as caught:
        reason = caught
    assert str(reason).endswith("."), "a sentence"
    return reason.outcome


def colours(shot):
    """Every colour in a picture, as 0xRRGGBB."""
    pixels = shot.pixels.astype("uint32")
    return {int(one) for one in (pixels[..., 2] << 16 | pixels[..., 1] << 8 | pixels[..., 0]).ravel()}


def composited(desk):
    """Have every window drawn into memory of its own, as a compositor does."""
    from Xlib.ext import composite

    desk.display.composite_query_version()
    desk.root.composite_redirect_subwindows(composite.RedirectAutomatic)
    desk.display.sync()


def test_a_window_is_captured_alone_though_another_lies_over_it(desk, painter, capture):
    composited(desk)
    game = desk.window("game", place=(100, 100, 640, 480))
    painter.fill(game, RED)
    painter.fill(game, BLUE, (0, 0, 640, 100))
    over = desk.window("a password manager", place=(50, 50, 500, 400))
    painter.fill(over, GREEN)
    shot = looked(capture, game)
    assert colours(shot) == {RED, BLUE}, "nothing of the window over it"
    assert shot.size == (640, 480)
    assert "own surface" in shot.way
    assert shot.pixels[0, 0, :3].tolist() == [255, 0, 0], "blue above"


def test_without_a_compositor_a_covered_window_is_not_looked_at(desk, painter, capture):
    game = desk.window("game", place=(100, 100, 640, 480))
    painter.fill(game, RED)
    assert colours(looked(capture, game)) == {RED}
    over = desk.window("chat", place=(700, 500, 300, 200))
    painter.fill(over, GREEN)
    assert looked(capture, game) == "overlapped"
    over.unmap()
    desk.display.sync()
    painter.fill(game, RED)
    assert colours(looked(capture, game)) == {RED}


def test_a_window_inside_a_managers_frame_is_cut_out_of_it(openbox, desk, painter, capture):
    composited(desk)
    game = desk.window("game", place=(100, 100, 640, 480))
    eventually(lambda: game.query_tree().parent.id != desk.root.id, 30, "a frame")
    desk.display.sync()
    painter.fill(game, RED)

    def alone():
        painter.fill(game, RED)
        shot = looked(capture, game)
        return colours(shot) == {RED} and shot.size == (640, 480)

    eventually(alone, 30, "the window without its frame")


OUT_OF_SIGHT = {
    "off the screen": ({"place": (3000, 100, 640, 480)}, "off_screen"),
    "mostly off the screen": ({"place": (1100, 100, 640, 480)}, "off_screen"),
    "tiny": ({"place": (10, 10, 40, 40)}, "tiny"),
}


@pytest.mark.parametrize("what", OUT_OF_SIGHT)
def test_what_is_not_to_be_seen_is_said_so(what, desk, capture):
    options, outcome = OUT_OF_SIGHT[what]
    assert looked(capture, desk.window("game", **options)) == outcome


def test_minimised_and_closed_windows_are_said_so(desk, capture):
    game = desk.window("game", place=(0, 0, 640, 480))
    game.unmap()
    desk.display.sync()
    assert looked(capture, game) == "minimised"
    desk.set(game, "_NET_WM_STATE", ["_NET_WM_STATE_HIDDEN"])
    game.map()
    desk.display.sync()
    assert looked(capture, game) == "minimised"
    game.destroy()
    desk.display.sync()
    assert looked(capture, game) == "gone"


SCREENS = {
    "ten bits a colour": "1280x720x30",
    "sixteen bits in all": "1280x720x16",
    "4K": "3840x2160x24",
    "upright": "720x1280x24",
}


@pytest.mark.parametrize("what", SCREENS)
def test_screens_of_other_forms(what, x_servers, monkeypatch):
    from real_windows import Desk

    from gamedetectd.vision.child.capture import Capture

    server = x_servers("-ac", screen=SCREENS[what])
    monkeypatch.setenv("DISPLAY", server.name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    desk = Desk(server.name)
    painter, capture = Painter(desk), Capture()
    width, height = map(int, SCREENS[what].split("x")[:2])
    game = desk.window("game", place=(0, 0, width, height))
    painter.fill(game, RED)
    painter.fill(game, BLUE, (0, 0, width, height // 2))
    shot = looked(capture, game)
    assert shot.size == (width, height)
    assert colours(shot) == {RED, BLUE}
    assert shot.pixels[0, 0, :3].tolist() == [255, 0, 0], "blue above"
    assert shot.pixels[-1, -1, :3].tolist() == [0, 0, 255], "red below"
    assert shot.pixels.nbytes < 4_000_000, "no more than the eyes look at"
    capture.close()
    desk.close()
    server.stop()


def test_a_server_that_shares_no_memory_sends_its_pixels(desk, painter, capture, monkeypatch):
    from gamedetectd.platforms.capture import xshm

    monkeypatch.setattr(xshm, "NAME", "NO-SUCH-EXTENSION")
    game = desk.window("game", place=(0, 0, 640, 480))
    painter.fill(game, RED)
    painter.fill(game, BLUE, (0, 0, 640, 240))
    shot = looked(capture, game)
    assert colours(shot) == {RED, BLUE}
    assert shot.pixels[0, 0, :3].tolist() == [255, 0, 0]


def test_a_lost_display_is_an_answer(desk, capture, x_server):
    game = desk.window("game", place=(0, 0, 640, 480))
    assert looked(capture, game) is not None
    x_server.stop()
    assert looked(capture, game) == "cannot"


def test_the_command_shows_what_it_sees_in_a_window(desk, painter, tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    game = desk.window("game", place=(100, 100, 640, 480))
    for column in range(0, 640, 40):
        painter.fill(game, 0x102030 * (column // 40 % 7) & 0xFFFFFF, (column, 0, 40, 480))
    command = [sys.executable, "-m", "gamedetectd", "vision", "test", "--window", hex(game.id), "--frames", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "640 x 480 px" in done.stdout
    assert "Looks like" in done.stdout or "May be" in done.stdout
    game.unmap()
    desk.display.sync()
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert "minimised" in done.stderr


def test_learning_from_a_window_keeps_frames_that_differ(desk, painter, tmp_path):
    from gamedetectd.vision import wire

    game = desk.window("game", place=(100, 100, 640, 480))
    window = wire.AWindow(game.id)
    scenes = iter((0x4080C0, 0xC04080, 0x80C040, 0x2020A0, 0xF0E010) * 100)

    def paint():
        colour = next(scenes)
        for row in range(0, 480, 60):
            painter.fill(game, colour ^ (0x303030 * (row // 60 % 5)), (row, row, 300, 60))

    with eyes_for(tmp_path) as eyes:
        paint()
        request = wire.Learn("Toy Quest", window=window, frames=3, pause=0.05, attempts=200)
        answers = []
        for told in eyes.ask(request):
            answers.append(told)
            paint()
        told = answers[-1]
        assert isinstance(told, wire.Learned)
        assert 1 <= told.added <= 3
        (known,) = eyes.ask(wire.ListReferences())
        assert (known.title, known.references) == ("Toy Quest", told.added)
    kept = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert kept == {"references.gdr", "references.gdr.lock"}, "no picture was written"
