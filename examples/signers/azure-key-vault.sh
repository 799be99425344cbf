#!/bin/sh
# Signs with Azure Key Vault or Managed HSM, by the Azure CLI: a key of type EC or EC-HSM on the curve P-256.
#   touchmark stamp picture.png --key 'cmd:./azure-key-vault.sh https://VAULT.vault.azure.net/keys/NAME/VERSION' --certificates CHAIN.pem
# The identity that runs it needs the role "Key Vault Crypto User", or better one with the action keys/sign alone, on this key.
set -eu
# The hash is made here; the service takes it as base64 and answers r and s, base64 too: what COSE wants.
digest=$(openssl dgst -sha256 -binary | openssl base64 -A)
signature=$(az keyvault key sign --id "$1" --algorithm ES256 --digest "$digest" --query signature --output tsv)
# Base64 for URLs comes from some versions.
printf %s "$signature" | tr -- '-_' '+/' | awk '{ while (length($0) % 4) $0 = $0 "="; printf "%s", $0 }' |
    openssl base64 -d -A
