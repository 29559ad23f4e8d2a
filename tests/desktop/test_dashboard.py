"""The dashboard as a person meets it: a real daemon, a real Chromium, every page; and what other pages try on it."""

import http.client
import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from real_axe import axe_script, serious_in
from real_browser import browser, missing
from real_daemon import RealDaemon
from real_programs import end, eventually
from session_story import Story
from toy_games import ToyGames

from gamedetectd.domain import Game
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History

if missing():
    pytest.skip(missing(), allow_module_level=True)

PAGES = {
    "/": "Now",
    "/play": "Play time",
    "/sessions": "Sessions",
    "/health": "Health",
    "/logs": "Log",
    "/settings": "Settings",
}
SCRIPT = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
RIGHT_TO_LEFT = "\u202eשלום\u202d"
LONG = "Long " * 60
DAY = 86_400.0


def fill(paths):
    """Two months of play: one of four games each day, two of them with titles that mean harm."""
    games = [
        Game("name:moon", "Moon Base", "its window"),
        Game("steam:620", "Portal 2", "Steam"),
        Game("name:evil", SCRIPT + RIGHT_TO_LEFT, "its window"),
        Game("name:long", LONG, "its window"),
    ]
    paths.data.mkdir(parents=True, mode=0o700)
    with History.open(paths.history_file) as history:
        for number in range(60):
            story = Story(grace=0, at=1000.0 + number)
            story.wall = time.time() - (60 - number) * DAY - 7_000
            process = story.play(50 + number, games[number % 4])
            story.focus(process)
            story.wait(1_800 + 60 * number)
            story.ended(process)
            history.commit([replace(one, id=f"{number}-{one.id}") for one in story.events])


class Stranger(BaseHTTPRequestHandler):
    """A web site of somebody else's: whatever is asked for, its one page, which does what the test gives it."""

    page = ""

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def games(tmp_path_factory):
    games = ToyGames(tmp_path_factory.mktemp("games"), count=2)
    entry = next((games.place / "share/applications").glob(f"{games.path(games.titles[1]).name}*"))
    entry.write_text(entry.read_text().replace(f"Name={games.titles[1]}", f"Name={SCRIPT}"))
    return games


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, games):
    home = tmp_path_factory.mktemp("home")
    fill(Paths.below(home))
    env = {**games.env, "DISPLAY": "", "WAYLAND_DISPLAY": "", "DBUS_SESSION_BUS_ADDRESS": "", "LANGUAGE": "en"}
    with RealDaemon(home, env) as daemon:
        yield daemon


def link(daemon):
    done = daemon.run("dashboard", "--print")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def window(daemon, tmp_path_factory):
    rebound = "--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with browser(tmp_path_factory.mktemp("profile"), rebound) as window:
        window.entrance = link(daemon)
        window.base = window.entrance.partition("/enter")[0]
        window.go(window.entrance).reads("Now")
        assert window.url == f"{window.base}/"
        yield window


@pytest.fixture
def page(window):
    """The window, let in, as wide as a desk's."""
    window.resize(1280, 900)
    window.dark(False)
    window.errors()
    yield window
    assert not window.errors()


def test_every_page_is_a_click_away_and_asks_nobody_else(page):
    page.go(page.base)
    for path, heading in PAGES.items():
        page.click(f'header nav a[href="{path}"]')
        assert page.run("return document.querySelector('h1').textContent") == heading
        assert page.run("return document.querySelector('[aria-current=page]').textContent") == heading
        assert heading in page.title
        asked = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
        assert asked
        assert all(one.startswith(page.base) for one in asked), asked
        for script in page.run("return [...document.scripts].map((one) => one.src + one.textContent)"):
            assert script == f"{page.base}/dashboard.js"


@pytest.mark.parametrize("path", [*PAGES, "/play?days=365", "/import", "/nowhere"])
def test_nothing_keeps_anybody_out(page, path):
    script = axe_script()
    page.go(page.base + path)
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert serious_in(page, script) == []
    page.dark(True)
    page.resize(360, 800)
    assert serious_in(page, script, "color-contrast", "scrollable-region-focusable", "target-size") == []
    assert page.run("return document.documentElement.scrollWidth") <= 360, "no wider than a phone"
    page.errors()  # a page that is not there is an error, to the browser


