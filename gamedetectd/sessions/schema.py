"""The tables of the history, and the steps by which older files become new ones.

``periods`` holds sums per game and 30 days, ``quarters`` sums over all games per quarter of an hour, so that totals,
days and hours over a million sessions cost milliseconds; triggers keep both. Sessions the person called no game, or
deleted, count nowhere. ``aliases`` holds the other ids of a game, ``origins`` which sessions another program
saw, ``imported`` what other programs counted without sessions, ``corrections`` how a corrected session had ended.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x47444831
"""In the file's header: a history of ours ("GDH1")."""

PERIOD_SECONDS = 2_592_000
"""Length of one period of the sums: 30 days."""

QUARTER_SECONDS = 900
"""Length of one quarter of an hour, in which every time zone's days and hours begin."""

LONGEST_SUMMED = 86_400
"""Seconds of the longest session in ``quarters``; longer ones are few, or a clock's error, and are looked up."""

_FIRST = (
    """CREATE TABLE games (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        title_source TEXT NOT NULL,
        install_dir TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        game_id TEXT NOT NULL REFERENCES games (id),
        started_at REAL NOT NULL,
        ended_at REAL,
        ended_by TEXT,
        foreground_seconds REAL NOT NULL,
        active_seconds REAL NOT NULL,
        idle_seconds REAL NOT NULL,
        probability REAL NOT NULL,
        started_elapsed REAL NOT NULL,
        boot_id TEXT NOT NULL,
        root_pid INTEGER NOT NULL,
        root_ticks INTEGER NOT NULL,
        processes TEXT NOT NULL,
        evidence TEXT NOT NULL
    )""",
    "CREATE INDEX sessions_by_start ON sessions (started_at)",
    "CREATE INDEX sessions_by_game ON sessions (game_id, started_at)",
    "CREATE INDEX sessions_open ON sessions (started_at) WHERE ended_at IS NULL",
    """CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        at REAL NOT NULL,
        session_id TEXT NOT NULL REFERENCES sessions (id),
        correlation_id TEXT NOT NULL,
        session TEXT NOT NULL
    )""",
    "CREATE TABLE cursors (sink TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE periods (
        game_id TEXT NOT NULL REFERENCES games (id),
        period INTEGER NOT NULL,
        sessions INTEGER NOT NULL,
        seconds REAL NOT NULL,
        foreground_seconds REAL NOT NULL,
        active_seconds REAL NOT NULL,
        idle_seconds REAL NOT NULL,
        PRIMARY KEY (game_id, period)
    ) WITHOUT ROWID""",
    *(
        f"""CREATE TRIGGER sessions_{name} AFTER {change} ON sessions WHEN {row}.ended_by IS NOT 'corrected'
        BEGIN
            INSERT INTO periods VALUES (
                {row}.game_id, CAST({row}.started_at / {PERIOD_SECONDS} AS INTEGER), {sign}1,
                {sign}coalesce({row}.ended_at - {row}.started_at, 0), {sign}{row}.foreground_seconds,
                {sign}{row}.active_seconds, {sign}{row}.idle_seconds
            ) ON CONFLICT (game_id, period) DO UPDATE SET
                sessions = sessions + excluded.sessions,
                seconds = seconds + excluded.seconds,
                foreground_seconds = foreground_seconds + excluded.foreground_seconds,
                active_seconds = active_seconds + excluded.active_seconds,
                idle_seconds = idle_seconds + excluded.idle_seconds;
        END"""  # noqa: S608 (constants)
        for name, change, row, sign in (
            ("added", "INSERT", "NEW", "+"),
            ("changed_from", "UPDATE", "OLD", "-"),
            ("changed_to", "UPDATE", "NEW", "+"),
        )
    ),
)

_SECOND = (
    "ALTER TABLE games ADD COLUMN platform TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX games_by_directory ON games (install_dir) WHERE install_dir <> ''",
    """CREATE TABLE aliases (
        alias TEXT PRIMARY KEY,
        game_id TEXT NOT NULL REFERENCES games (id),
        reason TEXT NOT NULL,
        at REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX aliases_by_game ON aliases (game_id)",
)

