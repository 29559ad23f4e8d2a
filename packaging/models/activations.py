"""Runs the first blocks of the network once over each frame that is learned from; ``tune.py`` learns behind them.

    python packaging/models/activations.py DIRECTORY… --to DIRECTORY [--share I N]

Of each frame: itself, and ``VERSIONS`` - 1 changed copies (``changes.py``), the same whenever this runs. What the
blocks before ``network.TUNED`` give is written in half precision, 44 kB a version.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from changes import CHANGES
from frames import LEARNED, Frame, read_all, split
from network import SIDE, Front, pretrained

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child.files import read  # noqa: E402
from gamedetectd.vision.child.picture import shrunk  # noqa: E402

VERSIONS = 3
SHAPE = (112, 14, 14)


def front(place: Path) -> onnxruntime.InferenceSession:
    """The first blocks, as onnxruntime runs them: four times as fast here as torch."""
    model = Front(pretrained()[0]).eval()
    picture = torch.zeros((1, SIDE, SIDE, 3), dtype=torch.uint8)
    torch.onnx.export(
        model, (picture,), str(place), input_names=["picture"], output_names=["x"], opset_version=17, dynamo=False
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(place), options, providers=["CPUExecutionProvider"])


def versions(frame: Frame) -> list[np.ndarray]:
    """The frame and its changed copies, as the network takes them."""
    pixels = read(frame.path)
    chance = np.random.default_rng(zlib.crc32(f"tune{frame.session}/{frame.number}".encode()))
    names = list(CHANGES)
    found = [shrunk(pixels)]
    changes = [names[number] for number in chance.integers(len(names), size=VERSIONS - 1)]
    return [*found, *(shrunk(CHANGES[name](pixels, chance)) for name in changes)]


def main() -> None:
    """Run, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("directories", type=Path, nargs="+")
    ask.add_argument("--to", type=Path, required=True, help="of the file FRAMES.npz and its activations.npy")
    ask.add_argument("--share", type=int, nargs=2, default=(0, 1), help="of N runs side by side, this is number I: I N")
    chosen = ask.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    parts = split()
    frames = [frame for frame in read_all(chosen.directories) if parts[frame.family] in LEARNED]
    frames = frames[chosen.share[0] :: chosen.share[1]]
    session = front(chosen.to / "front.onnx")
    have = np.lib.format.open_memmap(
        chosen.to / "activations.npy", mode="w+", dtype=np.float16, shape=(len(frames), VERSIONS, *SHAPE)
    )
    for number, frame in enumerate(frames):
        for version, small in enumerate(versions(frame)):
            have[number, version] = session.run(None, {"picture": small[None]})[0][0]
    have.flush()
    columns = ("session", "family", "is_game", "number")
    np.savez(chosen.to / "frames.npz", **{name: np.array([getattr(f, name) for f in frames]) for name in columns})
    print(f"{chosen.to}: {len(frames)} frames")


if __name__ == "__main__":
    main()
