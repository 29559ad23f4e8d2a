"""Games that are only shown here: cloud gaming, in browsers and in programs of its own, and remote play."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.detection import streams
from gamedetectd.detection.case import build
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.detection.streams import streamed
from gamedetectd.domain import (
    DesktopEntry,
    FactKind,
    Facts,
    InstalledGame,
    ProcessInfo,
    ProcessKey,
    Rule,
    RuleKind,
    System,
    Verdict,
    Window,
)

CHROME = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"
EDGE = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"
FIREFOX = "/usr/lib/firefox/firefox"
CHROMIUM = "/usr/lib/chromium/chromium"
GFN = "C:\\Users\\ann\\AppData\\Local\\NVIDIA Corporation\\GeForceNOW\\CEF\\GeForceNOW.exe"


def showing(exe, title, *argv, cls="", fullscreen=False, **known):
    system = System.WINDOWS if exe[1:3] == ":\\" else System.LINUX
    process = ProcessInfo(ProcessKey("boot", 60, 60), 1, exe, (exe, *argv), "/home/ann")
    return Facts(system=system, processes=(process,), window=Window(9, 60, title, cls, fullscreen), **known)


def title_of(facts):
    game = verdict_on(facts).game
    return game.title if game else None


LOCALISED = {
    "Cyberpunk 2077 on GeForce NOW": "Cyberpunk 2077",
    "Cyberpunk 2077 in GeForce NOW": "Cyberpunk 2077",
    "Cyberpunk 2077 auf GeForce NOW": "Cyberpunk 2077",
    "Control bei GeForce NOW": "Control",
    "Cyberpunk 2077 sur GeForce NOW": "Cyberpunk 2077",
    "Control en GeForce NOW": "Control",
    "Control su GeForce NOW": "Control",
    "Control no GeForce NOW": "Control",
    "Wiedźmin 3: Dziki Gon w GeForce NOW": "Wiedźmin 3: Dziki Gon",
    "Control na GeForce NOW": "Control",
    "Атом RPG в GeForce NOW": "Атом RPG",
    "GeForce NOW'da Control": "Control",
    "GeForce NOW の サイバーパンク2077": "サイバーパンク2077",
    "GeForce NOWで「Control」": "Control",
    "GeForce NOW에서 사이버펑크 2077": "사이버펑크 2077",
    "사이버펑크 2077 - GeForce NOW": "사이버펑크 2077",
    "GeForce NOW 上的 赛博朋克 2077": "赛博朋克 2077",
    "在 GeForce NOW 上玩《赛博朋克 2077》": "赛博朋克 2077",
    "Control (GeForce NOW)": "Control",
    "Control op GeForce NOW": "Control",
    "Control | NVIDIA GeForce NOW": "Control",
    "Control™ – GeForce NOW": "Control",
    "No Man's Sky on GeForce NOW": "No Man's Sky",
    "Is It Wrong to Try? on GeForce NOW": "Is It Wrong to Try?",
}


@pytest.mark.parametrize("title", LOCALISED)
def test_localised_titles_of_cloud_gaming(title):
    """GeForce-NOW-Rich-Presence#21: the French word stayed in the title."""
    assert title_of(showing(GFN, title)) == LOCALISED[title]
    assert title_of(showing("/usr/bin/geforcenow-electron", title)) == LOCALISED[title]
    assert title_of(showing(CHROME, f"{title} - Google Chrome", fullscreen=True)) == LOCALISED[title]
    assert title_of(showing(EDGE, title, "--app=https://play.geforcenow.com")) == LOCALISED[title]


