"""DOS games by the eight letters of their programs, and what is a program of DOS or of DOSBox itself."""

from __future__ import annotations

from collections.abc import Mapping

from gamedetectd.detection.tables.phrases import names

_ROWS = """
doom: Doom
doom2: Doom II: Hell on Earth
heretic: Heretic
hexen: Hexen: Beyond Heretic
strife1: Strife
wolf3d: Wolfenstein 3D
spear: Spear of Destiny
sod: Spear of Destiny
keen1: Commander Keen 1: Marooned on Mars
keen2: Commander Keen 2: The Earth Explodes
keen3: Commander Keen 3: Keen Must Die
keen4: Commander Keen 4: Secret of the Oracle
keen4e: Commander Keen 4: Secret of the Oracle
keen5: Commander Keen 5: The Armageddon Machine
keen5e: Commander Keen 5: The Armageddon Machine
keen6: Commander Keen 6: Aliens Ate My Baby Sitter!
keen6e: Commander Keen 6: Aliens Ate My Baby Sitter!
duke3d: Duke Nukem 3D
dn1: Duke Nukem
nukem2: Duke Nukem II
sw: Shadow Warrior
blood: Blood
rott: Rise of the Triad
quake: Quake
descent: Descent
descentr: Descent
d2: Descent II
prince: Prince of Persia
pop2: Prince of Persia 2: The Shadow and the Flame
lemmings: Lemmings
vgalemmi: Lemmings
simcity: SimCity
sc2000: SimCity 2000
civ: Sid Meier's Civilization
ufo: UFO: Enemy Unknown
xcom: X-COM: UFO Defense
terror: X-COM: Terror from the Deep
war2: Warcraft II: Tides of Darkness
dune2: Dune II: The Building of a Dynasty
transprt: Transport Tycoon
ttdx: Transport Tycoon Deluxe
hospital: Theme Hospital
populous: Populous
syndicat: Syndicate
keeper: Dungeon Keeper
tyrian: Tyrian
tyrian2k: Tyrian 2000
raptor: Raptor: Call of the Shadows
rap: Raptor: Call of the Shadows
jill: Jill of the Jungle
jill1: Jill of the Jungle
cosmo1: Cosmo's Cosmic Adventure
hocus: Hocus Pocus
jazz: Jazz Jackrabbit
bstone: Blake Stone: Aliens of Gold
xargon: Xargon
zone66: Zone 66
onemust: One Must Fall: 2097
omf: One Must Fall: 2097
scorch: Scorched Earth
stunts: Stunts
4d: Stunts
nfs: The Need for Speed
carma: Carmageddon
worms: Worms
wrms: Worms
gta8: Grand Theft Auto
gta: Grand Theft Auto
ultima6: Ultima VI: The False Prophet
ultima7: Ultima VII: The Black Gate
serpent: Ultima VII Part Two: Serpent Isle
u8: Ultima VIII: Pagan
uw: Ultima Underworld: The Stygian Abyss
uw2: Ultima Underworld II: Labyrinth of Worlds
arena: The Elder Scrolls: Arena
fall: The Elder Scrolls II: Daggerfall
dagger: The Elder Scrolls II: Daggerfall
heroes: Heroes of Might and Magic
heroes2: Heroes of Might and Magic II
orion: Master of Orion
orion2: Master of Orion II: Battle at Antares
moo: Master of Orion
wc: Wing Commander
wc2: Wing Commander II: Vengeance of the Kilrathi
wc3: Wing Commander III: Heart of the Tiger
priv: Wing Commander: Privateer
xwing: Star Wars: X-Wing
tie: Star Wars: TIE Fighter
elite: Elite
elitep: Elite Plus
fe2: Frontier: Elite II
alone: Alone in the Dark
indark: Alone in the Dark
fback: Flashback: The Quest for Identity
monkey: The Secret of Monkey Island
monkey2: Monkey Island 2: LeChuck's Revenge
tentacle: Day of the Tentacle
atlantis: Indiana Jones and the Fate of Atlantis
samnmax: Sam & Max Hit the Road
mechwar2: MechWarrior 2: 31st Century Combat
mw2: MechWarrior 2: 31st Century Combat
eob: Eye of the Beholder
eob2: Eye of the Beholder II: The Legend of Darkmoon
lol: Lands of Lore: The Throne of Chaos
stonekp: Stonekeep
betrayal: Betrayal at Krondor
krondor: Betrayal at Krondor
wasteland: Wasteland
fallout: Fallout
mk1: Mortal Kombat
mk2: Mortal Kombat II
mk3: Mortal Kombat 3
megarace: MegaRace
screamer: Screamer
settlers: The Settlers
s2: The Settlers II
colonize: Sid Meier's Colonization
pirates: Sid Meier's Pirates!
railroad: Sid Meier's Railroad Tycoon
simant: SimAnt
simtower: SimTower
pharaoh: Pharaoh
caesar2: Caesar II
oregon: The Oregon Trail
carmen: Where in the World Is Carmen Sandiego?
digger: Digger
alley: Alley Cat
paratrooper: Paratrooper
sopwith: Sopwith
lemm: Lemmings
goldrush: Gold Rush!
gob: Gobliiins
cannon: Cannon Fodder
cf: Cannon Fodder
sensi: Sensible Soccer
turrican: Turrican II
supaplex: Supaplex
skyroads: SkyRoads
oxyd: Oxyd
bioforge: BioForge
sshock: System Shock
cyberia: Cyberia
terranov: Terra Nova: Strike Force Centauri
outlaws: Outlaws
crusader: Crusader: No Remorse
"""

