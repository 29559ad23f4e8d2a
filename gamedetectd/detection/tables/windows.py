"""Window classes of game engines and of applications, and titles that only applications and installers have."""

from __future__ import annotations

import re

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives, phrases, whole

CLASSES: tuple[tuple[str, Pattern], ...] = (
    (
        "window.engine",
        whole(
            r"""
            UnityWndClass; \w*UnrealWindow; LaunchUnrealUWindowsClient; UnrealWindowClass; Valve001; LWJGL; GxWindowClass(D3d)?;
            grcWindow; RiotWindowClass; WarcraftIII; CryENGINE; Respawn001; YYGameMakerYY; RGSS\ ?Player; TRMMORPG; Frostbite.*;
            FFXIVGAME; GRIMDAWN; OgreD3D9Wnd; W2ViewportClass; TheWitcher3; W3WindowClass; osu!; TankWindowClass; Diablo.*;
            WindowsForms10\.Window\.8\.app\.0\.xna; POEWindowClass; StarCraft.*; EVE.*; ArenaNet_Dx_Window_Class;
            ArenaNet_Gr_Window_Class; CoDBlackOps; IW\d+; IWMainClass; Overwatch.*; XNA.*; MonoGame.*; Godot(_Engine)?; Minecraft.*;
            net-minecraft-.*; org-lwjgl-.*; steam_app_[1-9]\d*; love; Ren'Py; Cocos2dxWin32; AGS; AGSWindow; DagorWClass; AnvilNext.*;
            Nu2WndClass; KR2HookWindow; TTVPWindowForm; TTarch.*; TFormLcfGameMain; MBWindowClass; GENOME; DIEmWin
            """
        ),
    ),
    ("window.wine", whole(r"[\w .'&!-]+\.exe")),
    (
        "window.game_library",
        whole(
            r"""
            SDL_app; GLFW30; GLFW; GLUT; freeglut; SFML_Window; AllegroWindow; ALEX; pygame; Irrlicht.*;
            CIrrDeviceWin32; D3DWindow; DxLib; raylib
            """
        ),
    ),
    (
        "window.application",
        whole(
            r"""
            Chrome_WidgetWin_\d; MozillaWindowClass; MozillaDialogClass; CabinetWClass; ExploreWClass; Notepad(\+\+)?;
            OpusApp; XLMAIN; PPTFrameClass; IEFrame; ConsoleWindowClass; CASCADIA_HOSTING_WINDOW_CLASS; Shell_TrayWnd;
            Progman; WorkerW; \#32770; TaskManagerWindow; Qt\d*QWindow.*; QWidget; HwndWrapper.*; WindowsForms10.*;
            wxWindow(NR|Class); gdkWindowToplevel; TkTopLevel; SunAwt(Frame|Dialog); PuTTY; mintty;
            VirtualConsoleClass; VMUIFrame; MSPaintApp; WordPadClass; AcrobatSDIWindow; Photoshop; PROCEXPL.*;
            TMainForm; TApplication; TWizardForm; Vim; Navigator; firefox.*; Google-chrome; chromium-browser;
            Chromium; Code; Gnome-terminal; X?UX?Term; libreoffice.*; Thunar; org\.gnome\.\w+; konsole; kate;
            Gimp(-[\d.]+)?; Blender; Inkscape; krita; mpv; vlc; totem; evince; okular; Emacs; WindowsScreenSaverClass
            """
        ),
    ),
)
"""Rows are tried in order; the first that fits the whole class name speaks."""

