"""OpenVEX: documents of version 0.0.x and 0.2.0. Each (statement, product) is one record.

Source: openvex/spec, OPENVEX-SPEC.md (0.2.0) and its history for 0.0.x, where products and
subcomponents were plain strings and a vulnerability was its id alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vigie.model.components import Component
from vigie.model.observations import Claim, Fix, FixState, Kind, Observation, Rule, Stance
from vigie.model.runs import Coverage
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.packages import component_from_purl, image_from_purl
from vigie.sources.reports.records import Record, RecordError, Tally

_STANCES = {
    "affected": Stance.AFFECTED,
    "not_affected": Stance.NOT_AFFECTED,
    "fixed": Stance.FIXED,
    "under_investigation": Stance.UNDER_INVESTIGATION,
}
_IDENTIFIERS = ("purl", "cpe23", "cpe22")
_CWE = re.compile(r"\bCWE-\d+\b")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A statement and one of its products; `product` is None when it names none."""

    pointer: str
    statement: Any
    product: Any


class OpenVexParser:
    format = "openvex"
    tool = "openvex"
    label = "OpenVEX"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}))

    def recognises(self, sketch: Sketch) -> bool:
        if "statements" not in sketch.keys:
            return False
        context = sketch.at("@context")
        contexts = context if isinstance(context, list) else [context]
        return any(isinstance(item, str) and "openvex" in item for item in contexts)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        names = ("author", "timestamp", "last_updated", "tooling")
        origin = Record({name: root.text(name) for name in names})
        tally = Tally()
        for statement in root.need_items("statements"):
            tally.read_all(
                _pairs(statement.pointer, statement.value()), lambda pair: _observe(pair, origin)
            )
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=origin.text("tooling"),
            ended=origin.first("last_updated", "timestamp"),
        )


def _pairs(pointer: str, statement: Any) -> Iterator[_Pair]:
    products = statement.get("products") if isinstance(statement, dict) else None
    if not isinstance(products, list) or not products:
        yield _Pair(pointer, statement, products or None)
        return
    for index, product in enumerate(products):
        yield _Pair(f"{pointer}.products[{index}]", statement, product)


def _observe(pair: _Pair, origin: Record) -> Observation:
    if not isinstance(pair.statement, dict):
        raise RecordError("is not an object")
    statement = Record(pair.statement, pair.pointer)
    status = statement.need("status")
    if status not in _STANCES:
        raise RecordError(f"has the unknown status {status[:40]!r}")
    stance = _STANCES[status]
    products = _names(pair.product)
    if not products:
        raise RecordError("names no product")
    inner = pair.product.get("subcomponents") if isinstance(pair.product, dict) else None
    parts = inner if isinstance(inner, list) else statement.at("subcomponents")
    subcomponents = tuple(
        name for part in (parts if isinstance(parts, list) else ()) for name in _names(part)
    )
    rule = _rule(statement)
    component = _component(products, subcomponents)
    return Observation(
        tool="openvex",
        kind=Kind.VULNERABILITY,
        rule=rule,
        record=pair.pointer,
        message=statement.first("impact_statement", "action_statement", "status_notes")
        or rule.description,
        component=component,
        fix=_fix(stance, statement, component),
        claim=Claim(
            stance,
            justification=statement.text("justification"),
            statement=statement.first("impact_statement", "status_notes", "action_statement"),
            author=statement.text("supplier") or origin.text("author"),
            timestamp=statement.first("last_updated", "timestamp")
            or origin.first("last_updated", "timestamp"),
            products=products,
            subcomponents=subcomponents,
        ),
        asset=next((asset for name in products if (asset := image_from_purl(name))), None),
    )


def _rule(statement: Record) -> Rule:
    """The vulnerability: an object in 0.2.0, a plain id before."""
    plain = statement.text("vulnerability")
    entry = statement.child("vulnerability")
    identity = plain or entry.first("name", "@id")
    if not identity:
        raise RecordError("has no vulnerability")
    description = entry.text("description") or statement.text("vuln_description")
    aliases = tuple(alias for alias in entry.texts("aliases") if alias != identity)
    link = entry.text("@id")
    return Rule(
        id=identity,
        aliases=tuple(dict.fromkeys(aliases)),
        description=description,
        references=(link,) if link.startswith("http") else (),
        weaknesses=tuple(dict.fromkeys(_CWE.findall(description))),
    )


def _names(product: Any) -> tuple[str, ...]:
    """Every name of a product: its id, package URLs, CPEs and digests, without repeats."""
    if isinstance(product, str):
        return (product.strip(),) if product.strip() else ()
    if not isinstance(product, dict):
        return ()
    record = Record(product)
    identifiers = record.child("identifiers")
    hashes = record.child("hashes")
    names = (
        record.text("@id"),
        *(identifiers.text(name) for name in _IDENTIFIERS),
        *(f"{name}:{hashes.text(name)}" for name in sorted(hashes.data) if hashes.text(name)),
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _component(products: tuple[str, ...], subcomponents: tuple[str, ...]) -> Component | None:
    """The package it is about: the one subcomponent, or else the product itself."""
    parts = [part for name in subcomponents if (part := component_from_purl(name))]
    if parts:
        return parts[0] if len({part.purl for part in parts}) == 1 else None
    return next((part for name in products if (part := component_from_purl(name))), None)


def _fix(stance: Stance, statement: Record, component: Component | None) -> Fix:
    advice = statement.text("action_statement")
    if stance is Stance.FIXED:
        version = component.version if component is not None else ""
        return Fix(FixState.FIXED, (version,) if version else (), advice)
    return Fix(advice=advice) if advice else Fix()


PARSER = OpenVexParser()
