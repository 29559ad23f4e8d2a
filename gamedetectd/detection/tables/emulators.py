"""Programs that are no game themselves and run one that is named by their arguments: emulators and open engines."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gamedetectd.detection.tables.phrases import alternatives, names

EMULATOR = re.compile(
    alternatives(
        r"""
        openemu; retroarch; ralibretro; emuhawk(mono)?; bizhawk; mednafen; mednaffe; stella; ares; higan;
        bsnes([-_]?(hd|mt|plus|accuracy|balanced|performance))?; nestopia(ue)?; fceux(64)?; qfceux; mesen(-s)?;
        snes9x(-gtk|-x64|-qt|-macosx)?; zsnes(w)?; superzsnes; jgenesis(-cli)?; gambatte([-_](qt|sdl))?; sameboy;
        bgb(64)?; gbe-?plus.*; mgba(-qt|-sdl)?; visualboyadvance(-m)?; vbam; vba(-m)?; nanoboyadvance;
        desmume(-gtk|-glade|-cli|-wx|.*x64.*)?; melonds; nocashgba; no\$gba; citra(-qt|-room|-enhanced)?;
        azahar(-qt|-room)?; lime3ds(-gui|-qt)?; borked3ds; mandarine-qt; panda3ds; mupen64plus(-gui|-qt)?;
        simple64(-gui)?; rmg; rosalie'smupengui; m64py; project64; rapr?oject64; gopher64.*; parallel-launcher; cen64;
        dolphin-emu(-qt2?|-nogui|-wx)?; dolphin(qt2|wx|emu)?; primehack; cemu.*; decaf-(sdl|qt);
        yuzu(-cmd|-early-access)?; suyu(-cmd)?; sudachi; citron; eden(-cli)?; torzu;
        ryujinx(\.ava|\.headless.*|\.sdl2)?; skyline; pcsx2(-qt.*|x64.*|-avx2|-sse4|-gtk)?;
        duckstation(-qt.*|-nogui|-regtest)?; epsxe; pcsxr?(-pgxp|-redux|-rearmed)?; psxfin; xebra; rpcs3.*; shadps4.*;
        ppsspp(windows(64)?|sdl|qt|headless)?; vita3k.*; kegafusion; fusion; blastem; gens(-gs|-plus)?; genplus;
        picodrive; exodus; yabause(-qt|-gtk)?; kronos; ymir(-sdl3)?; mednafen-ss; ssf; nulldc.*; demul; flycast;
        reicast.*; redream; supermodel; emulatormulticpu; xemu(w)?; xqemu; cxbx(-reloaded|r)?; cxbxr-ldr;
        xenia(-canary(-netplay)?|canary(netplay)?)?; mame(\d+|64|ui|arcade)?; groovymame; arcade64; fbneo(64)?;
        fbalpha; finalburn.*; teknoparrotui; hbmame; advmame; vice; x64(sc)?; x128; xvic; xpet; xplus4; xcbm[25];
        x64dtv; xscpu64; fs-uae(-launcher)?; winuae.*; amiberry; puae; e-uae; uae; hatari; steem; steemsse; stonx;
        caprice32; cap32; winape; arnold; fuse(-gtk|-sdl)?; zesarux; spectaculator; unrealspeccy;
        atari800(win)?(plus)?; altirra(64)?; virtualjaguar; bigpemu; handy; felix; openmsx; catapult; bluemsx; fmsx;
        xm6g?; px68k; np2(kai)?; np21w?; t98next; dosemu; gargoyle(-free)?; ruffle(-desktop)?; flashplayer.*;
        flashpoint; lightspark; gnash; play!?; o2em; freedo; 4do; opera-emu; phoenix; beebem; b-em; oricutron;
        gearsystem; gearboy; gearcoleco; emulicious; osmose; meka; smsplus; punes(64)?; nintendulator; virtuanes;
        fakenes; tuxnes; gfceu; basiliskii; sheepshaver; minivmac; linapple; applewin; microm8; scummvm; residualvm;
        dosbox(-x|-staging|-ece|_x86_64|-svn)?; dosboxx; pcem; 86box; vpinballx?(64|gl|bgfx)?(\.exe)?; frotz; sfrotz;
        gargoyle; glulxe; fizmo; lectrote; hugor; tads3; qtads; zoom-if; openbor(\.exe)?; ikemen(-go)?; mugen;
        winmugen; pico-?8; tic-?80; love-?dll; openrct2-emu
        """
    ),
    re.IGNORECASE,
)
"""Keys of emulators and virtual consoles, as ``paths.key`` spells them."""

CONTENT_ENDINGS = names(
    """
    nes fds unf unif nsf sfc smc fig swc bs st gb gbc gba sgb nds dsi srl 3ds 3dsx cci cxi cia app n64 z64 v64 ndd
    gcm iso gcz rvz wia wbfs wad ciso dol elf tgc wud wux rpx wua nsp xci nro nso nca cue bin chd img ccd mdf mds
    toc pbp cso cue m3u ecm sbi psx exe ps3 pkg self vpk gen md smd 32x sms gg sg mdx sgd gdi cdi dat lst xex xbe
    xiso a26 a52 a78 atr xex xfd cas car lnx lyx jag j64 rom vb vboy pce sgx ngp ngc ngpc ws wsc col int vec mgw min
    zip 7z rar gz adf adz dms ipf hdf hdi lha slave uae d64 d71 d81 g64 nib t64 tap tzx p00 prg crt z80 sna szx trd
    scl dsk cpr sna mx1 mx2 msx st msa stx fdi d88 88d hdm xdf 2hd dim do po woz 2mg swf fsuae conf dosz z3 z4 z5 z6
    z8 zblorb blorb ulx gblorb gam t3 pak vpx png p8 tic bps squashfs psv zar neo
    """
)
"""Endings of what emulators run, without the dot."""

NO_CONTENT_ENDINGS = names(
    """
    so dll dylib cfg ini conf xml json txt log sav srm state opt lua ips xdelta qss png
    """
)
"""Endings of files that are options of an emulator and not what it runs."""

VALUED_OPTIONS = names(
    """
    -L --libretro -c --config --appendconfig -s --save -S --savestate --subsystem -r --record --size --device
    --nodevice -p --path -g --gfx-mode -e --music-driver -q --language -m --music-volume --savepath --extrapath
    --themepath --gui-theme -conf -machine -set -rompath -cfgpath -video -inputpath --user -u -C --filter --scaler
    --platform --game-profile -statefile -slot -cfg --data --corelib --configdir --datadir --plugindir --gfx --audio
    --input --rsp --resolution --emumode --verbosity-level -fullbootpath -bios --bios -b-
    """
)
"""Options whose value is not the content."""

SCUMMVM: Mapping[str, str] = {
    "sky": "Beneath a Steel Sky",
    "queen": "Flight of the Amazon Queen",
    "lure": "Lure of the Temptress",
    "drascula": "Drascula: The Vampire Strikes Back",
    "dreamweb": "DreamWeb",
    "monkey": "The Secret of Monkey Island",
    "monkey2": "Monkey Island 2: LeChuck's Revenge",
    "comi": "The Curse of Monkey Island",
    "tentacle": "Day of the Tentacle",
    "maniac": "Maniac Mansion",
    "atlantis": "Indiana Jones and the Fate of Atlantis",
    "indy3": "Indiana Jones and the Last Crusade",
    "samnmax": "Sam & Max Hit the Road",
    "ft": "Full Throttle",
    "dig": "The Dig",
    "loom": "Loom",
    "zak": "Zak McKracken and the Alien Mindbenders",
    "sword1": "Broken Sword: The Shadow of the Templars",
    "sword2": "Broken Sword II: The Smoking Mirror",
    "tinsel": "Discworld",
    "dw": "Discworld",
    "dw2": "Discworld II: Missing Presumed...!?",
    "toon": "Toonstruck",
    "nippon": "Nippon Safes Inc.",
    "kyra1": "The Legend of Kyrandia",
    "kyra2": "The Legend of Kyrandia: The Hand of Fate",
    "kyra3": "The Legend of Kyrandia: Malcolm's Revenge",
    "simon1": "Simon the Sorcerer",
    "simon2": "Simon the Sorcerer II: The Lion, the Wizard and the Wardrobe",
    "ite": "Inherit the Earth: Quest for the Orb",
    "gob1": "Gobliiins",
    "grim": "Grim Fandango",
    "myst": "Myst",
    "riven": "Riven: The Sequel to Myst",
    "bladerunner": "Blade Runner",
    "7thguest": "The 7th Guest",
    "t7g": "The 7th Guest",
    "kq5": "King's Quest V: Absence Makes the Heart Go Yonder!",
    "kq6": "King's Quest VI: Heir Today, Gone Tomorrow",
    "sq4": "Space Quest IV: Roger Wilco and the Time Rippers",
    "qfg1": "Quest for Glory: So You Want to Be a Hero",
    "lsl1": "Leisure Suit Larry in the Land of the Lounge Lizards",
    "gk1": "Gabriel Knight: Sins of the Fathers",
    "soltys": "Soltys",
    "sfinx": "Sfinx",
}
"""ScummVM's short names of games with the titles people know."""

