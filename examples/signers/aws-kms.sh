#!/bin/sh
# Signs with AWS KMS, by the AWS CLI 2: an asymmetric key of spec ECC_NIST_P256 and usage SIGN_VERIFY.
#   touchmark stamp picture.png --key 'cmd:./aws-kms.sh alias/stamping' --certificates CHAIN.pem
# The identity that runs it needs kms:Sign on this one key, and nothing else. For batches, aws-kms-stream.py is faster.
set -eu
key=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The hash is made here: KMS takes messages of at most 4096 bytes, and need not see them.
openssl dgst -sha256 -binary >"$folder/digest"
aws kms sign --key-id "$key" --message-type DIGEST --message "fileb://$folder/digest" \
    --signing-algorithm ECDSA_SHA_256 --output text --query Signature >"$folder/signature"
openssl base64 -d -A <"$folder/signature"