_BROWSERS = alternatives(
    r"""
    mozilla firefox; google chrome; chromium; microsoft.?\s?edge; opera( gx)?; brave; vivaldi; safari; tor browser;
    librewolf; waterfox; floorp; zen browser
    """
)
_APPLICATIONS = alternatives(
    r"""
    visual studio( code)?; vlc media player; mpv; notepad(\+\+)?; word; excel; powerpoint; libreoffice.*; youtube.*;
    twitch; wiki(pedia)?; steam(db)?; discord; obs.*; gimp.*; krita; blender.*; inkscape; paint; photos; unity \d.*;
    unreal editor; godot engine; thunderbird; outlook; teams; file explorer; remote desktop.*; virtualbox.*; vmware.*;
    teamviewer; anydesk; reddit; fandom; ign; intellij.*; pycharm; clion; rider; android studio; rpg maker.*;
    gamemaker.*; \w+ media player; \w*player
    """
)
_INSTALLERS = alternatives(
    r"""
    ^(setup|install(er|ing|ation)?|uninstall(er|ing)?|update(r)?|launcher|updating)\b; \b(setup(
    wizard)?|installer|installation|uninstall(er)?|launcher|updater|patcher|bootstrapper)$; \bcrash
    (report|reporter|handler); \b(configuration|settings|options|preferences|launch options)$; \bupdate available\b;
    \bhas stopped working\b; \bdedicated server\b; \berror$; ^error\b
    """
)
_TOOLS = alternatives(
    r"""
    \b(mod|save|savegame|save game|add-?on) (manager|organi[sz]er|editor|installer|loader|downloader|updater)\b; (?<!\d )\bmods$;
    \bmod(ding)? tools?\b; \bbuild planner\b; \btrainer (\(|\[)?(\+|plus |v)\d; (\+|plus )\d+ trainer\b; \beditor$;
    \b(electronic|product) registration\b; ^redmod\b; \b(un)?installer$; \bsetup wizard$
    """
)
"""What is written over the windows of tools that lie beside a game and name it."""

PURPOSES = phrases(
    r"""
    (kitchen|room|home|garden|interior|floor|bathroom|store) (planner|designer|design tool); (küchen|raum|garten|bad|wohn|möbel)?planer;
    (product )?configurat(or|eur); \w*konfigurator; configuratore; configurador; \w*schulung(en|s\w+)?; schulungssoftware;
    (forklift|crane|welding|surgical|surgery|medical|safety|operator|employee|driver|fire|maintenance) (trainer|training); (skills|procedure|clinical|dental|patient|ultrasound|laparoscop\w*) (trainer|training|simulator|simulation); laparoscop\w*; training (module|course|system|software|centre|center);
    \w*ausstellung(s\w+)?; exhibition (guide|terminal|app); exhibit; info[ -]?(terminal|kiosk|point); showroom; kiosk mode; \w*rundgang; virtual (tour|showroom|lab|campus|classroom);
    e-?learning; lernsoftware; lernprogramm; (human |3d )?anatom(y|ie|ia)( atlas)?; digital twin; digitaler zwilling; (digital )?menu ?board; hmi; scada; point[ -]of[ -]sale; kassensystem; dealership; visuali[sz]ierung; (architectural|scientific|medical|data) visuali[sz](ation|er);
    point cloud; bim (viewer|review); walkthrough viewer; real estate; immobilien\w*; therapy; rehabilitation; rehab; (digital )?signage
    """
)
"""What programs made with game engines are for where they are no games, in the words of their titles."""

TITLES: tuple[tuple[str, str, Pattern], ...] = (
    ("title.browser", "a browser", Pattern(rf"\s[-–—]\s(?:{_BROWSERS})(\s.*)?$", re.IGNORECASE)),
    ("title.application", "an application", Pattern(rf"\s[-–—]\s(?:{_APPLICATIONS})$", re.IGNORECASE)),
    (
        "title.document",
        "an application with a document",
        Pattern(
            r"\s[-–—|]\s\*?[\w()+~ .-]*[\w)]\.(?!exe\b|com\b|net\b|io\b|org\b|gg\b)[a-z][a-z0-9]{1,5}\*?(\s[*•(\[].*)?$"
            r"|^\*?[\w()+~-]+\.(?!exe\b|com\b|net\b|io\b|org\b|gg\b)[a-z][a-z0-9]{1,5}\*?\s[-–—|]\s\S",
            re.IGNORECASE,
        ),
    ),
    ("title.benchmark", "a benchmark", Pattern(r"\bbenchmark\b", re.IGNORECASE)),
    ("title.tool", "a tool for a game", Pattern(_TOOLS, re.IGNORECASE)),
    ("title.installer", "an installer, a launcher or a dialog", Pattern(_INSTALLERS, re.IGNORECASE)),
)
"""Title patterns: row of the table of weights, what it is the title of, pattern."""
