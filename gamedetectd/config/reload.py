"""What changes when the settings or the rules are read again while the daemon runs."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from gamedetectd.config.actions import NO_ACTIONS, Actions, read_actions
from gamedetectd.config.load import NO_FLAGS, InvalidSettingsError, load
from gamedetectd.config.problems import Problem
from gamedetectd.config.rules import read_rules
from gamedetectd.config.schema import Option, Settings, options
from gamedetectd.config.sections import SECTIONS
from gamedetectd.domain import Rule
from gamedetectd.paths import Paths


@dataclass(frozen=True, slots=True)
class Reload:
    """What came of reading everything again.

    ``settings`` are those in force from now on: options that need a restart keep the value the daemon started with.
    None means that something in them is wrong and the old ones stay; None for ``rules`` that the file cannot be read
    and the old rules stay. ``applied`` and ``needs_restart`` name options as ``section.key``. ``by`` says what made us
    look: an edit of the file, a command, the tray.
    """

    settings: Settings | None
    rules: tuple[Rule, ...] | None
    applied: tuple[str, ...] = ()
    needs_restart: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    by: str = ""
    actions: Actions | None = NO_ACTIONS
    """Hooks and webhooks; None means that something in their file is wrong and the earlier ones stay."""


class Reloader:
    """Knows what is in force and reads it again. ``settings`` and ``rules`` are always the ones to be used now."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        rules: Sequence[Rule] = (),
        environment: Mapping[str, str] = os.environ,
        flags: Mapping[str, object] = NO_FLAGS,
    ) -> None:
        self.settings = settings
        self.rules = tuple(rules)
        self._paths = paths
        self._environment = environment
        self._flags = flags

    def reload(self) -> Reload:
        """Read the settings and the rules and take over what can be taken over. Never raises for what they say."""
        rules, problems = read_rules(self._paths.rules_file)
        if rules is not None:
            self.rules = rules
        actions, wrong = read_actions(self._paths.actions_file)
        actions, problems = None if wrong else actions, (*problems, *wrong)
        try:
            wanted = load(self._paths, self._environment, self._flags)
        except InvalidSettingsError as error:
            return Reload(None, rules, problems=(*error.problems, *problems), actions=actions)
        changed = [option for name, option in options().items() if self.settings.value(name) != wanted.value(name)]
        waiting = [option for option in changed if not option.live]
        self.settings = _without(wanted, self.settings, waiting)
        return Reload(
            settings=self.settings,
            rules=rules,
            applied=tuple(option.name for option in changed if option.live),
            needs_restart=tuple(option.name for option in waiting),
            problems=problems,
            actions=actions,
        )


def _without(wanted: Settings, old: Settings, waiting: Sequence[Option]) -> Settings:
    """The wanted settings, but with the old values, and their origins, of the options that wait for a restart."""
    sections: dict[str, Any] = {
        section: msgspec.structs.replace(
            getattr(wanted, section),
            **{option.key: old.value(option.name) for option in waiting if option.section == section},
        )
        for section in SECTIONS
    }
    held = {option.name for option in waiting}
    origins = {name: origin for name, origin in wanted.origins.items() if name not in held}
    origins.update((name, origin) for name, origin in old.origins.items() if name in held)
    return dataclasses.replace(wanted, **sections, origins=MappingProxyType(origins))
