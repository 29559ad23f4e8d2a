"""``gamedetectd autostart``: whether gamedetectd starts when you log in, what keeps it from that, and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json
from gamedetectd.i18n import _

if TYPE_CHECKING:
    from gamedetectd.platforms.autostart import AutostartState, Entry

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Start at login: switch it on or off, and see what is there and who switched it off.",
)
_FOR_PEOPLE = {
    "xdg": "an autostart entry",
    "systemd": "a systemd user unit",
    "run-key": "the registry's list of start-up programs",
    "launchd": "a launch agent",
}


@app.command()
def status(as_json: AsJson = False) -> None:
    """Does gamedetectd start when you log in? From where, and if not, who switched it off?

    Looks at every way in which this system starts programs, so that something started twice, an entry of an older
    installation or one whose program is gone is found, each with what to do about it. Changes nothing.

    Exit code 0 whether it is on or off; programs read `on`, `this_program`, `off_by` and `problems` from `--json`.

    - `gamedetectd autostart status`
    - `gamedetectd autostart status --json | jq .on`
    """
    from gamedetectd.platforms.autostart import autostart_state

    _show(autostart_state(), as_json=as_json)


@app.command()
def on(
    systemd: Annotated[
        bool,
        typer.Option("--systemd", help="By a systemd user unit rather than an autostart entry, where systemd answers."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start gamedetectd at login: this installation of it, and once.

    It waits some seconds, opens no window and takes no focus. Whatever else would start it (an entry of an older
    installation, one under another name, the other mechanism) is switched off, so running this again mends what
    `status` complains about. Nothing is started now: that is `gamedetectd run`.

    On Linux this is an entry in `~/.config/autostart`, on Windows a value in the registry's list of start-up programs,
    on macOS a launch agent; none needs an administrator.

    - `gamedetectd autostart on`
    - `gamedetectd autostart on --systemd`
    """
    from gamedetectd.platforms.autostart import set_autostart

    state = set_autostart(True, with_mechanism="systemd" if systemd else "")
    _show(state, as_json=as_json)
    if systemd and state.on and state.mechanism != "systemd" and not as_json:
        typer.echo("systemd does not answer for this account here, so the autostart entry is used.")
    if not state.on:
        raise typer.Exit(1)


@app.command()
def off(
    everything: Annotated[
        bool,
        typer.Option("--all", help="Remove also entries that are switched off, left over, or of another name."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Do not start gamedetectd at login any more. One that runs now goes on; `gamedetectd stop` ends it.

    What is installed for all accounts of this computer is switched off for yours, by a file of the same name in your
    own directory. Entries that you made under another name stay, switched off, unless you say `--all`.

    - `gamedetectd autostart off`
    - `gamedetectd autostart off --all` before uninstalling
    """
    from gamedetectd.platforms.autostart import set_autostart

    state = set_autostart(False, everything=everything)
    _show(state, as_json=as_json)
    if state.on:
        raise typer.Exit(1)


def _show(state: AutostartState, *, as_json: bool) -> None:
    if as_json:
        print_json(state)
        return
    out = console()
    out.print(_headline(state), soft_wrap=True)
    if state.on:
        out.print(f"  {plain(state.place)}", soft_wrap=True)
        out.print(f"  {plain(state.command)}", soft_wrap=True)
    for entry in state.entries:
        if entry.place != state.place or not state.on:
            out.print(f"  [dim]{_described(entry)}[/]", soft_wrap=True)
    for problem in state.problems:
        out.print(f"[yellow]![/] {plain(problem.what)}", soft_wrap=True)
        out.print(f"  {plain(problem.remedy)}", soft_wrap=True)
    if state.blocked:
        out.print(f"[yellow]![/] {plain(state.blocked)}", soft_wrap=True)


def _headline(state: AutostartState) -> str:
    if state.on:
        how = _FOR_PEOPLE.get(state.mechanism, state.mechanism)
        return f"[bold green]Starts at login[/]: {how}" + ("" if state.this_program else ", another program")
    if state.off_by:
        return f"[bold]Does not start at login[/]: switched off, {_(state.off_by.value)}"
    hint = "" if state.entries or state.blocked else "; `gamedetectd autostart on` changes that"
    return f"[bold]Does not start at login[/]{hint}"


def _described(entry: Entry) -> str:
    """One thing found beside what is in force."""
    standing = "starts nothing" if entry.missing else "on"
    if entry.off_by:
        standing = f"off ({_(entry.off_by.value)})"
    return f"{plain(entry.place)}: {standing}" + (f", {plain(entry.command)}" if entry.command else "")
