"""Which purl type a scanner's own name for a package system or distribution stands for.

Source: the purl-spec's type list; Trivy `pkg/fanal/types/const.go`, Syft package types,
OSV ecosystem names, Snyk package managers, Clair distribution ids.
"""

from __future__ import annotations

_SPELLINGS = {
    "deb": "deb dpkg debian ubuntu echo kali raspbian linuxmint",
    "rpm": "rpm redhat rhel red-hat centos centos-stream fedora rocky rocky-linux rockylinux alma "
    "almalinux oracle oracle-linux oraclelinux ol amazon amazon-linux amzn suse sles slem sled "
    "opensuse opensuse-leap opensuse-tumbleweed opensuse.leap opensuse.tumbleweed photon "
    "cbl-mariner mariner azurelinux azure azure-linux bottlerocket coreos mageia openeuler anolis",
    "apk": "apk alpine wolfi chainguard minimos alpaquita",
    "alpm": "alpm arch archlinux",
    "pypi": "pypi python python-pkg pip pipenv poetry uv pylock pdm setuptools wheel egg",
    "npm": "npm node node-pkg node.js nodejs yarn pnpm bun javascript js lerna",
    "maven": "maven jar war ear par pom gradle sbt java java-archive jenkins-plugin ivy kotlin",
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

# Types whose packages belong to a distribution and have source packages.
DISTRIBUTION_TYPES = frozenset({"deb", "rpm", "apk", "alpm"})


def package_system(name: str) -> str:
    """The purl type for a tool's name such as "python-pkg" or "Rocky Linux"; "" if unknown."""
    return _TYPES.get(name.strip().lower().replace(" ", "-"), "")
