"""ScummVM's short names of games with the titles people know; those that ScummVM itself documents."""

from __future__ import annotations

from collections.abc import Mapping

_ROWS = """
sky: Beneath a Steel Sky
queen: Flight of the Amazon Queen
lure: Lure of the Temptress
drascula: Drascula: The Vampire Strikes Back
dreamweb: DreamWeb
soltys: Soltys
sfinx: Sfinx
nippon: Nippon Safes Inc.
bra: The Big Red Adventure
monkey: The Secret of Monkey Island
monkey1: The Secret of Monkey Island
monkey2: Monkey Island 2: LeChuck's Revenge
comi: The Curse of Monkey Island
monkey4: Escape from Monkey Island
tentacle: Day of the Tentacle
maniac: Maniac Mansion
atlantis: Indiana Jones and the Fate of Atlantis
indy3: Indiana Jones and the Last Crusade
samnmax: Sam & Max Hit the Road
ft: Full Throttle
dig: The Dig
loom: Loom
zak: Zak McKracken and the Alien Mindbenders
pass: Passport to Adventure
grim: Grim Fandango
puttputt: Putt-Putt Joins the Parade
puttmoon: Putt-Putt Goes to the Moon
puttzoo: Putt-Putt Saves the Zoo
putttime: Putt-Putt Travels Through Time
puttrace: Putt-Putt Enters the Race
puttcircus: Putt-Putt Joins the Circus
fbear: Fatty Bear's Birthday Surprise
freddi: Freddi Fish and the Case of the Missing Kelp Seeds
freddi2: Freddi Fish 2: The Case of the Haunted Schoolhouse
freddi3: Freddi Fish 3: The Case of the Stolen Conch Shell
freddi4: Freddi Fish 4: The Case of the Hogfish Rustlers of Briny Gulch
freddicove: Freddi Fish 5: The Case of the Creature of Coral Cove
pajama: Pajama Sam: No Need to Hide When It's Dark Outside
pajama2: Pajama Sam 2: Thunder and Lightning Aren't So Frightening
pajama3: Pajama Sam 3: You Are What You Eat from Your Head to Your Feet
spyfox: Spy Fox in Dry Cereal
spyfox2: Spy Fox 2: Some Assembly Required
spyozon: Spy Fox 3: Operation Ozone
baseball: Backyard Baseball
baseball2001: Backyard Baseball 2001
soccer: Backyard Soccer
football: Backyard Football
sword1: Broken Sword: The Shadow of the Templars
sword2: Broken Sword II: The Smoking Mirror
sword25: Broken Sword 2.5: The Return of the Templars
dw: Discworld
dw2: Discworld II: Missing Presumed...!?
toon: Toonstruck
toltecs: 3 Skulls of the Toltecs
touche: Touché: The Adventures of the Fifth Musketeer
tucker: Bud Tucker in Double Trouble
kyra1: The Legend of Kyrandia
kyra2: The Legend of Kyrandia: The Hand of Fate
kyra3: The Legend of Kyrandia: Malcolm's Revenge
lol: Lands of Lore: The Throne of Chaos
eob: Eye of the Beholder
eob2: Eye of the Beholder II: The Legend of Darkmoon
elvira1: Elvira: Mistress of the Dark
elvira2: Elvira II: The Jaws of Cerberus
waxworks: Waxworks
simon1: Simon the Sorcerer
simon2: Simon the Sorcerer II: The Lion, the Wizard and the Wardrobe
feeble: The Feeble Files
swampy: Swampy's Adventures
jumble: Jumble
dimp: Demon in My Pocket
ite: Inherit the Earth: Quest for the Orb
ihnm: I Have No Mouth, and I Must Scream
gob: Gobliiins
gob1: Gobliiins
gob2: Gobliins 2: The Prince Buffoon
gob3: Goblins Quest 3
woodruff: The Bizarre Adventures of Woodruff and the Schnibble
lostintime: Lost in Time
bargon: Bargon Attack
ween: Ween: The Prophecy
fascination: Fascination
geisha: Geisha
urban: Urban Runner
fw: Future Wars: Adventures in Time
os: Operation Stealth
cruise: Cruise for a Corpse
myst: Myst
riven: Riven: The Sequel to Myst
myst3: Myst III: Exile
bladerunner: Blade Runner
bladerunner-final: Blade Runner
7thguest: The 7th Guest
t7g: The 7th Guest
11h: The 11th Hour
tlc: Tender Loving Care
clandestiny: Clandestiny
11hour: The 11th Hour
hugo1: Hugo's House of Horrors
hugo2: Hugo II, Whodunit?
hugo3: Hugo III: Jungle of Doom
draci: Dragon History
hopkins: Hopkins FBI
lastexpress: The Last Express
lab: The Labyrinth of Time
rtz: Return to Zork
manhole: The Manhole
rodney: Rodney's Funscreen
lgop2: Leather Goddesses of Phobos 2
nebular: Rex Nebular and the Cosmic Gender Bender
dragonsphere: Dragonsphere
phantom: Return of the Phantom
mortevielle: Mortville Manor
neverhood: The Neverhood
pegasus: The Journeyman Project: Pegasus Prime
prince: The Prince and the Coward
scalpel: The Lost Files of Sherlock Holmes: The Case of the Serrated Scalpel
rosetattoo: The Lost Files of Sherlock Holmes: The Case of the Rose Tattoo
teenagent: Teen Agent
tony: Tony Tough and the Night of Roasted Moths
ringworld: Ringworld: Revenge of the Patriarch
ringworld2: Return to Ringworld
blueforce: Blue Force
voyeur: Voyeur
xeen: World of Xeen
worldofxeen: World of Xeen
cloudsofxeen: Might and Magic IV: Clouds of Xeen
darksideofxeen: Might and Magic V: Darkside of Xeen
mm1: Might and Magic: Book One
znemesis: Zork Nemesis: The Forbidden Lands
zgi: Zork: Grand Inquisitor
titanic: Starship Titanic
starshiptitanic: Starship Titanic
fullpipe: Full Pipe
gnap: Gnap
griffon: The Griffon Legend
hdb: Hyperspace Delivery Boy!
illusions: Duckman
kingdom: Kingdom: The Far Reaches
shadowgate: Shadowgate
dejavu: Deja Vu
dejavu2: Deja Vu II
uninvited: Uninvited
mutationofjb: Mutation of J.B.
nancy1: Nancy Drew: Secrets Can Kill
petka1: Red Comrades Save the Galaxy
petka2: Red Comrades 2: For the Great Justice
pink: The Pink Panther: Passport to Peril
peril: The Pink Panther: Passport to Peril
pokus: The Pink Panther: Hokus Pokus Pink
plumbers: Plumbers Don't Wear Ties
startrek: Star Trek: 25th Anniversary
st25: Star Trek: 25th Anniversary
stjr: Star Trek: Judgment Rites
supernova: Mission Supernova
msn1: Mission Supernova: Part 1
ultima1: Ultima I: The First Age of Darkness
ultima4: Ultima IV: Quest of the Avatar
ultima6: Ultima VI: The False Prophet
ultima8: Ultima VIII: Pagan
remorse: Crusader: No Remorse
regret: Crusader: No Regret
wage: World Builder
buried: The Journeyman Project 2: Buried in Time
bbvs: Beavis and Butt-head in Virtual Stupidity
amazon: Amazon: Guardians of Eden
martian: Martian Memorandum
avalanche: Lord Avalot d'Argent
chewy: Chewy: Esc from F5
cryomni3d: Versailles 1685
versailles: Versailles 1685
driller: Driller
darkside: Dark Side
totaleclipse: Total Eclipse
castlemaster: Castle Master
hadesch: Hades Challenge
private: Private Eye
dino: Dinotopia
fta2: Faery Tale Adventure II: Halls of the Dead
nl: Nightlong: Union City Conspiracy
ark: Ark of Time
twine: Little Big Adventure
lba: Little Big Adventure
reah: Reah: Face the Unknown
schizm: Schizm: Mysterious Journey
asylum: Sanitarium
sanitarium: Sanitarium
syberia: Syberia
syberia2: Syberia II
crab: Unrest
obsidian: Obsidian
kq1: King's Quest: Quest for the Crown
kq2: King's Quest II: Romancing the Throne
kq3: King's Quest III: To Heir Is Human
kq4: King's Quest IV: The Perils of Rosella
kq5: King's Quest V: Absence Makes the Heart Go Yonder!
kq6: King's Quest VI: Heir Today, Gone Tomorrow
kq7: King's Quest VII: The Princeless Bride
kq1sci: King's Quest: Quest for the Crown
kquestions: King's Questions
sq1: Space Quest: The Sarien Encounter
sq2: Space Quest II: Vohaul's Revenge
sq3: Space Quest III: The Pirates of Pestulon
sq4: Space Quest IV: Roger Wilco and the Time Rippers
sq5: Space Quest V: The Next Mutation
sq6: Space Quest 6: The Spinal Frontier
sq1sci: Space Quest I: Roger Wilco in the Sarien Encounter
pq1: Police Quest: In Pursuit of the Death Angel
pq2: Police Quest II: The Vengeance
pq3: Police Quest III: The Kindred
pq4: Police Quest: Open Season
pqswat: Police Quest: SWAT
lsl1: Leisure Suit Larry in the Land of the Lounge Lizards
lsl1sci: Leisure Suit Larry in the Land of the Lounge Lizards
lsl2: Leisure Suit Larry Goes Looking for Love (in Several Wrong Places)
lsl3: Leisure Suit Larry III: Passionate Patti in Pursuit of the Pulsating Pectorals
lsl5: Leisure Suit Larry 5: Passionate Patti Does a Little Undercover Work
lsl6: Leisure Suit Larry 6: Shape Up or Slip Out!
lsl6hires: Leisure Suit Larry 6: Shape Up or Slip Out!
lsl7: Leisure Suit Larry: Love for Sail!
qfg1: Quest for Glory: So You Want to Be a Hero
qfg1vga: Quest for Glory: So You Want to Be a Hero
qfg2: Quest for Glory II: Trial by Fire
qfg3: Quest for Glory III: Wages of War
qfg4: Quest for Glory IV: Shadows of Darkness
gk1: Gabriel Knight: Sins of the Fathers
gk2: The Beast Within: A Gabriel Knight Mystery
laurabow: The Colonel's Bequest
laurabow2: The Dagger of Amon Ra
camelot: Conquests of Camelot: The Search for the Grail
longbow: Conquests of the Longbow: The Legend of Robin Hood
ecoquest: EcoQuest: The Search for Cetus
ecoquest2: EcoQuest II: Lost Secret of the Rainforest
freddypharkas: Freddy Pharkas: Frontier Pharmacist
iceman: Codename: ICEMAN
islandbrain: The Island of Dr. Brain
castlebrain: Castle of Dr. Brain
lighthouse: Lighthouse: The Dark Being
phantasmagoria: Phantasmagoria
phantasmagoria2: Phantasmagoria: A Puzzle of Flesh
rama: Rama
shivers: Shivers
shivers2: Shivers Two: Harvest of Souls
torin: Torin's Passage
slater: Slater & Charlie Go Camping
jones: Jones in the Fast Lane
hoyle1: Hoyle's Official Book of Games: Volume 1
hoyle4: Hoyle Classic Card Games
mothergoose: Mixed-Up Mother Goose
mothergoose256: Mixed-Up Mother Goose
bc: The Black Cauldron
ddp: Donald Duck's Playground
goldrush: Gold Rush!
mh1: Manhunter: New York
mh2: Manhunter 2: San Francisco
mixedup: Mixed-Up Mother Goose
winnie: Winnie the Pooh in the Hundred Acre Wood
xmascard: A Sierra Christmas Card
msastrochicken: Ms. Astro Chicken
"""

SCUMMVM: Mapping[str, str] = {
    name.strip(): title.strip() for name, _, title in (row.partition(":") for row in _ROWS.strip().splitlines())
}
"""The title by the short name, which ScummVM calls a game's id."""

MADE_FOR_WINDOWS = frozenset(
    """
    grim monkey4 comi myst riven myst3 bladerunner toon neverhood titanic starshiptitanic pegasus hopkins fullpipe gnap griffon hdb
    petka1 petka2 pink peril pokus sword25 lastexpress syberia syberia2 asylum sanitarium schizm reah obsidian private supernova tony
    """.split()
)
"""Short names of games that were made for Windows; most of the others were for MS-DOS."""
