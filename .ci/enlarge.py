"""Makes large pictures out of small ones, by what their formats let stand beside the picture.

Usage: enlarge.py FOLDER PICTURE...
"""

import struct
import sys
import zlib
from pathlib import Path

LENGTH = 3 << 20


def enlarged(picture: bytes) -> bytes:
    noise = bytes((n * n >> 7) & 0xFF for n in range(1 << 16)) * (LENGTH >> 16)
    if picture.startswith(b"\xff\xd8"):
        # Comment segments hold 65,533 bytes at most.
        parts = [noise[at : at + 60_000] for at in range(0, LENGTH, 60_000)]
        comments = b"".join(b"\xff\xfe" + struct.pack(">H", len(part) + 2) + part for part in parts)
        return picture[:-2] + comments + picture[-2:]
    if picture.startswith(b"\x89PNG"):
        chunk = b"juNk" + noise
        return picture[:-12] + struct.pack(">I", LENGTH) + chunk + struct.pack(">I", zlib.crc32(chunk)) + picture[-12:]
    body = picture[8:] + b"junk" + struct.pack("<I", LENGTH) + noise
    return b"RIFF" + struct.pack("<I", len(body)) + body


folder = Path(sys.argv[1])
for name in map(Path, sys.argv[2:]):
    (folder / name.name).write_bytes(enlarged(name.read_bytes()))
