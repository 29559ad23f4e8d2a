"""The person's settings and rules: read, judged, explained and watched. See ``schema`` for the options.

In order, each above the one before: the defaults, ``settings.toml``, the environment (``GAMEDETECTD_<SECTION>_<KEY>``,
such as ``GAMEDETECTD_WATCH_POLL_INTERVAL``) and the flags of the command line.
"""

from gamedetectd.config.actions import Actions, Hook, Mqtt, Webhook, load_actions
from gamedetectd.config.load import Effective, InvalidSettingsError, check, check_file, load, show
from gamedetectd.config.problems import Problem
from gamedetectd.config.reload import Reload
from gamedetectd.config.rules import load_rules
from gamedetectd.config.schema import Option, Origin, Settings, options, schema, secrets_named
from gamedetectd.config.template import template
from gamedetectd.config.watcher import ConfigWatcher

__all__ = [
    "Actions",
    "ConfigWatcher",
    "Effective",
    "Hook",
    "InvalidSettingsError",
    "Mqtt",
    "Option",
    "Origin",
    "Problem",
    "Reload",
    "Settings",
    "Webhook",
    "check",
    "check_file",
    "load",
    "load_actions",
    "load_rules",
    "options",
    "schema",
    "secrets_named",
    "show",
    "template",
]
