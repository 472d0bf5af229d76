"""Real reports on code and secrets: what is read is what an independent count of the JSON says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.plugs.report_samples import PARSERS
from vigie.model.observations import Observation
from vigie.ports.reports import Report
from vigie.sources.reports.document import open_document
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise

pytestmark = pytest.mark.corpus


def read(path: Path) -> list[Report]:
    document = open_document(path)
    return read_document(recognise(document, PARSERS.load_all()), document)


def observations(path: Path) -> list[Observation]:
    return [seen for report in read(path) for seen in report.observations]


def content(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8-sig"))


def words(seen: list[Observation]) -> Counter[str]:
    return Counter(observation.severity_said for observation in seen)


def test_bandit_counts_agree_with_its_own_metrics(corpus: Path) -> None:
    path = corpus / "reports/bandit/dd.json"
    totals = content(path)["metrics"]["_totals"]
    seen = words(observations(path))
    for word in ("HIGH", "MEDIUM", "LOW"):
        assert seen[word] == totals[f"SEVERITY.{word}"]
    assert all(o.locations[0].anchor for o in observations(path))


def test_sarif_counts_agree(corpus: Path) -> None:
    for path in sorted((corpus / "reports/sarif").iterdir()):
        results = [r for run in content(path)["runs"] for r in run["results"]]
        seen = observations(path)
        assert [o.rule.id for o in seen] == [r["ruleId"] for r in results], path
        suppressed = sum(bool(r.get("suppressions")) for r in results)
        assert sum(o.claim is not None for o in seen) == suppressed, path
        said = [r["level"] for r in results if "level" in r]
        assert words(seen) >= Counter(said), path


def test_semgrep_counts_agree(corpus: Path) -> None:
    for name in ("high-medium-low-severities.json", "many_findings.json"):
        path = corpus / "reports/semgrep" / name
        results = content(path)["results"]
        assert words(observations(path)) == Counter(r["extra"]["severity"] for r in results)
    path = corpus / "reports/semgrep/sca-deployments-vulns.json"
    cves = Counter(v["advisory"]["references"]["cveIds"][0] for v in content(path)["vulns"])
    assert Counter(o.rule.id for o in observations(path)) == cves


def test_sonarqube_counts_agree(corpus: Path) -> None:
    for path in sorted((corpus / "reports/sonarqube").iterdir()):
        issues = content(path)["issues"]
        assert words(observations(path)) == Counter(i["severity"] for i in issues)


def test_secrets_of_real_reports_are_in_no_observation(corpus: Path) -> None:
    leaks = content(corpus / "reports/gitleaks/gitleaks8_many.json")
    seen = observations(corpus / "reports/gitleaks/gitleaks8_many.json")
    assert len(seen) == len(leaks)
    assert not any(leak["Secret"] in repr(seen) for leak in leaks)
    lines = (corpus / "reports/trufflehog/v3_git.json").read_text().splitlines()
    found = observations(corpus / "reports/trufflehog/v3_git.json")
    assert len(found) == len(lines)
    assert not any(json.loads(line)["Raw"] in repr(found) for line in lines)
    assert "AKIA" not in repr(found)
    path = corpus / "reports/detect_secrets/many_findings.json"
    hashes = [hit["hashed_secret"] for hits in content(path)["results"].values() for hit in hits]
    assert [o.locations[0].anchor for o in observations(path)] == hashes


def test_gitlab_and_hadolint_counts_agree(corpus: Path) -> None:
    for folder in ("gitlab_container_scan", "gitlab_dast", "gitlab_sast"):
        for path in sorted((corpus / "reports" / folder).iterdir()):
            said = Counter(v["severity"] for v in content(path)["vulnerabilities"])
            assert words(observations(path)) == said
    path = corpus / "reports/hadolint/many_dockerfile.json"
    assert words(observations(path)) == Counter(hit["level"] for hit in content(path))
