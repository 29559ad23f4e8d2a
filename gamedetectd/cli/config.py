"""``gamedetectd config``: where the settings are, what is in force, what is wrong with them, what can be set."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import console

if TYPE_CHECKING:
    from gamedetectd.config import Problem

app = typer.Typer(no_args_is_help=True, help="Look at, check and explain the settings.", rich_markup_mode="markdown")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


@app.command()
def path(as_json: AsJson = False) -> None:
    """Print where settings, rules, actions, history and logs are.

    `GAMEDETECTD_HOME=/some/directory` puts all of them below one directory.

    Example: `gamedetectd config path`
    """
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    places = {
        "settings": str(paths.settings_file),
        "rules": str(paths.rules_file),
        "actions": str(paths.actions_file),
        "history": str(paths.history_file),
        "journal": str(paths.journal_file),
        "log": str(paths.event_log_file),
        "cache": str(paths.cache),
        "socket": str(paths.socket_file),
        "token": str(paths.http_token_file),
    }
    if as_json:
        typer.echo(json.dumps(places, indent=2))
    else:
        for name, place in places.items():
            typer.echo(f"{name:<9} {place}")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Print every setting in force, and where its value comes from.

    The settings file is overruled by the environment (`GAMEDETECTD_WATCH_POLL_INTERVAL=2`), and that by flags.

    Example: `gamedetectd config show`
    """
    from gamedetectd import config
    from gamedetectd.config.problems import whole
    from gamedetectd.paths import Paths

    effective = config.show(config.load(Paths.resolve()))
    if as_json:
        rows = [
            {
                "option": each.option.name,
                "value": each.value,
                "origin": each.origin,
                "default": each.option.default,
                "live": each.option.live,
                "variable": each.option.variable,
                "description": each.option.description,
            }
            for each in effective
        ]
        typer.echo(json.dumps(rows, indent=2))
    else:
        _table(("Setting", "Value", "From"), [(each.option.name, whole(each.value), each.origin) for each in effective])


@app.command()
def check(as_json: AsJson = False) -> None:
    """Say everything that is wrong with settings, environment, rules and actions, and how to mend it.

    Exit code 0 if all is well, 1 if not. Where the output is no terminal, each problem is one line `file:line: …`.

    Example: `gamedetectd config check`
    """
    from gamedetectd import config
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    problems = [*config.check_file(paths), *config.load_rules(paths.rules_file)[1]]
    problems += config.load_actions(paths.actions_file)[1]
    if as_json:
        import msgspec

        from gamedetectd.observability.redaction import hide_secrets

        told = [dataclasses.replace(each, value=hide_secrets(each.value)) for each in problems]
        typer.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
    elif problems:
        _print_problems(problems)
    else:
        files = [str(file) for file in (paths.settings_file, paths.rules_file, paths.actions_file) if file.exists()]
        typer.echo(f"All is well in {' and '.join(files)}." if files else "All is well: no files yet, all defaults.")
    if problems:
        raise typer.Exit(1)


@app.command("set")
def set_(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The setting, as `config show` calls it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value; a list as a,b or as JSON.")],
) -> None:
    """Change one setting in the settings file; everything else in it stays as it is, comments too.

    A running daemon takes it over at once where it can.

    - `gamedetectd config set notifications.mode all`
    - `gamedetectd config set watch.poll_interval 2`
    """
    from gamedetectd import config
    from gamedetectd.config.edit import set_option
    from gamedetectd.config.problems import shown
    from gamedetectd.control.client import Client
    from gamedetectd.errors import GamedetectdError
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    set_to = set_option(paths, key, value)
    option = config.options()[key]
    applies = "at once" if option.live else "after a restart"
    with suppress(GamedetectdError):  # it looks by itself as well; so it knows who did it
        Client(paths).request("reload")
    typer.echo(f"{key} = {shown(set_to)} in {paths.settings_file}; a running daemon takes it over {applies}.")
    if option.variable in os.environ:
        typer.echo(f"The environment overrules it: {option.variable} is set.", err=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the settings file, for editors and other programs.

    Example: `gamedetectd config schema > gamedetectd.schema.json`
    """
    from gamedetectd import config

    typer.echo(json.dumps(config.schema(), indent=2))


@app.command()
def init() -> None:
    """Write a settings file that explains every option and changes nothing, if there is none yet.

    Example: `gamedetectd config init`
    """
    from gamedetectd import config
    from gamedetectd.errors import SettingsError
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.permissions import ensure_private_dir, write_private_atomic

    file = Paths.resolve().settings_file
    if os.path.lexists(file):
        raise SettingsError(f"{file} is there already.", "Edit it, or move it away and run this again.")
    try:
        ensure_private_dir(file.parent)
        write_private_atomic(file, config.template().encode())
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written: {error.strerror}.", "Look at that directory, or set GAMEDETECTD_HOME."
        ) from error
    typer.echo(f"Wrote {file}. Take the # away from what you want to change.")


def _print_problems(problems: list[Problem]) -> None:
    from rich.console import Console

    from gamedetectd.observability.redaction import hide_secrets

    if Console().is_terminal:
        cells = [(each.where, each.key, each.value, each.message, each.remedy) for each in problems]
        rows = [tuple(map(hide_secrets, row)) for row in cells]
        _table(("Where", "Setting", "Value", "What is wrong", "What to do"), rows)
    else:
        for problem in problems:
            typer.echo(hide_secrets(str(problem)))


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table whose cells wrap rather than being cut, and are never taken for markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)
