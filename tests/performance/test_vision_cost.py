"""What one look at a window of 1920 x 1080 px costs, beside a plain resize and run of the same network."""

import sys

import pytest
from real_vision import eyes_for

from gamedetectd.vision import wire

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="the window is on an X server"),
]


def test_one_frame_costs_little_more_than_its_network(measured, x_servers, monkeypatch, tmp_path):
    from real_windows import Desk

    server = x_servers("-ac", screen="1920x1080x24")
    monkeypatch.setenv("DISPLAY", server.name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    desk = Desk(server.name)
    window = desk.window("game", place=(0, 0, 1920, 1080))
    context = window.create_gc(foreground=0x335577)
    window.fill_rectangle(context, 0, 0, 1920, 1080)
    desk.display.sync()
    with eyes_for(tmp_path) as eyes:
        answers = list(eyes.ask(wire.Bench(30, wire.AWindow(window.id))))
    desk.close()
    stages = {one.stage: one.median for one in answers if isinstance(one, wire.Measured)}
    assert {"capture", "shrink", "network", "heads"} <= set(stages)
    cost = answers[-1]
    told = ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in stages.items())
    measured(
        "one vision frame of 1920 x 1080: processor time", "10 ms", f"{1000 * cost.frame:.1f} ms (by the clock: {told})"
    )
    measured("one vision frame beside a plain resize and network", "1.5 times", f"{cost.ratio:.2f} times")
    measured("the vision child: PSS", "160 MB", f"{cost.memory / 1e6:.0f} MB")
    measured("the vision child's start: processor time", "1 s", f"{cost.start:.2f} s")
    assert cost.memory <= 160_000_000
    assert cost.ratio <= 1.5
    assert cost.start <= 2.0, "twice of what a slow machine needs"
