#!/bin/sh
# At the birth of the database: the role that serves. It owns nothing; what it may do, the migrations grant.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/app_password)" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE safe_passage_app LOGIN PASSWORD :'password';
SQL
