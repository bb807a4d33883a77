#!/bin/sh
# Makes what docker-compose.yml mounts: passwords, the key that wraps keys, and a certificate that signs itself until a real one is put in
# its place; and .env, by which printed links lead to the host. Leaves alone what is there. Usage: deploy/make-secrets.sh [host name]
set -eu
host=${1:-localhost}
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets # on this machine nobody else passes; inside, each container reads the files it is given
cd secrets

random() { openssl rand -hex 32; }
# What is made from one another is made together: a part that is missing alone is for a person to mend.
if [ ! -e owner_password ]; then
  random >owner_password
  random >app_password
  echo "postgresql://postgres:$(cat owner_password)@postgres:5432/safe_passage" >database_owner_url
  echo "postgresql://safe_passage_app:$(cat app_password)@postgres:5432/safe_passage" >database_url
fi
[ -e key_secret ] || random >key_secret
if [ ! -e tls_key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" -keyout tls_key -out tls_certificate 2>/dev/null
fi
chmod 444 ./*
[ -e ../../.env ] || echo "PUBLIC_URL=https://$host:8443" >../../.env
echo "deploy/secrets and .env are ready. Keep a copy of key_secret: without it free text can't be read again."
