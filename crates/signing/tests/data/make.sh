#!/bin/sh
# Makes the test data that OpenSSL has to make, because touchmark itself only issues Ed25519: `sh make.sh` in this
# folder, OpenSSL 3.0 or later. The keys are thrown away, except for the few that test reading keys; those sign nothing
# anywhere else. Every certificate is valid for thirty years from the day of running.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

key() { openssl genpkey -quiet -algorithm "$@"; }
name() { printf '/O=%s/CN=%s' "$1" "$2"; }

# --- private keys to read ---------------------------------------------------------------------------------------------
key ed25519 -out "$here/openssl-ed25519.pem"
seal() { out=$1; shift; openssl pkcs8 -topk8 -in "$here/openssl-ed25519.pem" -passout pass:correct -out "$here/openssl-ed25519-$out.pem" "$@"; }
seal encrypted -v2 aes-256-cbc -v2prf hmacWithSHA256
seal scrypt -scrypt
seal 3des -v2 des3
seal pbes1 -v1 PBE-SHA1-3DES
seal rounds -v2 aes-256-cbc -iter 10000001
key EC -pkeyopt ec_paramgen_curve:P-256 -out "$here/openssl-p256.pem"
key ed448 -out "$here/openssl-ed448.pem"
key x25519 -out "$here/openssl-x25519.pem"
key RSA -pkeyopt rsa_keygen_bits:2048 -out "$here/openssl-rsa.pem"
# The same keys in their older forms, and what is refused.
openssl pkey -traditional -in "$here/openssl-p256.pem" -out "$here/openssl-p256-sec1.pem"
openssl pkey -traditional -in "$here/openssl-rsa.pem" -out "$here/openssl-rsa-pkcs1.pem"
openssl rsa -traditional -des3 -passout pass:correct -in "$here/openssl-rsa.pem" -out "$here/openssl-rsa-des.pem" 2>/dev/null
openssl ecparam -name secp384r1 -genkey -out "$here/openssl-p384-sec1.pem"
key RSA -pkeyopt rsa_keygen_bits:1024 -out "$here/openssl-rsa-1024.pem"
chmod 644 "$here"/*.pem

# --- signatures over "touchmark": algorithm, SubjectPublicKeyInfo, signature, in hexadecimal ------------------------------
printf touchmark > message
hex() { od -An -v -tx1 | tr -d ' \n'; }
: > "$here/openssl-signatures.txt"
line() { # label, key file, signature in hexadecimal
  printf '%s %s %s\n' "$1" "$(openssl pkey -in "$2" -pubout -outform DER | hex)" "$3" >> "$here/openssl-signatures.txt"
}
key ed25519 -out k; openssl pkeyutl -sign -rawin -inkey k -in message -out s; line -8 k "$(hex < s)"
for curve in P-256:64 P-384:96 P-521:132; do
  key EC -pkeyopt "ec_paramgen_curve:${curve%:*}" -out k
  for way in sha256:-7 sha384:-35 sha512:-36; do
    openssl dgst "-${way%:*}" -sign k -out der message
    # Two integers side by side, each padded to the curve's size (RFC 9053, section 2.1).
    fixed=$(openssl asn1parse -inform DER -in der | sed -n 's/.*INTEGER *://p' | while read -r n; do
      printf "%${curve#*:}s" "$n" | tr ' ' 0
    done)
    line "${way#*:}" k "$fixed"
  done
done
for kind in RSA RSA-PSS; do
  key $kind -pkeyopt rsa_keygen_bits:2048 -out k
  for way in sha256:-37:32 sha384:-38:48 sha512:-39:64; do
    hash=${way%%:*}; rest=${way#*:}
    openssl dgst "-$hash" -sign k -sigopt rsa_padding_mode:pss -sigopt "rsa_pss_saltlen:${rest#*:}" -out s message
    line "${rest%:*}" k "$(hex < s)"
  done
done

# --- chains -----------------------------------------------------------------------------------------------------------
ROOT='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
LEAF='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
extendedKeyUsage=1.3.6.1.4.1.62558.2.1,emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'

self() { # out, key, organisation, extensions, signing options...
  out=$1 k=$2 who=$3; printf '%s\n' "$4" > ext; shift 4
  openssl req -new -key "$k" -subj "$(name "$who" Root)" -out csr "$@" 2>/dev/null
  openssl x509 -req -in csr -signkey "$k" -days "${DAYS:-10957}" -extfile ext -out "$out" "$@" 2>/dev/null
}
issue() { # out, key, organisation, extensions, issuer certificate, issuer key, signing options...
  out=$1 k=$2 who=$3; printf '%s\n' "$4" > ext; ca=$5 cakey=$6; shift 6
  openssl req -new -key "$k" -subj "$(name "$who" Leaf)" -out csr 2>/dev/null
  openssl x509 -req -in csr -CA "$ca" -CAkey "$cakey" -days 10957 -extfile ext -out "$out" "$@" 2>/dev/null
}

key EC -pkeyopt ec_paramgen_curve:P-256 -out leaf.key

# Every way to sign a certificate: label, leaf, root.
{
  way() { # label, then signing options; the root's key is in `k`
    label=$1; shift
    self root.pem k "$label" "$ROOT" "$@"
    issue leaf.pem leaf.key "$label" "$LEAF" root.pem k "$@"
    printf '== %s\n' "$label"; cat leaf.pem root.pem
  }
  key ed25519 -out k; way ed25519
  for curve in P-256 P-384 P-521; do
    key EC -pkeyopt "ec_paramgen_curve:$curve" -out k
    for hash in sha256 sha384 sha512; do way "$curve-$hash" "-$hash"; done
  done
  key RSA -pkeyopt rsa_keygen_bits:2048 -out k
  for hash in sha256 sha384 sha512; do
    way "rsa-$hash" "-$hash"
    way "pss-$hash" "-$hash" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
  done
  key RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out k
  way pss-key-sha256 -sha256 -sigopt rsa_pss_saltlen:digest
  for way in sha256:32 sha384:48 sha512:64; do
    key RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt "rsa_pss_keygen_md:${way%:*}" \
      -pkeyopt "rsa_pss_keygen_mgf1_md:${way%:*}" -pkeyopt "rsa_pss_keygen_saltlen:${way#*:}" -out k
    way "pss-bound-${way%:*}" "-${way%:*}" -sigopt rsa_pss_saltlen:digest
  done
} > "$here/openssl-paths.pem"

# Leaves that break one rule, under one good root: the rule's name, leaf, root.
key EC -pkeyopt ec_paramgen_curve:P-256 -out k
self root.pem k "Example Ltd" "$ROOT"
without() { printf '%s\n' "$LEAF" | grep -v "^$1"; }
{
  bad() { # rule, extensions, key
    issue bad.pem "${3:-leaf.key}" "Example Ltd" "$2" root.pem k
    printf '== %s\n' "$1"; cat bad.pem root.pem
  }
  bad certificate.end-entity "$(without basicConstraints)
basicConstraints=critical,CA:TRUE"
  bad certificate.key-usage "$(without keyUsage)"
  bad certificate.key-usage "$(without keyUsage)
keyUsage=critical,keyEncipherment"
  bad certificate.key-usage "$(without keyUsage)
keyUsage=critical,digitalSignature,keyCertSign"
  bad certificate.extended-key-usage "$(without extendedKeyUsage)"
  bad certificate.extended-key-usage "$(without extendedKeyUsage)
extendedKeyUsage=serverAuth,clientAuth"
  bad certificate.extended-key-usage "$(without extendedKeyUsage)
extendedKeyUsage=emailProtection,anyExtendedKeyUsage"
  bad certificate.extended-key-usage "$(without extendedKeyUsage)
extendedKeyUsage=critical,timeStamping"
  bad certificate.extended-key-usage "$(without extendedKeyUsage)
extendedKeyUsage=emailProtection,OCSPSigning"
  bad certificate.authority-key-identifier "$(without authorityKeyIdentifier)
authorityKeyIdentifier=none"
  bad certificate.extensions "$LEAF
1.2.3.4=critical,DER:0500"
  key ed448 -out odd; bad certificate.key "$LEAF" odd
  key EC -pkeyopt ec_paramgen_curve:secp256k1 -out odd; bad certificate.key "$LEAF" odd
  key RSA -pkeyopt rsa_keygen_bits:1024 -out odd; bad certificate.key "$LEAF" odd
  self bad.pem leaf.key "Example Ltd" "${LEAF}:always"; printf '== certificate.not-self-signed\n'; cat bad.pem root.pem
  issue bad.pem leaf.key "Example Ltd" "$LEAF" root.pem k -sha1; printf '== certificate.signature-algorithm\n'; cat bad.pem root.pem
  openssl req -new -key leaf.key -subj "$(name 'Example Ltd' Leaf)" -out csr
  openssl x509 -req -in csr -CA root.pem -CAkey k -days 10957 -out bad.pem 2>/dev/null; printf '== certificate.version\n'; cat bad.pem root.pem
} > "$here/openssl-leaves.pem"

# Paths of three: what the path must say, leaf, intermediate, root.
{
  MIDDLE="$ROOT
authorityKeyIdentifier=keyid"
  # An intermediate and a leaf share the subject's CN, not the O, so that none is its own issuer.
  path() { # label, intermediate's extensions, leaf's organisation, root's extensions
    key EC -pkeyopt ec_paramgen_curve:P-256 -out mk
    self top.pem k "Example Ltd" "${4:-$ROOT}"
    issue middle.pem mk "Example CA" "$2" top.pem k
    issue leaf.pem leaf.key "${3:-Example Service}" "${5:-$LEAF}" middle.pem mk
    printf '== %s\n' "$1"; cat leaf.pem middle.pem top.pem
  }
  path sound "$MIDDLE"
  path sound "$MIDDLE
extendedKeyUsage=emailProtection"
  path sound "$MIDDLE
extendedKeyUsage=anyExtendedKeyUsage"
  # As Adobe's "Product Services G3": a private purpose alone.
  path sound "$MIDDLE
extendedKeyUsage=1.2.840.113583.1.1.7"
  path purpose "$MIDDLE
extendedKeyUsage=serverAuth"
  path purpose "$MIDDLE
extendedKeyUsage=timeStamping"
  path issuer "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature"
  path issuer "basicConstraints=critical,CA:TRUE
keyUsage=critical,digitalSignature"
  path issuer "$MIDDLE" "" "basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign"
  path name-constraint "$MIDDLE
nameConstraints=critical,permitted;dirName:permitted
[permitted]
O=Somebody Else" "Example Service"
  path unprocessable "$MIDDLE
1.2.3.4=critical,DER:0500"
} > "$here/openssl-issuers.pem"

# A root that is over long before its leaf: label, leaf, root.
{
  DAYS=1 self short.pem k "Example Ltd" "$ROOT"
  issue leaf.pem leaf.key "Example Service" "$LEAF" short.pem k
  printf '== short root\n'; cat leaf.pem short.pem
} > "$here/openssl-short-root.pem"

# Time-stamp authorities: what they are, leaf, root.
{
  STAMPS='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
  stamps() { # label, extensions, key
    issue leaf.pem "${3:-leaf.key}" "Example Time" "$2" root.pem k
    printf '== %s\n' "$1"; cat leaf.pem root.pem
  }
  stamps sound "$STAMPS"
  stamps certificate.extended-key-usage "$(printf '%s\n' "$STAMPS" | sed s/critical,timeStamping/timeStamping/)"
  stamps certificate.extended-key-usage "$(printf '%s\n' "$STAMPS" | sed s/critical,timeStamping/critical,timeStamping,emailProtection/)"
  key ed25519 -out odd; stamps certificate.key "$STAMPS" odd
} > "$here/openssl-timestamps.pem"

# A time-stamp response of such an authority, as `sigTst` holds it; its token is what `sigTst2` holds.
{
  stamps sound "$STAMPS" > time.pem
  printf '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=sha256\n' > ts.cnf
  printf 01 > serial
  printf 'message' | openssl ts -query -data - -sha256 -cert -out query.tsq
  openssl ts -reply -config ts.cnf -queryfile query.tsq -signer leaf.pem -inkey leaf.key -chain root.pem \
    -out "$here/openssl-timestamp-response.der"
} 2> /dev/null
