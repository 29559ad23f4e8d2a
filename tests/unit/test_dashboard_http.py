"""The dashboard's parts: who is let in, what is refused, what charts say, when it listens; its pages by plain HTTP."""

import http.client
import re
import socket
import sys
from contextlib import suppress
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from cover_pictures import png
from real_programs import eventually
from session_story import Story

from gamedetectd import i18n
from gamedetectd.app import dashboard as service
from gamedetectd.app.covers import covers_of
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.dashboard_import import bring_in, steam_files
from gamedetectd.app.hearers import Hearers
from gamedetectd.catalogue.covers import Note
from gamedetectd.config import load
from gamedetectd.control.client import Client
from gamedetectd.domain import Game
from gamedetectd.errors import DashboardDownError, DashboardError, GamedetectdError, ImportFileError, NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.platforms.loopback_peer import TABLE, of_another_account
from gamedetectd.sessions.history import History
from gamedetectd.views.dashboard import application, charts, guard
from gamedetectd.views.dashboard.application import STATIC
from gamedetectd.views.dashboard.asked import Asked, fields
from gamedetectd.views.dashboard.content import DayTotal, GameTotal, Numbers
from gamedetectd.views.dashboard.deeds import DEEDS
from gamedetectd.views.dashboard.guard import HEADERS, LARGEST_FORM, LONGEST_PATH
from gamedetectd.views.dashboard.pages import PAGES
from gamedetectd.views.dashboard.paint import FOLDER
from gamedetectd.views.dashboard.visitors import LINK_SECONDS, MOST_LINKS, MOST_VISITORS, Visitor, Visitors

HOUR = 3_600.0


@pytest.fixture(autouse=True)
def english():
    i18n.install("en")


class TestVisitors:
    def test_a_link_lets_one_in_once(self):
        visitors = Visitors()
        code = visitors.invite()
        visitor = visitors.admit(code)
        assert visitors.admit(code) is None
        assert visitors.known(visitor.cookie) == visitor
        assert len({code, visitor.cookie, visitor.word}) == 3
        assert visitors.known("") is visitors.known(visitor.word) is visitors.known("ü\udcff") is None

    def test_a_link_is_over_after_two_minutes(self):
        now = 100.0
        visitors = Visitors(lambda: now)
        code = visitors.invite()
        now += LINK_SECONDS + 1
        assert visitors.admit(code) is None

    def test_there_are_never_many(self):
        visitors = Visitors()
        codes = [visitors.invite() for _ in range(MOST_LINKS + 1)]
        assert visitors.admit(codes[0]) is None
        first = visitors.admit(codes[1])
        for _ in range(MOST_VISITORS):
            visitors.admit(visitors.invite())
        assert visitors.known(first.cookie) is None

    def test_all_are_forgotten_at_the_end(self):
        visitors = Visitors()
        visitor, code = visitors.admit(visitors.invite()), visitors.invite()
        visitors.forget()
        assert visitors.known(visitor.cookie) is visitors.admit(code) is None


def numbers(days, seconds=HOUR, **other):
    today = date(2026, 11, 26)  # a Thursday
    per_day = tuple(DayTotal(today - timedelta(days=days - 1 - n), seconds) for n in range(days))
    hours = tuple(tuple(seconds if (day, hour) == (3, 20) else 0.0 for hour in range(24)) for day in range(7))
    values = {"games": (), "streak": 0, "longest_streak": 0, **other}
    return Numbers(days=days, seconds=days * seconds, sessions=days, per_day=per_day, hours=hours, **values)


