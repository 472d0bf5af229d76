"""Dependency-Check: every schema's way to say the same."""

from __future__ import annotations

import pytest

from vigie.model.observations import FixState, Observation, Stance
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.dependency_check import PARSER
from vigie.sources.reports.reading import read_document

NAMESPACE = "https://jeremylong.github.io/DependencyCheck/dependency-check.4.0.xsd"


def read(dependency: str, head: str = "", namespace: str = NAMESPACE) -> Report:
    text = (
        f'<analysis xmlns="{namespace}">{head}<dependencies>{dependency}</dependencies></analysis>'
    )
    document = document_from_bytes(text.encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def observe(body: str, tag: str = "vulnerability", identifiers: str = "") -> Observation:
    report = read(
        "<dependency><fileName>a.jar</fileName><filePath>/a.jar</filePath>"
        f"<identifiers>{identifiers}</identifiers><vulnerabilities>"
        f'<{tag} source="NVD"><name>CVE-2025-1111</name>{body}</{tag}>'
        "</vulnerabilities></dependency>"
    )
    assert not report.problems
    (seen,) = report.observations
    return seen


@pytest.mark.parametrize(
    "namespace",
    [
        NAMESPACE,
        "https://jeremylong.github.io/DependencyCheck/dependency-check.1.8.xsd",
        "https://www.owasp.org/index.php/OWASP_Dependency_Check#1.2",
        "",
    ],
)
def test_namespaces_of_every_time_are_recognised(namespace: str) -> None:
    assert read("<dependency><fileName>a</fileName></dependency>", namespace=namespace).records == 0


def test_another_analysis_is_not_claimed() -> None:
    document = document_from_bytes(b'<analysis xmlns="https://other.example/x"/>')
    assert not PARSER.recognises(document.sketch)


def test_vector_is_put_together_and_left_out_when_a_part_is_missing() -> None:
    parts = "".join(
        f"<{tag}>{word}</{tag}>"
        for tag, word in (
            ("baseScore", "6.1"), ("attackVector", "NETWORK"), ("attackComplexity", "LOW"),
            ("privilegesRequired", "NONE"), ("userInteraction", "REQUIRED"), ("scope", "CHANGED"),
            ("confidentialityImpact", "LOW"), ("integrityImpact", "LOW"),
        )
    )  # fmt: skip
    (whole,) = observe(
        f"<cvssV3>{parts}<availabilityImpact>NONE</availabilityImpact></cvssV3>"
    ).scores
    assert whole.vector == "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
    (cut,) = observe(f"<cvssV3>{parts}</cvssV3>").scores
    assert (cut.vector, cut.value, cut.version) == ("", 6.1, "3.0")


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("<severity>HIGH</severity>", "high"),
        ("<severity>moderate</severity>", "medium"),
        ('<severity unscored="true">7.5</severity>', "high"),
        ("<cvssV2><severity>LOW</severity></cvssV2>", "low"),
        ("", "unknown"),
    ],
)
def test_severity(body: str, severity: str) -> None:
    assert observe(body).severity.value == severity


def test_suppressed_vulnerability_is_kept_with_its_note() -> None:
    seen = observe("<notes>false positive</notes>", "suppressedVulnerability")
    assert seen.claim is not None
    assert (seen.claim.stance, seen.claim.statement) == (Stance.SUPPRESSED, "false positive")


def test_only_the_matched_range_tells_the_fix() -> None:
    matched = '<software vulnerabilityIdMatched="true" versionEndExcluding="2.1">x</software>'
    other = '<software versionEndExcluding="1.0">x</software>'
    fix = observe(f"<vulnerableSoftware>{other}{matched}</vulnerableSoftware>").fix
    assert (fix.state, fix.versions) == (FixState.FIXED, ("2.1",))
    assert observe(f"<vulnerableSoftware>{other}</vulnerableSoftware>").fix.state.value == "unknown"


@pytest.mark.parametrize(
    ("identifiers", "name", "version", "kind"),
    [
        ("<package><id>pkg:maven/g/a@1</id></package>", "g:a", "1", "maven"),
        ("<package><id>pkg:javascript/j@1</id></package>", "j", "1", "npm"),
        ('<identifier type="maven"><name>(g:a:1)</name></identifier>', "g:a", "1", "maven"),
        ('<identifier type="cpe"><name>(cpe:/a:g:a:1)</name></identifier>', "a.jar", "", ""),
        ("", "a.jar", "", ""),
    ],
)
def test_component(identifiers: str, name: str, version: str, kind: str) -> None:
    component = observe("", identifiers=identifiers).component
    assert component is not None
    assert (component.name, component.version, component.type) == (name, version, kind)


def test_database_date_is_the_latest_that_can_be_compared() -> None:
    head = "".join(
        f"<dataSource><name>{name}</name><timestamp>{date}</timestamp></dataSource>"
        for name, date in (
            ("NVD CVE Checked", "2022-01-15T15:00:00"),
            ("NVD CVE Modified", "2022-01-14T14:00:00"),
            ("VersionCheckOn", "2022-01-16T00:00:00"),
        )
    )
    head = f"<scanInfo><engineVersion>6.5.3</engineVersion>{head}</scanInfo>"
    report = read("", head)
    assert (report.version, report.database_date) == ("6.5.3", "2022-01-14T14:00:00")
