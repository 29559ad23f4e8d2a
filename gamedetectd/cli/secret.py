"""``secret``: passwords and tokens that settings name, kept in the keyring or an encrypted file, never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gamedetectd.config import Settings
    from gamedetectd.control.client import Client
    from gamedetectd.control.secret_shapes import SecretListRow
    from gamedetectd.interfaces import Reply
    from gamedetectd.paths import Paths
    from gamedetectd.security.credentials import SecretStore

UNLOCK_SECONDS = 30.0
"""What the daemon may take to make a key of a passphrase."""

app = typer.Typer(
    no_args_is_help=True,
    help="Passwords and tokens that settings refer to by name: kept safe, never shown.",
    rich_markup_mode="markdown",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What settings call it: small letters, digits, . - and _.")]


@app.command("set")
def set_(name: Name) -> None:
    """Keep a secret, in place of an earlier one of that name.

    It is asked for, or read from standard input; as an argument others could see it in the list of processes.

    - `gamedetectd secret set mqtt-password`
    - `pass show broker | gamedetectd secret set mqtt-password`
    """
    from gamedetectd.cli.secret_input import ask_for_value
    from gamedetectd.security.credentials import check_name

    check_name(name)
    paths, _, store = _store()
    _keep(paths, store, name, ask_for_value(name), "secret-set")


@app.command("list")
def list_secrets(as_json: AsJson = False) -> None:
    """Which secrets there are, where each is kept, and which of them settings refer to. Shows no value.

    - `gamedetectd secret list`
    - `gamedetectd secret list --json | jq -r '.secrets[] | select(.kept_in == null).name'`
    """
    paths, settings, store = _store()
    row = _row(paths, store, settings)
    if as_json:
        print_json(row)
    else:
        _print(row)


@app.command("delete")
def delete(name: Name) -> None:
    """Forget a secret.

    - `gamedetectd secret delete mqtt-password`
    """
    paths, settings, store = _store()
    _change(paths, store, name, None)
    _tell(paths, "secret-deleted", f"The secret {name} was deleted.", name)
    console().print(f"Forgotten: {name}.")
    for option in (option for option, wanted in _named(paths, settings).items() if wanted == name):
        typer.echo(f"The setting {option} still names it.", err=True)


@app.command("rotate")
def rotate(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A secret that there is.", show_default=False)] = "",
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Encrypt the secrets file anew, with another passphrase.")
    ] = False,
) -> None:
    """Replace a secret that there is by a new value, or the passphrase of the secrets file by a new one.

    Each is asked for, or read from standard input: the value; or the present and the new passphrase, one a line.

    - `gamedetectd secret rotate mqtt-password`
    - `gamedetectd secret rotate --passphrase`
    """
    from gamedetectd.cli.secret_input import ask_for_value
    from gamedetectd.security.credentials import missing

    if bool(name) == passphrase:
        raise typer.BadParameter("Give the name of a secret, or --passphrase.")
    paths, _, store = _store()
    if passphrase:
        _rotate_passphrase(paths, store)
        return
    if name not in store.places():
        raise missing(name)
    _keep(paths, store, name, ask_for_value(name), "secret-rotated")


@app.command("unlock")
def unlock() -> None:
    """Open what is locked: the keyring, in a window of its own, and for the daemon the encrypted file.

    The passphrase is asked for, or read from standard input. The daemon makes a key of it and keeps that in memory
    until it ends. systemd can give it the passphrase by itself, as the credential `gamedetectd-passphrase`.

    - `gamedetectd secret unlock`
    - `gamedetectd secret unlock < passphrase-file`
    """
    from gamedetectd.cli.secret_input import ask_for_passphrase

    paths, _, store = _store()
    found = store.describe()
    if found.locked:
        store.unlock_keyring()
        _tell(paths, "unlock", "The keyring was opened.")
        console().print("The keyring is open.")
    if found.file_exists:
        _client(paths).request("unlock", passphrase=ask_for_passphrase(new=False))
        console().print("The daemon can read the secrets file until it ends.")
    elif not found.locked:
        console().print("Nothing is locked.")


def _store() -> tuple[Paths, Settings, SecretStore]:
    """The store, with the person at the terminal."""
    from gamedetectd.cli.secret_input import at_the_terminal
    from gamedetectd.config import load
    from gamedetectd.paths import Paths
    from gamedetectd.security.credentials import SecretStore

    paths = Paths.resolve()
    settings = load(paths)
    return paths, settings, SecretStore(paths, settings.secrets.store, at_the_terminal())


def _keep(paths: Paths, store: SecretStore, name: str, value: str, action: str) -> None:
    _change(paths, store, name, value)
    reply = _tell(paths, action, f"The secret {name} was kept.", name)
    if store.places()[name] == "keyring":
        console().print(f"Kept in the keyring: {name}.")
        return
    console().print(f"Kept in {plain(str(store.file))}, encrypted: {name}.")
    if reply is not None and reply["file_is_locked"]:
        console().print("The daemon needs the passphrase to read it: gamedetectd secret unlock")


def _change(paths: Paths, store: SecretStore, name: str, value: str | None) -> None:
    """Keep or forget a secret; where the encrypted file is locked for us the daemon does it, which may have its key.

    The person is asked for the passphrase last.
    """
    from gamedetectd.errors import ControlError, NotRunningError, PassphraseNeededError

    try:
        _change_here(store.without_asking(), name, value)
    except PassphraseNeededError:
        try:
            _client(paths).request("change_secret", name=name, value=value)
        except (NotRunningError, ControlError, PassphraseNeededError):
            _change_here(store, name, value)


def _change_here(store: SecretStore, name: str, value: str | None) -> None:
    if value is None:
        store.delete(name)
    else:
        store.set(name, value)


def _rotate_passphrase(paths: Paths, store: SecretStore) -> None:
    from gamedetectd.cli.secret_input import ask_for_passphrase

    store.unlock(ask_for_passphrase(new=False))
    new = ask_for_passphrase(new=True)
    store.change_passphrase(new)
    console().print("The secrets file is encrypted with the new passphrase.")
    if _tell(paths, "secret-rotated", "The passphrase of the secrets file was changed.") is not None:
        _client(paths).request("unlock", passphrase=new)
        console().print("The daemon was given it.")


def _tell(paths: Paths, action: str, message: str, name: str = "") -> Reply | None:
    """Have it noted in the audit trail, and the daemon look again; its reply, None where there is none."""
    from gamedetectd.app.audit import note
    from gamedetectd.errors import ControlError, NotRunningError

    details = {"name": name} if name else {}
    note(paths, action, message, success=True, **details)
    try:
        return _client(paths).request("secrets_changed")
    except (NotRunningError, ControlError):
        return None


def _client(paths: Paths) -> Client:
    from gamedetectd.control.client import Client

    return Client(paths, UNLOCK_SECONDS)


def _named(paths: Paths, settings: Settings) -> Mapping[str, str]:
    """The secrets that settings and webhooks name, by where they name them."""
    from gamedetectd.config import load_actions, secrets_named

    return {**secrets_named(settings), **load_actions(paths.actions_file)[0].secrets()}


def _row(paths: Paths, store: SecretStore, settings: Settings) -> SecretListRow:
    from gamedetectd.control.secret_shapes import KeyringRow, SecretFileRow, SecretListRow, SecretRow
    from gamedetectd.security.credentials import OURS

    found, named = store.describe(), _named(paths, settings)
    names = sorted({*(name for name in found.places if not name.startswith(OURS)), *named.values()})
    problem = None if found.keyring_problem is None else found.keyring_problem.cause
    return SecretListRow(
        found.new_ones_go_to,
        KeyringRow(found.keyring, found.locked, problem) if found.keyring or problem else None,
        SecretFileRow(str(found.file), found.file_exists),
        [
            SecretRow(name, found.places.get(name), [option for option, used in named.items() if used == name])
            for name in names
        ],
    )


def _print(row: SecretListRow) -> None:
    from rich.table import Table

    out = console()
    keyring = row.keyring
    if row.new_secrets == "keyring":
        name = keyring.name if keyring is not None else ""
        out.print(f"New secrets go to the keyring{': ' + plain(name) if name else ''}.")
    else:
        out.print(f"New secrets go to an encrypted file: {plain(row.file.path)}.")
    if keyring is not None and keyring.problem is not None:
        out.print(f"[yellow]The keyring cannot be used.[/] {plain(keyring.problem)}")
    elif keyring is not None and keyring.locked:
        out.print("[yellow]The keyring is locked.[/] Unlock it: gamedetectd secret unlock")
    if not row.secrets:
        out.print("No secrets are kept, and no setting names one.")
        return
    table = Table("Secret", "Kept in", "Used by", box=None, padding=(0, 2, 0, 0))
    places = {"keyring": "the keyring", "file": "the encrypted file", None: "[red]nowhere: it is missing[/]"}
    for secret in row.secrets:
        table.add_row(plain(secret.name), places[secret.kept_in], plain(", ".join(secret.used_by)))
    out.print(table)