class TestCharts:
    @pytest.mark.parametrize(
        ("days", "bars", "first"),
        [(1, 24, "00:00"), (7, 7, "20 Nov"), (30, 30, "28 Oct"), (365, 53, "24 Nov")],
    )
    def test_time_is_drawn_by_hour_day_or_week(self, days, bars, first):
        chart = charts.over_time(numbers(days))
        assert len(chart.bars) == bars
        assert chart.bars[0].name == first
        assert sum(one.seconds for one in chart.bars) == days * HOUR
        assert all(one.y >= 0 and one.y + one.height <= chart.height for one in chart.bars)
        assert all(one.x + one.width <= chart.width + 0.5 for one in chart.bars)
        assert 2 <= len(chart.rules) <= 5
        assert len([one for one in chart.bars if one.mark]) <= charts.MOST_DATES

    @pytest.mark.parametrize("seconds", [0.0, 1.0, 60.0, HOUR, 25 * HOUR, 10_000 * HOUR])
    def test_every_height_fits(self, seconds):
        chart = charts.upright([("a", seconds), ("b", seconds / 2)], "Day")
        assert all(charts.TOP <= one.y <= charts.TOP + charts.PLOT_HEIGHT for one in chart.bars)
        assert charts.upright([], "Day").bars == ()

    def test_games_lie_below_each_other(self):
        games = [GameTotal(str(n), "x" * 60 if n == 0 else str(n), 1, 100.0 - n) for n in range(20)]
        chart = charts.lying(games)
        assert len(chart.bars) == charts.MOST_GAMES
        assert chart.bars[0].width == charts.WIDTH
        assert len(chart.bars[0].name) == charts.LONGEST_NAME
        assert charts.lying([]).bars == ()

    def test_the_week_is_a_map(self):
        heat = charts.heat_map(numbers(30).hours)
        assert heat.days[0][0] == "Mon"
        shades = [cell.shade for _, _, cells in heat.days for cell in cells]
        assert (len(shades), shades.count(0), max(shades)) == (168, 167, charts.SHADES)
        assert {cell.shade for _, _, cells in charts.heat_map(numbers(1, 0.0).hours).days for cell in cells} == {0}

    def test_a_chart_is_a_sentence(self):
        assert charts.summary(charts.over_time(numbers(7))) == "Most: 20 Nov, 1 h 00 min"
        assert charts.summary(charts.over_time(numbers(7, 0.0))) == "No play time"


class TestAsked:
    def test_what_is_asked_for(self):
        asked = Asked("/sessions", Visitor("c", "w"), fields(b"q=+a+&since=2026-01-02&deleted=1&days=7&x=%FF"))
        search = asked.search()
        assert (search.text, search.since, search.until, search.deleted) == ("a", date(2026, 1, 2), None, True)
        assert (asked.number("days", 1, 30), asked.number("x", 1, 30), asked.number("no", 3, 30)) == (7, 1, 3)

    @pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "\udcff", "1" * 100])
    def test_a_day_that_is_none_is_told(self, since):
        with pytest.raises(DashboardError, match="is no day"):
            Asked("/", Visitor("c", "w"), {"since": [since]}).search()

    @pytest.mark.parametrize("text", ["ü".encode(), b"&".join(b"a=1" for _ in range(1000))])
    def test_what_is_no_form_is_none(self, text):
        with pytest.raises(DashboardError):
            fields(text)

    def test_what_is_too_long_is_cut(self):
        assert len(fields(b"a=" + b"x" * 100_000)["a"][0]) == 2_000


def test_everybody_hears_until_they_leave():
    heard, changed = [], Hearers()
    hearer = lambda: heard.append(1)  # noqa: E731
    changed.add(hearer)
    changed()
    changed.remove(hearer)
    changed()
    assert heard == [1]


