"""Puts a report in its place: paths relative to the target, and the target as its asset.

A scanner names files as it saw them, absolute or from where it stood. A finding must keep its
fingerprint wherever the folder lies and wherever Vigie was started.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Location, Observation
from vigie.ports.reports import Report
from vigie.ports.scanners import Target


def place_report(report: Report, target: Target, workspace: Path | None = None) -> Report:
    """The same report about the target.

    Some tools know an SBOM by its name only: what they say of a copy of it in the `workspace`
    is about the target itself.
    """
    if target.kind is AssetKind.SBOM and target.path is not None and workspace is not None:
        report = _about_the_file(report, target.path.name, workspace)
    prefixes = _prefixes(target)
    if not prefixes:
        return replace(report, asset=_asset(report.asset, target.asset))
    return replace(
        report,
        asset=_asset(report.asset, target.asset),
        observations=tuple(_place(o, prefixes) for o in report.observations),
    )


def _asset(seen: Asset | None, ours: Asset | None) -> Asset | None:
    if ours is None or seen is None:
        return ours or seen
    if ours.kind is not AssetKind.IMAGE:
        return ours
    # What identifies an image's content only the scanner has seen.
    tags = dict.fromkeys((*seen.tags, *ours.tags))
    return replace(ours, digests=seen.digests | ours.digests, tags=tuple(tags), distro=seen.distro)


def _about_the_file(report: Report, name: str, workspace: Path) -> Report:
    copies = (f"{workspace}/", f"{workspace.resolve()}/")

    def named(place: Location) -> Location:
        return replace(place, path=name) if place.path.startswith(copies) else place

    return replace(
        report,
        observations=tuple(
            replace(o, locations=tuple(map(named, o.locations))) for o in report.observations
        ),
    )


def _prefixes(target: Target) -> tuple[str, ...]:
    """The ways in which a path may begin that stand for the target's folder."""
    if target.path is None or target.kind is not AssetKind.REPOSITORY:
        return ()
    typed = Path(target.reference).expanduser().absolute()
    ways = [way if way.is_dir() else way.parent for way in (target.path, typed)]
    ways.append(ways[0].resolve())
    names = dict.fromkeys(way.as_posix().rstrip("/") + "/" for way in ways)
    return (*(f"file://{name}" for name in names), *names)


def _place(observation: Observation, prefixes: Sequence[str]) -> Observation:
    places = tuple(_relocate(place, prefixes) for place in observation.locations)
    if observation.asset is None and places == observation.locations:
        return observation
    return replace(observation, locations=places, asset=None)


def _relocate(place: Location, prefixes: Sequence[str]) -> Location:
    path = place.path
    for prefix in prefixes:
        if path.startswith(prefix):
            path = path[len(prefix) :]
            break
        if path == prefix[:-1]:
            path = ""
            break
    while path.startswith("./"):
        path = path[2:]
    return place if path == place.path else replace(place, path=path)
