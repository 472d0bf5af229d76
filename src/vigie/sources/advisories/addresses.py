"""Where feeds of advisories are handed out, and what they are called.

Sources: the OSV schema's list of ecosystems, https://ossf.github.io/osv-schema/; OSV's page on
data dumps, https://google.github.io/osv.dev/data/; CISA's and FIRST's own pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.ecosystems import osv_ecosystem, package_type
from vigie.model.errors import UserError
from vigie.model.text import T

OSV = "https://osv-vulnerabilities.storage.googleapis.com"
KEV = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
EPSS = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"

ECOSYSTEMS = (
    "AlmaLinux", "Alpaquita", "Alpine", "Android", "BellSoft Hardened Containers", "Bioconductor",
    "Bitnami", "Chainguard", "CleanStart", "ConanCenter", "CRAN", "crates.io", "Debian",
    "Docker Hardened Images", "Echo", "FreeBSD", "GHC", "GitHub Actions", "Go", "Hackage", "Hex",
    "Julia", "Kubernetes", "Linux", "Mageia", "Maven", "MinimOS", "npm", "NuGet", "opam",
    "openEuler", "openSUSE", "OSS-Fuzz", "Packagist", "Photon OS", "Pub", "PyPI", "Red Hat",
    "Rocky Linux", "Root", "RubyGems", "SUSE", "SwiftURL", "Ubuntu", "VSCode", "Wolfi",
)  # fmt: skip

# What a first update gets: the registries of languages, and the distributions that images are
# most often made from. The others are large or rare, and are had by name.
USUAL = (
    "AlmaLinux", "Alpine", "crates.io", "Debian", "GitHub Actions", "Go", "Hex", "Maven", "npm",
    "NuGet", "Packagist", "Pub", "PyPI", "Rocky Linux", "RubyGems", "Ubuntu", "Wolfi",
)  # fmt: skip

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,63}")
_BY_WORD = {name.lower(): name for name in ECOSYSTEMS}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The three places; a mirror keeps the bucket's layout, `<Ecosystem>/all.zip`."""

    osv: str = OSV
    kev: str = KEV
    epss: str = EPSS

    def dump(self, ecosystem: str) -> str:
        """The address of an ecosystem's dump."""
        return f"{self.osv.rstrip('/')}/{quote(ecosystem)}/all.zip"

    @property
    def listing(self) -> str:
        """The address of the list of ecosystems."""
        return f"{self.osv.rstrip('/')}/ecosystems.txt"


def ecosystem_named(word: str) -> str:
    """The ecosystem, without release, that somebody means by "pypi", "python" or "debian:12".

    A name that is not known yet is taken as it is. Raises UserError when it cannot be one.
    """
    name = word.partition(":")[0].strip()
    known = _BY_WORD.get(name.lower()) or osv_ecosystem(package_type(name))
    if known:
        return known
    if not _NAME.fullmatch(name):
        raise UserError(
            T("{word} is no ecosystem", word=repr(word)),
            T("Choose from: {names}", names=ECOSYSTEMS),
        )
    return name


def ecosystems_listed(text: str) -> tuple[str, ...]:
    """The ecosystems of the bucket's list, without their releases."""
    lines = (line.partition(":")[0].strip() for line in text.splitlines())
    return tuple(sorted({line for line in lines if _NAME.fullmatch(line)}))
