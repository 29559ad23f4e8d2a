"""Planted canaries: no secret, home directory, private title or terminal escape ever reaches a log, in any spelling."""

import base64
import io
import json
import logging
import urllib.parse
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_logs import events, log, messages, real_log, written

from gamedetectd.observability.escaping import TEXT_LIMIT, clean, clean_lines, visible
from gamedetectd.observability.redaction import (
    Redactor,
    is_private_title,
    redact,
    redact_argv,
    redactor,
    register_secret,
)

CANARY = "k4n4ry-V0gel"

NAMED = {
    "key=value": f"password={CANARY}",
    "key: value": f"Password: {CANARY}",
    "any case, a prefix and a suffix": f"MQTT_PASSWORD_2={CANARY}",
    "quoted value with spaces": f"passphrase='{CANARY} {CANARY}'",
    "unterminated quote": f'secret="{CANARY} {CANARY}',
    "json": f'{{"api_key": "{CANARY}", "user": "bob"}}',
    "json with an escaped quote": f'{{"token": "a\\"{CANARY}"}}',
    "json within json": f'{{"body": "{{\\"password\\": \\"{CANARY}\\"}}"}}',
    "python repr": f"{{'client_secret': '{CANARY}'}}",
    "python bytes": f"{{'token': b'{CANARY}'}}",
    "option and value": f"game --password {CANARY} --fullscreen",
    "option=value": f"game --steam-token={CANARY}",
    "one dash": f"game -AUTH_PASSWORD={CANARY} -x",
    "a quake console": f"+rcon_password {CANARY} +map q3dm17",
    "windows option": f"game.exe /password:{CANARY}",
    "minecraft": f"java -cp x Main --username bob --accessToken {CANARY}",
    "a list of arguments": f"['game', '--password', '{CANARY}']",
    "json list of arguments": f'["game", "--api-key", "{CANARY}"]',
    "authorization header": f"Authorization: Basic {CANARY}",
    "authorization header in quotes": f"curl -H 'Authorization: Bearer {CANARY}' x",
    "cookie header": f"Cookie: a=1; session={CANARY}; b={CANARY}",
    "set-cookie in json": f'{{"set-cookie": "sid={CANARY}; Path=/"}}',
    "bearer alone": f"sent bearer {CANARY}99",
    "url with a password": f"mqtt://bob:{CANARY}@broker:1883/x",
    "url with a password that holds an at sign": f"https://bob:p@{CANARY}@host/x",
    "url with a token for a user": f"https://{CANARY}@host/x",
    "query string": f"https://host/path?user=bob&access_token={CANARY}&x=1",
    "query string with short names": f"https://host/path?key={CANARY}&sig={CANARY}",
    "query string with semicolons": f"https://host/path?a=1;code={CANARY}",
    "fragment": f"https://host/cb#access_token={CANARY}",
    "query string without a host": f"GET /api?token={CANARY} HTTP/1.1",
    "signed url": f"https://s3.example/x?X-Amz-Signature={CANARY}&X-Amz-Date=1",
    "token in a path": f"https://chat.example/api/webhooks/123456/{CANARY}{'x' * 60}",
    "two tokens in a path": f"https://hooks.example/{CANARY}{'a1' * 10}/x/{CANARY}{'b2' * 10}",
    "json web token": f"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{CANARY}.c2ln{CANARY} back",
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
    "private key that is cut off": f"-----BEGIN PRIVATE KEY-----\n{CANARY}",
}

KEPT = (
    "Portal 2 started",
    "The secret service is locked",
    "12 tokens were read from the file",
    "Basic evidence speaks for it",
    "https://store.example/app/620/Portal_2/?l=german",
    "/usr/games/supertux2 --fullscreen",
    "C:\\Users\\Public\\Games\\x.exe",
    "wss://host/socket",
    "3 of 4 workers run",
    "",
)


@pytest.fixture
def fresh():
    """A redactor that knows only what the test tells it."""
    redactor.cache_clear()
    yield
    redactor.cache_clear()


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
def test_a_value_is_hidden_by_its_name(text, fresh):
    shown = redact(text)
    assert CANARY not in shown
    assert "[hidden]" in shown


@pytest.mark.parametrize("text", KEPT)
def test_harmless_texts_stay_as_they_are(text, fresh):
    assert redact(text) == text


def test_json_stays_json_when_a_value_is_hidden(fresh):
    assert json.loads(redact(json.dumps({"password": CANARY, "user": "x"}))) == {"password": "[hidden]", "user": "x"}


