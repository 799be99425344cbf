#!/bin/sh
# Signs with Google Cloud KMS, by gcloud: a key version of purpose "asymmetric signing" and algorithm EC_SIGN_P256_SHA256.
#   touchmark stamp picture.png --key 'cmd:./google-kms.sh PROJECT LOCATION RING KEY VERSION' --certificates CHAIN.pem
# The account that runs it needs roles/cloudkms.signer on this one key. The version is named, never "the newest": it is the
# one that the certificate is for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/message"
# gcloud hashes the file itself and sends the hash alone.
gcloud kms asymmetric-sign --quiet --project "$1" --location "$2" --keyring "$3" --key "$4" --version "$5" \
    --digest-algorithm sha256 --input-file "$folder/message" --signature-file "$folder/signature"
cat "$folder/signature"
