"""How a finding is found by name and how its history is told."""

from __future__ import annotations

import pytest
from tests.unit.triage.build import flaw, merged, told

from vigie.model.errors import UserError
from vigie.model.results import Result
from vigie.triage.corrections import Correction
from vigie.triage.explain import explain, find


def result() -> Result:
    got = merged(
        told(flaw("CVE-2024-1111", "one", fixed=("1.1",)), flaw("CVE-2024-1111", "two")),
        told(flaw("GHSA-aaaa-bbbb-cccc", "one", tool="grype", aliases=("CVE-2024-1111",))),
    )
    return Result("shop", "2026-01-01T00:00:00Z", got.assets, got.runs, findings=got.findings)


def test_found_by_fingerprint_prefix_identifier_and_package() -> None:
    of = result()
    one = next(f for f in of.findings if f.component is not None and f.component.name == "one")
    assert find(of, one.fingerprint) is one
    assert find(of, one.fingerprint[:8]) is one
    assert find(of, one.fingerprints[-1]) is one
    assert find(of, "ghsa-AAAA-bbbb-cccc") is one
    assert find(of, "CVE-2024-1111@one") is one


def test_a_joined_finding_is_found_by_either_name() -> None:
    apart = merged(told(flaw("CVE-2024-1"), flaw("CVE-2024-2")))
    both = Correction("join", tuple(f.fingerprint for f in apart.findings))
    got = merged(told(flaw("CVE-2024-1"), flaw("CVE-2024-2")), corrections=(both,))
    of = Result("shop", "2026-01-01T00:00:00Z", got.assets, got.runs, findings=got.findings)
    assert find(of, "CVE-2024-1") is find(of, "cve-2024-2") is of.findings[0]


@pytest.mark.parametrize("needle", ["CVE-2024-1111", "CVE-1999-1", "zz"])
def test_none_or_several_is_an_error_with_a_hint(needle: str) -> None:
    with pytest.raises(UserError) as caught:
        find(result(), needle)
    assert str(caught.value.hint)


def test_explanation_names_every_observation_its_run_and_why() -> None:
    of = result()
    told_of = explain(of, find(of, "CVE-2024-1111@one"))
    assert [(e.run.tool if e.run else "", e.observation.tool) for e in told_of.evidence] == [
        ("trivy", "trivy"),
        ("grype", "grype"),
    ]
    assert "which it gives as CVE-2024-1111" in str(told_of.evidence[1].reason)
    assert "trivy" in str(told_of.severity)
    assert "1.1" in str(told_of.fix)
    identity = "every tool that names CVE-2024-1111 in one (image:shop) means this one finding"
    assert str(told_of.identity) == identity
