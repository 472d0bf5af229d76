#!/usr/bin/env bash
# Writes base.txt, server.txt and dev.txt anew from their .in files: names, versions and hashes,
# nothing else. Neither the index it asked nor any setting of this machine's pip ends up in the files.
set -euo pipefail
cd "$(dirname "$0")"

tools="$(mktemp -d)"
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3.11}" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet pip-tools

unset PIP_FIND_LINKS
for set in base server dev; do
    "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-config --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        "$@" --output-file "$set.txt" "$set.in"
done
