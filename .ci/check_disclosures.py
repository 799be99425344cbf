"""Checks what `touchmark disclose` makes of a disclosure with programs that are not touchmark's.

Usage: check_disclosures.py SCHEMA.json SIGNED.jws CYCLONEDX.json SPDX.json
SCHEMA.json is `touchmark schema disclosure`. Needs: pip install "jwcrypto==1.6.1" "jsonschema==4.26.0"
"cyclonedx-python-lib[json-validation]==11.12.0" "spdx-python-model==0.0.6"; the last two carry the formats' own models.
"""

import base64
import io
import json
import sys
from pathlib import Path

import jsonschema
import spdx_python_model.bindings.v3_0_1 as spdx
from cryptography import x509
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jwcrypto import jwk, jws


def signed_payload(text: str) -> dict:
    """The document, where the first certificate beside the signature holds it (RFC 7515)."""
    token = jws.JWS()
    token.deserialize(text)
    token.allowed_algs = ["EdDSA"]
    leaf = x509.load_der_x509_certificate(base64.b64decode(token.jose_header["x5c"][0]))
    token.verify(jwk.JWK.from_pyca(leaf.public_key()))
    return json.loads(token.payload)


def main() -> int:
    schema, signed, cyclonedx, spdx_file = (Path(name) for name in sys.argv[1:5])
    document = signed_payload(signed.read_text())
    faults = [
        f"{signed}: {error.json_path}: {error.message[:200]}"
        for error in jsonschema.Draft202012Validator(json.loads(schema.read_text())).iter_errors(document)
    ]
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx.read_text())
    if error:
        faults.append(f"{cyclonedx}: {error}")
    # Reads every property by its type and cardinality in SPDX's own SHACL model, or raises.
    objects = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(spdx_file.read_bytes()), objects)
    faults += [f"{spdx_file}: nothing is called {name}" for name in objects.link()]
    if not any(objects.foreach_type(spdx.ai_AIPackage)):
        faults.append(f"{spdx_file}: no AI package")
    print("\n".join(faults) or f"{signed}: signature, document and exports hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
