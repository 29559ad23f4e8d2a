"""Trains all but the first blocks of the network further, to tell games: what ``export.py`` makes a model of.

    python packaging/models/tune.py frames.npz --to DIRECTORY     # all.pt, and 0.pt to 2.pt, each blind to a third

Two aims at once. A line behind the embedding tells games; families weigh alike, as do the two classes, frames are mixed
with each other and labels softened, because there are few families. And a matrix behind the same embedding gives what
the untouched network's whitened embedding is, so that nothing is lost that tells one title from another. What is kept
is the running mean of the weights, and of two trainings their mean. On a graphics card minutes; without one days.
"""

from __future__ import annotations

import argparse
import io
import time
import zlib
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from changes import compressed, framed
from network import EMBEDDING, SIDE, STILL, Eyes, averaged, pretrained
from numpy.typing import NDArray
from PIL import Image
from table import FOLDS, auc, fold_of
from torch import Tensor, nn
from torch.nn import functional

BATCH = 128
STEPS = 1000
RATES = (3e-4, 6e-4)
"""Of the trainings whose weights are averaged."""
RATE_LINE = 3e-3
DECAY = 0.05
SOFT = 0.05
"""Labels are this far from nought and one."""
MIXED = 0.3
"""Of the beta distribution that says how much of another frame is mixed in."""
DROPPED = 0.3
ALIKE = 1.0
"""How much it counts that titles are told as before."""
TITLE = 160
KEPT = 0.99
"""Of the running mean of the weights, at every step."""


@dataclass
class Data:
    """``pictures`` (N, 2, 224, 288, 3), RGB: each frame, and as a stream or a page shows it; and what they are of."""

    pictures: Tensor
    family: NDArray[np.str_]
    session: NDArray[np.str_]
    is_game: NDArray[np.bool_]


def both(content: bytes) -> NDArray[np.uint8]:
    """(2, 224, 288, 3): the picture, and a worse one that is the same whenever this runs."""
    with Image.open(io.BytesIO(content)) as image:
        pixels = np.asarray(image.convert("RGB"))
    chance = np.random.default_rng(zlib.crc32(content))
    worse = compressed(pixels, int(chance.integers(20, 60)))
    if chance.random() < 0.4:
        page = Image.fromarray(framed(worse, int(chance.choice([0x48, 0xD8, 0xF1]))))
        worse = np.asarray(page.resize((pixels.shape[1], pixels.shape[0]), Image.Resampling.BOX))
    return np.stack([pixels, worse])


