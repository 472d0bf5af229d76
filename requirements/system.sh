#!/bin/sh
# Programs that some tests look through: a browser for the HTML report, poppler for the PDF,
# what checks the scripts of the CI templates, a registry to pull images from, the engines that
# the platform can stand on, and what checks its alert rules and its systemd units.
# Installed where that needs nobody's leave; elsewhere the tests that need them say so and skip.
set -eu

here() {
    command -v "$1" >/dev/null 2>&1
}

missing() {
    here chromium || here chromium-browser || here google-chrome || printf ' chromium'
    here pdftoppm || printf ' poppler-utils'
    here shellcheck || printf ' shellcheck'
    here docker-registry || printf ' docker-registry'
    here htpasswd || printf ' apache2-utils'
    # Debian keeps the server's programs out of the PATH.
    here initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || printf ' postgresql'
    here redis-server || printf ' redis-server'
    here promtool || printf ' prometheus'
    here systemd-analyze || printf ' systemd'
    here curl || printf ' curl'
}

# The tests start servers of their own; those that Debian's packages bring would listen too.
# Its way to say so for the time of an installation is this file.
policy=/usr/sbin/policy-rc.d
start_nothing() {
    [ -e "$policy" ] && return
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

install() {
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" = 0 ] && here apt-get; then
    printf 'installing for the tests:%s\n' "$wanted" >&2
    start_nothing
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086  # two words are two packages
    install $wanted || for one in $wanted; do install "$one" || true; done
    for one in $wanted; do
        case "$one" in docker-registry | postgresql | redis-server | prometheus)
            # Nor at the next start of the machine, nor where the file above had no say.
            systemctl disable --now "$one" >/dev/null 2>&1 || true ;;
        esac
    done
    wanted=$(missing)
    [ -n "$wanted" ] || exit 0
fi
printf 'not here, so the tests that need them will be skipped:%s\n' "$wanted" >&2
