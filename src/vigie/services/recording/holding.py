"""Holding: which packages an asset holds, by what its tools list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vigie.model.observations import Observation
from vigie.model.runs import Run
from vigie.services.recording.catalogue import component_key

_MOST_PATHS = 20


@dataclass(slots=True)
class Listed:
    """A package as the tools of one import list it."""

    tools: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    direct: bool | None = None


@dataclass(slots=True)
class Holdings:
    """What changes of what the asset holds; rows as the store keeps them, `gone` are ids of
    components."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def listed(told: Iterable[tuple[Run, Sequence[Observation]]]) -> dict[str, Listed]:
    """Every package that these runs name, by its key."""
    found: dict[str, Listed] = {}
    for _, observations in told:
        for observation in observations:
            component = observation.component
            if component is None or not component.name:
                continue
            one = found.setdefault(component_key(component), Listed())
            one.tools.add(observation.tool)
            one.paths.update(p.path for p in observation.locations if p.path)
            if component.direct is not None:
                one.direct = bool(one.direct) or component.direct
    return found


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
            "paths": sorted(one.paths | still)[:_MOST_PATHS],
            "last_seen": at if one.tools or old is None else old["last_seen"],
        }
        if old is None:
            holdings.added.append(row)
        elif any(old[name] != value for name, value in row.items()):
            holdings.changed.append(row)
    return holdings
