"""Readings made up for tests: what a tool says of an asset, in as few words as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.observations import Fix, FixState, Kind, Location, Observation, Rule, Verdict
from vigie.model.runs import Coverage, Outcome, Run
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.services.intake import Reading

SHOP = Asset(AssetKind.IMAGE, "registry.example/shop:1.0")
CODE = Asset(AssetKind.REPOSITORY, "git.example/shop")
EVERY_KIND = Coverage(frozenset(Kind))


def flaw(
    tool: str,
    name: str,
    package: str = "left-pad",
    version: str = "1.0",
    *,
    severity: Severity = Severity.HIGH,
    fixed: str = "",
    aliases: Sequence[str] = (),
    **more: Any,
) -> Observation:
    """A known flaw of an npm package."""
    return Observation(
        tool, Kind.VULNERABILITY,
        Rule(name, aliases=tuple(aliases), title=f"A flaw in {package}",
             description=f"What {name} is, at length.", references=(f"https://a.example/{name}",)),
        f"matches[{name}/{package}]",
        severity=severity, severity_said=severity.value,
        component=Component(package, version, "npm", f"pkg:npm/{package}@{version}"),
        locations=(Location(path=f"node_modules/{package}/package.json"),),
        fix=Fix(FixState.FIXED, (fixed,)) if fixed else Fix(FixState.NOT_FIXED),
        **more,
    )  # fmt: skip


def weakness(tool: str, rule: str, path: str, line: int, *, anchor: str = "") -> Observation:
    """A flaw in our own code."""
    return Observation(
        tool, Kind.WEAKNESS, Rule(rule, title=f"{rule} is bad"), f"results[{path}:{line}]",
        severity=Severity.MEDIUM,
        locations=(Location(path=path, start_line=line, anchor=anchor),),
    )  # fmt: skip


def secret(tool: str, path: str, line: int, *, value_hash: str = "") -> Observation:
    """A secret; `value_hash` as a parser gives it."""
    return Observation(
        tool, Kind.SECRET, Rule("generic-api-key"), f"leaks[{path}:{line}]",
        locations=(Location(path=path, start_line=line, anchor=value_hash),),
    )  # fmt: skip


def package(tool: str, name: str, version: str = "1.0", **more: Any) -> Observation:
    """A line of an inventory."""
    return Observation(
        tool, Kind.VULNERABILITY, Rule("inventory"), f"components[{name}]",
        verdict=Verdict.NOT_APPLICABLE,
        component=Component(name, version, more.pop("type", "npm"), **more),
        locations=(Location(path="package-lock.json"),),
    )  # fmt: skip


def reading(
    tool: str,
    *observations: Observation,
    asset: Asset | None = SHOP,
    outcome: Outcome = Outcome.COMPLETE,
    coverage: Coverage | None = EVERY_KIND,
    **more: Any,
) -> Reading:
    """One run of the tool and what it said."""
    run = Run(
        tool, tool, outcome, version="1.2.3", records=len(observations),
        observations=len(observations), coverage=coverage, **more,
    )  # fmt: skip
    return Reading(run, Report(tool, len(observations), observations, asset=asset))
