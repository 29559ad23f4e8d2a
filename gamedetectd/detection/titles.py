"""Titles as people write them: cleaned of versions, status and renderers, compared by a slug that none of those change."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)
_DASH = r"(?:[-–—|:•·~]|::)"
_VERSION = r"(?:v(?:er(?:sion)?)?\.? ?\d[\w.+-]*|(?:build|rev(?:ision)?|release|patch|alpha|beta|demo|rc|r|b) ?[\d.][\w.+-]*|\d+\.\d[\w.+~-]*|\d{5,})"
_RENDERERS = (
    r"(?:direct ?(?:x|3d) ?\d*(?:\.\d+)?|dx ?\d+|d3d ?\d*|open ?gl(?: es)? ?[\d.]*|gl|vulkan|metal|sdl ?\d?|(?:32|64)[- ]?bits?|"
    r"x(?:86|64)|win(?:dows)?(?: ?(?:32|64))?|pcd3d[\w_]*|sm ?\d|es ?\d[\w_.]*|cooked|shipping|development|debug|release|final)"
)
_STATUS = (
    r"(?:loading|paused|not responding|main menu|menu|singleplayer|single player|multiplayer.*|offline|online|connecting.*|lobby|"
    r"fullscreen|windowed|keine rückmeldung|ne répond pas|running|demo mode|press .*|\d+(?:\.\d+)? ?fps.*|fps:? ?\d+.*|\d+ ?%|"
    r"focused|unregistered|debug|beta|alpha|early access|preview|trial|steam|steam edition|steam version|gog|gog\.com)"
)
_TAIL = re.compile(
    rf"(?:\s*{_DASH}+\s*|\s*,\s*|\s+)(?:{_VERSION}|{_RENDERERS}|{_STATUS})(?:[\s,/]+(?:{_VERSION}|{_RENDERERS}))*[.…\s]*$",
    re.IGNORECASE,
)
_SEPARATED_TAIL = re.compile(
    rf"\s*{_DASH}+\s*(?:{_VERSION}|{_RENDERERS}|{_STATUS})(?:[\s,/-]+(?:{_VERSION}|{_RENDERERS}))*[.…\s]*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    rf"\s*[(\[<{{]\s*[^()\[\]<>{{}}]*\b(?:{_VERSION}|{_RENDERERS}|{_STATUS}|bit|fps|ping|public test|ptr|server|build)[^()\[\]<>{{}}]*[)\]>}}]\s*$",
    re.IGNORECASE,
)
_TRAILING_VERSION = re.compile(
    r"[\s_-]+(?:v(?:er(?:sion)?)?\.? ?\d[\w.+-]*|\d+\.\d+[\w.+~-]*|build ?\d+)[.…\s]*$", re.IGNORECASE
)
_ONLY_VERSION = re.compile(rf"^(?:{_VERSION}|[\d\W]+)$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright)\s*(?:\d{4}|by).*$", re.IGNORECASE)
_GREETING = re.compile(r"^(?:welcome to|now playing:?|playing:?|loading)\s+", re.IGNORECASE)
_ROMAN_OR_NUMBER = re.compile(r"^(?:[ivxlc]+|\d+)$", re.IGNORECASE)

_GENERIC = """
game, games, main, run, launch, launcher, play, player, client, app, application, program, project, test, demo, default,
untitled, window, unity, unityplayer, unreal, unrealengine, unreal engine, ue4, ue5, ue4game, ue5game, bootstrappackagedgame,
godot, godot engine, gamemaker, gamemaker game, runner, created with gamemaker studio, created with gamemaker studio 2, nw,
nw.js, nwjs, electron, java, javaw, python, pythonw, perl, ruby, mono, dotnet, love, löve, lua, node, wine, wine64, sdl,
sdl app, sdl window, glfw, opengl, directx, direct3d, vulkan, glut, pygame, pygame window, renpy, ren'py, rpg maker, rpg rt,
rgss player, rgss, adobe air, flash, adobe flash player, dosbox, scummvm, loading, splash, menu, main menu, title, error,
warning, message, console, hl, engine, source, source engine, mygame, my game, new unity project, new game project,
product name, productname, companyname, defaultcompany, default company, my project, myproject, package.nw, index,
index.html, openjdk, java platform se binary, openjdk platform binary, java platform, java(tm) platform se binary, boot,
loader, bin, x64, win64, win32, windows, linux, mac, release, debug, shipping, executable, server, host, win, exe, setup,
data, content, live, final, retail, apprun, microsoft windows operating system, microsoft® windows® operating system,
libgdx, lwjgl, kivy, tk, frame, form, shell, desktop launcher, desktoplauncher, lwjgl3launcher, mainclass, jar, chrome,
chromium, retroarch, fna, xna, monogame, cocos2d-x, cocos2d, cryengine, gamebryo, unknown, none, null, n/a, steam, gog,
epic, full, pc, dx, vk, gl, autorun, wrapper, template, prototype, sample, example, mainwindow, main window, viewport,
new game, fallback, standalone, windowsplayer, directdraw, glut window, opengl window, start, startgame, start game,
rungame, playgame, thegame, the game, gamelauncher, game launcher, desktop, sdl2 application, java application, applet,
adobe air application, love2d, untitled game, my first game, ogre render window, irrlicht, allegro, sfml window, sfml, raylib
"""
_GENERIC_TITLES = frozenset(name.strip() for name in _GENERIC.replace("\n", " ").split(","))


def slug(title: str) -> str:
    """The same for every spelling of one title: ``The Witcher® 3: Wild Hunt`` is ``the-witcher-3-wild-hunt``."""
    plain = (
        unicodedata.normalize("NFKD", _MARKS.sub("", title))
        .casefold()
        .replace("&", " and ")
        .replace("'", "")
        .replace("’", "")
    )
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return (
        "-".join(re.findall(r"[^\W_]+", kept))
        or "-".join(f"{ord(letter):x}" for letter in title.strip()[:12])
        or "untitled"
    )


def squeezed(title: str) -> str:
    """The slug without its dashes: equal for ``Hollow Knight``, ``hollow_knight`` and ``HollowKnight``."""
    return slug(title).replace("-", "")


def is_generic_name(name: str) -> bool:
    """True for names that any program could bear: ``game``, ``launcher``, ``Unreal Engine``, ``nw``."""
    folded = re.sub(r"\s+", " ", _MARKS.sub("", name)).strip(" .").casefold()
    squashed = folded.replace(" ", "")
    if len(squeezed(folded)) < 2 or _ONLY_VERSION.match(folded):
        return True
    return (
        folded in _GENERIC_TITLES
        or squashed in _GENERIC_TITLES
        or re.sub(r"[\d._-]+$", "", squashed) in _GENERIC_TITLES
    )


def clean(text: str) -> str:
    """A title without trademark signs, versions, build numbers, renderers, frame rates and status text; "" if none is left."""
    title = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+", " ", text)
    title = _COPYRIGHT.sub("", title)
    title = re.sub(r"\s+", " ", _MARKS.sub("", title)).strip(" -–—|:*•·\t")
    title = _GREETING.sub("", title)
    before = None
    while before != title:
        before = title
        title = _BRACKETS.sub("", title)
        title = _SEPARATED_TAIL.sub("", title)
        title = _TRAILING_VERSION.sub("", title)
        title = re.sub(r"(?<=\w)\s+(?:game )?client$", "", title, flags=re.IGNORECASE)
        title = re.sub(rf"\s+{_RENDERERS}$", "", title, flags=re.IGNORECASE) if _ends_in_renderer(title) else title
        title = re.sub(r"(?:\.{2,}|…)$", "", title).strip(" -–—|,*•·\t").removesuffix(":").strip()
    return "" if not title or _ONLY_VERSION.match(title) else title


def _ends_in_renderer(title: str) -> bool:
    """A renderer as last word: not for titles whose last word merely looks like one (``Metal``, ``Final``, ``Debug``)."""
    return bool(
        re.search(
            r"\s(?:dx ?\d+|d3d ?\d+|direct ?(?:x|3d) ?\d+|opengl ?[\d.]*|(?:32|64)[- ]?bits?|x64)$",
            title,
            re.IGNORECASE,
        )
    )


def from_directory(name: str) -> str:
    """A title from a directory's or file's name: ``TheTalosPrinciple`` and ``the_talos_principle`` become words.

    Small words of an all-lower-case name are capitalised as in a title.
    """
    plain = paths_stem(name)
    plain = re.sub(r"(?<=\w)[_+](?=\w)|(?<=[a-z])[.](?=[a-zA-Z])", " ", plain)
    if " " not in plain and plain.count("-") >= 1 and plain == plain.lower():
        plain = plain.replace("-", " ")
    if " " not in plain:
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)", " ", plain)
    plain = _strip_package_words(clean(plain))
    return capitalised(plain) if plain == plain.lower() else plain


def paths_stem(name: str) -> str:
    """Without the ending of a bundle or an archive."""
    return re.sub(r"\.(?:app|AppImage|appimage|exe|jar|love|x86_64|x86|x64|sh|py|pl|rb|pck|swf)$", "", name)


def _strip_package_words(title: str) -> str:
    """Without what packagers add: platform, architecture, ``Windows``, ``GOG``, ``Portable``, ``Early Access``."""
    tail = re.compile(
        r"[\s_.-]+(?:win(?:dows)?(?:32|64)?|linux(?:32|64)?|mac(?:os)?|osx|x86[_-]?64|x86|x64|amd64|i386|universal|64 ?bit|32 ?bit|gog|steam|"
        r"itch|portable|early ?access|retail|release|final|build|setup|installer|eng?|pc|dx1[12]|dx9|shipping|setup)$",
        re.IGNORECASE,
    )
    before = None
    while before != title:
        before = title
        title = tail.sub("", title).strip()
    return title


_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "vs",
        "with",
    ]
)


def capitalised(title: str) -> str:
    """``the legend of heroes`` becomes ``The Legend of Heroes``; numerals such as ``ii`` become ``II``."""
    done = []
    for place, word in enumerate(title.split()):
        if place and word in _SMALL_WORDS:
            done.append(word)
        elif re.fullmatch(r"(?:i{2,3}|iv|vi{0,3}|ix|xi{0,3})", word):
            done.append(word.upper())
        else:
            done.append(word[:1].upper() + word[1:])
    return " ".join(done)


_ARTICLE = re.compile(r"^(?P<rest>.+?), (?P<article>The|A|An|Le|La|Les|Der|Die|Das|El|Los|Il)(?P<tail>\b.*)$")


def from_content(name: str) -> str:
    """A title from the name of a ROM or disc image, as collections spell them.

    ``Legend of X, The (USA) (Rev 1) [!].zip`` becomes ``The Legend of X``; disc numbers, regions and dumps are dropped.
    """
    plain = (
        re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
        if re.search(r"\.[A-Za-z][A-Za-z0-9]{0,4}$|\.(?:3ds|7z|32x|2mg)$", name)
        else name
    )
    plain = re.sub(r"\s*[\(\[\{][^\)\]\}]*[\)\]\}]", "", plain)
    plain = re.sub(r"[_]+", " ", plain)
    plain = re.sub(
        r"\s*-?\s*\b(?:disc|disk|cd|dvd|side|tape)\s*(?:\d+|[ab])(?:\s*of\s*\d+)?$", "", plain, flags=re.IGNORECASE
    )
    plain = _MARKS.sub("", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" -.")
    if found := _ARTICLE.match(plain):
        plain = f"{found['article']} {found['rest']}{found['tail']}"
    plain = re.sub(r"(?<=\w) - (?=\w)", ": ", plain, count=1)
    return plain if plain != plain.lower() else capitalised(plain)
