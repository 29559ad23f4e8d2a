"""``gamedetectd desktop``: how this desktop tells of its windows, and the extension that has GNOME tell of them."""

from __future__ import annotations

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Windows: how this desktop tells which one is in front, and the extension GNOME needs for that.",
)


@app.command()
def status(as_json: AsJson = False) -> None:
    """By which mechanism are windows seen here, or why not? Changes nothing.

    Programs read `mechanism`, `sees_all` (false: X11 programs alone, or none), `reason`, `in_front` and `applications`
    (what the portal says of them where not all windows are seen, without a process) from `--json`.

    - `gamedetectd desktop status`
    """
    from gamedetectd.platforms.clock import system_clock
    from gamedetectd.platforms.windows.listing import foreground
    from gamedetectd.platforms.windows.portal import application_states
    from gamedetectd.sensors.foreground import ForegroundSensor

    sensor = ForegroundSensor(system_clock())
    unsupported = sensor.unsupported_reason()
    blind = sensor.blind_reason(unsupported)
    window = foreground() if unsupported is None else None
    sees_all = unsupported is None and blind is None
    applications = {} if sees_all else application_states()
    seen = {
        "mechanism": sensor.source() if unsupported is None else None,
        "sees_all": sees_all,
        "reason": unsupported or sensor.degraded_reason(),
        "in_front": None if window is None else {"pid": window.pid, "class": window.class_name, "title": window.title},
        "applications": applications,
    }
    if as_json:
        print_json(seen)
        return
    out = console()
    out.print(plain(f"windows:  {seen['mechanism'] or 'not seen'}"), soft_wrap=True)
    if seen["reason"]:
        out.print(plain(f"          {seen['reason']}"), soft_wrap=True)
    if window is not None:
        out.print(
            plain(f"in front: {window.title or window.class_name} (process {window.pid or 'unknown'})"), soft_wrap=True
        )
    for name, state in applications.items():
        out.print(plain(f"portal:   {name} {state} (a hint: no process is told)"), soft_wrap=True)


@app.command("install-extension")
def install_extension() -> None:
    """Put our extension into GNOME Shell, for you alone, and switch it on: GNOME tells nobody of windows without one.

    It says which window is in front to whoever asks on your session bus, and does nothing while nobody asks. It is a
    small text you can read: the place is printed. GNOME finds it when you log in next.

    - `gamedetectd desktop install-extension`
    """
    from gamedetectd.platforms.windows.gnome_extension import ENABLE, install

    done = install()
    typer.echo(f"The extension for GNOME {done.shell} is in {done.folder}.")
    if not done.switched_on:
        typer.echo(f"It could not be switched on in your settings; after you logged in again, run: {ENABLE}")
    typer.echo("Log out and in again: GNOME looks for new extensions only then.")


@app.command("remove-extension")
def remove_extension() -> None:
    """Switch our extension for GNOME Shell off and take its files away.

    - `gamedetectd desktop remove-extension`
    """
    from gamedetectd.platforms.windows.gnome_extension import remove

    typer.echo("The extension is gone." if remove() else "There was no extension of ours.")
