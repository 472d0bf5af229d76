from __future__ import annotations

from typing import Any

import pytest
from tests.plugs.report_samples import PARSERS
from tests.unit.sources.reports.parsers.read import first, identity, place, read, spelt

from vigie.model.observations import Kind, Stance
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity
from vigie.sources.reports.document import document_from_bytes


def report(start: int = 20, path: str = "shop/views.py", **extra: Any) -> dict[str, Any]:
    hit = {
        "check_id": "python.flask.xss",
        "path": path,
        "start": {"line": start, "col": 5},
        "end": {"line": start + 1, "col": 9},
        "extra": {
            "message": "Input reaches the response.",
            "metadata": {"cwe": ["CWE-79: XSS"]},
            "severity": "ERROR",
            "lines": "    return name",
            "fingerprint": "0f0f_0",
        }
        | extra,
    }
    return {"version": "1.9", "results": [hit], "errors": [], "paths": {"scanned": []}}


def test_shifted_hit_keeps_the_identity() -> None:
    assert identity("semgrep", report()) == identity("semgrep", report(30, "./shop/views.py"))
    assert identity("semgrep", report())[2]


def test_requires_login_is_neither_identity_nor_snippet() -> None:
    where = place("semgrep", report(lines="requires login", fingerprint="requires login"))
    assert (where.anchor, where.snippet) == ("", "")


def test_fingerprint_is_the_identity_where_the_code_is_hidden() -> None:
    one = place("semgrep", report(lines="requires login", fingerprint="aa_0")).anchor
    two = place("semgrep", report(lines="requires login", fingerprint="bb_0")).anchor
    assert one and two and one != two


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("ERROR", Severity.HIGH),
        ("WARNING", Severity.MEDIUM),
        ("INFO", Severity.LOW),
        ("CRITICAL", Severity.CRITICAL),
        ("HIGH", Severity.HIGH),
        ("LOW", Severity.LOW),
        ("EXPERIMENT", Severity.UNKNOWN),
        ("", Severity.UNKNOWN),
    ],
)
def test_old_and_new_words_give_the_severity(word: str, severity: Severity) -> None:
    seen = first("semgrep", report(severity=word))
    assert (seen.severity, seen.severity_said) == (severity, word)


@pytest.mark.parametrize("cwe", ["CWE-79: XSS", ["CWE-79: XSS", "cwe-79"]])
def test_weaknesses_come_as_text_or_list(cwe: Any) -> None:
    assert first("semgrep", report(metadata={"cwe": cwe})).rule.weaknesses == ("CWE-79",)


def test_ignored_in_the_code_is_suppressed() -> None:
    claim = first("semgrep", report(is_ignored=True)).claim
    assert claim is not None and claim.stance is Stance.SUPPRESSED
    assert first("semgrep", report(is_ignored=False)).claim is None


def test_secret_is_nowhere_in_the_observation() -> None:
    said = report(
        validation_state="CONFIRMED_VALID",
        message="found demo_tulip42",
        lines="token = demo_tulip42",
        metavars={"$X": {"abstract_content": "demo_tulip42"}},
        fix="demo_tulip42",
    )
    seen = first("semgrep", said)
    assert seen.kind is Kind.SECRET
    assert seen.signals.confidence == "high"
    assert "tulip" not in spelt(read("semgrep", said))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"level": "error", "message": "Timeout\nwhile matching"}, ProblemCode.REPORT),
        ({"level": "warn", "type": ["PartialParsing", []]}, ProblemCode.REPORT),
        ({"level": "info", "message": "by the way"}, ProblemCode.NOTE),
    ],
)
def test_errors_make_the_report_partial(error: dict[str, Any], code: ProblemCode) -> None:
    said = report() | {"errors": [error]}
    (problem,) = read("semgrep", said).problems
    assert problem.code is code
    assert "\n" not in str(problem.message)


def test_file_whose_analysis_failed_makes_the_report_partial() -> None:
    skipped = [
        {"path": "a.py", "reason": "analysis_failed_parser_or_internal_error"},
        {"path": "b.py", "reason": "exceeded_size_limit"},
        {"path": "c.md", "reason": "wrong_language"},
    ]
    problems = read("semgrep", report() | {"paths": {"skipped": skipped}}).problems
    assert [(p.where, p.code) for p in problems] == [
        ("a.py", ProblemCode.REPORT),
        ("b.py", ProblemCode.NOTE),
    ]


def test_dependency_is_a_vulnerability_with_its_package() -> None:
    found = {"package": "demo", "version": "1.0", "ecosystem": "gem", "transitivity": "transitive"}
    metadata = {
        "sca-vuln-database-identifier": "CVE-2024-0007",
        "sca-fix-versions": [{"demo": "2.0"}, {"other": "9"}],
    }
    sca = {"reachable": True, "dependency_match": {"found_dependency": found}}
    seen = first("semgrep", report(metadata=metadata, sca_info=sca))
    assert seen.kind is Kind.VULNERABILITY
    assert (seen.rule.id, seen.rule.aliases) == ("CVE-2024-0007", ("python.flask.xss",))
    assert seen.component is not None
    assert (seen.component.type, seen.component.direct) == ("gem", False)
    assert (seen.fix.versions, seen.signals.reachable) == (("2.0",), True)


