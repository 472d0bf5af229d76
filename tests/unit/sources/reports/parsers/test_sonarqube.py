from __future__ import annotations

from typing import Any

import pytest
from tests.unit.sources.reports.parsers.read import first, identity, place, read

from vigie.model.observations import Kind, Stance
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity


def report(**changes: Any) -> dict[str, Any]:
    issue = {
        "key": "K1",
        "rule": "python:S2076",
        "severity": "MAJOR",
        "component": "shop:src/run.py",
        "project": "shop",
        "line": 31,
        "hash": "8f14e45f",
        "status": "OPEN",
        "message": "Change this.",
        "tags": ["cwe", "cwe-78"],
        "type": "VULNERABILITY",
    }
    return {"paging": {"total": 1}, "issues": [issue | changes], "components": []}


def hotspot(**changes: Any) -> dict[str, Any]:
    found = {
        "key": "H1",
        "component": "shop:src/app.py",
        "project": "shop",
        "ruleKey": "python:S4502",
        "vulnerabilityProbability": "HIGH",
        "status": "TO_REVIEW",
        "line": 8,
    }
    return {"paging": {"total": 1}, "hotspots": [found | changes]}


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("BLOCKER", Severity.CRITICAL),
        ("CRITICAL", Severity.HIGH),
        ("MAJOR", Severity.MEDIUM),
        ("MINOR", Severity.LOW),
        ("INFO", Severity.NONE),
        ("HIGH", Severity.HIGH),
        ("", Severity.UNKNOWN),
    ],
)
def test_word_gives_the_severity(word: str, severity: Severity) -> None:
    seen = first("sonarqube", report(severity=word))
    assert (seen.severity, seen.severity_said) == (severity, word)


def test_impact_on_security_is_the_severity_where_no_other_is_said() -> None:
    impacts = [
        {"softwareQuality": "MAINTAINABILITY", "severity": "HIGH"},
        {"softwareQuality": "SECURITY", "severity": "LOW"},
    ]
    assert first("sonarqube", report(severity=None, impacts=impacts)).severity_said == "LOW"


def test_shifted_issue_keeps_the_identity() -> None:
    moved = report(line=41, key="K2", textRange={"startLine": 41, "endLine": 42})
    assert identity("sonarqube", report()) == identity("sonarqube", moved)
    assert identity("sonarqube", hotspot()) == identity("sonarqube", hotspot(line=18))


def test_path_comes_from_the_components_or_the_key() -> None:
    assert place("sonarqube", report()).path == "src/run.py"
    listed = report() | {"components": [{"key": "shop:src/run.py", "path": "code/run.py"}]}
    assert place("sonarqube", listed).path == "code/run.py"
    assert place("sonarqube", report(component="shop")).path == ""
    old = report(component="org:shop:src/a.py", project="other")
    assert place("sonarqube", old).path == "src/a.py"


@pytest.mark.parametrize(
    ("states", "stance"),
    [
        ({"status": "RESOLVED", "resolution": "FALSE-POSITIVE"}, Stance.SUPPRESSED),
        ({"status": "RESOLVED", "resolution": "WONTFIX"}, Stance.SUPPRESSED),
        ({"issueStatus": "ACCEPTED"}, Stance.SUPPRESSED),
        ({"status": "CLOSED", "resolution": "FIXED"}, Stance.FIXED),
        ({"status": "CLOSED"}, Stance.FIXED),
        ({"status": "REOPENED"}, None),
    ],
)
def test_resolution_is_a_claim(states: dict[str, str], stance: Stance | None) -> None:
    claim = first("sonarqube", report(**states)).claim
    assert (claim.stance if claim else None) is stance


def test_reviewed_hotspot_is_a_claim() -> None:
    safe = first("sonarqube", hotspot(status="REVIEWED", resolution="SAFE")).claim
    assert safe is not None and safe.stance is Stance.SUPPRESSED
    assert first("sonarqube", hotspot()).claim is None


@pytest.mark.parametrize(
    ("message", "rule", "package"),
    [
        ("Filename: demo:1.1 | Reference: CVE-2024-2529 | CVSS Score: 6.4 | Category: CWE-120",
         "CVE-2024-2529", ("demo", "1.1", "")),
        ("Filename: demo-core-9.24.4.jar | References: GHSA-aaaa-bbbb-cccc (7.5)",
         "GHSA-aaaa-bbbb-cccc", ("demo-core", "9.24.4", "maven")),
        ("Filename: odd.bin | no reference", "OWASP:UsingComponentWithKnownVulnerability",
         ("odd.bin", "", "")),
    ],
)  # fmt: skip
def test_imported_dependency_is_a_vulnerability(
    message: str, rule: str, package: tuple[str, str, str]
) -> None:
    key = "OWASP:UsingComponentWithKnownVulnerability"
    seen = first("sonarqube", report(rule=key, message=message, component="shop"))
    assert (seen.kind, seen.rule.id, seen.locations) == (Kind.VULNERABILITY, rule, ())
    assert seen.component is not None
    assert (seen.component.name, seen.component.version, seen.component.type) == package


def test_dependency_with_several_flaws_names_each_for_the_merge_to_split() -> None:
    message = "Filename: demo:1 | References: CVE-2024-0001 (6.1), CVE-2024-0002 (5.0)"
    rule = first(
        "sonarqube", report(rule="OWASP:UsingComponentWithKnownVulnerability", message=message)
    ).rule
    assert rule.id.startswith("OWASP:")
    assert rule.aliases == ("CVE-2024-0001", "CVE-2024-0002")


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("secrets:S6290", Kind.SECRET),
        ("terraform:S6252", Kind.MISCONFIGURATION),
        ("python:S2076", Kind.WEAKNESS),
    ],
)
def test_rule_repository_gives_the_kind(rule: str, kind: Kind) -> None:
    assert first("sonarqube", report(rule=rule)).kind is kind


def test_page_of_several_makes_the_report_partial() -> None:
    (problem,) = read("sonarqube", report() | {"paging": {"total": 700}}).problems
    assert problem.code is ProblemCode.REPORT
    assert "1 of 700" in str(problem.message)
    assert read("sonarqube", report()).problems == ()


def test_weaknesses_come_from_tags_and_rule_pages() -> None:
    assert first("sonarqube", report()).rule.weaknesses == ("CWE-78",)
    collected = {
        "sonarBaseURL": "https://sonar.example",
        "rules": {"r:1": {"name": "R", "htmlDesc": "cwe.mitre.org/data/definitions/117.html"}},
        "issues": [{"rule": "r:1", "component": "a.py", "key": "A"}],
    }
    seen = first("sonarqube", collected)
    assert (seen.rule.title, seen.rule.weaknesses) == ("R", ("CWE-117",))


def test_single_project_is_the_asset() -> None:
    asset = read("sonarqube", report()).asset
    assert asset is not None and asset.name == "shop"
    both = report()
    both["issues"].append({"key": "K2", "rule": "a:b", "component": "x:y", "project": "web"})
    assert read("sonarqube", both | {"paging": {"total": 2}}).asset is None


def test_clean_project_is_an_empty_report() -> None:
    assert read("sonarqube", {"total": 0, "p": 1, "ps": 100, "issues": []}).records == 0
