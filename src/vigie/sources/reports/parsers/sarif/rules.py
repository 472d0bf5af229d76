"""The rules of a run: finding a result's own, and what it says of its level."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record

_NONE = Record({})


@dataclass(frozen=True, slots=True)
class Known:
    """A result's rule: its id, its descriptor (empty when the run holds none)."""

    id: str
    descriptor: Record
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

    def of(self, result: Record) -> Known:
        """The rule that a result names by `ruleId`, `ruleIndex` or `rule` (3.27.5 to 3.27.7)."""
        reference = result.child("rule")
        said = result.text("ruleId") or reference.text("id")
        index = reference.integer("index")
        index = result.integer("ruleIndex") if index is None else index
        where = self._place(reference.child("toolComponent"))
        rules = self._lists.get(where, [])
        if index is not None and 0 <= index < len(rules):
            rule = rules[index]
            # A wrong index is common where reports were merged: the id decides.
            if not said or _is_same(said, rule):
                return Known(said or rule.text("id"), rule, self._component(where))
        rule, component = self._by_id.get(said) or self._parent(said)
        return Known(said, rule, component)

    def level(self, result: Record, rule: Record) -> str:
        """Result, then the invocation's override, then the rule's default (3.27.10)."""
        kind = result.text("kind") or "fail"
        said = result.text("level")
        if kind != "fail":
            return said or "none"
        return (
            said
            or self._levels.get(rule.text("id"), "")
            or rule.text("defaultConfiguration", "level")
            or "warning"
        )

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


def rule_weaknesses(rule: Record, result: Record) -> tuple[str, ...]:
    """CWE ids out of tags, properties, relationships and taxa, whichever a tool uses."""
    said = [*_tags(rule), *_tags(result)]
    for record in (rule, result):
        for name in ("cwe", "cwes", "CWE", "cweIds", "cwe_id", "cweId"):
            said += [w if "cwe" in w.lower() else f"CWE-{w}"
                     for w in record.texts("properties", name)]  # fmt: skip
    said += [_taxon(r.child("target")) for r in rule.children("relationships")]
    said += [_taxon(taxon) for taxon in result.children("taxa")]
    return cwe_ids(*said)


def _taxon(target: Record) -> str:
    """A reference into a taxonomy: "CWE-79", or "79" in the taxonomy CWE."""
    identity = target.text("id")
    named = target.text("toolComponent", "name").upper()
    return f"CWE-{identity}" if named == "CWE" and identity.isdigit() else identity


def _tags(record: Record) -> tuple[str, ...]:
    return record.texts("properties", "tags")


def all_tags(rule: Record, result: Record) -> frozenset[str]:
    """Tags of the rule and the result, lower case."""
    return frozenset(tag.lower() for tag in (*_tags(rule), *_tags(result)))
