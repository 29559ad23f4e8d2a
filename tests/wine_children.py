"""Held children and the supervisor on a Windows Python: ``main()`` prints what became of each as a line of JSON."""

import json
import sys
import time
from pathlib import Path


def main():
    {"children": children, "supervisor": supervisor}[sys.argv[1]](*sys.argv[2:])


def children():
    sys.path.insert(0, str(Path(__file__).parent))
    from gamedetectd.platforms.children.held import ChildError, Limits, run

    limits = Limits(20, 60_000_000, output=100_000)
    brief = Limits(2.5, 60_000_000)
    for name, given in (
        ("answer", limits),
        ("sleep", brief),
        ("fork", brief),
        ("write_for_ever", limits),
        ("deny", limits),
    ):
        began = time.monotonic()
        try:
            end = run("held_samples", [name], given, given=b"abc").decode().split()[0]
        except ChildError as error:
            end = error.end.value
        print(json.dumps([name, end, time.monotonic() - began < 15]), flush=True)


def supervisor(home):
    import threading

    import psutil

    from gamedetectd.app.supervisor import Patience, Supervisor
    from gamedetectd.control.access import read_key
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.own_program import own_command

    paths = Paths.below(Path(home))
    one = Supervisor(paths, own_command("run", "--headless"), Patience(first_pause=0.2))

    def answering(other_than=b""):
        """The key of the daemon that has opened its control channel by now; a minute is enough on a busy machine."""
        until = time.monotonic() + 60
        while (key := read_key(paths) or b"") in (b"", other_than) and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(3)
        return key

    def lives():
        first = answering()
        psutil.Process().children()[0].kill()
        answering(first)
        one._told.put(15)

    threading.Thread(target=lives, daemon=True).start()
    code = one.run()
    reports = [json.loads(file.read_text("utf-8")) for file in (paths.state / "crashes").glob("*")]
    print(json.dumps([code, [report["end"] for report in reports], len(psutil.Process().children())]), flush=True)
