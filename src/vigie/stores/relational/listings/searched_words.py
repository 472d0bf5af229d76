"""The words of a tenant's rules, components and assets, kept in this process while they hold.

A search looks into a few thousand short texts, but in the database these lie between long ones,
so that reading them costs more than everything else that a list does. They are kept like other
answers (`remembering`); a rule or component that is newer is one that no finding names yet.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from vigie.stores.relational.database import Work
from vigie.stores.relational.remembering import State, state_of
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import RULES

PLACES = (("rule_id", RULES), ("component_id", COMPONENTS), ("asset_id", ASSETS))
MOST_OF_TENANT = 300_000  # texts; a tenant that has more is searched in the database
MOST_IN_ALL = 600_000  # about 150 MB


class Place:
    """The texts of one table. They lie in one string, for looking through that once is a hundred
    times quicker than looking into each; no word holds the line break between them."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.ids: list[str] = []
        starts, texts, start = [], [], 0
        for key, text in rows:
            self.ids.append(key)
            starts.append(start)
            texts.append(text)
            start += len(text) + 1
        self._text = "\n".join(texts)
        self._starts = np.array(starts, dtype=np.intp)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, word: str) -> NDArray[np.intp]:
        """Which of the texts hold the word, by their numbers in `ids`."""
        found = [match.start() for match in re.finditer(re.escape(word), self._text)]
        return np.unique(np.searchsorted(self._starts, found, "right") - 1)

    def holding(self, word: str) -> list[str]:
        """The ids of the texts that hold the word."""
        return [self.ids[row] for row in self.rows(word)]


Texts = tuple[Place, ...]  # of each of `PLACES`


class _Kept:
    """Texts by tenant; those that were not used for longest go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._texts: OrderedDict[str, tuple[State, Texts]] = OrderedDict()
        self._number = 0

    def turn(self, tenant: str) -> threading.Lock:
        """Held by who reads a tenant's texts, so that twenty who search do it once."""
        with self._lock:
            return self._turns.setdefault(tenant, threading.Lock())

    def get(self, tenant: str, state: State) -> Texts | None:
        with self._lock:
            found = self._texts.get(tenant)
            if found is None or found[0] != state:
                return None
            self._texts.move_to_end(tenant)
            return found[1]

    def put(self, tenant: str, state: State, texts: Texts) -> None:
        with self._lock:
            self._drop(tenant)
            self._texts[tenant] = (state, texts)
            self._number += sum(map(len, texts))
            while self._number > MOST_IN_ALL and self._texts:
                self._drop(next(iter(self._texts)))

    def _drop(self, tenant: str) -> None:
        _, texts = self._texts.pop(tenant, ((), ()))
        self._number -= sum(map(len, texts))


_BY_DATABASE: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
_MAKING = threading.Lock()


def texts_of(work: Work) -> Texts | None:
    """Every text of the tenant as of this transaction, None when there are too many to keep."""
    state = state_of(work)
    if state is None:
        return _read(work)
    with _MAKING:
        kept = _BY_DATABASE.setdefault(work.connection.engine, _Kept())
    with kept.turn(work.tenant):
        texts = kept.get(work.tenant, state)
        if texts is None:
            texts = _read(work)
            if texts is not None:
                kept.put(work.tenant, state, texts)
        return texts


def _read(work: Work) -> Texts | None:
    left = MOST_OF_TENANT
    found = []
    for _, table in PLACES:
        query = sa.select(table.c.id, table.c.search).where(work.mine(table)).limit(left + 1)
        place = Place((row.id, row.search) for row in work.run(query))
        left -= len(place)
        if left < 0:
            return None
        found.append(place)
    return tuple(found)
