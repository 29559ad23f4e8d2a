"""Small files that grow beyond all bounds in whoever unfolds them, for every parser of files that others write.

``python bombs.py`` runs every parser on every bomb and prints, as JSON, what did not end as declared, the processor
seconds of the slowest, and the most memory (MB) all of it took.
"""

import gzip
import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PLIST = '<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY l0 "ha">{}]><plist version="1.0"><string>&l9;</string></plist>'


def aliases(levels=20):
    """Each anchor holds nine of the one before."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).encode() + b"\n"


def merges(levels=20):
    """The same with YAML's merge keys, which a loader may copy."""
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: *a{n - 1}}}" for n in range(1, levels)]
    return "\n".join(lines).encode() + b"\n"


def binary_plist():
    """A list of lists of lists, each nine times the same."""
    count = 11
    objects = [b"\x51x", *(b"\xa9" + bytes([n]) * 9 for n in range(count - 1))]
    offsets, data = [], b"bplist00"
    for one in objects:
        offsets.append(len(data))
        data += one
    table = len(data)
    data += bytes(offsets)
    return (
        data
        + bytes(6)
        + bytes([1, 1])
        + count.to_bytes(8, "big")
        + (count - 1).to_bytes(8, "big")
        + table.to_bytes(8, "big")
    )


def long_default():
    """A column added with a long default: three megabytes on disk, 180 GB when read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("CREATE TABLE caves (id)")
            database.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                " INSERT INTO caves SELECT i FROM n"
            )
            database.execute(f"ALTER TABLE caves ADD COLUMN game_id DEFAULT '{'y' * 900_000}'")
        return path.read_bytes()


BOMBS = {
    "a billion laughs": lambda: f'<!DOCTYPE l [<!ENTITY l0 "ha">{LAUGHS}]><l>&l9;</l>'.encode(),
    "a billion laughs in a property list": lambda: PLIST.format(LAUGHS).encode(),
    "a file from elsewhere in XML": lambda: b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>',
    "deep XML": lambda: b"<a>" * 300_000,
    "aliases of aliases": aliases,
    "merges of merges": merges,
    "deep YAML": lambda: b"- " * 300_000,
    "deep JSON": lambda: b'{"a":[' * 300_000,
    "deep VDF": lambda: b'"a" {' * 300_000,
    "binary VDF that is deep": lambda: b"\x00a\x00" * 300_000,
    "a binary property list that multiplies": binary_plist,
    "a deep property list": lambda: b"<plist>" + b"<array>" * 100_000,
    "a number of a million digits": lambda: b"9" * 1_000_000,
    "a line without end": lambda: b"a" * 3_000_000,
    "quotes without end": lambda: b'"' + b"\\" * 3_000_000,
    "brackets of a registry": lambda: b"REGEDIT4\n" + b"[" * 1_000_000,
    "a gzip of nothing but zeros": lambda: gzip.compress(bytes(100_000_000)),
    "a table with a long default": long_default,
    "a number of nested tables in TOML": lambda: b"a = " + b"[" * 300_000,
    "protobuf that says it is endless": lambda: b"\x0a\xff\xff\xff\xff\x7f" + b"\x0a" * 300_000,
}


def try_all():
    sys.path[:0] = [str(Path(__file__).parents[1])]
    from parsers import PARSERS

    from gamedetectd.config.files import parse

    runs = {name: (parser.run, parser.errors) for name, parser in PARSERS.items()}
    runs["settings and rules"] = (lambda data: parse("settings.toml", data.decode("utf-8", "replace")), ())
    broken, slowest = [], (0.0, "")
    for what, make in BOMBS.items():
        data = make()
        for name, (run, errors) in runs.items():
            began = time.process_time()
            try:
                run(data)
            except errors:
                pass
            except (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError) as error:
                broken.append(f"{name} on {what}: {type(error).__name__}")
            slowest = max(slowest, (time.process_time() - began, f"{name} on {what}"))
    return broken, slowest


if __name__ == "__main__":
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000,) * 2)
    broken, slowest = try_all()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"broken": broken, "slowest": slowest, "memory": memory}))
