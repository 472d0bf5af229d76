"""SPDX 3.0 as JSON-LD: packages, their licences, and vulnerability assessments (VEX)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Observation,
    Rule,
    Score,
    Stance,
    Verdict,
)
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report
from vigie.sources.reports.packages import component_from_purl, purl_type
from vigie.sources.reports.parsers.spdx.packages import NOTHING
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_PACKAGES = frozenset(
    {"software_Package", "software_File", "ai_AIPackage", "dataset_DatasetPackage"}
)
_STANCES = {
    "security_VexAffectedVulnAssessmentRelationship": Stance.AFFECTED,
    "security_VexFixedVulnAssessmentRelationship": Stance.FIXED,
    "security_VexNotAffectedVulnAssessmentRelationship": Stance.NOT_AFFECTED,
    "security_VexUnderInvestigationVulnAssessmentRelationship": Stance.UNDER_INVESTIGATION,
}
_CVSS = {
    "security_CvssV2VulnAssessmentRelationship": "2.0",
    "security_CvssV3VulnAssessmentRelationship": "3.1",
    "security_CvssV4VulnAssessmentRelationship": "4.0",
}
_LICENCES = frozenset({"hasConcludedLicense", "hasDeclaredLicense"})


@dataclass(slots=True)
class _Graph:
    """The elements that matter, by their ids."""

    elements: dict[str, Record] = field(default_factory=dict)
    licences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    scores: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    components: dict[str, Component] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Assessed:
    """One assessment of one package; `package` is "" when it names none."""

    pointer: str
    assessment: Record
    package: str


def read_graph(root: Node) -> Report:
    """The report of a whole 3.0 document. Raises RecordError when @graph is no list."""
    records = [_as_record(node) for node in root.need_items("@graph")]
    graph = _gather(records)
    tally = Tally()
    for record in records:
        if record.text("type") in _PACKAGES - {"software_File"}:
            tally.read(record, lambda item: _observe(item, graph))
    assessments = [record for record in records if record.text("type") in _STANCES]
    for record in assessments:
        tally.read_all(_assessed(record), lambda item: _observe_assessment(item, graph))
    info = next((r for r in records if r.text("type") == "CreationInfo"), Record({}))
    name = next((r.text("name") for r in records if r.text("type") == "SpdxDocument"), "")
    return Report(
        tool="spdx",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        version=", ".join(filter(None, (_name(graph, t) for t in info.texts("createdUsing")))),
        ended=info.text("created"),
        asset=Asset(AssetKind.SBOM, name) if name else None,
    )


def _as_record(node: Node) -> Record:
    value = node.value()
    return Record(value if isinstance(value, dict) else {}, node.pointer)


def _gather(records: list[Record]) -> _Graph:
    graph = _Graph()
    for record in records:
        graph.elements[record.first("spdxId", "@id")] = record
    for record in records:
        kind = record.text("type")
        if record.text("relationshipType") in _LICENCES:
            said = [_licence(graph, target) for target in record.texts("to")]
            graph.licences[record.text("from")] += [t for t in said if t.upper() not in NOTHING]
        elif kind in _CVSS:
            graph.scores[record.text("from")].append(record)
    return graph


def _licence(graph: _Graph, identity: str) -> str:
    element = graph.elements.get(identity, Record({}))
    expression = element.first("simplelicensing_licenseExpression", "name")
    return expression or identity.rpartition("/")[2]


def _name(graph: _Graph, identity: str) -> str:
    return graph.elements.get(identity, Record({})).text("name")


def _observe(record: Record, graph: _Graph) -> Observation:
    return Observation(
        tool="spdx",
        kind=Kind.LICENCE,
        rule=Rule("component"),
        record=record.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        component=_component(record, graph),
    )


def _component(record: Record, graph: _Graph) -> Component:
    external = [
        item.text("identifier")
        for item in record.children("externalIdentifier")
        if item.text("externalIdentifierType") == "packageUrl"
    ]
    purl = record.text("software_packageUrl") or next(filter(None, external), "")
    licences = tuple(dict.fromkeys(graph.licences.get(record.first("spdxId", "@id"), ())))
    named = component_from_purl(purl)
    version = record.text("software_packageVersion")
    if named is not None:
        return replace(named, version=version or named.version, licences=licences)
    return Component(record.need("name"), version, purl_type(purl), purl, licences=licences)


def _assessed(record: Record) -> Iterator[_Assessed]:
    packages = record.texts("to") or record.texts("security_assessedElement")
    if not packages:
        yield _Assessed(record.pointer, record, "")
    for index, package in enumerate(packages):
        yield _Assessed(f"{record.pointer}.to[{index}]", record, package)


def _observe_assessment(entry: _Assessed, graph: _Graph) -> Observation:
    assessment = entry.assessment
    package = graph.elements.get(entry.package)
    if not entry.package:
        raise RecordError("assesses no package")
    component = _component(package, graph) if package is not None else None
    vulnerability = graph.elements.get(assessment.text("from"), Record({}))
    scores = list(_scores(graph, assessment.text("from")))
    word = max(
        (r.text("security_severity") for r in graph.scores.get(assessment.text("from"), ())),
        key=lambda said: severity_from_word(said).rank,
        default="",
    )
    stance = _STANCES[assessment.text("type")]
    advice = assessment.text("security_actionStatement")
    rule = _rule(vulnerability, assessment.text("from"))
    return Observation(
        tool="spdx",
        kind=Kind.VULNERABILITY,
        rule=rule,
        record=entry.pointer,
        severity=severity_from_word(word),
        severity_said=word,
        scores=tuple(scores),
        message=rule.description,
        component=component,
        fix=Fix(FixState.FIXED if stance is Stance.FIXED else FixState.UNKNOWN, advice=advice),
        claim=Claim(
            stance,
            justification=assessment.text("security_justificationType"),
            statement=assessment.first("security_impactStatement", "security_statusNotes"),
            author=_name(graph, assessment.text("suppliedBy")),
            timestamp=assessment.text("security_publishedTime"),
            products=((component.purl if component is not None else "") or entry.package,),
        ),
    )


def _rule(vulnerability: Record, identity: str) -> Rule:
    identifiers = list(vulnerability.children("externalIdentifier"))
    named = [item.text("identifier") for item in identifiers if item.text("identifier")]
    name = (named[0] if named else "") or vulnerability.text("name") or identity
    if not name:
        raise RecordError("names no vulnerability")
    links = [link for item in identifiers for link in item.texts("identifierLocator")]
    return Rule(
        id=name,
        aliases=tuple(dict.fromkeys(item for item in named if item != name)),
        title=vulnerability.text("summary"),
        description=vulnerability.text("description"),
        references=tuple(dict.fromkeys(links)),
        published=vulnerability.text("security_publishedTime"),
    )


def _scores(graph: _Graph, vulnerability: str) -> Iterator[Score]:
    for record in graph.scores.get(vulnerability, ()):
        vector = record.text("security_vectorString")
        stated = vector[5:8] if vector.startswith("CVSS:") else ""
        source = _name(graph, record.text("suppliedBy")) or "spdx"
        version = stated or _CVSS[record.text("type")]
        yield Score(source, version, vector, record.number("security_score"))
