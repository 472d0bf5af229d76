"""Package ecosystems: one purl type for every spelling that tools and databases use.

Sources: the purl-spec's type list; Trivy `pkg/fanal/types/const.go`, Syft package types,
Snyk package managers, Clair distribution ids; the OSV schema's list of ecosystems.
"""

from __future__ import annotations

import re

_SPELLINGS = {
    "deb": "deb dpkg debian ubuntu echo kali raspbian linuxmint",
    "rpm": "rpm redhat rhel red-hat centos centos-stream fedora rocky rocky-linux rockylinux alma "
    "almalinux oracle oracle-linux oraclelinux ol amazon amazon-linux amzn suse sles slem sled "
    "opensuse opensuse-leap opensuse-tumbleweed opensuse.leap opensuse.tumbleweed photon "
    "photon-os cbl-mariner mariner azurelinux azure azure-linux bottlerocket coreos mageia "
    "openeuler anolis",
    "apk": "apk alpine wolfi chainguard minimos alpaquita",
    "alpm": "alpm arch archlinux",
    "pypi": "pypi python python-pkg pip pipenv poetry uv pylock pdm setuptools wheel egg",
    "npm": "npm node node-pkg node.js nodejs yarn pnpm bun javascript js lerna",
    "maven": "maven java jar war ear par pom gradle sbt java-archive jenkins-plugin ivy kotlin",
    "golang": "golang go gobinary gomod gomodules go-module go-mod golangdep govendor",
    "gem": "gem bundler gemspec rubygems ruby",
    "cargo": "cargo rustbinary rust rust-crate crates.io",
    "composer": "composer composer-vendor packagist php php-composer php-pear",
    "nuget": "nuget dotnet dotnet-core dotnet-deps packages-props paket .net csharp",
    "conan": "conan conancenter",
    "conda": "conda conda-pkg conda-environment",
    "cocoapods": "cocoapods pod",
    "swift": "swift swifturl swift-package-manager",
    "pub": "pub dart dart-pub",
    "hex": "hex erlang elixir mix rebar",
    "julia": "julia",
    "bitnami": "bitnami",
    "cran": "cran r r-package",
    "hackage": "hackage haskell",
    "github": "github github-actions github-action",
}
_TYPES = {spelling: kind for kind, names in _SPELLINGS.items() for spelling in names.split()}

# Packages that belong to a distribution: they have source packages and no registry of their own.
SYSTEM_TYPES = frozenset({"deb", "rpm", "apk", "alpm", "opkg"})

# The OSV schema's ecosystem of each language's purl type.
_OSV = {
    "pypi": "PyPI",
    "npm": "npm",
    "maven": "Maven",
    "golang": "Go",
    "gem": "RubyGems",
    "cargo": "crates.io",
    "composer": "Packagist",
    "nuget": "NuGet",
    "pub": "Pub",
    "hex": "Hex",
    "conan": "ConanCenter",
    "swift": "SwiftURL",
    "cran": "CRAN",
    "hackage": "Hackage",
    "github": "GitHub Actions",
    "julia": "Julia",
    "bitnami": "Bitnami",
}


def package_type(name: str) -> str:
    """The purl type for a name such as "python-pkg" or "Rocky Linux"; "" if unknown."""
    return _TYPES.get(name.strip().lower().replace(" ", "-"), "")


def osv_ecosystem(type_: str) -> str:
    """The OSV ecosystem of a language's purl type ("pypi" is "PyPI"); "" for a distribution's,
    which goes by the distribution and its release, and for one that OSV does not have."""
    return _OSV.get(type_, "")


_SEPARATORS = re.compile(r"[-_.]+")
# Registries in which two names that differ only by case cannot be two packages.
_CASELESS = frozenset({"NuGet", "Packagist", "Hex", "Pub", "GitHub Actions", "VSCode"})


def advisory_name(ecosystem: str, name: str) -> str:
    """A package's name as advisories of this OSV ecosystem ("PyPI", "Debian:12") are looked up.

    The registry's own rule, where it takes several spellings for one package: PEP 503 for
    PyPI, case for some others, case and the underscore for crates.io. Else the name itself.
    """
    name, registry = name.strip(), ecosystem.partition(":")[0]
    if registry == "PyPI":
        return _SEPARATORS.sub("-", name).lower()
    if registry in _CASELESS:
        return name.lower()
    if registry == "crates.io":
        return name.lower().replace("_", "-")
    if registry == "SwiftURL":
        return name.lower().removeprefix("https://").removesuffix(".git")
    return name
