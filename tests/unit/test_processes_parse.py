"""What Linux writes into /proc/PID is understood whatever a program put there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.platforms.processes import environment, parse

FIELDS = "S 7 1 1 0 -1 4194560 9 0 0 0 5 3 0 0 20 0 4 0 123456 0 0"


def stat(comm=b"sh", fields=FIELDS):
    return b"42 (" + comm + b") " + fields.encode() + b"\n"


@pytest.mark.parametrize(
    ("comm", "read"),
    [
        (b"winemine.exe", "winemine.exe"),
        (b"a b", "a b"),
        (b"", ""),
        (b") S 1 (", ") S 1 ("),
        (b"(sd-pam)", "(sd-pam)"),
        (b"line\nbreak", "line\nbreak"),
        (b"caf\xe9", r"caf\xe9"),
    ],
)
def test_a_name_may_hold_anything(comm, read):
    found = parse.parse_stat(stat(comm))
    assert (found.comm, found.parent_pid, found.start_ticks, found.threads) == (read, 7, 123456, 4)
    assert not found.kernel_thread


@pytest.mark.parametrize(
    ("state", "threads", "dead"),
    [("S", 1, False), ("R", 9, False), ("Z", 1, True), ("X", 1, True), ("Z", 2, False)],
    ids=["asleep", "running", "zombie", "dead", "first thread gone, others running"],
)
def test_who_is_dead(state, threads, dead):
    fields = FIELDS.replace("S", state, 1).replace(" 4 0 123456", f" {threads} 0 123456")
    assert parse.parse_stat(stat(fields=fields)).dead is dead


def test_kernel_threads_are_known_by_their_flag():
    assert parse.parse_stat(stat(b"kworker/0:1", FIELDS.replace("4194560", "69238880"))).kernel_thread


@pytest.mark.parametrize(
    "raw", [b"", b"42", b"42 (sh", b"42 sh)", b"42 (sh) S 1", stat(fields=FIELDS.replace("7", "x"))]
)
def test_what_is_no_stat_is_none(raw):
    assert parse.parse_stat(raw) is None


@given(st.binary(max_size=400))
def test_no_bytes_upset_a_parser_and_all_text_fits_json(raw):
    parsed = [
        parse.parse_stat(raw),
        parse.parse_stat(stat(comm=raw)),
        parse.parse_stat(raw + b") " + FIELDS.encode()),
        parse.parse_arguments(raw),
        parse.parse_environment(raw),
        parse.parse_environment(b"SteamAppId=" + raw),
        parse.parse_user_id(raw),
        parse.parse_user_id(b"Uid:" + raw),
    ]
    assert json.dumps(str(parsed), ensure_ascii=False).encode("utf-8")
    assert parsed[1].comm == raw.decode("utf-8", "backslashreplace")


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.lists(words, max_size=8), words.filter(lambda word: word and not word.endswith(" ")), st.integers(0, 50))
def test_arguments_come_back_as_given_without_the_padding_behind_them(arguments, last, padding):
    given_arguments = [*arguments, last]
    raw = "\0".join(given_arguments).encode() + b"\0" * (1 + padding)
    assert parse.parse_arguments(raw) == tuple(given_arguments)


@pytest.mark.parametrize(
    ("raw", "arguments"),
    [
        (b"", ()),
        (b"\0\0\0", ()),
        (b"C:\\windows\\system32\\winemine.exe" + b"\0" * 22, ("C:\\windows\\system32\\winemine.exe",)),
        (b"C:\\Games\\a b.exe   ", ("C:\\Games\\a b.exe",)),
        (b"sh\0-c\0\0x\0", ("sh", "-c", "", "x")),
        (b"nginx: master process", ("nginx: master process",)),
        (b"two\nlines\0\x1b[31m\0", ("two\nlines", "\x1b[31m")),
        (b"\xff\xfe\0", (r"\xff\xfe",)),
    ],
)
def test_arguments_as_programs_leave_them(raw, arguments):
    assert parse.parse_arguments(raw) == arguments


def test_a_megabyte_of_arguments_is_cut():
    arguments = parse.parse_arguments(b"java\0" + b"x" * 1_000_000 + b"\0")
    assert arguments[0] == "java"
    assert len(arguments[1]) == 65536 - 5


def test_only_the_wanted_variables_are_taken():
    raw = b"\0".join(
        [
            b"AWS_SECRET_ACCESS_KEY=hush",
            b"SteamAppId=620",
            b"steamappid=1",
            b"XSteamAppId=2",
            b"SteamAppIdX=3",
            b"NOTE=SteamGameId=4",
            b"WINEPREFIX=/home/caf\xe9/pfx=1",
            b"FLATPAK_ID=",
            b"SteamAppId=999",
            b"STORE",
            b"container=flatpak",
        ]
    )
    assert parse.parse_environment(raw + b"\0") == {
        "SteamAppId": "620",
        "WINEPREFIX": r"/home/caf\xe9/pfx=1",
        "FLATPAK_ID": "",
        "container": "flatpak",
    }


@given(st.dictionaries(st.sampled_from(environment.NAMES), words), st.dictionaries(words, words), st.randoms())
def test_wanted_variables_are_found_among_any_others(wanted, others, random):
    others = {name: value for name, value in others.items() if name not in environment.NAMES and "=" not in name}
    pairs = [*wanted.items(), *others.items()]
    random.shuffle(pairs)
    raw = "".join(f"{name}={value}\0" for name, value in pairs).encode()
    assert parse.parse_environment(raw) == wanted


def test_a_huge_value_is_cut():
    assert len(parse.parse_environment(b"GAME_NAME=" + b"x" * 100_000)["GAME_NAME"]) == environment.LONGEST_VALUE


def test_no_name_of_a_secret_is_wanted():
    assert not [name for name in environment.NAMES if any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET"))]


@pytest.mark.parametrize(
    ("raw", "user_id"),
    [
        (b"Name:\tsh\nUid:\t1000\t1001\t1000\t1000\nGid:\t5\t5\t5\t5\n", 1001),
        (b"Name:\tUid:\nUid:\t0\t0\t0\t0\n", 0),
        (b"Uid:\t1000\n", None),
        (b"", None),
    ],
)
def test_the_effective_user_counts(raw, user_id):
    assert parse.parse_user_id(raw) == user_id
