"""The merge against a reference that knows nothing of Vigie.

What the findings must be is worked out here from the raw reports with plain dictionaries, and
compared with what the program answers on the command line. Nothing of Vigie is imported, so
a mistake in its model cannot repeat itself in the expectation.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CORPUS

pytestmark = pytest.mark.corpus

Pair = tuple[str, str]  # a flaw, and the package it is in
CVE = re.compile(r"CVE-\d{4}-\d{4,}")


def merged(folder: Path, *reports: Path, baseline: Path | None = None) -> dict[str, Any]:
    """What `vigie merge` makes of the reports."""
    out = folder / "result.json"
    more = ["--baseline", str(baseline)] if baseline is not None else []
    done = subprocess.run(
        [sys.executable, "-m", "vigie", "merge", *map(str, reports), "-q", *more,
         "--format", f"json={out}"],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def said(result: dict[str, Any]) -> set[Pair]:
    """Flaw and package of every finding; two findings with one name would be a split one."""
    pairs = [(f["rule"]["id"], f["component"]["name"].lower()) for f in result["findings"]]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def groups(result: dict[str, Any]) -> set[frozenset[Pair]]:
    """Every finding as the set of (flaw, installed package) that it holds."""
    return {
        frozenset((f["rule"]["id"], i["name"].lower()) for i in f["instances"])
        for f in result["findings"]
    }


def fingerprints(result: dict[str, Any]) -> set[str]:
    return {f["fingerprint"] for f in result["findings"]}


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def grouped(pairs: Iterable[tuple[str, str, str]]) -> set[frozenset[Pair]]:
    """(flaw, package, what it is built from) as findings: one for each flaw and source."""
    found: dict[Pair, set[Pair]] = defaultdict(set)
    for flaw, package, source in pairs:
        found[flaw, source].add((flaw, package))
    return {frozenset(group) for group in found.values()}


class Image:
    """Trivy and Grype on one Debian image, read by hand.

    Only Grype says what a binary package was built from; where it lists no upstream, the
    source package is called like the binary.
    """

    def __init__(self, corpus: Path) -> None:
        folder = corpus / "pairs" / "debian12-python"
        self.trivy, self.grype = folder / "trivy-results.json", folder / "grype-results.json"
        self.sources: dict[str, str] = {}
        self.by_grype: list[tuple[str, str, str]] = []
        self.by_trivy: list[tuple[str, str, str]] = []
        self.versions: dict[str, str] = {}
        self._read_grype()
        self._read_trivy()

    def _read_grype(self) -> None:
        for match in load(self.grype)["matches"]:
            package, flaw = match["artifact"], match["vulnerability"]
            name = package["name"].lower()
            upstreams = package["upstreams"]
            source = upstreams[0]["name"] if upstreams else name
            if package["type"] == "deb":
                self.sources[name] = source
            related = [r["id"] for r in match["relatedVulnerabilities"]]
            cves = {i for i in (flaw["id"], *related) if i.startswith("CVE-")}
            for identity in cves or {flaw["id"]}:
                self.by_grype.append((identity, name, source))

    def _read_trivy(self) -> None:
        for part in load(self.trivy)["Results"]:
            for flaw in part.get("Vulnerabilities") or ():
                name = flaw["PkgName"].lower()
                self.versions[name] = flaw["InstalledVersion"].rpartition(":")[2]
                source = self.sources[name] if part["Class"] == "os-pkgs" else name
                self.by_trivy.append((flaw["VulnerabilityID"], name, source))


@pytest.fixture(scope="module")
def image() -> Image:
    return Image(CORPUS)


def test_both_tools_together_in_either_order(image: Image, tmp_path: Path) -> None:
    expected = grouped([*image.by_trivy, *image.by_grype])
    forth = merged(tmp_path, image.trivy, image.grype)
    back = merged(tmp_path, image.grype, image.trivy)
    assert groups(forth) == groups(back) == expected
    assert fingerprints(forth) == fingerprints(back)
    assert said(forth) == {(flaw, source) for flaw, _, source in image.by_trivy + image.by_grype}
    assert len(forth["assets"]) == 1


def test_who_said_what(image: Image, tmp_path: Path) -> None:
    result = merged(tmp_path, image.trivy, image.grype)
    told = {"trivy": {(f, s) for f, _, s in image.by_trivy},
            "grype": {(f, s) for f, _, s in image.by_grype}}  # fmt: skip
    for tool, pairs in told.items():
        shown = {
            (f["rule"]["id"], f["component"]["name"].lower())
            for f in result["findings"]
            if tool in f["sources"]
        }
        assert shown == pairs


def test_each_tool_alone_gives_what_it_says_and_is_known_again(
    image: Image, tmp_path: Path
) -> None:
    assert groups(merged(tmp_path, image.grype)) == grouped(image.by_grype)
    # Alone, Trivy does not say what a package is built from; flaw and version tell as much.
    by_version = [(flaw, name, image.versions[name]) for flaw, name, _ in image.by_trivy]
    alone = merged(tmp_path, image.trivy)
    assert groups(alone) == grouped(by_version) == grouped(image.by_trivy)
    kept = tmp_path / "alone.json"
    kept.write_text(json.dumps(alone), encoding="utf-8")
    both = merged(tmp_path, image.trivy, image.grype, baseline=kept)
    told = {(flaw, source) for flaw, _, source in image.by_trivy}
    new = {(f["rule"]["id"], f["component"]["name"].lower()) for f in both["findings"] if f["new"]}
    assert new == said(both) - told


def test_read_again_ten_times(image: Image, tmp_path: Path) -> None:
    once = merged(tmp_path, image.trivy, image.grype)
    copies = [
        Path(shutil.copy(report, tmp_path / f"{number}-{report.name}"))
        for number in range(10)
        for report in (image.trivy, image.grype)
    ]
    often = merged(tmp_path, *copies)
    assert groups(often) == groups(once)
    assert fingerprints(often) == fingerprints(once)
    assert [f["instances"] for f in often["findings"]] == [f["instances"] for f in once["findings"]]
    kept = tmp_path / "once.json"
    kept.write_text(json.dumps(once), encoding="utf-8")
    again = merged(tmp_path, *copies, baseline=kept)
    assert not any(f["new"] for f in again["findings"])


def test_clair_splits_an_advisory_into_its_flaws(corpus: Path, tmp_path: Path) -> None:
    report = corpus / "reports" / "clair" / "ubi7_excerpt.json"
    raw = load(report)
    expected = set()
    for package, flaws in raw["package_vulnerabilities"].items():
        owner = raw["packages"][package]
        for number in flaws:
            flaw = raw["vulnerabilities"][number]
            head = flaw["name"].split()[0].rstrip(":")
            cves = {head} if head.startswith("CVE-") else set(CVE.findall(flaw["links"]))
            expected |= {(cve, owner["source"]["name"]) for cve in cves or {head}}
    assert said(merged(tmp_path, report)) == expected
    assert len(expected) > len(raw["vulnerabilities"])


def components(pairs: Iterable[tuple[Iterable[str], str]]) -> set[Pair]:
    """(names of one flaw, package) as findings, joined over shared names inside a package."""
    sets: dict[str, list[set[str]]] = defaultdict(list)
    for names, package in pairs:
        mine = set(names)
        for other in [s for s in sets[package] if s & mine]:
            sets[package].remove(other)
            mine |= other
        sets[package].append(mine)
    found: set[Pair] = set()
    for package, flaws in sets.items():
        for names in flaws:
            cves = {n for n in names if n.startswith("CVE-")}
            found |= {(cve, package) for cve in cves} if cves else {(_best(names), package)}
    return found


def _best(names: set[str]) -> str:
    families = ("GHSA-", "PYSEC-", "GO-", "RUSTSEC-", "OSV-", "MAL-", "SNYK-")
    return min(names, key=lambda n: ([*map(n.startswith, families), True].index(True), n))


def osv(raw: Any) -> Iterable[tuple[Iterable[str], str]]:
    for source in raw["results"]:
        for package in source["packages"]:
            for flaw in package["vulnerabilities"]:
                yield (flaw["id"], *flaw.get("aliases", ())), package["package"]["name"].lower()


def pip_audit(raw: Any) -> Iterable[tuple[Iterable[str], str]]:
    for package in raw["dependencies"]:
        for flaw in package.get("vulns", ()):
            yield (flaw["id"], *flaw.get("aliases", ())), package["name"].lower()


def npm_audit(raw: Any) -> Iterable[tuple[Iterable[str], str]]:
    for package in raw["vulnerabilities"].values():
        for via in package["via"]:
            if isinstance(via, dict):
                identity = via["url"].rpartition("/")[2]
                yield (identity,), via["name"].lower()


def snyk(raw: Any) -> Iterable[tuple[Iterable[str], str]]:
    for project in raw if isinstance(raw, list) else [raw]:
        for part in (project, *project.get("applications", ())):
            for flaw in part["vulnerabilities"]:
                names = [n for kind in ("CVE", "GHSA") for n in flaw["identifiers"].get(kind, ())]
                names += flaw.get("alternativeIds", ())
                yield (flaw["id"], *names), flaw["packageName"].lower()


@pytest.mark.parametrize(
    ("report", "read"),
    [
        ("osv_scanner/some_findings.json", osv),
        ("pip_audit/many_vulns_new.json", pip_audit),
        ("npm_audit_7_plus/many_vulns.json", npm_audit),
        ("snyk/all-projects_many_vulns.json", snyk),
        ("snyk/single_project_one_vuln.json", snyk),
        ("snyk/snykcontainer_issue_epss.json", snyk),
    ],
)
def test_dependencies(report: str, read: Any, corpus: Path, tmp_path: Path) -> None:
    path = corpus / "reports" / report
    expected = components(read(load(path)))
    result = merged(tmp_path, path)
    assert expected
    assert said(result) == expected
    copies = [Path(shutil.copy(path, tmp_path / f"{number}.json")) for number in range(10)]
    assert fingerprints(merged(tmp_path, *copies)) == fingerprints(result)
