"""The vulnerabilities of a CSAF document: one observation for each product in a status group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
)
from vigie.model.severity import Severity, severity_from_word
from vigie.sources.reports.packages import image_from_purl, purl_type
from vigie.sources.reports.parsers.csaf.products import Concerns, Product, ProductTree
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

# Section 3.2.3.9: the groups of product_status.
_GROUPS = {
    "first_affected": Stance.AFFECTED,
    "known_affected": Stance.AFFECTED,
    "last_affected": Stance.AFFECTED,
    "known_not_affected": Stance.NOT_AFFECTED,
    "first_fixed": Stance.FIXED,
    "fixed": Stance.FIXED,
    "recommended": Stance.FIXED,
    "under_investigation": Stance.UNDER_INVESTIGATION,
}

# Section 3.2.3.12.1: categories of remediations that say something about a fix.
_FIX_STATES = {
    "vendor_fix": FixState.FIXED,
    "optional_patch": FixState.FIXED,
    "no_fix_planned": FixState.WILL_NOT_FIX,
    "fix_planned": FixState.NOT_FIXED,
    "none_available": FixState.NOT_FIXED,
}

_DISTRIBUTIONS = frozenset({"apk", "deb", "rpm"})
_ADVISORY = re.compile(r"(CVE|GHSA|PYSEC|RUSTSEC|GO|OSV|EUVD)-[\w-]+\Z")


@dataclass(frozen=True, slots=True)
class Origin:
    """What the document says of itself. `severity` is the word for the document as a whole."""

    author: str
    timestamp: str
    advisory: str
    severity: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """One product in one status group; `product` is not always the string it should be."""

    pointer: str
    group: str
    product: object


class _Vulnerability:
    """What all statements about one vulnerability share, made once and not for each product."""

    def __init__(self, record: Record, tree: ProductTree, origin: Origin) -> None:
        self.rule = _rule(record, origin)
        self.tree = tree
        self.origin = origin
        self.flags = Concerns(tree, record.children("flags"))
        self.threats = Concerns(tree, record.children("threats"))
        self.remediations = Concerns(tree, record.children("remediations"))
        self.scores = Concerns(tree, record.children("scores"))
        self.metrics = Concerns(tree, record.children("metrics"))  # since 2.1

    def ratings(self, product: Product) -> Iterator[tuple[str, Record]]:
        """(version, CVSS object) of every rating of this product."""
        metrics = (metric.child("content") for metric in self.metrics.about(product))
        for holder in (*self.scores.about(product), *metrics):
            for name, version in (("cvss_v4", "4.0"), ("cvss_v3", "3.1"), ("cvss_v2", "2.0")):
                rating = holder.child(name)
                if rating:
                    yield rating.text("version") or version, rating


def read_statements(node: Node, tree: ProductTree, origin: Origin, tally: Tally) -> None:
    """Every statement of one vulnerability into the tally."""
    value = node.value()
    record = Record(value if isinstance(value, dict) else {}, node.pointer)
    shared: list[_Vulnerability] = []

    def observe(entry: _Entry) -> Observation:
        _check(entry)
        if not shared:
            shared.append(_Vulnerability(record, tree, origin))
        return _observe(entry, shared[0])

    tally.read_all(_entries(record), observe)


def _entries(vulnerability: Record) -> Iterator[_Entry]:
    status = vulnerability.child("product_status")
    found = False
    for group in status.data:
        products = status.at(group)
        for index, product in enumerate(products if isinstance(products, list) else ()):
            found = True
            where = f"{vulnerability.pointer}.product_status.{group}[{index}]"
            yield _Entry(where, group, product)
    if not found:
        yield _Entry(vulnerability.pointer, "", None)


def _check(entry: _Entry) -> None:
    if not isinstance(entry.product, str) or not entry.product:
        raise RecordError("names no product")
    if entry.group not in _GROUPS:
        raise RecordError(f"has the unknown status group {entry.group[:40]!r}")


def _observe(entry: _Entry, vulnerability: _Vulnerability) -> Observation:
    tree, rule = vulnerability.tree, vulnerability.rule
    product = tree.product(str(entry.product))
    threats = vulnerability.threats.about(product)
    ratings = list(vulnerability.ratings(product))
    word, statement = _impact(threats)
    said = word or _worst_word(ratings) or vulnerability.origin.severity
    source = vulnerability.origin.author or "csaf"
    return Observation(
        tool="csaf",
        kind=Kind.VULNERABILITY,
        rule=rule,
        record=entry.pointer,
        severity=severity_from_word(said),
        severity_said=said,
        scores=tuple(
            Score(source, version, rating.text("vectorString"), rating.number("baseScore"))
            for version, rating in ratings
        ),
        message=statement or rule.description,
        component=tree.component(product),
        fix=_fix(_GROUPS[entry.group], vulnerability, product),
        signals=_signals(threats),
        claim=_claim(_GROUPS[entry.group], vulnerability, product, statement),
        asset=image_from_purl(product.purl),
    )


def _claim(
    stance: Stance, vulnerability: _Vulnerability, product: Product, statement: str
) -> Claim:
    tree, origin = vulnerability.tree, vulnerability.origin
    flags = vulnerability.flags.about(product)
    whole, part = tree.whole(product), tree.part(product)
    products = product.names
    if whole is not None:
        # A distribution's package is built for one distribution: it is itself enough to know
        # it by, while a library may be used in one product and idle in another.
        alone = purl_type(part.purl) in _DISTRIBUTIONS
        products = (*whole.names, part.purl) if alone else whole.names
    return Claim(
        stance,
        justification=next((flag.text("label") for flag in flags if flag.text("label")), ""),
        statement=statement,
        author=origin.author,
        timestamp=next((f.text("date") for f in flags if f.text("date")), "") or origin.timestamp,
        products=products,
        subcomponents=part.names if whole is not None else (),
    )


def _rule(vulnerability: Record, origin: Origin) -> Rule:
    others = [item.text("text") for item in vulnerability.children("ids")]
    identity = vulnerability.text("cve") or next(filter(None, others), "")
    identity = identity or vulnerability.text("title")
    if not identity:
        raise RecordError("has neither a cve, an id nor a title")
    notes = list(vulnerability.children("notes"))
    described = next((n.text("text") for n in notes if n.text("category") == "description"), "")
    general = next((note.text("text") for note in notes if note.text("text")), "")
    weaknesses = [vulnerability.text("cwe", "id")]
    weaknesses += [item.text("id") for item in vulnerability.children("cwes")]  # since 2.1
    mentioned = [text for text in others if not _ADVISORY.match(text)]
    links = (link.text("url") for link in vulnerability.children("references"))
    return Rule(
        id=identity,
        aliases=_unlike(identity, (text for text in others if _ADVISORY.match(text))),
        title=vulnerability.text("title"),
        description=described or general,
        references=_unlike("", links),
        weaknesses=_unlike("", weaknesses),
        # One advisory names several vulnerabilities: it relates to each and is none of them.
        related=_unlike(identity, (*mentioned, origin.advisory)),
        published=vulnerability.first("release_date", "disclosure_date"),
    )


def _unlike(taken: str, items: Iterator[str] | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The items once each, without empty ones and the one that is taken."""
    return tuple(dict.fromkeys(item for item in items if item and item != taken))


