"""Window classes of game engines and of applications, and titles that only applications and installers have."""

from __future__ import annotations

import re


def _words(names: str) -> re.Pattern[str]:
    return re.compile("|".join(names.split()), re.IGNORECASE)


CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "window.engine",
        _words(
            r"""
            UnityWndClass UnrealWindow LaunchUnrealUWindowsClient UnrealWindowClass Valve001 SDL_app_valve LWJGL GxWindowClass(D3d)?
            grcWindow RiotWindowClass WarcraftIII CryENGINE Respawn001 GLFW30_game YYGameMakerYY RGSS\sPlayer RGSSPlayer TRMMORPG
            D3DWindow_game IW\d+ Frostbite.* FrostyWindow FFXIVGAME GRIMDAWN OsWindow OgreD3D9Wnd Engine W2ViewportClass
            osu! TankWindowClass WindowsForms10\.Window\.8\.app\.0\.xna Diablo.* D2X? POEWindowClass StarCraft.* EVE.* ArenaNet_Dx_Window_Class
            ArenaNet_Gr_Window_Class TheWitcher3 W3WindowClass CoDBlackOps IWMainClass Overwatch.* TankWindow XNA.* Godot Godot_Engine
            Minecraft.* net-minecraft-.* org-lwjgl-.* steam_app_[1-9]\d* love gamescope_game RENPY Ren'Py pygame_game MonoGame.*
            Cocos2dxWin32 AGSWindow AGS Direct3DWindowClass_game DagorWClass AnvilNext.* DX11_Game Nu2WndClass KR2HookWindow TTarch.*
            """
        ),
    ),
    (
        "window.wine",
        _words(r"[\w .'&!-]+\.exe"),
    ),
    (
        "window.game_library",
        _words(
            r"SDL_app SDL_App GLFW30 GLFW GLUT freeglut FREEGLUT SFML_Window AllegroWindow ALEX pygame Irrlicht.* CIrrDeviceWin32 D3DWindow DxLib TFormMain_game raylib"
        ),
    ),
    (
        "window.application",
        _words(
            r"""
            Chrome_WidgetWin_\d MozillaWindowClass MozillaDialogClass CabinetWClass ExploreWClass Notepad Notepad\+\+ OpusApp XLMAIN
            PPTFrameClass IEFrame ApplicationFrameWindow_app ConsoleWindowClass CASCADIA_HOSTING_WINDOW_CLASS Shell_TrayWnd Progman WorkerW
            \#32770 TaskManagerWindow Qt\d*QWindow(Icon|ToolSaveBits)? Qt6\d*QWindow.* Qt5\d*QWindow.* QWidget HwndWrapper.* WindowsForms10.*
            wxWindowNR wxWindowClass gdkWindowToplevel TkTopLevel SunAwt(Frame|Dialog) PuTTY mintty VirtualConsoleClass VMUIFrame
            MSPaintApp WordPadClass AcrobatSDIWindow Photoshop PROCEXPL.* TMainForm TApplication Vim
            Navigator firefox.* Google-chrome chromium-browser Chromium Code code Gnome-terminal XTerm xterm UXTerm libreoffice.* Thunar org\.gnome\.\w+
            konsole kate Gimp(-[\d.]+)? Blender Inkscape krita mpv vlc totem evince Evince okular Emacs
            """
        ),
    ),
)
"""Rows are tried in order; the first that fits the whole class name speaks."""

TITLES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "title.browser",
        "a browser",
        re.compile(
            r"\s[-–—]\s(mozilla firefox|google chrome|chromium|microsoft.?\s?edge|opera( gx)?|brave|vivaldi|safari|tor browser|librewolf|waterfox)(\s.*)?$",
            re.I,
        ),
    ),
    (
        "title.application",
        "an application",
        re.compile(
            r"\s[-–—]\s(visual studio( code)?|vlc media player|mpv|notepad(\+\+)?|word|excel|powerpoint|libreoffice.*|youtube.*|twitch|wiki(pedia)?|"
            r"steam(db)?|discord|obs.*|gimp.*|krita|blender.*|inkscape|paint|photos|unity .*|unreal editor|godot engine|thunderbird|outlook|teams|file explorer|"
            r"remote desktop.*|virtualbox.*|vmware.*|teamviewer|anydesk|reddit|fandom|ign|intellij.*|pycharm|clion|rider|android studio|rpg maker.*|gamemaker.*)$",
            re.I,
        ),
    ),
    (
        "title.installer",
        "an installer or launcher",
        re.compile(
            r"^(setup|install(er|ing|ation)?|uninstall(er|ing)?|update(r)?|launcher|updating)\b|\b(setup( wizard)?|installer|installation|uninstall(er)?|launcher|updater|patcher|bootstrapper)$|"
            r"\bcrash (report|reporter|handler)|\b(configuration|settings|options|preferences|launch options)$|\bupdate available\b|\bhas stopped working\b|\bdedicated server\b|\berror$|^error\b|\beditor$",
            re.I,
        ),
    ),
)
"""Title patterns: row of the table of weights, what it is the title of, pattern."""
