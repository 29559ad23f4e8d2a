"""Libraries that programs load: those that games need, and those that only applications use. Lower-case base names."""

from __future__ import annotations

from gamedetectd.detection.tables.phrases import whole

GRAPHICS = whole(
    r"""
    lib(vulkan|gl|glx|egl|gl_mesa|opengl)\b.*; d3d(8|9|10|11|12)(core)?\.dll; opengl32\.dll; vulkan-1\.dll; metal;
    opengl; moltenvk.*; libmoltenvk.*; dxvk.*
    """
)
SOUND = whole(
    r"""
    lib(openal|sdl\d?[-_]mixer|fmod\w*|pulse(-simple)?|asound|vorbisfile|aksoundengine)\b.*; xaudio2_\d\.dll;
    openal32\.dll; fmod\w*\.dll; dsound\.dll; audiotoolbox; x3daudio.*
    """
)
PAD = whole(
    r"libsdl[23]?\b.*; libsdl2.*; sdl[23]?\.dll; xinput\w*\.dll; dinput8?\.dll; gameinput.*\.dll; gamecontroller; libglfw.*; libevdev.*"
)
TOOLKIT = whole(
    r"""
    libqt[456]widgets\b.*; libgtk-[34]\b.*; qt[56]widgets\.dll; libxul\.so; xul\.dll; libcef\.(so|dll); libwx_gtk.*;
    libmozgtk.*; libavcodec\b.*; chrome(_child)?\.dll; msedge\.dll; electron.*; webkit.*; libwebkit.*;
    presentationcore.*; libfltk.*; mfc\d+u?\.dll
    """
)
VIDEO = whole(
    r"lib(avcodec|avformat|mpv|vlc(core)?|gstvideo-1|gstplay(er)?-1|xine|vdpau_video)\b.*; (avcodec|mpv|libvlc(core)?)[-\d]*\.dll"
)
"""Libraries that play videos. What Windows brings for it is loaded by games too, for the films between their parts."""

ENGINES = ("unityplayer", "libsteam_api", "steam_api", "gameassembly")
"""Beginnings of names of libraries that games alone load."""
PACKAGES = frozenset(["pygame", "panda3d", "pyglet"])
"""Packages by which games are written in Python."""
