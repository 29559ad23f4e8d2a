"""Arcade games by MAME's short names of their sets: the most played ones, since nobody calls a game ``mslug3``.

A set's variants (``sf2ce``, ``pacmanf``, ``kof98h``) bear the parent's name with letters behind it; those listed are titles of
their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from gamedetectd.detection.pattern import Pattern

_ROWS = """
pacman: Pac-Man
puckman: Pac-Man
mspacman: Ms. Pac-Man
pacplus: Pac-Man Plus
superpac: Super Pac-Man
pacnpal: Pac & Pal
pacland: Pac-Land
dkong: Donkey Kong
dkongjr: Donkey Kong Junior
dkong3: Donkey Kong 3
mario: Mario Bros.
galaga: Galaga
galaga88: Galaga '88
galaxian: Galaxian
gaplus: Gaplus
digdug: Dig Dug
digdug2: Dig Dug II
xevious: Xevious
sxevious: Super Xevious
bosco: Bosconian
rallyx: Rally-X
mappy: Mappy
polepos: Pole Position
polepos2: Pole Position II
invaders: Space Invaders
invadpt2: Space Invaders Part II
asteroid: Asteroids
astdelux: Asteroids Deluxe
centiped: Centipede
milliped: Millipede
missile: Missile Command
tempest: Tempest
bzone: Battlezone
llander: Lunar Lander
gravitar: Gravitar
spacduel: Space Duel
starwars: Star Wars
esb: The Empire Strikes Back
warlords: Warlords
gauntlet: Gauntlet
gaunt2: Gauntlet II
paperboy: Paperboy
marble: Marble Madness
roadrunn: Road Runner
indytemp: Indiana Jones and the Temple of Doom
720: 720 Degrees
defender: Defender
stargate: Stargate
robotron: Robotron: 2084
joust: Joust
joust2: Joust 2: Survival of the Fittest
sinistar: Sinistar
bubbles: Bubbles
smashtv: Smash T.V.
totcarn: Total Carnage
narc: NARC
mk: Mortal Kombat
mk2: Mortal Kombat II
mk3: Mortal Kombat 3
umk3: Ultimate Mortal Kombat 3
mk4: Mortal Kombat 4
nbajam: NBA Jam
nbajamte: NBA Jam Tournament Edition
rampage: Rampage
rampgwt: Rampage: World Tour
spyhunt: Spy Hunter
tapper: Tapper
rbtapper: Root Beer Tapper
tron: Tron
dotron: Discs of Tron
kinst: Killer Instinct
kinst2: Killer Instinct 2
area51: Area 51
frogger: Frogger
scramble: Scramble
scobra: Super Cobra
gyruss: Gyruss
timeplt: Time Pilot
tutankhm: Tutankham
trackfld: Track & Field
hyperspt: Hyper Sports
gradius: Gradius
gradius2: Gradius II: Gofer no Yabou
gradius3: Gradius III
nemesis: Nemesis
salamand: Salamander
lifefrce: Life Force
contra: Contra
scontra: Super Contra
tmnt: Teenage Mutant Ninja Turtles
tmnt2: Teenage Mutant Ninja Turtles: Turtles in Time
simpsons: The Simpsons
xmen: X-Men
ssriders: Sunset Riders
vendetta: Vendetta
crimfght: Crime Fighters
aliens: Aliens
rushatck: Rush'n Attack
yiear: Yie Ar Kung-Fu
circusc: Circus Charlie
jailbrek: Jail Break
parodius: Parodius DA!
punkshot: Punk Shot
bucky: Bucky O'Hare
mtlchamp: Martial Champion
qbert: Q*bert
btime: BurgerTime
bagman: Bagman
bombjack: Bomb Jack
mrdo: Mr. Do!
docastle: Mr. Do's Castle
ladybug: Lady Bug
phoenix: Phoenix
pleiads: Pleiads
moonpatr: Moon Patrol
zaxxon: Zaxxon
congo: Congo Bongo
pengo: Pengo
elevator: Elevator Action
jungler: Jungler
junglek: Jungle King
qix: Qix
bublbobl: Bubble Bobble
rainbow: Rainbow Islands
arkanoid: Arkanoid
arknoid2: Arkanoid: Revenge of DOH
opwolf: Operation Wolf
othunder: Operation Thunderbolt
darius: Darius
dariusg: Darius Gaiden
ninjaw: The Ninja Warriors
rastan: Rastan
chasehq: Chase H.Q.
pbobble: Puzzle Bobble
pbobble2: Puzzle Bobble 2
bjourney: Blue's Journey
pzlbowl: Puzzle de Bowling
raystorm: RayStorm
rayforce: RayForce
gunlock: Gunlock
1942: 1942
1943: 1943: The Battle of Midway
1944: 1944: The Loop Master
19xx: 19XX: The War Against Destiny
gng: Ghosts'n Goblins
ghouls: Ghouls'n Ghosts
commando: Commando
bionicc: Bionic Commando
blktiger: Black Tiger
sonson: SonSon
gunsmoke: Gun.Smoke
strider: Strider
forgottn: Forgotten Worlds
ffight: Final Fight
captcomm: Captain Commando
knights: Knights of the Round
kod: The King of Dragons
dino: Cadillacs and Dinosaurs
punisher: The Punisher
wof: Warriors of Fate
willow: Willow
mercs: Mercs
ddsom: Dungeons & Dragons: Shadow over Mystara
ddtod: Dungeons & Dragons: Tower of Doom
avsp: Alien vs. Predator
armwar: Armored Warriors
batcir: Battle Circuit
slammast: Saturday Night Slam Masters
progear: Progear
gigawing: Giga Wing
mmatrix: Mars Matrix: Hyper Solid Shooting
dimahoo: Dimahoo
spf2t: Super Puzzle Fighter II Turbo
pang: Pang
spang: Super Pang
sf1: Street Fighter
sf2: Street Fighter II: The World Warrior
sf2ce: Street Fighter II': Champion Edition
sf2hf: Street Fighter II': Hyper Fighting
ssf2: Super Street Fighter II: The New Challengers
ssf2t: Super Street Fighter II Turbo
sfa: Street Fighter Alpha: Warriors' Dreams
sfa2: Street Fighter Alpha 2
sfa3: Street Fighter Alpha 3
sfiii: Street Fighter III: New Generation
sfiii2: Street Fighter III 2nd Impact: Giant Attack
sfiii3: Street Fighter III 3rd Strike: Fight for the Future
sfiii3nr1: Street Fighter III 3rd Strike: Fight for the Future
jojo: JoJo's Venture
jojoba: JoJo's Bizarre Adventure
redearth: Red Earth
dstlk: Darkstalkers: The Night Warriors
nwarr: Night Warriors: Darkstalkers' Revenge
vsav: Vampire Savior: The Lord of Vampire
msh: Marvel Super Heroes
mshvsf: Marvel Super Heroes vs. Street Fighter
xmcota: X-Men: Children of the Atom
xmvsf: X-Men vs. Street Fighter
mvsc: Marvel vs. Capcom: Clash of Super Heroes
mvsc2: Marvel vs. Capcom 2: New Age of Heroes
outrun: Out Run
toutrun: Turbo Outrun
hangon: Hang-On
shangon: Super Hang-On
sharrier: Space Harrier
aburner: After Burner
aburner2: After Burner II
thndrbld: Thunder Blade
altbeast: Altered Beast
goldnaxe: Golden Axe
ga2: Golden Axe: The Revenge of Death Adder
shinobi: Shinobi
eswat: E-SWAT: Cyber Police
wb3: Wonder Boy III: Monster Lair
wboy: Wonder Boy
wbml: Wonder Boy in Monster Land
alexkidd: Alex Kidd: The Lost Stars
fantzone: Fantasy Zone
quartet: Quartet
columns: Columns
tetris: Tetris
arescue: Air Rescue
spidman: Spider-Man: The Videogame
moonwalk: Michael Jackson's Moonwalker
vf: Virtua Fighter
vf2: Virtua Fighter 2
vr: Virtua Racing
vcop: Virtua Cop
vcop2: Virtua Cop 2
daytona: Daytona USA
daytona2: Daytona USA 2
scud: Scud Race
srally2: Sega Rally 2
srallyc: Sega Rally Championship
hotd: The House of the Dead
fvipers: Fighting Vipers
stcc: Sega Touring Car Championship
lostwsga: The Lost World
swtrilgy: Star Wars Trilogy Arcade
crzytaxi: Crazy Taxi
ikaruga: Ikaruga
mslug: Metal Slug
mslug2: Metal Slug 2
mslugx: Metal Slug X
mslug3: Metal Slug 3
mslug4: Metal Slug 4
mslug5: Metal Slug 5
kof94: The King of Fighters '94
kof95: The King of Fighters '95
kof96: The King of Fighters '96
kof97: The King of Fighters '97
kof98: The King of Fighters '98
kof99: The King of Fighters '99
kof2000: The King of Fighters 2000
kof2001: The King of Fighters 2001
kof2002: The King of Fighters 2002
kof2003: The King of Fighters 2003
kofxi: The King of Fighters XI
fatfury1: Fatal Fury: King of Fighters
fatfury2: Fatal Fury 2
fatfursp: Fatal Fury Special
fatfury3: Fatal Fury 3: Road to the Final Victory
rbff1: Real Bout Fatal Fury
rbffspec: Real Bout Fatal Fury Special
rbff2: Real Bout Fatal Fury 2: The Newcomers
garou: Garou: Mark of the Wolves
samsho: Samurai Shodown
samsho2: Samurai Shodown II
samsho3: Samurai Shodown III
samsho4: Samurai Shodown IV
samsho5: Samurai Shodown V
samsh5sp: Samurai Shodown V Special
lastblad: The Last Blade
lastbld2: The Last Blade 2
aof: Art of Fighting
aof2: Art of Fighting 2
aof3: Art of Fighting 3
wh1: World Heroes
wh2: World Heroes 2
wh2j: World Heroes 2 Jet
whp: World Heroes Perfect
kizuna: Kizuna Encounter
breakers: Breakers
matrim: Matrimelee
rotd: Rage of the Dragons
svc: SvC Chaos: SNK vs. Capcom
magdrop2: Magical Drop II
magdrop3: Magical Drop III
neobombe: Neo Bomberman
nam1975: NAM-1975
blazstar: Blazing Star
pulstar: Pulstar
shocktro: Shock Troopers
shocktr2: Shock Troopers: 2nd Squad
sengoku: Sengoku
sengoku3: Sengoku 3
turfmast: Neo Turf Masters
wjammers: Windjammers
tws96: Tecmo World Soccer '96
ssideki: Super Sidekicks
2020bb: 2020 Super Baseball
viewpoin: Viewpoint
lresort: Last Resort
ddragon: Double Dragon
ddragon2: Double Dragon II: The Revenge
ddragon3: Double Dragon 3: The Rosetta Stone
ikari: Ikari Warriors
victroad: Victory Road
guerrilla: Guerrilla War
snowbros: Snow Bros.
tumblep: Tumble Pop
joemacr: Joe & Mac: Caveman Ninja
joemac: Joe & Mac: Caveman Ninja
baddudes: Bad Dudes vs. Dragonninja
robocop: RoboCop
karnov: Karnov
cninja: Caveman Ninja
raiden: Raiden
raiden2: Raiden II
rdft: Raiden Fighters
rtype: R-Type
rtype2: R-Type II
rtypeleo: R-Type Leo
ket: Ketsui: Kizuna Jigoku Tachi
ddonpach: DoDonPachi
donpachi: DonPachi
dfeveron: Dangun Feveron
esprade: ESP Ra.De.
guwange: Guwange
mushisam: Mushihimesama
futari15: Mushihimesama Futari
espgal: Espgaluda
espgal2: Espgaluda II
deathsml: Deathsmiles
ddpdoj: DoDonPachi Dai-Ou-Jou
batrider: Armed Police Batrider
bgaregga: Battle Garegga
truxton: Truxton
zerowing: Zero Wing
gunbird: Gunbird
gunbird2: Gunbird 2
s1945: Strikers 1945
s1945ii: Strikers 1945 II
s1945iii: Strikers 1945 III
sstriker: Sorcer Striker
dlair: Dragon's Lair
ace: Space Ace
spaceace: Space Ace
punchout: Punch-Out!!
spnchout: Super Punch-Out!!
popeye: Popeye
vsmario: Vs. Super Mario Bros.
tekken: Tekken
tekken2: Tekken 2
tekken3: Tekken 3
tektagt: Tekken Tag Tournament
souledge: Soul Edge
soulclbr: Soulcalibur
ridgerac: Ridge Racer
timecris: Time Crisis
pacmania: Pac-Mania
splatter: Splatterhouse
rthun: Rolling Thunder
rthun2: Rolling Thunder 2
sf2049: San Francisco Rush 2049
sfrush: San Francisco Rush
cruisusa: Cruis'n USA
hydrthnd: Hydro Thunder
gauntleg: Gauntlet Legends
blitz: NFL Blitz
carnevil: CarnEvil
id8: Initial D Arcade Stage 8 Infinity
id7: Initial D Arcade Stage 7 AAX
id6: Initial D Arcade Stage 6 AA
wmmt5: Wangan Midnight Maximum Tune 5
"""

ARCADE: Mapping[str, str] = {
    name.strip(): title.strip() for name, _, title in (row.partition(":") for row in _ROWS.strip().splitlines())
}
"""The title by the set's short name."""
_VARIANT_END = Pattern(r"[a-z]{1,2}\d?")
"""Letters of a region, a maker or a bootleg."""


def arcade_title(short: str) -> str:
    """The title of a set, or of the parent that a variant's name begins with; "" for one that is not here."""
    name = short.casefold()
    if name in ARCADE:
        return ARCADE[name]
    for cut in (1, 2, 3):
        parent = name[:-cut]
        if len(parent) >= 4 and parent in ARCADE and _VARIANT_END.fullmatch(name[-cut:]):
            return ARCADE[parent]
    return ""