PAGES = {
    # (program, arguments, title, class, fullscreen) -> title
    "Xbox in a tab": (
        (CHROME, [], "Fortnite | Xbox Cloud Gaming (Beta) on Xbox.com - Google Chrome", "", False),
        "Fortnite",
    ),
    "Xbox' page of a game": (
        (CHROME, [], "Play Halo Infinite | Xbox Cloud Gaming - Google Chrome", "", False),
        "Halo Infinite",
    ),
    "Xbox in Edge": (
        (
            EDGE,
            [],
            "Forza Horizon 5 | Xbox Cloud Gaming (Beta) on Xbox.com and 3 more pages - Personal - Microsoft\u200b Edge",
            "",
            False,
        ),
        "Forza Horizon 5",
    ),
    "Xbox in German": (
        (CHROME, [], "Fortnite | Xbox Cloud Gaming (Beta) auf Xbox.com - Google Chrome", "", False),
        "Fortnite",
    ),
    "Xbox in French": (
        (FIREFOX, [], "Jouer à Fortnite | Xbox Cloud Gaming (bêta) sur Xbox.com — Mozilla Firefox", "", False),
        "Fortnite",
    ),
    "Xbox as a program": (
        (
            EDGE,
            ["--app-id=abc"],
            "Xbox Cloud Gaming - Sea of Thieves | Xbox Cloud Gaming (Beta) on Xbox.com",
            "",
            False,
        ),
        "Sea of Thieves",
    ),
    "Luna": ((CHROMIUM, [], "Play Fortnite | Amazon Luna - Chromium", "", False), "Fortnite"),
    "Luna's stream": ((FIREFOX, [], "Control | Amazon Luna — Mozilla Firefox", "", True), "Control"),
    "GeForce NOW in a tab": ((CHROME, [], "Fortnite on GeForce NOW - Google Chrome", "", False), "Fortnite"),
    "GeForce NOW as a program": (
        (CHROME, [], "GeForce NOW - Fortnite on GeForce NOW", "crx_egmafekfmcnknbdlbfbhafbllplmjlhn", False),
        "Fortnite",
    ),
    "a program of its own within the browser": (
        (EDGE, [], "Elden Ring | GeForce NOW", "Chrome_WidgetWin_1", False),
        "Elden Ring",
    ),
    "a profile in the title": ((CHROME, [], "Fortnite on GeForce NOW - Google Chrome – Ann", "", False), "Fortnite"),
    "a kiosk": ((EDGE, ["--kiosk", "https://play.geforcenow.com"], "New World on GeForce NOW", "", True), "New World"),
    "Boosteroid": (
        (CHROME, ["--app=https://cloud.boosteroid.com"], "Elden Ring | Boosteroid", "", False),
        "Elden Ring",
    ),
    "another service": ((CHROME, [], "Roblox | now.gg - Google Chrome", "", True), "Roblox"),
    "the streamer alone": (("C:\\N\\GeForceNOWStreamer.exe", [], "Fortnite®", "", True), "Fortnite"),
    "Xbox' own program": (
        ("C:\\Program Files\\WindowsApps\\XboxPcApp.exe", [], "Starfield | Xbox Cloud Gaming", "", False),
        "Starfield",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_streams_a_game_is_that_game(name):
    (exe, argv, title, cls, fullscreen), expected = PAGES[name]
    facts = showing(exe, title, *argv, cls=cls, fullscreen=fullscreen)
    verdict = verdict_on(facts)
    assert verdict.game is not None
    assert verdict.game.title == expected
    assert {reason.source for reason in verdict.evidence} == {"container.stream", "prior"}


NO_STREAMS = {
    "the service's own page": (CHROME, "GeForce NOW - Google Chrome"),
    "its library": (CHROME, "Library | Xbox Cloud Gaming - Google Chrome"),
    "its home": (EDGE, "Xbox Cloud Gaming (Beta) on Xbox.com - Microsoft Edge"),
    "its home, called so": (EDGE, "Home | Xbox Cloud Gaming (Beta) on Xbox.com - Microsoft Edge"),
    "its list of games": (CHROME, "Games on GeForce NOW - Google Chrome"),
    "its library in German": (CHROME, "Meine Bibliothek – GeForce NOW - Google Chrome"),
    "Luna's home": (CHROME, "Home | Amazon Luna - Google Chrome"),
    "an article": (CHROME, "Cyberpunk 2077 on GeForce NOW: everything you need to know - Google Chrome"),
    "a headline of the shape": (CHROME, "How to play Fortnite on GeForce NOW - Google Chrome"),
    "a question": (CHROME, "Is Elden Ring playable on GeForce NOW - Google Chrome"),
    "a list": (FIREFOX, "25 best games on GeForce NOW — Mozilla Firefox"),
    "news": (FIREFOX, "Avowed is coming to GeForce NOW — Mozilla Firefox"),
    "the maker's blog": (CHROME, "Fortnite on GeForce NOW | NVIDIA Blog - Google Chrome"),
    "a forum": (CHROME, "Fortnite on GeForce NOW : r/GeForceNOW - Google Chrome"),
    "a video": (CHROME, "Fortnite on GeForce NOW - YouTube - Google Chrome"),
    "a stream of somebody else": (CHROME, "shroud - Twitch - Google Chrome"),
    "a game's wiki": (FIREFOX, "Elden Ring Wiki — Mozilla Firefox"),
    "a store's page": (CHROME, "Save 50% on Portal 2 on Steam - Google Chrome"),
    "another store's": (EDGE, "Buy Starfield | Xbox - Microsoft Edge"),
    "a chat": (CHROME, "Discord | #general | Elden Ring - Google Chrome"),
    "a search": (CHROME, "geforce now fortnite - Google Search - Google Chrome"),
    "a mail": (CHROME, "Inbox (3) - ann@example.org - Gmail - Google Chrome"),
    "a game in the browser": (FIREFOX, "2048 — Mozilla Firefox"),
    "an empty window": (CHROME, ""),
    "a launcher in the cloud": (GFN, "Steam on GeForce NOW"),
    "GeForce NOW's settings": (GFN, "Settings - GeForce NOW"),
    "GeForce NOW's program": (GFN, "GeForce NOW"),
    "a page of the service's": (CHROME, "Troubleshooting | GeForce NOW - Google Chrome"),
    "an advertisement": (CHROME, "Play Anywhere with GeForce NOW - Google Chrome"),
    "an invitation": (CHROME, "Fortnite - Play on GeForce NOW - Google Chrome"),
    "a question to Luna": (CHROME, "What is Amazon Luna? | Amazon Luna - Google Chrome"),
    "Luna's channels": (CHROME, "Channels | Amazon Luna - Google Chrome"),
    "Xbox' advertisement": (EDGE, "Cloud Gaming with Xbox | Xbox Cloud Gaming - Microsoft Edge"),
    "a remote desktop": ("C:\\Program Files\\Parsec\\parsecd.exe", "Parsec"),
    "Shadow": ("C:\\S\\Shadow PC.exe", "Shadow PC"),
    "a console's remote play": ("/usr/bin/chiaki", "Chiaki | Stream"),
    "PlayStation's program": ("C:\\P\\RemotePlay.exe", "PS Remote Play"),
    "Moonlight's host": ("/usr/bin/moonlight", "GAMINGPC - Moonlight"),
    "an editor": ("C:\\V\\Code.exe", "Fortnite on GeForce NOW - Visual Studio Code"),
}


@pytest.mark.parametrize("name", NO_STREAMS)
def test_everything_else_in_a_browser_is_no_game(name):
    exe, title = NO_STREAMS[name]
    assert title_of(showing(exe, title)) is None


@pytest.mark.parametrize("name", sorted(name for name, (exe, _) in NO_STREAMS.items() if "Chrome" in exe))
def test_nor_does_filling_the_screen_make_it_one(name):
    exe, title = NO_STREAMS[name]
    headline_of_the_shape = name in ("a headline of the shape", "a question", "an advertisement")
    found = title_of(showing(exe, title, fullscreen=True))
    assert found is None or headline_of_the_shape


def test_parts_of_a_browser_are_nothing():
    title = "Fortnite | Xbox Cloud Gaming (Beta) on Xbox.com - Google Chrome"
    assert title_of(showing(CHROME, title, "--type=renderer")) is None
    process = ProcessInfo(ProcessKey("boot", 60, 60), 1, CHROME, (CHROME,))
    assert title_of(Facts(system=System.WINDOWS, processes=(process,))) is None
    assert list(streams.testify(build(showing(CHROME, "GeForce NOW - Google Chrome")))) == []


def test_what_is_known_of_the_browser_does_not_count_and_the_person_does():
    entry = DesktopEntry("Chromium", ("Network", "WebBrowser"), "chromium")
    facts = showing(CHROMIUM, "Control | Amazon Luna - Chromium", desktop_entry=entry)
    assert title_of(facts) == "Control"
    rule = Rule(RuleKind.IGNORE, CHROMIUM)
    assert title_of(showing(CHROMIUM, "Control | Amazon Luna - Chromium", rules=(rule,))) is None


def test_a_stream_needs_no_more_facts():
    facts = showing(CHROME, "Control | Amazon Luna - Google Chrome", gathered=frozenset())
    assert isinstance(judge(facts), Verdict)
    assert FactKind.CONTENT not in facts.gathered


MOONLIGHT = {
    "an app": (["stream", "GAMINGPC", "Cyberpunk 2077"], "Cyberpunk 2077"),
    "options before": (["stream", "--resolution", "1920x1080", "--fps", "60", "192.168.0.5", "Hades"], "Hades"),
    "options between": (["stream", "GAMINGPC", "--vsync", "Hades", "--bitrate", "20000"], "Hades"),
    "an option with its value": (["stream", "--bitrate=20000", "GAMINGPC", "Hades"], "Hades"),
    "the embedded one": (["stream", "-1080", "-app", "Portal 2", "192.168.0.5"], "Portal 2"),
    "the desktop": (["stream", "GAMINGPC", "Desktop"], None),
    "Steam's big picture": (["stream", "GAMINGPC", "Steam Big Picture"], None),
    "a remote desktop": (["stream", "GAMINGPC", "mstsc.exe"], None),
    "no app": (["stream", "GAMINGPC"], None),
    "a list": (["list", "GAMINGPC"], None),
    "its own window": ([], None),
}


@pytest.mark.parametrize("name", MOONLIGHT)
def test_moonlight_by_its_command_line(name):
    argv, expected = MOONLIGHT[name]
    assert title_of(showing("/usr/bin/moonlight-qt", "GAMINGPC - Moonlight", *argv)) == expected


def test_steams_remote_play_by_its_number():
    exe = "C:\\Program Files (x86)\\Steam\\streaming_client.exe"
    row = InstalledGame("steam", "620", "Portal 2", "C:\\S\\Portal 2")
    known = verdict_on(showing(exe, "Portal 2", "--gameid", "620", library=(row,))).game
    assert (known.id, known.title) == ("steam:620", "Portal 2")
    told = verdict_on(showing(exe, "Hades - Steam Remote Play", "--gameid=1145360")).game
    assert (told.id, told.title) == ("steam:1145360", "Hades")
    for title, argv in (
        ("Steam Link", ("--gameid", "620")),
        ("", ("--gameid", "620")),
        ("Portal 2", ()),
        ("Streaming", ("--gameid", "1")),
    ):
        assert title_of(showing(exe, title, *argv)) is None


@given(st.text(max_size=120))
def test_no_title_is_an_error(text):
    for exe in (CHROME, GFN, "/usr/bin/moonlight"):
        found = streamed(build(showing(exe, text, "stream", "a", text, fullscreen=True)))
        assert found is None or found.title


@given(st.text(alphabet="abcdefghij KLMN 0123.:'-", min_size=3, max_size=40))
def test_an_ordinary_page_in_a_browser_never_is_a_game(text):
    assert title_of(showing(FIREFOX, f"{text} — Mozilla Firefox", fullscreen=True)) is None
