"""Assets: lists, one with its counts, its runs and what has not been looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from vigie.model.findings import Status
from vigie.model.queries import Operator, Page, Query
from vigie.model.runs import Outcome
from vigie.model.text import T
from vigie.services import judging_anew
from vigie.services.failures import Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.recording.writing import search_text
from vigie.services.records import Noun
from vigie.services.records import find as row_of
from vigie.stores.relational import assets, records
from vigie.stores.relational.database import Work
from vigie.stores.relational.listing import page_of
from vigie.stores.relational.listings import assets as listed
from vigie.stores.relational.listings import components as listed_components
from vigie.stores.relational.listings import rules as listed_rules
from vigie.stores.relational.listings import runs as listed_runs
from vigie.stores.relational.tables.assets import ASSET_COMPONENTS, ASSETS, COMPONENTS, RUNS
from vigie.stores.relational.tables.findings import FINDINGS, RULES, TALLIES

ASSET = Noun("asset", ASSETS)
COMPONENT = Noun("component", COMPONENTS)
RUN = Noun("run", RUNS)
RULE = Noun("rule", RULES)
_SHOWN = tuple(c.name for c in ASSETS.c if c.name not in ("tenant_id", "search", "content"))
_COUNTING = tuple(status.value for status in Status if status.counts)
BY_SEVERITY = "by_severity"
FINDINGS_OF = "findings"
_EDITED = ("owner", "criticality", "exposure", "labels")


def page(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the assets; `by_severity`, how many findings of each count, is no field of the
    rows and is added to those of the page."""
    wanted = not query.fields or BY_SEVERITY in query.fields
    fields = tuple(name for name in query.fields if name != BY_SEVERITY)
    if query.fields and not fields:
        fields = ("id",)
    with platform.database.read(caller.scope) as work:
        found = page_of(work, listed.LISTING, replace(query, fields=fields))
        if not wanted:
            return found
        counts = _severities(work, [item["id"] for item in found.items])
    items = tuple({**item, BY_SEVERITY: counts.get(item["id"], {})} for item in found.items)
    return replace(found, items=items)


def _severities(work: Work, ids: Sequence[str]) -> Mapping[str, dict[str, int]]:
    """How many findings count at each of these assets, by severity."""
    table = TALLIES
    query = (
        sa.select(table.c.asset_id, table.c.severity, sa.func.sum(table.c["count"]).label("number"))
        .where(work.mine(table), table.c.asset_id.in_(ids), table.c.status.in_(_COUNTING))
        .group_by(table.c.asset_id, table.c.severity)
    )
    found: dict[str, dict[str, int]] = {}
    for row in work.run(query).all():
        found.setdefault(row.asset_id, {})[row.severity.value] = int(row.number)
    return found


def find(work: Work, asset_id: str) -> dict[str, Any]:
    """The asset's row. Raises NotFound, also for another tenant's."""
    return row_of(work, ASSET, asset_id)


def one(platform: Platform, caller: Caller, asset_id: str) -> dict[str, Any]:
    """The asset, how many findings count by severity, and each tool's latest run."""
    with platform.database.read(caller.scope) as work:
        return _told(work, find(work, asset_id))


