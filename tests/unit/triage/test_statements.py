"""Which package of which asset a VEX statement speaks about, and which it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding, Status
from vigie.model.observations import Claim, Observation, Stance
from vigie.triage.claims import apply_statements, own_claims
from vigie.triage.statements import is_all, is_asset, moment

NOT, FIXED, OPEN = Stance.NOT_AFFECTED, Stance.FIXED, Stance.AFFECTED


def statement(stance: Stance, product: str, when: str = "", *parts: str) -> Observation:
    claim = Claim(stance, "why", timestamp=when, products=(product,), subcomponents=parts)
    return flaw("CVE-2024-1", tool="openvex", claim=claim)


def status(seen: list[Finding], *statements: Observation, asset: Asset = IMAGE) -> Status:
    changed, _ = apply_statements(seen, statements, {seen[0].asset: asset})
    assert len(changed) == 1
    return changed[0].status


def test_a_statement_about_one_version_clears_no_other() -> None:
    both = findings(flaw("CVE-2024-1", version="1.0"), flaw("CVE-2024-1", version="2.0"))
    one = statement(NOT, "pkg:pypi/demo@1.0")
    assert status(both, one) is Status.OPEN
    assert status(both, one, statement(FIXED, "pkg:pypi/demo@2.0")) is Status.FIXED
    assert status(both, statement(NOT, "pkg:pypi/demo")) is Status.NOT_AFFECTED
    assert status(both, one, statement(OPEN, "pkg:pypi/demo@2.0")) is Status.OPEN


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("pkg:deb/debian/openssl@3.0.14-1", Status.NOT_AFFECTED),
        ("pkg:deb/debian/openssl", Status.NOT_AFFECTED),
        ("pkg:deb/debian/openssl@3.0.15-1", Status.OPEN),
        ("pkg:deb/ubuntu/openssl", Status.OPEN),
        ("pkg:deb/debian/openssl?distro=debian-13", Status.OPEN),
        ("pkg:deb/debian/libssl3@3.0.14-1", Status.NOT_AFFECTED),
        ("pkg:generic/openssl", Status.OPEN),
    ],
)
def test_a_distribution_speaks_about_its_source_packages(product: str, expected: Status) -> None:
    purl = "pkg:deb/debian/libssl3@3.0.14-1?arch=amd64&distro=debian-12"
    seen = findings(flaw("CVE-2024-1", "libssl3", "3.0.14-1", kind="deb", source="openssl",
                         purl=purl))  # fmt: skip
    assert status(seen, statement(NOT, product)) is expected


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("pkg:pypi/Demo@1.0", Status.NOT_AFFECTED),
        ("pkg:pypi/demo@v1.0", Status.NOT_AFFECTED),
        ("pkg:pypi/demo@2.0", Status.OPEN),
        ("pkg:npm/demo@1.0", Status.OPEN),
        ("demo", Status.NOT_AFFECTED),
    ],
)
def test_a_tool_without_purls_is_spoken_about_as_well(product: str, expected: Status) -> None:
    seen = findings(flaw("CVE-2024-1", purl="", tool="clair"))
    assert status(seen, statement(NOT, product)) is expected


def test_times_are_compared_as_times() -> None:
    # 01:30 at +02:00 is before midnight UTC, though it reads later.
    older = statement(NOT, "pkg:pypi/demo", "2024-01-02T01:30:00+02:00")
    newer = statement(OPEN, "pkg:pypi/demo", "2024-01-02T00:00:00Z")
    seen = findings(flaw("CVE-2024-1"))
    for said in ((older, newer), (newer, older)):
        assert status(seen, *said) is Status.OPEN
    assert moment("2024-01-02") < moment("2024-01-02T00:00:01Z")
    assert moment("") == moment("yesterday") < moment("1970-01-02")


def test_of_two_statements_of_one_time_the_careful_one_holds() -> None:
    seen = findings(flaw("CVE-2024-1"))
    said = [statement(NOT, "pkg:pypi/demo"), statement(Stance.UNDER_INVESTIGATION, "pkg:pypi/demo")]
    assert status(seen, *said) is status(seen, *reversed(said)) is Status.UNDER_INVESTIGATION


def test_affected_reopens_what_a_tool_had_muted() -> None:
    muted = findings(flaw("CVE-2024-1", claim=Claim(Stance.SUPPRESSED)))
    assert muted[0].status is Status.SUPPRESSED
    assert status(muted, statement(OPEN, "pkg:pypi/demo")) is Status.OPEN


def test_of_two_tools_own_decisions_the_careful_one_holds() -> None:
    tools = {"trivy": Stance.NOT_AFFECTED, "grype": Stance.UNDER_INVESTIGATION}
    seen = [flaw("CVE-2024-1", tool=t, claim=Claim(s, t)) for t, s in tools.items()]
    for order in (seen, seen[::-1]):
        assert own_claims(findings(*order)[0]).status is Status.UNDER_INVESTIGATION


@pytest.mark.parametrize(
    ("product", "fits"),
    [
        ("shop:1", True),
        ("pkg:oci/shop@sha256%3Aaa", True),
        ("pkg:oci/shop@sha256:bb", False),
        ("pkg:oci/shop?tag=1", True),
        ("pkg:oci/shop?tag=2", False),
        ("pkg:oci/shop", True),
        ("pkg:docker/library/shop@1", True),
        ("pkg:oci/shop?repository_url=docker.io/library/shop&tag=1", True),
        ("pkg:oci/shop?repository_url=ghcr.io/other/shop", False),
        ("pkg:pypi/shop", False),
        ("sha256:aa", True),
        ("", False),
    ],
)
def test_a_product_that_is_an_image(product: str, fits: bool) -> None:
    asset = replace(IMAGE, name="docker.io/library/shop:1")
    assert is_asset(product, asset) is fits
    assert not is_asset(product, Asset(AssetKind.IMAGE, "till:1"))


def test_a_statement_about_another_image_clears_nothing() -> None:
    seen = findings(flaw("CVE-2024-1"))
    other = "pkg:oci/till@sha256:bb"
    assert status(seen, statement(NOT, other)) is Status.OPEN
    assert status(seen, statement(NOT, other, "", "pkg:pypi/demo@1.0")) is Status.OPEN
    assert status(seen, statement(NOT, "shop:1", "", "pkg:pypi/demo@1.0")) is Status.NOT_AFFECTED


def test_a_name_means_a_finding_only_if_it_means_all_of_it() -> None:
    both = findings(flaw("CVE-2024-1", version="1.0"), flaw("CVE-2024-1", version="2.0"))[0]
    assert is_all("demo", both)
    assert is_all("pkg:pypi/demo", both)
    assert not is_all("pkg:pypi/demo@1.0", both)
