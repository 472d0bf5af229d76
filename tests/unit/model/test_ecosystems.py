"""Tools' names for package systems."""

from __future__ import annotations

import pytest

from vigie.model.ecosystems import osv_ecosystem, package_type


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
    assert package_type(name) == kind


def test_a_language_has_its_osv_ecosystem_and_a_distribution_has_none() -> None:
    assert osv_ecosystem("pypi") == "PyPI"
    assert osv_ecosystem("cargo") == "crates.io"
    assert osv_ecosystem("deb") == ""
