"""Transactions over both databases: whole or not at all, in one scope, audited."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.model.errors import SourceError, UserError
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.database import Database
from vigie.stores.relational.guard import ScopeError
from vigie.stores.relational.ids import PLATFORM, new_id
from vigie.stores.relational.scopes import SYSTEM, Scope, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.governance import AUDIT, SETTINGS


def asset(key: str = "image:shop") -> dict[str, object]:
    return {"id": new_id(), "key": key, "kind": "image", "first_seen": NOW, "last_seen": NOW}


def keys(database: Database, tenant: str) -> list[str]:
    with database.read(of_tenant(tenant)) as work:
        rows = work.run(sa.select(ASSETS.c.key).where(work.mine(ASSETS)).order_by(ASSETS.c.key))
        return [row.key for row in rows]


def test_what_was_written_is_there_for_the_next(store: Store) -> None:
    tenant = store.tenant("Acme")
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [asset()])
    assert keys(store.another(), tenant) == ["image:shop"]


def test_an_id_comes_back_as_its_canonical_text(store: Store) -> None:
    tenant, row = store.tenant("Acme"), asset()
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [row])
    with store.database.read(of_tenant(tenant)) as work:
        found = work.run(sa.select(ASSETS.c.id, ASSETS.c.tenant_id).where(work.mine(ASSETS))).one()
    assert tuple(found) == (row["id"], tenant)
    assert all(type(one) is str for one in found)


def test_an_error_undoes_all_of_it_and_calls_nobody(store: Store) -> None:
    tenant, called = store.tenant("Acme"), []
    with pytest.raises(KeyError), store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [asset()])
        work.audit(Entry("asset.create"))
        work.then(lambda: called.append(1))
        raise KeyError
    assert keys(store.database, tenant) == []
    assert called == []
    with store.database.read(of_tenant(tenant)) as work:
        assert work.run(sa.select(AUDIT.c.seq).where(work.mine(AUDIT))).all() == []


def test_what_follows_is_called_once_it_is_committed(store: Store) -> None:
    tenant, seen = store.tenant("Acme"), []
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [asset()])
        work.then(lambda: seen.append(keys(store.database, tenant)))
        assert seen == []
    assert seen == [["image:shop"]]


def test_an_action_whose_entry_cannot_be_written_does_not_happen(store: Store) -> None:
    tenant = store.tenant("Acme")
    unwritable = Entry("asset.create", detail={"what": object()})
    with pytest.raises(TypeError), store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [asset()])
        work.audit(unwritable)
    assert keys(store.database, tenant) == []


def test_a_reader_sees_one_state_and_cannot_write(store: Store) -> None:
    tenant = store.tenant("Acme")
    with store.database.read(of_tenant(tenant)) as work:
        if store.dialect == "postgresql":
            with pytest.raises(sa.exc.InternalError, match="read-only"):
                work.insert(ASSETS, [asset()])


def test_a_reader_sees_one_state_from_its_first_look_to_its_last(store: Store) -> None:
    tenant = store.tenant("Acme")
    query = sa.select(sa.func.count()).select_from(ASSETS).where(ASSETS.c.tenant_id == tenant)
    with store.database.read(of_tenant(tenant)) as work:
        before = work.run(query).scalar_one()
        with store.another().begin(of_tenant(tenant)) as writing:
            writing.insert(ASSETS, [asset()])
        assert work.run(query).scalar_one() == before == 0
    # The pool's next transaction is no longer held to that.
    assert keys(store.database, tenant) == ["image:shop"]


def test_writers_take_turns_and_none_is_lost(store: Store) -> None:
    tenant = store.tenant("Acme")
    databases = [store.database, store.another()]

    def write(number: int) -> None:
        with databases[number % 2].begin(of_tenant(tenant)) as work:
            work.insert(ASSETS, [asset(f"image:{number:02}")])
            work.audit(Entry("asset.create"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert keys(store.database, tenant) == [f"image:{n:02}" for n in range(12)]
    with store.database.read(of_tenant(tenant)) as work:
        places = work.run(sa.select(AUDIT.c.seq).where(work.mine(AUDIT)).order_by(AUDIT.c.seq))
        assert [row.seq for row in places] == list(range(1, 13))


@pytest.mark.parametrize("shift", [0, 2, -11])
def test_times_come_back_as_the_same_moment_in_utc(store: Store, shift: int) -> None:
    tenant = store.tenant("Acme")
    said = datetime(2026, 7, 4, 23, 59, 58, 123457, timezone(timedelta(hours=shift)))
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [{**asset(), "last_seen": said}])
    with store.database.read(of_tenant(tenant)) as work:
        there = work.run(sa.select(ASSETS.c.last_seen).where(work.mine(ASSETS))).scalar_one()
    assert there == said
    assert there.tzinfo is UTC


def test_a_time_without_an_offset_is_refused(store: Store) -> None:
    tenant = store.tenant("Acme")
    naive = datetime(2026, 7, 4)  # noqa: DTZ001
    refused = pytest.raises(sa.exc.StatementError, match="without an offset")
    with refused, store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [{**asset(), "last_seen": naive}])


@pytest.mark.parametrize("value", [None, [], {"é": [1, 2.5, None, True]}, "a\x00b"], ids=repr)
def test_documents_come_back_as_they_were(store: Store, value: object) -> None:
    tenant = store.tenant("Acme")
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(SETTINGS, [{"name": "x", "value": value, "updated_at": NOW}])
    with store.database.read(of_tenant(tenant)) as work:
        there = work.run(sa.select(SETTINGS.c.value).where(work.mine(SETTINGS))).scalar_one()
    # NUL is the one character that PostgreSQL cannot keep.
    assert there == (value.replace("\x00", "\ufffd") if isinstance(value, str) else value)


def test_sizes_are_looked_at_without_harm(store: Store) -> None:
    tenant = store.tenant("Acme")
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [asset(f"image:{n}") for n in range(100)])
    store.database.look_at_sizes()
    assert len(keys(store.database, tenant)) == 100


def test_what_the_database_cannot_keep_is_the_senders_to_mend(store: Store) -> None:
    tenant = store.tenant("Acme")
    with (
        pytest.raises(UserError, match="cannot keep"),
        store.database.begin(of_tenant(tenant)) as work,
    ):
        work.run(sa.update(ASSETS).where(work.mine(ASSETS)).values(content=2**70))
    if store.dialect == "postgresql":  # SQLite keeps a NUL as any other character
        with (
            pytest.raises(UserError, match="cannot keep"),
            store.database.begin(of_tenant(tenant)) as work,
        ):
            work.insert(ASSETS, [asset("image:a\x00b")])
    assert keys(store.database, tenant) == []


@pytest.mark.parametrize("address", ["", "mysql://x/y", "nonsense"])
def test_what_is_no_database_is_said(address: str) -> None:
    with pytest.raises(UserError) as refused:
        Database(address)
    assert "sqlite:///" in str(refused.value.hint)


def test_a_database_that_is_not_there_is_said_and_not_alive() -> None:
    database = Database("postgresql://nobody:hidden@127.0.0.1:1/none")
    assert database.alive() is False
    with pytest.raises(SourceError) as refused, database.begin(SYSTEM):
        pass
    assert refused.value.retryable
    assert "127.0.0.1:1" in str(refused.value)
    assert "hidden" not in f"{refused.value}{refused.value.hint}"
    database.close()


@pytest.mark.parametrize("wrong", [("", False), ("x", True), ("nonsense", False)], ids=str)
def test_a_scope_is_one_tenant_or_the_system(wrong: tuple[str, bool]) -> None:
    with pytest.raises(ValueError, match=r"scope|tenant"):
        Scope(*wrong)


def test_the_systems_scope_has_no_tenant(store: Store) -> None:
    with store.database.begin(SYSTEM) as work, pytest.raises(ValueError, match="no tenant"):
        work.insert(ASSETS, [asset()])


def test_one_transaction_in_two_scopes_is_whole_and_written_to_both_logs(store: Store) -> None:
    tenant = store.tenant("Acme")
    with store.database.begin(SYSTEM) as work:
        work.audit(Entry("platform.first"))
        with work.within(of_tenant(tenant)):
            work.insert(ASSETS, [asset()])
            work.audit(Entry("tenant.first"))
        with pytest.raises(KeyError), work.within(of_tenant(tenant)):
            work.insert(ASSETS, [asset("image:undone")])
            work.audit(Entry("tenant.undone"))
            raise KeyError
        assert work.scope == SYSTEM
        work.run(sa.update(TENANTS).where(TENANTS.c.id == tenant).values(name="Still reached"))
    assert keys(store.database, tenant) == ["image:shop"]
    for scope, chain, expected in (
        (SYSTEM, PLATFORM, ["platform.first"]), (of_tenant(tenant), tenant, ["tenant.first"]),
    ):  # fmt: skip
        with store.database.read(scope) as work:
            rows = work.run(sa.select(AUDIT.c.action).where(AUDIT.c.tenant_id == chain))
            assert list(rows.scalars()) == expected


def test_the_inner_scope_holds_like_any_other(store: Store) -> None:
    ours, theirs = store.tenant("Ours"), store.tenant("Theirs")
    with store.database.begin(SYSTEM) as work:
        with work.within(of_tenant(ours)), pytest.raises(ScopeError):
            work.run(sa.select(ASSETS).where(ASSETS.c.tenant_id == theirs))
        with pytest.raises(ScopeError):
            work.run(sa.select(ASSETS).where(ASSETS.c.tenant_id == ours))
