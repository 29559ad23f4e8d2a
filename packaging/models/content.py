"""Something to show for programs that are blank without: pictures, a comic, a clip, music, models.

    python packaging/models/content.py COMMAND…
    python packaging/models/content.py page NAME [CHROMIUM'S OPTIONS…]

Everything is made in the working directory, the same each time. ``page`` opens ``pages/NAME.html`` in Chromium, with
npm's ``node_modules`` beside it, found by the ``node_modules/.bin`` on PATH. Needs Pillow and numpy.
"""

from __future__ import annotations

import math
import os
import random
import shutil
import struct
import subprocess
import sys
import wave
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

PAGES = Path(__file__).with_name("pages")
SIZE = (960, 640)
CHROMIUM = (
    "chromium --no-sandbox --test-type --no-first-run --disable-sync --password-store=basic --user-data-dir=profile"
    " --allow-file-access-from-files --autoplay-policy=no-user-gesture-required --use-gl=angle --use-angle=swiftshader"
    " --enable-unsafe-swiftshader --window-size=1280,720 --window-position=0,0"
)
Colour = tuple[int, int, int]


def colour(chance: random.Random, low: int = 30, high: int = 245) -> Colour:
    """A colour, as bright as allowed."""
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def sky(chance: random.Random, size: tuple[int, int] = SIZE) -> Image.Image:
    """From one colour above to another below."""
    above, below = np.array(colour(chance)), np.array(colour(chance, 120))
    part = np.linspace(0, 1, size[1])[:, None, None]
    return Image.fromarray(np.broadcast_to(above * (1 - part) + below * part, (size[1], size[0], 3)).astype(np.uint8))