def test_nothing_in_the_pages_would_be_stopped_by_their_own_policy():
    for file in (FOLDER / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|https?://", text), file.name
        assert re.findall(r"<script[^>]*>", text) in ([], ['<script src="/dashboard.js" defer>']), file.name
        assert "|safe" not in text
        assert "autoescape" not in text
    assert b"unsafe" not in HEADERS[b"content-security-policy"]


# --- a daemon that shows it ---


class Home:
    """A daemon in this process with a small history, and a visitor of its dashboard."""

    def __init__(self, place, settings=""):
        self.paths = Paths.below(place)
        for folder in (self.paths.config, self.paths.data):
            folder.mkdir(parents=True, mode=0o700)
        self.paths.settings_file.write_text(settings)
        self.paths.settings_file.chmod(0o600)
        story = Story(grace=0)
        process = story.play(50, Game("steam:620", "Portal 2", "Steam"))
        story.wait(600)
        story.ended(process)
        with History.open(self.paths.history_file) as history:
            history.commit(story.events)
        self.session = story.events[-1].session.id
        self.daemon = Daemon(self.paths, load(self.paths))
        self.daemon.start()
        eventually(self.answers, 30, "the control channel")
        self.cookie = self.word = ""

    def answers(self):
        with suppress(NotRunningError):
            return Client(self.paths, 30.0).request("status")

    def enter(self):
        self.link = Client(self.paths, 30.0).request("dashboard")["url"]
        self.address = urlsplit(self.link)
        status, headers, _ = self.ask("GET", f"{self.address.path}?{self.address.query}")
        assert status == 303
        self.cookie = headers["set-cookie"].partition(";")[0]
        self.word = re.search(r'data-word="([^"]+)"', self.get("/")[2])[1]
        return self

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.address.netloc, timeout=20)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return (
                answer.status,
                {k.lower(): v for k, v in answer.getheaders()},
                answer.read().decode("utf-8", "replace"),
            )
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, word=None, origin=None, **values):
        form = urlencode({"word": self.word if word is None else word, **values}, doseq=True)
        return self.ask("POST", path, form, Origin=origin or f"http://{self.address.netloc}")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            patch.delenv(name, raising=False)
        patch.setenv("LANGUAGE", "en")
        patch.setattr(guard, "STRANGERS", (1_000.0, 1_000.0))  # this module is refused more often than people are
        home = Home(tmp_path_factory.mktemp("home") / "h")
        yield home.enter()
        home.daemon.stop()


@pytest.mark.parametrize("path", [*sorted(PAGES.keys() - {"/cover"}), *STATIC])
def test_every_page_is_there_with_every_header(home, path):
    query = {"/session": f"?id={home.session}", "/export": "?as=json"}.get(path, "")
    status, headers, text = home.get(path + query)
    assert status == 200, text
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] in ("no-store", "no-cache")
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"):
        assert name in headers
    assert "server" not in headers
    assert home.ask("HEAD", path + query)[2] == ""


def test_a_game_is_shown_with_its_picture_where_there_is_one(home):
    assert home.get("/cover?game=steam:620")[0] == 404
    assert "<img class=" not in home.get(f"/session?id={home.session}")[2]
    covers_of(home.paths).keep(Note("steam:620", "Portal 2", 1.0, "image/png"), png())
    status, headers, text = home.get("/cover?game=steam:620")
    assert (status, headers["content-type"], text[1:4]) == (200, "image/png", "PNG")
    assert '<img class="cover" src="/cover?game=steam%3A620"' in home.get(f"/session?id={home.session}")[2]
    assert home.get("/cover?game=../../settings")[0] == 404


REFUSED = {
    "no cookie": ("GET", "/", {"Cookie": "a=b"}, 401),
    "another's cookie": ("GET", "/", {"Cookie": "gamedetectd-1=x"}, 401),
    "no cookies at all": ("GET", "/", {"Cookie": "\x01=;"}, 401),
    "another host": ("GET", "/", {"Host": "evil.example"}, 421),
    "another port": ("GET", "/", {"Host": "127.0.0.1:1"}, 421),
    "another origin": ("GET", "/", {"Origin": "http://evil.example"}, 403),
    "no origin": ("POST", "/pause", {}, 403),
    "origin null": ("POST", "/pause", {"Origin": "null"}, 403),
    "a site beside": ("GET", "/", {"Sec-Fetch-Site": "same-site"}, 403),
    "another site": ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 403),
    "put": ("PUT", "/", {}, 405),
    "a link that is none": ("GET", "/enter?code=x", {}, 403),
    "no link": ("GET", "/enter", {}, 403),
    "a link by a form": ("POST", "/enter", {}, 405),
    "a long path": ("GET", "/sessions?q=" + "a" * LONGEST_PATH, {}, 400),
    "a page that is not there": ("GET", "/nowhere", {}, 404),
    "a file of ours": ("GET", "/../templates/base.html", {}, 404),
    "a form that is not there": ("GET", "/export?as=xml", {}, 404),
    "a session that is not there": ("GET", "/session?id=x", {}, 404),
    "a day that is none": ("GET", "/sessions?since=x", {}, 400),
    "a page of sessions that is none": ("GET", "/sessions?after=x", {}, 404),
}


