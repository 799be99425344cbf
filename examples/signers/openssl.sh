#!/bin/sh
# Signs with a key file, by OpenSSL 3: the model for signers of your own, and for trying the protocol out.
#   touchmark stamp picture.png --key 'cmd:./openssl.sh KEY.pem' --certificates CHAIN.pem
# The message comes on standard input, the signature goes to standard output; touchmark (as c2patool) adds
# --reserve-size N --alg NAME --sign-cert FILE, of which only the algorithm matters here.
set -eu
key=$1
shift
algorithm=es256
while [ $# -gt 0 ]; do
    case $1 in
        --alg) algorithm=$2; shift ;;
    esac
    shift
done
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case $algorithm in
    # ECDSA gives DER, which touchmark takes.
    es256) openssl dgst -sha256 -sign "$key" ;;
    ps256) openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -sign "$key" ;;
    # Ed25519 hashes for itself, so that OpenSSL wants the message in a file.
    ed25519) cat >"$folder/message"; openssl pkeyutl -sign -rawin -inkey "$key" -in "$folder/message" ;;
    *) echo "the algorithm $algorithm is not for this signer" >&2; exit 2 ;;
esac
