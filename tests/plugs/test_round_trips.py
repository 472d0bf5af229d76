"""What we write, our own parsers read again without losing a finding."""

from __future__ import annotations

import json

import pytest

from tests.plugs.sample_result import english, french, many, rich
from tests.plugs.test_outlets import all_set_aside, write
from vigie.model.assets import AssetKind
from vigie.model.findings import Finding, Status
from vigie.model.observations import FixState, Kind, Observation, Stance, Verdict
from vigie.model.results import Result
from vigie.model.severity import Severity
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise
from vigie.wiring.plugs import REPORTS, Plugs

PARSERS = Plugs(REPORTS)
results = pytest.mark.parametrize("result", [rich(), all_set_aside(), many(50)],
                                  ids=["rich", "set aside", "many"])  # fmt: skip


def read_back(name: str, result: Result) -> list[Observation]:
    found: list[Observation] = []
    for data in write(name, result, english()).values():
        document = document_from_bytes(data)
        parser = recognise(document, PARSERS.load_all())
        for report in read_document(parser, document):
            assert not [problem for problem in report.problems if problem.record]
            found += report.observations
    return found


def vulnerabilities(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.kind is Kind.VULNERABILITY]


def images(result: Result) -> frozenset[str]:
    return frozenset(t.id for t in result.assets if t.asset.kind is AssetKind.IMAGE)


@results
def test_sarif(result: Result) -> None:
    seen = read_back("sarif", result)
    assert sorted(o.rule.id for o in seen) == sorted(f.rule.id for f in result.findings)
    known = {f.rule.id: f for f in result.findings}
    for observation in seen:
        finding = known[observation.rule.id]
        assert (observation.claim is None) is finding.status.counts
        if finding.severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW):
            assert observation.severity is finding.severity


@results
def test_openvex(result: Result) -> None:
    seen = read_back("openvex", result)
    own = vulnerabilities(result)
    assert sorted(o.rule.id for o in seen) == sorted(f.rule.id for f in own)
    stances = {o.rule.id: o.claim.stance for o in seen if o.claim is not None}
    for finding in own:
        expected = {
            Status.NOT_AFFECTED: Stance.NOT_AFFECTED,
            Status.FIXED: Stance.FIXED,
            Status.UNDER_INVESTIGATION: Stance.UNDER_INVESTIGATION,
        }.get(finding.status)
        if expected is not None:
            assert stances[finding.rule.id] is expected
        elif finding.status is Status.OPEN:
            assert stances[finding.rule.id] is Stance.AFFECTED


@results
def test_cyclonedx(result: Result) -> None:
    seen = read_back("cyclonedx", result)
    own = vulnerabilities(result)
    flaws = [o for o in seen if o.verdict is Verdict.FAIL]
    assert len({o.record.partition(".")[0] for o in flaws}) == len(own)
    known = {f.rule.id: f for f in own}
    for observation in flaws:
        finding = known[observation.rule.id]
        assert observation.severity is finding.severity
        assert observation.component is not None
        assert finding.component is not None
        assert observation.component.purl == finding.component.purl
        if finding.fix.state is FixState.FIXED:
            assert observation.fix.versions == finding.fix.versions
        assert observation.claim is None or finding.status is not Status.OPEN


def test_cyclonedx_in_french_keeps_the_fixed_versions() -> None:
    data = write("cyclonedx", rich(), french())[""]
    document = document_from_bytes(data)
    (report,) = read_document(PARSERS["cyclonedx"], document)
    fixes = {o.rule.id: o.fix.versions for o in report.observations if o.fix.versions}
    assert fixes == {"CVE-2021-44228": ("2.17.1", "2.12.4"), "GHSA-9wx4-h78v-vm56": ("2.32.0",)}


@results
@pytest.mark.parametrize("name", ["gitlab-container", "gitlab-dependency"])
def test_gitlab_packages(name: str, result: Result) -> None:
    inside = name == "gitlab-container"
    own = [f for f in vulnerabilities(result) if (f.asset in images(result)) is inside]
    data = json.loads(write(name, result, english())[""])
    assert len(data["vulnerabilities"]) == len(own)
    if own:
        seen = read_back(name, result)
        assert len(seen) == len(own)
        components = {f.component.name for f in own if f.component is not None}
        assert {o.component.name for o in seen if o.component is not None} == components
        severities = sorted(f.severity.value for f in own)
        assert sorted(o.severity.value for o in seen) == severities


def test_gitlab_sast() -> None:
    seen = read_back("gitlab-sast", rich())
    places = {(o.rule.id, o.locations[0].path, o.locations[0].start_line) for o in seen}
    assert places == {("B602", "src/app é.py", 12), ("DL3008", "Dockerfile", 2)}


@results
def test_ocsf_has_one_event_for_each_finding(result: Result) -> None:
    events = json.loads(write("ocsf", result, english())[""])
    assert [e["finding_info"]["uid"] for e in events] == [f.fingerprint for f in result.findings]
