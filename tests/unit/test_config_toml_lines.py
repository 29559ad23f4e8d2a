"""Every key of a settings file is found on the line a person sees it on."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamedetectd.config.toml_lines import key_lines

SCALARS = (
    "1",
    "+1_000",
    "0xff",
    "-3.5e2",
    "nan",
    "true",
    "1979-05-27 07:32:00",
    "1979-05-27T00:32:00.999-07:00",
    "07:32:00",
    '""',
    "''",
    r'"a # ] } , \" \\"',
    r"'C:\games\ # ] } = '",
    '"""x"""',
    '"""\nfirst = 1\n[second]\n\\"""\n"""',
    '""""two quotes at the end"""""',
    '"""ends in a backslash \\\\"""',
    "'''\nthird = ']'\n\\'''",
    "''''quoted'''''",
    '"""a \\\n   b"""',
)
SPACES = st.sampled_from(("", " ", "\t", "  "))
GAPS = st.sampled_from(("", " ", "\n", "\n\n", " # a = [1] ' \"\n", "\n\t# {\n"))
KEYS = st.text(st.sampled_from("abzAZ019-_.#='\"[]{},\\ äß\n\t☃😀"), max_size=6)


class Writer:
    """Writes a document in a random style and keeps the line on which each path was first named."""

    def __init__(self, draw) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[tuple[str | int, ...], int] = {}

    def named(self, path) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def key(self, key: str) -> str:
        styles = [json.dumps(key, ensure_ascii=False)]
        if re.fullmatch("[A-Za-z0-9_-]+", key):
            styles.append(key)
        if not re.search("['\n]", key):
            styles.append(f"'{key}'")
        return self.draw(st.sampled_from(styles))

    def dotted(self, steps) -> None:
        """Steps are pairs of a key and the path it names, or None where a header does not name it anew."""
        for place, (key, path) in enumerate(steps):
            self.text += ("." if place else "") + self.draw(SPACES)
            self.named(path)
            self.text += self.key(key) + self.draw(SPACES)

    def value(self, path, depth: int) -> None:
        kind = self.draw(st.sampled_from(("scalar", "scalar", "array", "inline") if depth else ("scalar",)))
        if kind == "scalar":
            self.text += self.draw(st.sampled_from(SCALARS))
        elif kind == "array":
            self.array(path, depth)
        else:
            self.inline(path, depth)

    def array(self, path, depth: int) -> None:
        self.text += "[" + self.draw(GAPS)
        count = self.draw(st.integers(0, 3))
        for place in range(count):
            self.named((*path, place))
            self.value((*path, place), depth - 1)
            self.text += self.draw(GAPS)
            if place < count - 1 or self.draw(st.booleans()):
                self.text += "," + self.draw(GAPS)
        self.text += "]"

    def inline(self, path, depth: int) -> None:
        self.text += "{" + self.draw(SPACES)
        for place, key in enumerate(self.keys()):
            self.text += "," if place else ""
            self.pair(path, key, depth - 1)
            self.text += self.draw(SPACES)
        self.text += "}"

    def keys(self) -> list[str]:
        return self.draw(st.lists(KEYS, max_size=3, unique=True))

    def pair(self, table, key: str, depth: int) -> None:
        steps = [(key, (*table, key))]
        for further in self.draw(st.lists(KEYS, max_size=2)):
            steps.append((further, (*steps[-1][1], further)))
        self.dotted(steps)
        self.text += "=" + self.draw(SPACES)
        self.value(steps[-1][1], depth)

    def body(self, table, header, depth: int, taken: set[str]) -> None:
        """The pairs of a table, then the tables in it; ``header`` is how a header names this table."""
        for key in self.keys():
            if key in taken:
                continue
            taken.add(key)
            self.text += self.draw(SPACES)
            self.pair(table, key, depth)
            self.text += self.draw(st.sampled_from(("\n", " # comment = 1\n", "\n\n", "\n   \n#[x]\n")))
        for key in self.keys() if depth else ():
            if key not in taken:
                taken.add(key)
                self.table((*table, key), (*header, (key, (*table, key))), depth - 1)

    def table(self, path, header, depth: int) -> None:
        kind = self.draw(st.sampled_from(("table", "tables", "implied")))
        if kind == "tables":
            for place in range(self.draw(st.integers(1, 3))):
                self.header(header, "[[", "]]")
                self.lines.setdefault((*path, place), self.text.count("\n"))
                self.body((*path, place), header, depth, set())
            return
        taken: set[str] = set()
        if kind == "implied":
            key = self.draw(KEYS)
            taken.add(key)
            self.table((*path, key), (*header, (key, (*path, key))), 0)
        self.header(header, "[", "]")
        self.body(path, header, depth, taken)

    def header(self, steps, opening: str, closing: str) -> None:
        self.text += opening
        self.dotted(steps)
        self.text += closing + "\n"


@st.composite
def documents(draw):
    writer = Writer(draw)
    writer.text = draw(st.sampled_from(("", "# a comment\n", "\n\n")))
    writer.body((), (), 2, set())
    text = writer.text
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(st.booleans()) else text, writer.lines


def paths_of(value, path=()):
    """Every path tomllib sees."""
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from paths_of(inner, (*path, key))


@settings(max_examples=150)
@given(documents())
def test_every_key_of_every_document_has_the_line_it_was_written_on(document):
    text, lines = document
    assert set(paths_of(tomllib.loads(text))) == set(lines), "the test's own writer and tomllib disagree"
    assert dict(key_lines(text)) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", {}),
        ("# only = 1\n", {}),
        ("a = 1", {("a",): 1}),
        ("\n[watch]\n\npoll_interval = 2", {("watch",): 2, ("watch", "poll_interval"): 4}),
        ("a.b = 1\na.c = 2\n", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}),
        ("[a.b]\n[a]\nc = 1\n", {("a",): 1, ("a", "b"): 1, ("a", "c"): 3}),
        ('x = """\ny = 1\n"""\nz = 1', {("x",): 1, ("z",): 4}),
        ("[[r]]\nk = 1\n[r.t]\n[[r]]\nk = 2\n", {
            ("r",): 1, ("r", 0): 1, ("r", 0, "k"): 2, ("r", 0, "t"): 3, ("r", 1): 4, ("r", 1, "k"): 5,
        }),
        ("l = [\n 1, # one\n {k = 2},\n]", {("l",): 1, ("l", 0): 2, ("l", 1): 3, ("l", 1, "k"): 3}),
    ],
)  # fmt: skip
def test_known_documents(text, lines):
    assert dict(key_lines(text)) == lines


def test_what_tomllib_refuses_is_refused_and_not_guessed_at():
    with pytest.raises(ValueError, match="line 2 is no TOML"):
        key_lines("a = 1\n=")