DOS_GAMES: Mapping[str, str] = {
    name.strip(): title.strip() for name, _, title in (row.partition(":") for row in _ROWS.strip().splitlines())
}
"""The title by the program's name; names that are ordinary words are left out."""

DOS_OWN = names(
    """
    dosbox command z mount intro keyb cls exit imgmount config setup install autoexec dos c drive_c dosgames games roms boot loadfix
    mem mixer rescan imgmake loadrom keyboard choice doskey edit qbasic mode mscdex share smartdrv emm386 himem lfn dos4gw cwsdpmi
    dos32a uvconfig univbe unisound blaster mouse ctmouse debug xcopy move copy del tree more sort find attrib label subst win win386
    start run menu go launch batch echo pause rem set cd call d e f ver date time path prompt type if goto for shift loadhigh lh
    4dos nc vc norton volkov xtree dn mc soundset sound setsound sndsetup setupsnd setblast
    """
)
"""Commands of DOS and DOSBox, drivers, menus and programs that set a game up."""

DOS_APPLICATIONS = names(
    """
    wordstar ws wp wp51 wp60 wordperfect winword msword word excel multiplan lotus 123 symphony quattro dbase dbase3 dbase4
    foxpro foxbase clipper paradox rbase turbo tp tp7 tpascal bp tc tcc bc bcc qc nmake masm tasm tlink link debug gwbasic basic
    basica qb pbasic works msworks framework harvard ventura pagemaker autocad acad autosketch coreldraw deluxepaint dpaint
    pcpaint pcx turbocad orcad protel tango derive mathcad matlab spss telix procomm qmodem terminate telemate kermit winfile geos
    geoworks desqview dosshell pctools chkdsk defrag scandisk fdisk format diskcopy arj pkzip pkunzip rar lha zip unzip edlin ed
    qedit brief ne multiedit protext sprint ami amipro windows win31 win311 win95 win98 progman finance quicken money turbotax
    typingtutor norton nu ndd sysinfo checkit msd qaplus landmark speedsys impulse scream tracker st3 ft2 modedit cubase
    """
)
"""Programs and directories of DOS that people work with."""
