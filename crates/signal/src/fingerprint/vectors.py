#!/usr/bin/env python3
"""Makes vectors.txt: what the reference implementations say of pictures that tests draw again.

pdqhash wraps ThreatExchange's C++; iscc-core and Pillow are what iscc-sdk is made of.
Pillow 13 turns the order of its passes round where that is cheaper, and a few small pictures hash otherwise; the standard
leaves it open, so the order of all earlier versions counts.
    python3 -m venv v && v/bin/pip install pdqhash==0.2.8 iscc-core==1.5.0 pillow==11.3.0 numpy
    v/bin/python vectors.py > vectors.txt
"""

import iscc_core
import numpy
import pdqhash
from PIL import Image, ImageChops

SIZES = [
    (5, 5), (31, 33), (64, 64), (100, 80), (129, 127), (300, 200), (512, 512),
    (640, 480), (1025, 513), (40, 1000), (1600, 61), (1600, 1004), (2500, 1300),
]


def wave(at, period):
    """A triangle, 0 to 255."""
    return numpy.abs(at % (2 * period) - period) * 255 // period


def draw(width, height, channels):
    """Tests draw the same (fingerprint/laws.rs, `draw`)."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.int64)
    seed = width * 7 + height * 13 + channels
    u, v = x * 1000 // width, y * 1000 // height
    planes = [
        (
            wave(u * (1 + c) + v * 2 + seed, 310) * 3
            + wave(u * 3 - v * (2 + c) + 9000, 170) * 2
            + wave(u * v // 900 + seed, 97 + 40 * c)
        )
        // 6
        for c in range(3)
    ]
    alpha = wave(u + v, 700)
    planes = {1: planes[:1], 2: [planes[0], alpha], 3: planes, 4: planes + [alpha]}[channels]
    return numpy.stack(planes, axis=-1).astype(numpy.uint8)


def framed(picture):
    """A flat frame of its corner's colour: a fifth of the width on the left, a tenth of the height below."""
    height, width, _ = picture.shape
    out = picture.copy()
    out[:, : width // 5] = out[0, 0]
    out[height - height // 10 :, :] = out[0, 0]
    return out


KINDS = {"plain": lambda picture: picture, "framed": framed, "faint": lambda picture: picture // 12 + 90}


def pdq(picture):
    rgb = numpy.repeat(picture[:, :, :1], 3, axis=2) if picture.shape[2] < 3 else picture[:, :, :3]
    hashes, quality = pdqhash.compute_dihedral(numpy.ascontiguousarray(rgb))
    return numpy.packbits(hashes[0]).tobytes().hex(), quality


def iscc(picture):
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[picture.shape[2]]
    image = Image.fromarray(picture.squeeze(), mode)
    if mode in ("LA", "RGBA"):
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image.convert("RGBA"), mask=image.getchannel("A"))
        image = white
    image = image.convert("RGB")
    border = Image.new("RGB", image.size, image.getpixel((0, 0)))
    image = image.crop(ImageChops.difference(image, border).getbbox())
    grey = image.convert("L").resize((32, 32), Image.BICUBIC)
    return iscc_core.gen_image_code_v0(list(grey.tobytes()), 64)["iscc"]


print("# width height channels kind pdq quality iscc: made by vectors.py")
for width, height in SIZES:
    for channels in (1, 2, 3, 4) if width * height <= 512 * 512 else (3,):
        for kind, change in KINDS.items():
            picture = change(draw(width, height, channels))
            print(width, height, channels, kind, *pdq(picture), iscc(picture))
