"""Distributions: which OSV ecosystem has the advisories of a release, and how it names packages.

Sources: the OSV schema, "Defined ecosystems"; google/osv-scalibr
`extractor/filesystem/os/ecosystem`; distro-info-data for codenames. Where one release is spread
over several ecosystems (Red Hat's and SUSE's products) each of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vigie.model.inventory import Distribution


@dataclass(frozen=True, slots=True)
class Release:
    """The advisories of one release. `name` is its ecosystem as OSV writes it ("Debian:12"),
    `type` the purl type of its packages. `pattern` fits the whole name of each ecosystem that
    is about it, `paid` of those with fixes that only some customers get (Ubuntu Pro).

    `binaries` True: packages go by their own names as well as by their source's. `epochs`
    False: the versions of this database leave rpm's epoch out.
    """

    name: str
    type: str
    pattern: re.Pattern[str]
    paid: re.Pattern[str] | None = None
    binaries: bool = False
    epochs: bool = True

    def among(self, ecosystems: Iterable[str]) -> tuple[str, ...]:
        """The ecosystems that are about this release, those of `paid` left out."""
        return tuple(name for name in ecosystems if self.pattern.fullmatch(name))

    def paid_among(self, ecosystems: Iterable[str]) -> tuple[str, ...]:
        """The ecosystems of fixes that only some customers get."""
        if self.paid is None:
            return ()
        return tuple(name for name in ecosystems if self.paid.fullmatch(name))


_DEBIAN = {
    "squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10",
    "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15",
}  # fmt: skip
_UBUNTU = {
    "trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04",
    "mantic": "23.10", "noble": "24.04", "oracular": "24.10", "plucky": "25.04",
    "questing": "25.10", "resolute": "26.04",
}  # fmt: skip
_OPENEULER_TAG = re.compile(r"\.oe(\d\d)(\d\d)(sp\d+)?(?![0-9a-z])", re.IGNORECASE)

_Spelling = Callable[[str], Release | None]


def _fixed(name: str, type_: str, *, binaries: bool = False, epochs: bool = True) -> _Spelling:
    """One ecosystem for all releases."""
    release = Release(name, type_, re.compile(re.escape(name)), binaries=binaries, epochs=epochs)
    return lambda _: release


def _numbered(
    name: str, type_: str, parts: int = 0, *, binaries: bool = False, epochs: bool = True
) -> _Spelling:
    """One ecosystem for each release, after this many numbers of its version (0: all of it);
    records of older databases leave the release out."""

    def spell(version: str) -> Release | None:
        release = ".".join(version.split(".")[:parts]) if parts else version
        full = f"{name}:{release}" if release else name
        pattern = re.compile(f"{re.escape(name)}|{re.escape(full)}")
        return Release(full, type_, pattern, binaries=binaries, epochs=epochs)

    return spell


def _debian(version: str) -> Release | None:
    number = _DEBIAN.get(version, version.partition(".")[0])
    name = f"Debian:{number}"
    return Release(name, "deb", re.compile(re.escape(name))) if number else None


def _ubuntu(version: str) -> Release | None:
    number = ".".join(_UBUNTU.get(version, version).split(".")[:2])
    year, _, month = number.partition(".")
    lasting = month == "04" and year.isdigit() and int(year) % 2 == 0
    quoted = re.escape(number)
    return Release(
        f"Ubuntu:{number}:LTS" if lasting else f"Ubuntu:{number}",
        "deb",
        re.compile(rf"Ubuntu:{quoted}(?::LTS)?"),
        paid=re.compile(rf"Ubuntu(?::[A-Za-z][\w-]*)+:{quoted}(?::LTS)?"),
    )


def _alpine(version: str) -> Release | None:
    numbers = version.removeprefix("v").split(".")
    # Edge calls itself by the release to come: "3.22_alpha20250108".
    edge = "_" in version or not (len(numbers) > 1 and numbers[0].isdigit())
    name = "Alpine:edge" if edge else f"Alpine:v{numbers[0]}.{numbers[1]}"
    return Release(name, "apk", re.compile(re.escape(name)))


def _redhat(version: str) -> Release | None:
    major = version.partition(".")[0]
    if not major:
        return None
    # Every repository of the main line. Streams for some customers (rhel_eus, rhel_aus…) have
    # fixes that this system may not get, and os-release does not tell who is one of them.
    pattern = re.compile(rf"Red Hat:enterprise_linux:{re.escape(major)}(?:\.\d+)?(?::.*)?")
    name = f"Red Hat:enterprise_linux:{major}"
    return Release(name, "rpm", pattern, binaries=True)


def _suse(version: str) -> Release | None:
    """SUSE files a package under the module that ships it, which os-release does not name."""
    major, _, pack = version.partition(".")
    full = f"{major} SP{pack}" if pack and major in ("11", "12", "15") else version
    end = rf" {re.escape(full)}(?:-[\w-]+)?"
    pattern = re.compile(
        rf"SUSE:(?:Linux Enterprise|Package Hub|SUSE Linux Enterprise)(?: .*)?{end}"
    )
    return Release(f"SUSE:Linux Enterprise Server {full}", "rpm", pattern, epochs=False)


def _micro(version: str) -> Release | None:
    name = f"Micro {version}"
    pattern = re.compile(rf"SUSE:Linux (?:Enterprise )?{re.escape(name)}(?:-[\w-]+)?")
    return Release(f"SUSE:Linux {name}", "rpm", pattern, epochs=False)


def _opensuse(edition: str) -> _Spelling:
    def spell(version: str) -> Release | None:
        name = f"openSUSE:{edition} {version}".strip()
        return Release(name, "rpm", re.compile(re.escape(name)), epochs=False)

    return spell


def _openeuler(version: str) -> Release | None:
    """`version` is "22.03", or "22.03sp3" where the package says which service pack."""
    number, _, pack = version.partition("sp")
    name = f"openEuler:{number}-LTS" + (f"-SP{pack}" if pack else "")
    pattern = re.compile(f"{re.escape(name)}|{re.escape(f'openEuler:{number}')}")
    return Release(name, "rpm", pattern, epochs=False)


# By the beginning of the distribution's label ("opensuse-leap-15.5"): the longest that fits.
_FAMILIES: dict[str, _Spelling] = {
    "debian": _debian,
    "raspbian": _debian,
    "ubuntu": _ubuntu,
    "echo": _fixed("Echo", "deb"),
    "alpine": _alpine,
    "wolfi": _fixed("Wolfi", "apk", binaries=True),
    "chainguard": _fixed("Chainguard", "apk", binaries=True),
    "minimos": _fixed("MinimOS", "apk", binaries=True),
    "cleanstart": _fixed("CleanStart", "apk", binaries=True),
    "clnstrt": _fixed("CleanStart", "apk", binaries=True),
    "alpaquita": _numbered("Alpaquita", "apk"),
    "bellsoft-hardened-containers": _numbered("BellSoft Hardened Containers", "apk"),
    "almalinux": _numbered("AlmaLinux", "rpm", 1, binaries=True),
    "alma": _numbered("AlmaLinux", "rpm", 1, binaries=True),
    "rocky": _numbered("Rocky Linux", "rpm", 1, binaries=True),
    "rhel": _redhat,
    "redhat": _redhat,
    "centos": _redhat,
    "sles": _suse,
    "sles_sap": _suse,
    "sled": _suse,
    "sle_hpc": _suse,
    "sle-micro": _micro,
    "suse-microos": _micro,
    "sl-micro": _micro,
    "opensuse-leap": _opensuse("Leap"),
    "opensuse-leap-micro": _opensuse("Leap Micro"),
    "opensuse-tumbleweed": lambda _: _opensuse("Tumbleweed")(""),
    "opensuse-microos": lambda _: _opensuse("Tumbleweed")(""),
    "photon": _numbered("Photon OS", "rpm", 2, binaries=True, epochs=False),
    "mageia": _numbered("Mageia", "rpm", 1, epochs=False),
    "openeuler": _openeuler,
    "azurelinux": _numbered("Azure Linux", "rpm", 1, binaries=True, epochs=False),
    "mariner": _numbered("Azure Linux", "rpm", 1, binaries=True, epochs=False),
    "cbl-mariner": _numbered("Azure Linux", "rpm", 1, binaries=True, epochs=False),
}
_LONGEST_FIRST = sorted(_FAMILIES, key=len, reverse=True)


def release_of(distribution: Distribution, version: str = "") -> Release | None:
    """The advisories of this distribution's release; None where OSV has none of it.

    `version` is a package's: openEuler's says which service pack it was built for, which
    os-release does not. A system made from Debian or Ubuntu that keeps their codename has
    their packages.
    """
    label = distribution.label.lower().replace(" ", "-").replace("opensuse.", "opensuse-")
    for family in _LONGEST_FIRST:
        if label == family or label.startswith(f"{family}-"):
            release = label[len(family) + 1 :]
            if family == "openeuler":
                release = service_pack(version) or release
            return _FAMILIES[family](release or distribution.codename.lower())
    codename = distribution.codename.lower()
    if "ubuntu" in distribution.like and codename in _UBUNTU:
        return _ubuntu(codename)
    if "debian" in distribution.like and codename in _DEBIAN:
        return _debian(codename)
    return None


def has_advisories(distribution: Distribution | None) -> bool:
    """True when OSV has advisories of this distribution (it has none of Fedora, Amazon or Arch)."""
    return distribution is not None and release_of(distribution) is not None


def service_pack(version: str) -> str:
    """ "22.03sp3" for a version that ends in "-1.oe2203sp3"; "" for one without openEuler's tag."""
    tag = _OPENEULER_TAG.search(version)
    return f"{tag[1]}.{tag[2]}{(tag[3] or '').lower()}" if tag else ""
