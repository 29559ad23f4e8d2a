"""Where everything of ours lies on disk: one answer for every system, and one directory for portable use and tests."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.errors import PermissionsError, SettingsError

APP_NAME = "gamedetectd"
HOME_VARIABLE = "GAMEDETECTD_HOME"
MODELS_VARIABLE = "GAMEDETECTD_MODELS"
"""Names another directory of models for looking at the screen, for those who make some."""
SOCKET_PATH_LIMIT = 100
"""Bytes a socket's path may have: ``sun_path`` holds 104 on macOS and 108 on Linux, with its final NUL."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Our directories. Nothing says that they exist yet: ``platforms.permissions.create`` makes them."""

    config: Path
    data: Path
    state: Path
    log: Path
    cache: Path
    runtime: Path

    @classmethod
    def resolve(cls, environment: Mapping[str, str] = os.environ) -> Paths:
        """The directories of this account, or those below ``GAMEDETECTD_HOME`` where ``environment`` sets it.

        The system's own variables (``XDG_CONFIG_HOME``, ``APPDATA`` …) are always read from the real environment.
        Raises SettingsError where the account has no home, PermissionsError where somebody else holds our place.
        """
        home = environment.get(HOME_VARIABLE, "")
        if home:
            return cls.below(Path(home).expanduser().absolute())
        return _of_this_account()

    @classmethod
    def below(cls, home: Path) -> Paths:
        """Everything under one directory."""
        return cls(*(home / name for name in ("config", "data", "state", "log", "cache", "runtime")))

    @property
    def home(self) -> Path | None:
        """The one directory that everything lies below; None where it lies in the account's usual places."""
        above = self.data.parent
        return above if self == Paths.below(above) else None

    @property
    def directories(self) -> tuple[Path, ...]:
        """Every directory that must exist before the daemon starts, the socket's included."""
        own = (self.config, self.data, self.state, self.log, self.cache, self.runtime)
        return tuple(dict.fromkeys((*own, self.socket_file.parent)))

    @property
    def settings_file(self) -> Path:
        """The person's settings."""
        return self.config / "settings.toml"

    @property
    def rules_file(self) -> Path:
        """The person's own rules: what is a game, what is not, and what it is called."""
        return self.config / "rules.toml"

    @property
    def actions_file(self) -> Path:
        """What the person wants done when a game starts or ends: hooks, webhooks and brokers."""
        return self.config / "actions.toml"

    @property
    def history_file(self) -> Path:
        """The play-time history, an SQLite database."""
        return self.data / "history.db"

    @property
    def journal_file(self) -> Path:
        """The heartbeats of the sessions that are open now."""
        return self.state / "journal.jsonl"

    @property
    def event_log_file(self) -> Path:
        """The JSON lines that log shippers read."""
        return self.log / "gamedetectd.jsonl"

    @property
    def http_token_file(self) -> Path:
        """The token that whoever reads us over HTTP must show."""
        return self.state / "http-token"

    @property
    def audit_log_file(self) -> Path:
        """What happened that matters for security, line by line chained to the one before."""
        return self.log / "audit.jsonl"

    @property
    def lock_file(self) -> Path:
        """Held by the one daemon that runs."""
        return self.runtime / "gamedetectd.lock"

    @property
    def socket_file(self) -> Path:
        """The control channel's socket; a path too long for a socket is replaced by a short one made of its hash.

        The answer depends on nothing but the runtime directory and the account, so that a daemon and a command that
        were started with different environments meet.
        """
        plain = self.runtime / "control.sock"
        if len(os.fsencode(plain)) <= SOCKET_PATH_LIMIT:
            return plain
        import hashlib  # loads OpenSSL, for a case that is rare

        digest = hashlib.sha256(os.fsencode(self.runtime)).hexdigest()[:16]
        return _short_runtime_directory() / f"{digest}.sock"


def _short_runtime_directory() -> Path:
    """A directory of this account's with a short name: below ``/run/user`` where there is one, else below ``/tmp``."""
    if sys.platform == "win32":
        return Path(os.environ.get("TEMP", "C:\\")) / APP_NAME
    runtime = Path(f"/run/user/{os.getuid()}")
    return runtime / APP_NAME if runtime.is_dir() else Path(f"/tmp/{APP_NAME}-{os.getuid()}")  # noqa: S108


def _of_this_account() -> Paths:
    from platformdirs import PlatformDirs

    ours = PlatformDirs(APP_NAME, appauthor=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no XDG_RUNTIME_DIR is set; its fallback is fine
        try:
            return Paths(
                config=ours.user_config_path,
                data=ours.user_data_path,
                state=ours.user_state_path,
                log=ours.user_log_path,
                cache=ours.user_cache_path,
                runtime=ours.user_runtime_path,
            )
        except RuntimeError as error:
            raise SettingsError(
                "The home directory of this account is not known.",
                f"Set HOME, or set {HOME_VARIABLE} to a directory of your own.",
            ) from error
        except PermissionError as error:
            raise PermissionsError(
                f"There is no private place for the control channel: {error}.",
                f"Remove that directory, or set XDG_RUNTIME_DIR or {HOME_VARIABLE} to a directory of your own.",
            ) from error
