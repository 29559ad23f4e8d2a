"""``catalogue`` and ``judge --catalogue`` on the command line, as a person meets them."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys

import pytest
from catalogue_samples import write_manifest
from test_catalogue_update import Answers, certificates, serving

from gamedetectd.catalogue.updater import Checked
from gamedetectd.cli import catalogue, entry, progress
from gamedetectd.paths import Paths

__all__ = ["certificates"]

FINE = "Fine Day Two:\n  installDir: {fine day two: {}}\n  launch: {<base>/finedaytwo.exe: []}\n  steam: {id: 4711}\n"
FACTS = {"id": 1, "os": "windows", "processes": [{"exe": "D:\\Stuff\\Fine Day Two\\FineDayTwo.exe"}]}


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    return Paths.below(tmp_path / "home")


@pytest.fixture
def gd(paths, monkeypatch, capsysbinary):
    """``gd("catalogue status")`` runs one command in this process: its code, what it printed and what it said."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*words):
        arguments = shlex.split(words[0]) if len(words) == 1 else [str(word) for word in words]
        monkeypatch.setattr(sys, "argv", ["gamedetectd", *arguments])
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as ended:
            entry.main()
        out.flush()
        return ended.value.code or 0, out.buffer.getvalue().decode(), capsysbinary.readouterr().err.decode()

    return run


@pytest.fixture
def manifest(tmp_path):
    file = tmp_path / "manifest.yaml"
    file.write_text(FINE, encoding="utf-8")
    return file


def test_each_command_teaches_with_an_example(gd):
    for command in catalogue.app.registered_commands:
        name = f"catalogue {command.name or command.callback.__name__}"
        code, out, _ = gd(f"{name} --help")
        text = " ".join(out.split())
        assert code == 0
        assert f"gamedetectd {name}" in text.split("Usage:", 1)[1].replace(f"gamedetectd {name}", "", 1), "no example"


def test_the_built_in_list_is_always_in(gd):
    code, out, err = gd("catalogue status")
    assert (code, err) == (0, "")
    assert "built-in" in out
    assert "comes with gamedetectd" in out
    assert "see `gamedetectd catalogue update`" in out


def test_import_and_status(gd, manifest, paths):
    code, out, err = gd("catalogue", "import", manifest)
    assert (code, err) in ((0, ""), (0, "Importing manifest.yaml …\n")), "the second where it takes long"
    assert out == "ludusavi: 1 title with 1 program.\n"
    code, out, _ = gd("catalogue status")
    assert "today" in out
    assert "manifest.yaml" in out
    code, out, _ = gd("catalogue status --json")
    rows = {row["source"]: row for row in json.loads(out)}
    assert list(rows) == ["built-in", "ludusavi", "discord"]
    assert rows["built-in"]["titles"] > 800
    assert (rows["ludusavi"]["titles"], rows["ludusavi"]["programs"]) == (1, 1)
    assert rows["ludusavi"]["origin"] == str(manifest)
    assert rows["ludusavi"]["made_at"].endswith("Z")
    (version,) = rows["ludusavi"]["versions"]
    assert version["file"] == str(paths.data / "catalogue" / "ludusavi.1.index")
    assert version["bytes"] == (paths.data / "catalogue" / "ludusavi.1.index").stat().st_size
    assert rows["discord"]["titles"] == 0


def test_what_could_not_be_read_is_counted(gd, tmp_path):
    file = tmp_path / "list.json"
    file.write_text('[{"id": 1, "name": "Fine", "executables": [{"name": "fine2000.exe"}]}, 7]')
    assert gd("catalogue", "import", file)[1] == "discord: 1 title with 1 program, 1 entry could not be read.\n"


def test_a_bad_file_is_said_with_the_remedy_and_changes_nothing(gd, manifest, tmp_path):
    gd("catalogue", "import", manifest)
    bad = tmp_path / "page.html"
    bad.write_text("<html>")
    code, out, err = gd("catalogue", "import", bad)
    assert (code, out) == (1, "")
    assert err.startswith(f"The catalogue cannot be used. {bad} was not imported. It is a web page")
    assert "Fetch the file itself" in err
    assert json.loads(gd("catalogue status --json")[1])[1]["titles"] == 1


def test_a_damaged_list_is_told_and_the_one_before_is_in_force(gd, manifest, paths):
    for _ in range(2):
        gd("catalogue", "import", manifest)
    newest = paths.data / "catalogue" / "ludusavi.2.index"
    newest.write_bytes(newest.read_bytes()[:4096] + b"\xa5" * 8192)
    code, out, err = gd("catalogue status")
    assert code == 0
    assert "today" in out
    assert f"Damaged: {newest}" in err
    rows = json.loads(gd("catalogue status --json")[1])
    assert [bool(version["problem"]) for version in rows[1]["versions"]] == [True, False]
    newest.write_bytes(b"")
    assert "is no catalogue" in gd("catalogue status")[2]


