"""The vulnerabilities of a bill of materials, and what somebody decided about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from vigie.model.components import Component
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
from vigie.model.severity import Severity, severity_from_score, severity_from_word
from vigie.sources.reports.packages import component_from_purl, parse_purl
from vigie.sources.reports.parsers.cyclonedx.bom import Bom, Entry
from vigie.sources.reports.records import Record, RecordError

_STANCES = {
    "resolved": Stance.FIXED,
    "resolved_with_pedigree": Stance.FIXED,
    "exploitable": Stance.AFFECTED,
    "in_triage": Stance.UNDER_INVESTIGATION,
    "not_affected": Stance.NOT_AFFECTED,
    "false_positive": Stance.SUPPRESSED,
}
_METHODS = {"CVSSv2": "2.0", "CVSSv3": "3.0", "CVSSv31": "3.1", "CVSSv4": "4.0"}
_FIXED = "vigie:fixed-version"  # our own documents say it without words
_CHECKOV = re.compile(r"CKV2?_[A-Z0-9]+_")
_VERSION = re.compile(r"v?\d[\w.+:~^-]*\Z")
_NAMED = re.compile(r"\s*upgrade (?!the\b|this\b|your\b|to\b)\S+ to\b", re.IGNORECASE)
_UPGRADE = re.compile(r"\bto versions?\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made the document, with what, and when."""

    producer: str
    author: str
    timestamp: str

    @classmethod
    def of(cls, bom: Bom) -> Origin:
        metadata = bom.metadata
        tools = [*metadata.children("tools"), *metadata.children("tools", "components")]
        named = (" ".join(filter(None, (t.text("name"), t.text("version")))) for t in tools)
        producer = ", ".join(dict.fromkeys(filter(None, named)))
        people = [person.text("name") for person in metadata.children("authors")]
        author = metadata.text("supplier", "name") or ", ".join(filter(None, people)) or producer
        return cls(producer, author, metadata.text("timestamp"))


@dataclass(frozen=True, slots=True)
class Affected:
    """One vulnerability in one thing that it affects; `target` is None when it names none."""

    pointer: str
    entry: Entry
    target: Any
    index: Mapping[str, Component]


def observe(affected: Affected, origin: Origin) -> Observation:
    """One record as an observation. Raises RecordError for what is no vulnerability."""
    record = affected.entry.record()
    if affected.target is not None and not isinstance(affected.target, dict):
        raise RecordError("affects something that is not an object")
    target = Record(affected.target or {})
    reference = target.text("ref")
    component = _resolve(reference, affected.index)
    ratings = list(record.children("ratings"))
    severity, said = _severity(record, ratings)
    rule = _rule(record)
    kind = _kind(rule.id)
    place = (Location(resource=reference),) if reference and component is None else ()
    if kind is not Kind.VULNERABILITY and component is not None:
        place, component = (_block(component),), None
    return Observation(
        tool="cyclonedx",
        kind=kind,
        rule=rule,
        record=affected.pointer,
        severity=severity,
        severity_said=said,
        severities=tuple(
            (rating.text("source", "name"), rating.text("severity"))
            for rating in ratings
            if rating.text("severity") and rating.text("source", "name")
        ),
        scores=tuple(_scores(record, ratings)),
        message=rule.description or record.text("detail"),
        component=component,
        # A reference to nothing in the document is still a word about where it is.
        locations=place,
        fix=_fix(record, component),
        signals=_signals(ratings),
        claim=_claim(record, target, component, origin),
    )


def _kind(identity: str) -> Kind:
    """Checkov writes its checks of configuration as vulnerabilities."""
    if identity.startswith("CKV_SECRET_"):
        return Kind.SECRET
    return Kind.MISCONFIGURATION if _CHECKOV.match(identity) else Kind.VULNERABILITY


def _block(component: Component) -> Location:
    """The file and block in Checkov's purl: pkg:terraform/OWNER/REPOSITORY/infra/main.tf/NAME."""
    purl = parse_purl(component.purl)
    parts = (purl.namespace or "").split("/") if purl is not None else []
    return Location(path="/".join(parts[2:]), resource=component.name)


def _resolve(reference: str, index: Mapping[str, Component]) -> Component | None:
    """The component a ref names: by itself, as a BOM-Link's fragment, or being a purl."""
    fragment = unquote(reference.rpartition("#")[2]) if reference.startswith("urn:cdx:") else ""
    for name in (reference, fragment):
        if name in index:
            return index[name]
    return component_from_purl(reference) or component_from_purl(fragment)


