"""ZAP (Zed Attack Proxy) reports: traditional XML and JSON, with or without requests.

One alert is one record with a place for each instance. Evidence, requests and responses are
not kept: they hold cookies and data of the scanned application.

Source: the report templates of ZAP's add-on `reports` (traditional-xml, traditional-json and
their -plus forms); before 2.5 an alert item held one `uri` and no instances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Signals,
    Stance,
)
from vigie.model.runs import Coverage
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.markup import Element
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import cves, links, moment, origin, plain_text

_RISKS = {"0": "Informational", "1": "Low", "2": "Medium", "3": "High"}
_CONFIDENCES = {"1": "low", "2": "medium", "3": "high", "4": "high"}
_FALSE_POSITIVE = "0"

Alert = Element | Record


class ZapParser:
    format = "zap"
    tool = "zap"
    label = "ZAP"
    coverage = Coverage(frozenset({Kind.WEAKNESS}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.XML:
            return sketch.root == "OWASPZAPReport"
        return "site" in sketch.keys and bool({"@version", "@generated"} & sketch.keys)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        if document.sketch.form is Form.XML:
            if document.sketch.root != "OWASPZAPReport":
                raise RecordError("has no OWASPZAPReport")
            attributes = document.sketch.attributes or {}
            sites = _xml_sites(document)
            version, made = attributes.get("version", ""), attributes.get("generated", "")
        else:
            root = document.root
            if root.get("site") is None:
                raise RecordError("has no site")
            sites = _json_sites(root)
            version = root.text("@version")
            made = root.text("created") or root.text("@generated")
        made = moment(made) or (made if made[:4].isdigit() else "")
        found = False
        for name, tally in sites:
            found = True
            yield _report(tally, version, made, Asset(AssetKind.ENDPOINT, name) if name else None)
        if not found:
            yield _report(Tally(), version, made, None)


def _report(tally: Tally, version: str, made: str, asset: Asset | None) -> Report:
    return Report(
        tool="zap",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        version=version,
        ended=made,
        asset=asset,
    )


def _xml_sites(document: ReportDocument) -> Iterator[tuple[str, Tally]]:
    for site in document.elements("site"):
        tally = Tally()
        tally.read_all(site.children("alerts", "alertitem"), _observe_element)
        name = site.attribute("name")
        yield origin(name) or name or site.attribute("host"), tally


def _json_sites(root: Node) -> Iterator[tuple[str, Tally]]:
    site = root.get("site")
    # A report that was converted from XML holds a lone site without a list.
    sites = [site] if site is not None and site.first == b"{" else root.items("site")
    for site in sites:
        tally = Tally()
        tally.read_all(site.items("alerts"), _observe_node)
        name = site.text("@name")
        yield origin(name) or name or site.text("@host"), tally


def _observe_element(element: Element) -> Observation:
    return _observe(element, list(element.children("instances", "instance")))


def _observe_node(node: Node) -> Observation:
    record = node.record()
    return _observe(record, list(record.children("instances")))


def _observe(alert: Alert, instances: Sequence[Alert]) -> Observation:
    said = alert.text("riskdesc").partition(" (")[0] or _RISKS.get(alert.text("riskcode"), "")
    severity = severity_from_word(_RISKS.get(alert.text("riskcode"), said))
    confidence = alert.text("confidence")
    description = plain_text(alert.text("desc"))
    return Observation(
        tool="zap",
        kind=Kind.WEAKNESS,
        rule=_rule(alert, instances, description),
        record=alert.pointer,
        severity=severity,
        severity_said=said,
        message=description,
        locations=_locations(alert, instances),
        fix=Fix(advice=plain_text(alert.text("solution"))),
        signals=Signals(confidence=_CONFIDENCES.get(confidence, "")),
        claim=Claim(Stance.SUPPRESSED, statement="false positive", author="zap")
        if confidence == _FALSE_POSITIVE
        else None,
    )


def _rule(alert: Alert, instances: Sequence[Alert], description: str) -> Rule:
    plugin = alert.need("pluginid")
    cwe, wasc = _positive(alert.text("cweid")), _positive(alert.text("wascid"))
    other = [item.text("otherinfo") for item in (alert, *instances)]
    return Rule(
        # "10038-2" tells the kinds of alert of plugin 10038 apart; before 2.11 it was not said.
        id=alert.text("alertRef") or plugin,
        title=alert.text("name") or alert.text("alert"),
        description=description,
        references=links(alert.text("reference")),
        weaknesses=(f"CWE-{cwe}",) if cwe else (),
        # The plugin for old libraries only mentions their advisories.
        related=(*((f"WASC-{wasc}",) if wasc else ()), *cves(*other)),
    )


def _positive(number: str) -> str:
    """A positive number as it is written, "" for ZAP's "-1" and "0", which mean none."""
    return number if number.isdecimal() and int(number) > 0 else ""


def _locations(alert: Alert, instances: Sequence[Alert]) -> tuple[Location, ...]:
    """Every place once, in the order of their URLs: ZAP's own order changes with each scan."""
    # Before 2.5 the alert itself was its only instance.
    places = dict.fromkeys(filter(None, map(_location, instances or [alert])))
    return tuple(sorted(places, key=lambda place: (place.url, place.snippet)))


def _location(instance: Alert) -> Location | None:
    url = instance.text("uri")
    if not url:
        return None
    param, attack = instance.text("param"), instance.text("attack")
    words = (instance.text("method"), param and f"param: {param}", attack and f"attack: {attack}")
    return Location(url=url, snippet=" ".join(filter(None, words)))


PARSER = ZapParser()
