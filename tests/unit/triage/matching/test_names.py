"""What a package is called where advisories speak of it, and at which version."""

from __future__ import annotations

from typing import Any

import pytest

from vigie.model.components import Component
from vigie.triage.matching.names import (
    language_names,
    language_version,
    system_names,
    type_of,
    without_epoch,
)


@pytest.mark.parametrize(
    ("type_", "name", "purl", "expected"),
    [
        ("pypi", "Flask_Login", "", ("Flask_Login",)),
        ("npm", "@babel/core", "", ("@babel/core",)),
        ("npm", "core", "pkg:npm/%40babel/core@7", ("@babel/core",)),
        ("maven", "org.x:y", "", ("org.x:y",)),
        ("maven", "y", "pkg:maven/org.x/y@1", ("org.x:y",)),
        ("maven", "org.x/y", "", ("org.x:y",)),
        ("maven", "y", "", ()),
        ("maven", "y", "pkg:maven/y@1", ()),
        ("golang", "github.com/Azure/sdk", "pkg:golang/github.com/azure/sdk@v1",
         ("github.com/azure/sdk", "github.com/Azure/sdk")),
        ("golang", "a.b/C", "pkg:golang/a.b/c@v1", ("a.b/c", "a.b/C")),
        ("golang", "a.b/C", "pkg:golang/a.B/c@v1", ("a.B/c", "a.b/C")),
        ("golang", "sdk", "pkg:golang/github.com/azure/sdk@v1", ("github.com/azure/sdk",)),
        ("golang", "github.com/a/b/v2", "", ("github.com/a/b/v2",)),
        ("golang", "b", "pkg:golang/github.com/a/b@v2.0.0#v2", ("github.com/a/b/v2",)),
        ("golang", "stdlib", "", ("stdlib",)),
        ("golang", "std", "", ("stdlib",)),
        ("golang", "stdlib", "pkg:golang/stdlib@1.22", ("stdlib",)),
        ("golang", "golang.org/toolchain", "", ("stdlib", "toolchain")),
        ("composer", "vendor/pkg", "pkg:composer/vendor/pkg@1", ("vendor/pkg",)),
        ("swift", "swift-nio", "pkg:swift/github.com/apple/swift-nio@2",
         ("github.com/apple/swift-nio",)),
        ("github", "checkout", "pkg:github/actions/checkout@v4", ("actions/checkout",)),
        ("pypi", "x", "not a purl", ("x",)),
    ],
)  # fmt: skip
def test_names_in_registries(type_: str, name: str, purl: str, expected: tuple[str, ...]) -> None:
    assert language_names(type_, Component(name, "1", type_, purl)) == expected


@pytest.mark.parametrize(
    ("type_", "version", "expected"),
    [("golang", "1.2", "1.2"), ("golang", " 1.2 ", "1.2"), ("golang", "(devel)", ""),
     ("maven", "unspecified", ""), ("npm", "UNKNOWN", ""), ("pypi", "main", "main"),
     ("github", "v4", "v4"), ("github", "4.1.0-rc.1", "4.1.0-rc.1"), ("github", "main", ""),
     ("github", "8f4b7f84864484a7bf31766abe9204da3cbe65b3", ""),
     ("github", "v4x", "")],
)  # fmt: skip
def test_words_for_no_version(type_: str, version: str, expected: str) -> None:
    assert language_version(type_, Component("x", version, type_)) == expected


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (Component("x", "1", "python-pkg"), "pypi"),
        (Component("x", "1", "", "pkg:NPM/x@1"), "npm"),
        (Component("x", "1", "conda"), "conda"),
        (Component("x"), ""),
    ],
)
def test_types(component: Component, expected: str) -> None:
    assert type_of(component) == expected


