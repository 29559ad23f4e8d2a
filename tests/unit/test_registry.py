"""Registries: exported by regedit, kept by Wine, and Windows' own."""

import importlib
import os
import sys
import time
import types

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from registry_samples import as_reg, exported

from gamedetectd.platforms.registry import system_registry
from gamedetectd.platforms.registry.exported import RegistryFileError, parse
from gamedetectd.platforms.registry.files import ExportedRegistry
from gamedetectd.platforms.registry.tree import DEPTH_LIMIT, folded

HEADER = "Windows Registry Editor Version 5.00\r\n\r\n"
WINE_MACHINE = "WINE REGISTRY Version 2\n;; All keys relative to REGISTRY\\\\Machine\n\n#arch=win64\n\n"
WINE_PERSON = "WINE REGISTRY Version 2\n;; All keys relative to \\\\User\\\\S-1-5-21-0-0-0-1000\n\n"


def wide(text):
    return b"\xff\xfe" + (HEADER + text).encode("utf-16-le")


def values(data, path=r"HKLM\Software\Key"):
    return dict(parse(data).values(path))


IN_KEY = "[HKEY_LOCAL_MACHINE\\Software\\Key]\r\n"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('"Name"="text"', {"Name": "text"}),
        ('@="the default"', {"": "the default"}),
        (r'"Path"="C:\\Games\\\"Best\" of"', {"Path": 'C:\\Games\\"Best" of'}),
        (r'"a\\b"="x"', {"a\\b": "x"}),
        ('"Zelda"="ゼルダの伝説"', {"Zelda": "ゼルダの伝説"}),
        ('"Two"="one\r\ntwo"', {"Two": "one\r\ntwo"}),
        ('"Number"=dword:0000002a', {"Number": 42}),
        ('"Number"=DWORD:FFFFFFFF', {"Number": 0xFFFFFFFF}),
        ('"Long"=hex(b):01,00,00,00,01,00,00,00', {"Long": (1 << 32) + 1}),
        ('"Big"=hex(5):00,00,00,07', {"Big": 7}),
        ('"Bytes"=hex:de,ad,\\\r\n  be,ef', {"Bytes": b"\xde\xad\xbe\xef"}),
        ('"None"=hex:', {"None": b""}),
        ('"Kind"=hex(3):01,02', {"Kind": b"\1\2"}),
        ('"Text"=hex(1):48,00,69,00,00,00', {"Text": "Hi"}),
        ('"Expanded"=hex(2):25,00,41,00,25,00,00,00', {"Expanded": "%A%"}),
        ('"List"=hex(7):61,00,00,00,62,00,63,\\\r\n  00,00,00,00,00', {"List": "a\nbc"}),
        ('"Gone"="x"\r\n"Gone"=-', {}),
        ('; "No"="comment"', {}),
        ('"Broken"="never ends', {}),
        ('"Nonsense"=what', {}),
        ('"Odd"=hex:1,zz', {"Odd": b"\1"}),
    ],
)
def test_regedits_spelling_of_values(line, value):
    assert values(wide(IN_KEY + line + "\r\n")) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\Software\\Key]\r\n"N"="caf\xe9"\r\n', {"N": "café"}),
        (b'REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\Software\\Key]\r\n"N"=hex(2):25,41,25,00\r\n', {"N": "%A%"}),
        (b'REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\Software\\Key]\n"N"=hex(7):61,00,62,00,00\n', {"N": "a\nb"}),
        (("\ufeff" + HEADER + IN_KEY + '"N"="é"').encode(), {"N": "é"}),
    ],
)
def test_other_encodings(data, value):
    assert values(data) == value


def test_keys_are_found_whatever_their_case_and_keep_it():
    tree = parse(wide("[HKEY_LOCAL_MACHINE\\SOFTWARE\\Ubisoft\\Launcher\\Installs\\635]\r\n[HKEY_CURRENT_USER\\X]\r\n"))
    assert tree.keys("hklm\\software\\UBISOFT") == ("Launcher",)
    assert tree.keys("HKEY_LOCAL_MACHINE\\Software\\Ubisoft\\Launcher\\") == ("Installs",)
    assert tree.keys("HKCU") == ("X",)
    assert tree.keys("HKCU\\X") == ()
    assert tree.values("HKLM\\no such key") == {}


