"""Validates lines of `touchmark verify --json` from standard input against `touchmark schema report`.

Usage: touchmark verify --json FILE... | validate_reports.py SCHEMA.json
"""

import json
import sys
from pathlib import Path

import jsonschema


def main() -> int:
    validator = jsonschema.Draft202012Validator(json.loads(Path(sys.argv[1]).read_text()))
    lines = failed = 0
    for line in sys.stdin:
        lines += 1
        for error in validator.iter_errors(json.loads(line)):
            print(f"line {lines}: {error.json_path}: {error.message[:200]}")
            failed += 1
    print(f"{lines} reports, {failed} faults")
    return 1 if failed or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