def _told(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    counts = _counts(work, row["id"])
    runs = _latest_runs(work, row["id"])
    return {
        **{name: row[name] for name in _SHOWN},
        "counts": counts,
        "coverage": _coverage(row, runs),
        "runs": runs,
    }


def change(
    platform: Platform,
    caller: Caller,
    asset_id: str,
    values: Mapping[str, Any],
    expected: int | None,
) -> dict[str, Any]:
    """Set owner, criticality, exposure or labels. Raises NotFound, and Outdated when somebody
    else changed it since the caller read it."""
    with platform.database.begin(caller.scope) as work:
        before = find(work, asset_id)
        changed = {k: v for k, v in values.items() if k in _EDITED and before[k] != v}
        if "labels" in changed:
            assets.put_labels(work, asset_id, changed["labels"])
        if changed:
            labels = changed.get("labels", before["labels"]) or {}
            columns = {**changed, "search": search_text(before["name"], before["key"], labels)}
            _write(work, asset_id, columns, expected)
            work.audit(caller.entry("asset.change", "asset", asset_id, **changed))
        if judging_anew.WEIGHED & set(changed):
            judging_anew.ask(work, platform, caller, asset_id)
        return _told(work, find(work, asset_id))


def archive(
    platform: Platform, caller: Caller, asset_id: str, expected: int | None, *, away: bool
) -> dict[str, Any]:
    """Put it away, or bring it back: nothing of it is lost."""
    with platform.database.begin(caller.scope) as work:
        before = find(work, asset_id)
        if bool(before["archived_at"]) != away:
            at = platform.clock() if away else None
            _write(work, asset_id, {"archived_at": at}, expected)
            action = "asset.archive" if away else "asset.restore"
            work.audit(caller.entry(action, "asset", asset_id, name=before["name"]))
        return _told(work, find(work, asset_id))


def _write(work: Work, asset_id: str, columns: Mapping[str, Any], expected: int | None) -> None:
    try:
        records.change(work, ASSETS, asset_id, columns, expected)
    except records.StaleError:
        raise Outdated(
            T("this {noun} has been changed since you read it", noun=T("asset")),
            T("Read it again, then change it with its new ETag."),
        ) from None


def _counts(work: Work, asset_id: str) -> dict[str, Any]:
    """What counts, by severity and decision; and how many do not count any more."""
    table = TALLIES
    columns = (table.c.severity, table.c.decision, table.c.status)
    number = sa.func.sum(table.c["count"]).label("number")
    query = (
        sa.select(*columns, number)
        .where(work.mine(table), table.c.asset_id == asset_id)
        .group_by(*columns)
    )
    found: dict[str, Any] = {"total": 0, "by_severity": {}, "by_decision": {}, "by_status": {}}
    for row in work.run(query).all():
        count = int(row.number)
        _add(found["by_status"], row.status, count)
        if row.status in _COUNTING:
            found["total"] += count
            _add(found["by_severity"], row.severity.value, count)
            _add(found["by_decision"], row.decision.value, count)
    return found


def _add(counts: dict[str, int], word: str, number: int) -> None:
    counts[word] = counts.get(word, 0) + number


def _latest_runs(work: Work, asset_id: str) -> list[dict[str, Any]]:
    query = (
        sa.select(RUNS.c.id, RUNS.c.tool, RUNS.c.version, RUNS.c.outcome, RUNS.c.database_date,
                  RUNS.c.records, RUNS.c.observations, RUNS.c.at)
        .where(work.mine(RUNS), RUNS.c.asset_id == asset_id, RUNS.c.latest.is_(True))
        .order_by(RUNS.c.tool, RUNS.c.id)
        .limit(200)
    )  # fmt: skip
    return [dict(row) for row in work.run(query).mappings().all()]


def _coverage(row: Mapping[str, Any], runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Who looked at everything, who did not, and since when nobody has. None is 'never': that
    is unknown, and not 'nothing found'."""
    whole = {run["tool"] for run in runs if run["outcome"] == Outcome.COMPLETE}
    every = {run["tool"] for run in runs}
    short = {run["tool"] for run in runs if run["outcome"] != Outcome.COMPLETE}
    return {
        "looked_at": row["looked_at"],
        "assessed": row["looked_at"] is not None,
        "complete": sorted(whole - short),
        "incomplete": sorted(every & short),
    }


def components(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the components; `findings`, how many of each count in the assets that are asked
    for, is no field of the rows and is added to those of the page."""
    wanted = not query.fields or FINDINGS_OF in query.fields
    fields = tuple(name for name in query.fields if name != FINDINGS_OF)
    if query.fields and not fields:
        fields = ("id",)
    named = (one for one in query.filters if one.field == "asset_id")
    among = [value for one in named if one.operator is Operator.IS for value in one.values]
    with platform.database.read(caller.scope) as work:
        found = page_of(work, listed_components.LISTING, replace(query, fields=fields))
        if not wanted:
            return found
        counts = _findings_of(work, [item["id"] for item in found.items], among)
    items = tuple({**item, FINDINGS_OF: counts.get(item["id"], 0)} for item in found.items)
    return replace(found, items=items)


def _findings_of(work: Work, ids: Sequence[str], assets_named: Sequence[str]) -> dict[str, int]:
    """How many findings count of each of these components, in these assets or in all."""
    table = FINDINGS
    query = (
        sa.select(table.c.component_id, sa.func.count().label("number"))
        .where(work.mine(table), table.c.component_id.in_(ids), table.c.counts.is_(True))
        .group_by(table.c.component_id)
    )
    if assets_named:
        query = query.where(table.c.asset_id.in_(assets_named))
    return {row.component_id: int(row.number) for row in work.run(query).all()}


def component(platform: Platform, caller: Caller, component_id: str) -> dict[str, Any]:
    """A component, and in how many assets it lies. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        row = row_of(work, COMPONENT, component_id)
        table = ASSET_COMPONENTS
        number = work.run(
            sa.select(sa.func.count())
            .select_from(table)
            .where(work.mine(table), table.c.component_id == component_id)
        ).scalar_one()
        shown = ("id", "type", "name", "version", "purl", "licences", "first_seen")
        return {**{name: row[name] for name in shown}, "assets": number}


def runs(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the runs."""
    with platform.database.read(caller.scope) as work:
        return page_of(work, listed_runs.LISTING, query)


def run(platform: Platform, caller: Caller, run_id: str) -> dict[str, Any]:
    """A run with its problems. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        row = row_of(work, RUN, run_id)
        return {name: value for name, value in row.items() if name != "tenant_id"}


def rules(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the advisories, checks and patterns that were ever matched."""
    with platform.database.read(caller.scope) as work:
        return page_of(work, listed_rules.LISTING, query)


def rule(platform: Platform, caller: Caller, rule_id: str) -> dict[str, Any]:
    """One with its description and references. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        row = row_of(work, RULE, rule_id)
        shown = {name: row[name] for name in ("id", "name", "title", "aliases")}
        return {**shown, **(row["document"] or {})}
