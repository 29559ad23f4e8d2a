"""The person's word about a game that is played now, given where they see it: what the command ``game`` does."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from gamedetectd.domain import ProcessKey, Session
from gamedetectd.errors import ControlError, NotFoundError
from gamedetectd.i18n import _
from gamedetectd.observability import correlation as correlated
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.own_program import own_command

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

COMMAND_SECONDS = 30.0


def not_a_game(daemon: Daemon, session: str) -> None:
    """What is played in this session is no game. Raises NotFoundError once it has ended, ControlError."""
    _game("ignore", "--", program(daemon, session))


def rename(daemon: Daemon, session: str, title: str) -> None:
    """The game of this session is called so. Raises as ``not_a_game`` does."""
    _game("rename", "--", program(daemon, session), title)  # a title may begin like an option


def program(daemon: Daemon, session_id: str) -> str:
    """The process id of the program that is the game in this session. Raises NotFoundError once it has ended."""
    for session in daemon.snapshot().sessions:
        if session.id == session_id:
            return str(_judged(daemon, session).pid)
    raise NotFoundError(_("This game has ended."), _("Say it while it runs, or see: gamedetectd game --help"))


def _judged(daemon: Daemon, session: Session) -> ProcessKey:
    programs = daemon.engine.core.programs
    for key in reversed(session.processes):
        one = programs.get(key)
        if one is not None and one.verdict is not None and one.verdict.is_game:
            return one.verdict.subject or key
    return session.root


def _game(*arguments: str) -> None:
    """The command ``game``, as the person would type it."""
    done = subprocess.run(
        own_command("game", *arguments),
        env=correlated.child_environment(child_environment()),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise ControlError(" ".join(done.stderr.split()), _("Try it in a terminal: gamedetectd game --help"))
