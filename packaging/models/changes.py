"""What happens to a picture on its way: compression, brightness, a frame around it."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]


def compressed(pixels: Pixels, quality: int) -> Pixels:
    """Once through JPEG."""
    held = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(held, "JPEG", quality=quality)
    return np.ascontiguousarray(np.asarray(Image.open(held).convert("RGB"))[:, :, ::-1])


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """To that size, averaged."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(
        image.resize((width, height), Image.Resampling.BOX if width < image.width else Image.Resampling.BILINEAR)
    )


def brightened(pixels: Pixels, gamma: float) -> Pixels:
    """Brighter below 1, darker above."""
    table = (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return table[pixels]


def framed(pixels: Pixels, colour: int = 0xF1) -> Pixels:
    """Inside a browser's window: tabs, an address and a page's margin around it."""
    height, width = pixels.shape[:2]
    image = Image.new("RGB", (width * 10 // 9, height * 10 // 9 + height // 9), (colour, colour, colour))
    draw = ImageDraw.Draw(image)
    bar = height // 9
    draw.rectangle((0, 0, image.width, bar // 2), fill=(colour - 30,) * 3)
    draw.rectangle((4, 3, image.width // 4, bar // 2), fill=(colour,) * 3)
    draw.rectangle(
        (image.width // 8, bar // 2 + 3, image.width * 7 // 8, bar - 3),
        fill=(255, 255, 255) if colour > 128 else (20, 20, 20),
    )
    draw.line((image.width // 7, bar * 3 // 4, image.width // 3, bar * 3 // 4), fill=(90, 90, 90), width=2)
    image.paste(
        Image.fromarray(np.ascontiguousarray(pixels)),
        ((image.width - width) // 2, bar + (image.height - bar - height) // 2),
    )
    return np.asarray(image)


def stream(pixels: Pixels) -> Pixels:
    """As the issue of streamed games is measured: 640x360, JPEG of quality 30, gamma 0.8, a browser around it."""
    return framed(brightened(compressed(resized(pixels, 640, 360), 30), 0.8))
