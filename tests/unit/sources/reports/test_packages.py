from __future__ import annotations

import pytest

from vigie.model.assets import AssetKind
from vigie.sources.reports.packages import (
    component_from_purl,
    image_from_purl,
    package_name,
    purl_type,
)


@pytest.mark.parametrize(
    ("purl", "name", "version"),
    [
        ("pkg:maven/org.demo/core@1.0", "org.demo:core", "1.0"),
        ("pkg:npm/%40scope/desk@2.0.0", "@scope/desk", "2.0.0"),
        ("pkg:golang/demo.example/net/http2@v0.7.0", "demo.example/net/http2", "v0.7.0"),
        ("pkg:deb/debian/libssl3@3.0.11-1?arch=amd64", "libssl3", "3.0.11-1"),
        ("pkg:rpm/redhat/openssl@3.0.7-16?epoch=1", "openssl", "1:3.0.7-16"),
        ("pkg:rpm/redhat/openssl@3.0.7-16?epoch=0", "openssl", "3.0.7-16"),
        ("pkg:pypi/web", "web", ""),
    ],
)
def test_a_package_has_the_name_its_ecosystem_writes(purl: str, name: str, version: str) -> None:
    component = component_from_purl(purl)
    assert component is not None
    assert (component.name, component.version, component.purl) == (name, version, purl)


def test_upstream_and_distro_are_read_from_the_qualifiers() -> None:
    component = component_from_purl(
        "pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl%403.0.11"
    )
    assert component is not None
    assert (component.source_name, component.source_version) == ("openssl", "3.0.11")
    assert component.distro == "debian-12"
    plain = component_from_purl("pkg:deb/debian/libssl3@3.0.11-1?upstream=openssl")
    assert plain is not None
    assert (plain.source_name, plain.source_version) == ("openssl", "3.0.11-1")


@pytest.mark.parametrize(
    "text",
    ["", "openssl", "pkg:", "pkg:deb", "pkg:oci/shop@sha256:aa", "pkg:generic/x", "cpe:/a:x"],
)
def test_what_is_no_package_gives_no_component(text: str) -> None:
    assert component_from_purl(text) is None


def test_an_image_keeps_its_digest_and_repository() -> None:
    image = image_from_purl("pkg:oci/shop@sha256%3Aaa11?repository_url=registry.example/shop&tag=1")
    assert image is not None
    assert image.kind is AssetKind.IMAGE
    assert image.name == "registry.example/shop:1"
    assert image.digests == {"manifest:sha256:aa11"}
    docker = image_from_purl("pkg:docker/library/alpine@3.19")
    assert docker is not None
    assert (docker.name, docker.digests) == ("library/alpine:3.19", frozenset())
    assert image_from_purl("pkg:pypi/web@1") is None


def test_the_type_of_a_purl_is_read_even_where_the_rest_is_broken() -> None:
    assert purl_type("pkg:PyPI/x y@1?%") == "pypi"
    assert purl_type("pkg://npm/x") == "npm"
    assert purl_type("npm/x") == ""


def test_only_some_ecosystems_put_the_namespace_into_the_name() -> None:
    assert package_name("deb", "debian", "zlib1g") == "zlib1g"
    assert package_name("maven", "org.demo", "core") == "org.demo:core"
    assert package_name("maven", "", "core") == "core"


def test_the_source_of_an_rpm_is_the_name_in_its_file() -> None:
    purl = "pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?upstream=openssl-3.0.7-24.el9.src.rpm"
    found = component_from_purl(purl)
    assert found is not None
    assert (found.source_name, found.source_version) == ("openssl", "3.0.7-24.el9")
    odd = component_from_purl("pkg:rpm/rocky/x@1?upstream=x.src.rpm")
    assert odd is not None
    assert odd.source_name == "x.src.rpm"
