"""Feeds add what scanners do not say; an absent feed says nothing."""

from __future__ import annotations

from tests.unit.triage.build import findings, flaw

from vigie.model.findings import Finding
from vigie.ports.feeds import NO_KNOWLEDGE, EpssEntry, KevEntry, Knowledge
from vigie.triage.enrich import enrich

FEEDS = Knowledge(
    {"CVE-2024-1": KevEntry("CVE-2024-1", ransomware=True)},
    "2026-01-01",
    {"CVE-2024-1": EpssEntry("CVE-2024-1", 0.4, 0.9)},
    "2026-01-01",
)


def found(rule: str, *aliases: str) -> Finding:
    return findings(flaw(rule, aliases=aliases))[0]


def test_kev_and_epss_reach_a_finding_over_its_cve_alias() -> None:
    for finding in (found("CVE-2024-1"), found("GHSA-aaaa-bbbb-cccc", "cve-2024-1")):
        signals = enrich(finding, FEEDS).signals
        assert (signals.kev, signals.ransomware, signals.epss) == (True, True, 0.4)


def test_not_listed_is_no_only_with_the_catalogue_at_hand() -> None:
    other = found("CVE-2024-2")
    assert enrich(other, FEEDS).signals.kev is False
    assert enrich(other, FEEDS).signals.epss is None
    assert enrich(other, NO_KNOWLEDGE).signals.kev is None


def test_a_flaw_without_a_cve_stays_unknown() -> None:
    assert enrich(found("GHSA-aaaa-bbbb-cccc"), FEEDS).signals.kev is None
