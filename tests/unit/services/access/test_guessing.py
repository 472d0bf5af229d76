"""Failed sign-ins are counted where every server sees them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import Home, home

from vigie.services.access import guessing
from vigie.services.access.guessing import Try
from vigie.services.access.lockout import new_device
from vigie.services.access.visits import Visit
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import ATTEMPTS

HERE = Visit("192.0.2.1")


def count(here: Home, tried: Try) -> float:
    return float(here.write(lambda work: guessing.count(work, here.place, tried)))


def test_tries_from_several_threads_are_counted_one_by_one(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    tried = guessing.try_of(here.place, "ada@example.org", HERE)
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(lambda _: count(here, tried), range(12)))
    assert sum(wait == 0.0 for wait in waits) == 5


def test_right_ones_are_taken_back_and_forgiven(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    tried = guessing.try_of(here.place, "ada@example.org", HERE)
    for _ in range(20):  # as often as somebody has the right password, and no code
        assert count(here, tried) == 0.0
        here.write(lambda work: guessing.take_back(work, here.place, tried))
    for _ in range(4):
        assert count(here, tried) == 0.0
    here.write(lambda work: guessing.forgive(work, here.place, tried))
    for _ in range(5):
        assert count(here, tried) == 0.0
    assert count(here, tried) > 0.0


def test_a_device_that_signed_in_has_a_count_of_its_own(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    cookie = new_device(guessing.device_key(here.place), "ada@example.org")
    plain = guessing.try_of(here.place, "Ada@example.org ", HERE)
    known = guessing.try_of(here.place, "ada@example.org", Visit("192.0.2.2", device=cookie))
    forged = guessing.try_of(here.place, "ada@example.org", Visit("192.0.2.2", device="x.y"))
    others = guessing.try_of(here.place, "bea@example.org", Visit("192.0.2.2", device=cookie))
    assert plain.account == forged.account != known.account
    assert others.account != known.account


def test_what_says_nothing_any_more_is_forgotten(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    count(here, guessing.try_of(here.place, "ada@example.org", HERE))
    assert guessing.forget_old(here.place) == 0
    here.clock.move(days=8)
    assert guessing.forget_old(here.place) == 2
    with store.database.read(SYSTEM) as work:
        assert work.run(sa.select(ATTEMPTS)).all() == []
