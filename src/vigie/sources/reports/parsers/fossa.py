"""FOSSA: issues of `fossa test --format json` and dependencies of `fossa report attribution`.

The attribution report is an inventory with licences and says nothing is wrong.

Source: fossas/fossa-cli `src/Fossa/API/Types.hs` (Issues) and
`src/App/Fossa/Report/Attribution.hs`; issues of FOSSA's API version 2 hold a `source` object.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_LICENCE_TYPES = frozenset(
    {"policy_conflict", "policy_flag", "unlicensed_dependency", "unlicensed_and_public"}
)

# FOSSA's own headings for its types of issue.
_TITLES = {
    "policy_conflict": "Denied by policy",
    "policy_flag": "Flagged by policy",
    "unlicensed_dependency": "Unlicensed dependency",
    "unlicensed_and_public": "Unlicensed and public dependency",
    "outdated_dependency": "Outdated dependency",
    "blacklisted_dependency": "Denylisted dependency",
    "risk_abandonware": "Abandoned dependency",
    "risk_empty_package": "Empty package",
    "risk_native_code": "Native code dependency",
}

# Fetchers in locators ("mvn+org.demo:core$1.0") whose name no other tool uses.
_FETCHERS = {"mvn": "maven", "comp": "composer", "rpm-generic": "rpm"}


class FossaParser:
    format = "fossa"
    tool = "fossa"
    label = "FOSSA"
    coverage = Coverage(
        frozenset({Kind.VULNERABILITY, Kind.LICENCE, Kind.WEAKNESS}),
        frozenset({"apk", "cargo", "cocoapods", "composer", "deb", "gem", "golang", "hackage",
                   "hex", "maven", "npm", "nuget", "pub", "pypi", "rpm", "swift"}),
    )  # fmt: skip

    def recognises(self, sketch: Sketch) -> bool:
        if "project" in sketch.keys and "licenses" in sketch.keys:
            return bool({"directDependencies", "deepDependencies"} & sketch.keys)
        if "issues" not in sketch.keys:
            return False
        if {"count", "status"} <= sketch.keys:
            return True
        first = sketch.at("issues", 0)
        return isinstance(first, dict) and (
            "revisionId" in first or {"source", "depths", "type"} <= first.keys()
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        names = set(root.members())
        tally = Tally()
        if "issues" in names:
            tally.read_all(root.items("issues"), _observe_issue)
            project = root.text("summary", "revision", "projectTitle")
        elif names & {"directDependencies", "deepDependencies"}:
            for member, direct in (("directDependencies", True), ("deepDependencies", False)):
                tally.read_all(root.items(member), partial(_observe_dependency, direct=direct))
            project = root.text("project", "name")
        else:
            raise RecordError("has neither issues nor dependencies")
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            asset=Asset(AssetKind.REPOSITORY, project) if project else None,
        )


def _observe_issue(node: Node) -> Observation:
    issue = node.record()
    kind_of_issue = issue.need("type")
    component = _component(issue)
    kind = _kind(kind_of_issue)
    severity = issue.first("severity", "priorityString")
    resolved = issue.flag("resolved")
    return Observation(
        tool="fossa",
        kind=kind,
        rule=_flaw(issue) if kind is Kind.VULNERABILITY else _policy(issue, kind_of_issue),
        record=issue.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=tuple(_scores(issue)),
        message=issue.text("details"),
        component=component,
        # A weakness is known by its place, and its place is the package whatever its version.
        locations=(Location(resource=_locator(issue).partition("$")[0]),)
        if kind is Kind.WEAKNESS
        else (),
        fix=_fix(issue),
        signals=Signals(
            epss=issue.number("epss", "score"),
            epss_percentile=issue.number("epss", "percentile"),
        ),
        claim=Claim(Stance.SUPPRESSED, statement="resolved in FOSSA", author="fossa")
        if resolved
        else None,
    )


def _kind(kind_of_issue: str) -> Kind:
    if kind_of_issue == "vulnerability":
        return Kind.VULNERABILITY
    return Kind.LICENCE if kind_of_issue in _LICENCE_TYPES else Kind.WEAKNESS


def _flaw(issue: Record) -> Rule:
    url = issue.first("issueDashURL", "url")
    identity = issue.text("cve") or issue.text("vulnId").partition("_")[0]
    return Rule(
        # Without a CVE the number of the issue is all that is said.
        id=identity or f"FOSSA-{issue.need('id')}",
        title=issue.text("title"),
        description=issue.text("details"),
        references=tuple(dict.fromkeys(filter(None, (url, *issue.texts("references"))))),
        weaknesses=cwe_ids(*issue.texts("cwes")),
        published=issue.text("published"),
    )


def _policy(issue: Record, kind_of_issue: str) -> Rule:
    licence = issue.text("license") or issue.text("rule", "licenseId")
    url = issue.first("issueDashURL", "url")
    title = _TITLES.get(kind_of_issue, kind_of_issue)
    return Rule(
        # Two licences of one package that the policy denies are two issues.
        id=f"{kind_of_issue}:{licence}" if licence else kind_of_issue,
        title=f"{title}: {licence}" if licence else title,
        references=(url,) if url else (),
    )


def _locator(issue: Record) -> str:
    """ "npm+lodash$4.17.4"; "" when the issue is about no package."""
    locator = issue.text("revisionId") or issue.text("source", "id")
    return "" if locator == "unknown project" else locator


def _component(issue: Record) -> Component | None:
    fetcher, plus, rest = _locator(issue).partition("+")
    if not plus:
        return None
    name, _, version = rest.partition("$")
    # Distribution packages: "deb+curl#debian#11$7.74.0".
    name, *system = name.split("#")
    source = issue.child("source")
    licence = issue.text("license")
    depths = issue.child("depths")
    return Component(
        name=source.text("name") or name,
        version=source.text("version") or version,
        type=_FETCHERS.get(fetcher, package_type(fetcher)),
        distro="-".join(system[:2]),
        licences=(licence,) if licence else (),
        direct=bool(depths.number("direct")) if depths else None,
    )


def _scores(issue: Record) -> Iterator[Score]:
    score = cvss_score("fossa", issue.text("cvssVector"), issue.number("cvss"))
    if score is not None:
        yield score


def _fix(issue: Record) -> Fix:
    remediation = issue.child("remediation")
    said = (issue.text("fixedIn"), remediation.text("completeFix"), remediation.text("partialFix"))
    versions = tuple(dict.fromkeys(filter(None, said)))
    return Fix(FixState.FIXED, versions) if versions else Fix()


def _observe_dependency(node: Node, direct: bool) -> Observation:
    dependency = node.record()
    licences = (*dependency.children("licenses"), *dependency.children("otherLicenses"))
    return Observation(
        tool="fossa",
        kind=Kind.LICENCE,
        rule=Rule("component"),
        record=dependency.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        component=Component(
            name=dependency.first("package", "title") or dependency.need("package"),
            version=dependency.text("version"),
            type=_FETCHERS.get(dependency.text("source"), package_type(dependency.text("source"))),
            licences=tuple(dict.fromkeys(filter(None, (item.text("name") for item in licences)))),
            direct=direct,
        ),
    )


PARSER = FossaParser()
