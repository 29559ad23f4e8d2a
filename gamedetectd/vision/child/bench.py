"""What looking costs: every stage, beside a plain resize and run of the same network, and this process's memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.vision import wire
from gamedetectd.vision.child.eyes import Eyes
from gamedetectd.vision.child.picture import SAMPLED, SIDE, Pixels
from gamedetectd.vision.child.state import Answers, State

WIDTH, HEIGHT = 1920, 1080
STEP = HEIGHT // SAMPLED
WARM = 3
"""Rounds that do not count: the first ones fetch memory."""


def measured(state: State, request: wire.Bench) -> Answers:
    """Each stage, then the whole. A window that is not seen is told as such, and its capture left out."""
    eyes = state.eyes
    start = time.process_time()
    picture = _picture()
    capturing = 0.0
    if request.window is not None:
        try:
            state.capture.picture(request.window)
        except NotShown as reason:
            yield wire.Unseen(reason.outcome, str(reason))
        else:
            began = time.process_time()
            shots = [state.capture.picture(request.window).seconds for _ in range(request.rounds)]
            capturing = (time.process_time() - began) / request.rounds
            yield _row("capture", shots)
    looks = [eyes.look(picture).seconds for _ in range(request.rounds + WARM)][WARM:]
    for stage in ("shrink", "network", "heads"):
        yield _row(stage, [look[stage] for look in looks])
    captured = picture[::STEP, ::STEP].copy() if capturing else picture  # a window comes with what is looked at alone
    worked = median([_processor(lambda: eyes.look(captured)) for _ in range(request.rounds)])
    memory = _memory()
    how, ratio, plain = _compared(eyes, picture, request.rounds)
    yield _row(f"plain {how} and network", plain)
    yield wire.Cost(ratio, how, capturing + worked, memory, start)


def _compared(eyes: Eyes, picture: Pixels, rounds: int) -> tuple[str, float, list[float]]:
    """How the plain run resizes, how many times its median the whole takes, and its seconds, a round each."""
    resize, how = _plain_resize()
    together: list[float] = []
    plain: list[float] = []
    for _ in range(rounds + WARM):  # in turn, so that what disturbs one disturbs the other
        together.append(sum(eyes.look(picture).seconds.values()))
        began = time.perf_counter()
        eyes.features(resize(picture))
        plain.append(time.perf_counter() - began)
    return how, median(together[WARM:]) / median(plain[WARM:]), plain[WARM:]


def _processor(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _row(stage: str, seconds: list[float]) -> wire.Measured:
    return wire.Measured(stage, median(seconds), float(np.percentile(seconds, 95)))


def _picture() -> Pixels:
    """A screen's worth of blocks and noise, the same each time."""
    chance = np.random.default_rng(1)
    blocks = chance.integers(0, 256, (HEIGHT // 40, WIDTH // 40, 3), np.uint8)
    noise = chance.integers(0, 24, (HEIGHT, WIDTH, 3), np.uint8)
    picture: Pixels = np.kron(blocks // 2, np.ones((40, 40, 1), np.uint8)) + noise
    return picture


def _plain_resize() -> tuple[Callable[[Pixels], Pixels], str]:
    """As anybody would resize: with cv2, or with Pillow where there is no cv2; RGB, as the network takes it."""
    try:
        import cv2
    except ImportError:
        from PIL import Image

        def pillow(picture: Pixels) -> Pixels:
            image = Image.fromarray(picture[:, :, ::-1]).resize((SIDE, SIDE), Image.Resampling.BOX)
            return np.asarray(image)

        return pillow, "Pillow resize"
    cv2.setNumThreads(1)

    def resized(picture: Pixels) -> Pixels:
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(small[:, :, ::-1])

    return resized, "cv2 resize"


def _memory() -> int:
    """Bytes: the proportional set size on Linux, what is resident elsewhere."""
    if sys.platform == "linux":
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    import psutil

    return int(psutil.Process().memory_info().rss)
