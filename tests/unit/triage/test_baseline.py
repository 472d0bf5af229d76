"""New since, known since, gone since."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.triage.build import findings, flaw

from vigie.model.results import Result
from vigie.triage.baseline import compare_with, gone_since


def test_new_and_known_by_any_shared_fingerprint() -> None:
    old = findings(flaw("GHSA-aaaa-bbbb-cccc", tool="grype"), flaw("CVE-2024-9"))
    base = Result("shop", "2025-01-01T00:00:00Z", findings=tuple(old))
    now = findings(
        flaw("CVE-2024-1", aliases=("GHSA-aaaa-bbbb-cccc",)), flaw("CVE-2024-2", "fresh")
    )
    marked = {f.rule.id: f for f in compare_with(now, base)}
    assert marked["CVE-2024-1"].new is False
    assert marked["CVE-2024-1"].first_seen == "2025-01-01T00:00:00Z"
    assert marked["CVE-2024-2"].new is True
    assert [f.rule.id for f in gone_since(now, base)] == ["CVE-2024-9"]


def test_first_seen_of_the_baseline_is_kept() -> None:
    old = replace(findings(flaw("CVE-2024-1"))[0], first_seen="2024-06-01T00:00:00Z")
    base = Result("shop", "2025-01-01T00:00:00Z", findings=(old,))
    assert compare_with([old], base)[0].first_seen == "2024-06-01T00:00:00Z"
