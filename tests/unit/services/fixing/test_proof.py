"""The proof fails for everything that was not predicted."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.triage.build import findings, flaw, run

from vigie.model.findings import Status
from vigie.model.results import Counts, Result
from vigie.model.runs import Outcome
from vigie.services.fixing.proof import prove

BEFORE = findings(flaw("CVE-1", fixed=("2.0",)), flaw("CVE-2", "other"))
CLEARED = [BEFORE[0].fingerprint]


def result(*found: object, outcome: Outcome = Outcome.COMPLETE) -> Result:
    runs = (run("trivy", outcome=outcome),)
    return Result("shop", "2025-01-01", runs=runs, findings=tuple(found), assets=())  # type: ignore[arg-type]


def test_what_was_to_go_is_gone_and_nothing_came() -> None:
    proof = prove(result(*BEFORE), Counts(1), CLEARED, result(BEFORE[1]))
    assert proof.met
    assert (proof.before.total, proof.predicted.total, proof.after.total) == (2, 1, 1)
    better = prove(result(*BEFORE), Counts(1), CLEARED, result())
    assert better.met


def test_each_way_of_not_being_met() -> None:
    still = prove(result(*BEFORE), Counts(1), CLEARED, result(*BEFORE))
    assert not still.met
    assert [f.rule.id for f in still.still_there] == ["CVE-1"]
    (fresh,) = findings(flaw("CVE-3", "new"))
    came = prove(result(*BEFORE), Counts(1), CLEARED, result(BEFORE[1], fresh))
    assert not came.met
    assert came.unexpected == (fresh,)
    crashed = prove(result(*BEFORE), Counts(1), CLEARED, result(outcome=Outcome.FAILED))
    assert crashed.weaker == ("trivy",)
    assert not crashed.met


def test_a_finding_is_known_by_each_of_its_names() -> None:
    moved = replace(BEFORE[0], fingerprint="elsewhere", fingerprints=("elsewhere", CLEARED[0]))
    assert not prove(result(*BEFORE), Counts(1), CLEARED, result(moved)).met
    settled = replace(BEFORE[0], status=Status.SUPPRESSED)
    assert prove(result(*BEFORE), Counts(1), CLEARED, result(settled, BEFORE[1])).met
