"""New since, known since, gone since."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.triage.build import findings, flaw

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Status
from vigie.model.results import Result
from vigie.model.runs import ProblemCode, TargetAsset
from vigie.triage.baseline import compare_with, gone_since, mismatch


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


def test_what_was_suppressed_and_counts_again_is_new() -> None:
    now = findings(flaw("CVE-2024-1"))
    quiet = replace(now[0], status=Status.SUPPRESSED)
    base = Result("shop", "2025-01-01T00:00:00Z", findings=(quiet,))
    assert compare_with(now, base)[0].new is True
    assert compare_with([quiet], base)[0].new is False


def other(name: str) -> Result:
    asset = TargetAsset(f"image:{name}", Asset(AssetKind.IMAGE, name))
    return Result(name, "2025-01-01T00:00:00Z", assets=(asset,))


def test_a_baseline_of_another_target_is_told_and_makes_nothing_old() -> None:
    (found,) = findings(flaw("CVE-2024-1"))
    now = replace(other("shop"), findings=(found,))
    strange = mismatch(now, other("till"))
    assert strange is not None
    assert strange.code is ProblemCode.INPUT
    assert mismatch(now, other("shop")) is None
    (marked,) = compare_with([found], other("till"))
    assert (marked.new, marked.first_seen) == (True, "")


def test_findings_of_another_repository_are_new() -> None:
    def of(name: str) -> Result:
        seen = findings(flaw("CVE-2024-1"), asset=Asset(AssetKind.REPOSITORY, name))
        asset = TargetAsset(seen[0].asset, Asset(AssetKind.REPOSITORY, name))
        return Result(name, "2025-01-01T00:00:00Z", assets=(asset,), findings=tuple(seen))

    assert compare_with(of("/home/x/shop").findings, of("/build/1/shop"))[0].new is False
    assert compare_with(of("/build/1/till").findings, of("/build/1/shop"))[0].new is True
