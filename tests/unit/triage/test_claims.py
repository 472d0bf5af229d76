"""VEX statements and suppression files decide a status, and nothing is dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw, hit

from vigie.model.findings import Finding, Status
from vigie.model.observations import Claim, Observation, Stance
from vigie.triage.claims import SuppressionRule, apply_rules, apply_statements

ASSETS = {"image:shop": IMAGE}
PURL = "pkg:pypi/demo@1.0"


def statement(
    stance: Stance, *products: str, rule: str = "CVE-2024-1", **claim: object
) -> Observation:
    said = Claim(stance, "vulnerable_code_not_present", products=products, **claim)  # type: ignore[arg-type]
    return flaw(rule, tool="openvex", claim=said)


@pytest.mark.parametrize(
    ("stance", "status"),
    [
        (Stance.NOT_AFFECTED, Status.NOT_AFFECTED),
        (Stance.FIXED, Status.FIXED),
        (Stance.UNDER_INVESTIGATION, Status.UNDER_INVESTIGATION),
        (Stance.AFFECTED, Status.OPEN),
    ],
)
def test_statement_about_the_component_sets_the_status(stance: Stance, status: Status) -> None:
    changed, unfit = apply_statements(
        findings(flaw("CVE-2024-1")), [statement(stance, PURL)], ASSETS
    )
    assert changed[0].status is status
    assert unfit == []


@pytest.mark.parametrize(
    ("products", "parts", "fits"),
    [
        (("pkg:pypi/demo",), (), True),
        (("pkg:pypi/demo@2.0",), (), False),
        (("pkg:pypi/other@1.0",), (), False),
        (("pkg:oci/shop@sha256%3Aaa",), (), True),
        (("pkg:oci/shop@sha256%3Aaa",), (PURL,), True),
        (("pkg:oci/shop@sha256%3Aaa",), ("pkg:pypi/other",), False),
        (("pkg:oci/till@sha256%3Abb",), (PURL,), False),
        (("shop:1",), (), True),
    ],
)
def test_a_statement_fits_by_product_and_subcomponent(
    products: tuple[str, ...], parts: tuple[str, ...], fits: bool
) -> None:
    said = statement(Stance.NOT_AFFECTED, *products, subcomponents=parts)
    changed, unfit = apply_statements(findings(flaw("CVE-2024-1")), [said], ASSETS)
    assert (changed[0].status is Status.NOT_AFFECTED) is fits
    assert unfit == ([] if fits else [said])


def test_a_statement_reaches_a_finding_over_an_alias() -> None:
    found = findings(flaw("CVE-2024-1", aliases=("GHSA-aaaa-bbbb-cccc",)))
    said = statement(Stance.FIXED, PURL, rule="GHSA-aaaa-bbbb-cccc")
    assert apply_statements(found, [said], ASSETS)[0][0].status is Status.FIXED


def test_the_newest_statement_wins() -> None:
    old = statement(Stance.NOT_AFFECTED, PURL, timestamp="2024-01-01T00:00:00Z")
    new = statement(Stance.UNDER_INVESTIGATION, PURL, timestamp="2024-02-01T00:00:00Z")
    for said in ([old, new], [new, old]):
        changed, _ = apply_statements(findings(flaw("CVE-2024-1")), said, ASSETS)
        assert changed[0].status is Status.UNDER_INVESTIGATION


def entry(**selectors: str) -> SuppressionRule:
    fields = {"id": "S1", "reason": "test data", "owner": "ops", "expires": "2026-06-01"}
    return SuppressionRule(**{**fields, **selectors})


@pytest.mark.parametrize(
    ("selectors", "fits"),
    [
        ({"rule": "r1"}, True),
        ({"rule": "R1", "path": "tests/*"}, True),
        ({"rule": "R1", "path": "src/*"}, False),
        ({"asset": "image:*"}, True),
        ({"component": "demo"}, False),
        ({}, False),
    ],
)
def test_an_entry_matches_by_all_its_selectors(selectors: dict[str, str], fits: bool) -> None:
    found = findings(hit("R1", "tests/a.py", 1))
    changed, unused, _ = apply_rules(found, [entry(**selectors)], "2026-05-31")
    assert (changed[0].status is Status.SUPPRESSED) is fits
    assert bool(unused) is not fits
    if fits:
        assert changed[0].suppression is not None
        assert changed[0].suppression.owner == "ops"


def test_an_expired_entry_holds_no_longer_and_is_said() -> None:
    found = findings(hit("R1", "a.py", 1))
    changed, unused, expired = apply_rules(found, [entry(rule="R1")], "2026-06-01")
    assert changed[0].status is Status.OPEN
    assert unused == []
    assert [rule.id for rule in expired] == ["S1"]


def test_an_entry_by_any_former_fingerprint_matches() -> None:
    found = findings(flaw("CVE-2024-1", aliases=("GHSA-aaaa-bbbb-cccc",)))[0]
    rule = replace(entry(), fingerprint=found.fingerprints[-1])
    assert apply_rules([found], [rule], "2026-01-01")[0][0].status is Status.SUPPRESSED


def two_versions() -> list[Finding]:
    return findings(
        flaw("CVE-2024-1", version="1.0", path="tests/a.lock"),
        flaw("CVE-2024-1", version="2.0", path="src/b.lock"),
    )


@pytest.mark.parametrize(
    ("selectors", "fits"),
    [
        ({"path": "tests/*"}, False),
        ({"path": "*.lock"}, True),
        ({"path": "/*.lock"}, True),
        ({"component": "demo"}, True),
        ({"component": "pkg:pypi/demo"}, True),
        ({"component": "pkg:pypi/demo@1.0"}, False),
    ],
)
def test_an_entry_must_fit_every_place_of_a_finding(selectors: dict[str, str], fits: bool) -> None:
    found = two_versions()
    assert len(found) == 1
    changed, _, _ = apply_rules(found, [entry(**selectors)], "2026-05-31")
    assert (changed[0].status is Status.SUPPRESSED) is fits


@pytest.mark.parametrize(
    ("products", "fits"),
    [
        (("pkg:pypi/demo@1.0",), False),
        (("pkg:pypi/demo@1.0", "pkg:pypi/demo@2.0"), True),
        (("pkg:pypi/demo",), True),
    ],
)
def test_a_statement_about_one_version_says_nothing_of_the_other(
    products: tuple[str, ...], fits: bool
) -> None:
    changed, _ = apply_statements(
        two_versions(), [statement(Stance.NOT_AFFECTED, *products)], ASSETS
    )
    assert (changed[0].status is Status.NOT_AFFECTED) is fits


def test_a_path_entry_does_not_hold_where_a_place_is_unknown() -> None:
    found = findings(flaw("CVE-2024-1"))
    assert apply_rules(found, [entry(path="*")], "2026-05-31")[0][0].status is Status.OPEN
