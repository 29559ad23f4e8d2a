"""What gathering facts costs: time beside a plain reading of the same things in the same run, memory in bytes."""

import gc
import os
import time
import tracemalloc

import psutil
import pytest
from facts_samples import desktop_file

from gamedetectd.domain import Facts, ProcessInfo, ProcessKey, System
from gamedetectd.facts.desktop_index import DesktopIndex
from gamedetectd.facts.later import Later
from gamedetectd.facts.procfs import start_ticks
from gamedetectd.facts.sources import Parts, sources

pytestmark = [pytest.mark.performance, pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")]  # noqa: PTH110

ENTRIES = 5_000


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A directory with as many desktop files as a very full machine has, 3 KB each as they are with translations."""
    where = tmp_path_factory.mktemp("many") / "applications"
    translations = {f"Name[l{number}]": f"Programm Nummer {number} auf der Platte" for number in range(50)}
    for number in range(ENTRIES):
        desktop_file(
            where,
            f"org.example.Program{number}",
            **translations,
            Name=f"The Program Number {number}",
            Exec=f"/usr/games/program-number-{number} --some-option %U",
        )
    return str(where)


def seconds(act, times):
    """Processor seconds of one ``act()``, the best of ``times``."""
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        act()
        best = min(best, time.process_time() - started)
    return best


def test_five_thousand_entries_are_indexed_in_a_few_times_what_reading_them_costs(many):
    def read():
        for item in os.scandir(many):
            with open(item.path, "rb") as file:  # noqa: PTH123 - the plainest reading there is
                file.read()

    build = seconds(lambda: DesktopIndex([many]).table(), 3)
    plain = seconds(read, 3)
    print(f"\n{ENTRIES} entries: {build:.3f} s of processor time to index, {plain:.3f} s only to read")
    assert build < 8 * plain


def test_five_thousand_entries_take_three_megabytes(many):
    DesktopIndex([many]).table()
    gc.collect()
    tracemalloc.start()
    try:
        index = DesktopIndex([many])
        assert index.table().size == ENTRIES
        gc.collect()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    print(f"\n{ENTRIES} entries: {kept / 1e6:.2f} MB kept, {peak / 1e6:.2f} MB at most")
    assert kept < 3_000_000


def test_everything_about_one_process_costs_no_more_than_psutil_reading_its_maps(many, tmp_path):
    pid = os.getpid()
    process = ProcessInfo(ProcessKey("boot", pid, start_ticks("/proc", pid)), exe="/usr/games/program-number-7")
    facts = Facts(processes=(process,), gathered=frozenset())
    parts = Parts(lambda _facts: [str(tmp_path / "x")], "/home/me", DesktopIndex([many]))
    gatherers = sources(System.LINUX, parts)

    def gather():
        known = facts
        for source in gatherers:
            try:
                known = source.gather(known)
            except Later:
                pass
        return known

    assert gather().desktop_entry.name == "The Program Number 7"
    ours = seconds(gather, 30)
    theirs = seconds(lambda: psutil.Process(pid).memory_maps(grouped=True), 30)
    print(f"\none process: {ours * 1e3:.2f} ms to gather every kind, psutil's memory_maps {theirs * 1e3:.2f} ms")
    assert ours < theirs
