"""Whatever a title, a reason or a message holds: notifications stay bounded and harmless, and what is private out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_story import Hour

from gamedetectd.domain import Evidence, Game, SessionEventKind
from gamedetectd.observability.redaction import redactor

CANARY = "Xq7-Secret-Window"
LONGEST_TITLE, LONGEST_BODY = 160, 1_500
anything = st.text(max_size=400) | st.text(alphabet="<>&;\"'\\/%{}$`\n\r\t\x00\x1b\u202e\u2066\u2028", max_size=400)


@pytest.fixture(scope="module", autouse=True)
def private():
    """Hypothesis runs every example within one test."""
    redactor().set_private_titles(("*secret-window*",))
    yield
    redactor().set_private_titles(())


def tell(title, reason, message):
    hour = Hour()
    played = hour.plays(Game("name:x", title), reasons=(Evidence("t", 1.0, reason), Evidence("u", 2.0, title)))
    for action in ("why", "not-a-game", "details"):
        hour.clicks("game:name:x", action)
    hour.wrong("history-unwritable", message)
    hour.clicks("condition:history-unwritable", "details")
    hour.notifications.say(title, message)
    hour.ends(played)
    hour.after(60)
    hour.ends(hour.plays(Game("name:x", title), 2), SessionEventKind.CORRECTED)
    hour.clicks("game:name:x", "not-a-game")
    return hour.notifier.shown


def is_harmless(text):
    return all(letter.isprintable() or letter in "\u200c\u200d\u2068\u2069" for letter in text)


@given(anything, anything, anything)
def test_any_text_is_bounded_and_without_anything_that_acts(title, reason, message):
    for shown in tell(title, reason, message):
        assert is_harmless(shown.title)
        assert all(is_harmless(line) for line in shown.body.split("\n"))
        assert len(shown.title) <= LONGEST_TITLE
        assert len(shown.body) <= LONGEST_BODY
        assert shown.body.count("\n") <= 6
        assert not any(unicodedata.category(letter) == "Cs" for letter in shown.title + shown.body)


@given(anything, anything)
def test_a_private_title_stays_out_wherever_it_hides(before, after):
    for title in (f"{before}{CANARY}{after}", CANARY):
        quoted = f"Its window is called “{CANARY}”."
        for shown in tell(title, quoted, f"{before} {CANARY.upper()} {after}"):
            assert CANARY.casefold() not in f"{shown.title}\n{shown.body}".casefold()


def test_very_long_texts_cost_no_time():
    for shown in tell("t" * 1_000_000, "r" * 1_000_000, "\u202e" * 1_000_000):
        assert len(shown.title) <= LONGEST_TITLE
        assert len(shown.body) <= LONGEST_BODY


def test_a_private_title_whose_words_are_pulled_apart_stays_out():
    redactor().set_private_titles(("*secret window*",))
    spread = "My Secret\u202e\n Window"
    for shown in tell(spread, f"It is called {spread}.", f"{spread} is gone."):
        assert "Secret" not in f"{shown.title}\n{shown.body}"
