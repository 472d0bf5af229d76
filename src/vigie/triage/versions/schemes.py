"""One scheme for each purl type, and the keys it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.triage.forgetting import kept
from vigie.triage.packages import plain_version
from vigie.triage.versions import (
    alpm,
    apk,
    composer,
    conan,
    cran,
    deb,
    gem,
    generic,
    golang,
    hackage,
    maven,
    nuget,
    pypi,
    rpm,
    semver,
)
from vigie.triage.versions.keys import LONGEST, Key

_SCHEMES: dict[str, Callable[[str], Key | None]] = {
    "alpm": alpm.key,
    "apk": apk.key,
    "cargo": semver.key,
    "cocoapods": gem.key,
    "composer": composer.key,
    "conan": conan.key,
    "cran": cran.key,
    "deb": deb.key,
    "gem": gem.key,
    "golang": golang.key,
    "hackage": hackage.key,
    "hex": semver.key,
    "maven": maven.key,
    "npm": semver.key,
    "nuget": nuget.key,
    "opkg": deb.key,
    "pub": semver.pub,
    "pypi": pypi.key,
    "rpm": rpm.key,
    "swift": semver.key,
}


@kept(200_000)
def key(type_: str, version: str) -> Key | None:
    """What to sort a version of this purl type by; None when the scheme refuses the version.

    Keys compare within one type only: `key(t, a) < key(t, b)` means that a is the lower.
    """
    if len(version) > LONGEST:
        return None
    scheme = _SCHEMES.get(type_, generic.key)
    found = scheme(version)
    if found is None and type_ not in SYSTEM_TYPES:
        plain = plain_version(version)  # tools write "v1.2" where the registry has 1.2
        return scheme(plain) if plain != version else None
    return found


def compare(type_: str, a: str, b: str) -> int | None:
    """-1, 0 or 1; None when the two cannot be compared under the scheme of this purl type."""
    if a == b:
        return 0
    first, second = key(type_, a), key(type_, b)
    if first is None or second is None:
        return None
    return (first > second) - (first < second)


def order(type_: str, versions: Iterable[str]) -> list[str]:
    """Lowest first, each spelling once; before them, by spelling, what the scheme refuses."""
    return sorted(set(versions), key=lambda version: (key(type_, version) or (), version))
