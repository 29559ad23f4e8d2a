"""Every parser of files that others write: bytes in, and nothing but the declared errors out.

A parser added here is run on hostile input by ``security/test_fuzz_parsers.py``.
"""

import plistlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from catalogue_parsers import ERROR as CATALOGUE_ERROR
from catalogue_parsers import ROWS as CATALOGUE_ROWS
from steam_files import app, appinfo, text
from steam_files import shortcuts as write_shortcuts
from store_parsers import ROWS as STORE_ROWS

from gamedetectd.facts import content_files
from gamedetectd.library.battlenet import parse_products
from gamedetectd.library.binary_vdf import parse as parse_binary_vdf
from gamedetectd.library.binary_vdf import read_appinfo
from gamedetectd.library.desktop_entries import command_of, parse_entry
from gamedetectd.library.ea import parse_manifest
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.mac_apps import parse_plist
from gamedetectd.library.steam import manifest
from gamedetectd.library.steam_roots import listed_folders
from gamedetectd.library.steam_shortcuts import shortcuts
from gamedetectd.library.vdf import parse as parse_vdf
from gamedetectd.library.xbox import parse_gaming_root
from gamedetectd.library.xml_files import parse_xml
from gamedetectd.platforms.registry.exported import RegistryFileError
from gamedetectd.platforms.registry.exported import parse as registry_text
from gamedetectd.sensors.steam_log_lines import read_lines


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

_VDF = text(
    [("AppState", [("appid", "620"), ("name", 'Port"al\\ 2'), ("StateFlags", "4"), ("installdir", "Portal 2")])]
).encode()
_SHORTCUT = [("appid", 3000000000), ("AppName", "A"), ("Exe", '"/opt/a/a"'), ("LaunchOptions", "%command% /r/b.sfc")]
_STEAM_LOG = b"""[2026-05-18 00:58:11] AppID 620 adding PID 1552 as a tracked process "/a/b -c"
[2026-05-18 00:58:12] AppID 620 adding PID 1553 as a tracked process
[2026-05-18 00:58:31] AppID 620 no longer tracking PID 1552, exit code -1
[2026-05-18 00:58:31] Remove -215064978 from running list
"""
PARSERS |= {
    "Steam's text": Parser(
        lambda data: manifest(parse_vdf(data, ["WIN32"])),
        (UnreadableError,),
        (
            _VDF,
            b"\xff\xfe" + _VDF.decode().encode("utf-16-le"),
            b'#base "x" "AppState" { appid 1 // c\n "a" "b" [!$WIN32 && ($X || $Y)] }',
            b'"AppState" [$WIN32] { "appid" "1" "UserConfig" { "name" "x" } }',
        ),
    ),
    "Steam's list of libraries": Parser(
        lambda data: list(listed_folders(parse_vdf(data))),
        (UnreadableError,),
        (b'"libraryfolders" { "1" "/a" "2" { "path" "D:\\\\S" "apps" { "4" "1" } } }',),
    ),
    "Steam's shortcuts": Parser(
        lambda data: list(shortcuts(parse_binary_vdf(data))), (UnreadableError,), (write_shortcuts(_SHORTCUT),)
    ),
    "Steam's appinfo": Parser(
        lambda data: list(read_appinfo(BytesIO(data))),
        (UnreadableError,),
        tuple(appinfo({620: app(620, "Portal 2", launch=["a.exe"])}, 0x07564427 + version) for version in range(3)),
    ),
    "Steam's process log": Parser(lambda data: [one.moments() for one in read_lines(data)], (), (_STEAM_LOG,)),
}
PARSERS |= {name: Parser(run, (UnreadableError,), seeds) for name, (run, seeds) in STORE_ROWS.items()}
PARSERS |= {name: Parser(run, (CATALOGUE_ERROR,), seeds) for name, (run, seeds) in CATALOGUE_ROWS.items()}

PARSERS |= {
    "RetroArch's settings": Parser(
        content_files.settings, (), (b'network_cmd_enable = "true"\nplaylist_directory = "~/x"\n',)
    ),
    "RetroArch's playlist": Parser(
        content_files.playlist,
        (),
        (
            b'{"items": [{"path": "/r/a.zip#b.nes", "label": "A", "core_path": "DETECT", "db_name": "N.lpl"}]}',
            b"/r/a, b.zip\nA, B\n/c/x_libretro.so\nX\n0|crc\nN.lpl\n",
        ),
    ),
    "RetroArch's answer": Parser(content_files.status, (), (b"GET_STATUS PLAYING nes,A, B,crc32=e5224cf4\n",)),
    "ScummVM's list": Parser(
        content_files.ini_sections, (), (b"[sky]\ndescription=Beneath a Steel Sky\nplatform=pc\n",)
    ),
    "DOSBox's commands": Parser(
        lambda data: content_files.started(content_files.autoexec(data)),
        (),
        (b'[autoexec]\nmount c "/d"\nc:\ncd x\ncall y.bat\nboot -l c\nimgmount d "/e.iso" -t iso\n',),
    ),
}
