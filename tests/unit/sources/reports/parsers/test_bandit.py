from __future__ import annotations

from typing import Any

from tests.unit.sources.reports.parsers.read import first, identity, place, read, spelt

from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity


def report(**changes: Any) -> dict[str, Any]:
    hit = {
        "code": "11 def run():\n12     call(\n13         shell=True)\n14     return 1\n",
        "filename": "shop/ship.py",
        "issue_severity": "HIGH",
        "issue_confidence": "MEDIUM",
        "issue_cwe": {"id": 78, "link": "https://cwe.example/78"},
        "issue_text": "shell=True",
        "line_number": 12,
        "line_range": [12, 13],
        "test_id": "B602",
        "test_name": "shell",
    }
    return {"errors": [], "metrics": {"_totals": {}}, "results": [hit | changes]}


def test_shifted_hit_and_other_context_keep_the_identity() -> None:
    shifted = report(
        code="22     call(\n23         shell=True)\n24     # another neighbour\n",
        line_number=22,
        line_range=[22, 23],
    )
    assert identity("bandit", report()) == identity("bandit", shifted)
    assert identity("bandit", report())[2]


def test_other_code_has_another_anchor() -> None:
    other = report(code="12     call(\n13         shell=False)\n")
    assert identity("bandit", report()) != identity("bandit", other)


def test_tabs_between_number_and_code_are_read() -> None:
    where = place("bandit", report(code="12\tcall(\n13\t  shell=True)\n"))
    assert where.snippet == "call(\n  shell=True)"


def test_code_without_line_numbers_of_the_hit_gives_no_anchor() -> None:
    assert place("bandit", report(code="")).anchor == ""
    assert place("bandit", report(code="7 x\n", line_number=9, line_range=[9])).anchor == ""


def test_hard_coded_password_is_nowhere_in_the_observation() -> None:
    said = report(
        test_id="B105",
        test_name="hardcoded_password_string",
        issue_text="Possible hardcoded password: 'tulip-42'",
        code="12 PASSWORD = 'tulip-42'\n",
        line_range=[12],
    )
    assert "tulip" not in spelt(read("bandit", said))
    assert place("bandit", said).anchor


def test_word_weakness_and_confidence_are_kept() -> None:
    seen = first("bandit", report())
    assert (seen.severity, seen.severity_said) == (Severity.HIGH, "HIGH")
    assert seen.rule.weaknesses == ("CWE-78",)
    assert seen.signals.confidence == "medium"


def test_undefined_stays_unknown() -> None:
    seen = first("bandit", report(issue_severity="UNDEFINED", issue_confidence="UNDEFINED"))
    assert seen.severity is Severity.UNKNOWN
    assert seen.signals.confidence == ""


def test_file_that_could_not_be_read_makes_the_report_partial() -> None:
    said = report() | {"errors": [{"filename": "./bad.py", "reason": "syntax error"}]}
    (problem,) = read("bandit", said).problems
    assert problem.code is ProblemCode.REPORT
    assert problem.where == "bad.py"
    assert "syntax error" in str(problem.message)


def test_report_without_hits_is_empty() -> None:
    assert read("bandit", {"errors": [], "metrics": {"_totals": {}}, "results": []}).records == 0
