"""What is kept on disk: settings, rules, the history, lists of games, what stores installed, secrets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from gamedetectd import config
from gamedetectd.app.doctor.findings import (
    ACTIONS_INVALID,
    CATALOGUE_DAMAGED,
    HISTORY_DAMAGED,
    HISTORY_NO_BACKUP,
    HISTORY_UNUSABLE,
    RULES_INVALID,
    SECRETS_UNUSABLE,
    SETTINGS_INVALID,
    SETTINGS_REFUSED,
    STORE_UNREADABLE,
    Trouble,
)
from gamedetectd.app.machine import this_library, this_system
from gamedetectd.catalogue.parts import FOLDER
from gamedetectd.catalogue.state import standing
from gamedetectd.config import Problem, Settings
from gamedetectd.config.load import InvalidSettingsError
from gamedetectd.control.doctor_shapes import BackupRow, HistoryRow, ListRow, SecretsRow, SettingRow
from gamedetectd.control.shapes import rfc3339
from gamedetectd.errors import HistoryError, SecretError
from gamedetectd.observability.redaction import redact, redactor
from gamedetectd.paths import Paths
from gamedetectd.security.credentials import SecretStore
from gamedetectd.sessions.inspection import Copy, Inspection, inspect

PRIVATE = frozenset({"privacy.private_titles"})
"""Settings whose value is nobody's business: it is only told how many there are."""
BACKUP_DUE = 3 * 86_400.0
"""Seconds after which a daemon that runs every day would have made a backup."""


def settings(paths: Paths, *, running: bool) -> tuple[Settings, tuple[Trouble, ...]]:
    """The settings in force, or those one would get, and what is wrong with them.

    What a wrong line says is not told: it may be a secret in the wrong place.
    """
    try:
        return config.load(paths), ()
    except InvalidSettingsError as error:
        code = SETTINGS_INVALID if running else SETTINGS_REFUSED
        return Settings(), tuple(Trouble(code, _told(problem), _mend(problem)) for problem in error.problems)


def setting_rows(chosen: Settings) -> list[SettingRow]:
    """Every option in force."""
    return [_setting_row(one) for one in config.show(chosen)]


def _setting_row(one: config.Effective) -> SettingRow:
    hidden = one.option.name in PRIVATE
    value: Any = one.value
    if hidden and isinstance(value, tuple):
        value = len(value)
    elif isinstance(value, str):
        value = redact(value)
    return SettingRow(one.option.name, value, one.origin, hidden)


def keep_private(chosen: Settings) -> None:
    """Have what the person marked private taken out of everything that follows."""
    redactor().set_private_titles(chosen.privacy.private_titles)


def rules(paths: Paths) -> tuple[int, tuple[Trouble, ...]]:
    """How many of the person's rules are in force, and what is wrong with the others and with actions."""
    found, problems = config.load_rules(paths.rules_file)
    wrong = [(RULES_INVALID, problem) for problem in problems]
    wrong += [(ACTIONS_INVALID, problem) for problem in config.load_actions(paths.actions_file)[1]]
    return len(found), tuple(Trouble(code, _told(problem), _mend(problem)) for code, problem in wrong)


def _told(problem: Problem) -> str:
    return " ".join(filter(None, (f"{problem.where}:", problem.key, f"{problem.message}.")))


def _mend(problem: Problem) -> str:
    return f"{problem.remedy} Then: gamedetectd config check"


def history(paths: Paths, *, running: bool) -> tuple[HistoryRow, tuple[Trouble, ...]]:
    """The history looked through, its backups, and what is wrong with it."""
    file = paths.history_file
    try:
        found = inspect(file)
    except HistoryError as error:
        there = file.exists()
        return HistoryRow(str(file), there, None, None, None, [], []), (
            Trouble(HISTORY_UNUSABLE, error.cause, error.remedy),
        )
    row = HistoryRow(
        path=str(file),
        exists=found.exists,
        sound=not found.damage if found.exists else None,
        version=found.version if found.exists else None,
        sessions=found.sessions if found.exists and not found.damage else None,
        backups=[_backup_row(copy) for copy in found.backups],
        set_aside=[copy.path.name for copy in found.set_aside],
    )
    return row, tuple(_history_troubles(found, str(file), running=running))


def _backup_row(copy: Copy) -> BackupRow:
    return BackupRow(copy.path.name, rfc3339(copy.made_at), copy.bytes)


def _history_troubles(found: Inspection, file: str, *, running: bool) -> Iterator[Trouble]:
    if found.damage:
        remedy = "gamedetectd stop, then gamedetectd run" if running else "gamedetectd run"
        copies = f"Newest backup: {found.backups[0].path.name}." if found.backups else "There is no backup."
        yield Trouble(
            HISTORY_DAMAGED,
            f"{file}: {found.damage} {copies}",
            f"Start it anew, and it keeps the damaged file aside and restores what can be: {remedy}",
        )
    elif found.sessions and not any(time.time() - copy.made_at < BACKUP_DUE for copy in found.backups):
        when = f"the newest is of {rfc3339(found.backups[0].made_at)[:10]}" if found.backups else "there is none"
        yield Trouble(HISTORY_NO_BACKUP, f"{found.sessions} sessions, and no backup of the last three days: {when}.")


def catalogue(paths: Paths) -> tuple[list[ListRow], tuple[Trouble, ...]]:
    """The lists of known games, and which are damaged."""
    rows: list[ListRow] = []
    troubles: list[Trouble] = []
    try:
        found = standing(paths.data / FOLDER)
    except (OSError, ValueError):
        return rows, ()  # the program's own list is not there, which is told with the program's files
    for one in found:
        rows.append(ListRow(one.source, one.titles, one.made_at or one.origin or "not imported"))
        troubles += [
            Trouble(CATALOGUE_DAMAGED, f"{version.file}: {version.problem}")
            for version in one.versions
            if version.problem
        ]
    return rows, tuple(troubles)


def library() -> tuple[list[ListRow], tuple[Trouble, ...]]:
    """What each store has installed, and what could not be read."""
    found = this_library(this_system())
    found.refresh(everything=True)
    rows = [ListRow(name, len(shelf.games), shelf.nothing) for name, shelf in found.shelves().items()]
    troubles = [
        Trouble(STORE_UNREADABLE, f"{name}: {problem.place}: {problem.cause}", problem.remedy)
        for name, problem in found.problems()
    ]
    return rows, tuple(troubles)


def secrets(paths: Paths, chosen: Settings) -> tuple[SecretsRow, tuple[Trouble, ...]]:
    """Where secrets are kept; only a problem with the place of one that there is counts. No secret is opened."""
    store = SecretStore(paths, chosen.secrets.store)
    try:
        found = store.describe()
    except SecretError as error:
        return SecretsRow("unknown", None, error.cause), (Trouble(SECRETS_UNUSABLE, error.cause, error.remedy),)
    where = found.keyring or "the keyring" if found.new_ones_go_to == "keyring" else f"an encrypted file, {found.file}"
    problem = found.keyring_problem
    row = SecretsRow(where, len(found.places), None if problem is None else problem.cause)
    needed = chosen.secrets.store == "keyring" or "keyring" in found.places.values()
    if problem is None or not needed:
        return row, ()
    return row, (Trouble(SECRETS_UNUSABLE, problem.cause, problem.remedy),)
