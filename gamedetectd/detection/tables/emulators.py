"""Emulators by the names of their programs: which machines they imitate and which further files they run.

Which programs, machines and endings there are agrees with the definitions that Playnite ships; names on Linux and macOS are
those of Debian's, Flathub's and the makers' packages. What the machines' own files are called stands in ``platforms``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.platforms import ARCHIVES, ENDINGS, STORIES

_HANDHELDS = "Game Boy, Game Boy Color, Game Boy Advance"
_GAME_BOYS = "Game Boy, Game Boy Color"
_SEGA = "Mega Drive, Sega 32X, Mega CD, Master System, Game Gear, SG-1000"
_PC_ENGINES = "PC Engine, PC Engine CD, SuperGrafx"
_COMMODORE = "Commodore 64"

_ROWS = rf"""
4DO | 4do; freedo; ?phoenix; opera-emu | 3DO |
Altirra | altirra(64)? | Atari 8-bit, Atari 5200 |
Atari800 | atari800(win)?(plus.*)? | Atari 8-bit, Atari 5200 |
Azahar | azahar(-qt|-room)? | Nintendo 3DS |
BGB | bgb(64)? | {_GAME_BOYS} |
BigPEmu | bigpemu | Atari Jaguar |
BizHawk | emuhawk(mono)?; bizhawk; emuhawkmono\.sh | Apple II, Atari 2600, Atari 7800, Atari Jaguar, Atari Lynx, ColecoVision, \
Commodore 64, Vectrex, Odyssey 2, Intellivision, PC-FX, {_PC_ENGINES}, Nintendo DS, Nintendo DSi, NES, {_HANDHELDS}, Virtual Boy, \
Nintendo 3DS, Nintendo 64, {_SEGA}, Sega Saturn, Neo Geo Pocket, Neo Geo Pocket Color, PlayStation, SNES, Uzebox, WonderSwan, \
WonderSwan Color, ZX Spectrum, TI-83, TIC-80 |
BlastEm | blastem | Mega Drive |
Borked3DS | borked3ds(-qt|-room)? | Nintendo 3DS |
Cemu | cemu.* | Wii U | iso wad
Citra | citra(-qt|-room|-enhanced|-canary)? | Nintendo 3DS |
Citron | ?citron; citron-cmd | Nintendo Switch |
Cxbx-Reloaded | cxbx(-reloaded|r)?; cxbxr-ldr | Xbox |
DeSmuME | desmume(-gtk|-glade|-cli|-wx)?; desmume.* | Nintendo DS |
Dolphin | dolphin-emu(-qt2?|-nogui|-wx|-primehack)?; dolphin(qt2|wx|emu)?; primehack; ishiiruka.*; slippi.*dolphin | GameCube, Wii |
DuckStation | duckstation(-qt.*|-nogui.*|-regtest|-mini)? | PlayStation |
Eden | ?eden; eden-cli; torzu(-cmd)? | Nintendo Switch |
FCEUX | fceux(64)?; qfceux; fceu(-gtk)?; gfceu | NES, Famicom Disk System |
FS-UAE | fs-uae(-launcher)? | Amiga, Amiga CD32 |
FinalBurn Neo | fbneo(64)?; fbalpha.*; ?fba; fba64; finalburn.* | Arcade, Channel F, ColecoVision, MSX, SuperGrafx, PC Engine, NES, \
Famicom Disk System, SNES, Game Gear, Mega Drive, Master System, SG-1000, Neo Geo CD, Neo Geo Pocket, ZX Spectrum |
Flash Player | flashplayer.*; adobeflashplayer.* ; gnash.*; lightspark; flashpoint(player)?; clean-?flash.* | Flash |
Flycast | flycast(-dojo)? | Dreamcast, Arcade |
Fuse | ?fuse; fuse-(gtk|sdl|emulator.*) | ZX Spectrum |
GBE+ | gbe-?plus.*; gbeplus.* | {_HANDHELDS}, Nintendo DS |
Gambatte | gambatte([-_]?(qt|sdl))? | {_GAME_BOYS} |
Gearsystem | gearsystem | Game Gear, SG-1000, Master System |
Kega Fusion | ?fusion; kegafusion | Mega Drive, Sega 32X, Mega CD, Master System, Game Gear |
Lime3DS | lime3ds(-gui|-qt|-room)?; mandarine-qt; panda3ds; ?alber | Nintendo 3DS |
M64Py | m64py | Nintendo 64 |
MAME | (groovy|hb|adv|arcade)?mame(\d+|64|ui|ui64|arcade|d|p)?; arcade64; ?mess; mess64 | Arcade, Neo Geo, Apple II, Atari 2600, \
ColecoVision, Commodore 64, MSX, MSX2, NES, SNES, {_GAME_BOYS}, Mega Drive, Neo Geo CD, PC-88, PC-98, Sharp X1, X68000, Macintosh, CD-i, \
Game & Watch, Intellivision, Vectrex, Sega Saturn, Dreamcast |
Mednafen | mednafen; mednaffe; mednafen-.* | Apple II, Atari Lynx, {_PC_ENGINES}, PC-FX, NES, {_HANDHELDS}, Virtual Boy, Game Gear, Mega Drive, \
Master System, Sega Saturn, Neo Geo Pocket, Neo Geo Pocket Color, PlayStation, SNES, WonderSwan, WonderSwan Color |
Mesen-S | mesen-s | SNES |
Mesen | mesen(2|x)? | NES, {_GAME_BOYS}, Game Boy Advance, {_PC_ENGINES}, SNES, Master System, Game Gear, SG-1000, WonderSwan, ColecoVision |
Model 2 Emulator | emulatormulticpu; m2emulator; emulator(_multicpu)?\.m2 | Arcade |
NanoBoyAdvance | nanoboyadvance; ?nba | Game Boy Advance |
Nestopia | nestopia(ue)? | NES, Famicom Disk System |
NullDC | nulldc.*; demul | Dreamcast, Arcade |
PCSX2 | pcsx2(-qt.*|x64.*|-avx2|-sse4|-gtk|\.appimage)?; pcsx2-.* ; play! | PlayStation 2 |
PCSX | pcsxr?(-pgxp|-redux|-rearmed)?; pcsx-.* | PlayStation |
PCem | pcem(-.*)? ; 86box; pcbox | MS-DOS, Windows |
PPSSPP | ppsspp(windows(64)?|sdl|qt|headless|gold|windowsarm64)? | PSP |
Project64 | project64.*; rapr?oject64; ?1964; ?apollo64 | Nintendo 64 |
RALibRetro | ralibretro | * |
RPCS3 | rpcs3(-?v?\d.*|-qt.*)? | PlayStation 3 |
Reicast | reicast.* | Dreamcast |
RetroArch | retroarch(_debug|_angle|64|32)?; retroarch-.*; ?ludo; lakka | * |
Rosalie's Mupen GUI | rmg; rosalie'smupengui | Nintendo 64 |
Ruffle | ruffle(-desktop|desktop)? | Flash |
Ryujinx | ryujinx(\.ava|\.headless.*|\.sdl2|-canary|\.gtk3)?; ryubing; kenji-nx; greemdev.* | Nintendo Switch |
SameBoy | sameboy | {_GAME_BOYS} |
ScummVM | scummvm; residualvm | MS-DOS, Windows |
Snes9x | snes9x(-gtk|-x64|-qt|-macosx|x)?; snes9x.* | SNES |
Stella | stella | Atari 2600 |
Sudachi | sudachi(-cmd)? | Nintendo Switch |
SUPER ZSNES | superzsnes | SNES |
Supermodel | supermodel(3)? | Arcade |
Suyu | suyu(-cmd)? | Nintendo Switch |
TeknoParrot | teknoparrotui; teknoparrot | Arcade |
Virtual Jaguar | virtualjaguar | Atari Jaguar |
VisualBoyAdvance-M | visualboyadvance-m; vba-m; vbam; wxvbam | {_HANDHELDS} |
VisualBoyAdvance | visualboyadvance; vba | {_HANDHELDS} |
Visual Pinball X | vpinballx?(64|gl|_?gl64|bgfx|_?bgfx64|8|99.*|995.*)?; vpinball-.* | Arcade |
Vita3K | vita3k.* | PlayStation Vita |
WinUAE | winuae.*; amiberry(-lite)?; e-uae; p-?uae; ?uae | Amiga, Amiga CD32 |
VICE | x64(sc|dtv)?; xscpu64; x128; ?vice | {_COMMODORE} |
VICE for the Plus/4 | xplus4 | Commodore Plus/4 |
VICE for the VIC-20 | xvic | VIC-20 |
VICE for the PET | xpet | Commodore PET |
VICE for the CBM-II | xcbm2 | Commodore CBM-II |
VICE for the CBM-5x0 | xcbm5x0 | Commodore CBM-5x0 |
xemu | xemu(w)?; xqemu | Xbox |
Xenia | xenia(-canary(-netplay)?|canary(netplay)?|-edge|-manager)? | Xbox 360 |
Yabause | yabause(-qt|-gtk)?; yabause.*; ?kronos; yabasanshiro; ?ssf | Sega Saturn |
Ymir | ymir(-sdl3)? | Sega Saturn |
ZSNES | zsnes(w)? | SNES |
ares | ares | Atari 2600, WonderSwan, WonderSwan Color, ColecoVision, MSX, MSX2, {_PC_ENGINES}, Nintendo 64, {_HANDHELDS}, NES, \
Famicom Disk System, SNES, {_SEGA}, Sega Saturn, Neo Geo, Neo Geo Pocket, Neo Geo Pocket Color, PlayStation, ZX Spectrum | fc ms ng
blueMSX | bluemsx | ColecoVision, MSX, MSX2 |
bsnes | bsnes([-_]?(hd|mt|plus|accuracy|balanced|performance))? | SNES, {_GAME_BOYS} |
decaf-emu | decaf-(sdl|qt) | Wii U |
ePSXe | epsxe; psxfin; xebra; nocashpsx | PlayStation |
gopher64 | gopher64.* | Nintendo 64 |
higan | higan.* | NES, SNES, {_HANDHELDS}, Master System, Mega Drive, Game Gear, {_PC_ENGINES}, WonderSwan, WonderSwan Color |
jgenesis | jgenesis(-cli|-gui)? | {_SEGA}, NES, SNES, {_HANDHELDS} |
Mupen64Plus | mupen64plus(-gui|-qt|-.*)?; parallel-launcher; cen64 | Nintendo 64 |
mGBA | mgba(-qt|-sdl)? | {_HANDHELDS} |
melonDS | melonds | Nintendo DS, Nintendo DSi |
puNES | punes(64)? | NES, Famicom Disk System |
redream | redream | Dreamcast |
shadPS4 | shadps4.* ; bblauncher | PlayStation 4 |
simple64 | simple64(-gui)? | Nintendo 64 |
yuzu | yuzu(-cmd|-early-access|-ea.*)?; ?skyline | Nintendo Switch |
OpenEmu | openemu | * |
No$GBA | no\$gba; nocashgba; nogba | Game Boy Advance, Nintendo DS |
Medusa | ?medusa; medusa-emu.* | Nintendo DS, Game Boy Advance |
NO$ | nosns; no\$sns | SNES |
Genesis Plus | ?gens; gens-(gs|plus); genplus; picodrive; ?exodus; ?regen | {_SEGA} |
Emulicious | emulicious; osmose; ?meka; smsplus | Master System, Game Gear, {_GAME_BOYS} |
Gearboy | gearboy | {_GAME_BOYS} |
Gearcoleco | gearcoleco | ColecoVision |
Nintendulator | nintendulator(nrs)?; virtuanes.*; fakenes; tuxnes; nintaco; quicknes | NES, Famicom Disk System |
openMSX | openmsx; ?catapult; fmsx | MSX, MSX2 |
Hatari | hatari; steem.*; stonx | Atari ST, Atari Falcon |
Caprice32 | caprice32; cap32; winape; ?arnold | Amstrad CPC |
ZX Spectrum emulators | zesarux; spectaculator; unrealspeccy.*; fbzx | ZX Spectrum |
X68000 emulators | xm6.*; px68k; winx68k.* | X68000 |
PC-98 emulators | np2(kai|x64.*)?; np21w?; np21.*; t98next; anex86 | PC-98 |
Handy | ?handy; ?felix | Atari Lynx |
O2EM | o2em | Odyssey 2 |
jzIntv | jzintv | Intellivision |
Oricutron | oricutron | Oric |
BeebEm | beebem; b-em; jsbeeb | BBC Micro |
AppleWin | applewin; linapple; microm8 | Apple II |
Mini vMac | minivmac; basiliskii; sheepshaver | Macintosh |
DOSEMU | dosemu(2)?(\.bin)?; vdos(plus)? | MS-DOS |
Potator | potator | Watara Supervision |
TIC-80 | tic-?80 | TIC-80 |
PICO-8 | pico-?8; zepto8; fake-?08 | PICO-8 |
Interactive fiction | (s|d|wx|xz|c)?frotz; winfrotz.*; ?gargoyle; gargoyle-free; glulxe; (win)?glulxe; fizmo(-.*)?; lectrote; hugor; ?tads[23]?; qtads; \
frobtads; htmltads; zoom-if; spatterlight; parchment; windowsfrotz; filfre; ?jzip; nitfol | Z-machine |
MUGEN | (win)?mugen(plus|-?\d[\d.]*)? | MUGEN |
Ikemen GO | ikemen.* | MUGEN |
OpenBOR | openbor | OpenBOR |
EasyRPG Player | easyrpg-?player; (easyrpg)?player\.easyrpg | RPG Maker |
mkxp | mkxp(-z)?.* | RPG Maker |
"""


@dataclass(frozen=True, slots=True)
class Emulator:
    """``platforms`` are the machines it imitates; none means that something else decides, as RetroArch's core does.

    ``unsure`` fits keys that are words which other programs may bear too: only content or the window tells those apart.
    """

    name: str
    pattern: Pattern
    unsure: Pattern
    platforms: tuple[str, ...]
    endings: frozenset[str]


_OWN_FORMATS: Mapping[str, frozenset[str]] = {
    "Z-machine": STORIES,
    "OpenBOR": names("pak"),
    "MUGEN": frozenset(),
    "RPG Maker": frozenset(),
}


def _row(line: str) -> Emulator:
    name, patterns, machines, extra = (part.strip() for part in re.split(r"\s\|(?:\s|$)", line + " "))
    platforms = () if machines == "*" else tuple(one.strip() for one in machines.split(",") if one.strip())
    sets = [ENDINGS[one] if one in ENDINGS else _OWN_FORMATS[one] for one in platforms or ENDINGS]
    spelt = [one.strip() for one in patterns.split(";") if one.strip()]
    every = Pattern("|".join(one.removeprefix("?") for one in spelt), re.IGNORECASE)
    unsure = Pattern("|".join(one[1:] for one in spelt if one.startswith("?")) or r"(?!)", re.IGNORECASE)
    return Emulator(name, every, unsure, platforms, frozenset(extra.split()).union(ARCHIVES, *sets))


EMULATORS: tuple[Emulator, ...] = tuple(_row(line) for line in _ROWS.replace("\\\n", "").strip().splitlines())
"""Every emulator but DOSBox, whose content is its own affair; the first that fits is meant."""

DOSBOX = Pattern(r"dosbox.*", re.IGNORECASE)
"""DOSBox and what was made of it."""


_PACKAGED = Pattern(
    r"[-.](v?\d+\.|v\d|linux|x64|x86|amd64|aarch64|arm64|windows|win64|mac|macos|appimage|anylinux|release|nightly|canary|unofficial).*$"
)
"""What makers put behind the name of a program that they pack into one file."""


@lru_cache(maxsize=1_000)
def emulator(key: str) -> Emulator | None:
    """The emulator of this key, as ``paths.key`` spells it, with a version and a system behind its name or without."""
    plain = _PACKAGED.sub("", key)
    names = (key,) if plain == key else (key, plain)
    found = next((one for name in names for one in EMULATORS if one.pattern.fullmatch(name)), None)
    return None if found is None or (plain != key and found.unsure.fullmatch(plain)) else found


def is_emulator(key: str) -> bool:
    """True for the key of an emulator or of DOSBox."""
    return bool(DOSBOX.fullmatch(key)) or emulator(key) is not None


NEVER_CONTENT = names(
    """
    -L --libretro --corelib -s --save -S --savestate -c --config --appendconfig -conf --conf -bios --bios -bootrom -hdd_path -kernel
    -eeprom_path -flash_path --firmware --fw7 --fw9 -state -statefile --statefile --state --load-state -loadstate -savestate --savefile
    -patch --patch --ups --bps --ips -ups -bps -ips -cheats --cheats -cheat -lua --lua --script -loadlua -movie --movie -playmov --playmov
    -playback --play -record --record -r -R --recordconfig -P --bsvplay -log -logfile --log-file --logfile --log -gdb --gdb -cfg -cfgpath
    --palette -palette --skin -skin -shader --set-shader --shader --gfx --audio --input --rsp --configdir --datadir --plugindir
    --sshotdir --cheatfile --user -u --profile-dir -rompath -inipath -samplepath -artpath -ctrlrpath -hashpath -snapshot_directory
    --installfw --installpkg --firmware-file --rom-dir --system-dir --save-dir -drive8type --bundle -basedir --soundfont --game-profile -hda -hdb -cartridge2
    """
)
"""Options whose value is a file that is not what is played: a core, a saved state, a patch, a BIOS."""

VALUED_OPTIONS = names(
    """
    -p --path -g --gfx-mode -e --music-driver -q --language -m --music-volume --savepath --extrapath --themepath --gui-theme
    -machine -set -video --device --nodevice --size --subsystem -slot --slot -C --filter --scaler --platform --data --resolution --emumode
    --verbosity-level -inputpath -scale --scale -frameskip --frameskip -t -b --entryslot --max-frames --nick -w -H --host --port --core --system
    --hardware -setting -model -k --opl --renderer --render-mode --stretch-mode --aspect-ratio --sound --midi --cpu -cpu -memory --memory
    --fullscreen-mode --window-size -windowscale --window-scale -x -y -depth -bpp -rate --rate -vdriver -adriver -force_module -t1 -t2
    --interface --language= -language -skip --region -region --loglevel --log-level --game-mode --user-dir -vo -ao -tv --display
    """
)
"""Options whose value is content only where its ending says so."""

PLATFORM_OPTIONS = names("--system --hardware -force_module --platform /machine -machine --machine")
"""Options whose value names the machine."""
