"""What is remembered is what the database would say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.stores.relational import remembering
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.remembering import remembered, remembered_rows
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.assets import ASSETS


class Asked:
    """Counts how often the answer had to be computed."""

    def __init__(self, store: Store, tenant: str) -> None:
        self.store, self.tenant, self.times = store, tenant, 0

    def __call__(self, key: Any = "names", tenant: str = "") -> Any:
        def compute() -> list[str]:
            self.times += 1
            return list(work.run(sa.select(ASSETS.c.name).where(work.mine(ASSETS))).scalars())

        with self.store.database.read(of_tenant(tenant or self.tenant)) as work:
            return remembered(work, key, compute)


@pytest.fixture
def asked(store: Store) -> Asked:
    asked = Asked(store, store.tenant("Ours"))
    add(asked, "one")
    return asked


def add(asked: Asked, name: str) -> None:
    row = {"id": new_id(), "key": name, "name": name, "kind": "image", "first_seen": NOW,
           "last_seen": NOW}  # fmt: skip
    with asked.store.database.begin(of_tenant(asked.tenant)) as work:
        work.insert(ASSETS, [row])


def change(**values: Any) -> Callable[[Asked], None]:
    def make(asked: Asked) -> None:
        with asked.store.database.begin(of_tenant(asked.tenant)) as work:
            work.run(sa.update(ASSETS).where(work.mine(ASSETS)).values(**values))

    return make


def remove(asked: Asked) -> None:
    with asked.store.database.begin(of_tenant(asked.tenant)) as work:
        work.run(sa.delete(ASSETS).where(work.mine(ASSETS)))


def test_computed_once_while_nothing_changes(asked: Asked) -> None:
    assert [asked(), asked(), asked()] == [["one"]] * 3
    assert asked.times == 1
    asked("another question")
    assert asked.times == 2


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda asked: add(asked, "two"), ["one", "two"]),
        (change(name="new", content=ASSETS.c.content + 1), ["new"]),
        (change(name="new", revision=ASSETS.c.revision + 1), ["new"]),
        (remove, []),
    ],
)
def test_computed_anew_after_every_change(
    asked: Asked, happens: Callable[[Asked], None], expected: list[str]
) -> None:
    asked()
    happens(asked)
    assert sorted(asked()) == expected


def test_each_tenant_has_its_own(asked: Asked) -> None:
    asked()
    assert asked(tenant=asked.store.tenant("Theirs")) == []
    assert asked() == ["one"]


def test_what_is_being_written_is_not_kept(asked: Asked) -> None:
    asked()
    with (
        pytest.raises(ZeroDivisionError),
        asked.store.database.begin(of_tenant(asked.tenant)) as work,
    ):
        work.run(sa.update(ASSETS).where(work.mine(ASSETS)).values(name="x", content=7))
        assert remembered(work, "names", lambda: "now") == "now"
        raise ZeroDivisionError
    change(name="y", content=7)(asked)
    assert asked() == ["y"]


def test_no_more_is_kept_than_may_be(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST_OF_TENANT", 2)
    for key in (1, 2, 1, 3, 1):
        asked(key)
    assert asked.times == 3
    asked(2)
    assert asked.times == 4
    monkeypatch.setattr(remembering, "MOST_TENANTS", 1)
    asked(2, tenant=asked.store.tenant("Theirs"))
    asked(2)
    assert asked.times == 6


class Rows:
    """Which ids had to be looked up."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.looked_up = asked, [""]

    def __call__(self, *ids: str, tenant: str = "", shape: str = "short") -> list[str]:
        self.looked_up = []

        def look_up(missing: Sequence[str]) -> dict[str, str]:
            self.looked_up += missing
            return {one: f"{work.tenant} {shape} {one}" for one in missing}

        with self.asked.store.database.read(of_tenant(tenant or self.asked.tenant)) as work:
            return remembered_rows(work, shape, ids, look_up)


def test_a_row_is_looked_up_once_in_each_shape(asked: Asked) -> None:
    rows, us = Rows(asked), asked.tenant
    rows("b", "a")
    assert rows.looked_up == ["b", "a"]
    assert rows("c", "a", "b") == [f"{us} short c", f"{us} short a", f"{us} short b"]
    assert rows.looked_up == ["c"]
    assert rows("a", shape="long") == [f"{us} long a"]


def test_a_row_is_looked_up_anew_when_something_changed(asked: Asked) -> None:
    rows = Rows(asked)
    rows("a")
    add(asked, "two")
    rows("a")
    assert rows.looked_up == ["a"]


def test_no_tenant_gets_a_row_of_another(asked: Asked) -> None:
    rows, theirs = Rows(asked), asked.store.tenant("Theirs")
    rows("a")
    assert rows("a", tenant=theirs) == [f"{theirs} short a"]
    assert rows("a") == [f"{asked.tenant} short a"]


def test_the_rows_not_asked_for_longest_go_first(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "MOST_ROWS", 2)
    rows = Rows(asked)
    rows("a", "b")
    rows("a", "c")
    assert rows("a") and rows.looked_up == []
    assert rows("b") and rows.looked_up == ["b"]


def test_a_row_that_is_being_changed_is_neither_taken_nor_kept(asked: Asked) -> None:
    rows = Rows(asked)
    rows("a")
    with asked.store.database.begin(of_tenant(asked.tenant)) as work:
        assert remembered_rows(work, "short", ["a"], lambda _: {"a": "now"}) == ["now"]
    assert rows("a") == [f"{asked.tenant} short a"]
