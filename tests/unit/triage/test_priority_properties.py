"""A priority never falls when the evidence gets worse, and never hides what is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.triage.build import IMAGE, flaw

from vigie.model.assets import Asset, Criticality, Exposure
from vigie.model.findings import Agreement, Finding, MergedFix, Priority
from vigie.model.observations import FixState, Kind, Rule, Score, Signals
from vigie.model.severity import Severity
from vigie.triage.priority import prioritise

# Each input from the mildest evidence to the worst; the last row is what is not known.
LEVELS: dict[str, tuple[list[Any], Any]] = {
    "severity": ([Severity.NONE, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL],
                 Severity.UNKNOWN),
    "cvss": ([0.0, 4.0, 7.5, 9.8, 10.0], None),
    "epss": ([0.0, 0.0001, 0.009, 0.01, 0.05, 0.1, 0.5, 1.0], None),
    "kev": ([False, True], None),
    "exploit": (["none", "poc", "weaponised", "active"], ""),
    "reachable": ([False, True], None),
    "confidence": (["low", "medium", "high"], ""),
    "exposure": ([Exposure.SMALL, Exposure.CONTROLLED, Exposure.OPEN], Exposure.UNKNOWN),
    "criticality": ([Criticality.LOW, Criticality.MEDIUM, Criticality.HIGH], Criticality.UNKNOWN),
    "fix": ([FixState.WILL_NOT_FIX, FixState.FIXED], FixState.UNKNOWN),
    "agreement": ([Agreement(("a",), ("b",)), Agreement(("a", "b"))], Agreement(("a",))),
}  # fmt: skip
SIGNALS = ("epss", "kev", "exploit", "reachable", "confidence")
KINDS = (Kind.VULNERABILITY, Kind.WEAKNESS, Kind.SECRET, Kind.MISCONFIGURATION, Kind.LICENCE)

evidence = st.fixed_dictionaries(
    {name: st.sampled_from([*known, unknown]) for name, (known, unknown) in LEVELS.items()}
    | {"kind": st.sampled_from(KINDS)}
)


def judged(given_: dict[str, Any]) -> Priority:
    seen = flaw("CVE-2024-0001")
    score = () if given_["cvss"] is None else (Score("nvd", "3.1", "", given_["cvss"]),)
    finding = Finding(
        "f", given_["kind"], Rule("CVE-2024-0001"), "image:shop", seen.component,
        severity=given_["severity"], scores=score, sources=("a",),
        signals=Signals(**{name: given_[name] for name in SIGNALS}),
        fix=MergedFix(given_["fix"]), agreement=given_["agreement"],
    )  # fmt: skip
    asset: Asset = replace(IMAGE, exposure=given_["exposure"], criticality=given_["criticality"])
    priority = prioritise(finding, asset).priority
    assert priority is not None
    return priority


@settings(max_examples=300, deadline=None)
@given(evidence)
def test_the_range_holds_the_score(given_: dict[str, Any]) -> None:
    got = judged(given_)
    assert 0 <= got.low <= got.score <= got.high <= 100


@pytest.mark.parametrize("name", sorted(LEVELS))
@settings(max_examples=60, deadline=None)
@given(given_=evidence)
def test_worse_evidence_never_lowers_decision_score_or_range(
    name: str, given_: dict[str, Any]
) -> None:
    got = [judged(given_ | {name: level}) for level in LEVELS[name][0]]
    for measure in ("score", "low", "high"):
        values = [getattr(priority, measure) for priority in got]
        assert values == sorted(values), measure
    ranks = [priority.decision.rank for priority in got]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", sorted(LEVELS))
@settings(max_examples=60, deadline=None)
@given(given_=evidence)
def test_the_unknown_is_never_below_the_mildest_and_its_range_reaches_the_worst(
    name: str, given_: dict[str, Any]
) -> None:
    unknown = judged(given_ | {name: LEVELS[name][1]})
    mildest, *_, worst = (judged(given_ | {name: level}) for level in LEVELS[name][0])
    assert unknown.score >= mildest.score
    assert unknown.decision.rank >= mildest.decision.rank
    applies = dict.fromkeys(("kev", "exploit", "confidence", "cvss", "epss"), False)
    rated = given_["cvss"] is not None or given_["kind"] is Kind.SECRET
    applies |= {"severity": not rated, "reachable": given_["kind"] is KINDS[0]}
    if applies.get(name, True):
        assert unknown.low <= mildest.low
        assert unknown.high >= worst.high
