"""Settings and rules: whether they can be used, wait for a restart, or are of a newer program."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

INVALID = "settings-invalid"
RULES_INVALID = "rules-invalid"
ACTIONS_INVALID = "actions-invalid"
RESTART_NEEDED = "restart-needed"
NEWER = "data-newer"

_CHECK = N_("Mend the file; see: gamedetectd config check")


class Settings(Check):
    """What the latest look at settings and rules brought, and who last wrote here."""

    name = "settings"
    conditions = (
        Condition(
            INVALID,
            N_("The settings have an error; the earlier ones stay in force"),
            Severity.WARNING,
            _CHECK,
            flaps=False,
        ),
        Condition(
            RULES_INVALID,
            N_("Your rules have an error; the earlier ones stay in force"),
            Severity.WARNING,
            _CHECK,
            flaps=False,
        ),
        Condition(
            ACTIONS_INVALID,
            N_("Your hooks, webhooks and brokers have an error"),
            Severity.WARNING,
            _CHECK,
            flaps=False,
        ),
        Condition(
            RESTART_NEEDED,
            N_("Changed settings wait for a restart"),
            Severity.INFO,
            N_("Restart when it suits you: gamedetectd stop, then gamedetectd run"),
            flaps=False,
        ),
        Condition(
            NEWER,
            N_("A newer gamedetectd was used here before"),
            Severity.WARNING,
            N_(
                "Install that version again: this one may not know all of its settings, rules and data. "
                "If you went back on purpose, delete the file that is named."
            ),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        news, paths = self.daemon.news, self.daemon.paths
        codes = {str(paths.rules_file): RULES_INVALID, str(paths.actions_file): ACTIONS_INVALID}
        for problem in news.problems:
            yield Finding(
                codes.get(problem.file, INVALID), str(problem), f"{problem.file}:{problem.line}:{problem.key}"
            )
        unknown = set(self.daemon.settings.health.ignore) - self.daemon.monitor.codes
        for code in sorted(unknown):
            yield Finding(INVALID, f'health.ignore: there is no condition "{code}".', f"ignore:{code}")
        if news.needs_restart:
            yield Finding(RESTART_NEEDED, f"Changed: {', '.join(news.needs_restart)}.")
        if (newer := self.daemon.newest_version.newer()) is not None:
            yield Finding(NEWER, newer)
