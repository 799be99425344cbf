"""Writes the photographs that scikit-image's wheel ships (public domain or CC0, see its data/README.txt) as PNG, for
`touchmark bench survive --images DIR`.

    python3 -m venv venv && venv/bin/pip install scikit-image==0.26.0 pillow
    venv/bin/python tests/export-photos.py DIR
"""

import sys
from pathlib import Path

import skimage.data
from PIL import Image

# Photographs alone: no diagrams, and nothing below 256 pixels, which carries no mark.
NAMES = """astronaut.png brick.png camera.png chelsea.png coffee.png coins.png grass.png gravel.png
hubble_deep_field.jpg ihc.png moon.png motorcycle_left.png retina.jpg rocket.jpg""".split()

target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
source = Path(skimage.data.__file__).parent
for name in NAMES:
    with Image.open(source / name) as picture:
        picture.convert("RGB").save(target / f"{Path(name).stem}.png")
        print(name, *picture.size)
