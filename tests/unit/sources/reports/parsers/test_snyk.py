"""Snyk: projects, chains, and what its policy ignores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.model.observations import FixState, Kind, Observation, Stance
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes, open_document
from vigie.sources.reports.parsers.snyk import PARSER
from vigie.sources.reports.reading import read_document


def read(value: Any) -> list[Report]:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    return read_document(PARSER, document)


def project(*issues: dict[str, Any], **members: Any) -> dict[str, Any]:
    base = {"id": "SNYK-JS-P-1", "name": "p", "version": "1", "packageManager": "npm"}
    return {
        "vulnerabilities": [base | issue for issue in issues],
        "ok": False, "packageManager": "npm", "dependencyCount": 2, "path": "/src",
    } | members  # fmt: skip


def issue(**members: Any) -> Observation:
    (report,) = read(project(members))
    assert not report.problems
    (seen,) = report.observations
    return seen


def test_range_of_vulnerable_versions_is_no_name_of_the_flaw() -> None:
    rule = issue(
        semver={"vulnerable": ["<2"]}, identifiers={"CVE": ["CVE-2025-1111"], "CWE": ["CWE-79"]}
    ).rule
    assert (rule.id, rule.aliases) == ("SNYK-JS-P-1", ("CVE-2025-1111",))
    assert rule.weaknesses == ("CWE-79",)


@pytest.mark.parametrize(
    ("members", "state", "versions"),
    [
        ({"fixedIn": ["2", "3"]}, FixState.FIXED, ("2", "3")),
        ({"fixedIn": [], "nearestFixedInVersion": "2"}, FixState.FIXED, ("2",)),
        ({"fixedIn": []}, FixState.NOT_FIXED, ()),
        ({}, FixState.UNKNOWN, ()),
    ],
)
def test_fix(members: dict[str, Any], state: FixState, versions: tuple[str, ...]) -> None:
    fix = issue(**members).fix
    assert (fix.state, fix.versions) == (state, versions)


@pytest.mark.parametrize(
    ("chain", "direct"),
    [(["me@1", "p@1"], True), (["me@1", "q@1", "p@1"], False), (["p@1"], None), (None, None)],
)
def test_chain_tells_whether_it_is_direct(chain: Any, direct: bool | None) -> None:
    component = issue(**{"from": chain}).component
    assert component is not None
    assert component.direct is direct


def test_image_names_source_and_binary_package() -> None:
    seen = issue(packageManager="debian:12", name="src/bin", version="1-2")
    assert seen.component is not None
    assert (seen.component.source_name, seen.component.name) == ("src", "bin")
    assert (seen.component.type, seen.component.distro) == ("deb", "debian-12")
    scoped = issue(name="@scope/p").component
    assert scoped is not None
    assert (scoped.source_name, scoped.name) == ("", "@scope/p")


@pytest.mark.parametrize(
    ("said", "ours"),
    [("Not Defined", ""), ("Proof of Concept", "poc"), ("Mature", "weaponised"),
     ("Attacked", "active"), ("No Known Exploit", "none"), (None, "")],
)  # fmt: skip
def test_exploit_maturity(said: str | None, ours: str) -> None:
    assert issue(exploit=said).signals.exploit == ours


def test_licence_is_named_by_the_licence() -> None:
    seen = issue(id="snyk:lic:npm:p:GPL-3.0", type="license", license="GPL-3.0")
    assert (seen.kind, seen.rule.id) == (Kind.LICENCE, "GPL-3.0")


def test_ignored_issues_are_kept_with_the_reason() -> None:
    ignored = {"filtered": {"ignored": [{"reason": "later", "reasonType": "wont-fix"}]}}
    value = project(filtered={"ignore": [{"id": "SNYK-JS-Q-1", "name": "q"} | ignored]})
    (report,) = read(value)
    (seen,) = report.observations
    assert seen.claim is not None
    assert (seen.claim.stance, seen.claim.statement) == (Stance.SUPPRESSED, "later")
    assert issue(isIgnored=True).claim is not None
    assert issue(isIgnored=False).claim is None


def test_projects_of_one_folder_are_one_report() -> None:
    failed = {"ok": False, "error": "no\nlock file", "path": "/other"}
    reports = read([project({}), project({}, packageManager="pip"), failed])
    assert [(r.asset and r.asset.name, r.records) for r in reports] == [("/src", 2), ("/other", 0)]
    assert reports[0].ecosystems == frozenset({"npm", "pypi"})
    assert "no lock file" in str(reports[1].problems[0].message)


def test_sarif_of_snyk_code_is_left_to_the_sarif_parser() -> None:
    value = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "SnykCode"}}}]}
    assert not PARSER.recognises(document_from_bytes(json.dumps(value).encode()).sketch)


def test_sbom_with_snyks_ids_is_left_to_its_parser() -> None:
    value = {"bomFormat": "CycloneDX", "vulnerabilities": [{"id": "SNYK-JS-P-1"}]}
    assert not PARSER.recognises(document_from_bytes(json.dumps(value).encode()).sketch)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("all-projects_many_vulns", 4),
        ("single_project_one_vuln", 1),
        ("snykcontainer_issue_epss", 13),
    ],
)
def test_corpus_counts(corpus: Path, name: str, count: int) -> None:
    reports = read_document(PARSER, open_document(corpus / f"reports/snyk/{name}.json"))
    assert sum(len(report.observations) for report in reports) == count
    assert not any(report.problems for report in reports)


def test_infrastructure_code_is_another_tool_with_its_own_coverage() -> None:
    issue = {"id": "SNYK-CC-TF-4", "title": "t", "severity": "high", "msg": "input.spec"}
    files = [
        {"targetFile": name, "projectName": "shop", "infrastructureAsCodeIssues": [issue]}
        for name in ("a.tf", "b.tf")
    ]
    document = document_from_bytes(json.dumps(files).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    assert (report.tool, report.records, report.ecosystems) == ("snyk-iac", 2, None)
    assert report.coverage is not None
    assert report.coverage.kinds == {Kind.MISCONFIGURATION}
    assert [o.locations[0].path for o in report.observations] == ["a.tf", "b.tf"]
