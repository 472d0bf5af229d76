"""Catalogue: the rules and components that findings point at, one row each for a whole tenant.

They are written in a transaction of their own before the findings: one that is left over when
an import fails after it harms nobody, and the transaction of the findings stays short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from vigie.model.components import Component
from vigie.model.observations import Kind, Rule
from vigie.services.recording.holding import Listed, Package, component_key
from vigie.services.recording.spilling import Spills
from vigie.stores.relational import assets, findings
from vigie.stores.relational.bulk import portions
from vigie.stores.relational.database import Work
from vigie.stores.scratch.keyed import Keyed
from vigie.triage.packages import package_key

Item = TypeVar("Item")
_MOST_REFERENCES = 50
_MOST_TEXT = 20_000  # characters of a description


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The ids of the rule and of the component (None without one) of each finding, in the order
    of the findings; and what is listed, by the id of its component."""

    ids: Sequence[tuple[str, str | None]]
    listed: Keyed[Listed]


class Named(Protocol):
    """What has a rule and may have a component: a finding."""

    @property
    def kind(self) -> Kind: ...
    @property
    def rule(self) -> Rule: ...
    @property
    def component(self) -> Component | None: ...


def rule_key(finding: Named) -> str:
    """A rule's key: "vulnerability CVE-2024-1"."""
    return f"{finding.kind.value} {finding.rule.id}"


def ensure(
    work: Work,
    believed: Iterable[Named],
    packages: Iterable[tuple[str, Package]],
    at: datetime,
    spills: Spills,
) -> Catalogue:
    """Have a row for each, and its id. Of several findings of one rule the first describes it."""
    rules, components = spills.keyed(str), spills.keyed(str)
    catalogue = Catalogue(ids := spills.of(tuple[str, str | None]), spills.keyed(Listed))
    for some in portions(packages):
        made = _components(work, {key: package.component for key, package in some}, at)
        for key, package in some:
            components.put(key, made[key])
            catalogue.listed.put(made[key], package.listed)
    for few in portions(believed):
        described = {rule_key(finding): finding for finding in reversed(few)}
        held = {component_key(c): c for finding in reversed(few) if (c := _component(finding))}
        of_rule = _known(rules, described, lambda wanted: _rules(work, wanted))
        of_component = _known(components, held, lambda wanted: _components(work, wanted, at))
        for finding in few:
            component = _component(finding)
            own = of_component[component_key(component)] if component is not None else None
            ids.append((of_rule[rule_key(finding)], own))
    return catalogue


def _component(finding: Named) -> Component | None:
    component = finding.component
    return component if component is not None and component.name else None


def _known(
    ids: Keyed[str],
    wanted: Mapping[str, Item],
    make: Callable[[Mapping[str, Item]], Mapping[str, str]],
) -> dict[str, str]:
    """The id of each, by its key; those that are not known yet are made and are known then."""
    found = {key: own for key in wanted if (own := ids.get(key)) is not None}
    made = make({key: item for key, item in wanted.items() if key not in found})
    for key, own in made.items():
        ids.put(key, own)
    return {**found, **made}


def _rules(work: Work, wanted: Mapping[str, Named]) -> dict[str, str]:
    if not wanted:
        return {}
    there = findings.rules(work, wanted.keys())
    added, changed = [], []
    for key, finding in wanted.items():
        row = there.get(key)
        if row is None:
            added.append({"key": key, **_row(finding.rule)})
            continue
        if _says(row, _row(finding.rule)):  # as it does nearly always
            continue
        whole = _row(_joined(finding.rule, row))
        if not _says(row, whole):
            changed.append({"id": row.id, **whole})
    ids = {key: row.id for key, row in there.items()}
    if added or changed:
        findings.put_rules(work, added, changed)
        ids |= findings.rule_ids(work, [row["key"] for row in added])
    return ids


def _says(row: Any, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.id,
        "title": rule.title,
        "aliases": sorted(set(rule.aliases)),
        "document": {
            "description": rule.description[:_MOST_TEXT],
            "references": sorted(set(rule.references))[:_MOST_REFERENCES],
            "weaknesses": sorted(set(rule.weaknesses)),
            "published": rule.published,
        },
        "search": " ".join((rule.id, *sorted(set(rule.aliases)), rule.title)).lower(),
    }


def _joined(rule: Rule, row: Any) -> Rule:
    """What a finding and the store say of a rule: the longer text and all names, so that it
    does not matter which of two imports came first."""
    known = row.document or {}
    return Rule(
        id=rule.id,
        aliases=_union(rule.aliases, row.aliases),
        title=_longer(rule.title, row.title),
        description=_longer(rule.description[:_MOST_TEXT], known.get("description", "")),
        references=_union(rule.references, known.get("references")),
        weaknesses=_union(rule.weaknesses, known.get("weaknesses")),
        published=min(filter(None, (rule.published, known.get("published", ""))), default=""),
    )


def _union(said: Iterable[str], known: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sorted({*said, *(known or ())}))


def _longer(one: str, other: str) -> str:
    return max((one, other), key=lambda text: (len(text), text))


def _components(work: Work, wanted: Mapping[str, Component], at: datetime) -> dict[str, str]:
    if not wanted:
        return {}
    there = assets.component_ids(work, wanted.keys())
    added = [
        _component_row(key, component, at) for key, component in wanted.items() if key not in there
    ]
    if added:
        assets.ensure_components(work, added)
        there |= assets.component_ids(work, [row["key"] for row in added])
    return there


def _component_row(key: str, component: Component, at: datetime) -> dict[str, Any]:
    package = package_key(component)
    return {
        "key": key,
        "type": package.type,
        "name": package.name,
        "version": component.version,
        "purl": component.purl,
        "licences": list(component.licences),
        "search": " ".join((package.name, component.version, component.purl)).lower(),
        "first_seen": at,
    }
