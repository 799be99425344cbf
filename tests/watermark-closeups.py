"""Draws docs/images/watermark-*.png: parts of two photographs at twice their size, unmarked and marked.

    python3 tests/watermark-closeups.py PHOTOS TOUCHMARK      # a folder of tests/export-photos.py, the program
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

# The picture's name, the photograph, and the left upper corner of the part.
PARTS = [("sky", "rocket", (20, 10)), ("face", "astronaut", (150, 30))]
SIZE = (180, 150)
GAP = 8

photos, touchmark = Path(sys.argv[1]), sys.argv[2]
target = Path(__file__).parent.parent / "docs" / "images"
with tempfile.TemporaryDirectory() as folder:
    for name, photo, (x, y) in PARTS:
        before, after = photos / f"{photo}.png", Path(folder) / f"{photo}.png"
        line = f"0123456789abcdef\t{before}\t{after}\n"
        subprocess.run([touchmark, "bench", "embed", "-"], input=line, text=True, check=True)
        sheet = Image.new("RGB", (4 * SIZE[0] + GAP, 2 * SIZE[1]), "white")
        for column, path in enumerate((before, after)):
            with Image.open(path) as picture:
                part = picture.convert("RGB").crop((x, y, x + SIZE[0], y + SIZE[1]))
            sheet.paste(part.resize((2 * SIZE[0], 2 * SIZE[1]), Image.Resampling.LANCZOS), (column * (2 * SIZE[0] + GAP), 0))
        sheet.save(target / f"watermark-{name}.png", optimize=True)
