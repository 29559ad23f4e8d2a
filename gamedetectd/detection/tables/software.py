"""What stores list beside games: tools, runtimes, servers, soundtracks and applications."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives

STEAM_SOFTWARE: Mapping[str, str] = {
    "7": "Steam itself",
    "90": "Half-Life Dedicated Server",
    "205": "Source Dedicated Server",
    "211": "the Source SDK",
    "215": "Source SDK Base 2006",
    "218": "Source SDK Base 2007",
    "740": "Counter-Strike Global Offensive Dedicated Server",
    "753": "Steam itself",
    "760": "Steam itself",
    "769": "Steam itself",
    "1840": "Source Filmmaker",
    "214850": "GameMaker: Studio",
    "220700": "RPG Maker VX Ace",
    "223850": "3DMark",
    "227260": "DisplayFusion",
    "228980": "Steamworks Common Redistributables",
    "232250": "Team Fortress 2 Dedicated Server",
    "235900": "RPG Maker XP",
    "243730": "Source SDK Base 2013 Singleplayer",
    "243750": "Source SDK Base 2013 Multiplayer",
    "250820": "SteamVR",
    "258550": "Rust Dedicated Server",
    "274920": "FaceRig",
    "280680": "Krita",
    "324390": "PCMark 10",
    "353370": "Steam Controller",
    "353380": "Steam Link",
    "363890": "RPG Maker MV",
    "365670": "Blender",
    "367670": "Controller Companion",
    "376030": "ARK Dedicated Server",
    "382110": "Virtual Desktop",
    "388080": "Borderless Gaming",
    "404790": "Godot Engine",
    "413080": "Steam Controller Configs",
    "431730": "Aseprite",
    "431960": "Wallpaper Engine",
    "513980": "Substance Painter",
    "585410": "GameMaker Studio 2",
    "616720": "Live2DViewerEX",
    "629520": "Soundpad",
    "858280": "Proton 3.7",
    "896660": "Valheim Dedicated Server",
    "908520": "fpsVR",
    "930400": "Proton 3.7 Beta",
    "961940": "Proton 3.16",
    "993090": "Lossless Scaling",
    "996510": "Proton 3.16 Beta",
    "1009850": "OVR Advanced Settings",
    "1054830": "Proton 4.2",
    "1068820": "OVR Toolkit",
    "1070560": "Steam Linux Runtime",
    "1096900": "RPG Maker MZ",
    "1113280": "Proton 4.11",
    "1161040": "Proton BattlEye Runtime",
    "1173510": "XSOverlay",
    "1245040": "Proton 5.0",
    "1325860": "VTube Studio",
    "1366800": "Crosshair X",
    "1391110": "Steam Linux Runtime 2.0",
    "1420170": "Proton 5.13",
    "1486350": "VRoid Studio",
    "1493710": "Proton Experimental",
    "1494460": "Desktop+",
    "1580130": "Proton 6.3",
    "1628350": "Steam Linux Runtime 3.0",
    "1826330": "Proton EasyAntiCheat Runtime",
    "1887720": "Proton 7.0",
    "1905180": "OBS Studio",
    "2180100": "Proton Hotfix",
    "2230260": "Proton Next",
    "2348590": "Proton 8.0",
    "2394010": "Palworld Dedicated Server",
    "2805730": "Proton 9.0",
    "3658110": "Proton 10.0",
}
"""Steam's numbers of what is not a game, with the name to say."""

_KINDS = r"""
proton (\d|experimental|hotfix|next|easyanticheat|battleye); steam linux runtime; steamworks common;
redistributables?; dedicated server; server tools?; soundtrack; ost$; art ?book; digital (art|extras|goodies|manual);
wallpapers?; sdk; modkit; creation kit; toolset; toolkit; editor$; benchmark; launcher$;
(mod(ding)?|workshop|authoring|developer|dev|creation|map|modder) ?(tools?|kit);
(level|map|world|mission|scenario|track|character|sprite|voxel|pixel) editor; source filmmaker;
(video|movie|media|dvd|music) player; screen ?(saver|recorder|capture); workshop uploader; config(uration)? tool; controller configs?$; visuali[sz]er$; learning kit; tools$;
voice (changer|chat); driver updater; game capture software; (vr )?compositor; 3dmark; pcmark; vrmark
"""
"""What the title of something that is no game may contain, at a word's beginning; ``$`` where it must end it."""

