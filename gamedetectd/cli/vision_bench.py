"""``vision bench``: what looking costs on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.control.vision_shapes import VisionBenchRow
    from gamedetectd.vision import wire


def bench(
    rounds: Annotated[int, typer.Option(min=3, max=10_000, help="How often each stage is measured.")] = 50,
    window: Annotated[
        str, typer.Option(metavar="ID", help="The window to capture, if not the one in front.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Measure every stage of looking at one frame of 1920 x 1080 px, and the memory it takes.

    The capture is that of the window in front, if there is one. The ratio is the whole beside a plain resize by cv2
    and a run of the same network, in the same run; it is what can be compared between machines.

    - `gamedetectd vision bench`
    """
    from gamedetectd.cli.vision_look import open_eyes, window_named
    from gamedetectd.errors import WindowUnseenError
    from gamedetectd.vision import wire

    try:
        target = window_named(window)
    except WindowUnseenError:
        target = None
    with open_eyes() as eyes:
        answers = list(eyes.ask(wire.Bench(rounds, target)))
    stages = [told for told in answers if isinstance(told, wire.Measured)]
    cost = next(told for told in answers if isinstance(told, wire.Cost))
    unseen = next((told.sentence for told in answers if isinstance(told, wire.Unseen)), "")
    if target is None:
        unseen = "There is no window in front."
    if as_json:
        print_json(_row(stages, cost))
        return
    _show(stages, cost, unseen)


def _show(stages: list[wire.Measured], cost: wire.Cost, unseen: str) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Stage", "Median ms", "95 % ms"):
        table.add_column(heading, justify="left" if heading == "Stage" else "right")
    for stage in stages:
        table.add_row(stage.stage, f"{1000 * stage.median:.2f}", f"{1000 * stage.worst:.2f}")
    console().print(table)
    if unseen:
        console().print(f"The capture was not measured: {plain(unseen)}")
    console().print(
        f"One frame takes {1000 * cost.frame:.1f} ms of the processor, {cost.ratio:.2f} times a plain {cost.plain} and"
        f" network. Memory: {cost.memory / 1e6:.0f} MB. Start: {cost.start:.2f} s of the processor."
    )


def _row(stages: list[wire.Measured], cost: wire.Cost) -> VisionBenchRow:
    from gamedetectd.control.vision_shapes import VisionBenchRow, VisionStageRow

    return VisionBenchRow(
        stages=[VisionStageRow(one.stage, round(one.median, 6), round(one.worst, 6)) for one in stages],
        ratio=round(cost.ratio, 3),
        beside=cost.plain,
        frame_cpu_seconds=round(cost.frame, 6),
        memory_bytes=cost.memory,
        start_cpu_seconds=round(cost.start, 3),
    )
