#!/bin/sh
# PostgreSQL as the chart's image starts it, as far as the platform sees it: the first start makes the data folder, the user and the database;
# the password files are the chart's Secret, and the settings its extendedConfiguration.
set -eu
auth=/etc/postgres-auth
data=/var/lib/postgresql/data
export LC_ALL=C

if [ ! -s "$data/PG_VERSION" ]; then
  new=$data.new # becomes the data folder only when all of this went well
  rm -rf "$new"
  initdb -D "$new" -U postgres -E UTF8 --auth=scram-sha-256 --pwfile="$auth/administrator" >/dev/null
  echo 'host all all all scram-sha-256' >>"$new/pg_hba.conf"
  echo "include '/etc/postgresql/override.conf'" >>"$new/postgresql.conf"
  printf '%s\n' \
    "CREATE ROLE \"$POSTGRES_USER\" LOGIN CREATEDB PASSWORD '$(cat "$auth/user")';" \
    "CREATE DATABASE \"$POSTGRES_DATABASE\" OWNER \"$POSTGRES_USER\";" |
    postgres --single -D "$new" postgres >/dev/null
  mv "$new" "$data"
fi
chmod 700 "$data" # fsGroup makes it writable by the group, which the server refuses
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
