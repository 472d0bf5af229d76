"""Clair v4's vulnerability report: packages and vulnerabilities by id, and who has which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qs

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Score,
    Signals,
)
from vigie.model.severity import Severity, severity_from_word
from vigie.ports.reports import Report
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.parsers.clair.advisories import advisory_rule
from vigie.sources.reports.parsers.clair.facts import read_facts
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

# Severity as claircore's numbers, written by versions before 4.1.
_LEVELS = ("Unknown", "Negligible", "Low", "Medium", "High", "Critical")


@dataclass(frozen=True, slots=True)
class _Tables:
    """The report's members that others refer to by id."""

    packages: dict[str, Node]
    vulnerabilities: dict[str, Node]
    environments: dict[str, Node]
    distributions: dict[str, Record]
    repositories: dict[str, Record]
    ratings: dict[str, list[Record]]
    probabilities: dict[str, list[Record]]
    exploited: dict[str, list[Record]]


def read_v4(root: Node) -> Report:
    """One report about one manifest. A record is one vulnerability of one package."""
    tables = _tables(root)
    tally = Tally()
    referred: set[str] = set()
    pairs = root.get("package_vulnerabilities")
    for package, identities in (pairs.fields() if pairs is not None else {}).items():
        for item in identities.items():
            referred.add(str(item.value()))
            tally.read(item, partial(_observe, tables, package))
    for identity, node in tables.vulnerabilities.items():
        if identity not in referred:
            tally.records += 1
            tally.lose(node.pointer, "belongs to no package of the report")
    facts = read_facts(root)
    return Report(
        tool="clair",
        records=tally.records,
        observations=tally.told(),
        problems=(*tally.problems, *facts.problems),
        database_date=facts.database_date,
        asset=replace(facts.asset or _asset(root), distro=_image_distro(tables)),
        ecosystems=_ecosystems(tables),
    )


def _asset(root: Node) -> Asset:
    manifest = root.text("manifest_hash")
    digests = frozenset({f"manifest:{manifest}"} if manifest else ())
    return Asset(AssetKind.IMAGE, manifest, digests)


def _tables(root: Node) -> _Tables:
    return _Tables(
        packages=_members(root, "packages"),
        vulnerabilities=_members(root, "vulnerabilities"),
        environments=_members(root, "environments"),
        distributions=_records(root, "distributions"),
        repositories=_records(root, "repository") or _records(root, "repositories"),
        ratings=_enrichments(root, "clair.cvss"),
        probabilities=_enrichments(root, "clair.epss"),
        exploited=_enrichments(root, "clair.kev"),
    )


def _members(root: Node, name: str) -> dict[str, Node]:
    node = root.get(name)
    return node.fields() if node is not None else {}


def _records(root: Node, name: str) -> dict[str, Record]:
    return {key: n.record() for key, n in _members(root, name).items() if n.first == b"{"}


def _enrichments(root: Node, enricher: str) -> dict[str, list[Record]]:
    """Data that an enricher added, by vulnerability id."""
    found: dict[str, list[Record]] = {}
    for kind, entries in _members(root, "enrichments").items():
        if enricher not in kind:
            continue
        for entry in entries.items():
            for identity, items in entry.fields().items():
                found.setdefault(identity, []).extend(
                    item.record() for item in items.items() if item.first == b"{"
                )
    return found


def _observe(tables: _Tables, package: str, item: Node) -> Observation:
    identity = str(item.value())
    node = tables.vulnerabilities.get(identity)
    if node is None:
        raise RecordError(f"names vulnerability {identity}, which the report does not hold")
    owner = tables.packages.get(package)
    vulnerability = node.record()
    rule = advisory_rule(vulnerability)
    said = vulnerability.text("severity")
    word = vulnerability.text("normalized_severity")
    level = vulnerability.integer("normalized_severity")
    if level is not None and 0 <= level < len(_LEVELS):
        word = _LEVELS[level]
    severity = severity_from_word(word)
    if severity is Severity.UNKNOWN:
        severity = severity_from_word(said)
    environments = _environments(tables, package)
    # An advisory about several flaws has the ratings of all: whose is which is not said.
    single = sum(name.startswith("CVE-") for name in (rule.id, *rule.aliases)) <= 1
    return Observation(
        tool="clair",
        kind=Kind.VULNERABILITY,
        rule=rule,
        record=item.pointer,
        severity=severity,
        severity_said=word,
        severities=((vulnerability.text("updater") or "vendor", said),)
        if said and not said.startswith("CVSS:")
        else (),
        scores=tuple(_scores(vulnerability, tables.ratings.get(identity, []))) if single else (),
        message=rule.title,
        component=_component(
            owner.record() if owner is not None else vulnerability.child("package"),
            vulnerability, environments, tables,
        ),
        locations=_locations(environments),
        fix=_fix(vulnerability),
        signals=_signals(tables, identity) if single else Signals(),
    )  # fmt: skip


