"""Members, owners, tenants and keys as rows, in both databases."""

from __future__ import annotations

from threading import Event, Thread

from tests.access_made import new_person
from tests.store_fixtures import NOW, Store

from vigie.model.access import Role
from vigie.stores.relational import access, keys, people, tenants
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import API_KEYS


def test_somebody_is_taken_in_once(store: Store) -> None:
    tenant = store.tenant("Acme")
    user = new_person(store, tenant, None)
    with store.database.begin(SYSTEM) as work:
        assert people.add_membership(work, tenant, user, "viewer", NOW)
        assert not people.add_membership(work, tenant, user, "owner", NOW)
        row = people.member(work, tenant, user)
        assert row is not None and row["role"] == "viewer"
        assert not people.has_other_owner(work, tenant, user)
        assert people.tenant_count(work, user) == 1


def test_a_disabled_owner_is_none(store: Store) -> None:
    tenant = store.tenant("Acme")
    one = new_person(store, tenant)
    new_person(store, tenant, disabled_at=NOW)
    with store.database.begin(SYSTEM) as work:
        assert not people.has_other_owner(work, tenant, one)
    two = new_person(store, tenant)
    with store.database.begin(SYSTEM) as work:
        assert people.has_other_owner(work, tenant, one)
        assert people.has_other_owner(work, tenant, two)


def test_a_tenants_scope_shows_its_own_people_alone(store: Store) -> None:
    ours, theirs = store.tenant("Acme"), store.tenant("Other")
    user = new_person(store, theirs)
    with store.database.read(of_tenant(ours)) as work:
        assert people.member(work, ours, user) is None
    with store.database.read(of_tenant(theirs)) as work:
        found = people.member(work, theirs, user)
    assert found is not None and "password_hash" not in found


def test_super_admins_are_those_who_may_come_in(store: Store) -> None:
    tenant = store.tenant("Acme")
    boss = new_person(store, tenant, Role.SUPER_ADMIN)
    new_person(store, tenant, Role.SUPER_ADMIN, disabled_at=NOW)
    with store.database.read(SYSTEM) as work:
        assert tenants.super_admins(work) == [boss]
        assert tenants.one(work, tenant) is not None


def test_a_key_comes_with_what_its_maker_is_now(store: Store) -> None:
    tenant, key = store.tenant("Acme"), new_id()
    maker = new_person(store, tenant, Role.ADMIN)
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(API_KEYS, [{"id": key, "created_by": maker, "created_at": NOW}])
        row = keys.with_maker(work, key)
        assert row is not None and (row["role"], row["slug"]) == ("admin", "acme")
    with store.database.begin(SYSTEM) as work:
        people.remove_membership(work, tenant, maker)
    with store.database.read(of_tenant(tenant)) as work:
        row = keys.with_maker(work, key)
    assert row is not None and row["role"] is None


def test_what_is_remembered_first_stays(store: Store) -> None:
    with store.database.begin(SYSTEM) as work:
        assert access.remember_first(work, "a", "one") == "one"
        assert access.remember_first(work, "a", "two") == "one"
        assert access.fact(work, "b") is None


def test_two_owners_do_not_take_each_other_away(store: Store) -> None:
    """Whoever comes second waits for the first, and then sees what the first did."""
    tenant = store.tenant("Acme")
    one, two = new_person(store, tenant), new_person(store, tenant)
    asked, seen = Event(), []

    def second() -> None:
        with store.another().begin(SYSTEM) as work:
            seen.append(people.has_other_owner(work, tenant, two))
            asked.set()

    with store.database.begin(SYSTEM) as work:
        assert people.has_other_owner(work, tenant, one)
        thread = Thread(target=second)
        thread.start()
        assert not asked.wait(1.0), "the second did not wait"
        people.set_role(work, tenant, one, "admin")
    thread.join(30)
    assert seen == [False]
