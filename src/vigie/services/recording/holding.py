"""Holding: which packages an asset holds, by what its tools list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.model.components import Component
from vigie.model.observations import Observation
from vigie.services.recording.spilling import Rows, Spills
from vigie.stores.scratch.keyed import Keyed, side_by_side
from vigie.triage.packages import package_key

_MOST_PATHS = 20


@dataclass(slots=True)
class Listed:
    """A package as the tools of one import list it."""

    tools: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    direct: bool | None = None

    def add(self, observation: Observation) -> None:
        """Another line of a list that names it."""
        if observation.tool not in self.tools:
            self.tools |= {observation.tool}
        new = {place.path for place in observation.locations} - {"", *self.paths}
        if new:
            self.paths = tuple(sorted({*self.paths, *new})[:_MOST_PATHS])
        component = observation.component
        if component is not None and component.direct is not None:
            self.direct = bool(self.direct) or component.direct


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was named, in the spelling that tells most."""

    component: Component
    listed: Listed


def component_key(component: Component) -> str:
    """A package version's key: "npm left-pad 1.3.0"."""
    key = package_key(component)
    return f"{key.type} {key.name} {component.version}"


def tells_more(one: Component, other: Component) -> bool:
    """True when one spelling of a package tells more than another."""
    return _tells(one) > _tells(other)


def _tells(component: Component) -> tuple[bool, bool, str]:
    return bool(component.licences), bool(component.purl), component.purl


@dataclass(frozen=True, slots=True)
class Holdings:
    """What changes of what the asset holds; rows as the store keeps them, `gone` are ids of
    components."""

    added: Rows
    changed: Rows
    gone: Sequence[str]


def compare(
    known: Keyed[dict[str, Any]],
    now: Keyed[Listed],
    whole: frozenset[str],
    at: datetime,
    spills: Spills,
) -> Holdings:
    """What changes; both are by the ids of components. A package is gone when of the tools that
    listed it each one's complete run (those of the tools `whole`) no longer does."""
    added, changed, gone = spills.rows(), spills.rows(), spills.of(str)
    for component, old, said in side_by_side(known, now):
        one = said if said is not None else Listed()
        before = set(old["sources"] or ()) if old is not None else set()
        tools = one.tools | {t for t in before if t not in whole}
        if not tools:
            gone.append(component)
            continue
        still = set(old["paths"] or ()) if old is not None and before - whole else set()
        row = {
            "component_id": component,
            "direct": one.direct if one.direct is not None or old is None else old["direct"],
            "sources": sorted(tools),
            "paths": sorted({*one.paths, *still})[:_MOST_PATHS],
            "last_seen": at if one.tools or old is None else old["last_seen"],
        }
        if old is None:
            added.append(row)
        elif any(old[name] != value for name, value in row.items()):
            changed.append(row)
    return Holdings(added, changed, gone)
