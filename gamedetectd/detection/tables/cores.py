"""RetroArch's cores and the systems they report: which machine a core imitates, where it imitates only one.

Cores by the names of their files without ``_libretro``; systems by the ids of libretro's own information files.
"""

from __future__ import annotations

from collections.abc import Mapping

from gamedetectd.detection.tables.platforms import named, squeeze

_ROWS = """
3DO | 4do opera
Amstrad CPC | cap32 crocods
Arcade | fbneo mame mame2000 mame2003 mame2003_plus mame2003_midway mame2009 mame2010 mame2014 mame2015 mame2016 mamearcade mamemess \
fbalpha fbalpha2012 fbalpha2012_cps1 fbalpha2012_cps2 fbalpha2012_cps3 hbmame ume2015 daphne same_cdi
Neo Geo | fbalpha2012_neogeo geolith
Arduboy | ardens arduous
Atari 2600 | stella stella2014 stella2023
Atari 5200 | a5200
Atari 5200, Atari 8-bit | atari800
Atari 7800 | prosystem
Atari ST, Atari Falcon | hatari hatarib
Atari Jaguar | virtualjaguar
Atari Lynx | mednafen_lynx handy holani
WonderSwan, WonderSwan Color | mednafen_wswan
ColecoVision | gearcoleco jollycv
ColecoVision, Game Gear, Master System, SG-1000 | gearsystem smsplus
Commodore 64 | frodo x64sdl vice_x128 vice_x64 vice_x64sc vice_xscpu64 vice_x64dtv
Commodore Plus/4 | vice_xplus4
Amiga, Amiga CD32 | fsuae puae puae2021 uae4arm
Commodore CBM-II | vice_xcbm2
Commodore CBM-5x0 | vice_xcbm5x0
Commodore PET | vice_xpet
VIC-20 | vice_xvic
Channel F | freechaf
Odyssey 2 | o2em
Intellivision | freeintv
Mega Duck | sameduck
MSX, MSX2 | fmsx
MSX, MSX2, ColecoVision, SG-1000 | bluemsx
PC-88 | quasi88
PC-98 | nekop2 np2kai
PC-FX | mednafen_pcfx
PC Engine, PC Engine CD, SuperGrafx | mednafen_pce mednafen_supergrafx geargrafx
PC Engine, PC Engine CD | mednafen_pce_fast
Nintendo 3DS | citra citra2018 citra_canary panda3ds azahar
Nintendo 64 | mupen64plus_next mupen64plus_next_gles2 mupen64plus_next_develop mupen64plus_next_gles3 parallel_n64_debug parallel_n64 \
mupen64plus glupen64
Nintendo DS | desmume desmume2015 melonds noods
Nintendo DS, Nintendo DSi | melondsds
NES, Famicom Disk System | fceumm fixnes mesen nestopia
NES | bnes emux_nes nes quicknes
Game & Watch | gw
Game Boy, Game Boy Color, Game Boy Advance | mgba vbam
Game Boy, Game Boy Color | boytacean DoubleCherryGB emux_gb fixgb gambatte gearboy sameboy tgbdual
Game Boy Advance | mednafen_gba gpsp meteor tempgba vba_next skyemu
GameCube, Wii | dolphin dolphin_launcher ishiiruka
SNES, Game Boy, Game Boy Color | higan_sfc higan_sfc_balanced bsnes bsnes_hd_beta mesen-s
SNES | mednafen_snes mednafen_supafaust bsnes2014_accuracy bsnes2014_balanced bsnes2014_performance bsnes_cplusplus98 bsnes_jg bsnes-jg \
bsnes_mercury_accuracy bsnes_mercury_balanced bsnes_mercury_performance chimerasnes snes9x snes9x2002 snes9x2005 snes9x2005_plus snes9x2010
Virtual Boy | mednafen_vb
MS-DOS | dosbox dosbox_core dosbox_pure dosbox_svn dosbox_svn_ce pcem virtualxt
MS-DOS, Windows | scummvm
Pokémon mini | pokemini
Mega Drive, Sega 32X, Mega CD, Master System, Game Gear | picodrive
Mega Drive, Mega CD, Master System, Game Gear | genesis_plus_gx_wide
Mega Drive, Mega CD, Master System, Game Gear, SG-1000 | genesis_plus_gx
Mega Drive | blastem
Master System | emux_sms
Dreamcast | redream retrodream
Dreamcast, Arcade | flycast flycast_gles2 reicast
Sega Saturn | mednafen_saturn kronos yabasanshiro yabause
Sharp X1 | x1
X68000 | px68k
ZX81 | 81
ZX Spectrum | fuse
Neo Geo CD | neocd
Neo Geo Pocket, Neo Geo Pocket Color | mednafen_ngp race
PlayStation | mednafen_psx mednafen_psx_hw duckstation pcsx_rearmed_interpreter pcsx_rearmed pcsx_rearmed_neon pcsx1 rustation swanstation
PlayStation 2 | pcsx2 play lrps2
PSP | ppsspp
Thomson MO5, Thomson TO7 | theodore
TI-83 | numero
TIC-80 | tic80
PICO-8 | retro8 fake08
Uzebox | uzem
Vectrex | vecx
WASM-4 | wasm4
Watara Supervision | potator
Xbox | directxbox
"""