def test_update_fetches_says_what_is_new_and_what_failed(gd, certificates, monkeypatch, paths):
    certificate = certificates("localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(certificate) as server:
        monkeypatch.setenv("GAMEDETECTD_CATALOGUE_LUDUSAVI_URL", server.url + "/list")
        monkeypatch.setenv("GAMEDETECTD_CATALOGUE_DISCORD_URL", "")
        server.table["/list"] = lambda handler: give(handler, FINE.encode())
        assert gd("catalogue update") == (0, "ludusavi: 1 title now.\n", "")
        assert gd("catalogue update") == (0, "ludusavi: nothing new, 1 title.\n", "")
        server.table["/list"] = lambda handler: Answers.give(handler, b"", status=500)
        code, out, err = gd("catalogue update")
        assert (code, out) == (1, "ludusavi: 1 title, as before.\n")
        assert "The catalogue was not updated." in err
        assert "500" in err
    out = gd("catalogue status")[1]
    assert "failed" in out
    assert json.loads(gd("catalogue status --json")[1])[1]["checked"] == "failed"


def give(handler, body):
    if handler.headers.get("If-None-Match") == '"1"':
        Answers.give(handler, b"", status=304)
    else:
        Answers.give(handler, body, ETag='"1"')


def test_update_without_an_address(gd, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_CATALOGUE_LUDUSAVI_URL", "")
    assert "no address" in gd("catalogue update")[1]


def test_an_address_without_protection_is_a_wrong_setting(gd, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_CATALOGUE_LUDUSAVI_URL", "http://example.org/x")
    code, _, err = gd("catalogue update")
    assert code == 8
    assert 'must be an address that begins with "https://"' in err


AGES = {"": "", "2000-01-01T00:00:00Z": "days", "2100-01-01T00:00:00Z": "today"}


@pytest.mark.parametrize("made_at", AGES)
def test_ages_are_told_as_people_say_them(made_at):
    assert AGES[made_at] in catalogue._age(made_at)


def test_the_last_fetch_is_told(gd, paths, manifest):
    import msgspec

    gd("catalogue", "import", manifest)
    state = {"ludusavi": Checked(1_700_000_000.0, "failed", "There is no connection.")}
    (paths.data / "catalogue" / "state.json").write_bytes(msgspec.json.encode(state))
    assert "failed (There is no connection).\n" in gd("catalogue status")[1]


# --- judge ------------------------------------------------------------------------------------------------------------


def test_judge_uses_the_built_in_list_and_another_if_told(gd, manifest, tmp_path):
    (tmp_path / "facts").write_text(json.dumps(FACTS))
    known = {"id": 2, "os": "windows", "processes": [{"exe": "D:\\x\\witcher3.exe"}]}
    (tmp_path / "known").write_text(json.dumps(known))
    assert json.loads(gd("judge", tmp_path / "known")[1])["game"]["title"] == "The Witcher 3: Wild Hunt"
    assert json.loads(gd("judge", tmp_path / "facts")[1])["game"] is None
    told = json.loads(gd("judge", tmp_path / "facts", "--catalogue", manifest)[1])
    assert (told["game"]["id"], told["game"]["title"]) == ("steam:4711", "Fine Day Two")


def test_judge_takes_an_index_and_discords_list_too(gd, manifest, tmp_path, paths):
    (tmp_path / "facts").write_text(json.dumps(FACTS))
    gd("catalogue", "import", manifest)
    index = paths.data / "catalogue" / "ludusavi.1.index"
    assert json.loads(gd("judge", tmp_path / "facts", "--catalogue", index)[1])["game"]["id"] == "steam:4711"
    discord = tmp_path / "list.json"
    discord.write_text(
        '[{"id": "5", "name": "Fine Day Two", "executables": [{"name": "fine day two/finedaytwo.exe"}]}]'
    )
    assert json.loads(gd("judge", tmp_path / "facts", "--catalogue", discord)[1])["game"]["id"] == "discord:5"


def test_judge_with_a_catalogue_that_is_none(gd, tmp_path):
    (tmp_path / "facts").write_text(json.dumps(FACTS))
    code, out, err = gd("judge", tmp_path / "facts", "--catalogue", tmp_path / "facts")
    assert (code, out) == (1, "")
    assert "was not imported" in err


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_is_one_line_where_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    with progress.Bar("Importing it") as bar:
        bar.show(1, 10)
        bar.show(2, 10)
    assert capsys.readouterr().err == "Importing it …\n"


def test_what_takes_no_time_says_nothing(capsys):
    with progress.Bar("Importing it") as bar:
        bar.show(1, 10)
    assert capsys.readouterr().err == ""


def test_a_long_import_shows_a_bar_on_a_terminal(tmp_path, monkeypatch):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    file = write_manifest(tmp_path / "manifest.yaml", 20_000)
    ours, theirs = pty.openpty()
    script = (
        "import sys; from gamedetectd.cli import entry, progress; progress.QUIET_SECONDS = 0.0;"
        "sys.argv = ['gamedetectd', 'catalogue', 'import', sys.argv[1]]; entry.main()"
    )
    environment = {**os.environ, "GAMEDETECTD_HOME": str(tmp_path / "home"), "TERM": "xterm", "COLUMNS": "120"}
    child = subprocess.Popen(
        [sys.executable, "-c", script, file], stdout=subprocess.PIPE, stderr=theirs, env=environment
    )
    os.close(theirs)
    seen = b""
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor, not a path
        try:
            while piece := terminal.read(4096):
                seen += piece
        except OSError:
            pass  # its other end is closed: the program has ended
    assert child.communicate(timeout=60)[0].startswith(b"ludusavi: ")
    assert child.returncode == 0
    assert b"Importing manifest.yaml" in seen
    assert b"%" in seen