def test_the_keyboard_is_enough(page):
    page.go(page.base + "/sessions").press("tab")
    assert page.run("return document.activeElement.textContent") == "To the contents"
    page.press("enter", "tab")
    assert page.run("return document.activeElement.id") == "q"
    page.press("tab", "tab", "tab", "tab", "tab", "tab", "tab")
    reached = page.run("return document.activeElement.matches('main *')")
    assert reached
    outline = page.run("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where one is"


def test_play_time_is_drawn_and_told(page):
    page.go(page.base + "/play?days=30")
    assert page.run("return document.querySelectorAll('#time-head ~ svg rect').length") == 30
    assert page.run("return document.querySelectorAll('.heat').length") == 7 * 24
    page.click("#games-table summary").reads("Portal 2")
    rows = page.run("return [...document.querySelectorAll('#games-table tbody tr')].map((one) => one.innerText)")
    assert len(rows) >= 4
    assert page.run("return document.querySelector('#time-head ~ svg desc').textContent").startswith("Most: ")
    page.click('nav.choices a[href="/play?days=365"]').reads("365 days")
    assert 52 <= page.run("return document.querySelectorAll('#time-head ~ svg rect').length") <= 54
    page.click('nav.choices a[href="/play?days=1"]')
    assert page.run("return document.querySelectorAll('#time-head ~ svg rect').length") == 24
    assert page.title != "pwned"


def listed(page):
    return page.run("return [...document.querySelectorAll('main tbody tr th')].map((one) => one.innerText)")


def test_sessions_are_found_looked_at_deleted_and_brought_back(page):
    page.go(page.base + "/sessions")
    assert len(listed(page)) == 50
    page.click("nav.choices a")
    eventually(lambda: 10 <= len(listed(page)) < 50, 30, "the older ones")
    page.go(page.base + "/sessions").type("#q", "PORTAL").click("form[role=search] button")
    eventually(lambda: set(listed(page)) == {"Portal 2"}, 30, "what was searched")
    found = len(listed(page))
    page.click("main tbody th a").reads("It is said to be one.")
    page.click("form[action='/delete'] button").reads("Deleted.")
    page.go(page.base + "/sessions?q=portal")
    assert len(listed(page)) == found - 1
    page.go(page.base + "/sessions").click('a[href="/sessions?deleted=1"]').click("tbody input")
    page.click("form[action='/undo'] button").reads("Brought back.")
    page.go(page.base + "/sessions?q=portal")
    assert len(listed(page)) == found
    page.go(page.base + "/sessions?since=2001-01-01&until=2001-12-31").reads("No sessions.")


def test_play_times_of_others_are_taken_over_and_ours_are_handed_out(page, tmp_path):
    library = [{"Name": "Moon Base", "Id": "1", "GameId": "g1", "Playtime": 36_000, "PluginId": "p"}]
    file = tmp_path / "library.json"
    file.write_text(json.dumps(library))
    page.go(page.base + "/import").choose_file("#playnite-file", file).click("form[action='/import/playnite'] button")
    page.reads("Imported.").reads("Moon Base")
    page.go(page.base + "/play").reads("Counted by other programs")
    file.write_text("no library")
    page.go(page.base + "/import").choose_file("#playnite-file", file).click("form[action='/import/playnite'] button")
    page.reads("The file was not imported").reads("Nothing was imported.")
    fetch = "fetch(arguments[0]).then((a) => a.text()).then(arguments[1])"
    page.go(page.base + "/sessions?q=portal")
    forms = {form: page.run_later(fetch, f"/export?q=portal&as={form}") for form in ("csv", "json", "ics")}
    assert len(json.loads(forms["json"])) == len(listed(page)) == forms["ics"].count("BEGIN:VEVENT")
    assert forms["csv"].startswith("id,game_id,title,")
    page.errors()  # an answer 422 is an error, to the browser


def test_a_title_is_a_text_whatever_it_is(page):
    for path in ("/sessions?q=pwned", "/play?days=30", "/sessions?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        page.go(page.base + path)
        assert "pwned" not in page.title
        assert not page.run("return document.querySelectorAll('main script, main img').length")
    page.go(page.base + "/sessions?q=pwned").click("main tbody th a").reads("onerror")
    assert page.run("return document.querySelector('h1').textContent").startswith("<script>")
    assert "\u202e" not in page.run("return document.body.innerHTML")


def test_a_game_appears_by_itself_and_is_corrected(page, games):
    def card(title):
        """The game's own card: other tests may play at the same time."""
        cards = "[...document.querySelectorAll('#playing article')]"
        found = f"return {cards}.find((one) => one.innerText.includes(arguments[0]))?.id"
        return f"#{eventually(lambda: page.run(found, title), 30, title)}"

    page.go(page.base)
    played = games.start(games.titles[0], 120)
    try:
        own = card(games.titles[0])
        page.reads("Why:").click(f"{own} summary").type(f"{own} input[name=title]", "Quiet <b>Moon</b>")
        page.click(f"{own} form[action='/rename'] button").reads("It has its new name.").reads("Quiet <b>Moon</b>")
        own = card("Quiet <b>Moon</b>")
        page.click(f"{own} summary").click(f"{own} form[action='/ignore'] button")
        page.reads("It is not counted as a game any more.")
        eventually(
            lambda: "Quiet" not in page.run("return document.getElementById('playing').innerText"), 30, "its end"
        )
    finally:
        end(played)


def test_a_game_with_a_script_for_a_title_harms_nothing(page, games):
    page.go(page.base)
    played = games.start(games.titles[1], 120)
    try:
        page.reads("onerror")
        assert "pwned" not in page.title
        assert "<script>" in page.run("return document.getElementById('playing').textContent")
        assert not page.run("return document.querySelectorAll('main script, main img').length")
    finally:
        end(played)


def test_watching_is_paused_and_goes_on(page):
    page.go(page.base).click("form[action='/pause'] button[value=quarter]").reads("Paused until")
    page.click("form[action='/resume'] button").reads("Watching goes on.")


def test_settings_are_set_and_what_is_wrong_is_said_with_its_name_and_remedy(page, daemon):
    file = Paths.below(daemon.home).settings_file
    page.go(page.base + "/settings").type('[id="value-health.interval"]', "fast")
    page.click('[id="health.interval"] button').reads("it must be a number from 5 to 600")
    assert page.run("return document.querySelector('[aria-invalid]').value") == "fast"
    assert "gamedetectd config set health.interval" in page.text
    assert not file.exists()
    page.type('[id="value-health.interval"]', "20").click('[id="health.interval"] button').reads("Saved.")
    assert "interval = 20.0" in file.read_text()
    assert page.errors(), "the browser calls an answer 422 an error"


def test_it_speaks_the_language_of_the_tray(page, daemon):
    page.go(page.base + "/settings").type('[id="value-general.language"]', "de")
    page.click('[id="general.language"] button').reads("Einstellungen")
    assert page.run("return document.documentElement.lang") == "de"
    page.go(page.base + "/play").reads("Spielzeit")
    page.go(page.base + "/settings").type('[id="value-general.language"]', "en")
    page.click('[id="general.language"] button').reads("Settings")


def test_the_log_is_read_by_what_belongs_together(page):
    page.go(page.base + "/logs")
    traces = page.run("return [...document.querySelectorAll('td a')].map((one) => one.href)")
    page.go(traces[0])
    shown = set(page.run("return [...document.querySelectorAll('td a')].map((one) => one.href)"))
    assert shown == {traces[0]}


def test_health_says_what_its_parts_do(page):
    page.go(page.base + "/health").reads("sensor").reads("event_log")
    page.click("form[action='/check'] button").reads("Everything was looked at again.")


# --- what others try ---


@pytest.fixture
def site():
    """Somebody else's site, on another port of this computer: ``site(page)`` is its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def serve(text):
        Stranger.page = text
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_link_lets_one_browser_in_once(window, daemon):
    target = urlsplit(window.entrance)
    connection = http.client.HTTPConnection(target.netloc, timeout=10)
    connection.request("GET", f"{target.path}?{target.query}")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("set-cookie")) == (403, None)
    connection.close()
    [cookie] = [one for one in window.cookies() if one["name"].startswith("gamedetectd-")]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert window.run("return document.cookie") == ""
    assert "code=" not in daemon.output.read_text()


ATTACKS = {
    "reads by fetch": "fetch(BASE + '/logs', {credentials: 'include'}).then((a) => a.text()).then(say, no)",
    "reads without asking": "fetch(BASE + '/', {mode: 'no-cors', credentials: 'include'}).then((a) => say(a.type), no)",
    "listens": "const s = new EventSource(BASE + '/live', {withCredentials: true}); s.onopen = () => say('heard');"
    " s.onerror = no",
    "posts by fetch": "fetch(BASE + '/pause', {method: 'POST', mode: 'no-cors', credentials: 'include',"
    " body: 'for=open'}).then((a) => say(a.type), no)",
    "runs our script": "const s = document.createElement('script'); s.src = BASE + '/dashboard.js';"
    " s.onload = () => say('loaded'); s.onerror = no; document.body.append(s)",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_another_sites_page_gets_nothing(window, site, attack):
    helpers = f"const BASE = '{window.base}'; let said = ''; const say = (text) => {{ said = text }}"
    window.go(site(f"<body><script>{helpers}; const no = () => say('no'); {attack}</script>"))
    assert eventually(lambda: window.run("return said"), 30, "the attack's end") in ("no", "opaque")
    window.go(window.base).reads("For 15 minutes")


def test_another_sites_form_does_nothing(window, site):
    form = f'<form method=post action="{window.base}/pause"><input name=for value=open><button>x</button></form>'
    window.go(site(form)).click("button")
    assert "Other sites may not read this" in window.text
    window.go(window.base).reads("For 15 minutes")


def test_another_sites_frame_stays_empty(window, site):
    window.go(site(f'<iframe id=f src="{window.base}/"></iframe>'))
    time.sleep(0.5)
    assert window.run("try { return f.contentDocument.body.innerText } catch { return '' }") in ("", None)


def test_a_name_that_somebody_points_at_us_is_not_ours(window):
    port = urlsplit(window.base).port
    window.go(f"http://rebound.example:{port}/").reads("This address is not answered here.")
    code = window.entrance.partition("code=")[2]
    window.go(f"http://rebound.example:{port}/enter?code={code}").reads("This address is not answered here.")


def test_a_form_without_our_word_does_nothing(page):
    sent = (
        "const done = arguments[1]; fetch('/pause', {method: 'POST', body: arguments[0],"
        " headers: {'content-type': 'application/x-www-form-urlencoded'}}).then((a) => done(a.status))"
    )
    page.go(page.base)
    for body in ("for=open", "for=open&word=", "for=open&word=x&word=y", "word=" + "a" * 43):
        assert page.run_later(sent, body) == 403
    assert page.errors()
    page.go(page.base).reads("For 15 minutes")


@pytest.mark.parametrize("path", [*PAGES, "/session?id=1", "/export?as=csv", "/live", "/dashboard.js", "/nowhere"])
def test_who_was_not_let_in_sees_nothing(window, daemon, path):
    connection = http.client.HTTPConnection(urlsplit(window.base).netloc, timeout=10)
    connection.request("GET", path, headers={"Cookie": f"gamedetectd-{urlsplit(window.base).port}=" + "A" * 43})
    answer = connection.getresponse()
    assert answer.status == 401
    assert b"each of its links lets one browser in, once" in answer.read()
    connection.close()


def test_who_was_turned_away_is_in_the_audit_trail(window, daemon):
    trail = Paths.below(daemon.home).audit_log_file
    eventually(lambda: "Dashboard: somebody without a link." in trail.read_text(), 30, "the audit trail's line")
    assert "Dashboard: a form that is none of ours." in trail.read_text()
