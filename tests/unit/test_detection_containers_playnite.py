"""Our table of emulators beside the definitions that Playnite ships: programs, machines, endings, RetroArch's cores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from gamedetectd.detection import paths
from gamedetectd.detection.tables.cores import CORES, GAMES, machines_of
from gamedetectd.detection.tables.emulators import DOSBOX, emulator
from gamedetectd.detection.tables.platforms import ENDINGS

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "emulators"

_PLATFORMS = """
3do = 3DO; adobe_flash = Flash; amstrad_cpc = Amstrad CPC; apple_2 = Apple II; arcade = Arcade; arduboy = Arduboy;
atari_2600 = Atari 2600; atari_5200 = Atari 5200; atari_7800 = Atari 7800; atari_8bit = Atari 8-bit;
atari_falcon030 = Atari Falcon; atari_jaguar = Atari Jaguar; atari_lynx = Atari Lynx; atari_st = Atari ST;
bandai_wonderswan = WonderSwan; bandai_wonderswan_color = WonderSwan Color; coleco_vision = ColecoVision;
commodore_64 = Commodore 64; commodore_amiga = Amiga; commodore_amiga_cd32 = Amiga CD32;
commodore_cbm2 = Commodore CBM-II; commodore_cbm5x0 = Commodore CBM-5x0; commodore_pet = Commodore PET;
commodore_plus4 = Commodore Plus/4; commodore_vci20 = VIC-20; fairchild_channelf = Channel F;
macintosh = Macintosh; magnavox_odyssey_2 = Odyssey 2; mattel_intellivision = Intellivision; megaduck = Mega Duck;
microsoft_msx = MSX; microsoft_msx2 = MSX2; nec_pc88 = PC-88; nec_pc98 = PC-98; nec_pcfx = PC-FX;
nec_supergrafx = SuperGrafx; nec_turbografx_16 = PC Engine; nec_turbografx_cd = PC Engine CD;
nintendo_3ds = Nintendo 3DS; nintendo_64 = Nintendo 64; nintendo_ds = Nintendo DS; nintendo_dsi = Nintendo DSi;
nintendo_famicom_disk = Famicom Disk System; nintendo_gameandwatch = Game & Watch; nintendo_gameboy = Game Boy;
nintendo_gameboyadvance = Game Boy Advance; nintendo_gameboycolor = Game Boy Color; nintendo_gamecube = GameCube;
nintendo_nes = NES; nintendo_super_nes = SNES; nintendo_switch = Nintendo Switch;
nintendo_virtualboy = Virtual Boy; nintendo_wii = Wii; nintendo_wiiu = Wii U; pc_dos = MS-DOS;
pc_windows = Windows; philips_cdi = CD-i; pokemon_mini = Pokémon mini; sega_32x = Sega 32X; sega_cd = Mega CD;
sega_dreamcast = Dreamcast; sega_gamegear = Game Gear; sega_genesis = Mega Drive;
sega_mastersystem = Master System; sega_saturn = Sega Saturn; sega_sg1000 = SG-1000; sharp_x1 = Sharp X1;
sharp_x68000 = X68000; sinclair_zx81 = ZX81; sinclair_zxspectrum = ZX Spectrum;
sinclair_zxspectrum3 = ZX Spectrum; snk_neogeo_aes = Neo Geo; snk_neogeo_cd = Neo Geo CD;
snk_neogeopocket = Neo Geo Pocket; snk_neogeopocket_color = Neo Geo Pocket Color; sony_playstation = PlayStation;
sony_playstation2 = PlayStation 2; sony_playstation3 = PlayStation 3; sony_playstation4 = PlayStation 4;
sony_psp = PSP; sony_vita = PlayStation Vita; thomson_mo5 = Thomson MO5; thomson_to7 = Thomson TO7; ti_83 = TI-83;
tic_80 = TIC-80; uzebox = Uzebox; vectrex = Vectrex; wasm4 = WASM-4; watara_supervision = Watara Supervision;
xbox = Xbox; xbox360 = Xbox 360
"""
PLATFORMS = dict(row.strip().split(" = ") for row in _PLATFORMS.split(";"))
"""Playnite's ids of machines and what we call them."""