ENGINE_DATA: Mapping[str, str] = {
    "baseoa": "OpenArena",
    "freedoom1": "Freedoom: Phase 1",
    "freedoom2": "Freedoom: Phase 2",
    "freedm": "FreeDM",
    "doom": "Doom",
    "doom1": "Doom",
    "doomu": "The Ultimate Doom",
    "doom2": "Doom II: Hell on Earth",
    "tnt": "Final Doom: TNT: Evilution",
    "plutonia": "Final Doom: The Plutonia Experiment",
    "heretic": "Heretic",
    "heretic1": "Heretic",
    "hexen": "Hexen: Beyond Heretic",
    "hexdd": "Hexen: Deathkings of the Dark Citadel",
    "strife1": "Strife",
    "chex": "Chex Quest",
    "chex3": "Chex Quest 3",
    "hacx": "HacX",
    "harm1": "Harmony",
    "rekkrsa": "REKKR",
    "blasphem": "Blasphemer",
    "tf": "Team Fortress 2",
    "cstrike": "Counter-Strike: Source",
    "csgo": "Counter-Strike 2",
    "hl2": "Half-Life 2",
    "episodic": "Half-Life 2: Episode One",
    "ep2": "Half-Life 2: Episode Two",
    "hl2mp": "Half-Life 2: Deathmatch",
    "lostcoast": "Half-Life 2: Lost Coast",
    "hl1": "Half-Life: Source",
    "portal": "Portal",
    "portal2": "Portal 2",
    "left4dead": "Left 4 Dead",
    "left4dead2": "Left 4 Dead 2",
    "dod": "Day of Defeat: Source",
    "garrysmod": "Garry's Mod",
    "bms": "Black Mesa",
    "insurgency": "Insurgency",
    "nmrih": "No More Room in Hell",
    "synergy": "Synergy",
    "tf2classic": "Team Fortress 2 Classic",
    "hidden": "The Hidden: Source",
    "valve": "Half-Life",
    "bshift": "Half-Life: Blue Shift",
    "gearbox": "Half-Life: Opposing Force",
    "czero": "Counter-Strike: Condition Zero",
    "tfc": "Team Fortress Classic",
    "dmc": "Deathmatch Classic",
    "ricochet": "Ricochet",
    "svencoop": "Sven Co-op",
    "id1": "Quake",
    "baseq2": "Quake II",
    "baseq3": "Quake III Arena",
    "missionpack": "Quake III: Team Arena",
    "etmain": "Wolfenstein: Enemy Territory",
    "q3ut4": "Urban Terror",
}
"""Directories and data files that decide which game an open or shared engine runs."""

