"""Writing: one asset's change into the store, in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from vigie.model.plain import plain_writer
from vigie.model.runs import Outcome, Run
from vigie.services.recording import events
from vigie.services.recording.belief import Belief
from vigie.services.recording.change import Change
from vigie.services.recording.holding import Holdings
from vigie.services.recording.matching import is_other
from vigie.services.recording.options import RecordedAsset, RecordOptions
from vigie.services.recording.sayings import Saying
from vigie.services.recording.shares import Share, means
from vigie.services.recording.state import State
from vigie.stores.relational import assets, findings, runs
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id

_write_run = plain_writer(Run)


class MovedError(Exception):
    """Somebody else wrote to the asset since it was read: read and work it out again."""


@dataclass(frozen=True, slots=True)
class Planned:
    """All that is to be written of one asset. `runs` are rows, in the share's order."""

    state: State
    share: Share | None
    belief: Belief
    change: Change
    holdings: Holdings
    runs: tuple[dict[str, Any], ...]
    at: datetime


def run_rows(
    state: State, share: Share | None, key: str, import_id: str, at: datetime
) -> tuple[dict[str, Any], ...]:
    """The share's runs as rows with ids."""
    rows = []
    for run, observations in share.told if share is not None else ():
        document = _write_run(run)
        document["asset"] = key
        rows.append({
            "id": new_id(), "asset_id": state.id, "import_id": import_id or None,
            "tool": run.tool, "version": run.version, "format": run.format,
            "outcome": run.outcome.value, "database_date": run.database_date,
            "records": run.records, "observations": len(observations),
            "document": document, "latest": True, "at": at,
        })  # fmt: skip
    return tuple(rows)


def write(work: Work, plan: Planned, options: RecordOptions, import_id: str) -> RecordedAsset:
    """Write it all. Raises MovedError, and then nothing may be committed."""
    _check(work, plan.state)
    _write_asset(work, plan, options)
    recorded = _recorded(plan)
    if plan.share is not None:
        # An import that is cut off learns from this what it has done.
        note = {"share": plan.share.identified.key, **recorded.plain()}
        plan.runs[0]["document"]["recorded"] = note
        runs.add(work, plan.state.id, {row["tool"] for row in plan.runs}, plan.runs)
    _write_findings(work, plan)
    _write_observations(work, plan)
    holdings = plan.holdings
    assets.put_holdings(
        work, plan.state.id, added=holdings.added, changed=holdings.changed, gone=holdings.gone
    )
    findings.count_anew(work, [plan.state.id])
    _tell(work, plan, recorded, import_id)
    return recorded


def _check(work: Work, state: State) -> None:
    """Hold the asset, and see whether all is as it was read."""
    findings.hold_decisions(work, to_change=False)
    if state.row is not None and assets.lock(work, [state.id]).get(state.id) != state.content:
        raise MovedError
    if findings.decided(work) != state.decided:
        raise MovedError


def _write_asset(work: Work, plan: Planned, options: RecordOptions) -> None:
    state, asset, at = plan.state, plan.belief.asset, plan.at
    labels = {**((state.row or {}).get("labels") or {}), **options.labels}
    whole = any(row["outcome"] == Outcome.COMPLETE.value for row in plan.runs)
    values: dict[str, Any] = {
        "kind": asset.kind.value,
        "key": plan.belief.key,
        "name": asset.name,
        "exposure": asset.exposure.value,
        "criticality": asset.criticality.value,
        "distro": asset.distro,
        "digests": sorted(asset.digests),
        "tags": list(asset.tags),
        "labels": labels,
        "owner": (state.row or {}).get("owner") or options.owner,
        "search": search_text(asset.name, plan.belief.key, labels),
        "content": state.content + 1,
    }
    if plan.share is not None:
        values |= {"last_seen": at, "archived_at": None}
        values |= {"looked_at": at} if whole else {}
    names = _names(work, plan)
    if state.row is None:
        row = {"id": state.id, "first_seen": at, "last_seen": at, **values}
        if not assets.add(work, row, names):
            raise MovedError
    else:
        assets.drop_names(work, state.id, [n for n in state.names if not means(n, asset.kind)])
        assets.update(work, state.id, values)
        assets.add_names(work, state.id, names)
    if labels != ((state.row or {}).get("labels") or {}):
        assets.put_labels(work, state.id, labels)


