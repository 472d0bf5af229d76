"""Many rows at a time."""

from __future__ import annotations

import pytest
from tests.store_fixtures import NOW, Store

from vigie.stores.relational import bulk
from vigie.stores.relational.database import Work
from vigie.stores.relational.guard import ScopeError
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.assets import COMPONENTS

MANY = bulk.PORTION * 2 + 3


def rows(number: int) -> list[dict[str, object]]:
    return [
        {"id": new_id(), "key": f"npm p{n} 1", "type": "npm", "name": f"p{n}", "version": "1",
         "purl": "", "licences": [], "search": "", "first_seen": NOW}
        for n in range(number)
    ]  # fmt: skip


def names(work: Work) -> list[str]:
    found = bulk.select_where(work, COMPONENTS, "type", ["npm", "pypi"], COMPONENTS.c.name)
    return sorted(row.name for row in found)


def test_more_than_one_portion_is_written_changed_and_removed(store: Store) -> None:
    with store.database.begin(of_tenant(store.tenant("acme"))) as work:
        made = rows(MANY)
        bulk.insert_all(work, COMPONENTS, made)
        assert len(names(work)) == MANY
        bulk.update_each(
            work, COMPONENTS, [{"id": row["id"], "name": f"new {row['name']}"} for row in made]
        )
        assert all(name.startswith("new p") for name in names(work))
        ids = [row["id"] for row in made]
        assert bulk.update_where(work, COMPONENTS, "id", ids, {"name": "x"}) == MANY
        assert names(work) == ["x"] * MANY
        assert bulk.delete_where(work, COMPONENTS, "id", ids[1:]) == MANY - 1
        assert names(work) == ["x"]


def test_what_is_there_already_is_left_as_it_is(store: Store) -> None:
    with store.database.begin(of_tenant(store.tenant("acme"))) as work:
        made = rows(MANY)
        assert bulk.insert_new(work, COMPONENTS, made[:10]) == 10
        again = [{**row, "id": new_id(), "name": "other"} for row in made]
        assert bulk.insert_new(work, COMPONENTS, again) == MANY - 10
        assert names(work).count("other") == MANY - 10
        assert bulk.insert_new(work, COMPONENTS, []) == 0


def test_a_column_may_be_called_like_the_one_that_is_compared(store: Store) -> None:
    with store.database.begin(of_tenant(store.tenant("acme"))) as work:
        bulk.insert_all(work, COMPONENTS, rows(2))
        changes = [{"key": "npm p0 1", "type": "pypi", "name": "moved"}]
        bulk.update_each(work, COMPONENTS, changes, ("key", "type"))
        assert names(work) == ["p0", "p1"]
        bulk.update_each(work, COMPONENTS, [{"key": "npm p0 1", "name": "moved"}], ("key",))
        assert names(work) == ["moved", "p1"]


def test_another_tenants_rows_are_out_of_reach(store: Store) -> None:
    made = rows(3)
    with store.database.begin(of_tenant(store.tenant("acme"))) as work:
        bulk.insert_all(work, COMPONENTS, made)
    ids = [row["id"] for row in made]
    with store.database.begin(of_tenant(store.tenant("other"))) as work:
        assert bulk.update_where(work, COMPONENTS, "id", ids, {"name": "x"}) == 0
        bulk.update_each(work, COMPONENTS, [{"id": ids[0], "name": "x"}])
        assert bulk.delete_where(work, COMPONENTS, "id", ids) == 0
        assert list(bulk.select_where(work, COMPONENTS, "id", ids)) == []
        with pytest.raises(ScopeError):
            bulk.insert_all(work, COMPONENTS, [{**rows(1)[0], "tenant_id": new_id()}])


def test_portions_are_full_but_for_the_last() -> None:
    assert list(bulk.portions(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(bulk.portions([], 2)) == []
