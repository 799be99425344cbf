//! The example signers for the clouds, each in full: the services' own tools are stood in for by programs that look at
//! their arguments and sign a hash by OpenSSL, as the services do.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use getrandom::SysRng;
use time::OffsetDateTime;
use touchmark_signing::{Algorithm, Identity, Subject};
use touchmark_tests::pictures::PICTURES;

use crate::readers::assert_accepted;

/// What stands in for a tool: its name, and a script that has `$SIGNING_KEY` and the tool's arguments.
const TOOLS: [(&str, &str); 4] = [
    (
        "aws",
        r#"
        case "$*" in
            "kms sign --key-id alias/stamping --message-type DIGEST --message fileb://"*" --signing-algorithm ECDSA_SHA_256 --output text --query Signature") ;;
            *) echo "aws: $*" >&2; exit 252 ;;
        esac
        openssl pkeyutl -sign -inkey "$SIGNING_KEY" -in "${8#fileb://}" | openssl base64 -A
        echo
        "#,
    ),
    (
        "gcloud",
        r#"
        case "$*" in
            "kms asymmetric-sign --quiet --project P --location L --keyring R --key K --version 1 --digest-algorithm sha256 --input-file "*" --signature-file "*) ;;
            *) echo "gcloud: $*" >&2; exit 2 ;;
        esac
        openssl dgst -sha256 -sign "$SIGNING_KEY" -out "${19}" "${17}"
        "#,
    ),
    (
        // Answers base64 for URLs without padding, as some versions do.
        "az",
        r#"
        case "$*" in
            "keyvault key sign --id https://v.vault.azure.net/keys/k/1 --algorithm ES256 --digest "*" --query signature --output tsv") ;;
            *) echo "az: $*" >&2; exit 2 ;;
        esac
        folder=$(mktemp -d)
        printf %s "$9" | openssl base64 -d -A >"$folder/digest"
        openssl pkeyutl -sign -inkey "$SIGNING_KEY" -in "$folder/digest" | openssl base64 -A | tr -d = | tr '+/' '-_'
        rm -r "$folder"
        "#,
    ),
    (
        "vault",
        r#"
        folder=$(mktemp -d)
        openssl base64 -d -A >"$folder/input"
        case "$*" in
            "write -field=signature transit/sign/stamping key_version=1 prehashed=true hash_algorithm=sha2-256 marshaling_algorithm=asn1 input=-")
                openssl pkeyutl -sign -inkey "$SIGNING_KEY" -in "$folder/input" >"$folder/signature" ;;
            "write -field=signature transit/sign/stamping key_version=1 input=-")
                openssl pkeyutl -sign -rawin -inkey "$SIGNING_KEY" -in "$folder/input" >"$folder/signature" ;;
            *) echo "vault: $*" >&2; exit 2 ;;
        esac
        printf 'vault:v1:%s' "$(openssl base64 -A <"$folder/signature")"
        rm -r "$folder"
        "#,
    ),
];

/// What stands in for the library of AWS.
const BOTO3: &str = r#"
import os, subprocess, tempfile

class Kms:
    def sign(self, KeyId, MessageType, Message, SigningAlgorithm):
        assert (KeyId, MessageType, SigningAlgorithm) == ("alias/stamping", "DIGEST", "ECDSA_SHA_256")
        with tempfile.NamedTemporaryFile() as digest:
            digest.write(Message)
            digest.flush()
            command = ["openssl", "pkeyutl", "-sign", "-inkey", os.environ["SIGNING_KEY"], "-in", digest.name]
            return {"Signature": subprocess.run(command, check=True, capture_output=True).stdout}

def client(name):
    assert name == "kms"
    return Kms()
"#;

#[test]
fn every_recipe_signs_in_full() {
    let recipes = [
        (Algorithm::Es256, "cmd", "aws-kms.sh alias/stamping"),
        (Algorithm::Es256, "cmd+stream", "aws-kms-stream.py alias/stamping"),
        (Algorithm::Es256, "cmd", "google-kms.sh P L R K 1"),
        (
            Algorithm::Es256,
            "cmd",
            "azure-key-vault.sh https://v.vault.azure.net/keys/k/1",
        ),
        (Algorithm::Es256, "cmd", "vault.sh transit stamping 1"),
        (Algorithm::Ed25519, "cmd", "vault.sh transit stamping 1"),
    ];
    for (algorithm, scheme, recipe) in recipes {
        let folder = tempfile::tempdir().unwrap();
        let subject = Subject::new("Example Images", "Example Images signer").unwrap();
        let identity = Identity::new(&subject, algorithm, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
        let stamped = stamp(folder.path(), &identity, scheme, recipe);
        assert_accepted(&identity, &stamped, recipe);
    }
}

/// Stamps a picture with a recipe, in a folder where all tools are stood in for.
fn stamp(folder: &Path, identity: &Identity, scheme: &str, recipe: &str) -> Vec<u8> {
    for (name, script) in TOOLS {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\nset -eu\n{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(folder.join("boto3.py"), BOTO3).unwrap();
    let pem = identity.to_pem(None, &mut SysRng).unwrap();
    fs::write(folder.join("key.pem"), pem.leaf_key.as_bytes()).unwrap();
    fs::write(folder.join("chain.pem"), &pem.chain).unwrap();
    let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap();
    fs::write(folder.join("picture.jpg"), picture.bytes().unwrap()).unwrap();

    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/signers");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_touchmark-under-test"))
        .current_dir(folder)
        .env("PATH", path)
        .env("PYTHONPATH", folder)
        .env("SIGNING_KEY", folder.join("key.pem"))
        .env("TOUCHMARK_DATA_DIR", folder.join(".data"))
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args([
            "stamp",
            "picture.jpg",
            "-o",
            "stamped.jpg",
            "--certificates",
            "chain.pem",
            "--key",
        ])
        .arg(format!("{scheme}:{}/{recipe}", examples.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{recipe}: {said}");
    fs::read(folder.join("stamped.jpg")).unwrap()
}