def test_a_persons_keys_among_those_of_all_users_are_theirs():
    sid = "HKEY_USERS\\S-1-5-21-1-2-3-1001"
    tree = parse(wide(f'[{sid}\\Software\\A]\r\n@="a"\r\n[{sid}_Classes\\B]\r\n@="b"\r\n[HKEY_USERS\\.DEFAULT\\C]\r\n'))
    assert tree.values("HKCU\\Software\\A") == {"": "a"}
    assert tree.values("HKCU\\Software\\Classes\\B") == {"": "b"}
    assert tree.keys("HKCU\\Software") == ("A", "classes")


def test_deleted_keys_take_what_is_below_them():
    hive = "HKEY_LOCAL_MACHINE\\A"
    tree = parse(wide(f'[{hive}\\B\\C]\r\n@="1"\r\n[{hive}\\B2]\r\n@="2"\r\n[-{hive}\\B]\r\n"after"="gone"\r\n'))
    assert tree.keys("HKLM\\A") == ("B2",)
    assert tree.values("HKLM\\A\\B\\C") == {}
    assert tree.values("HKLM\\A\\B2") == {"": "2"}


def test_only_the_wanted_keys_are_kept():
    data = wide('[HKEY_LOCAL_MACHINE\\A\\B]\r\n@="1"\r\n[HKEY_LOCAL_MACHINE\\AB]\r\n@="2"\r\n')
    tree = parse(data, ["HKLM\\a"])
    assert tree.values("HKLM\\A\\B") == {"": "1"}
    assert tree.values("HKLM\\AB") == {}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('"Path"="C:\\\\Games"', {"Path": "C:\\Games"}),
        ('"Star"="\\x2605\\x41b"', {"Star": "★Л"}),
        ('"Tears"="\\xd83d\\xde02!"', {"Tears": "😂!"}),
        ('"Half"="\\xd83d"', {"Half": "�"}),
        ('"Lines"="a\\nb\\t\\"c\\""', {"Lines": 'a\nb\t"c"'}),
        ('"Octal"="\\0011"', {"Octal": "\x011"}),
        ('"Expanded"=str(2):"%A%\\\\b"', {"Expanded": "%A%\\b"}),
        ('"List"=str(7):"one\\0two\\0"', {"List": "one\ntwo"}),
        ('"Number"=dword:00000010', {"Number": 16}),
        ('"Bytes"=hex:01,02,\\\n  03', {"Bytes": b"\1\2\3"}),
        ('"Long"=hex(b):10,00,00,00,00,00,00,00', {"Long": 16}),
        ('@="default"', {"": "default"}),
    ],
)
def test_wines_spelling_of_values(line, value):
    data = (WINE_MACHINE + f"[Software\\\\Key] 1795672499\n#time=1dd7d6aabe67068\n{line}\n").encode()
    assert values(data) == value


def test_wines_spelling_of_keys():
    tree = parse((WINE_PERSON + '[Software\\\\K\\x00f6nig \\[1\\]] 17\n#time=1\n#link\n"a"="b"\n').encode())
    assert tree.values("HKCU\\Software\\König [1]") == {"a": "b"}


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 64, b"[HKEY_LOCAL_MACHINE\\A]", b"WINE REGISTRY Version 3\n", b"\xff\xfe"]
)
def test_other_files_are_refused(data):
    with pytest.raises(RegistryFileError):
        parse(data)


def test_wine_knows_no_deleted_keys():
    tree = parse((WINE_MACHINE + '[-Software] 1\n"a"="b"\n[Software] 1\n').encode())
    assert tree.keys("HKLM") == ("-Software", "Software")


def test_deleting_many_keys_takes_no_time():
    hive = "HKEY_LOCAL_MACHINE\\A\\"
    lines = [f"[{hive}{at}]\r\n" for at in range(20_000)] + [f"[-{hive}{at}]\r\n" for at in range(20_000)]
    started = time.process_time()
    assert parse(wide("".join(lines))).keys("HKLM\\A") == ()
    assert time.process_time() - started < 5


def test_absurd_keys_are_left_out():
    deep = "\\".join("k" * (DEPTH_LIMIT + 1))
    long = "\\".join(["k" * 200] * 20)
    tree = parse(
        wide(f'[HKEY_LOCAL_MACHINE\\{deep}]\r\n@="x"\r\n[HKEY_LOCAL_MACHINE\\{long}]\r\n[HKEY_LOCAL_MACHINE\\\\]\r\n')
    )
    assert tree.keys("HKLM") == ()


NAMES = st.text(st.characters(exclude_characters="\\\r\n\0[]", exclude_categories=["Cs"]), min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=40)
VALUES = st.one_of(TEXTS, st.integers(0, 0xFFFFFFFF), st.binary(max_size=40))


