"""Words that titles of windows and products carry beside the game's name, and words that name no game at all."""

from __future__ import annotations

from gamedetectd.detection.tables.phrases import alternatives

VERSION = alternatives(
    r"""
    v(?:er(?:sion)?)?\.? ?\d[\w.+-]*; (?:build|rev(?:ision)?|release|patch|alpha|beta|demo|rc|r|b) ?[\d.][\w.+-]*;
    \d+\.\d[\w.+~-]*; \d{5,}; \d+\.[a-z](?:-\d+-g[0-9a-f]{5,})?; g[0-9a-f]{7,}
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
    loading[.… \d%]*; paused; pause; not responding; keine rückmeldung; ne répond pas; no responde; non risponde; não
    (?:está )?responde(?:ndo)?; nie odpowiada; не отвечает; svarar inte; reageert niet; yanıt vermiyor; 応答なし; 未响应;
    没有响应; 沒有回應; 응답 없음; 読み込み中; 加载中; main menu; menu; singleplayer; single player; multiplayer(?: \(.*\))?;
    offline; online; connecting.*; connected to .*; lobby; fullscreen; new game; title screen; game over; game; gameplay; demo
    build; dev(?:elopment)? build; internal; unstable; nightly; stable; \*+; modded.*; \d{3,4} ?[x×] ?\d{3,4}.*; windowed; running; demo mode; press .*; \d+(?:\.\d+)? ?fps.*;
    fps:? ?\d+.*; \d+ ?%; focused; unregistered; debug; beta; alpha; early access; preview; trial; steam; steam
    edition; steam version; gog; gog\.com
    """
)
PROGRESS = alternatives(
    r"""
    (?:level|lvl\.?|stage|chapter|world|round|act|wave|day|turn|floor|mission|room|map|slot|save(?: slot| game)?|player|score)
    ?#?\d[\w.: /-]{0,12}; (?:level|stufe|niveau|nivel|livello|poziom|уровень) ?\d+
    """
)
"""How far the player is, behind a dash."""
COUNTERS = "score|high ?score|lives|level|time|coins|hp|health|points|moves|fps|ping|ticks?|seed"
"""What is counted in a title, before a colon and a number."""
IN_BRACKETS = (
    r"\d{3,4} ?x ?\d{3,4}|bit|fps|ping|public test|ptr|server|build|early access|demo|play ?test|beta|alpha|preview"
    r"|trial|prototype|(?:un)?registered|administrator|admin|open gl|running"
)
PACKAGING = alternatives(
    r"""
    win(?:dows)?(?: ?(?:32|64))?; linux(?: ?(?:32|64))?; mac(?:os)?; osx; x86[ _-]?64; x86; x64; amd64; i386; universal; 64 ?bit;
    32 ?bit; gog; steam; itch; portable; early ?access; retail; release; final; build; setup; installer; eng?; pc;
    dx1[12]; dx9; shipping; build; builds; standalone; windows ?no ?editor; linux ?no ?editor; macosx; appimage; exe; bin;
    x64; arm64; native; drm ?free; repack; win ?x64; full ?game
    """
)
"""What packagers add to the name of a directory."""

SCENE = (
    alternatives(
        r"""
    gog; codex; reloaded; plaza; skidrow; cpy; flt; rune; tenoke; empress; razor1911; hoodlum; darksiders; dodi; fitgirl;
    elamigos; simplex; p2p; i_know; doge; kaos; masquerade; unleashed; prophet; chronos; tinyiso; goldberg; anadius
    """
    ).upper()
    + "|DARKSiDERS|SiMPLEX|TiNYiSO|KaOs|FitGirl(?:[ .]Repack)?|ElAmigos|DODI[ .]Repack"
)
"""What those who pass games on append to a directory's name, as they write it."""

_GENERIC = """
game; games; main; run; launch; launcher; play; player; client; app; application; program; project; test; demo;
default; untitled; window; unity; unityplayer; unreal; unrealengine; unreal engine; ue4; ue5; ue4game; ue5game;
bootstrappackagedgame; godot; godot engine; gamemaker; gamemaker game; runner; created with gamemaker studio; created
with gamemaker studio 2; nw; nw.js; nwjs; electron; java; javaw; python; pythonw; perl; ruby; mono; dotnet; love;
löve; lua; node; wine; wine64; sdl; sdl app; sdl window; glfw; opengl; directx; direct3d; vulkan; glut; pygame; pygame
window; renpy; ren'py; rpg maker; rpg rt; rgss player; rgss2 player; rgss3 player; rgss1 player; rgss; adobe air; flash; adobe flash player; dosbox; scummvm;
loading; splash; menu; main menu; title; error; warning; message; console; hl; engine; source; source engine; mygame;
my game; new unity project; new game project; product name; productname; companyname; defaultcompany; default company;
my project; myproject; package.nw; index; index.html; openjdk; java platform se binary; openjdk platform binary; java
platform; java(tm) platform se binary; boot; loader; bin; x64; win64; win32; windows; linux; mac; release; debug;
shipping; executable; server; host; win; exe; setup; data; content; live; final; retail; apprun; microsoft windows
operating system; microsoft® windows® operating system; libgdx; lwjgl; kivy; tk; frame; form; shell; desktop launcher;
desktoplauncher; lwjgl3launcher; mainclass; jar; apprun.wrapped; chrome; chromium; retroarch; fna; xna; monogame; cocos2d-x; cocos2d;
cryengine; gamebryo; unknown; none; null; n/a; steam; gog; epic; full; pc; dx; vk; gl; autorun; wrapper; template;
prototype; sample; example; mainwindow; main window; viewport; new game; fallback; standalone; windowsplayer;
directdraw; glut window; opengl window; start; startgame; start game; rungame; playgame; thegame; the game;
gamelauncher; game launcher; desktop; sdl2 application; java application; applet; adobe air application; love2d;
untitled game; my first game; ogre render window; irrlicht; allegro; sfml window; sfml; raylib; mac runner;
desktop-1.0; a gamemaker studio 2 game; a gamemaker game; gamemaker studio; gamemaker studio 2; made in gamemaker
studio 2; made with gamemaker; rmmz game; rmmz-game; rpg maker mv; rpg maker mz; kadokawa; new project; test project; my
first project; unity game; unity application; unity player; unity project; third person template; thirdperson; third
person; first person template; first person; firstperson; top down; topdown; blank; blankproject; blank project; ue game;
unreal game; unreal project; game title; title screen; game name; gamename; your game; my first game; game project; dev
build; development build; playable; prj; build; builds; dist; out; output; export; exports; exported; publish; binaries;
windowsnoeditor; linuxnoeditor; windows build; win build; pc build; final build; new folder; neuer ordner; nouveau
dossier; nueva carpeta; copy; temp; tmp; downloads; desktop; game client; gameclient; game application; game exe; gm; love
game; love2d game; nwjs app; electron app; app name; react app; phaser game; pico-8; pico8; tic-80; construct 3; construct
2 game; html5 game; pygame window; panda; panda3d; macos; contents; resources; rpgmaker; renpy game; twine; inform;
startup; start game; x86; x64; x86_64; bundle; mygame; unitygame; defaultproject; sampleproject; sample project; shooter
game; shootergame; emulator; emu; rom; roms; cartridge; cart; disc; disk; floppy; tape; content; unnamed; noname; remote play
"""
GENERIC = frozenset(" ".join(name.split()) for name in _GENERIC.split(";"))
"""Names, in lower case, that any program could bear."""
