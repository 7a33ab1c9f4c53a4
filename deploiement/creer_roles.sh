#!/bin/sh
# Au premier démarrage de PostgreSQL : le rôle qui possède, et celui qui sert et ne possède rien.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v proprietaire="$(cat /run/secrets/mdp_proprietaire)" \
    -v application="$(cat /run/secrets/mdp_application)" <<'SQL'
CREATE ROLE cse_proprietaire LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'proprietaire';
CREATE ROLE cse_application LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'application';
CREATE DATABASE cse OWNER cse_proprietaire;
SQL