def test_what_follows_a_hidden_value_stays(fresh):
    assert redact(f"https://h/p?token={CANARY}&x=1") == "https://h/p?token=[hidden]&x=1"
    assert redact(f"game --password {CANARY} --fullscreen") == "game --password [hidden] --fullscreen"


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (["game", "--password", CANARY, "-w"], ["game", "--password", "[hidden]", "-w"]),
        (["game", "--password=" + CANARY], ["game", "--password=[hidden]"]),
        (["game", "--token", "--verbose", "x"], ["game", "--token", "--verbose", "x"]),
        (["+rcon_password", CANARY], ["+rcon_password", "[hidden]"]),
        ([], []),
    ],
)
def test_command_lines_lose_what_follows_a_secret_option(argv, shown, fresh):
    assert redact_argv(argv) == shown


def test_hidden_values_with_spaces_in_an_argument_of_their_own(fresh):
    assert CANARY not in " ".join(redact_argv(["game", "--password", f"a {CANARY} b", f"--pwd=x {CANARY}"]))


SPELLINGS = {
    "plain": lambda value: value,
    "in a word": lambda value: f"x{value}y",
    "url": lambda value: urllib.parse.quote(value, safe=""),
    "form": urllib.parse.quote_plus,
    "json": lambda value: json.dumps(value),
    "repr": repr,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("secret", ["hunter2 is here", "pä$$/w+rd&=\\x", 'with"quote', "two\nlines", CANARY])
def test_a_registered_secret_is_hidden_in_every_spelling(secret, spelling, fresh):
    register_secret(secret)
    shown = redact(f"it was {spelling(secret)}, and again {spelling(secret)}.")
    assert spelling(secret) not in shown
    assert shown.count("[hidden]") == 2


def test_a_short_secret_is_hidden_where_it_stands_alone(fresh):
    register_secret("abc")
    assert redact("pin abc, not abcd; =abc.") == "pin [hidden], not abcd; =[hidden]."


def test_the_longer_of_two_secrets_is_hidden_whole(fresh):
    register_secret("hunter")
    register_secret("hunter2-extended")
    assert redact("hunter2-extended hunter") == "[hidden] [hidden]"


def test_registering_nothing_hides_nothing(fresh):
    register_secret("")
    assert redact("a text") == "a text"


PLACES = {
    "home": ("/home/bob/Games/x", "~/Games/x"),
    "home alone": ("in /home/bob.", "in ~."),
    "home in quotes": ('"/home/bob"', '"~"'),
    "a neighbour with a longer name": ("/home/bobby/x", "/home/<user>/x"),
    "another person": ("/home/eve/x", "/home/<user>/x"),
    "wine's view of it": ("Z:\\home\\bob\\x.exe", "Z:~\\x.exe"),
    "wine's own": ("/opt/wine/drive_c/users/bob/Temp", "/opt/wine/drive_c/users/<user>/Temp"),
    "removable disk": ("/run/media/bob/disk/x", "/run/media/<user>/disk/x"),
    "windows": ("C:\\Users\\bob\\AppData", "C:\\Users\\<user>\\AppData"),
    "windows as json spells it": ("C:\\\\Users\\\\bob\\\\AppData", "C:\\\\Users\\\\<user>\\\\AppData"),
    "windows with a space": ("C:\\Users\\Eve Smith\\x", "C:\\Users\\<user>\\x"),
    "windows at the end": ("in C:\\Users\\eve", "in C:\\Users\\<user>"),
    "windows for everybody": ("C:\\Users\\Public\\x", "C:\\Users\\Public\\x"),
    "macos": ("/Users/eve/Library", "/Users/<user>/Library"),
    "silverblue": ("/var/home/eve/x", "/var/home/<user>/x"),
    "file address": ("file:///home/bob/x", "file://~/x"),
    "web address": ("https://x.example/users/1234/y", "https://x.example/users/1234/y"),
    "the name in a sentence": ("bob plays", "bob plays"),
}


@pytest.mark.parametrize(("text", "shown"), PLACES.values(), ids=PLACES)
def test_home_directories_and_user_names_in_paths_are_hidden(text, shown):
    assert Redactor(Path("/home/bob"), {"USER": "bob"}).redact(text) == shown


def test_a_windows_home_is_hidden_with_either_slash_in_any_case():
    hider = Redactor(Path("C:/Users/Bob"), {"USERNAME": "Bob"})
    for spelling in ("C:\\Users\\Bob\\x", "c:/users/bob/x", "C:\\\\Users\\\\Bob\\\\x"):
        assert "bob" not in hider.redact(spelling).lower()


@pytest.mark.parametrize("home", [None, Path("/"), Path("/root")])
def test_an_account_without_a_name_of_its_own_hides_no_words(home):
    assert Redactor(home, {"USER": "root"}).redact("/proc/1/root/usr/x") == "/proc/1/root/usr/x"


TITLES = {
    "whole": ("My Bank - Browser", "[private title]"),
    "quoted": ('the window "My Bank - Browser" is small', 'the window "[private title]" is small'),
    "single quotes": ("title='My Bank - Browser'", "title='[private title]'"),
    "curly quotes": ("the window “My Bank”", "the window “[private title]”"),
    "unquoted": ("focus went to My Bank - Browser at last", "[private title]"),
    "apostrophes are no quotes": ("Bob's bank isn't Eve's", "[private title]"),
    "quoted within": ('the window "Say "bank" now"', "[private title]"),
    "exact": ('title "KeePassXC"', 'title "[private title]"'),
    "exact, whole": ("keepassxc", "[private title]"),
    "exact only": ("/usr/bin/keepassxc runs", "/usr/bin/keepassxc runs"),
    "beginning": ("mail: 3 new", "[private title]"),
    "not the beginning of a word": ("email came", "email came"),
    "another": ('the window "Portal"', 'the window "Portal"'),
}


@pytest.mark.parametrize(("text", "shown"), TITLES.values(), ids=TITLES)
def test_private_titles_are_hidden(text, shown):
    hider = Redactor(None, {})
    hider.set_private_titles(["*bank*", "keepassxc", "mail*"])
    assert hider.redact(text) == shown


def test_the_rule_for_titles_is_one_for_programs_too(fresh):
    redactor().set_private_titles(["*bank*", "keepassxc", "ab?.exe"])
    assert is_private_title("my BANK")
    assert is_private_title("Passwords.kdbx", program="KeePassXC")
    assert is_private_title("Passwords.kdbx", program="keepassxc.exe")
    assert is_private_title("x", program="abc.exe")
    assert not is_private_title("Portal 2", program="hl2.exe")


def test_square_brackets_in_a_pattern_are_plain_text(fresh):
    redactor().set_private_titles(["[work]*"])
    assert is_private_title("[work] mail")
    assert not is_private_title("w")


def test_every_title_can_be_private_without_every_text_being_so(fresh):
    redactor().set_private_titles(["*"])
    assert is_private_title("anything")
    assert redact('the window "anything" opened') == 'the window "[private title]" opened'


INJECTIONS = {
    "newline": ("a\nb", r"a\nb"),
    "carriage return": ("a\rb", r"a\rb"),
    "terminal escape": ("a\x1b[31mb", r"a\x1b[31mb"),
    "terminal title": ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
    "C1 escape": ("a\x9b31mb", r"a\x9b31mb"),
    "next line": ("a\x85b", r"a\x85b"),
    "NUL": ("a\0b", r"a\x00b"),
    "delete": ("a\x7fb", r"a\x7fb"),
    "line separator": ("a\u2028b", r"a\u2028b"),
    "bidirectional override": ("a\u202eb", r"a\u202eb"),
    "bidirectional isolate": ("a\u2067b", r"a\u2067b"),
    "bidirectional mark": ("a\u200fb", r"a\u200fb"),
    "byte that is no UTF-8": ("a\udcffb", r"a\xffb"),
    "half a character": ("a\ud83db", r"a\ud83db"),
    "letters of every script": ("Pokémon ポケモン 🎮", "Pokémon ポケモン 🎮"),
}


@pytest.mark.parametrize(("text", "shown"), INJECTIONS.values(), ids=INJECTIONS)
def test_what_a_terminal_would_act_upon_is_shown_instead(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_a_visible_text_is_one_printable_line(text):
    shown = visible(text)
    assert shown.splitlines() in ([], [shown])
    shown.encode("utf-8")
    assert visible(shown) == shown


def test_long_values_are_cut_and_say_so(fresh):
    shown = clean("x" * 1_000_000)
    assert len(shown) < TEXT_LIMIT + 100
    assert shown.endswith("… [cut; 1000000 characters in all]")
    assert clean("x" * TEXT_LIMIT) == "x" * TEXT_LIMIT


@pytest.mark.parametrize("where", [*range(TEXT_LIMIT - 30, TEXT_LIMIT + 5), 11_990, 11_999])
def test_a_cut_never_leaves_half_a_secret(where, fresh):
    register_secret(CANARY)
    text = "x" * (where - 1) + " " + CANARY + "y" * 20_000
    assert CANARY[:4] not in clean(text)
    assert CANARY[:4] not in clean_lines(text, TEXT_LIMIT)
    assert CANARY[-4:] not in clean_lines("y" * 20_000 + CANARY + "x" * where, TEXT_LIMIT)


def test_a_secret_longer_than_any_cut_is_hidden(fresh):
    register_secret(CANARY * 2_000)
    assert CANARY not in clean("x" * 7_990 + CANARY * 2_000 + "x" * 50_000)


def test_the_end_of_a_stack_trace_is_kept(fresh):
    text = "\n".join(f"line {number}" for number in range(10_000))
    shown = clean_lines(text, 1_000)
    assert shown.endswith("line 9999")
    assert shown.startswith(f"[cut; {len(text)} characters in all]\nline ")
    assert len(shown) < 1_100


@given(st.text(alphabet=st.sampled_from("password=token: -?&/@\"'\\hometests"), max_size=300))
def test_any_text_can_be_redacted_and_again_without_harm(text):
    hider = Redactor(Path("/home/bob"), {"USER": "bob"})
    hider.redact(hider.redact(text))


@pytest.mark.parametrize("text", ["password" * 1_500, "-" * 12_000, "'" * 12_000, "/home/" * 2_000, "a:" * 6_000])
def test_no_text_makes_redaction_slow(text, fresh):
    redactor().set_private_titles(["*a*b*c*"])
    clean(text)  # the test's own time limit is the measure: a pattern that backtracks would take hours


# --- the whole way, to every byte that is written ---------------------------------------------------------------------


def _log_everywhere(text):
    """Put a text where a log call can: message, argument, extra, list, name, thread, exception, cause, warning."""
    log.info("%s", text)
    log.info(text.replace("%", "%%"))
    log.warning("with an extra", extra={"gamedetectd": {"argv": ["game", text], "nested": {"title": text}, "n": 1}})
    log.warning("with a foreign extra", extra={"whatever": text})
    log.warning("with a name", extra={"gamedetectd": {text: "value"}})
    logging.getLogger(f"gamedetectd.{text}").warning("with a logger's name")
    logging.getLogger("library").error(text.replace("%", "%%"))
    try:
        try:
            raise OSError(text)
        except OSError as error:
            raise ValueError(f"because {text}") from error
    except ValueError as error:
        error.add_note(text)
        log.exception("failed")
    log.info("%d", text)  # a wrong log call
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(text, stacklevel=1)


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
def test_no_named_secret_reaches_the_log_or_the_terminal(text, tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path / "log", terminal=terminal) as handle:
        _log_everywhere(text)
        handle.write_event(text, 0.0, {"gamedetectd.evidence": [text], "gamedetectd.game.title": text})
    assert len(events(tmp_path / "log")) >= 10
    assert CANARY.encode() not in written(tmp_path / "log")
    assert CANARY not in terminal.getvalue()


@pytest.mark.parametrize(
    ("text", "canary"),
    [
        (f"it is {CANARY}-registered!", f"{CANARY}-registered"),
        ("/home/kanarienvogel/Games/x.exe", "kanarienvogel"),
        ('the window "My kanarienvogel - Browser" has the focus', "kanarienvogel"),
        ("the window kanarienvogel has the focus", "kanarienvogel"),
    ],
    ids=["registered", "home", "quoted title", "title"],
)
def test_no_other_secret_reaches_the_log_or_the_terminal(text, canary, tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path / "log", terminal=terminal, private_titles=("*kanarienvogel*",)) as handle:
        register_secret(f"{CANARY}-registered")
        _log_everywhere(text)
        handle.write_event(text, 0.0, {"gamedetectd.evidence": [text], "gamedetectd.game.title": text})
    assert len(events(tmp_path / "log")) >= 10
    assert canary.encode() not in written(tmp_path / "log")
    assert canary not in terminal.getvalue()


@pytest.mark.parametrize(("text", "shown"), INJECTIONS.values(), ids=INJECTIONS)
def test_nothing_forges_lines_or_reaches_a_terminal(text, shown, tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path / "log", terminal=terminal):
        _log_everywhere(text)
    assert messages(tmp_path / "log")[0] == shown
    assert len(terminal.getvalue().splitlines()) == len(events(tmp_path / "log"))
    for byte in b"\0\x07\x1b\x7f\r":
        assert byte not in written(tmp_path / "log")
    lines = [line.partition(" ")[2] for line in terminal.getvalue().splitlines()]
    assert shown in lines[0]
    assert "\x1b" not in terminal.getvalue()


def test_a_megabyte_of_title_is_cut(tmp_path):
    with real_log(tmp_path / "log"):
        _log_everywhere("T" * 1_000_000)
    assert len(written(tmp_path / "log")) < 400_000
    assert "[cut; 1000000 characters in all]" in messages(tmp_path / "log")[0]
