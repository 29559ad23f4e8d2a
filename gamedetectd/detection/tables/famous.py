"""Games whose executable's name is theirs alone, mostly those that no store's library or engine gives away.

Names are spelled as ``paths.key`` spells them. Nothing ambiguous belongs here: ``game``, ``client``, ``oni`` or ``hl2``
are told apart by their place, their arguments or their files, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

_ROWS = """
0ad: 0 A.D.
7daystodie: 7 Days to Die
acodyssey: Assassin's Creed Odyssey
acorigins: Assassin's Creed Origins
acvalhalla: Assassin's Creed Valhalla
amongus: Among Us
amtrucks: American Truck Simulator
aoe2des: Age of Empires II: Definitive Edition
arma3x64: Arma 3
beamng.drive.x64: BeamNG.drive
bf2042: Battlefield 2042
bg3: Baldur's Gate 3
bg3dx11: Baldur's Gate 3
blackdesert64: Black Desert
blackopscoldwar: Call of Duty: Black Ops Cold War
civ6exe: Sid Meier's Civilization VI
civilizationvi: Sid Meier's Civilization VI
civilizationvidx12: Sid Meier's Civilization VI
cs2: Counter-Strike 2
csgo: Counter-Strike: Global Offensive
csgolinux64: Counter-Strike: Global Offensive
cyberpunk2077: Cyberpunk 2077
darksoulsiii: DARK SOULS III
dayzx64: DayZ
deadbydaylight-win64-shipping: Dead by Daylight
destiny2: Destiny 2
diabloiii64: Diablo III
diabloiii: Diablo III
diabloiv: Diablo IV
doometernalx64vk: DOOM Eternal
doomx64vk: DOOM
dota2: Dota 2
dwarffort: Dwarf Fortress
dwarffortress: Dwarf Fortress
eldenring: ELDEN RING
escapefromtarkov: Escape from Tarkov
escapefromtarkovarena: Escape from Tarkov: Arena
eso64: The Elder Scrolls Online
eurotrucks2: Euro Truck Simulator 2
eurotrucks: Euro Truck Simulator
exefile: EVE Online
factorio: Factorio
fallguysclientgame: Fall Guys
fallout4: Fallout 4
farcry5: Far Cry 5
farcry6: Far Cry 6
fc24: EA SPORTS FC 24
fc25: EA SPORTS FC 25
ffxiv: FINAL FANTASY XIV
ffxivdx11: FINAL FANTASY XIV
flightsimulator2024: Microsoft Flight Simulator 2024
flightsimulator: Microsoft Flight Simulator
fortniteclient-win64-shipping: Fortnite
forzahorizon4: Forza Horizon 4
forzahorizon5: Forza Horizon 5
genshinimpact: Genshin Impact
gta5: Grand Theft Auto V
gta5enhanced: Grand Theft Auto V Enhanced
gw2-64: Guild Wars 2
haloinfinite: Halo Infinite
hearthstone: Hearthstone
helldivers2: HELLDIVERS 2
heroesofthestormx64: Heroes of the Storm
hogwartslegacy: Hogwarts Legacy
hollowknight: Hollow Knight
iracingsim64dx11: iRacing
kspx64: Kerbal Space Program
leagueoflegends: League of Legends
lostark: LOST ARK
luanti: Luanti
maplestory: MapleStory
mcc-win64-shipping: Halo: The Master Chief Collection
minecraft.windows: Minecraft
minetest: Minetest
modernwarfare: Call of Duty: Modern Warfare
monsterhunterrise: MONSTER HUNTER RISE
monsterhunterwilds: Monster Hunter Wilds
monsterhunterworld: MONSTER HUNTER: WORLD
nba2k24: NBA 2K24
net.runelite.client.runelite: Old School RuneScape
newworld: New World
openrct2: OpenRCT2
openttd: OpenTTD
osclient: Old School RuneScape
osu!: osu!
osulazer: osu!
overwatch: Overwatch 2
pathofexile: Path of Exile
pathofexilesteam: Path of Exile
pathofexilex64: Path of Exile
projectzomboid64: Project Zomboid
projectzomboid: Project Zomboid
pyrogenesis: 0 A.D.
r5apex: Apex Legends
r5apexdx12: Apex Legends
rainbowsix: Tom Clancy's Rainbow Six Siege
rainbowsixvulkan: Tom Clancy's Rainbow Six Siege
rdr2: Red Dead Redemption 2
reliccardinal: Age of Empires IV
rimworldwin64: RimWorld
robloxplayer: Roblox
robloxplayerbeta: Roblox
rocketleague: Rocket League
rs2client: RuneScape
runelite: Old School RuneScape
rustclient: Rust
sc2x64: StarCraft II
seaofthieves: Sea of Thieves
sekiro: Sekiro: Shadows Die Twice
skyrimse: The Elder Scrolls V: Skyrim Special Edition
sotgame: Sea of Thieves
starcitizen: Star Citizen
stardewmoddingapi: Stardew Valley
stardewvalley: Stardew Valley
starfield: Starfield
starrail: Honkai: Star Rail
stellaris: Stellaris
supertuxkart: SuperTuxKart
terraria: Terraria
thewitness: The Witness
tibia: Tibia
titanfall2: Titanfall 2
ts4x64: The Sims 4
tslgame: PUBG: BATTLEGROUNDS
valheim.x8664: Valheim
valheim: Valheim
valorant-win64-shipping: VALORANT
victoria3: Victoria 3
vrchat: VRChat
warcraftiii: Warcraft III
warframe.x64: Warframe
warframe: Warframe
witcher3: The Witcher 3: Wild Hunt
worldoftanks: World of Tanks
worldofwarplanes: World of Warplanes
worldofwarships64: World of Warships
wow: World of Warcraft
wowclassic: World of Warcraft Classic
xonotic-linux64-glx: Xonotic
xonotic-linux64-sdl: Xonotic
yuanshen: Genshin Impact
zenlesszonezero: Zenless Zone Zero
"""

FAMOUS: Mapping[str, str] = {
    name.strip(): title.strip() for name, _, title in (row.partition(":") for row in _ROWS.strip().splitlines())
}
"""The title by the executable's key."""
