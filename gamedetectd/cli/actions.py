"""``gamedetectd hooks``, ``webhooks`` and ``mqtt``: what is to be done for events, and one of them tried."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gamedetectd.config import Actions, Hook, Mqtt, Webhook
    from gamedetectd.domain import SessionEvent

hooks = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Programs of yours that are run when a game starts or ends: what there is, and trying one.",
)
webhooks = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Servers that are told when a game starts or ends: what there is, and trying one.",
)

mqtt = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="MQTT brokers that are told of games, for Home Assistant and others: what there is, and trying one.",
)

_Action = TypeVar("_Action", "Hook", "Webhook", "Mqtt")
_Remote = TypeVar("_Remote", "Webhook", "Mqtt")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name in actions.toml.", show_default=False)]
Event = Annotated[str, typer.Option("--event", metavar="KIND", help="What happened: started, ended …")]
Title = Annotated[str, typer.Option("--title", help="What the game is called.")]
SAMPLE = "A Game That Is Not There"


@hooks.command("list")
def list_hooks(as_json: AsJson = False) -> None:
    """Show the hooks in actions.toml, and how each is.

    - `gamedetectd hooks list`
    """
    found = _usable().hooks
    if as_json:
        print_json(found)
        return
    _table("hook", [(one.name, " ".join(one.command), one.events, one.games) for one in found], "runs")


@webhooks.command("list")
def list_webhooks(as_json: AsJson = False) -> None:
    """Show the webhooks in actions.toml, and how each is. No secret is read.

    - `gamedetectd webhooks list`
    """
    found = _usable().webhooks
    if as_json:
        print_json(found)
        return
    rows = [(one.name, one.url or f"(secret {one.url_secret})", one.events, one.games) for one in found]
    _table("webhook", rows, "server")


@hooks.command("test")
def try_hook(name: Name, event: Event = "started", title: Title = SAMPLE) -> None:
    """Run a hook once, now, with a made-up event: what it prints, and how it ends. Nothing is kept of it.

    Exit code 1 if it fails.

    - `gamedetectd hooks test gamemode`
    - `gamedetectd hooks test gamemode --event ended --title 'Portal 2'`
    """
    from gamedetectd.app.actions import hook_sinks

    hook = _called(name, _usable().hooks)
    sample = _sample(event, title)
    sink = next(hook_sinks(hook, _Notes(), lambda: None))
    trouble = sink.run(sample)
    for line in sink.output.splitlines():
        typer.echo(f"  {plain_line(line)}")
    _say_how(name, trouble)


@webhooks.command("test")
def try_webhook(name: Name, event: Event = "started", title: Title = SAMPLE) -> None:
    """Send one made-up event to a webhook's server, now. Nothing is kept of it.

    Exit code 1 if the server does not take it.

    - `gamedetectd webhooks test discord`
    """
    from gamedetectd.app.actions import webhook_sink

    webhook, sample, secret = _to_try(name, _usable().webhooks, event, title)
    webhook_sink(webhook, secret, lambda: None).accept(sample)  # what it raises is told at the edge
    _say_how(name, "")


@mqtt.command("list")
def list_brokers(as_json: AsJson = False) -> None:
    """Show the MQTT brokers in actions.toml, and how each is. No secret is read.

    - `gamedetectd mqtt list`
    """
    found = _usable().brokers
    if as_json:
        print_json(found)
        return
    _table("mqtt", [(one.name, one.host, one.events, one.games) for one in found], "broker")


@mqtt.command("test")
def try_broker(name: Name, event: Event = "started", title: Title = SAMPLE) -> None:
    """Connect to a broker and publish one made-up event, now. Nothing is kept of it, and no state is told.

    Exit code 1 if the broker does not take it.

    - `gamedetectd mqtt test home`
    """
    from gamedetectd.app.actions import encode
    from gamedetectd.app.mqtt import mqtt_sink
    from gamedetectd.paths import Paths

    broker, sample, secret = _to_try(name, _usable().brokers, event, title)
    sink = mqtt_sink(broker, Paths.resolve(), encode, secret, None)
    try:
        sink.accept(sample)  # what it raises is told at the edge
    finally:
        sink.close()
    _say_how(name, "")


class _Notes:
    """Where a command notes that a program was run: where the daemon does, which alone may say so."""

    def record(self, action: str, message: str, *, success: bool = True, **details: str) -> None:
        from gamedetectd.app import audit
        from gamedetectd.paths import Paths

        audit.note(Paths.resolve(), action, message, success=success, **details)


def _usable() -> Actions:
    """The person's hooks, webhooks and brokers; what is wrong with others is said."""
    from gamedetectd.config import load_actions
    from gamedetectd.observability.redaction import hide_secrets
    from gamedetectd.paths import Paths

    found, problems = load_actions(Paths.resolve().actions_file)
    for problem in problems:
        typer.echo(hide_secrets(str(problem)), err=True)
    return found


