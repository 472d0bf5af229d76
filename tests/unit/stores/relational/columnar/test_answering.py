"""Columns in memory say of every question exactly what the database says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.queries import Filter, Operator, Page, Query
from vigie.model.severity import Severity
from vigie.stores.relational import findings as writing
from vigie.stores.relational.columnar import answering, keeping
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import page_of
from vigie.stores.relational.listings.findings import LISTING
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.assets import ASSET_LABELS, ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import FINDINGS, RULES

IN_SQL = replace(LISTING, pick=None)
SORTS = ("score", "severity", "decision", "epss", "first_seen", "last_seen", "id")
FACETS = (
    "kind", "severity", "decision", "status", "counts", "fixable", "kev", "assignee", "asset_id",
    "asset", "asset_kind", "owner", "criticality", "exposure",
)  # fmt: skip
WORDS = ("alpha", "beta", "alp", "a", "web", "7", "gamma", "beta-1", "nowhere")


class Fleet:
    """A tenant whose assets come, change and go; few values, so that many rows share each."""

    def __init__(self, store: Store, name: str, seed: str) -> None:
        self.store, self.tenant, self.chance = store, store.tenant(name), random.Random(seed)
        self.assets: list[str] = []
        with store.database.begin(of_tenant(self.tenant)) as work:
            self.rules = self._named(work, RULES, ("alpha", "beta", "gamma", "alpha beta"))
            self.components = [None, *self._named(
                work, COMPONENTS, ("beta", "delta", "web"), first_seen=NOW
            )]  # fmt: skip

    def _named(self, work: Any, table: Any, names: Sequence[str], **more: Any) -> list[str]:
        rows = [
            {"id": new_id(), "key": name, "name": name, "search": f"{name} {number}", **more}
            for number, name in enumerate(names)
        ]
        if table is RULES:
            rows = [{**row, "aliases": [f"alias-{row['name']}"], "document": {}} for row in rows]
        else:
            rows = [{**row, "type": "npm", "version": "1", "purl": "", "licences": []}
                    for row in rows]  # fmt: skip
        work.insert(table, rows)
        return [row["id"] for row in rows]

    def add_asset(self, findings: int) -> None:
        """An asset with so many findings."""
        pick, id_ = self.chance.choice, new_id()
        row = {
            "id": id_, "key": id_, "name": pick(("web", "db", "cache")), "first_seen": NOW,
            "kind": pick(("image", "host")), "owner": pick(("", "red", "blue")), "last_seen": NOW,
            "criticality": pick(("high", "unknown")), "exposure": pick(("open", "internal")),
            "search": pick(("web-1", "beta-1", "")),
        }  # fmt: skip
        with self.store.database.begin(of_tenant(self.tenant)) as work:
            work.insert(ASSETS, [row])
            labels = [{"asset_id": id_, "key": "env", "value": pick(("prod", "test"))}]
            work.insert(ASSET_LABELS, labels)
            work.insert(FINDINGS, [self._finding(id_) for _ in range(findings)])
            self._changed(work, [id_])
        self.assets.append(id_)

    def _finding(self, asset: str) -> dict[str, Any]:
        pick = self.chance.choice
        status = pick(tuple(Status))
        seen = NOW - timedelta(days=pick((0, 1, 1, 30)), microseconds=pick((0, 1)))
        return {
            "id": new_id(), "asset_id": asset, "rule_id": pick(self.rules), "first_seen": seen,
            "component_id": pick(self.components), "fingerprint": new_id(), "last_seen": NOW,
            "kind": str(pick(tuple(Kind)).value), "severity": pick(tuple(Severity)),
            "decision": pick(tuple(Decision)), "score": pick((0.0, 0.1, 9.9, 50.0)),
            "status": str(status.value), "counts": status.counts,
            "fixable": pick((True, False)), "kev": pick((True, False, None)),
            "epss": pick((None, 0.0, 0.5, 0.97)), "assignee": pick(("", "Ann", "Émile")),
            "sources": ["grype"], "document": {},
        }  # fmt: skip

    def _changed(self, work: Any, assets: Sequence[str]) -> None:
        writing.count_anew(work, assets)
        work.run(
            sa.update(ASSETS)
            .where(work.mine(ASSETS), ASSETS.c.id.in_(assets))
            .values(content=ASSETS.c.content + 1)
        )

    def change(self) -> None:
        """One asset's findings are decided and rescored, one leaves, another comes."""
        asset = self.chance.choice(self.assets)
        mine = FINDINGS.c.asset_id == asset
        with self.store.database.begin(of_tenant(self.tenant)) as work:
            query = sa.select(FINDINGS.c.id).where(work.mine(FINDINGS), mine)
            ids = sorted(work.run(query).scalars())
            some = self.chance.sample(ids, len(ids) // 2)
            values = {
                "status": "suppressed", "counts": False, "severity": Severity.LOW,
                "score": 3.3, "assignee": "Zoé", "last_seen": NOW + timedelta(hours=1),
            }  # fmt: skip
            among = sa.and_(work.mine(FINDINGS), FINDINGS.c.id.in_(some))
            work.run(sa.update(FINDINGS).where(among).values(values))
            work.run(sa.delete(FINDINGS).where(work.mine(FINDINGS), FINDINGS.c.id.in_(ids[:1])))
            work.insert(FINDINGS, [self._finding(asset)])
            self._changed(work, [asset])

    def remove_asset(self) -> None:
        """With all it has."""
        asset = self.assets.pop(self.chance.randrange(len(self.assets)))
        with self.store.database.begin(of_tenant(self.tenant)) as work:
            work.run(sa.delete(ASSETS).where(work.mine(ASSETS), ASSETS.c.id == asset))

    def rename(self) -> None:
        """What a person edits of an asset; its findings stay as they are."""
        asset = self.chance.choice(self.assets)
        values: dict[str, Any] = {"owner": self.chance.choice(("green", "blue", "red"))}
        with self.store.database.begin(of_tenant(self.tenant)) as work:
            work.run(
                sa.update(ASSETS)
                .where(work.mine(ASSETS), ASSETS.c.id == asset)
                .values(**values, revision=ASSETS.c.revision + 1)
            )

    def filter(self) -> Filter:
        pick, some = self.chance.choice, self.chance.sample
        equal = pick((Operator.IS, Operator.NOT))
        ordered = pick((Operator.AFTER, Operator.UNTIL, Operator.MORE, Operator.LESS))
        words: dict[str, Sequence[str]] = {
            "kind": [str(k.value) for k in Kind], "severity": [str(s.value) for s in Severity],
            "decision": [str(d.value) for d in Decision], "asset": ("web", "db", "none"),
            "status": [str(s.value) for s in Status], "owner": ("red", "blue", "green"),
            "assignee": ("Ann", "Émile", "nobody"), "asset_kind": ("image", "host"),
            "criticality": ("high", "low"), "exposure": ("open", "unknown"),
            "label": ("env:prod", "env", "other:1"), "asset_id": [*self.assets[:3], new_id()],
            "rule": ("alpha", "alias-beta", "none"), "rule_id": [*self.rules[:2], new_id()],
            "component": ("beta", "web"), "component_type": ("npm", "deb"),
            "component_id": [c for c in self.components if c], "epss": ("0.5", "0", "1"),
            "score": ("9.9", "0", "50"), "first_seen": ("2026-03-01T12:00:00Z", "2026-02-01"),
        }  # fmt: skip
        match pick(("equal", "equal", "ordered", "flag", "has")):
            case "ordered":
                name = pick(("severity", "decision", "score", "epss", "first_seen", "last_seen"))
                said = words.get(name, ("2026-03-01T12:30:00+00:00",))
                return Filter(name, ordered, (pick(said),))
            case "flag":
                return Filter(pick(("counts", "fixable", "kev")), equal, (pick(("true", "false")),))
            case "has":
                name = pick(("asset", "rule", "component", "assignee", "owner", "label"))
                return Filter(name, Operator.HAS, (pick(("a", "et", "É", "RED")),))
            case _:
                name = pick(tuple(words))
                return Filter(name, equal, tuple(some(words[name], min(2, len(words[name])))))

    def query(self) -> Query:
        chance = self.chance
        return Query(
            filters=tuple(self.filter() for _ in range(chance.randrange(4))),
            search=" ".join(chance.sample(WORDS, chance.choice((0, 0, 1, 2)))),
            sort=chance.choice(("", "-")) + chance.choice(SORTS),
            limit=chance.choice((7, 20, 60)),
            facets=tuple(chance.sample(FACETS, chance.randrange(4))),
        )

    def ask(self, query: Query) -> tuple[Page, Page]:
        """The page by the columns and by the database, in one transaction."""
        with self.store.database.read(of_tenant(self.tenant)) as work:
            return page_of(work, LISTING, query), page_of(work, IN_SQL, query)


@pytest.fixture
def fleet(store: Store) -> Fleet:
    fleet = Fleet(store, "Fleet", "fleet")
    for number in range(8):
        fleet.add_asset(5 * number)
    return fleet


@pytest.mark.parametrize("turn", range(3))
def test_every_question_is_answered_as_the_database_does(fleet: Fleet, turn: int) -> None:
    fleet.chance.seed(turn)
    for number in range(30):
        if number % 8 == 0:
            step = fleet.chance.choice(
                (fleet.change, fleet.remove_asset, fleet.rename, lambda: fleet.add_asset(9))
            )
            step()
        query = fleet.query()
        while True:
            ours, theirs = fleet.ask(query)
            assert ours == theirs, query
            if not ours.next:
                break
            query = replace(query, cursor=ours.next)


def test_a_cursor_of_one_is_a_cursor_of_the_other(fleet: Fleet) -> None:
    for sort in SORTS:
        for sign in ("", "-"):
            query = Query(sort=sign + sort, limit=7)
            with fleet.store.database.read(of_tenant(fleet.tenant)) as work:
                whole = page_of(work, IN_SQL, replace(query, limit=500)).items
                walked: list[Any] = []
                turns = (LISTING, IN_SQL)
                while True:
                    page = page_of(work, turns[len(walked) // 7 % 2], query)
                    walked += page.items
                    if not page.next:
                        break
                    query = replace(query, cursor=page.next)
            assert walked == list(whole), sort


def test_it_is_the_columns_that_answer(fleet: Fleet) -> None:
    """Otherwise all of the above compares the database with itself."""
    answered = 0
    with fleet.store.database.read(of_tenant(fleet.tenant)) as work:
        for _ in range(100):
            answered += answering.pick(LISTING, work, fleet.query(), 10) is not None
    assert answered > 80


def test_one_tenant_is_not_answered_with_anothers(fleet: Fleet) -> None:
    other = Fleet(fleet.store, "Other", "other")
    fleet.ask(Query())
    ours, _ = other.ask(Query(search="alpha", facets=("severity",)))
    assert (ours.total, ours.items) == (0, ())
    other.add_asset(3)
    assert other.ask(Query())[0].total == 3
    assert fleet.ask(Query())[0].total == 140


def test_a_transaction_that_writes_sees_what_it_wrote(fleet: Fleet) -> None:
    fleet.ask(Query())
    with fleet.store.database.begin(of_tenant(fleet.tenant)) as work:
        work.run(sa.update(FINDINGS).where(work.mine(FINDINGS)).values(score=77.0))
        page = page_of(work, LISTING, Query(filters=(Filter("score", Operator.IS, ("77",)),)))
        assert page.total == 140


def test_who_began_before_a_change_is_told_of_the_time_before(fleet: Fleet) -> None:
    asked = Query(filters=(Filter("assignee", Operator.IS, ("Zoé",)),))
    with fleet.store.database.read(of_tenant(fleet.tenant)) as early:
        assert page_of(early, LISTING, asked).total == 0
        fleet.change()
        changed = fleet.ask(asked)[0].total
        assert changed > 0
        assert page_of(early, LISTING, asked).total == 0
    assert fleet.ask(asked)[0].total == changed


def test_a_tenant_too_large_to_hold_is_asked_in_the_database(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_OF_TENANT", 139)
    with fleet.store.database.read(of_tenant(fleet.tenant)) as work:
        assert keeping.columns_of(work) is None
    ours, theirs = fleet.ask(Query(facets=FACETS[:3]))
    assert ours == theirs
    assert ours.total == 140


def test_the_tenants_not_asked_for_longest_are_let_go(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_IN_ALL", 150)
    fleet.ask(Query())
    other = Fleet(fleet.store, "Other", "other")
    other.add_asset(20)
    other.ask(Query())
    with fleet.store.database.read(of_tenant(fleet.tenant)) as work:
        keeper = keeping._BY_DATABASE[work.connection.engine]
        assert list(keeper._tenants) == [other.tenant]
    assert fleet.ask(Query())[0].total == 140


def test_only_what_has_changed_is_read_again(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.ask(Query())
    monkeypatch.setattr(keeping, "load", lambda *_: pytest.fail("all of it was read again"))
    fleet.change()
    fleet.remove_asset()
    fleet.rename()
    ours, theirs = fleet.ask(Query(limit=200, facets=("severity", "owner")))
    assert ours == theirs


def test_times_are_compared_to_the_microsecond(fleet: Fleet) -> None:
    moment = datetime(2026, 2, 28, 11, 59, 59, 999999, tzinfo=UTC)
    for operator in (Operator.AFTER, Operator.MORE, Operator.UNTIL, Operator.LESS, Operator.IS):
        ours, theirs = fleet.ask(
            Query(filters=(Filter("first_seen", operator, (moment.isoformat(),)),))
        )
        assert ours == theirs
        assert 0 < ours.total < 140