@pytest.mark.parametrize(
    "empty",
    [
        {"results": [], "errors": []},
        {"results": [], "errors": [], "version": "1.9"},
        {"results": [], "errors": [], "paths": {"scanned": []}},
    ],
)
def test_empty_report_is_recognised(empty: dict[str, Any]) -> None:
    assert read("semgrep", empty).records == 0


def test_empty_report_of_bandit_is_not_taken() -> None:
    data = b'{"results": [], "errors": [], "metrics": {"_totals": {}}, "generated_at": "x"}'
    assert not PARSERS["semgrep"].recognises(document_from_bytes(data).sketch)


def finding(**changes: Any) -> dict[str, Any]:
    found = {
        "rule_name": "python.sqli",
        "rule_message": "SQL",
        "severity": "high",
        "match_based_id": "6b6b_0",
        "repository": {"name": "shop/web"},
        "location": {"file_path": "app.py", "line": 12},
        "status": "open",
        "rule": {"cwe_names": ["CWE-89: SQL Injection"]},
    }
    return {"findings": [found | changes]}


def test_shifted_finding_of_the_platform_keeps_the_identity() -> None:
    moved = finding(location={"file_path": "app.py", "line": 22})
    assert identity("semgrep", finding()) == identity("semgrep", moved)


@pytest.mark.parametrize(
    ("states", "stance"),
    [
        ({"triage_state": "ignored"}, Stance.SUPPRESSED),
        ({"triage_state": "untriaged", "status": "fixed"}, Stance.FIXED),
        ({"state": "removed"}, Stance.FIXED),
        ({"triage_state": "reviewing", "state": "unresolved"}, None),
    ],
)
def test_decision_on_the_platform_is_kept(states: dict[str, str], stance: Stance | None) -> None:
    claim = first("semgrep", finding(**states)).claim
    assert (claim.stance if claim else None) is stance


def test_finding_in_a_dependency_carries_epss_and_fix() -> None:
    seen = first(
        "semgrep",
        finding(
            vulnerability_identifier="CVE-2024-0008",
            found_in_dependency={"package": "demo", "version": "1", "ecosystem": "npm"},
            fix_recommendations=[{"package": "demo", "version": "2"}],
            epss_score={"score": 0.5, "percentile": 0.9},
            reachability="unreachable",
        ),
    )
    assert (seen.rule.id, seen.fix.versions) == ("CVE-2024-0008", ("2",))
    assert (seen.signals.epss, seen.signals.reachable) == (0.5, False)


def vuln(cves: list[str], **changes: Any) -> dict[str, Any]:
    found = {
        "advisory": {
            "ruleId": "ssc-1",
            "ecosystem": "gem",
            "severity": "HIGH",
            "references": {
                "cveIds": cves,
                "urls": ["https://github.com/advisories/GHSA-aaaa-bbbb-cccc"],
            },
            "vulnerableDependencies": [{"name": "demo"}],
        },
        "matchedDependency": {"name": "demo", "versionSpecifier": "1.0"},
        "exposureType": "UNDETERMINED",
    }
    return {"vulns": [found | changes], "hasMore": False}


def test_advisory_over_one_flaw_gives_its_names() -> None:
    rule = first("semgrep", vuln(["CVE-2024-1"])).rule
    assert rule.id == "CVE-2024-1"
    assert rule.aliases == ("GHSA-aaaa-bbbb-cccc", "ssc-1")


def test_advisory_over_several_flaws_names_each_for_the_merge_to_split() -> None:
    rule = first("semgrep", vuln(["CVE-2024-1", "CVE-2024-2"])).rule
    assert (rule.id, rule.aliases) == ("ssc-1", ("CVE-2024-1", "CVE-2024-2"))


def test_ecosystem_is_the_lock_files_where_the_advisory_is_about_another() -> None:
    place = {"path": "requirements3.txt", "startLine": "22"}
    other = {"name": "demopy", "versionSpecifier": "1"}
    here = first("semgrep", vuln([], dependencyFileLocation=place, matchedDependency=other))
    assert here.component is not None and here.component.type == "pypi"
    gem = first("semgrep", vuln([]))
    assert gem.component is not None and gem.component.type == "gem"
    unknown = first("semgrep", vuln([], matchedDependency=other))
    assert unknown.component is not None and unknown.component.type == ""


def test_further_pages_make_the_report_partial() -> None:
    assert read("semgrep", vuln([])).problems == ()
    (problem,) = read("semgrep", vuln([]) | {"hasMore": True}).problems
    assert problem.code is ProblemCode.REPORT


def test_finding_that_names_its_rule_in_an_object_is_read() -> None:
    found = finding(rule={"name": "python.sqli", "message": "SQL by rule"})
    del found["findings"][0]["rule_name"]
    del found["findings"][0]["rule_message"]
    seen = first("semgrep", found)
    assert (seen.rule.id, seen.message) == ("python.sqli", "SQL by rule")


def test_code_that_shows_a_password_is_not_kept() -> None:
    hit = report(
        lines='key = "hunter2hunter2"',
        message="Key hunter2hunter2 in the code.",
        metadata={"cwe": ["CWE-798: Use of Hard-coded Credentials"]},
        fix='key = env("hunter2hunter2")',
    )
    assert "hunter2" not in spelt(read("semgrep", hit))
    assert first("semgrep", hit).kind is Kind.WEAKNESS
    assert place("semgrep", hit).anchor
