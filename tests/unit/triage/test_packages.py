"""One key for one package however tools spell it, and two keys for two packages."""

from __future__ import annotations

import pytest
from tests.unit.triage.build import findings, flaw

from vigie.model.components import Component
from vigie.triage.packages import PackageKey, package_key, plain_version, source_key


def key(name: str, kind: str = "", purl: str = "") -> tuple[str, str]:
    found = package_key(Component(name, type=kind, purl=purl))
    return found.type, found.name


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (("x", "", "pkg:golang/github.com/a/sdk@v2.1.0#v2"), ("golang", "github.com/a/sdk")),
        (("github.com/a/sdk/v2", "golang"), ("golang", "github.com/a/sdk")),
        (("x", "", "pkg:golang/github.com/a/sdk@v1#service/s3"),
         ("golang", "github.com/a/sdk/service/s3")),
        (("github.com/a/sdk/service/s3", "go-module", "pkg:golang/github.com/a/sdk/service/s3@v1"),
         ("golang", "github.com/a/sdk/service/s3")),
        (("gopkg.in/yaml.v3", "golang"), ("golang", "gopkg.in/yaml.v3")),
        (("go", "golang"), ("golang", "stdlib")),
        (("x", "", "pkg:golang/stdlib@1.22.1"), ("golang", "stdlib")),
        (("x", "", "pkg:npm/%40scope/name@1"), ("npm", "@scope/name")),
        (("@scope/name", "npm"), ("npm", "@scope/name")),
        (("x", "", "pkg:maven/org.a/demo@1"), ("maven", "org.a:demo")),
        (("Flask_Login", "python"), ("pypi", "flask-login")),
        (("bash", "rhel"), ("rpm", "bash")),
        (("bash", "centos", "pkg:rpm/centos/bash@5?arch=x86_64&epoch=0"), ("rpm", "bash")),
        (("busybox", "", "pkg:alpine/busybox@1"), ("apk", "busybox")),
        (("python", "", "pkg:generic/python@3.8"), ("generic", "python")),
    ],
)  # fmt: skip
def test_spellings(component: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert key(*component) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1:2.3-4", "2.3-4"), ("v1.2", "1.2"), ("go1.22.1", "1.22.1"), ("go", "go"), ("vim", "vim")],
)
def test_plain_version(version: str, expected: str) -> None:
    assert plain_version(version) == expected


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("demo", "deb"), ("demo", "pypi")),
        (("org.a:demo", "maven"), ("org.b:demo", "maven")),
        (("demo", "npm"), ("@scope/demo", "npm")),
        (("github.com/a/sdk/s3", "golang"), ("github.com/a/sdk/ec2", "golang")),
        (("lib32-demo", "deb"), ("demo", "deb")),
    ],
)
def test_different_things_stay_two(mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    found = findings(
        flaw("CVE-2024-1", mine[0], "1.0", kind=mine[1], purl="", source=mine[0]),
        flaw("CVE-2024-1", theirs[0], "2.0", kind=theirs[1], purl="", source=theirs[0],
             tool="grype"),
    )  # fmt: skip
    assert len(found) == 2


def test_a_program_of_no_package_manager_is_not_the_distributions_package() -> None:
    built = flaw("CVE-2024-1", "curl", kind="", purl="pkg:generic/curl@8.0", tool="grype")
    assert len(findings(built, flaw("CVE-2024-1", "curl", kind="deb"))) == 2


def test_variants_of_one_source_package_are_instances() -> None:
    found = findings(
        flaw("CVE-2024-1", "lib32gcc-s1", "12.2.0-14", kind="deb", source="gcc-12"),
        flaw("CVE-2024-1", "libgcc-s1", "12.2.0-14", kind="deb", source="gcc-12", tool="grype"),
    )
    assert [i.name for f in found for i in f.instances] == ["lib32gcc-s1", "libgcc-s1"]


def test_a_python_package_that_the_distribution_installed_is_one_for_two_tools() -> None:
    path = "usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO"
    found = findings(
        flaw("CVE-2024-1", "PyYAML", "6.0", kind="python-pkg", purl="pkg:pypi/pyyaml@6.0",
             path=path),
        flaw("CVE-2024-1", "pyyaml", "6.0", kind="python", purl="pkg:pypi/PyYAML@6.0",
             path=f"/{path}", tool="grype"),
    )  # fmt: skip
    assert [len(f.instances) for f in found] == [1]


def test_one_module_at_two_major_versions_is_two_instances() -> None:
    found = findings(
        flaw("CVE-2024-1", "github.com/a/b", "v1.9.0", kind="golang", purl=""),
        flaw("CVE-2024-1", "github.com/a/b/v2", "v2.1.0", kind="golang", purl="", tool="grype"),
        flaw("CVE-2024-1", "github.com/a/b/v2", "2.1.0", kind="golang", purl="", tool="clair"),
    )
    assert [i.sources for f in found for i in f.instances] == [("trivy",), ("grype", "clair")]


def test_the_source_package_that_says_most_wins_in_either_order() -> None:
    vague = flaw("CVE-2024-1", "libssl3", kind="deb", source="libssl3")
    sure = flaw("CVE-2024-1", "libssl3", kind="deb", source="openssl", tool="grype")
    for seen in ((vague, sure), (sure, vague)):
        component = findings(*seen)[0].component
        assert component is not None
        assert component.name == "openssl"


def test_source_package_out_of_a_purl() -> None:
    purl = "pkg:rpm/redhat/openssl-libs@3.0?upstream=openssl-3.0.7-1.el9.src.rpm"
    assert source_key(Component("openssl-libs", "3.0", "rpm", purl)) == PackageKey("rpm", "openssl")
