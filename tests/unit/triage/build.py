"""Small observations, runs and policies for the tests of triage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import Fix, FixState, Kind, Location, Observation, Rule
from vigie.model.runs import Coverage, Outcome, Run
from vigie.model.severity import Severity
from vigie.triage.corrections import Correction
from vigie.triage.merge import Merged, Told, merge

IMAGE = Asset(AssetKind.IMAGE, "shop:1", frozenset({"config:sha256:aa"}))
ALL_TYPES = frozenset({"deb", "pypi", "npm", "maven", "golang"})


def flaw(
    rule: str,
    package: str = "demo",
    version: str = "1.0",
    *,
    tool: str = "trivy",
    aliases: tuple[str, ...] = (),
    kind: str = "pypi",
    source: str = "",
    path: str = "",
    fixed: tuple[str, ...] = (),
    **changes: Any,
) -> Observation:
    """A vulnerability of a package, as a tool would say it."""
    purl = changes.pop("purl", f"pkg:{kind}/{package}@{version}" if kind else "")
    component = Component(package, version, kind, purl, source_name=source)
    state = FixState.FIXED if fixed else FixState.UNKNOWN
    seen = Observation(
        tool=tool,
        kind=Kind.VULNERABILITY,
        rule=Rule(rule, aliases),
        record=f"{tool}/{rule}/{package}/{version}/{path}",
        severity=Severity.HIGH,
        component=component,
        locations=(Location(path=path),) if path else (),
        fix=Fix(state, fixed),
    )
    return replace(seen, **changes)


def hit(
    rule: str,
    path: str,
    line: int,
    *,
    tool: str = "semgrep",
    kind: Kind = Kind.WEAKNESS,
    anchor: str = "",
    cwe: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    resource: str = "",
    end: int | None = None,
) -> Observation:
    """Something found at a place."""
    place = Location(path=path, start_line=line, end_line=end, anchor=anchor, resource=resource)
    return Observation(
        tool=tool,
        kind=kind,
        rule=Rule(rule, aliases, weaknesses=cwe),
        record=f"{tool}/{rule}/{path}/{line}",
        severity=Severity.MEDIUM,
        locations=(place,),
    )


def run(tool: str = "trivy", **changes: Any) -> Run:
    coverage = Coverage(frozenset(Kind), ALL_TYPES)
    return replace(Run(tool, tool, Outcome.COMPLETE, coverage=coverage), **changes)


def told(*seen: Observation, asset: Asset | None = IMAGE, **changes: Any) -> Told:
    """One run with these observations; its tool is the first one's."""
    tool = seen[0].tool if seen else changes.pop("tool", "trivy")
    return Told(run(tool, **changes), asset, seen)


def merged(*runs: Told, corrections: tuple[Correction, ...] = (), target: str = "") -> Merged:
    return merge(runs, corrections=corrections, target=target)


def findings(*seen: Observation, asset: Asset | None = IMAGE) -> list[Finding]:
    """Findings of these observations, one run for each tool."""
    tools = dict.fromkeys(o.tool for o in seen)
    runs = [told(*(o for o in seen if o.tool == tool), asset=asset) for tool in tools]
    return list(merge(runs).findings)
