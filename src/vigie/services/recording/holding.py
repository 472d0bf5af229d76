"""Holding: which packages an asset holds, by what its tools list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vigie.model.observations import Observation

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
        for place in observation.locations:
            if place.path and place.path not in self.paths:
                self.paths += (place.path,)
        component = observation.component
        if component is not None and component.direct is not None:
            self.direct = bool(self.direct) or component.direct


@dataclass(slots=True)
class Holdings:
    """What changes of what the asset holds; rows as the store keeps them, `gone` are ids of
    components."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def compare(
    known: Mapping[str, Mapping[str, Any]],
    said: Mapping[str, Listed],
    ids: Mapping[str, str],
    whole: frozenset[str],
    at: datetime,
) -> Holdings:
    """What changes. A package is gone when of the tools that listed it each one's complete run
    (those of the tools `whole`) no longer does; `ids` are of components, by key."""
    now = {ids[key]: one for key, one in said.items() if key in ids}
    holdings = Holdings()
    for component in sorted({*known, *now}):
        old, one = known.get(component), now.get(component, Listed())
        before = set(old["sources"] or ()) if old is not None else set()
        tools = one.tools | {t for t in before if t not in whole}
        if not tools:
            holdings.gone.append(component)
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
            holdings.added.append(row)
        elif any(old[name] != value for name, value in row.items()):
            holdings.changed.append(row)
    return holdings
