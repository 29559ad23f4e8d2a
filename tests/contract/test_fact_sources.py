"""The contract of every source of facts, over the one table: a new source is tested by being listed there."""

import dataclasses
import os
import plistlib
import threading
import time
from contextlib import suppress

import pytest
from facts_samples import chain, desktop_file, drm_client, make_pipe, proc_directory, process, windows_program

from gamedetectd.domain import FactKind, Facts, ProcessInfo, ProcessKey, System, Window
from gamedetectd.facts.desktop_index import DesktopIndex
from gamedetectd.facts.later import Later
from gamedetectd.facts.sources import Parts, sources

FIELD = {kind: kind.value for kind in FactKind}
"""A kind and the field of ``Facts`` it fills are called the same."""
EVERY = [(system, place) for system in System for place in range(len(sources(system, Parts(None, "", None))))]


def _name(value):
    system, place = value
    return f"{system}-{sources(system, Parts(None, '', None))[place].kind}"


@pytest.fixture(params=EVERY, ids=_name)
def make(request):
    """``make(directory)``: the source under test, looking at an imagined machine below ``directory``."""
    system, place = request.param

    def build(directory):
        parts = Parts(
            effective_paths=lambda facts: [p.exe for p in facts.processes if p.exe],
            home=str(directory / "home"),
            desktop_index=DesktopIndex([str(directory / "applications")]),
            proc=str(directory / "proc"),
        )
        return sources(system, parts)[place]

    return build


def gather(source, facts, meanwhile=lambda: None):
    """What the source gives, however many moments it asks for; it may raise nothing else but an OSError."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            return source.gather(facts)
        except Later as later:
            meanwhile()
            time.sleep(min(later.seconds, 1.5))
        except OSError:
            return facts
    return pytest.fail("it never answers")


def machine(directory):
    """A machine on which every kind of fact can be found about one program."""
    where = directory / "home" / "Games" / "Doom.app" / "Contents" / "MacOS"
    where.mkdir(parents=True)
    exe = where / "dosbox.exe"
    exe.write_bytes(windows_program(ProductName="Doom"))
    (where / "Doom_Data").mkdir()
    (where / "Doom_Data" / "app.info").write_text("id\nDoom")
    (where.parent / "Info.plist").write_bytes(plistlib.dumps({"CFBundleName": "Doom"}))
    desktop_file(directory / "applications", "doom", Name="Doom", Exec=exe)
    running = proc_directory(directory / "proc", 100, maps="7f-80 r--p 0 8:1 1 /usr/lib/libSDL2-2.0.so.0\n")
    drm_client(running, "3", "drm-driver: x\ndrm-client-id: 1\ndrm-cycles-gfx: 0\ndrm-total-cycles-gfx: 0\n")
    (where / "dosbox_doom.conf").write_text('[autoexec]\nmount c "."\nc:\ndoom.exe\nexit\n')
    return chain((str(exe), str(exe), "-conf", str(where / "dosbox_doom.conf")), window_class="doom")


def test_it_introduces_itself(make, tmp_path):
    source = make(tmp_path)
    assert source.kind in FactKind
    assert 0 < source.time_limit <= 10


def test_it_finds_its_kind_and_touches_no_other(make, tmp_path):
    source = make(tmp_path)
    facts = machine(tmp_path)

    def play():
        counters = "drm-driver: x\ndrm-client-id: 1\ndrm-cycles-gfx: 5\ndrm-total-cycles-gfx: 9\n"
        drm_client(tmp_path / "proc" / "100", "3", counters)

    found = gather(source, facts, meanwhile=play)
    field = FIELD[source.kind]
    assert getattr(found, field), f"{source.kind} was there to be found"
    assert dataclasses.replace(found, **{field: getattr(facts, field)}) == facts


STRANGERS = {
    "nothing": Facts(),
    "a window without a process": Facts(window=Window(1, 77, "x", "y")),
    "a process that tells nothing": Facts(processes=(ProcessInfo(ProcessKey("b", 100, 1)),)),
    "a vanished process": chain(("/gone/game.exe", "game.exe")),
    "process zero": Facts(processes=(process("/x", pid=0), process(None, pid=-1))),
    "odd texts": chain(("/\udcff\n/x\x1b[0m.exe", "", "\udcff", "=" * 5000), window_class="\udcff\n"),
    "no slash": chain(("game.exe", "..", "."), cwd=None, window_class=""),
    "a loop of parents": Facts(
        processes=tuple(process("/bin/sh", "sh", "-c", "x", pid=pid, parent=1 + pid % 3) for pid in (1, 2, 3))
    ),
    "a very long path": chain(("/" + "x/" * 5000 + "y.exe",)),
    "a very long name": chain(("/opt/" + "x" * 5000 + ".exe",)),
    "a thousand processes": Facts(
        processes=tuple(process(f"/opt/{n}/x.exe", pid=n + 1, parent=n) for n in range(1000))
    ),
}


@pytest.mark.parametrize("facts", STRANGERS.values(), ids=STRANGERS)
def test_strangers_have_no_facts(make, tmp_path, facts):
    source = make(tmp_path)
    started = time.monotonic()
    assert gather(source, facts) == facts
    assert time.monotonic() - started < source.time_limit


def garbage(directory):
    """The same machine after somebody put garbage everywhere."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink():
            path.write_bytes(bytes(range(256)) * 40)
    return facts


