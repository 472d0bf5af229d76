"""Belief: what all tools' words about one asset amount to, as the store keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.findings import Finding, Join
from vigie.model.plain import plain_writer
from vigie.model.runs import Outcome, Run, TargetAsset
from vigie.ports.reports import Report
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.services.recording.options import RecordOptions
from vigie.services.recording.sayings import Saying, Sayings, say
from vigie.services.recording.sealing import told_apart, with_secret_names
from vigie.services.recording.shares import Share
from vigie.services.recording.state import State, asset_of
from vigie.services.recording.suppressing import said_by_statement, statements_of
from vigie.triage.asset_names import is_digest, is_file
from vigie.triage.assets import Identified

MOST_TAGS = 50
_write = plain_writer(Finding)
_ORDER = {kind.value: number for number, kind in enumerate(AssetKind)}


@dataclass(frozen=True, slots=True)
class Believed:
    """One finding. `evidence` are the sayings it rests on; `document` is the finding without
    them, without what its rule's row says and without times. `statement` is the id of the VEX
    statement that decided it, or ""."""

    finding: Finding
    evidence: tuple[Saying, ...]
    document: dict[str, Any]
    digest: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """All findings of an asset under the key and name it has after the import."""

    asset: Asset
    key: str
    sayings: Sayings
    findings: tuple[Believed, ...]


def believe(state: State, share: Share | None, options: RecordOptions, at: datetime) -> Belief:
    """What holds when the share comes to the state; without one, the state judged anew."""
    sayings = say(state.observations, share.told if share is not None else ())
    keys = {*state.keys, *(n for n in (share.names if share else ()) if _is_key(n))}
    key = min(keys, key=_key_rank)
    asset = _described(_asset(state, share), options)
    home = Identified(TargetAsset(key, asset), key, tuple(sorted(keys - {key})))
    result = conclude(
        _readings(state, share, sayings, asset),
        ConcludeOptions(
            created=at.isoformat(),
            knowledge=options.knowledge,
            priority=options.priority,
            vex=[statements_of(state.suppressions)],
            home=home,
            planned=False,
        ),
    )
    by_digest = {saying.digest: saying for saying in sayings.current}
    named = [
        with_secret_names(f, (by_digest[d].observation for d in _digests(f)))
        for f in result.findings
    ]
    found = tuple(_believed(finding, by_digest) for finding in told_apart(named))
    return Belief(asset, key, sayings, found)


def _readings(state: State, share: Share | None, sayings: Sayings, asset: Asset) -> list[Reading]:
    """Each tool's latest runs, in the order of names; the first of a tool says everything."""
    runs: dict[str, list[Run]] = {}
    latest = [run for run, _ in share.told] if share is not None else []
    fresh = {run.tool for run in latest}
    for run in [*latest, *(run for _, tool, run in state.runs if tool not in fresh)]:
        runs.setdefault(run.tool, []).append(run)
    said: dict[str, list[Saying]] = {}
    for saying in sayings.current:
        said.setdefault(saying.tool, []).append(saying)
    readings = []
    for tool in sorted({*runs, *said}):
        observations = tuple(
            replace(saying.observation, record=saying.digest, asset=None)
            for saying in said.get(tool, ())
        )
        own = runs.get(tool) or [Run(tool, "", Outcome.COMPLETE)]  # it spoke in another's report
        report = Report(tool, len(observations), observations, asset=asset)
        readings.append(Reading(own[0], report))
        readings += [Reading(run, Report(tool, 0, (), asset=asset)) for run in own[1:]]
    return readings


def _digests(finding: Finding) -> list[str]:
    return [join.record.partition(":")[2] for join in finding.joins]


def _believed(finding: Finding, by_digest: Mapping[str, Saying]) -> Believed:
    digests = _digests(finding)
    finding, statement = said_by_statement(
        replace(
            finding,
            evidence=(),
            joins=tuple(
                Join(digest, join.reason)
                for digest, join in zip(digests, finding.joins, strict=True)
            ),
            first_seen="",
            last_seen="",
        )
    )
    rule = replace(finding.rule, description="", references=())
    document = _write(replace(finding, rule=rule))
    document.pop("observations")
    body = hashlib.sha256(msgspec.json.encode(document)).hexdigest()[:32]
    return Believed(
        finding, tuple(by_digest[digest] for digest in digests), document, body, statement
    )


def _is_key(name: str) -> bool:
    return name.partition(":")[0] in _ORDER


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


def sources_said(findings: Sequence[Believed]) -> dict[str, str]:
    """The finding that each saying belongs to first, by its digest: the finding's primary
    identity. A saying about several flaws belongs to several; their documents tell."""
    first: dict[str, str] = {}
    for believed in findings:
        for saying in believed.evidence:
            first.setdefault(saying.digest, believed.finding.fingerprint)
    return first
