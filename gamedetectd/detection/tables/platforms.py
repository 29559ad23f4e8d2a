"""The machines that emulators imitate: what people call them, which files hold their games, where people keep those.

Which endings a machine's emulators read agrees with the definitions that Playnite ships; names of directories are those
of RetroArch's playlists, EmulationStation's collections and No-Intro's sets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ROWS = """
3DO | bin chd cue iso | 3do panasonic3do 3dointeractivemultiplayer
Flash | swf | adobeflash flashgames
Amstrad CPC | cdt cpr dsk kcr m3u sna tap voc | amstradcpc cpc amstrad gx4000
Apple II | d13 do dsk po sk woz nib 2mg | apple2 appleii
Arcade | bin cdh cdi chd cue dat elf game gdi iso lst m3u neo parrot teknoparrot vpx xml | arcade mame fbneo fba \
finalburnneo fbneoarcadegames naomi naomi2 atomiswave cps1 cps2 cps3 model2 model3 teknoparrot triforce zinc hbmame daphne
Arduboy | arduboy hex | arduboy
Atari 2600 | a26 bin | atari2600 2600 vcs
Atari 5200 | a52 atr atx bin car cas cdm com dcm m3u rom xex xfd | atari5200 5200
Atari 7800 | a78 bin cdf | atari7800 7800
Atari 8-bit | a52 arc atr atx bin car cas cdm com dcm m3u obx pro rom sap wav xex xfd | atari800 atari8bit atarixe atarixl
Atari Falcon | dim gem ide ipf m3u msa st stx vhd | atarifalcon falcon falcon030
Atari Jaguar | abs bin cdi cof cue j64 jag prg rom | atarijaguar jaguar atarijaguarcd jaguarcd
Atari Lynx | lnx lyx o | atarilynx lynx
Atari ST | dim gem ide ipf m3u msa st stx vhd | atarist ataristste atariste
WonderSwan | pc2 pcv2 ws wsc | wonderswan bandaiwonderswan
WonderSwan Color | pc2 pcv2 ws wsc | wonderswancolor bandaiwonderswancolor
ColecoVision | bin col cv gg rom sg sms | colecovision coleco colecocolecovision
Commodore 64 | bin cmd crt d1m d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z lnx lyx m3u nbz nib p00 p64 prg \
t64 tap vfl vsf x64 x6z | commodore64 c64 commodore128 c128
Amiga | adf adz ccd chd cue dms fdi fs-uae hdf hdz info ipf iso lha lzx m3u mds nrg rp9 scp slave uae wrp dat | amiga \
commodoreamiga amiga500 amiga600 amiga1200 whdload
Amiga CD32 | adf adz ccd chd cue dms fdi ipf iso lha lzx mds nrg scp | amigacd32 cd32 commodorecd32
Commodore CBM-5x0 | bin cmd crt d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z m3u nbz nib p00 prg t64 tap vfl \
vsf x64 x6z | cbm5x0
Commodore CBM-II | bin cmd crt d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z m3u nbz nib p00 prg t64 tap vfl \
vsf x64 x6z | cbm2 cbmii
Commodore PET | bin cmd crt d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z m3u nbz nib p00 prg t64 tap vfl vsf \
x64 x6z | commodorepet pet
Commodore Plus/4 | bin crt d1m d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z p00 p64 prg t64 tap x64 x6z | \
commodoreplus4 plus4 commodore16 c16
VIC-20 | 20 40 60 a0 b0 bin cmd crt d1m d2m d4m d64 d6z d71 d7z d80 d81 d82 d8z g41 g4z g64 g6z m3u nbz nib p00 p64 prg \
rom t64 tap vfl vsf x64 x6z | commodorevic20 vic20 vc20
Channel F | bin chf | channelf fairchildchannelf
Vectrex | bin vec | vectrex gcevectrex
Macintosh | dsk img hda | macintosh mac68k applemacintosh
Odyssey 2 | bin o2 | odyssey2 magnavoxodyssey2 videopac o2em
Intellivision | bin int rom | intellivision mattelintellivision intv
Mega Duck | bin | megaduck
MSX | cas col dsk fdi m3u msx mx1 mx2 ri rom sc sf sg | msx msx1 microsoftmsx
MSX2 | cas col dsk fdi m3u msx2 mx1 mx2 ri rom sc sf sg | msx2 msx2plus microsoftmsx2
Xbox | iso xbe xiso | xbox microsoftxbox originalxbox ogxbox
Xbox 360 | cci cxi elf iso xex zar | xbox360 x360 microsoftxbox360
PC-88 | d88 m3u u88 | pc88 pc8800 necpc8000pc8800series
PC-98 | 2hd 88d 98d cmd d88 d98 dup fdd fdi hdd hdi hdm hdn nhd tfd thd xdf | pc98 pc9800 necpc98
PC-FX | ccd chd cue m3u toc | pcfx necpcfx
PC Engine | ccd chd cue hes m3u mds pce sgx toc | pcengine turbografx16 tg16 pce necpcengineturbografx16
PC Engine CD | ccd chd cue m3u mds pce sgx toc | pcenginecd turbografxcd tgcd pcecd necpcenginecdturbografxcd tg16cd
SuperGrafx | ccd chd cue m3u pce sgx toc | supergrafx necpcenginesupergrafx sgfx
Nintendo 3DS | 3ds 3dsx app axf cci cia cxi elf zcci | 3ds n3ds nintendo3ds new3ds
Nintendo 64 | bin d64 jap n64 n64dd ndd pal rom u1 usa v64 z64 | n64 nintendo64 nintendo64dd 64dd n64dd
Nintendo DS | bin dsi ids nds srl | nds nintendods ds
Nintendo DSi | nds dsi | dsi nintendodsi ndsi
NES | bin bps fc fds fm2 ips nes nez nfse nsf nsfe qd rom studybox unf unif ups | nes famicom nintendoentertainmentsystem \
nintendonintendoentertainmentsystem fc
Famicom Disk System | fds nes nsf qd unf unif | fds famicomdisksystem nintendofamilycomputerdisksystem
Game & Watch | mgw | gameandwatch gw nintendogameandwatch handheldelectronicgame
Game Boy | agb bin bml bs cgb dmg elf fig gb gba gbc gbs mb rom sfc sgb smc swc | gb gameboy nintendogameboy
Game Boy Color | agb bin bml bs cgb dmg elf fig gb gba gbc gbs mb rom sfc sgb smc swc | gbc gameboycolor \
nintendogameboycolor
Game Boy Advance | agb bin cgb dmg elf gb gba gbc gbz mb sgb | gba gameboyadvance nintendogameboyadvance
GameCube | ciso dff dol elf gcm gcz iso m3u rvz tgc wad wbfs wia | gc gcn ngc gamecube nintendogamecube
Wii | ciso dff dol elf gcm gcz iso m3u rvz tgc wad wbfs wia | wii nintendowii wiiware
Wii U | rpx wua wud wux | wiiu nintendowiiu
SNES | 048 058 078 aus bin bml bs bsx dx2 eur fig gb gbc gd3 gd7 jap mgd mgh rom sfc smc spc st swc ufo usa xml | snes \
supernintendo superfamicom sfc supernes supernintendoentertainmentsystem nintendosupernintendoentertainmentsystem snesna \
nintendosatellaview satellaview nintendosufamiturbo
Nintendo Switch | nca nro nso nsp xci | switch nintendoswitch nsw
Virtual Boy | bin vb vboy | virtualboy vb nintendovirtualboy
MS-DOS | bat cfg chd com conf cue dosz exe ima img ins iso jrc m3u m3u8 scummvm tc vhd | dos msdos pcdos exodos ibmpc pc
Windows | cfg exe scummvm | windows pcwindows win31 win95 win98
Sega 32X | 32x 68k bin chd cue gen gg iso m3u md pco raw sc sg sgd smd sms | 32x sega32x mega32x
Mega CD | 32x 68k bin bms ccd chd cue gen gg iso m3u md mdx pco raw sc sg sgd smd sms | segacd megacd segamegacdsegacd scd
Mega Drive | 32x 68k bin bms ccd chd cue gen gg iso m3u md mdx pco raw sc sg sgd smd sms | megadrive genesis segagenesis \
segamegadrive segamegadrivegenesis md gen
Master System | 32x 68k bin bms chd col cue gen gg iso m3u md mdx ms mv pco raw rom sc sg sgd smd sms | mastersystem sms \
segamastersystem segamastersystemmarkiii markiii
Game Gear | 68k bin bms chd col cue gen gg iso m3u md mdx mv raw rom sg sgd sgg smd sms | gamegear gg segagamegear
SG-1000 | bin col gg mv rom sg sg1000 sms | sg1000 segasg1000
Sega Saturn | bin ccd chd cue iso m3u mdf mds toc | saturn segasaturn
Dreamcast | b5t b6t bin bwt ccd cdi chd cue dat elf gdi iso lst m3u mds nrg pdi | dreamcast dc segadreamcast
Sharp X1 | 2d d88 dx1 tap cmt | x1 sharpx1
X68000 | 2hd 88d cmd d88 dim dup hdf hdm img m3u xdf | x68000 x68k sharpx68000
ZX Spectrum | csw dck dsk pzx rzx scl sna szx tap trd tzx wav z80 | zxspectrum spectrum zx sinclairzxspectrum \
sinclairzxspectrum3
ZX81 | p t81 tzx | zx81 sinclairzx81
Neo Geo | neo ng | neogeo snkneogeo neogeoaes neogeomvs aes snkneogeoaes
Neo Geo CD | chd cue | neogeocd snkneogeocd ngcd
Neo Geo Pocket | ngc ngp ngpc npc | neogeopocket ngp snkneogeopocket
Neo Geo Pocket Color | ngc ngp ngpc npc | neogeopocketcolor ngpc snkneogeopocketcolor
PlayStation | bin cbn ccd chd cue ecm exe img iso m3u mdf mds pbp psexe psf toc nrg cdi | psx ps1 psone playstation \
playstation1 sonyplaystation
PlayStation 2 | bin chd ciso cso cue dump elf gz img iso isz m3u mdf nrg zso | ps2 playstation2 sonyplaystation2
PlayStation 3 | bin elf iso pkg self | ps3 playstation3 sonyplaystation3
PlayStation 4 | bin elf pkg | ps4 playstation4 sonyplaystation4
PSP | chd cso elf iso pbp prx zso | psp playstationportable sonyplaystationportable sonypsp pspminis
PlayStation Vita | vpk psvita | psvita vita playstationvita sonyplaystationvita
TI-83 | 83g 83l 83p 8xg 8xk 8xp | ti83 texasinstrumentsti83
Thomson MO5 | fd k7 m5 m7 rom sap | thomsonmo5 mo5 thomsonmoto
Thomson TO7 | fd k7 m5 m7 rom sap | thomsonto7 to7 to8
TIC-80 | tic | tic80
PICO-8 | p8 png | pico8 picopico8 lexalofflepico8
Uzebox | uze | uzebox
WASM-4 | wasm | wasm4
Watara Supervision | bin sv | supervision watarasupervision
CD-i | chd cue iso | cdi philipscdi
Pokémon mini | bin cso elf iso isz min | pokemini pokemonmini nintendopokemonmini
BBC Micro | ssd dsd uef adl adf | bbcmicro bbc acornbbcmicro electron
Oric | tap dsk | oric oricatmos
TRS-80 | dsk cas cmd | trs80 coco
"""


def _rows() -> Mapping[str, tuple[frozenset[str], tuple[str, ...]]]:
    rows = {}
    for line in _ROWS.strip().splitlines():
        name, endings, places = (part.strip() for part in line.split("|"))
        rows[name] = (frozenset(endings.split()), (squeeze(name), *places.split()))
    return rows


def squeeze(text: str) -> str:
    """A name as this table compares it: lower case, letters and digits only."""
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


_TABLE = _rows()
ENDINGS: Mapping[str, frozenset[str]] = {name: endings for name, (endings, _places) in _TABLE.items()}
"""The endings of files, without the dot, that hold each machine's games."""
_BY_PLACE: Mapping[str, str] = {place: name for name, (_endings, places) in _TABLE.items() for place in places}

