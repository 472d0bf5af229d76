"""An explanation says who did not say it, too, and what else bears on a finding."""

from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import empty, rich

from vigie.faces.cli.explanation import lines_of
from vigie.model.findings import Absence, Agreement, Finding, Status, Suppression
from vigie.model.results import Result
from vigie.model.text import T, Words
from vigie.triage.explain import explain


def spoken(finding: Finding, result: Result) -> str:
    return "\n".join(lines_of(explain(result, finding), result, Words()))


def test_silence_is_told_apart_from_ignorance() -> None:
    finding = rich().findings[0]
    absences = (Absence("snyk", True, T("looked and did not")), Absence("osv", False, T("too old")))
    said = spoken(replace(finding, agreement=Agreement(("trivy",), absences=absences)), rich())
    assert "snyk looked and does not say it: looked and did not" in said
    assert "osv could not have known: too old" in said


def test_decision_reasons_and_evidence_are_there() -> None:
    finding = rich().findings[0]
    said = spoken(finding, rich())
    assert "decision: act now, score 100 (90 to 100)" in said
    assert "- known to be exploited (trivy)" in said
    assert "1. trivy" in said
    assert "2. grype" in said
    assert "it says: severity Critical" in said


def test_what_is_set_aside_says_why() -> None:
    suppression = Suppression(Status.SUPPRESSED, "not shipped", "file")
    finding = replace(rich().findings[0], status=Status.SUPPRESSED, suppression=suppression)
    assert "set aside (file): not shipped" in spoken(finding, rich())


def test_a_partial_result_is_not_passed_over() -> None:
    finding = rich().findings[0]
    assert "the result is partial" in spoken(finding, rich())
    assert "the result is partial" not in spoken(finding, replace(rich(), runs=empty().runs))
