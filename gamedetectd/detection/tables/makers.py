"""What version information calls applications, and companies that make games."""

from __future__ import annotations

from gamedetectd.detection.tables.phrases import phrases

SYSTEM_PRODUCT = phrases(r"microsoft®? windows®? operating system; wine$")

APPLICATION = phrases(
    r"""
    (web|internet) browser; office; studio (code|\d{4}); studio( pro| free|\s\d+)?$; (media|video|music|movie|audio)
    player; screen ?recorder; remote desktop; anti-?virus; vpn( client)?; (graphics|audio|display|chipset) driver;
    driver (updater|booster); (soundtrack|album|ost) player; (art ?book|manual) (viewer|reader); control (panel|cent(er|re)); command cent(er|re);
    (file|download|task|password|mod|device|package) manager; (text|photo|video|audio|image|pdf) editor; integrated
    development environment; ide; (file|image|model|document|pdf|3d) viewer; viewer$; converter; wallpaper; screen
    ?saver; desktop app; messenger; calculator; cad; (3d|solid|geometric) model(l?ing|l?er); rendering
    (engine|software); slicer; emulator; virtual machine; hypervisor; sdk; compiler; debugger; profiler; (data
    )?backup; archiver; (bit)?torrent( client)?; webcam; planetarium; visuali[sz]er;
    (home|kitchen|room|garden|interior) (planner|designer); planner( 3d)?$; configurator; mixed reality portal; vr
    (desktop|runtime); avatar (creator|studio); digital audio workstation; 3d (paint|builder|printing); walkthrough
    viewer; simulation software; cryptocurrency; digital twin; e-?learning; point cloud; anatomy; public speaking; education app; sound ?board; fahrschulen; plant visuali[sz]ation; live ?link;
    (safety|medical|surgical|operator|forklift|welding|crane) (trainer|training|simulator); virtual (tour|showroom|lab|campus); wallet; point of sale; inventory
    """
)
"""Phrases of product names and descriptions that no game bears."""

GAME_MAKER = phrases(
    r"""
    games?; gaming; studios$; game ?studios?; gameworks; interactive( entertainment| studios?)?; entertainment; spiele; jeux;
    ubisoft; electronic arts; ea digital( illusions)?.*; activision; blizzard; bethesda; bioware; capcom; konami;
    sega; atlus; square enix; bandai; namco; fromsoftware; koei; tecmo; nintendo; sony interactive; playstation;
    mojang; cd projekt( red)?; rockstar; take-two; 2k; paradox; larian; obsidian; valve; mihoyo; hoyoverse;
    cognosphere; netease; krafton; pubg; nexon; ncsoft; gaijin; wargaming; techland; remedy; insomniac; naughty dog;
    id software; thq; deep silver; team17; devolver; supergiant; klei; re-logic; concernedape; wube; ludeon; frontier
    developments; creative assembly; firaxis; relic; amplitude; daedalic; focus home; nacon; bigben; 505; tinybuild;
    annapurna; curve digital; 11 bit; playdead; roblox; riot; digital extremes; bungie; crytek; io-interactive;
    avalanche; rebellion; codemasters; sumo digital; playground; turn 10; rare ltd; lionhead; double fine; telltale;
    popcap; zynga; king\.com; supercell; innersloth; mediatonic; psyonix; respawn; dice; crystal dynamics; eidos;
    arkane; machinegames; tango; ninja theory; quantic dream; asobo; dontnod; don't nod; spiders; cyanide; arrowhead;
    ghost ship; coffee stain; iron gate; unknown worlds; facepunch; bohemia; maxis; piranha bytes; westwood; sierra;
    lucasarts; infogrames; gameloft; rovio; outfit7; playrix; scopely; halfbrick; gameforge; webzen; smilegate; pearl abyss; hypergryph; yostar; kuro; lilith; niantic; microprose; interplay; 3do; eidolon; black isle; looking glass; ion storm; ppy
    """
)
"""Words in the names of companies that make games, and the companies that have none of those words."""

OTHER_MAKER = phrases(
    r"""
    medical; medizin\w*; health(care)?; hospital; klinik\w*; clinic; pharma\w*; surgical; automotive; motors; museum\w*;
    engineering; architects?; architekt\w*; immobilien; real estate; robotics; consulting; versicherung\w*; insurance;
    ministry; ministerium; aerospace; defen[cs]e systems; e-?learning; educational? (technolog\w*|solutions|software);
    training (gmbh|ltd|inc|solutions|systems); ikea; siemens; bosch; ansys; autodesk; dassault; volkswagen; bmw; audi;
    mercedes-benz; porsche; toyota; airbus; boeing; lockheed; philips; fraunhofer; schneider electric; abb; kuka; festo;
    rexroth; caterpillar; john deere; komatsu; liebherr; trumpf; pixiv; adobe; looking glass factory; biodigital; eon
    reality; zerolight; theia interactive; enscape; chaos (group|software); graphisoft; nemetschek; trimble; esri; cesium
    """
)
"""Words in the names of companies that make other things with games' engines, and such companies."""

NOT_THEIR_GAME = phrases(
    r"launcher; client service; anti-?cheat; store; galaxy; connect; origin; overlay; sdk; redist\w*; steam( client)?; helper"
)
"""What such companies make beside games."""
