"""The columns themselves, and how rows are turned into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.stores.relational.ids import canonical

Array = NDArray[Any]
Mask = NDArray[np.bool_]

ABSENT = -1  # a word, an id or a flag that is NULL
# What is kept of each finding, and as what.
WORDS = ("kind", "status", "assignee")
KEYS = ("asset_id", "rule_id", "component_id")
RANKS = ("severity", "decision")
FLAGS = ("counts", "fixable", "kev")
NUMBERS = ("score", "epss")  # NaN is NULL
TIMES = ("first_seen", "last_seen")  # microseconds since 1970
NAMES = ("id", *WORDS, *KEYS, *RANKS, *FLAGS, *NUMBERS, *TIMES)
_KINDS: Mapping[str, Any] = {
    **dict.fromkeys((*WORDS, *KEYS), np.int32),
    **dict.fromkeys((*RANKS, *FLAGS), np.int8),
    **dict.fromkeys(NUMBERS, np.float64),
    **dict.fromkeys(TIMES, np.int64),
}
# Ids are sixteen bytes, which sort as their texts do.
_ID = "S16"
_DIGITS = 32


class _Codes(dict[str | None, int]):
    """The number of each value, the next one for a value not met before."""

    def __init__(self, values: list[str], *, ids: bool) -> None:
        super().__init__({None: ABSENT})
        self._values, self._ids = values, ids

    def __missing__(self, value: str) -> int:
        # SQLite keeps an id as its 32 digits; both spellings mean the same.
        text = canonical(value) if self._ids and len(value) == _DIGITS else value
        if text not in self:
            self[text] = len(self._values)
            self._values.append(text)
        self[value] = self[text]
        return self[value]


class Vocabulary:
    """Numbers for the values of a column. It only grows, so older columns stay readable.

    Not safe for two writers: `keeping` lets one at a time load a tenant.
    """

    def __init__(self, *, ids: bool) -> None:
        self.values: list[str] = []
        self._codes = _Codes(self.values, ids=ids)
        self._translated: tuple[list[str] | None, int, Array] = (None, 0, np.array([], np.int32))

    def codes(self, values: Sequence[str | None]) -> Array:
        """The number of each value, new ones for those not met before."""
        return np.fromiter(map(self._codes.__getitem__, values), np.int32, len(values))

    def chosen(self, values: Iterable[str]) -> Mask:
        """For each number whether its value is among these; False for NULL, which as -1 finds
        the last."""
        codes = self._codes
        return self.among([codes[value] for value in values if value in codes])

    def among(self, codes: Sequence[int] | Array) -> Mask:
        """The same, by the numbers."""
        found = np.zeros(len(self.values) + 1, np.bool_)
        found[codes] = True
        found[ABSENT] = False
        return found

    def codes_of(self, values: list[str]) -> Array:
        """The number of each of these, `ABSENT` for what no row has; kept for as long as the
        same list is asked about."""
        known, number, codes = self._translated
        if known is not values or number != len(self.values):
            codes = np.array([self._codes.get(value, ABSENT) for value in values], dtype=np.int32)
            self._translated = (values, len(self.values), codes)
        return codes


@dataclass(frozen=True, slots=True)
class Columns:
    """Findings in the order of their ids: arrays of one length, by the column's name.

    `orders` are kept as they are asked for: places of the rows, sorted by a column and then by
    id, the lowest first.
    """

    ids: Array
    by_name: Mapping[str, Array]
    vocabularies: Mapping[str, Vocabulary]
    orders: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def sorted_by(self, name: str) -> Array:
        """Places of the rows from the lowest to the highest, among equals by id."""
        if name == "id":
            return np.arange(len(self), dtype=np.int32)
        found = self.orders.get(name)
        if found is None:
            # Stable: rows lie in the order of their ids already.
            order = np.argsort(self.sort_key(name), kind="stable").astype(np.int32)
            found = self.orders[name] = order
        return found

    def sort_key(self, name: str) -> Array:
        """What is compared when the list is sorted by this column: unknown comes lowest."""
        column = self.by_name[name]
        return np.where(np.isnan(column), -1.0, column) if name == "epss" else column

    def ids_at(self, places: Array) -> list[str]:
        """The ids of these rows as texts."""
        raw = self.ids[places].tobytes().hex()
        return [canonical(raw[start : start + 32]) for start in range(0, len(raw), 32)]


def packed(id_: str) -> bytes:
    """A UUID's text as sixteen bytes."""
    return bytes.fromhex(id_.replace("-", ""))


def vocabularies() -> dict[str, Vocabulary]:
    """Empty ones for all columns that have one."""
    return {name: Vocabulary(ids=name in KEYS) for name in (*WORDS, *KEYS)}


def from_rows(rows: Sequence[Sequence[Any]], known: Mapping[str, Vocabulary]) -> Columns:
    """Columns of rows that hold, in this order, what `NAMES` lists; ids as 32 digits or text."""
    given = dict(zip(NAMES, zip(*rows, strict=True) if rows else repeat(()), strict=False))
    joined = "".join(given["id"]).replace("-", "")
    ids = np.frombuffer(bytes.fromhex(joined), dtype=_ID)
    order = np.argsort(ids, kind="stable")
    arrays = {}
    for name, kind in _KINDS.items():
        values: Any = given[name]
        if name in known:
            values = known[name].codes(values)
        elif name in FLAGS:
            values = [ABSENT if value is None else value for value in values]
        arrays[name] = np.array(values, dtype=kind)[order]  # None becomes NaN
    return Columns(ids[order], arrays, known)


def renewed(before: Columns, gone: Mask, added: Columns) -> Columns:
    """The rows of before but those `gone`, and the added ones."""
    kept = ~gone
    ids = np.concatenate((before.ids[kept], added.ids))
    order = np.argsort(ids, kind="stable")
    arrays = {
        name: np.concatenate((column[kept], added.by_name[name]))[order]
        for name, column in before.by_name.items()
    }
    return Columns(ids[order], arrays, before.vocabularies)
