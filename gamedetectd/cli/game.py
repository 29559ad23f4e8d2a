"""``gamedetectd game``: the person's own word about a program, which wins over everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, duration, leave_stores_out, named, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.app.correct import Target
    from gamedetectd.control.shapes import GamesRow, PlayedGameRow, RuleRow
    from gamedetectd.domain import Rule, RuleKind
    from gamedetectd.paths import Paths

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Say what is a game, what is none, and what it is called.\n\n"
    "Your word wins over everything else, for this program and its moved copies, and is kept in your rules file"
    " (`gamedetectd config path` tells where). A running daemon takes it over at once.",
)

Program = Annotated[
    str,
    typer.Argument(metavar="PID|NAME|PATH", help="A process id, part of a running program's name or title, or a file."),
]
Argument = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help="Only when this is among the program's arguments: for interpreters and emulators, which run many games. "
        "Found by itself for a running program.",
    ),
]


@app.command()
def add(
    program: Program,
    title: Annotated[
        str | None, typer.Option(metavar="TITLE", help="What to call it; else it is named as usual.")
    ] = None,
    argument: Argument = None,
) -> None:
    """This program is a game.

    - `gamedetectd game add supertux2`
    - `gamedetectd game add 4711 --title "My Prototype"`
    - `gamedetectd game add ~/dev/moon/moon.x86_64`
    - `gamedetectd game add /usr/bin/dosbox --argument keen4 --title "Commander Keen 4"`
    """
    from gamedetectd.domain import RuleKind

    _record(RuleKind.GAME, program, argument, _title(title) if title is not None else "")


@app.command()
def ignore(program: Program, argument: Argument = None) -> None:
    """This program is not a game. A session that runs because of it ends as corrected, and counts nowhere.

    - `gamedetectd game ignore LMS.exe`
    - `gamedetectd game ignore 4711`
    """
    from gamedetectd.domain import RuleKind

    _record(RuleKind.IGNORE, program, argument, "")


@app.command()
def rename(
    program: Program,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What to call the game.")],
    argument: Argument = None,
) -> None:
    """This game is called so. Its running session and its history get the title.

    - `gamedetectd game rename moon.x86_64 "Moon Base"`
    """
    from gamedetectd.domain import RuleKind

    _record(RuleKind.GAME, program, argument, _title(title))


@app.command()
def forget(
    program: Annotated[
        str,
        typer.Argument(
            metavar="PID|NAME|PATH|TITLE", help="A program, or the title or file name that a rule of yours has."
        ),
    ],
) -> None:
    """Take back what you said about a program: its rules are taken out of your rules file.

    - `gamedetectd game forget "Moon Base"`
    - `gamedetectd game forget 4711`
    """
    from gamedetectd.config.rules_edit import drop_rules
    from gamedetectd.errors import NotFoundError
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    unwanted = _told_of(program, _rules(paths))
    if not unwanted:
        raise NotFoundError(
            f"You have no rule for {program!r}.", "`gamedetectd game list` shows your rules and what they are for."
        )
    for rule in drop_rules(paths.rules_file, unwanted.__contains__):
        console().print(f"Forgotten: {_sentence(rule)}", soft_wrap=True)
    _reload(paths)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """What you said, and the games of the history with the ids that were found to be the same game's, and why.

    - `gamedetectd game list`
    - `gamedetectd game list --json | jq -r '.games[].also[].reason'`
    """
    from gamedetectd.control.shapes import GamesRow, rule_row
    from gamedetectd.observability.redaction import redact
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    rows = GamesRow([rule_row(rule, redact) for rule in _rules(paths)], _played(paths))
    if as_json:
        print_json(rows)
    else:
        _print(rows)


# --- what the person says ---------------------------------------------------------------------------------------------


def _record(kind: RuleKind, program: str, argument: str | None, title: str) -> None:
    """Write the rule, have a running daemon take it over, and say what came of it."""
    from gamedetectd.config.rules_edit import put_rule
    from gamedetectd.domain import Rule
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    meant = _target(program)
    rule = _exact(Rule(kind, meant.executable, meant.argument if argument is None else argument, title), meant)
    rule = _with_title(rule, _rules(paths))
    put_rule(paths.rules_file, rule)
    console().print(_sentence(rule), soft_wrap=True)
    deciding = meant.decided_by(_rules(paths))
    if deciding is not None and deciding != rule:
        console().print(
            f"[yellow]Another rule of yours is more exact and decides:[/] {_sentence(deciding)}", soft_wrap=True
        )
    _reload(paths)


def _with_title(rule: Rule, rules: tuple[Rule, ...]) -> Rule:
    """The rule, with the title that the person gave the same game before where they give none now."""
    from dataclasses import replace

    same = [
        one for one in rules if (one.kind, one.executable, one.argument) == (rule.kind, rule.executable, rule.argument)
    ]
    return replace(rule, title=same[-1].title) if same and not rule.title else rule


def _exact(rule: Rule, meant: Target) -> Rule:
    """The rule, unless it would name everything that one program runs. Raises AmbiguousError."""
    from gamedetectd.app.correct import runs_many
    from gamedetectd.domain import RuleKind
    from gamedetectd.errors import AmbiguousError

    if rule.kind is RuleKind.GAME and not rule.argument and runs_many(rule.executable):
        raise AmbiguousError(
            f"{meant.called} runs many programs: a rule would make each of them this game.",
            "Add --argument with a part of what it is given, such as the script's name; or give the process id of the"
            " running game.",
        )
    if rule.kind is RuleKind.GAME and meant.content and not rule.argument:
        raise AmbiguousError(
            f"{meant.called} runs {meant.content}, but its command line does not say so:"
            " a rule would name whatever it runs.",
            "Start it with the game on its command line, or give a part of that with --argument.",
        )
    return rule


def _target(program: str) -> Target:
    from gamedetectd.app.correct import target
    from gamedetectd.app.machine import this_machine
    from gamedetectd.config import load
    from gamedetectd.paths import Paths

    if not program.strip():
        raise typer.BadParameter("Give a process id, a part of the program's name or title, or its file.")
    paths = Paths.resolve()
    leave_stores_out()
    return target(this_machine(paths, load(paths)), program)


def _title(text: str) -> str:
    from gamedetectd.control.wire import printable

    title = " ".join(str(printable(text)).split())
    if not title or not title.isprintable() or len(title) > 200:
        raise typer.BadParameter("A title is one line of text, of at most 200 letters.", param_hint="TITLE")
    return title


def _told_of(program: str, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules with this title, file name or path; else those that decide about this running program or file."""
    from gamedetectd.errors import AmbiguousError, NotFoundError

    wanted = program.strip().casefold()
    told = tuple(
        rule
        for rule in rules
        if wanted in {rule.title.casefold(), rule.executable.casefold(), _file_name(rule.executable).casefold()} - {""}
    )
    if told:
        return told
    try:
        meant = _target(program)
    except (NotFoundError, AmbiguousError):
        if program.isdecimal():
            raise
        return ()
    deciding = meant.decided_by(rules)
    return tuple(rule for rule in rules if rule == deciding or rule.executable == meant.executable)


