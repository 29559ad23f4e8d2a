"""Which title it is: how embeddings are whitened, where "near enough" ends, and how well that does.

The trial is the one a person makes: five references of one session of a game, then another session of it. Every other
family's frames, games and applications, are unknowns that must not be named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from table import FRAMES, Table

KEPT = 160
"""Numbers of a whitened embedding."""
SHRUNK = 0.3
"""Share of the mean variance that is added to each component's before dividing by it: rare directions are noise."""
REFERENCES = 5
NEAR_DUPLICATE = 0.995
"""Frames as near as this to one that was kept before are left out, in references and in what is tried."""
UNKNOWNS = 0.005
"""Share of unknown fives that may be named at the lowest line that is thought of; the aim is 0.01."""
NAMED = {"": 0.85, "stream": 0.8}
"""Share of known fives that must be named right at the highest."""
STRICT = 0.25
"""Where between the two the line is drawn: families never seen are taken for others more often than those learned."""
NEIGHBOURS = 10
"""Of the usual sights, so many nearest ones say how near anything is to a picture anyhow."""
SHARE = 0.5
"""How much of that is taken off a likeness, for the picture and for the reference."""
COLOUR = (0.0, 0.2, 0.3, 0.4, 0.5)
"""Weights of colours that are tried."""

Numbers = NDArray[np.float32]


def whitening(table: Table) -> tuple[Numbers, Numbers]:
    """(1280,) and (1280, KEPT): the mean, and what makes frames of one title differ alike in every direction."""
    embedding = table.embedding.astype(np.float64)
    mean = embedding.mean(0)
    places = np.unique(table.session, return_inverse=True)[1]
    centres = np.stack([embedding[places == place].mean(0) for place in range(places.max() + 1)])
    _, vectors = np.linalg.eigh(np.cov(np.concatenate([centres, embedding[::4]]).T))
    base = vectors[:, ::-1][:, :KEPT]
    noise = SHRUNK * ((embedding - mean) @ base).var(0).mean()
    variance, turn = np.linalg.eigh(np.cov(((embedding - centres[places]) @ base).T) + noise * np.eye(KEPT))
    return mean.astype(np.float32), (base @ (turn / np.sqrt(variance))).astype(np.float32)


@dataclass
class Sights:
    """What pictures of programs look like in general: the middle of each session, and its family."""

    rows: Numbers
    family: NDArray[np.generic]

    @classmethod
    def of(cls, table: Table, rows: Numbers) -> Sights:
        """Of all sessions' unchanged frames."""
        plain = table.change == ""
        sessions = np.unique(table.session[plain])
        middle = np.stack([rows[plain & (table.session == session)].mean(0) for session in sessions])
        family = np.array([table.family[table.session == session][0] for session in sessions])
        return cls((middle / np.linalg.norm(middle, axis=1, keepdims=True)).astype(np.float32), family)

    def usual(self, rows: Numbers, family: str) -> Numbers:
        """How near each row is to what is there anyhow, its own family left out."""
        near = np.sort(rows @ self.rows[self.family != family].T, axis=1)
        usual: Numbers = near[:, -NEIGHBOURS:].mean(1)
        return usual


def turned(table: Table, mean: Numbers, matrix: Numbers) -> Numbers:
    """Whitened, each of length one."""
    rows = (table.embedding - mean) @ matrix
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def spread(rows: Numbers, count: int) -> list[int]:
    """Numbers of the ``count`` rows that are furthest from each other, beginning with the first."""
    chosen = [0]
    nearest = rows @ rows[0]
    while len(chosen) < min(count, len(rows)):
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    return chosen


def without_duplicates(rows: Numbers, seen: Numbers) -> list[int]:
    """Those that are near neither to one of ``seen`` nor to one before."""
    kept: list[int] = []
    for number, row in enumerate(rows):
        have = np.concatenate([seen, rows[kept]])
        if not len(have) or float((have @ row).max()) < NEAR_DUPLICATE:
            kept.append(number)
    return kept


