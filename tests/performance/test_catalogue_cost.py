"""What knowing the world's games costs: a look-up beside a scan of all of them, opening, building, importing."""

import gc
import json
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from catalogue_samples import known, write_manifest
from measuring import slowness

from gamedetectd.catalogue import builtin
from gamedetectd.catalogue.build import build
from gamedetectd.catalogue.importing import import_file
from gamedetectd.catalogue.index import About, Index
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.memory import builtin as builtin_rows
from gamedetectd.domain import Launch, System

pytestmark = pytest.mark.performance

WIN, LINUX = (System.WINDOWS,), (System.LINUX,)
FEW, MANY, MOST = 1_000, 100_000, 1_000_000
BUILD_SECONDS = 40.0
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "detectable" / "detectable-2022-11.json"


def games(count):
    """Titles as a list of the world has them: one in 55 calls its program ``game.exe``."""
    for number in range(count):
        name = "game.exe" if number % 55 == 0 else f"fine{number}.exe"
        launches = (Launch(f"bin/{name}", "", WIN), Launch(f"fine {number}.x86_64", "", LINUX))
        yield known(f"Fine Number {number}", *launches, ident=f"steam:{number}", directories=(f"fine number {number}",))


def made(where, count):
    file = where / f"{count}.index"
    started = time.process_time()
    build(file, games(count), About("ludusavi", "x", 1.0, 0, 0))
    return file, time.process_time() - started


def questions(count, asked=2_000):
    """Programs that are games, which costs most: one in 55 of them is called ``game.exe``."""
    dice = random.Random(5)
    for _ in range(asked):
        number = dice.randrange(count)
        name = "game.exe" if number % 55 == 0 else f"fine{number}.exe"
        yield (name,), (f"fine number {number}", "steamapps", "common", "steam", "program files", "bin")


def median(look_up, asked):
    """Microseconds of one look-up, the median once everything was asked before."""
    for question in asked:
        look_up(*question)
    times = []
    for question in asked:
        started = time.perf_counter()
        look_up(*question)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


def best_median(look_up, asked, rounds=5):
    """The best of several rounds: what others do on this machine makes it slower and never faster."""
    return min(median(look_up, asked) for _ in range(rounds))


def scan(applications, paths):
    """As arRPC does it: every process is compared with every program of every application."""
    found = []
    for path in paths:
        parts = path.lower().split("\\")
        ends = {"/".join(parts[-depth:]) for depth in range(1, len(parts) + 1)}
        found += [name for name, programs in applications for program in programs if program in ends]
    return found


def test_a_look_up_costs_the_same_in_any_list_and_little_beside_a_scan(tmp_path, measured):
    cost = {}
    for count in (FEW, MANY):
        index = Index(made(tmp_path, count)[0])
        cost[count] = best_median(index.look_up, list(questions(count)))
        index.close()
    applications = [(game.title, [launch.path for launch in game.launches]) for game in games(10_228)]
    paths = [f"C:\\Program Files\\Maker\\Thing {number}\\bin\\thing{number}.exe" for number in range(10)]
    started = time.perf_counter()
    assert scan(applications, paths) == []
    scanned = (time.perf_counter() - started) / len(paths) * 1e6
    measured("one look-up among 100,000 titles, median", "50 µs", f"{cost[MANY]:.0f} µs")
    measured("one look-up: 100,000 titles beside 1,000", "2 times", f"{cost[MANY] / cost[FEW]:.2f} times")
    measured(
        "one look-up beside a scan of 10,228 applications", "1/20", f"1/{scanned / cost[MANY]:.0f} ({scanned:.0f} µs)"
    )
    assert cost[MANY] < scanned / 20
    assert cost[MANY] < 2 * cost[FEW]
    assert cost[MANY] < 50 * slowness()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_million_titles_are_built_and_asked_like_a_thousand(tmp_path, measured):
    few = Index(made(tmp_path, FEW)[0])
    file, seconds = made(tmp_path, MOST)
    most = Index(file)
    asked = list(questions(MOST))
    cost = {FEW: best_median(few.look_up, list(questions(FEW))), MOST: best_median(most.look_up, asked)}
    measured(
        "an index of 1,000,000 titles: processor time to build",
        "40 s",
        f"{seconds:.1f} s ({file.stat().st_size / 1e6:.0f} MB)",
    )
    measured("one look-up among 1,000,000 titles, median", "50 µs", f"{cost[MOST]:.0f} µs")
    measured("one look-up: 1,000,000 titles beside 1,000", "2 times", f"{cost[MOST] / cost[FEW]:.2f} times")
    assert seconds < BUILD_SECONDS * slowness()
    assert cost[MOST] < 2 * cost[FEW]
    assert cost[MOST] < 50 * slowness()
    few.close()
    most.close()


