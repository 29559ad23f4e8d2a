"""Who writes the audit trail: the daemon while it runs, a command where none does; and what is noted of what happens.

A command that did something for the person, such as keeping a secret, calls ``note``.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import gamedetectd
from gamedetectd.config.reload import Reload
from gamedetectd.control.client import Client
from gamedetectd.errors import AuditError, ControlError, GamedetectdError, NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions.exposed import Exposed
from gamedetectd.platforms.regular_files import read_regular
from gamedetectd.security.audit import AuditLog
from gamedetectd.security.credentials import SecretStore

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

OF_COMMANDS = frozenset(
    {"secret-used", "secret-set", "secret-deleted", "secret-rotated", "unlock", "hook-run", "screen-revoked"}
)
"""What a command may have the daemon note; everything else the daemon knows better."""
LONGEST = 500
"""Characters of a message or detail that a command may send."""
_MOST_DETAILS = 20
_NO_DETAILS = ("self", "action", "message", "success")
_WAIT = 1.0
"""Seconds to wait for another command that writes."""
_LARGEST_FILE = 1_000_000


def begin(daemon: Daemon, at_the_end: Callable[[Callable[[], None]], object]) -> AuditLog:
    """Open the trail with the daemon's start, and end it with its end. Nothing is asked of the keyring yet."""
    trail = AuditLog(daemon.paths.audit_log_file, lambda: daemon.secrets)
    trail.record(
        "start",
        f"gamedetectd {gamedetectd.__version__} starts.",
        settings=_digest(daemon.paths.settings_file),
        rules=_digest(daemon.paths.rules_file),
    )
    for one in daemon.exposed_before:
        log.info("%s Since when is not known; what can be closed is closed now.", one.cause)
        exposed(trail, one)
    trail.flush(durable=False)  # the worker sees to the disk; nobody waits for it at the start

    def end() -> None:
        by = daemon.stopped_by or "an error"
        trail.tell_left_out()
        trail.record("stop", f"gamedetectd ends, by {by}.", by=by)
        trail.close(daemon.time_left())

    at_the_end(end)
    return trail


def reloaded(trail: AuditLog, before: Reload, news: Reload) -> None:
    """Note what a look at settings and rules brought: which of them changed, by what, never their values."""
    changed = [*news.applied, *(name for name in news.needs_restart if name not in before.needs_restart)]
    if changed:
        trail.record(
            "settings-changed",
            f"Changed by {news.by}: {', '.join(changed)}.",
            by=news.by,
            settings=" ".join(changed),
            waiting=" ".join(news.needs_restart),
        )
    if news.settings is None and news.problems != before.problems:
        trail.record(
            "settings-changed", f"The settings have errors and were not taken over ({news.by}).", success=False
        )
    if news.rules is None and before.rules is not None:
        trail.record("rules-changed", f"The rules have errors and were not taken over ({news.by}).", success=False)
    elif news.rules is not None and news.rules != before.rules:
        trail.record("rules-changed", f"Changed by {news.by}: {len(news.rules)} rules.", by=news.by)
    if news.actions is not None and news.actions != before.actions:
        trail.record("settings-changed", f"The hooks, webhooks and brokers were changed by {news.by}.", by=news.by)


def exposed(trail: AuditLog, found: Exposed) -> None:
    """Note a file that other accounts could look at or change."""
    trail.record("permissions-wrong", found.cause, success=False, file=str(found.path), remedy=found.command)


def refused(trail: AuditLog, reason: str) -> None:
    """Note a client that the control channel turned away."""
    trail.record("client-refused", f"The control channel turned a client away: {reason}.", success=False)


def noted_by_command(trail: AuditLog, request: Mapping[str, object]) -> None:
    """Take a command's word for what it did. Raises ControlError for what no command of ours says."""
    action, message, details = request.get("action"), request.get("message"), request.get("details")
    if not isinstance(action, str) or not isinstance(message, str) or not isinstance(details, dict):
        raise ControlError("That cannot be noted.", "Command and daemon may be of different versions.")
    if action not in OF_COMMANDS:
        raise ControlError("That cannot be noted.", "Command and daemon may be of different versions.")
    kept = {
        str(name)[:60]: str(value)[:LONGEST]
        for name, value in list(details.items())[:_MOST_DETAILS]
        if name not in _NO_DETAILS
    }
    trail.record(action, message[:LONGEST], success=request.get("success") is True, **{**kept, "by": "a command"})


def note(paths: Paths, action: str, message: str, *, success: bool = True, **details: str) -> None:
    """Have the daemon note what a command did, or do so here where none runs. Never raises; a failure is logged."""
    try:
        Client(paths).request("audit", action=action, message=message, success=success, details=details)
    except NotRunningError:
        _note_here(paths, action, message, success=success, **details)
    except GamedetectdError as error:
        log.warning("%s was not noted in the audit trail: %s", action, error)


def _note_here(paths: Paths, action: str, message: str, *, success: bool, **details: str) -> None:
    """Lines of a command are chained only; the daemon's next sealed line proves them."""
    trail = AuditLog(paths.audit_log_file, lambda: SecretStore(paths))
    trail.record(action, message, success=success, **{**details, "by": "a command"})
    until = time.monotonic() + _WAIT
    trail.flush()
    while trail.waiting and time.monotonic() < until:
        time.sleep(0.05)
        trail.flush()
    if trail.waiting:
        why = trail.problem or AuditError("Another process writes it.", "Try again.")
        log.warning("%s was not noted in the audit trail: %s", action, why)
    trail.close(0.0)


def _digest(file: Path) -> str:
    """Tells two versions of a file apart, so that a change while nobody watched is seen; "none" for no file."""
    try:
        return hashlib.sha256(read_regular(file, _LARGEST_FILE)).hexdigest()[:16]
    except OSError:
        return "none"
