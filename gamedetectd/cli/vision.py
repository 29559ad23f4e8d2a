"""``vision``: looking at the screen: what it sees and why, learning titles by their looks, and what it costs."""

from __future__ import annotations

import typer

from gamedetectd.cli import vision_switch

app = typer.Typer(
    no_args_is_help=True,
    help="Looking at the screen where nothing else tells: try it, teach it titles, measure it.",
    rich_markup_mode="markdown",
)


@app.callback()
def _group() -> None:
    """Options before the command."""


app.command("on")(vision_switch.on)
app.command("off")(vision_switch.off)
app.command("status")(vision_switch.status)
