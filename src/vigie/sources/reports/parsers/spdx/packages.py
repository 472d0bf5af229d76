"""SPDX 2.2 and 2.3: packages, and the advisories that they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.observations import Fix, Kind, Observation, Rule, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.packages import component_from_purl, image_from_purl, purl_type
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_ADVISORY = re.compile(
    r"(CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|(?:PYSEC|RUSTSEC|GO|DSA|DLA|USN|EUVD)-[\d-]+"
    r"|RH[SBE]A-\d{4}:\d+)",
    re.IGNORECASE,
)
NOTHING = frozenset({"", "NOASSERTION", "NONE"})


@dataclass(frozen=True, slots=True)
class _Advisory:
    """One external reference of a package to an advisory."""

    pointer: str
    package: Record
    reference: Record


def read_packages(root: Node) -> Report:
    """The report of a whole 2.x document."""
    tally = Tally()
    described: list[Record] = []
    main = _described(root)
    for node in root.items("packages"):
        value = node.value()
        record = Record(value if isinstance(value, dict) else {}, node.pointer)
        if record.text("SPDXID") in main:
            described.append(record)
        tally.read(node, _observe)
        tally.read_all(_advisories(record), _observe_advisory)
    info = Record({"": _value(root, "creationInfo")}).child("")
    tools = [t.partition(":")[2].strip() for t in info.texts("creators") if t.startswith("Tool:")]
    has_advisories = any(o.kind is Kind.VULNERABILITY for o in tally.observations)
    types = {o.component.type for o in tally.observations if o.component is not None}
    return Report(
        tool="spdx",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        version=", ".join(tools),
        ended=info.text("created"),
        asset=_asset(root.text("name"), described),
        ecosystems=frozenset(types - {""}) or None if has_advisories else None,
    )


def _value(root: Node, name: str) -> Any:
    node = root.get(name)
    return node.value() if node is not None else None


def _described(root: Node) -> frozenset[str]:
    """Ids of what the document is about: documentDescribes, or the relationships that say so."""
    names = set(Record({"": _value(root, "documentDescribes")}).texts(""))
    for node in root.items("relationships"):
        value = node.value()
        link = Record(value if isinstance(value, dict) else {})
        if link.text("relationshipType") == "DESCRIBES":
            names.add(link.text("relatedSpdxElement"))
        elif link.text("relationshipType") == "DESCRIBED_BY":
            names.add(link.text("spdxElementId"))
    return frozenset(names - {""})


def _observe(node: Node) -> Observation:
    record = node.record()
    return Observation(
        tool="spdx",
        kind=Kind.LICENCE,
        rule=Rule("component"),
        record=record.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        message=record.text("comment"),
        component=_component(record),
    )


def _component(record: Record) -> Component:
    locators = _locators(record)
    purl = next((text for kind, text in locators if kind == "purl"), "")
    named = component_from_purl(purl)
    said = [record.text("licenseConcluded"), record.text("licenseDeclared")]
    licences = tuple(dict.fromkeys(text for text in said if text.upper() not in NOTHING))
    name = record.need("name")
    version = record.text("versionInfo")
    if named is None:
        return Component(name, version, purl_type(purl), purl, licences=licences)
    return replace(named, version=version or named.version, licences=licences)


def _locators(record: Record) -> list[tuple[str, str]]:
    """(type, locator) of every external reference; the type is the last word of its URI."""
    return [
        (item.text("referenceType").rpartition("/")[2], item.text("referenceLocator"))
        for item in record.children("externalRefs")
    ]


def _advisories(record: Record) -> Iterator[_Advisory]:
    for reference in record.children("externalRefs"):
        if reference.text("referenceType").rpartition("/")[2] == "advisory":
            yield _Advisory(reference.pointer, record, reference)


def _observe_advisory(entry: _Advisory) -> Observation:
    locator = entry.reference.need("referenceLocator")
    named = _ADVISORY.search(locator)
    fixes = [text for kind, text in _locators(entry.package) if kind == "fix" and text]
    return Observation(
        tool="spdx",
        kind=Kind.VULNERABILITY,
        rule=Rule(
            # CVE ids are upper case everywhere; the digits of a GHSA id are lower case.
            id=_spelt(named.group(1)) if named else locator,
            references=(locator,) if "://" in locator else (),
        ),
        record=entry.pointer,
        # An address that names no advisory may be a page about anything: not decided.
        verdict=Verdict.FAIL if named else Verdict.UNKNOWN,
        message=entry.reference.text("comment"),
        component=_component(entry.package),
        fix=Fix(advice="\n".join(fixes)),
    )


def _spelt(identity: str) -> str:
    head, dash, rest = identity.partition("-")
    return head.upper() + dash + rest


def _asset(name: str, described: list[Record]) -> Asset | None:
    """What the document is about: one described image or package, else the document itself."""
    for record in described:
        purl = next((text for kind, text in _locators(record) if kind == "purl"), "")
        image = image_from_purl(purl)
        container = record.text("primaryPackagePurpose") == "CONTAINER" or image is not None
        if container and (title := record.text("name")):
            version = record.text("versionInfo")
            digests = set(image.digests) if image is not None else set()
            if version.startswith("sha256:"):
                digests.add(f"manifest:{version}")
            elif version and ":" not in title.rpartition("/")[2]:
                title = f"{title}:{version}"
            return Asset(AssetKind.IMAGE, title, frozenset(digests))
    return Asset(AssetKind.SBOM, name) if name else None
