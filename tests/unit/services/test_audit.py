"""Whatever is done to the log behind the platform's back is found out."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.services import audit
from vigie.services.audit import Checkpoint
from vigie.services.sealing import Sealing
from vigie.stores.relational.audit_chain import ORIGIN, Entry, entry_hash
from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.governance import AUDIT, AUDIT_HEADS

SEALING = Sealing(bytes(range(32)))
Change = Callable[[sa.Connection, str], None]


def logged(store: Store, count: int = 8, checkpoint_at: int = 5) -> tuple[str, Checkpoint]:
    """A tenant with a log of `count` entries, and the checkpoint signed on the way."""
    store.database.audit_key = audit.head_key(SEALING)
    tenant = store.tenant("Acme")
    kept: Checkpoint | None = None
    for number in range(1, count + 1):
        with store.database.begin(of_tenant(tenant)) as work:
            work.audit(Entry("finding.triage", "user", "u1", "Ada", detail={"n": number, "é": 1.5}))
        if number == checkpoint_at:
            kept = audit.sign(store.database, of_tenant(tenant), SEALING, NOW)
    assert kept is not None
    return tenant, kept


def behind(store: Store) -> Database:
    """Somebody who has the database itself in their hands."""
    database = store.another(store.admin_url or store.url)
    if store.dialect == "sqlite":
        with database.engine.begin() as connection:
            for table in ("audit", "audit_checkpoints"):
                for command in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{command}")
    return database


def rewritten(connection: sa.Connection, tenant: str) -> None:
    """Change entry 3 and make every hash after it fit again, as one can who knows how."""
    rows = connection.execute(
        sa.select(AUDIT).where(AUDIT.c.tenant_id == tenant).order_by(AUDIT.c.seq)
    ).mappings()
    previous = ORIGIN
    for row in [dict(r) for r in rows]:
        if row["seq"] == 3:
            row["actor"] = "Eve"
        fresh = entry_hash(previous, tenant, row)
        connection.execute(
            sa.update(AUDIT)
            .where(AUDIT.c.tenant_id == tenant, AUDIT.c.seq == row["seq"])
            .values(actor=row["actor"], previous=previous, hash=fresh)
        )
        previous = fresh
    connection.execute(
        sa.update(AUDIT_HEADS).where(AUDIT_HEADS.c.tenant_id == tenant).values(hash=previous)
    )


def run(*statements: str) -> Change:
    def change(connection: sa.Connection, tenant: str) -> None:
        name = tenant.replace("-", "") if connection.dialect.name == "sqlite" else tenant
        for statement in statements:
            connection.exec_driver_sql(statement.replace("MINE", f"tenant_id = '{name}'"))

    return change


def cut_short(connection: sa.Connection, tenant: str) -> None:
    """The last entries go, the head is set back to fit, and so are the checkpoints."""
    last = AUDIT.c
    run("DELETE FROM audit WHERE MINE AND seq > 4", "DELETE FROM audit_checkpoints WHERE MINE")(
        connection, tenant
    )
    found = connection.execute(sa.select(last.hash).where(last.tenant_id == tenant, last.seq == 4))
    heads = AUDIT_HEADS
    connection.execute(
        sa.update(heads).where(heads.c.tenant_id == tenant).values(seq=4, hash=found.scalar_one())
    )


TAMPERINGS: dict[str, Change] = {
    "a changed actor": run("UPDATE audit SET actor = 'Eve' WHERE MINE AND seq = 3"),
    "a changed detail": run("UPDATE audit SET detail = '{\"n\":9}' WHERE MINE AND seq = 3"),
    "a changed time": run("UPDATE audit SET at = (SELECT at FROM audit WHERE MINE AND seq = 1) "
                          "WHERE MINE AND seq = 3"),
    "a changed outcome": run("UPDATE audit SET outcome = 'refused' WHERE MINE AND seq = 8"),
    "a changed hash": run("UPDATE audit SET hash = 'x' WHERE MINE AND seq = 8"),
    "a dropped entry": run("DELETE FROM audit WHERE MINE AND seq = 4"),
    "the first dropped": run("DELETE FROM audit WHERE MINE AND seq = 1"),
    "the last dropped": run("DELETE FROM audit WHERE MINE AND seq = 8"),
    "all dropped": run("DELETE FROM audit WHERE MINE"),
    "all and the head dropped": run("DELETE FROM audit WHERE MINE",
                                    "DELETE FROM audit_heads WHERE MINE"),
    "two in each other's place": run(
        "UPDATE audit SET seq = 100 WHERE MINE AND seq = 3",
        "UPDATE audit SET seq = 3 WHERE MINE AND seq = 4",
        "UPDATE audit SET seq = 4 WHERE MINE AND seq = 100",
    ),
    "an added entry": run(
        "INSERT INTO audit (tenant_id, seq, action, actor_kind, actor_id, actor, subject_kind, "
        "subject_id, detail, request_id, address, outcome, at, previous, hash) SELECT tenant_id, 9,"
        " action, actor_kind, actor_id, actor, subject_kind, subject_id, detail, request_id, "
        "address, outcome, at, hash, hash FROM audit WHERE MINE AND seq = 8"
    ),
    "the chain cut short with its head": cut_short,
    "the whole chain written anew": rewritten,
    "a head that was set back": run("UPDATE audit_heads SET seq = 7 WHERE MINE"),
    "a forged checkpoint": run("UPDATE audit_checkpoints SET signature = '00' WHERE MINE"),
    "a moved checkpoint": run("UPDATE audit_checkpoints SET seq = 6 WHERE MINE"),
}  # fmt: skip


def test_an_untouched_log_is_whole(store: Store) -> None:
    tenant, kept = logged(store)
    verdict = audit.verify(store.database, of_tenant(tenant), SEALING, [kept])
    assert (verdict.whole, verdict.entries, verdict.checkpoints) == (True, 8, 1), verdict


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(store: Store, name: str) -> None:
    tenant, kept = logged(store)
    with behind(store).engine.begin() as connection:
        TAMPERINGS[name](connection, tenant)
    # The checkpoint that was kept elsewhere is needed only when nothing is left to look at.
    kept_elsewhere = [kept] if name == "all and the head dropped" else []
    verdict = audit.verify(store.database, of_tenant(tenant), SEALING, kept_elsewhere)
    assert not verdict.whole


def test_a_database_put_back_to_an_earlier_state_is_found_by_a_kept_checkpoint(
    store: Store,
) -> None:
    tenant, _ = logged(store, count=6, checkpoint_at=5)
    later = Checkpoint(tenant, 9, "f" * 64, SEALING.key_id, "")
    signed = audit.signer(SEALING).sign(later.signed()).hex()
    later = Checkpoint(tenant, 9, "f" * 64, SEALING.key_id, signed)
    assert audit.verify(store.database, of_tenant(tenant), SEALING).whole
    assert not audit.verify(store.database, of_tenant(tenant), SEALING, [later]).whole


def test_another_platforms_key_does_not_fit(store: Store) -> None:
    tenant, kept = logged(store)
    other = Sealing(os.urandom(32))
    assert not audit.verify(store.database, of_tenant(tenant), other).whole
    assert audit.checkpoint_fits(kept, audit.public_key(SEALING))
    assert not audit.checkpoint_fits(kept, audit.public_key(other))
    assert not audit.checkpoint_fits(kept, "nonsense")


def test_nothing_new_is_signed_twice(store: Store) -> None:
    tenant, _ = logged(store, count=5)
    assert audit.sign(store.database, of_tenant(tenant), SEALING, NOW) is None


def test_every_chain_is_walked(store: Store) -> None:
    tenant, _ = logged(store)
    with store.database.begin(SYSTEM) as work:
        work.audit(Entry("tenant.create"))
    found = {scope.chain: audit.verify(store.database, scope, SEALING) for scope in
             audit.chains(store.database)}  # fmt: skip
    assert [v.entries for v in found.values()] == [1, 8]
    assert all(v.whole for v in found.values())
    assert tenant in found


def test_entries_come_in_order_after_a_place(store: Store) -> None:
    tenant, _ = logged(store)
    rows = audit.entries(store.database, of_tenant(tenant), after=3)
    assert [row["seq"] for row in rows] == [4, 5, 6, 7, 8]


def test_any_single_changed_value_is_found(store: Store) -> None:
    """Each column of a random entry, changed alone."""
    tenant, _ = logged(store, count=6)
    chance = random.Random(7)
    columns = [c.name for c in AUDIT.c if c.name not in ("tenant_id", "seq", "at", "detail")]
    database = behind(store)
    for column in columns:
        seq = chance.randint(1, 6)
        place = (AUDIT.c.tenant_id == tenant, AUDIT.c.seq == seq)
        with database.engine.begin() as connection:
            was = connection.execute(sa.select(AUDIT.c[column]).where(*place)).scalar_one()
            change = sa.update(AUDIT).where(*place)
            connection.execute(change.values({column: f"{was}x"}))
        assert not audit.verify(store.database, of_tenant(tenant), SEALING).whole, column
        with database.engine.begin() as connection:
            connection.execute(change.values({column: was}))
    assert audit.verify(store.database, of_tenant(tenant), SEALING).whole


def test_the_clock_of_an_entry_is_this_moment(store: Store) -> None:
    before = datetime.now(UTC)
    tenant, _ = logged(store, count=5)
    row = next(audit.entries(store.database, of_tenant(tenant)))
    assert before <= row["at"] <= datetime.now(UTC)
