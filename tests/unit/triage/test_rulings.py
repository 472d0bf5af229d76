"""Every answer of the gate names the finding, the rule and who let it through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw, run

from vigie.model.components import Component
from vigie.model.findings import Finding, Status, Suppression
from vigie.model.observations import Claim, Kind, Stance
from vigie.model.policy import (
    Condition,
    GateRule,
    Policy,
    Requirements,
    ToolSuppressions,
    Unknown,
    Waiver,
)
from vigie.model.results import GateOutcome, GateResult, InventoryItem, Result
from vigie.model.runs import Coverage
from vigie.model.severity import Severity
from vigie.triage.gate import judge
from vigie.triage.priority import prioritise

TODAY = "2026-03-01"
LOW = Condition(severity=Severity.LOW)
COPYLEFT = Condition(licences=("GPL-*",))
PASS, FAIL, INCOMPLETE = GateOutcome.PASS, GateOutcome.FAIL, GateOutcome.INCOMPLETE


def judged(
    *seen: Finding, when: Condition = LOW, components: tuple[Component, ...] = (), **changes: object
) -> GateResult:
    items = tuple(InventoryItem(c, "image:shop") for c in components)
    result = Result("shop", f"{TODAY}T00:00:00Z", runs=(run(),), components=items,
                    findings=tuple(prioritise(f, IMAGE) for f in seen))  # fmt: skip
    policy = replace(Policy("test", (GateRule("rule", when),), Requirements()), **changes)  # type: ignore[arg-type]
    return judge(result, policy, TODAY)


def waiver(expires: str = "2026-04-01", **selectors: str) -> Waiver:
    return Waiver("W-1", "agreed", "ops", expires, **selectors)


def suppressed(expires: str = "", source: str = "bandit") -> Finding:
    found = findings(flaw("CVE-2024-1"))[0]
    reason = Suppression(Status.SUPPRESSED, "nosec", source, expires=expires)
    return replace(found, status=Status.SUPPRESSED, suppression=reason)


def test_what_only_the_tool_suppresses_is_judged() -> None:
    got = judged(suppressed())
    assert got.outcome is FAIL
    assert "only bandit itself suppresses it" in str(got.rulings[0].text)
    accepted = judged(suppressed(), tool_suppressions=ToolSuppressions.ACCEPT)
    assert accepted.outcome is PASS
    assert [str(r.text) for r in accepted.rulings] == [
        "CVE-2024-1 in demo is suppressed by bandit: nosec"
    ]


def test_every_source_of_a_real_merge_that_suppresses_is_the_tool_alone() -> None:
    found = findings(flaw("CVE-2024-1", claim=Claim(Stance.SUPPRESSED, statement="no")))
    assert found[0].status is Status.SUPPRESSED
    assert judged(*found).outcome is FAIL


@pytest.mark.parametrize(
    ("expires", "outcome"), [("2026-03-02", PASS), ("2026-03-01", FAIL), ("2026-02-01", FAIL)]
)
def test_a_suppression_that_expired_in_a_saved_result_holds_no_longer(
    expires: str, outcome: GateOutcome
) -> None:
    got = judged(suppressed(expires, "file"), tool_suppressions=ToolSuppressions.ACCEPT)
    assert got.outcome is outcome
    if outcome is FAIL:
        assert f"suppression expired on {expires}" in str(got.rulings[0].text)


def test_a_suppression_without_any_word_is_judged() -> None:
    found = replace(findings(flaw("CVE-2024-1"))[0], status=Status.SUPPRESSED)
    assert judged(found).outcome is FAIL


def test_a_vex_statement_is_an_answer() -> None:
    found = findings(flaw("CVE-2024-1", claim=Claim(Stance.NOT_AFFECTED)))
    assert judged(*found).outcome is PASS


def test_a_waiver_answers_an_open_question() -> None:
    found = findings(flaw("CVE-2024-1"))
    when = Condition(new=True)
    assert judged(*found, when=when).outcome is INCOMPLETE
    got = judged(*found, when=when, waivers=(waiver(component="demo"),))
    assert got.outcome is PASS
    assert got.rulings[0].waiver == "W-1"
    late = judged(*found, when=when, waivers=(waiver(TODAY, component="demo"),))
    assert late.outcome is INCOMPLETE


def test_a_rule_may_be_called_what_it_likes() -> None:
    policy = Policy("test", (GateRule("required-scanner", LOW),), Requirements())
    found = tuple(findings(flaw("CVE-2024-1")))
    result = Result("shop", TODAY, runs=(run(),), findings=found)
    assert judge(result, policy, TODAY).outcome is FAIL


FREE = Component("free", "1", purl="pkg:pypi/free@1", licences=("MIT",))
BOUND = Component("bound", "2", purl="pkg:pypi/bound@2", licences=("MIT AND GPL-3.0-only",))
SILENT = Component("silent", "3")


def test_licences_of_components() -> None:
    assert judged(when=COPYLEFT, components=(FREE,)).outcome is PASS
    got = judged(when=COPYLEFT, components=(FREE, BOUND))
    assert got.outcome is FAIL
    assert str(got.rulings[0].text) == "bound 2 is under MIT AND GPL-3.0-only, blocked by rule"


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (waiver(component="bound"), PASS),
        (waiver(component="pkg:pypi/bound@2"), PASS),
        (waiver(rule="MIT AND GPL-3.0-only", asset="image:*"), PASS),
        (waiver(component="free"), FAIL),
        (waiver(component="bound", path="*"), FAIL),
        (waiver(fingerprint="x", component="bound"), FAIL),
        (waiver(TODAY, component="bound"), FAIL),
    ],
)
def test_a_licence_can_be_waived(given: Waiver, outcome: GateOutcome) -> None:
    got = judged(when=COPYLEFT, components=(BOUND,), waivers=(given,))
    assert got.outcome is outcome
    if given.expires == TODAY:
        assert "expired" in str(got.rulings[0].text)


@pytest.mark.parametrize(
    ("unknown", "outcome"),
    [(Unknown.INCOMPLETE, INCOMPLETE), (Unknown.BLOCK, FAIL), (Unknown.IGNORE, PASS)],
)
def test_an_unknown_licence_is_a_question(unknown: Unknown, outcome: GateOutcome) -> None:
    got = judged(when=COPYLEFT, components=(FREE, SILENT), unknown=unknown)
    assert got.outcome is outcome
    if outcome is not PASS:
        assert str(got.rulings[0].text) == "rule: the licence of 1 component is unknown"


def test_where_nobody_looked_at_licences_there_is_no_yes() -> None:
    blind = run(coverage=Coverage(frozenset({Kind.SECRET})))
    policy = Policy("test", (GateRule("rule", COPYLEFT),))
    assert judge(Result("shop", TODAY, runs=(blind,)), policy, TODAY).outcome is INCOMPLETE
    assert judge(Result("shop", TODAY, runs=(run(),)), policy, TODAY).outcome is PASS
