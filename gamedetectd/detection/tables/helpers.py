"""How the names of programs that come with games, and are none, are made up: by words, so that unseen ones are known too.

The patterns are over the words of a file name in lower case, one blank apart, platform words at the end dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives, phrases

_HELPERS = r"""
crash
?(pad|handler|report|reporter|reports|sender|dump|dumper|monitor|service|client|uploader|catcher|guard|logger|tool|server);
(bug|error|exception|fault) ?(report|reporter|reporting|handler|sender|trap|splat); crash ?rpt; mini ?dump; vc
?redist; redist(ributable)?s?; dx ?setup; dx ?web ?setup; prereq(uisite)?s?; dot ?net ?fx; prereq ?setup; (easy
?)?anti ?cheat; battl ?eye; battleye; be ?service; punk ?buster; game ?guard; vanguard ?(tray)?$; x ?ign ?code; web
?helper; cef ?(process|sub ?process|helper|browser|renderer|client|host)?$; cef ?sharp; sub ?process$; browser ?host;
web ?view ?\d*( ?host)?$; overlay( ?(ui|renderer|host|process|service|helper|injector))?$;
(shader|texture|asset|content|map|level|resource|script) ?compil(e|er)( ?worker)?$; (gpu|render(er)?|utility|network|audio|plugin|chromium|browser)
?process$; process ?helper; helper( ?(app|process|service|tool))?$; helper (gpu|renderer|plugin|alerts);
(telemetry|analytics|feedback|notification|notifier|watchdog|daemon)$; (auto|self|live) ?updat(e|er);
(update|updater|upgrade)( ?(service|helper|agent|tool|client))?$;
(background|system|update|client|elevation|launcher|windows|network|local) ?(service|svc|broker)$; service$
"""
_INSTALLERS = r"""
unins ?\d*$; uninst; (un)?install(er|ation)?( ?shield)?$; ^(un)?install(er)?; setup( ?(helper|wizard|tool))?$; ^setup;
patcher$; patch ?(client|installer|tool)$; autorun$; bootstrap(per)?$; downloader$; activat(ion|or)( ?(ui|tool))?$;
registration$; cleanup$; clean ?up ?tool$; repair( ?tool)?$; migrat(ion|or)( ?tool)?$
"""
_STARTERS = r"""
launcher( ?(ui|app|client|gui|window|main|service|helper))?$; ^launcher; launch ?pad$; game ?starter$; pre ?launcher;
start ?protected ?game
"""
_SERVERS = r"""
dedicated( ?server)?; srcds; hlds; ^server;
(game|world|master|lobby|match|map|auth|login|zone|chat|voice|web|http|test|standalone|multiplayer|headless|null
?renderer)? ?server( ?(gui|console|manager|ui|cmd))?$
"""
_TOOLS = r"""
(level|map|world|mission|scenario|track|character|mod|script|model|sprite|campaign|construction|particle|material|terrain|save|
savegame|texture|theme|skin)? ?editor$; editor ?(ui|gui|app)$;
(config|configuration|configurator|configure|settings|options|preferences)(
?(tool|app|ui|gui|utility|editor|dialog|program))?$;
(video|graphics?|display|key|keyboard|controller|input|audio|sound) ?(setup|config|settings|options); mod
?(kit|tool|tools|manager|loader ?ui|organizer|der ?tools)$; sdk; tool ?(kit|set|box)$; tools?$; bench ?mark( ?\w+)?$;
(un)?pack(er|ager)$; extractor$; converter$; exporter$; importer$; viewer$; uploader$; inspector$; profiler$;
planner$; visuali[sz]er$; annotator$; modeller$; diagnos(e|tic|tics)( ?tool)?$; sys ?info; system ?info(rmation)?;
(mod|save|savegame|profile|backup|add-?on|plug-?in|server|texture|asset|skin|patch) ?manager$; publish$; validator$; hardware ?(survey|test|check); system ?check(er)?; recorder$; screensaver; wall ?paper( ?engine)?;
(screen|video) ?capture; test ?(runner|app|client ?tool)$; dump(er)?$; requirements ?(lab|check)
"""
_VENDORS = r"""
armoury ?crate; razer; nvidia; radeon; logi; logitech; corsair; steel ?series; hyper ?x; asus; alienware; realtek;
geforce; intel
"""
_TOOLS_OF_VENDORS = Pattern(rf"{phrases(_TOOLS).pattern}|^(?:{alternatives(_VENDORS)})(?!\w)")

PHRASES: Mapping[str, Pattern] = {
    "helper": phrases(_HELPERS),
    "installer": phrases(_INSTALLERS),
    "starter": phrases(_STARTERS),
    "server": phrases(_SERVERS),
    "tool": _TOOLS_OF_VENDORS,
}
"""What a program is for, by phrases in its name; the first that fits decides."""

SINGLE: Mapping[str, str] = {
    "patch": "installer",
    "register": "installer",
    "ereg": "installer",
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
    "savemanager": "tool",
    "publish": "tool",
    "viewer": "tool",
}
"""How names written in one word end; the longer endings come first."""

ARGUMENTS: Mapping[str, Pattern] = {
    "subprocess": Pattern(
        alternatives(
            r"""
            --type=(renderer|gpu-process|utility|zygote|ppapi|crashpad-handler|broker|sandbox|nacl-loader|service|plugin|watcher);
            -contentproc; -childid; --crash-?handler.*; --crashpad-.*; --monitor-self.*; --handshake-handle=.*;
            --initial-client-data=.*; --utility-sub-type=.*
            """
        )
    ),
    "tool": Pattern(r"--?(map-?|level-?|world-?)?editor(=.*)?|--mlagents-[\w-]+"),
    "server": Pattern(
        alternatives(
            r"""
            -{1,2}(dedicated|dedicated[-_]server|server|headless|nographics|batchmode|nullrenderer|serveronly|runserver);
            -{0,2}\+?nogui; -console-server; dedicated=1; -dedicated=.*; --run-server; --start-server(=.*|-load.*)?
            """
        )
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
