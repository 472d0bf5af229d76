"""Package URLs of what was found."""

from __future__ import annotations

import pytest

from vigie.sources.packages.purls import purl


@pytest.mark.parametrize(
    ("said", "url"),
    [
        (("deb", "debian", "curl", "7.88.1-10"), "pkg:deb/debian/curl@7.88.1-10"),
        (("npm", "@babel", "core", "7.0.0"), "pkg:npm/%40babel/core@7.0.0"),
        (("pypi", "", "Django", "4.2"), "pkg:pypi/django@4.2"),
        (("pypi", "", "a", ""), "pkg:pypi/a"),
        (("pypi", "", "", "1"), ""),
        (("rpm", "", " ", "1"), ""),
        (("rpm", "", "//", "1"), ""),
        (("rpm", "", "/\x1d/", "1"), ""),
    ],
)
def test_a_purl_is_canonical(said: tuple[str, str, str, str], url: str) -> None:
    assert purl(*said) == url


def test_qualifiers_without_a_value_are_left_out() -> None:
    url = purl("deb", "debian", "curl", "1", arch="amd64", distro="debian-12", epoch="")
    assert url == "pkg:deb/debian/curl@1?arch=amd64&distro=debian-12"
