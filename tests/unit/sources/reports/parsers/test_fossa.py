from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import FixState, Kind, Observation, Verdict
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.fossa import PARSER
from vigie.sources.reports.reading import read_document


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def observe(**fields: Any) -> Observation:
    issue = {"id": 1, "type": "vulnerability", "revisionId": "npm+lodash$4.17.4", **fields}
    return read({"count": 1, "status": "SCANNED", "issues": [issue]}).observations[0]


@pytest.mark.parametrize(
    ("issue", "kind"),
    [("vulnerability", Kind.VULNERABILITY), ("policy_conflict", Kind.LICENCE),
     ("policy_flag", Kind.LICENCE), ("unlicensed_dependency", Kind.LICENCE),
     ("outdated_dependency", Kind.WEAKNESS), ("something_new", Kind.WEAKNESS)],
)  # fmt: skip
def test_type_of_issue_is_the_kind(issue: str, kind: Kind) -> None:
    assert observe(type=issue).kind is kind


@pytest.mark.parametrize(
    ("locator", "kind", "name", "version"),
    [
        ("npm+@scope/a$1", "npm", "@scope/a", "1"),
        ("mvn+org.demo:core$1.0", "maven", "org.demo:core", "1.0"),
        ("pip+demo$2", "pypi", "demo", "2"),
        ("go+github.com/a/b$v1", "golang", "github.com/a/b", "v1"),
        ("deb+curl#debian#12$7.88", "deb", "curl", "7.88"),
        ("custom+1/thing$a", "", "1/thing", "a"),
    ],
)
def test_locator_names_the_component(locator: str, kind: str, name: str, version: str) -> None:
    component = observe(revisionId=locator).component
    assert component is not None
    assert (component.type, component.name, component.version) == (kind, name, version)


def test_issue_about_no_package_has_no_component() -> None:
    assert observe(revisionId="unknown project").component is None


def test_vulnerability_without_a_cve_is_known_by_its_number() -> None:
    assert observe(id=77).rule.id == "FOSSA-77"
    assert observe(cve="CVE-2019-10744").rule.id == "CVE-2019-10744"


def test_two_denied_licences_are_two_rules() -> None:
    gpl = observe(type="policy_conflict", license="GPL-3.0")
    agpl = observe(type="policy_conflict", license="AGPL-3.0")
    assert gpl.rule.id != agpl.rule.id


def test_missing_values_stay_unknown() -> None:
    seen = observe()
    assert (seen.severity, seen.fix.state) == (Severity.UNKNOWN, FixState.UNKNOWN)
    assert seen.component is not None and seen.component.direct is None


def test_weakness_of_a_package_outlives_its_version() -> None:
    old = observe(type="outdated_dependency", revisionId="npm+a$1")
    new = observe(type="outdated_dependency", revisionId="npm+a$2")
    assert old.locations == new.locations != ()


def test_attribution_is_inventory() -> None:
    deps = [{"package": "a", "source": "npm", "version": "1", "licenses": [{"name": "MIT"}]}]
    report = read({"project": {"name": "shop"}, "licenses": {}, "directDependencies": deps})
    (seen,) = report.observations
    assert seen.verdict is Verdict.NOT_APPLICABLE
    assert seen.component is not None
    assert (seen.component.licences, seen.component.direct) == (("MIT",), True)