def pipes(directory):
    """The same machine with pipes in place of files: opening one for reading waits for ever."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink() and "proc" not in path.parts:
            path.unlink()
            make_pipe(path)
    return facts


def loops(directory):
    """The same machine with every file and the program's directory leading back to themselves."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink():
            path.unlink()
            path.symlink_to(path)
    (directory / "applications" / "again").symlink_to(directory / "applications")
    return facts


def sparse(directory):
    """The same machine with every file a terabyte long."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink() and "proc" not in path.parts:
            os.truncate(path, 1 << 40)
    return facts


def empty(directory):
    """The same machine with nothing in any file."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink():
            os.truncate(path, 0)
    return facts


def closed(directory):
    """The same machine with everything unreadable (for anybody but root)."""
    facts = machine(directory)
    for path in sorted(directory.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(0)
    return facts


@pytest.mark.parametrize("spoil", [garbage, pipes, loops, sparse, empty, closed], ids=lambda spoil: spoil.__name__)
def test_a_spoilt_machine_neither_stops_nor_delays_it(make, tmp_path, spoil):
    source = make(tmp_path)
    facts = spoil(tmp_path)
    started = time.monotonic()
    found = gather(source, facts)
    assert time.monotonic() - started < source.time_limit
    field = FIELD[source.kind]
    assert dataclasses.replace(found, **{field: getattr(facts, field)}) == facts
    for path in [tmp_path, *tmp_path.rglob("*")]:
        if not path.is_symlink() and path.is_dir():
            path.chmod(0o700)


def test_files_that_come_and_go_are_survived(make, tmp_path):
    source = make(tmp_path)
    facts = machine(tmp_path)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    contents = {path: path.read_bytes() for path in paths}
    over = threading.Event()

    def come_and_go():
        while not over.is_set():
            for path in paths:
                with suppress(PermissionError):  # Windows deletes no file that is read at the moment
                    path.unlink(missing_ok=True)
            for path in paths:
                with suppress(PermissionError):
                    path.write_bytes(contents[path])

    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        for _ in range(30):
            try:
                source.gather(facts)
            except (OSError, Later):
                pass
    finally:
        over.set()
        thread.join(10)


def test_no_system_lists_a_kind_twice():
    for system in System:
        kinds = [source.kind for source in sources(system, Parts(None, "", None))]
        assert len(kinds) == len(set(kinds))