CORES: Mapping[str, tuple[str, ...]] = {
    core.casefold(): tuple(one.strip() for one in machines.split(","))
    for machines, _, cores in (row.partition("|") for row in _ROWS.strip().splitlines())
    for core in cores.split()
}
"""The machines a core imitates."""

GAMES: Mapping[str, str] = {
    "prboom": "", "tyrquake": "Quake", "vitaquake2": "Quake II", "vitaquake3": "Quake III Arena", "ecwolf": "Wolfenstein 3D",
    "nxengine": "Cave Story", "dinothawr": "Dinothawr", "2048": "2048", "mrboom": "Mr.Boom", "craft": "Craft", "gong": "Gong",
    "opentyrian": "Tyrian", "reminiscence": "Flashback", "xrick": "Rick Dangerous", "cannonball": "OutRun", "boom3": "Doom 3",
    "jumpnbump": "Jump 'n Bump", "superbroswar": "Super Mario War", "mu": "", "easyrpg": "", "lutro": "", "minivmac": "",
    "openlara": "Tomb Raider", "rawgl": "Another World", "nanosaur": "Nanosaur", "thepowdertoy": "The Powder Toy", "chailove": "",
    "crossfire": "Cross Fire", "vircon32": "", "onscripter": "", "lowresnx": "", "stonesoup": "Dungeon Crawl Stone Soup",
}  # fmt: skip
"""Cores that are a game, or run a game's data, and imitate no machine: the game's title, "" where the content tells it."""

_SYSTEMS: Mapping[str, str] = {
    "super_nes": "SNES",
    "nes": "NES",
    "game_boy": "Game Boy",
    "game_boy_advance": "Game Boy Advance",
    "nintendo_64": "Nintendo 64",
    "nintendo_ds": "Nintendo DS",
    "3ds": "Nintendo 3DS",
    "mega_drive": "Mega Drive",
    "sega_genesis": "Mega Drive",
    "master_system": "Master System",
    "sega_saturn": "Sega Saturn",
    "dreamcast": "Dreamcast",
    "playstation": "PlayStation",
    "playstation2": "PlayStation 2",
    "playstation_portable": "PSP",
    "pc_engine": "PC Engine",
    "dos": "MS-DOS",
    "commodore_amiga": "Amiga",
    "commodore_c64": "Commodore 64",
    "zx_spectrum": "ZX Spectrum",
    "neo_geo_pocket": "Neo Geo Pocket",
    "wonderswan": "WonderSwan",
    "atari_2600": "Atari 2600",
    "mame": "Arcade",
    "fb_alpha": "Arcade",
    "gamecube": "GameCube",
}
_NAMED: Mapping[str, str] = {squeeze(name): machine for name, machine in _SYSTEMS.items()}


def machines_of(said: str) -> tuple[str, ...]:
    """The machines that RetroArch means by a playlist, a core's file or a system's id; empty where it tells none."""
    name = said.replace("\\", "/").rpartition("/")[2]
    core = name.casefold().partition("_libretro")[0]
    if core in CORES:
        return CORES[core]
    machine = named(name) or _NAMED.get(squeeze(name), "")
    return (machine,) if machine else ()