def read(packed: Path) -> Data:
    """What ``pack.py`` wrote, unpacked."""
    with np.load(packed) as have:
        content, ends = have["content"].tobytes(), have["ends"].tolist()
        told = [have[name] for name in ("family", "session", "is_game")]
    parts = [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    with get_context("fork").Pool() as pool:
        pictures = pool.map(both, parts, chunksize=64)
    return Data(torch.from_numpy(np.stack(pictures)), *told)


def drawn(data: Data, rows: NDArray[np.int64], chance: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Rows of so many batches: half of each class, a family as often as any other of its class, then any frame."""
    found = np.empty((count, BATCH), np.int64)
    for half, kind in enumerate((True, False)):
        own = rows[data.is_game[rows] == kind]
        families, place = np.unique(data.family[own], return_inverse=True)
        members = [own[place == number] for number in range(len(families))]
        which = chance.integers(len(families), size=(count, BATCH // 2))
        picked = np.array([chance.choice(members[number]) for number in which.ravel()])
        found[:, half * BATCH // 2 : (half + 1) * BATCH // 2] = picked.reshape(which.shape)
    return found


def varied(x: Tensor) -> Tensor:
    """(N, 224, 288, 3) of bytes to (N, 224, 224, 3), 0 to 255: cut, shifted, mirrored, lit and coloured otherwise."""
    count, device = len(x), x.device

    def some(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, device=device)

    def where(share: float, changed: Tensor, plain: Tensor) -> Tensor:
        return torch.where(torch.rand(count, device=device)[:, None, None, None] < share, changed, plain)

    x = x.permute(0, 3, 1, 2).float()
    size = some(0.65, 1.12)
    aspect = torch.exp(some(-0.15, 0.15))
    across, down = size * aspect, size / aspect
    flip = torch.where(torch.rand(count, device=device) < 0.4, -1.0, 1.0)
    place = torch.zeros(count, 2, 3, device=device)
    place[:, 0, 0], place[:, 1, 1] = across * flip, down
    place[:, 0, 2], place[:, 1, 2] = some(-1, 1) * (1 - across).abs(), some(-1, 1) * (1 - down).abs()
    around = some(0, 255, 3, 1, 1) * (torch.rand(count, 1, 1, 1, device=device) < 0.5)
    grid = functional.affine_grid(place, [count, 3, SIDE, SIDE], align_corners=False)
    x = functional.grid_sample(x - around, grid, align_corners=False) + around
    coarse = functional.interpolate(x, size=int(torch.randint(96, 190, ()).item()), mode="area")
    x = where(0.12, functional.interpolate(coarse, size=SIDE, mode="bilinear", align_corners=False), x)
    x = where(0.5, 255 * (x / 255).clamp(0, 1) ** torch.exp(some(-0.5, 0.5, 1, 1, 1)), x)
    middle = x.mean((1, 2, 3), keepdim=True)
    x = where(0.3, middle + (x - middle) * some(0.7, 1.3, 1, 1, 1), x)
    x = where(0.1, x[:, torch.randperm(3, device=device)], x)
    x = where(0.1, x.mean(1, keepdim=True).expand_as(x), x)
    x = where(0.1, x + 8 * torch.randn_like(x), x)
    return x.clamp(0, 255).permute(0, 2, 3, 1)


def plain(x: Tensor) -> Tensor:
    """(N, 224, 288, 3) of bytes to (N, 224, 224, 3), as it is."""
    return functional.interpolate(x.permute(0, 3, 1, 2).float(), size=SIDE, mode="area").permute(0, 2, 3, 1)


class Titles(nn.Module):
    """The untouched network's embedding, whitened; and the matrix that is learned to give it from the new one."""

    def __init__(self, data: Data) -> None:
        super().__init__()
        device = data.pictures.device
        self.untouched = pretrained()[0].to(device).requires_grad_(False)
        with torch.inference_mode():
            parts = [self.untouched(plain(part)) for part in data.pictures[:, 0].split(256)]
        have = torch.cat(parts).double()
        _, place = np.unique(data.session, return_inverse=True)
        centre = torch.stack([have[torch.from_numpy(place == n).to(device)].mean(0) for n in range(place.max() + 1)])
        base = torch.linalg.eigh(torch.cov(have.T)).eigenvectors[:, -TITLE:]
        inside = (have - centre[place]) @ base
        spread = (inside.var(0) + 0.3 * ((have - have.mean(0)) @ base).var(0).mean()).sqrt()
        self.mean, self.matrix = have.mean(0).float(), (base / spread).float()
        self.learned = nn.Linear(EMBEDDING, TITLE).to(device)
        with torch.no_grad():
            self.learned.weight.copy_(self.matrix.T)
            self.learned.bias.copy_(-self.mean @ self.matrix)

    def forward(self, untouched: Tensor, embedding: Tensor) -> Tensor:
        """How unlike both are, 0 to 2."""
        wanted = (untouched - self.mean) @ self.matrix
        return 1 - functional.cosine_similarity(self.learned(embedding), wanted).mean()


def mixed(x: Tensor, y: Tensor, chance: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pictures and labels, each with some of another's."""
    share = torch.from_numpy(chance.beta(MIXED, MIXED, BATCH)).to(x.device).float()
    share, other = torch.maximum(share, 1 - share), torch.from_numpy(chance.permutation(BATCH)).to(x.device)
    wide = share[:, None, None, None]
    return wide * x + (1 - wide) * x[other], share * y + (1 - share) * y[other]


def losses(eyes: Eyes, titles: Titles, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """How wrong games are told, and how unlike titles are to what the untouched network makes of them."""
    with torch.autocast(x.device.type, torch.bfloat16):
        with torch.no_grad():
            begun = titles.untouched.first(x)
            before = titles.untouched.last(begun)
        embedding = eyes.features.last(begun)
    odds = eyes.line(functional.dropout(embedding, DROPPED))[:, 0]
    return functional.binary_cross_entropy_with_logits(odds, y), titles(before, embedding)


def trained(data: Data, rows: NDArray[np.int64], titles: Titles, seed: int, name: str) -> Eyes:
    """The network, learned from those rows."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    device = data.pictures.device.type
    eyes, rate = Eyes(pretrained()[0]).to(device), RATES[seed]
    mean = deepcopy(eyes).requires_grad_(False)
    groups = [
        {"params": [*eyes.features.blocks[STILL:].parameters(), *eyes.features.head.parameters()], "lr": rate},
        {"params": [*eyes.line.parameters(), *titles.learned.parameters()], "lr": RATE_LINE},
    ]
    maker = torch.optim.AdamW(groups, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(maker, [rate, RATE_LINE], total_steps=STEPS, pct_start=0.15)
    batches = drawn(data, rows, chance, STEPS)
    games = torch.from_numpy(data.is_game).to(device).float() * (1 - 2 * SOFT) + SOFT
    began = time.monotonic()
    for step, batch in enumerate(torch.from_numpy(batches).to(device)):
        version = torch.from_numpy((chance.random(BATCH) < 0.4).astype(np.int64))
        x, y = mixed(varied(data.pictures[batch, version.to(device)]), games[batch], chance)
        wrong, unlike = losses(eyes, titles, x, y)
        loss = wrong + ALIKE * unlike
        maker.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(eyes.parameters(), 5.0)
        maker.step()
        pace.step()
        torch._foreach_lerp_(list(mean.parameters()), list(eyes.parameters()), max(1 - KEPT, 1 / (step + 1)))
        if step % 300 == 299:
            took = time.monotonic() - began
            told = f"loss {loss.item():.3f}, titles {unlike.item():.3f}, {took:.0f} s"
            print(f"{name}, {rate}: {step + 1} steps, {told}", flush=True)
    return mean.eval()


@torch.inference_mode()
def told(data: Data, rows: NDArray[np.int64], eyes: Eyes) -> NDArray[np.float32]:
    """Log-odds of each unchanged frame."""
    parts = torch.from_numpy(rows).to(data.pictures.device).split(256)
    return torch.cat([eyes(plain(data.pictures[part, 0]))[1][:, 0] for part in parts]).cpu().numpy()


def make(fold: int | None, data: Data, to: Path, device: str) -> None:
    """The trainings of one network, in half precision; of a fold, how they do on families that they never saw."""
    data.pictures = data.pictures.to(device)
    blind = fold_of(data.family) == fold
    name = "all" if fold is None else str(fold)
    titles = Titles(data)
    several = []
    for seed in range(len(RATES)):
        eyes = trained(data, np.flatnonzero(~blind), deepcopy(titles), seed, name)
        several.append({key: value.half().cpu() for key, value in eyes.state_dict().items()})
        torch.save(several, to / f"{name}.pt")
        if fold is not None:
            scores = told(data, np.flatnonzero(blind), averaged(several).to(device))
            print(f"fold {fold}, {seed + 1}: AUC of frames {auc(scores, data.is_game[blind]):.4f}", flush=True)


def main() -> None:
    """Learn, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("packed", type=Path)
    ask.add_argument("--to", type=Path, required=True)
    chosen = ask.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = read(chosen.packed)
    data.pictures.share_memory_()
    print(f"{len(data.family)} frames of {len(np.unique(data.family))} families, on {device}", flush=True)
    work = partial(make, data=data, to=chosen.to, device=device)
    with get_context("spawn").Pool(FOLDS + 1 if device == "cuda" else 1) as pool:
        pool.map(work, [*range(FOLDS), None], chunksize=1)


if __name__ == "__main__":
    main()
