"""Which images and folders are one and the same, and by what name they are known again."""

from __future__ import annotations

from itertools import permutations

import pytest
from tests.unit.triage.build import findings, flaw, hit, merged, told

from vigie.model.assets import Asset, AssetKind
from vigie.triage.asset_names import full_name, stable_name
from vigie.triage.assets import Assets


def image(name: str = "", *digests: str, tags: tuple[str, ...] = ()) -> Asset:
    return Asset(AssetKind.IMAGE, name, frozenset(digests), tags)


def repository(name: str) -> Asset:
    return Asset(AssetKind.REPOSITORY, name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alpine", "alpine:latest"),
        ("docker.io/library/alpine:3.19", "alpine:3.19"),
        ("index.docker.io/bitnami/redis:7", "bitnami/redis:7"),
        ("docker:alpine:3.19", "alpine:3.19"),
        ("registry:ghcr.io/a/b:1", "ghcr.io/a/b:1"),
        ("docker://alpine:3.19", "alpine:3.19"),
        ("docker:24", "docker:24"),
        ("registry:5000/a:1", "registry:5000/a:1"),
        ("localhost:5000/shop", "localhost:5000/shop:latest"),
        ("shop@sha256:aa", "shop@sha256:aa"),
        ("sarim/shop:latest/shop", "sarim/shop:latest"),
    ],
)
def test_full_name_of_an_image(name: str, expected: str) -> None:
    assert full_name(name) == expected


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        (image("docker:alpine:3.19"), "alpine"),
        (image("localhost:5000/shop"), "localhost:5000/shop"),
        (image("localhost:5000/shop:2@sha256:aa"), "localhost:5000/shop"),
        (image("docker-archive:/tmp/shop.tar", tags=("shop:1",)), "shop"),
        (image("/builds/7/shop.tar.gz"), "shop.tar.gz"),
        (image("sha256:" + "a" * 64, tags=("shop:1",)), "shop"),
        (image("sha256:" + "a" * 64), ""),
        (repository("/build/1/shop"), "shop"),
        (repository("https://git.example/a/shop.git"), "shop"),
        (repository("C:\\build\\shop"), "shop"),
    ],
)
def test_stable_name(asset: Asset, expected: str) -> None:
    assert stable_name(asset) == expected


def test_the_name_in_fingerprints_does_not_hang_on_the_order_of_the_reports() -> None:
    clair = image("sha256:" + "a" * 64, f"manifest:sha256:{'a' * 64}", "config:sha256:1")
    trivy = image("shop:1", "config:sha256:1")
    mirror = image("mirror.example/team/shop:1", "config:sha256:1")
    for order in permutations((clair, trivy, mirror)):
        assert [i.key for i in Assets(order).identified] == ["image:shop"]


def test_an_image_known_by_its_digest_alone_takes_the_name_that_the_person_gave() -> None:
    only = Assets([image("sha256:" + "a" * 64, "manifest:sha256:1")], "shop:2").identified[0]
    assert only.key == "image:shop"


def test_two_images_known_by_their_digests_share_no_fingerprint() -> None:
    prints = [
        findings(flaw("CVE-2024-1"), asset=image(f"sha256:{c * 64}", f"manifest:sha256:{c * 64}"))
        for c in "ab"
    ]
    assert not set(prints[0][0].fingerprints) & set(prints[1][0].fingerprints)


def test_a_finding_is_known_again_under_the_name_that_each_report_gives_the_image() -> None:
    trivy, grype = image("shop:1", "config:sha256:1"), image("m.example/shop:1", "config:sha256:1")
    both = merged(told(flaw("CVE-2024-1"), asset=trivy),
                  told(flaw("CVE-2024-1", tool="grype"), asset=grype)).findings[0]  # fmt: skip
    for asset in (trivy, grype):
        assert findings(flaw("CVE-2024-1"), asset=asset)[0].fingerprint in both.fingerprints


@pytest.mark.parametrize("where", ["/build/1/shop", "/home/x/shop", "C:\\work\\shop"])
def test_another_checkout_folder_is_recognised(where: str) -> None:
    first = findings(flaw("CVE-2024-1"), asset=repository("/var/ci/shop"))[0]
    later = findings(flaw("CVE-2024-1"), asset=repository(where))[0]
    assert set(first.fingerprints) & set(later.fingerprints)


def test_a_folder_scanned_from_inside_is_recognised_by_the_name_that_the_person_gives() -> None:
    first = findings(flaw("CVE-2024-1"), asset=repository("/var/ci/shop"))[0]
    inside = told(flaw("CVE-2024-1"), asset=repository("."))
    named, other, nameless = (merged(inside, target=t).findings[0] for t in ("shop", "till", ""))
    assert first.fingerprint in named.fingerprints
    # Without a name nothing tells it from any other repository.
    for found in (other, nameless):
        assert not set(first.fingerprints) & set(found.fingerprints)


def test_absolute_paths_in_reports_do_not_tell_where_the_folder_lay() -> None:
    def found(folder: str, shown: str = "") -> set[str]:
        folder_seen = told(flaw("CVE-2024-1"), asset=repository(shown or folder))
        code = told(hit("B602", f"{folder}/src/app.py", 3, tool="bandit"), asset=None)
        return {p for f in merged(folder_seen, code).findings for p in f.fingerprints}

    first, later = found("/build/1/shop"), found("/home/x/shop")
    weakness = findings(hit("B602", "./src/app.py", 3), asset=repository("shop"))[0]
    assert weakness.fingerprint in first & later
    alone = findings(hit("B602", "/build/1/shop/src/app.py", 3), asset=None)[0]
    assert alone.fingerprint in first
