"""What the database does is counted as it happened, and no value gets into a span."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import Counter
from tests.store_fixtures import Store

from vigie.services.telemetry import metrics, traces
from vigie.services.telemetry.statements import plain, watch
from vigie.stores.relational import audit_chain
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import EVENTS


def value(counter: Counter | Any) -> float:
    return float(next(iter(counter.collect())).samples[0].value)


def counted(operation: str) -> float:
    samples = next(iter(metrics.QUERY_SECONDS.collect())).samples
    return sum(
        s.value for s in samples
        if s.name.endswith("_count") and s.labels["operation"] == operation
    )  # fmt: skip


@pytest.fixture
def tenant(store: Store) -> str:
    made = store.tenant("One")
    watch(store.database.engine)
    return made


def test_statements_are_timed_by_what_they_do(store: Store, tenant: str) -> None:
    before = {name: counted(name) for name in ("select", "insert")}
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(EVENTS, [{"id": new_id(), "kind": "x", "at": sa.func.now()}] * 0)
        work.run(sa.select(EVENTS.c.id).where(work.mine(EVENTS)))
        work.run(sa.select(EVENTS.c.kind).where(work.mine(EVENTS)))
    assert counted("select") == before["select"] + 2
    assert counted("insert") == before["insert"]


def test_entries_count_once_they_are_committed(store: Store, tenant: str) -> None:
    before = value(metrics.AUDIT_ENTRIES)
    with store.database.begin(of_tenant(tenant)) as work:
        work.audit(Entry("a"))
        work.audit(Entry("b"))
    assert value(metrics.AUDIT_ENTRIES) == before + 2

    def refuse() -> None:
        with store.database.begin(of_tenant(tenant)) as work:
            audit_chain.append(work.connection, work.scope, [Entry("c")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refuse()
    assert value(metrics.AUDIT_ENTRIES) == before + 2
    with store.database.begin(of_tenant(tenant)) as work:
        work.audit(Entry("d"))
    assert value(metrics.AUDIT_ENTRIES) == before + 3


def test_connections_that_are_out_are_counted(store: Store, tenant: str) -> None:
    before = value(metrics.CONNECTIONS)
    with store.database.read(of_tenant(tenant)):
        assert value(metrics.CONNECTIONS) == before + 1
    assert value(metrics.CONNECTIONS) == before


def test_spans_hold_statements_and_no_values(store: Store, tenant: str) -> None:
    told = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(told))
    traces.trace_with(provider.get_tracer("test"))
    try:
        with store.database.read(of_tenant(tenant)) as work:
            kind = sa.select(EVENTS.c.id).where(work.mine(EVENTS), EVENTS.c.kind == "hunter2")
            work.run(kind)
            work.run(sa.select(sa.literal_column("'hunter2'")))
            with pytest.raises(sa.exc.DBAPIError), work.connection.begin_nested():
                work.connection.exec_driver_sql("SELECT nothing FROM nowhere WHERE x = 'hunter2'")
    finally:
        traces.trace_with(None)
        provider.shutdown()
    spans = told.get_finished_spans()
    said = [dict(span.attributes or {}) for span in spans]
    assert any("FROM events" in str(one["db.query.text"]) for one in said)
    assert {one["db.system.name"] for one in said} == {store.dialect}
    assert any(one.get("error.type") for one in said)
    assert "hunter2" not in str([(s.name, s.attributes, s.events, s.status) for s in spans])


def test_what_is_quoted_is_hidden() -> None:
    assert plain("ALTER ROLE x PASSWORD 'it''s secret' VALID") == "ALTER ROLE x PASSWORD ? VALID"
    assert len(plain("x" * 9000)) == 2000
