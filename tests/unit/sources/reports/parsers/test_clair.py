"""Clair: which advisory, which flaws, which package."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.observations import Fix, FixState, Observation
from vigie.model.plain import plain_writer
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes, open_document
from vigie.sources.reports.parsers.clair import PARSER
from vigie.sources.reports.reading import read_document


def observe(vulnerability: dict[str, Any], **members: Any) -> Observation:
    value = {
        "manifest_hash": "sha256:m",
        "packages": {"1": {"id": "1", "name": "p", "version": "1"}},
        "vulnerabilities": {"9": vulnerability},
        "package_vulnerabilities": {"1": ["9"]},
    } | members
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    assert not report.problems
    (seen,) = report.observations
    return seen


def test_erratum_gives_every_flaw_it_covers_as_an_alias() -> None:
    rule = observe(
        {"name": "RHSA-2025:1: demo update (Moderate)",
         "links": "https://e.example/RHSA-2025:1 https://e.example/CVE-2025-1111 "
                  "https://e.example/CVE-2025-2222"}
    ).rule  # fmt: skip
    assert (rule.id, rule.title) == ("RHSA-2025:1", "demo update (Moderate)")
    assert rule.aliases == ("CVE-2025-1111", "CVE-2025-2222")


def test_flaws_that_the_links_of_a_cve_mention_are_only_related() -> None:
    rule = observe(
        {"name": "CVE-2025-1111 on Demo 22.04 - low.",
         "links": "https://e.example/CVE-2025-1111 https://e.example/CVE-2025-2222"}
    ).rule  # fmt: skip
    assert (rule.id, rule.aliases, rule.related) == ("CVE-2025-1111", (), ("CVE-2025-2222",))


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("0:1.2-3", Fix(FixState.FIXED, ("0:1.2-3",))),
        ("fixed=2.1&introduced=1.0", Fix(FixState.FIXED, ("2.1",))),
        ("introduced=1.0&lastAffected=2.0", Fix(FixState.NOT_FIXED)),
        ("0", Fix(FixState.NOT_FIXED)),
        ("", Fix(FixState.NOT_FIXED)),
        (None, Fix(FixState.UNKNOWN)),
    ],
)
def test_fixed_version_in_every_updaters_spelling(said: str | None, fix: Fix) -> None:
    assert observe({"name": "CVE-2025-1111", "fixed_in_version": said}).fix == fix


def test_language_package_of_an_image_has_its_own_type() -> None:
    seen = observe(
        {"name": "CVE-2025-1111"},
        distributions={"5": {"did": "debian", "version_id": "12"}},
        repository={"2": {"name": "pypi"}},
        environments={"1": [{"distribution_id": "5", "repository_ids": ["2"]}]},
    )
    assert seen.component is not None
    assert (seen.component.type, seen.component.distro) == ("pypi", "")


def test_ratings_of_several_flaws_are_given_to_none() -> None:
    enrichments = {"x; enricher=clair.cvss": [{"9": [{"baseScore": 9.8, "version": "3.1"}]}]}
    one = observe({"name": "CVE-2025-1111"}, enrichments=enrichments)
    two = observe(
        {"name": "RHSA-1:1: x", "links": "/CVE-2025-1111 /CVE-2025-2222"}, enrichments=enrichments
    )
    assert [score.value for score in one.scores] == [9.8]
    assert two.scores == ()


@pytest.mark.corpus
def test_excerpt_of_the_corpus(corpus: Path) -> None:
    path = corpus / "reports/clair/ubi7_excerpt.json"
    value = json.loads(path.read_bytes())
    (report,) = read_document(PARSER, open_document(path))
    assert report.records == sum(map(len, value["package_vulnerabilities"].values())) == 49
    assert len(report.observations) == 49
    assert all(seen.component and seen.component.type == "rpm" for seen in report.observations)
    assert all(
        {n for n in (seen.rule.id, *seen.rule.aliases) if n.startswith("CVE-")}
        for seen in report.observations
    )


def report_with(facts: object) -> Report:
    value = {
        "manifest_hash": "sha256:m",
        "vulnerabilities": {},
        "package_vulnerabilities": {},
        "distributions": {"1": {"did": "alpine", "version": "3.10"}},
        "vigie": facts,
    }
    (report,) = read_document(PARSER, document_from_bytes(json.dumps(value).encode()))
    return report


def test_what_vigie_knows_of_the_image_comes_before_the_digest_that_clair_was_told() -> None:
    digests = frozenset({"config:sha256:c", "layers:sha256:l"})
    asset = Asset(AssetKind.IMAGE, "shop:1", digests, ("shop:1",))
    problem = Problem(ProblemCode.REPORT, T("a layer is missing, and all that it holds"), "x")
    report = report_with(
        {
            "asset": plain_writer(Asset)(asset),
            "database_date": "2026-01-02",
            "problems": [plain_writer(Problem)(problem)],
        }
    )
    assert report.asset == replace(asset, distro="alpine-3.10")
    assert report.database_date == "2026-01-02"
    assert report.problems == (problem,)


@pytest.mark.parametrize("facts", [None, {}])
def test_a_report_as_clair_wrote_it_is_about_its_manifest(facts: object) -> None:
    report = report_with(facts)
    assert report.asset == Asset(
        AssetKind.IMAGE, "sha256:m", frozenset({"manifest:sha256:m"}), distro="alpine-3.10"
    )
    assert (report.database_date, report.problems) == ("", ())


@pytest.mark.parametrize("facts", [{"asset": 5}, {"asset": {}}, {"problems": [{"code": "?"}]}])
def test_facts_that_are_none_are_refused(facts: object) -> None:
    with pytest.raises(UserError, match="vigie"):
        report_with(facts)
