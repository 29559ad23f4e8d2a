"""Engines that many games share, with the directories and data files on the command line that decide which one runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives

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
    "sigil": "Sigil",
    "sigil2": "Sigil II",
    "sigil_v1_21": "Sigil",
    "nerve": "Doom II: No Rest for the Living",
    "masterlevels": "Master Levels for Doom II",
    "doom64": "Doom 64",
    "doom_complete": "Doom Complete",
    "hexen2": "Hexen II",
    "square1": "The Adventures of Square",
    "chex2": "Chex Quest 2",
    "rekkrsl": "REKKR: Sunken Land",
    "ashes2063": "Ashes 2063",
    "hedon": "Hedon",
    "selaco": "Selaco",
    "strife0": "Strife",
    "voices": "Strife",
    "action2": "Action Doom 2: Urban Brawl",
    "hipnotic": "Quake Mission Pack 1: Scourge of Armagon",
    "rogue": "Quake Mission Pack 2: Dissolution of Eternity",
    "dopa": "Quake: Dimension of the Past",
    "mg1": "Quake: Dimension of the Machine",
    "ad": "Arcane Dimensions",
    "alkaline": "Alkaline",
    "xatrix": "Quake II: The Reckoning",
    "q2ctf": "Quake II",
    "baseq4": "Quake 4",
    "d3xp": "Doom 3: Resurrection of Evil",
    "cstrike_hd": "Counter-Strike",
    "hl2classic": "Half-Life 2",
    "fof": "Fistful of Frags",
    "zps": "Zombie Panic! Source",
    "aperturetag": "Aperture Tag",
    "portal_stories": "Portal Stories: Mel",
    "portalreloaded": "Portal: Reloaded",
    "entropyzero2": "Entropy: Zero 2",
    "dota": "Dota 2",
    "hlvr": "Half-Life: Alyx",
    "swarm": "Alien Swarm",
    "reactivedrop": "Alien Swarm: Reactive Drop",
    "ship": "The Ship",
    "vampire": "Vampire: The Masquerade - Bloodlines",
    "legacy": "Wolfenstein: Enemy Territory",
    "tremulous": "Tremulous",
    "smokinguns": "Smokin' Guns",
    "wop": "World of Padman",
    "baseef": "Star Trek: Voyager - Elite Force",
}
"""Directories and data files that decide which game an open or shared engine runs."""

GOLDSRC_ONLY: Mapping[str, str] = {"cstrike": "Counter-Strike", "dod": "Day of Defeat"}
"""Directories that mean another game under Half-Life's first engine."""

ENGINES = Pattern(
    alternatives(
        r"""
        hl; hl2; hl(_|-)?(linux|osx); hl2(_|-)?(linux|osx|win64); cs2; portal2(_|-)?linux; left4dead2;
        ioquake3([.-].*)?; ioq3.*; quake3([.-].*)?; openarena; q3(a|e)?([.-].*)?; vkquake; quakespasm.*; ironwail;
        yquake2; quake2; darkplaces.*; ezquake.*; fteqw.*; gzdoom; lzdoom; vkdoom; zandronum; prboom(-?plus)?;
        dsda-doom; chocolate-(doom|heretic|hexen|strife); crispy-(doom|heretic|hexen|strife); doomretro; doomsday;
        woof; eternity; nugget-doom; odamex; etl?; etlegacy; et\.x86; xash3d; xash; srb2-engine; spearmint.*;
        urbanterror-engine; quakespasm; quake; glquake; winquake; uquake; joequake; tyrquake; quakeforge; q2pro; q2rtx; kmquake2;
        yquake2; quake2xp; yamagi-quake2; vkquake2; q2repro; eduke32; nblood; raze; ecwolf; lzwolf; hammer(of)?thyrion; uhexen2; glhexen2; dhewm3; rbdoom3bfg;
        rbdoom-3-bfg; iortcw; iowolfsp(\..*)?; iowolfmp(\..*)?; openjk(\..*)?; openjksp(\..*)?; openjk_sp(\..*)?; k8vavoom; delphidoom; doom64ex(-plus)?; helion;
        uzdoom; nugget-doom; cherry-doom; dsda-doom; international-doom; inter-doom; crispy-heretic; chocolate-doom; boom; glboom(-plus)?; doom-legacy; doomlegacy; doom1993
        """
    ),
    re.IGNORECASE,
)
"""Keys of engines that many games share."""

"""Keys of engines that many games share."""

ENGINE_VARIABLES = frozenset(["fs_game", "com_basegame", "fs_basegame", "game"])
"""Variables of Quake's engines that name the game's directory."""

DEFAULTS: tuple[tuple[Pattern, str], ...] = tuple(
    (Pattern(alternatives(pattern), re.IGNORECASE), title)
    for pattern, title in (
        (
            "quakespasm.*; vkquake; ironwail; ezquake.*; glquake; winquake; joequake; tyrquake; quakeforge; quake",
            "Quake",
        ),
        (r"(?:yquake2|quake2|q2pro|q2rtx|kmquake2|quake2xp|yamagi-quake2|vkquake2|q2repro)", "Quake II"),
        (r"ioquake3([.-].*)?; quake3e?([.-].*)?; q3a", "Quake III Arena"),
        ("openarena", "OpenArena"),
        ("eduke32", "Duke Nukem 3D"),
        ("nblood", "Blood"),
        ("ecwolf; lzwolf", "Wolfenstein 3D"),
        ("uhexen2; glhexen2; hammer(of)?thyrion", "Hexen II"),
        ("dhewm3", "Doom 3"),
        ("rbdoom3bfg; rbdoom-3-bfg", "Doom 3: BFG Edition"),
        (r"iortcw; iowolf(sp|mp)(\..*)?", "Return to Castle Wolfenstein"),
        (r"openjk(\..*)?", "Star Wars Jedi Knight: Jedi Academy"),
        ("etl?; etlegacy", "Wolfenstein: Enemy Territory"),
        (r"doom64ex(-plus)?", "Doom 64"),
    )
)
"""What an engine runs that is told nothing, where it was made for one game."""

DOOMS = Pattern(
    alternatives(
        r"""
        gzdoom; lzdoom; vkdoom; uzdoom; zandronum; prboom(-?plus)?; dsda-doom; chocolate-(doom|heretic|hexen|strife);
        crispy-(doom|heretic|hexen|strife); doomretro; doomsday; woof; eternity; nugget-doom; cherry-doom; odamex; helion; k8vavoom;
        international-doom; inter-doom; boom; glboom(-plus)?; doom-?legacy; raze
        """
    ),
    re.IGNORECASE,
)
"""Engines of Doom's kin: their windows show the game's name before their own."""
