"""Steam's text and binary KeyValues: the real and the deliberately hostile files, encodings, limits, and anything."""

import io
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steam_files import app, appinfo, binary, plain, text
from store_homes import fixture

from gamedetectd.library import binary_vdf, vdf
from gamedetectd.library.binary_vdf import BinaryVdfError, read_appinfo
from gamedetectd.library.vdf import VdfError

ONE = [("foo", "bar")]

# what each of the collected files says: its content (the keys at its top), or a part of the reason it is refused with
HOSTILE = {
    "comment_singleline": [("test case", ONE)],
    "comment_singleline_singleslash": [("test case", ONE)],
    "comment_singleline_singleslash_wholeline": [("test case", ONE)],
    "comment_singleline_wholeline": [("test case", ONE)],
    "conditional_discard": [("GameInfo", [("One", []), ("Two", []), ("Three", [])])],
    "conditional_in_key": [("test case", [("operating system [$WIN32]", "windows 32-bit")])],
    "duplicate_keys": [("object", [("foo", "foo"), ("foo", "bar"), ("foo", "baz")])],
    "empty": [],
    "escaped_backslash": [("test case", [("key", "back\\slash"), ("edge case", "this is fun\\")])],
    "escaped_garbage": [("test case", [("key", "\\7")])],
    "escaped_quotation_marks": [("test case", [('name "of" key', 'value "of" key')])],
    "escaped_whitespace": [("test case", [("key", "line1\nline2\tline2pt2")])],
    "invalid_conditional": 'Line 3: "[{CONDITION}]" is no condition.',
    "invalid_zerobracerepeated": "35 braces still open",
    "kv_with_base": [("test case", [("foo", "bar"), ("bar", "baz")])],
    "kv_with_include": [("test case", ONE)],
    "nameonly": 'the value of "abc"',
    "partial_noclose": "Line 3: the file ends with 1 braces still open.",
    "partial_nodata": "1 braces still open",
    "partial_novalue": 'the value of "ab"',
    "partial_opening_key": "Line 3: a quoted text begins and never ends.",
    "partial_opening_value": "never ends",
    "partial_partialkey": "never ends",
    "partial_partialvalue": "never ends",
    "partialname": "Line 1: a quoted text begins and never ends.",
    "quoteonly": "never ends",
    "unquoted_document": [
        (
            "TestDocument",
            [
                ("QuotedChild", 'edge\\ncase\\"haha\\\\"'),
                ("UnquotedChild", [("Key1", "Value1"), ("Key2", "Value2"), ("Key3", "Value3")]),
            ],
        )
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_collected_file_says_what_it_should(name):
    data = fixture(f"vdf/{name}.vdf").read_bytes()
    expected = HOSTILE[name]
    if isinstance(expected, str):
        with pytest.raises(VdfError) as refused:
            vdf.parse(data)
        assert expected in refused.value.cause
        assert refused.value.line >= 1
    else:
        assert plain(vdf.parse(data)) == expected


def understood_or_refused(parse, error, data):
    """True where it is parsed, or refused with whole sentences."""
    try:
        parse(data)
    except error as refused:
        return refused.cause.endswith((".", ".)")) and refused.remedy.endswith(".")
    return True


@pytest.mark.parametrize("folder", ["vdf", "steam"])
def test_every_collected_file_is_understood_or_refused(folder):
    files = sorted(fixture(folder).iterdir())
    assert len(files) > 8
    for file in files:
        for parse, error in ((vdf.parse, VdfError), (binary_vdf.parse, BinaryVdfError)):
            assert understood_or_refused(parse, error, file.read_bytes())


def test_windows_paths_survive_whether_they_are_escaped_or_not():
    block = vdf.parse(fixture("vdf/vrf_settings_sample.vdf").read_bytes()).block("valveresourceformat")
    assert block.text("OPENDIRECTORY") == r"D:\SteamLibrary\steamapps\common\The Lab\RobotRepair\vr"
    assert vdf.parse(rb'"a" "D:\\Steam"').text("A") == "D:\\Steam"


def test_a_large_real_file_is_looked_up_whatever_the_case():
    common = vdf.parse(fixture("vdf/steam_440.vdf").read_bytes()).block("AppInfo").block("COMMON")
    assert common.text("Name") == "Team Fortress 2"
    assert common.text("nothing of the kind") == ""
    assert plain(common.block("nor this")) == []
    assert "languages" in dict(common.blocks())


CONDITIONS = [
    ("[$WIN32]", True),
    ("[!$WIN32]", False),
    ("[$win32||$X360]", True),
    ("[$X360 && $X360WIDE]", False),
    ("[$WIN32 && (!$GERMAN && !$FRENCH)]", True),
    ("[$X360 && ($GERMAN || $WIN32)]", False),
    ("[$WIN32 || $A && ($B || $C)]", True),
    ("[WIN32]", True),
]


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS)
def test_conditions_decide(condition, holds):
    kept = [("a", "b")] if holds else []
    assert plain(vdf.parse(f'"a" "b" {condition} "c" "d"'.encode(), ["WIN32"])) == [*kept, ("c", "d")]
    inner = [("a", [("x", "y")])] if holds else []
    assert plain(vdf.parse(f'"a" {condition} {{ x y }} c d'.encode(), ["WIN32"])) == [*inner, ("c", "d")]


@pytest.mark.parametrize(
    "condition", ["[]", "[$A", "[$A &&]", "[($A]", "[$A $B]", "[$A || ]", "[" + "!" * 500 + "$A]", "[)]"]
)
def test_nonsense_is_no_condition(condition):
    with pytest.raises(VdfError, match="is no condition"):
        vdf.parse(f'"a" "b" {condition}'.encode())


REFUSED = {
    "{": "a brace opens without a key",
    "}": "was never opened",
    "a }": 'the value of "a" should stand',
    "\0\0\0\0": "nothing but zeros",
    "\0shortcuts\0": "binary",
    "a{" * 70: "more than 64 levels",
}


@pytest.mark.parametrize("written", REFUSED)
def test_it_is_refused_for_the_right_reason(written):
    with pytest.raises(VdfError) as refused:
        vdf.parse(written.encode())
    assert REFUSED[written] in refused.value.cause


def test_a_file_may_be_too_large(monkeypatch):
    monkeypatch.setattr(vdf, "LARGEST", 10)
    monkeypatch.setattr(binary_vdf, "LARGEST", 10)
    with pytest.raises(VdfError, match="larger"):
        vdf.parse(b" " * 11)
    with pytest.raises(BinaryVdfError, match="larger"):
        binary_vdf.parse(b"\x08" * 11)


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_titles_survive_every_encoding(encoding):
    data = '"AppState"\n{\n\t"name"\t"Café ☃ 夜"\n}\n'.encode(encoding)
    assert vdf.parse(data).block("appstate").text("NAME") == "Café ☃ 夜"


def test_western_europes_old_encoding_is_the_last_resort():
    assert vdf.parse('"name" "Tomb Raider® – Café"'.encode("cp1252")).text("name") == "Tomb Raider® – Café"


def test_zeros_behind_a_good_file_do_no_harm():
    assert plain(vdf.parse(b'"a" "b"\n' + bytes(4096))) == [("a", "b")]


@pytest.mark.parametrize(
    "bad", ['"' * 1_000_001, '"a" "' + "\\" * 1_000_000, "//" * 500_000, "[" * 1_000_000, "a{" * 500_000]
)
def test_monstrous_texts_take_no_time(bad):
    started = time.perf_counter()
    try:
        vdf.parse(bad.encode())
    except VdfError:
        pass
    assert time.perf_counter() - started < 5.0


names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
trees = st.recursive(
    st.lists(st.tuples(names, names), max_size=4),
    lambda inner: st.lists(st.tuples(names, names | inner), max_size=4),
    max_leaves=12,
)


@given(trees)
def test_what_is_written_is_read_back(pairs):
    kept = [(key, value) for key, value in pairs if key.lower() not in ("#include", "#base")]
    written = text(pairs).encode("utf-8-sig")
    assert plain(vdf.parse(written)) == [(key, _without_directives(value)) for key, value in kept]


def _without_directives(value):
    if isinstance(value, str):
        return value
    return [(key, _without_directives(inner)) for key, inner in value if key.lower() not in ("#include", "#base")]


@given(st.binary(max_size=200) | st.text(alphabet='"{}[]\\/$!|&() \n\0#ab', max_size=200).map(str.encode))
def test_any_bytes_are_understood_or_refused(data):
    for parse, error in ((vdf.parse, VdfError), (binary_vdf.parse, BinaryVdfError)):
        assert understood_or_refused(parse, error, data)


# --- binary -----------------------------------------------------------------------------------------------------------

numbers = st.integers(0, (1 << 64) - 1)
binary_trees = st.recursive(
    st.lists(st.tuples(names, names | numbers), max_size=4),
    lambda inner: st.lists(st.tuples(names, names | numbers | inner), max_size=4),
    max_leaves=12,
)


@given(binary_trees)
def test_binary_that_is_written_is_read_back(pairs):
    if not binary(pairs).strip(b"\0"):
        return  # nothing but zeros is refused
    assert plain(binary_vdf.parse(binary(pairs))) == pairs
    assert plain(binary_vdf.parse(binary(pairs) + b"\x08" + bytes(3))) == pairs


def test_every_type_of_value_is_read():
    data = (
        b"\x02i\0\x01\0\0\0\x03f\0" + struct.pack("<f", 1.5) + b"\x04p\0\2\0\0\0\x05w\0" + "é".encode("utf-16-le")
        + b"\0\0\x06c\0\3\0\0\0\x07u\0" + b"\xff" * 8 + b"\x0as\0" + b"\xff" * 8 + b"\x0b"
    )  # fmt: skip
    expected = [("i", 1), ("f", 1.5), ("p", 2), ("w", "é"), ("c", 3), ("u", (1 << 64) - 1), ("s", -1)]
    assert plain(binary_vdf.parse(data)) == expected


CUT = {
    b"\x01key": "cut off",
    b"\x02key\0\1\2": "cut off",
    b"\x00a\0": "1 blocks still open",
    b"\x09a\0": "no type 9",
    b"\x00a\0" * 70: "more than 64 levels",
    bytes(500): "nothing but zeros",
}


@pytest.mark.parametrize("data", CUT)
def test_damaged_binary_is_refused_for_the_right_reason(data):
    with pytest.raises(BinaryVdfError, match=CUT[data]):
        binary_vdf.parse(data)


# --- appinfo ----------------------------------------------------------------------------------------------------------

APPS = {
    400: app(400, "Portal", launch=["hl2.exe"]),
    620: app(
        620,
        "Portal 2",
        launch=[
            "portal2.exe",
            [("executable", "portal2.sh"), ("arguments", "-x"), ("config", [("oslist", "linux")])],
            [("EXECUTABLE", "bin\\sdk.exe"), ("type", "Editor")],
        ],
    ),
}
VERSIONS = [0x07564427, 0x07564428, 0x07564429]


def read(data, wanted=None):
    return list(read_appinfo(io.BytesIO(data), wanted))


@pytest.mark.parametrize("version", VERSIONS)
def test_of_appinfo_only_what_matters_of_the_wanted_apps_is_taken(version):
    (portal,) = read(appinfo(APPS, version), {620, 999})
    assert (portal.id, portal.name, portal.kind, portal.systems) == (620, "Portal 2", "game", ("windows", "linux"))
    assert [(one.executable, one.arguments, one.kind, one.systems) for one in portal.launches] == [
        ("portal2.exe", "", "", ()),
        ("portal2.sh", "-x", "", ("linux",)),
        ("bin\\sdk.exe", "", "editor", ()),
    ]
    assert [one.id for one in read(appinfo(APPS, version))] == [400, 620]


def test_blocks_deeper_than_anything_real_are_passed_over_too():
    deep = [("leaf", "x")]
    for level in range(30):
        deep = [(str(level), deep)]
    odd = [("appinfo", [("more", deep), ("common", [("more", deep), ("Name", "Deep")])])]
    assert [one.name for one in read(appinfo({7: odd}))] == ["Deep"]


def test_one_damaged_record_does_not_hide_the_others():
    data = appinfo({1: app(1, "One"), 2: app(2, "Two"), 3: app(3, "Three")}, 0x07564428)
    broken = data.replace(b"Two\0", b"Two\x01", 1).replace(b"\x01name\x00Two", b"\x77name\x00Two")
    seen = []
    with pytest.raises(BinaryVdfError, match="no type 119"):
        seen.extend(one.name for one in _gently(broken, seen))
    assert seen == ["One", "Three"]


def _gently(data, seen):
    for one in read_appinfo(io.BytesIO(data)):
        seen.append(one.name)
    return ()


GOOD = appinfo(APPS)
BROKEN_APPINFO = {
    "empty": (b"", "no version of the format"),
    "older": (b"\x26\x44\x56\x07" + GOOD[4:], "0x07564426"),
    "cut off": (appinfo(APPS, 0x07564428)[:600], "ends within the record"),
    "cut between records": (appinfo(APPS, 0x07564428)[:-4], "another record should begin"),
    "table nowhere": (GOOD[:8] + b"\xff" * 8 + GOOD[16:], "lies nowhere"),
    "table too short": (GOOD[:-60], "instead of"),
    "small record": (struct.pack("<IIII", 0x07564428, 1, 5, 3) + bytes(11), "claims 3 bytes"),
}


@pytest.mark.parametrize("name", BROKEN_APPINFO)
def test_a_broken_appinfo_is_refused(name):
    data, reason = BROKEN_APPINFO[name]
    with pytest.raises(BinaryVdfError, match=reason):
        read(data)


def test_a_key_that_is_not_in_the_table_is_refused():
    grammar = binary_vdf._Grammar(["name"])
    assert plain(binary_vdf.parse(b"\x01\0\0\0\0Doom\0", grammar)) == [("name", "Doom")]
    with pytest.raises(BinaryVdfError, match="no text 1"):
        binary_vdf.parse(b"\x01\1\0\0\0Doom\0", grammar)


def test_an_endless_appinfo_ends(monkeypatch):
    monkeypatch.setattr(binary_vdf, "MOST_APPS", 3)
    data = struct.pack("<II", 0x07564428, 1) + struct.pack("<II", 9, 0) * 50
    with pytest.raises(BinaryVdfError, match="more than 3 records"):
        read(data, {1})


def test_a_hundred_megabytes_of_other_apps_are_passed_over(tmp_path):
    file = tmp_path / "appinfo.vdf"
    record = appinfo(APPS, 0x07564428)[8:-4]
    filler = struct.pack("<II", 77, 20_000) + bytes(20_000)
    with file.open("wb") as out:
        out.write(struct.pack("<II", 0x07564428, 1))
        for _ in range(5_000):
            out.write(filler)
        out.write(record + bytes(4))
    started = time.perf_counter()
    with file.open("rb", buffering=0) as opened:
        assert [one.name for one in read_appinfo(opened, {620})] == ["Portal 2"]
    assert time.perf_counter() - started < 2.0


@given(st.binary(max_size=300), st.sampled_from(VERSIONS), st.integers(0, 400), st.binary(max_size=20))
def test_any_appinfo_is_understood_or_refused(data, version, place, junk):
    good = appinfo(APPS, version)
    for one in (struct.pack("<I", version) + data, good[:place] + junk + good[place + len(junk) :]):
        assert understood_or_refused(read, BinaryVdfError, one)
