"""CycloneDX: JSON 1.2–1.7 and XML 1.0–1.7, inventory and vulnerabilities (VEX included).

Each component, nested ones too, is one record; so is each (vulnerability, affected ref), or
the vulnerability itself where it names nothing that it affects.
Source: CycloneDX specification (ECMA-424), and the XML extension for vulnerabilities 1.0
that stood in for them before 1.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vigie.model.components import Component
from vigie.model.observations import Kind, Observation
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.cyclonedx.bom import Bom, Entry, read_json
from vigie.sources.reports.parsers.cyclonedx.inventory import (
    component_of,
    direct_refs,
    observe_component,
    product,
)
from vigie.sources.reports.parsers.cyclonedx.markup import read_xml
from vigie.sources.reports.parsers.cyclonedx.vulnerabilities import Affected, Origin, observe
from vigie.sources.reports.records import Tally

_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_NO_ECOSYSTEM = frozenset({"", "oci", "docker", "generic"})
_NOT_SEEN = "vigie:not-looked-at"  # what Vigie writes of runs that fell short
_MOST_REASONS, _LONGEST_REASON = 20, 400


class CycloneDxParser:
    format = "cyclonedx"
    tool = "cyclonedx"
    label = "CycloneDX"
    coverage = Coverage(frozenset({Kind.VULNERABILITY, Kind.LICENCE}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.XML:
            return sketch.root == "bom" and sketch.namespace.startswith(_NAMESPACE)
        return "bomFormat" in sketch.keys and sketch.at("bomFormat") == "CycloneDX"

    def read(self, document: ReportDocument) -> Iterator[Report]:
        bom = read_xml(document) if document.sketch.form is Form.XML else read_json(document)
        tally = Tally()
        index = _read_inventory(bom, tally)
        origin = Origin.of(bom)
        tally.read_all(_affected(bom, index), lambda item: observe(item, origin))
        _note_what_was_not_seen(bom, tally)
        types = {part.type for part in index.values()} - _NO_ECOSYSTEM
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=origin.producer,
            ended=bom.metadata.text("timestamp"),
            asset=product(bom),
            ecosystems=frozenset(types) or None,
            coverage=_coverage(bom, tally.observations),
        )


def _coverage(bom: Bom, observations: list[Observation]) -> Coverage | None:
    """Without vulnerabilities it has not looked for any; with Checkov's it looked for more."""
    more = {o.kind for o in observations} - {Kind.VULNERABILITY, Kind.LICENCE}
    if not bom.assesses:
        return Coverage(frozenset({Kind.LICENCE}))
    return Coverage(PARSER.coverage.kinds | more) if more else None


def _note_what_was_not_seen(bom: Bom, tally: Tally) -> None:
    """A document of Vigie's own keeps saying what nobody looked at."""
    said = [
        p.text("value") for p in bom.metadata.children("properties") if p.text("name") == _NOT_SEEN
    ]
    for reason in said[:_MOST_REASONS]:
        short = " ".join(reason.split())[:_LONGEST_REASON]
        tally.note(ProblemCode.REPORT, T("the tool said: {reason}", reason=short))


def _read_inventory(bom: Bom, tally: Tally) -> dict[str, Component]:
    """Observe every component; what they are by the reference that others name them with."""
    index: dict[str, Component] = {}
    root = bom.metadata.child("component")
    if root.text("name"):
        index[root.text("bom-ref")] = component_of(root)
    direct = direct_refs(bom)

    def see(entry: Entry) -> Observation:
        record = entry.record()
        seen = observe_component(record)
        reference = record.text("bom-ref")
        part = component_of(record)
        if direct is not None and part.purl and reference in bom.dependencies:
            part = replace(part, direct=reference in direct)
        for name in (reference, part.purl):
            if name:
                index.setdefault(name, part)
        return replace(seen, component=part)

    tally.read_all(bom.components, see)
    index.pop("", None)
    return index


def _affected(bom: Bom, index: dict[str, Component]) -> Iterator[Affected]:
    for entry in bom.vulnerabilities:
        targets = entry.data.get("affects") if isinstance(entry.data, dict) else None
        if not isinstance(targets, list) or not targets:
            yield Affected(entry.pointer, entry, None, index)
            continue
        for number, target in enumerate(targets):
            yield Affected(f"{entry.pointer}.affects[{number}]", entry, target, index)


PARSER = CycloneDxParser()
