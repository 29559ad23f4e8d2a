"""Keeps the translations in step with the code: extracts the texts, updates every language, compiles, and checks.

python packaging/i18n/translations.py            extract, update and compile (poe i18n)
python packaging/i18n/translations.py --check    only say what is missing or wrong (exit code 1)
python packaging/i18n/translations.py --new fr   begin another language

A text is marked in the code by ``_``, ``N_``, ``ngettext`` or ``pgettext``; a comment ``# Translators:`` before it goes
along. Translators fill in ``gamedetectd/locale/LANGUAGE/LC_MESSAGES/gamedetectd.po``; the compiled ``.mo`` beside it is
what the program reads. The files hold no dates and no line numbers, so that they change only when a text does.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "gamedetectd"
LOCALE = CODE / "locale"
TEMPLATE = ROOT / "packaging" / "i18n" / "gamedetectd.pot"
DOMAIN = "gamedetectd"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
COMMENT_TAG = "Translators:"
HEADER = "# What gamedetectd says, for translators. This file is written by: poe i18n"
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands where Babel wants a date."""
WITHOUT = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
    )
)
"""Lines of a header that would change without any text changing, or name somebody."""


def extracted() -> Catalog:
    """Every text marked in the code and in the dashboard's templates."""
    catalog = Catalog(header_comment=HEADER, fuzzy=False)
    found = extract_from_dir(
        CODE, [("**.py", "python"), ("**.html", "jinja2")], keywords=KEYWORDS, comment_tags=(COMMENT_TAG,)
    )
    for name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, None, [(f"gamedetectd/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def languages() -> list[str]:
    """Every language there is a translation into."""
    return sorted(place.parents[1].name for place in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def po_file(language: str) -> Path:
    """Where translators work."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language as it is in its file."""
    with po_file(language).open("rb") as file:
        catalog = read_po(file, locale=language, domain=DOMAIN)
    catalog.project, catalog.version = DOMAIN, "1"
    catalog.creation_date = catalog.revision_date = NO_DATE
    return catalog


def updated(language: str, template: Catalog) -> Catalog:
    """A language with the texts of the code: new ones empty, those that are gone left out."""
    catalog = read(language) if po_file(language).exists() else Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    catalog.header_comment = HEADER
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalog.fuzzy = False
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file."""
    file = io.BytesIO()
    write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(WITHOUT)).encode()


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as ``gettext`` reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


# --- what is wrong ----------------------------------------------------------------------------------------------------


def problems() -> Iterator[str]:
    """Everything that ``poe i18n`` or a translator has to do, in sentences."""
    template = extracted()
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != written(template):
        yield f"{TEMPLATE.relative_to(ROOT)} is not what the code says: poe i18n"
    for language in languages():
        catalog = read(language)
        if po_file(language).read_bytes() != written(updated(language, template)):
            yield f"{language}: does not hold the texts of the code: poe i18n"
        compiled_file = po_file(language).with_suffix(".mo")
        if not compiled_file.exists() or compiled_file.read_bytes() != compiled(catalog):
            yield f"{language}: is not compiled: poe i18n"
        for message in catalog:
            if message.id:
                yield from (f"{language}: {wrong}: {message.id!r}" for wrong in wrong_with(message, catalog))


def wrong_with(message: Message, catalog: Catalog) -> Iterator[str]:
    """What is wrong with one translated text."""
    originals = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if message.fuzzy:
        yield "is a guess (fuzzy)"
    if not all(said) or (len(originals) > 1 and len(said) != catalog.num_plurals):
        yield "is not translated"
        return
    for text in said:
        if placeholders(text) != placeholders(originals[-1]):
            yield f"has other placeholders in {text!r}"
        if text.strip() != text and originals[0].strip() == originals[0]:
            yield f"has blanks around {text!r}"
        if text[-1:] != originals[0][-1:] and {text[-1:], originals[0][-1:]} & set(".:?…"):
            yield f"ends otherwise in {text!r}"


def placeholders(text: str) -> list[str]:
    """The names in braces, sorted."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


# --- the command ------------------------------------------------------------------------------------------------------


def write_all(new: str = "") -> None:
    """Bring template, languages and compiled files up to date."""
    template = extracted()
    TEMPLATE.write_bytes(written(template))
    for language in sorted({*languages(), *([new] if new else [])}):
        place = po_file(language)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(written(updated(language, template)))
        place.with_suffix(".mo").write_bytes(compiled(read(language)))


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--new", default="", metavar="LANGUAGE", help="begin another language, such as fr or pt_BR")
    options = parser.parse_args()
    if not options.check:
        write_all(options.new)
    found = list(problems())
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
