"""Matching: which stored asset a share is about, and stored assets that turn out to be one.

The key decides first, then what is in it (content digests), then the other names it may go by.
So a new tag, a re-tag and a report that knows only the digest are the same asset. A name without
a kind may mean an image as well as a folder: it is that of which somebody speaks first, and the
other is an asset of its own. Two stored
assets that one share names both are united only when one of them was never properly named: a
folder of unknown kind, an image known by its digest alone. Two that have names stay two, for
an image that was copied to another name is deployed, owned and decided about apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from vigie.model.assets import AssetKind
from vigie.model.text import T
from vigie.services.failures import NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.recording.shares import Share, is_key
from vigie.stores.relational import assets, findings
from vigie.stores.relational.bulk import delete_where, select_where, update_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.assets import (
    ASSET_COMPONENTS,
    ASSET_LABELS,
    ASSET_NAMES,
    ASSETS,
    RUNS,
)
from vigie.stores.relational.tables.findings import (
    FINDING_NAMES,
    FINDINGS,
    OBSERVATIONS,
    SUPPRESSIONS,
)
from vigie.triage.asset_names import is_digest

_CONTENTS = ("layers:", "config:", "manifest:")


@dataclass(frozen=True, slots=True)
class Match:
    """The asset's id, "" when it is new; and those that are the same, but were never named."""

    asset: str = ""
    same: tuple[str, ...] = ()


def asset_row(work: Work, asset: str) -> Mapping[str, Any]:
    """A stored asset. Raises NotFound, also for another tenant's."""
    row = assets.by_id(work, [asset]).get(asset) if is_id(asset) else None
    if row is None:
        raise NotFound(T("there is no asset {id}", id=asset[:100]))
    return row


def match(work: Work, share: Share) -> Match:
    """Find the share's asset among those stored."""
    found = assets.named(work, share.names)
    rows = assets.by_id(work, set(found.values()))
    kind = share.identified.target.asset.kind
    found = {n: i for n, i in found.items() if i in rows and not is_other(n, rows[i], kind)}
    if not found:
        return Match()
    ranked = sorted(found, key=lambda name: (name != share.identified.key, _rank(name), name))
    ids = list(dict.fromkeys(found[name] for name in ranked))
    if len(ids) == 1:
        return Match(ids[0])
    unnamed = [i for i in ids if _is_unnamed(rows[i])]
    named = [i for i in ids if i not in unnamed]
    home = (named or sorted(unnamed, key=lambda i: (rows[i]["first_seen"], i)))[0]
    return Match(home, tuple(i for i in unnamed if i != home))


def is_other(name: str, row: Mapping[str, Any], kind: AssetKind) -> bool:
    """True when the stored asset that this name finds is known to be of another kind than what
    goes by the name now. What is in it says more than a name."""
    known = AssetKind(row["kind"])
    return AssetKind.UNKNOWN not in (known, kind) and known is not kind and is_key(name)


def unite(platform: Platform, caller: Caller, match_: Match) -> None:
    """Move everything of the assets that are the same to the one, and remove them.

    What is believed of the whole is concluded by the import that follows; until then the one
    holds the findings of both.
    """
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)  # they move as well
        held = assets.lock(work, [match_.asset, *match_.same])
        if match_.asset not in held:
            return
        for other in match_.same:
            if other in held:
                _move(work, other, match_.asset)
                work.audit(caller.entry("asset.unite", "asset", match_.asset, absorbed=other))
        findings.count_anew(work, [match_.asset])
        assets.update(work, match_.asset, {"content": held[match_.asset] + 1})


def _move(work: Work, one: str, home: str) -> None:
    """All rows of one asset to another. What the other has already is dropped, but for
    findings: what people said of these goes over to the other's."""
    there = {row.fingerprint: row.id for row in findings.of_asset(work, home)}
    pairs = [
        (row.id, there[row.fingerprint])
        for row in findings.of_asset(work, one)
        if row.fingerprint in there
    ]
    findings.absorb(work, pairs)
    _drop_twins(work, FINDING_NAMES, one, home, "fingerprint")
    _drop_twins(work, OBSERVATIONS, one, home, "tool", "digest")
    _drop_twins(work, ASSET_LABELS, one, home, "key")
    _drop_twins(work, ASSET_COMPONENTS, one, home, "component_id")
    for table in (ASSET_NAMES, ASSET_LABELS, ASSET_COMPONENTS, RUNS, FINDINGS, FINDING_NAMES,
                  OBSERVATIONS, SUPPRESSIONS):  # fmt: skip
        update_where(work, table, "asset_id", [one], {"asset_id": home})
    delete_where(work, ASSETS, "id", [one])


def _drop_twins(work: Work, table: sa.Table, one: str, home: str, *unique: str) -> None:
    columns = [table.c[name] for name in unique]
    there = {tuple(row) for row in select_where(work, table, "asset_id", [home], *columns)}
    for row in list(select_where(work, table, "asset_id", [one], *columns)):
        if tuple(row) in there:
            same = [column == value for column, value in zip(columns, row, strict=True)]
            work.run(sa.delete(table).where(work.mine(table), table.c.asset_id == one, *same))


def _rank(name: str) -> int:
    """What is in it, then names of a kind, then a name without one."""
    if name.startswith(_CONTENTS):
        return 0
    return 2 if name.startswith(f"{AssetKind.UNKNOWN.value}:") else 1


def _is_unnamed(row: Mapping[str, Any]) -> bool:
    kind, _, name = row["key"].partition(":")
    return kind == AssetKind.UNKNOWN.value or is_digest(name.rpartition(":")[2])
