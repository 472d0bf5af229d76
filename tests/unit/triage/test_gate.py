"""The gate names what it decides and fails closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw, hit, run

from vigie.model.components import Component
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind, Signals
from vigie.model.policy import Condition, GateRule, Policy, Requirements, Unknown, Waiver
from vigie.model.results import GateOutcome, GateResult, InventoryItem, Result
from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.triage.gate import judge
from vigie.triage.priority import prioritise

TODAY = "2026-03-01"
NOTHING = Condition(severity=Severity.CRITICAL)
PASS, FAIL, INCOMPLETE = GateOutcome.PASS, GateOutcome.FAIL, GateOutcome.INCOMPLETE


def result(*seen: Any, runs: Any = None, **changes: Any) -> Result:
    found = tuple(prioritise(f, IMAGE) for f in findings(*seen))
    runs = (run(),) if runs is None else runs
    return replace(Result("shop", "2026-03-01T00:00:00Z", runs=runs, findings=found), **changes)


def judged(of: Result, when: Condition = NOTHING, **changes: Any) -> GateResult:
    policy = Policy("test", (GateRule("rule", when),), **changes)
    return judge(of, policy, TODAY)


def test_no_findings_and_a_whole_run_pass() -> None:
    assert judged(result()).outcome is PASS


def test_no_run_at_all_is_no_yes() -> None:
    assert judged(result(runs=())).outcome is INCOMPLETE


@pytest.mark.parametrize(
    ("when", "blocks"),
    [
        (Condition(severity=Severity.HIGH), True),
        (Condition(severity=Severity.CRITICAL), False),
        (Condition(decisions=(Decision.ACT,)), True),
        (Condition(decisions=(Decision.WATCH,)), False),
        (Condition(kinds=(Kind.SECRET,)), False),
        (Condition(kinds=(Kind.VULNERABILITY,), fix=True), True),
        (Condition(fix=False), False),
        (Condition(kev=True), True),
        (Condition(epss=0.5), True),
        (Condition(epss=0.9), False),
        (Condition(new=True), True),
        (Condition(new=False), False),
        (Condition(older_than_days=30), True),
        (Condition(older_than_days=90), False),
    ],
)
def test_conditions(when: Condition, blocks: bool) -> None:
    seen = flaw("CVE-2024-1", fixed=("1.1",), signals=Signals(kev=True, epss=0.6))
    of = result(seen)
    marked = replace(of.findings[0], new=True, first_seen="2026-01-10")
    got = judged(replace(of, findings=(marked,)), when)
    assert got.outcome is (FAIL if blocks else PASS)
    if blocks:
        assert got.rulings[0].rule == "rule"
        assert got.rulings[0].subject == marked.fingerprint
        assert "1.1" in str(got.rulings[0].remedy)


@pytest.mark.parametrize(
    ("when", "remedy"),
    [
        (Condition(new=True), "--baseline"),
        (Condition(older_than_days=1), "--baseline"),
        (Condition(kev=True), "--kev"),
        (Condition(epss=0.1), "--epss"),
    ],
)
def test_what_cannot_be_decided_is_no_yes(when: Condition, remedy: str) -> None:
    got = judged(result(flaw("CVE-2024-1")), when)
    assert got.outcome is INCOMPLETE
    assert remedy in str(got.rulings[0].remedy)
    assert judged(result(flaw("CVE-2024-1")), when, unknown=Unknown.BLOCK).outcome is FAIL
    assert judged(result(flaw("CVE-2024-1")), when, unknown=Unknown.IGNORE).outcome is PASS


def test_unknown_severity_is_not_below() -> None:
    of = result(flaw("CVE-2024-1", severity=Severity.UNKNOWN))
    assert judged(of, Condition(severity=Severity.HIGH)).outcome is INCOMPLETE


def test_suppressed_findings_do_not_block() -> None:
    of = result(flaw("CVE-2024-1"))
    quiet = replace(of, findings=(replace(of.findings[0], status=Status.NOT_AFFECTED),))
    assert judged(quiet, Condition(severity=Severity.LOW)).outcome is PASS


def waiver(expires: str, **selectors: str) -> Waiver:
    return Waiver("W-1", "accepted until the release", "ops", expires, **selectors)


def test_a_waiver_lets_through_until_its_day_and_is_named() -> None:
    of = result(flaw("CVE-2024-1"))
    when = Condition(severity=Severity.LOW)
    valid = judged(of, when, waivers=(waiver("2026-03-02", rule="cve-2024-1"),))
    assert valid.outcome is PASS
    assert valid.rulings[0].waiver == "W-1"
    expired = judged(of, when, waivers=(waiver("2026-03-01", rule="CVE-2024-1"),))
    assert expired.outcome is FAIL
    assert "expired" in str(expired.rulings[0].text)
    other = judged(of, when, waivers=(waiver("2026-03-02", rule="CVE-2024-1", path="x/*"),))
    assert other.outcome is FAIL


REQUIRED = Requirements(scanners=("trivy",))


@pytest.mark.parametrize("code", [c for c in ProblemCode if c.value in {
    "missing", "skipped", "crashed", "timeout", "cancelled", "report", "stale"}])  # fmt: skip
@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.FAILED])
def test_a_required_scanner_that_did_not_finish_is_incomplete_even_with_blocks(
    code: ProblemCode, outcome: Outcome
) -> None:
    bad = run("trivy", outcome=outcome, problems=(Problem(code, T("broke")),))
    good = run("trivy")
    of = result(flaw("CVE-2024-1"), runs=(good, bad))
    got = judged(of, Condition(severity=Severity.LOW), require=REQUIRED)
    assert got.outcome is INCOMPLETE
    assert any("broke" in str(r.text) for r in got.rulings)


def test_a_required_scanner_that_is_absent_is_incomplete() -> None:
    of = result(runs=(run("grype"),))
    assert judged(of, require=REQUIRED).outcome is INCOMPLETE


def test_any_partial_run_is_no_yes_unless_the_policy_says_so() -> None:
    of = result(runs=(run(), run("grype", outcome=Outcome.PARTIAL)))
    assert judged(of).outcome is INCOMPLETE
    assert judged(of, require=Requirements(complete=False)).outcome is PASS
    blocked = replace(of, findings=result(flaw("CVE-2024-1")).findings)
    assert judged(blocked, Condition(severity=Severity.LOW)).outcome is FAIL


def test_a_problem_of_the_whole_scan_is_no_yes() -> None:
    of = result(problems=(Problem(ProblemCode.CANCELLED, T("stopped")),))
    assert judged(of).outcome is INCOMPLETE


@pytest.mark.parametrize(
    ("database", "scanners", "outcome"),
    [
        ("2026-02-27T00:00:00Z", (), PASS),
        ("2026-01-01", (), INCOMPLETE),
        ("2026-01-01", ("trivy",), INCOMPLETE),
        ("", ("trivy",), INCOMPLETE),
        ("", (), PASS),
        ("nonsense", (), INCOMPLETE),
    ],
)
def test_database_age(database: str, scanners: tuple[str, ...], outcome: GateOutcome) -> None:
    of = result(runs=(run(database_date=database),))
    require = Requirements(scanners, database_age_days=7)
    assert judged(of, require=require).outcome is outcome


def test_licences_of_components_block() -> None:
    item = InventoryItem(Component("lib", "1", licences=("AGPL-3.0-only",)), "image:shop")
    of = replace(result(), components=(item,))
    got = judged(of, Condition(licences=("AGPL-*",)))
    assert got.outcome is FAIL
    assert judged(of, Condition(licences=("SSPL*",))).outcome is PASS


def test_a_weakness_is_never_undecided_over_kev() -> None:
    assert judged(result(hit("R1", "a.py", 1)), Condition(kev=True)).outcome is PASS
