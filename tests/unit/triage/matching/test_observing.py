"""A hit becomes the observation that OSV-Scanner's report would have given for the same record."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.triage.matching.advisories import DEBIAN, MemoryIndex, entry, package, span

from vigie.model.advisories import Advisory, Affected
from vigie.model.components import Component
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Verdict,
)
from vigie.model.severity import Severity
from vigie.sources.advisories.records import read_record
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.osv_scanner import PARSER
from vigie.sources.reports.reading import read_document
from vigie.triage.matching import match
from vigie.triage.matching.evaluation import Standing
from vigie.triage.matching.judging import Hit
from vigie.triage.matching.observing import Observer, rule_of

CVSS = Score("osv", "3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")


def observe(advisory: Advisory, *entries: Affected, **said: Any) -> Observation:
    hit = Hit(advisory.id, Standing.AFFECTED, "1", entries or (entry(),))
    return Observer({advisory.id: advisory}).observe(
        7, package("demo", "1", path="uv.lock"), replace(hit, **said), "pypi"
    )


def test_everything_that_the_advisory_says() -> None:
    advisory = Advisory(
        "GHSA-a", ("CVE-2024-1001",), ("CVE-2024-1009",), (), "Title", "Text", "HIGH", (CVSS,),
        ("CWE-79",), ("https://a.example",), "2024-01-01",
    )  # fmt: skip
    assert observe(advisory, fix=Fix(FixState.FIXED, ("2",))) == Observation(
        tool="embedded",
        kind=Kind.VULNERABILITY,
        rule=Rule("GHSA-a", ("CVE-2024-1001",), "Title", "Text", ("https://a.example",),
                  ("CWE-79",), ("CVE-2024-1009",), "2024-01-01"),
        record="matches[7]",
        severity=Severity.HIGH,
        severity_said="HIGH",
        scores=(CVSS,),
        message="Title",
        component=Component("demo", "1", "pypi"),
        locations=(Location("uv.lock"),),
        fix=Fix(FixState.FIXED, ("2",)),
    )  # fmt: skip


def test_a_missing_advisory_still_has_its_name() -> None:
    hit = Hit("GHSA-a", Standing.AFFECTED, "1", (entry(severity="low"),))
    seen = Observer({}).observe(0, Package(Component("demo")), hit, "pypi")
    assert (seen.rule, seen.severity, seen.locations) == (Rule("GHSA-a"), Severity.LOW, ())


@pytest.mark.parametrize(
    ("advisory", "aliases", "related"),
    [
        (Advisory("UBUNTU-CVE-2024-1001", upstream=("CVE-2024-1001",)), ("CVE-2024-1001",), ()),
        (Advisory("DEBIAN-CVE-2024-1001"), ("CVE-2024-1001",), ()),
        (Advisory("DSA-1-1", upstream=("CVE-2024-1001", "CVE-2024-1002"), related=("DSA-2-1",)),
         ("CVE-2024-1001", "CVE-2024-1002"), ("DSA-2-1",)),
        (Advisory("ALSA-2024:1", related=("CVE-2024-1001",)), ("CVE-2024-1001",), ()),
        (Advisory("openSUSE-SU-2024:1", related=("CVE-2024-1001",)), ("CVE-2024-1001",), ()),
        (Advisory("ALSA-2024:1", aliases=("X-1",), related=("CVE-2024-1001",)), ("X-1",),
         ("CVE-2024-1001",)),
        (Advisory("GHSA-a", related=("CVE-2024-1001",)), (), ("CVE-2024-1001",)),
        (Advisory("GHSA-a", aliases=("GHSA-a", "CVE-2024-1001", "CVE-2024-1001")),
         ("CVE-2024-1001",), ()),
        (Advisory("BIT-x-2024-1", aliases=("CVE-2024-1001",)), ("CVE-2024-1001",), ()),
    ],
)  # fmt: skip
def test_aliases(advisory: Advisory, aliases: tuple[str, ...], related: tuple[str, ...]) -> None:
    rule = rule_of(advisory)
    assert (rule.aliases, rule.related) == (aliases, related)


@pytest.mark.parametrize(
    ("own", "general", "severity", "said"),
    [
        ("unimportant", "", Severity.LOW, "unimportant"),
        ("low", "HIGH", Severity.LOW, "low"),
        ("end-of-life", "HIGH", Severity.HIGH, "HIGH"),
        ("", "MODERATE", Severity.MEDIUM, "MODERATE"),
        ("untriaged", "", Severity.UNKNOWN, "untriaged"),
        ("", "", Severity.UNKNOWN, ""),
    ],
)
def test_severity_of_the_package_before_that_of_the_advisory(
    own: str, general: str, severity: Severity, said: str
) -> None:
    seen = observe(Advisory("A-1", severity=general), entry(severity=own))
    assert (seen.severity, seen.severity_said) == (severity, said)


def test_scores_of_both_none_twice() -> None:
    other = Score("osv", "2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P")
    seen = observe(Advisory("A-1", scores=(CVSS,)), entry(scores=(CVSS, other)))
    assert seen.scores == (CVSS, other)


def test_a_fix_for_subscribers_is_advice_and_no_version() -> None:
    seen = observe(Advisory("A-1"), entitled=("1-1+esm1", "1-1+esm2"))
    assert seen.fix == Fix(
        FixState.NOT_FIXED, (), "Fixed for subscribers of Ubuntu Pro in 1-1+esm1, 1-1+esm2."
    )
    ended = observe(Advisory("A-1"), entitled=("2",), fix=Fix(FixState.END_OF_LIFE))
    assert ended.fix.state is FixState.END_OF_LIFE


def test_the_undecided_is_no_finding_and_says_why() -> None:
    unsure = entry(span("introduced 0", "fixed oh no"), span("introduced ?", "fixed oh no"))
    seen = observe(Advisory("A-1", title="Title"), unsure, standing=Standing.UNDECIDED)
    assert seen.verdict is Verdict.UNKNOWN
    assert seen.message == "A-1 names oh no, ?, which cannot be compared with 1."


RECORDS: list[dict[str, Any]] = [
    {"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2024-1001"], "related": ["CVE-2024-1007"],
     "summary": "S", "details": "D", "published": "2024-01-01T00:00:00Z",
     "database_specific": {"severity": "MODERATE", "cwe_ids": ["CWE-79"]},
     "severity": [{"type": "CVSS_V3", "score": CVSS.vector}],
     "references": [{"type": "WEB", "url": "https://a.example"}],
     "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"}, "ranges": [
         {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5"}]}]}]},
    {"id": "PYSEC-2024-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"},
     "ranges": [{"type": "GIT", "repo": "r", "events": [{"introduced": "0"}, {"fixed": "ab"}]}],
     "versions": ["1.2"]}]},
    {"id": "MAL-2024-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"},
     "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]},
    {"id": "GHSA-last-aaaa-aaaa", "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"last_affected": "3"}]}]}]},
    {"id": "GHSA-word-aaaa-aaaa", "affected": [{"package": {"ecosystem": "PyPI", "name": "demo"},
     "ecosystem_specific": {"severity": "Critical"},
     "severity": [{"type": "CVSS_V3", "score": CVSS.vector}],
     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]}]},
    {"id": "ALSA-2024:1", "related": ["CVE-2024-1005", "CVE-2024-1006"], "affected": [
     {"package": {"ecosystem": "PyPI", "name": "demo"}, "versions": ["1.2"]}]},
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record["id"]))
def test_the_same_as_the_parser_says(record: dict[str, Any]) -> None:
    index = MemoryIndex(read_record(json.dumps(record).encode()))
    (ours,) = match([package("demo", "1.2", path="uv.lock")], None, index).observations
    reported = {"results": [{"source": {"path": "uv.lock", "type": "lockfile"}, "packages": [
        {"package": {"name": "demo", "version": "1.2", "ecosystem": "PyPI"},
         "vulnerabilities": [record]}]}]}  # fmt: skip
    (report,) = read_document(PARSER, document_from_bytes(json.dumps(reported).encode()))
    (theirs,) = report.observations
    assert replace(theirs, tool=ours.tool, record=ours.record) == ours


def test_a_component_is_left_as_its_reader_wrote_it() -> None:
    index = MemoryIndex(read_record(json.dumps({"id": "A-1", "affected": [
        {"package": {"ecosystem": "Debian:12", "name": "openssl"}, "versions": ["3.0-1"]}]})
        .encode()))  # fmt: skip
    asked = package("libssl3", "3.0-1", "deb", source_name="openssl", distro="debian-12")
    for distribution in (DEBIAN, Distribution("debian", "11"), None):
        (seen,) = match([asked], distribution, index).observations
        assert seen.component is asked.component
