"""Who may read and write our files. See ``ownership`` for the checks and ``private`` for making files.

On Windows every check passes: the directories platformdirs names lie in the person's profile, whose access list
already keeps other accounts out, and the mode bits Python shows there say nothing about access. A ``GAMEDETECTD_HOME``
outside the profile is as private as the person made it.
"""

from gamedetectd.platforms.permissions.ownership import refuse_if_writable_by_others, refuse_program_of_others
from gamedetectd.platforms.permissions.private import (
    create,
    ensure_private_dir,
    open_private,
    refuse_second_name,
    write_private_atomic,
)

__all__ = [
    "create",
    "ensure_private_dir",
    "open_private",
    "refuse_if_writable_by_others",
    "refuse_program_of_others",
    "refuse_second_name",
    "write_private_atomic",
]