def _names(work: Work, plan: Planned) -> set[str]:
    """The names that are to find it from now on, besides those that do. What an asset of another
    kind was called while nobody knew its kind is given back to whom it means."""
    kind = plan.belief.asset.kind
    told = plan.share.names if plan.share is not None else frozenset[str]()
    names = {n for n in told if means(n, kind)} - set(plan.state.names)
    held = assets.named(work, names)
    rows = assets.by_id(work, set(held.values()) - {plan.state.id})
    others = {n for n, i in held.items() if i in rows and is_other(n, rows[i], kind)}
    for name in sorted(n for n in others if n.startswith(f"{kind.value}:")):
        assets.drop_names(work, held[name], [name])
        _call_by_kind(work, rows[held[name]], name)
        others.discard(name)
    return names - others


def _call_by_kind(work: Work, row: Mapping[str, Any], key: str) -> None:
    """The key that another asset needs is not this one's any more."""
    if row["key"] == key:
        own = f"{row['kind']}:{key.partition(':')[2]}"
        values = {"key": own, "search": search_text(row["name"], own, row["labels"] or {})}
        assets.update(work, row["id"], {**values, "content": row["content"] + 1})


def search_text(name: str, key: str, labels: Mapping[str, str]) -> str:
    """The words by which an asset is found."""
    words = [name, key, *(f"{k} {v}" for k, v in sorted(labels.items()))]
    return " ".join(words).lower()


def _write_findings(work: Work, plan: Planned) -> None:
    change, asset, at = plan.change, plan.state.id, plan.at
    findings.absorb(work, change.absorbed)
    # First out of each other's way: an identity may pass from one finding to another.
    findings.update(work, ({"id": i, "fingerprint": f"moving {i}"} for i in change.renamed))
    findings.update(work, change.changed)
    findings.update(work, change.judged)
    findings.add(work, change.added)
    findings.touch(work, change.touched, at)
    findings.update(work, change.closed)
    findings.put_names(work, asset, change.given, change.moved)
    findings.add_history(work, change.history)


def _write_observations(work: Work, plan: Planned) -> None:
    sayings, change = plan.belief.sayings, plan.change
    run_of = {row["tool"]: row["id"] for row in reversed(plan.runs)}
    some = next(iter(run_of.values()), "")
    runs.put_observations(
        work,
        added=(
            _observation(plan, saying, change.home(number), run_of.get(saying.tool, some))
            for number, saying in enumerate(sayings.current)
            if not saying.row
        ),
        gone=sayings.gone,
        seen=((run_of.get(tool, some), row) for tool, row in sayings.seen),
        moved=(
            {"id": saying.row, "finding_id": home or None}
            for number, saying in enumerate(sayings.current)
            if saying.row and (home := change.home(number)) != saying.finding
        ),
        at=plan.at,
    )


def _observation(plan: Planned, saying: Saying, home: str, run: str) -> dict[str, Any]:
    return {
        "id": new_id(), "asset_id": plan.state.id, "tool": saying.tool,
        "verdict": saying.verdict.value, "digest": saying.digest,
        "finding_id": home or None, "run_id": run,
        "document": msgspec.Raw(plan.belief.sayings.heard.documents[saying.heard or 0]),
        "first_seen": plan.at, "last_seen": plan.at,
    }  # fmt: skip


def _recorded(plan: Planned) -> RecordedAsset:
    change = plan.change
    return RecordedAsset(
        plan.state.id,
        plan.belief.asset.name,
        new=len(change.added),
        reopened=change.reopened,
        closed=len(change.closed),
        changed=change.altered,
        seen=change.seen,
        counting=change.counting,
    )


def _tell(work: Work, plan: Planned, recorded: RecordedAsset, import_id: str) -> None:
    change = plan.change
    groups = (
        ("finding.new", change.new),
        ("finding.reopened", change.again),
        ("finding.closed", change.over),
    )
    for kind, rows in groups:
        if not len(rows):
            continue
        document, worst = events.grouped(rows)
        document |= {"asset": recorded.id, "name": recorded.name, "import": import_id or None}
        subject = ("asset", recorded.id)
        events.emit(work, kind, subject, document, plan.at, severity=worst, about=rows)
