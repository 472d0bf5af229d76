"""Belief: what all tools' words about one asset amount to, as the store keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.components import Component
from vigie.model.findings import Decision, Finding, Join, Status
from vigie.model.observations import FixState, Kind, Observation, Rule
from vigie.model.plain import plain_writer
from vigie.model.runs import Outcome, Run, TargetAsset
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.services.recording.hearing import Heard
from vigie.services.recording.options import RecordOptions
from vigie.services.recording.portions import portions_of
from vigie.services.recording.recognition import Named, Names
from vigie.services.recording.sayings import Saying, Sayings, say
from vigie.services.recording.sealing import told_apart, with_secret_names
from vigie.services.recording.shares import Share, is_key, means
from vigie.services.recording.spilling import Spilled, Spills
from vigie.services.recording.state import State, asset_of
from vigie.services.recording.suppressing import said_by_statement, statements_of
from vigie.triage.asset_names import is_digest, is_file
from vigie.triage.assets import Identified
from vigie.triage.forgetting import forget

MOST_TAGS = 50
_LONGEST_PLACE = 500
_write = plain_writer(Finding)
_encode = msgspec.json.Encoder().encode
_AT_ONCE = 10  # portions after which names are forgotten
_Placed = tuple[int, Saying, Observation]  # with its place in `Sayings.current`
_ORDER = {kind.value: number for number, kind in enumerate(AssetKind)}


@dataclass(frozen=True, slots=True)
class Believed:
    """One finding, as the store keeps it. `evidence` are the places in `Sayings.current` of what
    it rests on; the import spoke of some of it when it is `seen`, and `known` is since when the
    store has any of it. `document` is the JSON of the finding without them, without what its
    rule's row says and without times. `statement` is the id of the VEX statement that decided
    it, or ""."""

    fingerprint: str
    fingerprints: tuple[str, ...]
    kind: Kind
    rule: Rule
    component: Component | None
    severity: Severity
    decision: Decision
    score: float
    status: Status
    fixable: bool
    fix_version: str
    kev: bool | None
    epss: float | None
    place: str
    sources: tuple[str, ...]
    evidence: tuple[int, ...]
    seen: bool
    known: datetime | None
    document: bytes
    digest: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """All findings of an asset under the key and name it has after the import, and their
    identities."""

    asset: Asset
    key: str
    sayings: Sayings
    findings: Spilled[Believed]
    named: Named


def believe(
    state: State,
    share: Share | None,
    heard: Heard,
    options: RecordOptions,
    at: datetime,
    spills: Spills,
) -> Belief:
    """What holds when the share, of which all was `heard`, comes to the state; without one, the
    state judged anew."""
    sayings = say(state.said, heard, spills)
    asset = _described(_asset(state, share), options)
    names = {*state.keys, *(n for n in (share.names if share else ()) if is_key(n))}
    keys = {name for name in names if means(name, asset.kind)} or names
    key = min(keys, key=_key_rank)
    concluding = ConcludeOptions(
        created=at.isoformat(),
        knowledge=options.knowledge,
        priority=options.priority,
        vex=[statements_of(state.suppressions)],
        home=Identified(TargetAsset(key, asset), key, tuple(sorted(keys - {key}))),
        planned=False,
    )
    runs = _runs(state, share)
    findings: Spilled[Believed] = spills.of(Believed)
    named = Named(spills.of(Names), spills.keyed(int))
    for count, portion in enumerate(portions_of(sayings, spills)):
        said = [(n, saying, sayings.observation(saying))
                for n, saying in ((n, sayings.current[n]) for n in portion)]  # fmt: skip
        places = {saying.digest: (n, saying) for n, saying, _ in said}
        by_digest = {saying.digest: observation for _, saying, observation in said}
        result = conclude(_readings(runs, said, asset), concluding)
        for concluded in result.findings:
            secrets = (by_digest[digest] for digest in _digests(concluded))
            finding = told_apart(with_secret_names(concluded, secrets), named.primary)
            named.primary.put(finding.fingerprint, findings.append(_believed(finding, places)))
            named.names.append(Names(finding.fingerprint, finding.fingerprints))
        if count % _AT_ONCE == _AT_ONCE - 1:
            forget()
    return Belief(asset, key, sayings, findings, named)


def _runs(state: State, share: Share | None) -> dict[str, list[Run]]:
    """Each tool's latest runs."""
    runs: dict[str, list[Run]] = {}
    latest = [run for run, _ in share.told] if share is not None else []
    fresh = {run.tool for run in latest}
    for run in [*latest, *(run for _, tool, run in state.runs if tool not in fresh)]:
        runs.setdefault(run.tool, []).append(run)
    return runs


