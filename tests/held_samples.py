"""What a child of ours may do wrong, for the tests of held children: ``main()`` does what its first argument says."""

import os
import signal
import subprocess
import sys
import time


def main():
    globals()[sys.argv[1]](*sys.argv[2:])


def answer(*arguments):
    print(sys.stdin.read()[::-1], os.getpid(), *arguments)


def environment(*names):
    print([os.environ.get(name) for name in names])


def descriptors():
    print(sorted(int(name) for name in os.listdir("/proc/self/fd")))  # noqa: PTH208


def group():
    print(os.getpgid(0) == os.getpid(), os.getppid())


def allocate(size="2000000000"):
    memory = bytearray(int(size))
    for place in range(0, len(memory), 4096):
        memory[place] = 1
    print("had it all")


def spin():
    while True:
        pass


def sleep():
    print("asleep", os.getpid(), flush=True)
    time.sleep(60)


def write_for_ever():
    while True:
        print("x" * 10_000)


def ignore_the_end():
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    sleep()


def fork():
    """Leaves a grandchild behind that holds our output."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(child.pid, flush=True)


def fork_quietly():
    """The same, which holds nothing of ours."""
    quiet = subprocess.DEVNULL
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=quiet, stdout=quiet)
    print(child.pid, flush=True)


def deny():
    sys.exit(3)


def fail():
    raise RuntimeError("for a reason")


def die():
    os.kill(os.getpid(), signal.SIGSEGV if sys.platform != "win32" else signal.SIGTERM)


def lines(count="3"):
    for number in range(int(count)):
        print(number, flush=True)


def one_endless_line():
    while True:
        sys.stdout.write("x" * 100_000)


def parent():
    """Starts a held child, says its process id and waits to be killed."""
    from gamedetectd.platforms.children.held import Child, Limits

    with Child(__name__, ["sleep"], Limits(30, 50_000_000)) as child:
        print(child.pid, next(child.lines()).decode(), flush=True)
        time.sleep(30)
