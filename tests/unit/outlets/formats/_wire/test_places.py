from __future__ import annotations

import pytest

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Location
from vigie.outlets.formats._wire.places import image_purl, relative_uri, repository_of

REPOSITORY = Asset(AssetKind.REPOSITORY, "/src/shop")


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("alpine", "alpine"),
        ("alpine:3.19", "alpine"),
        ("library/alpine:3.19", "library/alpine"),
        ("registry.example/shop/web:1.4", "shop/web"),
        ("localhost:5000/web@sha256:aa", "web"),
        ("registry.example:5000/web:1@sha256:aa", "web"),
    ],
)
def test_an_image_is_known_by_its_repository(image: str, repository: str) -> None:
    assert repository_of(image) == repository


@pytest.mark.parametrize(
    ("location", "uri"),
    [
        (Location(path="src/a b/é.py"), "src/a%20b/%C3%A9.py"),
        (Location(path="/etc/passwd"), "etc/passwd"),
        (Location(path="../../etc/./passwd"), "etc/passwd"),
        (Location(path="C:\\code\\app.cs"), "C/code/app.cs"),
        (Location(path="file:///srv/app.py"), "srv/app.py"),
        (Location(path="a#b?c%.py"), "a%23b%3Fc%25.py"),
        (Location(url="https://shop.example/search?q=<x>#top"), "shop.example/search"),
        (Location(url="http://[broken"), "http%3A/%5Bbroken"),
        (Location(resource="arn:aws:s3:::logs"), "arn/aws/s3/logs"),
        (Location(), "src/shop"),
        (None, "src/shop"),
    ],
)
def test_every_place_has_a_relative_uri(location: Location | None, uri: str) -> None:
    assert relative_uri(location, REPOSITORY) == uri


def test_what_is_in_an_image_stands_under_its_name() -> None:
    image = Asset(AssetKind.IMAGE, "registry.example/shop/web:1.4")
    assert relative_uri(Location(path="/usr/lib/a.jar"), image) == "shop/web/usr/lib/a.jar"
    assert relative_uri(None, image) == "shop/web"


@pytest.mark.parametrize("name", ["", "/", "..", "./"])
def test_a_uri_is_never_empty(name: str) -> None:
    assert relative_uri(None, Asset(AssetKind.UNKNOWN, name)) == "unknown"


def test_an_image_purl_holds_repository_digest_and_tag() -> None:
    digests = frozenset({"manifest:sha256:bb", "manifest:sha256:aa", "config:sha256:00"})
    image = Asset(AssetKind.IMAGE, "registry.example/shop/Web:1.4@sha256:aa", digests)
    assert image_purl(image) == (
        "pkg:oci/web@sha256%3Aaa?repository_url=registry.example/shop/Web&tag=1.4"
    )
    assert image_purl(Asset(AssetKind.IMAGE, "alpine")) == "pkg:oci/alpine"
