"""Trains the last blocks of the network further, to tell games: what ``export.py`` then puts beside the untouched ones.

    python packaging/models/tune.py DIRECTORY… [--to tuned.pt]        # learns from all; DIRECTORY as of activations.py
    python packaging/models/tune.py DIRECTORY… --folds scores.npz     # of each family, from blocks that never saw it

Families weigh alike, as do the two classes. Frames are mixed with each other and their labels softened, because there
are few families.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import numpy as np
import torch
from network import STILL, Tail, pretrained
from numpy.typing import NDArray
from table import auc
from torch import Tensor, nn

BATCH = 32
STEPS = 180
"""Batches in all: with ``BATCH``, each frame is seen about once."""
RATE, RATE_HEAD = 2e-4, 3e-3
DECAY = 0.05
SOFT = 0.05
"""Labels are this far from nought and one."""
MIXED = 0.3
"""Of the beta distribution that says how much of another frame is mixed in."""
DROPPED = 0.3
FOLDS = 3


class Data:
    """Activations and what they are of."""

    def __init__(self, places: list[Path]) -> None:
        self.x = [np.load(place / "activations.npy", mmap_mode="r") for place in places]
        told = [np.load(place / "frames.npz") for place in places]
        self.session, self.family, self.is_game, self.number = (
            np.concatenate([one[name] for one in told]) for name in ("session", "family", "is_game", "number")
        )
        self.place = np.concatenate([np.full(len(x), n) for n, x in enumerate(self.x)])
        self.row = np.concatenate([np.arange(len(x)) for x in self.x])
        self.versions = self.x[0].shape[1]

    def batch(self, rows: NDArray[np.int64], version: NDArray[np.int64]) -> Tensor:
        """(rows, 112, 14, 14)."""
        have = [self.x[self.place[r]][self.row[r], v] for r, v in zip(rows, version, strict=True)]
        return torch.from_numpy(np.stack(have)).float()


def drawn(data: Data, rows: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """A batch of rows: half of each class, a family as often as any other of its class, then any of its frames."""
    found = []
    for kind in (True, False):
        own = rows[data.is_game[rows] == kind]
        families, place = np.unique(data.family[own], return_inverse=True)
        for family in chance.integers(len(families), size=BATCH // 2):
            found += chance.choice(own[place == family], 1).tolist()
    return np.array(found)


def trained(data: Data, rows: NDArray[np.int64], seed: int) -> tuple[Tail, nn.Linear]:
    """The tail and a line behind it, learned from those rows."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    tail, line = Tail(pretrained()[0]), nn.Linear(1280, 1)
    for still in tail.blocks[:STILL]:
        still.requires_grad_(False)
    groups = [
        {"params": [one for one in tail.parameters() if one.requires_grad], "lr": RATE, "weight_decay": DECAY},
        {"params": line.parameters(), "lr": RATE_HEAD, "weight_decay": DECAY},
    ]
    maker = torch.optim.AdamW(groups)
    pace = torch.optim.lr_scheduler.OneCycleLR(maker, [RATE, RATE_HEAD], total_steps=STEPS, pct_start=0.15)
    smoothed = 0.7
    for step in range(STEPS):
        chosen = drawn(data, rows, chance)
        x = data.batch(chosen, chance.integers(data.versions, size=len(chosen)))
        if chance.random() < 0.5:
            x = x.flip(3)
        y = torch.from_numpy(np.where(data.is_game[chosen], 1 - SOFT, SOFT)).float()
        other = torch.from_numpy(chance.permutation(len(chosen)))
        share = torch.from_numpy(chance.beta(MIXED, MIXED, len(chosen))).float()
        x = share[:, None, None, None] * x + (1 - share)[:, None, None, None] * x[other]
        y = share * y + (1 - share) * y[other]
        told = line(nn.functional.dropout(tail(x), DROPPED))[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(told, y)
        maker.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tail.parameters(), 5.0)
        maker.step()
        pace.step()
        smoothed = 0.98 * smoothed + 0.02 * float(loss.detach())
        if step % 60 == 59:
            print(f"  {step + 1}: {smoothed:.3f}", flush=True)
    return tail.eval(), line.eval()


@torch.inference_mode()
def told(data: Data, rows: NDArray[np.int64], tail: Tail, line: nn.Linear) -> NDArray[np.float32]:
    """Log-odds of each unchanged frame."""
    parts = np.array_split(rows, max(1, len(rows) // 64))
    return torch.cat([line(tail(data.batch(part, np.zeros(len(part), int)))) for part in parts])[:, 0].numpy()


def main() -> None:
    """Learn, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("places", type=Path, nargs="+")
    ask.add_argument("--to", type=Path)
    ask.add_argument("--folds", type=Path)
    chosen = ask.parse_args()
    torch.set_num_threads(1)
    data = Data(chosen.places)
    rows = np.arange(len(data.family))
    if chosen.to:
        tail, line = trained(data, rows, 0)
        torch.save({"tail": tail.state_dict(), "line": line.state_dict()}, chosen.to)
    if chosen.folds:
        fold = np.array([zlib.crc32(f"fold{family}".encode()) % FOLDS for family in data.family])
        scores = np.full(len(rows), np.nan, np.float32)
        for number in range(FOLDS):
            own = rows[fold == number]
            scores[own] = told(data, own, *trained(data, rows[fold != number], number))
            print(f"fold {number}: AUC of frames {auc(scores[own], data.is_game[own]):.4f}", flush=True)
        names = ("session", "family", "is_game", "number")
        np.savez(chosen.folds, scores=scores, **{name: getattr(data, name) for name in names})


if __name__ == "__main__":
    main()
