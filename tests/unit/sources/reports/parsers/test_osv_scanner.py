"""OSV-Scanner: aliases, fixes and packages out of OSV records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import FixState, Kind, Observation
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.osv_scanner import PARSER
from vigie.sources.reports.reading import read_document


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def observe(vulnerability: dict[str, Any], ecosystem: str = "Go", **members: Any) -> Observation:
    package = {"package": {"name": "p", "version": "1", "ecosystem": ecosystem},
               "vulnerabilities": [{"id": "GO-1"} | vulnerability]} | members  # fmt: skip
    source = {"path": "/go.mod", "type": "lockfile"}
    report = read({"results": [{"source": source, "packages": [package]}]})
    assert not report.problems
    (seen,) = report.observations
    return seen


def affected(*events: dict[str, str], name: str = "p", kind: str = "SEMVER") -> dict[str, Any]:
    package = {"name": name, "ecosystem": "Go"}
    return {"package": package, "ranges": [{"type": kind, "events": list(events)}]}


def test_ids_of_the_group_are_names_of_the_same_flaw() -> None:
    groups = [{"ids": ["GHSA-x", "GO-1"], "aliases": ["CVE-1"]}, {"ids": ["GO-2"]}]
    assert observe({"aliases": ["CVE-0"]}, groups=groups).rule.aliases == (
        "CVE-0", "GHSA-x", "CVE-1"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("identity", "aliases", "related"),
    [("DSA-5001-1", ("CVE-9",), ()), ("USN-1-1", ("CVE-9",), ()), ("GHSA-x", (), ("CVE-9",))],
)
def test_related_flaws_are_those_an_erratum_is_about(
    identity: str, aliases: tuple[str, ...], related: tuple[str, ...]
) -> None:
    rule = observe({"id": identity, "related": ["CVE-9"]}).rule
    assert (rule.aliases, rule.related) == (aliases, related)


@pytest.mark.parametrize(
    ("entries", "state", "versions"),
    [
        ([affected({"introduced": "0"}, {"fixed": "2"}, {"introduced": "3"}, {"fixed": "3.1"})],
         FixState.FIXED, ("2", "3.1")),
        ([affected({"introduced": "0"})], FixState.NOT_FIXED, ()),
        ([affected({"introduced": "0"}, {"last_affected": "1"})], FixState.UNKNOWN, ()),
        ([affected({"fixed": "abc"}, kind="GIT")], FixState.UNKNOWN, ()),
        ([affected({"fixed": "2"}, name="other")], FixState.UNKNOWN, ()),
        ([], FixState.UNKNOWN, ()),
    ],
)  # fmt: skip
def test_fix(entries: list[Any], state: FixState, versions: tuple[str, ...]) -> None:
    fix = observe({"affected": entries}).fix
    assert (fix.state, fix.versions) == (state, versions)


@pytest.mark.parametrize(
    ("ecosystem", "kind", "distro"),
    [
        ("Alpine:v3.18", "apk", "alpine-3.18"),
        ("Ubuntu:22.04:LTS", "deb", "ubuntu-22.04"),
        ("Debian:12", "deb", "debian-12"),
        ("Rocky Linux:9", "rpm", "rocky-linux-9"),
        ("crates.io", "cargo", ""),
        ("RubyGems", "gem", ""),
        ("Packagist", "composer", ""),
        ("GIT", "", ""),
    ],
)
def test_ecosystems(ecosystem: str, kind: str, distro: str) -> None:
    component = observe({}, ecosystem).component
    assert component is not None
    assert (component.type, component.distro) == (kind, distro)


@pytest.mark.parametrize("name", ["experimental_analysis", "experimentalAnalysis"])
@pytest.mark.parametrize("called", [True, False])
def test_call_analysis_tells_reach(name: str, called: bool) -> None:
    group = {"ids": ["GO-1"], name: {"GO-1": {"called": called}}}
    assert observe({}, groups=[group]).signals.reachable is called
    assert observe({}, groups=[{"ids": ["GO-1"]}]).signals.reachable is None


def test_severity_is_the_advisorys_word_else_the_groups_figure() -> None:
    groups = [{"ids": ["GO-1"], "max_severity": "9.8"}]
    told = observe({"database_specific": {"severity": "MODERATE"}}, groups=groups)
    assert (told.severity.value, told.severity_said) == ("medium", "MODERATE")
    rated = observe({}, groups=groups)
    assert (rated.severity.value, rated.severity_said) == ("critical", "9.8")
    assert observe({}, groups=[{"ids": ["GO-1"], "max_severity": ""}]).severity.value == "unknown"


def test_licence_violation_is_a_record() -> None:
    package = {"package": {"name": "p", "ecosystem": "npm"}, "license_violations": ["GPL-3.0"]}
    source = {"path": "/a", "type": "lockfile"}
    report = read({"results": [{"source": source, "packages": [package]}]})
    (seen,) = report.observations
    assert (seen.kind, seen.rule.id, report.records) == (Kind.LICENCE, "GPL-3.0", 1)


def test_nothing_found_is_a_report() -> None:
    assert read({"results": [], "experimental_config": {}}).records == 0


@pytest.mark.parametrize(
    "value", [{"results": []}, {"results": [{"check_id": "x", "path": "a"}]}, {"results": {}}]
)
def test_results_of_other_tools_are_not_claimed(value: Any) -> None:
    assert not PARSER.recognises(document_from_bytes(json.dumps(value).encode()).sketch)
