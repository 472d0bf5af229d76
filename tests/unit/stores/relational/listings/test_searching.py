"""Words find findings by what these name; what is remembered of a tenant is never old."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.model.findings import Decision
from vigie.model.queries import Filter, Operator, Query
from vigie.model.severity import Severity
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import every_row, page_of
from vigie.stores.relational.listings import searched_words, searching
from vigie.stores.relational.listings.findings import LISTING
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import FINDINGS, RULES, TALLIES

FACETS = ("severity", "status", "kind", "asset_kind", "kev")


class Shop:
    """Findings by three letters: those of their rule, component and asset."""

    def __init__(self, store: Store, name: str = "Shop") -> None:
        self.store = store
        self.tenant = store.tenant(name)
        self.known: dict[tuple[str, str], str] = {}

    def named(self, work: Any, table: sa.Table, word: str, **more: Any) -> str:
        key = (table.name, word)
        if key not in self.known:
            self.known[key] = new_id()
            row = {"id": self.known[key], "key": word, "name": word, "search": f"0 {word}"}
            work.insert(table, [{**row, **more}])
        return self.known[key]

    def add(self, rule: str, component: str, asset: str, score: float = 1.0) -> None:
        seen = {"first_seen": NOW, "last_seen": NOW}
        with self.store.database.begin(of_tenant(self.tenant)) as work:
            place = self.named(work, ASSETS, asset, kind="image", **seen)
            row = {
                "id": new_id(), "asset_id": place, "rule_id": self.named(work, RULES, rule),
                "component_id": (component and self.named(
                    work, COMPONENTS, component, first_seen=NOW
                )) or None,
                "fingerprint": new_id(), "kind": "vulnerability", "severity": Severity.HIGH,
                "decision": Decision.PLAN, "score": score, "status": "open", "counts": True,
                **seen,
            }  # fmt: skip
            work.insert(FINDINGS, [row])
            work.run(
                sa.update(ASSETS)
                .where(work.mine(ASSETS), ASSETS.c.id == place)
                .values(content=ASSETS.c.content + 1)
            )
            work.run(sa.delete(TALLIES).where(work.mine(TALLIES)))
            counted = (
                sa.select(FINDINGS.c.asset_id, FINDINGS.c.severity, sa.func.count().label("number"))
                .where(work.mine(FINDINGS))
                .group_by(FINDINGS.c.asset_id, FINDINGS.c.severity)
            )
            work.insert(TALLIES, [
                {"asset_id": one.asset_id, "kind": "vulnerability", "severity": one.severity,
                 "decision": Decision.PLAN, "status": "open", "count": one.number}
                for one in work.run(counted).all()
            ])  # fmt: skip

    def found(self, words: str, *filters: Filter, facets: tuple[str, ...] = ()) -> list[str]:
        """Who is found, the same by page, by export and by count."""
        query = Query(filters, words, facets=facets, sort="score")
        with self.store.database.read(of_tenant(self.tenant)) as work:
            page = page_of(work, LISTING, query)
            every = [row["id"] for row in every_row(work, LISTING, query)]
        assert [item["id"] for item in page.items] == every
        assert page.total == len(every)
        return [
            "".join(item[n]["name"] if item[n] else "-" for n in ("rule", "component", "asset"))
            for item in page.items
        ]


@pytest.fixture
def shop(store: Store) -> Shop:
    shop = Shop(store)
    for score, word in enumerate(("abc", "bcd", "axd", "cba")):
        shop.add(word[0], word[1], word[2], float(score))
    shop.add("a", "", "c", 9.0)
    return shop


EXPECTED = {
    "a": ["abc", "axd", "cba", "a-c"], "x": ["axd"], "d": ["bcd", "axd"], "a b": ["abc", "cba"],
    "b c d": ["bcd"], "0": ["abc", "bcd", "axd", "cba", "a-c"], "0 x": ["axd"], "nothing": [],
    "a nothing": [], "A B": ["abc", "cba"], "": ["abc", "bcd", "axd", "cba", "a-c"],
}  # fmt: skip


@pytest.mark.parametrize("way", ["kept", "in the database", "too many to name"])
@pytest.mark.parametrize("facets", [(), FACETS[:4], FACETS])
def test_each_word_stands_in_one_of_three(
    shop: Shop, way: str, facets: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if way != "kept":
        monkeypatch.setattr(searched_words, "MOST_OF_TENANT", 0)
    if way == "too many to name":
        monkeypatch.setattr(searching, "_MOST", 0)
    for words, expected in EXPECTED.items():
        assert shop.found(words, facets=facets) == expected, words
    assert shop.found("a", Filter("severity", Operator.IS, ("low",)), facets=facets) == []


def test_what_is_new_is_found_at_once(shop: Shop) -> None:
    assert shop.found("z") == []
    shop.add("z", "y", "c")
    assert shop.found("z") == ["zyc"]
    assert shop.found("y c") == ["zyc"]


def test_a_new_name_of_an_asset_is_found_at_once(shop: Shop) -> None:
    assert shop.found("payments") == []
    with shop.store.database.begin(of_tenant(shop.tenant)) as work:
        work.run(
            sa.update(ASSETS)
            .where(work.mine(ASSETS), ASSETS.c.name == "d")
            .values(search="payments", revision=ASSETS.c.revision + 1)
        )
    assert shop.found("payments") == ["bcd", "axd"]


def test_what_is_not_committed_is_not_remembered(shop: Shop) -> None:
    shop.found("a")
    with (
        pytest.raises(ZeroDivisionError),
        shop.store.database.begin(of_tenant(shop.tenant)) as work,
    ):
        work.run(
            sa.update(ASSETS)
            .where(work.mine(ASSETS))
            .values(search="never", revision=ASSETS.c.revision + 1)
        )
        assert len(page_of(work, LISTING, Query(search="never")).items) == 5
        raise ZeroDivisionError
    assert shop.found("never") == []
    assert searched_words._BY_DATABASE[shop.store.database.engine]._texts


def test_one_tenant_is_not_found_by_another(shop: Shop) -> None:
    other = Shop(shop.store, "Other")
    other.add("a", "q", "q")
    assert other.found("a") == ["aqq"]
    assert shop.found("q") == []


def test_no_more_is_kept_than_may_be(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched_words, "MOST_IN_ALL", 3)
    assert shop.found("x") == ["axd"]
    kept = searched_words._BY_DATABASE[shop.store.database.engine]
    assert kept._number == 0
    assert not kept._texts
