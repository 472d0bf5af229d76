"""One advisory and one package in each ecosystem: what makes them meet and what does not."""

from __future__ import annotations

import pytest
from tests.unit.triage.matching.advisories import (
    ALPINE,
    DEBIAN,
    UBUNTU,
    MemoryIndex,
    package,
    record,
)

from vigie.model.inventory import Distribution, Package
from vigie.triage.matching import match


def is_hit(asked: Package, index: MemoryIndex, where: Distribution | None = None) -> bool:
    return bool(match([asked], where, index).observations)


@pytest.mark.parametrize(
    ("where", "ecosystem", "asked", "fixed", "expected"),
    [
        (DEBIAN, "Debian:12", package("libssl3", "3.0-1~deb12u1", "deb", source_name="openssl"),
         "3.0-1~deb12u2", True),
        (DEBIAN, "Debian:12", package("libssl3", "3.0-1~deb12u2+b1", "deb", source_name="openssl"),
         "3.0-1~deb12u2", False),
        (DEBIAN, "Debian:12", package("openssl", "3.0.11-1", "deb"), "0", False),
        (DEBIAN, "Debian:11", package("openssl", "1.0-1", "deb"), "3.0.11-1", False),
        (DEBIAN, "Debian:12", package("x", "1:1.0-1", "deb", source_name="openssl"), "2-1", False),
        (UBUNTU, "Ubuntu:22.04:LTS", package("libssl3", "3.0.2-0ubuntu1.1", "deb",
                                             source_name="openssl"), "3.0.2-0ubuntu1.10", True),
        (ALPINE, "Alpine:v3.19", package("libcrypto3", "3.1.4-r1", "apk", source_name="openssl"),
         "3.1.4-r5", True),
        (Distribution("wolfi", "20230201"), "Wolfi", package("openssl", "3.1-r0", "apk"), "3.1-r1",
         True),
        (Distribution("rhel", "9.4"), "Red Hat:enterprise_linux:9::baseos",
         package("openssl-libs", "1:3.0.7-16.el9", "rpm", source_name="openssl"),
         "1:3.0.7-18.el9", True),
        (Distribution("azurelinux", "3.0"), "Azure Linux:3",
         package("openssl", "1:3.3.0-1.azl3", "rpm"), "3.3.0-2.azl3", True),
    ],
)  # fmt: skip
def test_distributions(
    where: Distribution, ecosystem: str, asked: Package, fixed: str, expected: bool
) -> None:
    index = MemoryIndex(record("A-1", ecosystem, "openssl", f"fixed {fixed}"))
    assert is_hit(asked, index, where) is expected


@pytest.mark.parametrize(
    ("ecosystem", "name", "asked", "fixed", "expected"),
    [
        ("Go", "github.com/Azure/sdk", package("github.com/Azure/sdk", "v1.2.0", "golang"), "1.2.1",
         True),
        ("Go", "github.com/a/b", package("github.com/a/b", "v2.0.0+incompatible", "golang"),
         "2.0.1+incompatible", True),
        ("Go", "github.com/a/b", package("github.com/a/b", "v2.0.1+incompatible", "golang"),
         "2.0.1+incompatible", False),
        ("Go", "stdlib", package("stdlib", "go1.22.3 X:boringcrypto", "golang"), "1.22.4", True),
        ("Go", "stdlib", package("stdlib", "go1.22.4", "golang"), "1.22.4", False),
        ("Go", "stdlib", package("stdlib", "go1.23rc1", "golang"), "1.23.0-rc.2", True),
        ("NuGet", "Newtonsoft.Json", package("newtonsoft.json", "12.0", "nuget"), "13.0.1", True),
        ("Packagist", "Symfony/Http", package("symfony/http", "v5.0.1", "composer"), "5.0.2", True),
        ("npm", "@babel/core", package("@babel/core", "7.0.0", "npm"), "7.0.1", True),
        ("npm", "core", package("core", "7.0.0", "npm", purl="pkg:npm/%40babel/core@7.0.0"),
         "7.0.1", False),
        ("Maven", "org.x:y", package("y", "1.0", "maven", purl="pkg:maven/org.x/y@1.0"), "1.0.1",
         True),
        ("crates.io", "serde_json", package("serde-json", "1.0.0", "cargo"), "1.0.1", True),
    ],
)  # fmt: skip
def test_registries(ecosystem: str, name: str, asked: Package, fixed: str, expected: bool) -> None:
    index = MemoryIndex(record("A-1", ecosystem, name, f"fixed {fixed}"))
    assert is_hit(asked, index) is expected
