"""How the names of programs that come with games, and are none, are made up: by words, so that unseen ones are known too."""

from __future__ import annotations

import re
from collections.abc import Mapping

PHRASES: Mapping[str, re.Pattern[str]] = {
    "helper": re.compile(
        r"\bcrash ?(pad|handler|report|reporter|reports|sender|dump|dumper|monitor|service|client|uploader|catcher|guard|logger|tool|server)\b|"
        r"\b(bug|error|exception|fault) ?(report|reporter|reporting|handler|sender|trap|splat)\b|\bcrashpad\b|\bcrash ?rpt\b|\bminidump\b|"
        r"\bunins ?\d*$|\buninst|\bvc ?_?redist|\bredist(ributable)?s?\b|\bdx ?setup\b|\bdx ?web ?setup\b|\bprereq(uisite)?s?\b|\bdot ?net ?fx\b|"
        r"\b(easy ?)?anti ?cheat\b|\bbattl ?eye\b|\bbattleye\b|\bbe ?service\b|\bpunk ?buster\b|\bgame ?guard\b|\bvanguard ?(tray)?$|\bx ?ign ?code\b|"
        r"\bweb ?helper\b|\bcef ?(process|sub ?process|helper|browser|renderer|client|host)?$|\bcef ?sharp\b|\bsub ?process$|\bweb ?view ?\d*( ?host)?$|\bbrowser ?host\b|"
        r"\boverlay( ?(ui|renderer|host|process|service|helper|injector))?$|\b(shader|texture|asset|content|map|level) ?compil(e|er)( ?worker)?$|"
        r"\b(gpu|render(er)?|utility|network|audio|plugin) ?process$|\bprocess ?helper\b|\bhelper( ?(app|process|service|tool))?$|"
        r"\bhelper (gpu|renderer|plugin|alerts)\b|"
        r"\b(telemetry|analytics|feedback|notification|notifier|watchdog|daemon)\b$|\b(update|updater|upgrade)( ?(service|helper|agent|tool|client))?$|"
        r"\b(auto|self|live) ?updat(e|er)\b|\b(background|system|update|client|elevation|launcher|windows|network|local) ?(service|svc|broker)$|\bservice$"
    ),
    "installer": re.compile(
        r"\b(un)?install(er|ation)?( ?shield)?$|^(un)?install(er)?\b|\bsetup( ?(helper|wizard|tool))?$|^setup\b|\bpatcher$|\bpatch ?(client|installer|tool)$|\bautorun$|"
        r"\bbootstrap(per)?$|\bdownloader$|\bactivat(ion|or)( ?(ui|tool))?$|\bregistration$|\bcleanup$|\bclean ?up ?tool$|\brepair( ?tool)?$|\bmigrat(ion|or)( ?tool)?$"
    ),
    "starter": re.compile(
        r"\blauncher( ?(ui|app|client|gui|window|main|service|helper))?$|^launcher\b|\blaunch ?pad$|\bgame ?starter$|\bpre ?launcher\b|\bstart ?protected ?game\b"
    ),
    "server": re.compile(
        r"\bdedicated( ?server)?\b|\b(game|world|master|lobby|match|map|auth|login|zone|chat|voice|web|http|test|standalone|multiplayer|headless|null ?renderer)? ?server( ?(gui|console|manager|ui|cmd))?$|"
        r"\bsrcds\b|\bhlds\b|^server\b"
    ),
    "tool": re.compile(
        r"\b(level|map|world|mission|scenario|track|character|mod|script|model|sprite|campaign|construction|particle|material|terrain|save|savegame|texture|theme|skin)? ?"
        r"editor$|\beditor ?(ui|gui|app)$|\b(config|configuration|configurator|configure|settings|options|preferences)( ?(tool|app|ui|gui|utility|editor|dialog|program))?$|"
        r"\b(video|graphics?|display|key|keyboard|controller|input|audio|sound) ?(setup|config|settings|options)\b|\bmod ?(kit|tool|tools|manager|loader ?ui|organizer|der ?tools)$|\bsdk\b|\btool ?(kit|set|box)$|"
        r"\btools?$|\bbench ?mark( ?\w+)?$|\b(un)?pack(er|ager)$|\bextractor$|\bconverter$|\bexporter$|\bimporter$|\bviewer$|\buploader$|\binspector$|\bprofiler$|"
        r"\bdiagnos(e|tic|tics)( ?tool)?$|\bsys ?info\b|\bsystem ?info(rmation)?\b|\bvalidator$|\bhardware ?(survey|test|check)\b|\bsystem ?check(er)?\b|\brecorder$|"
        r"^(armoury ?crate|razer|nvidia|radeon|logi|logitech|corsair|steel ?series|hyper ?x|asus|alienware|realtek|geforce|intel)\b|"
        r"\bscreensaver\b|\bwall ?paper( ?engine)?\b|\b(screen|video) ?capture\b|\btest ?(runner|app|client ?tool)$|\bdump(er)?$|\bplaytest ?tools\b|\brequirements ?(lab|check)\b"
    ),
}
"""Patterns over the words of a file name in lower case, platform words at its end dropped."""