_NAMES = r"""
steamvr; blender$; krita$; gimp$; inkscape$; obs studio; aseprite$; soundpad; displayfusion; borderless gaming;
lossless scaling; rpg maker; rpg in a box$; rpg paper maker; game ?maker( studio)?( 2)?$; gamemaker; godot engine;
unreal engine; unreal editor; construct [23]; clickteam fusion; appgamekit; gdevelop; smile game builder; visionaire
studio; tyranobuilder; vtube studio; vroid; animaze; facerig; warudo; live2d; prprlive; vseeface; veadotube; nizima;
3tene; vmagicmirror; substance (3d )?(painter|designer|modeler|sampler); adobe; fpsvr; xsoverlay; ovr toolkit; ovr
advanced; virtual desktop; desktop\+; bigscreen; openvr; driver4vr; driver booster; controller companion; rainmeter;
vegas (pro|movie|post); magix; music maker; movie studio; mirillis; bandicam; xsplit; fraps; camtasia; videopad;
cyberlink; powerdirector; voicemod; voice\.ai; fl studio; bitwig; ableton; audacity; pixel composer; pixelorama;
magicavoxel; spritestack; sprite ?lamp; spriter; dragonbones; crocotile; blockbench; qubicle; marmoset; 3d-?coat; modo
indie; houdini indie; zbrush; cinema 4d; sketchup; wallpaper (engine|master); lively wallpaper; desktophut;
wonderdraft; dungeondraft; campaign cartographer; inkarnate; hexels; clip studio; paintstorm; tilt brush; gravity
sketch; world creator; world machine; epic games launcher; quixel; directx; fab ue plugin; twinmotion; realitycapture;
realityscan; metahuman; bridge$; (battle\.net|riot client|ubisoft connect|uplay|ea app|ea desktop|origin|gog
galaxy|geforce now|overwolf|itch)$; galaxy common redistributables; spine$; playnite;
crosshair x$; dsx$; geogebra; mydockfinder; simhub; crew chief; touch portal; deckboard; macro deck; vrcx$; vrcosc; amethyst$;
natural locomotion; trinus; ivry driver; vridge; virtualhere; deovr; skybox vr; whirligig; pigasus; n0va desktop;
ut desktop; deskscapes; start11; windowblinds; groupy; multiplicity$; fences \d; curtains$; objectdock; cursorfx;
actual (multiple|window); displaymagician; cpucores; process lasso; razer cortex; wise game booster; fps monitor; aida64; d3dgear;
playclaw; action! - gameplay; streamlabs; lightstream; fxsound; boom 3d; equalizer apo; mixcraft; ocenaudio; virtual dj;
mocap; rokoko; ipi mocap; luppet; character creator \d; iclone; cartoon animator; crazytalk; moho \d; opentoonz; pencil2d;
pyxel edit; pro motion ng; graphicsgale; tilesetter; tilemancer; rexpaint; worldographer; flowscape; terragen; gaea$;
armorpaint; instamat; material maker; filter forge; topaz; aftershot; paintshop; corel; rebelle \d; artrage; black ink$;
realistic paint studio; 3dcoat; mudbox; rizomuv; daz studio; makehuman; coppercube; gameguru; axis game factory;
leadwerks; esenthel; neoaxis; cryengine; flax engine; fps creator; 001 game creator; gb studio; nesmaker; visual novel
maker; pixel game maker; action game maker; srpg studio; rpg developer bakin; wolf rpg editor; game character hub; movavi; filmora; videoproc; ovrdrop; slimevr; alvr$; paint\.net$; davinci resolve; shotcut$; kdenlive$
"""
"""How the titles of applications that stores sell begin."""

_NOT_A_GAME = Pattern(rf"\b(?:{alternatives(_KINDS)})(?!\w)|^(?:{alternatives(_NAMES)})", re.IGNORECASE)


def is_software(store: str, ident: str, title: str) -> str:
    """What a library row is, as a sentence part, where it is no game; "" for a game."""
    if store == "steam" and ident in STEAM_SOFTWARE:
        return STEAM_SOFTWARE[ident]
    return title if _NOT_A_GAME.search(title) else ""