@given(st.dictionaries(NAMES, st.dictionaries(NAMES | st.just(""), VALUES, max_size=4), max_size=4))
def test_what_regedit_writes_is_read_back(keys):
    spelt = {f"HKLM\\{name}": inner for name, inner in keys.items()}
    by_key = {}
    for path, inner in spelt.items():
        by_key.setdefault(folded(path), {}).update(inner)
    tree = parse(b"\xff\xfe" + as_reg(spelt).encode("utf-16-le"))
    for path, inner in by_key.items():
        assert dict(tree.values(path)) == inner


def wine_quoted(text):
    return "".join(
        f"\\x{ord(c):04x}" if ord(c) > 126 else f"\\{ord(c):03o}" if c < " " else "\\" + c if c in '\\"' else c
        for c in text
    )


@given(
    st.dictionaries(
        NAMES, st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="\0"))
    )
)
def test_what_wine_writes_is_read_back(texts):
    lines = [
        f'"{wine_quoted(name)}"="{wine_quoted(value)}"' for name, value in texts.items() if ord(max(name)) < 0x10000
    ]
    data = (WINE_MACHINE + "[Key] 1\n" + "\n".join(lines) + "\n").encode()
    assert dict(parse(data).values("HKLM\\Key")) == {
        name: value for name, value in texts.items() if ord(max(name)) < 0x10000
    }


@given(st.binary(max_size=200) | st.text(alphabet='[]"\\=@-hex(7):0a,\n;dword', max_size=200).map(str.encode))
@example(b'[HKLM]\n"' + b"\\" * 99)
def test_nothing_in_a_file_breaks_its_reader(data):
    for header in (
        b"REGEDIT4\n",
        b"\xff\xfe" + HEADER.encode("utf-16-le"),
        WINE_MACHINE.encode(),
        WINE_PERSON.encode(),
    ):
        tree = parse(header + data)
        tree.keys("HKLM")
    try:
        parse(data)
    except RegistryFileError:
        pass


# --- in files ---------------------------------------------------------------------------------------------------------


def test_a_wine_prefix_is_read_again_when_it_changes(tmp_path):
    registry = ExportedRegistry([tmp_path / "system.reg", tmp_path / "user.reg"])
    assert registry.keys("HKLM") == ()
    (tmp_path / "system.reg").write_text(WINE_MACHINE + '[Software\\\\A] 1\n"a"="1"\n')
    (tmp_path / "user.reg").write_text(WINE_PERSON + '[Software\\\\B] 1\n"b"="1"\n')
    assert registry.values("HKLM\\Software\\A") == {"a": "1"}
    assert registry.values("HKCU\\Software\\B") == {"b": "1"}
    before = registry.stamp("HKLM\\Software\\A")
    assert before == registry.stamp("HKLM\\Software\\A")
    (tmp_path / "system.reg").write_text(WINE_MACHINE + '[Software\\\\A] 1\n"a"="22"\n')
    assert registry.values("HKLM\\Software\\A") == {"a": "22"}
    assert registry.stamp("HKLM\\Software\\A") != before
    assert registry.problems == ()


@pytest.mark.parametrize("kind", ["garbage", "directory", "pipe"])
def test_an_unreadable_file_is_an_empty_registry_and_says_why(kind, tmp_path):
    file = tmp_path / "x.reg"
    if kind == "garbage":
        file.write_bytes(b"hello")
    elif kind == "directory":
        file.mkdir()
    else:
        os.mkfifo(file)
    registry = ExportedRegistry([file])
    assert registry.keys("HKLM") == ()
    assert [path for path, _ in registry.problems] == [file]


def test_the_stamp_of_a_key_tells_of_values_and_of_keys_below(tmp_path):
    empty = exported(tmp_path / "a", {"HKLM\\A": {"v": 1}})
    other = exported(tmp_path / "b", {"HKLM\\A": {"v": 2}})
    deeper = exported(tmp_path / "c", {"HKLM\\A": {"v": 1}, "HKLM\\A\\B": {}})
    stamps = {registry.stamp("HKLM\\A") for registry in (empty, other, deeper)}
    assert len(stamps) == 3


def test_there_is_no_registry_beside_windows():
    assert system_registry() is None


# --- Windows' own: there is no Windows here, so the system's functions are played by a tree --------------------------


