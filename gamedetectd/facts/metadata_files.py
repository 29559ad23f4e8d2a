"""Readers of the small files that stores and engines put beside a game: bytes in, what they tell out, never an error.

Each returns a mapping of the keys that docs/facts.md lists; empty where the file is none of its kind.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping

Found = dict[str, str]

_INFLATED_LIMIT = 1_000_000
"""Bytes of a packed file that are unpacked."""
_NUMBER = re.compile(r"\d{1,20}")
_PLACEHOLDERS = frozenset(["480", "0", "1"])
"""Numbers that Steam's own examples bear, left in many a game."""


def gog(content: bytes) -> Found:
    """``goggame-1207658924.info``; one of an addition belongs to another game's root and tells nothing."""
    info = _object(content)
    number, root = _text(info, "gameId"), _text(info, "rootGameId")
    if root not in ("", number):
        return {}
    return _filled(gog=_text(info, "name"), gog_id=number if _NUMBER.fullmatch(number) else "")


def gog_linux(content: bytes) -> Found:
    """``gameinfo`` of GOG's installers for Linux: the title on the first line, a version on the second."""
    lines = [line.strip() for line in _decoded(content).splitlines()[:6]]
    if len(lines) < 2 or not re.match(r"[\w(]*\d", lines[1]):
        return {}
    number = next((line for line in lines[2:] if re.fullmatch(r"\d{10}", line)), "")
    return _filled(gog=lines[0], gog_id=number)


def epic(content: bytes) -> Found:
    """``.egstore/*.mancpn``: Epic's name of the application, which is no title."""
    return _filled(epic_id=_text(_object(content), "AppName"))


def steam(content: bytes) -> Found:
    """``steam_appid.txt``: Steam's number, unless it is that of its example."""
    number = _decoded(content[:64]).strip().strip("\0")
    return _filled(steam_id=number) if _NUMBER.fullmatch(number) and number not in _PLACEHOLDERS else {}


def microsoft_config(content: bytes) -> Found:
    """``MicrosoftGame.config``: the name shown in the shell."""
    return _filled(microsoft=_attribute(content, "DefaultDisplayName"))


def microsoft_manifest(content: bytes) -> Found:
    """``appxmanifest.xml``: the display name, unless it only points to a resource."""
    found = re.search(r"<DisplayName>\s*([^<]{1,200}?)\s*</DisplayName>", _decoded(content))
    return _filled(microsoft=_unescaped(found[1])) if found and not found[1].startswith("ms-resource") else {}


def ea(content: bytes) -> Found:
    """``installerdata.xml``: the title in English, else the first one."""
    text = _decoded(content)
    titles = re.findall(r"<gameTitle[^>]*locale=\"([^\"]+)\"[^>]*>\s*([^<]{1,200}?)\s*</gameTitle>", text)
    english = [title for locale, title in titles if locale.startswith("en")]
    return _filled(ea=_unescaped(next(iter([*english, *(title for _, title in titles)]), "")))


def itch(content: bytes) -> Found:
    """``receipt.json.gz`` of the itch app: the game's title and number."""
    try:
        plain = zlib.decompressobj(wbits=31).decompress(content, _INFLATED_LIMIT)
    except zlib.error:
        return {}
    game = _object(plain).get("game")
    return _filled(itch=_text(game, "title"), itch_id=_text(game, "id")) if isinstance(game, dict) else {}


def unity(content: bytes) -> Found:
    """``app.info``: the company on the first line, the product on the second."""
    lines = [line.strip() for line in _decoded(content).splitlines()[:2]]
    return _filled(unity=lines[1], company=lines[0]) if len(lines) == 2 else {}


def godot(content: bytes) -> Found:
    """``project.godot`` or ``override.cfg``: ``config/name`` in the section ``application``."""
    return _filled(godot=_ini(_decoded(content), "application").get("config/name", ""))


def rpg_maker_json(content: bytes) -> Found:
    """``System.json`` of RPG Maker MV and MZ."""
    return _filled(rpg_maker=_text(_object(content), "gameTitle"))


def rpg_maker_ini(content: bytes) -> Found:
    """``Game.ini`` of RPG Maker XP to VX Ace, ``RPG_RT.ini`` of 2000 and 2003; in the Japanese encoding, often."""
    text = _decoded(content)
    title = _ini(text, "game").get("title", "") or _ini(text, "rpg_rt").get("gametitle", "")
    return _filled(rpg_maker=title)


def renpy(content: bytes) -> Found:
    """``options.rpy``: ``define config.name = _("Title")``, or the window's title in old ones."""
    text = _decoded(content)
    for name in (r"config\.name", r"config\.window_title"):
        if found := re.search(
            rf"^\s*(?:define\s+)?{name}\s*=\s*(?:_\(\s*)?u?([\"'])((?:\\.|(?!\1).)*)\1", text, re.MULTILINE
        ):
            return _filled(renpy=re.sub(r"\\(.)", r"\1", found[2]))
    return {}


def gamemaker(content: bytes) -> Found:
    """``options.ini``: ``DisplayName`` of any section."""
    found = re.search(r"^\s*DisplayName\s*=\s*\"?([^\"\r\n]{1,200})", _decoded(content), re.MULTILINE | re.IGNORECASE)
    return _filled(gamemaker=found[1].strip()) if found else {}


def love(content: bytes) -> Found:
    """``conf.lua``: ``t.window.title``, or ``t.title`` in old ones."""
    found = re.search(
        r"^\s*\w+\.(?:window\.|screen\.)?title\s*=\s*([\"'])((?:\\.|(?!\1).)*)\1", _decoded(content), re.MULTILINE
    )
    return _filled(love=re.sub(r"\\(.)", r"\1", found[2])) if found else {}


def package(content: bytes) -> Found:
    """``package.json``: the product's name, the window's title, else the package's name."""
    value = _object(content)
    window, build = value.get("window"), value.get("build")
    titles = (
        _text(value, "productName"),
        _text(build, "productName") if isinstance(build, dict) else "",
        _text(window, "title") if isinstance(window, dict) else "",
        _text(value, "name"),
    )
    return _filled(package_json=next((title for title in titles if title), ""))


# --- pieces -----------------------------------------------------------------------------------------------------------


def _filled(**found: str) -> Found:
    return {key: text for key, text in found.items() if text}


def _decoded(content: bytes) -> str:
    """The text in UTF-16 or UTF-8, else in Japanese, else in Western encoding: what makers save such files in."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace")


def _object(content: bytes) -> Mapping[str, object]:
    """The JSON object, or an empty one."""
    try:
        value = json.loads(_decoded(content))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object, key: str) -> str:
    item = value.get(key) if isinstance(value, dict) else None
    return str(item).strip()[:400] if isinstance(item, str | int) and not isinstance(item, bool) else ""


def _ini(text: str, section: str) -> Mapping[str, str]:
    """The keys of one section, in lower case, without quotes around the values; the first of equal keys counts."""
    values: dict[str, str] = {}
    for name, line in _ini_lines(text):
        key, equals, value = line.partition("=")
        if name == section and equals:
            values.setdefault(key.strip().lower(), value.strip().strip('"'))
    return values


def _ini_lines(text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped[1:-1].strip().lower()
        elif stripped and not stripped.startswith((";", "#")):
            yield section, stripped


def _attribute(content: bytes, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*\"([^\"]{{1,200}})\"", _decoded(content))
    return _unescaped(found[1]) if found and not found[1].startswith("ms-resource") else ""


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text).strip()
