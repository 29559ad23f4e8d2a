"""What is said of one option, so that checks, help, template and schema can all say it. See ``sections``."""

from __future__ import annotations

from typing import Any

from msgspec import Meta


def option(
    description: str, example: object, *, live: bool, expects: str = "", names_secret: bool = False, **limits: Any
) -> Meta:
    """What is said of one option. ``live``: a running daemon takes it over at once; otherwise at its next start.

    ``expects`` says what a value that must match a pattern is. ``names_secret``: the value is the name of a secret,
    never the secret itself; empty for none.
    """
    applies = "at once" if live else "after a restart"
    return Meta(
        description=description,
        examples=[example],
        extra_json_schema={"x-applies": applies},
        extra={"live": live, "expects": expects, "names_secret": names_secret},
        **limits,
    )
