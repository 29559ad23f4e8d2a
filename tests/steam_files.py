"""Steam's files as tests write them: text and binary KeyValues, appinfo, manifests, and a whole Steam on a disk."""

import struct
from pathlib import Path

from gamedetectd.library.vdf import Block


def plain(block):
    """A parsed block as a list of pairs, blocks within it too."""
    return [(key, plain(value) if isinstance(value, Block) else value) for key, value in block.entries]


def text(pairs, indent=""):
    """Text KeyValues as Steam writes them, of pairs whose values are texts or pairs."""
    lines = []
    for key, value in pairs:
        name = _quoted(key)
        if isinstance(value, str):
            lines.append(f"{indent}{name}\t\t{_quoted(value)}\n")
        else:
            lines.append(f"{indent}{name}\n{indent}{{\n{text(value, indent + chr(9))}{indent}}}\n")
    return "".join(lines)


def _quoted(value):
    for plain_form, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        value = value.replace(plain_form, escaped)
    return f'"{value}"'


def binary(pairs, keys=None):
    """Binary KeyValues of pairs without the outermost end; ``keys`` collects them into a table and writes numbers."""
    data = b""
    for key, value in pairs:
        if keys is None:
            name = key.encode() + b"\0"
        else:
            if key not in keys:
                keys.append(key)
            name = struct.pack("<I", keys.index(key))
        if isinstance(value, str):
            data += b"\x01" + name + value.encode() + b"\0"
        elif isinstance(value, float):
            data += b"\x03" + name + struct.pack("<f", value)
        elif isinstance(value, int):
            data += (
                b"\x02" + name + struct.pack("<I", value)
                if value < 1 << 32
                else b"\x07" + name + struct.pack("<Q", value)
            )
        else:
            data += b"\x00" + name + binary(value, keys) + b"\x08"
    return data


def app(ident, name="", kind="Game", launch=(), **more):
    """What appinfo says of an app, as pairs; ``launch`` are executables or pairs of one way to start it."""
    ways = [
        (str(number), [("executable", way)] if isinstance(way, str) else list(way)) for number, way in enumerate(launch)
    ]
    depots = [(str(ident + 1), [("manifests", [("public", [("gid", "1")])])])]
    common = [("name", name), ("type", kind), ("oslist", "windows,linux"), ("genres", [("0", "1")])]
    parts = [("appid", ident), ("common", common), ("extended", [("developer", "Somebody")])]
    return [
        ("appinfo", [*parts, ("config", [("installdir", "x"), ("launch", ways)]), ("depots", depots), *more.items()])
    ]


def appinfo(apps, version=0x07564429):
    """A whole appinfo.vdf of ``{number: pairs}``."""
    keys = [] if version == 0x07564429 else None
    records = b""
    for ident, pairs in apps.items():
        body = bytes(40 if version == 0x07564427 else 60) + binary(pairs, keys) + b"\x08"
        records += struct.pack("<II", ident, len(body)) + body
    records += bytes(4)
    head = struct.pack("<II", version, 1)
    if keys is None:
        return head + records
    table = struct.pack("<I", len(keys)) + b"".join(key.encode() + b"\0" for key in keys)
    return head + struct.pack("<q", len(head) + 8 + len(records)) + records + table


def shortcuts(*entries):
    """A shortcuts.vdf of entries' pairs."""
    return binary([("shortcuts", [(str(number), entry) for number, entry in enumerate(entries)])]) + b"\x08"


class Steam:
    """A Steam at ``root`` with whatever a test installs into it."""

    def __init__(self, root):
        self.root = Path(root)
        self.apps = self.root / "steamapps"
        self.apps.mkdir(parents=True, exist_ok=True)

    def library(self, place, name="steamapps"):
        """Another library folder; it is not in the list by itself."""
        other = Steam.__new__(Steam)
        other.root, other.apps = Path(place), Path(place) / name
        other.apps.mkdir(parents=True)
        return other

    def list_libraries(self, pairs, where="config"):
        """Write libraryfolders.vdf."""
        file = self.root / where / "libraryfolders.vdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text([("libraryfolders", pairs)]))
        return file

    def install(self, ident, title, directory=None, flags=4, there=True, **more):
        """Write a manifest and, where ``there``, the game's directory; return that."""
        directory = title if directory is None else directory
        pairs = [("appid", str(ident)), ("name", title), ("StateFlags", str(flags)), ("installdir", directory)]
        (self.apps / f"appmanifest_{ident}.acf").write_text(text([("AppState", [*pairs, *more.items()])]))
        place = self.apps / "common" / directory
        if there:
            place.mkdir(parents=True, exist_ok=True)
        return place

    def knows(self, apps, version=0x07564429):
        """Write appinfo.vdf."""
        file = self.root / "appcache" / "appinfo.vdf"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(appinfo(apps, version))
        return file

    def added(self, *entries, user="1001"):
        """Write a user's shortcuts."""
        file = self.root / "userdata" / user / "config" / "shortcuts.vdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(shortcuts(*entries))
        return file
