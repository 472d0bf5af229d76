"""Whoever sets up sign-on gives no more than they may give themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import NotAllowed, Role
from vigie.services.access import sign_on
from vigie.stores.relational import sign_ons
from vigie.stores.relational.scopes import SYSTEM

WANTED: dict[str, Any] = {
    "name": "Acme", "issuer": "https://id.example.org", "client_id": "vigie",
    "client_secret": "", "roles": {"it": "owner"}, "default_role": "", "enabled": True,
}  # fmt: skip


def test_an_admin_neither_gives_ownership_nor_bends_who_gets_it(
    store: Store, tmp_path: Path
) -> None:
    here = home(store, tmp_path)
    owner, admin = here.caller(Role.OWNER), here.caller(Role.ADMIN)
    with pytest.raises(NotAllowed), store.database.begin(admin.scope) as work:
        sign_on.create(work, here.place, admin, WANTED)
    with store.database.begin(owner.scope) as work:
        made = sign_on.create(work, here.place, owner, WANTED)
    for change in ({"issuer": "https://mine.example.org"}, {"roles": {"mine": "viewer"}}):
        with pytest.raises(NotAllowed):
            sign_on.change(here.place, admin, made["id"], change, None)
    with pytest.raises(NotAllowed):
        sign_on.remove(here.place, admin, made["id"], None)


def test_only_what_is_switched_on_is_offered(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    owner = here.caller(Role.OWNER)
    with store.database.begin(owner.scope) as work:
        made = sign_on.create(work, here.place, owner, WANTED)
    assert [one["id"] for one in sign_on.offered(here.place, "acme")] == [made["id"]]
    assert sign_on.offered(here.place, here.other) == []
    sign_on.change(here.place, owner, made["id"], {"enabled": False}, None)
    assert sign_on.offered(here.place, "acme") == []
    with store.database.read(SYSTEM) as work:
        assert sign_ons.one(work, made["id"]) is None
        assert sign_ons.one(work, "x") is None