def landscape(chance: random.Random) -> Image.Image:
    """A sun, and hills one behind the other."""
    picture = sky(chance)
    draw = ImageDraw.Draw(picture)
    x, y, r = chance.randint(100, 860), chance.randint(60, 300), chance.randint(25, 80)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 240, chance.randint(120, 240)))
    for hill in range(5):
        phases = [chance.uniform(0, 6) for _ in range(4)]
        line = [
            (at, 300 + 60 * hill + sum(40 / (n + 1) * math.sin(at / (170 / (n + 1)) + p) for n, p in enumerate(phases)))
            for at in range(0, SIZE[0] + 8, 8)
        ]
        draw.polygon([*line, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=colour(chance, 20, 200 - 25 * hill))
    noise = np.random.default_rng(chance.randint(0, 999)).normal(0, 6, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def flowers(chance: random.Random) -> Image.Image:
    """Blossoms before something green and blurred."""
    picture = sky(chance)
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, r = chance.randint(0, 960), chance.randint(0, 640), chance.randint(20, 90)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(chance.randint(0, 90), chance.randint(80, 200), 60))
    picture = picture.filter(ImageFilter.GaussianBlur(18))
    draw = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y, r, petals, tint = (
            *(chance.randint(80, 560) for _ in range(2)),
            chance.randint(30, 90),
            9,
            colour(chance),
        )
        for n in range(petals):
            a, b = x + r * math.cos(n * 6.283 / petals), y + r * math.sin(n * 6.283 / petals)
            draw.ellipse((a - r / 2, b - r / 2, a + r / 2, b + r / 2), fill=tint, outline=(60, 20, 40))
        draw.ellipse((x - r / 2, y - r / 2, x + r / 2, y + r / 2), fill=(250, 200, 40))
    return picture


def fractal(chance: random.Random) -> Image.Image:
    """A Julia set, coloured."""
    x, y = np.meshgrid(np.linspace(-1.5, 1.5, SIZE[0]), np.linspace(-1, 1, SIZE[1]))
    z, c, count = x + 1j * y, complex(chance.uniform(-0.85, -0.7), chance.uniform(0.1, 0.25)), np.zeros(x.shape)
    for _ in range(50):
        inside = np.abs(z) < 2
        z[inside] = z[inside] ** 2 + c
        count += inside
    turns = [chance.uniform(0.05, 0.3) for _ in range(3)]
    return Image.fromarray(np.stack([127 + 127 * np.sin(count * t + t) for t in turns], -1).astype(np.uint8))


def people(chance: random.Random) -> Image.Image:
    """Faces as a child draws them, before a wall."""
    picture = sky(chance)
    draw = ImageDraw.Draw(picture)
    for at in range(chance.randint(1, 4)):
        x, y, r, skin = 160 + 210 * at, 300, 90, chance.choice([(240, 200, 170), (190, 140, 100), (110, 70, 50)])
        draw.rectangle((x - r, y + 80, x + r, 640), fill=colour(chance))
        draw.ellipse((x - r, y - 110, x + r, y + 60), fill=colour(chance, 10, 120))
        draw.ellipse((x - 70, y - 90, x + 70, y + 100), fill=skin)
        for eye in (-28, 28):
            draw.ellipse((x + eye - 12, y - 22, x + eye + 12, y + 2), fill="white")
            draw.ellipse((x + eye - 5, y - 15, x + eye + 5, y - 5), fill="black")
        draw.arc((x - 35, y + 10, x + 35, y + 70), 20, 160, fill=(160, 30, 40), width=6)
    return picture


def blocks(chance: random.Random) -> Image.Image:
    """A poster: large shapes and words."""
    picture = Image.new("RGB", SIZE, colour(chance))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, w, h = (
            chance.randint(-80, 900),
            chance.randint(-80, 600),
            chance.randint(40, 400),
            chance.randint(40, 300),
        )
        (draw.rectangle if chance.random() < 0.5 else draw.ellipse)((x, y, x + w, y + h), fill=colour(chance))
    for n, word in enumerate(("SUMMER", "FESTIVAL", "of music and light")):
        draw.text((60, 380 + 70 * n), word, fill="white", font_size=64)
    return picture


KINDS = (landscape, flowers, fractal, people, blocks)


def pictures(to: Path, count: int = 15) -> list[Path]:
    """Pictures of all kinds, as photo00.jpg and so on."""
    to.mkdir(exist_ok=True)
    paths = [to / f"photo{n:02d}.jpg" for n in range(count)]
    for n, path in enumerate(paths):
        KINDS[n % len(KINDS)](random.Random(n)).save(path, quality=88)
    return paths


def comic(to: Path, photos: list[Path]) -> None:
    """Pages of panels with speech: comic.cbz and book.pdf."""
    pages = []
    for number in range(6):
        chance, page = random.Random(100 + number), Image.new("RGB", (900, 1270), "white")
        draw = ImageDraw.Draw(page)
        for n in range(6):
            x, y = 20 + 435 * (n % 2), 20 + 415 * (n // 2)
            page.paste(Image.open(chance.choice(photos)).resize((425, 405)), (x, y))
            draw.rectangle((x, y, x + 425, y + 405), outline="black", width=6)
            draw.ellipse((x + 30, y + 15, x + 300, y + 110), fill="white", outline="black", width=3)
            draw.text(
                (x + 65, y + 45),
                chance.choice(["Look at that!", "Where are we?", "Never again.", "Ha!"]),
                "black",
                font_size=26,
            )
        pages.append(page)
    pages[0].save(to / "book.pdf", save_all=True, append_images=pages[1:])
    with zipfile.ZipFile(to / "comic.cbz", "w") as archive:
        for number, page in enumerate(pages):
            page.save(to / "page.png")
            archive.write(to / "page.png", f"{number:03d}.png")


def model(to: Path) -> None:
    """A knot as model.stl and, with colours, model.ply and model.obj."""
    along, around = 160, 24
    t, u = np.meshgrid(np.linspace(0, 2 * np.pi, along), np.linspace(0, 2 * np.pi, around), indexing="ij")
    middle = np.stack([(2 + np.cos(3 * t)) * np.cos(2 * t), (2 + np.cos(3 * t)) * np.sin(2 * t), np.sin(3 * t)], -1)
    out = np.stack([np.cos(2 * t) * np.cos(u), np.sin(2 * t) * np.cos(u), np.sin(u)], -1)
    points = (middle + 0.4 * out).reshape(-1, 3)
    tint = (127 + 127 * np.sin(np.stack([t, t + 2, t + 4], -1))).astype(int).reshape(-1, 3)
    corner = [i * around + j for i in range(along - 1) for j in range(around - 1)]
    faces = [f for c in corner for f in ((c, c + 1, c + around), (c + 1, c + around + 1, c + around))]
    head = f"ply\nformat ascii 1.0\nelement vertex {len(points)}\n" + "".join(f"property float {a}\n" for a in "xyz")
    head += "".join(f"property uchar {a}\n" for a in ("red", "green", "blue"))
    head += f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    rows = [f"{x:.4f} {y:.4f} {z:.4f} {r} {g} {b}" for (x, y, z), (r, g, b) in zip(points, tint, strict=True)]
    (to / "model.ply").write_text(head + "\n".join([*rows, *(f"3 {a} {b} {c}" for a, b, c in faces)]) + "\n")
    lines = [f"v {x:.4f} {y:.4f} {z:.4f}" for x, y, z in points]
    (to / "model.obj").write_text("\n".join([*lines, *(f"f {a + 1} {b + 1} {c + 1}" for a, b, c in faces)]) + "\n")
    solid = b"".join(struct.pack("<12fH", 0, 0, 0, *points[list(f)].ravel(), 0) for f in faces)
    (to / "model.stl").write_bytes(bytes(80) + struct.pack("<I", len(faces)) + solid)


def music(to: Path) -> None:
    """Twelve seconds of tones: song.wav; and song.mod of four channels."""
    rate, chance = 22050, random.Random(5)
    notes = [chance.choice([220, 262, 294, 330, 392, 440, 523]) for _ in range(48)]
    t = np.arange(rate // 4) / rate
    sound = np.concatenate([np.sin(2 * np.pi * n * t) * np.exp(-4 * t) + 0.2 * np.sin(np.pi * n * t) for n in notes])
    with wave.open(str(to / "song.wav"), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 20000).astype("<i2").tobytes())
    sample = (100 * np.sin(np.linspace(0, 2 * np.pi, 64))).astype(np.int8).tobytes()
    names = b"tone".ljust(22, b"\0") + struct.pack(">HBBHH", 32, 0, 64, 0, 32) + bytes(30) * 30
    periods = (428, 381, 339, 320, 285, 254, 226)
    cells = b"".join(struct.pack(">HH", p, 0x1000) for p in (chance.choice(periods) for _ in range(64 * 4 * 4)))
    order = bytes([4, 127, 0, 1, 2, 3]) + bytes(124)
    (to / "song.mod").write_bytes(b"a song".ljust(20, b"\0") + names + order + b"M.K." + cells + sample)


def clip(to: Path) -> None:
    """Ten seconds of moving colours: clip.webm."""
    source = "av://lavfi:life=s=320x180:mold=10:r=12:ratio=0.2:death_color=#C83232:life_color=#00ff00,scale=640:360"
    command = [
        "mpv",
        "--no-config",
        source,
        "--length=10",
        "--ovc=libvpx",
        "--ovcopts=cpu-used=8,deadline=realtime,b=1500k",
    ]
    subprocess.run([*command, f"--o={to / 'clip.webm'}"], capture_output=True, check=False, timeout=60)


def made(to: Path) -> None:
    """All of it."""
    comic(to, pictures(to / "pictures"))
    model(to)
    music(to)
    clip(to)


def main() -> None:
    """Make, then become the program."""
    here, command = Path.cwd(), sys.argv[1:]
    if command[0] == "page":
        pictures(here / "pictures")
        if "clip.webm" in (PAGES / f"{command[1]}.html").read_text():
            clip(here)
        for path in PAGES.iterdir():
            shutil.copy(path, here)
        parts = [Path(p).parent for p in os.environ["PATH"].split(os.pathsep) if p.endswith("node_modules/.bin")]
        if parts:
            (here / "node_modules").symlink_to(parts[0])
        command = [*CHROMIUM.split(), *command[2:], f"--app=file://{here / command[1]}.html"]
    else:
        made(here)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
