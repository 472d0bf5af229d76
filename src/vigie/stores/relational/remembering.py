"""Answers that are kept in this process for as long as nothing has changed.

Every change of findings or of assets counts up a number at an asset, in its own transaction.
An answer is kept with these numbers, which each question reads first in its own transaction: it
gets what the database would tell it, and never what was true a moment ago.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import ASSETS

Answer = TypeVar("Answer")
State = tuple[Any, ...]
MOST_OF_TENANT = 200  # answers
MOST_TENANTS = 500
MOST_ROWS = 50_000  # of all tenants; about 1.5 KiB each


class _Tenant:
    """The answers of one state; the ones not asked for longest go first."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.answers: OrderedDict[Hashable, Any] = OrderedDict()


class _Kept:
    """The answers of one database, by tenant."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tenants: OrderedDict[str, _Tenant] = OrderedDict()
        self.rows: OrderedDict[Hashable, tuple[State, Any]] = OrderedDict()

    def of(self, tenant: str, state: State) -> _Tenant:
        """Call it with the lock held."""
        found = self.tenants.get(tenant)
        if found is None or found.state != state:
            found = self.tenants[tenant] = _Tenant(state)
        self.tenants.move_to_end(tenant)
        while len(self.tenants) > MOST_TENANTS:
            self.tenants.popitem(last=False)
        return found

    def rows_of(self, keys: Mapping[str, Hashable], state: State) -> dict[str, Any]:
        """Those of the rows, by their ids, that are of this state."""
        found = {}
        with self.lock:
            for one, key in keys.items():
                known = self.rows.get(key)
                if known is not None and known[0] == state:
                    self.rows.move_to_end(key)
                    found[one] = known[1]
        return found

    def keep(self, rows: Mapping[Hashable, Any], state: State) -> None:
        """Keep these too; the ones not asked for longest go first."""
        with self.lock:
            for key, row in rows.items():
                self.rows[key] = (state, row)
                self.rows.move_to_end(key)
            while len(self.rows) > MOST_ROWS:
                self.rows.popitem(last=False)


_KEPT: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
_STATES: WeakKeyDictionary[Work, State] = WeakKeyDictionary()
_LOCK = threading.Lock()


def remembered(work: Work, key: Hashable, compute: Callable[[], Answer]) -> Answer:
    """The answer to the question `key` about the tenant's findings and assets, computed when
    nobody has asked it since they changed. Do not change what it gives."""
    state = state_of(work)
    if state is None:
        return compute()
    kept = _kept(work)
    with kept.lock:
        answers = kept.of(work.tenant, state).answers
        if key in answers:
            answers.move_to_end(key)
            known: Answer = answers[key]
            return known
    answer = compute()
    with kept.lock:
        answers = kept.of(work.tenant, state).answers
        answers[key] = answer
        while len(answers) > MOST_OF_TENANT:
            answers.popitem(last=False)
    return answer


def remembered_rows(
    work: Work,
    shape: Hashable,
    ids: Sequence[str],
    look_up: Callable[[Sequence[str]], Mapping[str, Answer]],
) -> list[Answer]:
    """The rows of these ids, of one `shape` (which columns), in their order. Only those are looked
    up that nobody has seen since the tenant's findings and assets changed: people look at the top
    of a list again and again. Do not change what it gives."""
    state = state_of(work)
    if state is None:
        rows = look_up(ids)
        return [rows[one] for one in ids]
    kept = _kept(work)
    keys: dict[str, Hashable] = {one: (work.tenant, shape, one) for one in ids}
    known = kept.rows_of(keys, state)
    missing = [one for one in ids if one not in known]
    if missing:
        added = look_up(missing)
        kept.keep({keys[one]: row for one, row in added.items()}, state)
        known |= added
    return [known[one] for one in ids]


def _kept(work: Work) -> _Kept:
    with _LOCK:
        return _KEPT.setdefault(work.connection.engine, _Kept())


def state_of(work: Work) -> State | None:
    """What changes with every change of the tenant's findings and assets. None in a transaction
    that writes: what it sees may never come to be."""
    if work.connection.get_execution_options()["vigie_write"]:
        return None
    found = _STATES.get(work)
    if found is None:
        row: Any = work.run(_numbers(work.tenant)).one()
        found = _STATES[work] = tuple(row)
    return found


@lru_cache(MOST_TENANTS)
def _numbers(tenant: str) -> sa.Select[Any]:
    """Made once a tenant: every list asks it."""
    columns = ASSETS.c
    numbers: list[Any] = [
        sa.func.count(), sa.func.sum(columns.content), sa.func.sum(columns.revision),
        sa.func.max(columns.first_seen), sa.func.max(columns.last_seen),
    ]  # fmt: skip
    return sa.select(*numbers).where(columns.tenant_id == tenant)