def _readings(
    runs: Mapping[str, Sequence[Run]], said: Sequence[_Placed], asset: Asset
) -> list[Reading]:
    """The runs in the order of their tools' names; the first of a tool says everything."""
    by_tool: dict[str, list[Observation]] = {}
    for _, saying, observation in said:
        named = replace(observation, record=saying.digest, asset=None)
        by_tool.setdefault(saying.tool, []).append(named)
    readings = []
    for tool in sorted({*runs, *by_tool}):
        observations = tuple(by_tool.get(tool, ()))
        own = runs.get(tool) or [Run(tool, "", Outcome.COMPLETE)]  # it spoke in another's report
        report = Report(tool, len(observations), observations, asset=asset)
        readings.append(Reading(own[0], report))
        readings += [Reading(run, Report(tool, 0, (), asset=asset)) for run in own[1:]]
    return readings


def _digests(finding: Finding) -> list[str]:
    return [join.record.partition(":")[2] for join in finding.joins]


def _believed(finding: Finding, places: Mapping[str, tuple[int, Saying]]) -> Believed:
    digests = _digests(finding)
    evidence = [places[digest] for digest in digests]
    times = [saying.first_seen for _, saying in evidence if saying.first_seen is not None]
    joins = tuple(Join(d, join.reason) for d, join in zip(digests, finding.joins, strict=True))
    finding, statement = said_by_statement(finding)
    document = _write(replace(finding, evidence=(), joins=joins))
    document.pop("observations")
    document["rule"] |= {"description": None, "references": []}
    document |= {"first_seen": None, "last_seen": None}
    body = _encode(document)
    priority = finding.priority
    return Believed(
        finding.fingerprint,
        finding.fingerprints,
        finding.kind,
        finding.rule,
        finding.component,
        finding.severity,
        priority.decision if priority is not None else Decision.WATCH,
        priority.score if priority is not None else 0.0,
        finding.status,
        finding.fix.state is FixState.FIXED,
        finding.fix.versions[0] if finding.fix.versions else "",
        finding.signals.kev,
        finding.signals.epss,
        place_of(finding),
        tuple(sorted(finding.sources)),
        tuple(number for number, _ in evidence),
        any(saying.heard is not None for _, saying in evidence),
        min(times, default=None),
        body,
        hashlib.sha256(body).hexdigest()[:32],
        statement,
    )


def place_of(finding: Finding) -> str:
    """Where it is, in a few words."""
    for instance in finding.instances:
        place = instance.location
        if place is None:
            continue
        where = place.path or place.url or place.resource
        if place.path and place.start_line and finding.kind is not Kind.VULNERABILITY:
            where = f"{place.path}:{place.start_line}"
        if where:
            return where[:_LONGEST_PLACE]
    return ""


def _key_rank(key: str) -> tuple[Any, ...]:
    """The best name to go by, whatever came first: a kind that is known, a plain name."""
    kind, _, name = key.partition(":")
    return kind == AssetKind.UNKNOWN.value, is_digest(name), _ORDER[kind], len(name), name


def _asset(state: State, share: Share | None) -> Asset:
    """The asset as the store knows it, with what the share adds."""
    known = asset_of(state.row) if state.row is not None else None
    if share is None:
        return known or Asset(AssetKind.UNKNOWN, "")
    new = share.identified.target.asset
    if known is None:
        return replace(new, tags=_tags(new))
    kind = known.kind if known.kind is not AssetKind.UNKNOWN else new.kind
    better = not (is_file(new.name) or is_digest(new.name) or not new.name)
    return replace(
        known,
        kind=kind,
        name=new.name if better and new.kind is kind else known.name or new.name,
        digests=new.digests or known.digests,  # what is there now, not what once was
        tags=_tags(new, known),
        distro=new.distro or known.distro,
        exposure=known.exposure if known.exposure is not Exposure.UNKNOWN else new.exposure,
        criticality=known.criticality
        if known.criticality is not Criticality.UNKNOWN
        else new.criticality,
    )


def _tags(*assets: Asset) -> tuple[str, ...]:
    """Every name it was given, the newest first, no more than are worth reading."""
    return tuple(dict.fromkeys(t for a in assets for t in a.tags))[:MOST_TAGS]


def _described(asset: Asset, options: RecordOptions) -> Asset:
    if asset.exposure is Exposure.UNKNOWN:
        asset = replace(asset, exposure=options.exposure)
    if asset.criticality is Criticality.UNKNOWN:
        asset = replace(asset, criticality=options.criticality)
    return asset
