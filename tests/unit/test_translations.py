"""The translations are complete, in step with the code, and said in the forms that a language has for numbers."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from gamedetectd import i18n
from gamedetectd.app.checks import CONDITIONS
from gamedetectd.app.checks.desktop import NOTIFICATIONS_UNAVAILABLE
from gamedetectd.domain import Severity
from gamedetectd.i18n import _, duration, install, languages, ngettext, pgettext

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "i18n" / "translations.py"
NOT_WORDS = re.compile(r"\{\w*\}|%\w|[\W\d_]")


@pytest.fixture(scope="module")
def translations():
    pytest.importorskip("babel", reason="babel comes with the extra dev: pip install -e '.[dev]'")
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def english():
    yield
    install("en")


def test_every_language_holds_exactly_what_the_code_says_and_is_compiled(translations):
    assert list(translations.problems()) == []
    assert translations.languages() == ["de"]
    assert languages() == ["de", "en"]


def test_every_text_of_the_tray_the_notifications_and_health_is_among_them(translations):
    texts = set()
    for message in translations.extracted():
        texts |= set(message.id if isinstance(message.id, (tuple, list)) else (message.id,))
    assert {condition.title for condition in CONDITIONS} <= texts
    assert {condition.remedy for condition in CONDITIONS} <= texts
    assert {"Why?", "{title} is being played", "No game is being played"} <= texts
    assert len(texts) > 100


def test_nearly_nothing_stays_english(translations):
    same = {
        message.id
        for message in translations.read("de")
        if message.id and message.string == message.id and NOT_WORDS.sub("", message.id)
    }
    assert same <= {
        "Details",
        "Pause",
        "Sensor",
        "Thread",
        "{minutes} min",
        "{hours} h {minutes} min",
        "gamedetectd autostart off",
    }, same


def test_access_keys_are_kept(translations):
    """An underscore before a letter makes a key of it, in menus only."""
    for message in translations.read("de"):
        if isinstance(message.id, str) and "views/menu" in str(message.locations):
            assert message.string.count("_") == message.id.count("_"), message.id


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (("{count} thing", "{count} things"), "is not translated"),
        ("{title} ends.", "has other placeholders"),
        ("Ends.", "ends otherwise"),
        ("Blank", "has blanks"),
    ],
)
def test_the_check_finds_what_is_wrong(translations, text, wrong):
    said = {"{title} ends.": "{titel} endet.", "Ends.": "Endet", "Blank": " Leer"}.get(text, ("", "{count} Dinge"))
    catalog = translations.Catalog(locale="de")
    message = catalog.add(text, said)
    assert any(wrong in found for found in translations.wrong_with(message, catalog))
    message.flags.add("fuzzy")
    assert "is a guess (fuzzy)" in list(translations.wrong_with(message, catalog))


def test_a_text_that_nobody_translated_yet_is_found_and_a_new_language_is_begun(translations, tmp_path, monkeypatch):
    for name, place in (("LOCALE", "locale"), ("TEMPLATE", "new.pot")):
        monkeypatch.setattr(translations, name, tmp_path / place)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert list(translations.problems()) == ["new.pot is not what the code says: poe i18n"]
    monkeypatch.setattr(sys, "argv", ["translations.py", "--new", "pl"])
    assert translations.main() == 1
    found = list(translations.problems())
    assert found
    assert all(problem.startswith("pl: is not translated") for problem in found)
    place = translations.po_file("pl")
    place.write_text(place.read_text().replace('msgid "Why?"', 'msgid "Why not?"'))
    place.with_suffix(".mo").unlink()
    found = list(translations.problems())
    assert "pl: does not hold the texts of the code: poe i18n" in found
    assert "pl: is not compiled: poe i18n" in found


# --- what a person reads ----------------------------------------------------------------------------------------------


def test_german():
    install("de")
    assert _("{title} is being played").format(title="Portal 2") == "Portal 2 läuft"
    forms = [ngettext("{number} known game", "{number} known games", count) for count in (0, 1, 2)]
    assert forms == ["{number} bekannte Spiele", "{number} bekanntes Spiel", "{number} bekannte Spiele"]
    assert pgettext("nowhere", "Never said anywhere") == "Never said anywhere"
    assert [duration(seconds) for seconds in (-5, 29, 60, 725, 3_600, 3_900, 360_000)] == [
        "weniger als eine Minute", "weniger als eine Minute", "1 min", "12 min", "1 h 00 min", "1 h 05 min",
        "100 h 00 min",
    ]  # fmt: skip


def test_notifications_speak_the_language_that_is_set_now():
    from notification_story import Hour

    hour = Hour()
    install("de")
    played = hour.plays()
    install("en")
    hour.wrong("history-unwritable")
    install("de")
    hour.ends(played)
    hour.after(60)
    hour.right("history-unwritable")
    hour.after(600)
    assert hour.said == ["Portal 2 läuft", "Play time cannot be kept", "Portal 2 wurde beendet", "Wieder in Ordnung"]
    assert [button.label for button in hour.notifier.shown[0].buttons] == ["Warum?", "Kein Spiel"]
    assert hour.notifier.shown[-1].body == "Nicht mehr der Fall: Spielzeit lässt sich nicht festhalten."


def test_that_nothing_can_be_shown_changes_nothing_else():
    (condition,) = (one for one in CONDITIONS if one.code == NOTIFICATIONS_UNAVAILABLE)
    assert condition.severity is Severity.INFO


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, []),
        ({"LANG": "de_DE.UTF-8"}, ["de_DE.UTF-8"]),
        ({"LANGUAGE": "de:en", "LANG": "fr_FR.UTF-8"}, ["de", "en"]),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, []),
        ({"LC_MESSAGES": "POSIX", "LANG": "de_DE.UTF-8"}, []),
        ({"LANGUAGE": "", "LANG": "de_AT"}, ["de_AT"]),
        ({"LANGUAGE": "de_AT:en_GB"}, ["de_AT", "en_GB"]),
        ({"LANGUAGE": "en_GB:de"}, ["en_GB", "de"]),
    ],
)
def test_the_language_is_the_systems_unless_one_is_chosen(environment, wanted):
    told = i18n.system_languages(environment)
    assert told == wanted or (not environment and sys.platform != "linux"), "others ask their system"
    install("", environment or {"LANG": "C"})
    assert _("Why?") == ("Warum?" if wanted and wanted[0].startswith("de") else "Why?")
    install("de_CH", environment)
    assert _("Why?") == "Warum?"


@pytest.mark.parametrize(
    ("told", "tag"),
    [
        ("German_Germany", "de_DE"),
        ("German_Austria", "de_DE"),
        ("de_AT", "de_AT"),
        ("French_France", "fr_FR"),
        ("C", "C"),
    ],
)
def test_windows_names_of_languages_are_understood(told, tag):
    assert i18n.tag_of(told) == tag
    install(i18n.tag_of(told))
    assert _("Why?") == ("Warum?" if tag.startswith("de") else "Why?")


@pytest.mark.parametrize("language", ["xx", "../../etc", "de/../..", "en", "\0", "*"])
def test_an_unknown_language_is_english(language):
    install("de")
    install(language)
    assert _("Why?") == "Why?"
