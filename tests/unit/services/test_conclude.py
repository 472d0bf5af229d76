"""From readings to one result."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.triage.build import IMAGE, flaw, hit, run

from vigie.model.assets import Exposure
from vigie.model.findings import Status
from vigie.model.observations import Claim, Observation, Stance
from vigie.model.results import Result
from vigie.model.runs import Outcome, ProblemCode
from vigie.ports.reports import Report
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.triage.claims import SuppressionRule
from vigie.triage.corrections import Correction

NOW = "2026-01-01T00:00:00Z"


def reading(*seen: Observation, tool: str = "trivy") -> Reading:
    told = Report(tool, len(seen), seen, asset=IMAGE)
    return Reading(run(tool, records=len(seen), observations=len(seen)), told)


def concluded(*readings: Reading, **options: object) -> Result:
    return conclude(readings, replace(ConcludeOptions(NOW), **options))  # type: ignore[arg-type]


def test_a_result_is_ranked_counted_and_planned() -> None:
    got = concluded(
        reading(flaw("CVE-2024-1"), flaw("CVE-2024-2", "other", fixed=("1.1",))),
        reading(hit("R1", "a.py", 1, tool="semgrep"), tool="semgrep"),
    )
    scores = [(f.priority.decision.rank, f.priority.score) for f in got.findings if f.priority]
    assert scores == sorted(scores, reverse=True)
    assert (got.summary.total, got.summary.fixable, got.summary.observations) == (3, 1, 3)
    assert sum(got.summary.by_severity.values()) == 3
    assert [s.component.name for s in got.plan.steps] == ["other"]
    assert got.target == "shop:1"


def test_reading_the_same_again_changes_nothing() -> None:
    readings = [reading(flaw("CVE-2024-1"), hit("R1", "a.py", 3))]
    base = concluded(*readings)
    for _ in range(10):
        again = concluded(*readings, baseline=base)
        assert [f.fingerprint for f in again.findings] == [f.fingerprint for f in base.findings]
        assert not any(f.new for f in again.findings)
        base = again


def test_vex_given_as_such_only_changes_others_and_as_a_report_is_shown() -> None:
    claim = Claim(Stance.NOT_AFFECTED, products=("pkg:pypi/demo",))
    fits = flaw("CVE-2024-1", tool="openvex", claim=claim)
    idle = flaw("CVE-2024-9", tool="openvex", claim=claim)
    vex = reading(fits, idle, tool="openvex")
    got = concluded(reading(flaw("CVE-2024-1")), vex=[vex])
    assert [f.status for f in got.findings] == [Status.NOT_AFFECTED]
    assert any("1 VEX statement fits" in str(p.message) for p in got.problems)
    assert not any("no VEX statement" in str(p.message) for p in got.problems)
    wrong = concluded(reading(flaw("CVE-2024-1")), vex=[reading(flaw("CVE-2024-1"))])
    assert any("holds no VEX statement" in str(p.message) for p in wrong.problems)
    shown = concluded(reading(flaw("CVE-2024-1")), vex)
    assert {f.rule.id: f.status for f in shown.findings} == {
        "CVE-2024-1": Status.NOT_AFFECTED,
        "CVE-2024-9": Status.NOT_AFFECTED,
    }
    assert got.summary.suppressed == 1


def test_expired_and_idle_entries_are_said() -> None:
    def rule(name: str, expires: str) -> SuppressionRule:
        return SuppressionRule(name, "r", "o", expires, rule="X")

    got = concluded(
        reading(flaw("CVE-2024-1")),
        suppressions=[rule("old", "2025-01-01"), rule("idle", "2027-01-01")],
        corrections=[Correction("join", ("aa", "bb"))],
    )
    codes = [p.code for p in got.problems]
    assert codes == [ProblemCode.INPUT, ProblemCode.NOTE, ProblemCode.NOTE]


def test_exposure_holds_for_assets_that_say_nothing() -> None:
    got = concluded(reading(flaw("CVE-2024-1")), exposure=Exposure.OPEN)
    assert got.assets[0].asset.exposure is Exposure.OPEN


def test_what_the_baseline_had_and_is_no_longer_reported_is_said() -> None:
    base = concluded(reading(flaw("CVE-2024-1"), flaw("CVE-2024-2")))
    now = concluded(reading(flaw("CVE-2024-1")), baseline=base)
    (note,) = now.problems
    assert str(note.message) == "1 finding of the baseline is no longer reported"
    assert note.hint is None
    partial = replace(reading(flaw("CVE-2024-1")), run=run("trivy", outcome=Outcome.PARTIAL))
    (note,) = concluded(partial, baseline=base).problems
    assert "no proof" in str(note.hint)
