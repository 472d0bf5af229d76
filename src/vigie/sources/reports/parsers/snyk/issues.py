"""Snyk's issues: a vulnerability or a licence, once for each chain of packages that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from vigie.model.assets import Asset
from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES, package_type
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
)
from vigie.model.severity import severity_from_word
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node

# Snyk's exploit maturity, the words of CVSS v3's E metric and those of v4's.
_EXPLOIT = {
    "attacked": "active",
    "mature": "weaponised",
    "high": "weaponised",
    "functional": "weaponised",
    "proof of concept": "poc",
    "proof-of-concept": "poc",
    "unproven": "none",
    "unreported": "none",
    "no known exploit": "none",
    "no-known-exploit": "none",
}
_REACHABLE = {
    "reachable": True,
    "function": True,
    "package": True,
    "no_path_found": False,
    "no-path-found": False,
}


@dataclass(slots=True)
class Project:
    """One tested project, or one application inside an image."""

    asset: Asset | None
    path: str = ""
    type: str = ""
    image: bool = False


def observe_issue(project: Project, node: Node) -> Observation:
    record = node.record()
    licence = record.text("type") == "license" or record.text("id").startswith("snyk:lic:")
    word = record.first("severityWithCritical", "severity")
    return Observation(
        tool="snyk",
        kind=Kind.LICENCE if licence else Kind.VULNERABILITY,
        rule=_licence_rule(record) if licence else _rule(record),
        record=record.pointer,
        severity=severity_from_word(word),
        severity_said=word,
        severities=tuple(_severities(record)),
        scores=tuple(_scores(record)),
        message=record.text("title"),
        component=_component(record, project),
        locations=_locations(record, project),
        fix=Fix() if licence else _fix(record),
        signals=_signals(record),
        claim=_ignored(record),
    )


def observe_patched(project: Project, node: Node) -> Observation:
    """A vulnerability that a Snyk patch in the policy mends."""
    seen = observe_issue(project, node)
    claim = Claim(Stance.FIXED, statement="patched by the Snyk policy", author="snyk")
    return replace(seen, claim=claim)


def _rule(record: Record) -> Rule:
    identity = record.need("id")
    identifiers = record.child("identifiers")
    names = [n for kind in identifiers.data if kind not in ("CWE", "NSP")
             for n in identifiers.texts(kind)]  # fmt: skip
    names += record.texts("alternativeIds")
    return Rule(
        id=identity,
        aliases=tuple(name for name in dict.fromkeys(names) if name != identity),
        title=record.text("title"),
        description=record.text("description"),
        references=_references(record),
        weaknesses=identifiers.texts("CWE"),
        published=record.first("publicationTime", "disclosureTime"),
    )


def _licence_rule(record: Record) -> Rule:
    """The licence is the rule; Snyk's id holds the package too ("snyk:lic:npm:demo:MIT")."""
    identity = record.need("id")
    return Rule(
        id=record.text("license") or identity.rpartition(":")[2],
        title=record.text("title"),
        references=_references(record),
        related=(identity,),
    )


def _references(record: Record) -> tuple[str, ...]:
    links = [r.text("url") for r in record.children("references")]
    return tuple(dict.fromkeys(filter(None, links)))


def _severities(record: Record) -> Iterator[tuple[str, str]]:
    """Every assigner's word. `nvdSeverity` is the older way to say NVD's."""
    entries = (*record.children("cvssDetails"), *record.children("cvssSources"))
    told = {e.text("assigner"): e.text("severity") for e in entries if e.text("severity")}
    if record.text("nvdSeverity"):
        told.setdefault("NVD", record.text("nvdSeverity"))
    if record.text("originalSeverity"):
        told["Snyk (original)"] = record.text("originalSeverity")
    told.pop("", None)
    yield from told.items()


def _scores(record: Record) -> Iterator[Score]:
    seen: set[tuple[str, str]] = set()
    own = [("snyk", record.text("CVSSv3"), record.number("cvssScore"), ""),
           ("snyk", record.text("CVSSv4"), None, "4.0")]  # fmt: skip
    told = [
        (e.text("assigner"), e.text("cvssV3Vector"), e.number("cvssV3BaseScore"), "")
        for e in record.children("cvssDetails")
    ]
    told += [
        (e.text("assigner"), e.text("vector"), e.number("baseScore"), e.text("cvssVersion"))
        for e in record.children("cvssSources")
    ]
    for source, vector, value, version in (*told, *own):
        score = cvss_score(source, vector, value, version)
        if score is None or (source.lower(), vector) in seen:
            continue
        seen.add((source.lower(), vector))
        yield score


def _component(record: Record, project: Project) -> Component:
    family, _, release = record.text("packageManager").partition(":")
    kind = package_type(family) or project.type
    name = record.first("name", "packageName", "moduleName")
    source = ""
    if kind in SYSTEM_TYPES and "/" in name:
        source, _, name = name.partition("/")  # Snyk writes "source/binary"
    version = record.text("version")
    chain = record.texts("from")
    return Component(
        name=Record({"name": name}).need("name"),
        version=version,
        type=kind,
        source_name=source,
        source_version=version if source else "",
        distro=f"{family}-{release}" if release and kind in SYSTEM_TYPES else "",
        licences=record.texts("license"),
        direct=None if project.image or len(chain) < 2 else len(chain) == 2,
    )


def _locations(record: Record, project: Project) -> tuple[Location, ...]:
    """The manifest, and the chain of packages that brought the component in."""
    chain = " > ".join(record.texts("from")[1:])
    if not project.path and not chain:
        return ()
    return (Location(path=project.path, resource=chain, start_line=record.line("lineNumber")),)


def _fix(record: Record) -> Fix:
    nearest = record.text("nearestFixedInVersion")
    versions = (nearest,) if nearest else record.texts("fixedIn")
    known = isinstance(record.at("fixedIn"), list)
    state = FixState.FIXED if versions else FixState.NOT_FIXED if known else FixState.UNKNOWN
    return Fix(state, versions, _upgrade(record))


def _upgrade(record: Record) -> str:
    """ "demo@1.0 -> demo@1.2": the first package of the chain whose upgrade mends it."""
    path = record.at("upgradePath")
    chain = record.at("from")
    if not isinstance(path, list) or not isinstance(chain, list):
        return ""
    for old, new in zip_longest(chain, path):
        if isinstance(new, str) and new and new != old:
            return f"{old} -> {new}" if isinstance(old, str) else new
    return ""


def _signals(record: Record) -> Signals:
    epss = record.child("epssDetails")
    levels = [level.text("level") for level in record.children("exploitDetails", "maturityLevels")]
    words = [word.lower() for word in (record.text("exploit"), *levels)]
    exploit = next((_EXPLOIT[word] for word in words if word in _EXPLOIT), "")
    risk = record.number("riskScore")
    return Signals(
        epss=epss.number("probability"),
        epss_percentile=epss.number("percentile"),
        exploit=exploit,
        reachable=_REACHABLE.get(record.text("reachability").lower()),
        tool_risk=risk if risk is not None else record.number("priorityScore"),
    )


def _ignored(record: Record) -> Claim | None:
    """What the Snyk policy or the web interface ignores, with its reason."""
    entries = list(record.children("filtered", "ignored"))
    if not entries and record.flag("isIgnored") is not True:
        return None
    entry = entries[0] if entries else Record({})
    return Claim(
        Stance.SUPPRESSED,
        justification=entry.text("reasonType"),
        statement=entry.text("reason"),
        author=entry.text("ignoredBy", "name") or entry.text("source") or "snyk",
        timestamp=entry.text("created"),
    )
