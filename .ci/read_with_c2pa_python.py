"""Reads stamped pictures with c2pa-python: each must be Trusted with our root as anchor, and no check may fail.

Usage: read_with_c2pa_python.py ROOT.pem PICTURE...
"""

import json
import sys
from pathlib import Path

import c2pa


def failures_of(reader: "c2pa.Reader") -> list[str]:
    report = json.loads(reader.json())
    results = report.get("validation_results", {}).get("activeManifest", {})
    failures = [status["code"] for status in results.get("failure", [])]
    if report.get("validation_state") != "Trusted":
        failures.append(f"state is {report.get('validation_state')}")
    return failures


def main() -> int:
    root, pictures = Path(sys.argv[1]).read_text(), sys.argv[2:]
    settings = {"trust": {"anchors": [{"trust_anchors": root, "trust_uri": "test:root", "trust_kind": "manifest"}]}}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    failed = 0
    for picture in pictures:
        with c2pa.Reader(picture, context=context) as reader:
            failures = failures_of(reader)
        print(f"{picture}: {', '.join(failures) or 'Trusted, no failures'}")
        failed += bool(failures)
    print(f"{len(pictures) - failed} passed, {failed} failed")
    return 1 if failed or not pictures else 0


if __name__ == "__main__":
    sys.exit(main())
