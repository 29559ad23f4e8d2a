"""The parsers of lists of games, for ``parsers.py``: manifests, Discord's lists and indexes that somebody else made."""

import tempfile
from io import BytesIO
from pathlib import Path

from catalogue_samples import known

from gamedetectd.catalogue import discord, ludusavi
from gamedetectd.catalogue.build import build
from gamedetectd.catalogue.index import About, Index
from gamedetectd.errors import CatalogueError

_MANIFEST = """\
"Fine: Day™":
  files: {"<base>/saves": {tags: [save], when: [{os: windows}]}}
  installDir: {Fine Day: {}}
  launch:
    "<base>/bin/Fine.exe": [{arguments: -x, when: [{os: windows, bit: 64}]}]
  steam: {id: 620}
  id: {gogExtra: [7], lutris: fine}
Other: {alias: "Fine: Day™"}
"""
_LIST = (
    '[{"id":"1","name":"Fine Day™","executables":[{"name":">bin/fine.exe","os":"win32","is_launcher":false,'
    '"arguments":"-x"}],"third_party_skus":[{"distributor":"steam","id":"620"}]}]'
)


def _index() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "index"
        build(file, [known("Fine Day", "fine.exe", directories=("fine day",))], About("ludusavi", "x", 1.0, 0, 0))
        return file.read_bytes()


def _ask_index(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "index"
        file.write_bytes(data)
        index = Index(file)
        try:
            index.check()
            return index.look_up(["fine.exe"], ["fine day"])
        finally:
            index.close()


ROWS = {
    "Ludusavi's manifest": (
        lambda data: list(ludusavi.read(BytesIO(data))),
        (_MANIFEST.encode(), b"a: &x {installDir: *x}\n", b"? {a: b}\n: [c]\n"),
    ),
    "Discord's list": (lambda data: list(discord.read(BytesIO(data))), (_LIST.encode(), b"[]")),
    "a catalogue's index": (_ask_index, (_index(),)),
}
"""A parser by its name: what reads the bytes, and good beginnings; ``CatalogueError`` is all it may raise."""
ERROR = CatalogueError
