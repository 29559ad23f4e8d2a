"""What the eyes say of pictures that are hard to look at, and of models that are not what they should be."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="SKIPPED LOUDLY: the eyes need the extra gamedetectd[vision]")
pytest.importorskip("onnxruntime", reason="SKIPPED LOUDLY: the eyes need the extra gamedetectd[vision]")

from gamedetectd.errors import ModelDamagedError, ModelMissingError, ModelShapeError, PictureError  # noqa: E402
from gamedetectd.vision.child.decision import FRAMES, Sequence  # noqa: E402
from gamedetectd.vision.child.detail import COUNT, detail  # noqa: E402
from gamedetectd.vision.child.eyes import Eyes, Look  # noqa: E402
from gamedetectd.vision.child.heads import Heads  # noqa: E402
from gamedetectd.vision.shape import Shape, shape_of  # noqa: E402

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes.load(MODELS)


def noise(*shape: int, kind: str = "uint8", top: int = 256):
    """Blocks of colour with noise on them: something to see."""
    blocks = np.random.default_rng(3).integers(0, top, (9, 16, *shape[2:]))
    high, wide = -(-shape[0] // 9), -(-shape[1] // 16)
    return np.kron(blocks, np.ones((high, wide, *[1] * len(shape[2:])), int))[: shape[0], : shape[1]].astype(kind)


@pytest.mark.parametrize(
    ("pixels", "why"),
    [
        (np.zeros((600, 800, 3), np.uint8), "black"),
        (np.full((600, 800, 3), 255, np.uint8), "one_colour"),
        (np.full((600, 800, 3), (200, 30, 90), np.uint8), "one_colour"),
        (noise(20, 400, 3), "tiny"),
        (noise(1, 1, 3), "tiny"),
    ],
)
def test_a_picture_without_anything_to_see_is_blank_and_says_why(eyes: Eyes, pixels, why: str) -> None:
    look = eyes.look(pixels)
    assert (look.blank, look.game_logit) == (why, 0.0)
    assert not look.embedding.any()


@pytest.mark.parametrize(
    "pixels",
    [
        noise(2160, 3840, 3),
        noise(720, 1280, 4),
        noise(720, 1280),
        noise(720, 1280, 3, kind="uint16", top=1024),
        noise(720, 1280, 3, kind="uint16", top=65536),
        noise(1280, 720, 3),
        noise(64, 3000, 3),
        noise(720, 1280, 3)[:, ::-1],
        np.rot90(noise(720, 1280, 3)),
    ],
    ids=["4K", "BGRA", "grey", "10 bit", "16 bit", "upright", "a strip", "mirrored view", "rotated"],
)
def test_every_form_of_picture_is_looked_at(eyes: Eyes, pixels) -> None:
    look = eyes.look(pixels)
    assert look.blank is None
    assert np.isfinite(look.game_logit)
    assert np.linalg.norm(look.embedding) == pytest.approx(1, abs=1e-3)
    assert np.linalg.norm(look.palette) == pytest.approx(1, abs=1e-3)
    assert (look.embedding.dtype, look.palette.dtype) == (np.float32, np.float32)


def test_ten_bits_look_like_eight(eyes: Eyes) -> None:
    eight = noise(720, 1280, 3)
    ten = eight.astype(np.uint16) << 2
    assert float(eyes.look(eight).embedding @ eyes.look(ten).embedding) > 0.99


def test_a_large_picture_looks_like_a_small_one_of_the_same(eyes: Eyes) -> None:
    small = noise(720, 1280, 3)
    large = np.kron(small, np.ones((3, 3, 1), np.uint8))
    assert float(eyes.look(small).embedding @ eyes.look(large).embedding) > 0.9


@pytest.mark.parametrize(
    "pixels", [noise(300, 400, 2), noise(300, 400, 3, kind="float64"), np.zeros((0, 5, 3), np.uint8)]
)
def test_what_is_no_picture_is_an_error_with_a_remedy(eyes: Eyes, pixels) -> None:
    with pytest.raises(PictureError) as told:
        eyes.look(pixels)
    assert told.value.code == "GD873"
    assert told.value.remedy


# --- the files ------------------------------------------------------------


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("features.onnx", "heads.npz", "manifest.toml"):
        shutil.copy(MODELS / name, tmp_path / name)
    return tmp_path


def rehashed(models: Path) -> None:
    """A manifest that vouches for whatever lies there."""
    rows = [f'[[model]]\nfile = "{n}"\nsha256 = "{hashlib.sha256((models / n).read_bytes()).hexdigest()}"\n'
            for n in ("features.onnx", "heads.npz")]  # fmt: skip
    (models / "manifest.toml").write_text("format = 1\n" + "".join(rows))


@pytest.mark.parametrize("name", ["features.onnx", "heads.npz", "manifest.toml"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / name).unlink()
    with pytest.raises(ModelMissingError, match=name) as told:
        Eyes.load(models)
    assert told.value.code == "GD870"


@pytest.mark.parametrize("name", ["features.onnx", "heads.npz"])
def test_one_changed_byte_is_noticed(models: Path, name: str) -> None:
    content = bytearray((models / name).read_bytes())
    content[len(content) // 2] ^= 1
    (models / name).write_bytes(content)
    with pytest.raises(ModelDamagedError, match=name) as told:
        Eyes.load(models)
    assert told.value.code == "GD871"


@pytest.mark.parametrize(
    ("manifest", "error"),
    [
        ("format = 1\nmodel = 3", ModelDamagedError),
        ("not toml", ModelDamagedError),
        ("", ModelDamagedError),
        ("format = 2\nmodel = []", ModelShapeError),
    ],
)
def test_a_manifest_of_another_kind(models: Path, manifest: str, error: type[Exception]) -> None:
    (models / "manifest.toml").write_text(manifest)
    with pytest.raises(error):
        Eyes.load(models)


def test_files_cut_short_are_damaged_even_where_the_manifest_vouches_for_them(models: Path) -> None:
    for name in ("features.onnx", "heads.npz"):
        whole = (models / name).read_bytes()
        (models / name).write_bytes(whole[: len(whole) // 2])
        rehashed(models)
        with pytest.raises(ModelDamagedError, match=name):
            Eyes.load(models)
        (models / name).write_bytes(whole)


def test_heads_of_another_shape(models: Path) -> None:
    with np.load(models / "heads.npz") as have:
        numbers = dict(have)
    np.savez(models / "heads.npz", **{**numbers, "title_sights": numbers["title_sights"][:, :-1]})
    rehashed(models)
    with pytest.raises(ModelShapeError, match="title_sights") as told:
        Eyes.load(models)
    assert told.value.code == "GD872"
    del numbers["titles"]
    np.savez(models / "heads.npz", **numbers)
    rehashed(models)
    with pytest.raises(ModelShapeError, match="titles"):
        Eyes.load(models)


def test_a_network_of_another_shape(models: Path) -> None:
    # Smallest of ONNX models, by hand: an identity on one float, "x" to "y".
    value = lambda name: b"\n\x01" + name + b"\x12\x0e\n\x0c\x08\x01\x12\x08\n\x02\x08\x01\n\x02\x08\x01"  # noqa: E731
    node = b'\n\x01x\x12\x01y"\x08Identity'
    graph = b"\n" + bytes([len(node)]) + node + b"\x12\x01g" + b"Z" + bytes([len(value(b"x"))]) + value(b"x")
    graph += b"b" + bytes([len(value(b"y"))]) + value(b"y")
    (models / "features.onnx").write_bytes(b"\x08\x08" + b":" + bytes([len(graph)]) + graph + b"B\x04\n\x00\x10\x11")
    rehashed(models)
    with pytest.raises(ModelShapeError, match=r"features\.onnx takes"):
        Eyes.load(models)


def test_the_manifest_tells_what_is_there() -> None:
    manifest = tomllib.loads((MODELS / "manifest.toml").read_text())
    whole = 0
    for row in manifest["model"]:
        content = (MODELS / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        assert len(content) == row["bytes"]
        assert (MODELS / row["card"]).is_file()
        assert row["licence"]
        assert row["recipe"]
        whole += len(content)
    assert whole <= 10_000_000
    assert {"LICENSE", "NOTICE"} <= {path.name for path in MODELS.iterdir()}


# --- how a picture is drawn ----------------------------------------------------------------


def test_a_picture_is_told_by_how_it_is_drawn() -> None:
    plain = np.full((224, 224, 3), 240, np.uint8)
    lines = plain.copy()
    lines[::16] = 0
    noise = np.random.default_rng(3).integers(0, 255, (224, 224, 3)).astype(np.uint8)
    told = {name: detail(one) for name, one in (("plain", plain), ("lines", lines), ("noise", noise))}
    assert all(one.shape == (COUNT,) and np.isfinite(one).all() for one in told.values())
    flat, straight = ({name: one[n] for name, one in told.items()} for n in (0, 4))
    assert flat["plain"] == 1 > flat["lines"] > 0.8 > 0.1 > flat["noise"]
    assert straight["lines"] > 0.9 > straight["noise"] > straight["plain"] == 0
    np.testing.assert_array_equal(told["lines"][[6, 7, 9, 10]], [np.float32(27 / 223), 1, 0, 0])
    colours = {name: one[-3:] for name, one in told.items()}
    assert colours["plain"].tolist() == pytest.approx([0, 0, 1])
    assert colours["noise"][0] > 6 > colours["lines"][1]


def tree(asks: object, lines: object, adds: object) -> Heads:
    return heads_with(detail_asks=asks, detail_lines=lines, detail_adds=adds)


def test_trees_ask_three_times_and_add_up() -> None:
    first, second = [0, 1, 2, 3, 4, 5, 6], [7] * 7
    heads = tree([first, second], np.zeros((2, 7)), [range(1, 9), [0] * 7 + [100]])
    numbers = np.full(COUNT, -1, np.float32)
    assert heads.of_detail(numbers) == 1
    numbers[[0, 5]] = 1  # right, left, then right: 2, 5
    assert heads.of_detail(numbers) == 6
    numbers[7] = 1
    assert heads.of_detail(numbers) == 106


@pytest.mark.parametrize("rows", [([[COUNT] * 7], 1, 1), ([[-1] * 7], 1, 1), ([[0] * 7], 2, 1), ([[0] * 7], 1, 2)])
def test_trees_that_do_not_fit_are_refused(rows: tuple[object, int, int]) -> None:
    asks, lines, adds = rows
    with pytest.raises(ModelShapeError, match="trees"):
        tree(asks, np.zeros((lines, 7)), np.zeros((adds, 8)))


# --- from frames to a decision ------------------------------------------------------------


def heads_with(**numbers: object) -> Heads:
    with np.load(MODELS / "heads.npz") as have:
        return Heads({**have, **{name: np.float32(value) for name, value in numbers.items()}})


HEADS = {"sequence": [1, 0, 2, -2], "shapes": [1.5, -0.5], "titles": [0.5, 0.8, 0, 0.9, 0]}


def seen(logit: float = 0.0, *, at: int = 0, colour: int = 0, blank: str | None = None, shape: Shape = "") -> Look:
    """A look along one axis of the embedding and of the palette."""
    embedding, palette = np.zeros(4, np.float32), np.zeros(216, np.float32)
    embedding[at], palette[colour] = 1, 1
    return Look(blank, embedding, palette, logit, 0.0, shape, {})


class Known:
    """References for two titles."""

    titles = ("One", "Two")
    embeddings = np.eye(4, dtype=np.float32)[:2]
    palettes = np.eye(216, dtype=np.float32)[:2]


@pytest.mark.parametrize(("logit", "answer"), [(3, "game"), (-3, "not_game"), (1, "unknown"), (-1, "unknown")])
def test_five_frames_make_a_decision_and_none_before(logit: float, answer: str) -> None:
    sequence = Sequence(heads_with(**HEADS))
    told = [sequence.add(seen(logit)) for _ in range(FRAMES + 1)]
    assert [one.decision for one in told] == ["unknown"] * 4 + [answer] * 2
    assert (told[-1].probability > 0.5) == (logit > 0)
    assert [one.frames for one in told] == [1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (640, 480, "mode"),
        (416, 312, "mode"),
        (1280, 1024, "mode"),
        (256, 224, "mode"),
        (160, 144, "mode"),
        (700, 700, "mode"),
        (1920, 1080, ""),
        (1280, 800, ""),
        (3440, 1440, ""),
        (5120, 1440, ""),
        (800, 533, ""),
        (480, 640, ""),
        (1920, 1009, "wide"),
        (1280, 677, "wide"),
        (416, 220, "wide"),
        (1000, 20, "wide"),
        (1, 1, "mode"),
    ],
)
def test_the_shape_of_a_window(width: int, height: int, shape: str) -> None:
    assert shape_of(width, height) == shape


def test_a_shape_adds_to_what_is_seen() -> None:
    told = {}
    for shape in ("mode", "wide", ""):
        sequence = Sequence(heads_with(**HEADS))
        told[shape] = [sequence.add(seen(1, shape=shape)) for _ in range(FRAMES)][-1]
    assert [one.decision for one in told.values()] == ["game", "unknown", "unknown"]
    assert told["wide"].probability < told[""].probability < told["mode"].probability


def test_blank_frames_decide_nothing() -> None:
    sequence = Sequence(heads_with(**HEADS))
    for _ in range(2 * FRAMES):
        told = sequence.add(seen(9, blank="black"), Known())
    assert (told.decision, told.probability, told.frames, told.title, told.decided_title) == (
        "unknown",
        0.5,
        0,
        None,
        None,
    )
    for _ in range(FRAMES - 1):
        sequence.add(seen(3))
        told = sequence.add(seen(blank="black"))
        assert told.decision == "unknown"
    assert sequence.add(seen(3)).decision == "game"


def test_a_title_is_decided_by_three_of_five() -> None:
    sequence = Sequence(heads_with(**HEADS))
    looks = [seen(at=0), seen(at=3, colour=9), seen(at=0), seen(at=1, colour=1), seen(at=0)]
    told = [sequence.add(look, Known()) for look in looks]
    assert [one.title for one in told] == ["One", None, "One", "Two", "One"]
    assert [one.decided_title for one in told] == [None] * 4 + ["One"]
    assert told[0].title_score == pytest.approx(1)


def test_colours_count_for_windows_and_not_for_streams() -> None:
    other_colours = seen(at=0, colour=50)
    assert Sequence(heads_with(**HEADS)).add(other_colours, Known()).title is None
    assert Sequence(heads_with(**HEADS), stream=True).add(other_colours, Known()).title == "One"


def test_to_look_as_programs_look_anyhow_is_no_likeness() -> None:
    usual = {"title_whitening": np.zeros((1280, 4)), "title_sights": np.eye(4)[1:2]}
    heads = heads_with(sequence=HEADS["sequence"], titles=[0, 0.5, 0.5, 0.5, 10], **usual)
    sequence = Sequence(heads)
    told = [sequence.add(seen(at=0), Known()), sequence.add(seen(at=1), Known())]
    assert [one.title for one in told] == ["One", None]
    assert [one.title_score for one in told] == pytest.approx([1, 1])


def test_without_references_there_is_no_title() -> None:
    told = Sequence(heads_with(**HEADS)).add(seen())
    assert (told.title, told.title_score) == (None, 0.0)
