"""Main classes and archives of Minecraft: Java Edition: what plays, what only serves, what only launches."""

from __future__ import annotations

import re

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives

PLAYS = Pattern(
    alternatives(
        r"""
        net\.minecraft\.client\..*; net\.minecraft\.launchwrapper\.launch; com\.mojang\.(rubydung|minecraft)\..*;
        cpw\.mods\.(bootstraplauncher|modlauncher)\..*; net\.minecraftforge\.bootstrap\..*; net\.minecraftforge\.legacyswap\..*;
        net\.neoforged\..*launch.*; net\.neoforged\.fml\.startup\.client; io\.github\.zekerzhayard\.forgewrapper\..*;
        net\.fabricmc\.loader\..*knotclient; net\.fabricmc\.loader\.launch\.knot\.knotclient; net\.fabricmc\.devlaunchinjector\.main;
        org\.quiltmc\.loader\..*knotclient; net\.ornithemc\..*knotclient; com\.cleanroommc\.boot\.main(client)?; top\.outlands\..*;
        org\.(prismlauncher|multimc|polymc|polylauncher|ultimmc|fjordlauncher|pollymc)\.entrypoint; org\.freesmteam\..*\.entrypoint;
        com\.moonsworth\.lunar\.(genesis\.genesis|patcher\.lunarmain|ichor\..*); net\.labymod\.(core|main|api|v4)\..*;
        net\.badlion\.client\..*; net\.digitalingot\.feather(client|opt)?\..*; optifine\.installer\.launch.*; hmcl\.minecraft\..*; newlaunch(legacy)?\.jar;
        com\.tlauncher\.modpack\..*main; net\.technicpack\.legacywrapper\..*; moe\.yushi\.authlibinjector\.minecraft\..*
        """
    ),
    re.IGNORECASE,
)
"""The game itself, and what mod loaders and launchers start in its place."""

SERVES = Pattern(
    r"(forge|fml|neoforge)(data)?server|.*(fmlserver|servertweaker|servertweak).*|.*knotserver|.*server_starter.*|--?nogui|nogui",
    re.IGNORECASE,
)
"""Arguments that turn the same main class into a server."""

LAUNCHES = Pattern(
    r"(tlauncher|hmcl|sklauncher|atlauncher|technic-?launcher|legacylauncher|minecraftlauncher|salwyrr-?launcher|feather-?launcher|"
    r"betacraft|mcl|llaun\.?ch\w*|xmcl|shiginima|titan-?launcher|minecraft-?launcher|ultimmc|klauncher|tl-?legacy|magic-?launcher|"
    r"modpack-?installer|(fabric|quilt|forge|neoforge)-?installer|optifine)[\w .+-]*\.jar"
    r"|net\.minecraft\.bootstrap\..*|org\.tlauncher\..*|org\.jackhuang\.hmcl\..*|com\.atlauncher\..*|net\.technicpack\.launcher\..*",
    re.IGNORECASE,
)
"""Archives and main classes of launchers and installers."""

SERVER_ARCHIVES = Pattern(
    r"(minecraft[_-]?server|server|paper(clip)?|purpur|spigot|craftbukkit|bukkit|folia|pufferfish|waterfall|velocity|bungeecord|"
    r"fabric-server(-launch(er)?)?|quilt-server(-launch)?|forge-[\d.-]+.*|neoforge-[\d.-]+.*|mohist|magma|arclight|catserver|sponge\w*|"
    r"geyser|leaf|leaves|glowstone|thermos|cauldron|nukkit|cuberite)([-_ ][\w.+-]*)?\.jar|net\.minecraft\.(server|bundler|data)\..*",
    re.IGNORECASE,
)
"""Archives and main classes of servers."""
