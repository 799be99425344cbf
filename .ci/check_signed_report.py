"""Checks a signed report with a JWS library that is not touchmark's, and its hash against the picture.

Usage: check_signed_report.py REPORT.jws PICTURE. Needs: pip install "jwcrypto==1.6.1"
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography import x509
from jwcrypto import jwk, jws


def main() -> int:
    report, picture = (Path(name) for name in sys.argv[1:3])
    token = jws.JWS()
    token.deserialize(report.read_text())
    token.allowed_algs = ["EdDSA"]
    leaf = x509.load_der_x509_certificate(base64.b64decode(token.jose_header["x5c"][0]))
    token.verify(jwk.JWK.from_pyca(leaf.public_key()))
    payload = json.loads(token.payload)
    faults = []
    if token.jose_header.get("typ") != "touchmark-report+jws":
        faults.append("the header has another type")
    if payload["sha256"] != hashlib.sha256(picture.read_bytes()).hexdigest():
        faults.append("the hash is another picture's")
    if payload["report"]["file"]["sha256"] != payload["sha256"]:
        faults.append("the report is about another picture")
    print("\n".join(faults) or f"{report}: signature and hash hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
