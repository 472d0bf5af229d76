"""Families of identifiers: what names one flaw, and what is only an advisory about it."""

from __future__ import annotations

import pytest
from tests.unit.triage.build import findings, flaw

from vigie.triage.identifiers import is_erratum, preference, spell

A, B = "GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb"


def names(*seen: tuple[str, ...]) -> list[str]:
    """Findings of tools that each name an id with its aliases, for one package."""
    tools = ("trivy", "grype", "clair", "snyk")
    found = findings(
        *(flaw(s[0], aliases=s[1:], tool=tools[n], kind="rpm") for n, s in enumerate(seen))
    )
    return sorted(f.rule.id for f in found)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("cve-2024-0001", "CVE-2024-0001"),
        ("CVE 2024-0001", "CVE-2024-0001"),
        ("ghsa-AAAA-bbbb-cccc", "GHSA-aaaa-bbbb-cccc"),
        ("rhsa-2024:1", "RHSA-2024:1"),
    ],
)
def test_one_spelling(said: str, expected: str) -> None:
    assert spell(said) == expected


@pytest.mark.parametrize(
    "name",
    ["DSA-5000-1", "DLA-3-1", "RHSA-2024:1", "ELSA-2024-1", "ALAS2-2024-1", "ALAS-2024-1",
     "USN-6000-1", "SUSE-SU-2024:1", "ALSA-2024:1", "RLSA-2024:1", "GLSA-202401-01"],
)  # fmt: skip
def test_advisories_of_distributions(name: str) -> None:
    assert is_erratum(name)


@pytest.mark.parametrize(
    "name",
    ["CVE-2024-0001", A, "PYSEC-2024-1", "GO-2024-1", "RUSTSEC-2024-1", "MAL-2024-1", "SNYK-1"],
)
def test_names_of_one_flaw(name: str) -> None:
    assert not is_erratum(name)


@pytest.mark.parametrize("family", ["PYSEC-2024-1", "GO-2024-1", "RUSTSEC-2024-0001", "MAL-2024-1"])
def test_families_meet_over_three_tools(family: str) -> None:
    assert names((family, A), (A, "CVE-2024-0001"), ("CVE-2024-0001",)) == ["CVE-2024-0001"]


@pytest.mark.parametrize("erratum", ["DSA-1-1", "RHSA-2024:1", "ELSA-2024-1", "ALAS-2024-1"])
def test_an_advisory_is_about_the_flaws_that_others_give_for_it(erratum: str) -> None:
    assert names((erratum,), (erratum, "CVE-2024-0001"), ("CVE-2024-0002", erratum)) == [
        "CVE-2024-0001",
        "CVE-2024-0002",
    ]


def test_an_advisory_is_no_bridge_between_flaws_without_a_cve() -> None:
    assert names((A, "DSA-1-1"), (B, "DSA-1-1")) == [A, B]
    assert names((A, "DSA-1-1"), (B, "DSA-1-1"), ("DSA-1-1",)) == [A, B]


def test_advisories_without_any_flaw_meet() -> None:
    assert names(("RHSA-2024:1", "ELSA-2024-1"), ("ELSA-2024-1",)) == ["ELSA-2024-1"]


def test_a_name_that_two_tools_give_to_two_cves_is_in_both_and_joins_neither() -> None:
    assert names((A, "CVE-2024-0001"), (A, "CVE-2024-0002"), (A,)) == [
        "CVE-2024-0001",
        "CVE-2024-0002",
    ]


@pytest.mark.parametrize("identity", ["ELSA-2024-1", "ALAS-2024-1", "RHSA-2024:1", A, "GO-2024-1"])
def test_several_cves_in_one_record_are_several_findings(identity: str) -> None:
    cves = tuple(f"CVE-2024-000{n}" for n in range(1, 6))
    assert names((identity, *cves)) == list(cves)
    assert names((cves[0], *cves[1:])) == list(cves)


def test_cve_is_the_best_name_and_an_advisory_the_worst() -> None:
    ranked = ["CVE-2024-0001", A, "PYSEC-2024-1", "GO-2024-1", "RUSTSEC-2024-1", "NPM:X", "DSA-1"]
    assert sorted(set(ranked), key=preference) == ranked
