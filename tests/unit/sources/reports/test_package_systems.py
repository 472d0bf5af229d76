"""Tools' names for package systems."""

from __future__ import annotations

import pytest

from vigie.sources.reports.package_systems import package_system


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("python-pkg", "pypi"),
        ("poetry", "pypi"),
        ("uv", "pypi"),
        ("jar", "maven"),
        ("pom", "maven"),
        ("gradle", "maven"),
        ("gobinary", "golang"),
        ("gomod", "golang"),
        ("bundler", "gem"),
        ("gemspec", "gem"),
        ("node-pkg", "npm"),
        ("rustbinary", "cargo"),
        ("crates.io", "cargo"),
        ("Packagist", "composer"),
        ("dotnet-core", "nuget"),
        ("ubuntu", "deb"),
        ("Red Hat", "rpm"),
        ("Rocky Linux", "rpm"),
        ("amazon", "rpm"),
        ("opensuse-leap", "rpm"),
        ("cbl-mariner", "rpm"),
        ("wolfi", "apk"),
        ("chainguard", "apk"),
        (" Alpine ", "apk"),
        ("dockerfile", ""),
        ("", ""),
    ],
)
def test_every_spelling_has_its_purl_type(name: str, kind: str) -> None:
    assert package_system(name) == kind
