"""What a decision needs to know of findings, and the findings that a decision is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.bulk import portions, select_where, update_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import contains
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import (
    FINDING_NAMES,
    FINDINGS,
    RULES,
    SUPPRESSIONS,
)

_COLUMNS = (
    FINDINGS.c.id, FINDINGS.c.asset_id, FINDINGS.c.fingerprint, FINDINGS.c.kind,
    FINDINGS.c.severity, FINDINGS.c.decision, FINDINGS.c.score, FINDINGS.c.status,
    FINDINGS.c.counts, FINDINGS.c.suppression_id, FINDINGS.c.assignee, FINDINGS.c.closed_at,
    FINDINGS.c.revision, FINDINGS.c.rule_id, FINDINGS.c.component_id,
)  # fmt: skip


def of_ids(work: Work, ids: Iterable[str]) -> list[sa.Row[Any]]:
    """The findings of these ids, with the names of their rule and component."""
    return _with_names(work, FINDINGS.c.id, [one for one in ids if is_id(one)])


def of_rules(work: Work, names: Collection[str]) -> list[sa.Row[Any]]:
    """Every finding of a rule that goes by one of these names."""
    return _with_names(work, FINDINGS.c.rule_id, sorted(_rules(work, names)))


def of_fingerprints(work: Work, asset: str, names: Collection[str]) -> list[sa.Row[Any]]:
    """The findings of one asset that go by these identities."""
    table = FINDING_NAMES
    ids: list[str] = []
    for some in portions(sorted(names)):
        query = sa.select(table.c.finding_id).where(
            work.mine(table), table.c.asset_id == asset, table.c.fingerprint.in_(some)
        )
        ids += work.run(query).scalars()
    return of_ids(work, dict.fromkeys(ids))


def identities(work: Work, ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Every identity of each of these findings."""
    table = FINDING_NAMES
    found: dict[str, set[str]] = defaultdict(set)
    rows = select_where(
        work, table, "finding_id", sorted(ids), table.c.finding_id, table.c.fingerprint
    )  # fmt: skip
    for row in rows:
        found[row.finding_id].add(row.fingerprint)
    return {finding: frozenset(names) for finding, names in found.items()}


def documents(work: Work, ids: Collection[str]) -> dict[str, Any]:
    """What is believed of each of these findings from the evidence alone."""
    rows = select_where(
        work, FINDINGS, "id", sorted(ids), FINDINGS.c.id, FINDINGS.c.document
    )  # fmt: skip
    return {row.id: row.document for row in rows}


def touch_assets(work: Work, ids: Collection[str]) -> None:
    """An import that has read these assets has to read them again. They must be locked."""
    update_where(work, ASSETS, "id", sorted(ids), {"content": ASSETS.c.content + 1})


def decisions(work: Work, ids: Collection[str]) -> list[sa.Row[Any]]:
    """The decisions of these ids, also those that hold no longer."""
    return list(select_where(work, SUPPRESSIONS, "id", sorted(i for i in ids if is_id(i))))


def expired(work: Work, at: Any, most: int) -> list[sa.Row[Any]]:
    """Decisions whose time is over and that nobody has ended yet, the oldest first."""
    table = SUPPRESSIONS
    query = sa.select(table).where(
        work.mine(table), table.c.revoked_at.is_(None), table.c.expires_at <= at
    )
    return list(work.run(query.order_by(table.c.expires_at, table.c.id).limit(most)))


def assets_of_rules(work: Work, names: Collection[str]) -> list[str]:
    """The assets that have a finding of one of these rules, closed or not; sorted."""
    found: set[str] = set()
    for some in portions(sorted(_rules(work, names))):
        query = sa.select(FINDINGS.c.asset_id).where(
            work.mine(FINDINGS), FINDINGS.c.rule_id.in_(some)
        )
        found.update(work.run(query.distinct()).scalars())
    return sorted(found)


def _rules(work: Work, names: Collection[str]) -> set[str]:
    """The rules that go by one of these names, of their own or as an alias."""
    wanted = {name.upper() for name in names}
    found: set[str] = set()
    for some in portions(sorted(wanted), 50):
        query = sa.select(RULES.c.id, RULES.c.name, RULES.c.aliases).where(
            work.mine(RULES), sa.or_(*(contains(RULES.c.search, name) for name in some))
        )
        for row in work.run(query):
            if wanted & {name.upper() for name in (row.name, *(row.aliases or ()))}:
                found.add(row.id)
    return found


def _with_names(work: Work, column: Any, among: Iterable[str]) -> list[sa.Row[Any]]:
    source = FINDINGS.join(
        RULES, sa.and_(RULES.c.tenant_id == FINDINGS.c.tenant_id, RULES.c.id == FINDINGS.c.rule_id)
    ).outerjoin(
        COMPONENTS,
        sa.and_(
            COMPONENTS.c.tenant_id == FINDINGS.c.tenant_id,
            COMPONENTS.c.id == FINDINGS.c.component_id,
        ),
    )
    found: list[sa.Row[Any]] = []
    for some in portions(among):
        query = (
            sa.select(
                *_COLUMNS, RULES.c.name.label("rule"), RULES.c.aliases,
                COMPONENTS.c.type.label("package_type"), COMPONENTS.c.name.label("package"),
            )
            .select_from(source)
            .where(work.mine(FINDINGS), column.in_(some))
        )  # fmt: skip
        found += work.run(query)
    return found
