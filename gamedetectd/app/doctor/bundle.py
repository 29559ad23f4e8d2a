"""``doctor --bundle``: what helps others to help, in one archive, without what is nobody's business.

Everything passes the redactor once more, and then what only matters here is taken out: the person's and the machine's
name, and the titles of games, unless they are asked for. Nothing is in it that is not in the table shown before.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import gamedetectd
from gamedetectd.config import check_file, load_actions, load_rules
from gamedetectd.control.doctor_shapes import DoctorRow
from gamedetectd.control.shapes import session_row
from gamedetectd.control.wire import printable
from gamedetectd.errors import BundleError, GamedetectdError, LogError
from gamedetectd.observability.lines import LogReader, Wanted
from gamedetectd.observability.redaction import redact, register_secret
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import write_private_atomic
from gamedetectd.platforms.regular_files import read_regular
from gamedetectd.sessions.reader import HistoryReader

LINES = 2_000
"""Lines of the log, the newest."""
_LINES_FOR_TITLES = 50_000
"""Lines of the log in which titles are looked for that the history does not know: it may be lost."""
SESSIONS = 500
"""Sessions of the history, the newest, where they are asked for."""
HIDDEN_TITLE, HIDDEN_VALUE, HIDDEN_USER, HIDDEN_HOST = "[a game]", "[a value]", "<user>", "<host>"
_SESSION_LINES = "gamedetectd.session"
_SHORTEST = 3
"""Characters of a name below which it would be found in half the words there are."""
_TOKEN_LIMIT = 4_096
_README = """gamedetectd {version}: support archive of {at}

Made by `gamedetectd doctor --bundle`. Nothing was sent anywhere: give it to whom you like.

Taken out were secrets, home directories, your account's and this computer's name, and window titles you marked private.
{titles} Your rules are only counted.
No program can know everything that is private to you: look through it first.

