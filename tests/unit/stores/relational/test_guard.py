"""No statement leaves its tenant, however it is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import insert as upsert

from vigie.stores.relational.guard import ScopeError, check
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import API_KEYS, MEMBERSHIPS, SESSIONS, TENANTS, USERS
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import FINDINGS, RULES
from vigie.stores.relational.tables.operations import JOBS, QUEUE

MINE, OTHER = new_id(), new_id()
A, F, Z = ASSETS, FINDINGS, ASSETS.alias("z")

GOOD: dict[str, Callable[[], Any]] = {
    "select": lambda: sa.select(A.c.id).where(A.c.tenant_id == MINE),
    "alias": lambda: sa.select(Z.c.id).where(Z.c.tenant_id == MINE),
    "join held by its condition": lambda: (
        sa.select(F.c.id)
        .join(A, sa.and_(A.c.id == F.c.asset_id, A.c.tenant_id == F.c.tenant_id))
        .where(F.c.tenant_id == MINE)
    ),
    "chain of joins": lambda: (
        sa.select(RULES.c.id)
        .join(F, sa.and_(F.c.rule_id == RULES.c.id, F.c.tenant_id == RULES.c.tenant_id))
        .join(A, sa.and_(A.c.id == F.c.asset_id, A.c.tenant_id == F.c.tenant_id))
        .where(A.c.tenant_id == MINE)
    ),
    "inner select": lambda: sa.select(F.c.id).where(
        F.c.tenant_id == MINE,
        F.c.asset_id.in_(sa.select(A.c.id).where(A.c.tenant_id == MINE)),
    ),
    "update": lambda: sa.update(A).where(A.c.tenant_id == MINE).values(name="x"),
    "delete": lambda: sa.delete(A).where(A.c.tenant_id == MINE),
    "insert": lambda: sa.insert(A).values(tenant_id=MINE, id=new_id()),
    "insert many": lambda: sa.insert(A).values([{"tenant_id": MINE}, {"tenant_id": MINE}]),
    "upsert": lambda: upsert(A).values(tenant_id=MINE, key="x").on_conflict_do_nothing(),
    "people by their membership": lambda: (
        sa.select(USERS.c.email)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.tenant_id == MINE)
    ),
    "union": lambda: sa.union_all(
        sa.select(A.c.id).where(A.c.tenant_id == MINE),
        sa.select(Z.c.id).where(Z.c.tenant_id == MINE),
    ),
    "subquery": lambda: sa.select(sa.func.count()).select_from(
        sa.select(A.c.id).where(A.c.tenant_id == MINE).subquery()
    ),
    "common table": lambda: sa.select(
        sa.select(A.c.id).where(A.c.tenant_id == MINE).cte("mine").c.id
    ),
}
BAD: dict[str, Callable[[], Any]] = {
    "no condition": lambda: sa.select(A.c.id),
    "count of all": lambda: sa.select(sa.func.count()).select_from(A),
    "other tenant": lambda: sa.select(A.c.id).where(A.c.tenant_id == OTHER),
    "not mine": lambda: sa.select(A.c.id).where(A.c.tenant_id != MINE),
    "in a list": lambda: sa.select(A.c.id).where(A.c.tenant_id.in_([MINE, OTHER])),
    "alias unheld": lambda: sa.select(Z.c.id).where(A.c.tenant_id == MINE),
    "join unheld": lambda: (
        sa.select(F.c.id).join(A, A.c.id == F.c.asset_id).where(F.c.tenant_id == MINE)
    ),
    "cross join": lambda: sa.select(A.c.id, Z.c.id).where(A.c.tenant_id == MINE),
    "inner select unheld": lambda: sa.select(F.c.id).where(
        F.c.tenant_id == MINE, F.c.asset_id.in_(sa.select(A.c.id))
    ),
    "exists unheld": lambda: sa.select(F.c.id).where(
        F.c.tenant_id == MINE, sa.exists().where(A.c.id == F.c.asset_id)
    ),
    "scalar unheld": lambda: sa.select(sa.select(sa.func.count()).select_from(A).scalar_subquery()),
    "half a union": lambda: sa.union_all(
        sa.select(A.c.id).where(A.c.tenant_id == MINE), sa.select(Z.c.id)
    ),
    "common table unheld": lambda: sa.select(sa.select(A.c.id).cte("all").c.id),
    "update all": lambda: sa.update(A).values(name="x"),
    "delete all": lambda: sa.delete(A),
    "insert for another": lambda: sa.insert(A).values(tenant_id=OTHER, id=new_id()),
    "insert without": lambda: sa.insert(A).values(id=new_id()),
    "one of many for another": lambda: sa.insert(A).values(
        [{"tenant_id": MINE}, {"tenant_id": OTHER}]
    ),
    "insert from a select": lambda: sa.insert(A).from_select(
        ["tenant_id", "id"], sa.select(Z.c.tenant_id, Z.c.id)
    ),
    "text": lambda: sa.text("SELECT * FROM assets"),
    "text inside": lambda: sa.select(sa.text("* FROM assets")),
    "column of text": lambda: sa.select(sa.literal_column("(SELECT count(*) FROM assets)")),
    "sessions by their owner alone": lambda: sa.select(SESSIONS.c.id),
    "the queue": lambda: sa.select(QUEUE.c.job_id),
    "moving a row to another": lambda: (
        sa.update(A).where(A.c.tenant_id == MINE).values(tenant_id=OTHER)
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_stays_inside_passes(name: str) -> None:
    check(GOOD[name](), [], of_tenant(MINE))


@pytest.mark.parametrize("name", BAD)
def test_what_reaches_outside_is_not_sent(name: str) -> None:
    with pytest.raises(ScopeError):
        check(BAD[name](), [], of_tenant(MINE))


@pytest.mark.parametrize(
    "rows", [[{"tenant_id": OTHER}], [{"tenant_id": MINE}, {}]], ids=["other", "none"]
)
def test_rows_given_apart_must_be_the_tenants(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(ScopeError):
        check(sa.insert(A), rows, of_tenant(MINE))


@pytest.mark.parametrize("name", ["no condition", "count of all", "delete all", "update all"])
def test_the_system_reaches_no_tenants_content(name: str) -> None:
    with pytest.raises(ScopeError, match="not reached"):
        check(BAD[name](), [], SYSTEM)


def test_the_system_reaches_what_is_shared() -> None:
    check(sa.select(JOBS.c.id), [], SYSTEM)
    check(sa.select(TENANTS.c.id), [], SYSTEM)
    with pytest.raises(ScopeError):
        check(sa.select(API_KEYS.c.id), [], SYSTEM)


@given(st.lists(st.sampled_from([MINE, OTHER, "", None]), min_size=1, max_size=4))
def test_only_the_tenants_own_id_holds_a_statement(values: list[str | None]) -> None:
    statement = sa.select(A.c.id).where(*(A.c.tenant_id == value for value in values))
    if MINE in values:
        check(statement, [], of_tenant(MINE))
    else:
        with pytest.raises(ScopeError):
            check(statement, [], of_tenant(MINE))


def test_one_side_of_an_or_holds_nothing() -> None:
    loose = sa.select(A.c.id).where(sa.or_(A.c.tenant_id == MINE, A.c.name == "x"))
    with pytest.raises(ScopeError):
        check(loose, [], of_tenant(MINE))
    with pytest.raises(ScopeError):
        check(sa.select(A.c.id).where(~(A.c.tenant_id == MINE)), [], of_tenant(MINE))


@pytest.mark.parametrize("name", GOOD)
def test_a_shape_that_is_known_is_held_to_its_own_tenant(name: str) -> None:
    """The second time a shape is met, only its values are looked at: they must all be right."""
    check(GOOD[name](), [], of_tenant(MINE))
    check(GOOD[name](), [], of_tenant(MINE))
    with pytest.raises(ScopeError):
        check(GOOD[name](), [], of_tenant(OTHER))


def test_a_known_shape_of_the_system_is_not_known_for_a_tenant() -> None:
    statement = sa.select(JOBS.c.id)
    check(statement, [], SYSTEM)
    with pytest.raises(ScopeError):
        check(statement, [], of_tenant(MINE))
