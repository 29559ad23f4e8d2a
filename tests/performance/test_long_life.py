"""A long life in minutes leaves memory, descriptors and threads flat; a leak put in on purpose is found.

The samples come from ``long_life.py``, a process of its own. They are also drawn: ``$ARTEFACTS/long-life.png``, or
``build/long-life.png`` where that is not set.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("NOT TESTED: what a process holds is read from /proc", allow_module_level=True)

pytestmark = [pytest.mark.performance]

HERE = Path(__file__).parent
WARM_UP = 3_600
"""Sessions after which every table that is bounded has been full once."""
MOST_SECONDS = 180.0
"""Of processor time, which on a machine with nothing else to do is the time by the clock: the daemon's parts share one
interpreter."""


def lived(place, sessions, *leaks):
    """The samples of one life. Its files lie in memory where the system has such a place: no disk is measured here."""
    shared = Path("/dev/shm")
    home = (shared if shared.is_dir() and os.access(shared, os.W_OK) else place) / f"gamedetectd-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    try:
        done = subprocess.run(
            [sys.executable, HERE / "long_life.py", home, str(sessions), *leaks],
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "error"},
        )
    finally:
        shutil.rmtree(home)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def slope(samples, what):
    """How much more is held with each session: the median slope of all pairs of samples after the warm-up (Theil-Sen).

    One sample in the middle of something, or a step when a buffer is made, does not move it.
    """
    settled = [(row["sessions"], row[what]) for row in samples if row["sessions"] >= WARM_UP]
    return statistics.median((late - early) / (then - now) for (now, early), (then, late) in combinations(settled, 2))


def grown(samples, what):
    """How much more there is at the end of all than after the warm-up, whatever lies between."""
    return slope(samples, what) * (samples[-1]["sessions"] - WARM_UP)


def leaks(samples, *, bytes_each, blocks_each):
    """What is held more and more, in words; nothing in a healthy life."""
    found = []
    for what, most in (("rss", bytes_each), ("blocks", blocks_each)):
        if (each := slope(samples, what)) > most:
            found.append(f"memory: {each:.2f} {what} more a session")
    found += [f"{what}: {more:.0f} more" for what in ("descriptors", "threads") if (more := grown(samples, what)) > 2]
    return found


def drawn(samples, title):
    """The plot of a life; returns its file."""
    os.environ.setdefault("MPLCONFIGDIR", "/tmp")  # it keeps a list of fonts, which is nobody's artefact
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = (("rss", 1e6, "resident memory, MB"), ("blocks", 1e3, "Python's memory blocks, thousands"),
            ("descriptors", 1, "open descriptors"), ("threads", 1, "threads"))  # fmt: skip
    figure, axes = plt.subplots(len(rows), 1, sharex=True, figsize=(9, 10), layout="constrained")
    for (what, unit, label), axis in zip(rows, axes, strict=True):
        axis.plot([row["sessions"] for row in samples], [row[what] / unit for row in samples], ".-", linewidth=1)
        axis.axvspan(0, min(WARM_UP, samples[-1]["sessions"]), alpha=0.15, label="warm-up")
        axis.set_ylim(0, 1.3 * max(row[what] / unit for row in samples))
        axis.set_ylabel(label)
        axis.grid(visible=True, alpha=0.3)
    axes[0].set_title(title)
    axes[0].legend(loc="lower right")
    axes[-1].set_xlabel("sessions")
    file = Path(os.environ.get("ARTEFACTS") or HERE.parents[1] / "build") / "long-life.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=100)
    plt.close(figure)
    return file


def figure(samples):
    """The outcome in one line."""
    last = samples[-1]
    return (
        f"{last['seconds']:.0f} s, {last['cpu']:.0f} s of a processor; {slope(samples, 'rss'):+.1f} bytes and"
        f" {slope(samples, 'blocks'):+.3f} blocks a session; {grown(samples, 'descriptors'):+.0f} descriptors,"
        f" {grown(samples, 'threads'):+.0f} threads"
    )


@pytest.mark.timeout(300)
def test_some_thousand_sessions_leave_nothing_behind(tmp_path):
    samples = lived(tmp_path, 6_000)
    file = drawn(samples, "A life of some thousand sessions")
    print(f"\n{figure(samples)}; drawn in {file}")
    assert leaks(samples, bytes_each=800.0, blocks_each=1.5) == []


@pytest.mark.slow
@pytest.mark.timeout(1_000)
def test_a_hundred_thousand_sessions_leave_nothing_behind(tmp_path, measured, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "WARM_UP", 10_000)  # backups and prunings included
    samples = lived(tmp_path, 100_000)
    file = drawn(samples, "A life of 100,000 sessions")
    print(f"\ndrawn in {file}")
    measured("100,000 sessions in one life: time, and growth after warm-up",
             "180 s of a processor; 20 bytes and 0.05 blocks a session; 2 descriptors, 2 threads",
             figure(samples))  # fmt: skip
    assert leaks(samples, bytes_each=20.0, blocks_each=0.05) == []
    assert samples[-1]["cpu"] <= MOST_SECONDS


def test_a_leak_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "WARM_UP", 400)
    samples = lived(tmp_path, 1_200, "memory", "descriptors", "threads")
    assert slope(samples, "blocks") > 40, "each session keeps 50"
    assert grown(samples, "descriptors") > 10
    assert grown(samples, "threads") > 10
    assert [one.partition(":")[0] for one in leaks(samples, bytes_each=400.0, blocks_each=1.0)] == [
        "memory",
        "memory",
        "descriptors",
        "threads",
    ]


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (lambda number: 100, False),
        (lambda number: 100 + number % 7, False),
        (lambda number: 100 if number < 60 else 140, False),
        (lambda number: 5_000 if number in (30, 80) else 100, False),
        (lambda number: 100 + number, True),
        (lambda number: 100 + number + (number * 37) % 40, True),
    ],
    ids=["flat", "noise", "one step", "two outliers", "a leak", "a leak in noise"],
)
def test_only_what_goes_on_growing_is_a_leak(held, found):
    samples = [{"sessions": WARM_UP + 100 * number, "rss": held(number), "blocks": 0, "descriptors": 7, "threads": 3}
               for number in range(100)]  # fmt: skip
    assert bool(leaks(samples, bytes_each=0.005, blocks_each=1.0)) is found