MEMORY = """
import json, sys, time
from pathlib import Path
import psutil
import gamedetectd.app.known, gamedetectd.catalogue.room
from gamedetectd.catalogue.index import Index
{more}
own = lambda: psutil.Process().memory_info().rss
before = own()
started = time.process_time()
opened = {act}
seconds = time.process_time() - started
print(json.dumps([seconds, own() - before]))
"""


def in_a_process(act, more=""):
    """Seconds and bytes that ``act`` takes in a fresh process which has imported what it needs."""
    script = MEMORY.replace("{act}", act).replace("{more}", more)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_opening_a_list_takes_no_time_and_no_memory(tmp_path, measured):
    file, _ = made(tmp_path, MANY)
    ask = f"(lambda index: [index.look_up([f'fine{{n}}.exe'], [f'fine number {{n}}']) for n in range(0, {MANY}, 97)])"
    seconds, _ = min(in_a_process(f"Index(Path({str(file)!r}))") for _ in range(3))
    _, memory = min(in_a_process(f"{ask}(Index(Path({str(file)!r})))[:0]") for _ in range(3))
    measured("opening an index of 100,000 titles", "50 ms", f"{seconds * 1e3:.1f} ms")
    measured("an index of 100,000 titles, opened and asked 1,000 times: memory", "5 MB", f"{memory / 1e6:.1f} MB")
    assert seconds < 0.05 * slowness()
    assert memory < 5_000_000


def test_the_built_in_table_takes_four_megabytes(measured):
    builtin.load_builtin()
    gc.collect()
    tracemalloc.start()
    try:
        memory: Memory = builtin_rows()
        assert memory.look_up(["witcher3.exe"], [])
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    times = []
    for _ in range(5):
        started = time.perf_counter()
        assert builtin_rows().look_up(["witcher3.exe"], [])
        times.append(time.perf_counter() - started)
    cost = best_median(memory.look_up, list(questions(FEW)))
    measured(f"the built-in table of {len(memory.rows):,} titles: memory", "4 MB", f"{kept / 1e6:.2f} MB")
    measured("the built-in table: read at its first use", "100 ms", f"{min(times) * 1e3:.0f} ms")
    assert kept < 4_000_000
    assert min(times) < 0.1 * slowness()
    assert cost < 20 * slowness()


def test_a_manifest_of_53000_titles_is_imported_within_its_budget(tmp_path, measured):
    """In a child that may take 30 s and 250 MB; how much it takes is read from the system's own books."""
    resource = pytest.importorskip("resource", reason="the system keeps no books on a child's memory")
    file = write_manifest(tmp_path / "manifest.yaml")
    size = file.stat().st_size
    assert size > 17_000_000
    script = (
        "import json, resource, sys, time\n"
        "from pathlib import Path\n"
        "from gamedetectd.catalogue.importing import import_file\n"
        "about = import_file(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([about.titles, used.ru_utime + used.ru_stime, used.ru_maxrss]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file), str(tmp_path / "c")],
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    titles, seconds, peak = json.loads(done.stdout)
    peak *= 1 if sys.platform == "darwin" else 1024
    measured(f"importing a manifest of {size / 1e6:.1f} MB, 53,000 entries: processor time", "30 s", f"{seconds:.1f} s")
    measured("importing a manifest of 53,000 entries: peak memory of the child", "250 MB", f"{peak / 1e6:.0f} MB")
    assert titles > 50_000
    assert seconds < 30
    assert peak < 250_000_000
    assert resource is not None


def test_discords_list_is_imported_in_a_moment(tmp_path, measured):
    if not REAL.exists():
        pytest.skip(f"{REAL} is not here: the real list cannot be tried")
    started = time.process_time()
    about = import_file(REAL, tmp_path / "c")
    measured(
        f"importing Discord's list of {about.titles:,} titles: processor time of the daemon",
        "0.5 s",
        f"{time.process_time() - started:.2f} s",
    )
    assert time.process_time() - started < 0.5 * slowness()
