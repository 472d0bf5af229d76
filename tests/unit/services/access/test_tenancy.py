"""Tenants are listed, found and changed by who may see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import Role
from vigie.model.queries import Filter, Operator, Query
from vigie.services.access import tenancy
from vigie.services.failures import Conflict, NotFound, Outdated


def test_everybody_sees_their_own_and_a_super_admin_all(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    owner, boss = here.caller(Role.OWNER), here.caller(Role.SUPER_ADMIN)
    slugs = [
        [row["slug"] for row in tenancy.page(here.place, who, Query(sort="slug")).items]
        for who in (owner, boss)
    ]
    assert slugs == [["acme"], ["acme", "other"]]
    named = Query(filters=(Filter("slug", Operator.IS, ("other",)),))
    assert tenancy.page(here.place, owner, named).items == ()
    assert tenancy.page(here.place, boss, named).total == 1
    with pytest.raises(NotFound):
        tenancy.read(here.place, owner, here.other)


def test_a_tenant_is_changed_by_who_read_the_latest(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    boss = here.caller(Role.SUPER_ADMIN)
    changed = tenancy.change(here.place, boss, here.tenant, {"name": "New"}, 1)
    assert (changed["name"], changed["revision"]) == ("New", 2)
    with pytest.raises(Outdated):
        tenancy.change(here.place, boss, here.tenant, {"name": "Newer"}, 1)
    with pytest.raises(Conflict):
        tenancy.change(here.place, boss, here.tenant, {"slug": "other"}, None)
    assert here.actions() == ["tenant.change"]
