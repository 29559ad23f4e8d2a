"""What the version information of a Windows program says about it, in its maker's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign, words
from gamedetectd.detection.identity import role_of

_SYSTEM_PRODUCT = re.compile(
    r"microsoft® windows® operating system|microsoft windows operating system|^wine$", re.IGNORECASE
)
_APPLICATION = re.compile(
    r"\b(browser|office|studio (code|\d{4})|studio( pro| free|\s\d+)?$|media player|video player|music player|screen ?recorder|remote desktop|antivirus|anti-virus|vpn|"
    r"driver|control (panel|cent(er|re))|command cent(er|re)|file manager|download manager|task manager|password manager|mod manager|"
    r"device manager|package manager|terminal|text editor|ide\b|viewer|converter|wallpaper|screen ?saver|desktop (app|client)|messenger|"
    r"calculator|cad\b|modeling|modeller|renderer|rendering|slicer|emulator|virtual machine|hypervisor|utility|utilities|toolkit|sdk|plugin|"
    r"runtime|framework|compiler|debugger|profiler|backup|archiver|torrent|webcam|streaming|overlay|planetarium|visuali[sz]er|"
    r"mixed reality portal|vr (desktop|runtime)|avatar (creator|studio)|digital audio workstation|photo editor|video editor|3d (viewer|paint|builder))\b",
    re.IGNORECASE,
)
_GAME_MAKER = re.compile(
    r"\b(games?|gaming|game ?studios?|gameworks|interactive( entertainment| studios?)?|entertainment|spiele|jeux|ubisoft|electronic arts|ea digital|"
    r"activision|blizzard|bethesda|bioware|capcom|konami|sega|atlus|square enix|bandai|namco|fromsoftware|koei|tecmo|nintendo|sony interactive|"
    r"playstation|mojang|cd projekt|rockstar|take-two|2k|paradox|larian|obsidian|valve|mihoyo|hoyoverse|cognosphere|netease|tencent|krafton|"
    r"pubg|nexon|ncsoft|gaijin|wargaming|techland|remedy|insomniac|naughty dog|id software|epic games|thq|deep silver|team17|devolver|"
    r"supergiant|klei|re-logic|concernedape|wube|ludeon|hello games|frontier developments|creative assembly|firaxis|relic|amplitude|"
    r"daedalic|focus home|nacon|bigben|505|tinybuild|annapurna|curve digital|11 bit|playdead|mojang|roblox|riot|digital extremes|bungie|"
    r"crytek|io-interactive|avalanche|rebellion|codemasters|sumo digital|playground|turn 10|rare ltd|lionhead|double fine|telltale|popcap|"
    r"zynga|king\.com|supercell|innogy|innersloth|mediatonic|psyonix|respawn|dice|crystal dynamics|eidos|arkane|machinegames|tango|ninja theory|"
    r"quantic dream|asobo|dontnod|don't nod|spiders|cyanide|arrowhead|ghost ship|coffee stain|iron gate|unknown worlds|facepunch|bohemia)\b",
    re.IGNORECASE,
)
_NOT_THEIR_GAME = re.compile(
    r"launcher|client service|anti-?cheat|store|galaxy|connect|origin|steam(?! edition)|overlay|sdk|redist",
    re.IGNORECASE,
)


def of_program(case: Case) -> Mapping[str, str]:
    """The version information of the program itself; that of another file only where it is the only one there is."""
    ignore = True
    for path, values in case.facts.version_info.items():
        for spelt in (case.program.path, case.program.alias):
            if spelt and paths.folded(path, ignore_case=ignore) == paths.folded(spelt, ignore_case=ignore):
                return values
    for path, values in case.facts.version_info.items():
        if paths.base_name(path).casefold() == case.program.base.casefold():
            return values
    return {}


def testify(case: Case) -> Iterator[Sign]:
    """Signs from product, description and company."""
    values = of_program(case)
    product, description = values.get("ProductName", ""), values.get("FileDescription", "")
    company = values.get("CompanyName", "")
    if _SYSTEM_PRODUCT.search(product):
        yield Sign("version.system", f"Its version information says that it is part of {product.strip()}.")
        return
    for text in (description, product):
        if (role := role_of(text)) is not None and not _is_title(case, text):
            yield Sign(f"version.{role}", f"Its version information calls it {text.strip()}.")
            return
        if found := _APPLICATION.search(text):
            yield Sign("version.application", f"Its version information calls it {text.strip()} ({found[0].lower()}).")
            return
    if _GAME_MAKER.search(company) and not _NOT_THEIR_GAME.search(f"{product} {description}"):
        yield Sign("version.game_maker", f"Its version information names {company.strip()}, which makes games.")


def _is_title(case: Case, text: str) -> bool:
    """The library's title holds the same words: ``Game Dev Tycoon Server Room Editor`` may be a game's name."""
    return case.row is not None and set(words(text)) <= set(words(case.row.title))
