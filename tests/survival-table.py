"""Puts the tables of `touchmark bench survive --json` into docs/survival.md, between its two marks.

    touchmark bench survive --json > scenes.json
    touchmark bench survive --json --images PHOTOS > photos.json
    python3 tests/survival-table.py photos.json scenes.json "two cores at 2.x GHz, 2026-11-22"
"""

import json
import sys
from pathlib import Path

photos, scenes = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
where = sys.argv[3]


def share(row):
    if row["tried"] == 0:
        return "not run"
    wrong = f", {row['wrong']} wrong" if row["wrong"] else ""
    return f"{row['recovered']}/{row['tried']}{wrong}"


def all_of(outcome):
    rows = outcome["attacks"]
    recovered, tried = (sum(row[name] for row in rows) for name in ("recovered", "tried"))
    return f"{100 * recovered / tried:.1f} % of {tried}"


def line(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


lines = [
    f"touchmark {photos['touchmark']}, strength {photos['strength']}, seed {photos['seed']}; {where}.",
    "",
    line("", "photographs", "scenes"),
    "|---|---|---|",
]
for what, value in [
    ("pictures marked", lambda o: o["marked"]["pictures"]),
    ("refused as too small or too flat", lambda o: o["marked"]["refused"]),
    ("PSNR, mean and least", lambda o: f"{o['marked']['psnr_mean']:.2f}, {o['marked']['psnr_least']:.2f} dB"),
    ("SSIM, mean and least", lambda o: f"{o['marked']['ssim_mean']:.4f}, {o['marked']['ssim_least']:.4f}"),
    ("embedding", lambda o: f"{o['marked']['embed_ms_per_megapixel']:.0f} ms a megapixel"),
    ("detection, unmarked", lambda o: f"{o['unmarked']['detect_ms']:.0f} ms a picture"),
    ("ids recovered, all attacks", all_of),
    ("wrong ids", lambda o: sum(row["wrong"] for row in o["attacks"])),
    ("answers on unmarked pictures", lambda o: f"{o['unmarked']['answers']} in {o['unmarked']['tried']}"),
    ("marks seen on unmarked pictures", lambda o: f"{o['unmarked']['unreadable']} in {o['unmarked']['tried']}"),
]:
    lines.append(line(what, value(photos), value(scenes)))
lines += ["", line("attack", "photographs", "scenes", "detection, scenes", "what"), "|---|---|---|---|---|"]
for photo, scene in zip(photos["attacks"], scenes["attacks"], strict=True):
    lines.append(line(f"`{photo['attack']}`", share(photo), share(scene), f"{scene['detect_ms']:.0f} ms", photo["what"]))
lines += ["", line("photograph", "size", "PSNR", "SSIM", "recovered"), "|---|---|---|---|---|"]
for picture in photos["pictures"]:
    marked = picture.get("marked")
    figures = (f"{marked['psnr']:.2f}", f"{marked['ssim']:.4f}", picture["recovered"]) if marked else ("", "", "not marked")
    lines.append(line(picture["picture"], f"{picture['width']}x{picture['height']}", *figures))

page = Path(__file__).parent.parent / "docs" / "survival.md"
before, _, rest = page.read_text().partition("<!-- tables -->\n")
_, _, after = rest.partition("<!-- end of tables -->\n")
page.write_text(before + "<!-- tables -->\n" + "\n".join(lines) + "\n<!-- end of tables -->\n" + after)
