"""pip-audit: both layouts, and dependencies it could not audit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import FixState, Verdict
from vigie.model.runs import ProblemCode
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.pip_audit import PARSER
from vigie.sources.reports.reading import read_document

DEPENDENCIES: list[dict[str, Any]] = [
    {"name": "clean", "version": "1", "vulns": []},
    {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]},
]


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


@pytest.mark.parametrize("value", [DEPENDENCIES, {"dependencies": DEPENDENCIES, "fixes": []}])
def test_both_layouts_say_the_same(value: Any) -> None:
    report = read(value)
    (seen,) = report.observations
    assert (report.records, seen.rule.id) == (1, "PYSEC-1")
    assert seen.component is not None
    assert (seen.component.name, seen.component.version) == ("bad", "2")
    assert seen.fix.state is FixState.NOT_FIXED
    assert seen.severity.value == "unknown"


def test_dependency_left_out_is_not_assessed_and_no_finding() -> None:
    mine = {"name": "mine", "skip_reason": "not found"}
    report = read({"dependencies": [DEPENDENCIES[0], mine]})
    (seen,) = report.observations
    assert report.records == 1
    assert [problem.code for problem in report.problems] == [ProblemCode.NOTE]
    assert (seen.verdict, seen.record, seen.message) == (
        Verdict.UNKNOWN,
        "dependencies[1]",
        "not found",
    )
    assert seen.component is not None
    assert seen.component.name == "mine"


def test_an_index_that_knows_nothing_of_vulnerabilities_is_no_clean_bill() -> None:
    left_out = [{"name": name, "skip_reason": "not found on PyPI"} for name in ("a", "b")]
    (problem,) = read({"dependencies": left_out}).problems
    assert problem.code is ProblemCode.REPORT
    assert "2 dependencies" in str(problem.message)


def test_nothing_to_audit_is_a_report_all_the_same() -> None:
    assert read({"dependencies": [], "fixes": []}).records == 0


@pytest.mark.parametrize("value", [{"dependencies": [{"fileName": "a.jar"}]}, {"dependencies": {}}])
def test_other_reports_with_dependencies_are_not_claimed(value: Any) -> None:
    document = document_from_bytes(json.dumps(value).encode())
    assert not PARSER.recognises(document.sketch)
