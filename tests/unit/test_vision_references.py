"""What titles look like, on disk: learned, found again, given away, taken in, refused where it cannot be compared."""

import os
import stat
import sys

import pytest
from real_vision import insist_on_vision

from gamedetectd.errors import ReferencesError

np = pytest.importorskip("numpy", reason="the extra vision is not installed")

from gamedetectd.vision.child import references  # noqa: E402
from gamedetectd.vision.child.learning import AS_BEFORE, Collected, farthest  # noqa: E402
from gamedetectd.vision.child.references import MAGIC, References, Store, learned  # noqa: E402

D = 16


def unit(rows, width, seed=0):
    made = np.random.default_rng(seed).standard_normal((rows, width)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def a_title(name="Pitfall!", rows=5, seed=0, game=""):
    return learned(None, name, game, "person", unit(rows, D, seed), abs(unit(rows, references.COLOURS, seed)))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "vision" / "references.gdr", "model-1", D)


def test_what_is_learned_is_found_again_and_for_nobody_else(store, tmp_path):
    assert store.load().known == ()
    store.change(lambda known: known.having(a_title(game="user:pitfall")))
    (found,) = store.load().known
    assert (found.title, found.game, found.origin) == ("Pitfall!", "user:pitfall", "person")
    assert np.abs(found.embeddings - a_title().embeddings).max() < 1e-3
    assert np.abs(np.linalg.norm(found.palettes, axis=1) - 1).max() < 1e-6
    file = tmp_path / "vision" / "references.gdr"
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_decision_gets_one_title_a_row():
    known = References([a_title("A", 2), a_title("B", 3, 1)])
    assert known.titles == ["A", "A", "B", "B", "B"]
    assert known.embeddings.shape == (5, D)
    assert known.palettes.shape == (5, references.COLOURS)
    assert References().embeddings.shape == (0, 0)


def test_learning_more_adds_and_keeps_the_latest(store):
    for seed in range(12):
        store.change(
            lambda known, seed=seed: known.having(
                learned(
                    known.named("pitfall!"),
                    "Pitfall!",
                    "",
                    "person",
                    unit(5, D, seed),
                    unit(5, references.COLOURS, seed),
                )
            )
        )
    (found,) = store.load().known
    assert len(found.embeddings) == references.MOST_OF_ONE
    assert np.abs(found.embeddings[-5:] - unit(5, D, 11)).max() < 1e-3


def test_a_pack_holds_the_same(store, tmp_path):
    store.change(lambda known: known.having(a_title("Ünïcode 龍", 3)))
    store.write_pack(tmp_path / "pack.gdr", store.load())
    (found,) = store.pack(tmp_path / "pack.gdr").known
    assert found.title == "Ünïcode 龍"


def test_references_of_another_model_are_refused_with_a_remedy(store, tmp_path):
    store.change(lambda known: known.having(a_title()))
    file = tmp_path / "vision" / "references.gdr"
    for other in (Store(file, "model-2", D), Store(file, "model-1", D + 1)):
        with pytest.raises(ReferencesError) as caught:
            other.load()
        assert "forget --all" in caught.value.remedy
        with pytest.raises(ReferencesError):
            other.change(lambda known: known)
        with pytest.raises(ReferencesError):
            other.pack(file)
    assert len(store.load().known) == 1, "nothing was lost"
    Store(file, "model-2", D).clear()
    assert store.load().known == ()


@pytest.mark.parametrize("title", ["", "   ", "\x00", "x" * 201])
def test_a_title_that_is_none(title):
    with pytest.raises(ReferencesError):
        references.checked_title(title)
    assert references.checked_title(" a\nb\x1b[1m ") == "a b [1m"


def test_two_learners_do_not_lose_each_others_titles(store, tmp_path):
    from gamedetectd.platforms.file_lock import lock, unlock

    store.change(lambda known: known.having(a_title("A")))
    descriptor = os.open(tmp_path / "vision" / "references.gdr.lock", os.O_RDWR)
    assert lock(descriptor)
    references.LOCK_SECONDS, before = 0.2, references.LOCK_SECONDS
    try:
        with pytest.raises(ReferencesError, match="Another command"):
            store.change(lambda known: known.having(a_title("B")))
    finally:
        references.LOCK_SECONDS = before
        unlock(descriptor)
        os.close(descriptor)
    store.change(lambda known: known.having(a_title("B")))
    assert [one.title for one in store.load().known] == ["A", "B"]


def a_look(embedding, blank=None):
    from gamedetectd.vision.child.eyes import Look

    return Look(blank, embedding, unit(1, references.COLOURS)[0], 0.0, 0.0, "", {})


def test_frames_that_differ_are_chosen():
    rows = unit(6, D)
    collected = Collected()
    assert [collected.add(a_look(row)) for row in rows] == [""] * 6
    assert collected.add(a_look(rows[2])) == AS_BEFORE
    assert collected.add(a_look(rows[0], "black")) == "black"
    assert collected.looked == 8
    assert len(collected.most_different(4)) == 4
    assert collected.most_different(10) == list(range(6))
    assert collected.enough(6)
    assert not collected.enough(7)


def test_of_a_game_that_hardly_changes_its_looks_the_most_different_do():
    base = unit(1, D)[0]
    collected = Collected()
    for number in range(30):
        near = base + 0.08 * unit(1, D, number + 1)[0]
        collected.add(a_look(near / np.linalg.norm(near)))
    assert len(collected.apart) < 5 <= len(collected.looks)
    assert collected.enough(5)
    assert len(set(farthest(np.stack([one.embedding for one in collected.looks]), 5))) == 5


def test_what_is_known_already_is_not_learned_again():
    rows = unit(3, D)
    collected = Collected(known=rows[:2])
    assert [collected.add(a_look(row)) for row in rows] == [AS_BEFORE, AS_BEFORE, ""]


def test_the_models_fingerprint_is_of_what_is_compared():
    insist_on_vision()
    from gamedetectd.vision.model_files import models

    digest, dimensions = references.fingerprint(models())
    assert len(digest) == 32
    assert dimensions > 8
    assert MAGIC.endswith(b"\n")
