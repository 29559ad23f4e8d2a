"""Where programs live: the folders that stores and people keep games in, and those that belong to the system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gamedetectd.detection import paths
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.phrases import places as below
from gamedetectd.domain import System


@dataclass(frozen=True, slots=True)
class GamesFolder:
    """A folder that holds games, found in a path. ``title_directory`` is the game's own directory, "" where unknown."""

    signal: str
    called: str
    title_directory: str = ""
    title: str = ""


_T = "(?P<title>[^/]+)/"
"""The game's own directory, right below."""
_FOLDERS: tuple[tuple[str, str, Pattern], ...] = tuple(
    (signal, called, Pattern(pattern, re.IGNORECASE))
    for signal, called, pattern in (
        ("place.store", "Steam's library", rf"steamapps/common/{_T}"),
        ("place.store", "GOG's games folder", rf"/gog games/{_T}"),
        ("place.store", "GOG Galaxy's games folder", rf"/gog galaxy/games/{_T}"),
        ("place.store", "the Xbox app's games folder", rf"/xboxgames/(?!gamesave){_T}content/"),
        ("place.store", "Ubisoft's games folder", rf"/ubisoft game launcher/games/{_T}"),
        ("place.store", "Ubisoft's games folder", rf"/ubisoft/(?!ubisoft){_T}"),
        ("place.store", "EA's games folder", rf"/(?:ea games|origin games|electronic arts)/(?!ea |origin){_T}"),
        ("place.store", "Amazon's games folder", rf"/amazon games/library/{_T}"),
        ("place.store", "Epic's games folder", rf"/epic games/(?!launcher|ue_|directx|epic ?online|quixel){_T}"),
        ("place.store", "Rockstar's games folder", rf"/rockstar games/(?!launcher|social){_T}"),
        ("place.store", "Riot's games folder", rf"/riot games/(?!riot client|vanguard){_T}"),
        ("place.store", "Heroic's games folder", rf"/games/heroic/(?!prefixes){_T}"),
        ("place.store", "Microsoft's games folder", rf"/microsoft games/{_T}"),
        ("place.itch", "itch's folder", rf"/itch/apps/{_T}"),
        ("place.system_games", "the system's directory for games", r"^/(?:usr|usr/local)/games/[^/]+$"),
        ("place.system_games", "a directory for games", r"^/usr/(?:local/)?(?:lib|libexec|share)/(?:[^/]+/)?games/"),
        (
            "place.folder",
            "a folder for games",
            rf"/(?:[^/]+ )?(?:games|spiele|jeux|juegos|giochi|jogos|gry|hry|игры)/{_T}",
        ),
    )
)

_SYSTEM_PLACES: Mapping[System, tuple[str, ...]] = {
    System.LINUX: below(
        """
        /usr/sbin; /sbin; /usr/libexec; /usr/lib/systemd; /lib/systemd; /usr/lib/gcc; /usr/lib/xorg;
        /usr/lib/polkit-1; /usr/lib/kf6; /usr/lib/policykit-1; /usr/lib/gvfs; /usr/lib/git-core; /usr/lib/apt;
        /usr/lib/cups; /usr/lib/bluetooth; /usr/lib/kf5; /usr/lib/xscreensaver; /usr/lib/networkmanager
        """
    ),
    System.WINDOWS: below(
        """
        c:/windows; c:/program files/windows defender; c:/program files/common files; c:/program files (x86)/common
        files; c:/programdata/microsoft; c:/program files (x86)/intel; c:/program files/intel; c:/program files/nvidia
        corporation; c:/program files/amd; c:/program files (x86)/microsoft/edge
        """
    ),
    System.MACOS: below(
        """
        /system/library; /system/applications/utilities; /usr/bin; /usr/libexec; /usr/sbin; /sbin; /bin; /library/apple;
        /library/application support; /library/privilegedhelpertools; /library/coremediaio
        """
    ),
}

_WINE_SYSTEM = Pattern(
    r"^[a-z]:/windows/|/drive_c/windows/|/legacycompat/"
    r"|/steamapps/common/(?:proton[ -][^/]*|steamlinuxruntime[^/]*|steamworks shared)/",
    re.IGNORECASE,
)
"""Windows' own part of a Wine prefix, and what Steam brings to run games with."""
_PACKAGE = Pattern(
    r"[\\/]windowsapps[\\/](?:(?P<maker>[^\\/_]+)\.)?(?P<name>[^\\/._]+)_\d[^\\/]*(?=[\\/])", re.IGNORECASE
)

