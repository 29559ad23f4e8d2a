"""What the audit trail tells of: every action there is, once, with its place in the Elastic Common Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SEALED, PRUNED, GAP = "audit-sealed", "audit-pruned", "audit-gap"
"""What the trail says of itself."""


@dataclass(frozen=True, slots=True)
class Action:
    """``category`` and ``kind`` are ECS' ``event.category`` and ``event.type``. ``ours``: about the trail itself, and
    never left out however often it happens.
    """

    category: str
    kind: str
    description: str
    ours: bool = False


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "start": Action("process", "start", "The daemon starts; how, and what its settings were.", ours=True),
        "stop": Action("process", "end", "The daemon ends; who asked for it.", ours=True),
        "settings-changed": Action("configuration", "change", "Which settings, and by what; never their values."),
        "rules-changed": Action("configuration", "change", "The person's rules, and by what."),
        "secret-used": Action("configuration", "access", "A secret was read, and for what; never its value."),
        "secret-set": Action("configuration", "creation", "A secret was kept."),
        "secret-deleted": Action("configuration", "deletion", "A secret was forgotten."),
        "secret-rotated": Action("configuration", "change", "A secret, or what encrypts them, was replaced."),
        "unlock": Action("authentication", "start", "The keyring or the secrets file was opened, or was not."),
        "token-refused": Action("authentication", "start", "Somebody showed a wrong token, or none, over HTTP."),
        "client-refused": Action("network", "denied", "Somebody was turned away from the control channel."),
        "hook-run": Action("process", "start", "A program of the person's was run."),
        "screen-allowed": Action(
            "configuration", "access", "The person was asked for the leave to see the screen (GNOME, KDE); the answer."
        ),
        "screen-revoked": Action(
            "configuration", "deletion", "The leave to see the screen was taken back by a command."
        ),
        "permissions-wrong": Action("file", "info", "A file of ours could be read or changed by somebody else."),
        SEALED: Action("configuration", "info", "The key is here: every line before is proven.", ours=True),
        PRUNED: Action("file", "deletion", "The oldest lines go, for their age or number.", ours=True),
        GAP: Action("intrusion_detection", "info", "The trail is not as it was written.", ours=True),
    }
)
_UNKNOWN = Action("configuration", "info", "Something that is not in the table; it is kept all the same.")


def action_of(name: str) -> Action:
    """What is known of the action of this name."""
    return ACTIONS.get(name, _UNKNOWN)