def _called(name: str, found: Sequence[_Action]) -> _Action:
    from gamedetectd.config.problems import suggestion
    from gamedetectd.errors import ActionsError

    for one in found:
        if one.name == name:
            return one
    names = [one.name for one in found]
    remedy = suggestion(name, names) if names else "Write it into actions.toml; `gamedetectd config path` says where."
    raise ActionsError(f"There is none called {name}.", remedy)


def _to_try(
    name: str, found: Sequence[_Remote], event: str, title: str
) -> tuple[_Remote, SessionEvent, Callable[[str], str]]:
    """The one of that name, made to want just this event; the event; and how to read a secret."""
    import msgspec

    from gamedetectd.cli.secret_input import at_the_terminal
    from gamedetectd.config import load
    from gamedetectd.paths import Paths
    from gamedetectd.security.credentials import SecretStore

    paths = Paths.resolve()
    one = _called(name, found)
    sample = _sample(event, title)
    store = SecretStore(paths, load(paths).secrets.store, at_the_terminal())
    return msgspec.structs.replace(one, events=(sample.kind.value,), games=()), sample, store.get


def _sample(kind: str, title: str) -> SessionEvent:
    """An event of a game that is not there, as of now."""
    import secrets
    import time

    from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind

    if kind not in set(SessionEventKind):
        raise typer.BadParameter(f"Choose one of {', '.join(SessionEventKind)}.", param_hint="--event")
    now, key = time.time(), ProcessKey("sample", 0, 0)
    ended = kind == SessionEventKind.ENDED
    session = Session(
        f"sample-{secrets.token_hex(4)}",
        Game("name:sample", title),
        now - 60.0,
        0.0,
        key,
        (),
        (Evidence("sample", 0.0, "This event is made up, to try what is done for events."),),
        ended_at=now if ended else None,
        ended_by=EndedBy.EXIT if ended else None,
        foreground_seconds=60.0,
        active_seconds=60.0,
    )
    return SessionEvent(f"sample-{secrets.token_hex(8)}", SessionEventKind(kind), now, session)


def _say_how(name: str, trouble: str) -> None:
    if trouble:
        typer.echo(f"{name}: {plain_line(trouble)}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name}: all went well.")


def plain_line(text: str) -> str:
    """A text from elsewhere, without secrets or anything a terminal would obey."""
    from gamedetectd.observability.escaping import visible
    from gamedetectd.observability.redaction import hide_secrets

    return visible(hide_secrets(text))


def _table(kind: str, rows: Sequence[tuple[str, str, Sequence[str], Sequence[str]]], what: str) -> None:
    from rich.table import Table

    if not rows:
        kind = "broker" if kind == "mqtt" else kind
        typer.echo(f"There is no {kind}. They are written into actions.toml; `gamedetectd config path` says where.")
        return
    states = _states(kind)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in (kind, what, "events", "games", "state"):
        table.add_column(heading, overflow="fold")
    for name, told, events, games in rows:
        state = states.get(name, "not running" if states else "gamedetectd does not run")
        table.add_row(*map(plain, (name, told, ", ".join(events), ", ".join(games) or "all", state)))
    console().print(table)


def _states(kind: str) -> Mapping[str, str]:
    """What the daemon says of each, by its name; nothing where it does not run."""
    import msgspec

    from gamedetectd.control.client import Client
    from gamedetectd.control.shapes import StatusRow
    from gamedetectd.errors import GamedetectdError
    from gamedetectd.paths import Paths

    states: dict[str, str] = {}
    with suppress(GamedetectdError, msgspec.ValidationError):
        row = msgspec.convert(Client(Paths.resolve()).request("status"), StatusRow)
        for sink in row.daemon.sinks if row.daemon is not None else ():
            if sink.name.startswith(f"{kind}."):
                name = sink.name.split(".")[1]
                waiting = f"{sink.backlog} events wait" if sink.backlog else "in force"
                states[name] = f"{waiting}: {sink.error}" if sink.error else states.get(name, waiting)
        for condition in row.health.conditions if row.health is not None else ():
            name, _, why = condition.message.partition(": ")
            if condition.code in ("hook-failing", "webhook-refused") and name in states:
                states[name] = f"fails: {why}"
    return states