_TECHNICAL = names(
    """
    bin bin32 bin64 binaries win64 win32 wingdk x64 x86 x86-64 x86_64 x32 linux linux32 linux64 linux-x86_64 macos
    contents system release retail shipping engine game client live build dist lib lib32 lib64 libs program exe app
    resources windows windowsnoeditor linuxnoeditor win mac osx macosx i386 i686 amd64 arm64 _retail_ _classic_
    _classic_era_ 64bit 32bit 64 32 content data files runtime bin_x64 bin_win64 dx11 dx12 vulkan java jre current
    latest main shared usr opt base apps binary executable executables standalone windowsclient linuxclient
    """
)
"""Directory names that are a game's inner structure and never its title."""

_SHARED = names(
    """
    common games programs applications desktop downloads documents local share steamapps steam windowsapps appdata roaming
    drive_c system32 syswow64 libexec spiele tmp temp home users
    """
) | {"program files", "program files (x86)", "my games", "application support", "gog games", "epic games"}
"""Directories many programs share wherever they are, which therefore name none of them."""
_SHARED_AT_THE_TOP = names(
    "bin sbin lib lib64 opt usr var mnt media run root windows library system volumes nix snap app"
)
_SHARED_BELOW_USR = names("bin sbin lib lib64 share libexec games local")


def games_folder(path: str) -> GamesFolder | None:
    """The games folder a program lies in, the most telling one first; None outside any."""
    spelt = path.replace("\\", "/")
    for signal, called, pattern in _FOLDERS:
        if found := pattern.search(spelt):
            title = found.groupdict().get("title") or ""
            place = path[: found.end("title")] if title else ""
            if title.casefold() in _TECHNICAL or title.casefold() in _SHARED:
                title = place = ""
            return GamesFolder(signal, called, place, title)
    return None


def is_structure(name: str) -> bool:
    """True for a directory's name that many programs have within or around them: ``bin``, ``Win64``, ``common``."""
    return name.casefold() in _TECHNICAL or name.casefold() in _SHARED


def store_package(path: str) -> tuple[str, str]:
    """Maker and name of a package of Microsoft's store: ``king.com`` and ``CandyCrushSaga``; "" twice outside any."""
    found = _PACKAGE.search(path)
    return (found["maker"] or "", found["name"]) if found else ("", "")


def installed_name(directory: str, path: str) -> str:
    """What a program's directory calls it: without a bundle's ending, and of a store's package the name alone."""
    return store_package(path)[1] or paths.base_name(directory).removesuffix(".app")


def is_system_place(path: str, system: System) -> bool:
    """True for the operating system's own directories and those of drivers."""
    folded = paths.folded(path, ignore_case=True)
    return folded.startswith(_SYSTEM_PLACES[system]) or bool(_WINE_SYSTEM.search(folded))


def is_shared(directory: str) -> bool:
    """True for a directory that many programs share, so that what lies in it tells nothing about one of them."""
    parts = [part.casefold() for part in paths.components(directory)]
    if not parts or parts[-1] in _SHARED:
        return True
    if len(parts) == 1:
        return parts[0] in _SHARED_AT_THE_TOP
    if parts[:-1] in (["usr"], ["usr", "local"], ["app"], ["opt"]) and parts[-1] in _SHARED_BELOW_USR:
        return True
    return len(parts) == 2 and parts[0] in ("home", "users", "nix")


def own_directory(path: str) -> str:
    """The directory that holds the whole program: above ``Binaries/Win64``, ``bin`` and the like; "" where it shares."""
    folder = games_folder(path)
    if folder is not None and folder.title_directory:
        return folder.title_directory
    if bundle := re.match(r"(.*?\.app)(?=/|$)", path):
        return bundle.group(1)
    place = paths.directory(path)
    while place and not is_shared(place) and paths.base_name(place).casefold() in _TECHNICAL:
        above = paths.directory(place)
        if above == place or is_shared(above):
            break
        place = above
    return "" if not place or is_shared(place) else _above_unreal_project(path, place)


def _above_unreal_project(path: str, place: str) -> str:
    """``X/Project/Binaries/Win64/Project-Win64-Shipping.exe`` belongs to ``X`` where ``X`` is no shared directory."""
    above = paths.directory(place)
    deep = re.search(r"/binaries/(win64|win32|wingdk|linux|mac)/[^/]+$", path.replace("\\", "/"), re.IGNORECASE)
    return above if deep and above != place and not is_shared(above) else place