GOLDSRC_ONLY: Mapping[str, str] = {"cstrike": "Counter-Strike", "dod": "Day of Defeat"}
"""Directories that mean another game under Half-Life's first engine."""

ENGINES = re.compile(
    alternatives(
        r"""
        hl; hl2; hl(_|-)?(linux|osx); hl2(_|-)?(linux|osx|win64); cs2; portal2(_|-)?linux; left4dead2;
        ioquake3([.-].*)?; ioq3.*; quake3([.-].*)?; openarena; q3(a|e)?([.-].*)?; vkquake; quakespasm.*; ironwail;
        yquake2; quake2; darkplaces.*; ezquake.*; fteqw.*; gzdoom; lzdoom; vkdoom; zandronum; prboom(-?plus)?;
        dsda-doom; chocolate-(doom|heretic|hexen|strife); crispy-(doom|heretic|hexen|strife); doomretro; doomsday;
        woof; eternity; nugget-doom; odamex; etl?; etlegacy; et\.x86; xash3d; xash; srb2-engine; spearmint.*;
        urbanterror-engine
        """
    ),
    re.IGNORECASE,
)
"""Keys of engines that many games share."""

ENGINE_OPTIONS = names(
    """
    -iwad -game -basedir --game +set +fs_game -iwads --iwad -hexen2
    """
)
ENGINE_VARIABLES = frozenset(["fs_game", "com_basegame", "fs_basegame", "game"])

MINECRAFT = re.compile(
    alternatives(
        r"""
        net\.minecraft\.client\..*; cpw\.mods\.(bootstraplauncher|modlauncher)\..*;
        net\.fabricmc\.loader\..*knotclient; org\.quiltmc\.loader\..*knotclient;
        net\.minecraft\.launchwrapper\.launch; org\.prismlauncher\.entrypoint; org\.multimc\.entrypoint;
        org\.polymc\.entrypoint; io\.github\.zekerzhayard\.forgewrapper\..*; com\.mojang\.rubydung\..*;
        net\.neoforged\..*launch.*; net\.minecraftforge\.bootstrap\..*; net\.neoforged\.fml\.startup\.client;
        com\.moonsworth\.lunar\.genesis\.genesis
        """
    ),
    re.IGNORECASE,
)
"""Main classes of Minecraft: Java Edition and of what mod loaders and launchers start in its place."""
