"""Words that titles of windows and products carry beside the game's name, and words that name no game at all."""

from __future__ import annotations

from gamedetectd.detection.tables.phrases import alternatives

VERSION = alternatives(
    r"""
    v(?:er(?:sion)?)?\.? ?\d[\w.+-]*; (?:build|rev(?:ision)?|release|patch|alpha|beta|demo|rc|r|b) ?[\d.][\w.+-]*;
    \d+\.\d[\w.+~-]*; \d{5,}
    """
)
RENDERER = alternatives(
    r"""
    direct ?(?:x|3d) ?\d*(?:\.\d+)?; dx ?\d+; d3d ?\d*; open ?gl(?: es)? ?[\d.]*; gl; vulkan; metal; sdl ?\d?;
    (?:32|64)[- ]?bits?; x(?:86|64); win(?:dows)?(?: ?(?:32|64))?; pcd3d[\w_]*; sm ?\d; es ?\d[\w_.]*; cooked;
    shipping; development; debug; release; final
    """
)
CERTAIN_RENDERER = alternatives(r"dx ?\d+; d3d ?\d+; direct ?(?:x|3d) ?\d+; opengl ?[\d.]*; (?:32|64)[- ]?bits?; x64")
"""What no title ends in by itself, unlike ``Metal`` or ``Final``."""
STATUS = alternatives(
    r"""
    loading; paused; not responding; keine rückmeldung; main menu; menu; singleplayer; single player; multiplayer(?: \(.*\))?;
    offline; online; connecting.*; lobby; fullscreen; windowed; running; demo mode; press .*; \d+(?:\.\d+)? ?fps.*;
    fps:? ?\d+.*; \d+ ?%; focused; unregistered; debug; beta; alpha; early access; preview; trial; steam; steam
    edition; steam version; gog; gog\.com
    """
)
IN_BRACKETS = r"\d{3,4} ?x ?\d{3,4}|bit|fps|ping|public test|ptr|server|build"
PACKAGING = alternatives(
    r"""
    win(?:dows)?(?:32|64)?; linux(?:32|64)?; mac(?:os)?; osx; x86[_-]?64; x86; x64; amd64; i386; universal; 64 ?bit;
    32 ?bit; gog; steam; itch; portable; early ?access; retail; release; final; build; setup; installer; eng?; pc;
    dx1[12]; dx9; shipping
    """
)
"""What packagers add to the name of a directory."""

_GENERIC = """
game; games; main; run; launch; launcher; play; player; client; app; application; program; project; test; demo;
default; untitled; window; unity; unityplayer; unreal; unrealengine; unreal engine; ue4; ue5; ue4game; ue5game;
bootstrappackagedgame; godot; godot engine; gamemaker; gamemaker game; runner; created with gamemaker studio; created
with gamemaker studio 2; nw; nw.js; nwjs; electron; java; javaw; python; pythonw; perl; ruby; mono; dotnet; love;
löve; lua; node; wine; wine64; sdl; sdl app; sdl window; glfw; opengl; directx; direct3d; vulkan; glut; pygame; pygame
window; renpy; ren'py; rpg maker; rpg rt; rgss player; rgss; adobe air; flash; adobe flash player; dosbox; scummvm;
loading; splash; menu; main menu; title; error; warning; message; console; hl; engine; source; source engine; mygame;
my game; new unity project; new game project; product name; productname; companyname; defaultcompany; default company;
my project; myproject; package.nw; index; index.html; openjdk; java platform se binary; openjdk platform binary; java
platform; java(tm) platform se binary; boot; loader; bin; x64; win64; win32; windows; linux; mac; release; debug;
shipping; executable; server; host; win; exe; setup; data; content; live; final; retail; apprun; microsoft windows
operating system; microsoft® windows® operating system; libgdx; lwjgl; kivy; tk; frame; form; shell; desktop launcher;
desktoplauncher; lwjgl3launcher; mainclass; jar; chrome; chromium; retroarch; fna; xna; monogame; cocos2d-x; cocos2d;
cryengine; gamebryo; unknown; none; null; n/a; steam; gog; epic; full; pc; dx; vk; gl; autorun; wrapper; template;
prototype; sample; example; mainwindow; main window; viewport; new game; fallback; standalone; windowsplayer;
directdraw; glut window; opengl window; start; startgame; start game; rungame; playgame; thegame; the game;
gamelauncher; game launcher; desktop; sdl2 application; java application; applet; adobe air application; love2d;
untitled game; my first game; ogre render window; irrlicht; allegro; sfml window; sfml; raylib; mac runner;
desktop-1.0
"""
GENERIC = frozenset(" ".join(name.split()) for name in _GENERIC.split(";"))
"""Names, in lower case, that any program could bear."""