def _rules(paths: Paths) -> tuple[Rule, ...]:
    from gamedetectd.config import load_rules

    rules, problems = load_rules(paths.rules_file)
    for problem in problems:
        typer.echo(str(problem), err=True)
    return rules


def _reload(paths: Paths) -> None:
    """Ask a running daemon to take the rules over now."""
    from gamedetectd.control.client import Client
    from gamedetectd.errors import NotRunningError

    try:
        reply = Client(paths).request("reload")
    except NotRunningError:
        console().print("[dim]gamedetectd does not run; it takes this over when it starts.[/]")
        return
    lines = reply["lines"]
    if not reply["fine"] and isinstance(lines, list):
        for line in lines:
            console().print(plain(str(line)), soft_wrap=True)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _sentence(rule: Rule | RuleRow) -> str:
    with_argument = f" with {plain(rule.argument)}" if rule.argument else ""
    what = f"is the game [bold]{plain(rule.title)}[/]" if rule.title else "is a game"
    return f"{plain(rule.executable)}{with_argument} {what if rule.kind == 'game' else 'is not a game'}."


def _file_name(executable: str) -> str:
    return executable.replace("\\", "/").rpartition("/")[2]


def _played(paths: Paths) -> list[PlayedGameRow]:
    from gamedetectd.control.shapes import AliasRow, OutsideRow, PlayedGameRow, game_row, rfc3339
    from gamedetectd.errors import NotFoundError
    from gamedetectd.observability.redaction import redact
    from gamedetectd.sessions.statistics import Statistics

    try:
        with Statistics.open(paths.history_file) as history:
            totals, aliases, outside = history.totals(), history.aliases(), history.outside()
    except NotFoundError:
        return []
    also: dict[str, list[AliasRow]] = {}
    for one in aliases:
        also.setdefault(one.game_id, []).append(AliasRow(one.alias, redact(one.reason), rfc3339(one.at)))
    counted = {one.game.id: OutsideRow(one.source, one.seconds, one.outside_seconds) for one in outside}
    played = [
        PlayedGameRow(
            game_row(one.game, redact),
            one.sessions,
            round(max(one.seconds, 0.0), 3),
            also.get(one.game.id, []),
            counted.pop(one.game.id, None),
        )
        for one in totals
    ]
    elsewhere = {one.game.id: game_row(one.game, redact) for one in outside}
    return played + [PlayedGameRow(elsewhere[game_id], 0, 0.0, [], row) for game_id, row in counted.items()]


def _print(rows: GamesRow) -> None:
    out = console()
    if not rows.rules and not rows.games:
        out.print(
            "You said nothing yet, and nothing was played. `gamedetectd game add --help` shows how to correct us."
        )
    for rule in rows.rules:
        out.print(f"You said: {_sentence(rule)}", soft_wrap=True)
    for row in rows.games:
        played = f"{duration(row.seconds)} in {counted(row.sessions, 'session')}"
        more = row.outside
        if more is not None and more.outside_seconds > 0:
            played += f", and {duration(more.outside_seconds)} more that {plain(more.source.title())} counted"
        out.print(f"{named(row.game)} [dim]({plain(row.game.id)})[/]  {played}", soft_wrap=True)
        for one in row.also:
            out.print(f"  [dim]also {plain(one.id)}: {plain(one.reason)}[/]", soft_wrap=True)