def _environments(tables: _Tables, package: str) -> list[Record]:
    node = tables.environments.get(package)
    if node is None:
        return []
    return [item.record() for item in node.items() if item.first == b"{"]


def _scores(vulnerability: Record, ratings: list[Record]) -> Iterator[Score]:
    said = vulnerability.text("severity")
    if said.startswith("CVSS:"):
        yield Score(vulnerability.text("updater"), said[5:].partition("/")[0], said)
    for rating in ratings:
        score = cvss_score(
            "nvd", rating.text("vectorString"), rating.number("baseScore"), rating.text("version")
        )
        if score is not None:
            yield score


def _component(
    package: Record, vulnerability: Record, environments: list[Record], tables: _Tables
) -> Component:
    distribution = _distribution(vulnerability, environments, tables)
    kind = _type(vulnerability, environments, tables, distribution)
    source = package.child("source")
    version = package.text("version")
    return Component(
        name=package.need("name"),
        version=version,
        type=kind,
        source_name=source.text("name"),
        source_version=source.text("version"),
        distro=_distro(distribution) if kind in ("deb", "rpm", "apk") else "",
    )


def _distribution(vulnerability: Record, environments: list[Record], tables: _Tables) -> Record:
    for environment in environments:
        found = tables.distributions.get(environment.text("distribution_id"))
        if found is not None:
            return found
    return vulnerability.child("distribution")


def _type(
    vulnerability: Record, environments: list[Record], tables: _Tables, distribution: Record
) -> str:
    """The purl type: of a language's repository, else of the distribution."""
    names = [
        tables.repositories[identity].text("name")
        for environment in environments
        for identity in environment.texts("repository_ids")
        if identity in tables.repositories
    ]
    names.append(vulnerability.text("repository", "name"))
    for name in names:
        if name and not name.startswith("cpe:") and package_type(name):
            return package_type(name)
    return package_type(distribution.text("did")) or package_type(distribution.text("name"))


def _distro(distribution: Record) -> str:
    version = distribution.first("version_id", "version")
    return "-".join(filter(None, (distribution.text("did"), version)))


def _image_distro(tables: _Tables) -> str:
    distros = {_distro(entry) for entry in tables.distributions.values()} - {""}
    return distros.pop() if len(distros) == 1 else ""


def _ecosystems(tables: _Tables) -> frozenset[str] | None:
    names = [entry.text("did") for entry in tables.distributions.values()]
    names += [entry.text("name") for entry in tables.repositories.values()]
    return frozenset(filter(None, map(package_type, names))) or None


def _locations(environments: list[Record]) -> tuple[Location, ...]:
    places = (
        Location(path=env.text("package_db"), layer=env.text("introduced_in"))
        for env in environments
    )
    return tuple(dict.fromkeys(place for place in places if place.path or place.layer))


def _fix(vulnerability: Record) -> Fix:
    """Red Hat writes "0" for none; the OSV updater writes "fixed=2.0&introduced=1.0"."""
    said = vulnerability.text("fixed_in_version")
    if "=" in said:
        said = next(iter(parse_qs(said).get("fixed", [])), "")
    if said and said != "0":
        return Fix(FixState.FIXED, (said,))
    known = vulnerability.at("fixed_in_version") is not None
    return Fix(FixState.NOT_FIXED if known else FixState.UNKNOWN)


def _signals(tables: _Tables, identity: str) -> Signals:
    epss = next(iter(tables.probabilities.get(identity, [])), Record({}))
    known = tables.exploited.get(identity, [])
    return Signals(
        epss=epss.number("epss"),
        epss_percentile=epss.number("percentile"),
        kev=True if known else None,
        exploit="active" if known else "",
        ransomware=True
        if any(k.text("known_ransomware_campaign_use").lower() == "known" for k in known)
        else None,
    )
