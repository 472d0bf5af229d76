#!/bin/sh
# Makes the secrets that deploy/compose.yaml mounts: new random ones, never over those there are.
# Usage: make-secrets.sh [FOLDER]   (deploy/secrets)
set -eu
folder="${1:-$(dirname "$0")/secrets}"
umask 077
mkdir -p "$folder"
if [ -e "$folder/platform-key" ]; then
    echo "error: $folder holds secrets already; what they sealed would be lost with them" >&2
    exit 2
fi
word() { openssl rand -hex 24; }
owner="$(word)" app="$(word)" nats="$(word)" redis="$(word)"
put() { printf '%s\n' "$2" >"$folder/$1"; }
put owner-password "$owner"
put app-password "$app"
put owner-url "postgresql://vigie_owner:$owner@postgres/vigie"
put database-url "postgresql://vigie_app:$app@postgres/vigie"
put queue-url "nats://vigie:$nats@nats:4222"
put cache-url "redis://:$redis@redis:6379/0"
put nats-conf "authorization { user: vigie, password: \"$nats\" }"
put redis-conf "requirepass $redis
maxmemory 256mb
maxmemory-policy volatile-lru
save \"\"
appendonly no"
put platform-key "$(openssl rand -base64 32)"
# Containers run as users of their own, and a mounted file keeps its owner: the folder is closed
# to others, so its files may be readable.
chmod 0700 "$folder"
chmod 0444 "$folder"/*
echo "made $folder: keep a copy of platform-key elsewhere, without it no backup opens"
