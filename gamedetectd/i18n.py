"""What a person reads in their own language: gettext, set up once, and the few forms that differ by language.

Texts are written in English in the code, marked by ``_``, ``ngettext`` or ``N_`` (marked here, translated where it is
shown). Translations lie in ``locale/LANGUAGE/LC_MESSAGES``; see CONTRIBUTING.md for how they are made.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DOMAIN = "gamedetectd"
FOLDER = Path(__file__).resolve().parent / "locale"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_TAG = re.compile(r"[A-Za-z]{2,8}([_.@-][A-Za-z0-9-]+)*")
_MINUTE, _HOUR = 60, 3_600

_translation: gettext.NullTranslations = gettext.NullTranslations()


def install(language: str = "", environment: Mapping[str, str] = os.environ) -> None:
    """Speak ``language`` (``de``, ``pt_BR``) from now on; "" is the system's. English where there is no translation."""
    global _translation  # noqa: PLW0603 - one language for the whole program
    wanted = [one for one in ([language] if language else system_languages(environment)) if _TAG.fullmatch(one)]
    ours = next((place for place, one in enumerate(wanted) if re.split(r"[_.@-]", one)[0] == "en"), len(wanted))
    wanted = wanted[:ours]  # what somebody wants less than English is not wanted
    _translation = gettext.translation(DOMAIN, FOLDER, languages=wanted, fallback=True)


def system_languages(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The languages the person's system is set to, the first choice first."""
    for name in _VARIABLES:
        if value := environment.get(name, ""):
            return [] if value in ("C", "POSIX") else value.split(":")
    if sys.platform in ("win32", "darwin"):
        told = locale.getlocale()[0]
        return [tag_of(told)] if told else []
    return []


def tag_of(name: str) -> str:
    """``de_DE`` for what Windows' C library calls ``German_Germany``; what is a tag already stays as it is."""
    language = name.partition("_")[0].lower()
    return name if len(language) < 4 else locale.locale_alias.get(language, name).partition(".")[0]


def languages() -> Sequence[str]:
    """Every language there is a translation for, English included."""
    return sorted({"en", *(place.name for place in FOLDER.glob("*") if (place / "LC_MESSAGES").is_dir())})


def language() -> str:
    """The language that is spoken, as HTML names it: ``de``, ``pt-BR``."""
    return _translation.info().get("language", "en").replace("_", "-")


def _(text: str) -> str:
    """The text in the person's language."""
    return _translation.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the text that the language has for ``count``; put the number in yourself."""
    return _translation.ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """The text in the person's language, of several meanings the one that ``context`` names."""
    return _translation.pgettext(context, text)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """The text as it is: marked for translators, translated by ``_`` where it is shown."""
    return text


def duration(seconds: float) -> str:
    """A length of time as people say it: ``1 h 05 min``, ``12 min``, ``less than a minute``."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return _("less than a minute")
    hours, minutes = whole // _HOUR, whole % _HOUR // _MINUTE
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=f"{minutes:02d}")