ARCHIVES = frozenset(["zip", "7z", "rar", "gz", "tar", "gzip", "bzip2", "bz2", "7zip", "jma", "xz", "zst"])
"""Packed files, of any machine."""

_TELLING = """
Game Boy: gb dmg | Game Boy Color: gbc cgb | Game Boy Advance: gba agb | NES: nes unf unif nez nsf
Famicom Disk System: fds qd | SNES: sfc smc swc fig bsx | Nintendo 64: n64 z64 v64 ndd n64dd u1 | Virtual Boy: vb vboy
Nintendo DS: nds srl ids | Nintendo DSi: dsi | Nintendo 3DS: 3ds 3dsx cia cci zcci axf | GameCube: gcm tgc
Wii: wbfs wad | Wii U: wud wux rpx wua | Nintendo Switch: nsp xci nro nso nca | Mega Drive: md gen smd sgd 68k
Sega 32X: 32x | Master System: sms | Game Gear: gg sgg | SG-1000: sg sg1000 | Dreamcast: gdi | PC Engine: pce hes
SuperGrafx: sgx | WonderSwan: ws pc2 pcv2 | WonderSwan Color: wsc | Neo Geo Pocket: ngp | Neo Geo Pocket Color: ngc ngpc
Neo Geo: neo ng | Atari 2600: a26 | Atari 5200: a52 | Atari 7800: a78 | Atari 8-bit: atr atx xfd
Atari Jaguar: j64 jag | Atari Lynx: lnx lyx | Atari ST: st stx msa | ColecoVision: col cv | Vectrex: vec
Intellivision: int | Odyssey 2: o2 | Commodore 64: d64 t64 prg crt g64 p00 d71 d81 | Amiga: adf adz ipf lha hdf
ZX Spectrum: z80 szx tzx trd scl pzx rzx | Amstrad CPC: cdt cpr | MSX: mx1 | MSX2: mx2 | Apple II: woz po do
PSP: pbp cso prx | PlayStation: psexe ecm cbn | PlayStation Vita: vpk | Xbox: xbe xiso | Xbox 360: xex zar
Arduboy: arduboy hex | TIC-80: tic | PICO-8: p8 | Uzebox: uze | WASM-4: wasm | Flash: swf | Game & Watch: mgw
Watara Supervision: sv | TI-83: 83p 83g 8xp 8xk | Pokémon mini: min | Arcade: vpx teknoparrot parrot lst
MS-DOS: conf dosz exe com bat jrc | X68000: dim xdf hdm | PC-98: hdi fdi nhd d98
"""
TELLING: Mapping[str, str] = {
    ending: name.strip()
    for line in _TELLING.strip().splitlines()
    for row in line.split("|")
    for name, _, endings in [row.partition(":")]
    for ending in endings.split()
}
"""The one machine that people mean by an ending which several could read."""

STORIES = frozenset(
    "z1 z2 z3 z4 z5 z6 z7 z8 zblorb zlb blorb blb ulx gblorb glb gam t3 taf acd a3c alan agt agx saga dat hex".split()
)
"""Endings of interactive fiction."""

ALL_ENDINGS = STORIES.union(["pak"], *ENDINGS.values())
"""Every ending of every machine and format, archives excepted."""


def named(text: str) -> str:
    """The machine that a playlist, a directory or an option calls so, or "": of ``Nintendo - Game Boy`` it is Game Boy."""
    squeezed = squeeze(text.removesuffix(".lpl"))
    return _BY_PLACE.get(squeezed, "") if len(squeezed) > 1 else ""
