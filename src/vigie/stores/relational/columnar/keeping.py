"""Which tenants' columns this process holds, and that they are as new as who asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from vigie.stores.relational.columnar.columns import Columns
from vigie.stores.relational.columnar.loading import Contents, contents_of, load, renew
from vigie.stores.relational.database import Work
from vigie.stores.relational.remembering import State, state_of

MOST_OF_TENANT = 1_500_000  # findings; lists of a tenant that has more are asked in SQL
MOST_IN_ALL = 3_000_000  # about 100 bytes each


@dataclass(slots=True)
class _Held:
    """One tenant's. `lock` is held by who reads them anew, so that twenty who ask do it once."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: State | None = None
    contents: Contents = field(default_factory=dict)
    columns: Columns | None = None


class _Keeper:
    """Those of one database; the ones not used for longest go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tenants: OrderedDict[str, _Held] = OrderedDict()

    def of(self, tenant: str) -> _Held:
        with self._lock:
            held = self._tenants.setdefault(tenant, _Held())
            self._tenants.move_to_end(tenant)
            return held

    def make_room(self) -> None:
        """Let go of what is beyond the measure, never of what was used last."""
        with self._lock:
            number = sum(len(held.columns or ()) for held in self._tenants.values())
            while number > MOST_IN_ALL and len(self._tenants) > 1:
                _, held = self._tenants.popitem(last=False)
                number -= len(held.columns or ())


_BY_DATABASE: WeakKeyDictionary[Any, _Keeper] = WeakKeyDictionary()
_MAKING = threading.Lock()


def columns_of(work: Work) -> Columns | None:
    """The tenant's findings as of this transaction. None when they are too many to hold, and in
    a transaction that writes."""
    state = state_of(work)
    if state is None:
        return None
    with _MAKING:
        keeper = _BY_DATABASE.setdefault(work.connection.engine, _Keeper())
    held = keeper.of(work.tenant)
    with held.lock:
        if held.state != state:
            now = contents_of(work)
            before = held.columns
            held.columns = (
                load(work, MOST_OF_TENANT)
                if before is None
                else renew(work, before, held.contents, now, MOST_OF_TENANT)
            )
            held.state, held.contents = state, now
            keeper.make_room()
        return held.columns
