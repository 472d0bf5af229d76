"""npm audit: what counts as a record, and what mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.model.observations import Fix, FixState, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes, open_document
from vigie.sources.reports.parsers.npm_audit import PARSER
from vigie.sources.reports.reading import read_document

VIA = {"source": 7, "name": "p", "title": "t", "severity": "high",
       "url": "https://a.example/GHSA-aaaa-bbbb-cccc"}  # fmt: skip


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def packages(**entries: dict[str, Any]) -> Report:
    named = {name: {"name": name} | entry for name, entry in entries.items()}
    return read({"auditReportVersion": 2, "vulnerabilities": named})


def test_advisory_is_one_finding_however_many_packages_depend_on_it() -> None:
    report = packages(p={"via": [VIA]}, q={"via": ["p"]}, r={"via": ["q", "p"]})
    assert (report.records, len(report.observations), report.problems) == (3, 3, ())
    failed = [seen for seen in report.observations if seen.verdict is Verdict.FAIL]
    assert [seen.rule.id for seen in failed] == ["GHSA-aaaa-bbbb-cccc"]
    others = [seen for seen in report.observations if seen.verdict is Verdict.NOT_APPLICABLE]
    assert all(seen.rule.related == ("GHSA-aaaa-bbbb-cccc",) for seen in others)
    assert not any(seen.rule.aliases for seen in others)


def test_packages_that_depend_on_each_other_end() -> None:
    report = packages(a={"via": ["b"]}, b={"via": ["a"]}, c={"via": []})
    assert (report.records, len(report.observations)) == (3, 3)


@pytest.mark.parametrize(
    ("available", "fix"),
    [
        (True, Fix(FixState.FIXED, advice="npm audit fix")),
        (False, Fix(FixState.NOT_FIXED)),
        (None, Fix(FixState.UNKNOWN)),
        ({"name": "p", "version": "2.0"}, Fix(FixState.FIXED, ("2.0",), "npm install p@2.0")),
        # another package's version is no version of this one
        ({"name": "top", "version": "9.0"}, Fix(FixState.FIXED, (), "npm install top@9.0")),
    ],
)
def test_fix(available: Any, fix: Fix) -> None:
    (seen,) = packages(p={"via": [VIA], "fixAvailable": available}).observations
    assert seen.fix == fix


def old(**advisory: Any) -> Report:
    return read({"actions": [], "advisories": {"1": {"id": 1, "module_name": "p"} | advisory}})


@pytest.mark.parametrize(
    ("patched", "state", "versions"),
    [
        (">=4.17.21", FixState.FIXED, ("4.17.21",)),
        (">= 1.9.3 <2.0.0 || >=2.3.1", FixState.FIXED, ("1.9.3", "2.3.1")),
        ("<0.0.0", FixState.NOT_FIXED, ()),
        (None, FixState.UNKNOWN, ()),
    ],
)
def test_patched_versions_of_npm_6(
    patched: str | None, state: FixState, versions: tuple[str, ...]
) -> None:
    (seen,) = old(patched_versions=patched).observations
    assert (seen.fix.state, seen.fix.versions) == (state, versions)


def test_each_installed_version_is_a_record_of_npm_6() -> None:
    report = old(findings=[{"version": "1", "paths": ["p"]}, {"version": "2", "paths": ["a>p"]}])
    components = [seen.component for seen in report.observations if seen.component]
    assert report.records == 2
    assert [(c.version, c.direct) for c in components] == [("1", True), ("2", False)]


@pytest.mark.parametrize(
    "cwe",
    ["CWE-79, CWE-80", ["CWE-79", "CWE-80"], '["CWE-79","CWE-80"]', ["CWE-79", "CWE-80", None]],
)
def test_weaknesses_in_every_spelling(cwe: Any) -> None:
    (seen,) = old(cwe=cwe).observations
    assert seen.rule.weaknesses == ("CWE-79", "CWE-80")


def test_error_in_place_of_a_report_is_no_clean_report() -> None:
    report = read({"error": {"code": "ENOLOCK", "summary": "needs a lockfile"}})
    assert (report.records, report.ecosystems) == (0, None)
    assert "needs a lockfile" in str(report.problems[0].message)


@pytest.mark.corpus
def test_corpus_counts(corpus: Path) -> None:
    path = corpus / "reports/npm_audit_7_plus/many_vulns.json"
    entries = json.loads(path.read_bytes())["vulnerabilities"].values()
    advisories = [[v for v in entry["via"] if isinstance(v, dict)] for entry in entries]
    (report,) = read_document(PARSER, open_document(path))
    assert report.records == sum(len(vias) or 1 for vias in advisories)
    assert len(report.observations) == report.records


def test_refusal_of_the_registry_is_a_failed_audit_and_not_an_unknown_file() -> None:
    report = read(
        {
            "message": "405 Method Not Allowed",
            "method": "POST",
            "uri": "https://registry.example/advisories",
            "statusCode": 405,
            "error": {"summary": "", "detail": ""},
        }
    )
    assert [str(problem.message) for problem in report.problems] == [
        "npm audit failed: 405 Method Not Allowed"
    ]
    assert (report.records, report.ecosystems) == (0, None)
