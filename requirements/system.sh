#!/bin/sh
# Programs that some tests look through: a browser for the HTML report, poppler for the PDF,
# what checks the scripts of the CI templates, and a registry to pull images from.
# Installed where that needs nobody's leave; elsewhere the tests that need them say so and skip.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 || missing="chromium"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v shellcheck >/dev/null 2>&1 || missing="$missing shellcheck"
command -v docker-registry >/dev/null 2>&1 || missing="$missing docker-registry"
command -v htpasswd >/dev/null 2>&1 || missing="$missing apache2-utils"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'installing for the tests: %s\n' "$missing" >&2
    # shellcheck disable=SC2086  # two words are two packages
    if { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null 2>&1; then
        # The tests start a registry of their own; Debian's would listen to everybody.
        case "$missing" in *docker-registry*)
            systemctl disable --now docker-registry >/dev/null 2>&1 || true ;;
        esac
        exit 0
    fi
fi
printf 'not here, so the tests that need them will be skipped: %s\n' "$missing" >&2