NOT_MACHINES_WE_NAME = {
    "xbox_one": "nothing imitates it",
    "xbox_series": "nothing imitates it",
    "sony_playstation5": "nothing imitates it",
    "nintendo_switch2": "nothing imitates it",
    "pc_linux": "that is this machine",
}
DIFFERENT_ENDINGS = {
    "/": "a directory, in Playnite's way of writing",
    "<none>": "a file without an ending: known by the directory and the window",
}
OTHER_MACHINES = {
    "vice_xplus4": ["Commodore Plus/4"],
    "vice_xcbm2": ["Commodore CBM-II"],
    "vice_xcbm5x0": ["Commodore CBM-5x0"],
    "vice_xpet": ["Commodore PET"],
}
"""Cores for which Playnite names the Commodore 64, and which imitate its sister."""
NOT_EMULATORS = {
    "localeemulator": "it starts Windows programs in another language: a wrapper, judged by what it starts"
}


def definitions():
    if not FOLDER.is_dir():
        return []
    found = []
    for path in sorted(FOLDER.glob("*-emulator.yaml")):
        value = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        found += [(value["Id"], profile) for profile in value["Profiles"]]
    return found


DEFINITIONS = definitions()
pytestmark = pytest.mark.skipif(not DEFINITIONS, reason=f"{FOLDER} is missing: nothing to compare our emulators with")


def program_of(pattern):
    """A file name that the pattern fits: ``^cemu.*\\.exe$`` fits ``cemu.exe``."""
    pattern = pattern.replace("\\\\$", "$")  # one definition has a backslash too many
    name = pattern.strip("^$").replace(".*", "").replace("qt*", "qt").replace("\\.", ".").replace("\\", "")
    assert re.match(pattern, name, re.IGNORECASE), (pattern, name)
    return paths.key(name)


def ids():
    return [f"{ident}-{profile['Name']}-{place}" for place, (ident, profile) in enumerate(DEFINITIONS)]


@pytest.mark.parametrize(("ident", "profile"), DEFINITIONS, ids=ids())
def test_every_program_machine_and_ending_is_known(ident, profile):
    if ident in NOT_EMULATORS:
        return
    key = program_of(profile["StartupExecutable"])
    machines = [PLATFORMS[one] for one in profile.get("Platforms") or []]
    endings = {str(one).lower() for one in profile.get("ImageExtensions") or []} - set(DIFFERENT_ENDINGS)
    if DOSBOX.fullmatch(key):
        assert machines == ["MS-DOS"]
        assert endings == {"conf"}
        return
    row = emulator(key)
    assert row is not None, key
    assert endings <= row.endings, endings - row.endings
    core = re.search(r"([\w-]+)_libretro", profile["StartupArguments"])
    if core and core[1].casefold() not in GAMES:
        known = machines_of(f"cores\\{core[1]}_libretro.dll")
        expected = OTHER_MACHINES.get(core[1], machines)
        assert set(expected) & set(known), (core[1], machines, known)
    elif not core:
        assert set(machines) <= set(row.platforms), (machines, row.platforms)


def test_every_machine_has_a_name():
    listed = yaml.safe_load((FOLDER / "Emulation-Platforms.yaml").read_text(encoding="utf-8-sig"))
    assert {one["Id"] for one in listed} == set(PLATFORMS) | set(NOT_MACHINES_WE_NAME)
    assert set(PLATFORMS.values()) <= set(ENDINGS)


def test_no_difference_is_listed_for_nothing():
    """An excuse that excuses nothing would hide the next one."""
    endings = {str(one).lower() for _, profile in DEFINITIONS for one in profile.get("ImageExtensions") or []}
    assert set(DIFFERENT_ENDINGS) <= endings
    assert set(NOT_EMULATORS) <= {ident for ident, _ in DEFINITIONS}


def test_every_core_is_known():
    cores = {
        found[1].casefold()
        for _, profile in DEFINITIONS
        if (found := re.search(r"([\w-]+)_libretro", profile["StartupArguments"]))
    }
    assert cores <= set(CORES) | set(GAMES), cores - set(CORES) - set(GAMES)
