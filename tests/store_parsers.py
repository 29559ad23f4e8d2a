"""The parsers of stores' own files, for the table in ``parsers``."""

import gzip
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from gamedetectd.library import amazon, bottles, epic, fuel, gog_info, heroic, itch, legendary, lutris_config
from gamedetectd.library.databases import read_tables
from gamedetectd.library.files import UnreadableError, parse_json, parse_text, parse_yaml

_LUTRIS = b"game:\n  exe: /g/a b/x.sh\n  prefix: ''\nname: 'A: B'\ngame_slug: a\nx: &a [1]\nscript:\n- *a\n"
_BOTTLE = b"""Name: B
Environment: Gaming
External_Programs:
  1-a:
    {id: 1-a, name: X, path: 'C:\\x.exe', removed: false}
"""


def _json(value):
    return json.dumps(value).encode()


def _database():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE caves (id, game_id, verdict)")
        connection.execute("INSERT INTO caves VALUES ('c', 7, '{}')")
        connection.commit()
        return connection.serialize()


def _tables(data):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "butler.db")
        path.write_bytes(data)
        return read_tables(path, {"caves": ("id", "gameId", "missing"), "games": ("id",)})


def _each(*parsers):
    """One that gives the same bytes to all of them; refused is what all refuse."""

    def run(data):
        refusals = []
        for parse in parsers:
            try:
                parse(data)
            except UnreadableError as error:
                refusals.append(error)
        if len(refusals) == len(parsers):
            raise refusals[0]

    return run


ROWS = {
    "JSON of stores": (
        _each(
            parse_json,
            epic.parse_manifest,
            gog_info.parse_info,
            heroic.parse_library,
            lambda data: heroic.parse_list(data, "installed"),
            legendary.parse_installed,
            amazon.parse_nile,
            itch.parse_verdict,
        ),
        (
            b'{"a": [1, null, "\\ud800"], "b": NaN}',
            _json({"AppName": "A", "DisplayName": "B", "InstallLocation": "C:/x", "AppCategories": ["games"]}),
            _json({"gameId": "1", "name": "A", "playTasks": [{"isPrimary": True, "type": "FileTask", "path": "a"}]}),
            _json({"library": [{"app_name": "a", "title": "A"}], "games": [], "installed": [{"appName": "a"}]}),
            _json([{"id": "a", "path": "/a"}]),
            _json({"candidates": [{"path": "a.exe"}]}),
        ),
    ),
    "text of stores": (
        _each(parse_text, gog_info.parse_gameinfo, gog_info.parse_start),
        (
            b"\xef\xbb\xbfa\nb",
            "a".encode("utf-16"),
            b"A Game\n1.0\nn/a\nen-US\n1453375253\n",
            b'cd "${CURRENT_DIR}/game"\nexec ./"A Game" $@\n',
        ),
    ),
    "YAML of stores": (
        _each(parse_yaml, bottles.parse_bottle, bottles.parse_library),
        (b"a: &x [1, ~]\nb: *x\n'c': !!int \"1\"\n? d\n: |\n  e\n", _BOTTLE, b"u:\n  id: 7\n  name: A\n"),
    ),
    "Amazon's fuel.json": (fuel.parse_fuel, (b'{"Main": {"Command": "a\\"b", // c\n "Args": [1,],}, /* d */}',)),
    "Lutris' file of a game": (lutris_config.parse_config, (_LUTRIS,)),
    "itch's receipt": (itch.parse_receipt, (gzip.compress(_json({"game": {"id": 1, "title": "A"}})),)),
    "a store's database": (_tables, (_database(),)),
}
"""By name: the parser and good beginnings. All of them raise ``UnreadableError`` and nothing else."""
