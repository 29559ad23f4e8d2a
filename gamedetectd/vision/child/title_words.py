"""Words of menus and editions: what stands on title screens without being a title, or as a part of one."""

from __future__ import annotations

import re

_COMMON = """
    about accept account accounts achievements action actions add advanced adventure adventures again all ammo
    arcade arena armor attack audio authors auto back basic battle begin beginner best blue board bonus boss
    brightness bronze browse calibrate callsign campaign campaigns cancel capturetheflag career challenge
    challenges chapter character characters classic clear close cloud coins collection combat combo command
    commander complete completed configuration configure confirm connect contact continue control controller
    controls cooperative copyright country create creative credits custom customize dailychallenge damage data
    date day days deathmatch debug default defeat defense delete demo difficulty disabled display done down
    download downloads draw easy edit editor effects enabled endless enemies enemy energy english enter episode
    equipment error exit expert explore extra extras factory failed fast feedback fight file files finish fire
    first force forest free freeplay freeride friends fullscreen future game gameover gameplay games general
    getready gold goodluck graphics green guest guide hard health help hero heroes hidden high highscore
    highscores hints hiscore hiscores history home host hotpotato hotseat info information insert inside
    instructions intro introduction inventory invite items join journal jump keyboard keys kills kingofthehill
    language languages last lastchance lastmanstanding leaderboard leaderboards learn left legend level levelone
    levels levelselect levelup library lives load loading lobby local location login lost main mainmenu manual
    map maps master match maximum medium member memory menu messages middle military mission missions mode
    modern moon mouse multiplayer music name network newgame news newworld next night nightmare normal north
    notice objective objectives off offline onemoretime online open opponent options other outside over overview
    page pause paused percent phase pilot pirate planet play player players playing playlist power practice
    preferences prepare present presents press pressanykey pressstart previous prey profile progress puzzle
    quality quest quick quickmatch quickplay quit race racing random rank ranking ready recent record records
    red redefine register release remove replay required reset resolution restart result results resume retry
    return reward rewards right rookie round rules running save saved school score scores screen search season
    secondchance secret select selection selectlevel sensitivity server servers service session settings setup
    shadow ship shoot shop silver single singleplayer skill skip slow solo sound sounds south space special
    speed sport stage start startgame statistics stats status steam stop store story storymode strategy studio
    studios style success suddendeath summer support survival system table target team teamdeathmatch teams test
    text texture thanksforplaying thankyou theme time timeattack timer timetrial title tools total tournament
    track trade training trophies tryagain tutorial tutorials under unknown unlock unlocked update updates
    upgrade upgrades user username value velocity version versus victory video view village volume wait waiting
    walk war warning water wave weapon weapons welcome welcomeback window windowed winner winter world worldmap
    worlds yellow yesterday youlose younger youwin zone
"""
"""What menus, scoreboards and messages say; a title that is one of these is never believed."""
_EDITIONS = """
    definitive edition; complete edition; deluxe edition; ultimate edition; special edition; gold edition;
    premium edition; standard edition; enhanced edition; anniversary edition; collectors edition; legendary
    edition; game of the year; game of the year edition; goty; goty edition; directors cut; remastered;
    remaster; remake; hd; hd remaster; demo; beta; playtest; prologue; free; online; trial; benchmark;
    soundtrack; original soundtrack; dedicated server; test server; public test; test; early access; vr; for
    windows; for windows 10; windows edition; classic; redux; reloaded; trial edition; digital deluxe edition;
    digital edition; 20th anniversary edition; 10th anniversary edition; pc
"""

_MISREAD = str.maketrans({"0": "o", "1": "l", "i": "l"})
COMMON = frozenset(_COMMON.translate(_MISREAD).split())
"""In the spelling that is compared."""
EDITIONS = frozenset(" ".join(one.split()) for one in _EDITIONS.split(";"))
"""In lower case, words parted by blanks."""
GREETINGS = re.compile(
    r"^\W*(?:welcome to|now playing|willkommen (?:bei|zu)|bienvenue (?:à|dans)|bienvenido a)\s+", re.IGNORECASE
)
"""After these stands the title, however small."""
TAIL = re.compile(
    r"(?:\s+|[-–—:,(]\s*)+(?:v(?:ersion|er)?\.?\s*\d[\w.]*|\d+(?:\.\d+)+\w*(?:\s*(?:pre|rc|beta|alpha)\s*\d*)?|(?:\(c\)|©|copyright\b).*)[\s)]*$",
    re.IGNORECASE,
)
"""A version or a copyright at a line's end."""