SINGLE: Mapping[str, str] = {
    "patch": "installer",
    "register": "installer",
    "activate": "installer",
    "update": "helper",
    "agent": "helper",
    "monitor": "helper",
    "tray": "helper",
    "report": "helper",
    "notifier": "helper",
    "subprocess": "helper",
    "broker": "helper",
    "cef": "helper",
    "launch": "starter",
    "config": "tool",
    "readme": "tool",
    "manual": "tool",
    "support": "tool",
    "diagnostics": "tool",
}
"""Words that tell only when the whole name is nothing else."""

ENDINGS: Mapping[str, str] = {
    "crashhandler": "helper",
    "crashreporter": "helper",
    "crashreport": "helper",
    "crashpad": "helper",
    "webhelper": "helper",
    "updater": "helper",
    "autoupdate": "helper",
    "helper": "helper",
    "overlay": "helper",
    "daemon": "helper",
    "uninstaller": "installer",
    "uninstall": "installer",
    "installer": "installer",
    "setup": "installer",
    "patcher": "installer",
    "bootstrapper": "installer",
    "launcher": "starter",
    "dedicatedserver": "server",
    "gameserver": "server",
    "server": "server",
    "editor": "tool",
    "configurator": "tool",
    "config": "tool",
    "settings": "tool",
    "benchmark": "tool",
    "modkit": "tool",
    "modmanager": "tool",
    "viewer": "tool",
}
"""How names written in one word end; the longer endings come first."""

ARGUMENTS: Mapping[str, re.Pattern[str]] = {
    "subprocess": re.compile(
        r"--type=(renderer|gpu-process|utility|zygote|ppapi|crashpad-handler|broker|sandbox|nacl-loader|service|plugin|watcher)|-contentproc|"
        r"--crash-?handler.*|--monitor-self.*|--handshake-handle=.*|--initial-client-data=.*|--crashpad-.*|-childid|--utility-sub-type=.*"
    ),
    "server": re.compile(
        r"-{1,2}(dedicated|dedicated[-_]server|server|headless|nographics|batchmode|nullrenderer|no-?window|serveronly|runserver)|\+?nogui|-console-server|"
        r"dedicated=1|-dedicated=.*|--run-server|--start-server(=.*|-load.*)?"
    ),
}
"""Arguments that tell by themselves what a process is for."""

SENTENCES_BY_ROLE: Mapping[str, str] = {
    "helper": "Its name {name} is that of a helper: a crash handler, an updater, a service or the like.",
    "installer": "Its name {name} is that of an installer, a patcher or an uninstaller.",
    "starter": "Its name {name} is that of a launcher, which only starts the game.",
    "server": "Its name {name} is that of a server, in which nobody plays.",
    "tool": "Its name {name} is that of a tool beside a game: an editor, a settings program, a benchmark or the like.",
}
