"""The log is a list like every other, and nobody reads it unseen or without the right to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.platforms import member, platform
from tests.store_fixtures import Store

from vigie.model.access import NotAllowed, Role
from vigie.model.errors import UserError
from vigie.model.queries import Filter, Operator, Query
from vigie.services import audit_reading
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.scopes import of_tenant


def test_pages_follow_each_other_although_each_reading_adds_an_entry(
    store: Store, tmp_path: Path
) -> None:
    made, tenant = platform(store.database, tmp_path / "data"), store.tenant("One")
    for number in range(5):
        with store.database.begin(of_tenant(tenant)) as work:
            work.audit(Entry(f"a{number}", outcome="refused" if number == 2 else "done"))
    caller = member(tenant, Role.OWNER)
    seen, cursor = [], ""
    while True:
        page = audit_reading.page(made, caller, Query(limit=2, cursor=cursor))
        seen += [row["action"] for row in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == ["a4", "a3", "a2", "a1", "a0"]
    refused = Query(filters=(Filter("outcome", Operator.IS, ("refused",)),), facets=("action",))
    page = audit_reading.page(made, caller, refused)
    assert [row["id"] for row in page.items] == [3]
    assert [(one.value, one.count) for one in page.facets["action"]] == [("a2", 1)]
    reads = Query(filters=(Filter("action", Operator.IS, ("audit.read",)),))
    assert audit_reading.page(made, caller, reads).total == 4


def test_who_may_not_reads_nothing(store: Store, tmp_path: Path) -> None:
    made = platform(store.database, tmp_path / "data")
    caller = member(store.tenant("One"), Role.ANALYST)
    with pytest.raises(NotAllowed):
        audit_reading.page(made, caller, Query())


@pytest.mark.parametrize(
    "query",
    [
        Query(cursor="x"), Query(sort="action"), Query(facets=("detail",)), Query(fields=("x",)),
        Query(filters=(Filter("id", Operator.IS, ("one",)),)),
    ],
)  # fmt: skip
def test_what_the_list_does_not_know_is_refused(store: Store, tmp_path: Path, query: Query) -> None:
    made = platform(store.database, tmp_path / "data")
    caller = member(store.tenant("One"), Role.OWNER)
    with pytest.raises(UserError):
        audit_reading.page(made, caller, query)


def test_an_export_is_whole_and_ends_where_the_log_stood(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_reading, "PORTION", 2)
    made, tenant = platform(store.database, tmp_path / "data"), store.tenant("One")
    with store.database.begin(of_tenant(store.tenant("Two"))) as work:
        work.audit(Entry("a1"))
    for number in range(5):
        with store.database.begin(of_tenant(tenant)) as work:
            work.audit(Entry(f"a{number}", outcome="refused" if number % 2 else "done"))
    caller = member(tenant, Role.OWNER)
    rows = audit_reading.export(made, caller, Query(), "jsonl")
    first = next(rows)
    with store.database.begin(of_tenant(tenant)) as work:
        work.audit(Entry("later"))
    assert [row["seq"] for row in (first, *rows)] == [1, 2, 3, 4, 5]
    wanted = Query(filters=(Filter("outcome", Operator.IS, ("refused",)),))
    found = list(audit_reading.export(made, caller, wanted, "csv"))
    assert [row["action"] for row in found] == ["a1", "a3"]
    said = list(audit_reading.export(made, caller, Query(search="audit.export"), "csv"))
    assert [row["detail"]["filters"] for row in said] == [[], ["outcome.is=refused"]]
    assert said[0]["detail"]["until"] == 5


@pytest.mark.parametrize(
    "query",
    [
        Query(sort="-id"), Query(cursor="x"), Query(fields=("id",)), Query(facets=("action",)),
        Query(filters=(Filter("nothing", Operator.IS, ("x",)),)),
    ],
)  # fmt: skip
def test_an_export_of_a_part_is_refused_and_not_noted(
    store: Store, tmp_path: Path, query: Query
) -> None:
    made, tenant = platform(store.database, tmp_path / "data"), store.tenant("One")
    with pytest.raises(UserError):
        audit_reading.export(made, member(tenant, Role.OWNER), query, "csv")
    with pytest.raises(NotAllowed):
        audit_reading.export(made, member(tenant, Role.ANALYST), Query(), "csv")
    assert list(audit_reading.export(made, member(tenant, Role.OWNER), Query(), "csv")) == []
