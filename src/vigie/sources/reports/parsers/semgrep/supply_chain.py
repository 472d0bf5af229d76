"""Supply-chain findings of the Semgrep AppSec Platform: {"vulns": [...], "hasMore", "cursor"}."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import Fix, FixState, Kind, Location, Observation, Rule, Signals
from vigie.model.runs import ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.sources.reports.manifests import manifest_system
from vigie.sources.reports.parsers.semgrep.local import is_direct, semgrep_severity
from vigie.sources.reports.parsers.semgrep.platform import platform_claim
from vigie.sources.reports.places import clean_path, cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_GHSA = re.compile(r"GHSA(?:-[0-9a-z]{4}){3}", re.IGNORECASE)
_REACHABLE = {"REACHABLE": True, "UNREACHABLE": False}
_NO_REASON = frozenset({"", "UNKNOWN_REASON"})


def read_vulns(root: Node) -> Report:
    """One page of vulnerable dependencies over all repositories of a deployment."""
    tally = Tally()
    tally.read_all(root.need_items("vulns"), _observe)
    more = root.get("hasMore")
    if more is not None and more.value() is True:
        tally.note(
            ProblemCode.REPORT,
            T("the report is one page: Semgrep has more findings than it holds"),
            hint=T("Export every page and join their lists in one file."),
        )
    return Report(
        tool="semgrep",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
    )


def _observe(node: Node) -> Observation:
    vuln = node.record()
    advisory = vuln.child("advisory")
    severity = advisory.text("severity")
    repository = vuln.text("repositoryName")
    triage = vuln.child("triage")
    reason = triage.text("dismissReason")
    return Observation(
        tool="semgrep",
        kind=Kind.VULNERABILITY,
        rule=_rule(vuln, advisory),
        record=vuln.pointer,
        severity=semgrep_severity(severity),
        severity_said=severity,
        message=advisory.text("description"),
        component=_component(vuln),
        locations=tuple(_locations(vuln)),
        fix=_fix(vuln),
        signals=Signals(reachable=_REACHABLE.get(vuln.text("exposureType"))),
        claim=platform_claim((triage.text("status"),), "" if reason in _NO_REASON else reason),
        asset=Asset(AssetKind.REPOSITORY, repository) if repository else None,
    )


def _rule(vuln: Record, advisory: Record) -> Rule:
    references = advisory.child("references")
    cves = references.texts("cveIds")
    urls = references.texts("urls")
    own = advisory.text("ruleId")
    ghsas = tuple(dict.fromkeys(m[0] for url in urls for m in [_GHSA.search(url)] if m))
    if len(cves) > 1:  # one advisory over several flaws: the merge makes a finding of each
        names = (*tuple(filter(None, (own, *ghsas)))[:1], *cves)
        related = ghsas
    else:
        names = tuple(filter(None, (*cves, *(ghsas if len(ghsas) == 1 else ()), own)))
        related = ghsas if len(ghsas) > 1 else ()
    if not names:
        raise RecordError("names no advisory")
    return Rule(
        id=names[0],
        aliases=names[1:],
        title=vuln.text("title") or advisory.text("title"),
        description=advisory.text("description"),
        references=urls,
        weaknesses=cwe_ids(*references.texts("cweIds")),
        related=tuple(name for name in related if name != names[0]),
        published=advisory.text("announcedAt"),
    )


def _component(vuln: Record) -> Component:
    found = vuln.child("matchedDependency")
    name = found.need("name")
    # The advisory's ecosystem is its first one: grpc is a gem there, and grpcio's is PyPI's.
    kind = manifest_system(vuln.text("dependencyFileLocation", "path"))
    listed = [d.text("name") for d in vuln.children("advisory", "vulnerableDependencies")]
    if not kind and name in listed:
        kind = package_type(vuln.text("advisory", "ecosystem"))
    return Component(
        name=name,
        version=found.text("versionSpecifier"),
        type=kind,
        direct=is_direct(vuln.text("transitivity")),
    )


def _locations(vuln: Record) -> Iterator[Location]:
    """The dependency's place in the lock file, then each use of it that can be reached."""
    for place in (vuln.child("dependencyFileLocation"),
                  *(use.child("location") for use in vuln.children("usages"))):  # fmt: skip
        if place.text("path"):
            yield Location(
                path=clean_path(place.text("path")),
                start_line=place.line("startLine"),
                end_line=place.line("endLine"),
                start_column=place.line("startCol"),
                url=place.text("url"),
            )


def _fix(vuln: Record) -> Fix:
    safe = vuln.text("closestSafeDependency", "versionSpecifier")
    return Fix(FixState.FIXED, (safe,)) if safe else Fix()
