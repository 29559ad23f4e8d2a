"""What strangers give to the eyes: pictures and packs made to harm. Each is a clear error that names the file."""

import io
import json
import os
import struct
import sys
import zlib

import pytest
from real_vision import eyes_for, insist_on_vision

from gamedetectd.errors import PictureError, ReferencesError
from gamedetectd.vision import wire

np = pytest.importorskip("numpy", reason="the extra vision is not installed")

from PIL import Image  # noqa: E402

from gamedetectd.vision.child import files, references  # noqa: E402

D = 4
WIDTH = D + references.COLOURS


def png(width, height, body=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(form, size=(80, 60), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **options)
    return out.getvalue()


PICTURES = {
    "nothing": b"",
    "text": b"root:x:0:0\n",
    "a bomb of 60000 x 60000": png(60_000, 60_000, zlib.compress(bytes(10_000_000))),
    "wide": png(100_000, 400),
    "no pixels": png(0, 0),
    "cut off": saved("PNG", (500, 500))[:200],
    "damaged": saved("JPEG")[:300] + b"\xff" * 300,
    "a program for Ghostscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nquit\n",
    "a form that nobody uses": saved("ICO", (64, 64)),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
}


@pytest.mark.parametrize("what", PICTURES)
def test_a_picture_that_is_none_is_said_by_its_name(what, tmp_path):
    file = tmp_path / "hostile.png"
    file.write_bytes(PICTURES[what])
    with pytest.raises(PictureError, match=r"hostile\.png") as caught:
        files.read(file)
    assert caught.value.remedy


def test_what_is_no_file_holds_nobody_up(tmp_path):
    for place in (tmp_path, tmp_path / "nothing", tmp_path / ("x" * 300), "/dev/zero"):
        with pytest.raises(PictureError):
            files.read(type(tmp_path)(place))
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(PictureError):
            files.read(tmp_path / "pipe")


GOOD = {
    "PNG": {},
    "JPEG": {},
    "BMP": {},
    "GIF": {"mode": "P"},
    "TIFF": {},
    "PPM": {},
    "PNG of 16 bits of grey": {"mode": "I;16"},
    "PNG with alpha": {"mode": "RGBA"},
    "PNG of one bit": {"mode": "1"},
    "JPEG for print": {"mode": "CMYK"},
}


@pytest.mark.parametrize("what", GOOD)
def test_pictures_of_every_common_form_are_read(what, tmp_path):
    file = tmp_path / "picture"
    file.write_bytes(saved(what.split()[0], **GOOD[what]))
    assert files.read(file).shape == (60, 80, 3)


def test_the_child_outlives_hostile_pictures_and_goes_on(tmp_path):
    insist_on_vision()
    file = tmp_path / "bomb.png"
    file.write_bytes(PICTURES["a bomb of 60000 x 60000"])
    good = tmp_path / "good.png"
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)
    Image.fromarray(noise).save(good)
    with eyes_for(tmp_path) as eyes:
        with pytest.raises(PictureError, match=r"bomb\.png"):
            list(eyes.ask(wire.LookAtPicture(str(file))))
        (seen,) = eyes.ask(wire.LookAtPicture(str(good)))
    assert seen.size == (300, 200)


def pack(
    rows=((("title", "A"), ("rows", 2)),), body=None, model="m", dimensions=D, colours=references.COLOURS, sha=None
):
    import hashlib

    rows = [dict(row) for row in rows]
    if body is None:
        count = sum(row.get("rows", 0) for row in rows if isinstance(row.get("rows"), int) and row["rows"] < 1000)
        body = np.ones((count, WIDTH), "<f2").tobytes()
    head = {
        "model": model, "dimensions": dimensions, "colours": colours, "titles": rows,
        "sha256": hashlib.sha256(body).hexdigest() if sha is None else sha,
    }  # fmt: skip
    return references.MAGIC + json.dumps(head).encode() + b"\n" + body


def row(**fields):
    return tuple({"title": "A", "rows": 2, **fields}.items())


ONES = np.ones((2, WIDTH), "<f2")
NOT_A_NUMBER, NOTHING = ONES.copy(), ONES.copy()
NOT_A_NUMBER[1, 3] = np.nan
NOTHING[0, :D] = 0
PACKS = {
    "nothing": b"",
    "another file": b"PK\x03\x04" + bytes(1000),
    "no head": references.MAGIC,
    "a head without an end": references.MAGIC + b"{" * 5_000_000,
    "a head that is no JSON": references.MAGIC + b"{\n",
    "a head as deep as the sea": references.MAGIC + b"[" * 100_000 + b"\n",
    "more rows than it holds": pack([row(rows=3)], ONES.tobytes()),
    "fewer rows than it holds": pack([row(rows=1)], ONES.tobytes()),
    "rows beyond all bounds": pack([row(rows=2**62)], ONES.tobytes()),
    "rows that cancel out": pack([row(rows=4), row(title="B", rows=-2)], ONES.tobytes()),
    "no rows": pack([row(rows=0)], b""),
    "rows of another width": pack(dimensions=D + 1),
    "other colours": pack(colours=8),
    "another model": pack(model="x"),
    "another sum": pack(sha="0" * 64),
    "cut off": pack()[:-1],
    "longer": pack() + b"\0",
    "not a number": pack(body=NOT_A_NUMBER.tobytes()),
    "infinite": pack(body=(ONES * np.float16(np.inf)).tobytes()),
    "a reference of no length": pack(body=NOTHING.tobytes()),
    "a title twice": pack([row(rows=1), row(title="a", rows=1)], ONES.tobytes()),
    "a title of nothing": pack([row(title="\x1b\x07")]),
    "a title without an end": pack([row(title="x" * 10_000)]),
    "too many of one": pack([row(rows=41)]),
    "text for a number": pack([row(rows="2")], ONES.tobytes()),
}


@pytest.mark.parametrize("what", PACKS)
def test_a_hostile_pack_is_refused_by_its_name(what, tmp_path):
    file = tmp_path / "hostile.gdr"
    file.write_bytes(PACKS[what])
    with pytest.raises(ReferencesError, match=r"hostile\.gdr") as caught:
        references.Store(tmp_path / "own.gdr", "m", D).pack(file)
    assert caught.value.remedy


def test_a_good_pack_is_taken_and_what_it_says_is_made_harmless(tmp_path):
    file = tmp_path / "good.gdr"
    file.write_bytes(pack([row(title="A\x1b[31m\n", learned_at="\x1b" * 500, origin="o" * 500, game="g")]))
    (one,) = references.Store(tmp_path / "own.gdr", "m", D).pack(file).known
    assert "\x1b" not in one.title + one.learned_at + one.origin
    assert max(map(len, (one.learned_at, one.origin))) <= 40


@pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are POSIX's")
def test_references_that_others_may_write_are_not_used(tmp_path):
    from gamedetectd.errors import PermissionsError

    file = tmp_path / "own.gdr"
    file.write_bytes(pack())
    file.chmod(0o666)
    with pytest.raises(PermissionsError):
        references.Store(file, "m", D).load()
    file.unlink()
    (tmp_path / "elsewhere").write_bytes(pack())
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionsError):
        references.Store(file, "m", D).load()
