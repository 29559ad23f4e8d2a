r"""Makes texts from outside (titles, command lines, messages) harmless and bounded before they are written.

A window title may hold a newline that forges a log line, a terminal escape that acts when somebody prints the log, or a
bidirectional override that shows it backwards. They are written so that they are seen: ``\n``, ``\x1b``, ``\u202e``.
"""

from __future__ import annotations

import re

from gamedetectd.observability.redaction import redactor

TEXT_LIMIT = 8_000
"""Characters of one value that are kept."""
_SLACK = 4_000
"""Characters beyond the limit that are looked through, so that a secret the limit cuts in two is seen as one."""

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""C0 and C1 controls, line separators, bidirectional controls, lone surrogates (undecodable bytes)."""
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """The text on one line, with everything that a terminal or a reader of lines would act upon written out."""
    return _UNSAFE.sub(_escape, text)


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text redacted, harmless and cut to ``limit`` characters; a cut is said, with the length there was."""
    hider = redactor()
    slack = max(_SLACK, hider.longest_secret)
    shown = hider.redact(text[: limit + slack])
    if len(text) > limit + slack:
        shown = shown[:-slack]  # may end in the first half of a secret
    shown = visible(shown)
    if len(text) <= limit + slack and len(shown) <= limit:
        return shown
    return f"{shown[:limit]}… [cut; {len(text)} characters in all]"


def clean_lines(text: str, limit: int) -> str:
    """The last ``limit`` characters, or less, of a text whose line breaks are ours, such as a stack trace."""
    hider = redactor()
    slack = max(_SLACK, hider.longest_secret)
    lines = hider.redact(text[-limit - slack :])
    if len(text) > limit or len(lines) > limit:
        lines = f"[cut; {len(text)} characters in all]\n" + lines[-limit:].partition("\n")[2]
    return "\n".join(visible(line) for line in lines.split("\n"))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not valid UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
