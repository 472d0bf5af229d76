"""A decision first, then a score; what is unknown widens the range and is never zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.triage.build import IMAGE, findings, flaw, hit

from vigie.model.assets import Asset, Criticality, Exposure
from vigie.model.findings import Decision, Finding, Priority
from vigie.model.observations import Kind, Rule, Score, Signals
from vigie.model.severity import Severity
from vigie.triage.priority import prioritise


def priority(
    signals: Signals | None = None, asset: Asset = IMAGE, **changes: Any
) -> tuple[Finding, Priority]:
    seen = replace(flaw("CVE-2024-1"), signals=signals or Signals(), **changes)
    found = prioritise(findings(seen)[0], asset)
    assert found.priority is not None
    return found, found.priority


def codes(of: Priority) -> set[str]:
    return {reason.code for reason in of.reasons}


def test_known_exploited_is_act_now() -> None:
    _, got = priority(Signals(kev=True, ransomware=True))
    assert got.decision is Decision.ACT
    assert {"kev", "ransomware"} <= codes(got)


def test_unknown_epss_is_not_unlikely_and_widens_the_range() -> None:
    _, known = priority(Signals(epss=0.0002))
    _, unknown = priority()
    assert unknown.score > known.score
    assert unknown.high - unknown.low > known.high - known.low
    assert "epss-unknown" in codes(unknown)
    assert unknown.decision.rank >= known.decision.rank


def test_unknown_severity_is_no_zero() -> None:
    _, got = priority(severity=Severity.UNKNOWN)
    assert got.decision is not Decision.ACCEPT
    assert {"severity-unknown", "impact-assumed"} <= codes(got)


@pytest.mark.parametrize("name", ["exposure", "criticality"])
def test_more_exposed_or_critical_is_never_less_urgent(name: str) -> None:
    levels = (
        (Exposure.SMALL, Exposure.CONTROLLED, Exposure.OPEN)
        if name == "exposure"
        else (Criticality.LOW, Criticality.MEDIUM, Criticality.HIGH)
    )
    assets: list[Any] = [replace(IMAGE, **cast("Any", {name: level})) for level in levels]
    got = [priority(Signals(epss=0.2), asset)[1] for asset in assets]
    assert [p.score for p in got] == sorted(p.score for p in got)
    assert [p.decision.rank for p in got] == sorted(p.decision.rank for p in got)
    assert got[0].score < got[-1].score


def test_unreachable_code_is_less_urgent() -> None:
    _, reached = priority(Signals(epss=0.2, reachable=True), severity=Severity.MEDIUM)
    _, unreached = priority(Signals(epss=0.2, reachable=False), severity=Severity.MEDIUM)
    assert unreached.score < reached.score
    assert unreached.decision.rank < reached.decision.rank


def test_agreement_counts_and_contradiction_is_said() -> None:
    both = findings(flaw("CVE-2024-1"), flaw("CVE-2024-1", tool="grype"))[0]
    agreed = prioritise(both, IMAGE).priority
    assert agreed is not None
    assert "agreement" in codes(agreed)
    assert agreed.score > priority()[1].score


def test_a_secret_is_at_least_planned() -> None:
    found = prioritise(findings(hit("aws", ".env", 1, kind=Kind.SECRET))[0], IMAGE)
    assert found.priority is not None
    assert found.priority.decision.rank >= Decision.PLAN.rank


@given(
    epss=st.none() | st.floats(0, 1),
    severity=st.sampled_from(Severity),
    exposure=st.sampled_from(Exposure),
    kev=st.sampled_from([None, True, False]),
)
def test_score_stays_in_its_bounds(
    epss: float | None, severity: Severity, exposure: Exposure, kev: bool | None
) -> None:
    asset = replace(IMAGE, exposure=exposure)
    _, got = priority(Signals(epss=epss, kev=kev), asset, severity=severity)
    assert 0 <= got.low <= got.score <= got.high <= 100
    assert got.reasons


def test_a_vector_without_a_score_counts() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    _, got = priority(Signals(epss=0.01), scores=(Score("nvd", "3.1", vector),))
    assert "cvss" in codes(got)


def test_only_the_catalogue_is_called_the_catalogue() -> None:
    _, listed = priority(Signals(kev=True))
    _, said = priority(Signals(exploit="active"))
    assert "kev" in codes(listed)
    assert "kev" not in codes(said)
    assert "exploited" in codes(said)
    assert listed.decision is said.decision is Decision.ACT


def test_a_secret_without_a_severity_stands_beside_one_that_is_called_high() -> None:
    silent = hit("aws", ".env", 1, kind=Kind.SECRET)
    scores = {
        prioritise(findings(replace(silent, severity=s))[0], IMAGE).priority.score  # type: ignore[union-attr]
        for s in (Severity.UNKNOWN, Severity.HIGH)
    }
    assert len(scores) == 1


@pytest.mark.parametrize("rule", [Rule("MAL-2024-1"), Rule("GHSA-a", ("MAL-2024-1",)),
                                  Rule("SNYK-JS-DEMO-1", weaknesses=("CWE-506",))])  # fmt: skip
def test_a_malicious_package_is_act_now_whatever_else_is_unknown(rule: Rule) -> None:
    _, got = priority(rule=rule, severity=Severity.UNKNOWN)
    assert got.decision is Decision.ACT
    assert "malicious" in codes(got)