@pytest.mark.parametrize(("method", "path", "headers", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(home, method, path, headers, status):
    answered, _, text = home.ask(method, path, **headers)
    assert answered == status, text
    assert home.word not in text or status in (400, 404)
    assert "Traceback" not in text


@pytest.mark.parametrize("path", DEEDS)
def test_no_form_without_its_word_does_anything(home, path):
    for word in ("", "x", home.cookie):
        assert home.post(path, word)[0] == 403
    assert home.post(path, home.word, "http://evil.example")[0] == 403


def test_another_accounts_browser_is_not_let_in(home, monkeypatch):
    link = urlsplit(Client(home.paths, 30.0).request("dashboard")["url"])
    with monkeypatch.context() as patch:
        patch.setattr(application, "of_another_account", lambda client, server: client[1] != server[1])
        assert home.get(f"/enter?{link.query}", Cookie="")[0] == 403
    assert home.get(f"/enter?{link.query}", Cookie="")[0] == 303, "the link is still the person's"


def test_what_is_too_much_is_not_read(home):
    origin = {"Origin": f"http://{home.address.netloc}"}
    assert home.ask("POST", "/pause", "x" * (LARGEST_FORM + 1), **origin)[0] == 413
    assert home.ask("POST", "/pause", iter([b"x"]), Transfer_Encoding="chunked", **origin)[0] == 413
    assert home.ask("POST", "/pause", "ü".encode(), **origin)[0] == 400


def test_deeds_are_done(home):
    assert home.post("/pause", **{"for": "tomorrow"})[1]["location"] == "/?done=paused"
    assert "Paused until" in home.get("/")[2]
    assert home.post("/resume")[1]["location"] == "/?done=resumed"
    assert "Watching goes on." in home.get("/?done=resumed")[2]
    assert home.post("/check")[0] == 303
    assert home.post("/delete", id=home.session)[0] == 303
    assert "Portal 2" not in home.get("/sessions")[2]
    assert "Bring it back" in home.get(f"/session?id={home.session}")[2]
    assert home.post("/undo", id=home.session)[0] == 303
    assert "Portal 2" in home.get("/sessions?q=portal")[2]
    assert home.post("/undo", id=home.session)[0] == 503
    for wrong in ("", "a\u0007b", "x" * 201):
        assert home.post("/rename", id=home.session, title=wrong)[0] == 400
    assert home.post("/rename", id=home.session, title="Celeste", on="session")[0] == 303
    assert "Celeste" in home.get("/sessions?q=celeste")[2]
    assert home.post("/rename", id=home.session, title="Portal 2")[0] == 303
    assert home.post("/rename", id="nobody", title="Portal 2")[0] == 503
    assert home.post("/ignore", id=home.session, on="session")[0] == 404
    assert home.post("/import-steam", file="/etc/passwd")[0] == 404


def test_settings_are_checked(home):
    status, _, text = home.post("/set", name="health.interval", value="1")
    assert status == 422
    assert "it must be a number from 5 to 600" in text
    assert home.post("/set", name="no.such", value="<b>")[0] == 422
    assert home.post("/set", name="health.interval", value="30")[1]["location"] == "/settings?done=set#health.interval"
    assert home.daemon.settings.health.interval == 30.0
    assert home.post("/set", name="privacy.private_titles", value="*bank*, keepassxc")[0] == 303
    assert home.daemon.settings.privacy.private_titles == ("*bank*", "keepassxc")
    home.post("/set", name="privacy.private_titles", value="")


def test_a_file_comes_with_the_word_and_is_gone_afterwards(home):
    headers = {"Origin": f"http://{home.address.netloc}"}
    status, _, text = home.ask("POST", "/import/steam", b"{}", X_Gamedetectd_Word=home.word, **headers)
    assert status == 422
    assert "Nothing was imported." in text
    assert str(home.paths.cache) not in text
    assert not list(home.paths.cache.glob("import-*"))
    assert home.ask("POST", "/import/steam", b"{}", **headers)[0] == 403


def test_open_pages_are_told(home):
    with socket.create_connection((home.address.hostname, home.address.port), 20) as line:
        line.sendall(f"GET /live HTTP/1.1\r\nHost: {home.address.netloc}\r\nCookie: {home.cookie}\r\n\r\n".encode())
        heard = b""
        while b"event: hello" not in heard:
            heard += line.recv(4096)
        assert b"text/event-stream" in heard
        home.post("/pause", **{"for": "quarter"})
        while b"event: news" not in heard:
            piece = line.recv(4096)
            assert piece
            heard += piece
    home.post("/resume")


def test_the_log_is_shown_by_what_belongs_together(home):
    text = home.get("/logs?level=debug")[2]
    traces = re.findall(r"correlation=([0-9a-f]{32})", text)
    assert traces
    shown = home.get(f"/logs?level=debug&correlation={traces[0]}")[2]
    assert set(re.findall(r"correlation=([0-9a-f]{32})", shown)) == {traces[0]}
    assert "No such lines." in home.get("/logs?correlation=zzz&level=shouting")[2]
    assert home.address.query.partition("code=")[2] not in text


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells whose a connection is")
def test_another_account_is_told_by_its_connection(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        ends = client.getsockname(), server.getsockname()
        assert not of_another_account(*ends)
        table = tmp_path / "tcp"
        lines = TABLE.read_text().splitlines()
        columns = [line.split() for line in lines]
        place = next(n for n, row in enumerate(columns) if row[1].endswith(f":{ends[0][1]:04X}"))
        row = columns[place]
        table.write_text("\n".join([lines[0], " ".join([*row[:7], "4711", *row[8:]])]))
        assert of_another_account(*ends, table)
        table.write_text("\n".join([lines[0], "nonsense"]))
        assert not of_another_account(*ends, table)
        assert not of_another_account(*ends, tmp_path / "nothing")


@pytest.mark.skipif(sys.platform != "linux", reason="a home of Steam as on Linux")
def test_steams_files_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    file = tmp_path / "share/Steam/userdata/123/config/localconfig.vdf"
    file.parent.mkdir(parents=True)
    file.write_text("")
    assert list(steam_files()) == [file]
    with pytest.raises(ImportFileError):
        bring_in("steam", tmp_path / "nothing")


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class TestListening:
    """When it listens: from when it is asked for until nobody looks any more."""

    @pytest.fixture
    def fresh(self, tmp_path, monkeypatch):
        homes = []

        def make(settings=""):
            homes.append(Home(tmp_path / "h", settings))
            return homes[-1]

        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.delenv(name, raising=False)
        yield make
        for home in homes:
            home.daemon.stop()

    def test_it_ends_when_nobody_looks_and_comes_back(self, fresh, monkeypatch):
        home = fresh()
        assert not any(worker.name == "dashboard" for worker in home.daemon.workers)
        home.enter()
        before, link = home.address.port, Client(home.paths, 30.0).request("dashboard")["url"]
        [worker] = [one for one in home.daemon.workers if one.name == "dashboard"]
        with monkeypatch.context() as patch:
            patch.setattr(service, "IDLE_SECONDS", 0.0)
            worker.wake()
            eventually(lambda: not listens(before), 30, "its end")
        home.cookie = ""
        home.enter()
        home.cookie = ""
        assert home.get(f"/enter?{urlsplit(link).query}")[0] == 403, "links end with it"

    def test_a_port_that_is_taken_is_told(self, fresh):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            home = fresh(f"[dashboard]\nport = {other.getsockname()[1]}\n")
            with pytest.raises(DashboardDownError, match="cannot be listened on"):
                home.daemon.exposure.open_dashboard()
            home.daemon.monitor.wake()
            eventually(lambda: "dashboard-down" in {one.code for one in home.daemon.conditions}, 30, "the condition")
            with pytest.raises(GamedetectdError):
                Client(home.paths, 30.0).request("dashboard")

    def test_it_is_there_all_the_time_where_the_settings_say_so(self, fresh, monkeypatch):
        monkeypatch.setattr(service, "IDLE_SECONDS", 0.0)
        home = fresh("[dashboard]\nenabled = true\n").enter()
        assert home.get("/")[0] == 200
        home.paths.settings_file.write_text("")
        home.daemon.watcher.reload_now()
        eventually(lambda: not home.daemon.exposure._running or home.daemon.exposure._asked, 10, "its end")