@dataclass
class Trial:
    """Every five frames that were tried: what they were most like, how much, and what they were."""

    likeness: list[NDArray[np.float32]]
    """(5, titles): of each frame to the best reference of each title."""
    truth: list[int]
    """The title's number; -1 for an unknown."""
    family: list[str]
    titles: list[str]

    def outcome(self, line: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Known, top-1 right (vote), named right, and named at all: one for each five."""
        known = np.array(self.truth) >= 0
        top, right, named = [], [], []
        for likeness, truth in zip(self.likeness, self.truth, strict=True):
            best = likeness.argmax(1)
            top.append(Counter(best.tolist()).most_common(1)[0][0] == truth)
            votes = Counter(best[likeness.max(1) >= line].tolist()).most_common(1)
            title = votes[0][0] if votes and votes[0][1] > FRAMES // 2 else None
            right.append(title is not None and title == truth)
            named.append(title is not None)
        return known, np.array(top), np.array(right), np.array(named)

    def line(self, named: float) -> float:
        """Between the lowest line that names few enough unknowns and the highest that names so many right."""
        third = np.array([np.sort(row.max(1))[FRAMES // 2] for row in self.likeness])
        known, top, _, _ = self.outcome(-1)
        low = float(np.quantile(third[~known], 1 - UNKNOWNS))
        high = float(np.quantile(np.where(top, third, -1)[known], 1 - named))
        return low + STRICT * max(0.0, high - low)


def trial(table: Table, rows: Numbers, sights: Sights, colour: float, change: str) -> Trial:
    """References of each game with two sessions; tried on the second sessions and on everybody else's frames."""
    plain = np.flatnonzero((table.change == "") & table.is_game)
    sessions = {str(s) for s in table.session}
    names = sorted({str(n) for n in table.name[plain]})
    titles = [name for name in names if f"{name}@2" in sessions and name in sessions]
    references, owners = [], []
    for number, name in enumerate(titles):
        own = plain[table.session[plain] == name]
        chosen = own[spread(rows[own], REFERENCES)]
        references += chosen.tolist()
        owners += [number] * len(chosen)
    often = np.concatenate([sights.usual(rows[[one]], str(table.family[one])) for one in references])
    done = Trial([], [], [], titles)
    for session in sorted(sessions):
        own = np.flatnonzero((table.session == session) & (table.change == change))
        own = own[np.argsort(table.number[own])]
        if session in titles or not len(own):
            continue
        name, family = str(table.name[own[0]]), str(table.family[own[0]])
        truth = titles.index(name) if name in titles else -1
        own = own[without_duplicates(rows[own], rows[references][[o == truth for o in owners]])]
        use = np.array([o == truth or str(table.family[references[n]]) != family for n, o in enumerate(owners)])
        near = (1 - colour) * rows[own] @ rows[references].T + colour * table.palette[own] @ table.palette[references].T
        near = near - SHARE * (sights.usual(rows[own], family)[:, None] + often)
        near[:, ~use] = -1
        best = np.stack([near[:, np.array(owners) == number].max(1) for number in range(len(titles))], 1)
        for end in range(FRAMES, len(own) + 1):
            done.likeness.append(best[end - FRAMES : end])
            done.truth.append(truth)
            done.family.append(family)
    return done


def frozen(table: Table, mean: Numbers, matrix: Numbers) -> list[float]:
    """Weight of colours, the line for windows and the line for streams."""
    rows = turned(table, mean, matrix)
    sights = Sights.of(table, rows)
    found = []
    for colour in COLOUR:
        tried = trial(table, rows, sights, colour, "")
        known, top, right, _ = tried.outcome(line := tried.line(NAMED[""]))
        found.append((float(right[known].mean()), colour, line))
        print(f"colour {colour}: top-1 {top[known].mean():.3f}, named right {right[known].mean():.3f} at {line:.3f}")
    _, colour, line = max(found)
    streamed = trial(table, rows, sights, 0.0, "stream")
    far = streamed.line(NAMED["stream"])
    known, top, right, _ = streamed.outcome(far)
    print(f"stream: top-1 {top[known].mean():.3f}, named right {right[known].mean():.3f} at {far:.3f}")
    return [colour, line, SHARE, far, NEIGHBOURS]
