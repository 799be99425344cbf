#!/bin/sh
# Makes the answers of time-stamp authorities and OCSP responders that the unit tests read: `sh make-answers.sh` in this
# folder, OpenSSL 3.0 or later. All keys are thrown away. Everything is valid for thirty years from the day of running.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

key() { openssl genpkey -quiet -algorithm "$@"; }
ec() { key EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
root() { # certificate, key, organisation
  openssl req -new -x509 -key "$2" -subj "/O=$3/CN=Root" -days 10957 -out "$1" \
    -addext keyUsage=critical,keyCertSign,cRLSign
}
issue() { # certificate, key, common name, extensions, issuer certificate, issuer key
  openssl req -new -key "$2" -subj "/O=Example Ltd/CN=$3" -out csr
  printf '%s\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' "$4" > ext
  openssl x509 -req -in csr -CA "$5" -CAkey "$6" -days 10957 -extfile ext -out "$1" 2> /dev/null
}

# --- time-stamps: one request, answered by an ECDSA and by an RSA authority, and refused ---------------------------------
# The nonce is a number; what the tests read has eight octets of it.
: > "$here/answers.tsq"
until [ "$(wc -c < "$here/answers.tsq")" = 69 ]; do
  printf 'message' | openssl ts -query -data - -sha256 -cert -out "$here/answers.tsq" 2> /dev/null
done
section() { printf '[%s]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=%s\nsigner_digest=sha256\ness_cert_id_alg=%s\n' "$@"; }
{ section t sha256 sha256; section sha1 sha256 sha1; section strict sha512 sha256; } > ts.cnf
STAMPS='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping'
for kind in ec rsa; do
  case $kind in ec) ec k ;; rsa) key RSA -pkeyopt rsa_keygen_bits:2048 -out k ;; esac
  ec rk
  root root.pem rk "Example Time"
  issue leaf.pem k Time "$STAMPS" root.pem rk
  printf 01 > serial
  reply() { # name, options...
    name=$1; shift
    openssl ts -reply -config ts.cnf -queryfile "$here/answers.tsq" -signer leaf.pem -inkey k -chain root.pem \
      -out "$here/answers-$name.tsr" "$@" 2> /dev/null
  }
  reply "$kind" -section t
  cp root.pem "$here/answers-$kind.pem"
done
# The older binding of the certificate, by SHA-1 (RFC 2634); and an authority that does not take SHA-256.
reply rsa-sha1 -section sha1
reply refused -section strict

# --- revocation: one certificate, its issuer, and what is said of it -----------------------------------------------------
ec rk; root root.pem rk "Example Ltd"
ec k; issue leaf.pem k Leaf "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
authorityInfoAccess=caIssuers;URI:http://ca.example/,OCSP;URI:ldap://ocsp.example/,OCSP;URI:http://ocsp.example/" root.pem rk
ec sk; issue stranger.pem sk Stranger "basicConstraints=critical,CA:FALSE" root.pem rk
ec dk; issue delegate.pem dk Responder "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=OCSPSigning" root.pem rk
cat leaf.pem root.pem > "$here/revocation.pem"
serial=$(openssl x509 -in leaf.pem -noout -serial | cut -d= -f2)
entry() { printf '%s\t560101000000Z\t%s\t%s\tunknown\t/CN=x\n' "$1" "$2" "$serial" > index; }
answer() { # name, signer's certificate and key, more options...
  name=$1 by=$2 with=$3; shift 3
  openssl ocsp -index index -CA root.pem -rsigner "$by" -rkey "$with" "$@" -issuer root.pem -cert leaf.pem \
    -ndays 10957 -respout "$here/revocation-$name.der" > /dev/null 2>&1
}
entry V ''
answer good root.pem rk
answer good-sha256 root.pem rk -sha256
answer good-delegated delegate.pem dk
answer good-by-key delegate.pem dk -resp_key_id
answer wrong-signer stranger.pem sk
entry R 260101000000Z,keyCompromise
answer revoked root.pem rk
printf 'V\t560101000000Z\t\t01\tunknown\t/CN=x\n' > index
answer unknown root.pem rk
