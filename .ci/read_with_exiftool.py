"""Reads the labels of stamped pictures with exiftool, field by field, and fails on any difference.

Usage: read_with_exiftool.py [--disclosure FILE.toml] [--sources FOLDER] [--set LABEL=VALUE]... PICTURE...

Each picture must say what the disclosure says (without one: nothing about a system), each label once, under the ids of
its own manifest. With --sources, the picture of the same name in FOLDER is what was stamped: every field of its XMP
must still be there as it was, and where it already had a label, that one. --set tells what a label must say instead,
such as `--set XMP-iptcExt:DigitalSourceType=IRI`; with an empty VALUE, that it must be missing.

Needs exiftool 12 or newer (Debian: libimage-exiftool-perl). XMP sidecars are read too; they have no manifest.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
INSTANCE = "XMP-xmpMM:InstanceID"
GUID = "XMP-iptcExt:DigitalImageGUID"  # exiftool's name for DigImageGUID
CREATED = "XMP-xmp:CreateDate"
AIGC = "XMP-TC260:Aigc"
SOURCE_TYPE = "XMP-iptcExt:DigitalSourceType"


def main() -> int:
    options = arguments()
    disclosure = tomllib.loads(options.disclosure.read_text()) if options.disclosure else {}
    overrides = dict(assignment.split("=", 1) for assignment in options.set)
    failed = 0
    for picture in options.pictures:
        before = xmp_of(options.sources / picture.name) if options.sources else {}
        faults = faults_of(picture, disclosure, before, overrides)
        print(f"{picture}: {'; '.join(faults) or 'each label as it must be'}")
        failed += bool(faults)
    print(f"{len(options.pictures) - failed} passed, {failed} failed")
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--disclosure", type=Path)
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="LABEL=VALUE")
    parser.add_argument("pictures", nargs="+", type=Path)
    return parser.parse_args()


def faults_of(picture: Path, disclosure: dict, before: dict, overrides: dict) -> list[str]:
    after = xmp_of(picture)
    expected = labels(disclosure, after)
    expected |= {name: value for name, value in before.items() if name not in (INSTANCE, SOURCE_TYPE)}
    if before.get(SOURCE_TYPE, "").endswith(("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")):
        expected[SOURCE_TYPE] = before[SOURCE_TYPE]
    expected |= overrides

    faults = [f"{name} stands there more than once" for name in after if name.startswith("again ")]
    for name, value in expected.items():
        found = after.get(name, "")
        if found != value:
            faults.append(f"{name} is {found!r}, not {value!r}")
    unknown = after.keys() - expected.keys() - {"XMP-x:XMPToolkit"}
    faults += [f"{name} was neither there nor asked for" for name in sorted(unknown) if not name.startswith("again ")]
    return faults + faults_of_ids(picture, after, before)


def labels(disclosure: dict, after: dict) -> dict:
    """What the picture must say. The ids are its own: that they are its manifest's, `faults_of_ids` looks at."""
    provider, system = disclosure.get("provider", {}), disclosure.get("system", {})
    guid = after.get(GUID, "missing")
    said = {
        SOURCE_TYPE: TRAINED,
        "XMP-iptcExt:AISystemUsed": system.get("name"),
        "XMP-iptcExt:AISystemVersionUsed": system.get("version"),
        GUID: guid,
        CREATED: after.get(CREATED, "missing"),
        INSTANCE: after.get(INSTANCE, "missing"),
        "XMP-touchmark:Provider": provider.get("name"),
        "XMP-touchmark:Detector": disclosure.get("detector", {}).get("url"),
    }
    if code := provider.get("aigc_code"):
        aigc = {"Label": "1", "ContentProducer": code, "ProduceID": guid, "ReservedCode1": ""}
        aigc |= {"ContentPropagator": code, "PropagateID": guid, "ReservedCode2": ""}
        said[AIGC] = json.dumps(aigc, separators=(",", ":"))
    return {name: value for name, value in said.items() if value is not None}


def faults_of_ids(picture: Path, after: dict, before: dict) -> list[str]:
    """The ids and the time must stand in the manifest too, which holds them as plain text."""
    faults = []
    manifest = None if picture.suffix == ".xmp" else without_xmp(picture.read_bytes())
    for name, form, in_manifest in [
        (GUID, UUID, "urn:c2pa:{}"),
        (INSTANCE, f"xmp:iid:{UUID}", "{}"),
        (CREATED, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", "{}"),
    ]:
        value = after.get(name, "")
        if name in before and name != INSTANCE:
            continue
        if not re.fullmatch(form, value):
            faults.append(f"{name} {value!r} has another form")
        elif manifest is not None and in_manifest.format(value).encode() not in manifest:
            faults.append(f"{name} {value!r} is not in the manifest")
    return faults


def without_xmp(file: bytes) -> bytes:
    return re.sub(rb"<\?xpacket begin.*?<\?xpacket end.*?\?>", b"", file, flags=re.DOTALL)


def xmp_of(picture: Path) -> dict:
    """Every field of the XMP, as text; what stands there again, under a name that says so."""
    command = ["exiftool", "-j", "-G1:4", "-struct", "-a", "-n", "-XMP:all", "-charset", "utf8", str(picture)]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    (tags,) = json.loads(output, parse_int=str, parse_float=str)
    fields = {}
    for tag, value in tags.items():
        if not tag.startswith("XMP-"):
            continue
        group, *copy, name = tag.split(":")
        name = f"{'again ' if copy else ''}{group}:{name}"
        fields[name] = rfc3339(value) if name == CREATED else as_text(value)
    return fields


def as_text(value: object) -> str:
    """A text as it is; a list or a structure as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def rfc3339(value: str) -> str:
    """exiftool writes dates with colons and a blank."""
    date, _, time = value.partition(" ")
    return f"{date.replace(':', '-')}T{time}" if time else date.replace(":", "-")


if __name__ == "__main__":
    sys.exit(main())
