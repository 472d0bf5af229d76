"""The rules of a run: finding a result's own, and what it says of its level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import unescape

from vigie.model.severity import Severity, severity_from_word
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record

_NONE = Record({})
_CWE_NAMES = ("cwe", "cwes", "CWE", "cweIds", "cwe_id", "cweId")
_CONFIDENCES = {"very-high": "high", "high": "high", "medium": "medium", "low": "low"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a rule's descriptor says, worked out once for all of its results."""

    record: Record
    title: str
    description: str
    references: tuple[str, ...]
    weaknesses: tuple[str, ...]
    tags: frozenset[str]
    level: str
    score: float | None
    severity: Severity
    confidence: str

    @classmethod
    def of(cls, rule: Record) -> Descriptor:
        """Read a reportingDescriptor (3.49); an empty record gives an empty one.

        Trivy and others escape plain text as if it were HTML ("&#39;").
        """
        title = unescape(rule.text("shortDescription", "text") or rule.text("name"))
        description = unescape(rule.text("fullDescription", "text") or rule.text("help", "text"))
        references = (rule.text("helpUri"), *rule.texts("properties", "references"))
        targets = [r.child("target") for r in rule.children("relationships")]
        return cls(
            record=rule,
            title=" ".join(title.split()),
            description=description if description != title else "",
            references=tuple(dict.fromkeys(filter(None, references))),
            weaknesses=weaknesses_of(rule, targets),
            tags=tags_of(rule),
            level=rule.text("defaultConfiguration", "level"),
            score=security_severity(rule),
            severity=severity_said(rule),
            confidence=confidence_said(rule),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A result's rule: its id, its descriptor (an empty one when the run holds none)."""

    id: str
    descriptor: Descriptor
    component: Record


class Rules:
    """Rules of the driver and of the extensions, by place and by id (3.52)."""

    def __init__(self, frame: Record) -> None:
        self.driver = frame.child("tool", "driver")
        self.extensions = list(frame.children("tool", "extensions"))
        self._lists: dict[int, list[Record]] = {-1: list(self.driver.children("rules"))}
        for index, extension in enumerate(self.extensions):
            self._lists[index] = list(extension.children("rules"))
        self._by_id: dict[str, tuple[Record, Record]] = {}
        for index in self._lists:
            for rule in self._lists[index]:
                if rule.text("id"):
                    self._by_id.setdefault(rule.text("id"), (rule, self._component(index)))
        self._levels = dict(_overrides(frame))
        self._read: dict[int, Descriptor] = {}

    def of(self, result: Record) -> Known:
        """The rule that a result names by `ruleId`, `ruleIndex` or `rule` (3.27.5 to 3.27.7)."""
        reference = result.child("rule")
        said = result.text("ruleId") or reference.text("id")
        if said.upper() == "N/A":  # Trivy: checks without an id share this one, and its kind only
            shared, component = self._by_id.get(said, (_NONE, self.driver))
            tags = self._descriptor(shared).tags
            return Known("", replace(self._descriptor(_NONE), tags=tags), component)
        index = reference.integer("index")
        index = result.integer("ruleIndex") if index is None else index
        where = self._place(reference.child("toolComponent"))
        rules = self._lists.get(where, [])
        if index is not None and 0 <= index < len(rules):
            rule = rules[index]
            # A wrong index is common where reports were merged: the id decides.
            if not said or _is_same(said, rule):
                return Known(
                    said or rule.text("id"), self._descriptor(rule), self._component(where)
                )
        rule, component = self._by_id.get(said) or self._parent(said)
        return Known(said, self._descriptor(rule), component)

    def level(self, result: Record, rule: Descriptor) -> str:
        """Result, then the invocation's override, then the rule's default (3.27.10)."""
        kind = result.text("kind") or "fail"
        said = result.text("level")
        if kind != "fail":
            return said or "none"
        return said or self._levels.get(rule.record.text("id"), "") or rule.level or "warning"

    def _descriptor(self, rule: Record) -> Descriptor:
        # Records of rules live as long as this object, so their identity is a key.
        known = self._read.get(id(rule))
        if known is None:
            known = self._read[id(rule)] = Descriptor.of(rule)
        return known

    def _component(self, index: int) -> Record:
        return self.driver if index < 0 else self.extensions[index]

    def _place(self, reference: Record) -> int:
        """The extension that a reference means; -1 is the driver (3.54)."""
        index = reference.integer("index")
        if index is not None and 0 <= index < len(self.extensions):
            return index
        for name in ("guid", "name"):
            said = reference.text(name)
            for place, extension in enumerate(self.extensions):
                if said and extension.text(name) == said:
                    return place
        return -1

    def _parent(self, said: str) -> tuple[Record, Record]:
        """The rule of a hierarchical id: "CA1000/1" is a part of CA1000 (3.27.5)."""
        while "/" in said:
            said = said.rpartition("/")[0]
            if said in self._by_id:
                return self._by_id[said]
        return _NONE, self.driver


def _is_same(said: str, rule: Record) -> bool:
    own = rule.text("id")
    return said == own or said.startswith(f"{own}/") or said in rule.texts("deprecatedIds")


def _overrides(frame: Record) -> list[tuple[str, str]]:
    """Levels that the invocations set, by rule id (3.20.5)."""
    driver = list(frame.children("tool", "driver", "rules"))
    found = []
    for invocation in frame.children("invocations"):
        for override in invocation.children("ruleConfigurationOverrides"):
            level = override.text("configuration", "level")
            identity = override.text("descriptor", "id")
            index = override.integer("descriptor", "index")
            if not identity and index is not None and 0 <= index < len(driver):
                identity = driver[index].text("id")
            if level and identity:
                found.append((identity, level))
    return found


def weaknesses_of(record: Record, taxa: list[Record]) -> tuple[str, ...]:
    """CWE ids out of tags, properties and references into taxonomies, whichever a tool uses."""
    properties = record.child("properties")
    said = list(properties.texts("tags"))
    if properties:
        for name in _CWE_NAMES:
            said += [w if "cwe" in w.lower() else f"CWE-{w}" for w in properties.texts(name)]
    said += [_taxon(taxon) for taxon in taxa]
    return cwe_ids(*said)


def _taxon(target: Record) -> str:
    """A reference into a taxonomy: "CWE-79", or "79" in the taxonomy CWE."""
    identity = target.text("id")
    named = target.text("toolComponent", "name").upper()
    return f"CWE-{identity}" if named == "CWE" and identity.isdigit() else identity


def tags_of(record: Record) -> frozenset[str]:
    """Tags of a rule or a result, lower case."""
    return frozenset(tag.lower() for tag in record.texts("properties", "tags"))


def security_severity(record: Record) -> float | None:
    """GitHub's property: a number like a CVSS score. 0.0 is what tools write for unknown."""
    score = record.number("properties", "security-severity")
    return score if score is not None and 0 < score <= 10 else None


def severity_said(record: Record) -> Severity:
    """The severity in a tool's own property; `UNKNOWN` where it has none or an odd word."""
    properties = record.child("properties")
    if properties:
        for name in ("severity", "issue_severity", "Severity"):
            word = severity_from_word(properties.text(name))
            if word is not Severity.UNKNOWN:
                return word
    return Severity.UNKNOWN


def confidence_said(record: Record) -> str:
    """The word high, medium or low out of a tool's own property or tag; "" where it has none."""
    properties = record.child("properties")
    if not properties:
        return ""
    # "HIGH CONFIDENCE" is a tag of Semgrep's.
    tagged = (tag for tag in sorted(tags_of(record)) if tag.endswith(" confidence"))
    said = properties.first("precision", "issue_confidence", "confidence")
    return _CONFIDENCES.get((said or next(tagged, "").partition(" ")[0]).lower(), "")