_SPREAD = f"""
    INSERT INTO quarters WITH RECURSIVE q (n) AS (
        SELECT CAST({{row}}.started_at / {QUARTER_SECONDS} AS INTEGER)
        UNION ALL SELECT n + 1 FROM q WHERE (n + 1) * {QUARTER_SECONDS} < {{row}}.ended_at
    ), part (n, seconds) AS (
        SELECT n, min({{row}}.ended_at, (n + 1) * {QUARTER_SECONDS}) - max({{row}}.started_at, n * {QUARTER_SECONDS})
        FROM q
    )
    SELECT n, {{sign}}seconds,
        {{sign}}seconds * {{row}}.foreground_seconds / ({{row}}.ended_at - {{row}}.started_at)
    FROM part WHERE true
    ON CONFLICT (quarter) DO UPDATE SET
        seconds = seconds + excluded.seconds, foreground_seconds = foreground_seconds + excluded.foreground_seconds
"""  # noqa: S608 (constants)

_SUMMED = (
    f"{{row}}.started_at >= 0 AND {{row}}.ended_at > {{row}}.started_at"
    f" AND {{row}}.ended_at - {{row}}.started_at <= {LONGEST_SUMMED} AND {{row}}.ended_by IS NOT 'corrected'"
)
_SPREAD_NAMES = "started_at, ended_at, ended_by, foreground_seconds"
_RESPREAD = "({old}) IS NOT ({new}) AND ".format(
    old=", ".join(f"OLD.{name}" for name in _SPREAD_NAMES.split(", ")),
    new=", ".join(f"NEW.{name}" for name in _SPREAD_NAMES.split(", ")),
)

_THIRD = (
    f"CREATE INDEX sessions_long ON sessions (started_at) WHERE ended_at - started_at > {LONGEST_SUMMED}",
    "CREATE INDEX sessions_by_end ON sessions (ended_by, started_at) WHERE ended_by <> 'exit'",
    """CREATE TABLE origins (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id),
        source TEXT NOT NULL,
        started_at REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX origins_by_source ON origins (source, started_at)",
    """CREATE TABLE corrections (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id),
        ended_by TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TRIGGER sessions_corrected AFTER UPDATE OF ended_by ON sessions
        WHEN NEW.ended_by = 'corrected' AND OLD.ended_by <> 'corrected'
        BEGIN INSERT OR REPLACE INTO corrections VALUES (NEW.id, OLD.ended_by); END""",
    """CREATE TABLE quarters (
        quarter INTEGER PRIMARY KEY,
        seconds REAL NOT NULL,
        foreground_seconds REAL NOT NULL
    )""",
    f"""INSERT INTO quarters WITH RECURSIVE part (n, started_at, ended_at, share) AS (
        SELECT CAST(started_at / {QUARTER_SECONDS} AS INTEGER), started_at, ended_at,
            foreground_seconds / (ended_at - started_at)
        FROM sessions s WHERE {_SUMMED.format(row="s")}
        UNION ALL SELECT n + 1, started_at, ended_at, share FROM part WHERE (n + 1) * {QUARTER_SECONDS} < ended_at
    ), cut (n, seconds, share) AS (
        SELECT n, min(ended_at, (n + 1) * {QUARTER_SECONDS}) - max(started_at, n * {QUARTER_SECONDS}), share FROM part
    )
    SELECT n, sum(seconds), sum(seconds * share) FROM cut GROUP BY n""",  # noqa: S608 (constants)
    *(
        f"CREATE TRIGGER sessions_{name} AFTER {change} ON sessions WHEN {when}{_SUMMED.format(row=row)}"
        f" BEGIN {_SPREAD.format(row=row, sign=sign)}; END"
        for name, change, when, row, sign in (
            ("spread", "INSERT", "", "NEW", "+"),
            ("spread_from", "UPDATE", _RESPREAD, "OLD", "-"),
            ("spread_to", "UPDATE", _RESPREAD, "NEW", "+"),
        )
    ),
    """CREATE TABLE imported (
        source TEXT NOT NULL,
        account TEXT NOT NULL,
        game_id TEXT NOT NULL,
        title TEXT NOT NULL,
        seconds REAL NOT NULL,
        last_played_at REAL,
        counted_until REAL NOT NULL,
        PRIMARY KEY (source, account, game_id)
    ) WITHOUT ROWID""",
)

Step = tuple[str, ...]
"""The statements that make a file of one version one of the next."""

STEPS: tuple[Step, ...] = (_FIRST, _SECOND, _THIRD)
"""Step n makes version n + 1 out of version n; a new file is version 0."""


def version(connection: sqlite3.Connection) -> int:
    """The version of the file."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def is_empty(connection: sqlite3.Connection) -> bool:
    """True for a file without any table."""
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def migrate(connection: sqlite3.Connection, steps: tuple[Step, ...]) -> None:
    """Bring the file to the version after the last step, or leave it as it is: one transaction.

    The connection must be in autocommit mode. Raises sqlite3.Error.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps[version(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
