"""``vision``: looking at the screen: what it sees and why, learning titles by their looks, and what it costs."""

from __future__ import annotations

import typer

from gamedetectd.cli import vision_bench, vision_learn, vision_leave, vision_look, vision_references, vision_switch

app = typer.Typer(
    no_args_is_help=True,
    help="Looking at the screen where nothing else tells: try it, teach it titles, measure it.",
    rich_markup_mode="markdown",
)


app.command("on")(vision_switch.on)
app.command("off")(vision_switch.off)
app.command("status")(vision_switch.status)
app.command("allow")(vision_leave.allow)
app.command("test")(vision_look.look)
app.command("learn")(vision_learn.learn)
app.command("bench")(vision_bench.bench)
app.add_typer(vision_references.app, name="references")
