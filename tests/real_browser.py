"""A real Chromium without a screen, driven by its chromedriver over the WebDriver protocol, for tests of pages."""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from real_programs import end

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What the protocol calls an element's id."""
KEYS = {"tab": "\ue004", "enter": "\ue007", "space": " "}


def missing():
    """What is not installed, as a sentence; empty where all is there."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)} (tests/desktop/apt.txt)" if absent else ""


class WebDriverError(Exception):
    """The browser could not do it; its word for why."""


class Browser:
    """One window. ``find`` waits for an element, for what comes by itself may take a moment."""

    def __init__(self, address, session):
        self._session = f"{address}/session/{session}"

    def go(self, url):
        self._ask("POST", "/url", {"url": url})
        return self

    @property
    def url(self):
        return self._ask("GET", "/url")

    @property
    def title(self):
        return self._ask("GET", "/title")

    @property
    def text(self):
        """What a person reads in the page's body."""
        return self.run("return document.body.innerText")

    def run(self, script, *arguments):
        """The answer of a script in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_later(self, script, *arguments):
        """The answer of a script that calls its last argument when it has one."""
        return self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector, seconds=30.0):
        until = time.monotonic() + seconds
        while True:
            found = self._ask("POST", "/elements", {"using": "css selector", "value": selector})
            if found:
                return found[0][ELEMENT]
            assert time.monotonic() < until, f"{selector} is not in {self.url}: {self.text[:2000]}"
            time.sleep(0.05)

    def click(self, selector):
        """As a person does who clicks again where the page was just made anew."""
        for attempt in range(5):
            try:
                self._ask("POST", f"/element/{self.find(selector)}/click", {})
                return self
            except WebDriverError as error:
                if "stale element" not in str(error) or attempt == 4:
                    raise
        return self

    def type(self, selector, text):
        """Put a text into a field, in place of what is there."""
        element = self.find(selector)
        self._ask("POST", f"/element/{element}/clear", {})
        return self._keys(element, text)

    def choose_file(self, selector, path):
        return self._keys(self.find(selector), str(path))

    def press(self, *names):
        """Keys, one after the other, to whatever has the focus."""
        actions = [{"type": kind, "value": KEYS[name]} for name in names for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})
        return self

    def reads(self, what, seconds=30.0):
        """Wait until the page says this."""
        until = time.monotonic() + seconds
        while what not in self.text:
            assert time.monotonic() < until, f"{what!r} is not on {self.url}: {self.text[:3000]}"
            time.sleep(0.05)
        return self

    def errors(self):
        """What the page's console complained of since this was last asked."""
        told = self._ask("POST", "/se/log", {"type": "browser"})
        return [one["message"] for one in told if one["level"] == "SEVERE"]

    def resize(self, width, height):
        self._command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def dark(self, on):
        feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self._command("Emulation.setEmulatedMedia", features=[feature])

    def cookies(self):
        return self._ask("GET", "/cookie")

    def forget(self):
        self._ask("DELETE", "/cookie")

    def picture(self, path, whole=False):
        """A picture of the window, or of the whole page, as a PNG file."""
        if whole:
            data = self._command("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        else:
            data = self._ask("GET", "/screenshot")
        Path(path).write_bytes(base64.b64decode(data))

    def _keys(self, element, text):
        self._ask("POST", f"/element/{element}/value", {"text": text})
        return self

    def _command(self, name, **parameters):
        return self._ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def _ask(self, method, path, body=None):
        return ask(method, self._session + path, body)


def ask(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            value = json.load(error)["value"]
        raise WebDriverError(f"{value['error']}: {value['message']}") from None


@contextmanager
def browser(profile, *arguments, language="en"):
    """A browser with a profile of its own; ``arguments`` are Chromium's."""
    driver = subprocess.Popen(
        [shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said = ""
        while (port := re.search(r"successfully on port (\d+)", said)) is None:
            line = driver.stdout.readline()
            assert line, said
            said += line
        address = f"http://127.0.0.1:{port[1]}"
        options = {
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
                "--no-first-run", "--disable-background-networking", f"--lang={language}", f"--user-data-dir={profile}",
                *arguments,
            ],
            "binary": shutil.which("chromium"),
        }  # fmt: skip
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = ask("POST", f"{address}/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        try:
            yield Browser(address, session)
        finally:
            ask("DELETE", f"{address}/session/{session}")
    finally:
        end(driver)
        driver.stdout.close()
