"""Every parser of files that others write: bytes in, and nothing but the declared errors out.

A parser added here is run on hostile input by ``security/test_fuzz_parsers.py``.
"""

import plistlib
from collections.abc import Callable
from dataclasses import dataclass

from gamedetectd.library.battlenet import parse_products
from gamedetectd.library.desktop_entries import command_of, parse_entry
from gamedetectd.library.ea import parse_manifest
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.mac_apps import parse_plist
from gamedetectd.library.xbox import parse_gaming_root
from gamedetectd.library.xml_files import parse_xml
from gamedetectd.platforms.registry.exported import RegistryFileError
from gamedetectd.platforms.registry.exported import parse as registry_text


@dataclass(frozen=True)
class Parser:
    """``run`` takes the whole file; ``errors`` are the only exceptions it may raise; ``seeds`` are good beginnings."""

    run: Callable[[bytes], object]
    errors: tuple[type[Exception], ...] = ()
    seeds: tuple[bytes, ...] = (b"",)


PARSERS: dict[str, Parser] = {}

_FIELD = b"\x0a\x1e\x0a\x02s2\x12\x02s2\x1a\x0c\x0a\x0aC:\\s2 test\x22\x06\x0a\x04\x08\x01\x10\x01"
_REG = """Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Ubisoft\\Launcher\\Installs\\635]
@="x"
"InstallDir"="C:\\\\Games\\\\\\"Siege\\""
"n"=dword:0000002a
"b"=hex(7):61,00,00,00,62,00,\\
  00,00,00,00
[-HKEY_CURRENT_USER\\Software\\Gone]
"""
_WINE = """WINE REGISTRY Version 2
;; All keys relative to REGISTRY\\\\Machine

#arch=win64

[Software\\\\K\\x00f6nig \\[1\\]] 1795672499
#time=1dd7d6aabe67068
"Star"="\\x2605\\n\\001"
"E"=str(2):"%A%\\\\b"
"L"=str(7):"a\\0b\\0"
"""
_INSTALLER = b"""<?xml version="1.0"?><DiPManifest version="4.0"><contentIDs><contentID>1</contentID></contentIDs>
<gameTitles><gameTitle locale="en_US">A</gameTitle></gameTitles></DiPManifest>"""
_PLIST = b"""<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>
<key>CFBundleName</key><string>Doom</string><key>LSApplicationCategoryType</key>
<string>public.app-category.games</string></dict></plist>"""
PARSERS |= {
    "exported registry": Parser(
        registry_text,
        (RegistryFileError,),
        (
            _REG.encode(),
            b"\xff\xfe" + _REG.encode("utf-16-le"),
            _REG.replace(_REG[:36], "REGEDIT4").encode(),
            _WINE.encode(),
        ),
    ),
    "battle.net product.db": Parser(parse_products, (UnreadableError,), (_FIELD, _FIELD * 2 + b"\x2a\0")),
    "xbox .GamingRoot": Parser(
        parse_gaming_root, (UnreadableError,), (b"RGBX\1\0\0\0" + "XboxGames\0".encode("utf-16-le"),)
    ),
    "origin manifest": Parser(
        parse_manifest, (UnreadableError,), (b"?id=&id=OFB%3a1&dipinstallpath=C%3a%5cGames+a&currentstate=x",)
    ),
    "store XML": Parser(parse_xml, (UnreadableError,), (_INSTALLER, "\ufeff<a b='c'>d</a>".encode("utf-16-le"))),
    "desktop entry of a game": Parser(
        parse_entry,
        (UnreadableError,),
        (b"[Desktop Entry]\nType=Application\nName=A\\sB\nExec=env A=b /a/b %U\nCategories=Game;\nHidden=false\n",),
    ),
    "desktop entry's command": Parser(
        lambda data: command_of(data.decode("utf-8", "replace")), (), (b"env -u A B=c sh -c 'a \"b\"' %U",)
    ),
    "property list of an application": Parser(
        parse_plist, (UnreadableError,), (_PLIST, plistlib.dumps({"CFBundleName": "A"}, fmt=plistlib.FMT_BINARY))
    ),
}
