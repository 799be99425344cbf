#!/bin/sh
# Signs with the transit engine of HashiCorp Vault or OpenBao, by their CLI: a key of type ecdsa-p256 or ed25519.
#   touchmark stamp picture.png --key 'cmd:./vault.sh transit KEY VERSION' --certificates CHAIN.pem
# The token that runs it needs a policy with "update" on MOUNT/sign/KEY, and nothing else.
set -eu
mount=$1 key=$2 version=$3
shift 3
algorithm=es256
while [ $# -gt 0 ]; do
    case $1 in
        --alg) algorithm=$2; shift ;;
    esac
    shift
done
case $algorithm in
    es256)
        input=$(openssl dgst -sha256 -binary | openssl base64 -A)
        # "asn1" is DER, which touchmark takes.
        set -- prehashed=true hash_algorithm=sha2-256 marshaling_algorithm=asn1
        ;;
    ed25519)
        # Ed25519 hashes for itself: the message goes to Vault.
        input=$(openssl base64 -A)
        set --
        ;;
    *) echo "the algorithm $algorithm is not for this signer" >&2; exit 2 ;;
esac
# From standard input, so that the message stands on no command line.
signature=$(printf %s "$input" | vault write -field=signature "$mount/sign/$key" key_version="$version" "$@" input=-)
# vault:v1:BASE64
printf %s "${signature##*:}" | openssl base64 -d -A
