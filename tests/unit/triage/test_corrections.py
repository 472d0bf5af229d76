"""What people correct in the merge holds in every later run."""

from __future__ import annotations

from itertools import permutations

from tests.unit.triage.build import flaw, hit, merged, told

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding
from vigie.triage.corrections import Correction
from vigie.triage.merge import Merged, Told

TRIVY = told(flaw("CVE-2024-1"), flaw("CVE-2024-2"))
GRYPE = told(flaw("CVE-2024-1", tool="grype"))


def shape(result: Merged) -> list[tuple[str, ...]]:
    return sorted(tuple(sorted(o.record for o in f.evidence)) for f in result.findings)


def named(result: Merged, rule: str) -> Finding:
    return next(f for f in result.findings if f.rule.id == rule)


def primary(rule: str, *runs: Told) -> str:
    return named(merged(*runs), rule).fingerprint


def test_a_join_holds_with_other_tools_and_other_order() -> None:
    one, two = (primary(f"CVE-2024-{n}", TRIVY) for n in (1, 2))
    join = Correction("join", (one, two))
    prints = set()
    for runs in permutations((TRIVY, GRYPE)):
        result = merged(*runs, corrections=(join,))
        assert len(result.findings) == 1
        prints.add(result.findings[0].fingerprint)
    prints.add(merged(TRIVY, corrections=(join,)).findings[0].fingerprint)
    assert prints == {one}


def test_a_split_keeps_its_fingerprint_when_the_finding_gets_a_better_name() -> None:
    ghsa = told(flaw("GHSA-aaaa-aaaa-aaaa", tool="grype"))
    other = told(flaw("GHSA-aaaa-aaaa-aaaa", tool="clair"))
    named_now = told(flaw("CVE-2024-1", aliases=("GHSA-aaaa-aaaa-aaaa",)))
    fingerprint = primary("GHSA-aaaa-aaaa-aaaa", ghsa, other)
    split = Correction("split", (fingerprint,), "grype")
    before = merged(ghsa, other, corrections=(split,))
    after = merged(ghsa, other, named_now, corrections=(split,))
    of_grype = [next(f for f in r.findings if f.sources == ("grype",)) for r in (before, after)]
    assert of_grype[0].fingerprint == of_grype[1].fingerprint
    assert len(before.findings) == len(after.findings) == 2


def test_what_a_split_brings_forth_can_be_joined_in_whatever_order_they_are_written() -> None:
    fingerprint = primary("CVE-2024-1", TRIVY, GRYPE)
    split = Correction("split", (fingerprint,), "grype")
    result = merged(TRIVY, GRYPE, corrections=(split,))
    own = next(f for f in result.findings if f.sources == ("grype",))
    join = Correction("join", (named(result, "CVE-2024-2").fingerprint, own.fingerprint))
    shapes = {
        tuple(shape(merged(TRIVY, GRYPE, corrections=order)))
        for order in permutations((split, join))
    }
    assert len(shapes) == 1
    assert len(shapes.pop()) == 2


def test_of_a_join_and_a_split_that_contradict_the_later_holds() -> None:
    grype = told(flaw("CVE-2024-2", tool="grype"))
    trivy = told(flaw("CVE-2024-1"))
    one, two = primary("CVE-2024-1", trivy), primary("CVE-2024-2", grype)
    join, split = Correction("join", (one, two)), Correction("split", (one,), "grype")
    result = merged(trivy, grype, corrections=(join, split))
    assert sorted(f.sources for f in result.findings) == [("grype",), ("trivy",)]
    assert result.unused == ()


def test_a_join_of_two_assets_is_refused_and_said() -> None:
    till = Asset(AssetKind.IMAGE, "till:1")
    elsewhere = told(flaw("CVE-2024-1"), asset=till)
    join = Correction("join", (primary("CVE-2024-1", TRIVY), primary("CVE-2024-1", elsewhere)))
    result = merged(TRIVY, elsewhere, corrections=(join,))
    assert len(result.findings) == 3
    assert result.unused == (join,)


def test_a_correction_that_is_done_already_or_fits_nothing_is_said() -> None:
    fingerprint = primary("CVE-2024-1", TRIVY)
    idle = (
        Correction("join", (fingerprint,)),
        Correction("join", (fingerprint, "feed")),
        Correction("split", (fingerprint,), "trivy"),
        Correction("split", (fingerprint,), "snyk"),
        Correction("split", (), "snyk"),
    )
    result = merged(TRIVY, corrections=idle)
    assert result.unused == idle
    assert shape(result) == shape(merged(TRIVY))


def test_corrections_reach_code_as_well() -> None:
    code = told(hit("R1", "a.py", 1), hit("R2", "a.py", 1))
    prints = tuple(f.fingerprint for f in merged(code).findings)
    assert len(merged(code, corrections=(Correction("join", prints),)).findings) == 1