def _impact(threats: list[Record]) -> tuple[str, str]:
    """(severity word, statement): vendors put either into the impact (section 3.2.3.14)."""
    details = [t.text("details") for t in threats if t.text("category") == "impact"]
    words = [text for text in details if severity_from_word(text) is not Severity.UNKNOWN]
    said = [text for text in details if text and text not in words]
    return (words[0] if words else ""), "; ".join(said)


def _worst_word(ratings: list[tuple[str, Record]]) -> str:
    words = [rating.text("baseSeverity") for _, rating in ratings]
    return max(words, key=lambda word: severity_from_word(word).rank, default="")


def _fix(stance: Stance, vulnerability: _Vulnerability, product: Product) -> Fix:
    concerned = vulnerability.remediations.about(product)
    advice = [" ".join(filter(None, (r.text("details"), r.text("url")))) for r in concerned]
    states = [s for r in concerned if (s := _FIX_STATES.get(r.text("category"))) is not None]
    words = "\n".join(filter(None, advice))
    if stance is Stance.FIXED:
        component = vulnerability.tree.component(product)
        version = component.version if component is not None else ""
        return Fix(FixState.FIXED, (version,) if version else (), words)
    return Fix(states[0] if states else FixState.UNKNOWN, (), words)


def _signals(threats: list[Record]) -> Signals:
    """Exploitation, where it is said in Microsoft's form "Exploited:Yes"; words stay words."""
    statuses = [
        threat.text("details").lower().replace(" ", "")
        for threat in threats
        if threat.text("category") == "exploit_status"
    ]
    return Signals(exploit="active" if any("exploited:yes" in s for s in statuses) else "")