class PlayedKey:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def played_winreg(tree, asked):
    module = types.ModuleType("winreg")
    for number, name in enumerate(("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER", "HKEY_CLASSES_ROOT")):
        setattr(module, name, number)
    module.KEY_READ, module.KEY_WOW64_64KEY, module.KEY_WOW64_32KEY = 0x20019, 0x100, 0x200
    module.REG_SZ, module.REG_EXPAND_SZ, module.REG_MULTI_SZ, module.REG_NONE = 1, 2, 7, 0
    module.HKEYType = PlayedKey
    hives = ("HKLM", "HKCU", "HKCR")

    def open_key(hive, path, reserved=0, access=0):
        asked.append(access)
        if path.endswith("Denied"):
            raise PermissionError(5, "Access is denied")
        whole = f"{hives[hive]}\\{path}".rstrip("\\")
        if not tree.keys(whole) and not tree.values(whole):
            raise FileNotFoundError(2, "no such key")
        return PlayedKey(whole)

    def numbered(sequence, index):
        try:
            return sequence[index]
        except IndexError:
            raise OSError(259, "No more data is available") from None

    def enum_value(key, index):
        name, value = numbered(list(tree.values(key.path).items()), index)
        if name == "list":
            return name, value.split("\n"), module.REG_MULTI_SZ
        if name == "nothing":
            return name, None, module.REG_NONE
        return name, value, module.REG_EXPAND_SZ if str(value).startswith("%") else module.REG_SZ

    module.OpenKey = open_key
    module.EnumKey = lambda key, index: numbered(tree.keys(key.path), index)
    module.EnumValue = enum_value
    module.QueryInfoKey = lambda key: (len(tree.keys(key.path)), len(tree.values(key.path)), 133)
    let_write(module, tree)
    module.ExpandEnvironmentStrings = lambda text: text.replace("%A%", "C:\\a")
    return module


def let_write(module, tree):
    """``module.written`` is what was written into the played registry."""
    module.REG_BINARY, module.KEY_SET_VALUE, module.written = 3, 2, []
    module.CreateKeyEx = module.OpenKey
    module.SetValueEx = lambda key, name, _reserved, kind, value: module.written.append((key.path, name, kind, value))

    def delete_value(key, name):
        if name not in tree.values(key.path):
            raise FileNotFoundError(2, "no such value")
        module.written.append((key.path, name))

    module.DeleteValue = delete_value


@pytest.fixture
def windows(monkeypatch):
    tree = parse(
        b"\xff\xfe"
        + as_reg(
            {
                "HKLM\\Software\\K": {
                    "t": "x",
                    "e": "%A%\\b",
                    "n": 7,
                    "b": b"\1",
                    "list": "a\nb",
                    "nothing": 0,
                    "": "d",
                },
                "HKLM\\Software\\K\\One": {"a": 1},
                "HKLM\\Software\\K\\Two": {"a": 1},
                "HKCU\\Software\\Denied": {"a": 1},
            }
        ).encode("utf-16-le")
    )
    asked = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", played_winreg(tree, asked))
    monkeypatch.delitem(sys.modules, "gamedetectd.platforms.registry.winreg_registry", raising=False)
    importlib.import_module("gamedetectd.platforms.registry.winreg_registry")
    yield system_registry()
    assert all(access & 0x100 for access in asked)
    monkeypatch.delitem(sys.modules, "gamedetectd.platforms.registry.winreg_registry")


def test_windows_own_registry_in_one_view_that_holds_both(windows):
    assert windows.keys("HKLM\\Software\\K") == ("One", "Two")
    assert windows.values("hklm\\Software\\K") == {
        "t": "x", "e": "C:\\a\\b", "n": 7, "b": b"\1", "list": "a\nb", "nothing": b"", "": "d",
    }  # fmt: skip
    assert windows.stamp("HKLM\\Software\\K") == windows.stamp("HKLM\\Software\\K")


@pytest.mark.parametrize("path", ["HKLM\\nothing", "HKCU\\Software\\Denied", "HKXX\\Software", "HKLM"])
def test_what_is_missing_or_denied_on_windows_is_empty(windows, path):
    assert windows.keys(path) == windows.keys(path)
    assert windows.values(path) == {}
    if path != "HKLM":
        assert windows.keys(path) == ()
        assert windows.stamp(path) is None


def test_values_are_written_and_removed_in_the_same_view(windows):
    windows.write("HKLM\\Software\\K", "text", "x")
    windows.write("hklm\\Software\\K", "bytes", b"\3")
    windows.delete("HKLM\\Software\\K", "t")
    windows.delete("HKLM\\Software\\K", "never there")
    windows.delete("HKLM\\Software\\no such key", "x")
    written = sys.modules["winreg"].written
    key = "HKLM\\Software\\K"
    assert written == [(key, "text", 1, "x"), (key, "bytes", 3, b"\3"), (key, "t")]
    with pytest.raises(PermissionError):
        windows.write("HKCU\\Software\\Denied", "x", "y")