def names(type_: str, name: str, version: str, purl: str = "", **said: Any) -> list[str]:
    own, source = system_names(type_, Component(name, version, type_, purl, **said))
    return [*own, *source]


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        # A Debian source and its version, a binary-only upload of it, and both in a purl.
        (names("deb", "libc6", "2.36-9", source_name="glibc"), "libc6 2.36-9 glibc 2.36-9"),
        (names("deb", "libc6", "1:2-9+b1", source_name="glibc", source_version="2.36-9"),
         "libc6 1:2-9+b1 glibc 2.36-9"),
        (names("deb", "zip", "3.0-13+b2"), "zip 3.0-13+b2 zip 3.0-13"),
        (names("deb", "zip", "3.0-13+b2", source_name="zip", source_version="3.0-13+b2"),
         "zip 3.0-13+b2 zip 3.0-13"),
        (names("deb", "zip", "3.0-13+deb12u1"), "zip 3.0-13+deb12u1 zip 3.0-13+deb12u1"),
        (names("deb", "libc6", "2.36-9+b1", "pkg:deb/debian/libc6@2.36?upstream=glibc%402.36-9"),
         "libc6 2.36-9+b1 glibc 2.36-9"),
        # Signed kernels.
        (names("deb", "linux-image-6.1.0-21-amd64", "6.1.90-1", source_name="linux-signed-amd64",
               source_version="6.1.90+1"),
         "linux-image-6.1.0-21-amd64 6.1.90-1 linux 6.1.90-1"),
        (names("deb", "linux-image-5.15.0-1-aws", "5.15.0-1.5", source_name="linux-signed-aws"),
         "linux-image-5.15.0-1-aws 5.15.0-1.5 linux-aws 5.15.0-1.5"),
        (names("deb", "linux-image-6.8.0-31-generic", "6.8.0-31.31", source_name="linux-signed"),
         "linux-image-6.8.0-31-generic 6.8.0-31.31 linux 6.8.0-31.31"),
        (names("deb", "linux-image-generic", "6.8.0.31.31", source_name="linux-meta"),
         "linux-image-generic 6.8.0.31.31 linux-meta 6.8.0.31.31"),
        # Alpine's origin.
        (names("apk", "libcrypto3", "3.1.4-r1", source_name="openssl"),
         "libcrypto3 3.1.4-r1 openssl 3.1.4-r1"),
        # The epoch of an rpm stands in its purl, and its source shares it.
        (names("rpm", "bind-libs", "9.16-1.el9", "pkg:rpm/rocky/bind-libs@9.16-1.el9?epoch=32",
               source_name="bind", source_version="9.16-1.el9"),
         "bind-libs 32:9.16-1.el9 bind 32:9.16-1.el9"),
        (names("rpm", "x", "2-1", "pkg:rpm/rocky/x@2-1?epoch=1"), "x 1:2-1 x 1:2-1"),
        (names("rpm", "x", "2-1", "pkg:rpm/rocky/x@2-1?epoch=0"), "x 2-1 x 2-1"),
        (names("rpm", "x", "3:2-1", "pkg:rpm/rocky/x@2-1?epoch=1"), "x 3:2-1 x 3:2-1"),
        (names("rpm", "perl-Carp", "0:1.50-1", source_name="perl", source_version="4:5.32-2"),
         "perl-Carp 0:1.50-1 perl 4:5.32-2"),
        (names("rpm", "bash", "5.1-6", "pkg:rpm/x/bash@5.1-6?upstream=bash-5.1-6.el9.src.rpm"),
         "bash 5.1-6 bash 5.1-6.el9"),
    ],
)  # fmt: skip
def test_sources_of_system_packages(got: list[str], expected: str) -> None:
    assert got == expected.split()


@pytest.mark.parametrize(
    ("version", "bare"), [("1:2.0-1", "2.0-1"), ("2.0-1", "2.0-1"), ("a:1", "a:1")]
)
def test_epochs_are_taken_off(version: str, bare: str) -> None:
    assert without_epoch(version) == bare