def _rule(record: Record) -> Rule:
    equals = [item.text("id") for item in record.children("references")]
    identity = record.text("id") or next(filter(None, equals), "")
    if not identity:
        raise RecordError("has no id")
    links = [record.text("source", "url")]
    links += [item.text("url") for item in record.children("advisories")]
    links += [item.text("source", "url") for item in record.children("references")]
    weaknesses = (re.sub(r"^(CWE-)?", "CWE-", text) for text in record.texts("cwes"))
    return Rule(
        id=identity,
        # The specification: references are pointers to equivalents of the vulnerability.
        aliases=tuple(dict.fromkeys(item for item in equals if item and item != identity)),
        title=record.text("title"),
        description=record.text("description"),
        references=tuple(dict.fromkeys(filter(None, links))),
        weaknesses=tuple(dict.fromkeys(weaknesses)),
        published=record.first("published", "created"),
    )


def _severity(record: Record, ratings: list[Record]) -> tuple[Severity, str]:
    """The word of the source that reports it, or the first one; else out of a v3 or v4 score."""
    own = record.text("source", "name")
    rated = [rating for rating in ratings if severity_from_word(rating.text("severity")).rank]
    rated.sort(key=lambda rating: rating.text("source", "name") != own)
    if rated:
        word = rated[0].text("severity")
        return severity_from_word(word), word
    scores = (s.value for s in _scores(record, ratings) if s.version[:1] in ("3", "4"))
    word = next((text for rating in ratings if (text := rating.text("severity"))), "")
    return severity_from_score(next((v for v in scores if v is not None), None)), word


def _scores(record: Record, ratings: list[Record]) -> Iterator[Score]:
    for rating in ratings:
        vector = rating.text("vector")
        stated = vector[5:8] if vector.startswith("CVSS:") else ""
        version = stated or _METHODS.get(rating.text("method"), "")
        value = rating.number("score")
        if not version or (not vector and value is None):
            continue
        if vector and not stated and version[:1] in ("3", "4"):
            vector = f"CVSS:{version}/{vector}"
        source = rating.text("source", "name") or record.text("source", "name")
        yield Score(source or "cyclonedx", version, vector, value)


def _signals(ratings: list[Record]) -> Signals:
    for rating in ratings:
        value = rating.number("score")
        if rating.text("source", "name").upper() == "EPSS" and value is not None:
            return Signals(epss=value if 0 <= value <= 1 else None)
    return Signals()


def _fix(record: Record, component: Component | None) -> Fix:
    said = [record.text("recommendation"), record.text("workaround")]
    advice = "\n".join(dict.fromkeys(filter(None, said)))
    stated = (p.text("value") for p in record.children("properties") if p.text("name") == _FIXED)
    versions = tuple(filter(None, stated))
    several = len(list(record.children("affects"))) > 1
    versions = versions or tuple(_upgrades(record.text("recommendation"), component, several))
    responses = record.texts("analysis", "response")
    if versions:
        return Fix(FixState.FIXED, versions, advice)
    if "update" not in responses and "will_not_fix" in responses:
        return Fix(FixState.WILL_NOT_FIX, advice=advice)
    if "update" not in responses and "can_not_fix" in responses:
        return Fix(FixState.NOT_FIXED, advice=advice)
    return Fix(advice=advice)


def _upgrades(advice: str, component: Component | None, several: bool) -> Iterator[str]:
    """Versions in 'Upgrade demo to version 1.2, 1.3.1', as Trivy and Snyk write."""
    sentences = [part for part in re.split(r";\s|\n", advice) if _UPGRADE.search(part)]
    named = several and any(_NAMED.match(part) for part in sentences)
    if len(sentences) > 1 or named:  # one for each package: only the one about this package counts
        name = component.name if component is not None else ""
        sentences = [part for part in sentences if name in part.split()]
    found: dict[str, None] = {}
    for sentence in sentences:
        match = _UPGRADE.search(sentence)
        for word in re.split(r",|\s", match.group(1) if match else ""):
            plain = word.rstrip(".")
            if _VERSION.match(plain):
                found[plain] = None
    yield from found


def _claim(
    record: Record, target: Record, component: Component | None, origin: Origin
) -> Claim | None:
    """What was analysed; else that this version is said to be unaffected, or the id rejected."""
    analysis = record.child("analysis")
    stance = _STANCES.get(analysis.text("state"))
    statement = analysis.text("detail")
    if stance is None and _unaffected(target, component):
        stance, statement = Stance.NOT_AFFECTED, statement or "unaffected version"
    if stance is None and record.text("rejected"):
        stance, statement = Stance.NOT_AFFECTED, statement or "rejected"
    if stance is None:
        return None
    false = "false_positive" if analysis.text("state") == "false_positive" else ""
    product = (component.purl if component is not None else "") or target.text("ref")
    return Claim(
        stance,
        justification=analysis.text("justification") or false,
        statement=statement,
        author=origin.author,
        timestamp=analysis.first("lastUpdated", "firstIssued") or origin.timestamp,
        products=(product,) if product else (),
    )


def _unaffected(target: Record, component: Component | None) -> bool:
    """Whether the very version of the component is listed as unaffected. Ranges say less."""
    version = component.version if component is not None else ""
    said = {
        entry.text("status") or "affected"  # its default
        for entry in target.children("versions")
        if entry.text("version") and entry.text("version") == version
    }
    return said == {"unaffected"}