{files}
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the archive: its name, what it is, and its bytes."""

    name: str
    what: str
    data: bytes


class Scrubber:
    """Takes out of texts what must not leave this machine.

    ``titles`` are games' titles and ids, none to keep them; ``wrong`` are values of settings and rules that are not as
    they should be, which are shown to the person, and may be a secret in the wrong place.
    """

    def __init__(
        self, titles: Iterable[str], wrong: Iterable[str] = (), environment: Mapping[str, str] = os.environ
    ) -> None:
        users = {environment.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER")} | {_account()}
        host = platform.node()
        self._rules = [
            (rule, shown)
            for rule, shown in (
                (_words(wrong, _SHORTEST), HIDDEN_VALUE),
                (_words(titles, 1), HIDDEN_TITLE),
                (_words(users - {"root"}, _SHORTEST), HIDDEN_USER),
                (_words({host, host.partition(".")[0]} - {"localhost"}, _SHORTEST), HIDDEN_HOST),
            )
            if rule is not None
        ]

    def text(self, text: str) -> str:
        """One text."""
        text = redact(text)
        for rule, shown in self._rules:
            text = rule.sub(shown, text)
        return text

    def value(self, value: object) -> object:
        """Every text in a value as JSON has it; names of fields are our own, and only redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {redact(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def pieces(paths: Paths, row: DoctorRow, *, lines: int = LINES, with_history: bool = False) -> list[Piece]:
    """Everything that goes into the archive, the explanation first; ``row`` is what the doctor found.

    A part that cannot be read is left out, with a line in its place that says why.
    """
    _know_token(paths)
    scrub = Scrubber(() if with_history else _titles(paths, row), _wrong_values(paths))
    told: dict[str, Any] = msgspec.to_builtins(row)
    if not with_history and told["status"] is not None:
        told["status"]["sessions"] = []
    tree = told.pop("logging_tree")
    shown = {
        "doctor.json": ("what the doctor found", told),
        "status.json": ("the daemon's own word", told["status"]),
        "conditions.json": ("what is wrong, with remedies", told["findings"]),
        "settings.json": ("settings in force and where they were set", told["settings"]),
        "versions.json": (
            "versions of the program, its parts and the system",
            {**told["system"], "parts": told["parts"]},
        ),
    }
    found = [Piece(name, what, _json(scrub.value(printable(value)))) for name, (what, value) in shown.items()]
    found.append(Piece("logging-tree.txt", "how logging is set up", _text(map(scrub.text, tree))))
    found.append(
        Piece("log.jsonl", f"the last {lines:,} lines of the log", _text(_log(paths, scrub, lines, with_history)))
    )
    if with_history:
        history = _json(scrub.value(_history(paths)))
        found.append(Piece("history.json", f"the last {SESSIONS:,} sessions, with the games' titles", history))
    return [_explanation(found, with_history=with_history), *found]


def check_free(file: Path, *, force: bool) -> None:
    """Raise BundleError where the archive would take the place of something."""
    if os.path.lexists(file) and not force:
        raise BundleError(f"{file} is there already.", "Name another file, or say --force to replace it.")


def write(file: Path, found: Iterable[Piece], *, force: bool = False) -> None:
    """Write the archive, readable for this account alone. Raises BundleError; what was there before is kept then."""
    check_free(file, force=force)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in found:
            entry = zipfile.ZipInfo(piece.name, time.localtime()[:6])
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, piece.data)
    try:
        write_private_atomic(file, buffer.getvalue())
    except OSError as error:
        raise BundleError(
            f"{file} cannot be written: {error.strerror or error}.",
            "Name a file in a directory of yours with room in it.",
        ) from error


# --- what is in it ---


def _explanation(found: Iterable[Piece], *, with_history: bool) -> Piece:
    listed = "\n".join(f"{piece.name:<18} {piece.what}" for piece in found)
    titles = "The titles of games were" + (" left in, as you asked." if with_history else " taken out too.")
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    text = _README.format(version=gamedetectd.__version__, at=at, titles=titles, files=listed)
    return Piece("README.txt", "what this is", text.encode())


def _log(paths: Paths, scrub: Scrubber, most: int, with_history: bool) -> Iterator[str]:
    """The newest lines; of session events only what has no game in it, unless asked for."""
    try:
        found = LogReader(paths.event_log_file).tail(Wanted(), most)
    except LogError as error:
        yield scrub.text(json.dumps({"message": f"The log cannot be read: {error.cause}"}))
        return
    for line in found:
        fields: Mapping[str, object] = line.fields
        if not with_history and fields.get("event.dataset") == _SESSION_LINES:
            fields = {name: value for name, value in fields.items() if not name.startswith("gamedetectd.")}
            fields = {**fields, "message": str(fields.get("event.action", ""))}
        yield json.dumps(scrub.value(fields), ensure_ascii=True, separators=(",", ":"))


def _history(paths: Paths) -> object:
    try:
        with HistoryReader.open(paths.history_file) as history:
            rows = [session_row(session, redact) for session in history.sessions(limit=SESSIONS)]
    except GamedetectdError as error:
        return {"problem": error.cause}
    return printable(msgspec.to_builtins(rows))


def _titles(paths: Paths, row: DoctorRow) -> set[str]:
    """What the games that were played, or have a rule, are called, and their ids."""
    found = {rule.title for rule in load_rules(paths.rules_file)[0] if rule.title}
    if row.status is not None:
        games = [session.game for session in row.status.sessions]
        found |= {text for game in games for text in (game.id, game.title)}
    try:
        with HistoryReader.open(paths.history_file) as history:
            found |= history.names()
    except GamedetectdError:
        pass  # those in the log are known from there
    try:
        lines = LogReader(paths.event_log_file).tail(Wanted(), _LINES_FOR_TITLES)
    except LogError:
        lines = []
    named = ("gamedetectd.game.title", "gamedetectd.game.id")
    return found | {str(line.fields[name]) for line in lines for name in named if name in line.fields}


def _wrong_values(paths: Paths) -> set[str]:
    """The texts of settings and rules that are wrong, as whoever complains of them shows them."""
    problems = (*check_file(paths), *load_rules(paths.rules_file)[1], *load_actions(paths.actions_file)[1])
    texts = (problem.value.removesuffix("…").strip('"') for problem in problems if problem.value)
    return {text for text in texts if any(character.isalpha() for character in text)}


def _know_token(paths: Paths) -> None:
    """Have the token for HTTP hidden wherever it stands, should it ever have been written down."""
    try:
        token = read_regular(str(paths.http_token_file), _TOKEN_LIMIT).strip()
    except OSError:
        return
    if token:
        register_secret(token.decode("utf-8", "replace"))


def _words(names: Iterable[str], shortest: int) -> re.Pattern[str] | None:
    """A pattern for any of the names where it stands alone, the longest first."""
    told = sorted({name for name in names if len(name) >= shortest}, key=lambda name: (-len(name), name))
    if not told:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, told))})(?!\w)", re.IGNORECASE)


def _account() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name; KeyError before Python 3.13
        return ""


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=True).encode() + b"\n"


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
